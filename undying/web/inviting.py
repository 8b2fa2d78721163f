"""The archivist's invitations to join, and the line of those who wait. For everybody else there is no such page."""

# ruff: noqa: RUF009 - told() is dataclasses.field with a help text

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from django.contrib import messages
from django.http import HttpResponseRedirect

from undying.kernel import chosen
from undying.kernel.chosen import Joining
from undying.kernel.errors import NotVisible
from undying.library.access import BIGGEST_ID
from undying.people import joining, line
from undying.people.models import Invite
from undying.web import links
from undying.web.desk import archivists_only, by_form_only
from undying.web.page import Page, show, told
from undying.web.paging import Paging, paging
from undying.web.typed import Typed, sent

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from django.http import HttpResponse

    from undying.web.request import Request

ROWS = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class InviteLine:
    """An invitation. `state` says why nobody can join with it, or that somebody can; `url` takes it back, if it can."""

    code: str
    link: str
    note: str
    used: int
    most: int
    until: datetime | None
    by: str
    made: datetime
    state: str
    url: str


@dataclass(frozen=True, kw_only=True)
class InvitationsPage(Page):
    """Every invitation, the latest first, and the form for a new one."""

    template: ClassVar[str] = "desk/invitations.html"
    kind: ClassVar[str] = "desk-invitations"

    fields: tuple[Typed, ...] = told("The fields for a new invitation")
    is_refused: bool = told("Whether something of what was sent was not taken; nothing was then made")
    is_closed: bool = told("Whether nobody may join, not by invitation either")
    waiting: int = told("How many stand in the line")
    lines: tuple[InviteLine, ...] = told("This page of the invitations")
    paging: Paging = told("Where in the list this page stands")


@archivists_only
def show_invitations(request: Request) -> HttpResponse:
    """The page; on POST an invitation is made."""
    problems: Mapping[str, str] = {}
    if request.method == "POST":
        note, most, days = (sent(request, name).strip() for name in ("note", "most", "days"))
        try:
            made = joining.invite(note=note, most=most, days=days, by=request.viewer.name)
        except joining.BadAnswers as refused:
            problems = refused.problems
        else:
            messages.success(request, f"Made: {made.code}. Send its link to whom you invite.")
            return HttpResponseRedirect(links.INVITATIONS)
    rows = Invite.objects.order_by("-pk")
    place = paging(request, rows.count(), ROWS)
    page = InvitationsPage(
        title="Invitations",
        fields=_fields(request, problems),
        is_refused=bool(problems),
        is_closed=chosen.joining() is Joining.CLOSED,
        waiting=line.length(),
        lines=tuple(_line(request, row) for row in rows[place.start : place.stop]),
        paging=place,
    )
    response = show(request, page)
    response.headers["Cache-Control"] = "no-store"
    return response


def _fields(request: Request, problems: Mapping[str, str]) -> tuple[Typed, ...]:
    def field(name: str, label: str, help_: str, value: str = "", *, is_needed: bool = False) -> Typed:
        typed = sent(request, name) if name in request.POST else value
        return Typed(
            name=name, label=label, value=typed, help=help_, problem=problems.get(name, ""), is_needed=is_needed
        )

    return (
        field("note", "For whom", "For your own memory; whoever is invited does not see it."),
        field("most", "How many may join with it", "Each with an address of her own.", "1", is_needed=True),
        field("days", "For how many days", "Empty: until it is used up or taken back.", "30"),
    )


def _line(request: Request, row: Invite) -> InviteLine:
    address = links.with_query(links.JOIN, {"invitation": row.code})
    return InviteLine(
        code=row.code,
        link=request.build_absolute_uri(address),
        note=row.note,
        used=row.used,
        most=row.most,
        until=row.until,
        by=row.by,
        made=row.made,
        state=_state(row),
        url=links.invitation(row.pk) if row.is_good else "",
    )


def _state(row: Invite) -> str:
    if row.taken_back:
        return "taken back"
    if row.used >= row.most:
        return "used up"
    return "open" if row.is_good else "run out"


@archivists_only
@by_form_only
def take_back(request: Request, number: int) -> HttpResponse:
    """Take one back."""
    row = Invite.objects.filter(pk=min(number, BIGGEST_ID)).first()
    if row is None:
        raise NotVisible("page", number)
    joining.take_back(row)
    messages.success(request, f"Taken back: nobody can join with {row.code} any more.")
    return HttpResponseRedirect(links.INVITATIONS)
