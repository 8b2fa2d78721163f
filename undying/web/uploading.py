"""Bringing a story as a file: it becomes a draft, chapter by chapter. For guests there is no such page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from django.contrib import messages
from django.http import HttpResponseRedirect

from undying.exchange import uploads
from undying.kernel.errors import Refused
from undying.kernel.ids import new_id
from undying.web import links, sheets
from undying.web.page import Page, show, told
from undying.web.writing import writers_only

if TYPE_CHECKING:
    from django.http import HttpResponse

    from undying.library.models import Work
    from undying.web.request import Request


class NoFile(Refused):
    """The form came without one."""


@dataclass(frozen=True, kw_only=True)
class UploadPage(Page):
    """Asks for the file."""

    template: ClassVar[str] = "writing/upload.html"
    kind: ClassVar[str] = "works-upload"

    suffixes: tuple[str, ...] = told("How the names of files end that can be read")
    trouble: str = told("Why the file that was sent was not taken; may be empty")
    token: str = told("By which the form is known when it is sent twice")
    new: str = told("Where a work is typed instead")


@writers_only
def show_upload(request: Request) -> HttpResponse:
    """Asks for a file; on POST it becomes a draft of hers."""
    trouble = ""
    if request.method == "POST":
        try:
            return _taken(request)
        except Refused as refused:
            trouble = str(refused)
    page = UploadPage(
        title="Bring a file",
        suffixes=uploads.SUFFIXES,
        trouble=trouble,
        token=str(sheets.sent(request.POST).token or new_id()),
        new=links.NEW_WORK,
    )
    return show(request, page)


def _taken(request: Request) -> HttpResponse:
    file = request.FILES.get("file")
    if file is None or not file.name:
        raise NoFile("Choose a file first.")
    upload = uploads.read(file.name, file.read())
    work = uploads.bring(request.viewer, upload, token=sheets.sent(request.POST).token)
    messages.success(request, _said(work))
    for each in upload.remarks:
        messages.warning(request, each)
    return HttpResponseRedirect(links.chapters(work))


def _said(work: Work) -> str:
    count = work.chapters.count()
    parts = "one chapter" if count == 1 else f"{count} chapters"
    return f"“{work.title}” is a draft of yours now, with {parts}. Look whether they begin and end where they should."
