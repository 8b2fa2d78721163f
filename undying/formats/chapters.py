"""Where the chapters of a plain text begin, and which notes stand around each of them."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from undying.formats.header import split_label
from undying.formats.labels import Label
from undying.formats.numbering import LONGEST_HEADING, chapter_number, is_the_end, title_behind_number

if TYPE_CHECKING:
    from undying.formats.blocks import Block

_LONGEST_OPENING = 1500
_AROUND = re.compile(
    r"[\W_]*(?:prologue?|prolog|epilogue?|epilog|interlude|intermission|пролог|эпилог|序章|終章|尾声|楔子|番外)[\W_]*"
    r"(?:[:：–—-].*)?",
    re.IGNORECASE,
)
_SURE_NOTE = re.compile(
    r"a/?n|a\.n\.|.*(?:author|auteur|autor|автор|作者).*|anmerkung.*|end ?notes?|notes", re.IGNORECASE
)


@dataclass(slots=True)
class Part:
    """One chapter: its blocks without the heading, and the notes of the author around them."""

    title: str = ""
    blocks: list[Block] = field(default_factory=list)
    notes_before: list[str] = field(default_factory=list)
    notes_after: list[str] = field(default_factory=list)


def parts_of(blocks: list[Block]) -> tuple[str, list[Part]]:
    """The title if a heading states it ("" if none does), and at least one part."""
    title, blocks = _titled(blocks)
    starts = _starts(blocks)
    if not starts:
        return title, [_with_notes(Part("", blocks))]
    opening = blocks[: starts[0]]
    is_chapter = sum(len(block.text) for block in opening) > _LONGEST_OPENING
    parts = [Part("", opening)] if is_chapter else []
    for start, end in zip(starts, [*starts[1:], len(blocks)], strict=True):
        is_second = start == starts[0] and is_chapter
        parts.append(_part(blocks[start:end], len(parts) + 1, is_second=is_second))
    parts = [_with_notes(part) for part in parts]
    if not is_chapter:  # a motto or a note, which goes before the first chapter
        parts[0].notes_before = [block.markup for block in opening if block.text] + parts[0].notes_before
    return title, parts


def _titled(blocks: list[Block]) -> tuple[str, list[Block]]:
    """A heading at the top is the story's title if it stands above the others, or alone."""
    if not blocks or not blocks[0].heading or _is_numbered(blocks[0]):
        return "", blocks
    first, others = blocks[0], [block.heading for block in blocks[1:] if block.heading]
    is_bare = len(blocks) > 1 and (blocks[1].heading > 0 or _is_numbered(blocks[1]))
    if is_bare or not others or first.heading < min(others):
        return first.text.replace("\n", " "), blocks[1:]
    return "", blocks


def _is_numbered(block: Block) -> bool:
    return chapter_number(block.text, is_heading=block.heading > 0) > 0


def _starts(blocks: list[Block]) -> list[int]:
    """The numbers of the blocks that begin a chapter; none where the text does not evidently have chapters."""
    numbered = [place for place, block in enumerate(blocks) if _is_numbered(block)]
    known = frozenset(numbered)
    headings = _headings(blocks)
    if len(numbered) > 1 and not any(blocks[place].heading for place in numbered):
        return _real(blocks, [p for p, block in enumerate(blocks) if p in known or _AROUND.fullmatch(block.text)])
    if headings:
        return _real(blocks, headings)
    if numbered:
        return numbered if numbered[0] == 0 or len(numbered) > 1 else []
    return _page_starts(blocks)


def _headings(blocks: list[Block]) -> list[int]:
    """Headings of the highest level that occurs twice."""
    levels = Counter(block.heading for block in blocks if block.heading)
    level = next((level for level in sorted(levels) if levels[level] > 1), 0)
    return [place for place, block in enumerate(blocks) if level and block.heading == level]


def _real(blocks: list[Block], places: list[int]) -> list[int]:
    """Without the lines of a table of contents: of two headings with the same words the last one counts."""
    last = {blocks[place].text.casefold(): place for place in places}
    real = sorted(last.values())
    return real if len(real) > 1 or places == real else []


def _page_starts(blocks: list[Block]) -> list[int]:
    """New pages begin chapters only if each of them begins with a line like a heading."""
    breaks = [place for place, block in enumerate(blocks[:-1]) if block.page_break and place]
    firsts = [place + 1 for place in breaks]
    if not firsts or not all(_is_like_heading(blocks[place]) for place in firsts):
        return []
    return [0, *firsts] if _is_like_heading(blocks[0]) else firsts


def _is_like_heading(block: Block) -> bool:
    return (
        0 < len(block.text) <= LONGEST_HEADING
        and "\n" not in block.text
        and not re.search(r"[.,;:!?…”\"]$", block.text)
    )


def _part(blocks: list[Block], position: int, *, is_second: bool) -> Part:
    heading, body = blocks[0], blocks[1:]
    if body and body[-1].page_break:
        body = body[:-1]
    title = " – ".join(line for line in heading.text.split("\n") if line)
    number = chapter_number(heading.text, is_heading=heading.heading > 0)
    if number == position or (is_second and number == position - 1):
        title = title_behind_number(heading.text)
    return Part(title.strip(), body)


def _with_notes(part: Part) -> Part:
    """The part with the author's notes at its beginning and end taken out of the story."""
    blocks = part.blocks
    entry = split_label(blocks[0]) if blocks else None
    if entry and entry.label is Label.NOTES and len(blocks) > 1:
        part.notes_before += [f"<p>{markup}</p>" for markup in entry.markup if markup]
        blocks = blocks[1:]
    end = _notes_start(blocks)
    if end:
        entry = split_label(blocks[end])
        assert entry is not None
        part.notes_after = [f"<p>{markup}</p>" for markup in entry.markup if markup]
        part.notes_after += [block.markup for block in blocks[end + 1 :] if not block.page_break]
        blocks = blocks[:end]
    part.blocks = _without_edges(blocks)
    return part


def _notes_start(blocks: list[Block]) -> int:
    """The number of the block that begins the closing notes, 0 when there are none."""
    for place in range(max(1, len(blocks) - 10), len(blocks)):
        entry = split_label(blocks[place])
        if entry and entry.label is Label.NOTES and _closes(entry.words, blocks[place - 1]):
            return place
    return 0


def _closes(words: str, before: Block) -> bool:
    """ "Author's note" says what it is; a mere "Note" may be the story's own, unless the story has ended before it."""
    return bool(_SURE_NOTE.fullmatch(words)) or before.is_rule or is_the_end(before.text)


def _without_edges(blocks: list[Block]) -> list[Block]:
    """Rules and page breaks at the edges parted the text from what is gone now."""
    first, last = 0, len(blocks)
    while first < last and (blocks[first].is_rule or blocks[first].page_break):
        first += 1
    while last > first and (blocks[last - 1].is_rule or blocks[last - 1].page_break):
        last -= 1
    return blocks[first:last]
