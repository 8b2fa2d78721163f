"""The archivist's desk: what was brought in, what became of every row and file, and the two things to do about it.

For everybody else these addresses do not exist.
"""
# ruff: noqa: RUF009 - told() is dataclasses.field with a help text

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from django.contrib import messages
from django.db.models import Count
from django.http import HttpResponseRedirect

from undying.exchange import announcing, report, tasks, undo
from undying.exchange.models import Batch, BatchState
from undying.formats import Outcome
from undying.kernel.errors import Refused
from undying.kernel.tasks import has_failed, is_due, later
from undying.library import handing_in
from undying.web import again, duplicates, flags, labels, links, old_addresses, repairs, rescue
from undying.web.cards import Name
from undying.web.desk import archivists_only, batch_numbered, by_form_only
from undying.web.page import Page, show, told
from undying.web.paging import Paging, paging
from undying.web.wording import counted

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from django.http import HttpResponse

    from undying.exchange.models import Entry
    from undying.exchange.report import ContainerReport, Reason, Report
    from undying.web.desk import Desk
    from undying.web.request import Request

ROWS = 50
_STATES = {
    BatchState.RUNNING: "Under way, or cut off",
    BatchState.STOPPED: "Stopped",
    BatchState.DONE: "Done",
    BatchState.UNDONE: "Taken back",
}
DESKS: tuple[Callable[[Batch], Desk | None], ...] = (
    labels.desk,
    repairs.desk,
    again.desk,
    duplicates.desk,
    old_addresses.desk,
    rescue.desk,
    flags.desk,
)
"""The pages beside an import's report, in the order in which they are named there; None: it has nothing to show."""
_GOES_ON = "The same command goes on with it where it stopped."


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchLine:
    """An import in the list. `adds_up` is None where there is nothing to add up."""

    number: int
    url: str
    label: str
    state: str
    started: datetime
    works: int
    is_open: bool
    adds_up: bool | None


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryLine:
    """How one row or file ended."""

    container: str
    key: str
    url: str
    outcome: str
    detail: str
    work: Name | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """A value to filter by."""

    value: str
    is_chosen: bool


@dataclass(frozen=True, kw_only=True)
class ImportsPage(Page):
    """Every import, the latest first."""

    template: ClassVar[str] = "imports/all.html"
    kind: ClassVar[str] = "imports-index"

    batches: tuple[BatchLine, ...] = told("This page of the imports")
    paging: Paging = told("Where in the list this page stands")
    waiting: int = told("How many works of new authors wait for the archivist")


@dataclass(frozen=True, kw_only=True)
class ImportPage(Page):
    """The report of one import, and its rows and files."""

    template: ClassVar[str] = "imports/report.html"
    part: ClassVar[str] = "entries"
    kind: ClassVar[str] = "imports-show"

    line: BatchLine = told("The import as the list shows it")
    report: Report = told("What it did")
    reason: str = told("Why it stopped, and what goes on with it; empty when it is done")
    desks: tuple[Desk, ...] = told("The pages beside this report that have something to show")
    containers: tuple[ContainerReport, ...] = told("The tables and folders, each with its sums")
    sums: ContainerReport = told("The sum of all of them")
    reasons: tuple[Reason, ...] = told("Why rows and files were kept raw or refused, with how often")
    remarks: tuple[tuple[str, bool], ...] = told("Remarks, the grave ones first: (text, is grave)")
    entries: tuple[EntryLine, ...] = told("This page of the rows and files that match the filter")
    container_choices: tuple[Choice, ...] = told("The tables and folders to filter by")
    outcome_choices: tuple[Choice, ...] = told("The outcomes to filter by")
    paging: Paging = told("Where among the rows and files this page stands")
    waits: str = told("What the worker has to do about this import; empty when nothing")
    failed: str = told("What the worker could not do about it; empty when nothing")
    open_url: str = told("Where the form to open it goes; empty when it cannot be opened now")
    undo_url: str = told("Where taking it back is asked about; empty when it cannot be now")


@dataclass(frozen=True, kw_only=True)
class UndoPage(Page):
    """Asks whether to take an import back."""

    template: ClassVar[str] = "imports/undo.html"
    kind: ClassVar[str] = "imports-undo"

    line: BatchLine = told("The import")
    created: int = told("How many works will be removed")
    revised: int = told("How many works will be as they were before")
    beside_works: str = told("What goes beside them or will be as before, in words; empty when nothing")
    refusal: str = told("Why it cannot be taken back; empty when it can")
    is_running: bool = told("Whether it may still be under way")


@archivists_only
def show_imports(request: Request) -> HttpResponse:
    """Every import."""
    batches = Batch.objects.annotate(size=Count("works")).order_by("-pk")
    place = paging(request, batches.count())
    shown = list(batches[place.start : place.stop])
    sound = report.adding_up(shown)
    lines = tuple(_line(batch, works=vars(batch)["size"], adds_up=sound[batch.pk]) for batch in shown)
    waiting = handing_in.waiting().count()
    return show(request, ImportsPage(title="Imports", batches=lines, paging=place, waiting=waiting))


@archivists_only
def show_batch(request: Request, number: int) -> HttpResponse:
    """One import's report."""
    batch = batch_numbered(number)
    told_of = report.of_batch(batch)
    container, outcome = (request.GET.get(name, "").replace("\x00", "") for name in ("container", "outcome"))
    place, entries = _entries(request, batch, container, outcome)
    waits, failed = _work_in_hand(batch)
    can_open = batch.state == BatchState.DONE and not batch.is_open and not waits and announcing.is_due(batch)
    page = ImportPage(
        title=f"Import {batch.pk}",
        line=_line(batch, works=told_of.created + told_of.revised, adds_up=told_of.adds_up),
        report=told_of,
        reason=_reason(batch),
        desks=tuple(filter(None, (desk(batch) for desk in DESKS))),
        containers=told_of.containers,
        sums=_sums(told_of),
        reasons=told_of.reasons,
        remarks=told_of.remarks,
        entries=entries,
        container_choices=_choices([each.container for each in told_of.containers], container),
        outcome_choices=_choices([each.value for each in Outcome], outcome),
        paging=place,
        waits=waits,
        failed=failed,
        open_url=links.batch(batch.pk, act="open") if can_open else "",
        undo_url="" if batch.state == BatchState.UNDONE or waits else links.batch(batch.pk, act="undo"),
    )
    return show(request, page)


@archivists_only
@by_form_only
def open_batch(request: Request, number: int) -> HttpResponse:
    """Have the worker let guests read what the import brought in."""
    batch = batch_numbered(number)
    announcing.refuse_if_early(batch, by=request.viewer.name, reason=request.POST.get("reason", ""))
    if batch.state == BatchState.DONE and not batch.is_open and not is_due(tasks.open_batch, batch.pk):
        later(tasks.open_batch, batch.pk)
    messages.success(request, f"Import {batch.pk} is being opened to everyone. Reload this page to see when it is.")
    return HttpResponseRedirect(links.batch(batch.pk))


@archivists_only
def undo_batch(request: Request, number: int) -> HttpResponse:
    """Ask on GET; on POST, have the worker take the import back."""
    batch = batch_numbered(number)
    refusal = _refusal(batch)
    if request.method == "POST" and not refusal:
        if not is_due(tasks.undo_batch, batch.pk):
            later(tasks.undo_batch, batch.pk)
        messages.success(request, f"Import {batch.pk} is being taken back. Reload this page to see when it is.")
        return HttpResponseRedirect(links.batch(batch.pk))
    told_of = report.of_batch(batch)
    page = UndoPage(
        title=f"Take back import {batch.pk}",
        line=_line(batch, works=told_of.created + told_of.revised, adds_up=told_of.adds_up),
        created=told_of.created,
        revised=told_of.revised,
        beside_works=told_of.beside_works,
        refusal=refusal,
        is_running=batch.state == BatchState.RUNNING,
    )
    return show(request, page)


def _refusal(batch: Batch) -> str:
    if batch.state == BatchState.UNDONE:
        return "This import has been taken back already."
    try:
        undo.refuse_if_overtaken(batch)
    except Refused as refused:
        return str(refused)
    return ""


def _line(batch: Batch, *, works: int, adds_up: bool) -> BatchLine:
    return BatchLine(
        number=batch.pk,
        url=links.batch(batch.pk),
        label=batch.label,
        state=_STATES[BatchState(batch.state)],
        started=batch.started,
        works=works,
        is_open=batch.is_open,
        adds_up=None if batch.state == BatchState.UNDONE else adds_up,
    )


def _reason(batch: Batch) -> str:
    if batch.state in {BatchState.DONE, BatchState.UNDONE}:
        return ""
    return batch.reason or _GOES_ON


def _sums(told_of: Report) -> report.ContainerReport:
    each = told_of.containers
    return report.ContainerReport(
        container="All",
        total=sum(one.total for one in each),
        imported=told_of.sum(Outcome.IMPORTED),
        merged=told_of.sum(Outcome.MERGED),
        kept_raw=told_of.sum(Outcome.KEPT_RAW),
        refused=told_of.sum(Outcome.REFUSED),
    )


def _entries(request: Request, batch: Batch, container: str, outcome: str) -> tuple[Paging, tuple[EntryLine, ...]]:
    rows = batch.entries.all()
    if container:
        rows = rows.filter(container=container)
    if outcome:
        rows = rows.filter(outcome=outcome)
    place = paging(request, rows.count(), ROWS)
    shown = rows.select_related("work").order_by("pk")[place.start : place.stop]
    return place, tuple(_entry(row) for row in shown)


def _entry(row: Entry) -> EntryLine:
    return EntryLine(
        container=row.container,
        key=row.key,
        url=links.entry(row.batch_id, row.pk),
        outcome=row.outcome,
        detail=row.detail,
        work=Name(text=row.work.title or "Untitled", url=links.of(row.work)) if row.work else None,
    )


def _choices(values: list[str], chosen: str) -> tuple[Choice, ...]:
    return tuple(Choice(value=value, is_chosen=value == chosen) for value in values)


def _work_in_hand(batch: Batch) -> tuple[str, str]:
    """What the worker has to do about this import, and what it could not do."""
    if batch.state == BatchState.UNDONE:
        return "", ""
    jobs = {tasks.undo_batch: "taken back", tasks.open_batch: "opened to everyone"}
    waiting = [words for task, words in jobs.items() if is_due(task, batch.pk)]
    broken = [words for task, words in jobs.items() if has_failed(task, batch.pk)]
    waits = f"This import is being {waiting[0]} ({counted(batch.works.count(), 'work')})." if waiting else ""
    failed = f"It could not be {broken[0]}. The worker's log says why; you can try again." if broken else ""
    return waits, failed
