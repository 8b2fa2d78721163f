"""A work as search engines see it: plain values, and the few rules that every back end must apply alike."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING

from undying.finding.criteria import Sort
from undying.finding.language import tokens
from undying.manuscript import Audience, State, TagKind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from undying.finding.criteria import Criteria, PlacementFilter
    from undying.manuscript import Placement
    from undying.people.viewer import Viewer

FACETS_SHOWN = 10
"""Tags of each kind that are counted for a listing."""
LANGUAGES_SHOWN = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """One work. `text` is the plain text of its posted chapters: drafts are in no index. Times are Unix seconds."""

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

    @property
    def is_crossover(self) -> bool:
        """Of more than one fandom."""
        return sum(kind is TagKind.FANDOM for kind, _, _ in self.tags) > 1

    def fields(self) -> dict[str, list[list[str]]]:
        """The tokens of each searchable field; a phrase must lie within one of its texts."""
        return {
            "title": [tokens(self.title)],
            "author": [tokens(name) for name in self.creators],
            "summary": [tokens(self.summary)],
            "tag": [tokens(name) for _, _, name in self.tags],
            "text": [tokens(self.text)],
        }

    def episode_texts(self) -> list[list[str]]:
        """The tokens of each episode and of the words that each placement was read from."""
        return [tokens(text) for each in self.placements for text in (*each.episodes, each.words) if text]

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
            and (self.members_too or document.audience is Audience.EVERYONE)
        )


@dataclass(frozen=True, slots=True)
class Hits:
    """What a back end found: ids of one page in order, the total, and per kind the most frequent tags with counts.

    `languages` are counted without their regions ("en" for "en-GB"), the most frequent first.
    """

    total: int
    ids: tuple[int, ...]
    facets: dict[TagKind, tuple[tuple[int, int], ...]]
    languages: tuple[tuple[str, int], ...] = ()


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


def refuses(criteria: Criteria, document: Document) -> bool:
    """Whether a filter other than words and tags shuts the document out: said once, for the oracle."""
    revised = document.revised
    return (
        (criteria.complete is not None and criteria.complete != (document.status == "complete"))
        or criteria.status not in {"", document.status}
        or (criteria.crossover != "" and (criteria.crossover == "T") != document.is_crossover)
        or (criteria.words_from is not None and document.words < criteria.words_from)
        or (criteria.words_to is not None and document.words > criteria.words_to)
        or not day_start(criteria) <= revised < day_end(criteria)
        or (criteria.language != "" and criteria.language not in languages_of(document.language))
    )


def languages_of(code: str) -> tuple[str, ...]:
    """The codes that a language answers to: who asks for "en" wants "en-GB" too, but not the other way round."""
    parts = code.split("-") if code else []
    return tuple("-".join(parts[:count]) for count in range(1, len(parts) + 1))


DAY = 24 * 3600
_EPOCH_DAY = 719_163
"""The ordinal of 1 January 1970."""


def day_start(criteria: Criteria) -> int:
    """The first second that the dates allow."""
    return -(2**62) if criteria.date_from is None else (criteria.date_from.toordinal() - _EPOCH_DAY) * DAY


def day_end(criteria: Criteria) -> int:
    """The first second after the dates allowed."""
    return 2**62 if criteria.date_to is None else (criteria.date_to.toordinal() - _EPOCH_DAY + 1) * DAY


def fingerprint(document: Document) -> str:
    """A digest of all that is indexed, to compare an index with the database."""
    return hashlib.sha256(repr(document).encode("utf-8", "surrogatepass")).hexdigest()[:16]
