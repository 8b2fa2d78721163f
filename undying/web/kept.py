"""Nothing that somebody typed is lost: whatever stands in the way of a form of writing, the text comes back with it.

It is given back from what was sent and from nothing else, so it looks the same for a work that is absent or forbidden.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from undying.web import written
from undying.web.fields import Field
from undying.web.page import Page, show, told
from undying.web.writing_forms import LABELS

if TYPE_CHECKING:
    from http import HTTPStatus

    from django.http import HttpRequest, HttpResponse

ROUTES = frozenset({"new-work", "edit-work", "new-chapter", "edit-chapter"})
"""The routes, by name, to which long texts are sent."""
LONGEST_HIDDEN = 100
_ABROAD = ("Origin", "Referer")
"""How Django's reasons begin for a form that came from another site: that one is not given back."""


@dataclass(frozen=True, kw_only=True)
class KeptPage(Page):
    """Why a form was not taken, and all that was typed into it, ready to be sent again."""

    template: ClassVar[str] = "writing/kept.html"
    kind: ClassVar[str] = "writing-kept"

    heading: str = told("What happened, in a few words")
    sentence: str = told("What stands in the way")
    fields: tuple[Field, ...] = told("The longer texts that were typed, to be seen and copied")
    hidden: tuple[tuple[str, str], ...] = told("The rest of the form: names and values")
    offers_sign_in: bool = told("Whether signing in is what is missing")


def holds_text(request: HttpRequest) -> bool:
    """Whether a form of writing came, with something in it."""
    match = request.resolver_match
    is_form = request.method == "POST" and match is not None and match.url_name in ROUTES
    return is_form and written.says_something(written.sent(request.POST))


def is_from_here(reason: str) -> bool:
    """Whether a form that failed Django's check came from this archive, as far as that says."""
    return not reason.startswith(_ABROAD)


def give_back(request: HttpRequest, code: HTTPStatus, heading: str, sentence: str) -> HttpResponse:
    """The page with what was typed."""
    is_guest = not request.user.is_authenticated
    shown = [(name, value) for name, value in _values(request) if _is_long(value)]
    page = KeptPage(
        title=heading,
        heading="You are not signed in" if is_guest else heading,
        sentence="Nothing was saved, since you are not signed in any more." if is_guest else sentence,
        fields=tuple(Field(name=name, label=LABELS[name], kind="lines", value=value, rows=8) for name, value in shown),
        hidden=tuple(each for each in _values(request) if each not in shown),
        offers_sign_in=is_guest,
    )
    response = show(request, page)
    response.status_code = code
    return response


def _values(request: HttpRequest) -> list[tuple[str, str]]:
    act = [("act", request.POST["act"])] if "act" in request.POST else []
    return [*written.again(request.POST), *act]


def _is_long(value: str) -> bool:
    return len(value) > LONGEST_HIDDEN or "\n" in value.strip()
