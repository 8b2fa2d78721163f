"""Changing many works at once: an author ticks them, says what becomes other, sees what will change, and does it."""

# ruff: noqa: RUF009 - told() is dataclasses.field with a help text

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from django.contrib import messages
from django.http import HttpResponseRedirect

from undying.library import many, writing
from undying.library.access import BIGGEST_ID, LONGEST_ID
from undying.library.many import Changes
from undying.manuscript import Answer, Audience, State, Tagging, TagKind
from undying.manuscript.wishes import FOR_MACHINES, FOR_PEOPLE
from undying.people.actions import LONGEST_WISH
from undying.web import links, wishing, wording
from undying.web.cards import Name
from undying.web.fields import Group, Maker
from undying.web.own import only_hers
from undying.web.page import Page, show, told
from undying.web.paging import Paging, paging
from undying.web.writing_forms import AUDIENCES, LABELS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.http import HttpResponse

    from undying.library.many import Outcome
    from undying.library.models import Work
    from undying.people.models import Pseud
    from undying.people.viewer import Viewer
    from undying.web.fields import Field
    from undying.web.request import Request

LOOK, CHANGE, BACK = "look", "change", "back"
PER_PAGE = 50
UNSAID = "unsaid"
"""How a form says that something is unsaid from now on: nothing at all leaves it as it is."""
_LEAVE = ("", "Leave it as it is")
_ADDED = (TagKind.FANDOM, TagKind.RELATIONSHIP, TagKind.CHARACTER, TagKind.ADDITIONAL)
_MARKS: dict[str, str] = {Audience.MEMBERS: "For members", Audience.LINK: "By link"}
_BY_LINES = "Each on a line of its own."


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A work to tick. `marks` say what is particular about it."""

    id: int
    name: Name
    marks: tuple[str, ...]
    is_ticked: bool


@dataclass(frozen=True, kw_only=True)
class ManyPage(Page):
    """An author's works, to tick, and what shall change in those."""

    template: ClassVar[str] = "own/many.html"
    kind: ClassVar[str] = "works-edit-many"

    lines: tuple[Line, ...] = told("This page of her works, the latest first")
    total: int = told("How many works she has")
    groups: tuple[Group, ...] = told("What can change, as typed")
    problem: str = told("Why nothing can be shown of what was sent; empty when nothing is wrong")
    tick_all: str = told("Where all works of this page are ticked")
    paging: Paging = told("Where in the list this page stands")


@dataclass(frozen=True, kw_only=True)
class ManySurePage(Page):
    """What will change, and in which works, before anything does."""

    template: ClassVar[str] = "own/many_sure.html"
    kind: ClassVar[str] = "works-edit-many"

    said: tuple[tuple[str, str], ...] = told("What becomes other: labels with what it will be")
    changing: tuple[Name, ...] = told("The works that will change")
    same: tuple[Name, ...] = told("Those that are so already")
    refused: tuple[Name, ...] = told("Those that cannot be changed so, each with why")
    hidden: tuple[tuple[str, str], ...] = told("All that was sent, to be sent on")


@only_hers
def show_many(request: Request) -> HttpResponse:
    """The list and the form; then what will change; then it is done, and told."""
    if request.method != "POST" or request.POST.get("act") == BACK:
        return _choose(request, "")
    changes, numbers = _changes(request), _numbers(request)
    if not numbers:
        return _choose(request, "Tick the works first that shall change.")
    if not changes:
        return _choose(request, "Say below what shall change.")
    if request.POST.get("act") != CHANGE:
        return _ask(request, many.look(request.viewer, numbers, changes))
    _tell(request, many.change(request.viewer, numbers, changes))
    return HttpResponseRedirect(links.many(request.viewer.name))


def _tell(request: Request, outcomes: list[Outcome]) -> None:
    changed = sum(each.changes for each in outcomes)
    messages.success(request, f"{wording.counted(changed, 'work')} changed.")
    for each in outcomes:
        if each.refused:
            messages.warning(request, f"“{each.work.title}” was not changed: {each.refused}")


def _choose(request: Request, problem: str) -> HttpResponse:
    viewer, works = request.viewer, many.works_of(request.viewer)
    place = paging(request, works.count(), PER_PAGE)
    ticked, all_ = set(_numbers(request)), request.method == "GET" and request.GET.get("tick") == "all"
    here = links.many(viewer.name)
    page = ManyPage(
        title="Change many works",
        lines=tuple(_line(each, is_ticked=all_ or each.pk in ticked) for each in works[place.start : place.stop]),
        total=place.total,
        groups=_groups(request),
        problem=problem,
        tick_all=links.with_query(here, {"page": str(place.number), "tick": "all"}),
        paging=place,
    )
    return show(request, page)


def _line(work: Work, *, is_ticked: bool) -> Line:
    marks = [_MARKS[work.audience]] if work.audience in _MARKS else []
    if work.state == State.DRAFT:
        marks.insert(0, "Draft")
    return Line(id=work.pk, name=Name(text=work.title, url=links.of(work)), marks=tuple(marks), is_ticked=is_ticked)


def _ask(request: Request, outcomes: list[Outcome]) -> HttpResponse:
    page = ManySurePage(
        title="What will change",
        said=tuple(_said(request)),
        changing=tuple(_name(each) for each in outcomes if each.changes),
        same=tuple(_name(each) for each in outcomes if not each.changes and not each.refused),
        refused=tuple(_name(each) for each in outcomes if each.refused),
        hidden=tuple((name, value) for name, values in _typed(request).items() for value in values),
    )
    return show(request, page)


def _name(outcome: Outcome) -> Name:
    return Name(text=outcome.work.title, url=links.of(outcome.work), note=outcome.refused)


# -- What was typed ---------------------------------------------------------------------------------------------------


def _typed(request: Request) -> dict[str, tuple[str, ...]]:
    """All that was sent but the button and the token, without what no database takes."""
    names = (
        "work",
        "audience",
        "language",
        "pseud",
        *FOR_MACHINES,
        *FOR_PEOPLE,
        "words",
        *map(_adds, _ADDED),
        "remove",
    )
    return {
        name: tuple(each.replace("\0", "").replace("\r\n", "\n") for each in request.POST.getlist(name))
        for name in names
        if name in request.POST
    }


def _numbers(request: Request) -> list[int]:
    given = request.POST.getlist("work")
    numbers = (int(each) for each in given if each.isascii() and each.isdecimal() and len(each) <= LONGEST_ID)
    return [each for each in numbers if each <= BIGGEST_ID]


def _adds(kind: TagKind) -> str:
    return f"add_{kind.value}"


def _first(request: Request, name: str) -> str:
    return " ".join(next(iter(_typed(request).get(name, ())), "").split())


def _lines(request: Request, name: str) -> list[str]:
    text = next(iter(_typed(request).get(name, ())), "")
    return [line for each in text.split("\n") if (line := " ".join(each.split()))]


def _changes(request: Request) -> Changes:
    """What was said; of what cannot be chosen, nothing."""
    audience, language, pseud = (_first(request, name) for name in ("audience", "language", "pseud"))
    hers = {str(each.pk): each.pk for each in writing.pseuds_of(request.viewer)}
    given = {name: _first(request, name) for name in (*FOR_MACHINES, *FOR_PEOPLE)}
    known = {UNSAID: "", **{each.value: each.value for each in Answer if each}}
    given = {name: value for name, value in given.items() if value != Answer.ASK or name in FOR_PEOPLE}
    words = _first(request, "words")
    return Changes(
        audience=Audience(audience) if audience in set(Audience) else None,
        language=language if language in dict(wording.languages()) else "",
        pseud=hers.get(pseud, 0),
        wishes={
            **{name: known[value] for name, value in given.items() if value in known},
            **({"words": words} if words else {}),
        },
        add=tuple(Tagging(kind=kind, name=name) for kind in _ADDED for name in _lines(request, _adds(kind))),
        remove=frozenset(_lines(request, "remove")),
    )


def _said(request: Request) -> Iterator[tuple[str, str]]:
    """The changes in words: labels with what it will be."""
    for group in _groups(request):
        for each in group.fields:
            chosen = [option.text for option in each.options if option.is_chosen and option.value]
            text = ", ".join(chosen) or ", ".join(_lines(request, each.name))
            if text:
                yield each.label, text


# -- The fields -------------------------------------------------------------------------------------------------------


def _groups(request: Request) -> tuple[Group, ...]:
    make = Maker({name: each for name, each in _typed(request).items() if any(each)}, {})
    return (
        Group(legend="Who may read them, and their language", fields=tuple(_about(make, request.viewer))),
        Group(legend="Tags", fields=tuple(_tags(make)), is_folded=True),
        Group(legend="What others may do", fields=tuple(_wishes(make)), is_folded=True),
    )


def _about(make: Maker, viewer: Viewer) -> Iterator[Field]:
    yield make.choice("audience", LABELS["audience"], [_LEAVE, *AUDIENCES], "select")
    yield make.choice("language", LABELS["language"], [_LEAVE, *wording.languages()], "select")
    pseuds: list[Pseud] = writing.pseuds_of(viewer)
    if len(pseuds) > 1:
        names = [_LEAVE, *((str(each.pk), each.name) for each in pseuds)]
        help_ = "In place of your other pen names. Other creators of a work stay as they are."
        yield make.choice("pseud", "Under the pen name", names, "select", help=help_)


def _tags(make: Maker) -> Iterator[Field]:
    for kind in _ADDED:
        yield make.line(_adds(kind), f"Add {LABELS[kind.value].lower()}", "lines", help=_BY_LINES, rows=2)
    yield make.line("remove", "Take tags away", "lines", help=f"Of any kind, by their names. {_BY_LINES}", rows=2)


def _wishes(make: Maker) -> Iterator[Field]:
    machines = [_LEAVE, (UNSAID, "As the archive has it"), ("yes", "Yes"), ("no", "No")]
    for name in FOR_MACHINES:
        yield make.choice(name, wishing.LABELS[name], machines, "select")
    people = [_LEAVE, (UNSAID, "Unsaid"), ("yes", "Yes"), ("ask", "Ask first"), ("no", "No")]
    for name in FOR_PEOPLE:
        yield make.choice(name, wishing.LABELS[name], people, "select")
    yield make.line("words", wishing.LABELS["words"], most=LONGEST_WISH, help="Empty: what each says already stays.")
