"""What the archivist chooses in the browser, with the log of changes. For everybody else there is no such page."""

# ruff: noqa: RUF009 - told() is dataclasses.field with a help text

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from django.contrib import messages
from django.http import HttpResponseRedirect

from undying.kernel import chosen
from undying.web import links
from undying.web.desk import archivists_only
from undying.web.page import Page, show, told
from undying.web.paging import Paging, paging

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from django.http import HttpResponse

    from undying.kernel.models import ChosenChange
    from undying.web.request import Request

ROWS = 20
LONGEST_TOLD = 80


@dataclass(frozen=True, slots=True, kw_only=True)
class ChoiceField:
    """A choice as a field of the form: `value` is what is typed or chosen, `problem` why that was not taken."""

    choice: chosen.Choice
    value: str
    problem: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeLine:
    """One change: what, from what to what (long texts are cut), who and when."""

    what: str
    before: str
    after: str
    by: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class ChoicesPage(Page):
    """Every choice, and the log."""

    template: ClassVar[str] = "desk/settings.html"
    kind: ClassVar[str] = "desk-settings"

    fields: tuple[ChoiceField, ...] = told("Every choice, as a field")
    is_refused: bool = told("Whether something of what was sent was not taken; nothing was then changed")
    lines: tuple[ChangeLine, ...] = told("This page of the log, the latest first")
    paging: Paging = told("Where in the log this page stands")


@archivists_only
def show_choices(request: Request) -> HttpResponse:
    """The page; on POST all that was sent is chosen, or nothing."""
    problems: Mapping[str, str] = {}
    if request.method == "POST":
        given = {each.name: request.POST[each.name] for each in chosen.CHOICES if each.name in request.POST}
        try:
            changed = chosen.change(given, by=request.viewer.name)
        except chosen.BadChoice as refused:
            problems = refused.problems
        else:
            messages.success(request, "Saved." if changed else "Nothing was changed.")
            return HttpResponseRedirect(links.DESK_SETTINGS)
    log = chosen.changes()
    place = paging(request, log.count(), ROWS)
    page = ChoicesPage(
        title="The archive's settings",
        fields=tuple(_field(request, each, problems.get(each.name, "")) for each in chosen.CHOICES),
        is_refused=bool(problems),
        lines=tuple(_line(row) for row in log[place.start : place.stop]),
        paging=place,
    )
    response = show(request, page)
    response.headers["Cache-Control"] = "no-store"
    return response


def _field(request: Request, choice: chosen.Choice, problem: str) -> ChoiceField:
    return ChoiceField(choice=choice, value=request.POST.get(choice.name, chosen.text(choice.name)), problem=problem)


def _line(row: ChosenChange) -> ChangeLine:
    named = {each.name: each for each in chosen.CHOICES}
    choice = named.get(row.name)
    return ChangeLine(
        what=choice.label if choice else row.name,
        before=_short(choice, row.before),
        after=_short(choice, row.after),
        by=row.by,
        at=row.at,
    )


def _short(choice: chosen.Choice | None, value: object) -> str:
    text = str(value)
    if choice and choice.options:
        text = dict(choice.options).get(text, text)
    return text if len(text) <= LONGEST_TOLD else f"{text[:LONGEST_TOLD]}… ({len(text)} characters)"
