"""What journeys in a real browser share."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Page

CHROMIUM = shutil.which("chromium")
AXE = Path(__file__).resolve().parents[2] / "node_modules" / "axe-core" / "axe.min.js"
PHONE, DESK = {"width": 390, "height": 844}, {"width": 1280, "height": 900}

needs_chromium = pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed")


def until(page: Page, expression: str) -> None:
    """Wait until a script's expression holds. Playwright's own wait evaluates a string, which the policy forbids."""
    for _ in range(100):
        if page.evaluate(expression):
            return
        page.wait_for_timeout(50)
    pytest.fail(f"never came true: {expression}")
