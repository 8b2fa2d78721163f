"""The page behind the link in an author's letter: what is here of hers, and what shall become of it.

The link is the proof. It works once, and what is unknown, used or out of date looks like any page that is not there.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login
from django.db import transaction
from django.http import HttpResponseRedirect

from undying.exchange import claims, old_passwords, tasks
from undying.exchange.claims import Choice, Decision
from undying.kernel.errors import NotVisible, Refused
from undying.kernel.tasks import later
from undying.people.actions import create_user
from undying.people.models import User
from undying.people.viewer import Role
from undying.web import browsers, links
from undying.web.page import Page, show, told

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.http import HttpResponse

    from undying.exchange.private import Contact, Invitation
    from undying.library.models import Work
    from undying.web.request import Request

BY = "the author, by her letter"
CHOICES = {
    Choice.LEAVE: "Leave it with the archivist",
    Choice.CLAIM: "Give it to my account",
    Choice.ORPHAN_NAMED: "Keep it here under my name, but let it be nobody’s",
    Choice.ORPHAN: "Keep it here without my name",
    Choice.DELETE: "Delete it",
}


class NothingChosen(Refused):
    """Something more has to be said first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenWork:
    """A work of hers. `field` is the name of its choice in the form, `chosen` what is chosen now."""

    number: int
    field: str
    title: str
    site: str
    words: int
    chapters: int
    is_shared: bool
    chosen: str


@dataclass(frozen=True, kw_only=True)
class ClaimPage(Page):
    """What is here of an author's, and what she can decide."""

    template: ClassVar[str] = "claims/claim.html"
    kind: ClassVar[str] = "claims-show"

    names: tuple[str, ...] = told("Her pen names")
    sites: tuple[str, ...] = told("The sites that her works come from")
    works: tuple[GivenWork, ...] = told("Her works, each with what is chosen for it")
    choices: tuple[tuple[str, str], ...] = told("What can be chosen: (value, words)")
    for_all: str = told("What is chosen for all works at once; empty when each has its own")
    never_import: bool = told("Whether she asks that nothing of hers is ever brought in again")
    never_write: bool = told("Whether she asks never to be written to again")
    sign_in: str = told("Where she signs in, to come back here")
    username: str = told("The name that she typed for a new account")
    troubles: tuple[str, ...] = told("What stands in the way, in sentences; empty at first")


@dataclass(frozen=True, kw_only=True)
class ProofPage(Page):
    """Asks for a pen name and the password that it had on the old site."""

    template: ClassVar[str] = "claims/proof.html"
    kind: ClassVar[str] = "claims-proof"

    name: str = told("The pen name that was typed")
    trouble: str = told("What stands in the way, in a sentence; empty at first")


def show_proof(request: Request) -> HttpResponse:
    """For authors whose addresses are dead: the old password leads to the page that a letter would have led to."""
    if not old_passwords.are_kept():
        raise NotVisible("page", request.path)
    name, trouble = request.POST.get("name", "")[:255], ""
    if request.method == "POST":
        try:
            return HttpResponseRedirect(links.claim(old_passwords.prove(name, request.POST.get("password", "")[:1000])))
        except old_passwords.NotProven as refused:
            trouble = str(refused)
    response = show(request, ProofPage(title="Prove who you are", name=name, trouble=trouble))
    response.headers["Cache-Control"] = "no-store"
    return response


def show_claim(request: Request, token: str) -> HttpResponse:
    """Ask on GET; on POST do all that she decided, or nothing and say why."""
    try:
        invitation = claims.invitation_for(token)
    except claims.NoSuchClaim as error:
        raise NotVisible("page", "") from error
    troubles: tuple[str, ...] = ()
    if request.method == "POST":
        try:
            return _answered(request, invitation)
        except Refused as refused:
            troubles = (str(refused),)
    response = show(request, _page(request, list(invitation.contacts.order_by("pk")), troubles))
    response.headers["Cache-Control"] = "no-store"
    response.headers["Referrer-Policy"] = "same-origin"  # "no-referrer" would make browsers send the form from nowhere
    return response


def _answered(request: Request, invitation: Invitation) -> HttpResponse:
    works = claims.works_of(claims.pen_names_of(invitation.contacts.all()))
    choices = chosen(request, works)
    wants_account = Choice.CLAIM in choices.values()
    with transaction.atomic():
        user = _account(request) if wants_account else None
        decision = Decision(
            choices=choices,
            user=user,
            never_import="never_import" in request.POST,
            never_write="never_write" in request.POST,
        )
        claims.answer(invitation, decision, by=BY)
    later(tasks.carry_out_departures)
    if user is not None and not request.viewer.is_member:
        login(request, user, backend=settings.AUTHENTICATION_BACKENDS[0])
        browsers.remember(request)
    messages.success(request, "Done. What you decided is carried out; thank you for your stories.")
    return HttpResponseRedirect(links.account(user.username) if user else links.FRONT)


def chosen(request: Request, works: Iterable[Work]) -> dict[int, Choice]:
    """What was chosen for each work: the choice for all, else its own. Raises NothingChosen for nonsense."""
    for_all = request.POST.get("all", "")
    try:
        return {work.pk: Choice(for_all or request.POST.get(f"work-{work.pk}", Choice.LEAVE)) for work in works}
    except ValueError as error:
        raise NothingChosen("Choose one of the things that the list offers.") from error


def _account(request: Request) -> User:
    """Whose the works become: hers who is signed in, or a new account."""
    if request.viewer.user_id is not None:
        return User.objects.get(pk=request.viewer.user_id)
    name, password = (request.POST.get(each, "") for each in ("username", "password"))
    if not name or not password:
        raise NothingChosen(
            "To take works into an account, sign in first, or give a name and a password for a new one."
        )
    return create_user(name, password=password, role=Role.MEMBER)


def _page(request: Request, people: list[Contact], troubles: tuple[str, ...]) -> ClaimPage:
    return ClaimPage(
        title="Your stories",
        names=tuple(dict.fromkeys(each.name for each in people)),
        sites=tuple(dict.fromkeys(each.site for each in people)),
        works=given(request, people),
        choices=tuple((each.value, words) for each, words in CHOICES.items()),
        for_all=request.POST.get("all", ""),
        never_import="never_import" in request.POST,
        never_write="never_write" in request.POST,
        sign_in=links.with_query(links.SIGN_IN, {"next": request.path}),
        username=request.POST.get("username", ""),
        troubles=troubles,
    )


def given(request: Request, people: Iterable[Contact]) -> tuple[GivenWork, ...]:
    """The works of these people, who are one, for a form that decides about them."""
    pseuds = claims.pen_names_of(people)
    return tuple(
        GivenWork(
            number=work.pk,
            field=f"work-{work.pk}",
            title=work.title,
            site=work.site,
            words=work.words,
            chapters=work.chapter_count,
            is_shared=any(each.pseud_id not in pseuds for each in work.byline),
            chosen=request.POST.get(f"work-{work.pk}", Choice.LEAVE),
        )
        for work in claims.works_of(pseuds)
    )
