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
    from undying.library.suggesting import Episode
    from undying.people.viewer import Viewer
    from undying.web.request import Request
    from undying.web.written import Written

LONGEST = 200
_EXACT = 100
"""From here on the number of works is a round one (`undying.finding.renown`)."""
Whole = dict[TagKind, set[str]]


def suggest_tags(request: Request) -> HttpResponse:
    """Tags of the kind `of` with words that begin as `like`, for the fandoms named by `fandom`. For members alone."""
    kind = request.GET.get("of", "")
    if request.viewer.user_id is None or kind not in NAMED:
        raise NotVisible("page", request.path)
    found = suggesting.tags_to_write(request.viewer, _like(request), TagKind(kind), _fandoms(request))
    names = [{"name": each.tag.name, "by": each.by, "works": _works(each.tag)} for each in found]
    return conditional(request, JsonResponse({"names": names}))


def suggest_episodes(request: Request) -> HttpResponse:
    """Episodes of the fandoms named by `fandom`, with words that begin as `like`. For members alone."""
    if request.viewer.user_id is None:
        raise NotVisible("page", request.path)
    found = suggesting.episodes_to_write(request.viewer, _like(request), _fandoms(request))
    names = [{"name": each.name, "unit": each.unit, "part": each.part, "works": _counted(each)} for each in found]
    return conditional(request, JsonResponse({"names": names}))


def _counted(episode: Episode) -> str:
    return f"{episode.unit} {episode.part}" if episode.part else ""


def _like(request: Request) -> str:
    return request.GET.get("like", "").replace("\0", "")[:LONGEST]


def _fandoms(request: Request) -> list[str]:
    return [each.replace("\0", "")[:LONGEST] for each in request.GET.getlist("fandom")]


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
