"""The second step of signing in, and signing in with a passkey alone."""

# ruff: noqa: RUF009 - told() is dataclasses.field with a help text

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from allauth.account.internal.decorators import login_stage_required
from allauth.account.models import Login
from allauth.mfa.base.forms import AuthenticateForm
from allauth.mfa.base.internal.flows import check_rate_limit, post_authentication
from allauth.mfa.models import Authenticator
from allauth.mfa.stages import AuthenticateStage
from allauth.mfa.webauthn.internal.flows import perform_passwordless_login
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponseRedirect, JsonResponse
from django.views.decorators.cache import never_cache

from undying.kernel import limits
from undying.web import links, own, passkeys
from undying.web.by_letter import AN_HOUR, network_of
from undying.web.page import Page, show, told
from undying.web.typed import Typed, sent

if TYPE_CHECKING:
    from django.http import HttpResponse

    from undying.people.models import User
    from undying.web.request import Request

PASSKEYS_FROM_A_NETWORK = 60
"""Attempts in an hour."""


@dataclass(frozen=True, kw_only=True)
class SecondStepPage(Page):
    """Asks, after the password, for a code or a passkey."""

    template: ClassVar[str] = "sessions/second_step.html"
    kind: ClassVar[str] = "sessions-second"

    field: Typed = told("The field for a code: of the app, or one to recover with")
    has_app: bool = told("Whether an app makes codes for her")
    options: str = told("What her browser is asked for that uses a passkey, as JSON; empty when she has none")


@login_stage_required(stage=AuthenticateStage.key, redirect_urlname="account_login")  # type: ignore[untyped-decorator]  # allauth ships no types
def show_second(request: Request) -> HttpResponse:
    """The page; on POST she is in, or told why not."""
    stage = request._login_stage  # type: ignore[attr-defined]  # noqa: SLF001 - allauth's decorator puts it there
    user, problem = stage.login.user, ""
    if request.method == "POST":
        problem = _proof(request, user)
        if not problem:
            response: HttpResponse = stage.exit()
            return response
    kinds = set(Authenticator.objects.filter(user=user).values_list("type", flat=True))
    has_passkey = Authenticator.Type.WEBAUTHN in kinds
    page = SecondStepPage(
        title="Sign in: second step",
        field=Typed(name="code", label="Your code", fills="one-time-code", problem=problem),
        has_app=Authenticator.Type.TOTP in kinds,
        options=json.dumps(passkeys.options_to_use(user)) if has_passkey else "",
    )
    return show(request, page)


def _proof(request: Request, user: User) -> str:
    """Why what was sent proves nothing; empty when it does."""
    if "credential" not in request.POST:
        form = AuthenticateForm(user=user, data={"code": sent(request, "code")[:40]})
        if not form.is_valid():
            return " ".join(form.errors.get("code", ["That is no code."]))
        form.save()
        return ""
    try:
        forgive = check_rate_limit(user)
    except ValidationError as error:
        return " ".join(error.messages)
    found = passkeys.proved(sent(request, "credential"), user)
    if found is None:
        return "That passkey was not taken. Try again, or use a code."
    forgive()
    post_authentication(request, found)
    return ""


@never_cache
def sign_in_with_passkey(request: Request) -> HttpResponse:
    """What the browser is asked, as JSON; on POST she is in, or led back to where she can try again."""
    if request.method != "POST":
        return JsonResponse(passkeys.options_to_use())
    limits.count("passkey from", network_of(request), most=PASSKEYS_FROM_A_NETWORK, within=AN_HOUR)
    found = passkeys.proved(sent(request, "credential"))
    if found is None:
        messages.error(request, "That passkey is not known here. Sign in with your name and password.")
        return HttpResponseRedirect(links.SIGN_IN)
    going_on = own.ours(request, sent(request, "next")) or None
    response: HttpResponse = perform_passwordless_login(request, found, Login(user=found.user, redirect_url=going_on))
    return response
