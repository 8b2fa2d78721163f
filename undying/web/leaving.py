"""Taking home what is hers, letting go of a work, leaving the archive: pages that are there for a member alone."""

# ruff: noqa: RUF009 - told() is dataclasses.field with a help text

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from django.contrib import messages
from django.contrib.auth import logout
from django.http import FileResponse, HttpResponseRedirect

from undying.exchange import claims, leaving, taking_home, tasks
from undying.exchange.leaving import Fate
from undying.kernel.clock import now
from undying.kernel.errors import NotVisible, Refused
from undying.kernel.tasks import later
from undying.library import access
from undying.library.creators import others_made
from undying.library.models import Work
from undying.people.models import User
from undying.web import links
from undying.web.cards import Name
from undying.web.files import attachment, place_of
from undying.web.own import only_hers
from undying.web.page import Page, show, site, told
from undying.web.paging import Paging, paging

if TYPE_CHECKING:
    from datetime import datetime

    from django.http import HttpResponse
    from django.http.response import HttpResponseBase

    from undying.exchange.private import Record
    from undying.web.request import Request

ROWS = 50
FATES = {
    Fate.KEEP_NAME: "They stay, with the pen names that they have. Nobody can change them any more.",
    Fate.NO_NAME: "They stay, without my name.",
    Fate.DELETE: "They go, for good. From works that others made with me, my name goes.",
}


class NotSaid(Refused):
    """Something is missing for it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OrphanedLine:
    """A work that bears her name no more: `until` then she can take that back."""

    number: int
    title: str
    until: datetime


@dataclass(frozen=True, kw_only=True)
class LeavingPage(Page):
    """What she can take home, what she can let go of, and the way out."""

    template: ClassVar[str] = "own/leaving.html"
    kind: ClassVar[str] = "leaving"

    everything: str = told("The address of the zip with all that is hers")
    works: tuple[Name, ...] = told("This page of her works, each with where she lets go of it")
    paging: Paging = told("Where in the list of her works this page stands")
    orphaned: tuple[OrphanedLine, ...] = told("Works that she took her name off lately, and can put it back on")
    fates: tuple[tuple[str, str], ...] = told("What may become of her works when she leaves: (value, words)")
    chosen: str = told("What of these was chosen")
    trouble: str = told("What stands in the way of leaving; empty when nothing")


@dataclass(frozen=True, kw_only=True)
class LetGoPage(Page):
    """Asks how she lets go of one work."""

    template: ClassVar[str] = "own/let_go.html"
    kind: ClassVar[str] = "let-go"

    work: Name = told("The work")
    names: tuple[str, ...] = told("Her pen names on it")
    is_shared: bool = told("Whether others made it as well")
    back: str = told("Where her other works are")


@only_hers
def show_leaving(request: Request) -> HttpResponse:
    """The page; on POST a name is put back, or the account goes."""
    trouble = ""
    if "put_back" in request.POST:
        return _taken_back(request)
    if request.method == "POST":
        try:
            return _left(request)
        except Refused as refused:
            trouble = str(refused)
    viewer = request.viewer
    mine = Work.objects.visible_to(viewer).filter(creatorships__pseud__user=viewer.user_id).distinct()
    place = paging(request, mine.count(), ROWS)
    page = LeavingPage(
        title="Take everything home, or leave",
        everything=links.everything(viewer.name),
        works=tuple(
            Name(text=each.title, url=links.let_go(each))
            for each in mine.order_by("title", "pk")[place.start : place.stop]
        ),
        paging=place,
        orphaned=tuple(_orphaned(request, each) for each in leaving.orphaned_by(_her(request))),
        fates=tuple((each.value, words) for each, words in FATES.items()),
        chosen=request.POST.get("works", ""),
        trouble=trouble,
    )
    return show(request, page)


def _her(request: Request) -> User:
    return User.objects.get(username=request.viewer.name)


def _orphaned(request: Request, record: Record) -> OrphanedLine:
    """By its title, as long as she may read it like anybody else."""
    work = Work.objects.visible_to(request.viewer).filter(pk=record.work_number or 0).first()
    return OrphanedLine(
        number=record.pk, title=work.title if work else f"work {record.work_number}", until=record.at + claims.GRACE
    )


def _taken_back(request: Request) -> HttpResponse:
    """Raises NotVisible for what is no orphaning of hers, TooLate."""
    wanted = request.POST["put_back"]
    record = next((each for each in leaving.orphaned_by(_her(request)) if str(each.pk) == wanted), None)
    if record is None:
        raise NotVisible("orphaned work", wanted)
    claims.adopt(record, by=leaving.BY)
    messages.success(request, "The work is yours again, under the names as before.")
    return HttpResponseRedirect(links.leaving(request.viewer.name))


def _left(request: Request) -> HttpResponse:
    user, chosen = _her(request), request.POST.get("works", "")
    if chosen not in set(Fate):
        raise NotSaid("Choose what becomes of your works.")
    if not user.check_password(request.POST.get("password", "")):
        raise NotSaid("That is not your password: type it to show that it is you.")
    leaving.leave(user, Fate(chosen))
    later(tasks.carry_out_departures)
    logout(request)
    messages.success(request, "Your account is gone. Thank you for what you wrote here.")
    return HttpResponseRedirect(links.FRONT)


@only_hers
def send_everything(request: Request) -> HttpResponseBase:
    """The zip, made now and kept nowhere."""
    file = tempfile.TemporaryFile()  # noqa: SIM115 - the response closes it
    today = now().date().isoformat()
    taking_home.pack(request.viewer, file, name=site().name, day=today, place=lambda work: place_of(request, work))
    file.seek(0)
    response = FileResponse(file, content_type="application/zip")
    response.headers["Content-Disposition"] = attachment(f"{request.viewer.name} {today}", "zip")
    return response


def show_let_go(request: Request, work_id: int) -> HttpResponse:
    """Asks on GET; on POST her name goes off the work. For all but its creators there is no such page."""
    viewer = request.viewer
    work = access.work_for(viewer, work_id)
    names = leaving.names_on(_her(request), work) if viewer.user_id is not None else []
    if not names:
        raise NotVisible("page", request.path)
    if request.method == "POST":
        return _let_go(request, work)
    page = LetGoPage(
        title=f"Let go of {work.title}",
        work=Name(text=work.title, url=links.of(work)),
        names=tuple(each.name for each in names),
        is_shared=others_made(work, {each.pk for each in names}),
        back=links.leaving(viewer.name),
    )
    response = show(request, page)
    response.headers["Cache-Control"] = "no-store"
    return response


def _let_go(request: Request, work: Work) -> HttpResponse:
    user, how = _her(request), request.POST.get("how", "")
    try:
        if how == "step-down":
            leaving.step_down(user, work)
            messages.success(request, f"Your name is off “{work.title}”. It is the others' now.")
        elif how in {"orphan", "orphan-named"}:
            leaving.orphan(user, work, keep_name=how == "orphan-named")
            messages.success(request, f"“{work.title}” is nobody's now. For three days you can take that back, here.")
        else:
            raise NotSaid("Choose how you let go of it.")
    except Refused as refused:
        messages.error(request, str(refused))
        return HttpResponseRedirect(links.let_go(work))
    return HttpResponseRedirect(links.leaving(request.viewer.name))
