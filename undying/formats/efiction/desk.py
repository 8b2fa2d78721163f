"""What everything in an archive is put together with: its rows, its texts, its people, its vocabulary."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from undying.formats import Fate
from undying.formats.efiction.spool import span_of
from undying.manuscript import Source

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from sqlite3 import Row

    from undying.formats import Outcome
    from undying.formats.efiction.chapters import Chapters
    from undying.formats.efiction.figures import Figures
    from undying.formats.efiction.people import People
    from undying.formats.efiction.reviews import Reviews
    from undying.formats.efiction.series import Series
    from undying.formats.efiction.spool import Spool
    from undying.formats.efiction.tags import Tags
    from undying.formats.efiction.text import Texts


@dataclass(frozen=True, slots=True)
class Site:
    """Where the archive stood: a name for its stories' source, the address that its pages began with, its language."""

    name: str
    base: str
    language: str

    def source(self, key: str, page: str = "") -> Source:
        """The identity of one thing of the archive; `page` is its page's address there, without the beginning."""
        return Source(site=self.name, key=key, url=self.base + page if self.base and page else "")


@dataclass(frozen=True, slots=True)
class Desk:
    """Everything that a story, and what stands beside stories, is put together with."""

    spool: Spool
    site: Site
    texts: Texts
    people: People
    tags: Tags
    series: Series
    chapters: Chapters
    reviews: Reviews
    figures: Figures
    container: Callable[[str], str]

    def made_of(self, entity: str, rows: Iterable[Row], outcome: Outcome, detail: str) -> Iterator[Fate]:
        """The fates of rows that something was made of; a row that is another's second half has none of its own."""
        for row in rows:
            self.spool.mark(entity, [row["n"]])
            if row["container"]:
                yield self.fate(row, outcome, detail)

    def fate(self, row: Row, outcome: Outcome, detail: str) -> Fate:
        """How one row ended."""
        return Fate(
            container=self.container(row["container"]),
            key=row["key"],
            outcome=outcome,
            detail=detail,
            span=span_of(row),
        )

    def has(self, entity: str, column: str, number: int) -> bool:
        """Whether the dump holds a row with this number."""
        return self.spool.row(f"SELECT 1 FROM {entity} WHERE {column} = ?", number) is not None  # noqa: S608 - our own names
