"""Which Undying this is. The number stands once, at the head of CHANGELOG.md."""

from __future__ import annotations

import re
from functools import cache
from importlib import metadata
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parent.parent.parent


@cache
def version() -> str:
    """The version, such as "0.1.0": of the checkout when this runs in one, else of the installed package."""
    if (CHECKOUT / "undying" / "kernel").is_dir() and (CHECKOUT / "CHANGELOG.md").is_file():
        told = re.search(r"^## ([0-9.]+)", (CHECKOUT / "CHANGELOG.md").read_text(encoding="utf-8"), re.MULTILINE)
        assert told
        return told[1]
    return metadata.version("undying")
