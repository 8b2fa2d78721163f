"""A member's pen names: all of them with the form for another, and a page for each. Hers alone to see."""

# ruff: noqa: RUF009 - told() is dataclasses.field with a help text

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from django.contrib import messages
from django.http import HttpResponseRedirect

from undying.formats.markdown import typed_prose
from undying.kernel.errors import NotVisible
from undying.library import pen_names
from undying.library.access import BIGGEST_ID
from undying.library.pen_names import BadPenName, PenName
from undying.web import links
from undying.web.fields import Maker
from undying.web.own import only_hers
from undying.web.page import Page, show, told
from undying.web.typed import sent

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.http import HttpResponse

    from undying.people.models import Pseud
    from undying.web.fields import Field
    from undying.web.request import Request

FIELDS = ("name", "description", "is_linked")


@dataclass(frozen=True, slots=True, kw_only=True)
class PenNameLine:
    """One of her pen names: its page, and where she changes it."""

    name: str
    url: str
    change: str
    works: int
    is_linked: bool
    is_default: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class IconView:
    """The picture of a pen name, and what it shows."""

    url: str
    alt: str


def icon_view(pseud: Pseud) -> IconView | None:
    """The picture of a pen name, if it has one. One query."""
    found = pen_names.icon_at(pseud)
    return None if found is None else IconView(url=links.icon(pseud, found), alt=found.alt)


@dataclass(frozen=True, kw_only=True)
class PenNamesPage(Page):
    """A member's pen names, and the form for another."""

    template: ClassVar[str] = "own/pen_names.html"
    kind: ClassVar[str] = "pen-names"

    account: str = told("The name of the account")
    lines: tuple[PenNameLine, ...] = told("Her pen names, the one that new works get first")
    fields: tuple[Field, ...] = told("The fields for another")
    is_refused: bool = told("Whether what was typed will not do")


@dataclass(frozen=True, kw_only=True)
class PenNamePage(Page):
    """One pen name of a member's, to be changed."""

    template: ClassVar[str] = "own/pen_name.html"
    kind: ClassVar[str] = "pen-name"

    line: PenNameLine = told("The pen name as the list shows it")
    icon: IconView | None = told("Its picture; None while it has none")
    icon_problem: str = told("Why the picture that was sent will not do; empty when nothing is wrong")
    alt: Field = told("What the picture shows")
    account: str = told("The name of the account")
    fields: tuple[Field, ...] = told("What she can say of it")
    is_refused: bool = told("Whether what was typed will not do")
    back: str = told("All of her pen names")


@only_hers
def show_pen_names(request: Request) -> HttpResponse:
    """All of them; on POST another is made."""
    viewer = request.viewer
    problems: Mapping[str, str] = {}
    if request.method == "POST":
        try:
            made = pen_names.make(viewer, _said(request))
        except BadPenName as refused:
            problems = refused.troubles
        else:
            messages.success(request, f"You can write as {made.name} now.")
            return HttpResponseRedirect(links.pen_names(viewer.name))
    page = PenNamesPage(
        title="Your pen names",
        account=viewer.name,
        lines=tuple(_line(viewer.name, each, works) for each, works in pen_names.mine(viewer)),
        fields=_fields(viewer.name, _typed(request), problems),
        is_refused=bool(problems),
    )
    return show(request, page)


@only_hers
def show_pen_name(request: Request, number: int) -> HttpResponse:
    """One of them; on POST it is changed, made the one that new works get, or taken away."""
    if number > BIGGEST_ID:
        raise NotVisible("page", number)
    viewer, pseud = request.viewer, pen_names.one_of_mine(request.viewer, number)
    problems: Mapping[str, str] = {}
    if request.method == "POST":
        try:
            return _done(request, pseud)
        except BadPenName as refused:
            problems = refused.troubles
            pseud.refresh_from_db()
        except pen_names.InUse as refused:
            messages.error(request, str(refused))
            return HttpResponseRedirect(links.pen_name(viewer.name, pseud))
    had = {"name": pseud.name, "description": str(pseud.description), "is_linked": "yes" if pseud.is_linked else ""}
    works = {each.pk: works for each, works in pen_names.mine(viewer)}
    icon = icon_view(pseud)
    page = PenNamePage(
        icon=icon,
        icon_problem=problems.get("icon", ""),
        alt=_alt(sent(request, "alt") if problems else icon.alt if icon else "", problems),
        title=f"Your pen name {pseud.name}",
        line=_line(viewer.name, pseud, works[pseud.pk]),
        account=viewer.name,
        fields=_fields(viewer.name, _typed(request) if "name" in request.POST and problems else had, problems),
        is_refused=bool(problems),
        back=links.pen_names(viewer.name),
    )
    return show(request, page)


def _done(request: Request, pseud: Pseud) -> HttpResponse:
    """Do what the form asks. Raises BadPenName and InUse."""
    viewer = request.viewer
    match request.POST.get("act"):
        case "default":
            pen_names.make_default(viewer, pseud)
            messages.success(request, f"New works are by {pseud.name} now, where you choose no other name.")
        case "icon":
            pen_names.set_icon(pseud, _sent_file(request), " ".join(sent(request, "alt").split()))
            messages.success(request, "Its page shows the picture now.")
            return HttpResponseRedirect(links.pen_name(viewer.name, pseud))
        case "no-icon":
            pen_names.drop_icon(pseud)
            messages.success(request, "Its page shows no picture any more.")
            return HttpResponseRedirect(links.pen_name(viewer.name, pseud))
        case "delete":
            pen_names.take_away(pseud)
            messages.success(request, f"{pseud.name} is no pen name of yours any more.")
        case _:
            pen_names.change(viewer, pseud, _said(request))
            messages.success(request, "Saved.")
    return HttpResponseRedirect(links.pen_names(viewer.name))


def _sent_file(request: Request) -> bytes:
    file = request.FILES.get("icon")
    return file.read() if file is not None else b""


def _alt(value: str, problems: Mapping[str, str]) -> Field:
    return Maker({"alt": (value,)}, problems).line(
        "alt", "What it shows", help="In a few words, for who cannot see it."
    )


def _typed(request: Request) -> dict[str, str]:
    return {name: sent(request, name) for name in FIELDS}


def _said(request: Request) -> PenName:
    typed = _typed(request)
    return PenName(
        name=" ".join(typed["name"].split()),
        description=typed_prose(typed["description"]),
        is_linked=bool(typed["is_linked"]),
    )


def _fields(account: str, typed: Mapping[str, str], problems: Mapping[str, str]) -> tuple[Field, ...]:
    make = Maker({name: (value,) for name, value in typed.items() if value}, problems)
    linked = f"Show that it is mine: on its page, and on the page of {account}"
    return (
        make.line("name", "Pen name"),
        make.line(
            "description",
            "What readers should know",
            "lines",
            rows=5,
            help="It stands on the page of this name. Plain text, Markdown or HTML.",
        ),
        make.choice(
            "is_linked",
            "Link",
            [("yes", linked)],
            help="Without it nothing that others see tells whose name it is. Its address changes when you change this.",
        ),
    )


def _line(account: str, pseud: Pseud, works: int) -> PenNameLine:
    return PenNameLine(
        name=pseud.name,
        url=links.of(pseud),
        change=links.pen_name(account, pseud),
        works=works,
        is_linked=pseud.is_linked,
        is_default=pseud.is_default,
    )
