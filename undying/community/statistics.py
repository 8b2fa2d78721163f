"""How the numbers of works grew, day by day: kept for whoever made them, and for nobody else to see.

`counters` says that the numbers of a work changed; the worker then writes how they stand into the row of today.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Self

from django.db.models import OuterRef, Subquery, Sum

from undying.community.days import ChapterDay, WorkDay
from undying.kernel import ledger
from undying.kernel.clock import now
from undying.kernel.portions import in_portions
from undying.library.counters import Counter, told_by
from undying.library.models import Counters, Work
from undying.manuscript import State

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence
    from datetime import date

    from undying.people.viewer import Viewer

CONSUMER = "statistics"
AT_A_TIME = 500
A_DAY = timedelta(days=1)
_COLUMNS = tuple(each.value for each in Counter)


@dataclass(frozen=True, slots=True, kw_only=True)
class Numbers:
    """The counters of works, or what was added to them."""

    hits: int = 0
    kudos: int = 0
    comments: int = 0
    bookmarks: int = 0

    def __add__(self, other: Numbers) -> Self:
        return type(self)(**{name: getattr(self, name) + getattr(other, name) for name in _COLUMNS})

    def since(self, before: Numbers) -> Self:
        """What was added. What was taken back again is no growth."""
        return type(self)(**{name: max(getattr(self, name) - getattr(before, name), 0) for name in _COLUMNS})


def keep_if_free() -> int:
    """Write down how the works stand whose numbers changed, unless another process is at it; how many they were."""
    return ledger.drain_if_free(CONSUMER, keep, at_a_time=AT_A_TIME)


def keep(works: Collection[int]) -> None:
    """Put the numbers of these works into their rows of today. Two queries for 500 works."""
    today = now().date()
    for some in in_portions(sorted(works)):
        rows = Counters.objects.filter(pk__in=some).values_list("pk", *_COLUMNS)
        days = [WorkDay(work_id=pk, day=today, **dict(zip(_COLUMNS, numbers, strict=True))) for pk, *numbers in rows]
        WorkDay.objects.bulk_create(
            days, update_conflicts=True, unique_fields=["work", "day"], update_fields=list(_COLUMNS)
        )


def works_of(viewer: Viewer) -> list[Work]:
    """The posted works that she is a creator of, with their counters, the most read first. One query."""
    mine = (
        Work.objects.visible_to(viewer).filter(creatorships__pseud__user=viewer.user_id, state=State.POSTED).distinct()
    )
    return sorted(mine.select_related("counters"), key=lambda work: (-now_of(work).hits, work.title, work.pk))


def now_of(work: Work) -> Numbers:
    """The numbers of a work as they stand. It was loaded with its counters."""
    row = getattr(work, "counters", None)
    return Numbers(**{name: getattr(row, name) for name in _COLUMNS}) if row else Numbers()


def growth(works: Sequence[Work], since: date) -> dict[int, dict[date, Numbers]]:
    """What was added to each work on each day from then on; days without a change are left out. Two queries.

    A work that came from elsewhere brought numbers along: those were not added on the day of its first row.
    """
    numbers = [work.pk for work in works]
    brought = {work.pk: told_by(work.extras) for work in works if work.site}
    before = _stood(numbers, since)
    found: dict[int, dict[date, Numbers]] = {number: {} for number in numbers}
    for some in in_portions(numbers):
        rows = WorkDay.objects.filter(work__in=some, day__gte=since).order_by("work", "day")
        for work, day, *values in rows.values_list("work_id", "day", *_COLUMNS):
            stands = Numbers(**dict(zip(_COLUMNS, values, strict=True)))
            found[work][day] = stands.since(before.get(work) or _first(stands, brought.get(work)))
            before[work] = stands
    return found


def _first(stands: Numbers, brought: dict[Counter, int] | None) -> Numbers:
    """How a work stood before its first row: of what was said of it elsewhere nothing tells how much came along."""
    if brought is None:
        return Numbers()
    return replace(stands, hits=brought[Counter.HITS], kudos=brought[Counter.KUDOS])


def _stood(works: Sequence[int], day: date) -> dict[int, Numbers]:
    """How works stood when a day began, of those of which that is known."""
    found: dict[int, Numbers] = {}
    for some in in_portions(works):
        last = WorkDay.objects.filter(work=OuterRef("pk"), day__lt=day).order_by("-day")
        rows = Work.objects.filter(pk__in=some).annotate(last_day=Subquery(last.values("pk")[:1]))
        days = dict(rows.exclude(last_day=None).values_list("last_day", "pk"))
        for pk, *values in WorkDay.objects.filter(pk__in=days).values_list("pk", *_COLUMNS):
            found[days[pk]] = Numbers(**dict(zip(_COLUMNS, values, strict=True)))
    return found


def first_day(works: Sequence[Work]) -> date:
    """The first day of which anything is known of these works; today when nothing is."""
    rows = WorkDay.objects.filter(work__in=works).order_by("day").values_list("day", flat=True)
    return rows.first() or now().date()


def days_between(first: date, last: date) -> Iterator[date]:
    """Every day from the first to the last."""
    return (first + A_DAY * number for number in range((last - first).days + 1))


def readers_of_chapters(work: Work, since: date) -> dict[int, tuple[int, int]]:
    """Of each chapter that anybody came to: how many readers in all, and how many from that day on. Two queries."""
    rows = ChapterDay.objects.filter(chapter__work=work)
    all_ = dict(rows.values_list("chapter").annotate(Sum("hits")))
    lately = dict(rows.filter(day__gte=since).values_list("chapter").annotate(Sum("hits")))
    return {chapter: (number, lately.get(chapter, 0)) for chapter, number in all_.items()}
