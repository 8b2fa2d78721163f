"""The archivist's desk for authors: who has works here that nobody has claimed, who was written to, what was decided.

For everybody else these addresses do not exist. Addresses are masked until they are asked for.
"""
# ruff: noqa: RUF009 - told() is dataclasses.field with a help text

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar
from urllib.parse import quote

from django.contrib import messages
from django.db.models import Q
from django.http import HttpResponseRedirect

from undying.exchange import claims, contacts, letters, tasks
from undying.exchange.claims import Choice, Decision
from undying.exchange.optouts import OtherKey
from undying.exchange.private import Contact, Done, Invitation, Record
from undying.kernel.clock import now
from undying.kernel.errors import NotVisible, Refused
from undying.kernel.tasks import is_due, later
from undying.library.access import BIGGEST_ID
from undying.library.models import Work
from undying.people.models import User
from undying.web import links
from undying.web.claims import CHOICES, chosen, given
from undying.web.desk import archivists_only, by_form_only
from undying.web.page import Page, show, told
from undying.web.paging import Paging, paging

if TYPE_CHECKING:
    from datetime import datetime

    from django.http import HttpResponse

    from undying.web.claims import GivenWork
    from undying.web.request import Request

ROWS = 50
RECORDS = 20
PREVIEWS = 200
_NOT_YET = "…"


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactLine:
    """An author in the list. `state` says whether she was written to."""

    url: str
    name: str
    site: str
    emails: tuple[str, ...]
    works: int
    state: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordLine:
    """Something that was done. `take_back` is where taking it back is sent; empty when that is not possible."""

    what: str
    work: int | None
    by: str
    at: datetime
    reason: str
    take_back: str


@dataclass(frozen=True, kw_only=True)
class AuthorsPage(Page):
    """Authors whose works are here and unclaimed."""

    template: ClassVar[str] = "authors/all.html"
    kind: ClassVar[str] = "authors-index"

    contacts: tuple[ContactLine, ...] = told("This page of the authors")
    paging: Paging = told("Where in the list this page stands")
    words: str = told("What the list is narrowed to")
    is_masked: bool = told("Whether addresses are masked")
    other_mask: str = told("The same list with addresses shown, or masked again")
    unwritten: int = told("How many authors can be written to and were not")
    trouble: str = told("Why nobody can be written to now; empty when nothing stands in the way")
    queued: int = told("How many letters wait to be sent")
    failed: int = told("How many letters could not be sent")
    records: tuple[RecordLine, ...] = told("What was done lately")


@dataclass(frozen=True, kw_only=True)
class AuthorContactPage(Page):
    """One author, her works, and the archivist's decision for her."""

    template: ClassVar[str] = "authors/contact.html"
    kind: ClassVar[str] = "authors-show"

    contact: ContactLine = told("The author as the list shows her, with her addresses")
    works: tuple[GivenWork, ...] = told("Her works, each with what is chosen for it")
    choices: tuple[tuple[str, str], ...] = told("What can be chosen: (value, words)")
    for_all: str = told("What is chosen for all works at once; empty when each has its own")
    account: str = told("The account that was typed")
    reason: str = told("The reason that was typed")
    troubles: tuple[str, ...] = told("What stands in the way, in sentences")


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterLine:
    """A letter that would be written."""

    names: tuple[str, ...]
    emails: tuple[str, ...]
    works: int


@dataclass(frozen=True, kw_only=True)
class LettersPage(Page):
    """A rehearsal of the letters: to whom, how many, in which words."""

    template: ClassVar[str] = "authors/letters.html"
    kind: ClassVar[str] = "authors-letters"

    letters: tuple[LetterLine, ...] = told("The first of the letters that would be written")
    total: int = told("How many would be written")
    sample: str = told("The first letter in its words, without a link that works; empty when there is none")
    troubles: tuple[str, ...] = told("What stands in the way, in sentences")


@archivists_only
def show_authors(request: Request) -> HttpResponse:
    """The list of authors."""
    words = request.GET.get("words", "").replace("\0", "").strip()
    is_masked = request.GET.get("addresses") != "shown"
    rows = Contact.objects.prefetch_related("addresses", "invitations").order_by("site", "name", "pk")
    if words:
        by_mail = Q(addresses__folded__contains=contacts.folded(words))
        rows = rows.filter(Q(name__icontains=words) | Q(site__icontains=words) | by_mail).distinct()
    place = paging(request, rows.count(), ROWS)
    query = {"words": words} | ({"addresses": "shown"} if is_masked else {})
    waiting, trouble = _to_write_to()
    page = AuthorsPage(
        title="Authors to find",
        contacts=tuple(_line(each, is_masked=is_masked) for each in rows[place.start : place.stop]),
        paging=place,
        words=words,
        is_masked=is_masked,
        other_mask=links.with_query(links.AUTHORS, query),
        unwritten=len(waiting),
        trouble=trouble,
        queued=Invitation.objects.filter(sent=None, trouble="").count(),
        failed=Invitation.objects.exclude(trouble="").count(),
        records=tuple(_record(each) for each in Record.objects.all()[:RECORDS]),
    )
    return _private(show(request, page))


def _to_write_to() -> tuple[list[letters.Author], str]:
    """Whom letters would go to; or nobody, and why."""
    try:
        return letters.to_write_to(), ""
    except OtherKey as refused:
        return [], str(refused)


def _private(response: HttpResponse) -> HttpResponse:
    response.headers["Cache-Control"] = "no-store"
    return response


def _line(contact: Contact, *, is_masked: bool) -> ContactLine:
    emails = [each.email for each in contact.addresses.all()]
    return ContactLine(
        url=links.contact(contact.pk),
        name=contact.name,
        site=contact.site,
        emails=tuple(map(contacts.masked, emails) if is_masked else emails),
        works=Work.objects.filter(creatorships__pseud__in=contacts.pen_names_of(contact)).distinct().count(),
        state=_state(list(contact.invitations.all())),
    )


def _state(invitations: list[Invitation]) -> str:
    if not invitations:
        return "Not written to"
    last = invitations[-1]
    if last.trouble:
        return f"Could not be sent ({last.trouble})"
    return f"Written to on {last.sent:%Y-%m-%d}" if last.sent else "Letter queued"


def _record(record: Record) -> RecordLine:
    can_undo = record.done == Done.ORPHANED and record.undo and record.at + claims.GRACE > now()
    return RecordLine(
        what=record.get_done_display(),
        work=record.work_number,
        by=record.by,
        at=record.at,
        reason=record.reason,
        take_back=links.take_back(record.pk) if can_undo else "",
    )


@archivists_only
def show_contact(request: Request, number: int) -> HttpResponse:
    """One author; on POST the archivist's decision for her, with its reason."""
    contact = Contact.objects.filter(pk=number).first() if number <= BIGGEST_ID else None
    if contact is None:
        raise NotVisible("page", number)
    troubles: tuple[str, ...] = ()
    if request.method == "POST":
        try:
            return _decided(request, contact)
        except Refused as refused:
            troubles = (str(refused),)
    page = AuthorContactPage(
        title=f"{contact.name}, author",
        contact=_line(contact, is_masked=request.GET.get("addresses") != "shown"),
        works=given(request, [contact]),
        choices=tuple((each.value, words) for each, words in CHOICES.items()),
        for_all=request.POST.get("all", ""),
        account=request.POST.get("account", ""),
        reason=request.POST.get("reason", ""),
        troubles=troubles,
    )
    return _private(show(request, page))


class NotSaid(Refused):
    """Something is missing for a decision."""


def _decided(request: Request, contact: Contact) -> HttpResponse:
    works = claims.works_of(claims.pen_names_of([contact]))
    choices = chosen(request, works)
    reason = request.POST.get("reason", "").strip()
    if not reason:
        raise NotSaid("Give a reason: how you know that it is she, and what she asked.")
    name = request.POST.get("account", "").strip()
    user = User.objects.filter(username__iexact=name, is_active=True).first() if name and "\0" not in name else None
    if Choice.CLAIM in choices.values() and user is None:
        raise NotSaid("Name the account that gets the works; there is none of that name.")
    wants = Decision(
        choices=choices,
        user=user,
        never_import="never_import" in request.POST,
        never_write="never_write" in request.POST,
        reason=reason,
    )
    claims.decide([contact], wants, by=request.viewer.name)
    if not contacts.pen_names_of(contact).filter(creatorships__isnull=False).exists() or wants.never_write:
        contacts.forget([contact.pk])
    later(tasks.carry_out_departures)
    messages.success(request, "Decided and noted.")
    return HttpResponseRedirect(links.AUTHORS)


@archivists_only
def show_letters(request: Request) -> HttpResponse:
    """On GET a rehearsal; on POST the letters are queued, and the worker sends them."""
    troubles: tuple[str, ...] = ()
    if request.method == "POST":
        try:
            total = letters.queue()
        except Refused as refused:
            troubles = (str(refused),)
        else:
            if not is_due(tasks.send_letters):
                later(tasks.send_letters)
            messages.success(request, f"{total} letters are queued. The worker sends them, some each hour.")
            return HttpResponseRedirect(links.AUTHORS)
    waiting, trouble = _to_write_to()
    page = LettersPage(
        title="Letters to authors",
        letters=tuple(_letter(each) for each in waiting[:PREVIEWS]),
        total=len(waiting),
        sample=_sample(waiting[0]) if waiting else "",
        troubles=tuple(dict.fromkeys(filter(None, (*troubles, trouble)))),
    )
    return _private(show(request, page))


def _letter(author: letters.Author) -> LetterLine:
    return LetterLine(names=author.names, emails=tuple(map(contacts.masked, author.emails)), works=len(author.works()))


def _sample(author: letters.Author) -> str:
    written = letters.message(letters.letter_to(author, _NOT_YET), author.emails)
    return f"{written.subject}\n\n{written.body.replace(quote(_NOT_YET), _NOT_YET)}"


@archivists_only
@by_form_only
def take_back(request: Request, number: int) -> HttpResponse:
    """Take an orphaning back."""
    record = Record.objects.filter(pk=number).first() if number <= BIGGEST_ID else None
    if record is None:
        raise NotVisible("page", number)
    claims.adopt(record, by=request.viewer.name)
    messages.success(request, "The names stand again as before.")
    return HttpResponseRedirect(links.AUTHORS)
