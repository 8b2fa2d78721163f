"""Stories that a crawl brought in and the data of the same site do not have: their authors may have taken them down."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from undying.exchange.models import ContainerCount
from undying.formats import CAPTURED, Remark
from undying.kernel.portions import in_portions
from undying.library.actions import Result
from undying.library.models import Work

if TYPE_CHECKING:
    from collections.abc import Iterator

    from undying.exchange.models import Batch

_STORIES = "fanfiction_stories"
_MOST_ASKED = 200
_MOST_NAMED = 20
AT_A_TIME = 500


def about_withdrawn(batch: Batch) -> Iterator[Remark]:
    """One sentence for each site. A crawl is a memory of a day; who deleted a story after it meant it to be gone."""
    found: dict[str, list[str]] = {}
    numbers = list(batch.works.filter(result=Result.CREATED).values_list("work_number", flat=True))
    for some in in_portions(numbers):
        rows = Work.objects.filter(pk__in=some).values_list("site", "key", "title", "extras")
        for site, key, title, extras in rows:
            if list(CAPTURED) in extras:
                found.setdefault(site, []).append(f"{key} “{title}”")
    for site, named in sorted(found.items()):
        if _has_own_data(site):
            listed = ", ".join(sorted(named)[:_MOST_NAMED]) + (" and others" if named[_MOST_NAMED:] else "")
            yield Remark(
                text=f"In the crawl and not in the data of {site}: {len(named):,} stories ({listed}). Their authors "
                "may have taken them down; look at them before you open them to everybody.",
                grave=True,
            )


def _has_own_data(site: str) -> bool:
    """Whether a database of this site was imported."""
    works = Work.objects.filter(site=site).values_list("pk", "extras").iterator(chunk_size=AT_A_TIME)
    better = islice((number for number, extras in works if list(CAPTURED) not in extras), _MOST_ASKED)
    mine = ContainerCount.objects.filter(container__endswith=_STORIES, batch__works__work_number__in=list(better))
    return mine.exists()
