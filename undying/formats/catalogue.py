"""CSV and files: the plain form for whatever no other reader knows. Described in docs/formats/csv-and-files.md.

`stories.csv` has a line for each story; beside it may stand `chapters.csv`, `reviews.csv` and `people.csv`, and the
files that hold the texts. Spreadsheets write it, and a person can.
"""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from undying.formats import Contact, Count, Fate, Kept, Outcome, Progress, Remark, Story, Unreadable, labels
from undying.formats.blocks import joined
from undying.formats.labels import Label
from undying.formats.onefile import file_bytes, file_text
from undying.formats.plain import About, series_place
from undying.formats.plain import manuscript_of as story_of
from undying.formats.records import Record, Shelf, Text, folder_of, lost, manuscript_of, texts_of
from undying.formats.text import text_blocks
from undying.manuscript import (
    NO_PROSE,
    Audience,
    Credit,
    Profile,
    Prose,
    RawHtml,
    Review,
    Source,
    State,
    Tagging,
    TagKind,
)
from undying.manuscript.clean import clean

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from undying.formats import Event, Request
    from undying.manuscript import Chapter, Manuscript

LARGEST = 512 * 1024 * 1024
LONGEST_FIELD = 12 * 1024 * 1024
SITE = "catalogue"
_ENDINGS = (".csv", ".tsv")
_DELIMITERS = (",", ";", "\t")
_LISTS = {
    "fandoms": TagKind.FANDOM,
    "relationships": TagKind.RELATIONSHIP,
    "characters": TagKind.CHARACTER,
    "tags": TagKind.ADDITIONAL,
    "warnings": TagKind.WARNING,
    "categories": TagKind.CATEGORY,
    "rating": TagKind.RATING,
}
_TEXTS = {
    "title": Label.TITLE,
    "summary": Label.SUMMARY,
    "notes": Label.NOTES,
    "rights": Label.RIGHTS,
    "language": Label.LANGUAGE,
    "status": Label.STATUS,
    "published": Label.PUBLISHED,
    "updated": Label.UPDATED,
}
_BESIDE = frozenset({"chapters", "reviews", "people"})
_OURS = frozenset({"key", "creators", "series", "files", "url", "audience", "state"})
_CHAPTER_COLUMNS = frozenset(
    {"story", "position", "title", "file", "text", "summary", "notes", "notes_after", "published", "url", "key"}
)
_REVIEW_COLUMNS = frozenset(
    {"story", "chapter", "name", "posted", "body", "score", "scale", "response", "key", "answers"}
)
_PEOPLE_COLUMNS = frozenset({"name", "key", "email", "bio", "website", "joined", "url"})


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a table: its number, its values by column, and where its bytes stand."""

    number: int
    values: dict[str, str]
    span: tuple[int, int] | None

    def __getitem__(self, column: str) -> str:
        return self.values.get(column, "")

    def items(self, column: str) -> list[str]:
        """A list in one cell: parted by semicolons or lines."""
        return [item.strip() for item in self[column].replace("\n", ";").split(";") if item.strip()]


@dataclass
class Table:
    """One CSV file. `columns` are lower case, with underscores for spaces."""

    container: str
    columns: tuple[str, ...] = ()
    rows: list[Row] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)

    def by_story(self) -> dict[str, list[Row]]:
        """The rows of each story, in their order."""
        found: dict[str, list[Row]] = {}
        for row in self.rows:
            found.setdefault(row["story"], []).append(row)
        return found

    def fate(self, row: Row, outcome: Outcome, detail: str = "") -> Fate:
        """How a row ended."""
        return Fate(container=self.container, key=f"line {row.number}", outcome=outcome, detail=detail, span=row.span)


class CatalogueReader:
    """Reads `stories.csv` with what lies beside it."""

    name = "CSV and files"
    is_catalogue = True

    def claims(self, path: Path, head: bytes) -> bool:
        """A CSV named stories.csv, or one with a column for titles and one for files."""
        if path.suffix.lower() not in _ENDINGS or path.stem.lower() in _BESIDE:
            return False
        first = head[:65536].split(b"\n", 1)[0].decode("utf-8", "replace").lower()
        named = {name.strip(' "\ufeff\r') for mark in _DELIMITERS for name in first.split(mark)}
        return path.stem.lower() == "stories" or ("title" in named and bool(named & {"file", "files"}))

    def read(self, path: Path, request: Request) -> Iterator[Event]:
        """Each line a story, or kept with the reason. Raises Unreadable."""
        reading = _Reading(path, request)
        yield from reading.remarks()
        total = len(reading.stories.rows)
        for done, row in enumerate(reading.stories.rows, start=1):
            yield from reading.story(row)
            yield Progress(done=done, total=total, unit="stories")
        yield from reading.people()
        yield from reading.left_over()
        yield from reading.counts()


class _Reading:
    """One catalogue with its tables."""

    def __init__(self, path: Path, request: Request) -> None:
        self._path = path
        self._request = request
        self._shelf = Shelf(path, request.files)
        self._site = request.site or SITE
        self.stories = table_of(path, request)
        if "title" not in self.stories.columns:
            raise Unreadable(
                f"{path.name}: its first line names no column “title”; docs/formats/csv-and-files.md lists them."
            )
        self._tables: dict[str, Table] = {}
        self._chapters = self._table("chapters").by_story()
        self._reviews = self._table("reviews").by_story()
        self._table("people")
        self._keys: set[str] = set()

    def _named(self, name: str) -> Path | None:
        wanted = {f"{name}{ending}" for ending in _ENDINGS}
        beside = (each for each in self._request.files if each.parent == self._path.parent)
        return next((each for each in beside if each.name.lower() in wanted), None)

    def _table(self, name: str) -> Table:
        """The table beside the stories; an empty one where there is none."""
        path = self._named(name)
        if path is None:
            return Table("")
        self._tables[name] = table_of(path, self._request)
        return self._tables[name]

    def remarks(self) -> Iterator[Remark]:
        """What was odd about the tables themselves."""
        known = {"chapters": _CHAPTER_COLUMNS, "reviews": _REVIEW_COLUMNS, "people": _PEOPLE_COLUMNS}
        yield from self.stories.remarks
        for name, table in self._tables.items():
            yield from table.remarks
            if unknown := [column for column in table.columns if column and column not in known[name]]:
                yield Remark(text=f"{name}.csv: nobody knows the columns {', '.join(unknown)}; they are kept raw.")

    def story(self, row: Row) -> Iterator[Event]:
        """The events of one line."""
        key = row["key"] or f"{row['title']}/{row['creators']}"
        if key in self._keys:
            yield self.stories.fate(row, Outcome.REFUSED, f"another line has the key “{key}”")
            return
        self._keys.add(key)
        chapters = sorted(self._chapters.pop(row["key"], []), key=_place) if row["key"] else []
        texts, fates, remarks = self._texts(row, chapters)
        yield from remarks
        if not texts:
            yield lost(self.stories.container, f"line {row.number}", "none of its files could be read", row.span)
            yield from (
                self._tables["chapters"].fate(each, Outcome.KEPT_RAW, "its story has no text") for each in chapters
            )
            return
        source = Source(site=self._site, key=key, url=row["url"])
        manuscript = _finished(manuscript_of(_record(row), texts, source), row, chapters)
        reviews = self._reviews.pop(row["key"], []) if row["key"] else []
        manuscript = replace(manuscript, reviews=tuple(_review(each, len(manuscript.chapters)) for each in reviews))
        imported = self.stories.fate(row, Outcome.IMPORTED)
        told = [
            self._tables["reviews"].fate(each, Outcome.IMPORTED, f"review of “{manuscript.title}”") for each in reviews
        ]
        yield Story(manuscript=manuscript, fates=(imported, *fates, *told))

    def _texts(self, row: Row, chapters: list[Row]) -> tuple[list[Text], list[Fate], list[Remark]]:
        """The texts of the story, the fates of what they were made of, and what was missing."""
        if not chapters:
            told = list(texts_of(row.items("files"), self._shelf, self._request))
            texts = [each for each in told if isinstance(each, Text)]
            return texts, [each.fate for each in texts], [each for each in told if isinstance(each, Remark)]
        texts, fates, remarks = list[Text](), list[Fate](), list[Remark]()
        for line in chapters:
            found = [_inline(line)] if line["text"] else list(texts_of(line.items("file"), self._shelf, self._request))
            read = [each for each in found if isinstance(each, Text)]
            remarks += [each for each in found if isinstance(each, Remark)]
            texts += read
            fates += [each.fate for each in read if each.fate.file is not None]
            outcome = Outcome.IMPORTED if read else Outcome.KEPT_RAW
            fates.append(self._tables["chapters"].fate(line, outcome, "" if read else "it has no text"))
        return texts, fates, remarks

    def people(self) -> Iterator[Event]:
        """Everybody in people.csv."""
        table, seen = self._tables.get("people", Table("")), set[str]()
        for row in table.rows:
            key = row["key"] or row["name"]
            if not row["name"] or key in seen:
                why = f"another line has the key “{key}”" if row["name"] else "it has no name"
                yield table.fate(row, Outcome.REFUSED, why)
                continue
            seen.add(key)
            member = Credit(name=row["name"], key=row["key"], url=row["url"])
            profile = Profile(
                source=Source(site=self._site, key=key),
                member=member,
                joined=labels.day(row["joined"]),
                bio=_prose(row["bio"]),
                website=row["website"],
            )
            yield Kept(keepsake=profile, fates=(table.fate(row, Outcome.IMPORTED, "a member"),))
            if row["email"]:
                yield Contact(site=self._site, credit=member, emails=tuple(row.items("email")))

    def left_over(self) -> Iterator[Fate]:
        """The tables beside the stories as files, and chapters and reviews of stories that are in no line."""
        for name in self._tables:
            if path := self._named(name):
                folder = folder_of(path, self._request) or "./"
                detail = f"read as {READER.name}"
                yield Fate(container=folder, key=path.name, outcome=Outcome.IMPORTED, detail=detail, file=path)
        for name, rows in (("chapters", self._chapters), ("reviews", self._reviews)):
            for story, some in rows.items():
                why = f"no line of {self._path.name} has the key “{story}”"
                yield from (self._tables[name].fate(each, Outcome.KEPT_RAW, why) for each in some)

    def counts(self) -> Iterator[Count]:
        """How many lines each table has."""
        for table in (self.stories, *self._tables.values()):
            yield Count(container=table.container, total=len(table.rows))


def _place(row: Row) -> tuple[int, int]:
    position = labels.whole_number(row["position"])
    return (10**9 if position is None else position, row.number)


def _inline(row: Row) -> Text:
    """A chapter whose text stands in the table itself."""
    about = About(name="chapters.csv", fallback_title=row["title"], source=Source())
    fate = Fate(container="", key="", outcome=Outcome.IMPORTED)
    return Text(story_of(text_blocks(row["text"]), about), fate)


def _record(row: Row) -> Record:
    """The line without what stands elsewhere; columns of the writer's own become extras."""
    skipped = _OURS | _LISTS.keys()
    fields = tuple((name, value) for name, value in row.values.items() if value and name not in skipped)
    known: dict[str, Label | None] = dict.fromkeys((name for name, _ in fields), None)
    return Record(key=row["key"], fields=fields, labels={**known, **_TEXTS})


def _finished(manuscript: Manuscript, row: Row, chapters: list[Row]) -> Manuscript:
    """What a table can say that a label line cannot: exact lists, the state, the chapters' own facts."""
    taggings = tuple(Tagging(kind=kind, name=name) for column, kind in _LISTS.items() for name in row.items(column))
    is_one_each = len(chapters) == len(manuscript.chapters)
    return replace(
        manuscript,
        credits=tuple(Credit(name=name) for name in row.items("creators")) or manuscript.credits,
        taggings=_in_order(taggings) or manuscript.taggings,
        series=tuple(map(series_place, row.items("series"))) or manuscript.series,
        chapters=tuple(map(_told, manuscript.chapters, chapters)) if is_one_each else manuscript.chapters,
        audience=Audience.MEMBERS if row["audience"].lower() == "members" else manuscript.audience,
        state=State.DRAFT if row["state"].lower() == "draft" else manuscript.state,
    )


def _in_order(taggings: tuple[Tagging, ...]) -> tuple[Tagging, ...]:
    order = list(TagKind)
    return tuple(sorted(dict.fromkeys(taggings), key=lambda tagging: order.index(tagging.kind)))


def _told(chapter: Chapter, row: Row) -> Chapter:
    return replace(
        chapter,
        title=row["title"] or chapter.title,
        summary=_prose(row["summary"]) or chapter.summary,
        notes_before=_prose(row["notes"]) or chapter.notes_before,
        notes_after=_prose(row["notes_after"]) or chapter.notes_after,
        published=labels.day(row["published"]),
        key=row["key"],
        url=row["url"],
    )


def _review(row: Row, chapters: int) -> Review:
    chapter = labels.whole_number(row["chapter"]) or 0
    return Review(
        name=row["name"] or "Anonymous",
        body=_prose(row["body"]),
        posted=labels.day(row["posted"]),
        chapter=chapter if 0 < chapter <= chapters else 0,
        score=labels.whole_number(row["score"]),
        scale=row["scale"],
        response=_prose(row["response"]),
        key=row["key"],
        answers=row["answers"],
    )


def _prose(value: str) -> Prose:
    return clean(RawHtml(joined(text_blocks(value)))) if value.strip() else NO_PROSE


# -- Tables -----------------------------------------------------------------------------------------------------------


def table_of(path: Path, request: Request) -> Table:
    """A CSV file whole, its values as text. Raises Unreadable with the line when it cannot be read as a table."""
    data = file_bytes(path, largest=LARGEST)
    text, remark = file_text(data, path.name)
    table = Table(f"{folder_of(path, request)}{path.name} (lines)", remarks=[remark] if remark else [])
    lines = _Lines(data, text)
    reader = csv.reader(lines, delimiter=_delimiter(text.partition("\n")[0]))
    usual = csv.field_size_limit(LONGEST_FIELD)
    try:
        names = next(reader, [])
        table.columns = tuple("_".join(name.strip(" \ufeff").lower().split()) for name in names)
        begin = lines.position
        for values in reader:
            if any(value.strip() for value in values):
                row = dict(zip(table.columns, (_value(value) for value in values), strict=False))
                _note_surplus(table, values, reader.line_num)
                span = (begin, lines.position - begin) if lines.has_places else None
                table.rows.append(Row(reader.line_num, row, span))
            begin = lines.position
    except csv.Error as error:
        raise Unreadable(f"{path.name}, line {reader.line_num}: this is no line of a table ({error}).") from None
    finally:
        csv.field_size_limit(usual)  # the module's own, which others rely on
    return table


def _note_surplus(table: Table, values: list[str], number: int) -> None:
    if len(values) > len(table.columns) and any(values[len(table.columns) :]):
        text = f"{table.container} line {number}: more values than the first line names columns; are quotes missing?"
        table.remarks.append(Remark(text=text, grave=True))


def _delimiter(first: str) -> str:
    return max(_DELIMITERS, key=first.count)


def _value(value: str) -> str:
    """The value; an apostrophe that keeps a spreadsheet from calculating is none of it."""
    value = value.strip()
    return value[1:] if value[:1] == "'" and value[1:2] in {"=", "+", "-", "@"} else value


class _Lines:
    """The lines of a table for `csv`, which takes as many as a row needs; `position` is the byte behind the last.

    Places are known where the text is UTF-8; elsewhere (`has_places` False) lines come from the decoded text.
    """

    def __init__(self, data: bytes, text: str) -> None:
        try:
            data.decode("utf-8")
        except UnicodeDecodeError:
            self.has_places = False
        else:
            self.has_places = b"\0" not in data[:4096]
        self.position = 0
        self._bytes = io.BytesIO(data if self.has_places else b"")
        self._text = io.StringIO("" if self.has_places else text)

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        if not self.has_places:
            return next(self._text)
        line = next(self._bytes)
        self.position += len(line)
        return line.decode("utf-8")


READER = CatalogueReader()
