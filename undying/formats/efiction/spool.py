"""The rows of one archive, put down in a SQLite file so that memory stays small whatever the dump's size.

Every row keeps the container and key that its fate is told under, and where its bytes stand; `used` is set once a
story, or a tag of one, was made of it. What is left unused at the end gets its own fate.
"""

from __future__ import annotations

import sqlite3
from array import array
from typing import TYPE_CHECKING

from undying.formats.efiction.tables import ENTITIES, integer

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from undying.formats.efiction.values import Value

_PLACES_AT_A_TIME = 3 * 8192
_INDEXES = (
    "CREATE INDEX IF NOT EXISTS chapters_of ON chapters (sid)",
    "CREATE INDEX IF NOT EXISTS reviews_of ON reviews (item)",
    "CREATE INDEX IF NOT EXISTS coauthors_of ON coauthors (sid)",
    "CREATE INDEX IF NOT EXISTS inseries_of ON inseries (sid)",
    "CREATE INDEX IF NOT EXISTS inseries_sub ON inseries (subseriesid)",
)


class Spool:
    """One archive's rows. `add` and the queries may be mixed; call `seal` between loading and asking."""

    def __init__(self, path: Path) -> None:
        self.db = sqlite3.connect(path, isolation_level=None)
        self.db.row_factory = sqlite3.Row
        # The file lives for one reading: losing it in a power cut costs nothing.
        for pragma in ("journal_mode=OFF", "synchronous=OFF", "cache_size=-32000", "temp_store=FILE"):
            self.db.execute(f"PRAGMA {pragma}")
        self.has_old_names = False
        self.has_chapters_as_stories = False
        self._insert: dict[str, str] = {}
        for entity, known in ENTITIES.items():
            self._create(entity, known.columns, known.key)
        self.db.execute("BEGIN")

    def _create(self, entity: str, columns: tuple[str, ...], key: tuple[str, ...]) -> None:
        # Names come from ENTITIES, never from the dump.
        listed = ", ".join(f'"{name}"' for name in columns)
        self.db.execute(
            f"CREATE TABLE {entity} (n INTEGER PRIMARY KEY, container TEXT, key TEXT, at INTEGER, size INTEGER, "
            f"used INTEGER DEFAULT 0, {listed})"
        )
        unique = ", ".join(f'"{name}"' for name in key)
        self.db.execute(f"CREATE UNIQUE INDEX {entity}_key ON {entity} ({unique})")
        # Nothing equals a NULL there: it is the key that is told which no two rows may have.
        self.db.execute(f"CREATE UNIQUE INDEX {entity}_told ON {entity} (key)")
        marks = ", ".join("?" * (len(columns) + 4))
        self._insert[entity] = f"INSERT OR IGNORE INTO {entity} (container, key, at, size, {listed}) VALUES ({marks})"  # noqa: S608 - names of ENTITIES

    def add(self, entity: str, container: str, row: dict[str, Value], position: int, span: tuple[int, int]) -> str:
        """Put one row down; why not, if it cannot be. A row with an empty container is another row's second half.

        `span` is where its bytes stand in the dump.
        """
        known = ENTITIES[entity]
        values: list[int | bytes | None] = []
        for name in known.columns:
            if name in known.numbers:
                number = integer(row.get(name))
                if number is None and name in known.key and name not in {"sid", "subseriesid"}:
                    return f"its {name} is not a number"
                values.append(number or 0)
            else:
                values.append(row.get(name))
        if entity in {"stories", "chapters", "coauthors"} and values[known.columns.index("sid")] == 0:
            return "its sid is not the number of a story"
        key = "/".join(_shown(values[known.columns.index(name)]) for name in known.key) or f"row {position}"
        if self.db.execute(self._insert[entity], (container, key, *span, *values)).rowcount == 0:
            return f"another row with the key {key} came before it"
        return ""

    def take_back_half(self, container: str, chapter: dict[str, Value]) -> bool:
        """Let go of the story that was put down last, if its own table has another row with its number; whether so.

        A chapter that a table of chapters has told already takes no story away.
        """
        statement = "SELECT 1 FROM chapters WHERE chapid = ? AND container = ?"
        if self.row(statement, integer(chapter.get("chapid")) or 0, container) is None:
            return False
        self.db.execute("DELETE FROM stories WHERE n = last_insert_rowid()")
        return True

    def seal(self) -> None:
        """Loading is over: make the indexes that the questions need."""
        for statement in _INDEXES:
            self.db.execute(statement)

    def rows(self, statement: str, *parameters: int | str) -> list[sqlite3.Row]:
        """The answer, whole: for questions about one story."""
        return self.db.execute(statement, parameters).fetchall()

    def stream(self, statement: str, *parameters: int | str) -> Iterator[sqlite3.Row]:
        """The answer row by row: for questions about the whole archive."""
        return iter(self.db.execute(statement, parameters))

    def row(self, statement: str, *parameters: int | str) -> sqlite3.Row | None:
        """The first row of the answer."""
        found: sqlite3.Row | None = self.db.execute(statement, parameters).fetchone()
        return found

    def count(self, entity: str) -> int:
        """How many rows are put down for an entity."""
        return int(self.db.execute(f"SELECT count(*) FROM {_known(entity)}").fetchone()[0])  # noqa: S608 - checked

    def mark(self, entity: str, numbers: Iterable[int]) -> None:
        """These rows (by `n`) have found their fate."""
        self.db.executemany(f"UPDATE {_known(entity)} SET used = 1 WHERE n = ?", ((n,) for n in numbers))  # noqa: S608 - checked

    def close(self) -> None:
        """Let go of the file."""
        self.db.close()


def span_of(row: sqlite3.Row) -> tuple[int, int]:
    """Where in the dump the bytes of a spooled row stand."""
    return row["at"], row["size"]


class Places:
    """Every row of the dump, in its order: the number of its table, and where its bytes stand. On disk."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("w+b")
        self._waiting = array("Q")

    def add(self, table: int, at: int, size: int) -> None:
        """One row was read."""
        self._waiting.extend((table, at, size))
        if len(self._waiting) >= _PLACES_AT_A_TIME:
            self._put_down()

    def _put_down(self) -> None:
        self._waiting.tofile(self._file)
        del self._waiting[:]

    def __iter__(self) -> Iterator[tuple[int, int, int]]:
        self._put_down()
        self._file.seek(0)
        while data := self._file.read(_PLACES_AT_A_TIME * 8):
            numbers = iter(array("Q", data))
            yield from zip(numbers, numbers, numbers, strict=True)

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()


class Refusals:
    """Rows that were refused: the number of their table, a key, a reason, their place. A dump may be all damage."""

    def __init__(self, path: Path) -> None:
        self._db = sqlite3.connect(path, isolation_level=None)
        self._db.execute("CREATE TABLE refused (container INTEGER, key TEXT, why TEXT, at INTEGER, size INTEGER)")
        self._db.execute("BEGIN")

    def add(self, container: int, key: str, why: str, span: tuple[int, int]) -> None:
        """One row was refused."""
        self._db.execute("INSERT INTO refused VALUES (?, ?, ?, ?, ?)", (container, key, why, *span))

    def __iter__(self) -> Iterator[tuple[int, str, str, tuple[int, int]]]:
        for container, key, why, at, size in self._db.execute("SELECT * FROM refused ORDER BY rowid"):
            yield container, key, why, (at, size)

    def close(self) -> None:
        """Let go of the file."""
        self._db.close()


def _known(entity: str) -> str:
    """The entity's name, sure to be one of ours before it goes into a statement."""
    if entity not in ENTITIES:
        raise KeyError(entity)
    return entity


def _shown(value: int | bytes | None) -> str:
    if value is None:
        return "NULL"
    return value.decode("utf-8", "backslashreplace") if isinstance(value, bytes) else str(value)
