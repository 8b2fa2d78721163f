"""Bringing pictures for texts: the editor sends them here, and without scripts a page does. Guests have neither."""

# ruff: noqa: RUF009 - told() is dataclasses.field with a help text

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, ClassVar

from django.http import HttpResponseRedirect, JsonResponse

from undying.formats import Unreadable
from undying.formats.shown import picture_of
from undying.kernel import limits
from undying.kernel.errors import Refused
from undying.library import bringing
from undying.web import links
from undying.web.page import Page, show, told
from undying.web.paging import Paging, paging
from undying.web.writing import writers_only

if TYPE_CHECKING:
    from django.http import HttpResponse

    from undying.library.models import BroughtPicture
    from undying.web.request import Request

ROWS = 24
MOST_IN_AN_HOUR = 200
AN_HOUR = timedelta(hours=1)
LARGEST = 12 * 1024 * 1024


class NoPicture(Refused):
    """Nothing was sent that could be one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BroughtLine:
    """A picture that she brought: where it is shown to her, and what a text says to show it."""

    url: str
    markup: str


@dataclass(frozen=True, kw_only=True)
class PicturesPage(Page):
    """The pictures that a member brought, and the form for another."""

    template: ClassVar[str] = "writing/pictures.html"
    kind: ClassVar[str] = "writing-pictures"

    lines: tuple[BroughtLine, ...] = told("This page of them, the latest first")
    paging: Paging = told("Where in the list this page stands")
    trouble: str = told("Why the picture that was sent was not taken; may be empty")
    megabytes: int = told("How large a file may be")


@writers_only
def show_pictures(request: Request) -> HttpResponse:
    """Hers; on POST one more. A script that asks for JSON is told what to write, or why it was not taken."""
    trouble = ""
    if request.method == "POST":
        try:
            brought = _taken(request)
        except Refused as refused:
            trouble = str(refused)
        if request.headers.get("Accept") == "application/json":
            return JsonResponse({"refused": trouble} if trouble else {"src": f"picture:{brought.sha256}"})
        if not trouble:
            return HttpResponseRedirect(links.PICTURES)
    rows = bringing.brought_by(request.viewer)
    place = paging(request, rows.count(), ROWS)
    page = PicturesPage(
        title="Your pictures",
        lines=tuple(_line(each) for each in rows[place.start : place.stop]),
        paging=place,
        trouble=trouble,
        megabytes=LARGEST // 1024 // 1024,
    )
    response = show(request, page)
    response.headers["Cache-Control"] = "no-store"
    return response


def _taken(request: Request) -> BroughtPicture:
    """Raises Refused."""
    file = request.FILES.get("picture")
    if file is None:
        raise NoPicture("Choose a picture first.")
    if (file.size or 0) > LARGEST:
        raise NoPicture(f"The file has more than {LARGEST // 1024 // 1024} MB: make it smaller first.")
    limits.count("pictures", str(request.viewer.user_id), most=MOST_IN_AN_HOUR, within=AN_HOUR)
    try:
        return bringing.keep(request.viewer, picture_of(file.read()))
    except Unreadable as error:
        raise NoPicture(str(error)) from error


def _line(row: BroughtPicture) -> BroughtLine:
    return BroughtLine(
        url=links.own_picture(row.sha256), markup=f'<img src="picture:{row.sha256}" alt="What it shows">'
    )
