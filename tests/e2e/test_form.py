"""What helps while somebody writes: how much fits, what posting still needs, and chapters that are dragged."""

from __future__ import annotations

import pytest

from tests.e2e.browsing import AXE, DESK, PHONE, needs_chromium, until
from tests.e2e.test_naming import UNSAVED
from tests.e2e.test_writing import look_at, window
from tests.web.writing.forms import WHOLE
from undying.library.models import Work

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("home"),
    needs_chromium,
]
__all__ = ["window"]


def opened(page, address: str = "/works/new"):
    page.add_init_script(UNSAVED)
    page.set_default_timeout(6000)
    page.goto(address)
    page.locator("#at-title .near" if address == "/works/new" else "[data-grip]").first.wait_for(state="attached")
    return page


def near(page, name: str):
    return page.locator(f"#at-{name} .field > .near").first


def needs(page) -> str:
    return page.locator("[data-needs]").text_content()


def said(page) -> str:
    return page.locator("form > .visually-hidden[role=status]").text_content()


def test_characters_are_counted_and_what_is_near_the_end_is_said(window):
    page = opened(window())
    title = page.get_by_label("Title of the work")
    title.fill("x" * 213)
    until(page, "document.querySelector('#at-title .near').textContent === '213 of 255 characters'")
    assert "Title" not in said(page)
    title.fill("x" * 250)
    until(page, "document.querySelector('#at-title .near').textContent === '250 of 255 characters'")
    assert said(page) == "Title of the work: 250 of 255 characters"
    title.fill("🦇" * 256)
    until(page, "document.querySelector('#at-title .near.stop') !== null")
    assert near(page, "title").text_content() == "256 of 255 characters: shorten it by 1."
    title.fill("")
    until(page, "document.querySelector('#at-title .near').textContent === ''")
    page.locator("#at-summary .ProseMirror").click()
    page.keyboard.type("Rain.")
    until(page, "document.querySelector('#at-summary .field > .near').textContent === '12 of 10,000 characters'")


def test_what_posting_still_needs_is_told_before_it_is_sent_and_nothing_is_kept_from_being_sent(window):
    page = opened(window())
    assert needs(page) == "Still needed to post: Archive warnings, Fandoms, Title of the work, Language, Text"
    page.get_by_label("Title of the work").focus()
    page.keyboard.press("Tab")
    assert page.locator("#at-title [data-missing]").text_content() == "Still empty: posting needs it."
    assert said(page) == "Title of the work: still empty. Posting needs it."
    page.get_by_label("Title of the work").fill("Nights")
    page.get_by_label("No Archive Warnings Apply").check()
    page.get_by_label("Fandoms").fill("Dracula")
    until(page, "document.querySelector('[data-needs]').textContent === 'Still needed to post: Language, Text'")
    assert page.locator("#at-title [data-missing]").count() == 0
    page.get_by_label("Language").select_option("en")
    page.locator("#at-body .ProseMirror").click()
    page.keyboard.type("Rain.")
    until(page, "document.querySelector('[data-needs]').textContent === ''")
    assert said(page) == "Nothing is missing to post it."
    page.get_by_label("Title of the work").fill("")
    page.get_by_role("button", name="Post", exact=True).click()
    page.get_by_role("link", name="A posted work has a title: type one.").wait_for()


@pytest.fixture
def work(cast, client):
    """Ada's, of four chapters."""
    client.force_login(cast.ada, backend="allauth.account.auth_backends.AuthenticationBackend")
    client.post("/works/new", {**WHOLE, "chapter_title": "One"})
    made = Work.objects.get()
    for title in ("Two", "Three", "Four"):
        client.post(f"/works/{made.pk}/chapters/new", {"chapter_title": title, "body": "Fog.", "act": "post"})
    return made


def drag(page, row: int, onto: int) -> None:
    """A row by its grip onto the lower edge of another."""
    page.locator("[data-grip]").nth(row).hover()
    page.mouse.down()
    place = page.locator(".chapter-rows > li").nth(onto).bounding_box()
    page.mouse.move(place["x"] + 30, place["y"] + place["height"] - 3, steps=8)
    page.mouse.up()


def test_chapters_are_dragged_and_saved_by_the_same_form(window, work):
    page = opened(window(), f"/works/{work.pk}/chapters/manage")
    drag(page, 0, 2)
    names = page.locator(".chapter-name a")
    assert names.all_text_contents() == ["Two", "Three", "One", "Four"]
    numbers = [each.input_value() for each in page.locator(".chapter-place input").all()]
    assert numbers == ["1", "2", "3", "4"]
    assert page.locator("[data-order-status]").text_content() == "The order has changed and is not saved yet."
    assert [each.is_disabled() for each in page.locator("[name=move]").all()] == [True, *[False] * 6, True]
    page.get_by_role("button", name="Save this order").click()
    page.locator(".flash").wait_for()
    assert list(work.chapters.in_order().values_list("title", flat=True)) == ["Two", "Three", "One", "Four"]


def test_chapters_are_dragged_with_a_finger_and_the_page_does_not_scroll_away(window, work):
    page = opened(window(PHONE, has_touch=True), f"/works/{work.pk}/chapters/manage")
    fingers = page.context.new_cdp_session(page)
    grip = page.locator("[data-grip]").first.bounding_box()
    row = page.locator(".chapter-rows > li").nth(1).bounding_box()
    x, y, lower = grip["x"] + 20, grip["y"] + 20, row["y"] + row["height"] - 5
    fingers.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [{"x": x, "y": y}]})
    for step in range(1, 9):
        there = {"x": x, "y": y + (lower - y) * step / 8}
        fingers.send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": [there]})
    fingers.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    until(page, "document.querySelector('.chapter-name a').textContent === 'Two'")
    assert page.evaluate("scrollY") == 0


def test_a_button_after_dragging_saves_both(window, work):
    page = opened(window(PHONE), f"/works/{work.pk}/chapters/manage")
    drag(page, 0, 1)
    page.locator("[name=move]").nth(6).click()  # "Up", of the last
    page.locator(".flash").wait_for()
    assert list(work.chapters.in_order().values_list("title", flat=True)) == ["Two", "One", "Four", "Three"]


@pytest.mark.skipif(not AXE.exists(), reason="axe-core is not installed: npm ci")
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_what_is_told_fits_the_screen_and_axe_finds_nothing(window, work, scheme, size):
    page = opened(window(size, scheme))
    page.get_by_label("Title of the work").fill("x" * 300)
    page.locator("#field-language").focus()
    page.keyboard.press("Tab")
    page.locator("#at-language [data-missing]").wait_for()
    look_at(page, "what is missing")
    page.goto(f"/works/{work.pk}/chapters/manage")
    page.locator("[data-grip]").first.wait_for()
    look_at(page, "the order of chapters")
