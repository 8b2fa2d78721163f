"""Tags by how many works somebody finds under them: counted by the index, which is quick, or else by the database.

A tag is shown to whom the database shows it, whatever an index that lags behind may count.
"""

from __future__ import annotations

import heapq
from typing import TYPE_CHECKING

from undying.finding import engine
from undying.finding.backends import IndexGone
from undying.library.models import Tag

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from undying.community.excluding import Exclusions
    from undying.library.models.tags import TagQuerySet
    from undying.manuscript import TagKind
    from undying.people.viewer import Viewer

AT_A_TIME = 500
SPARE = 3
"""Times as many tags are looked at as are shown: some may have become synonyms, or are not to be seen any more."""


def sized(tags: TagQuerySet, kind: TagKind, viewer: Viewer, exclusions: Exclusions) -> list[Tag]:
    """Those of these tags of one kind with a work for this viewer that is not excluded, with their number as `uses`;
    the largest first. Ask `seen` of those that are shown. Two queries.
    """
    try:
        uses = engine.tally(kind, viewer, exclusions)
    except IndexGone:
        return list(tags.by_size(viewer, exclusions.spared()))
    return _by_size(tags, uses)


def largest(kind: TagKind, viewer: Viewer, exclusions: Exclusions, most: int) -> list[Tag]:
    """The canonical tags of a kind with the most such works, with their number as `uses`. Two queries."""
    tags = Tag.objects.filter(kind=kind).canonical()
    try:
        uses = engine.tally(kind, viewer, exclusions)
    except IndexGone:
        return list(tags.by_size(viewer, exclusions.spared())[:most])
    top = heapq.nlargest(most * SPARE, uses, key=lambda number: (uses[number], number))
    return _by_size(tags.filter(pk__in=top).visible_to(viewer), uses)[:most]


def counted(tags: Sequence[Tag], viewer: Viewer, exclusions: Exclusions) -> list[Tag]:
    """The same of a few tags that this viewer may see, of whatever kinds. One look at the index."""
    numbers = [tag.pk for tag in tags]
    uses = engine.uses(numbers, viewer, exclusions)
    if numbers and not uses:
        sized = Tag.objects.filter(pk__in=numbers).by_size(viewer, exclusions.spared())
        uses = {tag.pk: vars(tag)["uses"] for tag in sized}
    return _by_size(tags, {number: works for number, works in uses.items() if works})


def _by_size(tags: Iterable[Tag], uses: Mapping[int, int]) -> list[Tag]:
    found = [tag for tag in tags if tag.pk in uses]
    for tag in found:
        vars(tag)["uses"] = uses[tag.pk]
    return sorted(found, key=lambda tag: (-uses[tag.pk], tag.name))


def seen(tags: Sequence[Tag], viewer: Viewer) -> set[int]:
    """Those that this viewer may see, by their numbers. A query for each 500 of them."""
    numbers = [tag.pk for tag in tags]
    visible: set[int] = set()
    for start in range(0, len(numbers), AT_A_TIME):
        portion = Tag.objects.filter(pk__in=numbers[start : start + AT_A_TIME])
        visible.update(portion.visible_to(viewer).values_list("pk", flat=True))
    return visible
