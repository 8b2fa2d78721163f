"""How an author's works were read, day by day: a page and a table for spreadsheets, for her alone."""

# ruff: noqa: RUF009 - told() is dataclasses.field with a help text

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from functools import reduce
from operator import add
from typing import TYPE_CHECKING, ClassVar

from django.http import HttpResponse

from undying.community import statistics
from undying.community.statistics import Numbers
from undying.exchange.taking_home import grown
from undying.kernel.clock import now
from undying.kernel.errors import NotVisible
from undying.library import access
from undying.library.counters import Counter
from undying.web import links, works
from undying.web.cards import Name
from undying.web.charts import chart
from undying.web.own import only_hers
from undying.web.page import Page, show, told

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date

    from undying.library.models import Work
    from undying.web.charts import Chart
    from undying.web.request import Request

PERIODS = {"month": (30, "30 days"), "quarter": (90, "90 days"), "year": (365, "A year"), "all": (0, "All days")}
LABELS = {
    Counter.HITS: "Hits",
    Counter.KUDOS: "Kudos",
    Counter.COMMENTS: "Comments",
    Counter.BOOKMARKS: "Bookmarks",
}
LONGEST = timedelta(days=366 * 20)
"""Of older days the months before are not drawn; the table for spreadsheets has them all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A work or a chapter: its numbers as they stand, and what was added in the time that is shown."""

    name: Name
    stands: Numbers
    added: Numbers


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """Another time, or another number, that can be shown."""

    name: Name
    is_chosen: bool


@dataclass(frozen=True, kw_only=True)
class StatisticsPage(Page):
    """How works were read: all of an author's, or one."""

    template: ClassVar[str] = "own/statistics.html"
    kind: ClassVar[str] = "stats"

    work: Name | None = told("The work that this is about; None when it is about all of hers")
    back: str = told("Where all her works stand")
    totals: tuple[tuple[str, int, int], ...] = told("What is counted: its name, the number, what was added of late")
    periods: tuple[Choice, ...] = told("The times that can be shown")
    counts: tuple[Choice, ...] = told("The numbers that can be drawn")
    chart: Chart = told("The chosen number, day by day or month by month")
    drawn: str = told("What the chart shows, in a word")
    lines: tuple[Line, ...] = told("Her works, the most read first; of one work, its chapters in order")
    csv: str = told("Where all days stand as a table for spreadsheets")
    is_kept_back: bool = told("Whether she prefers to see no counters: then none stand here")
    anyway: str = told("Where she sees them all the same")


@only_hers
def show_all(request: Request) -> HttpResponse:
    """All her posted works together, and each."""
    mine = statistics.works_of(request.viewer)
    days = statistics.growth(mine, _since(request, mine))
    added = {number: _sum(each.values()) for number, each in days.items()}
    lines = tuple(
        Line(
            name=Name(text=work.title, url=links.statistics(request.viewer.name, work)),
            stands=statistics.now_of(work),
            added=added[work.pk],
        )
        for work in mine
    )
    return _show(request, mine, days, lines, work=None)


@only_hers
def show_one(request: Request, work_id: int) -> HttpResponse:
    """One of her works, and its chapters."""
    work = _hers(request, work_id)
    since = _since(request, [work])
    readers = statistics.readers_of_chapters(work, since)
    lines = tuple(
        Line(
            name=Name(text=str(chapter), url=links.of(chapter)),
            stands=Numbers(hits=readers.get(chapter.pk, (0, 0))[0]),
            added=Numbers(hits=readers.get(chapter.pk, (0, 0))[1]),
        )
        for chapter in access.chapters_for(request.viewer, work)
    )
    return _show(request, [work], statistics.growth([work], since), lines, work=work)


@only_hers
def send_all(request: Request) -> HttpResponse:
    """Every day of each of her works, as CSV."""
    return _csv(statistics.works_of(request.viewer), "statistics.csv")


@only_hers
def send_one(request: Request, work_id: int) -> HttpResponse:
    """Every day of one work, as CSV."""
    work = _hers(request, work_id)
    return _csv([work], f"statistics-{work.pk}.csv")


def _hers(request: Request, work_id: int) -> Work:
    work = access.work_for(request.viewer, work_id)
    if not works.is_by(request.viewer, work):
        raise NotVisible("statistics", work_id)
    return work


def _since(request: Request, mine: Sequence[Work]) -> date:
    days, _ = PERIODS[_period(request)]
    today = now().date()
    return today - timedelta(days=days - 1) if days else max(statistics.first_day(mine), today - LONGEST)


def _period(request: Request) -> str:
    asked = request.GET.get("period", "")
    return asked if asked in PERIODS else "month"


def _counter(request: Request) -> Counter:
    asked = request.GET.get("of", "")
    return Counter(asked) if asked in LABELS else Counter.HITS


def _show(
    request: Request,
    mine: Sequence[Work],
    gained: Mapping[int, Mapping[date, Numbers]],
    lines: tuple[Line, ...],
    *,
    work: Work | None,
) -> HttpResponse:
    here, counter, viewer = links.statistics(request.viewer.name, work), _counter(request), request.viewer
    kept_back = viewer.preferences.hides_counts and request.GET.get("counters") != "shown"
    stands, days = _sum(statistics.now_of(each) for each in mine), _by_day(gained)
    added = _sum(days.values())
    span = statistics.days_between(_since(request, mine), now().date())
    page = StatisticsPage(
        title=f"Statistics of {work.title}" if work else "Your statistics",
        work=Name(text=work.title, url=links.of(work)) if work else None,
        back=links.statistics(viewer.name) if work else links.account(viewer.name),
        totals=tuple((LABELS[each], getattr(stands, each), getattr(added, each)) for each in Counter),
        periods=_choices(request, here, "period", {name: label for name, (_, label) in PERIODS.items()}),
        counts=_choices(request, here, "of", {str(each): label for each, label in LABELS.items()}),
        chart=chart([(day, getattr(days.get(day, Numbers()), counter)) for day in span]),
        drawn=LABELS[counter],
        lines=lines,
        csv=links.statistics(viewer.name, work, suffix=".csv"),
        is_kept_back=kept_back,
        anyway=links.with_query(here, {"counters": "shown"}),
    )
    return show(request, page)


def _choices(request: Request, here: str, field: str, labels: Mapping[str, str]) -> tuple[Choice, ...]:
    chosen = {"period": _period(request), "of": str(_counter(request))}
    if request.GET.get("counters") == "shown":
        chosen["counters"] = "shown"
    return tuple(
        Choice(
            name=Name(text=label, url=links.with_query(here, {**chosen, field: str(value)})),
            is_chosen=chosen[field] == value,
        )
        for value, label in labels.items()
    )


def _by_day(gained: Mapping[int, Mapping[date, Numbers]]) -> dict[date, Numbers]:
    found: dict[date, Numbers] = {}
    for days in gained.values():
        for day, numbers in days.items():
            found[day] = found.get(day, Numbers()) + numbers
    return found


def _sum(numbers: Iterable[Numbers]) -> Numbers:
    return reduce(add, numbers, Numbers())


def _csv(mine: Sequence[Work], name: str) -> HttpResponse:
    answer = HttpResponse(grown(mine), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
