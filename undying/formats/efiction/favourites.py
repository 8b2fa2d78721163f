"""Favourites: stories, series and authors that members kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

from undying.formats import Fate, Kept, Outcome
from undying.manuscript import Favourite, FavouriteKind

if TYPE_CHECKING:
    from collections.abc import Iterator
    from sqlite3 import Row

    from undying.formats.efiction.desk import Desk

_KINDS = {
    "ST": (FavouriteKind.WORK, "stories", "sid", "story"),
    "SE": (FavouriteKind.SERIES, "series", "seriesid", "series"),
    "AU": (FavouriteKind.CREATOR, "authors", "uid", "member"),
}


def favourites(desk: Desk) -> Iterator[Kept | Fate]:
    """Every favourite; those whose member or thing is lost too, and their fates say so."""
    for row in desk.spool.stream("SELECT * FROM favorites ORDER BY n"):
        code = (row["type"] or b"").decode("latin-1").strip().upper()
        if code in _KINDS:
            yield _favourite(desk, row, code)
        else:
            detail = f"favourites of the kind {code[:40] or '(none)'} belong to an extension of the old site"
            yield from desk.made_of("favorites", [row], Outcome.KEPT_RAW, detail)


def _favourite(desk: Desk, row: Row, code: str) -> Kept:
    kind, entity, column, word = _KINDS[code]
    uid, item = row["uid"], row["item"]
    desk.texts.part = f"favourites of member {uid}"
    there = desk.has(entity, column, item)
    lost = "" if desk.has("authors", "uid", uid) else "; she is not in the dump"
    lost += "" if there else f"; the {word} is not in the dump"
    favourite = Favourite(
        source=desk.site.source(f"{uid}-{code}-{item}"),
        member=desk.people.credit(uid),
        kind=kind,
        target=str(item),
        target_title=_title(desk, entity, item) if there else "",
        note=desk.texts.prose(row["comments"]),
    )
    detail = f"favourite of member {uid}: {word} {item}{lost}"
    return Kept(keepsake=favourite, fates=tuple(desk.made_of("favorites", [row], Outcome.IMPORTED, detail)))


def _title(desk: Desk, entity: str, number: int) -> str:
    if entity == "authors":
        return desk.people.penname(number)
    statement = {
        "stories": "SELECT title FROM stories WHERE sid = ?",
        "series": "SELECT title FROM series WHERE seriesid = ?",
    }[entity]
    row = desk.spool.row(statement, number)
    return desk.texts.glimpse(row["title"]) if row else ""
