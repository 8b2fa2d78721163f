"""How allauth's sign-in meets this archive."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from django.http import HttpResponseRedirect

from undying.kernel import chosen
from undying.people.joining import owes_terms
from undying.web import browsers, links, sure

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from undying.people.models import User


class ClosedDoors(DefaultAccountAdapter):  # type: ignore[misc]  # allauth ships no types
    """Nobody signs up by allauth's pages: see `undying.web.joining`."""

    def post_login(self, request: HttpRequest, user: User, **kwargs: Any) -> HttpResponse:
        """Where she goes on to: past the terms, when there are new ones."""
        response: HttpResponse = super().post_login(request, user, **kwargs)
        sure.note(request)
        browsers.remember(request)
        if not owes_terms(user):
            return response
        return HttpResponseRedirect(links.with_query(links.TERMS, {"next": response.headers["Location"]}))

    def is_open_for_signup(self, _request: HttpRequest) -> bool:
        """Never."""
        return False


class SecondFactor(DefaultMFAAdapter):  # type: ignore[misc]  # allauth ships no types
    """What apps and passkeys call the archive and its accounts: never by an address, for others see such screens."""

    def _get_site_name(self) -> str:
        return chosen.text("site_name")

    def _get_user_identifier(self, user: User) -> str:
        return user.username
