"""The archivist's page of opt-outs. What is typed into it is not stored and not shown again.

For everybody else it does not exist.
"""
# ruff: noqa: RUF009 - told() is dataclasses.field with a help text

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from django.contrib import messages
from django.http import HttpResponseRedirect

from undying.exchange import departures, optouts, tasks
from undying.exchange.optouts import Person
from undying.exchange.private import Asked, OptOut
from undying.kernel.errors import NotVisible, Refused
from undying.kernel.tasks import later
from undying.library.access import BIGGEST_ID
from undying.web import links
from undying.web.desk import archivists_only, by_form_only
from undying.web.page import Page, show, told
from undying.web.paging import Paging, paging
from undying.web.wording import counted

if TYPE_CHECKING:
    from datetime import date

    from django.http import HttpResponse

    from undying.web.request import Request

ROWS = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class OptOutLine:
    """What somebody asked and when. `mark` tells two lines apart, and nothing else.

    `is_known`: it was noted under the present secret key, so that she would be known again.
    """

    number: int
    asked: str
    since: date
    mark: str
    is_known: bool
    url: str


@dataclass(frozen=True, kw_only=True)
class OptOutsPage(Page):
    """The list, and the form to add to it or to look somebody up."""

    template: ClassVar[str] = "authors/optouts.html"
    kind: ClassVar[str] = "opt-outs-index"

    lines: tuple[OptOutLine, ...] = told("This page of the list")
    paging: Paging = told("Where in the list this page stands")
    unknown: int = told("How many were noted under another secret key, so that nobody would know them again")
    unknown_why: str = told("What that means and what mends it; empty when there are none")
    trouble: str = told("What stands in the way; empty when nothing")
    answer: str = told("Whether the one who was looked up is on the list; empty when nobody was")


@archivists_only
def show_opt_outs(request: Request) -> HttpResponse:
    """The list; on POST somebody is looked up, or noted and taken out, or what is not known again is taken off."""
    trouble = answer = ""
    if request.method == "POST":
        person = Person(**{name: request.POST.get(name, "").replace("\0", "") for name in ("email", "name", "site")})
        try:
            match request.POST.get("act"):
                case "check":
                    answer = _looked_up(person)
                case "remove-unknown":
                    return _unknown_removed(request)
                case _:
                    return _noted(request, person)
        except Refused as refused:
            trouble = str(refused)
    place = paging(request, OptOut.objects.count(), ROWS)
    key, unknown = optouts.key_mark(), optouts.unknown().count()
    page = OptOutsPage(
        title="Opt-outs",
        lines=tuple(_line(each, key) for each in OptOut.objects.order_by("-pk")[place.start : place.stop]),
        paging=place,
        unknown=unknown,
        unknown_why=str(optouts.OtherKey(unknown)) if unknown else "",
        trouble=trouble,
        answer=answer,
    )
    response = show(request, page)
    response.headers["Cache-Control"] = "no-store"
    return response


def _noted(request: Request, person: Person) -> HttpResponse:
    asked = Asked.NO_MAIL if request.POST.get("act") == "no-mail" else Asked.NOT_HERE
    taken = departures.opt_out(person, asked, by=request.viewer.name)
    if asked == Asked.NO_MAIL:
        messages.success(request, "Noted. She is never written to.")
    else:
        later(tasks.carry_out_departures)
        messages.success(
            request,
            f"Noted. {counted(taken.works, 'work')} out of sight, to be deleted with all original bytes; "
            f"{taken.struck} kept without her name; {counted(taken.reviews, 'review')} deleted.",
        )
    return HttpResponseRedirect(links.OPT_OUTS)


class NotSure(Refused):
    """It has to be meant."""


def _unknown_removed(request: Request) -> HttpResponse:
    if "sure" not in request.POST:
        raise NotSure("Tick first that you know what it means: from then on nothing keeps these people out.")
    messages.success(request, f"{counted(optouts.remove_unknown(), 'opt-out')} taken off the list.")
    return HttpResponseRedirect(links.OPT_OUTS)


def _looked_up(person: Person) -> str:
    found = optouts.holds(person)
    if not found:
        return "Not on the list."
    return "On the list: " + ", ".join(f"{each.get_asked_display()} (since {each.since})" for each in found) + "."


def _line(row: OptOut, key: str) -> OptOutLine:
    return OptOutLine(
        number=row.pk,
        asked=row.get_asked_display().capitalize(),
        since=row.since,
        mark=row.digest[:8],
        is_known=row.key == key,
        url=links.opt_out(row.pk),
    )


@archivists_only
@by_form_only
def remove(request: Request, number: int) -> HttpResponse:
    """Take one off the list."""
    try:
        optouts.remove(min(number, BIGGEST_ID))
    except optouts.NoSuchOptOut as error:
        raise NotVisible("page", number) from error
    messages.success(request, "Taken off the list. What was taken out does not come back by itself.")
    return HttpResponseRedirect(links.OPT_OUTS)
