"""The values of one row: patterns that find them, and the bytes that they stand for."""

from __future__ import annotations

import re

Value = bytes | None
MOST_VALUES = 4096
"""As many columns as MySQL lets a table have; a row with more is no row."""

_FLAGS = re.DOTALL | re.IGNORECASE
_SPACE = rb"(?:\s++|/\*(?!!).*?\*/|--[^\n]*+\n|\#[^\n]*+\n)*+"
_SINGLE = rb"'((?:[^'\\]++|\\.|'')*+)'"
_DOUBLE = rb'"((?:[^"\\]++|\\.|"")*+)"'
# `CAST(` and `NOW(` are no values: the bare word stops at the bracket and the row is reported, never guessed.
_PLAIN = rb"0x([0-9a-f]++)|x'([0-9a-f]*+)'|([^\s,()'\"`;]++)"
_CHARSET = rb"(?:_[a-z0-9]++\s*+|n(?='))?"
_VALUE = rb"\s*+(?:" + _CHARSET + rb"(?:" + _SINGLE + rb"|" + _DOUBLE + rb")|" + _PLAIN + rb")\s*+"
_UNCAPTURED = re.sub(rb"\((?!\?)", b"(?:", _VALUE)
_VALUES = re.compile(_VALUE + rb"[,)]", _FLAGS)

ROW = re.compile(
    _SPACE + rb"(\((?:" + _UNCAPTURED + rb",){0,4095}+" + _UNCAPTURED + rb"\))" + _SPACE + rb"([,;]?)", _FLAGS
)
# As much of a row as is there: where it ends short of the window, the next byte is wrong, not missing.
PREFIX = re.compile(_SPACE + rb"(?:\((?:" + _UNCAPTURED + rb",){0,4095}+\s*+(?:" + _UNCAPTURED + rb"\)?)?+)?+", _FLAGS)
CLOSED = re.compile(_SINGLE + rb"|" + _DOUBLE, _FLAGS)
DELIMITER = re.compile(_SPACE + rb"([,;]?)", _FLAGS)

_OPEN = re.compile(_SPACE + rb"\(", _FLAGS)
_BEFORE_STRING = re.compile(rb"\s*+" + _CHARSET + rb"(['\"])", _FLAGS)
_PLAIN_VALUE = re.compile(rb"\s*+(?:" + _PLAIN + rb")", _FLAGS)
_AFTER_VALUE = re.compile(rb"\s*+([,)])")
# The engine keeps some 130 bytes for each turn of such a loop: without the limit, 64 MiB of text would cost gigabytes.
PIECE = {
    b"'": re.compile(rb"(?:[^'\\]++|\\.|''){0,50000}+", re.DOTALL),
    b'"': re.compile(rb'(?:[^"\\]++|\\.|""){0,50000}+', re.DOTALL),
}

_ESCAPES = {b"0": b"\0", b"b": b"\b", b"n": b"\n", b"r": b"\r", b"t": b"\t", b"Z": b"\x1a", b"%": b"\\%", b"_": b"\\_"}
_COMMON_ESCAPES = tuple(
    (b"\\" + code, _ESCAPES.get(code, code)) for code in (b"'", b'"', b"n", b"r", b"0", b"Z", b"t", b"b")
)
_ESCAPE = re.compile(rb"\\(.)", re.DOTALL)
_ESCAPE_OR_DOUBLE = {quote: re.compile(rb"\\(.)|" + quote * 2, re.DOTALL) for quote in (b"'", b'"')}


def row_values(row: bytes) -> tuple[Value, ...]:
    """The values of a row that `ROW` matched, brackets included."""
    return tuple(_value(*groups) for groups in _VALUES.findall(row, 1))


def large_row(buffer: bytes, start: int) -> tuple[tuple[Value, ...], int, int] | None:
    """The values of a row of many megabytes, where it begins and where it ends; None where it is cut off or no row.

    It is read piece by piece.
    """
    opening = _OPEN.match(buffer, start)
    if opening is None:
        return None
    position = opening.end()
    values: list[Value] = []
    while True:
        if string := _BEFORE_STRING.match(buffer, position):
            end = _end_of_string(buffer, string.end(), string[1])
            if end == len(buffer):
                return None
            values.append(_unescaped(buffer[string.end() : end], string[1]))
            position = end + 1
        elif plain := _PLAIN_VALUE.match(buffer, position):
            values.append(_value(b"", b"", *plain.groups(b"")))
            position = plain.end()
        after = _AFTER_VALUE.match(buffer, position)
        if after is None:
            return None
        position = after.end()
        if after[1] == b")":
            return tuple(values), opening.end() - 1, position
        if len(values) == MOST_VALUES:
            return None


def _end_of_string(buffer: bytes, start: int, quote: bytes) -> int:
    """Where the closing quote stands, or the end of the buffer."""
    while (end := PIECE[quote].match(buffer, start).end()) > start:  # type: ignore[union-attr]  # it matches anything
        start = end
    return start


def _value(single: bytes, double: bytes, hexed: bytes, quoted: bytes, bare: bytes) -> Value:
    if bare:
        return None if bare.upper() == b"NULL" else bare
    if digits := hexed or quoted:
        return bytes.fromhex(digits.decode("ascii") if len(digits) % 2 == 0 else "0" + digits.decode("ascii"))
    return _unescaped(single, b"'") if single else _unescaped(double, b'"')


def _unescaped(text: bytes, quote: bytes) -> bytes:
    if quote * 2 in text:
        return _ESCAPE_OR_DOUBLE[quote].sub(_one_escape, text)
    if b"\\" not in text:
        return text
    # Between escaped backslashes no other escape can be misread, so each kind may be replaced at one stroke.
    return b"\\".join(map(_without_escapes, text.split(b"\\\\")))


def _without_escapes(text: bytes) -> bytes:
    if b"\\" not in text:
        return text
    for escape, meaning in _COMMON_ESCAPES:
        text = text.replace(escape, meaning)
    return _ESCAPE.sub(_one_escape, text) if b"\\" in text else text


def _one_escape(match: re.Match[bytes]) -> bytes:
    escaped = match[1] if match[0].startswith(b"\\") else None
    return match[0][:1] if escaped is None else _ESCAPES.get(escaped, escaped)
