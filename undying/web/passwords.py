"""A new password: with the old one, or by letter where that is forgotten."""

# ruff: noqa: RUF009 - told() is dataclasses.field with a help text

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import HttpResponseRedirect

from undying.kernel import limits
from undying.people import letters, passwords
from undying.people.models import LetterKind
from undying.people.viewer import STAFF
from undying.web import browsers, links
from undying.web.by_letter import AN_HOUR, base, base_or_none, behind_a_link, count_letter, trouble_with
from undying.web.own import only_hers
from undying.web.page import Page, show, told
from undying.web.typed import Typed, email_field, new_password_field, password_field, sent

if TYPE_CHECKING:
    from django.http import HttpResponse

    from undying.people.models import User
    from undying.web.request import Request

ON_ITS_WAY = (
    "If an account here has that address, a letter is on its way to it, with a link that works for four hours. It can "
    "take some minutes; look among unwanted mail too."
)
GUESSES = 10
"""Of the old password, in an hour."""


@dataclass(frozen=True, kw_only=True)
class ForgottenPage(Page):
    """Asks for the address that a letter shall go to."""

    template: ClassVar[str] = "passwords/forgotten.html"
    kind: ClassVar[str] = "passwords-forgotten"

    field: Typed = told("The field for the address")


@dataclass(frozen=True, kw_only=True)
class NewPasswordPage(Page):
    """Asks for a new password, and for the old one where that is the proof."""

    template: ClassVar[str] = "passwords/new.html"
    kind: ClassVar[str] = "passwords-new"

    name: str = told("The name of the account")
    fields: tuple[Typed, ...] = told("The fields")
    back: str = told("Where her account is; empty for who came by letter")


def show_forgotten(request: Request) -> HttpResponse:
    """The form; on POST a letter is asked for, and the answer is the same whatever the address is."""
    email, problem = sent(request, "email").strip(), ""
    if request.method == "POST":
        problem = trouble_with(email)
        if not problem:
            here = base(request)
            count_letter(request, "forgotten", email)
            letters.ask(LetterKind.FORGOTTEN, email, base=here)
            messages.success(request, ON_ITS_WAY)
            return HttpResponseRedirect(links.FORGOTTEN)
    page = ForgottenPage(title="Forgotten password", field=email_field(email, problem))
    response = show(request, page)
    response.headers["Cache-Control"] = "no-store"
    return response


@behind_a_link
def show_renew(request: Request, token: str) -> HttpResponse:
    """The page behind the link in that letter."""
    letter = letters.opened(token, LetterKind.FORGOTTEN)
    assert letter.user is not None
    problem = ""
    if request.method == "POST":
        try:
            passwords.renew(letter, sent(request, "new"))
        except passwords.BadPassword as refused:
            problem = str(refused)
        else:
            messages.success(request, "Your password is changed, and every browser signed out. Sign in with it now.")
            return HttpResponseRedirect(links.SIGN_IN)
    page = NewPasswordPage(
        title="New password", name=letter.user.username, fields=(_new(letter.user, problem),), back=""
    )
    return show(request, page)


@only_hers
def show_change(request: Request) -> HttpResponse:
    """The page for a member who knows her password."""
    user, problems = request.user, {}
    assert user.is_authenticated
    if request.method == "POST":
        limits.count("password", str(user.pk), most=GUESSES, within=AN_HOUR)
        try:
            passwords.change(user, sent(request, "old"), sent(request, "new"), base=base_or_none(request))
        except passwords.WrongPassword as refused:
            problems["old"] = str(refused)
        except passwords.BadPassword as refused:
            problems["new"] = str(refused)
        else:
            update_session_auth_hash(request, user)
            browsers.remember(request)
            messages.success(request, "Your password is changed. Every other browser was signed out.")
            return HttpResponseRedirect(links.own_account(user.username))
    old = password_field("old", "Your password now", problem=problems.get("old", ""), is_new=False)
    page = NewPasswordPage(
        title="Change your password",
        name=user.username,
        fields=(old, _new(user, problems.get("new", ""))),
        back=links.own_account(user.username),
    )
    return show(request, page)


def _new(user: User, problem: str) -> Typed:
    least = passwords.LEAST_OF_STAFF if user.role in STAFF else passwords.LEAST
    return new_password_field("new", "Your new password", least, problem)
