"""The works that were given to a member; she herself may refuse them here."""

# ruff: noqa: RUF009 - told() is dataclasses.field with a help text

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from django.contrib import messages
from django.http import HttpResponseRedirect

from undying.kernel.errors import NotVisible
from undying.library import giving
from undying.web import links, own
from undying.web.page import Page, show, told
from undying.web.paging import Paging, paging
from undying.web.people import pseuds_at
from undying.web.typed import sent

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.http import HttpResponse

    from undying.people.models import Pseud
    from undying.web.cards import Name, WorkCard
    from undying.web.own import LeftOut
    from undying.web.request import Request


@dataclass(frozen=True, kw_only=True)
class GiftsPage(Page):
    """The works that were given to a member, of those that the reader may read."""

    template: ClassVar[str] = "people/gifts.html"
    part: ClassVar[str] = "works"
    kind: ClassVar[str] = "gifts-index"

    member: Name = told("Whose they are")
    works: tuple[WorkCard, ...] = told("This page of them, the latest first")
    is_hers: bool = told("Whether the one who looks is she: then each has a button that refuses it")
    preferences: str = told("Where she says that nobody may give her works; empty for everybody else")
    left_out: LeftOut | None = told("What the reader's own exclusions keep from them, if anything")
    paging: Paging = told("Where in the list this page stands")

    @property
    def cards(self) -> tuple[WorkCard, ...]:
        """The works on it."""
        return self.works


def show_of_account(request: Request, handle: str) -> HttpResponse:
    """All gifts for an account; on POST she refuses one."""
    return _show(request, *pseuds_at(request.viewer, handle))


def show_of_pseud(request: Request, handle: str, name: str) -> HttpResponse:
    """The gifts for one pen name; on POST she refuses one."""
    return _show(request, *pseuds_at(request.viewer, handle, name))


def _show(request: Request, member: Name, pseuds: Sequence[Pseud]) -> HttpResponse:
    viewer = request.viewer
    is_hers = viewer.user_id is not None and all(each.user_id == viewer.user_id for each in pseuds)
    if request.method == "POST":
        return _refused(request, member, is_hers=is_hers)
    found, left_out = giving.given_to(viewer, pseuds), None
    if not is_hers:
        found, left_out = own.leave_out(request, found)
    place = paging(request, found.count())
    page = GiftsPage(
        title=f"Gifts for {member.text}",
        member=member,
        works=own.cards_for(viewer, found.newest().with_card()[place.start : place.stop]),
        is_hers=is_hers,
        preferences=links.preferences(viewer.name) if is_hers else "",
        left_out=left_out,
        paging=place,
    )
    return show(request, page)


def _refused(request: Request, member: Name, *, is_hers: bool) -> HttpResponse:
    """Raises NotVisible for everybody else, and for what is no gift for her."""
    number = sent(request, "work")
    if not is_hers or not (number.isascii() and number.isdecimal() and len(number) < 20):  # noqa: PLR2004 - longer than any
        raise NotVisible("author", request.path)
    work = giving.refuse(request.viewer, int(number))
    messages.success(request, f"Your name is off “{work.title}”. Nobody but its creators learns that you refused it.")
    return HttpResponseRedirect(links.gifts(member.url))
