"""The shell examples of the documents do what they say, one document after the other.

Those of docs/running on the demo archive, those of the guide to a rescue on an empty one with a backup beside it.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests.cli.conftest import STORIES
from tests.cli.running import Archive
from tests.meta.source import ROOT
from tests.old_site import backup

if TYPE_CHECKING:
    from pathlib import Path

RESCUE = ROOT / "docs" / "rescue.md"
RUNNING = sorted(path for path in (ROOT / "docs" / "running").glob("*.md") if "```console" in path.read_text())


def blocks(path: Path) -> list[str]:
    """The examples of a document, in order."""
    return re.findall(r"^```console\n(.*?)^```", path.read_text(), re.MULTILINE | re.DOTALL)


def steps(block: str) -> list[tuple[str, list[str]]]:
    """Each command with the lines that stand below it."""
    told: list[tuple[str, list[str]]] = []
    for line in block.splitlines():
        if line.startswith("$ "):
            told.append((line[2:], []))
        else:
            told[-1][1].append(line)
    return told


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with the demo archive, to copy."""
    folder = tmp_path_factory.mktemp("demo")
    made = Archive(folder / "home", folder).run("demo")
    assert made.returncode == 0, made.stderr
    return folder / "home"


@pytest.fixture
def command(tmp_path: Path) -> Archive:
    """A folder and a data folder, both empty, and `undying` on the path."""
    (tmp_path / "bin").mkdir()
    command = tmp_path / "bin" / "undying"
    command.write_text(f'#!/bin/sh\nexec {sys.executable} -m undying.cli "$@"\n')
    command.chmod(0o755)
    return Archive(tmp_path / "home", tmp_path, {"PATH": f"{tmp_path / 'bin'}:{os.environ['PATH']}"})


@pytest.fixture
def desk(command: Archive, tmp_path: Path, demo: Path) -> Archive:
    """A folder with what the examples of docs/running name, and the demo archive."""
    shutil.copytree(demo, tmp_path / "home")
    (tmp_path / "saved-stories").mkdir()
    for name, text in STORIES.items():
        (tmp_path / "saved-stories" / name).write_text(text)
    (tmp_path / "another-story.md").write_text("# Butter\n\nby quiet_tide\n\nThe dish was cold.\n")
    shutil.copyfile(ROOT / "tests" / "golden" / "efiction" / "own-backup" / "in.sql", tmp_path / "old-site.sql")
    return command


def follow(document: Path, desk: Archive) -> None:
    """Every example of a document, in order, in one shell's words."""
    for block in blocks(document):
        for command, lines in steps(block):
            done = subprocess.run(
                ["bash", "-c", command],
                cwd=desk.folder,
                env=desk.environment,
                capture_output=True,
                text=True,
                check=False,
            )
            assert done.returncode == 0, f"{command}\n{done.stdout}{done.stderr}"
            for line in lines:
                assert line in done.stdout, f"{command}\n{done.stdout}"


@pytest.mark.slow
@pytest.mark.parametrize("document", RUNNING, ids=lambda path: path.stem)
def test_examples_do_what_they_say(desk, document):
    follow(document, desk)


@pytest.mark.slow
def test_the_guide_to_a_rescue_can_be_followed_from_the_backup_on(command):
    backup(command.folder / "backup")
    follow(RESCUE, command)


def test_there_are_examples():
    assert {path.stem for path in RUNNING} >= {"first-day", "importing", "upkeep"}
    assert len(blocks(RESCUE)) > 9
