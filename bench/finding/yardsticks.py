"""The same questions put to databases as one would write them there: what the search engine has to be better than.

SQLite has a join table of tags and an FTS5 table; PostgreSQL arrays of tags and a text vector, each under a GIN index.
Both get the same documents, with the words already as tokens, and find the same works: totals are compared.
"""

from __future__ import annotations

import contextlib
import dataclasses
import json
import pickle
import sqlite3
import sys
import time
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from bench.finding.archive import Archive
from bench.finding.sql import Sql
from undying.finding.document import FACETS_SHOWN
from undying.finding.question import FIELDS, Sort
from undying.manuscript import Audience, State, TagKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from bench.finding.mix import Asked
    from undying.finding.document import Document
    from undying.finding.question import Question

KINDS = list(TagKind)
BORDER = "¶"
PORTION = 5000
LONGEST = 20.0
"""Seconds that an answer may take."""
COLUMNS = ("words", "chapters", "kudos", "comments", "bookmarks", "hits", "published", "revised")
ORDERS = {
    Sort.REVISED: "revised", Sort.PUBLISHED: "published", Sort.WORDS: "words", Sort.KUDOS: "kudos",
    Sort.HITS: "hits", Sort.BOOKMARKS: "bookmarks", Sort.COMMENTS: "comments", Sort.TITLE: "title",
}  # fmt: skip


class TooSlow(Exception):
    """The time limit passed."""


@dataclass
class Found:
    """An answer."""

    total: int
    ids: list[int]
    facets: dict[str, list[tuple[int, int]]] = field(default_factory=dict)


class Yardstick(Protocol):
    """A database that answers."""

    name: str

    def build(self, documents: Iterable[Document]) -> None:
        """Take all of these in."""

    def ask(self, question: Question, limit: float) -> Found:
        """The answer, or TooSlow after so many seconds."""

    def cpu(self) -> float:
        """Seconds of CPU that it has used."""

    def size(self) -> int:
        """Bytes."""


def _seen(document: Document) -> int:
    """Whether a guest may read it."""
    return int(document.state is State.POSTED and document.audience is Audience.EVERYONE and not document.is_hidden)


def _texts(document: Document) -> list[str]:
    """The tokens of each field; a mark that nobody asks for keeps phrases from reaching into the next text."""
    fields = document.fields()
    return [f" {BORDER} ".join(" ".join(text) for text in fields[name]) for name in FIELDS]


def _row(document: Document) -> tuple[Any, ...]:
    numbers = [getattr(document, column) for column in COLUMNS]
    title = document.sort_name(Sort.TITLE)
    return (document.work_id, _seen(document), document.status, document.language, title, *numbers)


def _by_kind(rows: Iterable[tuple[int | str, Any, int]]) -> dict[str, list[tuple[int, int]]]:
    found: dict[str, list[tuple[int, int]]] = {}
    for kind, tag, count in rows:
        found.setdefault(KINDS[kind].value if isinstance(kind, int) else kind, []).append((tag, count))
    return found


class Sqlite:
    """Join tables, and FTS5 without a copy of the texts."""

    name = "SQLite"
    SCHEMA = f"""
        CREATE TABLE work (id INTEGER PRIMARY KEY, seen INT, status TEXT, language TEXT, title TEXT,
                           {", ".join(f"{column} INT" for column in COLUMNS)});
        CREATE TABLE reach (work INT, kind INT, tag INT, own INT);
        CREATE VIRTUAL TABLE words USING fts5({", ".join(FIELDS)}, stems, content='', tokenize="ascii tokenchars ':'");
        CREATE TEMP TABLE hit (id INTEGER PRIMARY KEY);
    """
    INDEXES = (
        "CREATE INDEX reach_by_tag ON reach (tag, work, own)",
        "CREATE INDEX reach_by_work ON reach (work, kind, tag)",
        *(f"CREATE INDEX work_by_{column} ON work ({column}, id)" for column in (*COLUMNS, "title")),
        "ANALYZE",
    )

    def __init__(self, folder: Path) -> None:
        self.path = folder / "yardstick.sqlite3"
        self.database = sqlite3.connect(self.path, isolation_level=None)
        for pragma in ("journal_mode = off", "synchronous = off", "cache_size = -500000", "temp_store = memory"):
            self.database.execute(f"PRAGMA {pragma}")
        self.database.executescript(self.SCHEMA)

    def build(self, documents: Iterable[Document]) -> None:
        """See the protocol."""
        marks = ", ".join("?" * (5 + len(COLUMNS)))
        self.database.execute("BEGIN")
        for document in documents:
            stems = " ".join(sorted({stem for name in FIELDS for stem in document.stems(name)}))
            self.database.execute(f"INSERT INTO work VALUES ({marks})", _row(document))
            own = {number for _, number, _ in document.tags}
            rows = [
                (document.work_id, KINDS.index(kind), number, number in own)
                for kind, numbers in document.reach().items()
                for number in numbers
            ]
            self.database.executemany("INSERT INTO reach VALUES (?, ?, ?, ?)", rows)
            self.database.execute(
                f"INSERT INTO words (rowid, {', '.join(FIELDS)}, stems) VALUES (?, ?, ?, ?, ?, ?, ?)",
                (document.work_id, *_texts(document), stems),
            )
        self.database.execute("COMMIT")
        for statement in self.INDEXES:
            self.database.execute(statement)

    def ask(self, question: Question, limit: float) -> Found:
        """See the protocol."""
        end = time.monotonic() + limit
        self.database.set_progress_handler(lambda: time.monotonic() > end, 10_000)
        try:
            return self._ask(question)
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_INTERRUPT:
                raise
            raise TooSlow from error
        finally:
            self.database.set_progress_handler(None, 0)

    def _ask(self, question: Question) -> Found:
        run = self.database.execute
        sql = Sql("sqlite")
        where = sql.where(question.node)
        run("DELETE FROM hit")
        run(f"INSERT INTO hit SELECT id FROM work WHERE seen AND {where}", sql.values)
        total = run("SELECT count(*) FROM hit").fetchone()[0]
        counted = """SELECT kind, tag, found FROM (SELECT kind, tag, count(*) AS found, row_number() OVER
            (PARTITION BY kind ORDER BY count(*) DESC, tag) AS place
            FROM hit JOIN reach ON work = id GROUP BY kind, tag) WHERE place <= ? ORDER BY kind, place"""
        facets = _by_kind(run(counted, [FACETS_SHOWN]))
        tongues = "SELECT language, count(*) FROM hit JOIN work USING (id) GROUP BY 1 ORDER BY 2 DESC"
        run(tongues).fetchall()
        return Found(total, self._page(question, sql), facets)

    def _page(self, question: Question, sql: Sql) -> list[int]:
        if question.sort is Sort.BEST:
            order, joined = "bm25(words, 8, 5, 2, 3, 1, 1), id DESC", "JOIN words ON words.rowid = id AND words MATCH ?"
        else:
            order, joined = _order(question), "JOIN work USING (id)"
        page = f"SELECT id FROM hit {joined} ORDER BY {order} LIMIT ? OFFSET ?"
        values = [*([sql.match()] if question.sort is Sort.BEST else []), question.size, _offset(question)]
        return [number for (number,) in self.database.execute(page, values)]

    def cpu(self) -> float:
        """See the protocol: that of this process, which it is a part of."""
        return time.process_time()

    def size(self) -> int:
        """See the protocol."""
        return self.path.stat().st_size


def _order(question: Question) -> str:
    down = "" if question.ascending else " DESC"
    natural = "" if question.ascending != question.sort.ascends else " DESC"
    return f"{ORDERS[question.sort]}{down}, id{natural}"


def _offset(question: Question) -> int:
    return (question.page - 1) * question.size


class Postgres:
    """Arrays of tags and a text vector under GIN. It is the server that DATABASE_URL names."""

    name = "PostgreSQL"
    SCHEMA = f"""
        DROP TABLE IF EXISTS bench_work, bench_tag;
        CREATE TABLE bench_tag (id bigint PRIMARY KEY, kind int);
        CREATE TABLE bench_work (id bigint PRIMARY KEY, seen bool, status text, language text, title text COLLATE "C",
            {", ".join(f"{column} bigint" for column in COLUMNS)}, own bigint[], reach bigint[], vector tsvector,
            stems tsvector)
    """
    INDEXES = (
        "CREATE INDEX ON bench_work USING gin (reach)",
        "CREATE INDEX ON bench_work USING gin (vector)",
        "CREATE INDEX ON bench_work USING gin (stems)",
        *(f"CREATE INDEX ON bench_work ({column}, id)" for column in (*COLUMNS, "title")),
        "ANALYZE bench_work",
        "ANALYZE bench_tag",
    )
    # The work's own, in one process so that its CPU can be told, and with memory for sorting.
    SETTINGS = (
        "SET max_parallel_workers_per_gather = 0",
        "SET max_parallel_maintenance_workers = 0",
        "SET work_mem = '256MB'",
        "SET maintenance_work_mem = '512MB'",
        "SET jit = off",
    )

    def __init__(self, address: str) -> None:
        import psycopg  # noqa: PLC0415 - who has no PostgreSQL needs none

        self.slow = psycopg.errors.QueryCanceled
        self.database = psycopg.connect(address, autocommit=True)
        for statement in (*self.SETTINGS, *self.SCHEMA.split(";")):
            self.database.execute(statement)

    def build(self, documents: Iterable[Document]) -> None:
        """See the protocol. Text vectors are made in a second step, from tokens with their places."""
        kinds: dict[int, int] = {}
        with self.database.cursor() as cursor, cursor.copy("COPY bench_work FROM STDIN") as copy:
            for document in documents:
                reach = document.reach()
                kinds |= {number: KINDS.index(kind) for kind, numbers in reach.items() for number in numbers}
                own = [number for _, number, _ in document.tags]
                every = [number for numbers in reach.values() for number in numbers]
                row = _row(document)
                stems = {stem for name in FIELDS for stem in document.stems(name)}
                vector = _vector(_texts(document))
                copy.write_row((row[0], bool(row[1]), *row[2:], own, every, vector, " ".join(map(_quoted, stems))))
        with self.database.cursor() as cursor, cursor.copy("COPY bench_tag FROM STDIN") as copy:
            for number, kind in kinds.items():
                copy.write_row((number, kind))
        for statement in self.INDEXES:
            self.database.execute(statement)

    def ask(self, question: Question, limit: float) -> Found:
        """See the protocol."""
        self.database.execute(f"SET statement_timeout = {int(limit * 1000)}")
        try:
            return self._ask(question)
        except self.slow as error:
            raise TooSlow from error

    def _ask(self, question: Question) -> Found:
        sql = Sql("postgres")
        where = sql.where(question.node)
        values = list(sql.values)
        if question.sort is Sort.BEST:
            order, more = f"ts_rank(vector, {sql.query()}) DESC, id DESC", sql.match_values()
        else:
            order, more = _order(question), []
        statement = f"""
            WITH hit AS MATERIALIZED (SELECT * FROM bench_work WHERE seen AND {where}),
            page AS (SELECT id, row_number() OVER () AS place FROM
                (SELECT id FROM hit ORDER BY {order} LIMIT {question.size} OFFSET {_offset(question)}) AS sorted),
            counted AS (SELECT tag, count(*) AS found FROM hit, unnest(reach) AS tag GROUP BY tag),
            placed AS (SELECT kind, tag, found, row_number() OVER (PARTITION BY kind ORDER BY found DESC, tag) AS place
                FROM counted JOIN bench_tag ON bench_tag.id = tag)
            SELECT -2, count(*), 0, 0 FROM hit
            UNION ALL SELECT -1, id, 0, place FROM page
            UNION ALL SELECT kind, tag, found, place FROM placed WHERE place <= {FACETS_SHOWN}
            UNION ALL SELECT -3, count(*), 0, 0 FROM hit GROUP BY language
        """
        rows = sorted(self.database.execute(statement, [*values, *more]).fetchall(), key=lambda row: (row[0], row[3]))
        total = next(row[1] for row in rows if row[0] == -2)
        page = [row[1] for row in rows if row[0] == -1]
        return Found(total, page, _by_kind((kind, tag, count) for kind, tag, count, _ in rows if kind >= 0))

    def cpu(self) -> float:
        """See the protocol: that of the server's process for this connection, where it runs on this machine."""
        process = self.database.info.backend_pid
        with contextlib.suppress(OSError):
            return int(Path(f"/proc/{process}/schedstat").read_text().split()[0]) / 1e9
        return float("nan")

    def size(self) -> int:
        """See the protocol."""
        row = self.database.execute(
            "SELECT pg_total_relation_size('bench_work') + pg_total_relation_size('bench_tag')"
        ).fetchone()
        return int(row[0]) if row else 0


def _quoted(token: str) -> str:
    return "'" + token.replace("\\", "\\\\").replace("'", "''") + "'"


def _vector(texts: Sequence[str]) -> str:
    """Tokens with their places, as PostgreSQL writes a text vector; another field begins at a distance."""
    places: dict[str, list[str]] = {}
    at = 0
    for text, weight in zip(texts, "ABCBD", strict=True):
        for token in text.split():
            at += 1
            if token != BORDER and at < 16_383 and len(found := places.setdefault(token, [])) < 255:
                found.append(f"{at}{weight}")
        at += 1
    return " ".join(f"{_quoted(token)}:{','.join(found)}" for token, found in places.items())


def timed(yardstick: Yardstick, question: Question, limit: float) -> tuple[float, float, Found | None]:
    """CPU and wall milliseconds of an answer; None when it took too long."""
    wall, cpu = time.perf_counter(), yardstick.cpu()
    found: Found | None = None
    with contextlib.suppress(TooSlow):
        found = yardstick.ask(question, limit)
    return (yardstick.cpu() - cpu) * 1000, (time.perf_counter() - wall) * 1000, found


def measure(yardstick: Yardstick, archive: Archive, asked: Sequence[Asked], limit: float) -> dict[str, Any]:
    """What taking the archive in costs, and each of the questions."""
    began, used, own = time.perf_counter(), yardstick.cpu(), time.process_time()
    making = _Making(archive.documents())
    yardstick.build(making)
    build = {"wall": time.perf_counter() - began - making.wall, "cpu": yardstick.cpu() - used}
    if isinstance(yardstick, Sqlite):
        build["cpu"] = time.process_time() - own - making.cpu
    answers = []
    for each in asked:
        cpu, wall, found = timed(yardstick, each.question, limit)
        answers.append({"cpu": cpu, "wall": wall, "found": dataclasses.asdict(found) if found else None})
    return {"name": yardstick.name, "build": build, "size": yardstick.size(), "answers": answers}


class _Making:
    """Documents, and what making them up has cost, their tokens included."""

    def __init__(self, documents: Iterator[Document]) -> None:
        self.documents = documents
        self.wall = self.cpu = 0.0

    def __iter__(self) -> Iterator[Document]:
        while True:
            wall, cpu = time.perf_counter(), time.thread_time()
            portion = list(islice(self.documents, PORTION))
            self.wall, self.cpu = self.wall + time.perf_counter() - wall, self.cpu + time.thread_time() - cpu
            if not portion:
                return
            yield from portion


def main() -> None:
    """WORKS SEED QUESTIONS FOLDER ADDRESS: both, or without PostgreSQL's address SQLite; what was measured as JSON."""
    works, seed, questions, folder, address = sys.argv[1:]
    asked = pickle.loads(Path(questions).read_bytes())
    archive = Archive(int(works), int(seed))
    yardsticks: list[Yardstick] = [Sqlite(Path(folder)), *([Postgres(address)] if address else [])]
    print(json.dumps([measure(each, archive, asked, LONGEST) for each in yardsticks]))


if __name__ == "__main__":
    main()
