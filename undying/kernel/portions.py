"""Much, some of it at a time: rows that are read while one writes, and values that a database is asked about."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from django.db.models import Model, QuerySet

Row = TypeVar("Row", bound="Model")
Value = TypeVar("Value")
AT_A_TIME = 200
IN_ONE_QUERY = 500


def in_portions(values: Sequence[Value]) -> Iterator[Sequence[Value]]:
    """These values in their order, as many at a time as one query may name."""
    return (values[at : at + IN_ONE_QUERY] for at in range(0, len(values), IN_ONE_QUERY))


def portions(rows: QuerySet[Row], size: int = AT_A_TIME) -> Iterator[list[Row]]:
    """These rows in the order of their keys, `size` at a time, each portion read to its end before it is given.

    For loops that write. A cursor that is still open holds SQLite at the state it began with, and once another process
    has written, this one is told at once that the database is locked (SQLITE_BUSY_SNAPSHOT): waiting would not help.
    """
    ordered = rows.order_by("pk")
    portion = list(ordered[:size])
    while portion:
        yield portion
        portion = list(ordered.filter(pk__gt=portion[-1].pk)[:size])
