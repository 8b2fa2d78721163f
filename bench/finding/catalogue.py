"""The tags of an archive that never was: how many of each kind, what they are called, which stands above which.

Nothing is stored for the millions of rare ones. A tag is an index; its id, its name, its kind and the tag above it
follow from that. The kinds lie one after the other in TagKind's order.
"""

from __future__ import annotations

import math
import re
from bisect import bisect_right
from itertools import accumulate
from typing import TYPE_CHECKING

import numpy as np

from bench.finding import figures
from bench.finding.chance import hashed, ids_of, zipf_share
from bench.rescue.words import HOW, KINDS, NAMES, PLACES, SYLLABLES, THINGS
from undying.manuscript import TagKind

if TYPE_CHECKING:
    from bench.finding.chance import Whole

NO_TAG = -1
MEDIA = ("TV", "Movies", "Video Game", "Anime & Manga", "Podcast")
KINDS_OF_TAG = tuple(TagKind)
FANDOM, RELATIONSHIP, CHARACTER, ADDITIONAL = (
    KINDS_OF_TAG.index(kind) for kind in (TagKind.FANDOM, TagKind.RELATIONSHIP, TagKind.CHARACTER, TagKind.ADDITIONAL)
)
KNOWN_ADDITIONAL = 20_000
"""Additional tags that many use, in an archive of a million works."""
LABELS = (figures.RATINGS, [name for name, _ in figures.WARNINGS], [name for name, _ in figures.CATEGORIES])
"""Tags of the kinds that come first, which every archive has."""
TAG_SALT = 1
KEPT = 300_000
"""Tags that are remembered, so that memory does not grow with the archive."""


def coined() -> list[str]:
    """Some twenty thousand words that mean nothing, each once."""
    words = [a + b for a in SYLLABLES for b in SYLLABLES]
    words += [a + b for a in words for b in SYLLABLES]
    return list(dict.fromkeys(words))


_COINED = coined()
_SURNAMES = [word.capitalize() for word in _COINED[:4001]]
_GIVEN = list(dict.fromkeys(word.rpartition(" ")[2] for word in NAMES))
_DIGITS = tuple(
    list(dict.fromkeys(re.sub("<[^>]*>", "", word).title() for word in words))
    for words in (KINDS, THINGS, PLACES, HOW, NAMES)
)


class Catalogue:
    """The tags of an archive of so many works."""

    def __init__(self, works: int) -> None:
        self.works = works
        grown = (works / figures.PUBLISHED["works"]) ** figures.FANDOM_GROWTH
        self.fandoms = max(20, round(figures.PUBLISHED["fandoms"] * grown))
        self.metatags = max(3, self.fandoms // 40)
        self.shares = zipf_share(figures.FANDOM_ZIPF, self.fandoms)
        expected = self.shares * works * (1 / (1 - figures.MORE_FANDOMS))
        self.characters_of = (4 + expected**0.62).astype(np.int64)
        pairs = self.characters_of * (self.characters_of - 1) // 2
        self.relationships_of = np.minimum(pairs, (3 + 1.5 * expected**0.66).astype(np.int64))
        self.first_character = np.concatenate(([0], np.cumsum(self.characters_of)))
        self.first_relationship = np.concatenate(([0], np.cumsum(self.relationships_of)))
        self.known = max(1000, round(KNOWN_ADDITIONAL * (works / 1e6) ** 0.4))
        self.rare = max(1000, round(0.75 * works))
        sizes = (
            len(figures.RATINGS), len(figures.WARNINGS), len(figures.CATEGORIES), self.metatags + self.fandoms,
            int(self.first_relationship[-1]), int(self.first_character[-1]), self.known + self.rare,
        )  # fmt: skip
        self.starts = [0, *accumulate(sizes)]
        self._start_array = np.array(self.starts)
        self._above_fandoms = self._metatag_of(np.arange(self.fandoms))
        self._first_of_relationships = self.first_relationship.tolist()
        self._kept: dict[int, tuple[TagKind, int, str]] = {}

    def __len__(self) -> int:
        return self.starts[-1]

    def kind_numbers(self, tags: Whole) -> Whole:
        """Which of TagKind each is of."""
        return np.searchsorted(self._start_array, tags, side="right") - 1

    def ids(self, tags: Whole) -> Whole:
        """Their ids."""
        return ids_of(tags, TAG_SALT)

    def fandom(self, ranks: Whole) -> Whole:
        """The tags of fandoms by rank, the greatest first."""
        return ranks + (self.starts[FANDOM] + self.metatags)

    def above(self, tags: Whole) -> Whole:
        """The tag right above each, or NO_TAG."""
        found = np.full(len(tags), NO_TAG)
        places = tags - self.starts[FANDOM]
        is_meta = (places >= 0) & (places < self.metatags)
        found[is_meta & (places % 5 == 4)] = places[is_meta & (places % 5 == 4)] // 5 + self.starts[FANDOM]
        is_fandom = (places >= self.metatags) & (tags < self.starts[FANDOM + 1])
        metatags = self._above_fandoms[places[is_fandom] - self.metatags]
        found[is_fandom] = np.where(metatags == NO_TAG, NO_TAG, metatags + self.starts[FANDOM])
        places = tags - self.starts[ADDITIONAL]
        narrower = (places >= 60) & (places < 3000) & (places % 3 == 0)
        found[narrower] = places[narrower] // 5 + self.starts[ADDITIONAL]
        return found

    def _metatag_of(self, ranks: Whole) -> Whole:
        drawn = (self.metatags * hashed(ranks, 2) ** figures.METATAG_SKEW).astype(np.int64)
        return np.where((hashed(ranks, 3) < figures.BELOW_A_METATAG) | (ranks == 0), drawn * (ranks > 0), NO_TAG)

    def expected_works(self) -> list[tuple[int, float]]:
        """Fandoms and the tags above them with the works that carry them, about; the greatest first."""
        own = self.shares * self.works / (1 - figures.MORE_FANDOMS)
        reach = np.concatenate((np.zeros(self.metatags), own))
        for places in (range(self.metatags, len(reach)), range(self.metatags - 1, 0, -1)):
            tags = np.array(places) + self.starts[FANDOM]
            above = self.above(tags)
            has = above != NO_TAG
            np.add.at(reach, above[has] - self.starts[FANDOM], reach[np.array(places)[has]])
        order = np.argsort(-reach, kind="stable")
        return [(int(place) + self.starts[FANDOM], float(reach[place])) for place in order]

    def tag(self, index: int, number: int) -> tuple[TagKind, int, str]:
        """A tag as documents carry it, from its index and its id. The first so many are kept."""
        found = self._kept.get(index)
        if found is None:
            found = KINDS_OF_TAG[bisect_right(self.starts, index) - 1], number, self.name(index)
            if len(self._kept) < KEPT:
                self._kept[index] = found
        return found

    def name(self, index: int) -> str:
        """What it is called; each name is there once in its kind."""
        kind = bisect_right(self.starts, index) - 1
        place = index - self.starts[kind]
        makers = {
            FANDOM: self._fandom_name,
            RELATIONSHIP: self._relationship_name,
            CHARACTER: _character_name,
            ADDITIONAL: _additional_name,
        }
        return makers[kind](place) if kind in makers else LABELS[kind][place]

    def _fandom_name(self, place: int) -> str:
        if place < self.metatags:
            return f"{_COINED[place * 7 % len(_COINED)].capitalize()} - All Media Types"
        rank = place - self.metatags
        word, thing = _COINED[rank % len(_COINED)], THINGS[(rank // len(_COINED)) % len(THINGS)]
        return f"{word.capitalize()} {thing.capitalize()} ({MEDIA[rank % len(MEDIA)]})"

    def _relationship_name(self, place: int) -> str:
        fandom = bisect_right(self._first_of_relationships, place) - 1
        within = place - self._first_of_relationships[fandom]
        other = (math.isqrt(8 * within + 1) + 1) // 2
        one, first = within - other * (other - 1) // 2, int(self.first_character[fandom])
        joint = " & " if place % 4 == 3 else "/"
        return f"{_character_name(first + one)}{joint}{_character_name(first + other)}"


def pair(places: Whole) -> tuple[Whole, Whole]:
    """The characters of a relationship, by its place in the fandom: 0 and 1, 0 and 2, 1 and 2, 0 and 3 …"""
    other = ((np.sqrt(8.0 * places + 1) + 1) / 2).astype(np.int64)
    return places - other * (other - 1) // 2, other


def _character_name(place: int) -> str:
    rest, given = divmod(place, len(_GIVEN))
    rest, surname = divmod(rest, len(_SURNAMES))
    between = f" {_SURNAMES[rest - 1]}" if rest else ""
    return f"{_GIVEN[given]}{between} {_SURNAMES[(surname * 31 + given * 113) % len(_SURNAMES)]}"


def _additional_name(place: int) -> str:
    if place < len(figures.TROPES):
        return figures.TROPES[place]
    words, rest = [], place
    for digits in _DIGITS:
        rest, digit = divmod(rest, len(digits))
        words.append(digits[digit])
        if not rest:
            break
        rest -= 1
    return " ".join(words) + (f" {rest}" if rest else "")
