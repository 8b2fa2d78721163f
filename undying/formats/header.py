"""The block of label lines at the head of a story -> what the author said in it.

Where it ends is the hard question: prose holds colons too. The rule: a header has known labels near the top, close
together; an unknown label counts only between or beside known ones; and nothing behind the last label's paragraph.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from undying.formats.blocks import Block
from undying.formats.labels import Label, label_of, pen_name, said
from undying.formats.numbering import chapter_number
from undying.manuscript.measure import plain_text

_FURTHEST = 60
_FIRST_WITHIN = 14
_WIDEST_GAP = 7
_LONGEST_TITLE = 120
_LONGEST_VALUE = 3000
_LONG_VALUES = {Label.SUMMARY, Label.NOTES, Label.RIGHTS, Label.WARNINGS, Label.PLACEMENT, Label.OTHER}
_WEAK = {Label.NOTES, Label.OTHER, Label.SERIES, Label.PUBLISHED, Label.UPDATED, Label.LANGUAGE}
_LONGEST_BEFORE = 600
_MOST_BEFORE = 3
_BYLINE = re.compile(
    r"[\W_]*(?:(?:written )?by|von|par|por|di|door|автор:?|作者[:：]?)\s+(?P<name>\S[^\n]{0,60}?)\s*", re.IGNORECASE
)
_TITLE_AND_BYLINE = re.compile(r"(?P<title>\S[^\n]{0,100}?),? +by:? +(?P<name>[A-Z0-9][^\n]{0,40})")
_BEFORE_VALUE = re.compile(r"((?:<[^>]*>|[^<])*?(?:[:：]|\s[-–—](?=\s|<|$)|[sS]-(?=\s)))(.*)", re.DOTALL)
_TAG = re.compile(r"<[^>]*>")
_EMPTY = re.compile(r"<(\w+)[^>]*>\s*</\1>")


@dataclass(slots=True)
class Entry:
    """One label with its value. `label` is None for a label of the author's own."""

    words: str
    label: Label | None
    markup: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """The value without markup, its lines joined."""
        return " ".join(plain_text(part).replace("\n", " ") for part in self.markup).strip()


@dataclass(slots=True)
class Header:
    """What stood before the story. `loose` is markup that no label claims, `rest` the story."""

    title: str = ""
    author: str = ""
    entries: list[Entry] = field(default_factory=list)
    loose: list[str] = field(default_factory=list)
    rest: list[Block] = field(default_factory=list)


@dataclass(slots=True)
class _Line:
    block: int
    markup: str
    text: str
    heading: int
    words: str = ""
    label: Label | None = None

    @property
    def is_labelled(self) -> bool:
        return self.label is not None


def header_of(blocks: list[Block]) -> Header:
    """The header, and in `rest` the blocks behind it."""
    lines = _lines(blocks)
    last = _last_label(lines)
    if last < 0:
        return _without_labels(blocks, lines)
    end = _end(lines, last)
    header = Header(rest=_rest(blocks, lines, end))
    _fill(header, lines[: end + 1])
    return header


def _lines(blocks: list[Block]) -> list[_Line]:
    lines: list[_Line] = []
    for number, block in enumerate(blocks[:_FURTHEST]):
        if _ends_header(block, lines):
            break
        for markup in block.lines() if not block.page_break else []:
            text = plain_text(markup).replace("\n", " ")
            if text:
                lines.append(_labelled(_Line(number, markup, text, block.heading)))
        if len(lines) >= _FURTHEST:
            break
    return lines[:_FURTHEST]


def _ends_header(block: Block, lines: list[_Line]) -> bool:
    """A chapter has begun, or a heading stands under label lines."""
    is_chapter = chapter_number(block.text, is_heading=block.heading > 0) > 0
    return is_chapter or (block.heading > 0 and any(line.is_labelled for line in lines))


def _labelled(line: _Line) -> _Line:
    found = said(line.text)
    if found:
        line.words, line.label = found[0], label_of(found[0])
    return line


def _last_label(lines: list[_Line]) -> int:
    """The number of the header's last line with a known label, -1 when there is no header."""
    last = -1
    for number, line in enumerate(lines):
        if number - last > (_WIDEST_GAP if last >= 0 else _FIRST_WITHIN):
            break
        if line.is_labelled:
            last = number
    return last if _is_header(lines[: last + 1]) else -1


def _is_header(lines: list[_Line]) -> bool:
    """Notes alone make a header only at the very top; anything makes one only if no story stands in front of it."""
    labels = [line.label for line in lines if line.is_labelled]
    if not labels:
        return False
    before = lines[: next(number for number, line in enumerate(lines) if line.is_labelled)]
    if any(label not in _WEAK for label in labels):
        return sum(len(line.text) for line in before) < _LONGEST_BEFORE
    return len(before) <= _MOST_BEFORE and all(_may_be_title(line) for line in before)


def _end(lines: list[_Line], last: int) -> int:
    """The number of the header's last line: wrapped lines of the last value are in it, a story is not."""
    here = lines[last]
    same = [number for number in range(last + 1, len(lines)) if lines[number].block == here.block]
    is_empty = not (said(here.text) or ("", ""))[1]
    if not same and is_empty and last + 1 < len(lines) and not lines[last + 1].heading:
        return last + 1
    is_long = here.label in _LONG_VALUES or all(lines[number].words for number in same)
    if same and is_long and sum(len(lines[number].text) for number in same) < _LONGEST_VALUE:
        return same[-1]
    return last


def _rest(blocks: list[Block], lines: list[_Line], end: int) -> list[Block]:
    here = lines[end].block
    left = [line.markup for line in lines[end + 1 :] if line.block == here]
    rest = blocks[here + 1 :]
    if left:
        rest = [Block(f"<p>{'<br>'.join(left)}</p>", "\n".join(plain_text(part) for part in left)), *rest]
    while rest and (rest[0].is_rule or rest[0].page_break):
        rest = rest[1:]
    return rest


def _fill(header: Header, lines: list[_Line]) -> None:
    first = next(number for number, line in enumerate(lines) if line.is_labelled)
    block = -1
    _fill_title(header, lines[:first])
    for line in lines[first:]:
        if line.is_labelled or (line.words and ":" in line.text and line.words[:1].isupper()):
            header.entries.append(Entry(line.words, line.label, _value(line.markup)))
            block = line.block
        elif _goes_on(header.entries[-1]):
            _go_on(header.entries[-1], line.markup, in_same_block=line.block == block)
            block = line.block
        else:
            header.loose.append(line.markup)


def _goes_on(entry: Entry) -> bool:
    """Whether a line without a label belongs to the entry above it."""
    is_long = entry.label is None or entry.label in _LONG_VALUES
    return is_long or not entry.text or bool(re.search(r"[,;/&]\s*$", entry.text))


def _go_on(entry: Entry, markup: str, *, in_same_block: bool) -> None:
    """Add a line: to the sentence that a narrow window broke, under the last line, or as a paragraph of its own."""
    if not in_same_block or not entry.markup:
        entry.markup.append(markup)
        return
    is_broken = bool(re.search(r"[\w,;–—-]$", plain_text(entry.markup[-1])))
    entry.markup[-1] += f"{' ' if is_broken else '<br>'}{markup}"


def _value(markup: str) -> list[str]:
    """The markup behind the label, inside the elements that were opened before it."""
    found = _BEFORE_VALUE.match(markup)
    if not found:
        return []
    value = _EMPTY.sub("", "".join(_TAG.findall(found[1])) + found[2].strip())
    return [value] if plain_text(value) else []


def _fill_title(header: Header, lines: list[_Line]) -> None:
    """Title and byline, from the lines before the first label."""
    for line in lines:
        byline = _BYLINE.fullmatch(line.text)
        both = _TITLE_AND_BYLINE.fullmatch(line.text)
        if byline and not header.author:
            header.author = pen_name(byline["name"])
        elif not header.title and not header.author and both:
            header.title, header.author = both["title"].strip(' "“”*_'), pen_name(both["name"])
        elif not header.title and _may_be_title(line):
            header.title = line.text.strip(" *_~=-")
        else:
            header.loose.append(line.markup)


def _may_be_title(line: _Line) -> bool:
    return len(line.text) <= _LONGEST_TITLE and not re.search(r"[.,;:]$|[.!?] ", line.text) and bool(_words(line.text))


def _words(text: str) -> str:
    return re.sub(r"[\W_]+", "", text)


def _without_labels(blocks: list[Block], lines: list[_Line]) -> Header:
    """A title with a byline under it is a header too; anything less is the story's own beginning."""
    near = lines[:3]
    for number, line in enumerate(near):
        byline = _BYLINE.fullmatch(line.text)
        both = _TITLE_AND_BYLINE.fullmatch(line.text) if number == 0 and (line.heading or len(blocks) > 1) else None
        is_name = byline is not None and number > 0 and not _ends_a_sentence(line.text)
        if (is_name and all(map(_may_be_title, near[:number]))) or (both and line.heading):
            header = Header(rest=_rest(blocks, lines, number))
            _fill_title(header, near[: number + 1])
            return header
    return Header(rest=blocks)


def _ends_a_sentence(line: str) -> bool:
    return re.search(r"[.,;!?]$", line) is not None and not pen_name(line).endswith(".")


def split_label(block: Block) -> Entry | None:
    """The entry that a block begins with, None when it begins with no known label."""
    found = said(block.text.split("\n", 1)[0])
    label = label_of(found[0]) if found else None
    if found is None or label is None:
        return None
    lines = block.lines()
    return Entry(found[0], label, ["<br>".join([*_value(lines[0]), *lines[1:]])])


def is_label_line(line: str) -> bool:
    """Whether a line begins with a label that is known."""
    found = said(line)
    return found is not None and label_of(found[0]) is not None
