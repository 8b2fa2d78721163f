"""What the tests of upkeep run as processes of their own: `python -m tests.kernel.writing WHAT SECONDS`."""

from __future__ import annotations

import sys
import time

import django
from django.conf import settings
from django.core.management import call_command
from django.db import connection, transaction

django.setup()

from undying.kernel import ledger, upkeep  # noqa: E402 - Django must stand first
from undying.kernel.ids import new_id  # noqa: E402 - same


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
    "pragmas": pragmas,
}
if __name__ == "__main__":
    ROUNDS[sys.argv[1]](float(sys.argv[2]))
