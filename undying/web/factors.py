"""A member's second factor and her passkeys: setting them up, taking them off. allauth keeps and checks them."""

# ruff: noqa: RUF009 - told() is dataclasses.field with a help text

from __future__ import annotations

import base64
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from allauth.mfa.adapter import get_adapter
from allauth.mfa.base.internal.flows import delete_dangling_recovery_codes
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal import auth as totp
from django.contrib import messages
from django.http import HttpResponseRedirect

from undying.kernel import limits
from undying.people import second_factor
from undying.web import links, passkeys
from undying.web.by_letter import AN_HOUR, base_or_none
from undying.web.own import only_hers
from undying.web.page import Page, show, told
from undying.web.sure import who_is_sure
from undying.web.typed import Typed, number_in, sent

if TYPE_CHECKING:
    from datetime import datetime

    from django.http import HttpResponse

    from undying.people.models import User
    from undying.web.request import Request

TRIES = 20
"""Of a code, in an hour."""
LONGEST_NAME = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class PasskeyLine:
    """One of her passkeys."""

    number: int
    name: str
    since: datetime
    used: datetime | None


@dataclass(frozen=True, kw_only=True)
class FactorsPage(Page):
    """What she signs in with besides her password."""

    template: ClassVar[str] = "account/factors.html"
    kind: ClassVar[str] = "account-factors"

    is_owed: bool = told("Whether the desk stays shut until she has one")
    app_since: datetime | None = told("Since when an app makes codes for her; None when none does")
    app: str = told("Where she sets one up")
    passkeys: tuple[PasskeyLine, ...] = told("Her passkeys")
    passkey: str = told("Where she makes another")
    codes_left: int | None = told("How many recovery codes are left; None when she has no need of any")
    codes: str = told("Where they are shown")
    back: str = told("Where her account is")


@dataclass(frozen=True, kw_only=True)
class AppPage(Page):
    """Shows the secret for her app, and asks for the code that it makes."""

    template: ClassVar[str] = "account/app.html"
    kind: ClassVar[str] = "account-app"

    picture: str = told("The secret as a picture to be scanned, as a data address")
    secret: str = told("The secret to be typed, in groups")
    field: Typed = told("The field for the code")
    back: str = told("Where all her factors are")


@dataclass(frozen=True, kw_only=True)
class PasskeyPage(Page):
    """Makes a passkey; the browser's own dialogue does it."""

    template: ClassVar[str] = "account/passkey.html"
    kind: ClassVar[str] = "account-passkey"

    options: str = told("What the browser is asked to make, as JSON")
    field: Typed = told("The field for its name")
    problem: str = told("Why the last try did not do; empty at first")
    back: str = told("Where all her factors are")


@dataclass(frozen=True, kw_only=True)
class CodesPage(Page):
    """Her recovery codes."""

    template: ClassVar[str] = "account/codes.html"
    kind: ClassVar[str] = "account-codes"

    codes: tuple[str, ...] = told("Those that were not used yet")
    back: str = told("Where all her factors are")


@only_hers
@who_is_sure
def show_factors(request: Request) -> HttpResponse:
    """What she has; on POST one of them is taken off."""
    user = _user(request)
    mine = Authenticator.objects.filter(user=user).order_by("pk")
    if request.method == "POST":
        return _taken_off(request, user, number_in(sent(request, "remove")))
    found = list(mine)
    app = next((each for each in found if each.type == Authenticator.Type.TOTP), None)
    codes = next((each for each in found if each.type == Authenticator.Type.RECOVERY_CODES), None)
    page = FactorsPage(
        title="Second factor and passkeys",
        is_owed=second_factor.is_owed(request.viewer),
        app_since=app.created_at if app else None,
        app=links.own_factor(user.username, "app"),
        passkeys=tuple(_line(each) for each in found if each.type == Authenticator.Type.WEBAUTHN),
        passkey=links.own_factor(user.username, "passkey"),
        codes_left=len(codes.wrap().get_unused_codes()) if codes else None,
        codes=links.own_factor(user.username, "codes"),
        back=links.own_account(user.username),
    )
    return show(request, page)


def _line(row: Authenticator) -> PasskeyLine:
    return PasskeyLine(number=row.pk, name=row.wrap().name, since=row.created_at, used=row.last_used_at)


def _taken_off(request: Request, user: User, number: int) -> HttpResponse:
    """One passkey, or, for 0, the app. Recovery codes go with the last of them."""
    mine = Authenticator.objects.filter(user=user)
    gone, _ = (mine.filter(pk=number) if number else mine.filter(type=Authenticator.Type.TOTP)).delete()
    if gone:
        delete_dangling_recovery_codes(user)
        second_factor.tell(user, base=base_or_none(request))
        messages.success(request, "Taken off: it opens nothing here any more.")
    return HttpResponseRedirect(links.own_factor(user.username))


@only_hers
@who_is_sure
def show_app(request: Request) -> HttpResponse:
    """The secret and the field; on POST the code shows that the app has it."""
    user, problem = _user(request), ""
    if Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).exists():
        return HttpResponseRedirect(links.own_factor(user.username))
    secret = totp.get_totp_secret(regenerate=request.method != "POST")
    if request.method == "POST":
        limits.count("code", str(user.pk), most=TRIES, within=AN_HOUR)
        if totp.validate_totp_code(secret, sent(request, "code")[:20]):
            totp.TOTP.activate(user, secret)
            totp.clear_totp_secret(request)
            return _added(request, user, "The app is set up. You are asked for its code when you sign in.")
        problem = "That is not the code of this minute. Wait for the next one, and see that the clock is right."
    page = AppPage(
        title="An app for codes",
        picture=_picture(user, secret),
        secret=" ".join(secret[start : start + 4] for start in range(0, len(secret), 4)),
        field=Typed(name="code", label="The code that the app shows", fills="one-time-code", problem=problem),
        back=links.own_factor(user.username),
    )
    return show(request, page)


def _picture(user: User, secret: str) -> str:
    adapter = get_adapter()
    drawn = adapter.build_totp_svg(adapter.build_totp_url(user, secret)).encode()
    return f"data:image/svg+xml;base64,{base64.b64encode(drawn).decode()}"


@only_hers
@who_is_sure
def show_passkey(request: Request) -> HttpResponse:
    """The form; on POST what the browser made is kept."""
    user, problem = _user(request), ""
    name = " ".join(sent(request, "name").split())
    if request.method == "POST":
        if len(name) > LONGEST_NAME:
            problem = f"At most {LONGEST_NAME} characters fit into its name; this has {len(name)}."
        elif passkeys.keep(user, name or "Passkey", sent(request, "credential")):
            return _added(request, user, "The passkey is kept. You can sign in with it alone.")
        else:
            problem = "Your browser did not make a passkey that can be kept here. Try again."
    page = PasskeyPage(
        title="A passkey",
        options=passkeys.options_to_make(user),
        field=Typed(name="name", label="What shall it be called?", value=name, help="Such as: my phone."),
        problem=problem,
        back=links.own_factor(user.username),
    )
    return show(request, page)


@only_hers
@who_is_sure
def show_codes(request: Request) -> HttpResponse:
    """The codes; on POST all of them are replaced."""
    user = _user(request)
    if not second_factor.has_one(user.pk):
        return HttpResponseRedirect(links.own_factor(user.username))
    if request.method == "POST":
        Authenticator.objects.filter(user=user, type=Authenticator.Type.RECOVERY_CODES).delete()
        messages.success(request, "These are new. The earlier ones open nothing any more.")
    codes = tuple(RecoveryCodes.activate(user).get_unused_codes())
    page = CodesPage(title="Recovery codes", codes=codes, back=links.own_factor(user.username))
    return show(request, page)


def _added(request: Request, user: User, words: str) -> HttpResponse:
    """The first factor brings recovery codes, which she sees at once."""
    is_first = not Authenticator.objects.filter(user=user, type=Authenticator.Type.RECOVERY_CODES).exists()
    RecoveryCodes.activate(user)
    second_factor.tell(user, base=base_or_none(request))
    messages.success(request, words)
    return HttpResponseRedirect(links.own_factor(user.username, "codes" if is_first else ""))


def _user(request: Request) -> User:
    assert request.user.is_authenticated
    return request.user
