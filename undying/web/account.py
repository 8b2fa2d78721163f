"""What a member's account is: hers alone to see, and where she changes it."""

# ruff: noqa: RUF009 - told() is dataclasses.field with a help text

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from undying.people import second_factor
from undying.people.joining import owes_terms, terms_in_force
from undying.web import links, wording
from undying.web.own import only_hers
from undying.web.page import Page, show, told

if TYPE_CHECKING:
    from datetime import datetime

    from django.http import HttpResponse

    from undying.people.models import User
    from undying.web.request import Request


@dataclass(frozen=True, kw_only=True)
class AccountPage(Page):
    """Her account: address, password and second factor, what she said when she joined, and since when."""

    template: ClassVar[str] = "account/account.html"
    kind: ClassVar[str] = "account"

    name: str = told("The name of the account")
    email: str = told("Her e-mail address; empty when the archive knows none")
    joined: datetime = told("Since when she has it")
    address: str = told("Where she changes her address")
    password: str = told("Where she changes her password")
    factors: str = told("Where her second factor and her passkeys are")
    browsers: str = told("Where she sees where she is signed in")
    has_factor: bool = told("Whether she has any of those")
    terms: str = told("How she stands to the terms, in a sentence; empty when there are none")


@only_hers
def show_own_account(request: Request) -> HttpResponse:
    """The page."""
    user = request.user
    assert user.is_authenticated
    page = AccountPage(
        title="Your account",
        name=user.username,
        email=user.email,
        joined=user.joined,
        address=links.own_address(user.username),
        terms=_terms(user),
        password=links.own_password(user.username),
        factors=links.own_factor(user.username),
        browsers=links.own_browsers(user.username),
        has_factor=second_factor.has_one(user.pk),
    )
    return show(request, page)


def _terms(user: User) -> str:
    if not terms_in_force():
        return ""
    if user.terms_accepted is None:
        return "You have not accepted the terms yet."
    which = "an earlier version of them" if owes_terms(user) else "them as they are now"
    return f"You accepted {which}, on {wording.day(user.terms_accepted)}."
