"""What the archivist starts from a page and the worker does."""

from __future__ import annotations

from datetime import timedelta

from undying.exchange import takers
from undying.exchange import undo as undoing
from undying.kernel.clock import now
from undying.kernel.tasks import task
from undying.kernel.turns import Busy

AGAIN = timedelta(seconds=20)
"""How long the worker leaves a batch alone while somebody else is importing."""


@task()
def open_batch(batch_id: int) -> None:
    """Let guests read what the batch brought in, once no import is under way."""
    try:
        takers.open_batch(undoing.batch_numbered(batch_id))
    except Busy:
        open_batch.using(run_after=now() + AGAIN).enqueue(batch_id)


@task()
def undo_batch(batch_id: int) -> None:
    """Take the batch back, once no import is under way."""
    try:
        undoing.undo(undoing.batch_numbered(batch_id))
    except Busy:
        undo_batch.using(run_after=now() + AGAIN).enqueue(batch_id)
