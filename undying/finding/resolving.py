"""Criteria with names, as they arrive, made into criteria with numbers, as engines take them."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, TypeVar

from undying.community.excluding import exclusions_of
from undying.finding import names
from undying.finding.given import Misread, kind_and_name
from undying.library.access import pseuds_for
from undying.library.models import Series, Tag
from undying.manuscript import TagKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from undying.finding.criteria import Criteria
    from undying.people.models import Pseud
    from undying.people.viewer import Viewer

Each = TypeVar("Each")
MISSED = 3
"""Unknown names for which others are looked up."""
KIND_NAMES = {
    TagKind.RATING: "rating",
    TagKind.WARNING: "warning",
    TagKind.CATEGORY: "category",
    TagKind.FANDOM: "fandom",
    TagKind.RELATIONSHIP: "relationship",
    TagKind.CHARACTER: "character",
    TagKind.ADDITIONAL: "additional tag",
}


@dataclass(frozen=True, slots=True)
class Meant:
    """Criteria whose names have become numbers where somebody or something has them; the others stay, and are told.

    `tags`, `people` and `series` are what the viewer may see of those that the criteria name; `instead` has for unknown
    names of tags those that are like them.
    """

    criteria: Criteria
    tags: Mapping[int, Tag] = field(default_factory=dict)
    people: Mapping[int, Pseud] = field(default_factory=dict)
    series: Series | None = None
    troubles: tuple[Misread, ...] = ()
    instead: Mapping[str, Sequence[Tag]] = field(default_factory=dict)


def meant(criteria: Criteria, viewer: Viewer) -> Meant:
    """What the names in the criteria mean to this viewer, and what she has excluded besides, unless the criteria have
    that already. Nine queries at most, and more where names are unknown; of a member two more.
    """
    if criteria.standing is None:
        criteria = replace(criteria, standing=exclusions_of(viewer) or None)
    by_name = names.tags_meant(_texts(criteria), viewer)
    criteria = _with_tags(criteria, by_name)
    tags = _visible(criteria, viewer)
    criteria = _canonical(criteria, {number: tag.meant.pk for number, tag in tags.items()})
    criteria, people = _with_people(criteria, viewer)
    criteria, series = _with_series(criteria, viewer)
    unknown = [text for text, tags_meant in by_name.items() if not tags_meant]
    known = {tag.meant.pk: tag.meant for tag in tags.values()}
    return Meant(
        criteria=criteria,
        tags=known,
        people=people,
        series=series,
        troubles=tuple(_troubles(criteria, known)),
        instead={text: near for text in unknown[:MISSED] if (near := names.nearest_tags(text, viewer))},
    )


def _texts(criteria: Criteria) -> set[str]:
    groups = (text for group in criteria.other_any for text in group if not text.isdecimal())
    return {*criteria.other_include, *criteria.other_exclude, *criteria.other_exact, *groups}


def _with_tags(criteria: Criteria, by_name: Mapping[str, Sequence[Tag]]) -> Criteria:
    """A name that several kinds share means the likeliest of them to include, and all of them to exclude."""
    include = [by_name[text][0].pk for text in criteria.other_include if by_name[text]]
    exclude = [tag.pk for text in criteria.other_exclude for tag in by_name[text]]
    exact = [tag.pk for text in criteria.other_exact for tag in by_name[text]]
    groups = {group: _group(group, by_name) for group in criteria.other_any}
    return replace(
        criteria,
        include=_once((*criteria.include, *include)),
        exclude=_once((*criteria.exclude, *(each for each in exclude if each not in include))),
        exact=_once((*criteria.exact, *exact)),
        any_of=_once((*criteria.any_of, *(numbers for numbers in groups.values() if numbers))),
        other_include=tuple(text for text in criteria.other_include if not by_name[text]),
        other_exclude=tuple(text for text in criteria.other_exclude if not by_name[text]),
        other_exact=tuple(text for text in criteria.other_exact if not by_name[text]),
        other_any=tuple(group for group, numbers in groups.items() if not numbers),
    )


def _group(group: Iterable[str], by_name: Mapping[str, Sequence[Tag]]) -> tuple[int, ...]:
    found: list[int] = []
    for text in group:
        found += [int(text)] if text.isdecimal() else [tag.pk for tag in by_name[text]]
    return _once(found)


def _visible(criteria: Criteria, viewer: Viewer) -> dict[int, Tag]:
    grouped = (number for group in criteria.any_of for number in group)
    numbers = {*criteria.include, *criteria.exclude, *criteria.exact, *grouped}
    if not numbers:
        return {}
    visible = Tag.objects.visible_to(viewer).select_related("canonical")
    return {tag.pk: tag for tag in visible.filter(pk__in=numbers)}


def _canonical(criteria: Criteria, lead: Mapping[int, int]) -> Criteria:
    """Works are found by canonical tags alone. Who asks for a tag does not shut it out."""

    def led(numbers: Iterable[int]) -> tuple[int, ...]:
        return _once(lead.get(number, number) for number in numbers)

    include = led(criteria.include)
    return replace(
        criteria,
        include=include,
        exclude=tuple(each for each in led(criteria.exclude) if each not in include),
        exact=led(criteria.exact),
        any_of=_once(led(group) for group in criteria.any_of),
    )


def _with_people(criteria: Criteria, viewer: Viewer) -> tuple[Criteria, dict[int, Pseud]]:
    """Whom nobody is called stays a name, and is looked for in the words of authors' names."""
    found = names.people_meant({*criteria.other_creators, *criteria.other_not_creators}, viewer)
    made = [each.pk for text in criteria.other_creators for each in found[text]]
    unmade = [each.pk for text in criteria.other_not_creators for each in found[text]]
    criteria = replace(
        criteria,
        creators=_once((*criteria.creators, *made)),
        not_creators=_once((*criteria.not_creators, *unmade)),
        other_creators=tuple(text for text in criteria.other_creators if not found[text]),
        other_not_creators=tuple(text for text in criteria.other_not_creators if not found[text]),
    )
    numbers = {*criteria.creators, *criteria.not_creators}
    if not numbers:
        return criteria, {}
    return criteria, {each.pk: each for each in pseuds_for(viewer).filter(pk__in=numbers).select_related("user")}


def _with_series(criteria: Criteria, viewer: Viewer) -> tuple[Criteria, Series | None]:
    if criteria.series is not None:
        return criteria, Series.objects.visible_to(viewer).filter(pk=criteria.series).first()
    if not criteria.other_series:
        return criteria, None
    found = names.series_meant(criteria.other_series, viewer)
    return (replace(criteria, series=found[0].pk, other_series=""), found[0]) if found else (criteria, None)


def _troubles(criteria: Criteria, known: Mapping[int, Tag]) -> Iterator[Misread]:
    fields = (
        ("other_tag_names", criteria.other_include),
        ("excluded_tag_names", criteria.other_exclude),
        ("", (text for group in criteria.other_any for text in group)),
    )
    for name, texts in fields:
        yield from (Misread(name, _unknown(text)) for text in texts)
    if criteria.other_series:
        yield Misread("", f"No series here is called “{criteria.other_series}”.")
    for number in criteria.include:
        if number not in known:
            yield Misread("", f"No work here carries a tag of the number {number}.")


def _unknown(text: str) -> str:
    kind, name = kind_and_name(text)
    return f"No work here carries the {KIND_NAMES[kind] if kind else 'tag'} “{name[:200]}”."


def _once(things: Iterable[Each]) -> tuple[Each, ...]:
    return tuple(dict.fromkeys(things))
