"""OpenDocument texts (.odt): content.xml with its styles, footnotes and pictures.

Formatting stands in styles, which inherit from one another; what a run of text looks like is the sum of its
paragraph's chain and its own.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from undying.formats import Story, Unreadable
from undying.formats.blocks import PAGE_BREAK, blocks_of
from undying.formats.docx import LARGEST, LARGEST_TEXT, refuse_if_no_zip, remark_on_author
from undying.formats.onefile import file_bytes, file_fate, file_source, title_from_name
from undying.formats.plain import About, manuscript_of
from undying.formats.runs import PLAIN, Footnotes, Line, paragraph
from undying.formats.safety import open_zip, parse_xml
from undying.manuscript import Picture

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from undying.formats import Event, Reader, Request
    from undying.formats.safety import Element, SafeZip

_OASIS = "{urn:oasis:names:tc:opendocument:xmlns:"
_TEXT, _STYLE, _OFFICE = f"{_OASIS}text:1.0}}", f"{_OASIS}style:1.0}}", f"{_OASIS}office:1.0}}"
_DRAW, _TABLE, _FO = f"{_OASIS}drawing:1.0}}", f"{_OASIS}table:1.0}}", f"{_OASIS}xsl-fo-compatible:1.0}}"
_DC, _XLINK = "{http://purl.org/dc/elements/1.1/}", "{http://www.w3.org/1999/xlink}"
_ALIGNMENTS = {"center": "center", "end": "right", "right": "right", "justify": "justify"}
_SILENT = {f"{_OFFICE}annotation", f"{_TEXT}tracked-changes", f"{_TEXT}note-citation", f"{_TEXT}sequence-decls"}
_PICTURES = {
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".gif": "image/gif",
    ".webp": "image/webp",
}


class _OpenDocumentReader:
    name = "OpenDocument"

    def claims(self, path: Path, head: bytes) -> bool:  # noqa: ARG002  the protocol's
        return path.suffix.lower() in {".odt", ".ott"}

    def read(self, path: Path, request: Request) -> Iterator[Event]:
        data = file_bytes(path, largest=LARGEST)
        refuse_if_no_zip(data, path.name, "an OpenDocument text (.odt)")
        with open_zip(data, path.name) as archive:
            document = _Document(archive)
            markup = document.markup()
            title, author = _properties(archive)
        about = About(
            name=path.name,
            fallback_title=title_from_name(path),
            source=file_source(data, request),
            title=title,
            authors=(author,) if author else (),
            pictures=tuple(document.pictures.values()),
            footnotes=document.footnotes.by_id,
        )
        manuscript = manuscript_of(blocks_of(markup), about)
        yield from remark_on_author(path.name, about, manuscript.credits)
        yield Story(manuscript=manuscript, fates=(file_fate(path, request),))


READER: Reader = _OpenDocumentReader()


def _xml(archive: SafeZip, part: str) -> Element:
    return parse_xml(archive.read(part, LARGEST_TEXT), f"{archive.name}: {part}")


def _properties(archive: SafeZip) -> tuple[str, str]:
    if "meta.xml" not in archive:
        return "", ""
    root = _xml(archive, "meta.xml")
    creator = root.findtext(f".//{_OASIS}meta:1.0}}initial-creator") or root.findtext(f".//{_DC}creator") or ""
    return " ".join((root.findtext(f".//{_DC}title") or "").split()), " ".join(creator.split())


@dataclass(slots=True)
class _Look:
    """What one style says; None and "" where it leaves things to its parent."""

    parent: str = ""
    elements: dict[str, bool] = field(default_factory=dict)
    alignment: str = ""
    breaks_page: bool = False


class _Styles:
    """All styles of a document by family and name, with their parents followed."""

    def __init__(self, *roots: Element) -> None:
        self._looks: dict[tuple[str, str], _Look] = {}
        for root in roots:
            for style in root.iter(f"{_STYLE}style"):
                key = (style.get(f"{_STYLE}family") or "", style.get(f"{_STYLE}name") or "")
                self._looks[key] = _look(style)

    def chain(self, family: str, name: str) -> list[_Look]:
        """The style and its ancestors, nearest first."""
        chain: list[_Look] = []
        while (look := self._looks.get((family, name))) and look not in chain:
            chain.append(look)
            name = look.parent
        return chain

    def elements(self, family: str, name: str, before: frozenset[str]) -> frozenset[str]:
        """The inline elements of text in this style, inside text that stands in `before`."""
        said = dict.fromkeys(before, True)
        for look in reversed(self.chain(family, name)):
            said |= look.elements
        return frozenset(element for element, is_on in said.items() if is_on)

    def alignment(self, name: str) -> str:
        return next((look.alignment for look in self.chain("paragraph", name) if look.alignment), "")

    def breaks_page(self, name: str) -> bool:
        return any(look.breaks_page for look in self.chain("paragraph", name))


def _look(style: Element) -> _Look:
    look = _Look(parent=style.get(f"{_STYLE}parent-style-name") or "")
    text = style.find(f"{_STYLE}text-properties")
    shape = style.find(f"{_STYLE}paragraph-properties")
    if text is not None:
        look.elements = _elements(text)
    if shape is not None:
        look.alignment = _ALIGNMENTS.get(shape.get(f"{_FO}text-align") or "", "")
        look.breaks_page = shape.get(f"{_FO}break-before") == "page"
    return look


def _elements(properties: Element) -> dict[str, bool]:
    said: dict[str, bool] = {}
    italic, weight = properties.get(f"{_FO}font-style"), properties.get(f"{_FO}font-weight")
    under, strike = (properties.get(f"{_STYLE}text-{kind}-style") for kind in ("underline", "line-through"))
    position = properties.get(f"{_STYLE}text-position")
    if italic:
        said["em"] = italic in {"italic", "oblique"}
    if weight:
        said["strong"] = weight == "bold" or (weight.isdecimal() and int(weight) >= 600)  # noqa: PLR2004  CSS: bold
    if under:
        said["u"] = under != "none"
    if strike:
        said["s"] = strike != "none"
    if position:
        said["sup"] = position.startswith("super") or bool(re.match(r"[1-9]", position))
        said["sub"] = position.startswith(("sub", "-"))
    return said


class _Document:
    """One document on its way to markup."""

    def __init__(self, archive: SafeZip) -> None:
        if "content.xml" not in archive:
            raise Unreadable(f"{archive.name}: this zip holds no OpenDocument text; open it and save it as .odt.")
        self._archive = archive
        content = _xml(archive, "content.xml")
        roots = [_xml(archive, "styles.xml"), content] if "styles.xml" in archive else [content]
        self._styles = _Styles(*roots)
        body = content.find(f".//{_OFFICE}text")
        if body is None:
            raise Unreadable(f"{archive.name}: this is a table or a drawing, not a text document.")
        self._body = body
        self.pictures: dict[str, Picture] = {}
        self.footnotes = Footnotes()

    def markup(self) -> str:
        return "\n".join(self._blocks(self._body))

    def _blocks(self, parent: Element) -> Iterator[str]:
        for element in parent:
            if element.tag in {f"{_TEXT}p", f"{_TEXT}h"}:
                yield from self._paragraph(element)
            elif element.tag == f"{_TEXT}list":
                yield f"<ul>{''.join(self._items(element))}</ul>"
            elif element.tag == f"{_TABLE}table":
                yield f"<table>{''.join(self._rows(element))}</table>"
            elif isinstance(element.tag, str) and element.tag not in _SILENT:
                yield from self._blocks(element)

    def _paragraph(self, element: Element) -> Iterator[str]:
        style = element.get(f"{_TEXT}style-name") or ""
        if self._styles.breaks_page(style):
            yield PAGE_BREAK
        line = Line()
        self._inline(element, line, self._styles.elements("paragraph", style, PLAIN))
        level = element.get(f"{_TEXT}outline-level") or "1" if element.tag == f"{_TEXT}h" else "0"
        is_title = re.fullmatch("Title|Titel|Titre", style) is not None
        heading = 1 if is_title else int(level) if level.isdecimal() else 1
        yield paragraph(line.markup(), heading=heading, alignment=self._styles.alignment(style))

    def _items(self, element: Element) -> Iterator[str]:
        for item in element:
            yield f"<li>{''.join(self._blocks(item))}</li>"

    def _rows(self, element: Element) -> Iterator[str]:
        for row in element.iter(f"{_TABLE}table-row"):
            cells = "".join(f"<td>{''.join(self._blocks(cell))}</td>" for cell in row.iter(f"{_TABLE}table-cell"))
            yield f"<tr>{cells}</tr>"

    def _inline(self, element: Element, line: Line, style: frozenset[str]) -> None:
        line.add(_collapsed(element.text), style)
        for child in element:
            if isinstance(child.tag, str) and child.tag not in _SILENT:
                self._child(child, line, style)
            line.add(_collapsed(child.tail), style)

    def _child(self, child: Element, line: Line, style: frozenset[str]) -> None:
        if child.tag == f"{_TEXT}span":
            self._inline(child, line, self._styles.elements("text", child.get(f"{_TEXT}style-name") or "", style))
        elif child.tag == f"{_TEXT}s":
            count = child.get(f"{_TEXT}c") or "1"
            line.add(" " * min(int(count) if count.isdecimal() else 1, 40), style)
        elif child.tag == f"{_TEXT}tab":
            line.add(" ", style)
        elif child.tag == f"{_TEXT}line-break":
            line.add_markup("<br>")
        elif child.tag == f"{_TEXT}note":
            self._note(child, line)
        elif child.tag == f"{_DRAW}image":
            self._picture(child, line)
        elif child.tag == f"{_TEXT}ruby":
            self._ruby(child, line, style)
        elif child.tag == f"{_TEXT}a":
            self._link(child, line, style)
        else:
            self._inline(child, line, style)

    def _note(self, element: Element, line: Line) -> None:
        number, mark = self.footnotes.mark()
        line.add_markup(mark)
        body = element.find(f"{_TEXT}note-body")
        self.footnotes.put(number, "".join(self._blocks(body)) if body is not None else "")

    def _link(self, element: Element, line: Line, style: frozenset[str]) -> None:
        address = element.get(f"{_XLINK}href") or ""
        if re.match(r"https?://[^\s\"<>]+$", address):
            line.end_styles()
            line.add_markup(f'<a href="{address.replace("&", "&amp;")}">')
            inner = Line()
            self._inline(element, inner, style)
            line.add_markup(f"{inner.markup()}</a>")
        else:
            self._inline(element, line, style)

    def _ruby(self, element: Element, line: Line, style: frozenset[str]) -> None:
        base, above = Line(), Line()
        for found, part in ((element.find(f"{_TEXT}ruby-base"), base), (element.find(f"{_TEXT}ruby-text"), above)):
            if found is not None:
                self._inline(found, part, style)
        line.add_markup(f"<ruby>{base.markup()}<rt>{above.markup()}</rt></ruby>")

    def _picture(self, element: Element, line: Line) -> None:
        name = (element.get(f"{_XLINK}href") or "").removeprefix("./")
        media_type = _PICTURES.get(name[name.rfind(".") :].lower(), "")
        if media_type and name in self._archive:
            data = self._archive.read(name)
            key = hashlib.sha256(data).hexdigest()
            self.pictures[key] = Picture(sha256=key, media_type=media_type, data=data)
            line.add_markup(f'<img src="picture:{key}" alt="">')


def _collapsed(text: str | None) -> str:
    """OpenDocument counts any white space as one space; more are written as elements."""
    return re.sub(r"[ \t\r\n]+", " ", text or "")
