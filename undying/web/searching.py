"""Searching for what is no work: people, tags and series; and the tabs that lead from each kind to the others."""

# ruff: noqa: RUF009 - told() is dataclasses.field with a help text

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from undying.community.excluding import exclusions_of
from undying.finding import engine, others
from undying.finding.criteria import Criteria
from undying.manuscript import TagKind
from undying.web import links
from undying.web.page import Page, show, told
from undying.web.paging import Paging, paging
from undying.web.tags import KINDS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from django.http import HttpResponse

    from undying.finding.others import Names
    from undying.library.models import Series, Tag
    from undying.people.models import Pseud
    from undying.people.viewer import Viewer
    from undying.web.request import Request

LONGEST = 2000
"""Characters of a search that are read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tab:
    """A kind of thing to search for. `found` is how many there are, in words; empty before anything was typed."""

    label: str
    url: str
    found: str
    is_here: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A person, tag or series that was found. `count` is its number of works; None where that is not known."""

    name: str
    url: str
    note: str
    count: int | None


@dataclass(frozen=True, kw_only=True)
class NamesPage(Page):
    """People, tags or series that a search found."""

    template: ClassVar[str] = "search/names.html"
    kind: ClassVar[str] = "names-search"

    what: str = told("What is searched for: people, tags, series")
    query: str = told("What was typed")
    action: str = told("Where the search box sends its words")
    tabs: tuple[Tab, ...] = told("The kinds of things that can be searched for, with how many there are")
    lines: tuple[Line, ...] = told("This page of what was found")
    found: str = told("How many were found of what, in words; empty before anything was typed")
    paging: Paging = told("Where in the list this page stands")


@dataclass(frozen=True, slots=True)
class _Kind:
    label: str
    one: str
    path: str
    find: Callable[[str, Viewer], Names[Any]]
    lines: Callable[[Sequence[Any], Viewer], Iterator[Line]]


def show_people(request: Request) -> HttpResponse:
    """People by name."""
    return _show(request, _PEOPLE)


def show_tags(request: Request) -> HttpResponse:
    """Tags of every kind by name."""
    return _show(request, _TAGS)


def show_series(request: Request) -> HttpResponse:
    """Series by title."""
    return _show(request, _SERIES)


def tabs(query: str, viewer: Viewer, here: str, number: int) -> tuple[Tab, ...]:
    """The four kinds for one search. `number` is how many are found of the kind that is here."""
    labels = {links.SEARCH: "Works", **{each.path: each.label for each in _KINDS.values()}}
    return tuple(
        Tab(
            label=label,
            url=links.asking(path, query),
            found=_told(number if path == here else _number(query, viewer, path), path) if query else "",
            is_here=path == here,
        )
        for path, label in labels.items()
    )


def _number(query: str, viewer: Viewer, path: str) -> int:
    if path == links.SEARCH:
        return engine.count(Criteria(query=query), viewer)
    return _KINDS[path].find(query, viewer).count()


def _told(number: int, path: str) -> str:
    return f"{number:,}" + "+" * (path in _KINDS and number >= others.MOST_FOUND)


def _found(number: str, kind: _Kind) -> str:
    noun = kind.one if number == "1" else kind.label.lower()
    return f"{'No' if number == '0' else number} {noun}" if number else ""


def _show(request: Request, kind: _Kind) -> HttpResponse:
    query = request.GET.get("q", "").replace("\0", "").strip()[:LONGEST]
    found = kind.find(query, request.viewer)
    place = paging(request, found.count() if query else 0)
    made = tabs(query, request.viewer, kind.path, place.total)
    page = NamesPage(
        title=f"{kind.label}: {query}" if query else f"Search: {kind.label.lower()}",
        what=kind.label.lower(),
        query=query,
        action=kind.path,
        tabs=made,
        lines=tuple(kind.lines(found.part(place.start, place.stop), request.viewer)) if place.total else (),
        found=_found(next(tab.found for tab in made if tab.is_here), kind),
        paging=place,
    )
    return show(request, page)


def _people(found: Sequence[Pseud], viewer: Viewer) -> Iterator[Line]:
    works = others.works_of_people(found, viewer)
    for each in found:
        other = each.user.username if each.user and each.is_linked and each.user.username != each.name else ""
        note = f"a pen name of {other}" if other else "" if each.user else f"from {each.site}" if each.site else ""
        yield Line(name=each.name, url=links.of(each), note=note, count=works.get(each.pk, 0))


def _tags(found: Sequence[Tag], viewer: Viewer) -> Iterator[Line]:
    works = engine.uses([tag.canonical_id or tag.pk for tag in found], viewer, exclusions_of(viewer))
    for each in found:
        means = f", the same as {each.canonical.name}" if each.canonical else ""
        note = f"{KINDS[TagKind(each.kind)]}{means}"
        yield Line(name=each.name, url=links.tag_works(each), note=note, count=works.get(each.canonical_id or each.pk))


def _series(found: Sequence[Series], viewer: Viewer) -> Iterator[Line]:
    works = others.works_of_series(found, viewer)
    for each in found:
        yield Line(
            name=each.title,
            url=links.of(each),
            note=f"from {each.site}" if each.site else "",
            count=works.get(each.pk, 0),
        )


_PEOPLE = _Kind("People", "person", links.SEARCH_PEOPLE, others.people, _people)
_TAGS = _Kind("Tags", "tag", links.SEARCH_TAGS, others.tags, _tags)
_SERIES = _Kind("Series", "series", links.SEARCH_SERIES, others.series, _series)
_KINDS = {each.path: each for each in (_PEOPLE, _TAGS, _SERIES)}
