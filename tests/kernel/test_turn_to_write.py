"""A transaction that must wait for another writer asks often, as long as its connection may wait, and no longer."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING

import pytest
from django.db import OperationalError

from undying.kernel.conf import load
from undying.kernel.sqlite import base

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.django_db


@pytest.fixture
def connection(tmp_path: Path) -> Iterator[base.DatabaseWrapper]:
    """One to a database of its own, as the archive opens it."""
    described = load({"UNDYING_HOME": str(tmp_path)}).database()
    plain = {"AUTOCOMMIT": True, "ATOMIC_REQUESTS": False, "TIME_ZONE": None, "CONN_HEALTH_CHECKS": False, "TEST": {}}
    opened = base.DatabaseWrapper(plain | described, "alone")
    with opened.cursor() as cursor:
        cursor.execute("CREATE TABLE told (word TEXT)")
    yield opened
    opened.close()


@pytest.fixture
def other(tmp_path: Path, connection: base.DatabaseWrapper) -> Iterator[sqlite3.Connection]:
    """Another writer of the same file, who has the lock."""
    opened = sqlite3.connect(tmp_path / "undying.sqlite3", isolation_level=None)
    opened.execute("BEGIN IMMEDIATE")
    yield opened
    opened.close()


def write(connection: base.DatabaseWrapper) -> None:
    connection.set_autocommit(False, force_begin_transaction_with_broken_autocommit=True)
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO told VALUES ('lamp')")
    connection.commit()
    connection.set_autocommit(True)


def patience(connection: base.DatabaseWrapper) -> int:
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA busy_timeout")
        return int(cursor.fetchone()[0])


def test_it_asks_again_and_again_and_writes_when_the_other_has_done(connection, other, monkeypatch):
    naps: list[float] = []

    def nap(seconds: float) -> None:
        naps.append(seconds)
        if len(naps) == 40:
            other.execute("ROLLBACK")

    monkeypatch.setattr(base.time, "sleep", nap)
    write(connection)

    assert len(naps) == 40
    assert max(naps) < 0.01
    assert patience(connection) == 20_000
    assert other.execute("SELECT count(*) FROM told").fetchone() == (1,)


def test_it_gives_up_when_its_time_is_over(connection, other, monkeypatch):
    passed = iter(range(1000))
    monkeypatch.setattr(base.time, "monotonic", lambda: float(next(passed)))
    monkeypatch.setattr(base.time, "sleep", lambda _: None)

    with pytest.raises(OperationalError, match="locked"):
        write(connection)
    assert next(passed) == 21, "one question a second"
    assert patience(connection) == 20_000
    assert other.in_transaction
