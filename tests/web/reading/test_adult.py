"""Adult works ask first, once, and serve no text and no picture before."""

from __future__ import annotations

from functools import partial

import pytest

from tests.makers import make_work
from tests.manuscripts import make_picture, prose
from undying.manuscript import Chapter, Review, Tagging, TagKind
from undying.web import links

PICTURE = make_picture(3)
TEXT = "Laudanum"
make_adult = partial(
    make_work,
    "A Quiet House",
    chapters=(Chapter(body=prose(f'<p>{TEXT} <img src="picture:{PICTURE.sha256}" alt="A door"></p>')),),
    taggings=(Tagging(kind=TagKind.RATING, name="Explicit"),),
    pictures=(PICTURE,),
    reviews=(Review(name="Rey", body=prose(f"<p>{TEXT} indeed.</p>")),),
)


def with_text(work) -> list[str]:
    """Every address that serves text or pictures of the work."""
    chapter = work.chapters.get()
    return [
        links.of(work),
        links.work(work, whole=True),
        links.of(chapter),
        f"/chapters/{chapter.pk}",
        links.reviews(work),
        links.download(work, "epub"),
        links.download(work, "html"),
        links.picture(work.pk, PICTURE.sha256),
    ]


def test_nothing_of_the_text_is_served_before_consent(guest):
    work = make_adult()

    for path in with_text(work):
        answer = guest.get(path)
        assert TEXT not in answer.content.decode("utf-8", "replace"), path
        assert "If you continue, you have agreed that you are willing to see such content." in answer.content.decode()
        assert answer.headers["Content-Type"].startswith("text/html")
        assert "Content-Disposition" not in answer.headers


@pytest.mark.parametrize("index", range(8))
def test_view_adult_always_suffices_and_is_remembered(browser, db, index):
    work = make_adult()
    path = with_text(work)[index]
    client = browser(None)

    opened = client.get(path + ("&" if "?" in path else "?") + "view_adult=true")

    assert "If you continue" not in opened.content.decode("utf-8", "replace")
    assert TEXT in client.get(links.of(work)).content.decode()


def test_the_link_to_go_on_is_worded_as_tools_expect_and_leads_there(guest):
    work = make_adult()

    page = guest.get(links.work(work, whole=True)).content.decode()

    assert f'href="/works/{work.pk}?view_full_work=true&amp;view_adult=true">Proceed</a>' in page


def test_pictures_carry_the_consent_of_the_page_they_stand_on(browser, db):
    work = make_adult()
    page = browser(None).get(links.of(work) + "?view_adult=true").content.decode()
    address = links.picture(work.pk, PICTURE.sha256, adult=True)

    assert f'src="{address}"' in page
    assert browser(None).get(address).content == PICTURE.data


@pytest.mark.parametrize("rating", ["Mature", "Explicit", "Not Rated"])
def test_these_ratings_ask(guest, rating):
    work = make_work(tags={TagKind.RATING: [rating]})

    assert "Proceed" in guest.get(links.of(work)).content.decode()


def test_a_work_for_general_audiences_does_not_ask(guest):
    work = make_work(tags={TagKind.RATING: ["General Audiences"]})

    assert "Rain came in" in guest.get(links.of(work)).content.decode()


def test_its_index_of_chapters_and_its_cover_are_metadata(guest):
    work = make_adult()

    assert guest.get(links.navigate(work)).status_code == 200
    assert guest.get(links.cover(work)).headers["Content-Type"] == "image/jpeg"


def test_crawlers_are_told_not_to_consent(guest):
    assert "Disallow: /*view_adult=" in guest.get("/robots.txt").content.decode()
