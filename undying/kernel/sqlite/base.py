"""Django's backend for SQLite, whose transactions ask often whether it is their turn.

SQLite has no queue of writers: who waits asks again, and soon only every tenth of a second. Beside an import, which
lets go of the lock for some milliseconds between two stories, that is a lottery: a writer was seen to wait 2.4 s while
nobody had held the lock for more than 0.3 s.
"""

from __future__ import annotations

import sqlite3
import time
from typing import Any

from django.db.backends.sqlite3 import base
from django.db.utils import OperationalError

BETWEEN_TWO_TRIES = 0.004
DEFAULT_TIMEOUT = 5.0
"""Seconds: what sqlite3 takes for one that is not told."""


class DatabaseWrapper(base.DatabaseWrapper):
    """One connection."""

    def _start_transaction_under_autocommit(self) -> None:
        """Begin, or raise OperationalError ("database is locked") when the connection's `timeout` is over."""
        timeout = float(self.settings_dict["OPTIONS"].get("timeout", DEFAULT_TIMEOUT))
        end = time.monotonic() + timeout
        opened: sqlite3.Connection = self.connection
        opened.execute("PRAGMA busy_timeout = 0")
        try:
            while True:
                try:
                    super()._start_transaction_under_autocommit()  # type: ignore[misc]  # private, not in the stubs
                except OperationalError as error:
                    if not _is_taken(error) or time.monotonic() >= end:
                        raise
                    time.sleep(BETWEEN_TWO_TRIES)
                else:
                    return
        finally:
            opened.execute(f"PRAGMA busy_timeout = {int(timeout * 1000)}")


def _is_taken(error: OperationalError) -> bool:
    cause: Any = error.__cause__
    code: int = getattr(cause, "sqlite_errorcode", 0)
    return code & 0xFF == sqlite3.SQLITE_BUSY  # whatever else it says of the reason
