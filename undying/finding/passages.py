"""Where in a story a search matched: the passage, found in the text as the viewer may read it today."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Q

from undying.finding.language import TOKEN, fold, wanted
from undying.library.models import Chapter
from undying.manuscript import State
from undying.manuscript.measure import plain_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from undying.finding.language import Node
    from undying.library.models import Work
    from undying.people.viewer import Viewer

AROUND = 110
"""Characters shown on either side of the first match."""
LONGEST_LOOK = 3_000_000
"""Characters of markup that one page of results looks through; beyond that, cards go without a passage."""


_FOLDS_OTHERWISE = re.compile("[^\x00-\x7f\u2010-\u2027]")
"""Anything but ASCII, dashes, quotation marks and dots."""


@dataclass(frozen=True, slots=True)
class Passage:
    """A piece of a chapter. `pieces` are (text, is a match), in order; the text is plain, not markup.

    `position` counts the chapters that the viewer may read: a gap would tell her of a draft.
    """

    chapter_id: int
    position: int
    title: str
    pieces: tuple[tuple[str, bool], ...]


def passages_of(works: Sequence[Work], node: Node | None, viewer: Viewer) -> dict[int, Passage]:
    """For each work whose text matches, the first passage that does. One query, and none without words to look for.

    An adult work has none for a viewer who has not said that she is willing to see its text.
    """
    phrases = [words.tokens for words in wanted(node) if words.field in {"", "text"}]
    if not phrases or not works:
        return {}
    found: dict[int, Passage] = {}
    looked = 0
    places: Counter[int] = Counter()
    for chapter in _chapters(works, viewer):
        if looked > LONGEST_LOOK or len(found) == len(works):
            break
        places[chapter.work_id] += 1
        if chapter.work_id in found or chapter.state != State.POSTED:
            continue
        looked += len(chapter.body)
        if pieces := _pieces(plain_text(chapter.body), phrases):
            found[chapter.work_id] = Passage(chapter.pk, places[chapter.work_id], chapter.title, pieces)
    return found


def _chapters(works: Sequence[Work], viewer: Viewer) -> Iterator[Chapter]:
    asked_first = Q() if viewer.adult else Q(work__is_adult=False)
    chapters = Chapter.objects.visible_to(viewer).filter(asked_first, work__in=[work.pk for work in works])
    fields = ("work_id", "position", "state", "title", "body")
    return chapters.order_by("work_id", "position").only(*fields).iterator(chunk_size=20)


def _pieces(text: str, phrases: Sequence[tuple[str, ...]]) -> tuple[tuple[str, bool], ...]:
    if not _may_hold(text, phrases):
        return ()
    spans = [(match.start(), match.end(), fold(match.group())) for match in TOKEN.finditer(text)]
    marked = _matches([word for _, _, word in spans], phrases)
    if not marked:
        return ()
    start = _cut(text, max(0, spans[marked[0]][0] - AROUND), forward=True)
    end = _cut(text, min(len(text), spans[marked[0]][1] + AROUND), forward=False)
    pieces: list[tuple[str, bool]] = [("… " if start else "", False)]
    at = start
    for index in marked:
        begin, stop, _ = spans[index]
        if stop > end:
            break
        pieces += [(text[at:begin], False), (text[begin:stop], True)]
        at = stop
    pieces += [(text[at:end], False), (" …" if end < len(text) else "", False)]
    return _joined(pieces)


def _may_hold(text: str, phrases: Sequence[tuple[str, ...]]) -> bool:
    """Most chapters do not match. For plain English that shows some fifty times faster than by making tokens."""
    if _FOLDS_OTHERWISE.search(text):
        return True
    plain = text.lower().replace("'", "").replace("’", "")
    return any(phrase[0] in plain for phrase in phrases)


def _matches(words: list[str], phrases: Sequence[tuple[str, ...]]) -> list[int]:
    """Indexes of the tokens that belong to a match, in order."""
    firsts = {phrase[0] for phrase in phrases}
    marked: set[int] = set()
    for index, word in enumerate(words):
        if word in firsts:
            for phrase in phrases:
                if tuple(words[index : index + len(phrase)]) == phrase:
                    marked.update(range(index, index + len(phrase)))
    return sorted(marked)


def _cut(text: str, at: int, *, forward: bool) -> int:
    """The nearest gap between words, so that none is cut in two; where there is none near, the place itself."""
    if at in {0, len(text)}:
        return at
    if forward:
        gap = text.find(" ", at, at + 30)
        return at if gap < 0 else gap + 1
    gap = text.rfind(" ", at - 30, at)
    return at if gap < 0 else gap


def _joined(pieces: list[tuple[str, bool]]) -> tuple[tuple[str, bool], ...]:
    """Neighbours of the same kind as one, and none empty; line ends are spaces here."""
    joined: list[tuple[str, bool]] = []
    for text, is_match in pieces:
        before = ""
        if is_match and len(joined) > 1 and not joined[-1][0].strip():
            gap = joined.pop()[0]
            before = joined.pop()[0] + gap  # the words of a phrase are one match
        elif joined and joined[-1][1] == is_match:
            before = joined.pop()[0]
        if before or text:
            joined.append((before + text, is_match))
    return tuple((text.replace("\n", " "), is_match) for text, is_match in joined)
