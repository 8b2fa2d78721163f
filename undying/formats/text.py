"""Plain text files (.txt): paragraphs and the conventions that stood for italics before there was anything better."""

from __future__ import annotations

import html
import re
from itertools import pairwise
from typing import TYPE_CHECKING

from undying.formats import Story
from undying.formats.blocks import Block, blocks_of
from undying.formats.header import is_label_line
from undying.formats.html_file import with_inline_styles
from undying.formats.onefile import file_bytes, file_fate, file_source, file_text, title_from_name
from undying.formats.plain import About, manuscript_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from undying.formats import Event, Reader, Request

_MARKUP = re.compile(r"<(?:p|br|div)\b[^<>]*>", re.IGNORECASE)
_INLINE_TAG = re.compile(r"&lt;(/?)(i|b|u|s|em|strong|strike|sup|sub|small|big|center)&gt;", re.IGNORECASE)
_RULE = re.compile(r"([*~#=_\-–—•+.])(?:[ \t]*\1){2,}|[*#~]|\* \*")
_ORNAMENT = re.compile(r"[\W_]*(?:[oOxX0][\W_]*){0,12}")
_WRAPPED_FROM, _WRAPPED_TO = 50, 90
_MANY = 3
_DEEP, _SHORT = 12, 60


class _TextReader:
    name = "plain text"

    def claims(self, path: Path, head: bytes) -> bool:  # noqa: ARG002  the protocol's
        return path.suffix.lower() in {".txt", ".text", ".fic"}

    def read(self, path: Path, request: Request) -> Iterator[Event]:
        data = file_bytes(path)
        text, remark = file_text(data, path.name)
        if remark:
            yield remark
        about = About(name=path.name, fallback_title=title_from_name(path), source=file_source(data, request))
        blocks = text_blocks(text)
        yield Story(manuscript=manuscript_of(blocks, about), fates=(file_fate(path, request),))


READER: Reader = _TextReader()


def text_blocks(text: str) -> list[Block]:
    """The blocks of a plain text; one that is really HTML (archives stored chapters so) is read as HTML."""
    if len(_MARKUP.findall(text[:100_000])) >= _MANY:
        return blocks_of(with_inline_styles(_with_breaks(text)))
    emphasis = _Emphasis(text)
    blocks = []
    for page_number, page in enumerate(text.split("\f")):
        if page_number:
            blocks.append(Block("", "", page_break=True))
        blocks += [_block(paragraph, emphasis) for paragraph in _paragraphs(page)]
    return blocks


def _with_breaks(text: str) -> str:
    """A page with <br> or <p> needs no more; one with only a few and blank lines between paragraphs does."""
    paragraphs = len(re.findall(r"\n[ \t]*\n", text))
    return re.sub(r"\n[ \t]*\n", "<br><br>", text) if paragraphs > 2 * len(_MARKUP.findall(text)) else text


def _block(lines: list[str], emphasis: _Emphasis) -> Block:
    if len(lines) == 1 and _RULE.fullmatch(lines[0].strip()):
        return Block("<hr>", "")
    shown = [line.strip() for line in lines]
    inside = emphasis.markup("\n".join(shown)).replace("\n", "<br>")
    is_ornament = len(lines) == 1 and _ORNAMENT.fullmatch(shown[0])
    is_centred = len(lines) == 1 and len(lines[0]) - len(lines[0].lstrip()) >= _DEEP and len(shown[0]) < _SHORT
    opening = '<p class="align-center">' if is_ornament or is_centred else "<p>"
    return Block(f"{opening}{inside}</p>", "\n".join(shown))


def _paragraphs(text: str) -> Iterator[list[str]]:
    """Each paragraph as the lines that must stay lines."""
    lines = [line.expandtabs(4).rstrip() for line in text.split("\n")]
    full = [line for line in lines if line]
    blank = len(lines) - len(full)
    wrapped = sum(_WRAPPED_FROM <= len(line) <= _WRAPPED_TO for line in full) * 2 > len(full)
    if blank * 8 < len(full) and not wrapped:
        yield from ([line] for line in full)  # one line, one paragraph
    elif blank * 8 < len(full):
        yield from _indented(full)
    else:
        for chunk in re.split(r"\n(?:[ \t]*\n)+", "\n".join(lines)):
            if chunk.strip():
                yield _unwrapped(chunk.strip("\n").split("\n"))


def _indented(lines: list[str]) -> Iterator[list[str]]:
    """Hard-wrapped text without blank lines: an indented line begins a paragraph, as does one after a short line."""
    paragraph: list[str] = []
    for line in lines:
        is_new = line.startswith("  ") or (paragraph and len(paragraph[-1]) < _WRAPPED_FROM) or is_label_line(line)
        if is_new and paragraph:
            yield _unwrapped(paragraph)
            paragraph = []
        paragraph.append(line)
    if paragraph:
        yield _unwrapped(paragraph)


def _unwrapped(lines: list[str]) -> list[str]:
    """Lines that only a narrow window broke are put together; verse, letters and label lines stay as they are."""
    if len(lines) == 1:
        return lines
    joined = [[lines[0]]]
    widest = max(map(len, lines))
    for before, line in pairwise(lines):
        room = widest - len(before)
        fits = room < len(line.strip().split(" ")[0]) + 12
        if widest >= _WRAPPED_FROM and fits and len(before) >= _WRAPPED_FROM - 10 and not is_label_line(line):
            joined[-1].append(line.strip())
        else:
            joined.append([line])
    return [" ".join(pieces) for pieces in joined]


class _Emphasis:
    """_so_, /so/ and *so* in one text. Where slashes or underscores are italics, asterisks are bold."""

    def __init__(self, text: str) -> None:
        self._slanted = [mark for mark in "_/" if _pattern(mark).search(text)]
        self._asterisk = "strong" if self._slanted else "em"

    def markup(self, text: str) -> str:
        """The text as markup, its few old HTML tags kept."""
        shown = _INLINE_TAG.sub(r"<\1\2>", html.escape(text, quote=False))
        for mark in self._slanted:
            shown = _pattern(mark).sub(r"\1<em>\2</em>", shown)
        shown = _DOUBLE.sub(r"\1<strong>\2</strong>", shown)
        return _pattern("*").sub(rf"\1<{self._asterisk}>\2</{self._asterisk}>", shown)


def _pattern(mark: str) -> re.Pattern[str]:
    """The mark must hug its words inside and stand free outside: no pairing, path, date or snake_case has that."""
    sign = re.escape(mark)
    return re.compile(
        rf"(^|(?<=[\s(\[“”\"'‘’—–>-]))(?<![</]){sign}(?=[^\W\d_]|[“”\"'‘’…¿¡(])"
        rf"([^{sign}<>\n]{{0,600}}?[^\s{sign}<>]){sign}(?=$|[\s.,;:!?)\]“”\"'‘’—–…-])",
        re.MULTILINE,
    )


_DOUBLE = re.compile(
    r"(^|(?<=[\s(“”\"'‘’—–>]))\*\*(?=\S)([^*<>\n]{0,600}?\S)\*\*(?=$|[\s.,;:!?)“”\"'‘’—–…])", re.MULTILINE
)
