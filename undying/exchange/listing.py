"""The files that an import found, in a database in its working folder: a folder of chapter files holds very many."""

from __future__ import annotations

import os
import sqlite3
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from undying.exchange.naming import shown

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

AT_A_TIME = 500
_TABLES = """
    CREATE TABLE seen (path BLOB PRIMARY KEY) WITHOUT ROWID;
    CREATE TABLE files (
        n INTEGER PRIMARY KEY, path BLOB, root BLOB, digest TEXT, size INTEGER, changed INTEGER,
        is_aside INTEGER, is_claimed INTEGER DEFAULT 0
    );
    CREATE INDEX files_at ON files (path);
    CREATE TEMP TABLE lines (line BLOB);
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A file to read: where its bytes are now, the folder that people are shown it from, and what it looked like."""

    path: Path
    root: Path
    digest: str
    looks: tuple[int, int] = (0, 0)

    @property
    def container(self) -> str:
        """The folder that its fate is told under."""
        return folder_of(self.path, self.root)

    @property
    def key(self) -> str:
        """Its name as its fate tells it."""
        return shown(self.path.name)

    def has_changed(self) -> bool:
        """Whether it is not the file any more that was surveyed."""
        try:
            return looks_of(self.path) != self.looks
        except OSError:
            return True


def folder_of(path: Path, root: Path) -> str:
    """A file's folder as people see it, relative to `root`, ending in a slash."""
    folder = path.parent.relative_to(root).as_posix()
    return "./" if folder == "." else shown(f"{folder}/")


def looks_of(path: Path) -> tuple[int, int]:
    """By what a change of the file would show: its size, and when it was last written."""
    told = path.stat()
    return told.st_size, told.st_mtime_ns


class Listing:
    """Files in the order in which they were found: those to read, and those `aside`, left to the reader that asks.

    A file is claimed once its fate is told. Files may be claimed while others are being looked through.
    """

    def __init__(self, folder: Path) -> None:
        self._db = sqlite3.connect(folder / "files.sqlite3", isolation_level=None)
        # The file lives for one import: losing it in a power cut costs nothing.
        for pragma in ("journal_mode=OFF", "synchronous=OFF", "cache_size=-4000", "temp_store=FILE"):
            self._db.execute(f"PRAGMA {pragma}")
        self._db.executescript(_TABLES)
        self._db.execute("BEGIN")

    def __del__(self) -> None:
        self._db.close()

    def see(self, path: Path) -> bool:
        """Whether it is seen for the first time, whatever it is."""
        return self._db.execute("INSERT OR IGNORE INTO seen VALUES (?)", (os.fsencode(path),)).rowcount == 1

    def was_seen(self, path: Path) -> bool:
        """Whether it was seen before."""
        return self._db.execute("SELECT 1 FROM seen WHERE path = ?", (os.fsencode(path),)).fetchone() is not None

    def add(self, found: Found, *, aside: bool = False) -> None:
        """One more."""
        self._db.execute(
            "INSERT INTO files (path, root, digest, size, changed, is_aside) VALUES (?, ?, ?, ?, ?, ?)",
            (os.fsencode(found.path), os.fsencode(found.root), found.digest, *found.looks, aside),
        )

    def place(self) -> int:
        """How far the list goes, for `forget_since`."""
        return int(self._db.execute("SELECT coalesce(max(n), 0) FROM files").fetchone()[0])

    def forget_since(self, place: int) -> None:
        """Drop what was added behind that place."""
        self._db.execute("DELETE FROM files WHERE n > ?", (place,))

    def claim(self, path: Path) -> None:
        """The fate of the file there is told."""
        self._db.execute("UPDATE files SET is_claimed = 1 WHERE path = ?", (os.fsencode(path),))

    def is_claimed(self, path: Path) -> bool:
        """Whether its fate is told."""
        row = self._db.execute("SELECT is_claimed FROM files WHERE path = ?", (os.fsencode(path),)).fetchone()
        return row is not None and bool(row[0])

    def at(self, path: Path) -> Found | None:
        """The file that lies there, if it is one of these."""
        row = self._db.execute(
            "SELECT path, root, digest, size, changed FROM files WHERE path = ?", (os.fsencode(path),)
        )
        return next(map(_found, row), None)

    def __len__(self) -> int:
        return int(self._db.execute("SELECT count(*) FROM files WHERE NOT is_aside").fetchone()[0])

    def __iter__(self) -> Iterator[Found]:
        """Those to read."""
        return self._those("NOT is_aside")

    def everywhere(self) -> Iterator[Found]:
        """Those to read and those aside."""
        return self._those("1")

    def claimed_aside(self) -> Iterator[Found]:
        """Those aside that their reader told of."""
        return self._those("is_aside AND is_claimed")

    def size(self) -> int:
        """The bytes of all of them."""
        return int(self._db.execute("SELECT coalesce(sum(size), 0) FROM files").fetchone()[0])

    def _those(self, which: str) -> Iterator[Found]:
        # Portion by portion, so that nothing is being asked while rows change.
        statement = f"SELECT path, root, digest, size, changed, n FROM files WHERE n > ? AND {which} ORDER BY n LIMIT ?"  # noqa: S608 - one of three conditions of this class
        last = 0
        while rows := self._db.execute(statement, (last, AT_A_TIME)).fetchall():
            yield from map(_found, rows)
            last = rows[-1][-1]

    def in_order(self, lines: Iterable[str]) -> Iterator[bytes]:
        """The lines sorted, as UTF-8, in which order they stand as their characters do."""
        self._db.executemany("INSERT INTO lines VALUES (?)", ((line.encode(),) for line in lines))
        yield from (line for (line,) in self._db.execute("SELECT line FROM lines ORDER BY line"))
        self._db.execute("DELETE FROM lines")


def _found(row: tuple[bytes, bytes, str, int, int]) -> Found:
    path, root, digest, *looks = row[:5]
    return Found(path=Path(os.fsdecode(path)), root=Path(os.fsdecode(root)), digest=digest, looks=(looks[0], looks[1]))
