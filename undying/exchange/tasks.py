"""What the archivist starts from a page and the worker does."""

from __future__ import annotations

from undying.exchange import takers
from undying.exchange import undo as undoing
from undying.kernel.tasks import task


@task()
def open_batch(batch_id: int) -> None:
    """Let guests read what the batch brought in."""
    takers.open_batch(undoing.batch_numbered(batch_id))


@task()
def undo_batch(batch_id: int) -> None:
    """Take the batch back."""
    undoing.undo(undoing.batch_numbered(batch_id))
