"""Counts of tags beside a result: exact up to so many hits, from a sample beyond.

Every work is in the samples "one of 2", "one of 4" … that its place on the circle puts it in: half of all works in the
first, half of these in the second. So a sample of any result is found by one more term, and has a bounded size.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from undying.finding.backends import MOST_TALLIED
from undying.finding.backends.embedded.rows import SAMPLES, TAGS, TONGUE
from undying.finding.document import FACETS_SHOWN, LANGUAGES_SHOWN

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from undying.manuscript import TagKind

EXACT_UP_TO = 30_000
"""Hits whose tags are all counted."""
SIZES = (24, 2000, MOST_TALLIED)
"""How many tags of a kind tantivy tells, and how many when these may not be all that tie with those shown."""
Key = TypeVar("Key", int, str)
Counted = list[tuple[Any, int]]


@dataclass(frozen=True)
class Facets:
    """The most frequent tags of each kind, the languages, and whether that is from a sample."""

    tags: dict[TagKind, tuple[tuple[int, int], ...]]
    languages: tuple[tuple[str, int], ...]
    is_rounded: bool


def facets_of(searcher: Any, query: Callable[..., Any], total: int, kinds: Sequence[TagKind]) -> Facets:
    """What is carried by the works that `query` finds, narrowed down by the facts that it is given; `total` in all."""
    one_of = sample_of(total)
    whole = SIZES[-1] if one_of == 1 and searcher.num_segments > 1 else None
    asked = query(f"sample={one_of}") if one_of > 1 else query()
    fields = {TONGUE: LANGUAGES_SHOWN, **dict.fromkeys((TAGS[kind] for kind in kinds), FACETS_SHOWN)}
    found: dict[str, Counted] = {}
    for size in SIZES:
        told = _told(
            searcher, asked, {name: max(size, shown) for name, shown in fields.items() if name not in found}, whole
        )
        is_last = size == SIZES[-1]
        found |= {name: each for name, each in told.items() if is_last or _is_settled(each, fields[name], size)}
    scaled = {name: [(key, min(number * one_of, total)) for key, number in each] for name, each in found.items()}
    return Facets(
        {kind: _top([(int(key), number) for key, number in scaled[TAGS[kind]]], FACETS_SHOWN) for kind in kinds},
        _top(scaled[TONGUE], LANGUAGES_SHOWN),
        one_of > 1,
    )


def tally_of(searcher: Any, query: Any, kind: TagKind) -> dict[int, int]:
    """All tags of a kind that the works carry which `query` finds."""
    name = TAGS[kind]
    return {int(key): number for key, number in _told(searcher, query, {name: MOST_TALLIED}, MOST_TALLIED)[name]}


def sample_of(total: int) -> int:
    """Of how many works one is counted: as few as leave no more than the limit."""
    one_of = 1
    while total > one_of * EXACT_UP_TO and one_of < SAMPLES[-1]:
        one_of *= 2
    return one_of


def _told(searcher: Any, query: Any, sizes: dict[str, int], whole: int | None) -> dict[str, Counted]:
    """`whole` is how many each part of the index tells of: else what is rare in one of them is counted short."""
    if not sizes:
        return {}
    parts = {} if whole is None else {"segment_size": whole}
    asked = {name: {"terms": {"field": name, "size": size, **parts}} for name, size in sizes.items()}
    answer = searcher.aggregate(query, asked)
    return {name: [(each["key"], each["doc_count"]) for each in answer[name]["buckets"]] for name in sizes}


def _is_settled(told: Counted, shown: int, size: int) -> bool:
    """Whether all that tie with the last one shown are among those told."""
    return len(told) < max(size, shown) or told[-1][1] < told[shown - 1][1]


def _top(counted: Iterable[tuple[Key, int]], shown: int) -> tuple[tuple[Key, int], ...]:
    return tuple(sorted(counted, key=lambda item: (-item[1], item[0]))[:shown])
