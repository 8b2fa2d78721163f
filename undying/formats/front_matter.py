"""TOML front matter of a Markdown story -> the fields of a Manuscript. The keys are described in docs/formats/plain.md.

Strict on purpose: a misspelt key would lose what stands behind it, so an unknown key or a wrong type is refused by name
and line.
"""

from __future__ import annotations

import re
import tomllib
from datetime import UTC, date, datetime, time
from enum import StrEnum
from typing import TYPE_CHECKING, Any, TypeVar

from undying.formats import Unreadable
from undying.manuscript import (
    Answer,
    Audience,
    Chapter,
    Credit,
    Divergence,
    Leave,
    Manuscript,
    Placement,
    PlacementRelation,
    Prose,
    RelatedWork,
    RelationKind,
    Review,
    SeriesPlace,
    Source,
    State,
    Status,
    Tagging,
    TagKind,
    Wishes,
)
from undying.manuscript.wishes import FOR_MACHINES, FOR_PEOPLE

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

Choice = TypeVar("Choice", bound=StrEnum)

TAG_KEYS = {
    "warnings": TagKind.WARNING,
    "categories": TagKind.CATEGORY,
    "fandoms": TagKind.FANDOM,
    "relationships": TagKind.RELATIONSHIP,
    "characters": TagKind.CHARACTER,
    "tags": TagKind.ADDITIONAL,
}


class _Front:
    """The front matter's text, to find the line of a key again: TOML's parser forgets it."""

    def __init__(self, text: str, name: str, first_line: int) -> None:
        self.name = name
        self._lines = text.split("\n")
        self._first = first_line

    def line_of(self, key: str, within: str, index: int) -> int:
        header = re.compile(rf"\s*\[\[?\s*{re.escape(within)}\b")
        starts = [number for number, line in enumerate(self._lines) if within and header.match(line)]
        start = starts[index] if index < len(starts) else 0
        wanted = re.compile(rf"(?:^|[\s{{,\[.])[\"']?{re.escape(key)}[\"']?\s*[=\].]")
        found = (number for number in range(start, len(self._lines)) if wanted.search(self._lines[number]))
        return next(found, start) + self._first


class _Table:
    """One TOML table, read key by key; what nobody asked for is refused at the end."""

    def __init__(self, values: dict[str, object], front: _Front, within: str = "", index: int = 0) -> None:
        self._values = values
        self._front = front
        self._within = within
        self._index = index
        self._known: set[str] = set()

    def refuse(self, key: str, why: str) -> Unreadable:
        line = self._front.line_of(key, self._within, self._index)
        where = f" in [[{self._within}]]" if self._within else ""
        return Unreadable(f"{self._front.name}, line {line}: “{key}”{where} {why}.")

    def refuse_leftovers(self) -> None:
        for key in self._values:
            if key not in self._known:
                known = ", ".join(sorted(self._known))
                raise self.refuse(key, f"is no key that a story has; the keys are {known}")

    def _take(self, key: str) -> object:
        self._known.add(key)
        return self._values.get(key)

    def text(self, key: str) -> str:
        value = self._take(key)
        if value is None:
            return ""
        if isinstance(value, bool) or not isinstance(value, str | int | float):
            raise self.refuse(key, "must be a text in quotes")
        return str(value).strip()

    def number(self, key: str) -> int | None:
        value = self._take(key)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int) or value < 0:
            raise self.refuse(key, "must be a whole number, without quotes")
        return value

    def texts(self, key: str) -> tuple[str, ...]:
        value = self._take(key)
        listed = [value] if isinstance(value, str) else value
        if listed is None:
            return ()
        if not isinstance(listed, list) or not all(isinstance(item, str) for item in listed):
            raise self.refuse(key, 'must be a list of texts, like ["One", "Two"]')
        return tuple(item.strip() for item in listed if item.strip())

    def moment(self, key: str) -> datetime | None:
        value = self._take(key)
        if value is None:
            return None
        if isinstance(value, datetime):
            return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
        if isinstance(value, date):
            return datetime.combine(value, time(), UTC)
        raise self.refuse(key, "must be a date like 2004-02-29, or a date with a time, without quotes")

    def choice(self, key: str, choices: type[Choice], default: Choice) -> Choice:
        value = self.text(key)
        if not value:
            return default
        try:
            return choices(value)
        except ValueError:
            listed = ", ".join(choice.value for choice in choices if choice.value)
            raise self.refuse(key, f"is “{value}”, which is none of: {listed}") from None

    def tables(self, key: str) -> list[_Table]:
        value = self._take(key)
        if value is None:
            return []
        if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
            raise self.refuse(key, 'must be a list of tables, like [{title = "…"}] or [[…]]')
        return [_Table(item, self._front, key, index) for index, item in enumerate(value)]

    def table(self, key: str) -> _Table | None:
        value = self._take(key)
        if value is None:
            return None
        if not isinstance(value, dict):
            raise self.refuse(key, 'must be a table, like {title = "…"}')
        return _Table(value, self._front, key)

    def pairs(self, key: str) -> tuple[tuple[str, str], ...]:
        inner = self.table(key)
        return tuple((label, inner.text(label)) for label in inner._values) if inner else ()  # noqa: SLF001  same class

    def people(self, key: str) -> tuple[Credit, ...]:
        value = self._take(key)
        if value is None:
            return ()
        if not isinstance(value, list) or not all(isinstance(item, str | dict) for item in value):
            raise self.refuse(key, "must be a list of pen names or of {name, account, archived_by}")
        return tuple(
            Credit(name=item) if isinstance(item, str) else _credit(_Table(item, self._front, key, index))
            for index, item in enumerate(value)
        )


def _credit(table: _Table) -> Credit:
    credit = Credit(
        name=table.text("name"),
        account=table.text("account"),
        key=table.text("key"),
        url=table.text("url"),
        archived_by=table.text("archived_by"),
    )
    table.refuse_leftovers()
    return credit


def _placement(table: _Table) -> Placement:
    placement = Placement(
        fandom=table.text("fandom"),
        relation=table.choice("relation", PlacementRelation, PlacementRelation.WITHIN),
        unit=table.text("unit") or "season",
        part=table.text("part"),
        part_to=table.text("part_to"),
        episodes=table.texts("episodes"),
        divergence=table.choice("divergence", Divergence, Divergence.UNSAID),
        words=table.text("words"),
    )
    table.refuse_leftovers()
    return placement


def _wishes(table: _Table | None) -> Wishes:
    if table is None:
        return Wishes()
    said: dict[str, Any] = {
        **{name: table.choice(name, Leave, Leave.UNSAID) for name in FOR_MACHINES},
        **{name: table.choice(name, Answer, Answer.UNSAID) for name in FOR_PEOPLE},
    }
    wishes = Wishes(**said, words=table.text("words"))
    table.refuse_leftovers()
    return wishes


class FrontMatter:
    """The front matter of one file. `markdown` turns an author's Markdown into Prose."""

    def __init__(self, text: str, name: str, markdown: Callable[[str], Prose], *, first_line: int = 2) -> None:
        self._name = name
        self._markdown = markdown
        try:
            values = tomllib.loads(text)
        except tomllib.TOMLDecodeError as trouble:
            raise Unreadable(f"{name}: the front matter is no TOML: {_moved(str(trouble), first_line)}.") from None
        except RecursionError:
            raise Unreadable(f"{name}: the front matter is nested too deep to be a story's.") from None
        self._table = _Table(values, _Front(text, name, first_line))

    def manuscript(self, bodies: Sequence[tuple[str, Prose]], title: str, source: Source) -> Manuscript:
        """The story with these chapters, each (title, body). `title` and `source` stand where the keys are missing."""
        top = self._table
        planned = top.number("planned_chapters")
        reached = Status.COMPLETE if planned == len(bodies) else Status.IN_PROGRESS
        manuscript = Manuscript(
            title=top.text("title") or title,
            chapters=self._chapters(bodies),
            credits=top.people("creators"),
            summary=self._prose(top, "summary"),
            notes_before=self._prose(top, "notes_before"),
            notes_after=self._prose(top, "notes_after"),
            rights=self._prose(top, "rights"),
            language=top.text("language"),
            taggings=_taggings(top),
            series=tuple(self._series(table) for table in top.tables("series")),
            status=top.choice("status", Status, reached),
            planned_chapters=planned,
            published=top.moment("published"),
            updated=top.moment("updated"),
            placements=tuple(map(_placement, top.tables("placements"))),
            gifts=top.texts("gifts"),
            related=tuple(map(_related, top.tables("related"))),
            reviews=tuple(self._review(table, len(bodies)) for table in top.tables("reviews")),
            source=_source(top.table("source"), source),
            audience=top.choice("audience", Audience, Audience.EVERYONE),
            state=top.choice("state", State, State.POSTED),
            wishes=_wishes(top.table("wishes")),
            extras=top.pairs("extras"),
        )
        top.refuse_leftovers()
        return manuscript

    def _prose(self, table: _Table, key: str) -> Prose:
        return self._markdown(table.text(key))

    def _chapters(self, bodies: Sequence[tuple[str, Prose]]) -> tuple[Chapter, ...]:
        tables: list[_Table] = self._table.tables("chapters")
        if len(tables) > len(bodies):
            raise Unreadable(
                f"{self._name}: the front matter has {len(tables)} [[chapters]], but the text {len(bodies)} "
                "chapters; each begins with a line “# Title”."
            )
        bare = [_Table({}, _Front("", self._name, 1)) for _ in bodies[len(tables) :]]
        return tuple(
            self._chapter(table, title, body) for table, (title, body) in zip([*tables, *bare], bodies, strict=True)
        )

    def _chapter(self, table: _Table, title: str, body: Prose) -> Chapter:
        chapter = Chapter(
            body=body,
            title=table.text("title") or title,
            summary=self._prose(table, "summary"),
            notes_before=self._prose(table, "notes_before"),
            notes_after=self._prose(table, "notes_after"),
            credits=table.people("creators"),
            published=table.moment("published"),
            updated=table.moment("updated"),
            placements=tuple(map(_placement, table.tables("placements"))),
            state=table.choice("state", State, State.POSTED),
            key=table.text("key"),
        )
        table.refuse_leftovers()
        return chapter

    def _series(self, table: _Table) -> SeriesPlace:
        outer = table.table("within")
        place = SeriesPlace(
            title=table.text("title"),
            position=table.number("position") or 0,
            key=table.text("key"),
            url=table.text("url"),
            summary=self._prose(table, "summary"),
            within=self._series(outer) if outer else None,
        )
        table.refuse_leftovers()
        return place

    def _review(self, table: _Table, chapters: int) -> Review:
        review = Review(
            name=table.text("name"),
            body=self._prose(table, "body"),
            posted=table.moment("posted"),
            chapter=table.number("chapter") or 0,
            score=table.number("score"),
            scale=table.text("scale"),
            response=self._prose(table, "response"),
            key=table.text("key"),
            reviewer_key=table.text("reviewer_key"),
        )
        if review.chapter > chapters:
            raise table.refuse("chapter", f"is {review.chapter}, but the story has {chapters} chapters")
        table.refuse_leftovers()
        return review


def _taggings(top: _Table) -> tuple[Tagging, ...]:
    rating = top.text("rating")
    listed = [Tagging(kind=TagKind.RATING, name=rating)] if rating else []
    for key, kind in TAG_KEYS.items():
        listed += [Tagging(kind=kind, name=name) for name in top.texts(key)]
    return tuple(listed)


def _related(table: _Table) -> RelatedWork:
    related = RelatedWork(
        kind=table.choice("kind", RelationKind, RelationKind.INSPIRED_BY),
        title=table.text("title"),
        author=table.text("author"),
        url=table.text("url"),
        language=table.text("language"),
    )
    table.refuse_leftovers()
    return related


def _source(table: _Table | None, source: Source) -> Source:
    if table is None:
        return source
    named = Source(
        site=table.text("site") or source.site,
        key=table.text("key") or source.key,
        url=table.text("url"),
        archivist=table.text("archivist"),
    )
    table.refuse_leftovers()
    return named


def _moved(sentence: str, first_line: int) -> str:
    """tomllib counts from the front matter's first line; people count from the file's."""
    return re.sub(r"at line (\d+)", lambda found: f"at line {int(found[1]) + first_line - 1}", sentence)
