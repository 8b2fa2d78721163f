"""One row of the stories table, and all that belongs to it -> one Manuscript with the fates of its parts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from undying.formats import Fate, Outcome, Remark, Story
from undying.formats.efiction.dates import moment
from undying.formats.efiction.tables import integer
from undying.manuscript import Manuscript, Source, State, Status

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from sqlite3 import Row

    from undying.formats.efiction.chapters import Chapters, Written
    from undying.formats.efiction.people import People
    from undying.formats.efiction.reviews import Reviews
    from undying.formats.efiction.series import Series
    from undying.formats.efiction.spool import Spool
    from undying.formats.efiction.tags import Tags
    from undying.formats.efiction.text import Texts
    from undying.manuscript import Review

_REVIEWS = (
    "SELECT * FROM reviews WHERE item = ? AND upper(coalesce(CAST(type AS TEXT), 'ST')) IN ('ST', '') ORDER BY reviewid"
)
_FEATURED = {1: "yes", 2: "in the past"}


@dataclass(frozen=True, slots=True)
class Site:
    """Where the archive stood: a name for its stories' source, the address that its pages began with, its language."""

    name: str
    base: str
    language: str


@dataclass(frozen=True, slots=True)
class Desk:
    """Everything that a story is put together with."""

    spool: Spool
    site: Site
    texts: Texts
    people: People
    tags: Tags
    series: Series
    chapters: Chapters
    reviews: Reviews
    container: Callable[[str], str]


class Stories:
    """Emits the archive's stories. `skipped` holds, for each story that was not, the reason."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self.skipped: dict[int, str] = {}

    def all(self) -> Iterator[Story | Remark]:
        """Every story that has a text, in order of sid, with the remarks on each before it."""
        desk, sid = self._desk, -(2**63)
        while row := desk.spool.row("SELECT * FROM stories WHERE sid > ? ORDER BY sid LIMIT 1", sid):
            sid = desk.texts.sid = row["sid"]
            story = self._story(row)
            yield from desk.chapters.remarks
            desk.chapters.remarks.clear()
            if story:
                yield story
        desk.texts.sid = 0

    def _story(self, row: Row) -> Story | None:
        desk = self._desk
        rows = desk.spool.rows("SELECT * FROM chapters WHERE sid = ? ORDER BY inorder, chapid", row["sid"])
        written = desk.chapters.of(row, rows)
        if not written:
            why = "none of its chapters has a text" if rows else "it has no chapters"
            self.skipped[row["sid"]] = why
            desk.chapters.remarks.append(Remark(text=f"Story {row['sid']} was not imported: {why}.", grave=True))
            return None
        fates = [*self._made_of("stories", [row], Outcome.IMPORTED, "story")]
        fates += self._made_of(
            "chapters", [one.row for one in written], Outcome.IMPORTED, f"chapter of story {row['sid']}"
        )
        fates += [fate for one in written for fate in one.fates]
        manuscript = self._manuscript(row, rows, written, fates)
        return Story(manuscript=manuscript, fates=tuple(fates))

    def _made_of(self, entity: str, rows: list[Row], outcome: Outcome, detail: str) -> Iterator[Fate]:
        """The fates of rows that went into the story; a row that is another's second half has none of its own."""
        self._desk.spool.mark(entity, (row["n"] for row in rows))
        for row in rows:
            if row["container"]:
                yield Fate(
                    container=self._desk.container(row["container"]), key=row["key"], outcome=outcome, detail=detail
                )

    def _manuscript(self, row: Row, rows: list[Row], written: list[Written], fates: list[Fate]) -> Manuscript:
        desk, texts, sid = self._desk, self._desk.texts, row["sid"]
        coauthors = desk.spool.rows("SELECT * FROM coauthors WHERE sid = ? ORDER BY uid", sid)
        fates += self._made_of("coauthors", coauthors, Outcome.MERGED, f"creators of story {sid}")
        creators, odd = desk.people.of(row, coauthors, rows)
        places, members = desk.series.of(row)
        fates += self._made_of("inseries", members, Outcome.MERGED, f"series of story {sid}")
        tags = desk.tags.of(row)
        title = texts.plain(row["title"])
        self._remark_on(sid, odd, "" if title else "it has no title", _unknown(tags.unknown))
        return Manuscript(
            title=title or "Untitled",
            chapters=tuple(one.chapter for one in written),
            credits=creators,
            summary=texts.prose(row["summary"]),
            notes_before=texts.prose(row["storynotes"]),
            language=desk.site.language,
            taggings=tags.taggings,
            series=places,
            status=Status.COMPLETE if (integer(row["completed"]) or 0) > 0 else Status.IN_PROGRESS,
            published=moment(row["date"]),
            updated=moment(row["updated"]),
            reviews=self._reviews(sid, rows, written, fates),
            source=Source(
                site=desk.site.name,
                key=str(sid),
                url=f"{desk.site.base}viewstory.php?sid={sid}" if desk.site.base else "",
            ),
            audience=tags.audience,
            state=State.DRAFT
            if row["validated"] is not None and (integer(row["validated"]) or 0) <= 0
            else State.POSTED,
            extras=(*tags.extras, *_old_figures(row)),
        )

    def _reviews(self, sid: int, rows: list[Row], written: list[Written], fates: list[Fate]) -> tuple[Review, ...]:
        """Reviews of the story and of its chapters; one whose chapter is lost stands under the whole work."""
        known = {0, *(row["chapid"] for row in rows)}
        taken = list(self._desk.spool.rows(_REVIEWS, sid))
        for row in taken:
            lost = (
                "" if row["chapid"] in known else f"; its chapter {row['chapid']} is lost, so it is for the whole work"
            )
            fates += self._made_of("reviews", [row], Outcome.IMPORTED, f"review of story {sid}{lost}")
        positions = {one.row["chapid"]: position for position, one in enumerate(written, start=1)}
        return tuple(self._desk.reviews.read(row, positions) for row in taken)

    def _remark_on(self, sid: int, *sentences: str) -> None:
        self._desk.chapters.remarks += [Remark(text=f"Story {sid}: {sentence}.") for sentence in sentences if sentence]


def _unknown(numbers: tuple[str, ...]) -> str:
    return f"it names what the archive does not have ({', '.join(numbers)}); the numbers are kept" if numbers else ""


def _old_figures(row: Row) -> Iterator[tuple[str, str]]:
    for label, column in (("eFiction word count", "wordcount"), ("eFiction reads", "count")):
        number = integer(row[column])
        if number:
            yield label, str(number)
    if featured := _FEATURED.get(integer(row["featured"]) or 0):
        yield "eFiction featured", featured
