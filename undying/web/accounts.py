"""How allauth's sign-in meets this archive."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpResponseRedirect

from undying.people.joining import owes_terms
from undying.web import links

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from undying.people.models import User


class ClosedDoors(DefaultAccountAdapter):  # type: ignore[misc]  # allauth ships no types
    """Nobody signs up by allauth's pages: see `undying.web.joining`."""

    def post_login(self, request: HttpRequest, user: User, **kwargs: Any) -> HttpResponse:
        """Where she goes on to: past the terms, when there are new ones."""
        response: HttpResponse = super().post_login(request, user, **kwargs)
        if not owes_terms(user):
            return response
        return HttpResponseRedirect(links.with_query(links.TERMS, {"next": response.headers["Location"]}))

    def is_open_for_signup(self, _request: HttpRequest) -> bool:
        """Never."""
        return False
