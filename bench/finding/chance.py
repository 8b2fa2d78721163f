"""Chance for whole columns at once. Only even numbers between 0 and 1 are drawn; all else is worked out from those, so
that another version of numpy makes the same archive.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Whole = NDArray[np.int64]

_SMALLEST_ID, _ID_BITS = 2**40, 52


class Chance:
    """Seeded by a few whole numbers."""

    def __init__(self, *seed: int) -> None:
        self._generator = np.random.Generator(np.random.PCG64(list(seed)))

    def even(self, count: int) -> Floats:
        """Between 0 and 1."""
        return self._generator.random(count)

    def bell(self, count: int) -> Floats:
        """The standard normal distribution, by Box and Muller."""
        distance = np.sqrt(-2 * np.log1p(-self.even(count)))
        return distance * np.cos(2 * np.pi * self.even(count))

    def lognormal(self, count: int, median: float, sigma: float) -> Floats:
        """Most are near the median, and a few are far above."""
        return median * np.exp(sigma * self.bell(count))

    def pick(self, count: int, shares: Sequence[float]) -> Whole:
        """Indexes into `shares`, as often as these say."""
        borders = np.cumsum(shares)
        return np.minimum(np.searchsorted(borders, self.even(count) * borders[-1], side="right"), len(shares) - 1)

    def zipf(self, law: tuple[float, float], sizes: Whole | int, count: int) -> Whole:
        """Ranks from 0, each below its size, as Zipf and Mandelbrot's law spreads them."""
        return zipf(self.even(count), law, sizes)


def zipf(even: Floats, law: tuple[float, float], sizes: Whole | int) -> Whole:
    """What `even` means under the law: the inverse of its sum, taken as an integral."""
    exponent, offset = law
    power = 1 - exponent
    first = (0.5 + offset) ** power
    last = (np.asarray(sizes, dtype=np.float64) + 0.5 + offset) ** power
    ranks = ((first + even * (last - first)) ** (1 / power) - 0.5 - offset).astype(np.int64)
    return np.clip(ranks, 0, np.asarray(sizes) - 1)


def zipf_share(law: tuple[float, float], size: int) -> Floats:
    """How much of the whole each rank gets."""
    exponent, offset = law
    borders = (np.arange(size + 1) + 0.5 + offset) ** (1 - exponent)
    return np.diff(borders) / (borders[-1] - borders[0])


def hashed(numbers: Whole, salt: int) -> Floats:
    """Between 0 and 1, always the same for a number."""
    return _mixed(numbers.astype(np.uint64) + np.uint64(salt * 0x9E3779B97F4A7C15 % 2**64)) / 2.0**64


def ids_of(numbers: Whole, salt: int) -> Whole:
    """Ids as an archive draws them: large, without order, and one for each number."""
    mask = np.uint64(2**_ID_BITS - 1)
    mixed = numbers.astype(np.uint64) + np.uint64(salt << 44)
    for _ in range(2):
        mixed = (mixed * np.uint64(0x9E3779B97F4A7C15)) & mask
        mixed ^= mixed >> np.uint64(_ID_BITS // 2)
    return mixed.astype(np.int64) + _SMALLEST_ID


def _mixed(numbers: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """The finisher of splitmix64."""
    numbers = (numbers ^ (numbers >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    numbers = (numbers ^ (numbers >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return numbers ^ (numbers >> np.uint64(31))
