"""Pages of a list, the part for htmx, and what a page costs."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.makers import make_work
from tests.web.lists.pages import address, read, search, sentence, texts, titles
from undying.finding import engine
from undying.finding.backends import IndexGone
from undying.finding.backends.memory import MemoryBackend
from undying.manuscript import Audience, Placement, SeriesPlace, Status, TagKind

TAGS = {TagKind.FANDOM: ["Dracula"], TagKind.CHARACTER: ["Mina Harker"], TagKind.ADDITIONAL: ["Slow Burn"]}


def fill(count: int) -> None:
    for number in range(count):
        make_work(
            f"Night {number:02}",
            text="A lamp.",
            tags={**TAGS, TagKind.RELATIONSHIP: [f"Mina & {number}"]},
            series=(SeriesPlace(title=f"Series {number}", position=1),),
            placements=(Placement(part=str(number)),),
            author=f"author {number}",
            published=datetime(2020, 1, number % 28 + 1, tzinfo=UTC),
        )


def test_pages_hold_twenty_works_and_follow_one_another(guest):
    fill(45)
    where, seen = (
        address("/tags/Dracula/works", include=["Mina Harker", "Slow Burn"], sort_column="title_to_sort_on"),
        [],
    )
    while where:
        page = read(guest, where)
        assert sentence(page) == "45 works in Dracula, with Mina Harker and Slow Burn"
        seen.append(titles(page))
        following = page.cssselect("ol.pagination.actions li.next a")
        where = following[0].get("href") if following else ""

    assert [len(each) for each in seen] == [20, 20, 5]
    assert [title for page in seen for title in page] == [f"Night {number:02}" for number in range(45)]


def test_one_page_has_no_paging_and_there_is_no_page_after_the_last(guest):
    fill(2)

    assert not search(guest).cssselect(".pagination")
    read(guest, "/works?page=2", status=404)
    read(guest, "/works?page=999999999999999", status=404)
    for nonsense in ("two", "-1", "", "9" * 5000):
        assert titles(read(guest, f"/works?page={nonsense}")) == ["Night 01", "Night 00"]


def test_a_page_after_the_last_says_where_the_list_ends_and_leads_there(guest):
    fill(25)
    make_work("Secret", audience=Audience.MEMBERS, tags=TAGS)

    for asked, last in {
        "/works?page=99": "/works?page=2",
        "/works?page=1000000000": "/works?page=2",
        "/works?with=fandom:Dracula&page=3": "/works?with=fandom:Dracula&page=2",
        "/search/people?q=author&page=7": "/search/people?q=author&page=2",
    }.items():
        page = read(guest, asked, status=404)
        (way,) = page.cssselect(".actions li:first-child a")
        assert way.get("href") == last
        assert texts(page, ".lead")[0].endswith("this list ends with page 2.")
    page = read(guest, "/works?q=nowhere&page=2", status=404)
    assert texts(page, ".lead") == ["There is no page 2: this list has one page."]


def test_what_is_wrong_with_a_filter_is_told_over_the_list_as_well_for_phones_whose_drawer_is_closed(guest):
    fill(1)
    page = read(guest, "/works?with=fandom:Drakula&words=many&q=%22")

    number, tag = sorted(texts(page, ".in-the-drawer"), reverse=True)
    assert number.startswith("“many” is no number")
    assert tag == "No work here carries the fandom “Drakula”."


@pytest.mark.parametrize("where", ["/works", "/works/search?work_search%5Bquery%5D=lamp", "/tags/Dracula/works"])
def test_the_part_for_htmx_is_cut_from_the_page_and_pushes_a_clean_address(guest, where):
    fill(3)
    messy = where + ("&" if "?" in where else "?") + "work_search%5Bcomplete%5D=F&work_search%5Bstatus%5D=&commit=Sort"
    whole = guest.get(messy, follow=True)
    part = guest.get(messy, headers={"HX-Request": "true"})

    assert part.content in whole.content
    assert part.content.decode().strip().startswith('<div id="results"')
    assert "<h1" not in part.content.decode()
    clean = part.headers["HX-Push-Url"]
    assert "commit" not in clean
    assert "status" not in clean
    assert titles(read(guest, clean)) == ["Night 02", "Night 01", "Night 00"]


def test_the_whole_page_is_what_a_boosted_link_or_the_history_gets(guest):
    fill(1)

    for header in ("HX-Boosted", "HX-History-Restore-Request"):
        assert b"<h1" in guest.get("/works", headers={"HX-Request": "true", header: "true"}).content


@pytest.mark.parametrize(
    "where", ["/works", "/tags/Dracula/works", "/works/search?work_search%5Bquery%5D=lamp&work_search%5Bcomplete%5D=F"]
)
def test_a_page_of_twenty_costs_the_same_queries_as_one_of_ten(guest, where):
    costs = []
    for _ in range(2):
        fill(10)
        with CaptureQueriesContext(connection) as queries:
            assert len(titles(read(guest, where))) == (len(costs) + 1) * 10
        costs.append(len(queries))

    assert costs[0] == costs[1] <= 15  # a search counts people, tags and series too


def test_the_page_is_not_sent_again_to_one_who_has_it(guest):
    fill(1)
    first = guest.get("/works")

    assert guest.get("/works", headers={"If-None-Match": first.headers["ETag"]}).status_code == 304


@pytest.fixture
def no_index(monkeypatch):
    def gone(*_args, **_options):
        raise IndexGone("no such folder")

    monkeypatch.setattr(MemoryBackend, "find", gone)
    engine._backend.cache_clear()


def test_without_an_index_the_list_goes_on_by_what_the_database_knows(guest, no_index):
    make_work("Finished", text="A lamp.", tags=TAGS, status=Status.COMPLETE, language="en-GB")
    make_work("Other", tags={TagKind.FANDOM: ["Dracula"]}, status=Status.COMPLETE, language="de")
    make_work("Going on", tags=TAGS, status=Status.IN_PROGRESS)

    page = search(guest, "/tags/Dracula/works", include=["Slow Burn"], complete="T", language_id="en", query="zzz")

    assert titles(page) == ["Finished"]
    assert sentence(page) == "1 work in Dracula, with Slow Burn, complete, in English"
    assert "The search index is being made" in page.cssselect(".notice")[0].text_content()
    assert page.get_element_by_id("work_search_query").get("value") == "zzz"
    assert titles(search(guest, exclude=["Slow Burn"])) == ["Other"]
    assert titles(search(guest, words_from="2", date_from="1990-01-01")) == titles(search(guest, words_from="2"))
    assert titles(search(guest, other_tag_names="Nope")) == []


@pytest.mark.parametrize(
    "query",
    [
        "work_search%5Bquery%5D=" + "-tag:" * 190 + "x",
        "work_search%5Bquery%5D=" + "(" * 500,
        "work_search%5Bquery%5D=" + "%00%F0%9F%A6%87%22%22%20OR%20-%20OR",
        "include_work_search%5Bfandom_ids%5D%5B%5D=" + "9" * 6000,
        "include_work_search%5Bfandom_ids%5D%5B%5D=-1&exclude_work_search%5Bfandom_ids%5D=%00",
        "work_search%5Bwords_from%5D=" + "9" * 5000,
        "work_search%5Bdate_from%5D=0001-01-01&work_search%5Bdate_to%5D=9999-12-31",
        "work_search%5Bother_tag_names%5D=" + ",".join(f"t{number}" for number in range(400)),
        "work_search%5Blanguage_id%5D=%3Cscript%3E",
        "work_search%5Bplacement_unit%5D=%3Cb%3E&work_search%5Bplacement_part%5D=%3Cb%3E",
        "kind=nonsense",
    ],
)
def test_no_query_string_breaks_the_page(guest, query):
    make_work(tags=TAGS)

    answer = guest.get(f"/works?{query}")
    assert answer.status_code == 200
    assert b"<script>alert" not in answer.content
    assert b"<b>" not in answer.content
