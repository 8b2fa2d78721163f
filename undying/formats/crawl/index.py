"""All captures of a crawl in a scratch database, sorted by what they show: memory stays small whatever the crawl is."""

from __future__ import annotations

import hashlib
import sqlite3
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from undying.formats import Fate, Outcome
from undying.formats.crawl.views import Kind, View

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_TABLES = """
CREATE TABLE captures (
    n INTEGER PRIMARY KEY, site TEXT, kind TEXT, key TEXT, part TEXT, url TEXT, digest BLOB, length INTEGER,
    charset TEXT, cut TEXT, body BLOB, path TEXT, container TEXT, name TEXT, at INTEGER, size INTEGER,
    told INTEGER DEFAULT 0
);
CREATE INDEX by_view ON captures (site, kind, key, part, digest);
CREATE INDEX by_kind ON captures (site, kind);
CREATE INDEX by_url ON captures (url);
CREATE INDEX by_path ON captures (path);
CREATE TABLE names (container TEXT, name TEXT, times INTEGER, PRIMARY KEY (container, name)) WITHOUT ROWID;
CREATE TABLE links (site TEXT, kind TEXT, key TEXT, part TEXT, url TEXT, PRIMARY KEY (site, kind, key, part))
    WITHOUT ROWID;
"""
_WITHOUT_BODY = "n, site, kind, key, part, url, path, container, name, at, size"
PICTURE = "picture"
MOST_COPIES = 8
"""Captures of one page that are looked into: the longest ones."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a capture lies: as its fate tells it."""

    container: str
    name: str
    span: tuple[int, int] | None = None
    path: Path | None = None

    def fate(self, outcome: Outcome, detail: str) -> Fate:
        return Fate(
            container=self.container, key=self.name, outcome=outcome, detail=detail, file=self.path, span=self.span
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Capture:
    """One page as it was captured."""

    n: int
    view: View
    url: str
    charset: str
    cut: str
    place: Place
    body: bytes


class Index:
    """Keeps captures and what was told of them."""

    def __init__(self, scratch: Path) -> None:
        self._db = sqlite3.connect(scratch / "crawl.sqlite3")
        self._db.executescript("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -32000;")
        self._db.executescript(_TABLES)
        self._db.row_factory = sqlite3.Row

    def close(self) -> None:
        self._db.close()

    def named(self, container: str, name: str) -> str:
        """The name that a capture has in the ledger: its address, with a number where that was captured before."""
        name = name or "no address"
        row = self._db.execute(
            "INSERT INTO names VALUES (?, ?, 1) ON CONFLICT DO UPDATE SET times = times + 1 RETURNING times",
            (container, name),
        ).fetchone()
        times = int(row["times"])
        return name if times == 1 else self.named(container, f"{name} (captured again, {times})")

    def add(self, view: View | None, url: str, body: bytes, place: Place, *, charset: str = "", cut: str = "") -> None:
        """A page, or with no view a picture. The same bytes of the same view are kept once."""
        what, digest = view or ("", PICTURE, "", ""), hashlib.sha256(body).digest()
        at, size = place.span or (None, None)
        is_kept = place.path is None and (view is None or not self._has(view, digest))
        self._db.execute(
            "INSERT INTO captures (site, kind, key, part, url, digest, length, charset, cut, body, path, container, "
            "name, at, size) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                *what, url, digest, len(body), charset, cut, zlib.compress(body, 1) if is_kept else None,
                str(place.path) if place.path else None, place.container, place.name, at, size,
            ),
        )  # fmt: skip

    def _has(self, view: View, digest: bytes) -> bool:
        statement = "SELECT 1 FROM captures WHERE (site, kind, key, part, digest) = (?, ?, ?, ?, ?) LIMIT 1"
        return self._db.execute(statement, (*view, digest)).fetchone() is not None

    def link(self, view: View, url: str) -> None:
        """That some page links to this view, whether it was captured or not."""
        self._db.execute("INSERT OR IGNORE INTO links VALUES (?, ?, ?, ?, ?)", (*view, url))

    def sites(self) -> list[str]:
        rows = self._db.execute("SELECT DISTINCT site FROM captures WHERE kind != ? ORDER BY site", (PICTURE,))
        return [row["site"] for row in rows]

    def kinds(self, site: str) -> set[str]:
        return {row["kind"] for row in self._db.execute("SELECT DISTINCT kind FROM captures WHERE site = ?", (site,))}

    def keys(self, site: str, *kinds: Kind) -> Iterator[str]:
        """The ids of what these kinds of page show on a site, numbers in order."""
        marks = ", ".join("?" * len(kinds))
        rows = self._db.execute(
            f"SELECT DISTINCT key FROM captures WHERE site = ? AND kind IN ({marks}) ORDER BY length(key), key",  # noqa: S608 - our own names
            (site, *kinds),
        )
        for row in rows:
            yield row["key"]

    def parts(self, site: str, kind: Kind, key: str) -> list[str]:
        rows = self._db.execute(
            "SELECT DISTINCT part FROM captures WHERE site = ? AND kind = ? AND key = ? ORDER BY length(part), part",
            (site, kind, key),
        )
        return [row["part"] for row in rows]

    def copies(self, view: View) -> list[Capture]:
        """The different captures of one view, the longest first."""
        numbers = self._db.execute(
            "SELECT min(n) AS n FROM captures WHERE (site, kind, key, part) = (?, ?, ?, ?) GROUP BY digest "
            "ORDER BY max(length) DESC, min(n) LIMIT ?",
            (*view, MOST_COPIES),
        ).fetchall()
        return [self._capture(row["n"]) for row in numbers]

    def of_kind(self, site: str, kind: Kind) -> Iterator[Capture]:
        """All captures of a kind that differ, one by one."""
        last = 0
        while row := self._db.execute(
            "SELECT n, body IS NULL AND path IS NULL AS is_again FROM captures WHERE site = ? AND kind = ? AND n > ? "
            "ORDER BY n LIMIT 1",
            (site, kind, last),
        ).fetchone():
            last = row["n"]
            if not row["is_again"]:
                yield self._capture(last)

    def address_of(self, path: str) -> str:
        """The address that a saved file came from, "" for one that is not in the crawl."""
        row = self._db.execute("SELECT url FROM captures WHERE path = ? LIMIT 1", (path,)).fetchone()
        return row["url"] if row else ""

    def picture(self, url: str) -> Capture | None:
        row = self._db.execute(
            "SELECT n FROM captures WHERE url = ? AND kind = ? ORDER BY length DESC LIMIT 1", (url, PICTURE)
        ).fetchone()
        return self._capture(row["n"]) if row else None

    def tell(self, captures: Iterable[Capture], outcome: Outcome, detail: str) -> Iterator[Fate]:
        """The fates of these captures, and of other captures of the same views, each once."""
        for capture in captures:
            yield from self._told(capture.n, capture.place, outcome, detail)
            rows = self._db.execute(
                f"SELECT {_WITHOUT_BODY} FROM captures WHERE (site, kind, key, part) = (?, ?, ?, ?) AND told = 0 "  # noqa: S608 - our own names
                "AND kind != ?",
                (*capture.view, PICTURE),
            ).fetchall()
            for row in rows:
                yield from self._told(
                    row["n"], _place(row), Outcome.MERGED, f"another capture of what {capture.url} shows"
                )

    def _told(self, n: int, place: Place, outcome: Outcome, detail: str) -> Iterator[Fate]:
        if self._db.execute("UPDATE captures SET told = 1 WHERE n = ? AND told = 0", (n,)).rowcount:
            yield place.fate(outcome, detail)

    def untold(self) -> Iterator[tuple[View | None, str, Place]]:
        """What no story and nothing else was made of."""
        last = 0
        while rows := self._db.execute(
            f"SELECT {_WITHOUT_BODY} FROM captures "  # noqa: S608 - our own names
            "WHERE told = 0 AND n > ? ORDER BY n LIMIT 500",
            (last,),
        ).fetchall():
            for row in rows:
                yield None if row["kind"] == PICTURE else _view(row), row["url"], _place(row)
            last = rows[-1]["n"]

    def unseen(self, site: str, kind: Kind, *also: Kind) -> Iterator[str]:
        """The address of everything of a kind that pages link to and of which nobody captured a page of these kinds."""
        marks = ", ".join("?" * (len(also) + 1))
        rows = self._db.execute(
            "SELECT min(url) AS url FROM links WHERE site = ? AND kind = ? AND NOT EXISTS ("  # noqa: S608 - our own names
            "SELECT 1 FROM captures WHERE "
            f"captures.site = links.site AND captures.kind IN ({marks}) AND captures.key = links.key) "
            "GROUP BY key ORDER BY length(key), key",
            (site, kind, kind, *also),
        )
        for row in rows:
            yield row["url"]

    def asked_age(self, site: str, sid: str) -> bool:
        """Whether a story was captured, or is linked to, behind the question of how old its reader is."""
        row = self._db.execute(
            "SELECT 1 FROM captures WHERE (site, key) = (?, ?) AND kind IN (?, ?) AND url LIKE '%ageconsent=%' "
            "UNION SELECT 1 FROM links WHERE (site, key) = (?, ?) AND kind = ? AND url LIKE '%ageconsent=%' LIMIT 1",
            (site, sid, Kind.STORY, Kind.PRINT, site, sid, Kind.STORY),
        ).fetchone()
        return row is not None

    def _capture(self, number: int) -> Capture:
        row = self._db.execute("SELECT * FROM captures WHERE n = ?", (number,)).fetchone()
        place = _place(row)
        body = place.path.read_bytes() if place.path else zlib.decompress(row["body"])
        return Capture(
            n=row["n"], view=_view(row), url=row["url"], charset=row["charset"], cut=row["cut"], place=place, body=body
        )


def _view(row: sqlite3.Row) -> View:
    kind = row["kind"]
    return View(row["site"], Kind.SITE if kind == PICTURE else Kind(kind), row["key"], row["part"])


def _place(row: sqlite3.Row) -> Place:
    return Place(
        container=row["container"],
        name=row["name"],
        span=None if row["at"] is None else (row["at"], row["size"]),
        path=None if row["path"] is None else Path(row["path"]),
    )
