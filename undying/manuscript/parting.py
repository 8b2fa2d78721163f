"""Where prose can be parted: between the blocks that it is made of."""

from __future__ import annotations

import re

from undying.manuscript.clean import clean
from undying.manuscript.measure import excerpt
from undying.manuscript.model import Prose, RawHtml

_TAG = re.compile(r"<(/?)([a-z][a-z0-9]*)(?:[^>\"]|\"[^\"]*\")*>")
_VOID = frozenset({"br", "hr", "img", "wbr"})


def blocks(prose: Prose) -> list[str]:
    """The markup of each block that lies in no other, in order: joined they are the prose again."""
    found, start, depth = [], 0, 0
    for tag in _TAG.finditer(prose):
        if tag[2] not in _VOID:
            depth += -1 if tag[1] else 1
        if depth == 0:
            found.append(prose[start : tag.end()])
            start = tag.end()
    rest = prose[start:]
    return [*found, rest] if rest.strip() or not found else [*found[:-1], found[-1] + rest]


def halves(prose: Prose, at: int) -> tuple[Prose, Prose]:
    """The prose before the block of this number, counted from 0, and from there on."""
    parts = blocks(prose)
    return clean(RawHtml("".join(parts[:at]))), clean(RawHtml("".join(parts[at:])))


def beginnings(prose: Prose, characters: int) -> list[str]:
    """How each block begins, as plain text of at most so many characters; a rule or a picture is told as one."""
    return [_beginning(clean(RawHtml(each)), characters) for each in blocks(prose)]


def _beginning(block: Prose, characters: int) -> str:
    return excerpt(block, characters) or ("* * *" if "<hr" in block else "a picture" if "<img" in block else "…")
