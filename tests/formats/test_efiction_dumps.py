"""One database dumped in any way gives equal archives: by every writer of dumps at hand, ours and MariaDB's own."""

from __future__ import annotations

import io
import random
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.formats import mariadb
from tests.formats.dump_styles import PHPMYADMIN_XML, STYLES, Sql, Table
from tests.formats.efiction_archive import MODERN, Heard, read
from undying.formats import Count, Fate, Kept, Progress, Remark, Story
from undying.formats.efiction import READER
from undying.formats.efiction.dumpfile import DumpFile
from undying.formats.efiction.schema import ENTITIES
from undying.formats.efiction.tokenizer import Dump, LostRow, Row, Stop
from undying.formats.efiction.xml_dump import LOOKS_LIKE_XML_DUMP, XmlDump

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.formats.mariadb import MariaDb
    from undying.formats.efiction.tokenizer import Item

NASTY = "'\"\\;(),-#/*`\n\r\t<>&[]_%N0 é’💔\x1a"
BYTES = st.one_of(
    st.binary(max_size=20),
    st.text(NASTY, max_size=20).map(lambda text: text.encode()),
    st.text(NASTY[:-3], max_size=20).map(lambda text: text.encode("cp1252")),
)
VALUES = st.one_of(st.none(), st.integers(-(10**9), 10**9), BYTES)
TABLES = st.lists(
    st.integers(1, 4).flatmap(lambda width: st.lists(st.tuples(*[VALUES] * width), min_size=1, max_size=5)),
    min_size=1,
    max_size=3,
).map(
    lambda tables: [
        Table(f"x{n}_fanfiction_t", tuple(f"c{c}" for c in range(len(rows[0]))), tuple(rows))
        for n, rows in enumerate(tables)
    ]
)


def items(path: Path) -> list[Item]:
    file = DumpFile(path)
    try:
        return list((XmlDump if LOOKS_LIKE_XML_DUMP.match(file.head) else Dump)(file.read_text, chunk=50).items())
    finally:
        file.close()


def stored(value: int | bytes | None) -> bytes | None:
    return str(value).encode() if isinstance(value, int) else value


@pytest.mark.parametrize("style", STYLES)
@given(tables=TABLES)
@settings(max_examples=25, deadline=None)
def test_rows_come_back_from_every_style_as_they_were_and_their_bytes_are_found(style, tables, tmp_path_factory):
    if style == "UTF-16":
        tables = [replace(table, rows=tuple(tuple(map(_as_text, row)) for row in table.rows)) for table in tables]
    path = tmp_path_factory.mktemp("dump") / "dump"
    path.write_bytes(STYLES[style](tables))
    found = [item for item in items(path) if not isinstance(item, (LostRow, Stop))]
    rows = [item for item in found if isinstance(item, Row)]
    assert len(items(path)) == len(found)
    expected = [(table.name, tuple(map(stored, row))) for table in tables for row in table.rows]
    if style == "eFiction's own backup":
        expected = [(name, tuple(value or b"" for value in row)) for name, row in expected]
    assert [(row.table.name, row.values) for row in rows] == expected
    for row in rows[:3]:
        assert next(READER.excerpt(io.BytesIO(path.read_bytes()), (row.at, row.size)))[:1] in {b"(", b"<"}


def _as_text(value: int | bytes | None) -> int | bytes | None:
    return value.decode("utf-8", "replace").encode() if isinstance(value, bytes) else value


# --- Whole archives ---------------------------------------------------------------------------------------------------

WORDS = (
    "the count rose from his coffin and said “welcome” naïve café déjà vu — it’s a door; (open) 'quoted' \"twice\" "
    "back\\slash 100% a_b <b>bold</b> &amp; <br /> line\nbreak return\r\nend tab\there -- no # comment /* at all */ "
    "NULL 0x41 O'Brien `tick` [x] über straße garçon señor"
)
NUMBERS = (
    "uid sid chapid seriesid subseriesid catid parentcatid charid class_id class_type classtype_id rid reviewid item "
    "chalid inorder wordcount rating reviews count challenger numitems displayorder locked admincreated "
    "validated level contact ageconsent alertson newreviews newrespond stories nid cid message_id log_id log_uid "
    "field field_id field_type field_on completed respond"
)
BESIDE = ("news", "comments", "messages", "authorinfo", "authorfields", "authorprefs", "log")
COLUMNS = MODERN | {name: " ".join(ENTITIES[name].orders[0]) for name in ("series", "settings", *BESIDE)}
"""In eFiction's own order, for dumps that name no columns."""
WIDE = ("💔", "Ведьма", "月光", "łódź")


class Random:
    """A random archive whose rows point to each other."""

    def __init__(self, seed: int, *, wide: bool) -> None:
        self._random = random.Random(seed)
        self._words = [*WORDS.split(" "), *(WIDE * 2 if wide else ())]

    def text(self, most: int = 30) -> bytes:
        return " ".join(self._random.choices(self._words, k=self._random.randint(2, most))).encode()

    def tables(self) -> list[Table]:
        """Every table of the baseline, with every column."""
        pick = self._random.randint
        stories = range(1, 7)
        made = {
            "settings": [{"sitekey": b"x", "sitename": self.text(3), "url": b"http://old.example", "ratings": 1,
                          "version": b"3.5.3"}],
            "authors": [{"uid": uid, "penname": b"%s %d" % (self.text(2).split()[0], uid)} for uid in range(1, 6)],
            "categories": [{"catid": n, "parentcatid": -1, "category": self.text(3)} for n in (1, 2)],
            "characters": [{"charid": n, "catid": -1, "charname": self.text(2)} for n in (1, 2, 3)],
            "classtypes": [{"classtype_id": 1, "classtype_name": b"genre", "classtype_title": b"Genres"}],
            "classes": [{"class_id": n, "class_type": 1, "class_name": self.text(2)} for n in (1, 2)],
            "ratings": [{"rid": 1, "rating": b"PG-13", "ratingwarning": 0, "warningtext": self.text()}],
            "series": [{"seriesid": 1, "title": self.text(3), "summary": self.text(), "uid": 2}],
            "inseries": [{"seriesid": 1, "sid": sid, "confirmed": 1, "inorder": sid} for sid in (1, 2)],
            "coauthors": [{"sid": sid, "uid": 4} for sid in (1, 3)],
            "challenges": [{"chalid": 1, "title": self.text(3), "summary": self.text()}],
            "favorites": [{"uid": 3, "item": sid, "type": b"ST", "comments": self.text()} for sid in stories],
            "news": [{"nid": n, "author": self.text(2), "title": self.text(4), "story": self.text()} for n in (1, 2)],
            "comments": [{"cid": n, "nid": 1, "uid": n, "comment": self.text()} for n in (1, 2)],
            "messages": [{"message_id": 1, "message_name": b"rules", "message_text": self.text()}],
            "authorfields": [{"field_id": 1, "field_type": 6, "field_name": b"lj", "field_title": b"LJ"}],
            "authorinfo": [{"uid": uid, "field": 1, "info": self.text(3)} for uid in (1, 2)],
            "authorprefs": [{"uid": uid, "level": uid - 1} for uid in (1, 2)],
            "log": [{"log_id": 1, "log_action": self.text(), "log_ip": b"\0\x7f\xff\xfe\1'", "log_type": b"DL"}],
            "stories": [
                {"sid": sid, "title": self.text(4), "summary": self.text(), "uid": pick(1, 5), "rid": b"1",
                 "catid": b"1,2", "charid": b"%d" % pick(1, 3), "classes": b"1", "validated": pick(0, 2),
                 "completed": pick(0, 1), "storynotes": self._random.choice([None, self.text()])}
                for sid in stories
            ],
            "chapters": [
                {"chapid": n, "sid": 1 + n % 6, "inorder": n, "uid": 2, "validated": 1, "title": self.text(3),
                 "storytext": self.text(80), "notes": self._random.choice([None, self.text()])}
                for n in range(1, 19)
            ],
            "reviews": [
                {"reviewid": n, "item": 1 + n % 7, "chapid": pick(0, 18), "reviewer": self.text(2), "uid": pick(0, 4),
                 "review": self.text(), "rating": pick(-1, 10), "respond": 0, "type": b"ST"}
                for n in range(1, 25)
            ],
        }  # fmt: skip
        return [self._table(name, rows) for name, rows in made.items()]

    def _table(self, name: str, rows: list[dict[str, int | bytes | None]]) -> Table:
        columns = tuple(COLUMNS[name].split())
        filled = tuple(tuple(row.get(each, self._filling(name, each)) for each in columns) for row in rows)
        return Table(f"fanfiction_{name}", columns, filled)

    def _filling(self, table: str, column: str) -> int | bytes | None:
        if column in {"date", "updated", "time"}:
            return b"2004-05-%02d 10:11:12" % self._random.randint(1, 28)
        if _is_number(f"fanfiction_{table}", column):
            return 0
        return self._random.choice([b"0", b"", None]) if column in {"rr", "featured", "image", "bio"} else b""


def told(heard: Heard) -> tuple[list[object], Counter[object]]:
    """All that the reader said, but for its remarks and for where in the file things stand."""
    in_order: list[object] = []
    for event in heard.events:
        if isinstance(event, (Story, Kept)):
            in_order.append(replace(event, fates=tuple(replace(fate, span=None) for fate in event.fates)))
        elif not isinstance(event, (Fate, Count, Remark, Progress)):
            in_order.append(event)
    fates = Counter(replace(event, span=None) for event in heard.events if isinstance(event, Fate))
    return in_order, fates


@pytest.mark.parametrize("seed", range(3))
def test_an_archive_is_the_same_whatever_wrote_its_dump(seed, tmp_path):
    tables = Random(seed, wide=True).tables()
    expected = None
    for style, write in (*STYLES.items(), ("phpMyAdmin's XML", PHPMYADMIN_XML)):
        path = tmp_path / f"{style}.sql".replace("'", "")
        path.write_bytes(write(tables))
        assert READER.claims(path, path.read_bytes()[:65536]), style
        heard = told(read(path, tmp_path))
        expected = expected or heard
        assert len(expected[0]) >= 6
        assert heard == expected, style


# --- MariaDB's own dumps ----------------------------------------------------------------------------------------------

MARIADB = {
    "as it comes": (),
    "one row per insert": ("--skip-extended-insert",),
    "complete inserts": ("--complete-insert", "--skip-comments"),
    "ANSI": ("--compatible=ansi", "--default-character-set=utf8mb4"),
    "data only": ("--no-create-info", "--complete-insert"),
    "data only without columns": ("--no-create-info",),
    "plain": ("--skip-opt",),
    "no quotes around names": ("--skip-quote-names", "--skip-opt"),
    "hex": ("--hex-blob",),
    "XML": ("--xml",),
    "XML with hex": ("--xml", "--hex-blob"),
    "REPLACE": ("--replace", "--skip-add-drop-table"),
    "INSERT IGNORE": ("--insert-ignore", "--tz-utc", "--order-by-primary"),
    "delayed": ("--delayed-insert", "--skip-disable-keys", "--skip-add-locks"),
    "with the database": ("--databases",),
    "latin1": ("--default-character-set=latin1",),
    "latin1 XML": ("--default-character-set=latin1", "--xml"),
}
_BLOBS = frozenset(("storytext", "summary", "bio", "log_ip"))


@pytest.fixture(scope="module")
def server() -> Iterator[MariaDb]:
    if not mariadb.IS_THERE:
        pytest.skip("MariaDB is not installed: tools/need mariadb")
    yield from mariadb.running()


def loadable(tables: list[Table]) -> bytes:
    """The database with real types, so that MariaDB writes numbers, dates, texts and blobs each in its way."""
    created = []
    for table in tables:
        columns = (f"`{name}` {_type(table.name, name)}" for name in table.columns)
        created.append(f"CREATE TABLE `{table.name}` ({', '.join(columns)}) ENGINE=MyISAM DEFAULT CHARSET=utf8mb4;")
    return "\n".join(created).encode() + b"\n" + Sql(creates=False, head=b"", tail=b"")(tables)


def _is_number(table: str, column: str) -> bool:
    if table == "fanfiction_stories" and column in {"rid", "catid", "charid", "rating"}:
        return False
    return column in NUMBERS.split() and (table, column) != ("fanfiction_ratings", "rating")


def _type(table: str, column: str) -> str:
    if column in {"date", "updated", "time"}:
        return "datetime"
    if _is_number(table, column):
        return "int"
    return "mediumblob" if column in _BLOBS else "text"


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(2))
@pytest.mark.parametrize("wide", [True, False], ids=["all of Unicode", "Western letters"])
def test_an_archive_is_the_same_however_mariadb_dumps_it(server, seed, wide, tmp_path):
    tables = Random(seed, wide=wide).tables()
    server.run(loadable(tables))
    written = {name: server.dump(*options) for name, options in MARIADB.items() if not (wide and "latin1" in name)}
    questions = "".join(f"SELECT * FROM `{table.name}`;\n" for table in tables)
    written["XML of the client"] = server.query("--xml", "--default-character-set=utf8mb4", sql=questions)
    expected = None
    for name, data in written.items():
        path = tmp_path / f"{name}.sql"
        path.write_bytes(data)
        heard = told(read(path, tmp_path))
        expected = expected or heard
        assert len(expected[0]) >= 6
        assert heard == expected, name


def test_the_same_archive_is_read_from_our_writing_and_from_mariadb_s(server, tmp_path):
    tables = Random(7, wide=True).tables()
    server.run(loadable(tables))
    ours, theirs = tmp_path / "ours.sql", tmp_path / "theirs.sql"
    ours.write_bytes(STYLES["phpMyAdmin"](sorted(tables, key=lambda table: table.name)))
    theirs.write_bytes(server.dump())
    assert _rows(ours) == _rows(theirs)


def _rows(path: Path) -> list[tuple[str, tuple[bytes | None, ...]]]:
    return [
        (row.table.name, row.values) for row in Dump(io.BytesIO(path.read_bytes()).read).items() if isinstance(row, Row)
    ]
