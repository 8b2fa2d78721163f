"""SQL dumps as a stream of rows. Nothing is ever executed, and the file is never held in memory.

Only two statements matter: `CREATE TABLE` (for the order of the columns) and `INSERT`/`REPLACE … VALUES`. All others
are skipped with their strings and comments respected, so that a `;` inside a text ends nothing. The scanning is done
by possessive regular expressions over a window of bytes: a row that does not end inside the window makes it grow, and
a row that would make it outgrow `LARGEST_ROW` is thrown away unread and reported.

Values are the bytes that the database server would have stored: escapes are undone, the character set is not.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, NoReturn, TypeVar

from undying.formats.efiction.values import (
    CLOSED,
    DELIMITER,
    MOST_VALUES,
    PIECE,
    PREFIX,
    ROW,
    Value,
    large_row,
    row_values,
)
from undying.formats.efiction.window import OutOfBytes, Window

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator

LARGEST_ROW = 64 * 1024 * 1024
LARGEST_DEFINITION = 1024 * 1024
_LONGEST_GAP = 4096
_LARGE = 4 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class TableName:
    """A table's full name, and the database it stands in ("" where the dump names none)."""

    name: str
    database: str = ""


@dataclass(frozen=True, slots=True)
class Definition:
    """The columns that `CREATE TABLE` gives a table, in order."""

    table: TableName
    columns: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """One complete row. `columns` is None when the statement lists none; `at` and `size` are where its bytes stand."""

    table: TableName
    columns: tuple[str, ...] | None
    values: tuple[Value, ...]
    at: int
    size: int


@dataclass(frozen=True, slots=True)
class LostRow:
    """A row that cannot be read, and why; the reading goes on after it, `size` bytes behind `at`."""

    table: TableName
    line: int
    why: str
    at: int
    size: int


@dataclass(frozen=True, slots=True)
class Stop:
    """The dump ends in the middle of something. `table` is None between tables."""

    table: TableName | None
    line: int
    byte: int
    why: str


Item = Definition | Row | LostRow | Stop
_Found = TypeVar("_Found")

_FLAGS = re.DOTALL | re.IGNORECASE
_IDENTIFIER = rb"(?:`(?:[^`]|``)++`|\"(?:[^\"]|\"\")++\"|\[[^\]]++\]|[\w$\x80-\xff]++)"
_NAME = rb"(?:(" + _IDENTIFIER + rb")\s*+\.\s*+)?(" + _IDENTIFIER + rb")"
_BETWEEN = re.compile(
    rb"(?:[\s;]++|--[^\n]*+\n|\#[^\n]*+\n|/\*!\d*+(?=\D)|/\*(?!!).*?\*/|\*/|\xef\xbb\xbf)*+", re.DOTALL
)
_INTO = rb"(?:INSERT|REPLACE)\s++(?:(?:LOW_PRIORITY|DELAYED|HIGH_PRIORITY|IGNORE)\s++)*+(?:INTO\s++)?" + _NAME
_INSERT_SOMEHOW = re.compile(_INTO, _FLAGS)
_INSERT = re.compile(
    _INTO + rb"\s*+(?:\((\s*+" + _IDENTIFIER + rb"\s*+(?:,\s*+" + _IDENTIFIER + rb"\s*+)*+)\))?\s*+VALUES?\b",
    _FLAGS,
)
_CREATE = re.compile(rb"CREATE\s++(?:TEMPORARY\s++)?TABLE\s++(?:IF\s++NOT\s++EXISTS\s++)?" + _NAME + rb"\s*+\(", _FLAGS)
_USE = re.compile(rb"USE\s++(" + _IDENTIFIER + rb")", _FLAGS)
_HEAD = re.compile(rb"[A-Z]++", re.IGNORECASE)
_PLAIN = re.compile(rb"[^'\"`;/#-]++")
_PLAIN_IN_ROW = re.compile(rb"[^'\"`;/#(),-]++")
_RESUME = re.compile(
    rb"(\)\s*+,\s*+(?=\())|\n(?=(?:INSERT|REPLACE|CREATE|DROP|LOCK|UNLOCK)\s|/\*!|-- |# )", re.IGNORECASE
)
_COLUMN = re.compile(rb"\s*+(" + _IDENTIFIER + rb")\s", _FLAGS)
_LISTED = re.compile(_IDENTIFIER, _FLAGS)
_KEYWORDS = frozenset(
    (b"PRIMARY", b"KEY", b"UNIQUE", b"INDEX", b"FULLTEXT", b"SPATIAL", b"CONSTRAINT", b"CHECK", b"FOREIGN")
)
_BODY = {**PIECE, b"`": re.compile(rb"[^`]++")}
_DEFINITION_PART = re.compile(
    rb"[^'\"`(),/\#-]++|'(?:[^'\\]++|\\.|'')*+'|\"(?:[^\"\\]++|\\.|\"\")*+\"|`[^`]*+`|/\*.*?\*/|--[^\n]*+\n|\#[^\n]*+\n|.",
    re.DOTALL,
)


class Dump:
    """One SQL dump, read once from front to back.

    `read` gives the next at most n bytes, b"" at the end. `largest_row` is in bytes; a row beyond it is reported as
    lost.
    """

    def __init__(self, read: Callable[[int], bytes], *, largest_row: int = LARGEST_ROW, chunk: int = 1 << 20) -> None:
        self._window = Window(read, chunk)
        self._largest = largest_row
        self._database = ""
        self._table: TableName | None = None

    @property
    def bytes_read(self) -> int:
        """How far the reading has come."""
        return self._window.position

    def items(self) -> Iterator[Item]:
        """Everything in the dump, in its order; a `Stop`, if any, is the last."""
        try:
            while self._to_next_statement():
                yield from self._statement()
        except OutOfBytes as why:
            yield Stop(self._table, self._window.line, self._window.position, str(why))

    def _to_next_statement(self) -> bool:
        """Step over space and comments. A long comment is let go of piece by piece, never held."""
        window = self._window
        while True:
            window.take(_BETWEEN)
            if window.startswith(b"/*") and not window.startswith(b"/*!"):
                window.skip_past(b"*/", "a comment is not closed")
            elif window.startswith((b"--", b"#")):
                if not window.skip_line():
                    return False
            elif window.has(64):
                return True
            elif not window.grow():
                window.take(_BETWEEN)
                return window.has(1)

    def _statement(self) -> Iterator[Item]:
        self._table = None
        head = self._window.peek(_HEAD).upper()
        if head in {b"INSERT", b"REPLACE"}:
            yield from self._insert()
        elif head == b"CREATE":
            yield from self._create()
        else:
            if head == b"USE":
                self._use()
            self._skip_statement()

    def _use(self) -> None:
        match = self._window.match(_USE, 1024)
        if match:
            self._database = _plain(match[1])

    def _named(self, database: bytes | None, name: bytes) -> TableName:
        return TableName(_plain(name), _plain(database) if database else self._database)

    def _create(self) -> Iterator[Item]:
        window = self._window
        match = window.match(_CREATE, 1024)
        if match:
            self._table = self._named(match[1], match[2])
            start = match.end()
            while (columns := _columns(window.buffer, start)) is None and window.length < LARGEST_DEFINITION:
                kept = start - window.start
                if not window.grow():
                    raise OutOfBytes("the definition of a table is cut off")
                start = window.start + kept
            if columns and len(columns) <= MOST_VALUES:
                yield Definition(self._table, columns)
        self._skip_statement()
        self._table = None

    def _insert(self) -> Iterator[Item]:
        window = self._window
        match = window.match(_INSERT, 65536)
        if match is None:
            yield from self._unread_insert()
            return
        self._table = self._named(match[1], match[2])
        columns = tuple(_plain(name) for name in _LISTED.findall(match[3])) if match[3] else None
        window.start = match.end()
        yield from self._rows(self._table, columns)

    def _unread_insert(self) -> Iterator[Item]:
        window = self._window
        match = _INSERT_SOMEHOW.match(window.buffer, window.start)
        if match:
            table = self._named(match[1], match[2])
            yield from self._lost(table, "its statement is not of the form INSERT … VALUES (…)", self._skip_statement)
        else:
            self._skip_statement()

    def _rows(self, table: TableName, columns: tuple[str, ...] | None) -> Iterator[Item]:
        window = self._window
        while True:
            if row := self._row():
                values, mark, begin, end = row
                yield Row(table, columns, values, window.position_of(begin), end - begin)
                if mark == b";" or not (mark or self._another_follows()):
                    return
            elif window.length <= _LARGE and self._row_is_whole():
                if not (yield from self._lost(table, "it is not written as a row of values", self._to_next_row)):
                    return
            elif window.length > self._largest:
                if not (yield from self._lost(table, f"it is larger than {self._largest:,} bytes", self._skip_row)):
                    return
            elif window.ended:
                yield from self._lost(table, "the dump ends inside it", self._end_inside_row)
            else:
                window.grow()

    def _lost(self, table: TableName, why: str, skip: Callable[[], _Found]) -> Generator[LostRow, None, _Found]:
        """Step over what cannot be read and tell of it, even where the dump ends meanwhile."""
        line, at = self._window.line, self._window.position
        try:
            found = skip()
        except OutOfBytes:
            yield LostRow(table, line, why, at, self._window.far - at)
            raise
        yield LostRow(table, line, why, at, self._window.position - at)
        return found

    def _end_inside_row(self) -> NoReturn:
        raise OutOfBytes("the dump ends inside a row")

    def _row(self) -> tuple[tuple[Value, ...], bytes, int, int] | None:
        """The row here, the mark behind it, where in the buffer it begins and ends; if both row and mark are whole.

        The mark is b"" where it is not certain yet. The place is good until the window grows.
        """
        window = self._window
        if window.length > _LARGE:
            found = large_row(window.buffer, window.start)
            if found is None:
                return None
            values, begin, window.start = found
            return values, b"", begin, window.start
        match = ROW.match(window.buffer, window.start)
        if match and (match[2] or self._follows_nothing(match)):
            window.start = match.end()
            return row_values(match[1]), match[2], match.start(1), match.end(1)
        return None

    def _another_follows(self) -> bool:
        """Step over what stands after a row; whether it was a comma."""
        window = self._window
        while not window.has(_LONGEST_GAP) and window.grow():
            pass
        match = DELIMITER.match(window.buffer, window.start)
        mark = match[1] if match else b""
        window.start = match.end() if match else window.start
        if not mark:
            self._skip_statement()
        return mark == b","

    def _follows_nothing(self, row: re.Match[bytes]) -> bool:
        """Whether this row is the last though no `;` follows: ON DUPLICATE KEY …, or the end."""
        return self._window.ended or self._window.end - row.end() > _LONGEST_GAP

    def _row_is_whole(self) -> bool:
        """Whether the window shows an error, and not merely the first part of a row."""
        window = self._window
        part = PREFIX.match(window.buffer, window.start)
        if part is None or part.end() >= window.end - 1:
            return False
        rest = window.buffer[part.end() : part.end() + 1]
        if rest in {b"'", b'"'}:
            return bool(CLOSED.match(window.buffer, part.end()))
        return window.ended or window.end - part.end() > _LONGEST_GAP

    def _to_next_row(self) -> bool:
        """After damage: go to the next row that reads well, or else to the next statement (then False)."""
        window = self._window
        while True:
            found = _RESUME.search(window.buffer, window.start)
            if found is None:
                window.start = max(window.start, window.end - 16)
                if not window.grow():
                    window.start = window.end
                    return False
                continue
            window.start = found.end()
            if not found[1]:
                return False
            while not (ROW.match(window.buffer, window.start) or self._row_is_whole()):
                if window.length > self._largest or not window.grow():
                    break
            if ROW.match(window.buffer, window.start):
                return True

    def _skip_row(self) -> bool:
        """Let go of a row piece by piece. Whether another row follows in the same statement."""
        depth = 0
        while True:
            byte = self._step(_PLAIN_IN_ROW)
            if byte == b"(":
                depth += 1
            elif byte == b")":
                depth -= 1
            elif byte == b";" or (byte == b"," and depth <= 0):
                return byte == b","

    def _skip_statement(self) -> None:
        while self._step(_PLAIN) != b";":
            pass

    def _step(self, plain: re.Pattern[bytes]) -> bytes:
        """One string, comment, run of plain bytes or punctuation mark; the first byte of what it was."""
        window = self._window
        while not window.has(3) and window.grow():
            pass
        if not window.has(1):
            raise OutOfBytes("the last statement is not closed")
        first = window.buffer[window.start : window.start + 1]
        if first in _BODY:
            window.start += 1
            self._skip_string(first)
        elif window.startswith(b"/*") and not window.startswith(b"/*!"):
            window.skip_past(b"*/", "a comment is not closed")
        elif window.startswith(b"-- ") or first == b"#":
            window.skip_past(b"\n", "the dump ends inside a comment")
        elif not window.take(plain):
            window.start += 1
        return first

    def _skip_string(self, quote: bytes) -> None:
        window = self._window
        while True:
            while window.take(_BODY[quote]):
                pass
            # A quote or backslash in the last byte may be the first half of a pair.
            if window.length > 1 or (window.ended and window.length == 1):
                closed = window.startswith(quote)
                window.start += 1
                if closed:
                    return
            elif not window.grow() and not window.length:
                raise OutOfBytes("the dump ends inside a text")


def _plain(identifier: bytes) -> str:
    """The name without its quotes. Names are compared, never shown as markup, so any single-byte reading will do."""
    quote = identifier[:1]
    if quote in {b"`", b'"'}:
        identifier = identifier[1:-1].replace(quote * 2, quote)
    elif quote == b"[":
        identifier = identifier[1:-1]
    return identifier.decode("utf-8", "replace")


def _columns(text: bytes, start: int) -> tuple[str, ...] | None:
    """The names of the columns, None when the closing bracket is not there yet."""
    columns: list[str] = []
    depth, part = 1, start
    for match in _DEFINITION_PART.finditer(text, start):
        token = match[0]
        if token == b"(":
            depth += 1
        elif token == b")":
            depth -= 1
        if (token == b"," and depth == 1) or depth == 0:
            _add_column(columns, text[part : match.start()] + b" ")
            part = match.end()
        if depth == 0:
            return tuple(columns)
    return None


def _add_column(columns: list[str], definition: bytes) -> None:
    match = _COLUMN.match(re.sub(rb"\A\s*(?:(?:--|\#)[^\n]*\n\s*|/\*.*?\*/\s*)*", b"", definition, flags=re.DOTALL))
    if match and match[1].upper() not in _KEYWORDS:
        columns.append(_plain(match[1]))
