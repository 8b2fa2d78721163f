"""One database, written as every program of the time writes it."""

from __future__ import annotations

import bz2
import gzip
import lzma
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    Value = int | bytes | None


@dataclass(frozen=True)
class Table:
    """A table's name, its columns, its rows. Texts are bytes, as the server stores them."""

    name: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Value, ...], ...]


_ESCAPES = {b"\\": b"\\\\", b"\0": b"\\0", b"\n": b"\\n", b"\r": b"\\r", b"\x1a": b"\\Z"}


def _escaped(value: bytes, quote: bytes = b"'", *, doubles: bool = False) -> bytes:
    for byte, escape in _ESCAPES.items():
        value = value.replace(byte, escape)
    return quote + value.replace(quote, quote * 2 if doubles else b"\\" + quote) + quote


def _literal(value: Value) -> bytes:
    if value is None:
        return b"NULL"
    return str(value).encode() if isinstance(value, int) else _escaped(value)


def _hex(value: Value) -> bytes:
    return b"0x" + value.hex().upper().encode() if isinstance(value, bytes) and value else _literal(value)


def _x_hex(value: Value) -> bytes:
    return b"X'" + value.hex().encode() + b"'" if isinstance(value, bytes) else _literal(value)


def _introduced(charset: bytes) -> Callable[[Value], bytes]:
    return lambda value: charset + _literal(value) if isinstance(value, bytes) else _literal(value)


@dataclass(frozen=True)
class Sql:
    """How one program writes SQL."""

    value: Callable[[Value], bytes] = _literal
    name: str = "`%s`"
    newline: bytes = b"\n"
    per_insert: int = 1000
    lists_columns: bool = False
    creates: bool = True
    verb: str = "INSERT INTO"
    head: bytes = b"-- MySQL dump 10.13  Distrib 5.1.73\n--\n-- it's (a) \"comment;\n"
    tail: bytes = b"-- Dump completed on 2010-01-01  1:02:03\n"
    between: bytes = b","
    values: bytes = b" VALUES "

    def __call__(self, tables: Iterable[Table]) -> bytes:
        return self.head + b"".join(part for table in tables for part in self._table(table)) + self.tail

    def _table(self, table: Table) -> Iterable[bytes]:
        name = (self.name % table.name).encode()
        listed = ", ".join(self.name % column for column in table.columns).encode()
        if self.creates:
            yield b"DROP TABLE IF EXISTS " + name + b";" + self.newline
            columns = ",\n  ".join(f"{self.name % each} text" for each in table.columns).encode()
            yield b"CREATE TABLE " + name + b" (" + self.newline + columns + self.newline
            yield b") ENGINE=MyISAM DEFAULT CHARSET=latin1 COMMENT='(; it''s)';" + self.newline
            yield b"/*!40000 ALTER TABLE " + name + b" DISABLE KEYS */;" + self.newline
        for at in range(0, len(table.rows), self.per_insert):
            rows = (b"(" + b",".join(map(self.value, row)) + b")" for row in table.rows[at : at + self.per_insert])
            columns_ = b" (" + listed + b")" if self.lists_columns else b""
            yield self.verb.encode() + b" " + name + columns_ + self.values + self.between.join(rows) + b";"
            yield self.newline


def _own_backup(value: Value) -> bytes:
    """eFiction's own backup page: everything quoted, and nothing is NULL any more."""
    data = b"" if value is None else str(value).encode() if isinstance(value, int) else value
    for byte in (b"\\", b"'", b'"', b"\0"):
        data = data.replace(byte, b"\\0" if byte == b"\0" else b"\\" + byte)
    return b'"' + data.replace(b"\n", b"\\n") + b'"'


def _markup(value: bytes) -> bytes:
    for byte, entity in ((b"&", b"&amp;"), (b"<", b"&lt;"), (b">", b"&gt;"), (b'"', b"&quot;")):
        value = value.replace(byte, entity)
    return value


def _field(name: str, value: Value, *, hexes: bool) -> bytes:
    start = b'\t\t<field name="' + name.encode() + b'"'
    if value is None:
        return start + b' xsi:nil="true" />\n'
    data = str(value).encode() if isinstance(value, int) else value
    if hexes and isinstance(value, bytes) and value:
        return start + b' xsi:type="xs:hexBinary">' + value.hex().upper().encode() + b"</field>\n"
    return start + b">" + _markup(data) + b"</field>\n"


@dataclass(frozen=True)
class Xml:
    """mysqldump --xml, with or without --hex-blob."""

    hexes: bool = False

    def __call__(self, tables: Iterable[Table]) -> bytes:
        out = [b'<?xml version="1.0"?>\n<mysqldump xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">\n']
        out.append(b'<database name="old">\n')
        for table in tables:
            out.append(b'\t<table_structure name="%s">\n' % table.name.encode())
            out += [b'\t\t<field Field="%s" Type="text" Null="YES" Key="" />\n' % n.encode() for n in table.columns]
            out.append(b'\t</table_structure>\n\t<table_data name="%s">\n' % table.name.encode())
            for row in table.rows:
                fields = zip(table.columns, row, strict=True)
                out.append(b"\t<row>\n" + b"".join(_field(n, v, hexes=self.hexes) for n, v in fields) + b"\t</row>\n")
            out.append(b"\t</table_data>\n")
        return b"".join([*out, b"</database>\n</mysqldump>\n"])


def _client_xml(tables: Iterable[Table]) -> bytes:
    """mysql --xml, one question after the other."""
    out = []
    for table in tables:
        out.append(b'<?xml version="1.0"?>\n\n<resultset statement="SELECT * FROM `%s`\n">\n' % table.name.encode())
        for row in table.rows:
            fields = zip(table.columns, row, strict=True)
            out.append(b"  <row>\n" + b"".join(_field(n, v, hexes=False) for n, v in fields) + b"  </row>\n")
        out.append(b"</resultset>\n")
    return b"".join(out)


def _phpmyadmin_xml(tables: Iterable[Table]) -> bytes:
    out = [
        b'<?xml version="1.0" encoding="utf-8"?>\n<!--\n- phpMyAdmin XML Dump\n-->\n<pma_xml_export version="1.0">\n'
    ]
    out.append(b'<pma:structure_schemas><pma:database name="old"><pma:table name="x">CREATE TABLE `x` (`a` int)')
    out.append(b'</pma:table></pma:database></pma:structure_schemas>\n    <database name="old">\n')
    for table in tables:
        for row in table.rows:
            out.append(b'        <table name="%s">\n' % table.name.encode())
            for name, value in zip(table.columns, row, strict=True):
                data = b"NULL" if value is None else str(value).encode() if isinstance(value, int) else _markup(value)
                out.append(b'            <column name="%s">%s</column>\n' % (name.encode(), data))
            out.append(b"        </table>\n")
    return b"".join([*out, b"    </database>\n</pma_xml_export>\n"])


def _no_comments(sql: Callable[[Iterable[Table]], bytes], tables: Iterable[Table]) -> bytes:
    return re.sub(rb"\A(?:--[^\n]*\n)+", b"", sql(tables))


STYLES: dict[str, Callable[[Iterable[Table]], bytes]] = {
    "mysqldump": Sql(),
    "one row per insert": Sql(per_insert=1, lists_columns=True),
    "data only": Sql(creates=False, lists_columns=True),
    "no quotes around names": Sql(name="%s", per_insert=1),
    "ANSI": Sql(name='"%s"', value=lambda v: _escaped(v, doubles=True) if isinstance(v, bytes) else _literal(v)),
    "brackets": Sql(name="[%s]", lists_columns=True),
    "hex": Sql(value=_hex, lists_columns=True),
    "X''": Sql(value=_x_hex),
    "_binary": Sql(value=_introduced(b"_binary ")),
    "_utf8mb4": Sql(value=_introduced(b"_utf8mb4")),
    "REPLACE": Sql(verb="REPLACE INTO", per_insert=3),
    "phpMyAdmin": Sql(
        head=b'-- phpMyAdmin SQL Dump\n-- version 4.9.5\n\nSET SQL_MODE = "NO_AUTO_VALUE_ON_ZERO";\n'
        b"/*!40101 SET NAMES utf8mb4 */;\n\n--\n-- Database: `old`\n--\n\n-- -----------------------------\n",
        tail=b"COMMIT;\n\n/*!40101 SET CHARACTER_SET_CLIENT=@OLD_CHARACTER_SET_CLIENT */;\n",
        per_insert=50,
        lists_columns=True,
        between=b",\n",
        values=b" VALUES\n",
    ),
    "Sequel Pro": Sql(
        head=b"# *************\n# Sequel Pro SQL dump\n# Host: it's here; (MySQL 5.6)\n# *************\n\n"
        b"CREATE DATABASE `old` DEFAULT CHARACTER SET latin1;\nUSE `old`;\n",
        tail=b"",
        lists_columns=True,
        between=b",\n\t",
        values=b"\nVALUES\n\t",
    ),
    "eFiction's own backup": Sql(
        head=b"# Dump of fanfiction tables\r\n# it's \"here\"\r\n",
        tail=b"",
        value=_own_backup,
        name="%s",
        newline=b"\r\n",
        per_insert=1,
        creates=False,
        values=b" VALUES",
    ),
    "XML": Xml(),
    "XML with hex": Xml(hexes=True),
    "XML of the client": _client_xml,
    "gzip": lambda tables: gzip.compress(Sql()(tables)),
    "bzip2": lambda tables: bz2.compress(Sql()(tables)),
    "xz": lambda tables: lzma.compress(Sql()(tables)),
    "UTF-16": lambda tables: Sql(head=b"")(tables).decode("utf-8", "replace").encode("utf-16"),
}  # fmt: skip
"""All of them but one tell NULL from ""; phpMyAdmin's XML tells it from nothing but the word."""
PHPMYADMIN_XML = _phpmyadmin_xml
