"""The filter form as a value, to and from the query string.

The names are AO3's (`include_work_search[fandom_ids][]`, `work_search[words_from]`), because readers' tools and old
bookmarks use them; what AO3 lacks is named alike (`work_search[placement_part]`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from undying.manuscript import Divergence, PlacementRelation, Status, TagKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

TAG_FIELDS = {
    TagKind.RATING: "rating_ids",
    TagKind.WARNING: "archive_warning_ids",
    TagKind.CATEGORY: "category_ids",
    TagKind.FANDOM: "fandom_ids",
    TagKind.RELATIONSHIP: "relationship_ids",
    TagKind.CHARACTER: "character_ids",
    TagKind.ADDITIONAL: "freeform_ids",
}
BIGGEST = 2**63 - 1
LONGEST_NUMBER = 19
"""Digits of the biggest number: Python refuses to read numbers of some thousands of digits."""
DEEPEST_PAGE = 5000
NAMES_READ = 20
"""Tags that may be typed by name in one field: each costs the database a comparison."""
TAGS_READ = 40
"""Tags that may be asked for, or shut out, by number: without an index each costs the database a join (SQLite has 64),
and each makes a chip with an address that names all the others."""
_NUMBER = re.compile(r"[0-9]{1,3}(?:[.,'’ \u00a0\u202f][0-9]{3})+|[0-9]+")


class Sort(StrEnum):
    """What lists are sorted by; dates and numbers from the greatest, names from A."""

    BEST = "_score"
    REVISED = "revised_at"
    PUBLISHED = "created_at"
    TITLE = "title_to_sort_on"
    AUTHOR = "authors_to_sort_on"
    WORDS = "word_count"

    @property
    def ascends(self) -> bool:
        """Whether the natural order is upward."""
        return self in {Sort.TITLE, Sort.AUTHOR}


class Crossover(StrEnum):
    """Works of several fandoms: with the others, only these, or none of these."""

    ANY = ""
    ONLY = "T"
    NONE = "F"


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacementFilter:
    """A place in canon. Empty fields allow anything; `episode` is searched as words."""

    unit: str = ""
    part: str = ""
    relation: str = ""
    divergence: str = ""
    episode: str = ""

    def __bool__(self) -> bool:
        return any((self.part, self.relation, self.divergence, self.episode))


@dataclass(frozen=True, slots=True)
class Misread:
    """What could not be read, or cannot be met: the field of the form (empty for none of its own), and one sentence."""

    field: str
    sentence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Criteria:
    """What a reader asked for. Tags are named by id; `other_include` and `other_exclude` by what she typed.

    `scope` is the tag whose listing this is, by id; it is part of the address, not of the form. `page` counts from 1.
    """

    query: str = ""
    include: tuple[int, ...] = ()
    exclude: tuple[int, ...] = ()
    other_include: tuple[str, ...] = ()
    other_exclude: tuple[str, ...] = ()
    scope: int | None = None
    complete: bool | None = None
    status: str = ""
    crossover: Crossover = Crossover.ANY
    words_from: int | None = None
    words_to: int | None = None
    date_from: date | None = None
    date_to: date | None = None
    language: str = ""
    placement: PlacementFilter = PlacementFilter()
    sort: Sort | None = None
    page: int = 1
    troubles: tuple[Misread, ...] = ()

    @property
    def order(self) -> Sort:
        """The sorting in force: the one chosen, else best match for a search, else latest change."""
        if self.sort is None or (self.sort is Sort.BEST and not self.query):
            return Sort.BEST if self.query and self.sort is None else Sort.REVISED
        return self.sort

    @property
    def narrows(self) -> bool:
        """Whether any filter is in force."""
        return replace(self, scope=None, sort=None, page=1, troubles=()) != Criteria()

    def without_tag(self, tag_id: int) -> Criteria:
        """The same but for this tag."""
        return replace(
            self,
            include=tuple(each for each in self.include if each != tag_id),
            exclude=tuple(each for each in self.exclude if each != tag_id),
            page=1,
        )

    def including(self, tag_id: int) -> Criteria:
        """The same, and with this tag."""
        bare = self.without_tag(tag_id)
        return replace(bare, include=(*bare.include, tag_id))

    def excluding(self, tag_id: int) -> Criteria:
        """The same, and without this tag."""
        bare = self.without_tag(tag_id)
        return replace(bare, exclude=(*bare.exclude, tag_id))

    def to_query(self, kinds: Mapping[int, TagKind] | None = None) -> str:
        """The query string that `from_query` reads back. `kinds` gives each tag its AO3 field; else one serves all."""
        pairs: list[tuple[str, str]] = []
        for side, ids in (("include", self.include), ("exclude", self.exclude)):
            for each in ids:
                field = TAG_FIELDS[(kinds or {}).get(each, TagKind.ADDITIONAL)]
                pairs.append((f"{side}_work_search[{field}][]", str(each)))
        pairs += [(f"work_search[{name}]", value) for name, value in self._fields() if value]
        if self.page > 1:
            pairs.append(("page", str(self.page)))
        return urlencode(pairs)

    def _fields(self) -> Iterable[tuple[str, str]]:
        place = self.placement
        return (
            ("query", self.query),
            ("other_tag_names", ",".join(self.other_include)),
            ("excluded_tag_names", ",".join(self.other_exclude)),
            ("complete", "" if self.complete is None else "T" if self.complete else "F"),
            ("status", self.status),
            ("crossover", self.crossover.value),
            ("words_from", _written(self.words_from)),
            ("words_to", _written(self.words_to)),
            ("date_from", _written(self.date_from)),
            ("date_to", _written(self.date_to)),
            ("language_id", self.language),
            ("placement_unit", place.unit),
            ("placement_part", place.part),
            ("placement_relation", place.relation),
            ("placement_divergence", place.divergence),
            ("placement_episode", place.episode),
            ("sort_column", "" if self.sort is None else self.sort.value),
        )


def from_query(given: Mapping[str, Sequence[str]], *, scope: int | None = None) -> Criteria:
    """What a query string asks for; it never fails. What cannot be read is left out and told in `troubles`."""
    reader = _Reader(given)
    criteria = Criteria(
        query=reader.text("query"),
        include=reader.ids("include"),
        exclude=reader.ids("exclude"),
        other_include=reader.names("other_tag_names"),
        other_exclude=reader.names("excluded_tag_names"),
        scope=scope,
        complete={"T": True, "F": False}.get(reader.text("complete")),
        status=reader.choice("status", tuple(Status)),
        crossover=Crossover(reader.choice("crossover", tuple(Crossover))),
        words_from=reader.number("words_from"),
        words_to=reader.number("words_to"),
        date_from=reader.day("date_from"),
        date_to=reader.day("date_to"),
        language=reader.text("language_id"),
        placement=PlacementFilter(
            unit=reader.text("placement_unit"),
            part=reader.text("placement_part"),
            relation=reader.choice("placement_relation", tuple(PlacementRelation)),
            divergence=reader.choice("placement_divergence", tuple(Divergence)),
            episode=reader.text("placement_episode"),
        ),
        sort=reader.sort(),
        page=reader.page(),
    )
    return replace(criteria, troubles=(*reader.troubles, *_impossible(criteria)))


def _impossible(criteria: Criteria) -> Iterator[Misread]:
    low, high = criteria.words_from, criteria.words_to
    if low is not None and high is not None and low > high:
        yield Misread("words_to", f"Nothing is both over {low:,} words and under {high:,}.")
    if criteria.date_from and criteria.date_to and criteria.date_from > criteria.date_to:
        yield Misread("date_to", f"{criteria.date_to} is before {criteria.date_from}, so no day lies between.")


def _written(value: int | date | None) -> str:
    return "" if value is None else str(value)


class _Reader:
    """Reads fields out of a query string and keeps what was wrong with them."""

    def __init__(self, given: Mapping[str, Sequence[str]]) -> None:
        self.given = given
        self.troubles: list[Misread] = []

    def misread(self, name: str, sentence: str) -> None:
        self.troubles.append(Misread(name, sentence))

    def text(self, name: str) -> str:
        values = self.given.get(f"work_search[{name}]", ())
        return values[-1].replace("\x00", "").strip()[:2000] if values else ""

    def names(self, name: str) -> tuple[str, ...]:
        parts = re.split("[,，、]", self.text(name))
        names = tuple(dict.fromkeys(part.strip() for part in parts if part.strip()))
        if len(names) > NAMES_READ:
            self.misread(name, f"Only the first {NAMES_READ} of these tags were read.")
        return names[:NAMES_READ]

    def ids(self, side: str) -> tuple[int, ...]:
        found: dict[int, None] = {}
        for field in TAG_FIELDS.values():
            for suffix in ("[]", ""):
                for value in self.given.get(f"{side}_work_search[{field}]{suffix}", ()):
                    number = _whole(value)
                    if number is not None:
                        found[number] = None
                    elif value:
                        self.misread("", f"“{value[:40]}” is no tag's number, so that filter was left out.")
        if len(found) > TAGS_READ:
            self.misread("", f"Only the first {TAGS_READ} of these tags were read.")
        return tuple(found)[:TAGS_READ]

    def number(self, name: str) -> int | None:
        text = self.text(name)
        number = _whole(re.sub("[^0-9]", "", text)) if _NUMBER.fullmatch(text) else None
        if text and number is None:
            self.misread(name, f"“{text[:40]}” is no number like 10,000, and was left out.")
        return number

    def day(self, name: str) -> date | None:
        text = self.text(name)
        if not text:
            return None
        try:
            return date.fromisoformat(text)
        except ValueError:
            self.misread(name, f"“{text[:40]}” is no date like 2024-02-29, and was left out.")
            return None

    def choice(self, name: str, choices: Sequence[StrEnum]) -> str:
        text = self.text(name)
        if text and text not in {each.value for each in choices}:
            self.misread(name, f"“{text[:40]}” is none of the choices here, and was left out.")
            return ""
        return text

    def sort(self) -> Sort | None:
        text = self.choice("sort_column", tuple(Sort))
        return Sort(text) if text else None

    def page(self) -> int:
        values = self.given.get("page", ())
        return min(max(_whole(values[-1]) or 1, 1), DEEPEST_PAGE) if values else 1


def _whole(text: str) -> int | None:
    """A whole number that a database can hold, else None."""
    if not (text.isascii() and text.isdecimal() and len(text) <= LONGEST_NUMBER):
        return None
    return int(text) if int(text) <= BIGGEST else None
