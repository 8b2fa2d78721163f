"""Where in canon a work or a chapter stands: typed, shown, found, kept through everything that a form goes through."""

from __future__ import annotations

import re

import pytest

from tests.makers import make_work
from tests.web.writing.forms import WHOLE, said, written
from tests.web.writing.test_autosave import form, keep
from undying.finding import indexer
from undying.library.models import Draft, Work
from undying.manuscript import Audience, Placement, PlacementRelation, State, TagKind

pytestmark = pytest.mark.django_db
PARTS = ("relation", "episodes", "unit", "part", "part_to", "fandom", "divergence")


def rows(*places: dict[str, str], prefix: str = "place") -> dict[str, list[str]]:
    """Rows as the form sends them, with the empty one behind them."""
    return {f"{prefix}_{part}": [each.get(part, "") for each in (*places, {})] for part in PARTS}


AFTER = rows({"relation": "after", "episodes": "The Reichenbach Fall", "part": "2", "divergence": "canon-divergent"})


@pytest.fixture
def ada(cast, browser):
    return browser(cast.ada)


def shown(client, address: str) -> list[str]:
    """The places that a page tells of, without italics."""
    found = re.findall(r'<p class="placement">(.*?)</p>', said(client.get(address)))
    return [re.sub(r"<[^>]*>", "", each).strip() for each in found]


def placed(work) -> list[tuple[str, str, list[str]]]:
    return [(each.relation, each.part, each.episodes) for each in work.placements.filter(chapter=None)]


def test_a_place_is_shown_to_readers_and_found_by_search(ada, guest):
    work = written(ada, **AFTER)
    written(ada, title="Another", **rows({"relation": "before", "part": "2"}))
    indexer.drain_if_free()

    assert shown(guest, f"/works/{work.pk}") == ["after The Reichenbach Fall, season 2; canon divergence"]
    for asked in (
        "work_search%5Bplacement_part%5D=2&work_search%5Bplacement_relation%5D=after",
        "work_search%5Bplacement_episode%5D=reichenbach",
        "work_search%5Bplacement_divergence%5D=canon-divergent",
    ):
        page = said(guest.get(f"/works/search?{asked}"))
        assert work.title in page
        assert "Another" not in page


def test_every_way_of_saying_it_is_read_and_a_row_that_says_nothing_is_none(ada):
    work = written(
        ada,
        **rows(
            {"relation": "between", "episodes": " Yes, Minister \n\n2x03\n2x03"},
            {"part_to": "3", "unit": " year "},
            {"relation": "within"},
            {"divergence": "alternate-universe"},
            {"relation": "before", "fandom": "Dracula"},
            {"relation": "sideways", "divergence": "no", "part": "1", "part_to": "4"},
        ),
    )
    found = [(each.relation, each.unit, each.part, each.part_to) for each in work.placements.all()]
    assert found == [
        ("between", "season", "", ""),
        ("within", "year", "3", ""),
        ("within", "season", "", ""),
        ("before", "season", "", ""),
        ("within", "season", "1", "4"),
    ]
    assert work.placements.first().episodes == ["Yes, Minister", "2x03"]
    assert work.placements.get(relation="before").fandom == "Dracula"


def test_the_form_shows_it_again_with_an_empty_row_and_saves_it_unchanged(ada):
    work = written(ada, **AFTER)
    page = ada.get(f"/works/{work.pk}/edit")
    assert "The Reichenbach Fall</textarea>" in said(page)
    assert page.content.count(b"data-place-row") == 2
    assert "Another place, as in a crossover" in said(page)
    ada.post(f"/works/{work.pk}/edit", {**WHOLE, **AFTER, "title": "Two", "act": "save"})
    assert placed(Work.objects.get()) == [("after", "2", ["The Reichenbach Fall"])]
    ada.post(f"/works/{work.pk}/edit", {**WHOLE, **rows(), "act": "save"})
    assert placed(work) == []


def test_an_imported_place_keeps_the_words_it_was_read_from_and_stays_where_a_form_has_no_such_fields(ada, cast):
    place = Placement(relation=PlacementRelation.AFTER, part="3", words="Set after season three")
    work = make_work(owner=cast.ada, tags={TagKind.FANDOM: ["Dracula"]}, placements=(place,))
    after = rows({"relation": "after", "part": "3"})
    for typed in ({**WHOLE, **after}, WHOLE):
        ada.post(f"/works/{work.pk}/edit", {**typed, "act": "save"})
        assert work.placements.get().words == "Set after season three"
    ada.post(f"/works/{work.pk}/edit", {**WHOLE, **rows({"relation": "after", "part": "4"}), "act": "save"})
    assert work.placements.get().words == ""


def test_saving_while_typed_the_preview_and_what_comes_back_keep_it(ada, guest):
    hidden, address = form(ada, "/works/new")
    keep(ada, address, **{**hidden, "body": "Rain."}, **AFTER)
    draft = Draft.objects.get()
    assert draft.fields["place_episodes"] == ["The Reichenbach Fall", ""]
    assert "The Reichenbach Fall</textarea>" in said(ada.get(f"/works/new?draft={draft.pk}"))

    preview = ada.post("/works/new", {**WHOLE, **AFTER, "act": "preview"})
    assert "after <cite>The Reichenbach Fall</cite>" in said(preview)
    assert re.findall(r'name="place_relation" value="(\w*)"', said(preview)) == ["after", ""]
    kept = guest.post("/works/new", {**WHOLE, **AFTER})
    assert re.findall(r'name="place_part" value="(\w*)"', said(kept)) == ["2", ""]


def test_a_form_opened_on_what_is_saved_is_no_unsaved_text(ada):
    work = written(ada, **AFTER)
    hidden, address = form(ada, f"/works/{work.pk}/edit")
    same = {name: value for name, value in WHOLE.items() if name != "act"}
    typed = {**same, "summary": work.summary, "body": work.chapters.get().body, "planned": "", "published": ""}
    keep(ada, address, **hidden, **{**typed, "published": f"{work.published:%Y-%m-%d}"}, **AFTER)
    assert "Unsaved:" not in said(ada.get(f"/works/{work.pk}/edit"))


def test_versions_tell_of_it_and_bring_it_back(ada, guest):
    work = written(ada, **AFTER)
    ada.post(f"/works/{work.pk}/edit", {**WHOLE, **rows({"relation": "before", "part": "3"}), "act": "save"})
    page = said(ada.get(f"/works/{work.pk}/revisions/2"))
    assert "Where in canon" in page
    assert re.search(r"<del>after .*<ins>before .*season .*<ins>3", page)
    ada.post(f"/works/{work.pk}/revisions/1")
    assert shown(guest, f"/works/{work.pk}") == ["after The Reichenbach Fall, season 2; canon divergence"]


def test_a_chapter_has_a_place_of_its_own(ada, guest):
    work = written(ada, **AFTER)
    place = rows({"relation": "during", "episodes": "The Empty Hearse"}, prefix="chapter_place")
    ada.post(f"/works/{work.pk}/chapters/new", {"body": "Fog.", "act": "post", **place})
    two = work.chapters.get(position=2)
    assert shown(guest, f"/works/{work.pk}/chapters/{two.pk}")[-1] == "during The Empty Hearse"
    edit = f"/works/{work.pk}/chapters/{two.pk}/edit"
    assert "The Empty Hearse</textarea>" in said(ada.get(edit))
    assert 'data-fandoms="Dracula"' in said(ada.get(edit))
    ada.post(edit, {"body": "Snow.", **place})
    ada.post(edit, {"body": "Hail.", **rows(prefix="chapter_place")})
    assert not two.placements.exists()
    ada.post(f"/works/{work.pk}/revisions/3")
    assert two.placements.get().episodes == ["The Empty Hearse"]
    assert work.placements.get(chapter=None).part == "2"


def test_what_does_not_fit_is_told_in_words_and_stays(ada):
    for row in (
        {"part": "x" * 101},
        {"unit": "x" * 21, "part": "1"},
        {"episodes": "x" * 151},
        {"fandom": "x" * 501, "part": "1"},
    ):
        page = said(ada.post("/works/new", {**WHOLE, **rows(row)}))
        assert 'href="#at-places"' in page
        assert "What is said of the place in canon is too long" in page
        assert next(iter(row.values())) in page
    many = rows(*({"part": f"{number}"} for number in range(21)))
    assert 'href="#at-places"' in said(ada.post("/works/new", {**WHOLE, **many}))
    work = written(ada)
    answer = ada.post(
        f"/works/{work.pk}/chapters/new", {"body": "x", **rows({"part": "x" * 101}, prefix="chapter_place")}
    )
    assert 'href="#at-chapter_places"' in said(answer)
    assert work.chapters.count() == 1


def offers(client, like: str, *fandoms: str) -> list[tuple[str, str]]:
    names = client.get("/works/new/episodes", {"like": like, "fandom": fandoms}).json()["names"]
    return [(each["name"], each["works"]) for each in names]


def test_episodes_that_works_of_the_fandom_name_are_offered_in_the_order_of_seasons(ada, guest):
    def place(fandom: str, *episodes: str, part: str = "", **more) -> None:
        put = Placement(relation=PlacementRelation.AFTER, part=part, episodes=episodes)
        make_work(tags={TagKind.FANDOM: [fandom]}, placements=(put,), **more)

    place("Sherlock", "The Great Game", part="1")
    place("Sherlock", "The Reichenbach Fall", "The Final Problem", part="2")
    place("Sherlock", "The Lying Detective", part="10")
    place("Lewis", "The Great Divide", part="1")
    place("Sherlock", "The Secret", part="1", state=State.DRAFT)
    place("Sherlock", "The Private One", part="1", audience=Audience.MEMBERS)

    assert offers(ada, "the", "Sherlock") == [
        ("The Great Game", "season 1"),
        ("The Private One", "season 1"),
        ("The Final Problem", "season 2"),
        ("The Reichenbach Fall", "season 2"),
        ("The Lying Detective", "season 10"),
    ]
    assert offers(ada, "gr th", "Sherlock") == [("The Great Game", "season 1")]
    assert offers(ada, "the") == offers(ada, "", "Sherlock") == offers(ada, "the", "Nowhere") == []
    assert guest.get("/works/new/episodes?like=the&fandom=Sherlock").status_code == 404


def test_the_episode_of_a_draft_chapter_is_its_creators_alone(ada, browser, cast):
    work = written(ada)
    place = rows({"relation": "after", "episodes": "Secret Hour"}, prefix="chapter_place")
    ada.post(f"/works/{work.pk}/chapters/new", {"body": "Fog.", "act": "draft", **place})

    assert offers(ada, "secret", "Dracula") == [("Secret Hour", "")]
    assert offers(browser(cast.rey), "secret", "Dracula") == []
