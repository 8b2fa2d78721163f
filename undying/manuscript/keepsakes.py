"""What an archive holds beside its stories, as values: members, favourites, news, pages, challenges, series; and what
it knows of tags and of how often works were read.

They travel the same road as a `Manuscript` and obey the same rules (see `undying.manuscript.model`): immutable, UTC,
"unknown" is empty. `source` is each one's identity: the same `(site, key)` of the same kind is the same thing.
"""

from __future__ import annotations

import hashlib
from dataclasses import MISSING, dataclass, fields, is_dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any, ClassVar, get_args

from undying.manuscript.model import NO_PROSE, Credit, Medium, Prose, Source

if TYPE_CHECKING:
    from dataclasses import Field
    from datetime import datetime

    from undying.manuscript.model import Review, Tagging


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """What a member told of herself, whether she wrote stories or not. Never an address, a password or a real name.

    `fields` are the site's own questions with her answers, in the site's order. `picture` is its address in the source.
    """

    KIND: ClassVar[str] = "profile"

    source: Source
    member: Credit
    joined: datetime | None = None
    bio: Prose = NO_PROSE
    website: str = ""
    picture: str = ""
    fields: tuple[tuple[str, str], ...] = ()


class FavouriteKind(StrEnum):
    """What can be somebody's favourite."""

    WORK = "work"
    SERIES = "series"
    CREATOR = "creator"


@dataclass(frozen=True, slots=True, kw_only=True)
class Favourite:
    """That a member keeps a work, series or creator as a favourite. `target` is that thing's key on the same site.

    `target_title` is its title or name, for the day when it cannot be found any more.
    """

    KIND: ClassVar[str] = "favourite"

    source: Source
    member: Credit
    kind: FavouriteKind
    target: str
    target_title: str = ""
    note: Prose = NO_PROSE


@dataclass(frozen=True, slots=True, kw_only=True)
class NewsItem:
    """A piece of the site's news with what members said about it, oldest first."""

    KIND: ClassVar[str] = "news"

    source: Source
    title: str
    body: Prose
    author: Credit
    posted: datetime | None = None
    comments: tuple[Review, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SitePage:
    """One of the site's own texts: rules, help, about, and pages that its archivist added. `source.key` names it."""

    KIND: ClassVar[str] = "page"

    source: Source
    title: str
    body: Prose


@dataclass(frozen=True, slots=True, kw_only=True)
class Challenge:
    """A call for stories. `works` and `series` are the keys, on the same site, of what answered it."""

    KIND: ClassVar[str] = "challenge"

    source: Source
    title: str
    challenger: Credit
    summary: Prose = NO_PROSE
    taggings: tuple[Tagging, ...] = ()
    works: tuple[str, ...] = ()
    series: tuple[str, ...] = ()


class Openness(StrEnum):
    """Who may add works to a series."""

    CLOSED = "closed"
    MODERATED = "moderated"
    OPEN = "open"


@dataclass(frozen=True, slots=True, kw_only=True)
class SeriesAccount:
    """What a series is beside the places of its works: whose, open to whom, what readers said of it as a whole.

    `source.key` is the key that `SeriesPlace` names it by. `within` is the key of the series that it is a part of.
    `works` are the keys of its works in order: a series whose stories are all lost still has its list.
    """

    KIND: ClassVar[str] = "series"

    source: Source
    title: str
    summary: Prose = NO_PROSE
    credits: tuple[Credit, ...] = ()
    openness: Openness = Openness.CLOSED
    taggings: tuple[Tagging, ...] = ()
    works: tuple[str, ...] = ()
    within: str = ""
    reviews: tuple[Review, ...] = ()
    extras: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class TagAccount:
    """What an archive's wranglers know of a tag: that it is a synonym of another, or what it is a part of.

    A synonym has its `canonical` tag's name and nothing else. `parents` are wider tags of the same kind, `fandoms` the
    homes of a character, relationship or additional tag; `medium` is a fandom's.
    """

    KIND: ClassVar[str] = "tag"

    tag: Tagging
    canonical: str = ""
    parents: tuple[str, ...] = ()
    fandoms: tuple[str, ...] = ()
    medium: Medium | None = None

    @property
    def source(self) -> Source:
        """Its identity: kind and name are the same everywhere."""
        return Source(site="tags", key=hashlib.sha256(f"{self.tag.kind}/{self.tag.name}".encode()).hexdigest())

    def says_nothing(self) -> bool:
        """Whether nothing is known but its name."""
        return self == TagAccount(tag=self.tag)


@dataclass(frozen=True, slots=True, kw_only=True)
class Numbers:
    """How often a work was read and thanked for, in all. `source` is the work's own; for a work that has none, its key
    is the fingerprint of the story.
    """

    KIND: ClassVar[str] = "numbers"

    source: Source
    hits: int = 0
    kudos: int = 0


Keepsake = Profile | Favourite | NewsItem | SitePage | Challenge | SeriesAccount | TagAccount | Numbers
KINDS: dict[str, type[Keepsake]] = {each.KIND: each for each in get_args(Keepsake)}
"""The kinds of keepsake by the names that they have in files."""


def woven(old: Keepsake, new: Keepsake) -> Keepsake:
    """What two tellings of one thing say together: of each field the new, unless the old says all of it already.

    So nothing that one source left out is lost, and `woven(woven(old, new), new)` changes nothing.
    """
    kept = {each.name: getattr(old, each.name) for each in fields(new) if _covers(old, new, each)}
    return new.__class__(**{each.name: kept.get(each.name, getattr(new, each.name)) for each in fields(new)})


def _covers(old: Any, new: Any, field: Field[Any]) -> bool:
    mine, theirs = getattr(old, field.name), getattr(new, field.name)
    return (field.default is not MISSING and theirs == field.default) or _says(mine, theirs)


def _says(old: Any, new: Any) -> bool:
    """Whether the old says all that the new does."""
    if old == new:
        return True
    if isinstance(new, tuple) and isinstance(old, tuple):
        rest = iter(old)
        return all(any(_says(each, item) for each in rest) for item in new)
    if is_dataclass(new) and old.__class__ is new.__class__:
        return all(_covers(old, new, each) for each in fields(new))
    return False
