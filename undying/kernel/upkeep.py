"""Folding SQLite's log back into the database file: by one process at a time, with no commit beside it.

SQLite before 3.51.3 can corrupt a database when a checkpoint that resets the log runs beside a commit (see
docs/decisions/0003). So no connection checkpoints by itself (`wal_autocheckpoint=0`); whoever calls this holds a lock
on a file, and TRUNCATE holds the writers' lock for the time of the reset. It waits for readers with that lock in hand,
so it waits briefly: a reader who takes longer costs a postponed checkpoint, not a writer's time-out.
"""

from __future__ import annotations

import fcntl
from datetime import timedelta

from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore
from django.db import connection
from django_tasks_db.models import DBTaskResult

from undying.kernel.clock import now

A_WEEK = timedelta(days=7)
BUSY = 1
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
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            row = cursor.fetchone()
            cursor.execute(f"PRAGMA busy_timeout = {usual}")
        return bool(row) and row[0] != BUSY


def prune() -> None:
    """Forget sessions that have run out, and tasks that were done a week ago."""
    SessionStore.clear_expired()
    DBTaskResult.objects.filter(finished_at__lt=now() - A_WEEK).delete()
