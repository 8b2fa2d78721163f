"""One row or file of an import: its original bytes beside what became of it. For archivists alone."""
# ruff: noqa: RUF009 - told() is dataclasses.field with a help text

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from django.http import StreamingHttpResponse

from undying.exchange import became, originals
from undying.exchange.viewing import Look, look, masked
from undying.formats import Unreadable
from undying.kernel.errors import NotVisible, Refused
from undying.library.models import Work
from undying.web import links
from undying.web.desk import archivists_only, batch_numbered
from undying.web.page import Page, show, told

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.http import HttpResponse

    from undying.exchange.became import Standing
    from undying.exchange.models import Batch, Entry
    from undying.web.request import Request

_LOCKED = "default-src 'none'; sandbox"


@dataclass(frozen=True, slots=True, kw_only=True)
class StandingLine:
    """Something in the archive as it stands now. `url` is empty where it has no page of its own."""

    kind: str
    name: str
    text: str
    url: str


@dataclass(frozen=True, kw_only=True)
class EntryPage(Page):
    """One row or file of an import: its bytes beside what became of it."""

    template: ClassVar[str] = "imports/entry.html"
    kind: ClassVar[str] = "imports-entry"

    batch_name: str = told("The import's label")
    batch_url: str = told("Its report")
    container: str = told("The table or folder")
    container_url: str = told("The report with the rows or files of that table or folder")
    key: str = told("The row or file in it")
    outcome: str = told("How it ended")
    detail: str = told("Why, in words; may be empty")
    look: Look | None = told("The bytes as they are shown; None where there are none")
    trouble: str = told("Why there are no bytes to show; empty when there are")
    size: int | None = told("How many bytes a row has; None for files")
    is_unmasked: bool = told("Whether personal data is shown")
    download_url: str = told("Where the bytes themselves are")
    url: str = told("This page's own address, with what is personal masked")
    became: tuple[StandingLine, ...] = told("What stands in the archive now of it")
    previous_url: str = told("The row or file before it in the ledger; empty for the first")
    next_url: str = told("The one after it; empty for the last")


@archivists_only
def show_entry(request: Request, number: int, entry_id: int) -> HttpResponse:
    """A row or file. A POST asks to see what is masked: it leaves no address behind and is not kept by the browser."""
    batch = batch_numbered(number)
    entry = _entry(batch, entry_id)
    unmasked = request.method == "POST"
    seen, trouble = _look(entry, unmasked=unmasked)
    page = EntryPage(
        title=f"{entry.container} {entry.key}",
        batch_name=batch.label,
        batch_url=links.batch(batch.pk),
        container=entry.container,
        container_url=links.with_query(links.batch(batch.pk), {"container": entry.container}) + "#entries",
        key=entry.key,
        outcome=entry.outcome,
        detail=entry.detail,
        look=seen,
        trouble=trouble,
        size=entry.size,
        is_unmasked=unmasked,
        download_url=links.entry(batch.pk, entry.pk, original=True) if seen else "",
        url=links.entry(batch.pk, entry.pk),
        became=tuple(_line(each, unmasked=unmasked) for each in became.of(entry)),
        previous_url=_beside(batch, entry, "-pk"),
        next_url=_beside(batch, entry, "pk"),
    )
    answer = show(request, page)
    if unmasked:
        answer.headers["Cache-Control"] = "no-store"
    return answer


@archivists_only
def download_original(request: Request, number: int, entry_id: int) -> StreamingHttpResponse:  # noqa: ARG001 - its guard asks who she is
    """The bytes, exactly as they came."""
    entry = _entry(batch_numbered(number), entry_id)
    try:
        portions = originals.of(entry).portions()
        first = next(portions, b"")
    except (Refused, Unreadable) as error:
        raise NotVisible("original", entry_id) from error
    response = StreamingHttpResponse(_rest(first, portions), content_type="application/octet-stream")
    response.headers["Content-Disposition"] = f'attachment; filename="import-{number}-{entry.pk}.bin"'
    response.headers["Content-Security-Policy"] = _LOCKED
    response.headers["Cache-Control"] = "no-store"
    return response


def _rest(first: bytes, portions: Iterator[bytes]) -> Iterator[bytes]:
    with contextlib.suppress(Refused):  # what is damaged ends early: the browser has its beginning already
        yield first
        yield from portions


def _entry(batch: Batch, number: int) -> Entry:
    with contextlib.suppress(OverflowError):
        found = batch.entries.select_related("work", "batch").filter(pk=number).first()
        if found is not None:
            return found
    raise NotVisible("page", number)


def _look(entry: Entry, *, unmasked: bool) -> tuple[Look | None, str]:
    try:
        return look(entry, unmasked=unmasked), ""
    except (Refused, Unreadable) as error:
        return None, str(error)


def _line(each: Standing, *, unmasked: bool) -> StandingLine:
    try:
        url = links.of(each.thing)
    except TypeError:
        url = ""
    name = each.name or ("Untitled" if isinstance(each.thing, Work) else "")
    text = each.text if unmasked else masked(each.text)[0]
    return StandingLine(kind=each.kind, name=name, text=text, url=url)


def _beside(batch: Batch, entry: Entry, order: str) -> str:
    there = {"pk__lt" if order == "-pk" else "pk__gt": entry.pk}
    other = batch.entries.filter(**there).order_by(order).values_list("pk", flat=True).first()
    return "" if other is None else links.entry(batch.pk, other)
