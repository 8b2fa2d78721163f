"""The shell examples of docs/running do what they say, one document after the other, on the demo archive."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests.cli.conftest import STORIES
from tests.cli.running import Archive
from tests.meta.source import ROOT

if TYPE_CHECKING:
    from pathlib import Path

DOCUMENTS = sorted(path for path in (ROOT / "docs" / "running").glob("*.md") if "```console" in path.read_text())


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
def desk(tmp_path: Path, demo: Path) -> Archive:
    """A folder with what the examples name, and `undying` on the path."""
    shutil.copytree(demo, tmp_path / "home")
    (tmp_path / "saved-stories").mkdir()
    for name, text in STORIES.items():
        (tmp_path / "saved-stories" / name).write_text(text)
    (tmp_path / "another-story.md").write_text("# Butter\n\nby quiet_tide\n\nThe dish was cold.\n")
    shutil.copyfile(ROOT / "tests" / "golden" / "efiction" / "own-backup" / "in.sql", tmp_path / "old-site.sql")
    (tmp_path / "bin").mkdir()
    command = tmp_path / "bin" / "undying"
    command.write_text(f'#!/bin/sh\nexec {sys.executable} -m undying.cli "$@"\n')
    command.chmod(0o755)
    return Archive(tmp_path / "home", tmp_path)


@pytest.mark.slow
@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.stem)
def test_examples_do_what_they_say(desk, document):
    environment = {**desk.environment, "PATH": f"{desk.folder / 'bin'}:{desk.environment['PATH']}"}
    for block in blocks(document):
        for command, lines in steps(block):
            done = subprocess.run(
                ["bash", "-c", command], cwd=desk.folder, env=environment, capture_output=True, text=True, check=False
            )
            assert done.returncode == 0, f"{command}\n{done.stdout}{done.stderr}"
            for line in lines:
                assert line in done.stdout, f"{command}\n{done.stdout}"


def test_there_are_examples():
    assert {path.stem for path in DOCUMENTS} >= {"first-day", "importing", "upkeep"}
