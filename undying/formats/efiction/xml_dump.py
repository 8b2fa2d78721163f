"""XML dumps (`mysqldump --xml`, `mysql --xml`, phpMyAdmin's) as the same stream of rows that SQL dumps are read as.

These programs write bytes that no XML may hold (control characters, two encodings in one file), and their files are
cut off as others are. So rows are found by patterns over a window of bytes, as in `tokenizer`: no parser, no entity but
the five of XML and numbered characters, hence nothing to explode. A file that declares entities is not read on.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from undying.formats.efiction.tokenizer import LARGEST_ROW, Definition, Item, LostRow, Row, Stop, TableName
from undying.formats.efiction.values import MOST_VALUES
from undying.formats.efiction.window import OutOfBytes, Window

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from undying.formats.efiction.values import Value

LOOKS_LIKE_XML_DUMP = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*+(?:<\?xml[^>]*+>\s*+)?(?:<!--(?:(?!-->).){0,4000}-->\s*+)*<(?:mysqldump|resultset|pma_xml_export)\b",
    re.DOTALL,
)
_LONGEST_TAG = 65536
_FIELD = (
    rb'<(?:field|column)\s++name="([^"<]*+)"((?:\s++[\w:]++="[^"<]*+")*+)\s*+(?:/>|>([^<]*+)</(?:field|column)>)\s*+'
)
_FIELDS = re.compile(_FIELD)
_UNCAPTURED = re.sub(rb"\((?!\?)", b"(?:", _FIELD)
_ROW = re.compile(rb"(?:<row>|<table\s++name=\"[^\"<]*+\">)\s*+((?:" + _UNCAPTURED + rb"){0,4096}+)</(row|table)>")
_ROW_ENDS = (b"</row>", b"</table>")
_TAG = re.compile(rb"<(/?)([\w:]++)((?:[^<>\"]++|\"[^\"]*+\")*+)>")
_ATTRIBUTE = re.compile(rb'([\w:]++)="([^"<]*+)"')
_FROM = re.compile(r"\bfrom\s+[`\"]?(?:\w+[`\"]?\.[`\"]?)?([\w$]+)", re.IGNORECASE)
_ENTITY = re.compile(rb"&(?:(lt|gt|amp|quot|apos)|#([0-9]{1,7})|#x([0-9A-Fa-f]{1,6}));")
_NAMED = {b"lt": b"<", b"gt": b">", b"amp": b"&", b"quot": b'"', b"apos": b"'"}
_ROOTS = frozenset((b"mysqldump", b"resultset", b"pma_xml_export"))
_SURROGATES = range(0xD800, 0xE000)
_LAST_CHARACTER = 0x10FFFF


class XmlDump:
    """One XML dump, read once from front to back: the same promises as `tokenizer.Dump`."""

    def __init__(self, read: Callable[[int], bytes], *, largest_row: int = LARGEST_ROW, chunk: int = 1 << 20) -> None:
        self._window = Window(read, chunk)
        self._largest = largest_row
        self._database = ""
        self._table: TableName | None = None
        self._columns: list[str] = []
        self._open = 0

    @property
    def bytes_read(self) -> int:
        """How far the reading has come."""
        return self._window.position

    def items(self) -> Iterator[Item]:
        """Everything in the dump, in its order; a `Stop`, if any, is the last."""
        window = self._window
        try:
            while self._to_next_tag():
                yield from self._tag()
            if self._open:
                yield Stop(self._table, window.line, window.position, "its last element is not closed")
        except OutOfBytes as why:
            yield Stop(self._table, window.line, window.position, str(why))

    def _to_next_tag(self) -> bool:
        window = self._window
        while (found := window.buffer.find(b"<", window.start)) < 0:
            window.start = window.end
            if not window.grow():
                return False
        window.start = found
        while not window.has(16) and window.grow():
            pass
        return True

    def _tag(self) -> Iterator[Item]:
        window = self._window
        if window.startswith(b"<!--"):
            window.skip_past(b"-->", "a comment is not closed")
        elif window.startswith(b"<?"):
            window.skip_past(b"?>", "it ends inside a tag")
        elif window.startswith(b"<!"):
            raise OutOfBytes("it declares a document type, which no dump does and traps do; it was not read on")
        elif window.startswith((b"<row>", b'<table name="')) and self._of_which() is not None:
            yield from self._row()
        elif match := window.match(_TAG, _LONGEST_TAG):
            window.start = match.end()
            yield from self._element(match)
        else:
            self._skip_broken_tag()

    def _skip_broken_tag(self) -> None:
        if self._window.ended:
            raise OutOfBytes("it ends inside a tag")
        self._window.start += 1

    def _element(self, match: re.Match[bytes]) -> Iterator[Item]:
        name = match[2]
        if name in _ROOTS:
            self._open += -1 if match[1] else 1
        if match[1]:
            if name == b"table_structure" and self._table:
                yield Definition(self._table, tuple(self._columns))
            if name in {b"table_structure", b"table_data", b"resultset"}:
                self._table = None
            return
        told = {_name(key): _name(value) for key, value in _ATTRIBUTE.findall(match[3])}
        if name == b"database":
            self._database = told.get("name", "")
        elif name in {b"table_structure", b"table_data"}:
            self._table, self._columns = TableName(told.get("name", ""), self._database), []
        elif name == b"resultset":
            table = _FROM.search(told.get("statement", ""))
            self._table = TableName(table[1]) if table else None
        elif name == b"field" and "Field" in told and len(self._columns) < MOST_VALUES:
            self._columns.append(told["Field"])

    def _of_which(self) -> TableName | None:
        """The table of the row that begins here: phpMyAdmin says it with each row."""
        match = self._window.match(_TAG, _LONGEST_TAG)
        if match is None or match[2] == b"row":
            return self._table
        return TableName(_name(_ATTRIBUTE.findall(match[3])[0][1]), self._database)

    def _row(self) -> Iterator[Item]:
        window, table = self._window, self._of_which()
        assert table is not None
        while (match := _ROW.match(window.buffer, window.start)) is None:
            end = self._end_of_row()
            if end:
                yield LostRow(table, window.line, "it is not written as a row of fields", window.position, end)
                window.start += end
                return
            if window.length > self._largest:
                yield from self._too_large(table)
                return
            if not window.grow():
                yield LostRow(table, window.line, "the dump ends inside it", window.position, window.length)
                raise OutOfBytes("the dump ends inside a row")
        window.start = match.end()
        fields = _FIELDS.findall(match[1])
        is_phpmyadmin = match[2] == b"table"
        yield Row(
            table,
            tuple(_name(name) for name, _about, _value in fields),
            tuple(_value(about, value, null_is_a_word=is_phpmyadmin) for _name, about, value in fields),
            window.position_of(match.start()),
            match.end() - match.start(),
        )

    def _end_of_row(self) -> int:
        """How long what should be a row is; 0 when its end is not in the window."""
        window = self._window
        places = ((window.buffer.find(mark, window.start), len(mark)) for mark in _ROW_ENDS)
        return min((place + length - window.start for place, length in places if place >= 0), default=0)

    def _too_large(self, table: TableName) -> Iterator[Item]:
        window = self._window
        line, at, why = window.line, window.position, f"it is larger than {self._largest:,} bytes"
        mark = b"</table>" if window.startswith(b"<table") else b"</row>"
        try:
            window.skip_past(mark, "the dump ends inside a row")
        except OutOfBytes:
            yield LostRow(table, line, why, at, window.far - at)
            raise
        yield LostRow(table, line, why, at, window.position - at)


def _value(about: bytes, value: bytes, *, null_is_a_word: bool) -> Value:
    if b'nil="true"' in about or (null_is_a_word and value == b"NULL"):
        return None
    if b"hexBinary" in about:
        digits = value.strip()
        try:
            return bytes.fromhex(digits.decode("ascii"))
        except ValueError:
            return value
    return _text(value)


def _name(value: bytes) -> str:
    return _text(value).decode("utf-8", "replace")


def _text(value: bytes) -> bytes:
    return _ENTITY.sub(_character, value) if b"&" in value else value


def _character(match: re.Match[bytes]) -> bytes:
    if match[1]:
        return _NAMED[match[1]]
    number = int(match[2]) if match[2] else int(match[3], 16)
    return match[0] if number > _LAST_CHARACTER or number in _SURROGATES else chr(number).encode()
