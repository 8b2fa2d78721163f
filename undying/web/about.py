"""What a member tells of herself on the page of her account: the form, hers alone to see."""

# ruff: noqa: RUF009 - told() is dataclasses.field with a help text

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from django.contrib import messages
from django.http import HttpResponseRedirect

from undying.formats.markdown import typed_prose
from undying.people.actions import TooLong, tell_about
from undying.web import links
from undying.web.fields import Field
from undying.web.own import only_hers
from undying.web.page import Page, show, told
from undying.web.typed import sent

if TYPE_CHECKING:
    from django.http import HttpResponse

    from undying.web.request import Request


@dataclass(frozen=True, kw_only=True)
class AboutPage(Page):
    """The text on the page of a member's account, to be changed."""

    template: ClassVar[str] = "own/about.html"
    kind: ClassVar[str] = "about"

    account: str = told("The name of the account")
    url: str = told("The page on which the text stands")
    field: Field = told("The text")


@only_hers
def show_about(request: Request) -> HttpResponse:
    """The page; on POST the text is changed."""
    user, problem = request.user, ""
    assert user.is_authenticated
    text = str(user.about)
    if request.method == "POST":
        text = sent(request, "about")
        try:
            tell_about(user, typed_prose(text))
        except TooLong as refused:
            problem = str(refused)
        else:
            messages.success(request, "Saved.")
            return HttpResponseRedirect(links.account(user.username))
    field = Field(
        name="about",
        label="About you",
        kind="lines",
        value=text,
        rows=10,
        problem=problem,
        help="Plain text, Markdown or HTML.",
    )
    page = AboutPage(title="About you", account=user.username, url=links.account(user.username), field=field)
    return show(request, page)
