"""No loop may write while it reads.

SQLite gives a cursor the state that it began with. Who writes while one is open, and another process wrote since, is
told at once that the database is locked, and waiting would not help. Tests have no other process; so they watch for the
loop itself: a write while a cursor is open that was opened outside a transaction (`undying.kernel.portions` mends it).
"""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Any
from unittest import mock
from weakref import WeakSet

from django.db import connections
from django.db.models.sql import compiler

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_WRITES = ("INSERT", "UPDATE", "DELETE", "REPLACE")


class _Rows:
    """What a chunked query still has to give."""

    def __init__(self, rows: Iterator[Any], table: str) -> None:
        self._rows, self.table = rows, table

    def __iter__(self) -> Iterator[Any]:
        return self

    def __next__(self) -> Any:
        return next(self._rows)


@contextlib.contextmanager
def no_writes_while_reading() -> Iterator[None]:
    """Fail where a row is written while rows are still being read of a query that began outside a transaction."""
    open_rows: WeakSet[_Rows] = WeakSet()
    run = compiler.SQLCompiler.execute_sql

    def opening(self: compiler.SQLCompiler, *arguments: Any, **words: Any) -> Any:
        rows = run(self, *arguments, **words)
        if not words.get("chunked_fetch") or rows is None or _in_transaction(self.connection):
            return rows
        kept = _Rows(rows, str(self.query.get_meta().db_table))
        open_rows.add(kept)
        return kept

    def refuse(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        if sql.lstrip().upper().startswith(_WRITES):
            still = sorted(each.table for each in open_rows)
            assert not still, f"{sql[:80]}: written while rows of {still} are being read (undying.kernel.portions)"
        return execute(sql, params, many, context)

    with mock.patch.object(compiler.SQLCompiler, "execute_sql", opening), contextlib.ExitStack() as stack:
        for connection in connections.all():
            stack.enter_context(connection.execute_wrapper(refuse))
        yield


def _in_transaction(connection: Any) -> bool:
    """Whether one is open but for that of the test itself."""
    return any(not block._from_testcase for block in connection.atomic_blocks)
