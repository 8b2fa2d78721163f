"""Limits on attempts, counted in the database, so that every process knows them and a restart forgets none.

Refused: TooOften.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.crypto import salted_hmac

from undying.kernel.clock import now
from undying.kernel.errors import Refused
from undying.kernel.models import Tally

if TYPE_CHECKING:
    from datetime import timedelta


class TooOften(Refused):
    """That was tried too often of late."""


@transaction.atomic
def count(what: str, whom: str, *, most: int, within: timedelta) -> None:
    """Note one more try of this by, or at, somebody. Raises TooOften after so many within that time of the first.

    Neither names nor addresses are kept, only a digest that nobody without the archive's key can make.
    """
    digest = salted_hmac("undying.limits", f"{what}\n{whom}", algorithm="sha256").hexdigest()
    Tally.objects.get_or_create(pk=digest, defaults={"until": now() + within})
    tally = Tally.objects.select_for_update().get(pk=digest)
    if tally.until <= now():
        tally.count, tally.until = 0, now() + within
    if tally.count >= most:
        raise TooOften("That was tried too often in a short time. Wait an hour and try again.")
    tally.count += 1
    tally.save()


def forget_old() -> None:
    """Let go of what no limit looks at any more."""
    Tally.objects.filter(until__lt=now()).delete()
