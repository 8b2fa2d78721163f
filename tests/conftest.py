"""Fixtures that every test may use."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--save-golden` writes what the code gives now as the expected output; read the diff before committing it."""
    parser.addoption("--save-golden", action="store_true", help="rewrite the expected outputs of golden folders")


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Callable[[Path, str], None]:
    """A function `golden(path, text)`: `text` must equal the file, or becomes it with --save-golden."""

    def compare(path: Path, text: str) -> None:
        if request.config.getoption("--save-golden"):
            path.write_text(text, encoding="utf-8", newline="")
        assert path.exists(), f"{path} is missing: run pytest --save-golden and read what it wrote"
        assert text == path.read_bytes().decode("utf-8")

    return compare
