"""What pages share that have a letter sent: the address in its links, limits, and an answer that tells nothing.

Refused: NoAddressHere.
"""

from __future__ import annotations

from datetime import timedelta
from functools import wraps
from typing import TYPE_CHECKING

from allauth.account.adapter import get_adapter
from allauth.core.internal.ratelimit import truncate_ip
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from undying.kernel import limits
from undying.kernel.errors import NotVisible, Refused
from undying.people.letters import NoSuchLetter
from undying.web.typed import LONGEST_EMAIL

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse

    from undying.web.request import Request

AN_HOUR = timedelta(hours=1)
LETTERS_TO_AN_ADDRESS, LETTERS_FROM_A_NETWORK = 5, 20
"""In an hour."""


class NoAddressHere(Refused):
    """The archive does not know its own address, and will not take a stranger's word for it."""


def base(request: Request) -> str:
    """The archive's address, for links in letters: the setting, else the one that was asked. Raises NoAddressHere.

    Where any host name is answered to, whoever asks could have the letter's link lead to a site of hers.
    """
    if set_ := settings.UNDYING.text("base_url"):
        return str(set_)
    if "*" in settings.ALLOWED_HOSTS:
        raise NoAddressHere("Letters cannot be sent yet: the archivist has to set base_url first.")
    return request.build_absolute_uri("/").rstrip("/")


def base_or_none(request: Request) -> str:
    """The same for a letter that can do without links."""
    try:
        return base(request)
    except NoAddressHere:
        return ""


def network_of(request: HttpRequest) -> str:
    """The network that a request comes from: an IPv4 address, or 64 bits of IPv6."""
    return str(truncate_ip(get_adapter(request).get_client_ip(request)))


def count_letter(request: Request, what: str, email: str) -> None:
    """Note that a letter was asked for, by its address and by the network it was asked from. Raises TooOften."""
    limits.count(f"{what} from", network_of(request), most=LETTERS_FROM_A_NETWORK, within=AN_HOUR)
    limits.count(f"{what} to", email.casefold(), most=LETTERS_TO_AN_ADDRESS, within=AN_HOUR)


def trouble_with(email: str) -> str:
    """Why that cannot be an address, in a sentence; empty when it can."""
    if len(email) > LONGEST_EMAIL:
        return f"An address has at most {LONGEST_EMAIL} characters; this has {len(email)}."
    try:
        validate_email(email)
    except ValidationError:
        return "Write an e-mail address, such as ada@mail.example."
    return ""


def behind_a_link(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A page that a letter's link leads to. An unknown link looks like any page that is not there; nobody keeps a copy,
    and no other site learns of it.
    """

    @wraps(view)
    def guarded(request: Request, token: str) -> HttpResponse:
        try:
            response = view(request, token)
        except NoSuchLetter as error:
            raise NotVisible("page", "") from error
        response.headers["Cache-Control"] = "no-store"
        response.headers["Referrer-Policy"] = "same-origin"  # "no-referrer" would have forms sent from nowhere
        return response

    return guarded
