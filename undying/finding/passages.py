"""Where in a story a search matched: passages, found in the text as the viewer may read it today.

Chapters are looked through as they are stored, markup and all, for the letters of what is looked for: that runs in C.
Only around what is found is a piece made plain, taken apart into tokens, and compared as the search engine compares.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from typing import TYPE_CHECKING

from django.db.models import Q

from undying.finding.question import Prefix, Words, wanted
from undying.finding.tokens import folded, spans, stems_of, tokens, written
from undying.library.models import Chapter
from undying.manuscript import State
from undying.manuscript.measure import plain_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from undying.finding.question import Node
    from undying.library.models import Work
    from undying.people.viewer import Viewer

AROUND = 110
"""Characters shown on either side of the first match."""
BESIDE = 4
"""Words before and after a match that tell it from others, with the halves of words that it cuts."""
MOST = 3
"""Passages of one work."""
APART = 3 * AROUND
"""Characters of markup between two passages of a chapter, at least."""
FIRST_LOOK, LONGEST_LOOK = 40_000, 500_000
"""Words of each work that are looked through for its best passages; of all works of a page, for any passage at all."""
PLACES = 400
"""Places in one chapter that are weighed for each word."""


@dataclass(frozen=True, slots=True)
class Passage:
    """A piece of a chapter. `pieces` are (text, is a match), in order; the text is plain, not markup.

    `position` counts the chapters that the viewer may read: a gap would tell her of a draft. `place` is what matched
    first, between the words before and after it on the same line: enough to find it in the chapter again.
    """

    chapter_id: int
    position: int
    title: str
    pieces: tuple[tuple[str, bool], ...]
    place: tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Letters:
    """Words that have to stand together, as they are written; and whether a single one may go on."""

    words: tuple[str, ...]
    goes_on: bool = False


@dataclass(frozen=True, slots=True)
class Sought:
    """What is looked for: tokens that stand together, beginnings of words, and stems ("en:run")."""

    phrases: tuple[tuple[str, ...], ...] = ()
    prefixes: tuple[str, ...] = ()
    stems: frozenset[str] = frozenset()

    @classmethod
    def of(cls, node: Node | None, languages: Iterable[str]) -> Sought:
        """What of that may stand in a text of these languages."""
        spoken = {stem.partition(":")[0] for each in set(languages) for stem in stems_of(("a",), each)}
        asked = [each for each in wanted(node) if each.field in {"", "text"}]
        words = [each for each in asked if isinstance(each, Words)]
        return cls(
            tuple(dict.fromkeys(each.tokens for each in words)),
            tuple(dict.fromkeys(each.token for each in asked if isinstance(each, Prefix))),
            frozenset(stem for each in words for stem in each.stems if stem.partition(":")[0] in spoken),
        )

    def __bool__(self) -> bool:
        return bool(self.phrases or self.prefixes or self.stems)

    def letters(self) -> list[Letters]:
        """What to look for letter by letter."""
        whole = [Letters(tuple(written(phrase).split())) for phrase in self.phrases]
        begun = [*self.prefixes, *(_begin_of(stem.partition(":")[2]) for stem in self.stems)]
        return [*whole, *(Letters((each,), goes_on=True) for each in dict.fromkeys(begun))]

    def marks(self, words: Sequence[str], language: str) -> list[int]:
        """Indexes of the tokens that belong to a match, in order."""
        firsts = {phrase[0] for phrase in self.phrases}
        begins = tuple(_begin_of(stem.partition(":")[2]) for stem in self.stems)
        marked: set[int] = set()
        for index, word in enumerate(words):
            if word in firsts:
                for phrase in self.phrases:
                    if tuple(words[index : index + len(phrase)]) == phrase:
                        marked.update(range(index, index + len(phrase)))
            if word.startswith(self.prefixes) or (
                word.startswith(begins) and not self.stems.isdisjoint(stems_of((word,), language))
            ):
                marked.add(index)
        return sorted(marked)


def _begin_of(stem: str) -> str:
    """What the words of a stem begin with, nearly always: "happi" is the stem of "happy"."""
    return stem[:-1] or stem


def passages_of(works: Sequence[Work], node: Node | None, viewer: Viewer) -> dict[int, tuple[Passage, ...]]:
    """For each work whose text matches, its best passages, those that say most of what is looked for first; at most
    MOST. Three queries, and none without words to look for.

    An adult work has none for a viewer who has not said that she is willing to see its text.
    """
    languages = {work.pk: work.language for work in works}
    sought = Sought.of(node, languages.values())
    if not sought or not works:
        return {}
    chapters = _chapters(works, viewer)
    first = [each for mine in chapters.values() for each in _beginning(mine)]
    found = _looked_through(first, sought, languages, viewer)
    looked = {each.id for each in first}
    room = LONGEST_LOOK - sum(each.words for each in first)
    rest = []
    for work_id, mine in chapters.items():
        for each in mine:
            if work_id not in found and each.id not in looked and each.words <= room:
                room -= each.words
                rest.append(each)
    return found | _looked_through(rest, sought, languages, viewer)


@dataclass(frozen=True, slots=True)
class _Place:
    """A chapter that the viewer may read; `position` among those."""

    id: int
    work_id: int
    position: int
    title: str
    words: int


def _chapters(works: Sequence[Work], viewer: Viewer) -> dict[int, list[_Place]]:
    """The posted chapters of each work. Drafts of her own are counted, but not quoted."""
    asked_first = Q() if viewer.adult else Q(work__is_adult=False)
    rows = Chapter.objects.visible_to(viewer).filter(asked_first, work__in=[work.pk for work in works])
    counted: Counter[int] = Counter()
    found: dict[int, list[_Place]] = defaultdict(list)
    fields = ("pk", "work_id", "title", "words", "state")
    for number, work_id, title, words, state in rows.order_by("work_id", "position").values_list(*fields):
        counted[work_id] += 1
        if state == State.POSTED:
            found[work_id].append(_Place(number, work_id, counted[work_id], title, words))
    return found


def _beginning(chapters: Sequence[_Place]) -> Iterator[_Place]:
    words = 0
    for each in chapters:
        if words and words + each.words > FIRST_LOOK:
            return
        words += each.words
        yield each


def _looked_through(
    chapters: Sequence[_Place], sought: Sought, languages: dict[int, str], viewer: Viewer
) -> dict[int, tuple[Passage, ...]]:
    places = {each.id: each for each in chapters}
    if not places:
        return {}
    letters = sought.letters()
    bodies: dict[int, str] = {}
    spots: dict[int, list[tuple[int, int, int, int]]] = defaultdict(list)
    readable = Chapter.objects.visible_to(viewer).filter(pk__in=places, state=State.POSTED)
    for number, body in readable.values_list("pk", "body"):
        for weight, at in _spots(body, letters):
            place = places[number]
            bodies[number] = body
            spots[place.work_id].append((-weight, place.position, at, number))
    found: dict[int, tuple[Passage, ...]] = {}
    for work_id, mine in spots.items():
        best: list[Passage] = []
        for _, position, at, number in sorted(mine)[: 4 * MOST]:
            window = _window_at(bodies[number], at, sought, languages[work_id]) if len(best) < MOST else None
            if window is not None:
                best.append(Passage(number, position, places[number].title, *window))
        if best:
            found[work_id] = tuple(best)
    return found


def _spots(body: str, letters: Sequence[Letters]) -> list[tuple[int, int]]:
    """Where in the markup of a chapter most of what is looked for stands close together: (how much, where)."""
    text = _as_compared(body)
    hits = [(at, number) for number, each in enumerate(letters) for at in _found(text, each)]
    if not hits and ("'" in text or "\u2019" in text):
        bare = text.replace("'", "").replace("\u2019", "")
        hits = [(at, number) for number, each in enumerate(letters) for at in _found(bare, each)]
        gaps = [match.start() for match in _APOSTROPHE.finditer(text)] if hits else []
        hits = [(_with_gaps(at, gaps), number) for at, number in hits]
    hits.sort()
    weighed = []
    for index, (at, _) in enumerate(hits):
        near = [number for place, number in hits[index : index + 12] if place - at <= 2 * AROUND]
        weighed.append((20 * len(set(near)) + len(near), at))
    chosen: list[tuple[int, int]] = []
    for weight, at in sorted(weighed, key=lambda each: (-each[0], each[1])):
        if all(abs(at - other) >= APART for _, other in chosen):
            chosen.append((weight, at))
            if len(chosen) == 2 * MOST:
                break
    return chosen


def _found(text: str, letters: Letters) -> list[int]:
    """Where they stand. A phrase is looked for as it is; else with markup, punctuation and capitals within it."""
    together = islice(_places(text, " ".join(letters.words), goes_on=letters.goes_on), PLACES)
    if (places := list(together)) or len(letters.words) == 1:
        return places
    begun = islice(_places(text, letters.words[0], goes_on=False), 10 * PLACES)
    loosely = _loosely(letters.words)
    return [at for at in begun if loosely.match(text, at)]


@lru_cache(maxsize=256)
def _loosely(words: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile(r"(?:<[^<>]{0,200}>|[^\w<>]){1,20}".join(map(re.escape, words)), re.IGNORECASE)


def _with_gaps(at: int, gaps: Sequence[int]) -> int:
    """Where a place of a text stood before characters were taken from it at `gaps`."""
    for gap in gaps:
        if gap > at:
            break
        at += 1
    return at


def _places(text: str, letters: str, *, goes_on: bool) -> Iterator[int]:
    """Where a word begins so in the usual spellings, and ends so unless it may go on."""
    is_unspaced = len(tokens(letters * 2)) > 1
    for spelling in {letters, letters.capitalize(), letters.upper()}:
        checked = 0
        at = text.find(spelling)
        while at >= 0 and checked < 20 * PLACES:
            end = at + len(spelling)
            checked += 1
            is_word = not (at and text[at - 1].isalnum()) and (goes_on or not text[end : end + 1].isalnum())
            if is_word or is_unspaced:
                yield at
            at = text.find(spelling, end)


def _as_compared(body: str) -> str:
    """The markup with plain letters for accented ones, each at its place."""
    if body.isascii():
        return body
    for each in set(body.encode("utf-8", "replace").translate(None, _ASCII).decode("utf-8")):
        if plain := _plain_letter(each):
            body = body.replace(each, plain)
    return body


_ASCII = bytes(range(128))
_APOSTROPHE = re.compile("['\u2019]")


@lru_cache(maxsize=1 << 14)
def _plain_letter(letter: str) -> str:
    """The one letter that it is compared as, if that is another."""
    plain = folded(letter)
    return plain if len(plain) == 1 and plain.isalnum() and plain != letter.lower() else ""


Window = tuple[tuple[tuple[str, bool], ...], tuple[str, str, str]]
"""The pieces and the place of a passage."""


def _window_at(body: str, at: int, sought: Sought, language: str) -> Window | None:
    """The passage that begins a little before this place of the markup."""
    start, end = _whole(body, max(0, at - 2 * AROUND), at), min(len(body), at + 3 * AROUND)
    if end < len(body):
        opened = body.rfind("<", at, end)
        end = opened if opened > body.rfind(">", at, end) else end
        gap = body.rfind(" ", at, end)
        end = gap if gap >= at + AROUND else end
    before = plain_text(body[start:at])
    text = plain_text(body[start:end])
    return _window(text, sought, language, after=max(0, len(before) - 1), is_begun=start > 0, goes_on=end < len(body))


def _whole(body: str, start: int, at: int) -> int:
    """The next place before `at` that is in no tag, no reference and no word."""
    if not start:
        return 0
    if body.find("<", start, at) > (closed := body.find(">", start, at)) >= 0 or (
        closed >= 0 and body.find("<", start, at) < 0
    ):
        return closed + 1
    gap = body.find(" ", start, at)
    return start if gap < 0 else gap + 1


def _window(
    text: str, sought: Sought, language: str, *, after: int = 0, is_begun: bool = False, goes_on: bool = False
) -> Window | None:
    """The text around the first match behind `after`. `is_begun`, `goes_on`: there is more of it on that side."""
    found = list(spans(text))
    marked = sought.marks([word for _, _, word in found], language)
    first = next((place for place, index in enumerate(marked) if found[index][1] > after), None)
    if first is None:
        return None
    begin, stop, _ = found[marked[first]]
    start = _cut(text, max(0, begin - AROUND), forward=True)
    end = _cut(text, min(len(text), stop + AROUND), forward=False)
    pieces: list[tuple[str, bool]] = [("… " if start or is_begun else "", False)]
    at = start
    for index in marked:
        begin, stop, _ = found[index]
        if stop > end:
            break
        if begin >= start and stop > at:  # tokens of one word, or of a script without spaces, lie over each other
            pieces += [(text[at:begin], False), (text[max(at, begin) : stop], True)]
            at = stop
    pieces += [(text[at:end], False), (" …" if end < len(text) or goes_on else "", False)]
    return _joined(pieces), _place(text, found, marked[first:])


def _place(text: str, found: Sequence[tuple[int, int, str]], marked: Sequence[int]) -> tuple[str, str, str]:
    """What matched first, as one with what follows it at once, and the few words about it on its line."""
    begin, stop, _ = found[marked[0]]
    for index in marked[1:]:
        if text[stop : found[index][0]] not in {"", " "} and found[index][0] >= stop:
            break
        stop = max(stop, found[index][1])
    before = text[text.rfind("\n", 0, begin) + 1 : begin].split(" ")[-BESIDE:]
    after = text[stop:].partition("\n")[0].split(" ")[:BESIDE]
    return " ".join(before), text[begin:stop], " ".join(after)


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
