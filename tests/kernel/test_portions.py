"""Much, some of it at a time: all of it, once, and never more than a query may name."""

from __future__ import annotations

from itertools import chain

import pytest

from undying.kernel.portions import IN_ONE_QUERY, in_portions


@pytest.mark.parametrize("total", [0, 1, IN_ONE_QUERY, IN_ONE_QUERY + 1, 3 * IN_ONE_QUERY])
def test_every_value_comes_once_and_in_its_order(total):
    found = list(in_portions(range(total)))
    assert list(chain.from_iterable(found)) == list(range(total))
    assert all(0 < len(some) <= IN_ONE_QUERY for some in found)
