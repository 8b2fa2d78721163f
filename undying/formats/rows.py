"""Rows of another archive's tables, put down in a SQLite file: any table, any fields, in bounded memory."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from undying.formats import Fate, Outcome
from undying.formats.labels import DIGITS_OF_AN_ID, whole_number

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its number in the spool, its table, its key, its fields, and how its fate is told."""

    n: int
    table: str
    key: str
    values: dict[str, Any]
    container: str
    shown: str
    span: tuple[int, int] | None

    def text(self, name: str) -> str:
        """A field as text; "" where it is not there."""
        value = self.values.get(name)
        return "" if value is None or isinstance(value, dict | list) else str(value)

    def number(self, name: str) -> int | None:
        """A field as a whole number; None where it is none."""
        value = self.values.get(name)
        if isinstance(value, bool):
            return int(value)
        return whole_number(str(value), most_digits=DIGITS_OF_AN_ID) if isinstance(value, int | str) else None

    def is_true(self, name: str) -> bool:
        """Whether a field says yes, in the ways that databases say it."""
        return self.text(name).strip().lower() in {"1", "true", "t", "yes"}

    def refs(self, name: str) -> list[str]:
        """The keys of other rows that a field names: one, a list of them, or objects with an id."""
        value = self.values.get(name)
        listed = value if isinstance(value, list) else [value]
        return [found for each in listed if (found := ref(each))]

    def fate(self, outcome: Outcome, detail: str = "") -> Fate:
        """How the row ended."""
        return Fate(container=self.container, key=self.shown, outcome=outcome, detail=detail, span=self.span)


def ref(value: object) -> str:
    """The key that a value names; "" for none."""
    if isinstance(value, dict):
        return ref(value.get("id"))
    if isinstance(value, list):
        return ref(value[0]) if len(value) == 1 else ""
    return "" if value is None or isinstance(value, bool) else str(value)


class Rows:
    """The rows of several tables. `used` marks those that have found their fate."""

    def __init__(self, scratch: Path) -> None:
        self._db = sqlite3.connect(scratch / "rows.sqlite", isolation_level=None)
        self._db.executescript(
            """PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF;
            CREATE TABLE rows (n INTEGER PRIMARY KEY, tbl TEXT, key TEXT, owner TEXT, place INTEGER, container TEXT,
              shown TEXT, at INTEGER, size INTEGER, data TEXT, used INTEGER DEFAULT 0);
            CREATE UNIQUE INDEX by_key ON rows (tbl, key);
            CREATE INDEX by_owner ON rows (tbl, owner, place);
            CREATE TABLE shown (container TEXT, name TEXT, PRIMARY KEY (container, name)) WITHOUT ROWID;"""
        )

    def close(self) -> None:
        """Let go of the file."""
        self._db.close()

    def add(
        self,
        table: str,
        key: str,
        values: dict[str, Any],
        *,
        container: str,
        span: tuple[int, int] | None = None,
        owner: str = "",
        place: int = 0,
    ) -> Fate | None:
        """Put a row down under its key; its fate when another with that key came before it."""
        shown = self._shown(container, key or "no key")
        at, size = span or (None, None)
        values_told = (table, key or f"?{shown}", owner, place, container, shown, at, size, json.dumps(values))
        statement = (
            "INSERT OR IGNORE INTO rows (tbl, key, owner, place, container, shown, at, size, data)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
        )
        if self._db.execute(statement, values_told).rowcount:
            return None
        why = f"another row with the key {key} came before it"
        return Fate(container=container, key=shown, outcome=Outcome.REFUSED, detail=why, span=span)

    def _shown(self, container: str, key: str) -> str:
        name, times = key, 1
        while not self._db.execute("INSERT OR IGNORE INTO shown VALUES (?, ?)", (container, name)).rowcount:
            times += 1
            name = f"{key} ({times})"
        return name

    def get(self, table: str, key: str) -> Row | None:
        """The row with this key."""
        return next(self._found("tbl = ? AND key = ? ORDER BY n", table, key), None)

    def of(self, table: str, owner: str) -> list[Row]:
        """The rows that belong to an owner, in order of their places."""
        return list(self._found("tbl = ? AND owner = ? ORDER BY place, n", table, owner))

    def all(self, table: str) -> Iterator[Row]:
        """Every row of a table, in the order of the file, read as they are asked for."""
        last = -1
        while row := next(self._found("tbl = ? AND n > ? ORDER BY n LIMIT 1", table, last), None):
            last = row.n
            yield row

    def use(self, *rows: Row) -> None:
        """These have found their fate."""
        self._db.executemany("UPDATE rows SET used = 1 WHERE n = ?", [(row.n,) for row in rows])

    def unused(self) -> Iterator[Row]:
        """Those that have not."""
        last = -1
        while row := next(self._found("used = 0 AND n > ? ORDER BY n LIMIT 1", last), None):
            last = row.n
            yield row

    def totals(self) -> Iterator[tuple[str, int]]:
        """(container, rows), those that came twice included."""
        yield from self._db.execute("SELECT container, count(*) FROM shown GROUP BY container ORDER BY container")

    def _found(self, where: str, *parameters: str | int) -> Iterator[Row]:
        columns = "n, tbl, key, data, container, shown, at, size"
        rows = self._db.execute(f"SELECT {columns} FROM rows WHERE {where}", parameters)  # noqa: S608 - of this module
        for n, table, key, data, container, shown, at, size in rows:
            yield Row(n, table, key, json.loads(data), container, shown, None if at is None else (at, size))
