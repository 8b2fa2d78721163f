"""Rules, help and other texts of the sites that came here."""

# ruff: noqa: RUF009 - told() is dataclasses.field with a help text

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from undying.community import access
from undying.community.models import SitePage as SitePageRow
from undying.manuscript.clean import without_addresses
from undying.web import links
from undying.web.cards import Name
from undying.web.page import Page, show, told
from undying.web.paging import Paging, paging

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.http import HttpResponse

    from undying.manuscript import Prose
    from undying.web.request import Request

PER_PAGE = 100


@dataclass(frozen=True, kw_only=True)
class SitePagesPage(Page):
    """The texts of the sites that came here, by title."""

    template: ClassVar[str] = "site_pages/all.html"
    kind: ClassVar[str] = "site_pages-index"

    pages: tuple[Name, ...] = told("This page of them, each with the site that it is of")
    paging: Paging = told("Where in the list this page stands")


@dataclass(frozen=True, kw_only=True)
class SitePage(Page):
    """One text of a site that came here."""

    template: ClassVar[str] = "site_pages/page.html"
    kind: ClassVar[str] = "site_pages-show"

    source: Name = told("The site that it is of, with its address there")
    body: Prose = told("The text itself")


def show_all(request: Request) -> HttpResponse:
    """The list of texts."""
    found = SitePageRow.objects.visible_to(request.viewer).by_title()
    place = paging(request, found.count(), PER_PAGE)
    return show(request, SitePagesPage(title="About", pages=names(found[place.start : place.stop]), paging=place))


def names(found: Iterable[SitePageRow]) -> tuple[Name, ...]:
    """These texts as a list shows them."""
    return tuple(Name(text=each.title or each.key, url=links.of(each), note=each.site) for each in found)


def show_one(request: Request, number: int) -> HttpResponse:
    """One text."""
    row = access.site_page_for(request.viewer, number)
    page = SitePage(
        title=row.title or row.key,
        source=Name(text=row.site, url=links.outside(row.url)),
        body=without_addresses(row.body),
    )
    return show(request, page)
