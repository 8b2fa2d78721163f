"""The archive's words when it will not, or cannot."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING, ClassVar

from undying.kernel import store
from undying.kernel.errors import NotVisible, PastTheEnd, Refused, StorageFull
from undying.kernel.limits import TooOften
from undying.web import kept
from undying.web.page import Page, show, told

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.http import HttpRequest, HttpResponse


@dataclass(frozen=True, kw_only=True)
class RefusalPage(Page):
    """Why there is nothing here, and where to go from here."""

    template: ClassVar[str] = "refusals/refusal.html"
    kind: ClassVar[str] = "refusal"

    code: int = told("The HTTP status")
    heading: str = told("What happened, in a few words")
    sentence: str = told("The same in a sentence that the reader can act on")
    hint: str = told("What to try next; may be empty")
    way_on: str = told("The address of what there is instead; may be empty", default="")
    way_on_words: str = told("What that is, in a few words", default="")
    offers_sign_in: bool = told("Whether signing in may help: said of everything that is not here, so it tells nothing")


_MB = 1024 * 1024
_SIGN_IN_HINT = "It may have been taken down or never have been here, or it may be for members."


def answer(request: HttpRequest, refusal: Refused) -> HttpResponse:
    """The page for a refusal: 404 for what is not visible, whatever the reason, with the same bytes."""
    if isinstance(refusal, PastTheEnd):
        return past_the_end(request, refusal)
    if isinstance(refusal, NotVisible):
        return absent(request, refusal.kind)
    if isinstance(refusal, StorageFull):
        return full(request, refusal)
    if isinstance(refusal, TooOften):
        code, hint = HTTPStatus.TOO_MANY_REQUESTS, "Nothing has been changed."
        return _say(request, code, "A moment, please", str(refusal), hint)
    if kept.holds_text(request):
        return kept.give_back(request, HTTPStatus.BAD_REQUEST, "That cannot be done", str(refusal))
    hint = "Go back, change it and try again."
    return _say(request, HTTPStatus.BAD_REQUEST, "That cannot be done", str(refusal), hint)


def full(request: HttpRequest, refusal: StorageFull) -> HttpResponse:
    """507. Where the disk is full is for the archivist, who can do something about it."""
    viewer = getattr(request, "viewer", None)
    sentence = "The archive’s disk is full, so that was not done. Nothing is half saved."
    hint = "Tell the people who keep this archive, and try again when they have made room."
    if viewer is not None and viewer.sees_all:
        sentence, hint = f"{refusal.what} Nothing is half saved.", "Free some space there and do it again."
    if kept.holds_text(request):
        return kept.give_back(request, HTTPStatus.INSUFFICIENT_STORAGE, "There is no room left", f"{sentence} {hint}")
    return _say(request, HTTPStatus.INSUFFICIENT_STORAGE, "There is no room left", sentence, hint)


def absent(request: HttpRequest, kind: str = "page") -> HttpResponse:
    """404, with the sentence that readers' tools know from AO3."""
    sentence = f"Sorry, we couldn't find the {kind} you were looking for."
    if kept.holds_text(request):
        return kept.give_back(request, HTTPStatus.NOT_FOUND, "Not on these shelves", sentence)
    return _say(request, HTTPStatus.NOT_FOUND, "Not on these shelves", sentence, _SIGN_IN_HINT, offers_sign_in=True)


def past_the_end(request: HttpRequest, refusal: PastTheEnd) -> HttpResponse:
    """404 for a page after the last, with the way to the last."""
    has = "has one page" if refusal.last == 1 else f"ends with page {refusal.last:,}"
    page = RefusalPage(
        title="No such page",
        code=HTTPStatus.NOT_FOUND,
        heading="The list is shorter",
        sentence=f"There is no page {refusal.number:,}: this list {has}.",
        hint="",
        way_on=refusal.address,
        way_on_words="Go to its last page" if refusal.last > 1 else "Go to the list",
        offers_sign_in=False,
    )
    return _answer(request, page)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404 for an address that the archive does not have."""
    del exception
    return absent(request)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400."""
    del exception
    sentence = "Your browser sent something that the archive does not understand."
    return _say(request, HTTPStatus.BAD_REQUEST, "That did not arrive whole", sentence, "Go back and try again.")


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403."""
    del exception
    sentence = "This is for others to do. You may be able to once you sign in."
    return _say(request, HTTPStatus.FORBIDDEN, "Not from here", sentence, "", offers_sign_in=True)


def forged(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 for a form without its token: an old page, or cookies that are switched off."""
    sentence = "The form you sent was too old, or your browser keeps no cookies for this archive."
    if kept.is_from_here(reason) and kept.holds_text(request):
        return kept.give_back(request, HTTPStatus.FORBIDDEN, "Please send that again", sentence)
    hint = "Go back, reload the page and send it again. Nothing has been changed."
    return _say(request, HTTPStatus.FORBIDDEN, "Please send that again", sentence, hint)


def wrong_method(request: HttpRequest, allowed: Iterable[str]) -> HttpResponse:
    """405 for a way of asking that an address does not know."""
    sentence = f"This address does not answer to {(request.method or 'that')[:20]}."
    response = _say(request, HTTPStatus.METHOD_NOT_ALLOWED, "Not this way", sentence, "Nothing has been changed.")
    response.headers["Allow"] = ", ".join(allowed)
    return response


def too_long(request: HttpRequest, length: int, most: int) -> HttpResponse:
    """413 for more than a form may carry."""
    sentence = (
        f"What you sent has {length / _MB:.1f} MB, and {most / _MB:.0f} MB are the most that fit. Nothing was saved."
    )
    hint = "Go back, where your text still is, and send it in parts: a chapter at a time."
    return _say(request, HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "That is too long", sentence, hint)


def too_many(request: HttpRequest) -> HttpResponse:
    """429."""
    sentence = "That was tried too often in a short time."
    return _say(
        request, HTTPStatus.TOO_MANY_REQUESTS, "A moment, please", sentence, "Wait a few minutes and try again."
    )


def suspended(request: HttpRequest) -> HttpResponse:
    """403 for an account that may not sign in."""
    sentence = "This account cannot be used at present."
    hint = "If you do not know why, write to the people who keep this archive."
    return _say(request, HTTPStatus.FORBIDDEN, "Your account is suspended", sentence, hint)


def failed(request: HttpRequest) -> HttpResponse:
    """500: says so, and asks the database nothing. 507 where a full disk broke it outside of every view."""
    if (error := sys.exception()) is not None and store.is_full(error):
        return full(request, store.full_at(error))
    sentence = "Something in the archive broke while it made this page."
    hint = "It has been written down for the people who keep the archive. Your stories are safe; try again in a while."
    return _say(request, HTTPStatus.INTERNAL_SERVER_ERROR, "That is our fault", sentence, hint)


def _say(
    request: HttpRequest, code: HTTPStatus, heading: str, sentence: str, hint: str, *, offers_sign_in: bool = False
) -> HttpResponse:
    page = RefusalPage(
        title=heading, code=code, heading=heading, sentence=sentence, hint=hint, offers_sign_in=offers_sign_in
    )
    return _answer(request, page)


def _answer(request: HttpRequest, page: RefusalPage) -> HttpResponse:
    response = show(request, page)
    response.status_code = page.code
    return response
