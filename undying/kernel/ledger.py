"""How change spreads: `mark(thing)` notes that it changed; each consumer drains its own notes in its own time.

One row per consumer and thing, whatever the number of changes, written in the transaction of the change. A change made
while a consumer works gives the row a new `version`, so that the consumer's `done` leaves it due. It is no cursor over
an event log: on PostgreSQL rows can commit out of id order, and a cursor would skip them.
"""

from __future__ import annotations

import contextlib
import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction

from undying.kernel.models import Pending
from undying.kernel.turns import Busy, turn

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence


@dataclass(frozen=True, slots=True)
class Mark:
    """That a thing changed, as one consumer sees it."""

    kind: str
    object_id: int
    version: int


def mark(kind: str, object_ids: Iterable[int]) -> None:
    """Note that these things changed, for every consumer of their kind. One query per consumer and 500 things."""
    ids = sorted(set(object_ids))
    for consumer in settings.LEDGER_CONSUMERS.get(kind, ()):
        rows = [Pending(consumer=consumer, kind=kind, object_id=number, version=secrets.randbits(62)) for number in ids]
        Pending.objects.bulk_create(
            rows,
            batch_size=500,
            update_conflicts=True,
            update_fields=["version"],
            unique_fields=["consumer", "kind", "object_id"],
        )


def due(consumer: str, limit: int) -> list[Mark]:
    """Up to `limit` things that this consumer has yet to look at, oldest note first."""
    rows = Pending.objects.filter(consumer=consumer).order_by("id")[:limit]
    return [Mark(row.kind, row.object_id, row.version) for row in rows]


@transaction.atomic
def done(consumer: str, marks: Sequence[Mark]) -> None:
    """The consumer has dealt with these. What changed again meanwhile stays due."""
    for each in marks:
        Pending.objects.filter(
            consumer=consumer, kind=each.kind, object_id=each.object_id, version=each.version
        ).delete()


def drain_if_free(consumer: str, do: Callable[[list[int]], None], *, at_a_time: int) -> int:
    """Have a consumer of one kind look at all that is due, unless another process is at it; how many things it was."""
    looked_at = 0
    with contextlib.suppress(Busy), turn(consumer, f"Another process is at it: {consumer}."):
        while marks := due(consumer, at_a_time):
            do([mark.object_id for mark in marks])
            done(consumer, marks)
            looked_at += len(marks)
    return looked_at


def backlog(consumer: str) -> int:
    """How many things this consumer has yet to look at."""
    return Pending.objects.filter(consumer=consumer).count()
