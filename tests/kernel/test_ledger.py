"""The ledger: one note a thing and consumer, and nothing that changes meanwhile is lost."""

from __future__ import annotations

import pytest

from undying.kernel import ledger

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _two_consumers(settings):
    settings.LEDGER_CONSUMERS = {"work": ("search", "mail"), "tag": ("search",)}


def test_fifty_changes_leave_one_note_for_each_consumer():
    for _ in range(50):
        ledger.mark("work", [7])
    assert (ledger.backlog("search"), ledger.backlog("mail")) == (1, 1)


def test_what_nobody_consumes_is_not_noted():
    ledger.mark("weather", [1])
    assert ledger.backlog("search") == 0


def test_done_settles_what_was_due_for_that_consumer_alone():
    ledger.mark("work", [1, 2, 3])
    ledger.done("search", ledger.due("search", 2))
    assert [mark.object_id for mark in ledger.due("search", 10)] == [3]
    assert ledger.backlog("mail") == 3


def test_what_changes_while_a_consumer_works_stays_due():
    ledger.mark("work", [1, 2])
    seen = ledger.due("search", 10)
    ledger.mark("work", [2])
    ledger.done("search", seen)
    assert [mark.object_id for mark in ledger.due("search", 10)] == [2]


def test_the_oldest_note_comes_first():
    ledger.mark("work", [9])
    ledger.mark("work", [1])
    assert [mark.object_id for mark in ledger.due("search", 10)] == [9, 1]


def test_kinds_do_not_mix():
    ledger.mark("work", [1])
    ledger.mark("tag", [1])
    assert {(mark.kind, mark.object_id) for mark in ledger.due("search", 10)} == {("work", 1), ("tag", 1)}


def test_ids_beyond_53_bits_are_kept_exactly():
    ledger.mark("work", [2**53 + 1, 2**62])
    assert {mark.object_id for mark in ledger.due("search", 10)} == {2**53 + 1, 2**62}


def test_a_large_import_is_noted_in_few_queries(django_assert_max_num_queries):
    with django_assert_max_num_queries(20):
        ledger.mark("work", range(1, 2001))
    assert ledger.backlog("search") == 2000
