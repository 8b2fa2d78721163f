"""An archive's database, filled past the doors through which works come in one by one: rows as they end up there.

It is for SQLite alone, and for speed: nothing is checked, and nothing is noted as changed.
"""

from __future__ import annotations

import html
import sqlite3
from datetime import UTC, datetime
from itertools import islice
from typing import TYPE_CHECKING, Any

import numpy as np
from django.core.management import call_command
from django.db import connection

from bench.finding.catalogue import FANDOM, NO_TAG
from undying.finding.models import PersonWord
from undying.library.models import Chapter, Tag, Work
from undying.library.models.counters import Counters
from undying.library.models.tags import TagParent, TagReach, TagWord, WorkTag
from undying.library.models.works import Creatorship
from undying.library.names import beginnings, words_of
from undying.manuscript import State, TagKind
from undying.people.models import Pseud

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from django.db.models import Model

    from bench.finding.archive import Archive
    from undying.finding.document import Document

PORTION = 5000
PAGE_SIZE_KIB = 1_000_000


class Table:
    """Where rows of one model go; columns that are not named get their default."""

    def __init__(self, database: sqlite3.Connection, model: type[Model], columns: str) -> None:
        fields = {field.attname: field for field in model._meta.concrete_fields}
        named = columns.split()
        rest = {
            name: field.get_db_prep_save(field.get_default(), connection)
            for name, field in fields.items()
            if name not in named and not (field.primary_key and field.get_internal_type() == "BigAutoField")
        }
        told = [fields[name].column for name in (*named, *rest)]
        marks = ", ".join(["?"] * len(told))
        self.statement = f"INSERT INTO {model._meta.db_table} ({', '.join(told)}) VALUES ({marks})"
        self.rest = tuple(rest.values())
        self.database = database

    def add(self, rows: Iterable[tuple[Any, ...]]) -> None:
        """These rows."""
        self.database.executemany(self.statement, (row + self.rest for row in rows))


class Filling:
    """Fills the database of the data folder that the settings name."""

    def __init__(self, path: Path) -> None:
        call_command("migrate", verbosity=0, interactive=False)
        connection.close()
        self.database = sqlite3.connect(path, isolation_level=None)
        for pragma in ("synchronous = off", f"cache_size = -{PAGE_SIZE_KIB}", "foreign_keys = off"):
            self.database.execute(f"PRAGMA {pragma}")
        work = "id title summary language status published updated arrived revised words chapter_count state audience "
        shape = {
            Work: work + "is_hidden",
            Chapter: "id work_id position body words published updated state",
            Tag: "id kind name canonical_id",
            TagParent: "child_id parent_id",
            TagReach: "tag_id reached_id",
            TagWord: "tag_id word",
            WorkTag: "work_id tag_id position",
            Counters: "work_id hits kudos comments bookmarks",
            Pseud: "id name identity",
            PersonWord: "pseud_id word",
            Creatorship: "work_id pseud_id position",
        }
        self.tables = {model: Table(self.database, model, columns) for model, columns in shape.items()}
        self.tags: set[int] = set()
        self.pseuds: set[int] = set()

    def fill(self, archive: Archive, documents: Iterator[Document]) -> None:
        """All these works of the archive, and what stands above their tags."""
        while portion := list(islice(documents, PORTION)):
            self.database.execute("BEGIN")
            self._works(portion)
            self._tags(portion)
            self.database.execute("COMMIT")
        self.database.execute("BEGIN")
        self._above(archive)
        self.database.execute("COMMIT")
        self.database.close()

    def _works(self, portion: list[Document]) -> None:
        add = self.tables
        add[Work].add(map(_work, portion))
        add[Chapter].add(map(_chapter, portion))
        add[Counters].add((each.work_id, each.hits, each.kudos, each.comments, each.bookmarks) for each in portion)
        people = {each.creator_ids[0]: each.creators[0] for each in portion}
        fresh = {number: name for number, name in people.items() if number not in self.pseuds}
        self.pseuds |= fresh.keys()
        add[Pseud].add((number, name, name) for number, name in fresh.items())
        add[PersonWord].add((number, word) for number, name in fresh.items() for word in beginnings(name))
        add[Creatorship].add((each.work_id, each.creator_ids[0], 1) for each in portion)

    def _tags(self, portion: list[Document]) -> None:
        tags = {number: (kind, name) for each in portion for kind, number, name in each.tags}
        self._know({number: tag for number, tag in tags.items() if number not in self.tags})
        self.tables[WorkTag].add(
            (each.work_id, number, place) for each in portion for place, (_, number, _) in enumerate(each.tags)
        )

    def _know(self, tags: dict[int, tuple[TagKind, str]]) -> None:
        self.tags |= tags.keys()
        self.tables[Tag].add((number, kind.value, name, None) for number, (kind, name) in tags.items())
        self.tables[TagWord].add((number, word) for number, (_, name) in tags.items() for word in words_of(name))

    def _above(self, archive: Archive) -> None:
        """Parents, and all that is reached by them, of every tag that is in use."""
        catalogue = archive.catalogue
        places = np.concatenate((
            np.arange(catalogue.starts[FANDOM], catalogue.starts[FANDOM + 1]),
            np.arange(catalogue.starts[-2], catalogue.starts[-2] + min(3000, catalogue.known)),
        ))  # fmt: skip
        ids = catalogue.ids(places)
        used = np.isin(ids, np.fromiter(self.tags, dtype=np.int64, count=len(self.tags)))
        own, reached, is_first = ids[used], places[used], True
        while len(reached):
            reached = catalogue.above(reached)
            own, reached = own[reached != NO_TAG], reached[reached != NO_TAG]
            pairs = list(zip(own.tolist(), catalogue.ids(reached).tolist(), strict=True))
            wider = dict(zip(catalogue.ids(reached).tolist(), reached.tolist(), strict=True))
            named = {number: catalogue.tag(index, number) for number, index in wider.items()}
            self._know({number: (tag[0], tag[2]) for number, tag in named.items() if number not in self.tags})
            if is_first:
                self.tables[TagParent].add(pairs)
            self.tables[TagReach].add(pairs)
            is_first = False


def _time(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d %H:%M:%S")


def _work(each: Document) -> tuple[Any, ...]:
    published, revised = _time(each.published), _time(each.revised)
    return (
        each.work_id, each.title, f"<p>{html.escape(each.summary)}</p>", each.language, each.status, published,
        revised, published, revised, each.words, 1, each.state.value, each.audience.value, each.is_hidden,
    )  # fmt: skip


def _chapter(each: Document) -> tuple[Any, ...]:
    """The story as one chapter, with the work's own number."""
    body = "".join(f"<p>{html.escape(paragraph.strip())}</p>" for paragraph in each.text.split("\n"))
    published, revised = _time(each.published), _time(each.revised)
    return each.work_id, each.work_id, 1, body, each.words, published, revised, State.POSTED.value
