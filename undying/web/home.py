"""The front page."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from undying.community.excluding import exclusions_of
from undying.community.models import Challenge, NewsItem, SitePage
from undying.finding import sizes
from undying.kernel import ids
from undying.kernel.clock import now
from undying.library.models import Work
from undying.manuscript import TagKind
from undying.web import cards, links, news, site_pages
from undying.web.own import cards_for
from undying.web.page import Page, show, site, told
from undying.web.searches import lines_for
from undying.web.tags import Shelf, shelf

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.db.models import Q
    from django.http import HttpResponse

    from undying.library.models import Tag
    from undying.people.viewer import Viewer
    from undying.web.cards import Name, WorkCard
    from undying.web.news import NewsLine
    from undying.web.request import Request
    from undying.web.searches import SavedLine

NEWEST = 10
FEATURED = 6
PICKED = 2 * FEATURED
FANDOMS = 18
NEWS = 3
TEXTS = 6
SEARCHES = 8


@dataclass(frozen=True, kw_only=True)
class FrontPage(Page):
    """What this archive is, what is new in it, and a few stories from its shelves."""

    template: ClassVar[str] = "home/front.html"
    kind: ClassVar[str] = "home"

    searches: tuple[SavedLine, ...] = told("A member's saved searches, a few, with how much is new in each")
    all_searches: str = told("Where all of them are; empty for a guest")
    newest: tuple[WorkCard, ...] = told("The latest works, newest first")
    featured: tuple[WorkCard, ...] = told("A few finished stories with covers, others every day")
    fandoms: tuple[Shelf, ...] = told("The largest fandoms with their number of works")
    news: tuple[NewsLine, ...] = told("The latest news")
    texts: tuple[Name, ...] = told("Rules, help and other texts of the sites that came here, a few")
    has_challenges: bool = told("Whether there are challenges to look at")
    search: str = told("Where the search box sends its words")


def front(request: Request) -> HttpResponse:
    """The front page."""
    viewer = request.viewer
    exclusions = exclusions_of(viewer)
    spared = exclusions.spared()
    newest = Work.objects.visible_to(viewer).filter(spared).newest().with_card()[:NEWEST]
    page = FrontPage(
        title=site().sentence.rstrip("."),
        searches=lines_for(request, exclusions)[:SEARCHES],
        all_searches=links.searches(viewer.name) if viewer.user_id is not None else "",
        newest=cards_for(viewer, newest),
        featured=cards.of_all(_featured(viewer, spared)),
        fandoms=tuple(shelf(tag) for tag in sizes.largest(TagKind.FANDOM, viewer, exclusions, FANDOMS)),
        news=news.lines(list(NewsItem.objects.visible_to(viewer).latest_first()[:NEWS])),
        texts=site_pages.names(SitePage.objects.visible_to(viewer).by_title()[:TEXTS]),
        has_challenges=Challenge.objects.visible_to(viewer).exists(),
        search=links.SEARCH,
    )
    return show(request, page)


def _featured(viewer: Viewer, spared: Q) -> list[Work]:
    """Finished works for every eye, others each day: ids are drawn at random, so a place among them is a fair pick."""
    shelves = Work.objects.visible_to(viewer).filter(spared, status="complete", is_adult=False)
    shelves = shelves.filter(state="posted", is_hidden=False)
    today = hashlib.sha256(f"{now():%Y-%m-%d}".encode()).digest()
    start = int.from_bytes(today[:8]) % ids.LIMIT
    found = list(shelves.filter(pk__gte=start).order_by("pk").with_card()[:PICKED])
    if len(found) < PICKED:
        found += shelves.filter(pk__lt=start).order_by("pk").with_card()[: PICKED - len(found)]
    return _mixed(found)


def _mixed(works: Iterable[Work]) -> list[Work]:
    """As many as the shelf holds, one of each fandom first: covers of one fandom look alike."""
    firsts: dict[Tag | None, Work] = {}
    others = [
        work for work in works if firsts.setdefault(next(iter(work.tags(TagKind.FANDOM)), None), work) is not work
    ]
    return [*firsts.values(), *others][:FEATURED]
