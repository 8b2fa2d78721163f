"""FictionBook 2 (.fb2, .fb2.zip): the e-book of the Russian-speaking world, one XML file.

Structure as in the schema of FictionBook 2.0 to 2.21: `description` (title-info, document-info), `body` with nested
`section`s, a body named "notes" with footnotes, `binary` pictures in base64. Elements are known by their local names,
since half of all files name the namespace wrongly.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import html
from typing import TYPE_CHECKING

from lxml import etree

from undying.formats import Remark, Story, Unreadable
from undying.formats.addresses import source_of
from undying.formats.labels import day, whole_number
from undying.formats.language_names import plain_tag
from undying.formats.onefile import file_bytes, file_fate, file_source, what_it_looks_like
from undying.formats.safety import open_zip
from undying.manuscript import (
    Chapter,
    Credit,
    Manuscript,
    Picture,
    Prose,
    RawHtml,
    SeriesPlace,
    Status,
    Tagging,
    TagKind,
)
from undying.manuscript.clean import clean

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from pathlib import Path

    from undying.formats import Event, Request
    from undying.formats.safety import Element
    from undying.manuscript import Source

LARGEST = 96 * 1024 * 1024
LARGEST_PICTURE = 16 * 1024 * 1024
DEEPEST = 60
_MARKS = {"emphasis": "em", "strong": "strong", "strikethrough": "s", "sub": "sub", "sup": "sup", "code": "code"}
_BLOCKS = {
    "p": ("<p>", "</p>"),
    "subtitle": ("<h4>", "</h4>"),
    "title": ("<h3>", "</h3>"),
    "text-author": ('<p align="right">', "</p>"),
    "date": ('<p align="right">', "</p>"),
    "v": ("", "<br>"),
    "stanza": ("<p>", "</p>"),
    "poem": ('<div class="verse">', "</div>"),
    "cite": ("<blockquote>", "</blockquote>"),
    "epigraph": ("<blockquote>", "</blockquote>"),
    "table": ("<table>", "</table>"),
    "tr": ("<tr>", "</tr>"),
    "td": ("<td>", "</td>"),
    "th": ("<th>", "</th>"),
}
_PICTURES = {"image/jpeg": "image/jpeg", "image/jpg": "image/jpeg", "image/png": "image/png", "image/gif": "image/gif"}
_STATUSES = {"complete": Status.COMPLETE, "finished": Status.COMPLETE, "frozen": Status.HIATUS}


class Fb2Reader:
    """Reads one book as one story."""

    name = "FictionBook"

    def claims(self, path: Path, head: bytes) -> bool:
        """Its root element, or its name."""
        return b"<FictionBook" in head or path.name.lower().endswith((".fb2", ".fb2.zip"))

    def read(self, path: Path, request: Request) -> Iterator[Event]:
        """The story. Raises Unreadable."""
        data = _bytes(path)
        book = _Book(_root(data, path.name))
        named = source_of(book.url) if book.url else None
        source = named if named is not None and named.site else file_source(data, request)
        manuscript = book.manuscript(path, source)
        yield from book.remarks(path.name)
        yield Story(manuscript=manuscript, fates=(file_fate(path, request),))


def _bytes(path: Path) -> bytes:
    """The XML; out of its zip, where it is packed."""
    if not path.name.lower().endswith(".zip"):
        return file_bytes(path, largest=LARGEST)
    with open_zip(path) as archive:
        books = [name for name in archive.names if name.lower().endswith(".fb2")]
        if len(books) != 1:
            raise Unreadable(f"{path.name}: it holds {len(books)} books; unpack it to bring them in.")
        return archive.read(books[0], LARGEST)


def _root(data: bytes, name: str) -> Element:
    """The root, read leniently: control characters and bare ampersands are common. Entities are not resolved."""
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, recover=True, huge_tree=True, remove_comments=True
    )
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError):
        root = None
    if root is None or _name(root) != "FictionBook":
        kind = what_it_looks_like(data) or "no FictionBook"
        raise Unreadable(f"{name}: this is {kind}, whatever its name says; give it its right ending, or leave it out.")
    return root


def _name(element: Element) -> str:
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def _first(element: Element | None, *path: str) -> Element | None:
    """The first child of this name, and of that the next …"""
    for name in path:
        if element is None:
            return None
        element = next((child for child in element if _name(child) == name), None)
    return element


def _all(element: Element | None, name: str) -> list[Element]:
    return [] if element is None else [child for child in element if _name(child) == name]


def _text(element: Element | None) -> str:
    return "" if element is None else " ".join("".join(map(str, element.itertext())).split())


def _heading(title: Element | None) -> str:
    """A title of several lines on one."""
    return "" if title is None else " ".join(filter(None, map(_text, title))) or _text(title)


def _href(element: Element) -> str:
    return next((str(value) for name, value in element.attrib.items() if str(name).endswith("href")), "")


class _Book:
    """One book: what its description says, its chapters, its pictures and notes."""

    def __init__(self, root: Element) -> None:
        self._about = _first(root, "description", "title-info")
        self._document = _first(root, "description", "document-info")
        self.url = _text(_first(self._document, "src-url"))
        bodies = _all(root, "body")
        self._bodies = [body for body in bodies if not body.get("name")] or bodies[:1]
        self._pictures: dict[str, Picture] = {}
        self._bad_pictures = 0
        for binary in _all(root, "binary"):
            self._take_picture(binary)
        self._notes = {
            section.get("id", ""): section for body in bodies if body.get("name") for section in _all(body, "section")
        }

    def _take_picture(self, binary: Element) -> None:
        kind = _PICTURES.get(binary.get("content-type", "").lower())
        try:
            data = base64.b64decode("".join(map(str, binary.itertext())))
        except (binascii.Error, ValueError):
            data = b""
        if kind is None or not data or len(data) > LARGEST_PICTURE:
            self._bad_pictures += 1
            return
        picture = Picture(sha256=hashlib.sha256(data).hexdigest(), media_type=kind, data=data)
        self._pictures[binary.get("id", "")] = picture

    def remarks(self, name: str) -> Iterator[Remark]:
        """What could not be taken."""
        if self._bad_pictures:
            yield Remark(
                text=f"{name}: {self._bad_pictures} pictures are no pictures that a page can show, or too large.",
                grave=True,
            )

    def manuscript(self, path: Path, source: Source) -> Manuscript:
        """The story."""
        chapters = tuple(chapter for body in self._bodies for chapter in self._chapters(body))
        shown = "".join(chapter.body for chapter in chapters)
        cover = _first(self._about, "coverpage", "image")
        pictures = [each for each in self._pictures.values() if f"picture:{each.sha256}" in shown]
        return Manuscript(
            title=_text(_first(self._about, "book-title")) or path.stem,
            chapters=chapters,
            credits=tuple(map(_credit, _all(self._about, "author"))),
            summary=self._prose(_first(self._about, "annotation")),
            notes_before=self._prose(_first(self._document, "history")),
            language=plain_tag(_text(_first(self._about, "lang"))),
            taggings=tuple(self._taggings()),
            series=tuple(map(_series, _all(self._about, "sequence"))),
            status=_STATUSES.get(_text(_first(self._about, "status")).lower(), Status.IN_PROGRESS),
            published=_day(_first(self._about, "date")),
            updated=_day(_first(self._document, "date")),
            pictures=tuple(dict.fromkeys(pictures)),
            source=source,
            extras=tuple(self._extras(cover)),
        )

    def _taggings(self) -> Iterator[Tagging]:
        names = [_text(genre) for genre in _all(self._about, "genre")]
        names += _text(_first(self._about, "keywords")).split(",")
        for name in dict.fromkeys(name.strip() for name in names):
            if name:
                yield Tagging(kind=TagKind.ADDITIONAL, name=name)

    def _extras(self, cover: Element | None) -> Iterator[tuple[str, str]]:
        said = [("Translator", _credit(each).name) for each in _all(self._about, "translator")]
        said += [("Original language", _text(_first(self._about, "src-lang")))]
        said += [("Made with", _text(_first(self._document, "program-used")))]
        said += [("Cover", _href(cover).lstrip("#") if cover is not None else "")]
        yield from ((label, value) for label, value in said if value)

    def _chapters(self, body: Element) -> Iterator[Chapter]:
        """The sections of a body; a section that only holds sections is opened."""
        sections = _all(body, "section")
        while len(sections) == 1 and (inner := _all(sections[0], "section")) and not _all(sections[0], "p"):
            sections = inner
        opening = [child for child in body if _name(child) not in {"section", "title", ""}]
        for place, section in enumerate(sections):
            before = opening if place == 0 else []
            yield self._chapter(section, before)
        if not sections and (opening or _all(body, "p")):
            yield Chapter(body=clean(RawHtml("".join(self._block(child, 0) for child in body))))

    def _chapter(self, section: Element, before: list[Element]) -> Chapter:
        title = _first(section, "title")
        markup = "".join(self._block(child, 0) for child in (*before, *(each for each in section if each is not title)))
        return Chapter(title=_heading(title), body=clean(RawHtml(markup + self._footnotes(section))))

    def _footnotes(self, section: Element) -> str:
        """The notes that a chapter refers to, behind it, each leading back by its mark."""
        asked = [_href(each).lstrip("#") for each in section.iter() if _name(each) == "a"]
        found = [(name, self._notes[name]) for name in dict.fromkeys(asked) if name in self._notes]
        if not found:
            return ""
        blocks = [
            f'<p id="{html.escape(name)}">{html.escape(_text(_first(note, "title")))} '
            f"{' '.join(self._inner(part, 1) for part in note if _name(part) != 'title')}</p>"
            for name, note in found
        ]
        return "<hr>" + "".join(blocks)

    def _prose(self, element: Element | None) -> Prose:
        markup = "" if element is None else "".join(self._block(child, 0) for child in element)
        return clean(RawHtml(markup))

    def _block(self, element: Element, depth: int) -> str:
        name = _name(element)
        if not name or depth > DEEPEST:
            return html.escape(_text(element)) if name else ""
        if name == "empty-line":
            return '<p class="gap"></p>'
        if name == "image":
            return f"<p>{self._image(element)}</p>"
        opening, closing = _BLOCKS.get(name, ("", ""))
        inner = self._inner(element, depth + 1)
        if name == "title":
            inner = "<br>".join(part for part in (self._inner(child, depth + 1) for child in element) if part)
        return f"{opening}{inner}{closing}"

    def _inner(self, element: Element, depth: int) -> str:
        pieces = [html.escape(element.text or "", quote=False)]
        for child in element:
            pieces.append(self._piece(child, depth))
            pieces.append(html.escape(child.tail or "", quote=False))
        return "".join(pieces)

    def _piece(self, child: Element, depth: int) -> str:
        name = _name(child)
        if depth > DEEPEST:
            return html.escape(_text(child))
        if name in _MARKS:
            return f"<{_MARKS[name]}>{self._inner(child, depth + 1)}</{_MARKS[name]}>"
        if name == "a":
            return f'<a href="{html.escape(_href(child))}">{self._inner(child, depth + 1)}</a>'
        if name == "image":
            return self._image(child)
        return self._block(child, depth)

    def _image(self, element: Element) -> str:
        picture = self._pictures.get(_href(element).lstrip("#"))
        words = html.escape(element.get("alt") or element.get("title") or "")
        return f'<img src="picture:{picture.sha256}" alt="{words}">' if picture else words


def _credit(author: Element) -> Credit:
    """The nickname, which is what stories are signed with; else the parts of the name."""
    parts = [_text(_first(author, part)) for part in ("first-name", "middle-name", "last-name")]
    name = _text(_first(author, "nickname")) or " ".join(filter(None, parts))
    return Credit(name=name or "Anonymous", key=_text(_first(author, "id")), url=_text(_first(author, "home-page")))


def _series(sequence: Element) -> SeriesPlace:
    position = max(0, whole_number(sequence.get("number", "")) or 0)
    return SeriesPlace(title=sequence.get("name", "") or "Series", position=position)


def _day(date: Element | None) -> datetime | None:
    if date is None:
        return None
    return day(date.get("value", "")) or day(_text(date))


READER = Fb2Reader()
