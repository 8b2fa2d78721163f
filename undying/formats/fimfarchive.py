"""Fimfarchive: `index.json`, one story a line, beside a folder of EPUBs. The zip that it comes in is unpacked before.

The text is read from the EPUB; what the index says of the story goes before what the book says. Field names are those
of the releases since 2017 ("beta"); older ones differ in their dates' names alone.
"""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from undying.formats import Count, Fate, Outcome, Progress, Remark, Story, Unreadable, epub_read
from undying.formats.records import Shelf, folder_of, lost, moment_of
from undying.manuscript import Credit, Manuscript, RawHtml, Source, Status, Tagging, TagKind
from undying.manuscript.clean import clean

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from undying.formats import Event, Request

SITE = "www.fimfiction.net"
LONGEST_LINE = 8 * 1024 * 1024
_LINE = re.compile(rb'\s*"(\d{1,12})"\s*:\s*(\{.*\})\s*,?\s*\Z', re.DOTALL)
_STATUSES = {
    "complete": Status.COMPLETE,
    "hiatus": Status.HIATUS,
    "cancelled": Status.ABANDONED,
    "incomplete": Status.IN_PROGRESS,
}
_RATINGS = {"everyone": "General Audiences", "teen": "Teen And Up Audiences", "mature": "Mature"}
_KINDS = {"character": TagKind.CHARACTER, "series": TagKind.FANDOM, "universe": TagKind.FANDOM}
_FIGURES = ("num_likes", "num_dislikes", "num_views", "total_num_views", "num_comments", "num_words")


class FimfarchiveReader:
    """Reads an index and the books that it names."""

    name = "Fimfarchive"
    is_catalogue = True

    def claims(self, path: Path, head: bytes) -> bool:
        """An index.json whose second line is a story with a number."""
        lines = head[:65536].split(b"\n", 2)
        return (
            path.name == "index.json" and len(lines) > 1 and lines[1].lstrip()[:1] == b'"' and b'"author"' in lines[1]
        )

    def read(self, path: Path, request: Request) -> Iterator[Event]:
        """Each line a story, or kept with the reason. Raises Unreadable."""
        container = f"{folder_of(path, request)}{path.name} (lines)"
        total, at, size = 0, 0, path.stat().st_size
        index = _Index(container, Shelf(path, request.files), request)
        with path.open("rb") as file:
            while line := file.readline(LONGEST_LINE):
                span, at = (at, len(line)), at + len(line)
                if line.strip() not in {b"{", b"}", b""}:
                    total += 1
                    yield from index.told(line, f"line {total}", span)
                    yield Progress(done=at, total=size, unit="bytes")
        if not total:
            raise Unreadable(f"{path.name} names no story.")
        yield Count(container=container, total=total)


class _Index:
    """One index: its lines become stories."""

    def __init__(self, container: str, shelf: Shelf, request: Request) -> None:
        self._container = container
        self._shelf = shelf
        self._request = request
        self._seen: set[str] = set()

    def told(self, line: bytes, place: str, span: tuple[int, int]) -> Iterator[Event]:
        """The events of one line."""
        key, meta = _read(line)
        if not key or key in self._seen:
            why = "another line has its number" if key else "it is no story's number and facts; was the file cut off?"
            shown = f"{key} ({place})" if key else place
            yield Fate(container=self._container, key=shown, outcome=Outcome.REFUSED, detail=why, span=span)
            return
        self._seen.add(key)
        found, why, remarks = self._book(meta)
        yield from remarks
        if found is None:
            yield lost(self._container, key, why, span)
            return
        fate = Fate(container=self._container, key=key, outcome=Outcome.IMPORTED, span=span)
        yield Story(manuscript=_manuscript(found.manuscript, key, meta), fates=(fate, *found.fates))

    def _book(self, meta: dict[str, Any]) -> tuple[Story | None, str, list[Remark]]:
        """The story in the line's book, or why there is none; and what its reader remarked."""
        archive = meta.get("archive")
        named = _text(archive, "path") if isinstance(archive, dict) else _text(meta, "path")
        book = self._shelf.find(named) if named else None
        if book is None:
            return None, "its book is not among the files" if named else "it names no book", []
        try:
            events = list(epub_read.READER.read(book, self._request))
        except Unreadable as error:
            return None, f"its book cannot be read: {error}", []
        story = next((event for event in events if isinstance(event, Story)), None)
        return story, "its book holds no story", [event for event in events if isinstance(event, Remark)]


def _read(line: bytes) -> tuple[str, dict[str, Any]]:
    """(number, facts) of a line; ("", {}) of one that is damaged."""
    match = _LINE.match(line)
    try:
        meta = json.loads(match[2]) if match else None
    except (ValueError, RecursionError):
        meta = None
    return (match[1].decode(), meta) if match and isinstance(meta, dict) else ("", {})


def _text(value: dict[str, Any], name: str) -> str:
    found = value.get(name)
    return found.strip() if isinstance(found, str) else ""


def _manuscript(book: Manuscript, key: str, meta: dict[str, Any]) -> Manuscript:
    rating = _text(meta, "content_rating").lower()
    taggings = [Tagging(kind=TagKind.RATING, name=_RATINGS[rating])] if rating in _RATINGS else []
    taggings += _tags(meta.get("tags"))
    described = _text(meta, "description_html") or _text(meta, "short_description")
    order = list(TagKind)
    return replace(
        book,
        title=_text(meta, "title") or book.title,
        credits=_author(meta.get("author")) or book.credits,
        summary=clean(RawHtml(described)) if described else book.summary,
        taggings=tuple(sorted(dict.fromkeys(taggings), key=lambda each: order.index(each.kind))) or book.taggings,
        status=_STATUSES.get(_text(meta, "completion_status").lower(), book.status),
        published=_moment(meta, "date_published") or book.published,
        updated=_moment(meta, "date_updated") or _moment(meta, "date_modified") or book.updated,
        source=Source(site=SITE, key=key, url=_text(meta, "url") or f"https://{SITE}/story/{key}"),
        extras=(*book.extras, *(("Fimfiction " + name.replace("_", " "), str(meta[name])) for name in _figures(meta))),
    )


def _figures(meta: dict[str, Any]) -> list[str]:
    return [name for name in _FIGURES if isinstance(meta.get(name), int) and meta[name]]


def _author(author: object) -> tuple[Credit, ...]:
    if not isinstance(author, dict) or not _text(author, "name"):
        return ()
    name, number = _text(author, "name"), author.get("id")
    return (
        Credit(name=name, account=name, key=str(number) if isinstance(number, int) else "", url=_text(author, "url")),
    )


def _tags(tags: object) -> list[Tagging]:
    listed = [each for each in tags if isinstance(each, dict)] if isinstance(tags, list) else []
    return [
        Tagging(kind=_KINDS.get(_text(each, "type").lower(), TagKind.ADDITIONAL), name=_text(each, "name"))
        for each in listed
        if _text(each, "name")
    ]


def _moment(meta: dict[str, Any], name: str) -> datetime | None:
    """An ISO date, or seconds since 1970 as old releases have it."""
    value = meta.get(name)
    try:
        if isinstance(value, int) and not isinstance(value, bool):
            return datetime.fromtimestamp(value, UTC)
    except (ValueError, OverflowError, OSError):
        return None
    return moment_of(value) if isinstance(value, str) else None


READER = FimfarchiveReader()
