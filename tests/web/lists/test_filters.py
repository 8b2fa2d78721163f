"""Each filter, through the page."""

from __future__ import annotations

from datetime import UTC, datetime
from urllib.parse import urlencode

import pytest

from tests.makers import make_work
from tests.web.lists.pages import facets, follow, read, search, sentence, texts, titles, trouble_of
from undying.finding import indexer, vocabulary
from undying.kernel import ledger
from undying.manuscript import Credit, Divergence, Placement, PlacementRelation, Status, TagKind
from undying.web import links

pytestmark = pytest.mark.usefixtures("guest")
DRACULA = "Dracula - Bram Stoker"


def day(year: int) -> datetime:
    return datetime(year, 6, 1, 23, 30, tzinfo=UTC)


@pytest.fixture
def shelves(guest):
    """Four works that differ in everything a filter looks at."""
    make_work(
        "The Lamp",
        text="A lamp burns in the abbey. " * 10,
        tags={
            TagKind.FANDOM: [DRACULA],
            TagKind.RATING: ["Mature"],
            TagKind.WARNING: ["Major Character Death"],
            TagKind.CHARACTER: ["Mina Harker"],
            TagKind.ADDITIONAL: ["Slow Burn"],
        },
        status=Status.COMPLETE,
        updated=day(2020),
        published=day(2001),
        credits=(Credit(name="zephyr"),),
        placements=(Placement(relation=PlacementRelation.AFTER, unit="chapter", part="21"),),
    )
    make_work(
        "A Crossing",
        text="The sea.",
        tags={TagKind.FANDOM: [DRACULA, "Carmilla"], TagKind.CHARACTER: ["Mina Harker", "Laura"]},
        status=Status.HIATUS,
        updated=day(2021),
        published=day(2003),
        credits=(Credit(name="abel"),),
        placements=(
            Placement(episodes=("Wild at Heart",), part="4", divergence=Divergence.DIVERGENT, words="season 4"),
        ),
    )
    make_work(
        "Der Wald",
        text="Der Wald war still. " * 3,
        tags={TagKind.FANDOM: ["Carmilla"], TagKind.CHARACTER: ["Laura"]},
        language="de",
        status=Status.ABANDONED,
        updated=day(2022),
        published=day(2002),
        credits=(Credit(name="mina"),),
    )
    make_work(
        "Salt",
        text="Salt and more salt. " * 2,
        tags={TagKind.ADDITIONAL: ["Slow Burn"]},
        language="en-GB",
        status=Status.IN_PROGRESS,
        updated=day(2023),
        published=day(2000),
        credits=(Credit(name="bell"),),
    )
    return guest


def test_everything_is_listed_latest_change_first(shelves):
    page = search(shelves)

    assert titles(page) == ["Salt", "Der Wald", "A Crossing", "The Lamp"]
    assert sentence(page) == "4 works"
    assert not page.cssselect(".chips")


@pytest.mark.parametrize(
    ("fields", "found", "said"),
    [
        ({"include": ["Slow Burn"]}, ["Salt", "The Lamp"], "2 works with Slow Burn"),
        ({"include": ["Slow Burn", "Mina Harker"]}, ["The Lamp"], "1 work with Slow Burn and Mina Harker"),
        ({"include": ["Mature"]}, ["The Lamp"], "1 work rated Mature"),
        ({"exclude": ["Laura"]}, ["Salt", "The Lamp"], "2 works without Laura"),
        (
            {"include": [DRACULA], "exclude": ["Major Character Death", "Slow Burn"]},
            ["A Crossing"],
            f"1 work in {DRACULA}, without Major Character Death or Slow Burn",
        ),
        ({"complete": "T"}, ["The Lamp"], "1 work, complete"),
        ({"complete": "F"}, ["Salt", "Der Wald", "A Crossing"], "3 works, not complete"),
        ({"status": "hiatus"}, ["A Crossing"], "1 work, on hiatus"),
        ({"words_from": "50"}, ["The Lamp"], "1 work of at least 50 words"),
        ({"words_to": "5"}, ["A Crossing"], "1 work of at most 5 words"),
        ({"words_from": "6", "words_to": "20"}, ["Salt", "Der Wald"], "2 works of 6 to 20 words"),
        ({"date_from": "2022-06-01"}, ["Salt", "Der Wald"], "2 works updated since 1 June 2022"),
        ({"date_to": "2020-06-01"}, ["The Lamp"], "1 work updated by 1 June 2020"),
        ({"language_id": "de"}, ["Der Wald"], "1 work in Deutsch"),
        ({"language_id": "en"}, ["Salt", "A Crossing", "The Lamp"], "3 works in English"),
        ({"crossover": "T"}, ["A Crossing"], "1 work, crossovers only"),
        ({"crossover": "F"}, ["Salt", "Der Wald", "The Lamp"], "3 works, crossovers left out"),
        ({"placement_part": "4"}, ["A Crossing"], "1 work set at or around season 4"),
        (
            {"placement_unit": "chapter", "placement_part": "21", "placement_relation": "after"},
            ["The Lamp"],
            "1 work set after chapter 21",
        ),
        ({"placement_episode": "wild at"}, ["A Crossing"], "1 work set at or around wild at"),
        ({"placement_divergence": "canon-divergent"}, ["A Crossing"], "1 work, canon divergence"),
        ({"query": "lamp abbey"}, ["The Lamp"], "1 work matching lamp abbey"),
        ({"query": "author:mina"}, ["Der Wald"], "1 work by mina"),
        ({"other_tag_names": "slow burn, mina harker"}, ["The Lamp"], "1 work with Slow Burn and Mina Harker"),
        ({"excluded_tag_names": "Laura"}, ["Salt", "The Lamp"], "2 works without Laura"),
        ({"other_tag_names": "Nobody's Tag"}, [], "No works with Nobody's Tag"),
    ],
)
def test_a_filter_finds_and_the_sentence_says_so_and_its_chips_lift_it(shelves, fields, found, said):
    page = search(shelves, **fields)

    assert titles(page) == found
    assert sentence(page) == said
    for chip in page.cssselect("a.chip"):
        page = read(shelves, chip.get("href"))
        assert len(titles(page)) >= len(found)
    lifted = search(shelves, **fields)
    while lifted.cssselect("a.chip"):
        lifted = read(shelves, lifted.cssselect("a.chip")[0].get("href"))
    assert sentence(lifted) == "4 works"


@pytest.mark.parametrize(
    ("order", "found"),
    [
        ("revised_at", ["Salt", "Der Wald", "A Crossing", "The Lamp"]),
        ("created_at", ["A Crossing", "Der Wald", "The Lamp", "Salt"]),
        ("title_to_sort_on", ["A Crossing", "Der Wald", "The Lamp", "Salt"]),
        ("authors_to_sort_on", ["A Crossing", "Salt", "Der Wald", "The Lamp"]),
        ("word_count", ["The Lamp", "Der Wald", "Salt", "A Crossing"]),
    ],
)
def test_the_list_is_sorted_as_asked_and_the_form_says_how(shelves, order, found):
    page = search(shelves, sort_column=order)

    assert titles(page) == found
    assert page.cssselect("#work_search_sort_column option[selected]")[0].get("value") == order


def test_a_search_is_sorted_by_best_match_which_only_a_search_offers(shelves):
    assert page_sorts(search(shelves))[0] == "revised_at"
    page = search(shelves, query="salt")
    assert page_sorts(page)[0] == "_score"
    assert page.cssselect("#work_search_sort_column option[selected]")[0].get("value") == "_score"


def page_sorts(page):
    return [each.get("value") for each in page.cssselect("#work_search_sort_column option")]


def test_the_form_has_each_tag_with_its_count_and_a_control_of_three_states(shelves):
    page = search(shelves, include=["Mina Harker"], exclude=["Laura"])

    assert facets(page) == {
        "Mature": "1",
        "Major Character Death": "1",
        DRACULA: "1",
        "Mina Harker": "1",
        "Laura": "1",
        "Slow Burn": "1",
    }
    boxes = {box.get("name"): box for box in page.cssselect(".tri input[checked]")}
    assert set(boxes) == {"include_work_search[character_ids][]", "exclude_work_search[character_ids][]"}
    labels = {label.get("for"): label.text_content() for label in page.cssselect(".tri label")}
    assert labels[boxes["exclude_work_search[character_ids][]"].get("id")].endswith("Without Laura")
    assert labels[boxes["include_work_search[character_ids][]"].get("id")].endswith("Only with Mina Harker")


def test_sending_the_form_as_it_stands_shows_the_same_list(shelves):
    page = search(
        shelves,
        "/works",
        include=["Mina Harker"],
        exclude=["Laura"],
        complete="T",
        words_from="10",
        date_from="2019-01-01",
        language_id="en",
        placement_part="21",
        placement_unit="chapter",
        placement_relation="after",
        crossover="F",
        sort_column="word_count",
        query="lamp",
    )
    form = next(each for each in page.forms if each.get("id") == "work-filters")
    fields = [*form.form_values(), ("work_search[query]", page.get_element_by_id("work_search_query").value)]
    again = read(shelves, f"{form.get('action')}?{urlencode(fields)}")

    assert titles(page) == titles(again) == ["The Lamp"]
    assert sentence(page) == sentence(again)
    assert texts(page, "a.chip") == texts(again, "a.chip")
    assert len(texts(page, "a.chip")) == 9


def test_a_tags_list_needs_no_chip_for_its_tag_and_offers_the_others(shelves):
    page = read(shelves, "/tags/Carmilla/works")

    assert sentence(page) == "2 works in Carmilla"
    assert titles(page) == ["Der Wald", "A Crossing"]
    assert not page.cssselect("a.chip")
    assert facets(page) == {DRACULA: "1", "Laura": "2", "Mina Harker": "1"}
    narrowed = search(shelves, "/tags/Carmilla/works", complete="F", include=["Mina Harker"])
    assert sentence(narrowed) == "1 work in Carmilla, with Mina Harker, not complete"
    assert follow(narrowed, "not complete") == "/tags/Carmilla/works?with=character:Mina+Harker"


@pytest.mark.parametrize("shape", ["AC*s*DC%20*a*%20Co*d*", "AC%2As%2ADC%20*a*%20Co.", "AC*s*DC%20%26%20Co*d*"])
def test_ao3s_ways_to_write_a_tag_in_an_address_are_understood(guest, shape):
    make_work("Loud", tags={TagKind.FANDOM: ["AC/DC & Co."]})

    page = read(guest, f"/tags/{shape}/works")
    assert titles(page) == ["Loud"]
    assert page.cssselect("ol.work h5.fandoms a")[0].get("href") == "/tags/AC*s*DC%20*a*%20Co*d*/works"


def test_ao3s_own_form_names_the_tag_in_its_query(shelves):
    page = read(shelves, "/works?tag_id=Dracula+-+Bram+Stoker&work_search%5Bcomplete%5D=T&commit=Sort+and+Filter")

    assert sentence(page) == f"1 work in {DRACULA}, complete"
    read(shelves, "/works?tag_id=Nobody", status=404)


def test_a_kind_chooses_among_tags_of_one_name_and_stays_chosen(guest):
    make_work("Count", tags={TagKind.CHARACTER: ["Dracula"]}, status=Status.COMPLETE)
    make_work("Book", tags={TagKind.FANDOM: ["Dracula"]}, status=Status.COMPLETE)

    assert titles(read(guest, "/tags/Dracula/works")) == ["Book"]
    page = read(guest, "/tags/Dracula/works?kind=character&work_search%5Bcomplete%5D=T")
    assert titles(page) == ["Count"]
    assert titles(read(guest, follow(page, "complete"))) == ["Count"]
    assert ("kind", "character") in next(f for f in page.forms if f.get("id") == "work-filters").form_values()


def test_what_cannot_be_read_is_told_beside_its_field_and_stays_in_it(shelves):
    page = search(
        shelves,
        words_from="many",
        words_to="1.5",
        date_from="yesterday",
        other_tag_names="Slow Burn, Nope",
        query='"lamp',
        placement_relation="beside",
    )

    assert trouble_of(page, "words_from") == "“many” is no number like 10,000, and was left out."
    assert page.get_element_by_id("work_search_words_from").get("value") == "many"
    assert "“1.5” is no number" in trouble_of(page, "words_to")
    assert "no date" in trouble_of(page, "date_from")
    assert page.get_element_by_id("work_search_date_from").get("value") == "yesterday"
    assert page.get_element_by_id("work_search_date_from").get("type") == "text"
    assert trouble_of(page, "other_tag_names") == "No work here carries the tag “Nope”."
    assert page.get_element_by_id("work_search_other_tag_names").get("value") == "Nope"
    assert trouble_of(page, "query") == "A quotation mark has no second one."
    assert page.get_element_by_id("work_search_query").get("value") == '"lamp'
    assert "“beside”" in trouble_of(page, "placement_relation")
    open_groups = {each.get("id") for each in page.cssselect("details[open]")}
    assert {"facet-other", "facet-placement", "facet-dates"} <= open_groups


def test_a_faulty_search_is_shown_again_with_the_fault_marked(shelves):
    page = search(shelves, query='lamp "abbey night')

    assert texts(page, ".typed") == ['lamp "abbey night']
    assert texts(page, ".typed mark") == ['"abbey']
    assert not search(shelves, query='"lamp"').cssselect(".typed")


def test_the_eye_sees_filters_as_chips_and_the_ear_hears_a_sentence(shelves):
    page = search(shelves, "/tags/Carmilla/works", complete="F", include=["Mina Harker"])

    assert sentence(page) == "1 work in Carmilla, with Mina Harker, not complete"
    assert texts(page, "h2 .visually-hidden") == [", with Mina Harker, not complete"]
    assert texts(page, "a.chip bdi") == ["with Mina Harker", "not complete"]


def test_numbers_are_read_as_people_write_them(shelves):
    make_work("Long", text="word " * 1200)

    for written in ("1,000", "1.000", "1 000", "1’000", "1000"):
        assert titles(search(shelves, words_from=written)) == ["Long"], written


def test_bounds_that_shut_out_everything_are_named_and_left_out(shelves):
    page = search(shelves, words_from="10", words_to="5", date_from="2020-01-02", date_to="2020-01-01")

    assert "over 10 words and under 5" in trouble_of(page, "words_to")
    assert "2020-01-01 is before 2020-01-02" in trouble_of(page, "date_to")
    assert sentence(page) == "4 works"


def test_when_nothing_matches_the_page_says_which_filter_to_lift(shelves):
    page = search(shelves, include=[DRACULA], complete="T", language_id="de")

    assert sentence(page) == f"No works in {DRACULA}, complete, in Deutsch"
    assert texts(page, ".nothing li") == ["Take away “in Deutsch” 1 work"]
    assert titles(read(shelves, page.cssselect(".nothing li a")[0].get("href"))) == ["The Lamp"]
    assert "begin again" in page.cssselect(".nothing")[0].text_content()


def test_a_tags_empty_list_leads_to_the_whole_archive(shelves):
    page = search(shelves, "/tags/Carmilla/works", complete="T")
    link = next(each for each in page.cssselect(".nothing a") if "whole archive" in each.text_content())

    assert titles(read(shelves, link.get("href"))) == ["The Lamp"]


def test_an_empty_archive_has_no_filters_to_blame(guest):
    assert "nothing here that you can read yet" in texts(search(guest), ".nothing")[0]


def test_the_passage_that_matched_is_shown_with_marks_and_leads_to_its_chapter(guest):
    work = make_work("Whitby", text="Nothing here.", chapters=3)
    second = work.chapters.get(position=2)
    second.body = type(second.body)("<p>She lit the <em>green</em> lamp &amp; waited.</p>")
    second.save()
    ledger.mark("work", [work.pk])
    indexer.drain_if_free()
    page = search(guest, query='"green lamp"')

    assert texts(page, ".passage p:first-child") == ["She lit the green lamp & waited."]
    assert texts(page, ".passage mark") == ["green lamp"]
    link = page.cssselect(".passage a")[0]
    assert (link.get("href"), link.text_content()) == (
        f"/works/{work.pk}/chapters/{second.pk}#:~:text=She%20lit%20the-,green%20lamp,-%26%20waited.",
        "Chapter 2: Chapter the 2",
    )


def test_the_search_box_of_the_front_page_leads_to_the_search(shelves):
    form = next(each for each in read(shelves, "/").forms if each.get("role") == "search")
    field = form.cssselect("input")[0].get("name")

    assert titles(read(shelves, f"{form.get('action')}?{field}=salt")) == ["Salt"]


def test_readers_tools_find_ao3s_hooks(shelves):
    page = search(shelves, "/works/search", query="salt")

    assert page.get_element_by_id("main").get("class") == "works-search region"
    assert page.cssselect("form#work-filters:not([method=post])")
    assert page.cssselect("ol.work.index.group > li.work.blurb.group")
    assert read(shelves, "/works").get_element_by_id("main").get("class") == "works-index region"


def test_a_search_that_finds_nothing_offers_the_words_that_were_likely_meant(client, home, db):
    make_work("The Lantern", language="en")
    vocabulary.refresh()
    page = client.get(links.search("lantren")).content.decode()

    assert "Did you mean" in page
    assert "<strong>lantern</strong>" in page
    assert 'href="/works/search?' in page.partition("Did you mean")[2].partition("</a>")[0]
    assert "Did you mean" not in client.get(links.search("lantern")).content.decode()
