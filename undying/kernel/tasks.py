"""The one door to background work: tasks take ids, may run twice, and are enqueued after commit.

They are run by whoever holds the turn of that name, so a task that is under way while nobody holds it lost its worker.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django_tasks import TaskResultStatus
from django_tasks import task as task
from django_tasks_db.management.commands.db_worker import Worker
from django_tasks_db.models import DBTaskResult

from undying.kernel.clock import now
from undying.kernel.turns import Busy, turn

if TYPE_CHECKING:
    from django_tasks.base import Task


MOST_TRIES = 5
"""A task that was under way each time when its worker was killed may well be what killed it."""
GIVEN_UP = f"{__name__}.GivenUp"


def later(what: Task[Any, Any], *ids: int) -> None:
    """Have the worker do this once the transaction that asks for it is committed."""
    transaction.on_commit(partial(what.enqueue, *ids))


def is_due(what: Task[Any, Any], *ids: int) -> bool:
    """Whether the worker has this to do, or is at it."""
    waiting = (TaskResultStatus.READY, TaskResultStatus.RUNNING)
    return bool(_tries(what, ids).filter(status__in=waiting).exists())


def has_failed(what: Task[Any, Any], *ids: int) -> bool:
    """Whether the worker tried this, and its last try failed."""
    last = _tries(what, ids).order_by("-enqueued_at").first()
    return last is not None and last.status == TaskResultStatus.FAILED


def _tries(what: Task[Any, Any], ids: tuple[int, ...]) -> Any:
    return DBTaskResult.objects.filter(task_path=what.module_path, args_kwargs={"args": list(ids), "kwargs": {}})


def run_due() -> bool:
    """Run every task that is due, in this process, and what a killed worker was at; whether there was any.

    Leaves all to another worker of this archive that is at it.
    """
    try:
        with turn("tasks", "Another worker runs the tasks of this archive."):
            _take_up_again()
            return _run_ready()
    except Busy:
        return False


def _take_up_again() -> None:
    for each in list(DBTaskResult.objects.running()):
        if len(each.worker_ids) < MOST_TRIES:
            each.status = TaskResultStatus.READY
        else:
            each.status, each.finished_at, each.exception_class_path = TaskResultStatus.FAILED, now(), GIVEN_UP
        each.save(update_fields=["status", "finished_at", "exception_class_path"])


def given_up() -> list[str]:
    """What was tried until its worker had been killed too often, and not done since, in sentences."""
    return [
        f"The worker was cut off {len(each.worker_ids)} times, last on {each.started_at:%Y-%m-%d %H:%M} UTC, while at "
        f"“{each.task_path.rpartition('.')[2]} {' '.join(map(str, each.args_kwargs['args']))}”, which is not done. "
        "Look whether the machine has enough memory, then ask for it again."
        for each in DBTaskResult.objects.filter(exception_class_path=GIVEN_UP)
        if not _was_asked_again(each)
    ]


def _was_asked_again(task_: Any) -> bool:
    same = DBTaskResult.objects.filter(task_path=task_.task_path, args_kwargs=task_.args_kwargs)
    return bool(same.filter(enqueued_at__gt=task_.enqueued_at).exists())


def _run_ready() -> bool:
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
