"""Ratings, classes, categories and characters -> tags. What is not certain keeps the name that the archive gave it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from undying.formats.efiction.tables import integer
from undying.manuscript import Audience, Tagging, TagKind

if TYPE_CHECKING:
    from collections.abc import Iterator
    from sqlite3 import Row

    from undying.formats.efiction.spool import Spool
    from undying.formats.efiction.text import Texts

_MEMBERS_ONLY = 4
_ASKS_AGE = 2
_RATINGS = {
    "General Audiences": ("g", "k", "general", "general audiences", "general audience", "all ages", "everyone"),
    "Teen And Up Audiences": ("t", "teen", "teens", "pg-13", "pg13", "13+", "teen and up", "teen and up audiences"),
    "Mature": ("m", "mature", "r"),
    "Explicit": ("nc-17", "nc17", "explicit"),
    "Not Rated": ("not rated", "unrated", "nr"),
}
_BY_NAME = {name: rating for rating, names in _RATINGS.items() for name in names}
_ADULT_RATINGS = frozenset(("Mature", "Explicit"))
_PAIRING_WORDS = re.compile(
    r"\b(?:pairings?|slash|het|femslash|couples?|ships?|relationships?|romances?)\b", re.IGNORECASE
)
_PAIR = re.compile(r"\w.*?\s?/\s?.*\w")
_NOTHING = frozenset(("", "0", "-1"))


@dataclass
class _Lookup:
    """One table of names. `used` are the row numbers that some story used."""

    entity: str
    by_id: dict[int, Row] = field(default_factory=dict)
    by_name: dict[str, Row] = field(default_factory=dict)
    used: set[int] = field(default_factory=set)


@dataclass
class StoryTags:
    """The tags of one story, the labels kept beside them, and what led nowhere."""

    taggings: tuple[Tagging, ...]
    extras: tuple[tuple[str, str], ...]
    audience: Audience
    unknown: tuple[str, ...]


class Tags:
    """The archive's vocabulary. Columns hold ids since 3.0 and names before; both are understood everywhere."""

    def __init__(self, spool: Spool, texts: Texts) -> None:
        self._texts = texts
        self._unknown: list[str] = []
        self._extras: list[tuple[str, str]] = []
        self._audience = Audience.EVERYONE
        self._names: dict[tuple[str, int], str] = {}
        self._ratings = self._load(spool, "ratings", "rid", "rating")
        self._classes = self._load(spool, "classes", "class_id", "class_name")
        self._types = self._load(spool, "classtypes", "classtype_id", "classtype_name")
        self._categories = self._load(spool, "categories", "catid", "category")
        self._characters = self._load(spool, "characters", "charid", "charname")
        self._challenges = self._load(spool, "challenges", "chalid", "title")
        self._genres = self._load(spool, "genres", "gid", "genre")
        self._warnings = self._load(spool, "warnings", "wid", "warning")
        self._pairs_are_categories = self._categories_are_pairings()

    def _load(self, spool: Spool, entity: str, number: str, name: str) -> _Lookup:
        lookup = _Lookup(entity)
        for row in spool.stream(f"SELECT * FROM {entity} ORDER BY n"):  # noqa: S608 - our own names
            lookup.by_id[row[number]] = row
            shown = self._texts.plain(row[name])
            self._names[entity, row["n"]] = shown
            lookup.by_name.setdefault(shown.casefold(), row)
        return lookup

    def used(self) -> Iterator[tuple[str, set[int]]]:
        """(table, row numbers) of every name that became a tag. Challenges stay raw: only titles were borrowed."""
        for lookup in (
            self._ratings, self._classes, self._types, self._categories, self._characters, self._genres, self._warnings
        ):  # fmt: skip
            yield lookup.entity, lookup.used

    def of(self, story: Row) -> StoryTags:
        """All tags of one story, each once, in the archive's own order."""
        self._unknown, self._extras, self._audience = [], [], Audience.EVERYONE
        taggings = [*self._rating(story), *self._of_classes(story), *self._of_categories(story)]
        taggings += self._of_characters(story)
        challenges = [name for name, _row in self._named(self._challenges, story["challenges"])]
        self._extras += [("eFiction challenge", name) for name in challenges]
        return StoryTags(
            tuple(dict.fromkeys(taggings)), tuple(self._extras), self._audience, tuple(dict.fromkeys(self._unknown))
        )

    def _named(self, lookup: _Lookup, value: bytes | None) -> list[tuple[str, Row | None]]:
        """The names that a column lists, by id or by name, with their rows."""
        found: list[tuple[str, Row | None]] = []
        for listed in self._texts.plain(value).split(","):
            part = listed.strip()
            if part in _NOTHING:
                continue
            number = integer(part.encode())
            row = lookup.by_id.get(number) if number is not None else None
            row = row or lookup.by_name.get(part.casefold())
            if row is not None:
                lookup.used.add(row["n"])
                if name := self._names[lookup.entity, row["n"]]:
                    found.append((name, row))
            elif number is not None:
                self._unknown.append(f"{lookup.entity} {number}")
                self._extras.append((f"eFiction {lookup.entity}, unknown number", str(number)))
            else:
                found.append((part, None))
        return found

    def _rating(self, story: Row) -> Iterator[Tagging]:
        """A rating that asked the reader's age goes on asking, whatever its name: its own word stays in the extras."""
        for name, row in self._named(self._ratings, story["rid"])[:1]:
            bits = (integer(row["ratingwarning"]) or 0) if row is not None else 0
            if bits & _MEMBERS_ONLY:
                self._audience = Audience.MEMBERS
            known = _BY_NAME.get(name.casefold(), name)
            if bits & (_ASKS_AGE | _MEMBERS_ONLY) and known not in _ADULT_RATINGS:
                known = "Not Rated"
            yield Tagging(kind=TagKind.RATING, name=known)
            if known != name:
                self._extras.append(("eFiction rating", name))

    def _of_classes(self, story: Row) -> Iterator[Tagging]:
        listed: dict[str, list[str]] = {}
        for name, row in self._named(self._classes, story["classes"]):
            kind, label = self._class_kind(row)
            listed.setdefault(label, []).append(name)
            yield Tagging(kind=kind, name=name)
        for column, lookup, kind in (
            ("wid", self._warnings, TagKind.WARNING),
            ("gid", self._genres, TagKind.ADDITIONAL),
        ):
            for name, _row in self._named(lookup, story[column]):
                listed.setdefault(lookup.entity.capitalize(), []).append(name)
                yield Tagging(kind=kind, name=name)
        self._extras += [(f"eFiction {label}", ", ".join(names)) for label, names in listed.items()]

    def _class_kind(self, row: Row | None) -> tuple[TagKind, str]:
        """The kind of a class, and the title that the archive gave to its type."""
        number = row["class_type"] if row is not None else 0
        kind = self._types.by_id.get(number)
        if kind is None:
            # Without its table, type 2 is warnings: so every upgrade from 1.x and 2.x numbered them.
            is_warning = number == 2 and not self._types.by_id  # noqa: PLR2004 - explained above
            return (TagKind.WARNING, "Warnings") if is_warning else (TagKind.ADDITIONAL, "Classes")
        self._types.used.add(kind["n"])
        title = self._texts.plain(kind["classtype_title"])
        name = self._names["classtypes", kind["n"]]
        is_warning = "warning" in f"{name} {title}".casefold()
        return (TagKind.WARNING if is_warning else TagKind.ADDITIONAL), title or name or "Classes"

    def _of_categories(self, story: Row) -> Iterator[Tagging]:
        """Categories are fandoms in one archive and pairings in the next; a listed ancestor adds nothing."""
        listed = self._named(self._categories, story["catid"])
        above = {row["n"] for _name, child in listed for row in self._ancestors(child)}
        for name, row in listed:
            path = [self._names["categories", parent["n"]] for parent in reversed(self._ancestors(row))]
            self._extras.append(("eFiction category", " > ".join([*path, name])))
            if row is None or row["n"] not in above:
                yield Tagging(kind=self._category_kind(name, path), name=name)

    def _category_kind(self, name: str, path: list[str]) -> TagKind:
        if not self._pairs_are_categories:
            return TagKind.FANDOM
        if _PAIR.search(name) and (not path or any(_PAIRING_WORDS.search(above) for above in path)):
            return TagKind.RELATIONSHIP
        # "General" beside "Slash Pairings" is neither a fandom nor a pairing.
        return TagKind.ADDITIONAL

    def _ancestors(self, row: Row | None) -> list[Row]:
        """The categories above, nearest first; they are used too, for the path is kept."""
        found: list[Row] = []
        while row is not None and (row := self._categories.by_id.get(row["parentcatid"])) is not None:
            if row in found:
                break
            self._categories.used.add(row["n"])
            found.append(row)
        return found

    def _categories_are_pairings(self) -> bool:
        rows = list(self._categories.by_id.values())
        names = [self._names["categories", row["n"]] for row in rows]
        pairs = sum(bool(_PAIR.search(name)) for name in names)
        return pairs * 2 > len(names) or (pairs > 0 and any(_PAIRING_WORDS.search(name) for name in names))

    def _of_characters(self, story: Row) -> Iterator[Tagging]:
        for name, _row in self._named(self._characters, story["charid"]):
            yield Tagging(kind=TagKind.RELATIONSHIP if _PAIR.search(name) else TagKind.CHARACTER, name=name)
