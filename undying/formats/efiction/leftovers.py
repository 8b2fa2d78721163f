"""What nothing was made of: each row and file gets its fate, with the reason in plain words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from undying.formats import Fate, Outcome, Remark
from undying.formats.efiction import damage
from undying.formats.efiction.tables import ENTITIES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path
    from sqlite3 import Row

    from undying.formats.efiction.desk import Desk
    from undying.formats.efiction.folder import StoriesFolder

_MOST_NAMED = 20
_BEGINNING, _SHOWN = 1000, 80
_AS_TAGS = frozenset(("ratings", "classes", "classtypes", "categories", "characters", "genres", "warnings"))
SETTINGS_KEPT = (
    "the site's name, address, language and scale of scores were read; the rest is how its pages worked. Passwords are "
    "never read"
)
_UNUSED = {
    "authorfields": "a question of the old site: members' answers stand in their profiles, its code is never run",
    "log": "the old site's log of who did what, from which address: personal data, shown to nobody",
    "settings": SETTINGS_KEPT,
    "stats": "the old site's totals: the dump was checked against them",
}


class Leftovers:
    """Tells the fates that nothing else told. `skipped` holds the stories that were not imported, with the reason."""

    def __init__(self, desk: Desk, skipped: Mapping[int, str]) -> None:
        self._desk = desk
        self._spool = desk.spool
        self._skipped = skipped

    def rows(self) -> Iterator[Fate]:
        """The fates of the spooled rows that nothing was made of, and of those that became tags."""
        for entity in ENTITIES:
            tags = "1" if entity in _AS_TAGS else "used = 0"
            for row in self._spool.stream(f"SELECT * FROM {entity} WHERE container <> '' AND {tags} ORDER BY n"):  # noqa: S608 - our own names
                if row["used"]:
                    yield self._desk.fate(row, Outcome.MERGED, "tags of what was imported")
                else:
                    yield self._desk.fate(row, Outcome.KEPT_RAW, self._reason(entity, row))

    def _reason(self, entity: str, row: Row) -> str:
        reasons: dict[str, Callable[[Row], str]] = {
            "stories": self._why_story,
            "chapters": self._why_chapter,
            "coauthors": lambda row: self._story_gone(row["sid"]),
            "reviews": self._why_review,
            "inseries": self._why_membership,
            "authorprefs": lambda row: f"member {row['uid']} is not in the dump",
            "authorinfo": lambda row: f"member {row['uid']} is not in the dump",
            "comments": lambda row: f"it was left on news {row['nid']}, which is not in the dump",
        }
        why = reasons.get(entity)
        return why(row) if why else _UNUSED.get(entity, "nothing that was imported uses it")

    def _why_story(self, row: Row) -> str:
        return self._skipped.get(row["sid"], "it was not read")

    def _why_chapter(self, row: Row) -> str:
        return self._story_gone(row["sid"]) or "its text is missing, both in the dump and in the stories folder"

    def _story_gone(self, sid: int) -> str:
        if why := self._skipped.get(sid):
            return f"story {sid} was not imported: {why}"
        return "" if self._desk.has("stories", "sid", sid) else f"story {sid} is not in the dump"

    def _why_review(self, row: Row) -> str:
        kind = (row["type"] or b"ST").decode("latin-1").upper()
        if kind == "SE":
            return f"series {row['item']} is not in the dump"
        if kind != "ST":
            return f"reviews of the kind {kind[:40]} belong to an extension of the old site"
        return self._story_gone(row["item"]) or f"the chapter {row['chapid']} that it was left on does not exist"

    def _why_membership(self, row: Row) -> str:
        if not self._desk.has("series", "seriesid", row["seriesid"]):
            return f"series {row['seriesid']} is not in the dump"
        if not row["sid"] and not row["subseriesid"]:
            return "it names neither a story nor a series"
        if not self._desk.series.is_member(row):
            return "the owner of the series had not let it in yet"
        return f"series {row['subseriesid']} is not in the dump"

    def files(self, folder: StoriesFolder) -> Iterator[Fate | Remark]:
        """The fates of the files that no chapter was made of, and a word on those that may be somebody's only copy."""
        unattached, named = 0, []
        for row in folder.unused():
            path = folder.path(row)
            container = folder.container(row["folder"])
            if path.is_symlink():
                why = "a link: what it points to is not part of the archive"
                yield Fate(container=container, key=row["name"], outcome=Outcome.REFUSED, detail=why)
                continue
            why = self._why_file(row["chapid"], empty=path.stat().st_size == 0)
            if row["chapid"] is not None and not self._desk.has("chapters", "chapid", row["chapid"]):
                unattached += 1
                named += [folder.shown(row)] if unattached <= _MOST_NAMED else []
                why += self._beginning(path)
            yield Fate(container=container, key=row["name"], outcome=Outcome.KEPT_RAW, detail=why, file=path)
        if unattached:
            yield _about_unattached(unattached, named)

    def _beginning(self, path: Path) -> str:
        """How a text begins, by which somebody may know it."""
        try:
            with path.open("rb") as file:
                words = damage.plain(self._desk.texts.files.glimpse(file.read(_BEGINNING))[0]).split()
        except OSError:
            return ""
        return f"; it begins “{' '.join(words)[:_SHOWN]}…”" if words else ""

    def _why_file(self, chapid: int | None, *, empty: bool) -> str:
        if chapid is None:
            return "not the text of a chapter"
        if not self._desk.has("chapters", "chapid", chapid):
            return (
                f"an unattached text: no chapter has the number {chapid}; perhaps a deleted one, perhaps its only copy"
            )
        if empty:
            return f"it is empty, though chapter {chapid} should be in it"
        used = self._spool.row("SELECT used, sid FROM chapters WHERE chapid = ?", chapid)
        if used and not used["used"]:
            return self._story_gone(used["sid"]) or "it holds no text"
        return f"another copy of chapter {chapid}, which was taken from elsewhere"


def _about_unattached(count: int, named: list[str]) -> Remark:
    listed = ", ".join(named) + (" and others" * (count > len(named)))
    return Remark(
        text=f"{count:,} {'text belongs' if count == 1 else 'texts belong'} to no chapter of the dump ({listed}): "
        "perhaps deleted ones, perhaps the only copies. They are kept; to bring one in, rename it and import it alone."
    )
