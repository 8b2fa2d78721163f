"""What the tests of upkeep run as processes of their own: `python -m tests.kernel.writing WHAT SECONDS`."""

from __future__ import annotations

import sqlite3
import sys
import time

import django
from django.conf import settings
from django.core.management import call_command
from django.db import connection, transaction

django.setup()

from undying.kernel import ledger, upkeep  # noqa: E402 - Django must stand first
from undying.kernel.ids import new_id  # noqa: E402 - same
from undying.kernel.models import Pending  # noqa: E402 - same
from undying.kernel.portions import portions  # noqa: E402 - same

SURVEYED = 30


def prepare(_seconds: float) -> None:
    """Make the tables."""
    call_command("migrate", "kernel", verbosity=0)


def write(seconds: float) -> None:
    """Commit one note after another, and say each once it is committed."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        number = new_id()
        with transaction.atomic():
            ledger.mark("work", [number])
        print(number, flush=True)


def checkpoint(seconds: float) -> None:
    """Fold the log back again and again; say each time that it was done."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if upkeep.checkpoint():
            print(1, flush=True)
        time.sleep(0.01)


def write_and_fold(_seconds: float) -> None:
    """One note, then one checkpoint: whether it was done, and how long the log is after it."""
    ledger.mark("work", [new_id()])
    print(upkeep.checkpoint())
    log = settings.UNDYING.home / "undying.sqlite3-wal"
    print(log.stat().st_size if log.exists() else 0)


def survey(_seconds: float) -> None:
    """A few notes, then a survey, and again under a writer's hands: how many rows SQLite thinks there are of them."""
    ledger.mark("work", range(SURVEYED))
    upkeep.survey()
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM sqlite_master WHERE name = 'sqlite_stat1'")
        print("surveyed" if cursor.fetchone()[0] else "small")
    upkeep.SMALLEST_SURVEYED = 0
    upkeep.survey()
    with connection.cursor() as cursor:
        cursor.execute("SELECT stat FROM sqlite_stat1 WHERE tbl = 'kernel_pending'")
        print(cursor.fetchone()[0].split()[0])
        cursor.execute("PRAGMA busy_timeout = 10")
    writer = sqlite3.connect(settings.UNDYING.home / "undying.sqlite3", isolation_level=None)
    writer.execute("BEGIN IMMEDIATE")
    upkeep.survey()
    print("waits")


def read_and_write(_seconds: float) -> None:
    """Portion by portion, with another who commits in between: how many notes were read, and written anew."""
    ledger.mark("work", range(SURVEYED))
    other = sqlite3.connect(settings.UNDYING.home / "undying.sqlite3", isolation_level=None)
    seen = []
    for portion in portions(Pending.objects.all(), 7):
        other.execute("UPDATE kernel_pending SET version = version + 1")
        ledger.mark("work", [row.object_id for row in portion])
        seen += [row.object_id for row in portion]
    print(len(seen), len(set(seen)))


def pragmas(_seconds: float) -> None:
    """How the connection stands."""
    with connection.cursor() as cursor:
        for name in ("journal_mode", "synchronous", "foreign_keys", "wal_autocheckpoint", "mmap_size"):
            cursor.execute(f"PRAGMA {name}")
            print((cursor.fetchone() or [0])[0])
    print(connection.transaction_mode)


ROUNDS = {
    "prepare": prepare,
    "write": write,
    "checkpoint": checkpoint,
    "write-and-fold": write_and_fold,
    "survey": survey,
    "read-and-write": read_and_write,
    "pragmas": pragmas,
}
if __name__ == "__main__":
    ROUNDS[sys.argv[1]](float(sys.argv[2]))
