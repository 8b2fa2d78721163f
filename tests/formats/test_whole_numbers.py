"""Numbers in tables, forms and rows: what is none, or more than a database holds, ends no reading."""

from __future__ import annotations

import pytest

from undying.formats.labels import whole_number
from undying.formats.rows import Row


@pytest.mark.parametrize(
    ("text", "number"),
    [("12", 12), (" 0 ", 0), ("-3", -3), ("999999999", 999_999_999), ("-999999999", -999_999_999)],
)
def test_a_whole_number_is_read(text: str, number: int) -> None:
    assert whole_number(text) == number


@pytest.mark.parametrize("text", ["", "-", "--5", "- 5", "1.5", "²", "1e3", "1_000", "1000000000", "9" * 5000])
def test_what_is_no_whole_number_that_a_database_holds_is_none(text: str) -> None:
    assert whole_number(text) is None


@pytest.mark.parametrize(
    ("value", "number"), [("--5", None), (" 7 ", 7), (7, 7), (True, 1), (1.5, None), ("9" * 15, 10**15 - 1)]
)
def test_a_field_of_a_row_is_a_whole_number_or_none(value: object, number: int | None) -> None:
    row = Row(n=1, table="t", key="1", values={"place": value}, container="t", shown="1", span=None)
    assert row.number("place") == number
