"""What no story was made of: each row and file gets its fate, with the reason in plain words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from undying.formats import Fate, Outcome
from undying.formats.efiction.tables import ENTITIES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from sqlite3 import Row

    from undying.formats.efiction.folder import StoriesFolder
    from undying.formats.efiction.series import Series
    from undying.formats.efiction.spool import Spool

_STORY_PARTS = frozenset(("stories", "chapters", "reviews", "coauthors"))
_USED = {
    "authors": (Outcome.IMPORTED, "creator of imported stories; the rest of the row is kept for a later version"),
    "series": (Outcome.IMPORTED, "series of imported stories"),
    "inseries": (Outcome.MERGED, "a series within a series"),
}
_AS_TAGS = (Outcome.MERGED, "tags of imported stories")
_UNUSED = {
    "authors": "no imported story is theirs; members without stories are kept for a later version",
    "series": "no imported story is in it",
    "challenges": "challenges are kept for a later version; their titles stand with the stories",
}


class Leftovers:
    """Tells the fates that no story told."""

    def __init__(
        self, spool: Spool, series: Series, skipped: Mapping[int, str], container: Callable[[str], str]
    ) -> None:
        self._spool = spool
        self._series = series
        self._skipped = skipped
        self._container = container

    def rows(self) -> Iterator[Fate]:
        """The fates of the spooled rows that are in no `Story`."""
        for entity in ENTITIES:
            if entity == "settings":
                continue
            for row in self._spool.stream(f"SELECT * FROM {entity} WHERE container <> '' ORDER BY n"):  # noqa: S608 - our own names
                if row["used"] and (entity in _STORY_PARTS or (entity == "inseries" and row["sid"])):
                    continue
                outcome, detail = (
                    _USED.get(entity, _AS_TAGS) if row["used"] else (Outcome.KEPT_RAW, self._reason(entity, row))
                )
                yield Fate(container=self._container(row["container"]), key=row["key"], outcome=outcome, detail=detail)

    def _reason(self, entity: str, row: Row) -> str:
        if entity == "stories":
            return self._skipped.get(row["sid"], "it was not read")
        if entity == "chapters":
            return self._story_gone(row["sid"]) or "its text is missing, both in the dump and in the stories folder"
        if entity == "coauthors":
            return self._story_gone(row["sid"])
        if entity == "reviews":
            return self._why_review(row)
        if entity == "inseries":
            return self._why_membership(row)
        return _UNUSED.get(entity, "no imported story uses it")

    def _story_gone(self, sid: int) -> str:
        if why := self._skipped.get(sid):
            return f"story {sid} was not imported: {why}"
        return "" if self._has("stories", "sid", sid) else f"story {sid} is not in the dump"

    def _has(self, entity: str, column: str, number: int) -> bool:
        return self._spool.row(f"SELECT 1 FROM {entity} WHERE {column} = ?", number) is not None  # noqa: S608 - our own names

    def _why_review(self, row: Row) -> str:
        kind = (row["type"] or b"ST").decode("latin-1").upper()
        if kind == "SE":
            return "reviews of series are kept for a later version"
        if kind != "ST":
            return f"reviews of the kind {kind} belong to a module and are kept for a later version"
        return self._story_gone(row["item"]) or f"the chapter {row['chapid']} that it was left on does not exist"

    def _why_membership(self, row: Row) -> str:
        if not self._has("series", "seriesid", row["seriesid"]):
            return f"series {row['seriesid']} is not in the dump"
        if not row["sid"] and not row["subseriesid"]:
            return "it names neither a story nor a series"
        if row["sid"] and (gone := self._story_gone(row["sid"])):
            return gone
        if not self._series.is_member(row):
            return "the owner of the series had not let it in yet"
        return "no imported story is in the series within the series"

    def files(self, folder: StoriesFolder) -> Iterator[Fate]:
        """The fates of the files that no chapter was made of."""
        for row in folder.unused():
            path = folder.path(row)
            container = folder.container(row["folder"])
            if path.is_symlink():
                why = "a link: what it points to is not part of the archive"
                yield Fate(container=container, key=row["name"], outcome=Outcome.REFUSED, detail=why)
                continue
            why = self._why_file(row["chapid"], empty=path.stat().st_size == 0)
            yield Fate(container=container, key=row["name"], outcome=Outcome.KEPT_RAW, detail=why, file=path)

    def _why_file(self, chapid: int | None, *, empty: bool) -> str:
        if chapid is None:
            return "not the text of a chapter"
        if not self._has("chapters", "chapid", chapid):
            return f"no chapter has the number {chapid}: perhaps a deleted one, perhaps its only copy"
        if empty:
            return f"it is empty, though chapter {chapid} should be in it"
        used = self._spool.row("SELECT used, sid FROM chapters WHERE chapid = ?", chapid)
        if used and not used["used"]:
            return self._story_gone(used["sid"]) or "it holds no text"
        return f"another copy of chapter {chapid}, which was taken from elsewhere"
