"""Another e-mail address for a member: confirmed by a letter to the new one, and told to the old."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from django.contrib import messages
from django.http import HttpResponseRedirect

from undying.kernel import limits
from undying.people import joining, letters
from undying.people.models import LetterKind
from undying.web import links
from undying.web.by_letter import AN_HOUR, base, behind_a_link, count_letter, trouble_with
from undying.web.own import only_hers
from undying.web.page import Page, show, told
from undying.web.passwords import GUESSES
from undying.web.typed import Typed, email_field, password_field, sent

if TYPE_CHECKING:
    from django.http import HttpResponse

    from undying.web.request import Request

ON_ITS_WAY = (
    "A letter is on its way to the new address. Follow its link within a day; until then letters go to the old one."
)


@dataclass(frozen=True, kw_only=True)
class AddressPage(Page):
    """Asks a member for another address, and for her password."""

    template: ClassVar[str] = "account/address.html"
    kind: ClassVar[str] = "account-address"

    email: str = told("Her address now; empty when the archive knows none")
    fields: tuple[Typed, ...] = told("The fields")
    back: str = told("Where her account is")


@dataclass(frozen=True, kw_only=True)
class ConfirmPage(Page):
    """Behind the link in the letter to the new address: asks whether it shall be hers."""

    template: ClassVar[str] = "account/confirm.html"
    kind: ClassVar[str] = "account-confirm"

    name: str = told("The name of the account")
    email: str = told("The new address")


@only_hers
def show_address(request: Request) -> HttpResponse:
    """The form; on POST a letter goes to the new address, or to nobody, and the answer does not tell which."""
    user, email = request.user, sent(request, "email").strip()
    trouble = wrong = ""
    assert user.is_authenticated
    if request.method == "POST":
        limits.count("password", str(user.pk), most=GUESSES, within=AN_HOUR)
        trouble = trouble_with(email)
        wrong = "" if user.check_password(sent(request, "password")[:1000]) else "That is not your password."
        if not trouble and not wrong:
            here = base(request)
            count_letter(request, "address", email)
            joining.ask_for_address(user, email, base=here)
            messages.success(request, ON_ITS_WAY)
            return HttpResponseRedirect(links.own_account(user.username))
    password = password_field("password", "Your password", problem=wrong, is_new=False)
    page = AddressPage(
        title="Your e-mail address",
        email=user.email,
        fields=(email_field(email, trouble, label="Your new address"), password),
        back=links.own_account(user.username),
    )
    return show(request, page)


@behind_a_link
def show_confirm(request: Request, token: str) -> HttpResponse:
    """Ask on GET: programs that look through mail follow links too. On POST the address is hers."""
    letter = letters.opened(token, LetterKind.ADDRESS)
    assert letter.user is not None
    if request.method == "POST":
        user = joining.change_address(letter)
        messages.success(request, f"Letters to {user.username} go to {user.email} now.")
        return HttpResponseRedirect(links.FRONT)
    return show(request, ConfirmPage(title="Your new address", name=letter.user.username, email=letter.email))
