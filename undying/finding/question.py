"""What is asked of a search engine, as one tree: words and filters alike.

The search box, the filter form and a reader's own exclusions all end here. A back end evaluates the tree and knows
neither forms nor grammar.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from undying.manuscript import TagKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

FIELDS = ("title", "author", "summary", "tag", "text")
"""Where words are looked for when no field is named; `episode` has to be named."""
HEADS = (("title",), ("title", "author", "tag", "summary"))
"""Where the best matches have all words that were asked for without a field; then the next best, and so on."""
PAGE_SIZE = 20


class Term(StrEnum):
    """What a work has or has not, as exact strings."""

    STATUS = "status"
    LANGUAGE = "language"
    CREATOR = "creator"
    SERIES = "series"
    PLACEMENT = "placement"
    CROSSOVER = "crossover"


class Measure(StrEnum):
    """What a work has as a whole number; times are Unix seconds."""

    WORDS = "words"
    CHAPTERS = "chapters"
    KUDOS = "kudos"
    COMMENTS = "comments"
    BOOKMARKS = "bookmarks"
    HITS = "hits"
    PUBLISHED = "published"
    REVISED = "revised"


class Sort(StrEnum):
    """What lists are sorted by, by AO3's names where it has them; dates and numbers from the greatest, names from A."""

    BEST = "_score"
    REVISED = "revised_at"
    PUBLISHED = "created_at"
    TITLE = "title_to_sort_on"
    AUTHOR = "authors_to_sort_on"
    WORDS = "word_count"
    KUDOS = "kudos_count"
    COMMENTS = "comments_count"
    BOOKMARKS = "bookmarks_count"
    HITS = "hits"
    KUDOS_PER_HIT = "kudos_per_hit"
    RANDOM = "random"

    @property
    def ascends(self) -> bool:
        """Whether the natural order is upward."""
        return self in {Sort.TITLE, Sort.AUTHOR, Sort.RANDOM}


@dataclass(frozen=True, slots=True)
class Words:
    """One word, or several that must stand together in one text; in one field, or in any of FIELDS when it is empty.

    What has one of the `stems` ("en:run") in that field matches as well.
    """

    tokens: tuple[str, ...]
    field: str = ""
    stems: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Prefix:
    """A word that begins so."""

    token: str
    field: str = ""


@dataclass(frozen=True, slots=True)
class HasTag:
    """A tag of these ids, or one that stands below it; with `direct` only the tag itself."""

    ids: tuple[int, ...]
    direct: bool = False


@dataclass(frozen=True, slots=True)
class HasTerm:
    """One of these values."""

    term: Term
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Within:
    """A number between these, both of them included; None leaves a side open."""

    measure: Measure
    low: int | None = None
    high: int | None = None


@dataclass(frozen=True, slots=True)
class IsWork:
    """One of these works."""

    ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """What must not be so."""

    node: Node


@dataclass(frozen=True, slots=True)
class All:
    """Each of these; with none, everything."""

    nodes: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Either:
    """At least one of these; with none, nothing."""

    nodes: tuple[Node, ...]


Node = Words | Prefix | HasTag | HasTerm | Within | IsWork | Not | All | Either


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One page of an answer. `kinds` are the kinds of tag to count in the whole answer; `seed` shuffles RANDOM."""

    node: Node | None = None
    sort: Sort = Sort.REVISED
    ascending: bool = False
    seed: int = 0
    page: int = 1
    size: int = PAGE_SIZE
    kinds: tuple[TagKind, ...] = tuple(TagKind)


def all_of(nodes: Iterable[Node | None]) -> Node | None:
    """Each of these as one node; None when there is nothing to ask."""
    real = tuple(node for node in nodes if node is not None)
    return real[0] if len(real) == 1 else All(real) if real else None


def shelves(node: Node) -> list[Node]:
    """The same, from the best matches to all: with every word in the first of HEADS, in the next, and at last as it was
    asked. Each holds the one before it. What a work is worth so hangs on nothing but the work and the question: the
    usual weights of search engines count how many other works have a word, and so tell of works that nobody may see.
    """
    return list(dict.fromkeys([*(_said_in(node, head) for head in HEADS), node]))


def _said_in(node: Node, fields: tuple[str, ...]) -> Node:
    match node:
        case Words(field="") | Prefix(field=""):
            said = tuple(replace(node, field=each) for each in fields)
            return said[0] if len(said) == 1 else Either(said)
        case All(nodes):
            return All(tuple(_said_in(each, fields) for each in nodes))
        case Either(nodes) if nodes:
            return Either(tuple(_said_in(each, fields) for each in nodes))
    return node


def wanted(node: Node | None) -> Iterator[Words | Prefix]:
    """The words that a match shows: all but those that must not occur."""
    match node:
        case Words() | Prefix():
            yield node
        case All(nodes) | Either(nodes):
            for each in nodes:
                yield from wanted(each)
        case _:
            return
