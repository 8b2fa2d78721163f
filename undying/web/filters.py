"""The filter form as a page shows it.

Field names and ids are AO3's. A tag has two boxes, one to ask for it and one to shut it out: together they are one
control with three states that works without scripts. Where several tags of one kind are asked for, a further box says
that one of them is enough; `arranged` reads it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from undying.finding.criteria import TAG_FIELDS
from undying.finding.document import FACETS_SHOWN
from undying.finding.question import Sort
from undying.kernel.clock import now
from undying.manuscript import PlacementRelation, Status, TagKind
from undying.web import links, wording
from undying.web.asked import DIVERGENCES
from undying.web.boxes import Maker

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from django.http import QueryDict

    from undying.finding.engine import Facet, Listing
    from undying.library.models import Tag
    from undying.web.boxes import Box, Tick

LABELS = {
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
_FEW = frozenset({TagKind.RATING, TagKind.WARNING, TagKind.CATEGORY})
"""Kinds that have no narrower tags, and few enough for all of them to be shown."""
_RELATIONS = {
    PlacementRelation.WITHIN.value: "in it",
    PlacementRelation.BEFORE.value: "before it",
    PlacementRelation.DURING.value: "during it",
    PlacementRelation.AFTER.value: "after it",
    PlacementRelation.BETWEEN.value: "in a gap at it",
}
_DIVERGENCES = {each.value: text.capitalize() for each, text in DIVERGENCES.items()}
_UNITS = ("season", "series", "volume", "book", "chapter", "year")
_LATELY = {"": "Any time", "7d": "In the last week", "30d": "In the last month", "1y": "In the last year"}
_RANGE = "10-20 or >1k"
ENOUGH = "enough"
"""The field that names the kinds of which one tag is enough."""
_CIRCLE = 2**32
_HOUR = 3600
_STEP = 2_654_435_761
"""Steps of this length (the golden part of the circle) come early to places far apart."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A tag with its two boxes. `count` is in words, and empty where it was not counted; `is_exact`: without narrower
    tags, which `has_exact` offers.
    """

    id: int
    text: str
    count: str
    is_in: bool
    is_out: bool
    has_exact: bool
    is_exact: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """The tags of one kind in the present result, and those asked about. `field` is AO3's name for the kind; `more` is
    where its other tags are found, empty when all are shown; `enough` whether one of those asked for is enough, None
    while fewer than two are.
    """

    kind: TagKind
    label: str
    field: str
    rows: tuple[Row, ...]
    more: str
    enough: bool | None
    is_open: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class FilterForm:
    """The whole form. `shuffle` is the address of a random list in another order, and else empty."""

    action: str
    query: Box
    sort: Box
    turned: Tick | None
    shuffle: str
    groups: tuple[Group, ...]
    other_include: Box
    other_exclude: Box
    creators: Box
    complete: Box
    status: Box
    single: Tick
    words: tuple[Box, Box]
    lately: Box
    dates: tuple[Box, Box]
    published: Box
    measures: tuple[Box, ...]
    language: Box
    crossover: Box
    placement: tuple[Box, ...]
    is_placed: bool
    kept: tuple[tuple[str, str], ...]

    @property
    def is_dated(self) -> bool:
        """Whether a field under "Dates" is in use, or in trouble."""
        return any(box.is_used for box in (*self.dates, self.published))

    @property
    def is_measured(self) -> bool:
        """The same for "Chapters and numbers"."""
        return self.single.is_ticked or any(box.is_used for box in self.measures)

    @property
    def is_more_open(self) -> bool:
        """The same for "Language and more"."""
        return any(box.is_used for box in (self.language, self.crossover, self.status))


def arranged(given: Mapping[str, Sequence[str]]) -> dict[str, Sequence[str]]:
    """What the form sent, with the tags of a kind of which one is enough as a group of their own."""
    found = dict(given)
    for kind in found.pop(ENOUGH, ()):
        name = f"include_work_search[{TAG_FIELDS[TagKind(kind)]}][]" if kind in set(TagKind) else ""
        if len(found.get(name, ())) > 1:
            found["any"] = [*found.get("any", ()), ",".join(found.pop(name))]
    return found


def form(listing: Listing, given: QueryDict, *, action: str, scope: Tag | None) -> FilterForm:
    """The form as it was sent, with the tags of the result. `given` has what was typed."""
    make = Maker(listing, given)
    criteria = listing.criteria
    return FilterForm(
        action=action,
        query=make.query(),
        sort=make.sort(),
        turned=make.turned(),
        shuffle=_shuffled(listing, action) if criteria.order is Sort.RANDOM else "",
        groups=tuple(_groups(listing, scope)),
        other_include=make.names(
            "other_tag_names", "Other tags to include", criteria.other_include, "Slow Burn, Fluff"
        ),
        other_exclude=make.names("excluded_tag_names", "Other tags to exclude", criteria.other_exclude, "Angst"),
        creators=make.names("creators", "By these creators", criteria.other_creators),
        complete=make.choice("complete", "Completion", {"": "All", "T": "Complete", "F": "Not complete"}),
        status=make.choice("status", "Status", {"": "Any", **{each: wording.status(each) for each in Status}}),
        single=make.tick("single_chapter", "Only works of a single chapter"),
        words=(
            make.text("words_from", "Words from", kind="numeric", placeholder="1,000"),
            make.text("words_to", "to", kind="numeric", placeholder="50,000"),
        ),
        lately=make.lately("revised_at", "Updated", _LATELY),
        dates=(make.text("date_from", "Updated from", kind="date"), make.text("date_to", "to", kind="date")),
        published=make.text("published", "Posted", placeholder="2019, 2019..2021 or 30d"),
        measures=tuple(_measures(make)),
        language=make.choice("language_id", "Language", dict(_languages(listing))),
        crossover=make.choice(
            "crossover", "Crossovers", {"": "Show with the rest", "F": "Leave out", "T": "Only crossovers"}
        ),
        placement=_placement(make),
        is_placed=bool(criteria.placement) or make.has_trouble("placement_relation", "placement_divergence"),
        kept=tuple(_kept(listing, given)),
    )


def general_troubles(listing: Listing) -> tuple[str, ...]:
    """What is wrong and belongs to no field."""
    return tuple(each.sentence for each in listing.troubles if not each.field)


def field_troubles(listing: Listing) -> tuple[str, ...]:
    """What is wrong in the fields beside the list: all but the search box, which stands over it and tells by itself."""
    return tuple(each.sentence for each in listing.troubles if each.field and each.field != "query")


def _measures(make: Maker) -> Iterator[Box]:
    yield make.text("chapters", "Chapters", placeholder=_RANGE)
    yield make.text("kudos_count", "Kudos", placeholder=_RANGE)
    yield make.text("comments_count", "Comments", placeholder=_RANGE)
    yield make.text("bookmarks_count", "Bookmarks", placeholder=_RANGE)
    yield make.text("hits", "Hits", placeholder=_RANGE)


def _placement(make: Maker) -> tuple[Box, ...]:
    units = {"": "season", **{unit: unit for unit in _UNITS[1:]}}
    return (
        make.choice("placement_relation", "The story is set", {"": "anywhere at or around it"} | _RELATIONS),
        make.choice("placement_unit", "The part of canon", units),
        make.text("placement_part", "Its number or name", placeholder="4"),
        make.text("placement_episode", "Words of the episode or scene", placeholder="wild at heart"),
        make.choice("placement_divergence", "Divergence", {"": "Any"} | _DIVERGENCES),
    )


def _shuffled(listing: Listing, path: str) -> str:
    """The same list in another random order."""
    criteria = listing.criteria
    seed = (criteria.seed + _STEP) % _CIRCLE
    return links.works(path, replace(criteria, seed=seed, page=1).to_query(listing.spelling))


def row(facet: Facet) -> Row:
    """A tag that was found by typing."""
    is_in, is_out = facet.asked is True, facet.asked is False
    text, count = facet.tag.name, wording.figures(facet.count)
    return Row(id=facet.tag.pk, text=text, count=count, is_in=is_in, is_out=is_out, has_exact=False, is_exact=False)


def _groups(listing: Listing, scope: Tag | None) -> Iterator[Group]:
    query = listing.criteria.to_query(listing.spelling)
    of_scope = {"tag_id": scope.name, "kind": scope.kind} if scope else {}
    for kind, label in LABELS.items():
        enough = _enough(listing, kind)
        rows = tuple(_rows(listing, kind, scope, enough or ()))
        if rows:
            is_asked = any(row.is_in or row.is_out for row in rows)
            more = links.works(f"{links.MORE_TAGS}?{urlencode({'of': kind.value, **of_scope})}", query)
            yield Group(
                kind=kind,
                label=label,
                field=TAG_FIELDS[kind],
                rows=rows,
                more=more if _has_more(listing, kind) else "",
                enough=bool(enough) if enough or sum(row.is_in for row in rows) > 1 else None,
                is_open=is_asked or (kind in _OPEN and not (kind is TagKind.FANDOM and scope is not None)),
            )


def _has_more(listing: Listing, kind: TagKind) -> bool:
    """Whether the result may have tags of this kind beside those that were counted."""
    return kind not in _FEW and (listing.is_rounded or len(listing.facets.get(kind, ())) >= FACETS_SHOWN)


def _enough(listing: Listing, kind: TagKind) -> tuple[int, ...]:
    """The tags of this kind of which one is enough, where the form can say so: one group, and nothing beside it."""
    criteria, tags = listing.criteria, listing.tags
    groups = [group for group in criteria.any_of if all(each in tags and tags[each].kind == kind for each in group)]
    beside = any(each in tags and tags[each].kind == kind for each in criteria.include)
    return groups[0] if len(groups) == 1 and not beside else ()


def _rows(listing: Listing, kind: TagKind, scope: Tag | None, enough: Sequence[int]) -> Iterator[Row]:
    """The counted tags, and after them those that were asked about and are not among the counted."""
    criteria = listing.criteria
    counts = {facet.tag.pk: _counted(facet.count, listing) for facet in listing.facets.get(kind, ())}
    for number in (*criteria.include, *enough, *criteria.exclude):
        if number in listing.tags and listing.tags[number].kind == kind:
            counts.setdefault(number, "")
    for number, count in counts.items():
        if scope is None or number != scope.pk:
            is_in, is_out = number in criteria.include or number in enough, number in criteria.exclude
            yield Row(
                id=number,
                text=listing.tags[number].name,
                count=count,
                is_in=is_in,
                is_out=is_out,
                has_exact=(is_in or is_out) and kind not in _FEW,
                is_exact=number in criteria.exact,
            )


def _counted(count: int, listing: Listing) -> str:
    return wording.about(count) if listing.is_rounded else wording.figures(count)


def _languages(listing: Listing) -> Iterator[tuple[str, str]]:
    yield "", "Any"
    counted = dict(listing.languages)
    if (chosen := listing.criteria.language) and chosen not in counted:
        yield chosen, wording.language(chosen)
    for code, count in counted.items():
        yield code, f"{wording.language(code)} ({_counted(count, listing)})"


def _kept(listing: Listing, given: QueryDict) -> Iterator[tuple[str, str]]:
    """What has no field of its own and must not be lost."""
    criteria, tags = listing.criteria, listing.tags
    field = TAG_FIELDS[TagKind.ADDITIONAL]
    for side, numbers in (("include", criteria.include), ("exclude", criteria.exclude)):
        yield from ((f"{side}_work_search[{field}][]", str(each)) for each in numbers if each not in tags)
    shown = {each for kind in LABELS for each in _enough(listing, kind)}
    yield from (("any", ",".join(map(str, group))) for group in criteria.any_of if not shown.issuperset(group))
    yield from (("any", ",".join(group)) for group in criteria.other_any)
    asked = {*criteria.include, *criteria.exclude, *shown} & tags.keys()
    yield from (("exact", str(each)) for each in criteria.exact if each not in asked or tags[each].kind in _FEW)
    yield from (("exact", name) for name in criteria.other_exact)
    yield from (("by", str(each)) for each in criteria.creators)
    yield from (("not-by", str(each)) for each in criteria.not_creators)
    yield from (("not-by", name) for name in criteria.other_not_creators)
    series = criteria.other_series if criteria.series is None else str(criteria.series)
    if series:
        yield "series", series
    if criteria.anyway:
        yield "anyway", "yes"
    yield "seed", str(criteria.seed or int(now().timestamp()) // _HOUR * _STEP % _CIRCLE)
    if (kind := given.get("kind", "")) in set(TagKind):
        yield "kind", kind
