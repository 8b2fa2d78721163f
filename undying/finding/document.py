"""A work as search engines see it: plain values, and the few rules that every back end must apply alike."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from itertools import chain, product
from typing import TYPE_CHECKING

from undying.finding.question import FIELDS, Measure, Sort, Term
from undying.finding.tokens import stems_of, tokens
from undying.manuscript import Audience, State, TagKind

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from undying.finding.criteria import PlacementFilter
    from undying.manuscript import Placement
    from undying.people.viewer import Viewer

FACETS_SHOWN = 10
"""Tags of each kind that are counted for a listing."""
LANGUAGES_SHOWN = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """One work. `text` is the plain text of its posted chapters: drafts are in no index. Times are Unix seconds.

    `tags` are canonical and carried by the work itself, `ancestors` stand above them; a tag is in one of both only.
    `synonyms` are the names of its tags that are not canonical. `creator_ids` are pen names; `owners` are accounts.
    """

    work_id: int
    title: str
    creators: tuple[str, ...]
    summary: str
    text: str
    tags: tuple[tuple[TagKind, int, str], ...]
    language: str
    status: str
    words: int
    revised: int
    published: int
    placements: tuple[Placement, ...]
    audience: Audience
    state: State
    is_hidden: bool
    owners: tuple[int, ...]
    ancestors: tuple[tuple[TagKind, int], ...] = ()
    synonyms: tuple[str, ...] = ()
    creator_ids: tuple[int, ...] = ()
    series: tuple[int, ...] = ()
    chapters: int = 1
    kudos: int = 0
    comments: int = 0
    bookmarks: int = 0
    hits: int = 0

    @property
    def is_crossover(self) -> bool:
        """Of more than one fandom."""
        return sum(kind is TagKind.FANDOM for kind, _, _ in self.tags) > 1

    def reach(self) -> dict[TagKind, tuple[int, ...]]:
        """The tags of each kind that the work is counted under: its own and those above them."""
        found: dict[TagKind, dict[int, None]] = {kind: {} for kind in TagKind}
        for kind, number in (*((kind, number) for kind, number, _ in self.tags), *self.ancestors):
            found[kind][number] = None
        return {kind: tuple(numbers) for kind, numbers in found.items()}

    def texts(self, field: str) -> Sequence[str]:
        """What stands in a searchable field; a phrase must lie within one of its texts."""
        match field:
            case "title" | "summary" | "text":
                text: str = getattr(self, field)
                return (text,)
            case "author":
                return self.creators
            case "tag":
                return (*(name for _, _, name in self.tags), *self.synonyms)
        return [text for each in self.placements for text in (*each.episodes, each.words) if text]

    def fields(self) -> dict[str, list[list[str]]]:
        """The tokens of each searchable field, text by text."""
        return {field: [tokens(text) for text in self.texts(field)] for field in (*FIELDS, "episode")}

    def stems(self, field: str) -> frozenset[str]:
        """The stems of a field's words, each after the language of the work ("en:run"); names of people have none."""
        if field in {"author", "episode"}:
            return frozenset()
        return stems_of({word for text in self.texts(field) for word in tokens(text)}, self.language)

    def terms(self) -> dict[Term, tuple[str, ...]]:
        """Its exact strings."""
        return {
            Term.STATUS: (self.status,),
            Term.LANGUAGE: languages_of(self.language),
            Term.CREATOR: tuple(map(str, self.creator_ids)),
            Term.SERIES: tuple(map(str, self.series)),
            Term.PLACEMENT: tuple(dict.fromkeys(chain.from_iterable(map(placement_keys, self.placements)))),
            Term.CROSSOVER: ("T" if self.is_crossover else "F",),
        }

    def measure(self, measure: Measure) -> int:
        """One of its numbers."""
        number: int = getattr(self, measure.value)
        return number

    def sort_number(self, sort: Sort, seed: int = 0) -> int:
        """What works sort by, where that is a number. RANDOM goes round a fixed circle, beginning where `seed` says."""
        match sort:
            case Sort.RANDOM:
                return (shuffled(self.work_id) - seed) % CIRCLE
            case Sort.KUDOS_PER_HIT:
                return self.kudos * 1_000_000 // max(self.hits, self.kudos, 1)
        return self.measure(SORTED_BY[sort])

    def sort_name(self, sort: Sort) -> str:
        """What names sort by: folded, and without a leading English article for titles."""
        if sort is Sort.AUTHOR:
            return " ".join(tokens(self.creators[0])) if self.creators else "\uffff"
        words = tokens(self.title)
        return " ".join(words[1:] if len(words) > 1 and words[0] in {"a", "an", "the"} else words)


@dataclass(frozen=True, slots=True)
class Sight:
    """What a viewer may read, as a back end filters it: the other half of `library.models.works.readable_by`."""

    everything: bool
    hidden_too: bool
    members_too: bool
    own: int | None

    @classmethod
    def of(cls, viewer: Viewer) -> Sight:
        """The filter for this viewer."""
        return cls(viewer.sees_all, viewer.moderates, viewer.is_member, viewer.user_id)

    def shows(self, document: Document) -> bool:
        """Whether the viewer may read the work."""
        if self.everything or (self.own is not None and self.own in document.owners):
            return True
        return (
            document.state is State.POSTED
            and (self.hidden_too or not document.is_hidden)
            and document.audience in self.audiences
        )

    @property
    def audiences(self) -> tuple[Audience, ...]:
        """Whose works the viewer may read. Those for whoever has a link are found by nobody but their creators."""
        return (Audience.EVERYONE, Audience.MEMBERS) if self.members_too else (Audience.EVERYONE,)


CIRCLE = 2**32
SORTED_BY = {
    Sort.REVISED: Measure.REVISED,
    Sort.PUBLISHED: Measure.PUBLISHED,
    Sort.WORDS: Measure.WORDS,
    Sort.KUDOS: Measure.KUDOS,
    Sort.COMMENTS: Measure.COMMENTS,
    Sort.BOOKMARKS: Measure.BOOKMARKS,
    Sort.HITS: Measure.HITS,
}


def shuffled(work_id: int) -> int:
    """A work's place on the circle of CIRCLE places: the same for ever, and unlike its id."""
    return int.from_bytes(hashlib.blake2b(work_id.to_bytes(8), digest_size=4).digest())


@dataclass(frozen=True, slots=True)
class Hits:
    """What a back end found: ids of one page in order, the total, and per kind the most frequent tags with counts.

    The total is exact; with `is_rounded` the counts of tags come from a sample. `languages` are counted without their
    regions ("en" for "en-GB"), the most frequent first.
    """

    total: int
    ids: tuple[int, ...]
    facets: dict[TagKind, tuple[tuple[int, int], ...]]
    languages: tuple[tuple[str, int], ...] = ()
    is_rounded: bool = False


def placement_keys(placement: Placement) -> Iterator[str]:
    """Every combination of unit-and-part, relation and divergence that a placement answers to, as exact terms."""
    parts = [f"{placement.unit}={part}" for part in _parts(placement)]
    for part, relation, divergence in product(
        ["", *parts], ["", placement.relation.value], dict.fromkeys(["", placement.divergence.value])
    ):
        yield f"{part}|{relation}|{divergence}"


def wanted_placement(wanted: PlacementFilter) -> str:
    """The one term that a filter asks for."""
    part = f"{wanted.unit or 'season'}={wanted.part.casefold()}" if wanted.part else ""
    return f"{part}|{wanted.relation}|{wanted.divergence}"


def _parts(placement: Placement) -> list[str]:
    """The numbers from `part` to `part_to`; what is no number stands for itself."""
    first, last = placement.part.casefold(), placement.part_to.casefold()
    if first.isdecimal() and last.isdecimal() and int(first) <= int(last) <= int(first) + 100:
        return [str(number) for number in range(int(first), int(last) + 1)]
    return [part for part in (first, last) if part]


def languages_of(code: str) -> tuple[str, ...]:
    """The codes that a language answers to: who asks for "en" wants "en-GB" too, but not the other way round."""
    parts = code.split("-") if code else []
    return tuple("-".join(parts[:count]) for count in range(1, len(parts) + 1))


def fingerprint(document: Document) -> str:
    """A digest of all that is indexed, to compare an index with the database."""
    told = [f"{number}\0{name}" for _, number, name in document.tags]
    told += ["", *[str(number) for _, number in document.ancestors]]
    for texts in (document.creators, document.synonyms):
        told += ["", *texts]
    for numbers in (document.owners, document.creator_ids, document.series):
        told += ["", *map(str, numbers)]
    told += ["", *map(repr, document.placements)]
    told += [str(getattr(document, name)) for name in _SINGLE]
    whole = "\1".join(told).encode("utf-8", "surrogatepass")
    return hashlib.blake2b(whole, digest_size=8).hexdigest()


_SINGLE = (
    "work_id", "title", "summary", "text", "language", "status", "words", "revised", "published", "audience", "state",
    "is_hidden", "chapters", "kudos", "comments", "bookmarks", "hits",
)  # fmt: skip
