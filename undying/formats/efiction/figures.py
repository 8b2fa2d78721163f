"""The old site's own figures: totals that check the dump, and counters that had drifted from what they count."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from undying.formats import Remark
from undying.formats.efiction.tables import integer
from undying.manuscript.measure import words

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from sqlite3 import Row

    from undying.formats.efiction.spool import Spool
    from undying.manuscript import Manuscript

_EXAMPLES = 3
_SHARE = 0.1
_FEW_WORDS = 20
_VIEWS = (
    "CREATE TEMP VIEW shown_stories AS SELECT * FROM stories WHERE coalesce(CAST(validated AS INTEGER), 1) > 0",
    "CREATE TEMP VIEW shown_chapters AS SELECT * FROM chapters WHERE coalesce(CAST(validated AS INTEGER), 1) > 0",
    "CREATE TEMP VIEW spoken AS SELECT * FROM reviews WHERE CAST(review AS TEXT) <> 'No Review'",
    "CREATE TEMP VIEW of_stories AS SELECT * FROM reviews WHERE upper(coalesce(CAST(type AS TEXT), '')) IN ('ST', '')",
)
# What the old site called by these names: more than one number, where versions counted differently.
_TOTALS = {
    "stories": ("SELECT count(*) FROM shown_stories",),
    "chapters": ("SELECT count(*) FROM shown_chapters",),
    "series": ("SELECT count(*) FROM series",),
    "reviews": ("SELECT count(*) FROM spoken", "SELECT count(*) FROM reviews"),
    "wordcount": ("SELECT coalesce(sum(CAST(wordcount AS INTEGER)), 0) FROM shown_stories",),
    "authors": (
        "SELECT count(DISTINCT uid) FROM shown_stories",
        "SELECT count(*) FROM (SELECT uid FROM shown_stories UNION SELECT uid FROM coauthors)",
    ),
    "members": ("SELECT count(*) FROM authors",),
    "reviewers": (
        "SELECT count(DISTINCT uid) FROM spoken WHERE uid <> 0",
        "SELECT count(uid) FROM spoken WHERE uid <> 0",
    ),
}
_NAMES = {"wordcount": "words"}
_IS_LOSS = frozenset(("stories", "chapters", "series", "reviews", "members"))
# (what, number, what the counter said, what there is): more than one, where versions counted differently.
_COUNTERS = {
    "Reviews of stories": (
        "SELECT 'story ' || sid AS what, CAST(reviews AS INTEGER) AS told, "
        "(SELECT count(*) FROM of_stories WHERE item = sid AND CAST(review AS TEXT) <> 'No Review') AS found, "
        "(SELECT count(*) FROM of_stories WHERE item = sid) AS also FROM stories WHERE length(reviews) > 0 ORDER BY sid"
    ),
    "Stories in series": (
        "WITH RECURSIVE below(top, part) AS (SELECT seriesid, seriesid FROM series UNION SELECT top, subseriesid "
        "FROM inseries JOIN below ON inseries.seriesid = part WHERE subseriesid > 0) "
        "SELECT 'series ' || seriesid AS what, CAST(numstories AS INTEGER) AS told, (SELECT count(*) FROM inseries "
        "WHERE inseries.seriesid = series.seriesid AND sid > 0) AS found, (SELECT count(*) FROM inseries JOIN below "
        "ON inseries.seriesid = part WHERE top = series.seriesid AND sid > 0) AS also "
        "FROM series WHERE length(numstories) > 0 ORDER BY seriesid"
    ),
    "Stories of members": (
        "SELECT 'member ' || uid AS what, CAST(stories AS INTEGER) AS told, coalesce(own, 0) AS found, "
        "coalesce(own, 0) + coalesce(others, 0) AS also FROM authorprefs "
        "LEFT JOIN (SELECT uid, count(*) AS own FROM shown_stories GROUP BY uid) USING (uid) "
        "LEFT JOIN (SELECT coauthors.uid, count(*) AS others FROM coauthors JOIN shown_stories USING (sid) "
        "WHERE coauthors.uid <> shown_stories.uid GROUP BY coauthors.uid) USING (uid) "
        "WHERE length(stories) > 0 ORDER BY uid"
    ),
    "Average scores of stories": (
        "SELECT 'story ' || sid AS what, CAST(stories.rating AS INTEGER) AS told, "
        "CAST(average AS INTEGER) AS found, CAST(average + 0.999 AS INTEGER) AS also FROM stories "
        "JOIN (SELECT item, avg(CAST(rating AS INTEGER)) AS average FROM of_stories WHERE CAST(rating AS INTEGER) > 0 "
        "GROUP BY item) ON item = sid "
        "WHERE CAST(stories.rating AS INTEGER) > 0 ORDER BY sid"
    ),
}
_OVERFLOWN = (
    "SELECT sid FROM stories WHERE CAST(count AS INTEGER) < 0 OR CAST(reviews AS INTEGER) < 0 "
    "OR CAST(reviews AS INTEGER) = 32767 OR CAST(wordcount AS INTEGER) < 0 ORDER BY sid"
)


@dataclass
class _Tally:
    """How often a figure was wrong, and where first."""

    wrong: int = 0
    looked_at: int = 0
    examples: list[str] = field(default_factory=list)

    def note(self, what: str, told: int, found: int, *, is_wrong: bool) -> None:
        self.looked_at += 1
        if is_wrong:
            self.wrong += 1
            if len(self.examples) < _EXAMPLES:
                self.examples.append(f"{what}: {told:,} there, {found:,} here")

    def remark(self, what: str) -> Iterator[Remark]:
        if self.wrong:
            yield Remark(
                text=f"{what}: the old site's counter was wrong in {self.wrong:,} of {self.looked_at:,} "
                f"({'; '.join(self.examples)}). They are counted anew here."
            )


class Figures:
    """Gathers what each story's own figures say, and compares the rest at the end."""

    def __init__(self, spool: Spool) -> None:
        self._spool = spool
        for view in _VIEWS:
            spool.db.execute(view)
        self._words = _Tally()
        self._gaps: list[str] = []

    def story(self, row: Row, chapters: Sequence[Row], manuscript: Manuscript) -> None:
        """One story that was put together, with the rows of its chapters."""
        what, told = f"story {row['sid']}", old_words(row, chapters)
        if told:
            found = sum(words(chapter.body) for chapter in manuscript.chapters)
            is_wrong = abs(told - found) > max(_FEW_WORDS, _SHARE * found)
            self._words.note(what, told, found, is_wrong=is_wrong)
        places = sorted({chapter["inorder"] for chapter in chapters})
        first = 0 if self._spool.has_old_names and places[:1] == [0] else 1
        if len(places) == len(chapters) and places != list(range(first, first + len(places))):
            self._gaps.append(f"{what}: {', '.join(map(str, places[:8]))}{', …' * (len(places) > 8)}")  # noqa: PLR2004 - enough to see it

    def remarks(self, site_key: bytes) -> Iterator[Remark]:
        """What had drifted, one sentence for each kind of figure."""
        yield from self._totals(site_key)
        yield from self._words.remark("Words of stories")
        for what, statement in _COUNTERS.items():
            yield from _counted(self._spool.stream(statement)).remark(what)
        yield from self._categories().remark("Stories in categories")
        yield from self._about_gaps()
        yield from self._about_overflow()

    def _totals(self, site_key: bytes) -> Iterator[Remark]:
        rows = self._spool.rows("SELECT * FROM stats ORDER BY n")
        row = next((row for row in rows if row["sitekey"] == site_key), rows[0] if len(rows) == 1 else None)
        if row is None:
            return
        differ, is_loss = [], False
        totals = {column: told for column in _TOTALS if (told := integer(row[column])) is not None}
        for column, told in totals.items():
            found = [int(self._spool.rows(each)[0][0]) for each in _TOTALS[column]]
            if told not in found:
                differ.append(f"{_NAMES.get(column, column)}: {told:,} there, {found[0]:,} in the dump")
                is_loss |= column in _IS_LOSS and told > max(found)
        if differ:
            yield Remark(
                text=f"The old site's own totals differ from what the dump holds ({'; '.join(differ)}). "
                "Where the dump holds less, ask whether it is whole.",
                grave=is_loss,
            )
        elif totals:
            yield Remark(text="The old site's own totals agree with what the dump holds.")

    def _categories(self) -> _Tally:
        """A category counted its own stories, or those below it too."""
        parents = {row["catid"]: row["parentcatid"] for row in self._spool.stream("SELECT * FROM categories")}
        own: dict[int, set[int]] = defaultdict(set)
        whole: dict[int, set[int]] = defaultdict(set)
        for row in self._spool.stream("SELECT sid, catid FROM shown_stories"):
            for part in (row["catid"] or b"").split(b","):
                listed = _with_parents(integer(part) or 0, parents)
                for catid in listed[:1]:
                    own[catid].add(row["sid"])
                for catid in listed:
                    whole[catid].add(row["sid"])
        tally = _Tally()
        for row in self._spool.stream("SELECT catid, numitems FROM categories WHERE length(numitems) > 0"):
            told, found = integer(row["numitems"]) or 0, len(own[row["catid"]])
            is_wrong = told not in {found, len(whole[row["catid"]])}
            tally.note(f"category {row['catid']}", told, found, is_wrong=is_wrong)
        return tally

    def _about_gaps(self) -> Iterator[Remark]:
        if self._gaps:
            yield Remark(
                text=f"Chapters' places skip numbers or do not begin at 1 in {_stories(len(self._gaps))} "
                f"({'; '.join(self._gaps[:_EXAMPLES])}): the chapters keep "
                "their order. A chapter may have been deleted there."
            )

    def _about_overflow(self) -> Iterator[Remark]:
        sids = [row["sid"] for row in self._spool.stream(_OVERFLOWN)]
        if sids:
            listed = ", ".join(map(str, sids[:_EXAMPLES])) + " and others" * (len(sids) > _EXAMPLES)
            yield Remark(
                text=f"The old site's counters are below zero or at the end of their column in {_stories(len(sids))} "
                f"({listed}): nobody knows what they should be; the figures are kept as they are."
            )


def old_words(row: Row, chapters: Iterable[Row]) -> int:
    """How many words the old site counted: in 1.1 only the chapters say."""
    return integer(row["wordcount"]) or sum(integer(chapter["wordcount"]) or 0 for chapter in chapters)


def _with_parents(catid: int, parents: Mapping[int, int]) -> list[int]:
    """The category and those above it."""
    found: list[int] = []
    while catid in parents and catid not in found:
        found.append(catid)
        catid = parents[catid]
    return found


def _counted(rows: Iterable[Row]) -> _Tally:
    tally = _Tally()
    for row in rows:
        tally.note(row["what"], row["told"], row["found"], is_wrong=row["told"] not in {row["found"], row["also"]})
    return tally


def _stories(count: int) -> str:
    return "one story" if count == 1 else f"{count:,} stories"
