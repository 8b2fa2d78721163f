"""Dates of two kinds: `YYYY-MM-DD HH:MM:SS`, and seconds since 1970 in the later forks."""

from __future__ import annotations

import re
from datetime import UTC, datetime

_WRITTEN = re.compile(rb"\s*(\d{4})-(\d\d)-(\d\d)(?:[ T](\d\d):(\d\d):(\d\d))?")
_STAMPED = re.compile(rb"\s*(\d{14})\s*\Z")
_SECONDS = re.compile(rb"\s*(\d{1,11})\s*\Z")
_PARTS = (slice(0, 4), slice(4, 6), slice(6, 8), slice(8, 10), slice(10, 12), slice(12, 14))


def moment(value: bytes | None) -> datetime | None:
    """The moment, taken as UTC since the server's zone is nowhere recorded. Zero, empty and impossible dates are None."""
    if not value:
        return None
    try:
        if match := _SECONDS.match(value):
            seconds = int(match[1])
            return datetime.fromtimestamp(seconds, UTC) if seconds else None
        if match := _STAMPED.match(value):
            return datetime(*(int(match[1][part]) for part in _PARTS), tzinfo=UTC)  # type: ignore[misc, arg-type]
        if match := _WRITTEN.match(value):
            year, month, day, *time = (int(part or 0) for part in match.groups())
            return datetime(year, month, day, *time, tzinfo=UTC)
    except (ValueError, OverflowError, OSError):
        return None
    return None
