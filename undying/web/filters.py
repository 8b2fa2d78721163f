"""The filter form as a page shows it: what was typed, as it was typed, with what was wrong beside it.

Field names and ids are AO3's. A tag has two boxes, one to ask for it and one to shut it out: together they are one
control with three states that works without scripts.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from undying.finding.criteria import TAG_FIELDS, Sort
from undying.manuscript import PlacementRelation, Status, TagKind
from undying.web import wording
from undying.web.asked import DIVERGENCES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from django.http import QueryDict

    from undying.finding.engine import Listing
    from undying.library.models import Tag

_LABELS = {
    TagKind.RATING: "Ratings",
    TagKind.WARNING: "Warnings",
    TagKind.CATEGORY: "Categories",
    TagKind.FANDOM: "Fandoms",
    TagKind.CHARACTER: "Characters",
    TagKind.RELATIONSHIP: "Relationships",
    TagKind.ADDITIONAL: "Additional tags",
}
"""In the order of AO3's sidebar."""
_OPEN = frozenset({TagKind.FANDOM, TagKind.RELATIONSHIP})
_SORTS = {
    Sort.BEST: "Best match",
    Sort.REVISED: "Date updated",
    Sort.PUBLISHED: "Date posted",
    Sort.WORDS: "Length",
    Sort.TITLE: "Title",
    Sort.AUTHOR: "Author",
}
_RELATIONS = {
    PlacementRelation.WITHIN.value: "in it",
    PlacementRelation.BEFORE.value: "before it",
    PlacementRelation.DURING.value: "during it",
    PlacementRelation.AFTER.value: "after it",
    PlacementRelation.BETWEEN.value: "in a gap at it",
}
_DIVERGENCES = {each.value: text.capitalize() for each, text in DIVERGENCES.items()}
_UNITS = ("season", "series", "volume", "book", "chapter", "year")


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """One choice of several."""

    value: str
    text: str
    is_chosen: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """A field: text that was typed, or `options` to choose from. `troubles` are sentences on what could not be read."""

    id: str
    name: str
    label: str
    value: str = ""
    kind: str = "text"
    help: str = ""
    placeholder: str = ""
    options: tuple[Option, ...] = ()
    troubles: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A tag with its two boxes. `count` is None where it was not counted."""

    id: int
    text: str
    count: int | None
    is_in: bool
    is_out: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """The tags of one kind in the present result, and those asked about. `field` is AO3's name for the kind."""

    kind: TagKind
    label: str
    field: str
    rows: tuple[Row, ...]
    is_open: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class FilterForm:
    """The whole form."""

    action: str
    query: Box
    sort: Box
    groups: tuple[Group, ...]
    other_include: Box
    other_exclude: Box
    complete: Box
    status: Box
    words: tuple[Box, Box]
    dates: tuple[Box, Box]
    language: Box
    crossover: Box
    placement: tuple[Box, ...]
    is_placed: bool
    kept: tuple[tuple[str, str], ...]

    @property
    def is_more_open(self) -> bool:
        """Whether a field under "More" is in use, or in trouble."""
        boxes = (self.language, self.crossover, self.status, *self.dates)
        return any(box.troubles or box.value for box in boxes)


def form(listing: Listing, given: QueryDict, *, action: str, scope: Tag | None) -> FilterForm:
    """The form as it was sent, with the tags of the result. `given` has what was typed."""
    make = _Maker(listing, given)
    place = listing.criteria.placement
    return FilterForm(
        action=action,
        query=make.text(
            "query", "Search these works", kind="search", placeholder="Words, “a phrase”, -not, author:name"
        ),
        sort=make.sort(),
        groups=tuple(_groups(listing, scope)),
        other_include=make.names("other_tag_names", "Other tags to include", listing.criteria.other_include),
        other_exclude=make.names("excluded_tag_names", "Other tags to exclude", listing.criteria.other_exclude),
        complete=make.choice("complete", "Completion", {"": "All works", "T": "Complete", "F": "Not complete"}),
        status=make.choice("status", "Status", {"": "Any", **{each: wording.status(each) for each in Status}}),
        words=(
            make.text("words_from", "Words from", kind="numeric", placeholder="1,000"),
            make.text("words_to", "to", kind="numeric", placeholder="50,000"),
        ),
        dates=(make.text("date_from", "Updated from", kind="date"), make.text("date_to", "to", kind="date")),
        language=make.choice("language_id", "Language", dict(_languages(listing))),
        crossover=make.choice(
            "crossover", "Crossovers", {"": "Show with the rest", "F": "Leave out", "T": "Only crossovers"}
        ),
        placement=_placement(make),
        is_placed=bool(place) or make.has_trouble("placement_relation", "placement_divergence"),
        kept=_kept(listing, given),
    )


def general_troubles(listing: Listing) -> tuple[str, ...]:
    """What is wrong and belongs to no field."""
    return tuple(each.sentence for each in listing.troubles if not each.field)


def _placement(make: _Maker) -> tuple[Box, ...]:
    units = {"": "season", **{unit: unit for unit in _UNITS[1:]}}
    return (
        make.choice("placement_relation", "The story is set", {"": "anywhere at or around it"} | _RELATIONS),
        make.choice("placement_unit", "The part of canon", units),
        make.text("placement_part", "Its number or name", placeholder="4"),
        make.text("placement_episode", "Words of the episode or scene", placeholder="wild at heart"),
        make.choice("placement_divergence", "Divergence", {"": "Any"} | _DIVERGENCES),
    )


class _Maker:
    """Makes boxes from what was typed and what was wrong with it."""

    def __init__(self, listing: Listing, given: QueryDict) -> None:
        self.listing = listing
        self.given = given

    def text(self, name: str, label: str, *, kind: str = "text", placeholder: str = "") -> Box:
        return self._box(name, label, self._typed(name), kind=kind, placeholder=placeholder)

    def names(self, name: str, label: str, unknown: Sequence[str]) -> Box:
        """Names that are tags have rows of their own by now; the others stay where they were typed."""
        return self._box(name, label, ", ".join(unknown), placeholder="Slow Burn, Fluff")

    def choice(self, name: str, label: str, choices: dict[str, str]) -> Box:
        chosen = self._typed(name)
        chosen = chosen if chosen in choices else ""
        options = tuple(
            Option(value=str(value), text=text, is_chosen=value == chosen) for value, text in choices.items()
        )
        return self._box(name, label, chosen, options=options)

    def sort(self) -> Box:
        order, query = self.listing.criteria.order, self.listing.criteria.query
        options = tuple(
            Option(value=sort.value, text=text, is_chosen=sort is order)
            for sort, text in _SORTS.items()
            if query or sort is not Sort.BEST
        )
        return self._box("sort_column", "Sort by", order.value, options=options)

    def has_trouble(self, *names: str) -> bool:
        return any(each.field in names for each in self.listing.troubles)

    def _box(
        self,
        name: str,
        label: str,
        value: str,
        *,
        kind: str = "text",
        placeholder: str = "",
        options: tuple[Option, ...] = (),
    ) -> Box:
        troubles = tuple(each.sentence for each in self.listing.troubles if each.field == name)
        return Box(
            id=f"work_search_{name}",
            name=f"work_search[{name}]",
            label=label,
            value=value,
            kind="text" if troubles and kind == "date" else kind,  # a date field would drop what is no date
            placeholder=placeholder,
            options=options,
            troubles=troubles,
        )

    def _typed(self, name: str) -> str:
        return self.given.get(f"work_search[{name}]", "").replace("\x00", "").strip()


def _groups(listing: Listing, scope: Tag | None) -> Iterator[Group]:
    for kind, label in _LABELS.items():
        rows = tuple(_rows(listing, kind, scope))
        if rows:
            is_asked = any(row.is_in or row.is_out for row in rows)
            is_open = is_asked or (kind in _OPEN and not (kind is TagKind.FANDOM and scope is not None))
            yield Group(kind=kind, label=label, field=TAG_FIELDS[kind], rows=rows, is_open=is_open)


def _rows(listing: Listing, kind: TagKind, scope: Tag | None) -> Iterable[Row]:
    """The counted tags, and after them those that were asked about and are not among the counted."""
    criteria = listing.criteria
    counts: dict[int, int | None] = {facet.tag.pk: facet.count for facet in listing.facets.get(kind, ())}
    for number in (*criteria.include, *criteria.exclude):
        if number in listing.tags and listing.tags[number].kind == kind:
            counts.setdefault(number, None)
    for number, count in counts.items():
        if scope is None or number != scope.pk:
            is_in, is_out = number in criteria.include, number in criteria.exclude
            yield Row(id=number, text=listing.tags[number].name, count=count, is_in=is_in, is_out=is_out)


def _languages(listing: Listing) -> Iterator[tuple[str, str]]:
    yield "", "Any"
    counted = dict(listing.languages)
    if (chosen := listing.criteria.language) and chosen not in counted:
        yield chosen, wording.language(chosen)
    for code, count in counted.items():
        yield code, f"{wording.language(code)} ({count:,})"


def _kept(listing: Listing, given: QueryDict) -> tuple[tuple[str, str], ...]:
    """What has no field of its own and must not be lost: tags that are not here, and a kind in the address."""
    field = TAG_FIELDS[TagKind.ADDITIONAL]
    sides = (("include", listing.criteria.include), ("exclude", listing.criteria.exclude))
    unknown = [
        (f"{side}_work_search[{field}][]", str(number))
        for side, numbers in sides
        for number in numbers
        if number not in listing.tags
    ]
    kind = given.get("kind", "")
    return (*unknown, *([("kind", kind)] if kind in set(TagKind) else []))
