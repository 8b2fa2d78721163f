"""What happens around every request."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.urls import Resolver404, resolve
from django.utils import timezone

from undying.kernel import store
from undying.kernel.errors import Refused
from undying.people.viewer import Role, Viewer
from undying.web import browsers, kept, refusals

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import tzinfo

    from django.http import HttpRequest, HttpResponse

    Answer = Callable[[HttpRequest], HttpResponse]

POLICY = (
    "default-src 'self'; img-src 'self' data: https: http:; style-src 'self'; script-src 'self'; object-src 'none'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
CONSENT = "view_adult"
READING = ("GET", "HEAD")
FORMS = frozenset(
    {
        "about",
        "account_login",
        "account_logout",
        "account-gifts",
        "author-gifts",
        "asked",
        "author-to-find",
        "autosave",
        "begin",
        "blocks",
        "chapters",
        "claim",
        "confirm-address",
        "creators",
        "delete-chapter",
        "delete-work",
        "desk-settings",
        "draft",
        "duplicate",
        "duplicates",
        "edit-chapter",
        "edit-many",
        "edit-work",
        "exclusions",
        "first-works",
        "forgotten",
        "import-again",
        "import-announce",
        "import-entry",
        "import-flags",
        "import-labels",
        "import-labels-csv",
        "import-open",
        "import-repairs",
        "import-undo",
        "invitation-take-back",
        "invitations",
        "join",
        "leaving",
        "let-go",
        "letters",
        "member",
        "message-settle",
        "mfa_authenticate",
        "new-chapter",
        "new-work",
        "opt-out-remove",
        "opt-outs",
        "own-address",
        "own-browsers",
        "own-app",
        "own-codes",
        "own-factors",
        "own-passkey",
        "own-password",
        "own-pictures",
        "own-sure",
        "passkey",
        "pen-name",
        "pen-names",
        "preferences",
        "proof",
        "record-take-back",
        "renew-password",
        "rescue",
        "revision",
        "saved-search",
        "schedule-chapter",
        "schedule-work",
        "searches",
        "sever",
        "split-chapter",
        "terms",
        "upload-work",
        "work-link",
    }
)
"""The routes, by name, that take POST."""
SHORT, LONG = 2 * 1024 * 1024, 16 * 1024 * 1024
"""Bytes that may be sent: to most routes, and to those that take an author's text."""
FILLED = kept.ROUTES | {"upload-work", "autosave", "own-pictures"}
MOST_DRAINED = 64 * 1024 * 1024
YEAR = 365 * 24 * 3600


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


class Lengths:
    """413 for what is longer than its route takes, before anybody reads it.

    The rest of it is taken from the line: a browser shows no answer as long as it is sending.
    """

    def __init__(self, answer: Answer) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        length = int(request.META.get("CONTENT_LENGTH") or 0)
        if length <= SHORT or length <= (most := self._most(request)):
            return self.answer(request)
        left = min(length, MOST_DRAINED)
        while left > 0 and (taken := len(request.read(min(left, SHORT)))):
            left -= taken
        return refusals.too_long(request, length, most)

    def _most(self, request: HttpRequest) -> int:
        try:
            name = resolve(request.path_info).url_name
        except Resolver404:
            return SHORT
        return LONG if name in FILLED else SHORT


class Methods:
    """405 for all but reading, except that FORMS take POST.

    Stands before the check of forms' tokens: a view is not asked, so nothing depends on what is there.
    """

    def __init__(self, answer: Answer) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.answer(request)

    def process_view(self, request: HttpRequest, _view: Answer, _args: object, _kwargs: object) -> HttpResponse | None:
        """The refusal; None lets the view answer."""
        assert request.resolver_match is not None
        allowed = READING if request.resolver_match.url_name not in FORMS else (*READING, "POST")
        return None if request.method in allowed else refusals.wrong_method(request, allowed)


class ViewerOfRequest:
    """Puts `request.viewer` on every request, and remembers that a reader is willing to see adult works."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        viewer = viewer_of(request)
        request.viewer = viewer  # type: ignore[attr-defined]  # the one place that puts it there
        if request.user.is_authenticated:
            browsers.see(request)
        with timezone.override(_zone(viewer)):
            response = self.answer(request)
        if request.GET.get(CONSENT) == "true" and request.COOKIES.get(CONSENT) != "true":
            response.set_cookie(
                CONSENT, "true", max_age=YEAR, samesite="Lax", httponly=True, secure=request.is_secure()
            )
        return response


def _zone(viewer: Viewer) -> tzinfo | None:
    """Where her days begin; None for UTC, and for a zone that this machine does not know any more."""
    try:
        return ZoneInfo(viewer.preferences.time_zone) if viewer.preferences.time_zone else None
    except (ZoneInfoNotFoundError, ValueError):
        return None


def viewer_of(request: HttpRequest) -> Viewer:
    """Who asks. Guests cost no query."""
    adult = request.GET.get(CONSENT) == "true" or request.COOKIES.get(CONSENT) == "true"
    user = request.user
    opened: frozenset[int] = getattr(request, "opened", frozenset())
    if not user.is_authenticated:
        return Viewer(adult=adult, opened=opened)
    preferences = user.preferences
    return Viewer(
        user_id=user.pk,
        name=user.get_username(),
        role=Role(user.role),
        adult=adult or preferences.adult,
        preferences=preferences,
        opened=opened,
        shut_out=frozenset(user.shut_out),
    )


class Refusals:
    """Turns NotVisible into 404 and every other Refused into a worded page, and what a full disk does as well."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.answer(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """The answer to a refusal; None lets every other exception be an error."""
        if isinstance(exception, Refused):
            return refusals.answer(request, exception)
        return refusals.full(request, store.full_at(exception)) if store.is_full(exception) else None
