"""The news that came with an archive, and what members said of it."""

# ruff: noqa: RUF009 - told() is dataclasses.field with a help text

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from undying.community import access
from undying.community.models import NewsItem
from undying.manuscript.clean import without_addresses
from undying.web import cards, links, reviews
from undying.web.page import Page, show, told
from undying.web.paging import Paging, paging

if TYPE_CHECKING:
    from datetime import datetime

    from django.http import HttpResponse

    from undying.manuscript import Prose
    from undying.web.cards import Name
    from undying.web.request import Request
    from undying.web.reviews import ReviewView


@dataclass(frozen=True, slots=True, kw_only=True)
class NewsLine:
    """A piece of news in a list."""

    title: str
    url: str
    posted: datetime | None


@dataclass(frozen=True, kw_only=True)
class NewsPage(Page):
    """All news, the latest first."""

    template: ClassVar[str] = "news/all.html"
    part: ClassVar[str] = "news"
    kind: ClassVar[str] = "admin_posts-index"

    news: tuple[NewsLine, ...] = told("This page of the news")
    paging: Paging = told("Where in the list this page stands")


@dataclass(frozen=True, kw_only=True)
class NewsItemPage(Page):
    """One piece of news with the comments on it."""

    template: ClassVar[str] = "news/item.html"
    part: ClassVar[str] = "comments"
    kind: ClassVar[str] = "admin_posts-show"

    author: Name | None = told("Who told it, where the source said so")
    posted: datetime | None = told("When")
    source: str = told("The site that it was news of")
    body: Prose = told("The news itself")
    comments: tuple[ReviewView, ...] = told("This page of comments, answers behind what they answer")
    paging: Paging = told("Where among the comments this page stands")


def lines(found: list[NewsItem]) -> tuple[NewsLine, ...]:
    """These pieces of news as a list shows them."""
    return tuple(
        NewsLine(title=each.title or "Without a title", url=links.of(each), posted=each.posted) for each in found
    )


def show_all(request: Request) -> HttpResponse:
    """The list of news."""
    found = NewsItem.objects.visible_to(request.viewer).latest_first()
    place = paging(request, found.count())
    return show(request, NewsPage(title="News", news=lines(list(found[place.start : place.stop])), paging=place))


def show_item(request: Request, number: int) -> HttpResponse:
    """One piece of news."""
    item = access.news_for(request.viewer, number)
    comments = list(item.comments.all())
    place = paging(request, len(comments), reviews.PER_PAGE)
    page = NewsItemPage(
        title=item.title or "News",
        author=cards.signed(item.author, item.archived_by),
        posted=item.posted,
        source=item.site,
        body=without_addresses(item.body),
        comments=reviews.views(comments)[place.start : place.stop],
        paging=place,
    )
    return show(request, page)
