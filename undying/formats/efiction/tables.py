"""What is known of eFiction's tables, version by version.

There is no one schema: 1.1, 2.0, 3.0–3.3, 3.4–3.5.3 and the forks after it differ in ways that lose data silently.
So nothing here trusts a version number: columns are known by name, and where a dump names none (eFiction's own backup
does not), by their count and by whether the dates stand where they should.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from undying.formats.efiction.schema import DATED, ENTITIES, REASONS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from undying.formats.efiction.values import Value

__all__ = ["ENTITIES", "columns_by_count", "integer", "normalised", "parsed_name", "reason_kept"]

_TABLE = re.compile(r"(?P<prefix>.*?)fanfiction_(?P<entity>\w+)\Z", re.IGNORECASE | re.DOTALL)
_DATE = re.compile(rb"\d{4}-\d\d-\d\d(?: \d\d:\d\d:\d\d)?\Z|\d{1,11}\Z|\Z")
_CODE = re.compile(rb"[A-Za-z]{2}\Z")
_VERSION = re.compile(rb"\d+\.\d")
_FAVOURITES = {"favstor": ("sid", b"ST"), "favauth": ("favuid", b"AU"), "favseries": ("seriesid", b"SE")}
_INTEGER = re.compile(rb"\s*([+-]?\d{1,18})(?:\.0*)?\s*\Z")


def parsed_name(table: str) -> tuple[str, str] | None:
    """(prefix, entity) of one of eFiction's tables; None for any other."""
    match = _TABLE.match(table)
    return (match["prefix"], match["entity"].lower()) if match else None


def reason_kept(entity: str) -> str:
    """Why rows of a table that nothing is made of are only kept."""
    return REASONS.get(entity, "no table that eFiction or a known extension has; its rows are kept as they are")


def integer(value: Value) -> int | None:
    """A number of the database, or None."""
    match = _INTEGER.match(value) if value else None
    return int(match[1]) if match else None


def columns_by_count(entity: str, values: tuple[Value, ...]) -> tuple[str, ...] | None:
    """The column names of a row that came without any, None when no known version fits it."""
    known = ENTITIES[entity]
    for order in known.orders:
        extra = len(values) - len(order)
        if extra == 0 or (extra > 0 and known.open_ended):
            columns = order + tuple(f"?{number}" for number in range(extra))
            if _is_plausible(entity, dict(zip(columns, values, strict=True))):
                return columns
    return None


def _is_plausible(entity: str, row: dict[str, Value]) -> bool:
    known = ENTITIES[entity]
    numbers = {*known.key, *known.checked} - {"sitekey", "type"}
    if any(integer(row[name]) is None for name in numbers if name in row):
        return False
    dates = ("date", "updated", "time") if entity in DATED else ()
    if not all(_DATE.match(row[name] or b"") for name in dates if name in row):
        return False
    if "welcome" in row:  # 1.1's settings are six texts and nothing else
        return "?0" not in row
    if entity == "settings" and "version" in row:
        return bool(_VERSION.match(row["version"] or b""))
    return "type" not in row or bool(_CODE.match(row["type"] or b""))


def normalised(
    entity: str, columns: tuple[str, ...]
) -> Callable[[tuple[Value, ...]], Iterator[tuple[str, dict[str, Value]]]]:
    """How rows with these columns become rows of today's tables: one row each, or, in 1.1, a story and its chapter."""
    if entity == "stories" and "psid" in columns:
        return lambda values: _split_story(dict(zip(columns, values, strict=True)))
    if entity == "reviews" and "member" in columns:
        return lambda values: _old_review(dict(zip(columns, values, strict=True)))
    if entity in _FAVOURITES:
        target, kind = _FAVOURITES[entity]
        return lambda values: _old_favourite(dict(zip(columns, values, strict=True)), target, kind)
    if entity in {"settings", "stats"}:
        return lambda values: _of_site(entity, dict(zip(columns, values, strict=True)))
    renamed = {old: new for old, new in ENTITIES[entity].renamed.items() if new not in columns}
    names = tuple(renamed.get(name, name) for name in columns)
    return lambda values: iter(((entity, dict(zip(names, values, strict=True))),))


def _split_story(row: dict[str, Value]) -> Iterator[tuple[str, dict[str, Value]]]:
    """1.1 keeps chapters as rows of `stories`: `psid` is the story's id, and the first chapter's row is the story."""
    story = row["psid"] if integer(row["psid"]) else row.get("sid")
    if integer(story) == integer(row.get("sid")):
        # What it says of words is its first chapter's alone: the chapters' sum is the story's.
        yield "stories", {**row, "count": row.get("counter"), "reviews": row.get("numreviews"), "wordcount": None}
    yield "chapters", {**row, "chapid": row.get("sid"), "sid": story, "title": row.get("chapter")}


def _old_review(row: dict[str, Value]) -> Iterator[tuple[str, dict[str, Value]]]:
    """1.1: `sid` is the chapter and `psid` the story. 2.0: `sid` is the story, or `seriesid` the series."""
    new = {**row, "uid": row["member"], "item": row.get("sid")}
    if "psid" in row:
        new |= {"item": row["psid"], "chapid": row.get("sid")}
    elif integer(row.get("seriesid")):
        new |= {"item": row["seriesid"], "type": b"SE"}
    yield "reviews", new


def _old_favourite(row: dict[str, Value], target: str, kind: bytes) -> Iterator[tuple[str, dict[str, Value]]]:
    """1.1 and 2.0 have a table for each kind of favourite."""
    yield "favorites", {"uid": row.get("uid"), "item": row.get(target), "type": kind}


def _of_site(entity: str, row: dict[str, Value]) -> Iterator[tuple[str, dict[str, Value]]]:
    """Of the password for the site's mail, only whether there is one. 1.1 has no key of a site."""
    yield entity, {**row, "sitekey": row.get("sitekey") or b"", "smtp_password": row.get("smtp_password") and b"yes"}
