"""The browser."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from tests.e2e.browsing import CHROMIUM

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
