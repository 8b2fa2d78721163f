"""Series, and the series they hold."""

# ruff: noqa: RUF009 - told() is dataclasses.field with a help text

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from django.db.models import Sum

from undying.library import access
from undying.library.models import Series, Work
from undying.web import cards, links
from undying.web.cards import Name, WorkCard
from undying.web.page import Page, show, told
from undying.web.paging import Paging, paging

if TYPE_CHECKING:
    from django.http import HttpResponse

    from undying.manuscript import Prose
    from undying.web.request import Request

DEEPEST = 5
"""How far up the series around a series are named: as deep as anybody nests them, and a stop where rows form a ring."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A work with its number in the series; 0 where nobody said."""

    position: int
    card: WorkCard


@dataclass(frozen=True, kw_only=True)
class SeriesPage(Page):
    """A series: the works in it in order, and the series inside it."""

    template: ClassVar[str] = "series/series.html"
    part: ClassVar[str] = "works"
    kind: ClassVar[str] = "series-show"

    summary: Prose = told("What the series is about")
    around: tuple[Name, ...] = told("The series that this one belongs to, outermost first")
    inside: tuple[Name, ...] = told("The series inside it, in order")
    entries: tuple[Entry, ...] = told("This page of its works, in order")
    authors: tuple[Name, ...] = told("Who wrote the works on this page")
    works: int = told("How many works it has, of those that this reader may read")
    words: int = told("How many words they have")
    is_complete: bool = told("Whether every one of them is complete")
    paging: Paging = told("Where in the list this page stands")


def show_series(request: Request, series_id: int) -> HttpResponse:
    """A series."""
    series = access.series_for(request.viewer, series_id)
    works = Work.objects.visible_to(request.viewer).filter(series_entries__series=series)
    totals = works.aggregate(words=Sum("words"))
    place = paging(request, works.count())
    ordered = works.order_by("series_entries__position", "series_entries__pk").with_card()
    entries = tuple(_entry(work, series) for work in ordered[place.start : place.stop])
    page = SeriesPage(
        title=series.title,
        summary=series.summary,
        around=_around(series),
        inside=tuple(
            Name(text=each.title, url=links.of(each))
            for each in Series.objects.visible_to(request.viewer)
            .filter(within=series)
            .order_by("within_position", "pk")
        ),
        entries=entries,
        authors=tuple({name.url: name for entry in entries for name in entry.card.authors}.values()),
        works=place.total,
        words=totals["words"] or 0,
        is_complete=not works.exclude(status="complete").exists(),
        paging=place,
    )
    return show(request, page)


def _entry(work: Work, series: Series) -> Entry:
    position = next(each.position for each in work.series_entries.all() if each.series_id == series.pk)
    return Entry(position=position, card=cards.of(work))


def _around(series: Series) -> tuple[Name, ...]:
    found: list[Name] = []
    outer = series.within
    while outer is not None and len(found) < DEEPEST:
        found.insert(0, Name(text=outer.title, url=links.of(outer)))
        outer = outer.within
    return tuple(found)
