"""Old addresses: one shape for every way of writing them, and never a way to what is hidden."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.makers import make_work, prose
from undying.library.addresses import answer, place
from undying.manuscript import Audience, Chapter, Credit, Profile, SeriesPlace, Source, State
from undying.people.models import Profile as ProfileRow
from undying.people.profiles import keep_profile
from undying.people.viewer import Viewer

ANYONE = Viewer.anyone()
SITE = "http://www.lighthouse.example/fic/"


@pytest.mark.parametrize(
    "url",
    [
        "http://lighthouse.example/fic/viewstory.php?sid=12&chapter=3",
        "https://www.Lighthouse.example/fic/viewstory.php?chapter=3&sid=12",
        "/fic/viewstory.php?sid=012&textsize=1&chapter=3&ageconsent=ok&warning=4",
        "http://lighthouse.example/fic/viewstory.php?sid=12&amp;chapter=3",
        "http://lighthouse.example/fic/viewstory.php?action=printable&textsize=0&sid=12&chapter=3",
        "http://lighthouse.example/fic/ViewStory.php?SID=12&CHAPTER=3#words",
    ],
)
def test_a_chapter_has_one_shape_however_it_was_linked_to(url):
    found = place(url, host="lighthouse.example")
    assert found is not None
    assert (found.host, found.path) == ("lighthouse.example", "/fic/viewstory.php?sid=12&chapter=3")
    assert found.outer == "/fic/viewstory.php?sid=12"


@pytest.mark.parametrize(
    ("url", "kind", "path"),
    [
        ("viewstory.php?sid=12&index=1", "text", "/viewstory.php?sid=12"),
        ("viewstory.php?action=printable&sid=12&chapter=all", "text", "/viewstory.php?sid=12"),
        ("reviews.php?type=ST&item=12&chapid=40", "reviews", "/viewstory.php?sid=12"),
        ("reviews.php?sid=12&a=", "reviews", "/viewstory.php?sid=12"),
        ("reviews.php?type=SE&item=4", "series", "/viewseries.php?seriesid=4"),
        ("reviews.php?seriesid=4", "series", "/viewseries.php?seriesid=4"),
        ("series.php?seriesid=4", "series", "/viewseries.php?seriesid=4"),
        ("viewuser.php?action=favst&uid=7", "author", "/viewuser.php?uid=7"),
        ("archive/12/the%20lamp.html", "text", "/archive/12/the lamp.html"),
        ("archive/index.html", "text", "/archive"),
        ("story?b=2&PHPSESSID=1f&a=1", "text", "/story?a=1&b=2"),
    ],
)
def test_what_an_address_shows_is_read_from_it(url, kind, path):
    found = place(f"http://lighthouse.example/{url}")
    assert found is not None
    assert (found.kind, found.path) == (kind, path)


@pytest.mark.parametrize("url", ["", "mailto:a@b.example", "http://[::1/x", "viewstory.php", "http://x/" + "a" * 9000])
def test_what_is_no_address_of_a_page_is_none(url):
    assert place(url) is None


@given(st.text(max_size=200))
def test_no_text_is_too_strange_to_be_asked(text):
    place(text, host="lighthouse.example")


@pytest.fixture
def lamp(home, db):
    """A work with two chapters, an author and a series, all with the addresses they had."""
    chapters = tuple(
        Chapter(body=prose(f"Night {each}."), key=str(each), url=f"{SITE}viewstory.php?sid=12&chapter={each}")
        for each in (1, 2)
    )
    return make_work(
        chapters=chapters,
        credits=(Credit(name="lamplighter", key="7", url=f"{SITE}viewuser.php?uid=7"),),
        series=(SeriesPlace(title="Nights", key="4", url=f"{SITE}viewseries.php?seriesid=4"),),
        source=Source(site="lighthouse.example", key="12", url=f"{SITE}viewstory.php?sid=12"),
    )


def ask(url: str, viewer: Viewer = ANYONE, host: str = "archive.example"):
    return answer(viewer, url, host=host)


def test_works_chapters_authors_series_and_reviews_are_found(lamp):
    second = lamp.chapters.get(position=2)
    assert ask("/fic/viewstory.php?sid=12").work == lamp
    assert ask("/fic/viewstory.php?sid=12&chapter=2").chapter == second
    assert ask("/fic/viewstory.php?sid=12&chapter=9").chapter is None
    assert ask("/fic/viewstory.php?sid=12&chapter=9").work == lamp
    assert ask("/fic/reviews.php?type=ST&item=12").wants_reviews
    assert ask("/fic/viewuser.php?uid=7").author.name == "lamplighter"
    assert ask("/fic/series.php?seriesid=4").series.title == "Nights"


@pytest.mark.parametrize(("audience", "leads"), [(Audience.EVERYONE, True), (Audience.MEMBERS, False)])
def test_a_member_without_stories_is_found_by_what_she_told(lamp, audience, leads):
    source = Source(site="lighthouse.example", key="9")
    member = Credit(name="sexton", key="9", url=f"{SITE}viewuser.php?uid=9")
    keep_profile(ProfileRow(audience=audience), Profile(source=source, member=member))
    found = ask("/fic/viewuser.php?uid=9")
    assert (found is not None and found.author.name == "sexton") is leads


def test_what_never_was_leads_nowhere(lamp):
    for url in ("viewstory.php?sid=13", "viewuser.php?uid=8", "viewseries.php?seriesid=5", "rules.html"):
        assert ask(f"/fic/{url}") is None
    assert ask("/viewstory.php?sid=12") is None


def test_what_two_sites_had_is_followed_only_for_the_host_that_was_asked(lamp):
    source = Source(site="other.example", key="12", url="http://other.example/fic/viewstory.php?sid=12")
    other = make_work(source=source)
    assert ask("/fic/viewstory.php?sid=12") is None
    assert ask("/fic/viewstory.php?sid=12", host="other.example").work == other
    assert ask("/fic/viewstory.php?sid=12", host="www.lighthouse.example").work == lamp
    assert ask("http://other.example/fic/viewstory.php?sid=12").work == other


@pytest.mark.parametrize("secret", [{"hidden": True}, {"state": State.DRAFT}])
def test_a_secret_is_no_answer_and_makes_no_question(lamp, secret):
    source = Source(site="archive.example", key="12", url="http://archive.example/fic/viewstory.php?sid=12")
    hidden = make_work(source=source, author="nightwatch", **secret)
    assert ask("/fic/viewstory.php?sid=12").work == lamp
    assert ask("/fic/viewstory.php?sid=12", Viewer.operator()).work == hidden


def test_a_revision_moves_the_addresses_and_a_withdrawal_takes_them_along(lamp):
    source = Source(site="lighthouse.example", key="12", url="http://lighthouse.example/new/12")
    make_work(source=source, chapters=1)
    assert ask("/fic/viewstory.php?sid=12") is None
    assert ask("/new/12").work == lamp
    lamp.delete()
    assert ask("/new/12") is None


def test_an_answer_costs_a_fixed_number_of_queries(lamp, django_assert_max_num_queries):
    with django_assert_max_num_queries(1):
        ask("/fic/viewstory.php?sid=12&chapter=2")
    with django_assert_max_num_queries(2):
        ask("/fic/viewstory.php?sid=99&chapter=2")
