"""Searching for people, tags and series."""

from __future__ import annotations

import pytest

from tests.makers import make_work
from tests.web.lists.pages import read, texts
from undying.finding import others
from undying.manuscript import Audience, Credit, SeriesPlace, Source, TagKind

pytestmark = pytest.mark.usefixtures("guest")


@pytest.fixture
def shelves(guest):
    """Two works of one author in a series, and one for members."""
    for number in (1, 2):
        make_work(
            f"Night {number}",
            credits=(Credit(name="Éponine the Quiet"),),
            tags={TagKind.FANDOM: ["Les Misérables"], TagKind.CHARACTER: ["Éponine", "Cosette"]},
            series=(SeriesPlace(title="Quiet Nights", position=number, key="1"),),
            source=Source(site="nights.example", key=str(number)),
        )
    make_work(
        "Closed",
        audience=Audience.MEMBERS,
        credits=(Credit(name="Quiet Secret"),),
        tags={TagKind.CHARACTER: ["Quiet Stranger"]},
        series=(SeriesPlace(title="Quiet and Closed", position=1, key="2"),),
    )
    return guest


def lines(page):
    """What was found: name, and in how many works."""
    rows = page.cssselect("ol.names > li")
    return [(texts(row, "a")[0], "".join(texts(row, ".count"))) for row in rows]


def tabs(page):
    """The kinds with their counts, and which one is open."""
    return texts(page, ".tabs a"), texts(page, ".tabs [aria-current]")


@pytest.mark.parametrize(
    ("kind", "typed", "found"),
    [
        ("people", "quiet", [("Éponine the Quiet", "2 works")]),
        ("people", "éponine QUIET", [("Éponine the Quiet", "2 works")]),
        ("people", "eponine the", [("Éponine the Quiet", "2 works")]),
        ("people", "by:quiet", [("Éponine the Quiet", "2 works")]),
        ("people", "quiet -éponine fandom:x", [("Éponine the Quiet", "2 works")]),
        ("people", "quiet nobody", []),
        ("tags", "epon", [("Éponine", "2 works")]),
        ("tags", "mis", [("Les Misérables", "2 works")]),
        ("tags", "quiet", []),
        ("series", "quiet", [("Quiet Nights", "2 works")]),
        ("series", "night", [("Quiet Nights", "2 works")]),
        ("series", '"nights"', [("Quiet Nights", "2 works")]),
    ],
)
def test_things_are_found_by_the_words_of_their_names_and_count_what_may_be_read(shelves, kind, typed, found):
    assert lines(read(shelves, f"/search/{kind}?q={typed}")) == found


def test_each_kind_leads_to_the_others_and_says_how_many_there_are(shelves):
    works = read(shelves, "/works/search?q=quiet")
    assert tabs(works) == (["Works 2", "People 1", "Tags 0", "Series 1"], ["Works 2"])

    people = read(shelves, works.cssselect(".tabs a")[1].get("href"))
    assert tabs(people) == (["Works 2", "People 1", "Tags 0", "Series 1"], ["People 1"])
    assert people.cssselect("#names-search")[0].get("value") == "quiet"
    assert lines(read(shelves, people.cssselect(".tabs a")[3].get("href"))) == [("Quiet Nights", "2 works")]


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("people?q=quiet", "1 person"),
        ("people?q=nobody", "No people"),
        ("people", "Search for people"),
        ("tags?q=epon", "1 tag"),
        ("tags?q=mis epon", "No tags"),
        ("series?q=night", "1 series"),
    ],
)
def test_the_heading_says_how_many_were_found_in_words_that_agree(shelves, asked, said):
    assert texts(read(shelves, f"/search/{asked}"), "h2") == [said]


def test_a_member_finds_what_is_for_members(shelves, browser, cast):
    page = read(browser(cast.rey), "/search/people?q=quiet")

    assert {name for name, _ in lines(page)} == {"Éponine the Quiet", "Quiet Secret"}


@pytest.mark.parametrize("kind", ["people", "tags", "series"])
@pytest.mark.parametrize("typed", ["", "%00", "%22%28", "-x", "OR", "x" * 5000, "%25%5F"])
def test_odd_searches_find_nothing_and_say_so(shelves, kind, typed):
    page = read(shelves, f"/search/{kind}?q={typed}")

    assert lines(page) == []
    assert page.cssselect(".lead")


def test_a_list_that_is_no_search_has_no_tabs(shelves):
    assert not read(shelves, "/works").cssselect(".tabs")


def test_names_found_are_told_in_pages(guest):
    for number in range(23):
        make_work(f"{number}", tags={TagKind.ADDITIONAL: [f"Lamp {number:02}"]})
    page = read(guest, "/search/tags?q=lamp&page=2")

    assert [name for name, _ in lines(page)] == ["Lamp 20", "Lamp 21", "Lamp 22"]
    read(guest, "/search/tags?q=lamp&page=3", status=404)


def test_of_very_many_names_the_very_one_comes_first_and_the_number_is_open(guest, monkeypatch):
    monkeypatch.setattr(others, "MOST_FOUND", 3)
    make_work(tags={TagKind.ADDITIONAL: [*(f"Lamp {number}" for number in range(9)), "Lamp"]})
    page = read(guest, "/search/tags?q=lamp")

    assert lines(page)[0] == ("Lamp", "1 work")
    assert 3 <= len(lines(page)) <= 4
    assert tabs(page)[1] == ["Tags 3+"]
