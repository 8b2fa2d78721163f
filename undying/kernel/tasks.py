"""The one door to background work: tasks take ids, may run twice, and are enqueued after commit."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django_tasks import task as task
from django_tasks_db.management.commands.db_worker import Worker
from django_tasks_db.models import DBTaskResult

if TYPE_CHECKING:
    from django_tasks.base import Task


def later(what: Task[Any, Any], *ids: int) -> None:
    """Have the worker do this once the transaction that asks for it is committed."""
    transaction.on_commit(partial(what.enqueue, *ids))


def run_due() -> bool:
    """Run every task that is due, in this process; whether there was any."""
    if not DBTaskResult.objects.ready().exists():
        return False
    Worker(
        queue_names=["*"],
        interval=0,
        batch=True,
        backend_name="default",
        startup_delay=False,
        max_tasks=None,
        worker_id="undying-worker",
        excluded_queue_names=[],
    ).run()
    return True
