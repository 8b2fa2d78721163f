"""The browser."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest
from django.core.cache import cache

from tests.e2e import editor_page
from tests.e2e.browsing import CHROMIUM, DESK

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """One browser for all journeys of a module: Playwright's loop cannot be open twice."""
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # Playwright's loop is no place where the tests ask the database
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 - heavy, and for these tests alone

    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def opened(chromium, live_server):
    """`opened(text)`: the page with that text in the editor. Whatever the browser complains of is a fault."""
    made, complaints = [], []

    def open_(text="", size=DESK, scheme="light", **options):
        editor_page.texts.append(text)
        context = chromium.new_context(viewport=size, color_scheme=scheme, base_url=live_server.url, **options)
        made.append(context)
        page = context.new_page()
        page.on("console", lambda said: complaints.append(said.text) if said.type in {"error", "warning"} else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto("/test-editor")
        if options.get("java_script_enabled", True):
            page.locator(".editor").wait_for()
        return page

    yield open_
    for context in made:
        context.close()
    assert complaints == []


@pytest.fixture
def newcomer(chromium, live_server, settings):
    """A function `newcomer(size, scheme)`: a browser of its own, in an archive that sends letters.

    Whatever it complains of is a fault.
    """
    values = {**settings.UNDYING.values, "base_url": live_server.url}
    settings.UNDYING = type(settings.UNDYING)(settings.UNDYING.home, values)
    cache.clear()
    made, complaints = [], []

    def open_(size=DESK, scheme="light", **options):
        context = chromium.new_context(
            viewport=size, color_scheme=scheme, base_url=live_server.url, bypass_csp=True, **options
        )
        made.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        return page

    yield open_
    for context in made:
        context.close()
    cache.clear()
    assert complaints == []
