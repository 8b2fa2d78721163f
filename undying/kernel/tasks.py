"""The one door to background work: tasks take ids, may run twice, and are enqueued after commit."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django_tasks import TaskResultStatus
from django_tasks import task as task
from django_tasks_db.management.commands.db_worker import Worker
from django_tasks_db.models import DBTaskResult

from undying.kernel.clock import now

if TYPE_CHECKING:
    from django_tasks.base import Task


def later(what: Task[Any, Any], *ids: int) -> None:
    """Have the worker do this once the transaction that asks for it is committed."""
    transaction.on_commit(partial(what.enqueue, *ids))


def is_due(what: Task[Any, Any], *ids: int) -> bool:
    """Whether the worker has this to do, or is at it. One that has been at it for an hour was cut off."""
    tries = _tries(what, ids)
    cut_off = tries.filter(status=TaskResultStatus.RUNNING, started_at__lt=now() - timedelta(hours=1)).values("pk")
    waiting = (TaskResultStatus.READY, TaskResultStatus.RUNNING)
    return bool(tries.filter(status__in=waiting).exclude(pk__in=cut_off).exists())


def has_failed(what: Task[Any, Any], *ids: int) -> bool:
    """Whether the worker tried this, and its last try failed."""
    last = _tries(what, ids).order_by("-enqueued_at").first()
    return last is not None and last.status == TaskResultStatus.FAILED


def _tries(what: Task[Any, Any], ids: tuple[int, ...]) -> Any:
    return DBTaskResult.objects.filter(task_path=what.module_path, args_kwargs={"args": list(ids), "kwargs": {}})


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
