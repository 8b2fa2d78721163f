"""The archivist's desk for labels: what each category, class and character of an import is, and what it shall be."""
# ruff: noqa: RUF009 - told() is dataclasses.field with a help text

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.db.models import Count, Q
from django.http import HttpResponseRedirect, StreamingHttpResponse

from undying.exchange import labels_csv, meanings
from undying.exchange.labels_csv import SECTION
from undying.exchange.spreadsheet import MOST_FAULTS, Faulty
from undying.kernel.ids import DIGITS
from undying.manuscript import Tagging, TagKind
from undying.web import links
from undying.web.desk import Desk, archivists_only, batch_numbered
from undying.web.page import Page, show, told
from undying.web.paging import Paging, paging
from undying.web.wording import counted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.http import HttpResponse

    from undying.exchange.meanings import Tags
    from undying.exchange.models import Batch, BatchMeaning
    from undying.web.request import Request

ROWS = 50
_AGAIN = "The works change when the import is read again."
_KINDS = {
    SECTION: "Section: no tag",
    TagKind.FANDOM: "Fandom",
    TagKind.RELATIONSHIP: "Relationship",
    TagKind.CHARACTER: "Character",
    TagKind.WARNING: "Warning",
    TagKind.ADDITIONAL: "Additional tag",
    TagKind.CATEGORY: "Category",
    TagKind.RATING: "Rating",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class KindChoice:
    """A kind that a label can be of."""

    value: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TagField:
    """One kind and name in the form: the ends of their fields' names, and what they hold."""

    ending: str
    kind: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelLine:
    """A label: its words, its works, what it is taken for and why, and the fields to change that."""

    number: int
    name: str
    parent: str
    key: str
    uses: int
    examples: tuple[str, ...]
    why: str
    is_certain: bool
    is_decided: bool
    proposal: str
    tags: tuple[TagField, ...]
    spare: TagField


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelGroup:
    """Labels of one table that stand together: under one parent."""

    table: str
    parent: str
    labels: tuple[LabelLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TableChoice:
    """A table to filter by."""

    table: str
    count: int
    is_chosen: bool


@dataclass(frozen=True, kw_only=True)
class LabelsPage(Page):
    """The labels of an import, table by table."""

    template: ClassVar[str] = "imports/labels.html"
    kind: ClassVar[str] = "imports-labels"

    batch_url: str = told("The import's report")
    again_url: str = told("Where the import is read again, so that decisions come true")
    csv_url: str = told("Where the table for spreadsheets is, and where an edited one is sent")
    label: str = told("What was imported")
    number: int = told("The import's number")
    groups: tuple[LabelGroup, ...] = told("This page of the labels, grouped by table and parent")
    kinds: tuple[KindChoice, ...] = told("What a label can be")
    tables: tuple[TableChoice, ...] = told("The tables to filter by")
    only_unsure: bool = told("Whether only labels are shown that nobody is sure of")
    query: str = told("The filter and page as an address, kept when the form is sent")
    unsure: int = told("How many labels nobody is sure of")
    decided: int = told("How many labels were decided about")
    faults: tuple[str, ...] = told("What is wrong in the file that was sent, line by line; empty when nothing")
    paging: Paging = told("Where among the labels this page stands")


def desk(batch: Batch) -> Desk | None:
    """The line on the page of an import; None where it has no labels."""
    sums = batch.meanings.aggregate(all=Count("pk"), unsure=Count("pk", filter=meanings.unsure()))
    if not sums["all"]:
        return None
    note = (
        f"{sums['unsure']:,} of {sums['all']:,} wait for a look" if sums["unsure"] else f"all {sums['all']:,} are sure"
    )
    return Desk(name="Labels", note=note, url=links.batch(batch.pk, act="labels"))


@archivists_only
def show_labels(request: Request, number: int) -> HttpResponse:
    """The labels; on POST, what was changed in the form."""
    batch = batch_numbered(number)
    if request.method == "POST":
        return _decide(request, batch)
    return _shown(request, batch)


def _shown(request: Request, batch: Batch, faults: tuple[str, ...] = ()) -> HttpResponse:
    table, only_unsure = request.GET.get("table", "").replace("\0", ""), request.GET.get("only") == "unsure"
    rows = batch.meanings.filter(meanings.unsure() if only_unsure else Q(), **({"table": table} if table else {}))
    place = paging(request, rows.count(), ROWS)
    sums = batch.meanings.aggregate(
        unsure=Count("pk", filter=meanings.unsure()), decided=Count("pk", filter=Q(is_decided=True))
    )
    page = LabelsPage(
        title=f"Labels of import {batch.pk}",
        batch_url=links.batch(batch.pk),
        again_url=links.batch(batch.pk, act="again"),
        csv_url=links.batch(batch.pk, act="labels.csv"),
        label=batch.label,
        number=batch.pk,
        groups=_groups(list(rows[place.start : place.stop])),
        kinds=tuple(KindChoice(value=str(value), text=text) for value, text in _KINDS.items()),
        tables=_tables(batch, table),
        only_unsure=only_unsure,
        query=request.GET.urlencode(),
        unsure=sums["unsure"],
        decided=sums["decided"],
        faults=faults,
        paging=place,
    )
    return show(request, page)


def _tables(batch: Batch, chosen: str) -> tuple[TableChoice, ...]:
    counts = batch.meanings.order_by("table").values_list("table").annotate(count=Count("pk"))
    return tuple(TableChoice(table=name, count=count, is_chosen=name == chosen) for name, count in counts)


def _groups(rows: list[BatchMeaning]) -> tuple[LabelGroup, ...]:
    found: dict[tuple[str, str], list[LabelLine]] = {}
    for row in rows:
        found.setdefault((row.table, row.parent), []).append(_line(row))
    return tuple(
        LabelGroup(table=table, parent=parent, labels=tuple(lines)) for (table, parent), lines in found.items()
    )


def _line(row: BatchMeaning) -> LabelLine:
    tags = meanings.effective(row) or (None,)
    fields = tuple(
        TagField(ending=f"{row.pk}-{at}", kind=tag.kind if tag else SECTION, name=tag.name if tag else "")
        for at, tag in enumerate(tags)
    )
    return LabelLine(
        number=row.pk,
        name=row.name,
        parent=row.parent,
        key=row.key,
        uses=row.uses,
        examples=tuple(row.examples),
        why=row.why,
        is_certain=row.is_certain,
        is_decided=row.is_decided,
        proposal="; ".join(f"{_KINDS[tag.kind]} “{tag.name}”" for tag in meanings.from_json(row.proposed))
        or _KINDS[SECTION],
        tags=fields,
        spare=TagField(ending=f"{row.pk}-{len(fields)}", kind=SECTION, name=""),
    )


def _decide(request: Request, batch: Batch) -> HttpResponse:
    ticked = {int(number) for number in request.POST.getlist("label") if _is_number(number)}
    rows = batch.meanings.filter(pk__in={*ticked, *_posted(request)})
    act = request.POST.get("do", "save")
    try:
        choices = {row.pk: _choice(request, row, act, is_ticked=row.pk in ticked) for row in rows}
    except ValueError as error:
        return _shown(request, batch, (str(error),))
    changed = meanings.decide(batch, {number: tags for number, (counts, tags) in choices.items() if counts})
    messages.success(request, f"{counted(changed, 'label')} decided about. {_AGAIN}")
    query = f"?{request.GET.urlencode()}" if request.GET else ""
    return HttpResponseRedirect(links.batch(batch.pk, act="labels") + query)


def _is_number(value: str) -> bool:
    return value.isascii() and value.isdecimal() and len(value) <= DIGITS


def _posted(request: Request) -> set[int]:
    """The numbers of the labels whose fields were sent."""
    names = (name.split("-") for name in request.POST if name.startswith("kind-"))
    return {int(parts[1]) for parts in names if len(parts) == 3 and _is_number(parts[1])}  # noqa: PLR2004 - kind, number, place


def _choice(request: Request, row: BatchMeaning, act: str, *, is_ticked: bool) -> tuple[bool, Tags | None]:
    """(whether anything was said of the label, what). Raises ValueError for a tag without a name."""
    if act == "save":
        tags = _sent(request, row)
        return tags != meanings.effective(row), tags
    if not is_ticked:
        return False, None
    if act == "accept":
        return True, meanings.from_json(row.proposed)
    if act == "withdraw":
        return True, None
    kind = request.POST.get("kind", SECTION)
    names = [tag.name for tag in meanings.effective(row)] or [row.name]
    return True, tuple(_tag(row, kind, name) for name in names if kind != SECTION)


def _sent(request: Request, row: BatchMeaning) -> Tags:
    tags = []
    for at in range(labels_csv.MOST_TAGS):
        kind = request.POST.get(f"kind-{row.pk}-{at}")
        if kind is None:
            break
        name = request.POST.get(f"tag-{row.pk}-{at}", "")
        if kind != SECTION:
            tags.append(_tag(row, kind, name))
    return tuple(tags)


def _tag(row: BatchMeaning, kind: str, name: str) -> Tagging:
    try:
        return labels_csv.tagging(kind, name)
    except ValueError as error:
        raise ValueError(f"“{row.name}”: {error}") from error


@archivists_only
def labels_csv_file(request: Request, number: int) -> HttpResponse | StreamingHttpResponse:
    """The labels as a table for spreadsheets; on POST, an edited one is taken whole or not at all."""
    batch = batch_numbered(number)
    if request.method == "POST":
        return _take_file(request, batch)
    answer = StreamingHttpResponse(_bytes(batch), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="labels-{batch.pk}.csv"'
    answer["Cache-Control"] = "private, no-store"
    return answer


def _bytes(batch: Batch) -> Iterator[bytes]:
    """With a mark at the start, by which spreadsheets know UTF-8."""
    yield b"\xef\xbb\xbf"
    for line in labels_csv.written(batch.meanings.iterator(chunk_size=500)):
        yield line.encode()


def _take_file(request: Request, batch: Batch) -> HttpResponse:
    sent = request.FILES.get("file")
    if not isinstance(sent, UploadedFile):
        return _shown(request, batch, ("No file was sent: choose the table that you edited.",))
    try:
        chosen = labels_csv.choices(sent.read(labels_csv.LARGEST + 1), batch.meanings.all())
    except Faulty as faulty:
        return _shown(request, batch, tuple(map(str, faulty.faults[:MOST_FAULTS])))
    changed = meanings.decide(batch, chosen)
    messages.success(request, f"The file changed {counted(changed, 'decision')}. {_AGAIN}")
    return HttpResponseRedirect(links.batch(batch.pk, act="labels"))
