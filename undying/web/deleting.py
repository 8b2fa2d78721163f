"""Deleting a work, and bringing it back as long as that can be done. For all but its creators there is no such page."""

# ruff: noqa: RUF009 - told() is dataclasses.field with a help text

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from django.contrib import messages
from django.http import HttpResponseRedirect

from undying.library import writing
from undying.library.writing import GRACE, Unfinished
from undying.web import links
from undying.web.cards import Name
from undying.web.page import Page, show, told
from undying.web.writing import writers_only

if TYPE_CHECKING:
    from datetime import datetime

    from django.http import HttpResponse

    from undying.library.models import Work
    from undying.web.request import Request


@dataclass(frozen=True, kw_only=True)
class DeleteWorkPage(Page):
    """Asks whether a work goes, or whether it comes back."""

    template: ClassVar[str] = "writing/delete.html"
    kind: ClassVar[str] = "works-delete"

    work: Name = told("The work")
    chapters: int = told("How many chapters it has")
    words: int = told("How many words they have")
    days: int = told("For how many days it can be brought back")
    goes: datetime | None = told("When it goes for good; None while it is not deleted")
    let_go: str = told("Where she lets go of it without deleting it")
    problem: str = told("Why it was not deleted; empty when nothing is wrong")


@writers_only
def show_delete(request: Request, work_id: int) -> HttpResponse:
    """Asks; on POST it is deleted, or brought back."""
    work = writing.work_to_write(request.viewer, work_id)
    if request.method != "POST":
        return _asks(request, work, "")
    if request.POST.get("act") == "back":
        writing.bring_back(request.viewer, work)
        messages.success(request, f"“{work.title}” is back, as it was.")
        return HttpResponseRedirect(links.of(work))
    try:
        writing.delete_work(request.viewer, work)
    except Unfinished as refused:
        return _asks(request, work, str(refused))
    messages.success(request, f"“{work.title}” is deleted. You can bring it back for {GRACE.days} days.")
    return HttpResponseRedirect(links.drafts(request.viewer.name))


def _asks(request: Request, work: Work, problem: str) -> HttpResponse:
    deletion = writing.deletion_of(work)
    page = DeleteWorkPage(
        title=f"Delete {work.title}",
        work=Name(text=work.title, url=links.of(work)),
        chapters=work.chapters.count(),
        words=work.words,
        days=GRACE.days,
        goes=deletion.at + GRACE if deletion else None,
        let_go=links.let_go(work),
        problem=problem,
    )
    return show(request, page)
