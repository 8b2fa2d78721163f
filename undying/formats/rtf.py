"""Rich Text (.rtf): a tokenizer of its own, because for fiction a reader that loses italics is none.

Written after the RTF Specification 1.9.1. Groups nest state; a group that begins with a destination (font table,
picture, footnote) holds no text of the story; `\\*` marks a destination that may be left out when unknown.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, ClassVar

from undying.formats import Remark, Story, Unreadable
from undying.formats.blocks import PAGE_BREAK, blocks_of
from undying.formats.docx import remark_on_author
from undying.formats.onefile import (
    LARGEST_TEXT,
    MEBIBYTE,
    file_bytes,
    file_fate,
    file_source,
    title_from_name,
    what_it_looks_like,
)
from undying.formats.plain import About, manuscript_of
from undying.formats.runs import PLAIN, Footnotes, Line, paragraph
from undying.manuscript import Picture

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from undying.formats import Event, Reader, Request

_DEEPEST = 200
_TOKEN = re.compile(
    rb"(?P<open>\{)|(?P<close>\})|(?P<hex>(?:\\'[0-9a-fA-F]{2})+)|\\(?P<word>[a-zA-Z]{1,32})(?P<number>-?\d{1,10})? ?|"
    rb"\\(?P<sign>[^a-zA-Z])|(?P<text>[^\\{}\r\n]+)|[\r\n]+|\\",
    re.DOTALL,
)
_STYLE_WORDS = {
    "i": "em",
    "b": "strong",
    "strike": "s",
    "striked": "s",
    "super": "sup",
    "sub": "sub",
    **dict.fromkeys(("ul", "uld", "uldb", "ulw", "uldash", "ulwave", "ulth"), "u"),
}
_SIGNS = {
    "emdash": "—",
    "endash": "–",
    "lquote": "‘",
    "rquote": "’",
    "ldblquote": "“",
    "rdblquote": "”",
    "bullet": "•",
    "tab": " ",
    "emspace": "\u2003",
    "enspace": "\u2002",
    "cell": " ",
    "nestcell": " ",
}
_ALIGNMENTS = {"ql": "", "qc": "center", "qr": "right", "qj": ""}
_SKIPPED = frozenset(
    (
        *(
            "fonttbl",
            "colortbl",
            "stylesheet",
            "listtable",
            "listoverridetable",
            "revtbl",
            "rsidtbl",
            "generator",
            "header",
        ),
        *("headerl", "headerr", "headerf", "footer", "footerl", "footerr", "footerf", "object", "objdata", "themedata"),
        *(
            "colorschememapping",
            "latentstyles",
            "datastore",
            "xmlnstbl",
            "filetbl",
            "nonshppict",
            "annotation",
        ),
        *(
            "atnid",
            "atnauthor",
            "pnseclvl",
            "pntext",
            "bkmkstart",
            "bkmkend",
            "ftnsep",
            "ftnsepc",
            "aftnsep",
            "aftnsepc",
        ),
        *("subject", "keywords", "comment", "operator", "company", "doccomm", "category", "manager", "hlinkbase", "tc"),
        *("xe", "txe", "private", "userprops", "docvar", "mmathPr", "sp"),
    )
)
_CHARSETS = dict(
    (
        *((0, "cp1252"), (77, "mac_roman"), (128, "cp932"), (129, "cp949"), (134, "cp936"), (136, "cp950")),
        *((161, "cp1253"), (162, "cp1254"), (163, "cp1258"), (177, "cp1255"), (178, "cp1256"), (186, "cp1257")),
        *((204, "cp1251"), (222, "cp874"), (238, "cp1250")),
    )
)
_LARGEST = 64 * MEBIBYTE  # pictures stand in it as text
_MOST_TOKENS = 5_000_000


class _RtfReader:
    name = "Rich Text"

    def claims(self, path: Path, head: bytes) -> bool:
        return path.suffix.lower() == ".rtf" or head.startswith(b"{\\rtf")

    def read(self, path: Path, request: Request) -> Iterator[Event]:
        data = file_bytes(path, largest=_LARGEST)
        if not data.lstrip().startswith(b"{\\rtf"):
            kind = what_it_looks_like(data) or "something else"
            raise Unreadable(
                f"{path.name}: this is no Rich Text but {kind}; give it its right ending, or leave it out."
            )
        document = _Document(path.name)
        document.read(data)
        if sum(map(len, document.markup)) > LARGEST_TEXT:
            raise Unreadable(f"{path.name}: more than {LARGEST_TEXT // MEBIBYTE} MiB of text is in it; split the file.")
        if document.is_cut_off:
            yield Remark(text=f"{path.name}: the file ends in the middle; look whether the story is whole.", grave=True)
        about = About(
            name=path.name,
            fallback_title=title_from_name(path),
            source=file_source(data, request),
            title=document.info.get("title", ""),
            authors=tuple(filter(None, [document.info.get("author", "")])),
            pictures=tuple(document.pictures.values()),
            footnotes=document.footnotes.by_id,
        )
        manuscript = manuscript_of(blocks_of("\n".join(document.markup)), about)
        yield from remark_on_author(path.name, about, manuscript.credits)
        yield Story(manuscript=manuscript, fates=(file_fate(path, request),))


READER: Reader = _RtfReader()


@dataclass(frozen=True, slots=True)
class _State:
    """What a group inherits and gives back at its end."""

    style: frozenset[str] = PLAIN
    encoding: str = "cp1252"
    fallbacks: int = 1
    into: str = "body"
    alignment: str = ""
    heading: int = 0
    hidden: bool = False
    link: str = ""


@dataclass(slots=True)
class _Paper:
    """Where paragraphs go: the story's body, or one footnote."""

    line: Line = field(default_factory=Line)
    markup: list[str] = field(default_factory=list)


class _Document:
    """One file, token by token."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._state = _State()
        self._stack: list[_State] = []
        self._papers = [_Paper()]
        self._notes: list[tuple[int, int]] = []
        self._bytes = bytearray()
        self._skip = 0
        self._half = ""
        self._is_optional = False
        self._fonts: dict[int, str] = {}
        self._font = 0
        self._default_encoding = "cp1252"
        self._captured: list[str] = []
        self._picture_type = ""
        self.info: dict[str, str] = {}
        self.footnotes = Footnotes()
        self.pictures: dict[str, Picture] = {}
        self.is_cut_off = False

    @property
    def markup(self) -> list[str]:
        return self._papers[0].markup

    def read(self, data: bytes) -> None:
        place = tokens = 0
        while place < len(data):
            tokens += 1
            if tokens > _MOST_TOKENS:
                raise Unreadable(f"{self._name}: more than {_MOST_TOKENS:,} commands are in it; no story has so many.")
            token = _TOKEN.match(data, place)
            assert token is not None  # the last alternatives take any byte
            place = token.end()
            if token["word"] == b"bin":
                place += max(int(token["number"] or 0), 0)
            else:
                self._take(token)
        self._flush()
        self.is_cut_off = bool(self._stack) or len(self._papers) > 1
        while len(self._papers) > 1:
            self._end_note()
        self._end_paragraph()

    def _take(self, token: re.Match[bytes]) -> None:
        if token["hex"] is not None:
            self._hex(bytes.fromhex(token["hex"].replace(b"\\'", b"").decode("ascii")))
        elif token["text"] is not None:
            self._text(token["text"])
        elif token["open"] is not None:
            self._open()
        elif token["close"] is not None:
            self._close()
        elif token["word"] is not None:
            self._word(token["word"].decode("ascii"), int(token["number"]) if token["number"] else None)
        elif token["sign"] is not None:
            self._sign(token["sign"])

    def _open(self) -> None:
        self._flush()
        self._skip = 0
        if len(self._stack) >= _DEEPEST:
            raise Unreadable(f"{self._name}: its groups are nested more than {_DEEPEST} deep; no story needs that.")
        self._stack.append(self._state)

    def _close(self) -> None:
        self._flush()
        self._skip = 0
        self._is_optional = False
        if not self._stack:
            return
        ended, self._state = self._state, self._stack.pop()
        if ended.into != self._state.into:
            self._leave(ended.into)
        if ended.link and ended.link[0] != "?" and self._state.link != ended.link:
            self._line.end_styles()
            self._line.add_markup("</a>")
            self._state = replace(self._state, link="")

    def _leave(self, into: str) -> None:
        """A destination's group has ended: do with its text what it is for."""
        if into == "skip":
            return
        text = "".join(self._captured)
        self._captured = []
        if into in {"title", "author"}:
            self.info[into] = " ".join(text.split())
        elif into == "footnote":
            self._end_note()
        elif into == "pict":
            self._end_picture(text)
        elif into == "fldinst":
            found = re.search(r'HYPERLINK\s+"(https?://[^\s"<>]+)"', text)
            self._state = replace(self._state, link="?" + found[1] if found else "")

    @property
    def _line(self) -> Line:
        return self._papers[-1].line

    def _text(self, data: bytes) -> None:
        if self._skip:
            skipped = min(self._skip, len(data))
            self._skip -= skipped
            data = data[skipped:]
        self._is_optional = False
        self._bytes += data

    def _hex(self, data: bytes) -> None:
        skipped = min(self._skip, len(data))
        self._skip -= skipped
        self._bytes += data[skipped:]

    def _flush(self) -> None:
        """Decode the bytes gathered so far, all at once: a character may be two of them."""
        if self._bytes:
            text = bytes(self._bytes).decode(self._state.encoding, "replace")
            self._bytes.clear()
            self._put(text)

    def _put(self, text: str) -> None:
        into = self._state.into
        if into == "skip" or self._state.hidden:
            return
        if into in {"body", "footnote"}:
            if self._state.link.startswith("?"):
                self._begin_link()
            self._line.add(text, self._state.style)
        else:
            self._captured.append(text)

    def _begin_link(self) -> None:
        address = self._state.link[1:]
        self._state = replace(self._state, link=address)
        escaped = address.replace("&", "&amp;")
        self._line.end_styles()
        self._line.add_markup(f'<a href="{escaped}">')

    def _sign(self, sign: bytes) -> None:
        if sign == b"*":
            self._flush()
            self._is_optional = True
        elif sign in b"\r\n":
            self._paragraph_ends(0)
        elif sign == b"~":
            self._character("\u00a0")
        elif sign == b"_":
            self._character("\u2011")
        elif sign in b"\\{}":
            self._text(sign)

    def _character(self, text: str) -> None:
        self._flush()
        if self._skip:
            self._skip -= 1
        else:
            self._put(text)

    def _word(self, word: str, number: int | None) -> None:
        if word == "u" and number is not None:
            self._unicode(number)
            return
        if word in _SIGNS:
            self._character(_SIGNS[word])
            return
        self._flush()
        self._skip = 0
        is_optional, self._is_optional = self._is_optional, False
        if word in _STYLE_WORDS:
            self._turn(_STYLE_WORDS[word], is_on=number != 0)
        elif word in self._WORDS:
            self._WORDS[word](self, number or 0)
        elif word in _ALIGNMENTS:
            self._state = replace(self._state, alignment=_ALIGNMENTS[word])
        elif word in {"pngblip", "jpegblip"}:
            self._picture_type = f"image/{word.removesuffix('blip')}"
        elif word in {"info", "title", "author", "pict", "fldinst"} and self._state.into != "skip":
            self._state = replace(self._state, into=word)
        elif word in _SKIPPED or is_optional:
            self._state = replace(self._state, into="fonttbl" if word == "fonttbl" else "skip")

    def _unicode(self, number: int) -> None:
        self._flush()
        code = number + 65536 if number < 0 else number
        half, self._half = self._half, ""
        if 0xD800 <= code < 0xDC00:  # noqa: PLR2004  the first half of a character beyond 16 bits
            self._half = chr(code)
        elif 0 < code < 0x110000:  # noqa: PLR2004  the end of Unicode
            self._put((half + chr(code)).encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace"))
        self._skip = self._state.fallbacks

    def _turn(self, element: str, *, is_on: bool) -> None:
        style = self._state.style | {element} if is_on else self._state.style - {element}
        self._state = replace(self._state, style=style)

    def _plain(self, _number: int) -> None:
        self._state = replace(self._state, style=PLAIN, hidden=False, encoding=self._default_encoding)

    def _no_underline(self, _number: int) -> None:
        self._turn("u", is_on=False)

    def _no_position(self, _number: int) -> None:
        self._state = replace(self._state, style=self._state.style - {"sup", "sub"})

    def _hide(self, _number: int) -> None:
        self._state = replace(self._state, hidden=True)

    def _new_paragraph_look(self, _number: int) -> None:
        self._state = replace(self._state, alignment="", heading=0)

    def _outline(self, number: int) -> None:
        self._state = replace(self._state, heading=number + 1 if 0 <= number < 6 else 0)  # noqa: PLR2004  h1 to h6

    def _codepage(self, number: int) -> None:
        self._default_encoding = _known(f"cp{number}")
        self._state = replace(self._state, encoding=self._default_encoding)

    def _macintosh(self, _number: int) -> None:
        self._default_encoding = "mac_roman"
        self._state = replace(self._state, encoding="mac_roman")

    def _use_font(self, number: int) -> None:
        self._font = number
        if self._state.into != "fonttbl":
            encoding = self._fonts.get(number, self._default_encoding)
            self._state = replace(self._state, encoding=encoding)

    def _font_charset(self, number: int) -> None:
        if self._state.into == "fonttbl" and number in _CHARSETS and number:
            self._fonts[self._font] = _CHARSETS[number]

    def _fallback_length(self, number: int) -> None:
        self._state = replace(self._state, fallbacks=max(0, min(number, 32)))

    def _line_break(self, _number: int) -> None:
        if self._state.into in {"body", "footnote"}:
            self._line.add_markup("<br>")

    def _page_break(self, _number: int) -> None:
        if self._state.into == "body":
            self._end_paragraph()
            self._papers[-1].markup.append(PAGE_BREAK)

    def _paragraph_ends(self, _number: int) -> None:
        self._flush()
        if self._state.into in {"body", "footnote"}:
            self._end_paragraph()

    def _end_paragraph(self) -> None:
        paper = self._papers[-1]
        shown = paragraph(paper.line.markup(), heading=self._state.heading, alignment=self._state.alignment)
        if shown:
            paper.markup.append(shown)
        paper.line = Line()

    def _begin_note(self, _number: int) -> None:
        if self._state.into != "body":
            self._state = replace(self._state, into="skip")
            return
        number, mark = self.footnotes.mark()
        self._line.add_markup(mark)
        self._notes.append((number, len(self._papers)))
        self._papers.append(_Paper())
        self._state = replace(self._state, into="footnote", style=PLAIN, heading=0, alignment="")

    def _end_note(self) -> None:
        self._end_paragraph()
        number, _ = self._notes.pop()
        self.footnotes.put(number, "".join(self._papers.pop().markup))

    def _end_picture(self, text: str) -> None:
        digits = re.sub(r"[^0-9a-fA-F]", "", text)
        if self._picture_type and digits and len(digits) % 2 == 0:
            data = bytes.fromhex(digits)
            key = hashlib.sha256(data).hexdigest()
            self.pictures[key] = Picture(sha256=key, media_type=self._picture_type, data=data)
            self._line.add_markup(f'<img src="picture:{key}" alt="">')
        self._picture_type = ""

    def _nothing(self, _number: int) -> None:
        """A destination whose content is the story's, though it is marked as one to leave out."""

    _WORDS: ClassVar[dict[str, Callable[[_Document, int], None]]] = {
        "par": _paragraph_ends,
        "row": _paragraph_ends,
        "sect": _page_break,
        "page": _page_break,
        "line": _line_break,
        "plain": _plain,
        "pard": _new_paragraph_look,
        "ulnone": _no_underline,
        "nosupersub": _no_position,
        "v": _hide,
        "deleted": _hide,
        "outlinelevel": _outline,
        "ansicpg": _codepage,
        "mac": _macintosh,
        "f": _use_font,
        "fcharset": _font_charset,
        "uc": _fallback_length,
        "footnote": _begin_note,
        "shppict": _nothing,
    }


def _known(encoding: str) -> str:
    try:
        b"".decode(encoding)
    except LookupError:
        return "cp1252"
    return encoding
