"""The page on which an author says when a draft goes up by itself. For all but its creators there is no such page."""

# ruff: noqa: RUF009 - told() is dataclasses.field with a help text

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from django.contrib import messages
from django.http import HttpResponseRedirect

from undying.kernel.errors import Refused
from undying.library import authorship, scheduling, writing
from undying.manuscript import State
from undying.web import going_up, links
from undying.web.cards import Name
from undying.web.page import Page, show, told
from undying.web.typed import Typed, sent
from undying.web.writing import writers_only

if TYPE_CHECKING:
    from django.http import HttpResponse

    from undying.library.models import Chapter, Scheduled, Work
    from undying.web.request import Request

CALL_OFF = "call-off"


@dataclass(frozen=True, kw_only=True)
class SchedulePage(Page):
    """Asks when a draft goes up."""

    template: ClassVar[str] = "writing/schedule.html"
    kind: ClassVar[str] = "works-schedule"

    work: Name = told("The work")
    chapter: str = told("The chapter that goes up; empty where it is the work")
    fields: tuple[Typed, ...] = told("The day and the hour")
    zone: str = told("The time zone that they are read in")
    preferences: str = told("Where she chooses another zone")
    goes_up: str = told("When it goes up, as things are; empty where it does not by itself")
    failed: str = told("Why it could not be posted at that time; empty where nothing failed")
    problem: str = told("Why what was sent will not do; empty when nothing is wrong")
    edit: str = told("Where the draft is edited")


@writers_only
def show_work(request: Request, work_id: int) -> HttpResponse:
    """Asks when a draft goes up; on POST it is noted, or called off."""
    return _show(request, writing.work_to_write(request.viewer, work_id), None)


@writers_only
def show_chapter(request: Request, work_id: int, chapter_id: int) -> HttpResponse:
    """The same of a chapter."""
    work = writing.work_to_write(request.viewer, work_id)
    return _show(request, work, authorship.chapter_to_write(request.viewer, work, chapter_id))


def _show(request: Request, work: Work, chapter: Chapter | None) -> HttpResponse:
    thing = chapter or work
    if thing.state != State.DRAFT:
        return HttpResponseRedirect(links.of(thing))
    if request.method != "POST":
        return _asks(request, work, chapter, "")
    try:
        _noted(request, work, chapter)
    except Refused as refused:
        return _asks(request, work, chapter, str(refused))
    return HttpResponseRedirect(links.of(thing))


def _noted(request: Request, work: Work, chapter: Chapter | None) -> None:
    """Raises BadTime, Unfinished."""
    if request.POST.get("act") == CALL_OFF:
        scheduling.call_off(request.viewer, work, chapter)
        messages.success(request, "It does not go up by itself: it is a draft until you post it.")
        return
    zone = request.viewer.preferences.time_zone
    at = scheduling.moment(sent(request, "day"), sent(request, "clock"), zone)
    scheduling.go_up_at(request.viewer, work, chapter, at)
    messages.success(request, f"Goes up on {going_up.in_words(at)}.")


def _asks(request: Request, work: Work, chapter: Chapter | None, problem: str) -> HttpResponse:
    thing: Work | Chapter = chapter or work
    row = scheduling.scheduled_for(work, chapter)
    page = SchedulePage(
        title=f"When “{thing}” goes up",
        work=Name(text=work.title, url=links.of(work)),
        chapter=str(chapter) if chapter else "",
        fields=_fields(request, row),
        zone=scheduling.zone_named(request.viewer.preferences.time_zone).key.replace("_", " "),
        preferences=links.preferences(request.viewer.name),
        goes_up=going_up.in_words(row.at) if row and not row.failed else "",
        failed=row.failed if row else "",
        problem=problem,
        edit=links.chapter_act(chapter, "edit") if chapter else links.edit(work),
    )
    return show(request, page)


def _fields(request: Request, row: Scheduled | None) -> tuple[Typed, ...]:
    """As they were typed, else as they stand."""
    there = row.at.astimezone(scheduling.zone_named(request.viewer.preferences.time_zone)) if row else None
    day, clock = (f"{there:%Y-%m-%d}", f"{there:%H:%M}") if there else ("", "")
    if request.method == "POST":
        day, clock = sent(request, "day"), sent(request, "clock")
    return Typed(name="day", label="Day", value=day, kind="date"), Typed(
        name="clock", label="Time", value=clock, kind="time"
    )
