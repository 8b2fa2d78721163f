"""Lists of works: all of them, a tag's, and what a search finds. One page, one form, one way to find."""
# ruff: noqa: RUF009 - told() is dataclasses.field with a help text

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, ClassVar

from django.http import HttpResponseRedirect

from undying.finding import engine, spelling
from undying.finding.criteria import DEEPEST_PAGE, Criteria, Spelling, from_query
from undying.kernel.errors import NotVisible
from undying.library import access
from undying.manuscript import TagKind
from undying.web import asked, canon, filters, links, own
from undying.web.cards import Name, WorkCard
from undying.web.page import Page, show, told
from undying.web.paging import Paging
from undying.web.searches import to_keep
from undying.web.searching import tabs
from undying.web.tags import kind_needed

if TYPE_CHECKING:
    from django.http import HttpResponse

    from undying.finding.engine import Listing
    from undying.finding.passages import Passage
    from undying.library.models import Tag
    from undying.people.viewer import Viewer
    from undying.web.filters import FilterForm
    from undying.web.own import LeftOut
    from undying.web.request import Request
    from undying.web.searching import Tab


WAYS_OUT = 8
"""Filters that are tried when nothing matches."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """A work that was found, and where in it."""

    card: WorkCard
    passages: tuple[PassageLine, ...]


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


@dataclass(frozen=True, slots=True)
class Respelling:
    """A search with other words: where it is, in pieces of (text, is new), and how many works it finds."""

    url: str
    pieces: tuple[tuple[str, bool], ...]
    total: int


@dataclass(frozen=True, kw_only=True)
class WorksPage(Page):
    """Works that match the reader's filters."""

    template: ClassVar[str] = "works/list.html"
    part: ClassVar[str] = "results"
    kind: ClassVar[str] = "works-index"

    lead: canon.Phrase = told("How many works are shown and of what list, with the names of tags apart")
    rest: canon.Phrase = told("How that sentence goes on with the filters in force, which the chips show to the eye")
    typed: tuple[tuple[str, bool], ...] = told("The words of a search that has faults: pieces, and which are at fault")
    tabs: tuple[Tab, ...] = told("The kinds of things that can be searched for; none on lists that are no search")
    works: tuple[Match, ...] = told("This page of the works, each with the passages that matched the search")
    total: int = told("How many works match")
    chips: tuple[Chip, ...] = told("Every filter in force, with the address of the list without it")
    meant: tuple[Chip, ...] = told("For names of tags that nothing has: the lists with tags whose names are like them")
    respelt: Respelling | None = told("When nothing matches: the search with words put right that nobody wrote")
    ways_out: tuple[Chip, ...] = told(
        "When nothing matches: the filters without which something does, or else the fewest"
    )
    address: str = told("The short address of this page of the list, whatever it was asked for by")
    bare: str = told("The address of the list without any filter")
    everywhere: str = told("The same search in the whole archive, on a tag's list; else empty")
    tag: Name | None = told("The tag whose list this is")
    form: FilterForm = told("The filter form, with the tags of the result and their counts")
    troubles: tuple[str, ...] = told("What is wrong and belongs to no field of the form")
    field_troubles: tuple[str, ...] = told("What is wrong with filters, for phones, whose fields are out of sight")
    left_out: LeftOut | None = told("What the reader's own exclusions keep from the list, if anything")
    keep: str = told("Where a member keeps the search under a name; empty for a guest")
    feed: str = told("The address of the list's feed, as everybody may see it")
    paging: Paging = told("Where in the list this page stands")

    @property
    def cards(self) -> tuple[WorkCard, ...]:
        """The works on it."""
        return tuple(each.card for each in self.works)


@dataclass(frozen=True, kw_only=True)
class SearchPage(WorksPage):
    """The same, come to from the search box."""

    kind: ClassVar[str] = "works-search"


@dataclass(frozen=True, kw_only=True)
class CriteriaPaging(Paging):
    """Pages of a list whose address is made of criteria: a tag may be named several times under one name."""

    criteria: Criteria
    spelling: Spelling

    @property
    def last(self) -> int:
        """The number of the last page that the archive turns to."""
        return min(super().last, DEEPEST_PAGE)

    def address(self, number: int) -> str:
        """The address of one page of the list."""
        return links.works(self.path, replace(self.criteria, page=number).to_query(self.spelling))


def show_works(request: Request) -> HttpResponse:
    """Every work, or the list of the tag that `tag_id` names, as AO3's own form asks for it."""
    scope = scope_of(request)
    return _show(request, WorksPage, links.tag_works(scope) if scope else links.WORKS, scope)


def scope_of(request: Request, name: str = "") -> Tag | None:
    """The tag of whose works a list is: that of this name, else of the one that `tag_id` gives. `?kind=` chooses among
    kinds that share a name; else a fandom goes first. Raises NotVisible.
    """
    name, kind = name or links.tag_name(request.GET.get("tag_id", "")), request.GET.get("kind", "")
    return access.tag_for(request.viewer, name, TagKind(kind) if kind in set(TagKind) else None) if name else None


def show_search(request: Request) -> HttpResponse:
    """What the search box leads to."""
    return _show(request, SearchPage, links.SEARCH)


def show_tag_works(request: Request, part: str) -> HttpResponse:
    """The works with a tag; the list of a synonym is that of its canonical tag."""
    tag = scope_of(request, links.tag_name(part))
    if tag is None:
        raise NotVisible("tag", part)
    return _show(request, WorksPage, links.tag_works(tag), tag)


def _of_meant(request: Request, tag: Tag) -> str:
    """The address of the canonical tag's list, with the filters that were asked for."""
    query = request.GET.copy()
    for name in ("kind", "tag_id"):
        query.pop(name, None)
    query.update(kind_needed(request.viewer, tag))
    return links.works(links.tag_works(tag), query.urlencode())


def _show(request: Request, kind: type[WorksPage], path: str, scope: Tag | None = None) -> HttpResponse:
    if scope and scope.canonical:
        return HttpResponseRedirect(_of_meant(request, scope.canonical))
    asked_for = from_query(filters.arranged(dict(request.GET.lists())), scope=scope.pk if scope else None)
    listing = engine.find(asked_for, request.viewer)
    kind_asked = request.GET.get("kind", "") if scope else ""
    here = _Place(f"{path}?kind={scope.kind}" if scope and kind_asked == scope.kind else path, listing, scope)
    here.paging.refuse_past_the_end()
    address = links.works(here.path, here.query(listing.criteria))
    if _is_form(request) and not listing.troubles:
        return HttpResponseRedirect(address)
    page = kind(
        title=canon.plain(here.sentence),
        lead=here.lead,
        rest=here.sentence[len(here.lead) :],
        typed=asked.at_fault(asked_for.query),
        tabs=tabs(asked_for.query, request.viewer, path, listing.total) if kind is SearchPage else (),
        works=tuple(_matches(listing, request.viewer)),
        total=listing.total,
        chips=here.chips,
        meant=here.meant(request.viewer),
        respelt=here.respelt(request.viewer),
        ways_out=here.ways_out(request.viewer),
        address=address,
        bare=here.path,
        everywhere=links.works(links.WORKS, here.query(listing.criteria)) if scope else "",
        tag=Name(text=scope.name, url=links.of(scope)) if scope else None,
        form=filters.form(listing, request.GET, action=path, scope=scope),
        troubles=filters.general_troubles(listing),
        field_troubles=filters.field_troubles(listing),
        left_out=here.left_out(request.viewer),
        keep=here.keep(request.viewer),
        feed=links.feed(here.path, here.query(replace(listing.criteria, page=1, anyway=False))),
        paging=here.paging,
    )
    response = show(request, page)
    response.headers["HX-Push-Url"] = address
    return response


def _is_form(request: Request) -> bool:
    """Whether a browser without scripts sent the form, with all that is empty in it: what it finds has an address that
    can be read and shared. What was wrong is told where it was typed.
    """
    empty = (name for name, value in request.GET.items() if not value)
    return "HX-Request" not in request.headers and any(name.startswith("work_search[") for name in empty)


class _Place:
    """A list under its address: everything that knows both what was found and where."""

    def __init__(self, path: str, listing: Listing, scope: Tag | None) -> None:
        self.path = path
        self.listing = listing
        self.scope = scope

    def query(self, criteria: Criteria) -> str:
        return criteria.to_query(self.listing.spelling)

    @property
    def sentence(self) -> canon.Phrase:
        return asked.sentence(self.listing.total, self.listing.in_force, self.scope, self.listing)

    @property
    def lead(self) -> canon.Phrase:
        """How the sentence begins: the list without its filters."""
        return asked.sentence(self.listing.total, Criteria(), self.scope, self.listing)

    @property
    def chips(self) -> tuple[Chip, ...]:
        lifts = asked.lifts(self.listing.criteria, self.listing)
        return tuple(self._chip(each) for each in lifts)

    def meant(self, viewer: Viewer) -> tuple[Chip, ...]:
        """What was perhaps meant by names that nothing has. One look at the index, and none when each name is known."""
        chips = self._counted(asked.instead(self.listing), viewer)
        return tuple(sorted((chip for chip in chips if chip.left), key=lambda chip: -chip.left))

    def respelt(self, viewer: Viewer) -> Respelling | None:
        """The search with words put right, when it finds nothing. A few looks at the index, else none."""
        better = None if self.listing.total else spelling.respelt(self.listing.criteria, viewer)
        if better is None:
            return None
        return Respelling(links.works(self.path, self.query(better.criteria)), better.pieces, better.total)

    def ways_out(self, viewer: Viewer) -> tuple[Chip, ...]:
        """What to lift when nothing matches: a filter, or the fewest together. One look at the index, and none when
        there is something to show.
        """
        if self.listing.total:
            return ()
        lifts = asked.lifts(self.listing.criteria, self.listing)[:WAYS_OUT]
        chips = self._counted([*lifts, *asked.fewer(self.listing.criteria, self.listing)[:WAYS_OUT]], viewer)
        single = [chip for chip in chips[: len(lifts)] if chip.left]
        together = [chip for chip in chips[len(lifts) :] if chip.left][:1]
        return tuple(sorted(single, key=lambda chip: -chip.left)) or tuple(together)

    def _counted(self, lifts: list[asked.Lift], viewer: Viewer) -> list[Chip]:
        numbers = engine.counts([each.rest for each in lifts], viewer) if lifts else []
        return [self._chip(each, left) for each, left in zip(lifts, numbers, strict=True)]

    def left_out(self, viewer: Viewer) -> LeftOut | None:
        listing, is_lifted = self.listing, self.listing.criteria.anyway
        other = replace(listing.criteria, anyway=not is_lifted, page=1)
        return own.left_out(viewer, listing.left_out, links.works(self.path, self.query(other)), is_lifted=is_lifted)

    def keep(self, viewer: Viewer) -> str:
        return links.new_search(viewer.name, to_keep(self.listing.criteria)) if viewer.user_id is not None else ""

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
            spelling=self.listing.spelling,
        )


def _matches(listing: Listing, viewer: Viewer) -> list[Match]:
    made = own.cards_for(viewer, listing.works)
    return [Match(card=card, passages=_lines(card.id, listing)) for card in made]


def _lines(work_id: int, listing: Listing) -> tuple[PassageLine, ...]:
    return tuple(_line(work_id, passage) for passage in listing.passages.get(work_id, ()))


def _line(work_id: int, passage: Passage) -> PassageLine:
    chapter = f"Chapter {passage.position}" + (f": {passage.title}" if passage.title else "")
    url = links.place(links.chapter_number(work_id, passage.chapter_id), *passage.place)
    return PassageLine(chapter=chapter, url=url, pieces=passage.pieces)
