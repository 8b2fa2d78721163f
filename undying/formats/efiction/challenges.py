"""Challenges: who called for what, and which stories and series answered."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from undying.formats import Kept, Outcome
from undying.formats.efiction.tables import integer
from undying.manuscript import Challenge

if TYPE_CHECKING:
    from collections.abc import Iterator
    from sqlite3 import Row

    from undying.formats.efiction.desk import Desk

# As a story's row names them: that is how labels are read.
_LABELS = (
    "SELECT 0 AS sid, NULL AS rid, NULL AS classes, NULL AS wid, NULL AS gid, catid, characters AS charid, "
    "NULL AS challenges FROM challenges WHERE chalid = ?"
)
_NOTHING = frozenset(("", "0", "-1"))


class Challenges:
    """Tells the challenges. Stories name them by number; some archives have titles there."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._by_title: dict[str, int] = {}
        for row in desk.spool.stream("SELECT chalid, title FROM challenges ORDER BY chalid"):
            self._by_title.setdefault(desk.texts.glimpse(row["title"]).casefold(), row["chalid"])
        self._works = self._answers("SELECT sid AS key, challenges FROM stories ORDER BY sid")
        self._series = self._answers("SELECT seriesid AS key, challenges FROM series ORDER BY seriesid")

    def _answers(self, statement: str) -> dict[int, list[str]]:
        found: dict[int, list[str]] = defaultdict(list)
        if self._by_title:
            for row in self._desk.spool.stream(statement):
                for number in dict.fromkeys(self._numbers(row["challenges"])):
                    found[number].append(str(row["key"]))
        return found

    def _numbers(self, listed: bytes | None) -> Iterator[int]:
        for part in self._desk.texts.glimpse(listed).split(","):
            name = part.strip()
            number = None if name in _NOTHING else self._by_title.get(name.casefold(), integer(name.encode()))
            if number is not None:
                yield number

    def all(self) -> Iterator[Kept]:
        """Every challenge, in order."""
        for row in self._desk.spool.stream("SELECT * FROM challenges ORDER BY chalid"):
            yield self._challenge(row)

    def _challenge(self, row: Row) -> Kept:
        desk, number = self._desk, row["chalid"]
        desk.texts.part = f"challenge {number}"
        labels = desk.spool.row(_LABELS, number)
        title = desk.texts.plain(row["title"]) or f"Challenge {number}"
        challenge = Challenge(
            source=desk.site.source(str(number), f"browse.php?type=challenges&chalid={number}"),
            title=title,
            challenger=desk.people.credit(row["uid"], desk.texts.person(row["challenger"])),
            summary=desk.texts.prose(row["summary"]),
            taggings=desk.tags.of(labels).taggings if labels else (),
            works=tuple(self._works.get(number, ())),
            series=tuple(self._series.get(number, ())),
        )
        fates = tuple(desk.made_of("challenges", [row], Outcome.IMPORTED, f"challenge {number}"))
        return Kept(keepsake=challenge, fates=fates)
