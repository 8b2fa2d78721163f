"""One row of the stories table, and all that belongs to it -> one Manuscript with the fates of its parts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from undying.formats import Outcome, Remark, Story
from undying.formats.efiction.dates import moment_of
from undying.formats.efiction.figures import old_words
from undying.formats.efiction.tables import integer
from undying.manuscript import Manuscript, State, Status

if TYPE_CHECKING:
    from collections.abc import Iterator
    from sqlite3 import Row

    from undying.formats import Fate
    from undying.formats.efiction.chapters import Written
    from undying.formats.efiction.desk import Desk
    from undying.manuscript import Review

_REVIEWS = (
    "SELECT * FROM reviews WHERE item = ? AND upper(coalesce(CAST(type AS TEXT), 'ST')) IN ('ST', '') ORDER BY reviewid"
)
_FEATURED = {1: "yes", 2: "in the past"}


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
        fates = [*self._desk.made_of("stories", [row], Outcome.IMPORTED, "story")]
        fates += self._desk.made_of(
            "chapters", [one.row for one in written], Outcome.IMPORTED, f"chapter of story {row['sid']}"
        )
        fates += [fate for one in written for fate in one.fates]
        manuscript = self._manuscript(row, rows, written, fates)
        desk.figures.story(row, rows, manuscript)
        return Story(manuscript=manuscript, fates=tuple(fates))

    def _manuscript(self, row: Row, rows: list[Row], written: list[Written], fates: list[Fate]) -> Manuscript:
        desk, texts, sid = self._desk, self._desk.texts, row["sid"]
        coauthors = desk.spool.rows("SELECT * FROM coauthors WHERE sid = ? ORDER BY uid", sid)
        fates += self._desk.made_of("coauthors", coauthors, Outcome.MERGED, f"creators of story {sid}")
        creators, odd = desk.people.of(row, coauthors, rows)
        places, members = desk.series.of(row)
        fates += self._desk.made_of("inseries", members, Outcome.MERGED, f"series of story {sid}")
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
            published=moment_of(row, "date"),
            updated=moment_of(row, "updated"),
            reviews=self._reviews(sid, rows, written, fates),
            source=desk.site.source(str(sid), f"viewstory.php?sid={sid}"),
            audience=tags.audience,
            state=State.DRAFT
            if row["validated"] is not None and (integer(row["validated"]) or 0) <= 0
            else State.POSTED,
            extras=(*tags.extras, *_old_figures(row, rows)),
        )

    def _reviews(self, sid: int, rows: list[Row], written: list[Written], fates: list[Fate]) -> tuple[Review, ...]:
        """Reviews of the story and of its chapters; one whose chapter is lost stands under the whole work."""
        known = {0, *(row["chapid"] for row in rows)}
        taken = list(self._desk.spool.rows(_REVIEWS, sid))
        for row in taken:
            lost = (
                "" if row["chapid"] in known else f"; its chapter {row['chapid']} is lost, so it is for the whole work"
            )
            fates += self._desk.made_of("reviews", [row], Outcome.IMPORTED, f"review of story {sid}{lost}")
        positions = {one.row["chapid"]: position for position, one in enumerate(written, start=1)}
        return tuple(self._desk.reviews.read(row, positions) for row in taken)

    def _remark_on(self, sid: int, *sentences: str) -> None:
        self._desk.chapters.remarks += [Remark(text=f"Story {sid}: {sentence}.") for sentence in sentences if sentence]


def _unknown(numbers: tuple[str, ...]) -> str:
    return f"it names what the archive does not have ({', '.join(numbers)}); the numbers are kept" if numbers else ""


def _old_figures(row: Row, chapters: list[Row]) -> Iterator[tuple[str, str]]:
    figures = {
        "eFiction word count": old_words(row, chapters),
        "eFiction reads": integer(row["count"]),
        "eFiction reviews": integer(row["reviews"]),
        "eFiction average score": integer(row["rating"]),
    }
    yield from ((label, str(number)) for label, number in figures.items() if number)
    if featured := _FEATURED.get(integer(row["featured"]) or 0):
        yield "eFiction featured", featured
    if (integer(row["rr"]) or 0) > 0:
        yield "eFiction round robin", "yes"
