"""OurChive: the zip that a member takes home, `works.csv` with `work_chapters/<title>/chapters.csv` (unpacked before).

A column for each field of the program's tables; a list stands as Python wrote it (`['Slow Burn', 'Angst']`). Tags come
without their kinds. Bookmarks and collections of the same zip are kept raw.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from undying.formats import Count, Fate, Outcome, Story, Unreadable, labels
from undying.formats.blocks import joined
from undying.formats.catalogue import Row, Table, table_of
from undying.formats.records import folder_of, moment_of
from undying.formats.text import text_blocks
from undying.manuscript import (
    NO_PROSE,
    Chapter,
    Credit,
    Manuscript,
    Prose,
    RawHtml,
    Source,
    State,
    Status,
    Tagging,
    TagKind,
)
from undying.manuscript.clean import clean

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from undying.formats import Event, Request

SITE = "ourchive"
_COLUMNS = ("title", "is_complete", "user")
_ITEM = re.compile(r"""'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)\"""")
_TITLE = re.compile(r"[^\w ]|_")


class OurChiveReader:
    """Reads one member's export."""

    name = "OurChive"
    is_catalogue = True

    def claims(self, path: Path, head: bytes) -> bool:
        """A works.csv with the columns of OurChive's works."""
        first = head[:65536].split(b"\n", 1)[0].decode("utf-8", "replace").lower()
        return path.name.lower() == "works.csv" and all(f'"{name}"' in first for name in _COLUMNS)

    def read(self, path: Path, request: Request) -> Iterator[Event]:
        """Each work a story. Raises Unreadable."""
        works = table_of(path, request)
        yield from works.remarks
        export = _Export(path, request, works)
        for row in works.rows:
            yield from export.work(row)
        yield from export.left_over()
        yield Count(container=works.container, total=len(works.rows))


class _Export:
    """The works of one export and the tables of their chapters."""

    def __init__(self, path: Path, request: Request, works: Table) -> None:
        self._path = path
        self._request = request
        self._works = works
        self._site = request.site or SITE
        found = (each for each in request.files if each.name.lower() == "chapters.csv")
        inside = path.parent / "work_chapters"
        self._tables = {each.parent.name: each for each in found if each.parent.parent == inside}
        self._seen: set[str] = set()

    def work(self, row: Row) -> Iterator[Event]:
        """One work with its chapters."""
        key = row["id"] or row["uid"] or row["title"]
        path = self._tables.pop(_folder(row["title"]), None)
        if key in self._seen or path is None:
            why = "another line has its id" if key in self._seen else "its chapters are not among the files"
            yield self._works.fate(row, Outcome.KEPT_RAW, why)
            return
        self._seen.add(key)
        folder = folder_of(path, self._request)
        try:
            table = table_of(path, self._request)
        except Unreadable as error:
            yield Fate(container=folder, key=path.name, outcome=Outcome.REFUSED, detail=str(error), file=path)
            yield self._works.fate(row, Outcome.KEPT_RAW, "the table of its chapters cannot be read")
            return
        yield from table.remarks
        rows = sorted(table.rows, key=lambda each: (_number(each["number"]), each.number))
        chapters = [(each, _chapter(each)) for each in rows]
        good = [(each, chapter) for each, chapter in chapters if chapter.body.has_words() or "<img" in chapter.body]
        yield Count(container=table.container, total=len(table.rows))
        told = Fate(
            container=folder, key=path.name, outcome=Outcome.IMPORTED, detail=f"chapters of work {key}", file=path
        )
        fates = [table.fate(each, Outcome.IMPORTED) for each, _ in good]
        wordless = [each for each, chapter in chapters if (each, chapter) not in good]
        yield from (
            table.fate(each, Outcome.KEPT_RAW, "it has no text: sound and pictures are not in the export")
            for each in wordless
        )
        if not good:
            yield told
            yield self._works.fate(row, Outcome.KEPT_RAW, "none of its chapters has a text")
            return
        manuscript = self._manuscript(row, key, tuple(chapter for _, chapter in good))
        yield Story(manuscript=manuscript, fates=(self._works.fate(row, Outcome.IMPORTED), *fates, told))

    def _manuscript(self, row: Row, key: str, chapters: tuple[Chapter, ...]) -> Manuscript:
        names = _listed(row["users"]) or [row["user"] or "Anonymous"]
        tags = [Tagging(kind=TagKind.ADDITIONAL, name=name) for name in dict.fromkeys(_listed(row["tags"]))]
        facts = [Tagging(kind=TagKind.ADDITIONAL, name=name) for name in _listed(row["attributes"])]
        languages = _listed(row["languages"])
        extras = [("OurChive work type", row["work_type"]), ("OurChive word count", row["word_count"])]
        return Manuscript(
            title=row["title"] or "Untitled",
            chapters=chapters,
            credits=tuple(Credit(name=name, account=name) for name in names),
            summary=_prose(row["summary"]),
            notes_before=_prose(row["notes"]),
            language=labels.language(languages[0]) if languages else "",
            taggings=tuple(dict.fromkeys((*tags, *facts))),
            status=Status.COMPLETE if row["is_complete"].lower() == "true" else Status.IN_PROGRESS,
            published=moment_of(row["created_on"]),
            updated=moment_of(row["updated_on"]),
            source=Source(site=self._site, key=key, url=self._url(key)),
            state=State.DRAFT if row["draft"].lower() == "true" else State.POSTED,
            extras=tuple((label, value) for label, value in extras if value),
        )

    def _url(self, key: str) -> str:
        return f"https://{self._site}/works/{key}/" if "." in self._site and key.isdecimal() else ""

    def left_over(self) -> Iterator[Fate]:
        """Chapters of works that are in no line, and what else the zip holds."""
        for path in self._tables.values():
            why = "no line of works.csv has the title of its folder"
            folder = folder_of(path, self._request)
            yield Fate(container=folder, key=path.name, outcome=Outcome.KEPT_RAW, detail=why, file=path)
        for each in self._request.files:
            if each.parent == self._path.parent and each.name in {"bookmarks.csv", "collections.csv"}:
                folder = folder_of(each, self._request) or "./"
                why = "members' own lists are kept for a later version"
                yield Fate(container=folder, key=each.name, outcome=Outcome.KEPT_RAW, detail=why, file=each)


def _folder(title: str) -> str:
    """The folder that the export makes of a title: letters, digits and spaces."""
    return _TITLE.sub("", title).rstrip()


def _listed(value: str) -> list[str]:
    """The items of a list as Python writes it."""
    found = [one or other for one, other in _ITEM.findall(value)] if value.startswith("[") else []
    return [re.sub(r"\\(.)", r"\1", item) for item in found if item]


def _chapter(row: Row) -> Chapter:
    chapter = Chapter(body=_prose(row["text"]), title=row["title"], key=row["id"] or row["uid"])
    return replace(
        chapter,
        summary=_prose(row["summary"]),
        notes_before=_prose(row["notes"]),
        notes_after=_prose(row["end_notes"]),
        published=moment_of(row["created_on"]),
        updated=moment_of(row["updated_on"]),
    )


def _prose(value: str) -> Prose:
    return clean(RawHtml(joined(text_blocks(value)))) if value.strip() else NO_PROSE


def _number(value: str) -> int:
    number = labels.whole_number(value)
    return 10**9 if number is None else number


READER = OurChiveReader()
