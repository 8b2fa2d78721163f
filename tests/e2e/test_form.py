"""What helps while somebody writes: chapters that are dragged into their order."""

from __future__ import annotations

import pytest

from tests.e2e.browsing import AXE, DESK, PHONE, needs_chromium
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


def opened(page, address: str):
    page.add_init_script(UNSAVED)
    page.set_default_timeout(6000)
    page.goto(address)
    page.locator("[data-grip]").first.wait_for()
    return page


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


def test_a_button_after_dragging_saves_both(window, work):
    page = opened(window(PHONE), f"/works/{work.pk}/chapters/manage")
    drag(page, 0, 1)
    page.locator("[name=move]").nth(6).click()  # "Up", of the last
    page.locator(".flash").wait_for()
    assert list(work.chapters.in_order().values_list("title", flat=True)) == ["Two", "One", "Four", "Three"]


@pytest.mark.skipif(not AXE.exists(), reason="axe-core is not installed: npm ci")
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_the_order_fits_the_screen_and_axe_finds_nothing(window, work, scheme, size):
    page = opened(window(size, scheme), f"/works/{work.pk}/chapters/manage")
    look_at(page, "the order of chapters")
