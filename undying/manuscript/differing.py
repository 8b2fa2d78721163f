"""Where two texts differ, word by word."""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

_WORD = re.compile("[\u3040-\u30ff\u3400-\u9fff]\\s*|[^\\W_]+(?:['’-][^\\W_]+)*\\s*|.\\s*", re.DOTALL)
"""A word, a sign, or a character of a script without spaces; each with the space behind it."""
MOST_WORDS = 2000
"""Pieces of a changed passage that are compared one by one: a longer one is told whole."""
MOST_LINES = 4000
"""The same of the lines of a text."""


class Change(StrEnum):
    """What became of a piece of text."""

    KEPT = "kept"
    GONE = "gone"
    NEW = "new"


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of text, and what became of it."""

    change: Change
    text: str


def differences(before: str, after: str) -> list[Piece]:
    """The pieces of both texts in order: without the new ones they are `before`, without the gone ones `after`.

    First line by line, then word by word within lines that changed. The time is bounded for texts of any length.
    """
    lines = _compared(before.splitlines(keepends=True), after.splitlines(keepends=True), MOST_LINES)
    return list(_joined(_finer(list(lines))))


def side(pieces: Iterable[Piece], change: Change) -> tuple[Piece, ...]:
    """One of the two texts: what was kept, and what is gone or new."""
    return tuple(each for each in pieces if each.change in {Change.KEPT, change})


def _compared(before: Sequence[str], after: Sequence[str], most: int) -> Iterator[Piece]:
    start, end = _same_ends(before, after)
    yield from (Piece(Change.KEPT, each) for each in before[:start])
    yield from _between(before[start : len(before) - end], after[start : len(after) - end], most)
    yield from (Piece(Change.KEPT, each) for each in before[len(before) - end :])


def _same_ends(before: Sequence[str], after: Sequence[str]) -> tuple[int, int]:
    """How much is the same at the beginning and at the end: most changes are small ones in long texts."""
    shorter = min(len(before), len(after))
    start = next((n for n in range(shorter) if before[n] != after[n]), shorter)
    rest = shorter - start
    end = next((n for n in range(rest) if before[-1 - n] != after[-1 - n]), rest)
    return start, end


def _between(before: Sequence[str], after: Sequence[str], most: int) -> Iterator[Piece]:
    if len(before) > most or len(after) > most:
        yield from (Piece(Change.GONE, each) for each in before)
        yield from (Piece(Change.NEW, each) for each in after)
        return
    for what, b, e, c, f in SequenceMatcher(None, before, after, autojunk=True).get_opcodes():
        if what == "equal":
            yield from (Piece(Change.KEPT, each) for each in before[b:e])
        else:
            yield from (Piece(Change.GONE, each) for each in before[b:e])
            yield from (Piece(Change.NEW, each) for each in after[c:f])


def _finer(lines: list[Piece]) -> Iterator[Piece]:
    """Passages that changed, word by word."""
    at = 0
    while at < len(lines):
        until = at
        while until < len(lines) and lines[until].change is not Change.KEPT:
            until += 1
        if until == at:
            yield lines[at]
            at += 1
            continue
        gone, new = (_words(lines[at:until], change) for change in (Change.GONE, Change.NEW))
        yield from _compared(gone, new, MOST_WORDS)
        at = until


def _words(lines: Iterable[Piece], change: Change) -> list[str]:
    return _WORD.findall("".join(each.text for each in lines if each.change is change))


def _joined(pieces: Iterable[Piece]) -> Iterator[Piece]:
    """Pieces of one kind that follow each other as one."""
    texts: list[str] = []
    kind = Change.KEPT
    for each in pieces:
        if each.change is not kind and texts:
            yield Piece(kind, "".join(texts))
            texts = []
        kind = each.change
        texts.append(each.text)
    if texts:
        yield Piece(kind, "".join(texts))
