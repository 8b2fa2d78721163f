"""The archivist's page of works by new authors that wait for her. For everybody else there is no such page."""

# ruff: noqa: RUF009 - told() is dataclasses.field with a help text

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from django.contrib import messages
from django.http import HttpResponseRedirect

from undying.kernel import chosen
from undying.kernel.errors import Refused
from undying.library import handing_in
from undying.library.access import BIGGEST_ID
from undying.library.writing import Unfinished
from undying.moderation import actions
from undying.people.letters import tell_of_work
from undying.people.models import LetterKind
from undying.web import links
from undying.web.by_letter import base_or_none
from undying.web.cards import Name
from undying.web.desk import archivists_only
from undying.web.page import Page, show, told
from undying.web.paging import Paging, paging
from undying.web.typed import sent

if TYPE_CHECKING:
    from datetime import datetime

    from django.http import HttpResponse

    from undying.library.models import HandedIn
    from undying.web.request import Request

ROWS = 20
LET_IN, LET_IN_ALL, BACK = "let-in", "let-in-all", "back"


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingLine:
    """A work that waits. `number` names it in the form; `reason` is what was typed about it and not taken."""

    number: int
    work: Name
    by: Name
    since: datetime
    words: int
    has_address: bool
    reason: str


@dataclass(frozen=True, kw_only=True)
class FirstWorksPage(Page):
    """Works by new authors, the longest waiting first."""

    template: ClassVar[str] = "desk/first_works.html"
    kind: ClassVar[str] = "desk-first-works"

    lines: tuple[WaitingLine, ...] = told("This page of the works that wait")
    paging: Paging = told("Where in the list this page stands")
    trouble: str = told("What stands in the way of what was asked; empty when nothing")
    is_asked: bool = told("Whether new authors have to wait, by the archive's settings")


@archivists_only
def show_first_works(request: Request) -> HttpResponse:
    """The list; on POST one of them is let in or sent back, and its author told."""
    trouble = ""
    if request.method == "POST":
        try:
            messages.success(request, _done(request))
            return HttpResponseRedirect(links.FIRST_WORKS)
        except Unfinished as refused:
            trouble = " ".join(("It lacks something that every posted work has.", *refused.troubles.values()))
        except Refused as refused:
            trouble = str(refused)
    rows = handing_in.waiting()
    place = paging(request, rows.count(), ROWS)
    page = FirstWorksPage(
        title="First works",
        lines=tuple(_line(request, row) for row in rows[place.start : place.stop]),
        paging=place,
        trouble=trouble,
        is_asked=chosen.text("first_works") == chosen.FIRST_WORKS_WAIT,
    )
    response = show(request, page)
    response.headers["Cache-Control"] = "no-store"
    return response


def _line(request: Request, row: HandedIn) -> WaitingLine:
    is_this = sent(request, "work") == str(row.work_id)
    return WaitingLine(
        number=row.work_id,
        work=Name(text=row.work.title, url=links.of(row.work)),
        by=Name(text=row.by.username, url=links.member(row.by.username)),
        since=row.since,
        words=row.work.words,
        has_address=bool(row.by.email),
        reason=sent(request, "reason") if is_this else "",
    )


def _done(request: Request) -> str:
    """Do what the form asks, and say so. Raises Refused."""
    act, number = sent(request, "act"), _number(request)
    if act == BACK:
        row = actions.send_back(number, by=request.viewer, reason=sent(request, "reason"))
        _tell(request, row, LetterKind.SENT_BACK, links.edit(row.work))
        return f"Sent back to {row.by.username}."
    if act not in {LET_IN, LET_IN_ALL}:
        return "Nothing was changed."
    row = actions.admit(number, by=request.viewer, knows_her=act == LET_IN_ALL)
    _tell(request, row, LetterKind.LET_IN_WORK, links.of(row.work))
    rest = f" {row.by.username} posts without waiting from now on." if act == LET_IN_ALL else ""
    return f"{row.work.title} is posted.{rest}"


def _tell(request: Request, row: HandedIn, kind: LetterKind, path: str) -> None:
    base = base_or_none(request)
    tell_of_work(kind, row.by, base=base, title=row.work.title, path=path, note=row.reason)


def _number(request: Request) -> int:
    text = sent(request, "work")
    number = int(text) if text.isascii() and text.isdecimal() and len(text) < 20 else 0  # noqa: PLR2004 - longer than any
    return number if number <= BIGGEST_ID else 0
