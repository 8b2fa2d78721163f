"""Which addresses of a rescued site answer here, and which do not."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from django.db.models import Q

from undying.exchange.models import BatchMeaning, BatchState
from undying.formats import Outcome
from undying.kernel.portions import in_portions
from undying.library import addresses
from undying.library.models import Chapter, Series, Tag, Work
from undying.people.models import Pseud
from undying.people.viewer import Viewer

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from undying.exchange.models import Batch
    from undying.library.addresses import Answer

LONGEST = 4000
_MOST = 50
_CATEGORY = re.compile(r"(?:browse|categories)\.php\?(?:[^#]*&)?catid=([0-9]{1,18})(?:[&#]|\Z)", re.IGNORECASE)
_SCRIPTS = {
    "fanfiction_stories": "viewstory.php?sid=",
    "fanfiction_authors": "viewuser.php?uid=",
    "fanfiction_series": "viewseries.php?seriesid=",
}
"""How eFiction addressed the rows of its tables."""
_NO_ADDRESS = "nothing of this batch stood at this address"


@dataclass(frozen=True, slots=True)
class Line:
    """One old address: where it leads, or, with no answer, why it leads nowhere."""

    url: str
    answer: Answer | None
    why: str = ""


def of_batch(batch: Batch) -> Iterator[Line]:
    """Every address that the batch is known to have had, of works, chapters, authors and series, hidden ones too.

    Rows of an eFiction site that did not come in stand among them, each with the reason that the ledger gives.
    """
    seen: set[str] = set()
    bases: set[str] = set()
    for url in _known(batch):
        if url not in seen:
            seen.add(url)
            bases.add(_base(url))
            yield _line(url)
    for base in sorted(bases - {""}):
        yield from (each for each in _lost(batch, base) if each.url not in seen)


def of_list(lines: Iterable[str]) -> Iterator[Line]:
    """The same for a list of addresses: a site map, a log, bookmarks. Empty lines are passed over."""
    return (_line(line.strip()) for line in lines if line.strip())


def tag_at(viewer: Viewer, url: str, *, host: str) -> Tag | None:
    """The tag that a category of an eFiction site became, by the category's old address; None where none is seen.

    What several sites had is followed for its own host alone.
    """
    number = _CATEGORY.search(url[:LONGEST])
    if number is None:
        return None
    rows = BatchMeaning.objects.filter(table__endswith="categories", key=number[1]).select_related("batch")
    rows = rows.exclude(batch__state=BatchState.UNDONE)
    if not viewer.is_member:  # an import that is not open decides nothing for guests
        rows = rows.filter(batch__is_open=True)
    plain, named = host.lower().removeprefix("www."), list[tuple[bool, str, str]]()
    for row in rows[:_MOST]:
        kinds = row.decided if row.is_decided else row.proposed
        named += [(row.batch.wish.get("site", "") == plain, kind, name) for kind, name in kinds[:1]]
    own = [each for each in named if each[0]] or named
    if len({each[1:] for each in own}) != 1:
        return None
    _, kind, name = own[0]
    return Tag.objects.visible_to(viewer).filter(kind=kind, name=name).first()


def _line(url: str) -> Line:
    answer = addresses.answer(Viewer.operator(), url, host="")
    return Line(url, answer, "" if answer else _NO_ADDRESS)


def _known(batch: Batch) -> Iterator[str]:
    numbers = list(batch.works.order_by("pk").values_list("work_number", flat=True))
    for some in in_portions(numbers):
        yield from Work.objects.filter(pk__in=some).exclude(url="").order_by("key", "pk").values_list("url", flat=True)
        chapters = Chapter.objects.filter(work__in=some).exclude(url="")
        yield from chapters.order_by("work", "position").values_list("url", flat=True)
        yield from Series.objects.filter(entries__work__in=some).exclude(url="").values_list("url", flat=True)
        made = Q(creatorships__work__in=some)
        yield from Pseud.objects.filter(made).exclude(url="").distinct().values_list("url", flat=True)


def _lost(batch: Batch, base: str) -> Iterator[Line]:
    """Stories, authors and series of an eFiction dump that nothing here was made of."""
    for table, script in _SCRIPTS.items():
        rows = batch.entries.filter(container__endswith=table).exclude(outcome=Outcome.IMPORTED).order_by("pk")
        for key, outcome, detail in rows.values_list("key", "outcome", "detail").iterator():
            if key.isdecimal():
                line = _line(f"{base}{script}{key}")
                yield line if line.answer else Line(line.url, None, f"{outcome}: {detail}")


def _base(url: str) -> str:
    """What the addresses of an eFiction site began with; empty for other sites."""
    head, script, _rest = url.partition("viewstory.php")
    return head if script and urlsplit(url).hostname else ""
