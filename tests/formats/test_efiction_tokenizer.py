"""The tokenizer gives back what was written, in every dialect, however the file falls into chunks."""

from __future__ import annotations

import io
from dataclasses import dataclass

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from undying.formats.efiction.tokenizer import Definition, Dump, Item, LostRow, Row, Stop, TableName


def items(sql: bytes, chunk: int = 1 << 20, **options: int) -> list[Item]:
    return list(Dump(io.BytesIO(sql).read, chunk=chunk, **options).items())


def rows(sql: bytes, chunk: int = 1 << 20) -> list[tuple[bytes | None, ...]]:
    return [item.values for item in items(sql, chunk) if isinstance(item, Row)]


@dataclass(frozen=True)
class Dialect:
    """How one exporting tool writes."""

    quote: bytes = b"'"
    doubles_quotes: bool = False
    identifier: bytes = b"`"
    newline: bytes = b"\n"
    per_insert: int = 100
    lists_columns: bool = False
    verb: bytes = b"INSERT INTO"
    hexes: bool = False

    def value(self, value: bytes | int | None) -> bytes:
        if value is None:
            return b"NULL"
        if isinstance(value, int):
            return str(value).encode()
        if self.hexes and value:
            return b"0x" + value.hex().encode()
        text = value.replace(b"\\", b"\\\\").replace(b"\0", b"\\0").replace(b"\n", b"\\n").replace(b"\r", b"\\r")
        text = text.replace(b"\x1a", b"\\Z")
        return (
            self.quote
            + text.replace(self.quote, self.quote * 2 if self.doubles_quotes else b"\\" + self.quote)
            + (self.quote)
        )

    def dump(self, table: list[tuple[bytes | int | None, ...]]) -> bytes:
        name = self.identifier + b"fanfiction_stories" + self.identifier
        columns = b" (" + b", ".join(b"`c%d`" % n for n in range(len(table[0]))) + b")" if self.lists_columns else b""
        out = [
            b"-- a dump; with 'quotes",
            b"# and (more",
            b"/*!40101 SET NAMES utf8 */;",
            b"LOCK TABLES " + name + b" WRITE;",
        ]
        for start in range(0, len(table), self.per_insert):
            written = (b"(" + b",".join(map(self.value, row)) + b")" for row in table[start : start + self.per_insert])
            out.append(self.verb + b" " + name + columns + b" VALUES " + (b"," + self.newline).join(written) + b";")
        return self.newline.join([*out, b"UNLOCK TABLES;", b"-- Dump completed", b""])


DIALECTS = {
    "mysqldump": Dialect(),
    "one row per insert": Dialect(per_insert=1, lists_columns=True),
    "eFiction's own backup": Dialect(quote=b'"', identifier=b"", newline=b"\r\n", per_insert=1),
    "ANSI": Dialect(identifier=b'"', doubles_quotes=True),
    "REPLACE": Dialect(verb=b"REPLACE LOW_PRIORITY INTO", per_insert=2),
    "hex": Dialect(hexes=True, lists_columns=True),
    "INSERT IGNORE": Dialect(verb=b"INSERT IGNORE INTO", newline=b"\r\n"),
}
VALUES = st.one_of(
    st.none(),
    st.integers(-(10**12), 10**12),
    st.binary(max_size=30),
    st.text("'\"\\;(),-#/*`\n\r\0 éN", max_size=30).map(lambda text: text.encode("cp1252")),
)


@pytest.mark.parametrize("dialect", DIALECTS.values(), ids=DIALECTS.keys())
@given(
    table=st.integers(1, 5).flatmap(lambda width: st.lists(st.tuples(*[VALUES] * width), min_size=1, max_size=6)),
    chunk=st.integers(1, 64),
)
@settings(max_examples=60, deadline=None)
def test_rows_come_back_as_they_were_written(dialect, table, chunk):
    expected = [tuple(str(v).encode() if isinstance(v, int) else v for v in row) for row in table]
    dump = dialect.dump(table)
    found = items(dump, chunk)
    assert [item.values for item in found if isinstance(item, Row)] == expected
    assert all(isinstance(item, Row) for item in found)
    written = [b"(" + b",".join(map(dialect.value, row)) + b")" for row in table]
    assert [dump[item.at : item.at + item.size] for item in found if isinstance(item, Row)] == written


@given(data=st.binary(max_size=300), chunk=st.integers(1, 50))
@settings(max_examples=200, deadline=None)
def test_no_bytes_whatever_make_it_fail(data, chunk):
    items(data, chunk)
    items(b"INSERT INTO fanfiction_stories VALUES (" + data, chunk)


def test_every_cut_is_told_with_its_place_and_keeps_the_rows_before_it():
    dump = DIALECTS["mysqldump"].dump([(1, b"Dra'cula"), (2, None), (3, b"Carmilla\\ (1872);")])
    dump = b"CREATE TABLE `fanfiction_stories` (`sid` int, `title` text);\n" + dump
    whole = rows(dump)
    last = dump.index(b"UNLOCK")
    for cut in range(1, last):
        found = items(dump[:cut], chunk=13)
        kept = [item.values for item in found if isinstance(item, Row)]
        assert kept == whole[: len(kept)]
        if isinstance(found[-1] if found else None, Stop):
            stop = found[-1]
            assert stop.line == dump[: stop.byte].count(b"\n") + 1
            assert stop.byte <= cut
        else:
            # A cut between two statements cannot be told from an end.
            assert not dump[:cut].rstrip().endswith((b")", b",")), dump[:cut]
    stop = items(dump[: dump.index(b"Carm") + 2])[-1]
    assert isinstance(stop, Stop)
    assert stop.table == TableName("fanfiction_stories")


def test_a_cut_row_is_counted_as_lost():
    found = items(b"INSERT INTO fanfiction_stories VALUES (1,'a'),(2,'b")
    assert [type(item) for item in found] == [Row, LostRow, Stop]


def test_columns_are_read_in_their_order_whatever_stands_around_them():
    sql = b"""CREATE TABLE IF NOT EXISTS hpff_fanfiction_chapters (
      -- the number, (of course)
      `chapid` int(11) NOT NULL auto_increment COMMENT 'a, b)', title varchar(250) default 'it''s, (odd)',
      "key" int, rating enum('a','b,)'), # last
      PRIMARY KEY  (chapid), KEY `sid` (`sid`,`validated`), UNIQUE KEY x (title(10)),
      CONSTRAINT y FOREIGN KEY (a) REFERENCES b (c)
    ) TYPE=MyISAM AUTO_INCREMENT=5 ;"""
    for chunk in (1, 7, 1000):
        assert items(sql, chunk) == [
            Definition(TableName("hpff_fanfiction_chapters"), ("chapid", "title", "key", "rating"))
        ]


def test_all_forms_of_values_are_read():
    sql = (
        rb"INSERT INTO t (a) VALUES (_binary 'x\0y', N'n', x'4142', 0x4, NULL, null, -1.5e3, "
        rb"""_utf8mb4"q""q", '', "", 'a\%b\_c\Zd', TRUE, 'it''s "so"', "it's ""so\" now");"""
    )
    values = [b"x\0y", b"n", b"AB", b"\x04", None, None, b"-1.5e3", b'q"q', b"", b"", b"a\\%b\\_c\x1ad", b"TRUE"]
    assert rows(sql) == [(*values, b'it\'s "so"', b'it\'s "so" now')]


def test_the_database_of_each_table_is_known():
    sql = b"USE `one`; INSERT INTO t VALUES (1); USE two; INSERT INTO t VALUES (2); INSERT INTO `three`.`t` VALUES (3);"
    assert [item.table.database for item in items(sql)] == ["one", "two", "three"]


def test_statements_of_other_kinds_are_skipped_with_their_strings():
    sql = b"""DELETE FROM x WHERE a = 'INSERT INTO t VALUES (9);'; UPDATE t SET a = "it's; INSERT INTO t VALUES (8);";
    /* INSERT INTO t VALUES (7); */ -- INSERT INTO t VALUES (6);
    INSERT INTO t VALUES (1) ON DUPLICATE KEY UPDATE a = '(2);'; INSERT INTO t VALUES (3)"""
    for chunk in (1, 5, 4096):
        assert rows(sql, chunk) == [(b"1",), (b"3",)]


def test_an_insert_of_another_form_is_told_as_lost():
    found = items(b"INSERT INTO t SELECT * FROM x; INSERT INTO t VALUES (1);")
    assert [type(item) for item in found] == [LostRow, Row]


def test_a_damaged_row_costs_no_row_beside_it():
    sql = b"INSERT INTO t VALUES (1,'a'),(2,'b'c),(3,'d');\nINSERT INTO t VALUES (4,'e');\n"
    for chunk in (1, 9, 4096):
        found = items(sql, chunk)
        assert [item.values[0] for item in found if isinstance(item, Row)] == [b"1", b"3", b"4"]
        assert [item.line for item in found if isinstance(item, LostRow)] == [1]
        assert [sql[item.at :][: item.size] for item in found if isinstance(item, LostRow)] == [b"(2,'b'c),"]


def test_two_dumps_joined_in_the_middle_of_a_text_cost_one_row():
    sql = b"INSERT INTO t VALUES (1,'a'),(2,'and then\nINSERT INTO t VALUES (3,'b');\nINSERT INTO t VALUES (4,'c');\n"
    assert [values[0] for values in rows(sql)] == [b"1", b"3", b"4"]


def test_a_row_too_large_is_let_go_of_and_the_next_is_read():
    sql = (
        b"INSERT INTO t VALUES (1,'" + b"x\\'" * 5000 + b"'),(2,'b'); INSERT INTO t VALUES (3,'" + b"y" * 9000 + b"');"
    )
    found = items(sql + b"INSERT INTO t VALUES (4);", chunk=100, largest_row=4000)
    assert [item.values[0] for item in found if isinstance(item, Row)] == [b"2", b"4"]
    assert [item.why for item in found if isinstance(item, LostRow)] == ["it is larger than 4,000 bytes"] * 2


def test_a_window_never_holds_much_more_than_the_largest_row():
    taken = 0

    def read(size: int) -> bytes:
        nonlocal taken
        assert size <= 1 << 16
        taken += size
        return b"x" * size if taken < 1 << 22 else b""

    start = io.BytesIO(b"INSERT INTO t VALUES ('")
    found = list(Dump(lambda size: start.read(size) or read(size), chunk=1 << 10, largest_row=1 << 14).items())
    assert [type(item) for item in found] == [LostRow, Stop]


def test_a_row_of_many_megabytes_is_read_whole():
    text = rb"it\'s ''late'' \\ \n" * 300_000
    sql = b"INSERT INTO t VALUES (1,NULL,0x41,_utf8'" + text + b"',\"q\"),(2,NULL,'','',''); INSERT INTO t VALUES (3);"
    found = rows(sql)
    assert found[0][3] == b"it's 'late' \\ \n" * 300_000
    assert [found[0][at] for at in (0, 1, 2, 4)] == [b"1", None, b"A", b"q"]
    assert [row[0] for row in found] == [b"1", b"2", b"3"]
    large = next(item for item in items(sql) if isinstance(item, Row))
    assert sql[large.at : large.at + large.size].startswith(b"(1,NULL,0x41")
    assert sql[large.at : large.at + large.size].endswith(b',"q")')


def test_a_row_of_many_megabytes_that_is_cut_off_is_told():
    found = items(b"INSERT INTO t VALUES (1,'" + b"word " * 1_200_000)
    assert [type(item) for item in found] == [LostRow, Stop]
