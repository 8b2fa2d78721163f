"""The archivist's page of what to look at before an import is opened: addresses in texts, wishes, labels.

For everybody else it does not exist.
"""
# ruff: noqa: RUF009 - told() is dataclasses.field with a help text

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponseRedirect

from undying.exchange import flags, tasks
from undying.exchange.private import Flag, Flagged
from undying.kernel.tasks import later
from undying.web import links
from undying.web.desk import Desk, archivists_only, batch_numbered
from undying.web.page import Page, show, told
from undying.web.paging import Paging, paging
from undying.web.wording import counted

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import HttpResponse

    from undying.exchange.models import Batch
    from undying.web.request import Request

ROWS = 50
_WORDS = {
    "": "Not decided",
    "leave": "Leave it",
    "mask": "Mask it",
    "everyone": "May be for everyone",
    "members": "Keep it for members",
    "delete": "Delete it",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class FlagLine:
    """Something to look at: why, where, the words around it, and what can be decided."""

    why: str
    where: str
    url: str
    before: str
    text: str
    after: str
    field: str
    choices: tuple[tuple[str, str], ...]
    decided: str


@dataclass(frozen=True, kw_only=True)
class FlagsPage(Page):
    """What to look at before an import is opened."""

    template: ClassVar[str] = "imports/flags.html"
    kind: ClassVar[str] = "imports-flags"

    label: str = told("What was imported")
    report_url: str = told("The import's report")
    lines: tuple[FlagLine, ...] = told("This page of what to look at, what is undecided first")
    paging: Paging = told("Where in the list this page stands")
    kinds: tuple[tuple[str, str, bool], ...] = told("What the list can be narrowed to: (value, words, is chosen)")
    kind_chosen: str = told("What it is narrowed to; empty for everything")
    all_choices: tuple[tuple[str, str], ...] = told("What can be decided for all of the chosen kind: (value, words)")


def desk(batch: Batch) -> Desk | None:
    """How much there is to look at, for the import's report."""
    total = batch.flags.count()
    if not total:
        return None
    undecided = batch.flags.filter(decided="").count()
    return Desk(
        name="To look at",
        note=f"{counted(undecided, 'place')} of {total} undecided",
        url=links.batch(batch.pk, act="flags"),
    )


@archivists_only
def show_flags(request: Request, number: int) -> HttpResponse:
    """The list; on POST what was decided, for some or for all of a kind."""
    batch = batch_numbered(number)
    if request.method == "POST":
        return _decided(request, batch)
    asked = request.GET.get("kind", "")
    kind = asked if asked in Flagged.values else ""
    rows = batch.flags.filter(kind=kind) if kind else batch.flags.all()
    place = paging(request, rows.count(), ROWS)
    shown = rows.select_related("batch").order_by("decided", "pk")[place.start : place.stop]
    page = FlagsPage(
        title=f"To look at in import {batch.pk}",
        label=batch.label,
        report_url=links.batch(batch.pk),
        lines=tuple(map(_line, shown)),
        paging=place,
        kinds=tuple((value, words, value == kind) for value, words in Flagged.choices),
        kind_chosen=kind,
        all_choices=_choices(kind) if kind else (),
    )
    response = show(request, page)
    response.headers["Cache-Control"] = "no-store"
    return response


def _choices(kind: str) -> tuple[tuple[str, str], ...]:
    return tuple((value, _WORDS[value]) for value in ("", *flags.CHOICES[Flagged(kind)]))


def _line(flag: Flag) -> FlagLine:
    before, after = flags.around(flag)
    return FlagLine(
        why=flag.get_kind_display(),
        where=flags.where(flag),
        url=links.work_number(flag.work_number) if flag.work_number else "",
        before=before,
        text=flag.text,
        after=after,
        field=f"flag-{flag.pk}",
        choices=_choices(flag.kind),
        decided=flag.decided,
    )


def _decided(request: Request, batch: Batch) -> HttpResponse:
    kind, for_all = request.POST.get("kind", ""), request.POST.get("all", "")
    with transaction.atomic():
        if for_all and kind in Flagged.values:
            total = flags.decide(list(batch.flags.filter(kind=kind, decided="")), for_all, by=request.viewer.name)
        else:
            total = _each(request, batch.flags.filter(pk__in=_named(request)))
    later(tasks.carry_out_departures)
    messages.success(request, f"{counted(total, 'decision')} carried out.")
    query = {"kind": kind} if kind else {}
    return HttpResponseRedirect(links.with_query(links.batch(batch.pk, act="flags"), query))


def _named(request: Request) -> list[int]:
    names = (name.removeprefix("flag-") for name in request.POST if name.startswith("flag-"))
    return [int(name) for name in names if name.isascii() and name.isdecimal() and len(name) <= len(str(2**53))]


def _each(request: Request, rows: QuerySet[Flag]) -> int:
    done = 0
    for flag in rows:
        choice = request.POST.get(f"flag-{flag.pk}", "")
        if choice:
            done += flags.decide([flag], choice, by=request.viewer.name)
    return done
