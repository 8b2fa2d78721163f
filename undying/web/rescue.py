"""What is coming: the public page that announces imports, its form to the archivist, and where she reads what came.

Nothing here tells whether a name or address is known.
"""
# ruff: noqa: RUF009 - told() is dataclasses.field with a help text

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from django.contrib import messages
from django.core.cache import cache
from django.http import HttpResponseRedirect

from undying.exchange import announcing, old_passwords, tasks
from undying.exchange.models import BatchState
from undying.exchange.private import Announcement, Message
from undying.kernel.clock import now
from undying.kernel.errors import NotVisible, Refused
from undying.library.access import BIGGEST_ID
from undying.web import links, wording
from undying.web.accounts import ClosedDoors
from undying.web.desk import Desk, archivists_only, batch_numbered, by_form_only
from undying.web.page import Page, show, told
from undying.web.paging import Paging, paging

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from django.http import HttpResponse

    from undying.exchange.models import Batch
    from undying.web.request import Request

MOST_FROM_ONE = 5
AN_HOUR = 3600
ROWS = 20


@dataclass(frozen=True, kw_only=True)
class RescuePage(Page):
    """Which collections are coming, and how to reach the archivist about them."""

    template: ClassVar[str] = "rescue/coming.html"
    kind: ClassVar[str] = "rescue-index"

    coming: Sequence[Announcement] = told("What is announced and not open yet: name, notice, since, opens")
    proof_url: str = told("Where an old password proves who somebody is; empty when none are kept")
    trouble: str = told("Why the message was not taken; empty when nothing stands in the way")
    name: str = told("The name that was typed")
    reply_to: str = told("The address to answer to that was typed")
    text: str = told("The message that was typed")


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageLine:
    """A message and where it is marked as answered or deleted."""

    name: str
    reply_to: str
    text: str
    at: datetime
    is_answered: bool
    url: str


@dataclass(frozen=True, kw_only=True)
class MessagesPage(Page):
    """What people wrote to the archivist."""

    template: ClassVar[str] = "rescue/messages.html"
    kind: ClassVar[str] = "rescue-messages"

    lines: tuple[MessageLine, ...] = told("This page of the messages, the latest first")
    paging: Paging = told("Where in the list this page stands")


@dataclass(frozen=True, kw_only=True)
class AnnouncePage(Page):
    """The announcement of an import, and opening it before its day."""

    template: ClassVar[str] = "rescue/announce.html"
    kind: ClassVar[str] = "imports-announce"

    label: str = told("What was imported")
    name: str = told("What the collection is called")
    notice: str = told("The notice")
    opens_by_itself: bool = told("Whether the worker opens it on its day")
    since: datetime | None = told("When it was announced; None before")
    opens: datetime | None = told("From when on it may be opened; None before it is announced")
    is_due: bool = told("Whether it may be opened now without a reason")
    is_open: bool = told("Whether it is open")
    report_url: str = told("The import's report")
    open_url: str = told("Where opening it is sent, with a reason; empty when it cannot be opened")
    trouble: str = told("What stands in the way; empty when nothing")


def show_rescue(request: Request) -> HttpResponse:
    """What is coming; on POST a message to the archivist."""
    trouble = ""
    given = {name: request.POST.get(name, "") for name in ("name", "reply_to", "text")}
    if request.method == "POST":
        try:
            return _taken(request, **given)
        except Refused as refused:
            trouble = str(refused)
    page = RescuePage(
        title="Coming here",
        coming=list(announcing.coming()),
        proof_url=links.PROOF if old_passwords.are_kept() else "",
        trouble=trouble,
        **given,
    )
    return show(request, page)


def _taken(request: Request, **given: str) -> HttpResponse:
    who = f"messages-from-{ClosedDoors().get_client_ip(request)}"
    cache.add(who, 0, AN_HOUR)
    if cache.incr(who) > MOST_FROM_ONE:
        raise announcing.Enough("You wrote several messages in the last hour. Please wait a while with the next.")
    if not request.POST.get("website"):  # a field that only machines see and fill in
        announcing.leave_message(**given)
    messages.success(request, "Your message is with the archivist.")
    return HttpResponseRedirect(links.RESCUE)


@archivists_only
def show_messages(request: Request) -> HttpResponse:
    """What came."""
    place = paging(request, Message.objects.count(), ROWS)
    rows = Message.objects.order_by("answered", "-pk")[place.start : place.stop]
    lines = tuple(
        MessageLine(
            name=row.name,
            reply_to=row.reply_to,
            text=row.text,
            at=row.at,
            is_answered=row.answered is not None,
            url=links.message(row.pk),
        )
        for row in rows
    )
    response = show(request, MessagesPage(title="Messages", lines=lines, paging=place))
    response.headers["Cache-Control"] = "no-store"
    return response


@archivists_only
@by_form_only
def settle_message(request: Request, number: int) -> HttpResponse:
    """Mark it as answered, or delete it."""
    row = Message.objects.filter(pk=number).first() if number <= BIGGEST_ID else None
    if row is None:
        raise NotVisible("page", number)
    if request.POST.get("act") == "delete":
        row.delete()
    else:
        row.answered = now()
        row.save(update_fields=["answered"])
    return HttpResponseRedirect(links.MESSAGES)


def desk(batch: Batch) -> Desk | None:
    """How its announcement stands, for the import's report."""
    if batch.is_open or batch.state == BatchState.UNDONE:
        return None
    day = announcing.opens(batch)
    note = "not announced yet" if day is None else f"may be opened on {wording.day(day)}"
    return Desk(name="Announcement", note=note, url=links.batch(batch.pk, act="announce"))


@archivists_only
def announce(request: Request, number: int) -> HttpResponse:
    """The announcement of an import; on POST it is made or changed."""
    batch = batch_numbered(number)
    trouble = ""
    if request.method == "POST":
        try:
            return _announced(request, batch)
        except Refused as refused:
            trouble = str(refused)
    row = Announcement.objects.filter(batch=batch).first()
    can_open = batch.state == BatchState.DONE and not batch.is_open
    page = AnnouncePage(
        title=f"Announce import {batch.pk}",
        label=batch.label,
        name=request.POST.get("name", row.name if row else ""),
        notice=request.POST.get("notice", row.notice if row else ""),
        opens_by_itself=row.opens_by_itself if row else False,
        since=row.since if row else None,
        opens=row.opens if row else None,
        is_due=announcing.is_due(batch),
        is_open=batch.is_open,
        report_url=links.batch(batch.pk),
        open_url=links.batch(batch.pk, act="open") if can_open else "",
        trouble=trouble,
    )
    return show(request, page)


def _announced(request: Request, batch: Batch) -> HttpResponse:
    by_itself = "opens_by_itself" in request.POST
    name, notice = (request.POST.get(each, "").replace("\0", "") for each in ("name", "notice"))
    row = announcing.announce(batch, name=name, notice=notice, opens_by_itself=by_itself)
    if by_itself:
        tasks.open_on_its_day(batch.pk, row.opens)
    messages.success(request, f"Announced. It may be opened on {wording.day(row.opens)}.")
    return HttpResponseRedirect(links.batch(batch.pk, act="announce"))
