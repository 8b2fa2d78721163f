"""Ranges of numbers and of days: as people and AO3 write them, and as addresses of this archive do.

Numbers: `1000`, `10k`, `>100`, `<=100`, `10-20`, `10k-`, `-50k`. Days: `2024-02-29`, `2024-02`, `2024`, `2024..2025`,
`>2024-02-29`, `30d`, `< 2 weeks ago`, `> 1 year ago`, `3-6 months ago`.
"""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date, timedelta

BIGGEST = 2**63 - 1
"""What a database can hold."""
LONGEST_NUMBER = 19
"""Digits of the biggest number: Python refuses to read numbers of some thousands of digits."""
LONGEST_AGO = 36_500
"""Days that "the last so many days" may reach back."""
_GROUPED = r"[0-9]{1,3}(?:[.,'’ \u00a0\u202f][0-9]{3})+"
_NUMBER = re.compile(
    rf"(?P<whole>{_GROUPED}|[0-9]+)|(?P<many>[0-9]{{1,12}})(?:[.,](?P<part>[0-9]{{1,2}}))?\s?(?P<unit>[km])"
)
_UNITS = {"k": 1_000, "m": 1_000_000}
_AT_LEAST = re.compile(r"(?P<sign>>=|≥|>|<=|≤|<)\s*(?P<rest>.+)")
_BETWEEN = re.compile(r"(?P<low>[^-–—]*?)\s*(?:\.\.|…|-|–|—|\bto\b)\s*(?P<high>[^-–—]*)")
_AGES = {"d": 1, "w": 7, "m": 30, "y": 365}
_AGO = re.compile(
    r"(?:(?P<from>[0-9]{1,5})\s*(?:-|–|to)\s*)?(?P<number>[0-9]{1,5})\s*"
    r"(?P<unit>d|w|m|y|days?|weeks?|months?|years?)(?P<ago>\s+ago)?"
)
_DAY = re.compile(r"(?P<year>[0-9]{4})(?:-(?P<month>[0-9]{2})(?:-(?P<day>[0-9]{2}))?)?")
_FROM_TO = re.compile(r"(?P<first>\S*)\s*(?:\.\.|…|\s-\s|–|\bto\b)\s*(?P<last>\S*)")


@dataclass(frozen=True, slots=True)
class Span:
    """Numbers from `low` to `high`, both included; None leaves a side open."""

    low: int | None = None
    high: int | None = None

    def __bool__(self) -> bool:
        return self.low is not None or self.high is not None

    @property
    def is_empty(self) -> bool:
        """Whether no number lies within."""
        return self.low is not None and self.high is not None and self.low > self.high


@dataclass(frozen=True, slots=True)
class Days:
    """Days from `first` to `last`, both included; or, when `last_days` is not 0, the last so many days."""

    first: date | None = None
    last: date | None = None
    last_days: int = 0

    def __bool__(self) -> bool:
        return bool(self.first or self.last or self.last_days)

    @property
    def is_empty(self) -> bool:
        """Whether no day lies within."""
        return bool(self.first and self.last and self.first > self.last)


ANY_NUMBER = Span()
ANY_DAY = Days()


def whole(text: str) -> int | None:
    """A number of plain digits that a database can hold, else None."""
    if not (text.isascii() and text.isdecimal() and len(text) <= LONGEST_NUMBER):
        return None
    return int(text) if int(text) <= BIGGEST else None


def read_number(text: str) -> int | None:
    """ "10000", "10,000", "10.000", "10k", "1.5k", "2m"; None for anything else: nothing is guessed."""
    match = _NUMBER.fullmatch(text.strip().lower())
    if match is None:
        return None
    if match["whole"]:
        return whole(re.sub("[^0-9]", "", match["whole"]))
    scale = _UNITS[match["unit"]]
    number = int(match["many"]) * scale + int((match["part"] or "0").ljust(2, "0")) * scale // 100
    return number if number <= BIGGEST else None


def written_number(number: int) -> str:
    """As `read_number` reads it, the short way: "10k" for 10,000."""
    for unit in ("m", "k"):
        if number and number % _UNITS[unit] == 0 and number // _UNITS[unit] < 10**12:
            return f"{number // _UNITS[unit]}{unit}"
    return str(number)


def read_span(text: str) -> Span | None:
    """One number, `>1`, `<=1`, `1-2`, `1-`, `1+` or `-2`; None for what is none of them."""
    text = text.strip().lower().replace("&gt;", ">").replace("&lt;", "<")
    if signed := _AT_LEAST.fullmatch(text):
        number = read_number(signed["rest"])
        return None if number is None else _beyond(signed["sign"], number)
    if (number := read_number(text.removesuffix("+"))) is not None:
        return Span(number, None if text.endswith("+") else number)
    if between := _BETWEEN.fullmatch(text):
        low, high = read_number(between["low"]), read_number(between["high"])
        is_read = all(side is not None or not typed for side, typed in ((low, between["low"]), (high, between["high"])))
        return Span(low, high) if is_read and (between["low"] or between["high"]) else None
    return None


def _beyond(sign: str, number: int) -> Span | None:
    match sign:
        case ">":
            return Span(low=number + 1) if number < BIGGEST else None
        case ">=" | "≥":
            return Span(low=number)
        case "<":
            return Span(high=number - 1) if number else None
    return Span(high=number)


def written_span(span: Span) -> str:
    """As `read_span` reads it; empty for a span that leaves both sides open."""
    if not span:
        return ""
    if span.low is not None and span.low == span.high:
        return written_number(span.low)
    low, high = ("" if side is None else written_number(side) for side in (span.low, span.high))
    return f"{low}-{high}"


def read_days(text: str, today: date) -> Days | None:
    """What somebody wrote of days; None for what cannot be read, or lies outside of the calendar."""
    text = " ".join(text.lower().replace("&gt;", ">").replace("&lt;", "<").split())
    for word in ("in the last ", "the last ", "last ", "the past ", "past "):
        text = text.removeprefix(word)
    signed = _AT_LEAST.fullmatch(text)
    sign, rest = (signed["sign"][0].translate(_SIGNS), signed["rest"]) if signed else ("", text)
    if ago := _AGO.fullmatch(rest):
        return _ago(sign, ago, today)
    if signed and (day := read_day(rest)):
        return _past(signed["sign"], day)
    if (day := read_day(text)) is not None:
        return day
    if between := _FROM_TO.fullmatch(text):
        return _from_to(between["first"], between["last"])
    return None


_SIGNS = str.maketrans("≥≤", "><")


def _ago(sign: str, ago: re.Match[str], today: date) -> Days | None:
    """The last so many days; with ">" all days before them; with "ago" alone, the unit of days so long ago."""
    unit = _AGES[ago["unit"][0]]
    number = int(ago["number"]) * unit
    if not 0 < number <= LONGEST_AGO:
        return None
    if sign == ">":
        return Days(last=_back(today, number + 1))
    if sign == "<" or not (ago["ago"] or ago["from"]):
        return None if ago["from"] else Days(last_days=number)
    nearest = int(ago["from"] or ago["number"]) * unit - unit + 1
    return Days(first=_back(today, number), last=_back(today, max(nearest, 0)))


def _back(today: date, days: int) -> date:
    return today - timedelta(days=min(days, today.toordinal() - 1))


def read_day(text: str) -> Days | None:
    """A day, a month or a year of the calendar, from its first to its last day."""
    match = _DAY.fullmatch(text)
    if match is None:
        return None
    year, month, day = (int(match[part] or 0) for part in ("year", "month", "day"))
    try:
        first = date(year, month or 1, day or 1)
        last_month = month or 12
        return Days(first, date(year, last_month, day or calendar.monthrange(year, last_month)[1]))
    except ValueError:
        return None


def _past(sign: str, day: Days) -> Days | None:
    """Days on one side of a day, month or year."""
    assert day.first is not None
    assert day.last is not None
    try:
        match sign:
            case ">":
                return Days(first=day.last + timedelta(days=1))
            case "<":
                return Days(last=day.first - timedelta(days=1))
    except OverflowError:
        return None
    return Days(first=day.first) if sign in {">=", "≥"} else Days(last=day.last)


def _from_to(first: str, last: str) -> Days | None:
    start, end = read_day(first), read_day(last)
    if (first and start is None) or (last and end is None) or not (first or last):
        return None
    return Days(start.first if start else None, end.last if end else None)


def written_days(days: Days) -> str:
    """As `read_days` reads it; empty for days without bounds."""
    if days.last_days:
        return f"{days.last_days // 365}y" if days.last_days % 365 == 0 else f"{days.last_days}d"
    if days.first and days.first == days.last:
        return days.first.isoformat()
    first, last = ("" if day is None else day.isoformat() for day in (days.first, days.last))
    return f"{first}..{last}" if days else ""
