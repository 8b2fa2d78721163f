"""The line of those who want to join: who stands in it, and whose turn it is."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from undying.kernel.clock import now
from undying.people.models import Waiting

if TYPE_CHECKING:
    from collections.abc import Iterable

REMEMBERED_FOR = timedelta(days=14)
"""How long after her letter somebody cannot come into the line anew: as long as its link works."""


def stand_in(email: str, base: str) -> bool:
    """Put an address at the end of the line, unless it stands there; whether it has to wait, and was not let in yet."""
    row, _ = Waiting.objects.get_or_create(folded=email.casefold(), defaults={"email": email, "base": base})
    return row.let_in is None


def place_of(email: str) -> int:
    """The place of an address in the line, from 1; 0 for one that is not in it."""
    hers = Waiting.objects.filter(folded=email.casefold(), let_in=None).first()
    return Waiting.objects.filter(let_in=None, pk__lte=hers.pk).count() if hers else 0


def length() -> int:
    """How many wait."""
    return Waiting.objects.filter(let_in=None).count()


def next_ones(per_day: int | None) -> Iterable[Waiting]:
    """Those whose turn it is now: as many as this day (in UTC) still allows, or all. They are let in with that."""
    midnight = now().replace(hour=0, minute=0, second=0, microsecond=0)
    waiting = Waiting.objects.filter(let_in=None).order_by("pk")
    if per_day is not None:
        waiting = waiting[: max(0, per_day - Waiting.objects.filter(let_in__gte=midnight).count())]
    turn = list(waiting)
    Waiting.objects.filter(pk__in=[each.pk for each in turn]).update(let_in=now())
    return turn


def forget_old() -> None:
    """Let go of those who were let in long ago."""
    Waiting.objects.filter(let_in__lt=now() - REMEMBERED_FOR).delete()
