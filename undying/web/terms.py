"""The terms: for everybody to read, and for members to accept in each new version. Nobody needs to, to read on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from django.contrib import messages
from django.http import HttpResponseRedirect

from undying.kernel import chosen
from undying.kernel.errors import NotVisible
from undying.people import joining
from undying.web import links, own
from undying.web.page import Page, show, told
from undying.web.typed import number_in, sent

if TYPE_CHECKING:
    from django.http import HttpResponse

    from undying.web.request import Request


@dataclass(frozen=True, kw_only=True)
class TermsPage(Page):
    """The terms."""

    template: ClassVar[str] = "joining/terms.html"
    kind: ClassVar[str] = "terms"

    text: str = told("The terms; paragraphs are kept")
    version: int = told("Their version")
    asks: bool = told("Whether the reader is a member who has yet to accept them")
    next: str = told("Where she goes on to")
    problem: str = told("What stands in the way; empty when nothing")


def show_terms(request: Request) -> HttpResponse:
    """The page; on POST a member accepts them."""
    if not chosen.text("terms"):
        raise NotVisible("page", request.path)
    user, problem = request.user, ""
    going_on = own.ours(request, request.POST.get("next", request.GET.get("next", ""))) or links.FRONT
    if request.method == "POST" and user.is_authenticated:
        try:
            joining.accept_terms(user, number_in(sent(request, "version")))
        except joining.BadAnswers as refused:
            problem = str(refused)
        else:
            messages.success(request, "Thank you. That is noted.")
            return HttpResponseRedirect(going_on)
    page = TermsPage(
        title="The terms",
        text=chosen.text("terms"),
        version=joining.terms_in_force(),
        asks=user.is_authenticated and joining.owes_terms(user),
        next=going_on,
        problem=problem,
    )
    return show(request, page)
