"""What was likely meant by words that nobody wrote: the search with others in their place.

Offered is only what finds works for the one who asks: the vocabulary may be out of date, and tells nobody of a secret.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from undying.finding import engine, vocabulary
from undying.finding.criteria import Criteria
from undying.finding.language import parse
from undying.finding.question import Not, Words

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from undying.finding.language import Piece
    from undying.people.viewer import Viewer

MOST = 4
"""Words of one search that are put right."""


@dataclass(frozen=True, slots=True)
class Respelt:
    """The criteria with other words, how many works these find, and what was typed in pieces: (text, is new)."""

    criteria: Criteria
    total: int
    pieces: tuple[tuple[str, bool], ...]


def respelt(criteria: Criteria, viewer: Viewer) -> Respelt | None:
    """The same with words that are likely meant; None where every word is found, or nothing better is known.

    At most three looks at the index, and none for a search without words.
    """
    words = list(_words(parse(criteria.query).pieces))[: 4 * MOST]
    found = _totals([_said(piece) for piece in words], viewer)
    likely = {piece: vocabulary.like(_said(piece)) for piece in words if not found[_said(piece)]}
    known = _totals([each for others in list(likely.values())[:MOST] for each in others], viewer)
    right = {piece: next((each for each in others if known.get(each)), "") for piece, others in likely.items()}
    if not any(right.values()):
        return None
    pieces = tuple(_pieces(criteria.query, {piece: word for piece, word in right.items() if word}))
    changed = replace(criteria, query="".join(text for text, _ in pieces), page=1)
    total = engine.count(changed, viewer)
    return Respelt(changed, total, pieces) if total else None


def _totals(words: Sequence[str], viewer: Viewer) -> dict[str, int]:
    """How many works each word is found in, in any of its forms."""
    return dict(zip(words, engine.counts([Criteria(query=word) for word in words], viewer), strict=True))


def _words(pieces: Sequence[Piece]) -> Iterator[Piece]:
    """Single words without quotation marks, wherever they stand and are not shut out."""
    for piece in pieces:
        if isinstance(piece.node, Words) and not piece.parts:
            if piece.node.stems:
                yield piece
        elif not isinstance(piece.node, Not):
            yield from _words(piece.parts)


def _said(piece: Piece) -> str:
    assert isinstance(piece.node, Words)
    return piece.node.tokens[0]


def _pieces(typed: str, right: dict[Piece, str]) -> Iterator[tuple[str, bool]]:
    at = 0
    for piece, word in sorted(right.items(), key=lambda item: item[0].start):
        start = piece.end - _length(typed, piece)
        yield typed[at:start], False
        yield word, True
        at = piece.end
    yield typed[at:], False


def _length(typed: str, piece: Piece) -> int:
    """How much of the piece is the word itself: all behind the colon of a field."""
    text = typed[piece.start : piece.end]
    return len(text) - (text.replace("：", ":").rfind(":") + 1)
