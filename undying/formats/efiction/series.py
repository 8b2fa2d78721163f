"""Series, which may stand in series."""

from __future__ import annotations

from typing import TYPE_CHECKING

from undying.formats.efiction.tables import integer
from undying.manuscript import SeriesPlace

if TYPE_CHECKING:
    from sqlite3 import Row

    from undying.formats.efiction.spool import Spool
    from undying.formats.efiction.text import Texts

_DEEPEST = 8


class Series:
    """Finds the series that a story stands in."""

    def __init__(self, spool: Spool, texts: Texts, base: str) -> None:
        self._spool = spool
        self._texts = texts
        self._base = base

    def of(self, story: Row) -> tuple[tuple[SeriesPlace, ...], list[Row]]:
        """The story's places, and the membership rows that they were made of."""
        places, used = [], []
        for member in self._spool.rows("SELECT * FROM inseries WHERE sid = ? ORDER BY seriesid, n", story["sid"]):
            place = self._place(member, ()) if self.is_member(member) else None
            if place is not None:
                places.append(place)
                used.append(member)
        return tuple(places), used

    def is_member(self, member: Row) -> bool:
        """Whether the series' owner has let it in. Before 3.0 nobody had to."""
        return self._spool.has_old_names or member["confirmed"] is None or (integer(member["confirmed"]) or 0) > 0

    def _place(self, member: Row, below: tuple[int, ...]) -> SeriesPlace | None:
        number = member["seriesid"]
        row = self._spool.row("SELECT title, summary FROM series WHERE seriesid = ?", number)
        if row is None or number in below or len(below) >= _DEEPEST:
            return None
        return SeriesPlace(
            title=self._texts.plain(row["title"]) or f"Series {number}",
            position=max(member["inorder"], 0),
            key=str(number),
            url=f"{self._base}viewseries.php?seriesid={number}" if self._base else "",
            summary=self._texts.prose(row["summary"]),
            within=self._above(number, (*below, number)),
        )

    def _above(self, number: int, below: tuple[int, ...]) -> SeriesPlace | None:
        """The series that this one stands in: the first, where it stands in several."""
        members = self._spool.rows("SELECT * FROM inseries WHERE subseriesid = ? AND sid = 0 ORDER BY n", number)
        for member in members:
            if self.is_member(member) and (place := self._place(member, below)):
                return place
        return None
