"""Lists without a search index: what the database alone can tell of works."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.db.models import Q

from undying.finding.criteria import Criteria, Crossover, PlacementFilter, Span
from undying.kernel.clock import now
from undying.library.models import Creatorship, SeriesEntry, Work, WorkTag
from undying.manuscript import Status

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.db.models import QuerySet

    from undying.finding.criteria import Days
    from undying.library.models.works import WorkQuerySet
    from undying.people.viewer import Viewer


def in_force(criteria: Criteria) -> Criteria:
    """Of the criteria, those that are looked at."""
    nothing = Span()
    return replace(
        criteria,
        query="",
        crossover=Crossover.ANY,
        placement=PlacementFilter(),
        other_creators=(),
        other_not_creators=(),
        kudos=nothing,
        comments=nothing,
        bookmarks=nothing,
        hits=nothing,
    )


def works(criteria: Criteria, viewer: Viewer) -> WorkQuerySet:
    """The works that match what can be looked at, for this viewer."""
    found = Work.objects.visible_to(viewer).filter(_facts(criteria))
    if criteria.standing and not criteria.anyway:
        found = found.filter(criteria.standing.spared())
    if criteria.other_include or criteria.other_any or criteria.other_series:
        return found.none()
    groups = [*((each,) for each in criteria.include), *criteria.any_of]
    for group in groups if criteria.scope is None else [(criteria.scope,), *groups]:
        found = found.filter(pk__in=_carrying(group, criteria.exact))
    if criteria.exclude:
        found = found.exclude(pk__in=_carrying(criteria.exclude, criteria.exact))
    made = Creatorship.objects.visible_to(viewer)
    if criteria.creators:
        found = found.filter(pk__in=made.filter(pseud__in=criteria.creators).values("work"))
    if criteria.not_creators:
        found = found.exclude(pk__in=made.filter(pseud__in=criteria.not_creators).values("work"))
    if criteria.series is not None:
        found = found.filter(pk__in=SeriesEntry.objects.filter(series=criteria.series).values("work"))
    return found


def _carrying(tags: Iterable[int], exact: tuple[int, ...]) -> QuerySet[WorkTag, Any]:
    wide = [each for each in tags if each not in exact]
    carried = Q(tag__in=list(tags)) | Q(tag__canonical__in=list(tags)) | Q(tag__reach__reached__in=wide)
    return WorkTag.objects.filter(carried).values("work")


def _facts(criteria: Criteria) -> Q:
    wanted = _on("revised", criteria.updated) & _on("published", criteria.published)
    if criteria.complete is not None:
        wanted &= Q(status=Status.COMPLETE) if criteria.complete else ~Q(status=Status.COMPLETE)
    if criteria.status:
        wanted &= Q(status=criteria.status)
    single = Span(1, 1) if criteria.is_single else Span()
    for column, span in (("words", criteria.words), ("chapter_count", criteria.chapters), ("chapter_count", single)):
        if span.low is not None:
            wanted &= Q(**{f"{column}__gte": span.low})
        if span.high is not None:
            wanted &= Q(**{f"{column}__lte": span.high})
    if criteria.language:
        wanted &= Q(language=criteria.language) | Q(language__startswith=f"{criteria.language}-")
    return wanted


def _on(column: str, days: Days) -> Q:
    if days.last_days:
        return Q(**{f"{column}__gte": now() - timedelta(days=days.last_days)})
    wanted = Q() if days.first is None else Q(**{f"{column}__date__gte": days.first})
    return wanted if days.last is None else wanted & Q(**{f"{column}__date__lte": days.last})
