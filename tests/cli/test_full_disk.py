"""A disk without room is one sentence that says where and what to do, whatever was being done."""

from __future__ import annotations

import errno
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner
from django.db import OperationalError, connection

from undying.cli import serving
from undying.cli.commands import undying
from undying.community import counting
from undying.exchange import optouts
from undying.exchange.private import Message, OptOut
from undying.kernel import conf

if TYPE_CHECKING:
    from collections.abc import Iterator

NO_SPACE = OSError(errno.ENOSPC, "No space left on device")


@pytest.fixture
def no_room(home: Path, transactional_db: None) -> Iterator[None]:
    """A database that cannot grow."""
    if connection.vendor != "sqlite":
        pytest.skip("SQLite's own way to be full")
    with connection.cursor() as cursor:
        cursor.execute("VACUUM")
        cursor.execute("PRAGMA page_count")
        cursor.execute(f"PRAGMA max_page_count = {cursor.fetchone()[0]}")
        yield
        cursor.execute("PRAGMA max_page_count = 1073741823")


def test_a_database_without_room_is_one_line_and_nothing_is_half_written(no_room, home, monkeypatch):
    def note(person, asked):
        rows = noting(person, asked)
        Message.objects.create(text="A long night on the sand. " * 100_000)
        return rows

    noting = optouts.note
    monkeypatch.setattr(optouts, "note", note)
    told = CliRunner().invoke(undying, ["optout", "add", "--name", "Mina"])
    assert told.exit_code == 1
    assert told.stderr == (
        f"undying: The disk is full: the database in {home} could not be written. Free some space and run the command "
        "again.\n"
    )
    assert not OptOut.objects.exists()


def test_output_that_finds_no_room_is_one_line(archive):
    for words in (["settings"], ["--help"]):
        with Path("/dev/full").open("w") as full:
            told = subprocess.run(
                archive.command(*words),
                env=archive.environment,
                stdout=full,
                stderr=subprocess.PIPE,
                text=True,
                check=False,
            )
        assert told.returncode == 1
        assert told.stderr.startswith("undying: The disk is full: what this tells could not be written. Free some")
        assert told.stderr.count("\n") == 1


def test_a_report_that_finds_no_room_leaves_none(archive, stories):
    told = archive.run("import", str(stories), "--report", "/dev/full")
    assert told.returncode == 1
    assert told.stderr.splitlines()[-1].startswith("undying: The disk is full: /dev/full could not be written.")


def test_a_key_that_finds_no_room_leaves_nothing_beside_it(home, monkeypatch):
    def full(*_args, **_options):
        raise NO_SPACE

    monkeypatch.setattr("os.link", full)
    with pytest.raises(OSError, match="No space left"):
        conf._write_once(home / "secret_key", "a key")
    assert list(home.iterdir()) == []


def test_the_worker_says_so_and_waits(home, transactional_db, monkeypatch, capsys):
    chores = serving._Chores()
    monkeypatch.setattr(counting, "drain_if_free", raising(NO_SPACE))
    assert chores.turn() == serving.WHILE_FULL
    assert "could not be written. Free some space; the worker goes on then." in capsys.readouterr().err
    monkeypatch.undo()
    assert chores.turn() < serving.WHILE_FULL


def test_what_else_stops_the_worker_is_not_hushed_up(home, transactional_db, monkeypatch):
    monkeypatch.setattr(counting, "drain_if_free", raising(OperationalError("no such table")))
    with pytest.raises(OperationalError):
        serving._Chores().turn()


def raising(error):
    def fail(*_args, **_options):
        raise error

    return fail
