"""Dumps made to hurt, or hurt themselves: bounded memory, bounded time, one clear line, and the rest is read."""

from __future__ import annotations

import gzip
import io
import random
import time
import tracemalloc
from typing import TYPE_CHECKING

import pytest
import sqlglot
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlglot import exp

from tests.formats.dump_styles import STYLES, Sql, Table
from tests.formats.efiction_archive import Archive, read, small
from undying.formats import Unreadable
from undying.formats.efiction.tokenizer import Definition, Dump, Item, LostRow, Row, Stop
from undying.formats.efiction.xml_dump import XmlDump

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

MB = 1024 * 1024
STORY = b"INSERT INTO fanfiction_x VALUES (1,'They rode on.');\n"


def stream(parts: Iterable[bytes]) -> Callable[[int], bytes]:
    """A file that is never anywhere as a whole."""
    waiting, rest = iter(parts), b""

    def read(size: int) -> bytes:
        nonlocal rest
        while not rest:
            try:
                rest = next(waiting)
            except StopIteration:
                return b""
        data, rest = rest[:size], rest[size:]
        return data

    return read


def heard(parts: Iterable[bytes], most: int, kind: type[Dump | XmlDump] = Dump, **asked: int) -> list[Item]:
    """What is told of it, without more memory than `most`, kept values left out of account."""
    tracemalloc.start()
    try:
        found = list(kind(stream(parts), **asked).items())
        assert tracemalloc.get_traced_memory()[1] < most
    finally:
        tracemalloc.stop()
    return found


def repeated(part: bytes, times: int) -> Iterator[bytes]:
    yield from (part for _ in range(times))


def test_a_literal_of_two_gigabytes_costs_one_row_and_no_memory():
    start = time.monotonic()
    parts = [STORY, b"INSERT INTO t VALUES (2,'", *[b"x" * MB] * 2048, b"'),(3,'c');\n", STORY]
    found = heard(parts, 80 * MB, largest_row=8 * MB)
    assert [item.values[0] for item in found if isinstance(item, Row)] == [b"1", b"3", b"1"]
    (lost,) = [item for item in found if isinstance(item, LostRow)]
    assert lost.size > 2048 * MB
    assert time.monotonic() - start < 60


@pytest.mark.parametrize(
    ("opening", "filling"),
    [
        (b"INSERT INTO t VALUES (", b"1," * 65536),
        (b"INSERT INTO t VALUES ", b"(" * 65536),
        (b"INSERT INTO t VALUES (1,'", b"\\'" * 65536),
        (b"INSERT INTO t VALUES (1,'", b"''" * 65536),
        (b"INSERT INTO t VALUES (1,\"a'", b"'b" * 65536),
        (b"INSERT INTO t VALUES (1", b"),('x'y" * 9000),
        (b"INSERT INTO t VALUES (1", b"),(0x" * 9000),
        (b"INSERT INTO t VALUES (1", b"),(\"',('\\" * 9000),
        (b"", b"/*" * 65536),
        (b"", b"/* /* */" * 9000),
        (b"INSERT INTO t VALUES ", b"/*a*/" * 9000),
        (b"", b"-- " * 65536),
        (b"", b"`" * 65537),
        (b"CREATE TABLE t (", b"a int, " * 20000),
        (b"CREATE TABLE t (", b"(" * 65536),
        (b"CREATE TABLE t (a enum('", b"a','" * 20000),
        (b"INSERT INTO t (", b"`a`," * 20000),
        (b"", b"INSERT INTO " * 9000),
        (b"", b"CREATE TABLE " * 9000),
        (b"", b"\0" * 65536),
        (b"", b"\xff\xfe\xfd'" * 9000),
        (b"DELIMITER $$\nCREATE PROCEDURE p() BEGIN ", b"SELECT 'a;b' INTO @c; " * 4000),
    ],
)
def test_nothing_without_end_takes_memory_or_time(opening, filling):
    start = time.monotonic()
    found = heard([STORY, opening, *repeated(filling, 3)], 150 * MB, largest_row=4 * MB)
    assert found[0].values == (b"1", b"They rode on.")
    assert time.monotonic() - start < 30


@pytest.mark.parametrize(
    ("opening", "filling"),
    [
        (b'<mysqldump><table_data name="t"><row>', b'<field name="a">x</field>' * 4000),
        (b'<mysqldump><table_data name="t"><row><field name="a">', b"&amp;" * 20000),
        (b"<mysqldump>", b"<!-- " * 20000),
        (b"<mysqldump>", b"<row>" * 20000),
        (b'<mysqldump><table_data name="t">', b'<row a="' * 9000),
        (b'<mysqldump><table_structure name="t">', b'<field Field="a" />' * 9000),
    ],
)
def test_nothing_without_end_in_xml_takes_memory_or_time(opening, filling):
    start = time.monotonic()
    found = heard([opening, *repeated(filling, 3)], 150 * MB, XmlDump, largest_row=4 * MB)
    assert isinstance(found[-1], Stop)
    assert time.monotonic() - start < 30


def test_xml_that_declares_entities_is_not_read_on(tmp_path):
    bomb = (
        b'<?xml version="1.0"?>\n<mysqldump>\n<!-- fanfiction_ --><!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>'
    )
    (stop,) = XmlDump(
        io.BytesIO(bomb + b'<table_data name="fanfiction_x"><row><field name="a">&b;</field></row>').read
    ).items()
    assert isinstance(stop, Stop)
    assert "document type" in stop.why


def test_a_row_with_more_values_than_a_table_can_have_columns_is_lost_alone():
    sql = b"INSERT INTO t VALUES (1)," + b"(" + b"2," * 500_000 + b"2),(3);"
    found = heard([sql], 60 * MB)
    assert [type(item) for item in found] == [Row, LostRow, Row]


def test_a_table_with_a_hundred_thousand_columns_is_not_believed():
    sql = b"CREATE TABLE t (" + b",".join(b"c%d int" % n for n in range(100_000)) + b");" + STORY
    found = heard([sql], 60 * MB)
    assert not any(isinstance(item, Definition) for item in found)
    assert [item.values[0] for item in found if isinstance(item, Row)] == [b"1"]


@pytest.mark.parametrize("what", ["tables", "archives"])
def test_more_tables_than_any_database_has_are_refused(tmp_path: Path, what: str):
    name = "t%d" if what == "tables" else "t%d_fanfiction_stories"
    dump = "".join(f"INSERT INTO {name % n} VALUES (1);\n" for n in range(25_000 if what == "tables" else 200))
    if what == "archives":
        dump = dump.replace(" VALUES (1)", " (sid) VALUES (1)")
    path = tmp_path / "many.sql"
    path.write_text(dump)
    with pytest.raises(Unreadable, match=f"more than [0-9,]+ {what}"):
        read(path, tmp_path)


def test_a_packed_dump_that_grows_without_end_is_read_no_further(tmp_path):
    path = tmp_path / "bomb.sql.gz"
    with gzip.open(path, "wb", 9) as file:
        file.write(small().story(1).dump())
        for _ in range(400):
            file.write(b" " * MB)
    told = read(path, tmp_path)
    assert list(told.stories) == ["1"]
    assert any("as traps do" in text for text in told.grave)


def test_markup_paths_and_code_in_every_field_do_no_harm(tmp_path):
    evil = "<script>alert(1)</script><img src=x onerror=alert(2)>../../etc/passwd\0<?php system('id'); ?>"
    archive = Archive()
    archive.add("authors", uid=2, penname=evil, email=evil)
    archive.add("categories", catid=1, parentcatid=-1, category=evil)
    archive.add("ratings", rid=1, rating=evil, ratingwarning="0")
    archive.add("characters", charid=1, catid=-1, charname=evil)
    archive.add(
        "settings", sitekey="x", sitename=evil, url=f"javascript:{evil}", storiespath="../../../../etc", ratings=1
    )
    archive.story(1, evil, title=evil, summary=evil, charid="1,../../etc", catid="1", storynotes=evil)
    archive.add("reviews", reviewid=1, item=1, chapid=0, reviewer=evil, uid=0, review=evil, type="ST", date=evil)
    told = read(archive.write(tmp_path), tmp_path)
    prose = [told.story.summary, told.story.notes_before, told.story.chapters[0].body, told.story.reviews[0].body]
    assert not [text for text in prose if "<script" in text or "onerror" in text or "<?" in text or "\0" in text]
    assert "javascript:" not in told.story.source.url


@pytest.mark.parametrize("filling", [" ", "\n", "<!--", "a-", "<"])
def test_fields_filled_with_one_thing_take_no_time(filling, tmp_path):
    text = filling * (200_000 // len(filling))
    archive = Archive().add("authors", uid=2, penname=text, email=text).story(1, title=text, summary=text)
    archive.add("reviews", reviewid=1, item=1, chapid=0, reviewer=text, uid=0, review=f"Good.{text}!", type="ST")
    begin = time.process_time()
    assert len(read(archive.write(tmp_path), tmp_path).stories) == 1
    assert time.process_time() - begin < 20


def test_kinds_without_end_are_told_in_short(tmp_path):
    archive = small().story(1).add("favorites", uid=2, item=1, type="X" * 90_000)
    archive.add("reviews", reviewid=1, item=1, chapid=0, reviewer="Lucy", uid=0, review="Good.", type="Y" * 90_000)
    told = read(archive.write(tmp_path), tmp_path)
    assert max(len(fate.detail) for fate in told.fates) < 200


def test_numbers_that_are_paths_are_refused_and_nothing_is_read_outside(tmp_path):
    (tmp_path / "secret.txt").write_text("secret")
    dump = small().story(1).dump().replace(b"(10, 'One'", b"('../../secret', 'One'")
    path = tmp_path / "in" / "dump.sql"
    path.parent.mkdir()
    path.write_bytes(dump)
    told = read(path, tmp_path)
    assert told.stories == {}
    assert told.fate("fanfiction_chapters", "row 1") == ("refused", "its chapid is not a number")


def test_a_table_defined_twice_is_read_by_the_definition_above_each_row(tmp_path):
    sql = small().story(1).dump().decode()
    turned = "CREATE TABLE `fanfiction_authors` (`penname` text, `uid` text);\n"
    turned += "INSERT INTO fanfiction_authors VALUES ('Van', 9);\n"
    path = tmp_path / "twice.sql"
    turned += "INSERT INTO fanfiction_stories (sid, uid, title) VALUES (2, 9, 'Two');\n"
    turned += "INSERT INTO fanfiction_chapters (chapid, sid, uid, storytext) VALUES (77, 2, 9, 'On.');\n"
    path.write_text(sql + turned)
    told = read(path, tmp_path)
    assert [story.credits[0].name for story in told.stories.values()] == ["Mina", "Van"]


@pytest.mark.parametrize("style", ["mysqldump", "phpMyAdmin", "eFiction's own backup", "XML", "gzip", "UTF-16"])
def test_random_cuts_and_flips_never_raise_and_every_row_before_the_first_is_told(style, tmp_path):
    rows = tuple((n, b'it\'s "so"\\\n<b>' * 3, None) for n in range(40))
    whole = STYLES[style]([Table("fanfiction_x", ("a", "b", "c"), rows)])
    chance = random.Random(1897)
    kind = XmlDump if style == "XML" else Dump
    good = [item.values for item in kind(io.BytesIO(whole).read).items() if isinstance(item, Row)]
    for _ in range(150):
        data = bytearray(whole[: chance.randrange(1, len(whole))])
        first = len(data)
        for _flip in range(chance.randrange(4)):
            at = chance.randrange(len(data))
            first, data[at] = min(first, at), chance.randrange(256)
        found = list(kind(io.BytesIO(bytes(data)).read, chunk=chance.choice([7, 100, 1 << 20])).items())
        before = [item.values for item in found if isinstance(item, Row) and item.at + item.size < first]
        assert before == good[: len(before)]
        for stop in found[:-1]:
            assert not isinstance(stop, Stop)


TEXTS = st.one_of(st.none(), st.integers(0, 10**9), st.text("abc'\"\\;(),-#/*`\n é💔", max_size=12).map(str.encode))


@given(rows=st.lists(st.tuples(TEXTS, TEXTS, TEXTS), min_size=1, max_size=6))
@settings(max_examples=60, deadline=None)
def test_another_parser_of_sql_reads_the_same_rows(rows):
    sql = Sql(head=b"", tail=b"", creates=False, per_insert=3)([Table("t", ("a", "b", "c"), tuple(rows))])
    ours = [item.values for item in Dump(io.BytesIO(sql).read).items() if isinstance(item, Row)]
    theirs = []
    for statement in sqlglot.parse(sql.decode(), read="mysql"):
        if statement is not None:
            theirs += [tuple(map(_value, row.expressions)) for row in statement.find(exp.Values).expressions]
    assert ours == theirs


def _value(node: exp.Expression) -> bytes | None:
    return None if isinstance(node, exp.Null) else str(node.this).encode()
