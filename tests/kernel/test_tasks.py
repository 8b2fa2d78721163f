"""Background work: asked for in a transaction, done after it."""

from __future__ import annotations

import pytest
from django.db import transaction

from undying.kernel import ledger
from undying.kernel.tasks import later, run_due, task


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
