"""How alike two texts are: by their shingles, the runs of five words that each holds.

A text is brought down to 128 numbers (MinHash, Broder 1997, by `rensa`), which agree in about the share of shingles
that two texts have in common. Cut into bands, they name the pairs worth comparing; those are then compared run by run.
"""

from __future__ import annotations

import hashlib
import itertools
import re
import struct
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rensa import RMinHash

from undying.manuscript.measure import plain_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

WORDS = 5
PERMUTATIONS = 128
SEED = 20_101
BANDS = 32
ROWS = PERMUTATIONS // BANDS
"""32 bands of 4: a pair that shares half of its shingles is named with a chance of 87 in 100, one of 70 with 99.9."""
MOST_IN_A_BAND = 200
"""Works whose band is the same. Beyond that it is a form (a notice in place of a text), not a story."""
_TOKEN = re.compile(r"[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]|[^\W_]+")
_PACKED = struct.Struct(f"<{PERMUTATIONS}I")


@dataclass(frozen=True, slots=True)
class Sketch:
    """A text in short: how many different shingles, the digest of its words, its MinHash as bytes."""

    shingles: int
    text: str
    minima: bytes


def shingles(prose: Iterable[str]) -> set[str]:
    """The runs of five words of these pieces of clean markup; case and punctuation do not count.

    Scripts without spaces count by the character, as in `measure.words`. A text of fewer words is one short run.
    """
    return set(_runs(_words(prose)))


def sketch(prose: Iterable[str]) -> Sketch:
    """The text in short. Its memory is that of the words once and of their runs once."""
    told = _words(prose)
    runs = list(dict.fromkeys(_runs(told)))
    hashed = RMinHash(num_perm=PERMUTATIONS, seed=SEED)
    hashed.update(runs)
    digest = hashlib.sha256(" ".join(told).encode()).hexdigest()
    return Sketch(len(runs), digest, _PACKED.pack(*hashed.digest()))


def _words(prose: Iterable[str]) -> list[str]:
    return [word for piece in prose for word in _TOKEN.findall(plain_text(piece).casefold())]


def _runs(told: list[str]) -> Iterator[str]:
    if len(told) < WORDS:
        return iter([" ".join(told)] if told else [])
    return map(" ".join, zip(*(itertools.islice(told, start, None) for start in range(WORDS)), strict=False))


def candidates(minima: Mapping[int, bytes]) -> set[tuple[int, int]]:
    """Pairs of numbers, the lower first, whose texts agree in a whole band at least. One band at a time in memory."""
    pairs: set[tuple[int, int]] = set()
    width = ROWS * 4
    for start in range(0, PERMUTATIONS * 4, width):
        alike: defaultdict[bytes, list[int]] = defaultdict(list)
        for number, packed in minima.items():
            alike[packed[start : start + width]].append(number)
        for group in alike.values():
            if 1 < len(group) <= MOST_IN_A_BAND:
                pairs.update(itertools.combinations(sorted(group), 2))
    return pairs


def compared(one: set[str], other: set[str]) -> tuple[int, int]:
    """(likeness, overlap) in per cent: of all shingles that either has, and of those of the shorter text."""
    shared, shorter = len(one & other), min(len(one), len(other))
    if not shorter:
        return 0, 0
    return 100 * shared // (len(one) + len(other) - shared), 100 * shared // shorter
