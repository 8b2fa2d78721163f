"""Dates of two kinds: `YYYY-MM-DD HH:MM:SS`, and seconds since 1970 in the later forks."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlite3 import Row

_WRITTEN = re.compile(rb"\s*(\d{4})-(\d\d)-(\d\d)(?:[ T](\d\d):(\d\d):(\d\d))?")
# MySQL before 4.1 wrote timestamps so.
_RUN_TOGETHER = re.compile(rb"\s*(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)\s*\Z")
_SECONDS = re.compile(rb"\s*(\d{1,11})\s*\Z")


def moment(value: bytes | None) -> datetime | None:
    """The moment, taken as UTC, for no zone is recorded. Zero, empty and impossible dates are None."""
    if not value:
        return None
    try:
        if match := _SECONDS.match(value):
            seconds = int(match[1])
            return datetime.fromtimestamp(seconds, UTC) if seconds else None
        if match := _RUN_TOGETHER.match(value) or _WRITTEN.match(value):
            year, month, day, hour, minute, second = (int(part or 0) for part in match.groups())
            return datetime(year, month, day, hour, minute, second, tzinfo=UTC)
    except (ValueError, OverflowError, OSError):
        return None
    return None


def moment_of(row: Row, column: str) -> datetime | None:
    """The date in a column; where it is zero, the one that an upgrade to seconds left beside it (`<column>_backup`)."""
    return moment(row[column]) or moment(row[f"{column}_backup"])
