"""The filter form: every filter has a control, and what it is sent with stands in it again."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from urllib.parse import urlencode

import pytest

from tests.makers import make_work
from tests.web.lists.pages import address, facets, number_of, read, search, sentence, texts, titles
from undying.finding import engine
from undying.library.models import Counters
from undying.manuscript import Status, TagKind
from undying.web import wording

pytestmark = pytest.mark.usefixtures("guest")
FANDOM = "include_work_search[fandom_ids][]"


@pytest.fixture
def shelves(guest):
    """Three works: of Dracula, of Carmilla, of both."""
    for number, (title, fandoms) in enumerate(
        (("Lamp", ["Dracula"]), ("Wood", ["Carmilla"]), ("Ferry", ["Carmilla", "Dracula"]))
    ):
        make_work(
            title,
            text="word " * (10 + number),
            chapters=1 + number,
            tags={TagKind.FANDOM: fandoms, TagKind.ADDITIONAL: ["Slow Burn"]},
            status=Status.COMPLETE if number else Status.IN_PROGRESS,
            published=datetime(2020 + number, 5, 1, tzinfo=UTC),
            updated=datetime(2023 - number, 5, 1, tzinfo=UTC),
        )
    return guest


def controls(page):
    """The fields of the form by name."""
    found: dict[str, list] = {}
    for each in page.cssselect("#work-filters [name], [form=work-filters][name]"):
        found.setdefault(each.get("name"), []).append(each)
    return found


@pytest.mark.parametrize(
    "name",
    [
        "query",
        "sort_column",
        "sort_direction",
        "complete",
        "status",
        "single_chapter",
        "crossover",
        "words_from",
        "words_to",
        "chapters",
        "kudos_count",
        "comments_count",
        "bookmarks_count",
        "hits",
        "date_from",
        "date_to",
        "revised_at",
        "published",
        "language_id",
        "creators",
        "other_tag_names",
        "excluded_tag_names",
        "placement_relation",
        "placement_unit",
        "placement_part",
        "placement_episode",
        "placement_divergence",
    ],
)
def test_every_filter_has_a_control_with_words_to_it(shelves, name):
    page = search(shelves)
    field = controls(page)[f"work_search[{name}]"][0]
    words = [label.text_content().strip() for label in page.cssselect("label") if label.get("for") == field.get("id")]

    assert len(words) == 1
    assert words[0]


@pytest.mark.parametrize(
    ("fields", "found"),
    [
        ({"chapters": "2-3"}, ["Wood", "Ferry"]),
        ({"chapters": ">2"}, ["Ferry"]),
        ({"single_chapter": "1"}, ["Lamp"]),
        ({"published": "2021"}, ["Wood"]),
        ({"kudos_count": ">5"}, []),
        ({"hits": "0"}, ["Lamp", "Wood", "Ferry"]),
    ],
)
def test_numbers_and_days_are_ranges(shelves, fields, found):
    page = search(shelves, **fields)
    name, value = next(iter(fields.items()))
    field = page.get_element_by_id(f"work_search_{name}")

    assert titles(page) == found
    assert value in {field.get("value"), "1" if field.get("checked") is not None else ""}


def test_the_last_month_is_one_choice(shelves):
    page = search(shelves, revised_at="30d")

    assert titles(page) == []
    assert texts(page, "#work_search_revised_at option[selected]") == ["In the last month"]
    assert texts(read(shelves, "/works?updated=90d"), "#work_search_revised_at option[selected]") == ["The last 90d"]


def test_a_list_is_turned_round_and_the_box_says_what_that_means(shelves):
    page = search(shelves)
    box = page.get_element_by_id("work_search_sort_direction")
    turned = search(shelves, sort_direction=box.get("value"))

    assert titles(turned) == titles(page)[::-1]
    assert turned.get_element_by_id("work_search_sort_direction").get("checked") is not None
    assert texts(page, "label[for=work_search_sort_direction]") == ["Oldest first"]
    by_title = search(shelves, sort_column="title_to_sort_on")
    assert texts(by_title, "label[for=work_search_sort_direction]") == ["From Z to A"]
    assert titles(by_title) == ["Ferry", "Lamp", "Wood"]


def test_a_random_list_stays_as_it_is_until_it_is_shuffled_again(guest):
    for number in range(12):
        make_work(f"Night {number}")
    page = search(guest, sort_column="random")
    again = page.cssselect("a.shuffle")[0].get("href")

    assert titles(read(guest, again)) == titles(read(guest, again)) != titles(page)
    assert not search(guest).cssselect("a.shuffle")


def test_one_tag_of_a_kind_can_be_enough(shelves):
    both = [("include_work_search[fandom_ids][]", number_of(name)) for name in ("Dracula", "Carmilla")]
    page = read(shelves, f"/works?{urlencode(both)}")
    box = page.get_element_by_id("enough_fandom")

    assert titles(page) == ["Ferry"]
    assert box.get("checked") is None
    page = read(shelves, f"/works?{urlencode([*both, (box.get('name'), box.get('value'))])}")
    assert titles(page) == ["Lamp", "Wood", "Ferry"]
    assert page.get_element_by_id("enough_fandom").get("checked") is not None
    ticked = page.cssselect("#facet-fandom .in")
    assert [page.get_element_by_id(label.get("for")).get("checked") is not None for label in ticked] == [True, True]


def test_a_tag_that_is_asked_for_can_be_meant_without_narrower_ones(shelves):
    assert not search(shelves).cssselect(".exact")
    page = search(shelves, include=["Dracula"])
    box = page.cssselect(".exact input")[0]

    assert (box.get("name"), box.get("value")) == ("exact", str(number_of("Dracula")))
    page = read(shelves, f"{address(include=['Dracula'])}&exact={box.get('value')}")
    assert page.cssselect(".exact input")[0].get("checked") is not None


def test_what_has_no_control_travels_with_the_form(shelves):
    dracula, carmilla = number_of("Dracula"), number_of("Carmilla")
    page = read(shelves, f"/works?any={dracula},{carmilla}&any={carmilla},{dracula}&not-by=nobody&anyway=yes")
    form = next(each for each in page.forms if each.get("id") == "work-filters")
    sent = form.form_values()

    assert ("not-by", "nobody") in sent
    assert ("anyway", "yes") in sent
    assert sorted(value for name, value in sent if name == "any") == sorted(
        [f"{dracula},{carmilla}", f"{carmilla},{dracula}"]
    )


def test_a_form_without_anything_shows_everything(shelves):
    page = search(shelves)
    form = next(each for each in page.forms if each.get("id") == "work-filters")

    assert sentence(read(shelves, f"/works?{urlencode(form.form_values())}")) == "3 works"


def test_a_form_that_a_browser_sends_leads_to_an_address_that_can_be_shared(shelves):
    page = search(shelves, complete="T", include=["Carmilla"])
    form = next(each for each in page.forms if each.get("id") == "work-filters")
    where = f"{form.get('action')}?{urlencode(form.form_values())}"

    assert shelves.get(where).headers["Location"] == "/works?with=fandom:Carmilla&complete=yes"
    part = shelves.get(where, headers={"HX-Request": "true"})
    assert part.headers["HX-Push-Url"] == "/works?with=fandom:Carmilla&complete=yes"
    assert shelves.get(f"{where}&work_search[hits]=many").status_code == 200


def test_a_card_says_what_readers_did_and_leaves_out_what_nobody_did(guest):
    work = make_work("Lamp")
    Counters.objects.update_or_create(work=work, defaults={"kudos": 1, "comments": 0, "bookmarks": 2, "hits": 1204})
    page = search(guest)

    assert texts(page, ".by-readers dl > div") == ["kudos 1", "bookmarks 2", "hits 1,204"]
    assert texts(page, "li.blurb dl.stats dd.hits") == ["1,204"]


@pytest.mark.parametrize(
    ("number", "said"),
    [(0, "~0"), (7, "~7"), (94, "~94"), (938, "~940"), (1204, "~1.2k"), (12_345, "~12k"), (2_000_000, "~2m")],
)
def test_a_count_from_a_sample_says_no_more_than_the_sample_knows(number, said):
    assert wording.about(number) == said


def test_counts_of_tags_that_come_from_a_sample_are_marked(shelves, monkeypatch):
    find = engine.find
    monkeypatch.setattr(engine, "find", lambda *asked, **more: replace(find(*asked, **more), is_rounded=True))
    page = search(shelves)

    assert facets(page)["Dracula"] == "~2"
    assert sentence(page) == "3 works"
    assert "English (~3)" in texts(page, "#work_search_language_id option")
