"""Tags while they are typed, in a real browser: by keyboard, by mouse, and what the form sends in the end."""

from __future__ import annotations

import json

import pytest

from tests.e2e.browsing import AXE, DESK, PHONE, needs_chromium, until
from tests.e2e.test_writing import fill, look_at, window
from tests.library.test_tag_graph import tag
from tests.makers import make_work
from undying.finding import indexer, renown
from undying.library import wrangling
from undying.library.models import Work
from undying.manuscript import Placement, PlacementRelation, TagKind

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("home"),
    needs_chromium,
]
__all__ = ["window"]
UNSAVED = """
const real = window.fetch;
window.fetch = (url, ...more) => (String(url).includes("/works/autosave") ? new Promise(() => {}) : real(url, ...more));
"""
"""Saving while typed has its last word when a window closes, and the test is over then."""
CHARACTER, RELATIONSHIP = TagKind.CHARACTER, TagKind.RELATIONSHIP


@pytest.fixture
def page(window):
    """The form of a new work, in an archive that knows some tags."""
    characters = ["Mina Harker", "Mina Murray", "Lucy Westenra", "Mina Woodhouse", "Arthur, Lord Godalming"]
    tags = {TagKind.FANDOM: ["Dracula", "Emma"], CHARACTER: characters, RELATIONSHIP: ["Lucy Westenra/Mina Harker"]}
    for _ in range(2):
        make_work(tags=tags)
    wrangling.make_synonym(tag("Mina Murray", CHARACTER), tag("Mina Harker", CHARACTER))
    wrangling.set_fandom(tag("Mina Harker", CHARACTER), tag("Dracula"))
    wrangling.set_fandom(tag("Mina Woodhouse", CHARACTER), tag("Emma"))
    indexer.drain_if_free()
    renown.refresh()
    return opened(window())


def opened(page):
    page.add_init_script(UNSAVED)
    page.set_default_timeout(6000)
    page.goto("/works/new")
    page.locator("#field-additional-type").wait_for()
    return page


def chosen(page, kind: str = "character") -> list[str]:
    return page.locator(f"#at-{kind} .name-text").all_text_contents()


def sent(page, kind: str = "character") -> str:
    return page.evaluate(f"new FormData(document.querySelector('.writing-sheet')).get({json.dumps(kind)})")


def offers(page, kind: str = "character") -> list[str]:
    found = page.locator(f"#at-{kind} .typing > .suggestions:not([hidden]) > [role=option]")
    found.first.wait_for()
    return found.all_text_contents()


def said(page, kind: str = "character") -> str:
    return page.locator(f"#at-{kind} .visually-hidden[role=status]").text_content()


def test_names_are_chosen_with_the_keyboard_alone(page):
    page.get_by_label("Fandoms").press_sequentially("drac")
    assert offers(page, "fandom") == ["Dracula 2 works"]
    page.keyboard.press("ArrowDown")
    active = page.get_by_label("Fandoms").get_attribute("aria-activedescendant")
    assert page.locator(f"#{active}").get_attribute("aria-selected") == "true"
    page.keyboard.press("Enter")
    assert (chosen(page, "fandom"), sent(page, "fandom")) == (["Dracula"], "Dracula")

    typed = page.get_by_label("Characters", exact=True)
    typed.press_sequentially("mina")
    assert offers(page) == ["Mina Harker 2 works"]  # at home in the fandom; the other Mina is Emma's
    page.keyboard.press("Escape")
    assert typed.get_attribute("aria-expanded") == "false"
    assert typed.input_value() == "mina"
    typed.fill("murr")
    assert offers(page) == ["Mina Murray → Mina Harker 2 works"]
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.keyboard.type("A Keeper, Rats")
    assert (chosen(page), sent(page)) == (["Mina Harker", "A Keeper"], "Mina Harker, A Keeper, Rats")
    page.keyboard.press("Enter")
    assert said(page) == "Rats: added. Characters: 3."
    assert page.url.endswith("/works/new")  # Enter sends no form


def test_chips_are_put_in_order_changed_and_removed_without_a_mouse(page):
    typed = page.get_by_label("Additional tags", exact=True)
    typed.fill("One, Two, Three,")
    page.locator("#at-additional .name-text").nth(2).focus()
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Earlier: Three").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    assert sent(page, "additional") == "Three, One, Two"
    assert said(page, "additional") == "Three: now 1 of 3."
    page.get_by_role("button", name="Change: Three").press("Enter")
    assert typed.input_value() == "Three"
    assert sent(page, "additional") == "One, Two, Three"
    typed.press("End")
    page.keyboard.type("fold,")
    page.get_by_role("button", name="Remove One").press("Enter")
    assert sent(page, "additional") == "Two, Threefold"
    page.locator("#at-additional .name-text").first.focus()
    page.keyboard.press("Delete")
    assert chosen(page, "additional") == ["Threefold"]
    page.keyboard.press("Tab")
    typed.focus()
    page.keyboard.press("Backspace")
    assert (chosen(page, "additional"), typed.input_value()) == ([], "Threefold")


def test_chips_are_dragged(page):
    page.get_by_label("Additional tags", exact=True).fill("One, Two, Three,")
    grips = page.locator("#at-additional [data-grip]")
    page.locator("#at-additional").scroll_into_view_if_needed()
    grips.nth(2).hover()
    page.mouse.down()
    first = page.locator("#at-additional .name").first.bounding_box()
    page.mouse.move(first["x"] + 4, first["y"] + 20, steps=6)
    page.mouse.up()
    assert sent(page, "additional") == "Three, One, Two"
    grips.first.hover()
    page.mouse.down()
    page.mouse.move(first["x"] + 200, first["y"] + 20, steps=6)
    page.keyboard.press("Escape")
    page.mouse.up()
    assert sent(page, "additional") == "Three, One, Two"


def test_a_name_with_a_comma_is_taken_whole_and_comes_back_whole(page):
    fill(page)
    typed = page.get_by_label("Characters", exact=True)
    typed.press_sequentially("godal")
    offers(page)
    page.locator("#at-character [role=option]").click()
    typed.fill("Rats,")
    assert sent(page).splitlines() == ["Arthur, Lord Godalming", "Rats"]
    page.get_by_role("button", name="Save as a draft").click()
    page.locator(".flash").wait_for()
    work = Work.objects.get(title="The Keeper's Daughter")
    assert [each.name for each in work.tags(CHARACTER)] == ["Arthur, Lord Godalming", "Rats"]
    page.goto(f"/works/{work.pk}/edit")
    page.locator("#at-character .name").first.wait_for()
    assert chosen(page) == ["Arthur, Lord Godalming", "Rats"]


def test_a_relationship_is_made_of_two_characters_in_the_archives_own_form(page):
    page.get_by_label("Characters", exact=True).fill("Lucy Westenra,")
    page.get_by_role("button", name="Make one of two characters").click()
    page.get_by_label("One character").fill("har")
    until(page, "document.querySelector('#at-relationship .suggestion bdi')?.textContent === 'Mina Harker'")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.get_by_label("The other").focus()
    assert offers(page, "relationship") == ["Lucy Westenra"]  # chosen before
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Add this relationship").click()
    until(page, "document.querySelectorAll('#at-relationship .name').length === 1")
    assert chosen(page, "relationship") == ["Lucy Westenra/Mina Harker"]  # as other works have it
    page.get_by_label("One character").fill("Renfield")
    page.get_by_label("The other").fill("Flies")
    page.get_by_label("And they are").select_option(" & ")
    page.get_by_role("button", name="Add this relationship").click()
    until(page, "document.querySelectorAll('#at-relationship .name').length === 2")
    assert sent(page, "relationship") == "Lucy Westenra/Mina Harker, Renfield & Flies"


def test_what_does_not_fit_is_told_while_it_is_typed_and_stays(page):
    typed = page.get_by_label("Additional tags", exact=True)
    near = page.locator("#field-additional-type-near")
    typed.fill("x" * 130)
    assert near.text_content() == "130 of 150 characters"
    typed.fill("x" * 163 + ",")
    assert near.text_content() == "This tag has 163 characters, of 150 at most: shorten it by 13."
    assert (chosen(page, "additional"), sent(page, "additional")) == ([], "x" * 163)
    typed.fill(",".join(f"Tag {number}" for number in range(300)) + ",")
    assert near.text_content() == "The work has 301 tags, of 300 at most: take some away."


@pytest.mark.skipif(not AXE.exists(), reason="axe-core is not installed: npm ci")
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_open_lists_and_chips_fit_the_screen_and_axe_finds_nothing(page, window, scheme, size):
    page = opened(window(size, scheme))
    page.get_by_label("Fandoms").fill("Dracula, A fandom whose name is as long as some names of fandoms are in fact,")
    page.locator("#at-fandom .name-text").first.click()
    page.get_by_role("button", name="Make one of two characters").click()
    page.get_by_label("Characters", exact=True).fill("mina")
    page.get_by_label("Characters", exact=True).press("ArrowDown")
    offers(page)
    page.keyboard.press("ArrowDown")
    look_at(page, "tags being typed")


def test_an_episode_is_picked_from_those_of_the_fandom_and_brings_its_season(page):
    place = Placement(relation=PlacementRelation.AFTER, part="2", episodes=("Rain, and More Rain",))
    make_work(tags={TagKind.FANDOM: ["Dracula"]}, placements=(place,))
    fill(page)
    page.get_by_text("Where in canon").click()
    row = page.locator("[data-place-row]").first
    row.get_by_label("It is set").select_option("before")
    row.get_by_label("Episodes").press_sequentially("more")
    row.locator(".suggestion").wait_for()
    assert row.locator(".suggestion").text_content() == "Rain, and More Rain season 2"
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    assert row.get_by_label("Which", exact=True).input_value() == "2"
    page.keyboard.type("2x03, the end")
    page.keyboard.press("Enter")
    assert sent(page, "place_episodes") == "Rain, and More Rain\n2x03, the end"
    page.get_by_role("button", name="Save as a draft").click()
    page.locator(".flash").wait_for()
    told = page.locator(".placement").first.text_content().strip()
    assert told == "before Rain, and More Rain and 2x03, the end, season 2"
