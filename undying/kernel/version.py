"""Which Undying this is. The number stands once, at the head of CHANGELOG.md."""

from __future__ import annotations

import re
from functools import cache
from importlib import metadata
from pathlib import Path

CHANGELOG = Path(__file__).resolve().parent.parent.parent / "CHANGELOG.md"


@cache
def version() -> str:
    """The version, such as "0.1.0": of the checkout when this runs in one, else of the installed package."""
    if CHANGELOG.is_file() and (
        found := re.search(r"^## ([0-9.]+)", CHANGELOG.read_text(encoding="utf-8"), re.MULTILINE)
    ):
        return found[1]
    return metadata.version("undying")
