"""Open Doors' own tables, which archives pass through on their way: `stories`, `chapters`, `authors`, `story_links`,
`item_authors`, `item_tags`, `tags`, as a SQL dump.

The tag table keeps what the old archive said beside what people mapped it to; the mapped tag is taken, the old one
stands beside the story where it differs. What was marked "do not import" is refused.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

import ftfy.bad_codecs  # noqa: F401  registers "sloppy-windows-1252", in which every byte means something

from undying.formats import Contact, Count, Fate, Outcome, Progress, Remark, Story, Unreadable
from undying.formats.blocks import joined
from undying.formats.efiction.dumpfile import DumpFile, excerpt
from undying.formats.efiction.tokenizer import Definition, Dump, LostRow, Stop
from undying.formats.efiction.tokenizer import Row as DumpRow
from undying.formats.labels import DIGITS_OF_AN_ID, category, listed, rating, warning, whole_number
from undying.formats.packed import is_packed
from undying.formats.records import moment_of
from undying.formats.rows import Row, Rows
from undying.formats.text import text_blocks
from undying.manuscript import (
    NO_PROSE,
    Chapter,
    Credit,
    Manuscript,
    Prose,
    RawHtml,
    Source,
    Status,
    Tagging,
    TagKind,
)
from undying.manuscript.clean import clean

if TYPE_CHECKING:
    from collections.abc import Iterator
    from io import BufferedIOBase
    from pathlib import Path

    from undying.formats import Event, Request

SITE = "open-doors"
_OURS = re.compile(rb"(?:INTO|TABLE)\s+[\w`\"\[.$]*(?:item_authors|story_links|item_tags)\b", re.IGNORECASE)
_TABLES = frozenset(("stories", "chapters", "authors", "story_links", "item_authors", "item_tags", "tags"))
_OWNERS = {"chapters": ("story_id", "position"), "item_authors": ("item_id", "id"), "item_tags": ("item_id", "id")}
_KINDS = {
    "fandom": TagKind.FANDOM, "fandoms": TagKind.FANDOM, "relationship": TagKind.RELATIONSHIP,
    "relationships": TagKind.RELATIONSHIP, "character": TagKind.CHARACTER, "characters": TagKind.CHARACTER,
    "warning": TagKind.WARNING, "warnings": TagKind.WARNING, "archive warning": TagKind.WARNING,
    "rating": TagKind.RATING, "category": TagKind.CATEGORY, "categories": TagKind.CATEGORY,
}  # fmt: skip
_COLUMNS = (
    ("rating", TagKind.RATING),
    ("warnings", TagKind.WARNING),
    ("categories", TagKind.CATEGORY),
    ("fandoms", TagKind.FANDOM),
    ("relationships", TagKind.RELATIONSHIP),
    ("characters", TagKind.CHARACTER),
    ("tags", TagKind.ADDITIONAL),
)
_NAMED = re.compile(r"\.sql(?:\.gz|\.bz2|\.xz)?\Z", re.IGNORECASE)
_BEGINS = frozenset((b"--", b"/*", b"# ", b"CR", b"DR", b"IN"))
_MAIL = re.compile(r"(?<![\w.+-])[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_FARTHEST = 16 * 1024 * 1024
_STEP = 1024 * 1024


class OpenDoorsReader:
    """Reads a dump of these tables."""

    name = "Open Doors tables"
    is_catalogue = True

    def claims(self, path: Path, head: bytes) -> bool:
        """A SQL dump that names one of the tables that only these have."""
        if not _NAMED.search(path.name):
            return False
        if not is_packed(head) and head.lstrip()[:2] not in _BEGINS:
            return bool(_OURS.search(head))
        file = DumpFile(path)
        try:
            return file.head.lstrip()[:2] in _BEGINS and bool(_OURS.search(_begin(file)))
        finally:
            file.close()

    def read(self, path: Path, request: Request) -> Iterator[Event]:
        """Each row of `stories` a story. Raises Unreadable."""
        rows = Rows(request.scratch)
        try:
            yield from _Tables(rows, request, path).events()
        finally:
            rows.close()

    def excerpt(self, file: BufferedIOBase, span: tuple[int, int]) -> Iterator[bytes]:
        """The bytes of one row."""
        return excerpt(file, span)


def _begin(file: DumpFile) -> bytes:
    """What a dump holds up to _FARTHEST."""
    begin = bytearray()
    while len(begin) < _FARTHEST and (data := file.read_text(_STEP)):
        begin += data
    return bytes(begin)


class _Tables:
    """One dump, put down and told."""

    def __init__(self, rows: Rows, request: Request, path: Path) -> None:
        self._rows = rows
        self._path = path
        self._site = request.site or SITE
        self._columns: dict[str, tuple[str, ...]] = {}
        self._others = Counter[str]()
        self._lost = Counter[str]()

    def events(self) -> Iterator[Event]:
        """Everything."""
        yield from self._load()
        totals = Counter(dict(self._rows.totals())) + self._others + self._lost
        if not totals:
            raise Unreadable(f"{self._path.name}: it has the tables of Open Doors and no story in them.")
        for row in self._rows.all("stories"):
            yield from self._story(row)
        yield from self._people()
        for row in self._rows.unused():
            why = "a link to a story elsewhere" if row.table == "story_links" else "nothing that came in uses it"
            yield row.fate(Outcome.KEPT_RAW, why)
        yield from (Count(container=container, total=total) for container, total in sorted(totals.items()))

    def _load(self) -> Iterator[Event]:
        file = DumpFile(self._path)
        try:
            dump = Dump(file.read_text)
            for number, item in enumerate(dump.items()):
                yield from self._take(item)
                if number % 5000 == 0:
                    yield Progress(done=file.position, total=file.size, unit="bytes")
            if file.failure:
                yield Remark(text=f"{self._path.name}: {file.failure}; everything before was read.", grave=True)
        finally:
            file.close()

    def _take(self, item: Definition | DumpRow | LostRow | Stop) -> Iterator[Event]:
        if isinstance(item, Definition):
            self._columns[item.table.name] = tuple(column.lower() for column in item.columns)
        elif isinstance(item, DumpRow):
            fate = self._add(item)
            yield from [fate] if fate else []
        elif isinstance(item, LostRow):
            table = item.table.name
            self._lost[table] += 1
            key, span = f"lost row {self._lost[table]} (line {item.line})", (item.at, item.size)
            yield Fate(container=table, key=key, outcome=Outcome.REFUSED, detail=item.why, span=span)
        else:
            yield Remark(text=f"{self._path.name} stops at line {item.line}: {item.why}.", grave=True)

    def _add(self, row: DumpRow) -> Fate | None:
        name = row.table.name.lower()
        names = tuple(map(str.lower, row.columns)) if row.columns else self._columns.get(row.table.name, ())
        if name not in _TABLES or len(names) != len(row.values):
            return self._other(row, is_known=name in _TABLES)
        values = {name: _decoded(value) for name, value in zip(names, row.values, strict=True)}
        owner, place = _OWNERS.get(name, ("", ""))
        key = values.get("original_tagid" if name == "tags" and "id" not in values else "id") or ""
        position = whole_number(values.get(place) or "", most_digits=DIGITS_OF_AN_ID) or 0
        return self._rows.add(
            name, key, values, container=row.table.name, span=(row.at, row.size),
            owner=values.get(owner) or "", place=position,
        )  # fmt: skip

    def _other(self, row: DumpRow, *, is_known: bool) -> Fate:
        """The fate of a row that is not put down."""
        table = row.table.name
        self._others[table] += 1
        outcome = Outcome.REFUSED if is_known else Outcome.KEPT_RAW
        why = "its values are not as many as its table's columns" if is_known else "it is no table of Open Doors"
        span = (row.at, row.size)
        return Fate(container=table, key=f"row {self._others[table]}", outcome=outcome, detail=why, span=span)

    def _story(self, row: Row) -> Iterator[Event]:
        self._rows.use(row)
        joins = [
            each
            for table in ("item_authors", "item_tags")
            for each in self._rows.of(table, row.key)
            if _is_of(each, "story")
        ]
        chapters = self._rows.of("chapters", row.key)
        self._rows.use(*joins, *chapters)
        made = [each.fate(Outcome.MERGED, f"part of story {row.key}") for each in joins]
        told = [(each, chapter) for each in chapters if (chapter := _chapter(each)).body.has_words()]
        if row.is_true("do_not_import") or not told:
            why = "it is marked “do not import”" if row.is_true("do_not_import") else "none of its chapters has a text"
            outcome = Outcome.REFUSED if row.is_true("do_not_import") else Outcome.KEPT_RAW
            yield from (each.fate(outcome, why) for each in (row, *joins, *chapters))
            return
        empty = [
            each.fate(Outcome.KEPT_RAW, "it has no words")
            for each in chapters
            if each.n not in {good.n for good, _ in told}
        ]
        fates = [row.fate(Outcome.IMPORTED), *(each.fate(Outcome.IMPORTED) for each, _ in told), *empty, *made]
        yield Story(manuscript=self._manuscript(row, joins, tuple(chapter for _, chapter in told)), fates=tuple(fates))

    def _manuscript(self, row: Row, joins: list[Row], chapters: tuple[Chapter, ...]) -> Manuscript:
        taggings, extras = self._tags(row, [each for each in joins if each.table == "item_tags"])
        authors = [key for each in joins if each.table == "item_authors" for key in each.refs("author_id")]
        credits_ = [
            self._credit(author)
            for key in authors or row.refs("author_id")
            if (author := self._rows.get("authors", key))
        ]
        return Manuscript(
            title=row.text("title") or "Untitled",
            chapters=chapters,
            credits=tuple(dict.fromkeys(credits_)) or (Credit(name="Anonymous"),),
            summary=_prose(row.text("summary")),
            notes_before=_prose(row.text("notes")),
            language=row.text("language_code"),
            taggings=taggings,
            status=Status.IN_PROGRESS,
            published=moment_of(row.text("date")),
            updated=moment_of(row.text("updated")),
            source=Source(site=self._site, key=row.key, url=_web(row.text("url"))),
            extras=extras,
        )

    def _tags(self, row: Row, joins: list[Row]) -> tuple[tuple[Tagging, ...], tuple[tuple[str, str], ...]]:
        found, extras = list[Tagging](), list[tuple[str, str]]()
        for join in joins:
            for key in join.refs("tag_id"):
                if tag := self._rows.get("tags", key):
                    found.append(_mapped(tag))
                    if tag.text("ao3_tag") and tag.text("ao3_tag") != tag.text("original_tag"):
                        extras.append((f"Original {tag.text('original_type') or 'tag'}", tag.text("original_tag")))
        for column, kind in _COLUMNS if not found else ():
            found += [_certain(kind, name) for name in listed(row.text(column))]
        order = list(TagKind)
        return tuple(sorted(dict.fromkeys(found), key=lambda each: order.index(each.kind))), tuple(extras)

    def _credit(self, row: Row) -> Credit:
        name = row.text("name") or f"Author {row.key}"
        return Credit(name=name, account=name, key=row.key)

    def _people(self) -> Iterator[Event]:
        for row in self._rows.all("authors"):
            self._rows.use(row)
            barred = row.is_true("do_not_import")
            yield row.fate(
                Outcome.REFUSED if barred else Outcome.MERGED, "marked “do not import”" if barred else "an author"
            )
            if not barred and (mails := tuple(dict.fromkeys(_MAIL.findall(row.text("email"))))):
                yield Contact(site=self._site, credit=self._credit(row), emails=mails)


def _decoded(value: bytes | None) -> str | None:
    if value is None:
        return None
    try:
        return value.decode("utf-8")
    except UnicodeDecodeError:
        return value.decode("sloppy-windows-1252")


def _is_of(row: Row, kind: str) -> bool:
    return row.text("item_type").lower() in {"", kind}


def _mapped(tag: Row) -> Tagging:
    """The tag that people chose for the old one; where nobody chose, the old one under its own kind."""
    kind = _KINDS.get((tag.text("ao3_tag_type") or tag.text("original_type")).lower(), TagKind.ADDITIONAL)
    return _certain(kind, tag.text("ao3_tag") or tag.text("original_tag"))


def _certain(kind: TagKind, name: str) -> Tagging:
    read = {TagKind.RATING: rating, TagKind.WARNING: warning, TagKind.CATEGORY: category}.get(kind)
    if read is None:
        return Tagging(kind=kind, name=name)
    known = read(name)
    keeps = kind is TagKind.RATING  # a rating that is not known asks first
    return Tagging(kind=kind if known or keeps else TagKind.ADDITIONAL, name=known or name)


def _chapter(row: Row) -> Chapter:
    return Chapter(
        body=_prose(row.text("text")),
        title=row.text("title"),
        notes_before=_prose(row.text("notes")),
        published=moment_of(row.text("date")),
        key=row.key,
        url=_web(row.text("url")),
    )


def _web(url: str) -> str:
    return url if url.startswith(("http://", "https://")) else ""


def _prose(value: str) -> Prose:
    return clean(RawHtml(joined(text_blocks(value)))) if value.strip() else NO_PROSE


READER = OpenDoorsReader()
