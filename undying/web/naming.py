"""Tags while somebody types them: what the form of a work is offered, and which names with a comma are one name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import JsonResponse

from undying.kernel.errors import NotVisible
from undying.library import suggesting
from undying.manuscript import TagKind
from undying.web import wording, written
from undying.web.page import conditional
from undying.web.written import NAMED, Said

if TYPE_CHECKING:
    from django.http import HttpResponse

    from undying.library.models import Tag
    from undying.people.viewer import Viewer
    from undying.web.request import Request
    from undying.web.written import Written

LONGEST = 200
_EXACT = 100
"""From here on the number of works is a round one (`undying.finding.renown`)."""
Whole = dict[TagKind, set[str]]


def suggest_tags(request: Request) -> HttpResponse:
    """Tags of the kind `of` with words that begin as `like`, for the fandoms named by `fandom`. For members alone."""
    kind, asked = request.GET.get("of", ""), request.GET
    if request.viewer.user_id is None or kind not in NAMED:
        raise NotVisible("page", request.path)
    like = asked.get("like", "").replace("\0", "")[:LONGEST]
    fandoms = [each.replace("\0", "")[:LONGEST] for each in asked.getlist("fandom")]
    found = suggesting.tags_to_write(request.viewer, like, TagKind(kind), fandoms)
    names = [{"name": each.tag.name, "by": each.by, "works": _works(each.tag)} for each in found]
    return conditional(request, JsonResponse({"names": names}))


def _works(tag: Tag) -> str:
    """As many as everybody may read, when they were last counted: to all the same, whatever else she may read."""
    about = "about " if tag.renown >= _EXACT else ""
    return about + wording.counted(tag.renown, "work") if tag.renown else ""


def said_in(request: Request) -> Said:
    """What was typed into the form of a work, read with the names that the archive has."""
    typed = written.sent(request.POST)
    return Said(typed, known=whole_names(request.viewer, typed))


def whole_names(viewer: Viewer, typed: Written) -> Whole:
    """The lines with a comma that are one tag's name here, by kind. No query where no line has one."""
    found: Whole = {}
    for kind in NAMED:
        lines = {" ".join(line.split()) for text in typed.get(kind.value, ()) for line in text.split("\n")}
        found[kind] = suggesting.names_here(viewer, kind, {each for each in lines if written.holds_a_comma(each)})
    return found
