"""The guard against writing while reading fails where it should, and nowhere else."""

from __future__ import annotations

import pytest
from django.db import transaction

from undying.kernel import ledger
from undying.kernel.models import Pending
from undying.kernel.portions import portions

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _rows() -> None:
    ledger.mark("work", [1, 2, 3])


def test_a_write_while_rows_are_read_is_refused():
    rows = Pending.objects.iterator()
    first = next(rows)
    with pytest.raises(AssertionError, match="kernel_pending"):
        first.save()


def test_a_write_in_a_portion_in_a_transaction_or_after_all_was_read_is_not():
    for some in portions(Pending.objects.all()):
        some[0].save()
    with transaction.atomic():
        for row in Pending.objects.iterator():
            row.save()
    for row in list(Pending.objects.iterator()):
        row.save()
