"""SQLite as the archive opens it: nothing acknowledged is lost, and one process folds the log back."""

from __future__ import annotations

import contextlib
import fcntl
import os
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

from undying.kernel.conf import Conf, load

SECONDS = 4
SOME = 20
"""Rows after which a writer is in full swing."""


@pytest.fixture
def archive(tmp_path: Path) -> Conf:
    """A data folder with the archive's own database settings."""
    return load({"UNDYING_HOME": str(tmp_path)})


def run(archive: Conf, what: str) -> subprocess.Popen[str]:
    """`python -m tests.kernel.writing WHAT` in that data folder."""
    kept = {name: os.environ[name] for name in ("PATH", "PYTHONPATH") if name in os.environ}
    return subprocess.Popen(
        [sys.executable, "-m", "tests.kernel.writing", what, str(SECONDS)],
        env={**kept, "UNDYING_HOME": str(archive.home), "DJANGO_SETTINGS_MODULE": "undying.site.settings"},
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).resolve().parents[2],
    )


def told_by(process: subprocess.Popen[str]) -> str:
    """What it printed until it ended."""
    told, _ = process.communicate(timeout=60)
    return told


def acknowledged(process: subprocess.Popen[str]) -> list[int]:
    """What a writer said it had committed; a line that a kill cut short does not count."""
    return [int(line) for line in told_by(process).split("\n")[:-1]]


def kept(archive: Conf) -> set[int]:
    """The works noted in the ledger, after SQLite has looked the file over."""
    with contextlib.closing(sqlite3.connect(archive.home / "undying.sqlite3")) as opened:
        assert opened.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        return {row[0] for row in opened.execute("SELECT object_id FROM kernel_pending")}


@pytest.mark.slow
def test_writers_beside_the_checkpointer_lose_nothing_and_damage_nothing(archive):
    told_by(run(archive, "prepare"))
    folding = [run(archive, "checkpoint"), run(archive, "checkpoint")]
    writers = [run(archive, "write") for _ in range(3)]
    told = [number for writer in writers for number in acknowledged(writer)]
    folds = sum(len(acknowledged(process)) for process in folding)
    assert all(process.returncode == 0 for process in [*writers, *folding])
    assert len(told) > 30
    assert folds > 3
    assert kept(archive) == set(told)


@pytest.mark.slow
def test_a_writer_that_is_killed_loses_nothing_that_it_acknowledged(archive):
    told_by(run(archive, "prepare"))
    writers = [run(archive, "write") for _ in range(2)]
    end = time.monotonic() + 30
    while len(kept(archive)) < SOME and time.monotonic() < end:
        time.sleep(0.05)
    for writer in writers:
        writer.send_signal(signal.SIGKILL)
    told = {number for writer in writers for number in acknowledged(writer)}
    found = kept(archive)
    assert told
    assert told <= found
    assert len(found - told) <= len(writers)


def test_the_database_is_opened_as_the_decision_says(archive):
    assert told_by(run(archive, "pragmas")).split() == ["wal", "2", "1", "0", "0", "IMMEDIATE"]


def test_a_checkpoint_leaves_an_empty_log_and_never_runs_twice_at_a_time(archive):
    told_by(run(archive, "prepare"))
    assert told_by(run(archive, "write-and-fold")).split() == ["True", "0"]
    with (archive.home / "checkpoint.lock").open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        told = told_by(run(archive, "write-and-fold"))
    assert told.split()[0] == "False"


def test_a_long_reader_postpones_the_checkpoint_and_no_writer(archive):
    told_by(run(archive, "prepare"))
    told_by(run(archive, "write-and-fold"))
    reader = sqlite3.connect(archive.home / "undying.sqlite3", isolation_level=None)
    reader.execute("BEGIN")
    reader.execute("SELECT count(*) FROM kernel_pending").fetchone()
    began = time.monotonic()
    told = told_by(run(archive, "write-and-fold"))
    took = time.monotonic() - began
    reader.close()
    assert told.split()[0] == "False"
    assert took < 10


def test_sqlite_learns_how_much_there_is_and_a_writer_who_is_at_it_is_no_trouble(archive):
    told_by(run(archive, "prepare"))
    assert told_by(run(archive, "survey")).split() == ["small", "30", "waits"]


def test_who_reads_in_portions_may_write_between_others(archive):
    told_by(run(archive, "prepare"))
    rows, different = map(int, told_by(run(archive, "read-and-write")).split())
    assert rows == different > 0
