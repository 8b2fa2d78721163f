"""Numbers by number, however many, in a temporary file that is gone with the process: memory stays as it is."""

from __future__ import annotations

import sqlite3


class Numbers:
    """What a rehearsal remembers of each row and file: a dump may have millions. A few microseconds for each."""

    def __init__(self) -> None:
        self._db = sqlite3.connect("", isolation_level=None)
        for pragma in ("journal_mode=OFF", "synchronous=OFF", "cache_size=-8000", "temp_store=FILE"):
            self._db.execute(f"PRAGMA {pragma}")
        self._db.execute("CREATE TABLE known (name INTEGER PRIMARY KEY, value INTEGER)")
        self._db.execute("BEGIN")

    def __del__(self) -> None:
        self._db.close()

    def add(self, name: int) -> bool:
        """Remember it; whether it is new."""
        return self._db.execute("INSERT OR IGNORE INTO known VALUES (?, 0)", (name,)).rowcount == 1

    def get(self, name: int) -> int | None:
        """What was put under that name last."""
        row = self._db.execute("SELECT value FROM known WHERE name = ?", (name,)).fetchone()
        return None if row is None else int(row[0])

    def put(self, name: int, value: int) -> None:
        """From now on it is this."""
        self._db.execute("INSERT OR REPLACE INTO known VALUES (?, ?)", (name, value))
