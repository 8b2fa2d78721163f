"""The archivist's desk for a rescued site's own addresses: which answer, which do not, and a map of both."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, ClassVar

from django.http import StreamingHttpResponse

from undying.exchange import old_addresses
from undying.web import links
from undying.web.desk import Desk, archivists_only, batch_numbered
from undying.web.moved import place_of
from undying.web.page import Page, show, told

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.http import HttpResponse
    from django.http.response import HttpResponseBase

    from undying.exchange.models import Batch
    from undying.exchange.old_addresses import Line
    from undying.web.request import Request

MOST_SHOWN = 500
_FORMULA = ("=", "+", "-", "@")


@dataclass(frozen=True, slots=True, kw_only=True)
class AddressLine:
    """An old address that leads nowhere, and why."""

    url: str
    why: str


@dataclass(frozen=True, kw_only=True)
class AddressesPage(Page):
    """Which addresses of a rescued site do not answer."""

    template: ClassVar[str] = "imports/addresses.html"
    kind: ClassVar[str] = "imports-addresses"

    label: str = told("The import's name")
    batch_url: str = told("The import's report")
    map_url: str = told("All old addresses with their new ones, as tab-separated lines")
    answering: int = told("How many old addresses answer")
    silent: int = told("How many do not")
    lines: tuple[AddressLine, ...] = told("Those that do not, the first of them, with the reasons")


def desk(batch: Batch) -> Desk | None:
    """The line on the page of a batch."""
    return Desk(
        name="Old addresses", note="where links to the old site lead now", url=links.batch(batch.pk, act="addresses")
    )


@archivists_only
def show_addresses(request: Request, number: int) -> HttpResponse:
    """Those of one import that do not answer."""
    batch = batch_numbered(number)
    answering, lost = 0, list[AddressLine]()
    silent = 0
    for line in old_addresses.of_batch(batch):
        answering += line.answer is not None
        silent += line.answer is None
        if line.answer is None and len(lost) < MOST_SHOWN:
            lost.append(AddressLine(url=line.url, why=line.why))
    page = AddressesPage(
        title=f"Old addresses of import {batch.pk}",
        label=batch.label,
        batch_url=links.batch(batch.pk),
        map_url=links.batch(batch.pk, act="addresses.tsv"),
        answering=answering,
        silent=silent,
        lines=tuple(lost),
    )
    return show(request, page)


@archivists_only
def send_map(request: Request, number: int) -> HttpResponseBase:
    """Every old address with its new one, as lines of two columns; the second is empty where nothing answers."""
    del request
    batch = batch_numbered(number)
    lines = _in_portions(old_addresses.of_batch(batch))
    response = StreamingHttpResponse(lines, content_type="text/tab-separated-values; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="old-addresses-{batch.pk}.tsv"'
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _in_portions(lines: Iterator[Line]) -> Iterator[str]:
    while some := list(islice(lines, MOST_SHOWN)):
        yield "".join(f"{_plain(each.url)}\t{place_of(each.answer) if each.answer else ''}\n" for each in some)


def _plain(url: str) -> str:
    """One column, and no formula in a spreadsheet."""
    url = " ".join(url.split())
    return f"'{url}" if url.startswith(_FORMULA) else url
