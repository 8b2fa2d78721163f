"""Signing in and out. allauth stands under it for its rate limits; the field names are AO3's, for readers' tools."""

# ruff: noqa: RUF009 - told() is dataclasses.field with a help text

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar
from urllib.parse import urlsplit

from allauth.account.forms import LoginForm
from allauth.account.views import LoginView
from django import forms
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpResponseRedirect, JsonResponse
from django.middleware.csrf import get_token
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache

from undying.kernel import chosen
from undying.kernel.chosen import Joining
from undying.people.passwords import LEAST_OF_STAFF
from undying.people.viewer import STAFF
from undying.web import links
from undying.web.page import Page, show, told

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from undying.web.request import Request

SHORT = (
    f"Your password has fewer than the {LEAST_OF_STAFF} characters that whoever looks after this archive needs: change "
    "it at “Your account”."
)
_AO3_NAMES = {"login": "user[login]", "password": "user[password]", "remember": "user[remember_me]"}


@dataclass(frozen=True, kw_only=True)
class SignInPage(Page):
    """The form to sign in."""

    template: ClassVar[str] = "sessions/sign_in.html"
    kind: ClassVar[str] = "sessions-new"

    form: SignInForm = told("Name, password, and whether to stay signed in")
    next: str = told("Where the reader goes on to")
    may_join: bool = told("Whether somebody may join who has no account")


@dataclass(frozen=True, kw_only=True)
class SignOutPage(Page):
    """Asks whether to sign out."""

    template: ClassVar[str] = "sessions/sign_out.html"
    kind: ClassVar[str] = "sessions-destroy"


class SignInForm(LoginForm):  # type: ignore[misc]  # allauth ships no types
    """allauth's form under AO3's field names, in the archive's words."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].label = "User name"
        self.fields["login"].widget = forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none"})
        self.fields["password"].widget = forms.PasswordInput(attrs={"autocomplete": "current-password"})
        self.fields["password"].help_text = ""
        self.fields["remember"].label = "Keep me signed in"

    def add_prefix(self, field_name: str) -> str:
        """The name of a field in the form that is sent."""
        return _AO3_NAMES.get(field_name, field_name)


class SignIn(LoginView):  # type: ignore[misc]  # allauth ships no types
    """The sign-in page, and what comes back from it."""

    form_class = SignInForm

    def get_form_class(self) -> type[SignInForm]:
        """The archive's own form."""
        return SignInForm

    def form_valid(self, form: SignInForm) -> HttpResponse:
        """She is in, or at the second step. Nothing but the form knows how long her password is."""
        if form.user.role in STAFF and len(form.cleaned_data["password"]) < LEAST_OF_STAFF:
            messages.warning(self.request, SHORT)
        response: HttpResponse = super().form_valid(form)
        return response

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The form alone: allauth's other pages do not exist here."""
        return kwargs if "form" in kwargs else {"form": self.get_form()}

    def render_to_response(self, context: dict[str, Any], **_kwargs: Any) -> HttpResponse:
        """The page."""
        going_on = self.request.POST.get("next") or self.request.GET.get("next") or _came_from(self.request)
        may_join = chosen.joining() is not Joining.CLOSED
        page = SignInPage(title="Sign in", form=context["form"], next=going_on, may_join=may_join)
        response = show(self.request, page)
        response.headers["Cache-Control"] = "no-store"
        return response


@never_cache
def sign_out(request: Request) -> HttpResponse:
    """Ask on GET, sign out on POST."""
    if request.method == "POST":
        logout(request)
        return HttpResponseRedirect(links.FRONT)
    return show(request, SignOutPage(title="Sign out"))


@never_cache
def token(request: Request) -> JsonResponse:
    """The token that a tool must send with a form."""
    return JsonResponse({"token": get_token(request)})


def _came_from(request: HttpRequest) -> str:
    """The page of this archive that the reader was on: she wants to be there again once she is in."""
    referrer = request.headers.get("Referer", "")
    ours = url_has_allowed_host_and_scheme(referrer, {request.get_host()}, require_https=request.is_secure())
    if not referrer or not ours:
        return ""
    parts = urlsplit(referrer)
    here = parts.path in {links.SIGN_IN, links.SIGN_OUT}
    return "" if here else parts.path + (f"?{parts.query}" if parts.query else "")
