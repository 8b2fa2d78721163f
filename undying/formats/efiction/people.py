"""Who wrote a story: three encodings of co-authors in one database, and pen names that are not there any more."""

from __future__ import annotations

from typing import TYPE_CHECKING

from undying.formats.efiction.tables import integer
from undying.manuscript import Credit

if TYPE_CHECKING:
    from collections.abc import Sequence
    from sqlite3 import Row

    from undying.formats.efiction.spool import Spool
    from undying.formats.efiction.text import Texts


class People:
    """The archive's authors, by uid. Nothing but the pen name is ever read: the rest of the row is private."""

    def __init__(self, spool: Spool, texts: Texts, base: str, *, has_coauthors: bool) -> None:
        self._spool = spool
        self._texts = texts
        self._base = base
        self._flag_is_possible = has_coauthors
        self.missing: set[int] = set()

    def credit(self, uid: int) -> Credit:
        """The author with this uid; named by the number when the archive has lost her row."""
        row = self._row(uid)
        name = self._texts.person(row["penname"]) if row else ""
        if row:
            self._spool.mark("authors", [row["n"]])
        if not name:
            self.missing.add(uid)
            return Credit(name=f"eFiction member {uid}", key=str(uid), url=self._url(uid))
        return Credit(name=name, account=name, key=str(uid), url=self._url(uid))

    def penname(self, uid: int) -> str:
        """The pen name, "" when the archive does not know it."""
        row = self._row(uid) if uid else None
        return self._texts.person(row["penname"]) if row else ""

    def folders(self, uid: int) -> tuple[str, ...]:
        """The names of the folder that an author's chapters lie in: the uid, and the pen name as 1.1 had it."""
        row = self._row(uid)
        penname = (row["penname"] or b"").decode("utf-8", "replace") if row else ""
        return (str(uid), penname) if penname else (str(uid),)

    def _row(self, uid: int) -> Row | None:
        return self._spool.row("SELECT n, penname FROM authors WHERE uid = ?", uid)

    def _url(self, uid: int) -> str:
        return f"{self._base}viewuser.php?uid={uid}" if self._base else ""

    def of(self, story: Row, coauthors: Sequence[Row], chapters: Sequence[Row]) -> tuple[tuple[Credit, ...], str]:
        """The story's creators, main author first, and what is odd about them ("" when nothing is).

        The union of the co-author table, the numbers listed in the story's row and, in a round robin, the authors of
        its chapters.
        """
        flag = self._texts.plain(story["coauthors"])
        listed, is_flag = self._listed(flag)
        uids = [story["uid"], *(row["uid"] for row in coauthors), *listed]
        if (integer(story["rr"]) or 0) > 0:
            uids += [chapter["uid"] for chapter in chapters]
        credits_ = tuple(self.credit(uid) for uid in dict.fromkeys(uids) if uid > 0)
        if not credits_:
            credits_ = (self.credit(0),)
        odd = (
            "it is marked as written by several, but names nobody beside its author"
            if is_flag and len(uids) == 1
            else ""
        )
        return credits_, odd

    def _listed(self, value: str) -> tuple[list[int], bool]:
        """The uids that the story's row lists; a lone 1 is a flag wherever there is a table of co-authors."""
        numbers = [number for part in value.split(",") if (number := integer(part.strip().encode()))]
        if numbers == [1] and self._flag_is_possible:
            return [], True
        if len(numbers) == 1:
            numbers = [number for number in numbers if self._row(number)]
        return numbers, False
