"""A data folder with the command on it, and one that holds two stories."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from tests.cli.running import Archive

if TYPE_CHECKING:
    from pathlib import Path

STORIES = {
    "the-log-of-the-demeter.md": (
        "+++\ntitle = 'The Log of the Demeter'\nfandoms = ['Dracula - Bram Stoker']\n+++\n\n"
        "Passed Cape Matapan. Crew dissatisfied about *something*.\n"
    ),
    "miss-lucas.txt": "Miss Lucas Declines\nby quiet_tide\n\nShe had not, after all, been asked.\n\nShe said so.\n",
}


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with tables and static files, to copy: making them takes a while."""
    home = tmp_path_factory.mktemp("prepared") / "home"
    made = Archive(home, home.parent).run("setup")
    assert made.returncode == 0, made.stderr
    return home


@pytest.fixture
def archive(tmp_path: Path, prepared: Path) -> Archive:
    """An empty one, ready."""
    shutil.copytree(prepared, tmp_path / "home")
    return Archive(tmp_path / "home", tmp_path)


@pytest.fixture
def nothing_yet(tmp_path: Path) -> Archive:
    """One whose data folder is not there yet."""
    return Archive(tmp_path / "home", tmp_path)


@pytest.fixture
def stories(tmp_path: Path) -> Path:
    """A folder of two stories."""
    folder = tmp_path / "stories"
    folder.mkdir()
    for name, text in STORIES.items():
        (folder / name).write_text(text)
    return folder
