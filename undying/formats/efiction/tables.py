"""What is known of eFiction's tables, version by version.

There is no one schema: 1.1, 2.0, 3.0–3.3, 3.4–3.5.3 and the forks after it differ in ways that lose data silently.
So nothing here trusts a version number: columns are known by name, and where a dump names none (eFiction's own backup
does not), by their count and by whether the dates stand where they should.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from undying.formats.efiction.values import Value

_TABLE = re.compile(r"(?P<prefix>.*?)fanfiction_(?P<entity>\w+)\Z", re.IGNORECASE | re.DOTALL)
_DATE = re.compile(rb"\d{4}-\d\d-\d\d(?: \d\d:\d\d:\d\d)?\Z|\d{1,11}\Z|\Z")
_CODE = re.compile(rb"[A-Za-z]{2}\Z")
_INTEGER = re.compile(rb"\s*([+-]?\d{1,18})(?:\.0*)?\s*\Z")

_TAIL = ("wordcount", "rating", "reviews", "sid", "uid")


def _split(names: str) -> tuple[str, ...]:
    return tuple(names.split())


@dataclass(frozen=True, slots=True)
class Entity:
    """One table that stories are made of: the columns that are read, those that identify a row, those that are numbers.

    `orders` are the column orders of the known versions, for rows that come without column names; the first columns
    decide where `open_ended`. `renamed` maps older names of a column to today's.
    """

    columns: tuple[str, ...]
    key: tuple[str, ...]
    numbers: tuple[str, ...] = ()
    orders: tuple[tuple[str, ...], ...] = ()
    renamed: Mapping[str, str] = field(default_factory=dict)
    open_ended: bool = False


ENTITIES: Mapping[str, Entity] = {
    "stories": Entity(
        columns=_split(
            "sid title summary storynotes catid classes charid rid date updated uid coauthors featured validated "
            "completed rr wordcount count challenges gid wid"
        ),
        key=("sid",),
        numbers=("sid", "uid"),
        orders=(
            _split(
                "sid title summary storynotes catid classes charid rid date updated uid coauthors featured validated "
                "completed rr wordcount rating reviews count challenges"
            ),
            _split(
                "sid title summary storynotes catid classes charid rid date updated uid coauthors featured validated "
                "completed rr wordcount rating reviews count"
            ),
            _split(
                "sid title summary catid gid charid wid rid date updated uid featured validated completed rr wordcount "
                "rating reviews challenges"
            ),
            _split(
                "sid title summary catid gid charid wid rid date updated uid featured validated completed rr wordcount "
                "rating reviews"
            ),
            _split(
                "sid psid title chapter summary catid gid charid wid rid date updated uid featured counter validated "
                "inorder storytext completed rr wordcount numreviews"
            ),
        ),
        renamed={"counter": "count"},
    ),
    "chapters": Entity(
        columns=_split("chapid title inorder notes storytext endnotes validated sid uid"),
        key=("chapid",),
        numbers=("chapid", "inorder", "sid", "uid"),
        orders=(
            (*_split("chapid title inorder notes storytext endnotes validated"), *_TAIL, "count"),
            (*_split("chapid title inorder notes storytext endnotes validated"), *_TAIL),
            (*_split("chapid title inorder notes storytext validated"), *_TAIL),
        ),
    ),
    "reviews": Entity(
        columns=_split("reviewid item chapid reviewer uid review date rating respond type"),
        key=("reviewid",),
        numbers=("reviewid", "item", "chapid", "uid"),
        orders=(
            _split("reviewid item chapid reviewer uid review date rating respond type"),
            _split("reviewid sid psid reviewer member review date rating"),
        ),
        renamed={"member": "uid"},
    ),
    "coauthors": Entity(columns=("sid", "uid"), key=("sid", "uid"), numbers=("sid", "uid"), orders=(("sid", "uid"),)),
    "inseries": Entity(
        columns=_split("seriesid sid subseriesid confirmed inorder"),
        key=("seriesid", "sid", "subseriesid"),
        numbers=_split("seriesid sid subseriesid inorder"),
        orders=(
            _split("seriesid sid subseriesid confirmed inorder"),
            _split("seriesid sid subseriesid confirmed inorder updated"),
        ),
    ),
    "authors": Entity(
        columns=("uid", "penname"), key=("uid",), numbers=("uid",), orders=(_split("uid penname"),), open_ended=True
    ),
    "series": Entity(
        columns=_split("seriesid title summary uid"),
        key=("seriesid",),
        numbers=("seriesid", "uid"),
        orders=(_split("seriesid title summary uid"),),
        renamed={"owner": "uid"},
        open_ended=True,
    ),
    "categories": Entity(
        columns=_split("catid parentcatid category"),
        key=("catid",),
        numbers=("catid", "parentcatid"),
        orders=(_split("catid parentcatid category"),),
        open_ended=True,
    ),
    "characters": Entity(
        columns=("charid", "charname"),
        key=("charid",),
        numbers=("charid",),
        orders=(_split("charid catid charname"),),
        open_ended=True,
    ),
    "classes": Entity(
        columns=_split("class_id class_type class_name"),
        key=("class_id",),
        numbers=("class_id", "class_type"),
        orders=(_split("class_id class_type class_name"),),
    ),
    "classtypes": Entity(
        columns=_split("classtype_id classtype_name classtype_title"),
        key=("classtype_id",),
        numbers=("classtype_id",),
        orders=(_split("classtype_id classtype_name classtype_title"),),
    ),
    "genres": Entity(columns=("gid", "genre"), key=("gid",), numbers=("gid",), orders=(("gid", "genre"),)),
    "warnings": Entity(columns=("wid", "warning"), key=("wid",), numbers=("wid",), orders=(("wid", "warning"),)),
    "ratings": Entity(
        columns=_split("rid rating ratingwarning"),
        key=("rid",),
        numbers=("rid",),
        orders=(_split("rid rating ratingwarning warningtext"),),
    ),
    "challenges": Entity(
        columns=("chalid", "title"),
        key=("chalid",),
        numbers=("chalid",),
        orders=(_split("chalid challenger uid title"),),
        open_ended=True,
    ),
    "settings": Entity(
        columns=_split("sitekey sitename url tableprefix language storiespath ratings"),
        key=("sitekey",),
        orders=(
            _split(
                "sitekey sitename slogan url siteemail tableprefix skin hiddenskins language submissionsoff "
                "storiespath store autovalidate coauthallowed maxwords minwords imageupload imageheight imagewidth "
                "roundrobins allowseries tinyMCE allowed_tags favorites multiplecats newscomments logging maintenance "
                "debug captcha dateformat timeformat recentdays displaycolumns itemsperpage extendcats displayindex "
                "defaultsort displayprofile linkstyle linkrange reviewsallowed ratings"
            ),
            _split(
                "sitekey sitename slogan url siteemail tableprefix skin hiddenskins language submissionsoff storiespath"
            ),
        ),
        open_ended=True,
    ),
}

_LATER = {
    "authorfields": "members' profile fields are kept for a later version",
    "authorinfo": "members' profiles are kept for a later version",
    "authorprefs": "members' preferences are kept for a later version",
    "blocks": "site furniture is kept for a later version",
    "codeblocks": "code of the old site is kept and never run",
    "comments": "comments on news are kept for a later version",
    "favauth": "favourites are kept for a later version",
    "favorites": "favourites are kept for a later version",
    "favseries": "favourites are kept for a later version",
    "favstor": "favourites are kept for a later version",
    "log": "the site's log is kept and not shown: it holds addresses of people",
    "messages": "the site's own pages are kept for a later version",
    "modules": "site furniture is kept for a later version",
    "news": "news are kept for a later version",
    "online": "who was online is kept and not shown",
    "pagelinks": "site furniture is kept for a later version",
    "panels": "site furniture is kept for a later version",
    "poll": "polls are kept for a later version",
    "poll_votes": "polls are kept for a later version",
    "recommendations": "recommendations are kept for a later version",
    "shoutbox": "the shoutbox is kept for a later version",
    "stats": "the old site's totals are kept for a later version",
    "tracker": "what members had read is kept for a later version",
}


def parsed_name(table: str) -> tuple[str, str] | None:
    """(prefix, entity) of one of eFiction's tables; None for any other."""
    match = _TABLE.match(table)
    return (match["prefix"], match["entity"].lower()) if match else None


def reason_kept(entity: str) -> str:
    """Why rows of a table that stories are not made of are only kept."""
    return _LATER.get(entity, "this version does not know the table; it is kept for a later one")


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
    if any(integer(row[name]) is None for name in ENTITIES[entity].key if name in row and name != "sitekey"):
        return False
    if entity not in {"stories", "reviews"}:
        return True
    dated = all(_DATE.match(row[name] or b"") for name in ("date", "updated") if name in row)
    return dated and ("type" not in row or bool(_CODE.match(row["type"] or b"")))


def normalised(
    entity: str, columns: tuple[str, ...]
) -> Callable[[tuple[Value, ...]], Iterator[tuple[str, dict[str, Value]]]]:
    """How rows with these columns become rows of today's tables: one row each, or, in 1.1, a story and its chapter."""
    if entity == "stories" and "psid" in columns:
        return lambda values: _split_story(dict(zip(columns, values, strict=True)))
    if entity == "reviews" and "member" in columns:
        return lambda values: _old_review(dict(zip(columns, values, strict=True)))
    renamed = {old: new for old, new in ENTITIES[entity].renamed.items() if new not in columns}
    names = tuple(renamed.get(name, name) for name in columns)
    return lambda values: iter(((entity, dict(zip(names, values, strict=True))),))


def _split_story(row: dict[str, Value]) -> Iterator[tuple[str, dict[str, Value]]]:
    """1.1 keeps chapters as rows of `stories`: `psid` is the story's id, and the first chapter's row is the story."""
    story = row["psid"] if integer(row["psid"]) else row.get("sid")
    if integer(story) == integer(row.get("sid")):
        yield "stories", {**row, "count": row.get("counter")}
    yield "chapters", {**row, "chapid": row.get("sid"), "sid": story, "title": row.get("chapter")}


def _old_review(row: dict[str, Value]) -> Iterator[tuple[str, dict[str, Value]]]:
    """1.1: `sid` is the chapter and `psid` the story. 2.0: `sid` is the story, or `seriesid` the series."""
    new = {**row, "uid": row["member"], "item": row.get("sid")}
    if "psid" in row:
        new |= {"item": row["psid"], "chapid": row.get("sid")}
    elif integer(row.get("seriesid")):
        new |= {"item": row["seriesid"], "type": b"SE"}
    yield "reviews", new
