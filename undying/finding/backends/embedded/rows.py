"""What stands in the index: its fields, and a work as one row of them.

Words and what is counted or sorted by have fields of their own. What a work simply has or has not is a term among its
facts ("status=complete"): a field costs every work something, a term only those that have it.
"""

from __future__ import annotations

from collections import defaultdict
from functools import cache, lru_cache
from itertools import product
from typing import TYPE_CHECKING, Any

import tantivy

from undying.finding.document import SORTED_BY, Sight, fingerprint, languages_of, shuffled
from undying.finding.question import FIELDS, Measure, Sort, Term
from undying.finding.tokens import folded, stems_of
from undying.manuscript import Audience, State, TagKind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from undying.finding.document import Document

LAYOUT = "4"
"""Raised when the fields change, or what they mean: an index of another layout is made anew."""
TEXT_FIELDS = (*FIELDS, "episode")
STEMMED = ("title", "summary", "tag", "text")
_OF_NAMES = {"author", "tag"}
ORDERS = {
    **{sort: measure.value for sort, measure in SORTED_BY.items()},
    Sort.KUDOS_PER_HIT: "kudos_per_hit",
    Sort.RANDOM: "shuffled",
    Sort.TITLE: "by_title",
    Sort.AUTHOR: "by_author",
}
"""The field that has the order of each sort."""
NAMES = frozenset({"by_title", "by_author"})
_TAG = "tag_"
TAGS = {kind: _TAG + kind for kind in TagKind}
TONGUE, ABOVE = "tongue", "above"
_STEMS_KEPT = 1 << 17
SAMPLES = tuple(2**power for power in range(1, 13))
"""Of how many works one is in a sample."""
_MEASURES = tuple(measure.value for measure in Measure)
_SIGHTS = [Sight(everything=False, hidden_too=a, members_too=b, own=None) for a, b in product((False, True), repeat=2)]


@cache
def schema() -> Any:
    """The fields."""
    builder = tantivy.SchemaBuilder()
    builder.add_unsigned_field("work", indexed=True, fast=True)
    builder.add_unsigned_field("print", fast=True)
    builder.add_unsigned_field(ABOVE, indexed=True)
    builder.add_text_field("fact", tokenizer_name="raw", index_option="basic")
    for name in TEXT_FIELDS:
        builder.add_text_field(name, tokenizer_name="whitespace", index_option="position")
    for name in STEMMED:
        builder.add_text_field(f"stems_{name}", tokenizer_name="whitespace", index_option="basic")
    for name in ("shuffled", "kudos_per_hit", *_MEASURES):
        builder.add_integer_field(name, fast=True)
    for name in TAGS.values():
        builder.add_unsigned_field(name, indexed=True, fast=True)
    for name in (TONGUE, *sorted(NAMES)):
        builder.add_text_field(name, tokenizer_name="raw", fast=True, index_option="basic")
    return builder.build()


def row(document: Document) -> dict[str, Any]:
    """A work as tantivy takes it; what it has none of is left out."""
    place = shuffled(document.work_id)
    fields: dict[str, Any] = {
        "work": document.work_id,
        "print": int(fingerprint(document), 16),
        "fact": _facts(document, place),
        "shuffled": place,
        "kudos_per_hit": document.sort_number(Sort.KUDOS_PER_HIT),
        "by_title": document.sort_name(Sort.TITLE),
        "by_author": document.sort_name(Sort.AUTHOR),
    }
    for name in _MEASURES:
        fields[name] = getattr(document, name)
    if document.language:
        fields[TONGUE] = languages_of(document.language)[0]
    fields.update(_tags(document))
    fields.update(_texts(document))
    return fields


def _tags(document: Document) -> dict[str, list[int]]:
    """Numbers of tags by kind, each once, and of those that only stand above."""
    found: defaultdict[str, list[int]] = defaultdict(list)
    own = set()
    for kind, number, _ in document.tags:
        if number not in own:
            own.add(number)
            found[_TAG + kind].append(number)
    above = {number: kind for kind, number in document.ancestors if number not in own}
    for number, kind in above.items():
        found[_TAG + kind].append(number)
    if above:
        found[ABOVE] = list(above)
    return found


def _texts(document: Document) -> Iterator[tuple[str, Any]]:
    for name in TEXT_FIELDS:
        read = _of_name if name in _OF_NAMES else _lines_and_stems
        found = [each for each in (read(text, document.language) for text in document.texts(name)) if each[0]]
        if found:
            yield name, [line for line, _ in found]
            if name in STEMMED and (stems := " ".join([stems for _, stems in found if stems])):
                yield f"stems_{name}", stems


def _lines_and_stems(text: str, language: str) -> tuple[str, str]:
    """The tokens of a text, and those stems of them that are no tokens of it."""
    line = folded(text)
    odd = odd_stems(language)
    return line, "" if odd is None else " ".join(filter(None, map(odd.__getitem__, set(line.split()))))


_of_name = lru_cache(maxsize=1 << 17)(_lines_and_stems)
"""Names of tags and of people come again and again."""


class OddStems(dict[str, str]):
    """The stems of one language's words that are not the words themselves; "" for the others. `code` is how its stems
    begin.
    """

    def __init__(self, language: str, code: str) -> None:
        super().__init__()
        self.language = language
        self.code = code

    def __missing__(self, word: str) -> str:
        (stem,) = stems_of((word,), self.language)
        if len(self) >= _STEMS_KEPT:
            self.clear()
        self[word] = odd = "" if stem == f"{self.code}:{word}" else stem
        return odd


@lru_cache(maxsize=256)
def odd_stems(language: str) -> OddStems | None:
    """Those of this language, if it has a stemmer."""
    stems = stems_of(("a",), language)
    return OddStems(language, next(iter(stems)).partition(":")[0]) if stems else None


def as_word(stem: str) -> tuple[str, str]:
    """The word that is its own stem and so stands in no list of stems, and the language; "" when there is none."""
    code, _, word = stem.partition(":")
    return (word, code) if stems_of((word,), code) == {stem} else ("", code)


def _facts(document: Document, place: int) -> list[str]:
    facts = [
        f"status={document.status}",
        f"crossover={'T' if document.is_crossover else 'F'}",
        *[f"language={each}" for each in languages_of(document.language)],
        *[f"creator={each}" for each in document.creator_ids],
        *[f"series={each}" for each in document.series],
        *[f"owner={each}" for each in document.owners],
    ]
    if (odd := odd_stems(document.language)) is not None:
        facts.append(f"stemmed={odd.code}")
    if document.placements:
        facts += [f"placement={each}" for each in document.terms()[Term.PLACEMENT]]
    for one_of in SAMPLES:
        if place % one_of:
            break
        facts.append(f"sample={one_of}")
    if document.is_hidden or document.state is not State.POSTED or document.audience is not Audience.EVERYONE:
        facts += [unseen(sight) for sight in _SIGHTS if not sight.shows(document)]
    return facts


def unseen(sight: Sight) -> str:
    """The fact about works that such viewers may not read, unless they are their own."""
    return f"unseen={sight.hidden_too:d}{sight.members_too:d}"
