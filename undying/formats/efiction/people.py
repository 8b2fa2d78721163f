"""Who wrote a story: three encodings of co-authors in one database, and pen names that are not there any more."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from undying.formats.efiction.tables import integer
from undying.manuscript import Credit

if TYPE_CHECKING:
    from collections.abc import Sequence
    from sqlite3 import Row

    from undying.formats.efiction.spool import Spool
    from undying.formats.efiction.text import Texts

_REMEMBERED = 4096
_ONLY_FLAGS = "SELECT 1 FROM stories WHERE CAST(coauthors AS TEXT) NOT IN ('', '0', '1')"
_FLAGGED = "SELECT count(*) AS stories FROM stories WHERE CAST(coauthors AS TEXT) = '1' AND uid <> 1"


class People:
    """The archive's members, by uid, as works and profiles name them: nothing but the pen name is read here."""

    def __init__(self, spool: Spool, texts: Texts, base: str, *, has_coauthors: bool) -> None:
        self._spool = spool
        self._texts = texts
        self._base = base
        self._flag_is_possible = has_coauthors or self._only_flags()
        self._by_name: dict[str, Credit] = {}
        self.penname = lru_cache(_REMEMBERED)(self._penname)
        """The pen name of a uid, "" when the archive does not know it."""
        self.missing: set[int] = set()

    def _only_flags(self) -> bool:
        """Whether several stories say 1 and none says another number: an empty table leaves no trace in some dumps."""
        flagged = self._spool.row(_FLAGGED)
        return bool(flagged and flagged["stories"] > 1) and self._spool.row(_ONLY_FLAGS) is None

    def author(self, uid: int) -> Credit:
        """The author of a work; `missing` gathers those whom the archive has lost."""
        credit = self.credit(uid)
        if not credit.account:
            self.missing.add(uid)
        return credit

    def credit(self, uid: int, written: str = "") -> Credit:
        """The member with this uid; if the archive has lost her row, by the name that was written, or the number."""
        name = self.penname(uid)
        if name:
            return Credit(name=name, account=name, key=str(uid), url=self._url(uid))
        if not uid:
            return Credit(name=written or "Anonymous")
        return Credit(name=written or f"eFiction member {uid}", key=str(uid), url=self._url(uid))

    def named(self, written: str) -> Credit:
        """The member whose pen name this is, or just the name: some columns hold no number."""
        if written not in self._by_name:
            found = self._spool.row("SELECT uid FROM authors WHERE CAST(penname AS TEXT) = ? ORDER BY uid", written)
            self._by_name[written] = self.credit(found["uid"] if found and written else 0, written)
        return self._by_name[written]

    def _penname(self, uid: int) -> str:
        row = self._row(uid) if uid else None
        return self._texts.person(row["penname"]) if row else ""

    def folders(self, uid: int) -> tuple[str, ...]:
        """The names of the folder that an author's chapters lie in: the uid, and the pen name as 1.1 had it."""
        row = self._row(uid)
        penname = (row["penname"] or b"").decode("utf-8", "replace") if row else ""
        return (str(uid), penname) if penname else (str(uid),)

    def _row(self, uid: int) -> Row | None:
        return self._spool.row("SELECT penname FROM authors WHERE uid = ?", uid)

    def _url(self, uid: int) -> str:
        return f"{self._base}viewuser.php?uid={uid}" if self._base else ""

    def of(self, story: Row, coauthors: Sequence[Row], chapters: Sequence[Row]) -> tuple[tuple[Credit, ...], str]:
        """The story's creators, main author first, and what is odd about them ("" when nothing is).

        The union of the co-author table, the numbers listed in the story's row and, in a round robin, the authors of
        its chapters.
        """
        listed, is_flag = self._listed(self._texts.plain(story["coauthors"]))
        uids = [story["uid"], *(row["uid"] for row in coauthors), *listed]
        if (integer(story["rr"]) or 0) > 0:
            uids += [chapter["uid"] for chapter in chapters]
        credits_ = tuple(self.author(uid) for uid in dict.fromkeys(uids) if uid > 0)
        odd = "it is marked as written by several, but names nobody beside its author"
        return credits_ or (self._nobody(),), odd if is_flag and len(uids) == 1 else ""

    def _nobody(self) -> Credit:
        self.missing.add(0)
        return Credit(name="eFiction member 0", key="0", url=self._url(0))

    def _listed(self, value: str) -> tuple[list[int], bool]:
        """The uids that the story's row lists; a lone 1 is a flag wherever there is a table of co-authors."""
        numbers = [number for part in value.split(",") if (number := integer(part.strip().encode()))]
        if numbers == [1] and self._flag_is_possible:
            return [], True
        if len(numbers) == 1:
            numbers = [number for number in numbers if self._row(number)]
        return numbers, False
