"""How far a work reaches: what search engines and other machines are told on each page and in each file of it."""

from __future__ import annotations

import io
import json
import re
import zipfile
from typing import TYPE_CHECKING

import pytest

from tests.makers import make_work
from tests.manuscripts import make_picture, prose
from undying.kernel import chosen
from undying.manuscript import Audience, Chapter, Leave, Review, SeriesPlace, TagKind, Wishes
from undying.manuscript.codec import from_json
from undying.web import links

if TYPE_CHECKING:
    from undying.library.models import Work

HIDDEN = Wishes(search=Leave.NO)
OPEN = Wishes(search=Leave.YES, mining=Leave.YES)
RESERVED = Wishes(mining=Leave.NO)


def lamp(wishes: Wishes = OPEN, **changes: object) -> Work:
    picture = make_picture(1)
    first = Chapter(title="One", body=prose(f'<p>Rain. <img src="picture:{picture.sha256}" alt="A map"></p>'))
    return make_work(
        wishes=wishes,
        chapters=(first, Chapter(title="Two", body=prose("<p>More rain.</p>"))),
        pictures=(picture,),
        reviews=(Review(name="Rey", body=prose("<p>Oh.</p>")),),
        series=(SeriesPlace(title="Nights", key="1", position=1),),
        tags={TagKind.FANDOM: ["Dracula"], TagKind.RATING: ["General Audiences"]},
        **changes,
    )


def of_itself(work: Work) -> list[str]:
    """All addresses that are a work's own."""
    return [
        links.of(work),
        links.work(work, whole=True),
        *(links.of(each) for each in work.chapters.all()),
        links.navigate(work),
        links.reviews(work),
        links.cover(work),
        links.cover(work, small=True),
        links.picture(work.pk, work.pictures.get().sha256),
        links.download(work, "epub"),
        links.download(work, "html"),
    ]


def lists_with(work: Work) -> list[str]:
    return [
        "/works",
        "/tags/Dracula/works",
        "/works/feed.atom",
        links.of(work.series_entries.get().series),
        links.of(work.byline[0].pseud),
    ]


def head(answer) -> str:
    """What the markup itself tells crawlers."""
    found = re.search(r'<meta name="robots"\s+content="([^"]*)"', answer.content.decode("utf-8", "replace"))
    return found[1] if found else ""


def test_search_engines_are_kept_from_all_that_shows_a_work_whose_author_wants_it(guest):
    work = lamp(HIDDEN)

    for address in [*of_itself(work), *lists_with(work)]:
        told = guest.get(address)
        assert told.status_code == 200, address
        assert "noindex" in told.headers["X-Robots-Tag"], address
        if told.headers["Content-Type"].startswith("text/html") and not address.startswith("/downloads"):
            assert "noindex" in head(told), address
    assert "noindex" not in guest.get("/").headers.get("X-Robots-Tag", "")


def test_nothing_is_told_of_a_work_that_may_be_listed_and_mined(guest):
    work = lamp(OPEN)

    for address in [*of_itself(work), *lists_with(work)]:
        told = guest.get(address)
        assert "X-Robots-Tag" not in told.headers, address
        assert "TDM-Reservation" not in told.headers, address
        assert head(told) == "", address


def test_a_reservation_stands_on_all_that_shows_the_work(guest):
    work = lamp(RESERVED)

    for address in [*of_itself(work), *lists_with(work)]:
        told = guest.get(address)
        assert told.headers["TDM-Reservation"] == "1", address
        assert told.headers["X-Robots-Tag"] == "noai, noimageai", address
    assert '<meta name="tdm-reservation" content="1">' in guest.get(links.of(work)).content.decode()


def test_the_page_that_asks_before_an_adult_work_tells_the_same(guest):
    work = make_work(wishes=HIDDEN, tags={TagKind.RATING: ["Explicit"]})

    assert head(guest.get(links.of(work))) == "noindex, noai, noimageai"


def test_a_file_keeps_the_reservation_wherever_it_goes(guest):
    work = lamp(RESERVED)

    page = guest.get(links.download(work, "html")).content.decode()
    assert '<meta name="tdm-reservation" content="1">' in page
    with zipfile.ZipFile(io.BytesIO(guest.get(links.download(work, "epub")).content)) as book:
        (package,) = [book.read(name).decode() for name in book.namelist() if name.endswith(".opf")]
    assert 'prefix="tdm: http://www.w3.org/ns/tdmrep#"' in package
    assert '<meta property="tdm:reservation">1</meta>' in package


def test_a_file_of_a_work_that_may_be_mined_reserves_nothing(guest):
    work = lamp(OPEN)

    assert b"tdm" not in guest.get(links.download(work, "html")).content
    with zipfile.ZipFile(io.BytesIO(guest.get(links.download(work, "epub")).content)) as book:
        assert not any(b"tdm:" in book.read(name) for name in book.namelist())


@pytest.mark.parametrize(
    ("choice", "robots"),
    [
        ({}, "noai, noimageai"),
        ({"mining": "yes"}, None),
        ({"search_engines": "no"}, "noindex, noai, noimageai"),
        ({"search_engines": "no", "mining": "yes"}, "noindex"),
    ],
)
def test_where_the_author_says_nothing_the_archive_does(guest, choice, robots):
    work = lamp(Wishes())
    chosen.forget(choice)

    answer = guest.get(links.of(work))

    assert answer.headers.get("X-Robots-Tag") == robots
    html = guest.get(links.download(work, "html")).content
    assert (b"tdm-reservation" in html) is (robots is not None and "noai" in robots)


def test_what_is_for_members_is_never_listed(cast, browser):
    work = lamp(OPEN, audience=Audience.MEMBERS)

    assert browser(cast.rey).get(links.of(work)).headers["X-Robots-Tag"] == "noindex"


def test_a_list_is_as_strict_as_the_strictest_work_on_it(guest):
    lamp(OPEN)
    assert "X-Robots-Tag" not in guest.get("/works").headers
    lamp(HIDDEN)
    assert guest.get("/works").headers["X-Robots-Tag"] == "noindex, noai, noimageai"


def test_a_reader_who_holds_the_page_already_is_told_nothing_else(guest):
    work = lamp(HIDDEN)
    first = guest.get(links.of(work))

    again = guest.get(links.of(work), headers={"If-None-Match": first.headers["ETag"]})

    assert again.status_code == 304


def test_an_epub_holds_what_the_author_said_and_not_what_the_archive_chose(guest):
    work = lamp(HIDDEN)

    with zipfile.ZipFile(io.BytesIO(guest.get(links.download(work, "epub")).content)) as book:
        copies = [book.read(name).decode() for name in book.namelist() if name.endswith(".json")]
    assert [json.loads(each)["wishes"] for each in copies] == [{"search": "no"}]
    assert from_json(re.sub(r'"pictures":\[[^]]*\],?', "", copies[0])).wishes == HIDDEN
