"""Rows without what is personal, of the same length and shape."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from undying.exchange.blanking import blanked, is_blanked

ROWS = [
    (rb"(7,'Ada \'A.\' L','it''s',NULL)", rb"(7,'            ','     ',NULL)"),
    (b'(7,"Ada",0x416461)', b'(7,"   ",0x202020)'),
    (b"(7,'cut off here", b"(7,'            "),
    (b"(7,'cut off here\\", b"(7,'             "),
    (b"(7,'", b"(7,'"),
    (b"<row><field>Ada\nL</field>end", b"<row><field>   \n </field>   "),
    (b"plain words", b"           "),
]


@pytest.mark.parametrize(("row", "expected"), ROWS)
def test_texts_become_spaces_and_what_was_cut_off_too(row, expected):
    assert blanked(row) == expected


@given(
    st.sampled_from([b"(", b"<", b""]), st.lists(st.sampled_from([b"'", b'"', b"\\", b"a", b"<", b">", b"\n", b"0x41"]))
)
def test_the_length_stays_and_twice_is_once(first, rest):
    row = first + b"".join(rest)
    assert len(blanked(row)) == len(row)
    assert is_blanked(blanked(row))


@pytest.mark.parametrize("row", [b"(" + b"'a\\" * 60_000, b"('\"" * 60_000, b"<" + b">" * 200_000])
def test_what_is_never_closed_is_read_once_and_not_from_each_of_its_quotes(row):
    assert is_blanked(blanked(row))
