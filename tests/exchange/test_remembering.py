"""A rehearsal remembers as a dictionary would, whatever the numbers."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from undying.exchange.remembering import Numbers

HASHES = st.integers(-(2**63), 2**63 - 1)


@given(st.lists(HASHES))
def test_a_number_is_new_once(names: list[int]) -> None:
    numbers = Numbers()
    assert [numbers.add(name) for name in names] == [name not in names[:place] for place, name in enumerate(names)]


@given(st.lists(st.tuples(st.integers(0, 9), HASHES)))
def test_what_was_put_last_is_there(pairs: list[tuple[int, int]]) -> None:
    numbers = Numbers()
    for name, value in pairs:
        numbers.put(name, value)
    assert {name: numbers.get(name) for name in range(10)} == {name: dict(pairs).get(name) for name in range(10)}
