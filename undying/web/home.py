"""The front page."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from undying.kernel import ids
from undying.kernel.clock import now
from undying.library.models import Tag, Work
from undying.manuscript import TagKind
from undying.web import cards, links
from undying.web.page import Page, show, site, told
from undying.web.tags import Shelf, shelf

if TYPE_CHECKING:
    from django.http import HttpResponse

    from undying.people.viewer import Viewer
    from undying.web.cards import WorkCard
    from undying.web.request import Request

NEWEST = 10
FEATURED = 6
FANDOMS = 18


@dataclass(frozen=True, kw_only=True)
class FrontPage(Page):
    """What this archive is, what is new in it, and a few stories from its shelves."""

    template: ClassVar[str] = "home/front.html"
    kind: ClassVar[str] = "home"

    newest: tuple[WorkCard, ...] = told("The latest works, newest first")
    featured: tuple[WorkCard, ...] = told("A few finished stories with covers, others every day")
    fandoms: tuple[Shelf, ...] = told("The largest fandoms with their number of works")
    search: str = told("Where the search box sends its words")


def front(request: Request) -> HttpResponse:
    """The front page."""
    viewer = request.viewer
    page = FrontPage(
        title=site().sentence.rstrip("."),
        newest=cards.of_all(Work.objects.visible_to(viewer).newest().with_card()[:NEWEST]),
        featured=cards.of_all(_featured(viewer)),
        fandoms=tuple(shelf(tag) for tag in Tag.objects.filter(kind=TagKind.FANDOM).by_size(viewer)[:FANDOMS]),
        search=links.SEARCH,
    )
    return show(request, page)


def _featured(viewer: Viewer) -> list[Work]:
    """Finished works for every eye, others each day: ids are drawn at random, so a place among them is a fair pick."""
    shelves = Work.objects.visible_to(viewer).filter(status="complete", is_adult=False, state="posted", is_hidden=False)
    today = hashlib.sha256(f"{now():%Y-%m-%d}".encode()).digest()
    start = int.from_bytes(today[:8]) % ids.LIMIT
    found = list(shelves.filter(pk__gte=start).order_by("pk").with_card()[:FEATURED])
    if len(found) < FEATURED:
        found += shelves.filter(pk__lt=start).order_by("pk").with_card()[: FEATURED - len(found)]
    return found
