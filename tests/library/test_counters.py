"""The numbers of works: added to in batches, set to what was counted, told to the index."""

from __future__ import annotations

import pytest

from tests.makers import make_work
from undying.kernel.models import Pending
from undying.library import counters
from undying.library.counters import Counter
from undying.library.models import Counters

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("home")]


def shown() -> dict[int, str]:
    return {row.pk: str(row) for row in Counters.objects.all()}


def due() -> set[int]:
    return set(Pending.objects.filter(consumer="counters").values_list("object_id", flat=True))


@pytest.fixture
def works() -> tuple[int, int]:
    first, second = make_work().pk, make_work().pk
    Counters.objects.all().delete()
    Pending.objects.all().delete()
    return first, second


def test_numbers_add_up_and_never_fall_below_nothing(works: tuple[int, int]):
    first, second = works
    counters.bump(Counter.HITS, {first: 3, second: 1})
    counters.bump(Counter.HITS, {first: 4, second: -5})
    counters.bump(Counter.KUDOS, {second: 2})
    assert shown() == {
        first: "7 hits, 0 kudos, 0 comments, 0 bookmarks",
        second: "0 hits, 2 kudos, 0 comments, 0 bookmarks",
    }


def test_works_that_are_gone_are_passed_over(works: tuple[int, int]):
    counters.bump(Counter.HITS, {works[0]: 1, 404: 9})
    counters.put(Counter.COMMENTS, {works[1]: 1, 404: 9})
    assert set(shown()) == set(works)


def test_what_is_set_leaves_the_other_numbers_alone_and_says_so_once(works: tuple[int, int]):
    counters.bump(Counter.HITS, {works[0]: 3})
    Pending.objects.all().delete()
    counters.put(Counter.COMMENTS, {works[0]: 2, works[1]: 0})
    assert shown() == {works[0]: "3 hits, 0 kudos, 2 comments, 0 bookmarks"}
    assert due() == {works[0]}
    Pending.objects.all().delete()
    counters.put(Counter.COMMENTS, {works[0]: 2})
    assert due() == set()


def test_a_batch_costs_the_same_few_queries_for_many_works(
    works: tuple[int, int], django_assert_max_num_queries: pytest.FixtureRequest
):
    with django_assert_max_num_queries(8):  # type: ignore[operator]  # pytest-django types the fixture loosely
        counters.bump(Counter.HITS, dict.fromkeys(works, 1))
