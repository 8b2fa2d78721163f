"""A chart of bars as a value: one for each day, or for each month of a long time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

MOST_BARS = 92
"""More days than a quarter has are told by months: thinner bars cannot be told apart."""
TALL = 100
WIDE = 10
_GAP = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """A bar: its place in the drawing, and the number that it stands for."""

    x: int
    y: float
    height: float
    when: str
    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """Bars from left to right. `most` is the tallest one's number; `width` and `TALL` the measures of the drawing."""

    bars: tuple[Bar, ...]
    most: int
    total: int
    width: int
    first: str
    last: str
    by: str

    @property
    def told(self) -> tuple[Bar, ...]:
        """Those that stand for something, for a table."""
        return tuple(bar for bar in self.bars if bar.number)


def chart(numbers: Sequence[tuple[date, int]]) -> Chart:
    """The chart of these days with their numbers, each day once, in order."""
    by = "day" if len(numbers) <= MOST_BARS else "month"
    named = [(f"{day:%-d %B %Y}", number) for day, number in numbers] if by == "day" else list(_months(numbers))
    most = max((number for _, number in named), default=0)
    bars = tuple(_bar(place, when, number, most) for place, (when, number) in enumerate(named))
    return Chart(
        bars=bars,
        most=most,
        total=sum(bar.number for bar in bars),
        width=len(bars) * WIDE,
        first=bars[0].when if bars else "",
        last=bars[-1].when if bars else "",
        by=by,
    )


def _months(numbers: Iterable[tuple[date, int]]) -> Iterable[tuple[str, int]]:
    found: dict[str, int] = {}
    for day, number in numbers:
        month = f"{day:%B %Y}"
        found[month] = found.get(month, 0) + number
    return found.items()


def _bar(place: int, when: str, number: int, most: int) -> Bar:
    height = round(number * TALL / most, 2) if most else 0
    return Bar(x=place * WIDE + _GAP, y=TALL - height, height=height, when=when, number=number)
