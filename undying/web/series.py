"""Series, and the series they hold."""

# ruff: noqa: RUF009 - told() is dataclasses.field with a help text

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from django.db.models import Sum

from undying.kernel.errors import NotVisible
from undying.library import access
from undying.manuscript.clean import without_addresses
from undying.web import cards, links, own, reviews, wording
from undying.web.cards import Name, WorkCard
from undying.web.page import Page, show, told
from undying.web.paging import Paging, paging

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.http import HttpResponse

    from undying.library.models import Series, SeriesAccount, Work
    from undying.manuscript import Prose
    from undying.people.viewer import Viewer
    from undying.web.own import LeftOut
    from undying.web.request import Request
    from undying.web.reviews import ReviewView

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
    owners: tuple[Name, ...] = told("Whose the series is, where its source said so")
    openness: str = told("Who may add works to it, in words; empty where its source said nothing")
    further: tuple[tuple[str, str], ...] = told("What else its source said of it: labels with texts")
    review_count: int = told("How many reviews there are of the series as a whole")
    all_reviews: str = told("The address of those reviews")
    authors: tuple[Name, ...] = told("Who wrote the works on this page")
    works: int = told("How many works it has, of those that this reader may read")
    left_out: LeftOut | None = told("What the reader's own exclusions keep from them, if anything")
    words: int = told("How many words they have")
    is_complete: bool = told("Whether every one of them is complete")
    paging: Paging = told("Where in the list this page stands")

    @property
    def cards(self) -> tuple[WorkCard, ...]:
        """The works on it."""
        return tuple(each.card for each in self.entries)


@dataclass(frozen=True, kw_only=True)
class SeriesReviewsPage(Page):
    """Everything that readers said of a series as a whole."""

    template: ClassVar[str] = "series/reviews.html"
    part: ClassVar[str] = "reviews"
    kind: ClassVar[str] = "comments-index"

    series: Name = told("The series")
    owners: tuple[Name, ...] = told("Whose the series is")
    reviews: tuple[ReviewView, ...] = told("This page of reviews, oldest first, answers behind what they answer")
    paging: Paging = told("Where in the list this page stands")


def show_series(request: Request, series_id: int) -> HttpResponse:
    """A series."""
    series = access.series_for(request.viewer, series_id)
    account = access.account_for(request.viewer, series)
    works, left_out = own.leave_out(request, access.works_of(request.viewer, series, account))
    totals = works.order_by().aggregate(words=Sum("words"))
    place = paging(request, works.count())
    entries = _entries(request.viewer, series, list(works.with_card()[place.start : place.stop]))
    page = SeriesPage(
        title=series.title if account is None else account.title,
        summary=without_addresses(account.summary if account and account.summary else series.summary),
        around=_around(request.viewer, series),
        inside=tuple(Name(text=each.title, url=links.of(each)) for each in access.parts_of(request.viewer, series)),
        entries=entries,
        owners=_owners(account),
        openness=wording.openness(account.openness) if account else "",
        further=_further(account),
        review_count=account.reviews.count() if account else 0,
        all_reviews=links.series_reviews(series),
        authors=tuple({name.url: name for entry in entries for name in entry.card.authors}.values()),
        works=place.total,
        left_out=left_out,
        words=totals["words"] or 0,
        is_complete=not works.exclude(status="complete").exists(),
        paging=place,
    )
    return show(request, page)


def show_reviews(request: Request, series_id: int) -> HttpResponse:
    """What readers said of a series as a whole."""
    series = access.series_for(request.viewer, series_id)
    account = access.account_for(request.viewer, series)
    if account is None:
        raise NotVisible("reviews", series_id)
    found = list(account.reviews.all())
    place = paging(request, len(found), reviews.PER_PAGE)
    page = SeriesReviewsPage(
        title=f"Reviews of {account.title}",
        series=Name(text=account.title, url=links.of(series)),
        owners=_owners(account),
        reviews=reviews.views(found)[place.start : place.stop],
        paging=place,
    )
    return show(request, page)


def _owners(account: SeriesAccount | None) -> tuple[Name, ...]:
    return () if account is None else cards.authors(account.owners.all())


def _further(account: SeriesAccount | None) -> tuple[tuple[str, str], ...]:
    """Tags and extras, in the source's own words."""
    lines = () if account is None else (*wording.tags(account.taggings), *account.extras)
    return tuple((label, wording.without_addresses(text)) for label, text in lines)


def _entries(viewer: Viewer, series: Series, works: Sequence[Work]) -> tuple[Entry, ...]:
    made = own.cards_for(viewer, works)
    return tuple(Entry(position=_position(work, series), card=card) for work, card in zip(works, made, strict=True))


def _position(work: Work, series: Series) -> int:
    return next((each.position for each in work.series_entries.all() if each.series_id == series.pk), 0)


def _around(viewer: Viewer, series: Series) -> tuple[Name, ...]:
    found: list[Name] = []
    outer = access.outer_of(viewer, series)
    while outer is not None and len(found) < DEEPEST:
        found.insert(0, Name(text=outer.title, url=links.of(outer)))
        outer = access.outer_of(viewer, outer)
    return tuple(found)
