"""Fixtures that every test may use."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

import hypothesis
import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from pytest_django.fixtures import SettingsWrapper

    from tests.cast import Cast

# The same examples every time: a red build tells of the change, not of luck. New ones are looked for by `make explore`.
hypothesis.settings.register_profile("fixed", derandomize=True, deadline=None, database=None)
hypothesis.settings.register_profile("explore", deadline=None, max_examples=500)
hypothesis.settings.load_profile("fixed")


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--save-golden` writes what the code gives now as the expected output; read the diff before committing it."""
    parser.addoption("--save-golden", action="store_true", help="rewrite the expected outputs of golden folders")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Without an OpenSearch, what needs one is left out, not skipped: a skip is for what should be there.

    A journey through a browser gets a second try (decision 38), and pytest tells of each that needed it.
    """
    for each in items:
        if each.get_closest_marker("e2e"):
            each.add_marker(pytest.mark.flaky(reruns=1))
    needing = (
        [] if os.environ.get("OPENSEARCH_URL") else [each for each in items if each.get_closest_marker("opensearch")]
    )
    if needing:
        config.hook.pytest_deselected(items=needing)
        items[:] = [each for each in items if each not in needing]


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Callable[[Path, str], None]:
    """A function `golden(path, text)`: `text` must equal the file, or becomes it with --save-golden."""

    def compare(path: Path, text: str) -> None:
        if request.config.getoption("--save-golden"):
            path.write_text(text, encoding="utf-8", newline="")
        assert path.exists(), f"{path} is missing: run pytest --save-golden and read what it wrote"
        assert text == path.read_bytes().decode("utf-8")

    return compare


@pytest.fixture
def cast(db: None) -> Cast:
    """The fixed people; each account is made when it is first named."""
    from tests.cast import Cast  # noqa: PLC0415 - tests without a database must not load the tables

    return Cast()


@pytest.fixture
def home(tmp_path: Path, settings: SettingsWrapper) -> Path:
    """A data folder of the test's own: store, index and scratch."""
    settings.UNDYING = type(settings.UNDYING)(tmp_path / "home", settings.UNDYING.values)
    settings.UNDYING.home.mkdir()
    return settings.UNDYING.home


@pytest.fixture(autouse=True)
def _no_writes_while_reading() -> Iterator[None]:
    """Every test of what uses the database is one that no loop writes while it reads."""
    if "django.db" not in sys.modules:
        yield
        return
    from tests.reading import no_writes_while_reading  # noqa: PLC0415 - tests without a database must not load Django

    with no_writes_while_reading():
        yield


@pytest.fixture(autouse=True)
def _nothing_chosen(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Every test begins with an archivist who has chosen nothing, and goes by that until it chooses something."""
    if "django.db" not in sys.modules:
        yield
        return
    from undying.kernel import chosen  # noqa: PLC0415 - tests without a database must not load the tables

    monkeypatch.setattr(chosen, "KEPT_FOR", float("inf"))
    chosen.forget({})
    yield
    chosen.forget()


@pytest.fixture(autouse=True)
def _an_empty_index() -> Iterator[None]:
    """The memory back end outlives a test's database; what one test put in must not be counted in the next."""
    yield
    if engine := sys.modules.get("undying.finding.engine"):
        engine._backend.cache_clear()
