"""Background work: asked for in a transaction, done after it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys

import pytest
from django.conf import settings
from django.db import transaction
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from undying.kernel import ledger
from undying.kernel.tasks import MOST_TRIES, given_up, has_failed, is_due, later, run_due, task
from undying.kernel.turns import turn

WORKER = """
import fcntl, sys, time
held = open(sys.argv[1], "w")
fcntl.flock(held, fcntl.LOCK_EX)
print("at it", flush=True)
time.sleep(60)
"""


@task()
def note(number: int) -> None:
    """A task as small as tasks are."""
    ledger.mark("work", [number])


@pytest.mark.django_db(transaction=True)
def test_work_that_is_asked_for_is_done_by_the_worker():
    with transaction.atomic():
        later(note, 41)
    assert ledger.backlog("search") == 0
    assert run_due() is True
    assert [mark.object_id for mark in ledger.due("search", 9)] == [41]
    assert run_due() is False


@pytest.mark.django_db(transaction=True)
def test_work_asked_for_in_a_transaction_that_fails_is_never_done():
    def fail() -> None:
        with transaction.atomic():
            later(note, 41)
            raise LookupError

    with pytest.raises(LookupError):
        fail()
    assert run_due() is False


def begun(tries: int = 1) -> DBTaskResult:
    """A task that a worker has just begun, for the nth time."""
    note.enqueue(41)
    row = DBTaskResult.objects.get()
    for _ in range(tries):
        row.claim("undying-worker")
    return row


@pytest.mark.django_db(transaction=True)
def test_what_a_killed_worker_was_at_is_done_by_the_next_and_not_before_it_is_dead(home):
    begun()
    worker = subprocess.Popen(
        [sys.executable, "-c", WORKER, str(settings.UNDYING.home / "tasks.lock")], stdout=subprocess.PIPE, text=True
    )
    assert worker.stdout is not None
    assert worker.stdout.readline() == "at it\n"
    assert run_due() is False
    assert is_due(note, 41)
    assert ledger.backlog("search") == 0

    os.kill(worker.pid, signal.SIGKILL)
    worker.communicate()
    assert run_due() is True
    assert [mark.object_id for mark in ledger.due("search", 9)] == [41]
    assert DBTaskResult.objects.get().status == TaskResultStatus.SUCCESSFUL


@pytest.mark.django_db(transaction=True)
def test_tasks_are_left_to_whoever_is_at_them():
    note.enqueue(41)
    with turn("tasks", "held"):
        assert run_due() is False
    assert run_due() is True


@pytest.mark.django_db(transaction=True)
def test_a_task_that_kills_its_worker_each_time_is_given_up_and_told_until_it_is_asked_for_again():
    begun(MOST_TRIES)
    assert run_due() is False
    assert has_failed(note, 41)
    assert not is_due(note, 41)
    [told] = given_up()
    assert told.startswith(f"The worker was cut off {MOST_TRIES} times")
    assert "“note 41”" in told

    later(note, 41)
    assert given_up() == []
    assert run_due() is True
    assert not has_failed(note, 41)
