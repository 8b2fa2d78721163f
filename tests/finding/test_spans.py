"""Ranges of numbers and of days, as people write them."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from undying.finding.spans import (
    BIGGEST,
    Days,
    Span,
    read_days,
    read_number,
    read_span,
    written_days,
    written_number,
    written_span,
)

TODAY = date(2026, 3, 1)


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("10000", 10_000),
        ("10,000", 10_000),
        ("10.000", 10_000),
        ("1 000 000", 1_000_000),
        ("10k", 10_000),
        ("10 K", 10_000),
        ("1.5k", 1_500),
        ("1,25m", 1_250_000),
        ("0", 0),
        ("1.5", None),
        ("-5", None),
        ("٣", None),
        ("1,00", None),
        ("1.000k", None),
        ("k", None),
        ("", None),
        (str(BIGGEST), BIGGEST),
        (str(BIGGEST + 1), None),
        ("9" * 12 + "m", 999_999_999_999_000_000),
    ],
)
def test_numbers_may_be_grouped_and_shortened_and_nothing_is_guessed(written, number):
    assert read_number(written) == number


@pytest.mark.parametrize(
    ("written", "span"),
    [
        ("7", Span(7, 7)),
        (">100", Span(low=101)),
        ("> 1,000", Span(low=1001)),
        ("&gt;100", Span(low=101)),
        (">=100", Span(low=100)),
        ("≥100", Span(low=100)),
        ("100+", Span(low=100)),
        ("100-", Span(low=100)),
        ("<100", Span(high=99)),
        ("<=100", Span(high=100)),
        ("≤100", Span(high=100)),
        ("-100", Span(high=100)),
        ("10-20", Span(10, 20)),
        ("10 – 20", Span(10, 20)),
        ("10..20", Span(10, 20)),
        ("1k to 2k", Span(1000, 2000)),
        ("1.000-2.000", Span(1000, 2000)),
        ("20-10", Span(20, 10)),
        ("<0", None),
        (f">{BIGGEST}", None),
        ("-", None),
        ("..", None),
        (">", None),
        (">>5", None),
        ("1-2-3", None),
        ("ten", None),
        ("5-x", None),
    ],
)
def test_a_range_is_read_as_ao3_writes_it_and_as_people_do(written, span):
    assert read_span(written) == span


@pytest.mark.parametrize(
    ("written", "days"),
    [
        ("2024-02-29", Days(date(2024, 2, 29), date(2024, 2, 29))),
        ("2024-02", Days(date(2024, 2, 1), date(2024, 2, 29))),
        ("2024", Days(date(2024, 1, 1), date(2024, 12, 31))),
        ("2023..2024", Days(date(2023, 1, 1), date(2024, 12, 31))),
        ("2023-05..", Days(first=date(2023, 5, 1))),
        ("..2023-05", Days(last=date(2023, 5, 31))),
        ("2024-01-01 - 2024-02-01", Days(date(2024, 1, 1), date(2024, 2, 1))),
        (">2024-01-01", Days(first=date(2024, 1, 2))),
        (">= 2024", Days(first=date(2024, 1, 1))),
        (">2024", Days(first=date(2025, 1, 1))),
        ("<2024", Days(last=date(2023, 12, 31))),
        ("<=2024", Days(last=date(2024, 12, 31))),
        ("30d", Days(last_days=30)),
        ("last 30 days", Days(last_days=30)),
        ("the past 2 weeks", Days(last_days=14)),
        ("< 30 days", Days(last_days=30)),
        ("<1y", Days(last_days=365)),
        ("< 2 Weeks ago", Days(last_days=14)),
        ("> 30 days", Days(last=date(2026, 1, 29))),
        ("3 days ago", Days(date(2026, 2, 26), date(2026, 2, 26))),
        ("1 week ago", Days(date(2026, 2, 22), date(2026, 2, 28))),
        ("2-3 days ago", Days(date(2026, 2, 26), date(2026, 2, 27))),
        ("99 years", Days(last_days=99 * 365)),
        ("999 years", None),
        ("0 days", None),
        ("2023-02-29", None),
        ("0000", None),
        ("<0001-01-01", None),
        (">9999-12-31", None),
        ("yesterday", None),
        ("..", None),
        ("30", None),
        ("2024-1-1", None),
    ],
)
def test_days_are_read_as_ao3_writes_them_and_as_people_do(written, days):
    assert read_days(written, TODAY) == days


numbers = st.none() | st.integers(0, BIGGEST)


@given(st.builds(Span, numbers, numbers))
def test_a_written_range_is_read_as_it_was(span):
    assert (read_span(written_span(span)) or Span()) == span


@given(st.integers(0, BIGGEST))
def test_a_number_is_written_no_longer_than_its_digits(number):
    assert read_number(written_number(number)) == number
    assert len(written_number(number)) <= len(str(number))


days = st.none() | st.dates()


@given(st.builds(Days, days, days) | st.builds(Days, last_days=st.integers(1, 36_500)), st.dates())
def test_written_days_are_read_as_they_were_on_any_day(stretch, today):
    assert (read_days(written_days(stretch), today) or Days()) == stretch


@given(st.text(max_size=60) | st.from_regex(r"\A[-<>=0-9kmdwyeagotr. –]{1,20}\Z"), st.dates())
def test_whatever_is_written_is_read_or_not_but_never_fails(text, today):
    read_span(text)
    read_days(text, today)
