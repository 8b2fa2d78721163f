"""What the archivist starts from a page and the worker does."""

from __future__ import annotations

import contextlib
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

from django.db import transaction

from undying.exchange import again, announcing, claims, contacts, departures, duplicates, leaving, letters, takers
from undying.exchange import undo as undoing
from undying.exchange.keeping import forget_unneeded
from undying.exchange.models import Reread
from undying.exchange.optouts import OtherKey
from undying.kernel.clock import now
from undying.kernel.errors import StorageFull
from undying.kernel.tasks import later, task
from undying.kernel.turns import Busy
from undying.library import bringing

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from django_tasks.base import Task

AGAIN = timedelta(seconds=20)
"""How long the worker leaves a batch alone while somebody else is importing."""

BETWEEN_LETTERS = timedelta(minutes=10)


@contextlib.contextmanager
def _or_later(what: Task[Any, Any], *ids: int) -> Iterator[None]:
    """Have this tried again in a while when an import is under way, or when there is no room for it."""
    try:
        yield
    except (Busy, StorageFull):
        what.using(run_after=now() + AGAIN).enqueue(*ids)


@task()
def open_batch(batch_id: int) -> None:
    """Let guests read what the batch brought in, once no import is under way."""
    with _or_later(open_batch, batch_id):
        takers.open_batch(undoing.batch_numbered(batch_id))


@task()
def look_for_duplicates() -> None:
    """Compare the works with each other, once no import is under way."""
    with _or_later(look_for_duplicates):
        duplicates.look()


@task()
def open_announced(batch_id: int) -> None:
    """Open the batch if it is still to be opened by itself and its day has come."""
    with _or_later(open_announced, batch_id):
        announcing.open_if_due(undoing.batch_numbered(batch_id))


def open_on_its_day(batch_id: int, day: datetime) -> None:
    """Have the worker look at that batch on that day."""
    transaction.on_commit(partial(open_announced.using(run_after=day).enqueue, batch_id))


@task()
def undo_batch(batch_id: int) -> None:
    """Take the batch back, once no import is under way."""
    with _or_later(undo_batch, batch_id):
        undoing.undo(undoing.batch_numbered(batch_id))


@task()
def carry_out_departures() -> None:
    """Make gone what is on its way out, once no import is under way."""
    with _or_later(carry_out_departures):
        departures.carry_out()


@task()
def send_letters() -> None:
    """Send what the hour allows, and the rest in the hours after: or when it is known again who asked for none."""
    with contextlib.suppress(OtherKey):
        letters.send_due()
    if letters.is_waiting():
        send_letters.using(run_after=now() + BETWEEN_LETTERS).enqueue()


def upkeep() -> None:
    """Once a day: let go of what need not be kept any longer."""
    claims.forget_old_names()
    if leaving.finish_deletions():
        later(carry_out_departures)
    contacts.drop_without_works()
    forget_unneeded(bringing.drop_old())


@task()
def compare_again(batch_id: int) -> None:
    """Read the batch again from its originals and note what would change, once no import is under way."""
    with _or_later(compare_again, batch_id):
        again.read_again(undoing.batch_numbered(batch_id))


@task()
def accept_again(reread_id: int) -> None:
    """Change what a comparison showed, once no import is under way. A comparison that another replaced is let go."""
    shown = Reread.objects.select_related("batch").filter(pk=reread_id, is_accepted=False).first()
    if shown is None:
        return
    with _or_later(accept_again, reread_id):
        again.read_again(shown.batch, repairs=shown.repairs, accept=True)
