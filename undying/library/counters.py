"""Every write to the numbers of works."""

from __future__ import annotations

import re
from collections import defaultdict
from enum import StrEnum
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Greatest

from undying.kernel import ledger
from undying.kernel.portions import in_portions
from undying.library.models import Counters, Work

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

COUNTERS = "counters"
"""The kind under which works stand in the ledger whose numbers alone changed."""
SAID = "said"
"""The kind under which works stand in the ledger of which readers said or kept something, or may have: who counts that
(`undying.community.counting`) looks at them.
"""


class Counter(StrEnum):
    """What is counted of a work."""

    HITS = "hits"
    KUDOS = "kudos"
    COMMENTS = "comments"
    BOOKMARKS = "bookmarks"


_LABELS = {
    "eFiction reads": Counter.HITS,
    "Hits": Counter.HITS,
    "Fimfiction total num views": Counter.HITS,
    "Fimfiction num views": Counter.HITS,
    "Kudos": Counter.KUDOS,
    "Fimfiction num likes": Counter.KUDOS,
}
"""What sources counted, by the label of the work's extra. Their numbers of reviews and favourites are not taken over:
those are counted from what came with the work.
"""
_GROUPS = re.compile(r"(?<=\d)[.,'’\s](?=\d{3}(?!\d))")
_BIGGEST = 2**31 - 1


def told_by(extras: Iterable[Sequence[str]]) -> dict[Counter, int]:
    """What the source of a work had counted, as its extras tell: how it begins here. Of two numbers, the greater."""
    told = dict.fromkeys((Counter.HITS, Counter.KUDOS), 0)
    for label, text in extras:
        counter, digits = _LABELS.get(label), _GROUPS.sub("", text.strip())
        if counter is not None and digits.isascii() and digits.isdecimal():
            told[counter] = max(told[counter], min(int(digits[:19]), _BIGGEST))
    return told


def begin(work: Work, before: Iterable[Sequence[str]]) -> None:
    """Count from what its source had counted on. `before` are the extras that the work had: what was added here since
    stays added. Call it in the transaction that changes them.
    """
    had = told_by(before)
    for counter, number in told_by(work.extras).items():
        bump(counter, {work.pk: number - had[counter]})


def added_up(work: Work) -> dict[Counter, int]:
    """The numbers that are only ever added to: what nobody could count again once the work is gone."""
    row = Counters.objects.filter(pk=work.pk).values(Counter.HITS.value, Counter.KUDOS.value).first() or {}
    return {each: row.get(each.value, 0) for each in (Counter.HITS, Counter.KUDOS)}


@transaction.atomic
def bump(counter: Counter, by: Mapping[int, int]) -> None:
    """Add to one number of many works at once; works that are gone are passed over. Never goes below zero."""
    works = sorted(each for each, number in by.items() if number)
    for some in in_portions(works):
        _bump(counter, {each: by[each] for each in some})


def _bump(counter: Counter, by: Mapping[int, int]) -> None:
    here = list(Work.objects.filter(pk__in=by).values_list("pk", flat=True))
    Counters.objects.bulk_create([Counters(work_id=each) for each in here], ignore_conflicts=True)
    alike: dict[int, list[int]] = defaultdict(list)
    for each in here:
        alike[by[each]].append(each)
    for number, works in alike.items():
        Counters.objects.filter(pk__in=works).update(**{counter: Greatest(F(counter) + number, 0)})
    ledger.mark(COUNTERS, here)


@transaction.atomic
def put(counter: Counter, numbers: Mapping[int, int]) -> None:
    """Set one number of many works; works that are gone are passed over, and what is so already is not touched."""
    for some in in_portions(sorted(numbers)):
        _put(counter, {each: numbers[each] for each in some})


def _put(counter: Counter, numbers: Mapping[int, int]) -> None:
    before = dict(Counters.objects.filter(pk__in=numbers).values_list("pk", counter.value))
    wanted = [each for each in numbers if numbers[each] != before.get(each, 0)]
    here = list(Work.objects.filter(pk__in=wanted).values_list("pk", flat=True))
    rows = [Counters(work_id=each, **{counter: numbers[each]}) for each in here]
    Counters.objects.bulk_create(rows, update_conflicts=True, unique_fields=["work"], update_fields=[counter.value])
    ledger.mark(COUNTERS, here)
