"""A story as a value: what every format reads into and writes from.

Everything here is immutable and plain Python. Times are aware `datetime`s in UTC; a source that knows only the day
gives midnight. Text is Unicode in NFC as the author wrote it. "Unknown" is the empty string, the empty tuple or None.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, NewType

from undying.manuscript.wishes import NO_WISHES, Wishes

if TYPE_CHECKING:
    from datetime import datetime

RawHtml = NewType("RawHtml", str)
"""Markup as it arrived. Nobody may show it; `undying.manuscript.clean.clean` turns it into `Prose`."""


class Prose(str):
    """Markup that is safe to show: only `clean()` makes it (and the database column that it was stored in).

    `removed` says in words what the cleaner left out, most telling first, for the import report; `counted` is what
    `measure.words` found, so that a long text is counted once. Neither is part of equality.
    """

    removed: tuple[str, ...] = ()
    counted: int | None = None

    def has_words(self) -> bool:
        """Whether anything but markup and space is left."""
        return bool(re.sub(r"<[^>]*>|&nbsp;|\s", "", self))


NO_PROSE = Prose("")


class TagKind(StrEnum):
    """The kinds of tag, in the order in which every page and file lists them."""

    RATING = "rating"
    WARNING = "warning"
    CATEGORY = "category"
    FANDOM = "fandom"
    RELATIONSHIP = "relationship"
    CHARACTER = "character"
    ADDITIONAL = "additional"


class Medium(StrEnum):
    """What a fandom is a fandom of: the shelves of the fandom index, under the names that AO3's readers know."""

    ANIME = "Anime & Manga"
    BOOKS = "Books & Literature"
    CARTOONS = "Cartoons & Comics & Graphic Novels"
    CELEBRITIES = "Celebrities & Real People"
    MOVIES = "Movies"
    MUSIC = "Music & Bands"
    THEATER = "Theater"
    TELEVISION = "TV Shows"
    GAMES = "Video Games"
    OTHER = "Other Media"


class Status(StrEnum):
    """Whether more is to come."""

    COMPLETE = "complete"
    IN_PROGRESS = "in-progress"
    HIATUS = "hiatus"
    ABANDONED = "abandoned"


class Audience(StrEnum):
    """For whom a posted work is. LINK is whoever has its link: it stands in no list."""

    EVERYONE = "everyone"
    MEMBERS = "members"
    LINK = "link"


class State(StrEnum):
    """Whether a work or a chapter is out in the world. A draft is its creators' alone."""

    POSTED = "posted"
    DRAFT = "draft"


@dataclass(frozen=True, slots=True, kw_only=True)
class Tagging:
    """One tag, as the author wrote it. Its place among the others is its place in `Manuscript.taggings`."""

    kind: TagKind
    name: str

    @property
    def is_platonic(self) -> bool:
        """A relationship written with ` & `; one written with `/` is romantic."""
        return self.kind is TagKind.RELATIONSHIP and "/" not in self.name and "&" in self.name


@dataclass(frozen=True, slots=True, kw_only=True)
class Credit:
    """One creator, under the pen name that she chose for this work.

    `account` is her user name in the archive that the story comes from, `key` her id there (both empty if unknown),
    `url` her page there. `archived_by` names the archivist who put the work up for her.
    """

    name: str
    account: str = ""
    key: str = ""
    url: str = ""
    archived_by: str = ""


class PlacementRelation(StrEnum):
    """How the story stands to the part of canon that a placement names."""

    WITHIN = "within"
    BEFORE = "before"
    AFTER = "after"
    DURING = "during"
    BETWEEN = "between"


class Divergence(StrEnum):
    """How far the story keeps to canon; empty where nothing is said."""

    UNSAID = ""
    DIVERGENT = "canon-divergent"
    ALTERNATE = "alternate-universe"


@dataclass(frozen=True, slots=True, kw_only=True)
class Placement:
    """Where in canon a story or chapter stands.

    `unit` names what the canon is counted in ("season", "volume", "book", "year", "chapter"); `part` is the first such
    unit ("4"), `part_to` the last of a range ("5", with `relation` BETWEEN for a gap). `episodes` are titles or codes,
    in order (two for BETWEEN). `words` is the passage that all this was read from, verbatim.
    """

    fandom: str = ""
    relation: PlacementRelation = PlacementRelation.WITHIN
    unit: str = "season"
    part: str = ""
    part_to: str = ""
    episodes: tuple[str, ...] = ()
    divergence: Divergence = Divergence.UNSAID
    words: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SeriesPlace:
    """The place of a work in one series. `position` counts from 1; 0 where the source does not say.

    `key` is the series' id in the source. `within` is the series that this one belongs to, when series nest.
    """

    title: str
    position: int = 0
    key: str = ""
    url: str = ""
    summary: Prose = NO_PROSE
    within: SeriesPlace | None = None


class RelationKind(StrEnum):
    """What another work is to this one."""

    INSPIRED_BY = "inspired-by"
    TRANSLATION_OF = "translation-of"
    INSPIRED = "inspired"
    TRANSLATED_AS = "translated-as"
    VERSION_OF = "version-of"


@dataclass(frozen=True, slots=True, kw_only=True)
class RelatedWork:
    """A link to another work, here or elsewhere."""

    kind: RelationKind
    title: str = ""
    author: str = ""
    url: str = ""
    language: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """What a reader left under the work, with the author's answer split out.

    `chapter` is the 1-based position it was left on, 0 for the whole work. `score` is in the source's own scale, which
    `scale` names ("1-10", "like"); None where none was given. `body` may be empty: a score without words.
    `reviewer_key` is the reader's id in the source when she was signed in there. `answers` is the `key` of the review
    that this one answers, where the source has threads.
    """

    name: str
    body: Prose
    posted: datetime | None = None
    chapter: int = 0
    score: int | None = None
    scale: str = ""
    response: Prose = NO_PROSE
    key: str = ""
    reviewer_key: str = ""
    answers: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """An image that travels with the story. Prose refers to it as `<img src="picture:SHA256">`."""

    sha256: str
    media_type: str
    data: bytes = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where a story comes from. `(site, key)` is its identity: the same pair is the same work.

    `site` is a host name ("archiveofourown.org"), the name that the archivist gave (`--site`), or "file" for a story
    whose file names no source; then `key` is the SHA-256 of that file.
    """

    site: str = ""
    key: str = ""
    url: str = ""
    archivist: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Chapter:
    """One chapter. Its position is its place in `Manuscript.chapters`.

    `credits` is empty when the work's creators wrote it. `key` is its id in the source, `url` its own address there.
    """

    body: Prose
    title: str = ""
    summary: Prose = NO_PROSE
    notes_before: Prose = NO_PROSE
    notes_after: Prose = NO_PROSE
    credits: tuple[Credit, ...] = ()
    published: datetime | None = None
    updated: datetime | None = None
    placements: tuple[Placement, ...] = ()
    state: State = State.POSTED
    key: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Manuscript:
    """A whole story and all that is known about it.

    `language` is a BCP 47 tag, "" when unknown. `rights` is the disclaimer or licence as its own statement.
    `planned_chapters` is the author's announced total, None for "?" or unsaid. `gifts` are recipients' names.
    `wishes` is what its author lets others do with it.
    `extras` keeps labels that this model has no field for, as (label, text) in source order: nothing is dropped.
    `also` are other sources that gave this same story, and that were merged into it: their addresses lead here.
    """

    title: str
    chapters: tuple[Chapter, ...]
    credits: tuple[Credit, ...] = ()
    summary: Prose = NO_PROSE
    notes_before: Prose = NO_PROSE
    notes_after: Prose = NO_PROSE
    rights: Prose = NO_PROSE
    language: str = ""
    taggings: tuple[Tagging, ...] = ()
    series: tuple[SeriesPlace, ...] = ()
    status: Status = Status.IN_PROGRESS
    planned_chapters: int | None = None
    published: datetime | None = None
    updated: datetime | None = None
    placements: tuple[Placement, ...] = ()
    gifts: tuple[str, ...] = ()
    related: tuple[RelatedWork, ...] = ()
    reviews: tuple[Review, ...] = ()
    pictures: tuple[Picture, ...] = ()
    source: Source = Source()
    also: tuple[Source, ...] = ()
    audience: Audience = Audience.EVERYONE
    state: State = State.POSTED
    wishes: Wishes = NO_WISHES
    extras: tuple[tuple[str, str], ...] = ()

    def tags(self, kind: TagKind) -> tuple[str, ...]:
        """Names of the tags of one kind, in the author's order."""
        return tuple(tagging.name for tagging in self.taggings if tagging.kind is kind)
