"""What an author typed into the forms of writing, what it says as values, and values as she would have typed them.

Texts take HTML, or Markdown where there is not a single tag. Names (tags, people) are parted by commas or lines.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING

from undying.formats.markdown import typed_prose
from undying.kernel.clock import now
from undying.library.writing import ChapterFields, WorkFields
from undying.manuscript import Audience, Status, Tagging, TagKind
from undying.web import placing, wishing

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from django.http import QueryDict

    from undying.manuscript import Prose

Written = dict[str, tuple[str, ...]]
"""The values of each field, as they were typed."""

WORK = (
    *(each.value for each in TagKind),
    "title",
    "pseud",
    "summary",
    "notes_before",
    "notes_after",
    "gifts",
    "series",
    "new_series",
    "planned",
    "published",
    "language",
    "audience",
    "status",
    *placing.FIELDS[placing.WORK],
    *wishing.NAMES,
)
TEXT = ("chapter_title", "body")
CHAPTER = (
    *TEXT,
    "chapter_summary",
    "chapter_notes_before",
    "chapter_notes_after",
    "chapter_published",
    "position",
    *placing.FIELDS[placing.CHAPTER],
)
FIELDS = (*WORK, *CHAPTER)
FORM = ("token", "version", "base", "opened")
"""What a form sends beside what somebody typed."""

LONGEST_NUMBER = 4
LONGEST_DIGITS = 9
"""Digits of a number in a form that fits every column."""
_FARTHEST_WEST = timedelta(hours=14)
"""How far ahead of this clock a day begins somewhere."""
_BETWEEN_NAMES = re.compile("[,，、]")
NAMED = (TagKind.FANDOM, TagKind.RELATIONSHIP, TagKind.CHARACTER, TagKind.ADDITIONAL)
"""Kinds of tags whose names are typed."""


@dataclass(slots=True)
class Said:
    """What was typed, as values. `troubles` has a sentence for each field that could not be read; `removed` is what the
    cleaner left out of the texts. `known` are names of tags that hold a comma, by kind.
    """

    typed: Written
    known: Mapping[TagKind, Collection[str]] = field(default_factory=dict)
    troubles: dict[str, str] = field(default_factory=dict)
    removed: list[str] = field(default_factory=list)

    def work(self, had: WorkFields | None = None) -> WorkFields:
        """What is said of a work that `had` this before."""
        had = had or WorkFields(title="")
        return WorkFields(
            title=self._line("title"),
            pseuds=tuple(int(each) for each in self.typed.get("pseud", ()) if each.isascii() and each.isdecimal()),
            taggings=tuple(self._taggings(had)),
            summary=self._prose("summary"),
            notes_before=self._prose("notes_before"),
            notes_after=self._prose("notes_after"),
            language=self._line("language"),
            status=self._status(),
            planned_chapters=self._number("planned"),
            published=self._day("published", had.published),
            placements=placing.read(self.typed, placing.WORK, had.placements),
            gifts=tuple(self._names("gifts", had.gifts)),
            series=tuple(dict.fromkeys((*self.typed.get("series", ()), *self._lines("new_series")))),
            audience=self._audience(),
            wishes=wishing.said(self.typed, had.wishes),
        )

    def text(self, had: ChapterFields | None = None) -> ChapterFields:
        """The only chapter, where its text stands in the form of the work. Whatever else it `had` stays."""
        return replace(had or ChapterFields(), body=self._prose("body"), title=self._line("chapter_title"))

    def chapter(self, had: ChapterFields | None = None) -> ChapterFields:
        """What is said of a chapter."""
        return ChapterFields(
            body=self._prose("body"),
            title=self._line("chapter_title"),
            summary=self._prose("chapter_summary"),
            notes_before=self._prose("chapter_notes_before"),
            notes_after=self._prose("chapter_notes_after"),
            published=self._day("chapter_published", had.published if had else None),
            placements=placing.read(self.typed, placing.CHAPTER, had.placements if had else None),
        )

    def position(self) -> int:
        """Where a new chapter comes; 0 for the end."""
        return self._number("position") or 0

    def _first(self, name: str) -> str:
        return next(iter(self.typed.get(name, ())), "")

    def _line(self, name: str) -> str:
        return " ".join(self._first(name).split())

    def _lines(self, name: str) -> list[str]:
        lines = (" ".join(line.split()) for line in self._first(name).split("\n"))
        return [line for line in lines if line]

    def _names(self, name: str, carried: Iterable[str]) -> list[str]:
        """A name that the work or the archive has already may hold a comma, on a line of its own."""
        known = set(carried)
        found: list[str] = []
        for line in self._lines(name):
            found += [line] if line in known else [each.strip() for each in _BETWEEN_NAMES.split(line)]
        return [each for each in dict.fromkeys(found) if each]

    def _taggings(self, had: WorkFields) -> Iterable[Tagging]:
        for kind in TagKind:
            typed = self.typed.get(kind.value, ())
            whole = (*had.tags(kind), *self.known.get(kind, ()))
            names = self._names(kind.value, whole) if kind in NAMED else [each for each in typed if each]
            yield from (Tagging(kind=kind, name=each) for each in names)

    def _prose(self, name: str) -> Prose:
        prose = typed_prose(self._first(name))
        self.removed += [each for each in prose.removed if each not in self.removed]
        return prose

    def _status(self) -> Status:
        given = self._line("status")
        return Status(given) if given in set(Status) else Status.IN_PROGRESS

    def _audience(self) -> Audience:
        given = self._line("audience")
        return Audience(given) if given in set(Audience) else Audience.EVERYONE

    def _number(self, name: str) -> int | None:
        text = self._line(name)
        if text in {"", "?"}:
            return None
        if not (text.isascii() and text.isdecimal() and len(text) <= LONGEST_NUMBER and int(text)):
            self.troubles[name] = f"“{text[:20]}” is no number of chapters: write one from 1 to 9999, or nothing."
            return None
        return int(text)

    def _day(self, name: str, had: datetime | None) -> datetime | None:
        """The day's beginning; a day that was there already keeps its hour."""
        text = self._line(name)
        if not text:
            return had
        if had is not None and text == f"{had:%Y-%m-%d}":
            return had
        try:
            day = datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=UTC).date()
        except ValueError:
            self.troubles[name] = f"“{text[:20]}” is no day: write it as year-month-day, like 2026-03-09."
            return None
        moment = datetime.combine(day, time(), UTC)
        is_under_way = day <= (now() + _FARTHEST_WEST).date()
        return min(moment, now()) if is_under_way else moment


def sent(post: QueryDict) -> Written:
    """What came with a form. Of what no database can hold, nothing."""
    return {name: tuple(map(_plain, post.getlist(name))) for name in FIELDS if name in post}


def again(post: QueryDict) -> Iterable[tuple[str, str]]:
    """All that came with a form but its button, as names and values that can be sent again."""
    for name, values in sent(post).items():
        yield from ((name, value) for value in values)
    yield from ((name, _plain(str(post[name]))) for name in FORM if name in post)


def _plain(text: str) -> str:
    return text.replace("\0", "").replace("\r\n", "\n").replace("\r", "\n")


def of_work(fields: WorkFields) -> Written:
    """A work's own values, as she would have typed them."""
    return {
        **{each.value: tuple(fields.tags(each)) for each in TagKind if each not in NAMED},
        **{each.value: (_listed(fields.tags(each)),) for each in NAMED},
        "title": (fields.title,),
        "pseud": tuple(map(str, fields.pseuds)),
        "summary": (fields.summary,),
        "notes_before": (fields.notes_before,),
        "notes_after": (fields.notes_after,),
        "gifts": (_listed(fields.gifts),),
        "series": fields.series,
        "planned": (str(fields.planned_chapters or ""),),
        "published": (_day(fields.published),),
        "language": (fields.language,),
        "audience": (fields.audience.value,),
        "status": (fields.status.value,),
        **placing.typed(fields.placements or (), placing.WORK),
        **wishing.typed(fields.wishes),
    }


def of_chapter(fields: ChapterFields) -> Written:
    """A chapter's own values, as she would have typed them."""
    return {
        "chapter_title": (fields.title,),
        "chapter_summary": (fields.summary,),
        "chapter_notes_before": (fields.notes_before,),
        "chapter_notes_after": (fields.notes_after,),
        "chapter_published": (_day(fields.published),),
        **placing.typed(fields.placements or (), placing.CHAPTER),
        "body": (fields.body,),
    }


def holds_a_comma(name: str) -> bool:
    """Whether it would be read as several names, were it not known."""
    return bool(_BETWEEN_NAMES.search(name))


def says_something(typed: Mapping[str, tuple[str, ...]]) -> bool:
    """Whether there is anything in a form that somebody would miss."""
    return any(value.strip() for name in FIELDS for value in typed.get(name, ()))


def _listed(names: Iterable[str]) -> str:
    """Parted by commas; by lines where a name holds one."""
    found = list(names)
    return ("\n" if any(map(holds_a_comma, found)) else ", ").join(found)


def _day(moment: datetime | None) -> str:
    return f"{moment:%Y-%m-%d}" if moment else ""
