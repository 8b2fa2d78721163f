"""Lists of works: all of them, a tag's, and what a search finds. One page, one form, one way to find."""
# ruff: noqa: RUF009 - told() is dataclasses.field with a help text

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, ClassVar

from undying.finding import engine
from undying.finding.criteria import DEEPEST_PAGE, Criteria, from_query
from undying.kernel.errors import NotVisible
from undying.library import access
from undying.manuscript import TagKind
from undying.web import asked, canon, cards, filters, links
from undying.web.cards import Name, WorkCard
from undying.web.page import Page, show, told
from undying.web.paging import Paging

if TYPE_CHECKING:
    from django.http import HttpResponse

    from undying.finding.engine import Listing
    from undying.finding.passages import Passage
    from undying.library.models import Tag
    from undying.people.viewer import Viewer
    from undying.web.filters import FilterForm
    from undying.web.request import Request


WAYS_OUT = 8
"""Filters that are tried when nothing matches."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """A work that was found, and where in it."""

    card: WorkCard
    passage: PassageLine | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PassageLine:
    """A piece of a chapter with what matched; `pieces` are (text, is a match)."""

    chapter: str
    url: str
    pieces: tuple[tuple[str, bool], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Chip:
    """A filter in force; following it lifts the filter. `left`: how many works match then, told when none do now."""

    phrase: canon.Phrase
    url: str
    left: int = 0


@dataclass(frozen=True, kw_only=True)
class WorksPage(Page):
    """Works that match the reader's filters."""

    template: ClassVar[str] = "works/list.html"
    part: ClassVar[str] = "results"
    kind: ClassVar[str] = "works-index"

    sentence: canon.Phrase = told("What is shown, as a sentence with the names of tags apart")
    works: tuple[Match, ...] = told("This page of the works, each with the passage that matched the search")
    total: int = told("How many works match")
    chips: tuple[Chip, ...] = told("Every filter in force, with the address of the list without it")
    ways_out: tuple[Chip, ...] = told("When nothing matches: the filters without which something does, best first")
    bare: str = told("The address of the list without any filter")
    everywhere: str = told("The same search in the whole archive, on a tag's list; else empty")
    tag: Name | None = told("The tag whose list this is")
    form: FilterForm = told("The filter form, with the tags of the result and their counts")
    troubles: tuple[str, ...] = told("What is wrong and belongs to no field of the form")
    paging: Paging = told("Where in the list this page stands")


@dataclass(frozen=True, kw_only=True)
class SearchPage(WorksPage):
    """The same, come to from the search box."""

    kind: ClassVar[str] = "works-search"


@dataclass(frozen=True, kw_only=True)
class CriteriaPaging(Paging):
    """Pages of a list whose address is made of criteria: a tag may be named several times under one name."""

    criteria: Criteria
    kinds: dict[int, TagKind]

    @property
    def last(self) -> int:
        """The number of the last page that the archive turns to."""
        return min(super().last, DEEPEST_PAGE)

    def address(self, number: int) -> str:
        """The address of one page of the list."""
        return links.works(self.path, replace(self.criteria, page=number).to_query(self.kinds))


def show_works(request: Request) -> HttpResponse:
    """Every work, or the list of the tag that `tag_id` names, as AO3's own form asks for it."""
    name = request.GET.get("tag_id", "")
    scope = access.tag_for(request.viewer, links.tag_name(name)) if name else None
    return _show(request, WorksPage, links.tag_works(scope) if scope else links.WORKS, scope)


def show_search(request: Request) -> HttpResponse:
    """What the search box leads to."""
    return _show(request, SearchPage, links.SEARCH)


def show_tag_works(request: Request, part: str) -> HttpResponse:
    """The works with a tag. `?kind=` chooses among kinds that share a name; else a fandom goes first."""
    kind = request.GET.get("kind", "")
    tag = access.tag_for(request.viewer, links.tag_name(part), TagKind(kind) if kind in set(TagKind) else None)
    return _show(request, WorksPage, links.tag_works(tag), tag)


def _show(request: Request, kind: type[WorksPage], path: str, scope: Tag | None = None) -> HttpResponse:
    asked_for = from_query(dict(request.GET.lists()), scope=scope.pk if scope else None)
    listing = engine.find(asked_for, request.viewer)
    kind_asked = request.GET.get("kind", "") if scope else ""
    here = _Place(f"{path}?kind={scope.kind}" if scope and kind_asked == scope.kind else path, listing, scope)
    if listing.criteria.page > here.paging.last:
        raise NotVisible("page", listing.criteria.page)
    page = kind(
        title=canon.plain(here.sentence),
        sentence=here.sentence,
        works=tuple(_matches(listing)),
        total=listing.total,
        chips=here.chips,
        ways_out=here.ways_out(request.viewer),
        bare=here.path,
        everywhere=links.works(links.WORKS, here.query(listing.criteria)) if scope else "",
        tag=Name(text=scope.name, url=links.of(scope)) if scope else None,
        form=filters.form(listing, request.GET, action=path, scope=scope),
        troubles=filters.general_troubles(listing),
        paging=here.paging,
    )
    response = show(request, page)
    response.headers["HX-Push-Url"] = links.works(here.path, here.query(listing.criteria))
    return response


class _Place:
    """A list under its address: everything that knows both what was found and where."""

    def __init__(self, path: str, listing: Listing, scope: Tag | None) -> None:
        self.path = path
        self.listing = listing
        self.scope = scope
        self.kinds = {number: TagKind(tag.kind) for number, tag in listing.tags.items()}

    def query(self, criteria: Criteria) -> str:
        return criteria.to_query(self.kinds)

    @property
    def sentence(self) -> canon.Phrase:
        return asked.sentence(self.listing.total, self.listing.in_force, self.scope, self.listing.tags)

    @property
    def chips(self) -> tuple[Chip, ...]:
        lifts = asked.lifts(self.listing.criteria, self.listing.tags)
        return tuple(self._chip(each) for each in lifts)

    def ways_out(self, viewer: Viewer) -> tuple[Chip, ...]:
        """What to lift when nothing matches. One search for each filter, and none when there is something to show."""
        if self.listing.total:
            return ()
        lifts = asked.lifts(self.listing.criteria, self.listing.tags)[:WAYS_OUT]
        counted = [self._chip(each, engine.count(each.rest, viewer)) for each in lifts]
        return tuple(sorted((chip for chip in counted if chip.left), key=lambda chip: -chip.left))

    def _chip(self, lift: asked.Lift, left: int = 0) -> Chip:
        return Chip(phrase=lift.phrase, url=links.works(self.path, self.query(lift.rest)), left=left)

    @property
    def paging(self) -> CriteriaPaging:
        criteria, total = self.listing.criteria, self.listing.total
        return CriteriaPaging(
            number=criteria.page,
            total=total,
            path=self.path,
            per_page=self.listing.size,
            criteria=criteria,
            kinds=self.kinds,
        )


def _matches(listing: Listing) -> list[Match]:
    return [Match(card=cards.of(work), passage=_line(work.pk, listing.passages.get(work.pk))) for work in listing.works]


def _line(work_id: int, passage: Passage | None) -> PassageLine | None:
    if passage is None:
        return None
    chapter = f"Chapter {passage.position}" + (f": {passage.title}" if passage.title else "")
    return PassageLine(chapter=chapter, url=links.chapter_number(work_id, passage.chapter_id), pieces=passage.pieces)
