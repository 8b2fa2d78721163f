"""Dates as a site's pages show them. 03/04/05 may be March or April: all dates of the site together say which."""

from __future__ import annotations

import re
from datetime import UTC, datetime

from undying.formats import labels

_IN_MARKUP = re.compile(rb"(?<![\d./-])(\d{1,2})([/.-])(\d{1,2})\2(?:\d{4}|\d{2})(?![\d./-])")
_NUMBERS = re.compile(r"(?<![\d./-])(\d{1,2})[/.-](\d{1,2})[/.-](\d{4}|\d{2})(?![\d/-])")
_YEAR_FIRST = re.compile(r"(?<!\d)(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?!\d)")
_TIME = re.compile(r"(?<![\d:])(\d{1,2}):(\d\d)(?::(\d\d))?\s*([ap])?\.?m?\b", re.IGNORECASE)
_WORDED = re.compile(
    r"(\d{1,2}(?:st|nd|rd|th|\.)? +(?:de +)?[^\W\d]{3,12}\.?,?(?: de)? +\d{4}"
    r"|[^\W\d]{3,12}\.? +\d{1,2}(?:st|nd|rd|th)?,? +\d{4})"
)
_MONTHS = 12
_CENTURY = 100
_TURN = 70


class Days:
    """Reads the dates of one site."""

    def __init__(self) -> None:
        self._day_first = self._month_first = 0

    def look(self, body: bytes) -> None:
        """Let the dates on one page say what stands first."""
        for match in _IN_MARKUP.finditer(body):
            self._day_first += int(match[1]) > _MONTHS >= int(match[3])
            self._month_first += int(match[3]) > _MONTHS >= int(match[1])

    def moment(self, text: str) -> datetime | None:
        """The moment, as UTC since no zone is told; midnight where only the day is. None for what is no whole date."""
        day = self._day(text)
        time = _TIME.search(text)
        if day is None or time is None:
            return day
        hour = int(time[1]) % 12 + (12 if time[4].lower() == "p" else 0) if time[4] else int(time[1])
        try:
            return day.replace(hour=hour, minute=int(time[2]), second=int(time[3] or 0))
        except ValueError:
            return day

    def _day(self, text: str) -> datetime | None:
        if match := _YEAR_FIRST.search(text):
            return _date(int(match[1]), int(match[2]), int(match[3]))
        if match := _WORDED.search(text):
            return labels.day(match[1])
        if match := _NUMBERS.search(text):
            first, second, year = int(match[1]), int(match[2]), int(match[3])
            year += 0 if year >= _CENTURY else 1900 if year >= _TURN else 2000
            if second > _MONTHS or (self._month_first > self._day_first and first <= _MONTHS):
                first, second = second, first
            elif first <= _MONTHS and first != second and self._day_first == self._month_first:
                return None
            return _date(year, second, first)
        return None


def _date(year: int, month: int, day: int) -> datetime | None:
    try:
        return datetime(year, month, day, tzinfo=UTC)
    except ValueError:
        return None
