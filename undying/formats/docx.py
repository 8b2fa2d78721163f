"""Word documents (.docx), read by mammoth, with what mammoth leaves out put back: alignment, underline, page breaks."""

from __future__ import annotations

import hashlib
import io
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

import mammoth
from mammoth import transforms

from undying.formats import Remark, Story, Unreadable
from undying.formats.blocks import PAGE_BREAK, blocks_of
from undying.formats.onefile import MEBIBYTE, file_bytes, file_fate, file_source, title_from_name, what_it_looks_like
from undying.formats.plain import About, manuscript_of
from undying.formats.runs import note_block
from undying.formats.safety import open_zip, parse_xml
from undying.manuscript import Picture

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from typing import IO

    from undying.formats import Event, Reader, Request
    from undying.formats.safety import SafeZip
    from undying.manuscript import Credit

LARGEST = 256 * MEBIBYTE
LARGEST_TEXT = 16 * MEBIBYTE
"""Of the text alone, unpacked: some 400,000 words. The tree that mammoth builds takes twenty times as much memory."""

_DUBLIN_CORE = "{http://purl.org/dc/elements/1.1/}"
_STYLE_MAP = """
u => u
strike => s
br[type='page'] => hr.page-break
p[style-name='align-center'] => p.align-center:fresh
p[style-name='align-right'] => p.align-right:fresh
p[style-name='align-justify'] => p.align-justify:fresh
p[style-name='Title'] => h1:fresh
p[style-name='Subtitle'] => p:fresh
p[style-name='Quote'] => blockquote > p:fresh
p[style-name='Intense Quote'] => blockquote > p:fresh
r[style-name='Emphasis'] => em
r[style-name='Strong'] => strong
"""
_ALIGNMENTS = {"center": "align-center", "right": "align-right", "end": "align-right", "both": "align-justify"}
_NOTES = re.compile(r'<ol>((?:<li id="(?:foot|end)note-[^"]*">.*?</li>)+)</ol>\s*$', re.DOTALL)
_NOTE = re.compile(r'<li id="((?:foot|end)note-[^"]*)">(.*?)</li>', re.DOTALL)
_WAY_BACK = re.compile(r'(?<!\s)\s*<a href="#(?:foot|end)note-ref-[^"]*">↑</a>')
_NOTE_MARK = re.compile(r'(<a href="#((?:foot|end)note-[^"]*)"[^>]*>)\[(\d+)\]</a>')


class _WordReader:
    name = "Word"

    def claims(self, path: Path, head: bytes) -> bool:  # noqa: ARG002  the protocol's
        return path.suffix.lower() in {".docx", ".docm"}

    def read(self, path: Path, request: Request) -> Iterator[Event]:
        data = file_bytes(path, largest=LARGEST)
        refuse_if_no_zip(data, path.name, "a Word document (.docx)")
        with open_zip(data, path.name) as archive:
            _refuse_if_no_document(archive)
            properties = core_properties(archive)
        document = _converted(data, path.name)
        about = About(
            name=path.name,
            fallback_title=title_from_name(path),
            source=file_source(data, request),
            title=properties.get("title", ""),
            authors=tuple(filter(None, [properties.get("creator", "")])),
            pictures=tuple({picture.sha256: picture for picture in document.pictures}.values()),
            footnotes=document.footnotes,
        )
        manuscript = manuscript_of(blocks_of(document.markup), about)
        yield from remark_on_author(path.name, about, manuscript.credits)
        yield Story(manuscript=manuscript, fates=(file_fate(path, request),))


READER: Reader = _WordReader()


def refuse_if_no_zip(data: bytes, name: str, wanted: str) -> None:
    """Raises Unreadable, saying what the file is instead, when it is no zip and so no office document."""
    if data.startswith(b"PK"):
        return
    kind = what_it_looks_like(data[:64])
    what = f"this is {kind}" if kind else "this is something else"
    raise Unreadable(f"{name}: its name says that it is {wanted}, but {what}; open it and save it in that format.")


def core_properties(archive: SafeZip) -> dict[str, str]:
    """The document's own title and creator, as far as stated."""
    if "docProps/core.xml" not in archive:
        return {}
    root = parse_xml(archive.read("docProps/core.xml"), f"{archive.name}: docProps/core.xml")
    return {key: " ".join((root.findtext(_DUBLIN_CORE + key) or "").split()) for key in ("title", "creator")}


def remark_on_author(name: str, about: About, credits_: tuple[Credit, ...]) -> Iterator[Remark]:
    """Office programs write the computer owner's name into documents, which is often the author's legal name."""
    taken = [credit.name for credit in credits_ if credit.name in about.authors]
    if taken:
        yield Remark(
            text=f"{name}: the author “{taken[0]}” was taken from the document's properties, which may hold "
            "a legal name and no pen name; look before you post it."
        )


def _refuse_if_no_document(archive: SafeZip) -> None:
    """Everything that mammoth will parse is parsed here first, by a parser that refuses traps."""
    if "word/document.xml" not in archive and "[Content_Types].xml" not in archive:
        raise Unreadable(f"{archive.name}: this zip holds no Word document; open it and save it as .docx.")
    for part in archive.names:
        if part.endswith((".xml", ".rels")):
            parse_xml(archive.read(part, LARGEST_TEXT), f"{archive.name}: {part}")


@dataclass(slots=True)
class _Document:
    markup: str = ""
    pictures: list[Picture] = field(default_factory=list)
    footnotes: dict[str, str] = field(default_factory=dict)


def _converted(data: bytes, name: str) -> _Document:
    document = _Document()

    def keep_picture(image: _Image) -> dict[str, str]:
        with image.open() as stream:
            picture = stream.read()
        key = hashlib.sha256(picture).hexdigest()
        document.pictures.append(Picture(sha256=key, media_type=image.content_type, data=picture))
        return {"src": f"picture:{key}"}

    try:
        result = mammoth.convert_to_html(
            io.BytesIO(data),
            style_map=_STYLE_MAP,
            include_embedded_style_map=False,
            external_file_access=False,
            convert_image=mammoth.images.img_element(keep_picture),
            transform_document=transforms.paragraph(_with_alignment),
        )
    except (OSError, KeyError, IndexError, AttributeError, ValueError, TypeError, RecursionError) as trouble:
        raise Unreadable(
            f"{name}: this Word document is damaged ({type(trouble).__name__}); open it in a word processor and "
            "save it again."
        ) from None
    document.markup = _without_notes(str(result.value), document.footnotes)
    return document


class _Image(Protocol):
    content_type: str

    def open(self) -> IO[bytes]: ...


class _Paragraph(Protocol):
    alignment: str | None
    style_name: str | None

    def copy(self, *, style_name: str) -> _Paragraph: ...


def _with_alignment(paragraph: _Paragraph) -> _Paragraph:
    """Alignment as a style, because only styles come through; headings keep theirs."""
    style = _ALIGNMENTS.get(paragraph.alignment or "")
    is_plain = (paragraph.style_name or "Normal").lower() in {
        "normal",
        "body text",
        "standard",
        "normal (web)",
        "default",
    }
    return paragraph.copy(style_name=style) if style and is_plain else paragraph


def _without_notes(markup: str, footnotes: dict[str, str]) -> str:
    """The text alone; mammoth puts all notes in a list at the end, where no chapter would find its own."""
    markup = markup.replace('<hr class="page-break" />', PAGE_BREAK)
    marks = {found[2]: found[3] for found in _NOTE_MARK.finditer(markup)}
    notes = _NOTES.search(markup)
    if notes:
        for identity, note in _NOTE.findall(notes[1]):
            footnotes[identity] = note_block(identity, marks.get(identity, "*"), _WAY_BACK.sub("", note))
        markup = markup[: notes.start()]
    return _NOTE_MARK.sub(r"\1\3</a>", markup)
