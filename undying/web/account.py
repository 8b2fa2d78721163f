"""What a member's account is: hers alone to see, and where she changes it."""

# ruff: noqa: RUF009 - told() is dataclasses.field with a help text

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from undying.web import links
from undying.web.own import only_hers
from undying.web.page import Page, show, told

if TYPE_CHECKING:
    from datetime import datetime

    from django.http import HttpResponse

    from undying.web.request import Request


@dataclass(frozen=True, kw_only=True)
class AccountPage(Page):
    """Her account: address, password, and since when."""

    template: ClassVar[str] = "account/account.html"
    kind: ClassVar[str] = "account"

    name: str = told("The name of the account")
    email: str = told("Her e-mail address; empty when the archive knows none")
    joined: datetime = told("Since when she has it")
    password: str = told("Where she changes her password")


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
        password=links.own_password(user.username),
    )
    return show(request, page)
