"""A work for whoever has its link: the way in, and the page on which its author finds the link and renews it."""

# ruff: noqa: RUF009 - told() is dataclasses.field with a help text

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from django.contrib import messages
from django.http import HttpResponseRedirect

from undying.library import sharing, writing
from undying.web import links
from undying.web.cards import Name
from undying.web.page import Page, show, told
from undying.web.works import ways_to_write
from undying.web.writing import writers_only

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse

    from undying.web.request import Request

_BENEATH = re.compile(
    r"/by-link/(?P<token>[A-Za-z0-9_-]+)(?P<rest>/(?:works|downloads)/(?P<number>[0-9]{1,19})(?:/.*)?)"
)


class ByLink:
    """Opens a work to whoever has its link, and all beneath its address: `/by-link/TOKEN` stands before that.

    Every other page is asked without that, so that no list can show the work. A token that opens nothing changes
    nothing: what everybody may read is there, and what is not there looks the same. No answer tells other sites where
    it was asked from, and none is for search engines.
    """

    def __init__(self, answer: Callable[[HttpRequest], HttpResponse]) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path_info.startswith(links.BY_LINK):
            return self.answer(request)
        response = self._opened(request)
        response.headers["Referrer-Policy"] = "no-referrer"
        response.headers["X-Robots-Tag"] = "noindex, noai, noimageai"
        return response

    def _opened(self, request: HttpRequest) -> HttpResponse:
        found = _BENEATH.fullmatch(request.path_info)
        if found is None:
            return self.answer(request)
        request.path_info = found["rest"]
        number = sharing.work_behind(found["token"])
        if number is None or number != int(found["number"]):
            return self.answer(request)
        request.opened = frozenset({number})  # type: ignore[attr-defined]  # read by `viewer_of` alone
        with links.through(number, f"{links.BY_LINK}{found['token']}"):
            return self.answer(request)


@dataclass(frozen=True, kw_only=True)
class LinkPage(Page):
    """The link of a work that is for whoever has it."""

    template: ClassVar[str] = "writing/link.html"
    kind: ClassVar[str] = "works-link"

    work: Name = told("The work")
    beside: tuple[Name, ...] = told("What else can be done with the work")
    link: str = told("The link; empty where the work is for others than whoever has it")
    is_draft: bool = told("Whether the link opens nothing yet, because the work is a draft")
    edit: str = told("Where she chooses who may read it")


@writers_only
def show_link(request: Request, work_id: int) -> HttpResponse:
    """The link; on POST there is another, and the one before opens nothing any more."""
    work = writing.work_to_write(request.viewer, work_id)
    if request.method == "POST":
        sharing.renew(request.viewer, work)
        messages.success(request, "There is a new link. The one before opens nothing any more.")
        return HttpResponseRedirect(links.work_link(work))
    token = sharing.token_for(request.viewer, work)
    page = LinkPage(
        title=f"The link of {work.title}",
        work=Name(text=work.title, url=links.of(work)),
        beside=ways_to_write(work),
        link=request.build_absolute_uri(f"{links.BY_LINK}{token}{links.in_files(work)}") if token else "",
        is_draft=work.state != "posted",
        edit=links.edit(work),
    )
    response = show(request, page)
    response.headers["Cache-Control"] = "no-store"
    return response
