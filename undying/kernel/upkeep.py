"""Folding SQLite's log back into the database file: by one process at a time, with no commit beside it.

SQLite before 3.51.3 can corrupt a database when a checkpoint that resets the log runs beside a commit (see
docs/decisions/0003). So no connection checkpoints by itself (`wal_autocheckpoint=0`); whoever calls this holds a lock
on a file, and TRUNCATE holds the writers' lock for the time of the reset. It waits for readers with that lock in hand,
so it waits briefly: a reader who takes longer costs a postponed checkpoint, not a writer's time-out.
"""

from __future__ import annotations

import contextlib
import fcntl
import sqlite3
from datetime import timedelta

from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore
from django.db import DatabaseError, OperationalError, connection
from django_tasks_db.models import DBTaskResult

from undying.kernel import limits
from undying.kernel.clock import now

A_WEEK = timedelta(days=7)
BUSY = 1
_DAMAGED = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB})
_POSTGRES_DAMAGED = frozenset({"XX001", "XX002"})
ROWS_SURVEYED = 10_000
SMALLEST_SURVEYED = 100_000_000
"""Bytes of a database. What is learnt of a small one misleads as soon as an import has made a large one of it."""
SHORT_WAIT = 500
"""Milliseconds for readers to finish; then the next tick tries again."""


def checkpoint() -> bool:
    """Fold the log back if nobody else is at it; whether that was done. Nothing to do on PostgreSQL."""
    if connection.vendor != "sqlite" or connection.in_atomic_block:
        return False
    lock = settings.UNDYING.home / "checkpoint.lock"
    with lock.open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA busy_timeout")
            usual = cursor.fetchone()[0]
            cursor.execute(f"PRAGMA busy_timeout = {SHORT_WAIT}")
            # First what can be folded beside writers: cutting the log keeps them out until all of it is folded.
            cursor.execute("PRAGMA wal_checkpoint(PASSIVE)")
            cursor.fetchone()
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            row = cursor.fetchone()
            cursor.execute(f"PRAGMA busy_timeout = {usual}")
        return bool(row) and row[0] != BUSY


def survey() -> None:
    """Let SQLite look how many rows its indexes find at a time, or in a large archive it takes the longer way to some
    pages: a sample of each, which takes milliseconds. PostgreSQL does that unasked. Its next turn will do as well.
    """
    if connection.vendor != "sqlite" or connection.in_atomic_block:
        return
    with contextlib.suppress(OperationalError), connection.cursor() as cursor:
        cursor.execute("SELECT page_count * page_size FROM pragma_page_count, pragma_page_size")
        if cursor.fetchone()[0] < SMALLEST_SURVEYED:
            return
        cursor.execute(f"PRAGMA analysis_limit = {ROWS_SURVEYED}")
        cursor.execute("ANALYZE")


def prune() -> None:
    """Forget sessions and limits that have run out, and tasks that were done a week ago."""
    SessionStore.clear_expired()
    limits.forget_old()
    DBTaskResult.objects.filter(finished_at__lt=now() - A_WEEK).delete()


def is_damage(error: DatabaseError) -> bool:
    """Whether the database says that its own files are spoilt."""
    cause = error.__cause__
    is_sqlites = getattr(cause, "sqlite_errorcode", 0) & 0xFF in _DAMAGED
    return is_sqlites or getattr(cause, "sqlstate", "") in _POSTGRES_DAMAGED
