"""Whom a member has blocked, and how she blocks another. Hers alone to see."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from django.contrib import messages
from django.http import HttpResponseRedirect

from undying.library import blocks, co_authors
from undying.library.access import BIGGEST_ID
from undying.library.blocks import NotBlocked
from undying.web import links
from undying.web.cards import Name
from undying.web.own import only_hers
from undying.web.page import Page, show, told
from undying.web.typed import sent

if TYPE_CHECKING:
    from django.http import HttpResponse

    from undying.people.models import Block, Pseud
    from undying.web.request import Request

LONGEST_NUMBER = 19


@dataclass(frozen=True, slots=True, kw_only=True)
class BlockLine:
    """Somebody whom she has blocked: by this pen name, and whether her works are hidden from her too."""

    number: int
    pen_name: int
    who: Name
    hides: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A pen name that can be blocked: its number, and what tells it from others of the name."""

    number: int
    text: str
    note: str


@dataclass(frozen=True, kw_only=True)
class BlocksPage(Page):
    """Whom a member has blocked."""

    template: ClassVar[str] = "own/blocks.html"
    kind: ClassVar[str] = "blocks"

    lines: tuple[BlockLine, ...] = told("Whom she has blocked, the latest first")
    path: str = told("The page's own address, where its forms are sent")
    typed: str = told("What was typed to be found among pen names")
    found: tuple[Found, ...] = told("The pen names that were found, each with a button that blocks")


@only_hers
def show_blocks(request: Request) -> HttpResponse:
    """The page; on POST somebody is blocked or unblocked."""
    viewer, typed = request.viewer, request.GET.get("find", "").replace("\0", "").strip()[: co_authors.LONGEST_TYPED]
    if request.method == "POST":
        return _changed(request)
    wanted = _number(request.GET.get("pen_name", ""))
    found = [blocks.pen_name_for(wanted)] if wanted else co_authors.like(viewer, typed)
    page = BlocksPage(
        title="Whom you block",
        lines=tuple(map(_line, blocks.kept_by(viewer))),
        path=links.blocks(viewer.name),
        typed=typed,
        found=tuple(_found(each) for each in found),
    )
    return show(request, page)


def _line(row: Block) -> BlockLine:
    who = row.pseud
    url = links.of(who) if who.user is not None and who.user.is_active else ""
    return BlockLine(number=row.pk, pen_name=who.pk, who=Name(text=who.name, url=url), hides=row.hides)


def _found(pseud: Pseud) -> Found:
    account = pseud.user.username if pseud.user is not None and pseud.is_linked else ""
    return Found(number=pseud.pk, text=pseud.name, note="" if account in {"", pseud.name} else f"of {account}")


def _changed(request: Request) -> HttpResponse:
    """Raises NotVisible for what is not there."""
    viewer = request.viewer
    if "unblock" in request.POST:
        blocks.unblock(viewer, _number(sent(request, "unblock")))
        messages.success(request, "Unblocked.")
        return HttpResponseRedirect(links.blocks(viewer.name))
    try:
        row = blocks.block(viewer, _number(sent(request, "pen_name")), hides=bool(sent(request, "hides")))
    except NotBlocked as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, f"{row.pseud.name} is blocked. Nobody is told.")
    return HttpResponseRedirect(links.blocks(viewer.name))


def _number(text: str) -> int:
    number = int(text) if text.isascii() and text.isdecimal() and len(text) <= LONGEST_NUMBER else 0
    return number if number <= BIGGEST_ID else 0
