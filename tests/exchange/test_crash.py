"""Killed, full, locked, at once: an import ends in the same state all the same, and taking it back leaves nothing."""

from __future__ import annotations

import errno
import fcntl
import os
import sqlite3
import zipfile
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import psycopg
import pytest
from django.db import OperationalError, connection
from django_tasks_db.models import DBTaskResult

from tests.makers import make_work
from tests.manuscripts import (
    make_manuscript,
    sample_cjk,
    sample_footnotes,
    sample_long,
    sample_one_chapter,
    sample_pictures,
    sample_rtl,
)
from undying.exchange import exports, imports, keeping, takers, tasks, undo
from undying.exchange.desk import at_the_desk
from undying.exchange.imports import Wish, bring_in
from undying.exchange.models import Batch, BatchState, Entry
from undying.exchange.takers import Library, open_batch
from undying.formats import Outcome, Unreadable
from undying.formats.efiction import EfictionReader
from undying.kernel import store
from undying.kernel.errors import StorageFull
from undying.kernel.models import Pending
from undying.kernel.turns import Busy, turn
from undying.library.models import Work
from undying.manuscript import Audience, Source, State
from undying.manuscript.codec import to_json
from undying.people.viewer import Viewer

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from undying.formats import Event

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("home")]

STORY = "# Night {number}\n\nThe *Demeter* lay on the sand, and nobody would go near her. {number}\n"


class Killed(BaseException):
    """What nobody can catch."""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Five stories and a picture."""
    place = tmp_path / "saved"
    place.mkdir()
    for number in range(1, 6):
        (place / f"night-{number}.md").write_text(STORY.format(number=number))
    (place / "cover.png").write_bytes(b"\x89PNG\r\n\x1a\n" + b"\0" * 64)
    return place


def dumped(tmp_path: Path, name: str = "dump.jsonl") -> str:
    exports.dump(tmp_path / name)
    return (tmp_path / name).read_text(encoding="utf-8")


def kept(home: Path) -> list[Path]:
    return [path for path in (home / "originals").rglob("*") if path.is_file()]


def raising(error: BaseException) -> Any:
    def fail(*_args: object, **_options: object) -> None:
        raise error

    return fail


# -- A full disk ------------------------------------------------------------------------------------------------------


def wrapped(error: Exception) -> OperationalError:
    """As Django raises what its database said."""
    raised = OperationalError(str(error))
    raised.__cause__ = error
    return raised


def test_every_way_to_say_that_the_disk_is_full_is_understood() -> None:
    assert store.is_full(OSError(errno.ENOSPC, "No space left on device"))
    assert store.is_full(OSError(errno.EDQUOT, "Disk quota exceeded"))
    assert store.is_full(StorageFull("here"))
    assert store.is_full(wrapped(psycopg.errors.DiskFull("could not extend file")))
    assert not store.is_full(OSError(errno.EIO, "Input/output error"))
    assert not store.is_full(wrapped(psycopg.errors.LockNotAvailable("full of locks")))
    small = sqlite3.connect(":memory:")
    small.execute("PRAGMA max_page_count = 2")
    with pytest.raises(sqlite3.OperationalError) as raised:
        small.execute("CREATE TABLE a (b)").execute("INSERT INTO a VALUES (zeroblob(100000))")
    assert store.is_full(wrapped(raised.value))


@pytest.mark.skipif(connection.vendor != "sqlite", reason="SQLite's own way to be full")
def test_a_database_without_room_stops_the_batch_and_it_goes_on_later(folder: Path, tmp_path: Path) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT freelist_count * page_size FROM pragma_freelist_count, pragma_page_size")
        free = cursor.fetchone()[0]  # what other tests left behind is room as well
        (folder / "night-3.md").write_text("# Night 3\n\n" + "A long night on the sand. " * (40_000 + free // 20))
        cursor.execute("PRAGMA page_count")
        cursor.execute(f"PRAGMA max_page_count = {cursor.fetchone()[0] + 50}")
        stopped = bring_in(Wish(paths=[folder]))
        assert (stopped.state, stopped.created) == (BatchState.STOPPED, 2)
        assert "disk is full" in stopped.reason
        cursor.execute("PRAGMA max_page_count = 1073741823")
    report = bring_in(Wish(paths=[folder]))
    assert (report.state, report.created, report.adds_up, report.reason) == (BatchState.DONE, 5, True, "")
    resumed = dumped(tmp_path)
    undo.undo(Batch.objects.get())
    bring_in(Wish(paths=[folder]))
    assert dumped(tmp_path) == resumed


@pytest.mark.parametrize(
    "error",
    [wrapped(psycopg.errors.DiskFull("could not extend file")), OSError(errno.ENOSPC, "No space left on device")],
)
def test_a_disk_that_is_full_in_a_transaction_stops_the_batch(
    folder: Path, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    monkeypatch.setattr(takers, "accession", raising(error))
    stopped = bring_in(Wish(paths=[folder]))
    assert (stopped.state, stopped.reason) == (BatchState.STOPPED, imports.FULL)
    assert Batch.objects.get().state == BatchState.STOPPED


def test_a_disk_too_full_to_note_it_still_says_so(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(takers, "accession", raising(OSError(errno.ENOSPC, "No space left on device")))
    monkeypatch.setattr("django.db.models.query.QuerySet.update", raising(OperationalError("database or disk is full")))
    assert bring_in(Wish(paths=[folder])).state == BatchState.STOPPED


def test_a_working_folder_without_room_stops_and_is_not_the_fault_of_the_dump(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def spooling(*_args: object) -> Iterator[Event]:
        error = OSError(errno.ENOSPC, "No space left on device")
        raise Unreadable("site.sql could not be put down in the working folder") from error
        yield

    monkeypatch.setattr(EfictionReader, "read", spooling)
    (tmp_path / "site.sql").write_text("CREATE TABLE `fanfiction_stories` (`sid` int);")
    stopped = bring_in(Wish(paths=[tmp_path / "site.sql"]))
    assert (stopped.state, stopped.reason) == (BatchState.STOPPED, imports.FULL)
    assert not Entry.objects.filter(outcome=Outcome.REFUSED).exists()


def test_a_zip_that_does_not_fit_is_told_before_a_batch_begins(
    folder: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with zipfile.ZipFile(folder / "more.zip", "w") as archive:
        archive.writestr("night-9.md", STORY.format(number=9))
    monkeypatch.setattr("undying.exchange.survey.ROOM_TO_SPARE", 1 << 60)
    with pytest.raises(StorageFull, match=r"more\.zip unpacks to"):
        bring_in(Wish(paths=[folder]))
    assert not Batch.objects.exists()
    assert not list((home / "scratch").iterdir())


def test_a_locked_database_stops_the_batch_in_plain_words(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(takers, "accession", raising(OperationalError("database is locked")))
    stopped = bring_in(Wish(paths=[folder]))
    assert (stopped.state, stopped.reason) == (BatchState.STOPPED, imports.LOCKED)


# -- At once ----------------------------------------------------------------------------------------------------------


def test_a_second_import_is_refused_while_one_is_under_way(folder: Path) -> None:
    report = bring_in(Wish(paths=[folder]))
    batch = Batch.objects.get(pk=report.batch)
    with turn("import", "held"):
        for attempt in (
            lambda: bring_in(Wish(paths=[folder])),
            lambda: bring_in(Wish(paths=[folder], dry_run=True)),
            lambda: undo.undo(batch),
            lambda: open_batch(batch),
        ):
            with pytest.raises(Busy, match="under way"):
                attempt()
    assert open_batch(batch) == 5


@pytest.mark.parametrize("task", [tasks.open_batch, tasks.undo_batch])
def test_the_worker_tries_again_when_an_import_is_under_way(folder: Path, task: Any) -> None:
    report = bring_in(Wish(paths=[folder]))
    with turn("import", "held"):
        task.func(report.batch)
    waiting = DBTaskResult.objects.get()
    assert waiting.args_kwargs["args"] == [report.batch]
    assert waiting.run_after is not None
    task.func(report.batch)
    assert Batch.objects.get().is_open == (task is tasks.open_batch)


# -- Killed -----------------------------------------------------------------------------------------------------------


def test_what_a_killed_writer_left_is_swept_and_what_is_being_written_stays(home: Path) -> None:
    store.keep(b"a story")
    parts = home / "originals" / ".part"
    (parts / "left").write_bytes(b"half")
    with (parts / "busy").open("wb") as writing:
        fcntl.flock(writing, fcntl.LOCK_EX)
        store.sweep()
        assert [path.name for path in parts.iterdir()] == ["busy"]


def test_what_a_killed_run_spooled_is_gone_after_the_next(folder: Path, home: Path) -> None:
    (home / "scratch" / "left").mkdir(parents=True)
    (home / "scratch" / "left" / "archive.sqlite").write_bytes(b"rows")
    bring_in(Wish(paths=[folder]))
    assert not list((home / "scratch").iterdir())


@pytest.mark.parametrize("finish", ["undo", "again, then undo"])
def test_bytes_that_a_killed_run_had_in_hand_go_with_its_batch(
    folder: Path, home: Path, monkeypatch: pytest.MonkeyPatch, finish: str
) -> None:
    taken: list[int] = []
    take = Library._take

    def dying(self: Library, *args: Any) -> None:
        taken.append(1)
        if len(taken) == 3:
            raise Killed
        take(self, *args)

    monkeypatch.setattr(Library, "_take", dying)
    with pytest.raises(Killed):
        bring_in(Wish(paths=[folder]))
    monkeypatch.undo()
    assert len(kept(home)) == 3, "two taken, and one in hand"
    if finish != "undo":
        assert bring_in(Wish(paths=[folder])).created == 5
    undo.undo(Batch.objects.get())
    assert not kept(home)
    assert not list((home / "promises").iterdir())


def test_an_undoing_that_is_killed_is_finished_by_the_next(
    folder: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bring_in(Wish(paths=[folder]))
    monkeypatch.setattr(store, "forget", raising(Killed()))
    with pytest.raises(Killed):
        undo.undo(Batch.objects.get())
    monkeypatch.undo()
    assert (Work.objects.exists(), len(kept(home))) == (False, 6)
    assert undo.undo(Batch.objects.get()) == 0
    assert not kept(home)
    assert not list((home / "promises").iterdir())


def test_an_undoing_that_is_killed_before_its_commit_changes_nothing(
    folder: Path, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bring_in(Wish(paths=[folder]))
    before = dumped(tmp_path)
    monkeypatch.setattr(Batch, "save", raising(Killed()))
    with pytest.raises(Killed):
        undo.undo(Batch.objects.get())
    monkeypatch.undo()
    assert list((home / "promises").iterdir())
    assert dumped(tmp_path) == before
    assert bring_in(Wish(paths=[folder])).created == 5
    assert not list((home / "promises").iterdir()), "whoever is at the desk next tidies up"
    assert undo.undo(Batch.objects.get()) == 5


# -- Taking back ------------------------------------------------------------------------------------------------------


def test_undo_restores_exactly_after_opening_twice_and_of_a_stopped_batch(
    folder: Path, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_work("Here before")
    before = dumped(tmp_path)
    first = bring_in(Wish(paths=[folder], open_at_once=True))
    told = dumped(tmp_path)
    batch = Batch.objects.get(pk=first.batch)
    assert (undo.undo(batch), undo.undo(batch)) == (5, 0)
    assert (dumped(tmp_path), kept(home)) == (before, [])
    again = bring_in(Wish(paths=[folder]))
    assert (again.batch, again.created, dumped(tmp_path)) == (first.batch, 5, told)
    assert Work.objects.visible_to(Viewer.anyone()).count() == 1, "what was taken back is not open when it comes again"
    undo.undo(Batch.objects.get())
    monkeypatch.setattr(Library, "finish", raising(OSError(errno.ENOSPC, "No space left on device")))
    assert bring_in(Wish(paths=[folder])).state == BatchState.STOPPED
    undo.undo(Batch.objects.get())
    assert (dumped(tmp_path), kept(home)) == (before, [])


def test_what_is_taken_back_is_due_for_the_index(folder: Path) -> None:
    bring_in(Wish(paths=[folder]))
    numbers = set(Work.objects.values_list("pk", flat=True))
    Pending.objects.all().delete()
    undo.undo(Batch.objects.get())
    assert set(Pending.objects.values_list("object_id", flat=True)) == numbers


def test_bytes_that_another_batch_needs_too_stay(folder: Path, tmp_path: Path) -> None:
    first = bring_in(Wish(paths=[folder]))
    (tmp_path / "copy.md").write_bytes((folder / "night-1.md").read_bytes())
    second = bring_in(Wish(paths=[tmp_path / "copy.md"]))
    undo.undo(Batch.objects.get(pk=first.batch))
    entry = Entry.objects.get(batch=second.batch)
    assert store.fetch(entry.original) == (tmp_path / "copy.md").read_bytes()
    keeping.forget_unneeded([entry.original])
    assert store.path_of(entry.original).exists()


# -- The dump ---------------------------------------------------------------------------------------------------------


SAMPLES = (sample_one_chapter, lambda: sample_long(12), sample_rtl, sample_cjk, sample_pictures, sample_footnotes)


def every_shape() -> list[str]:
    """A line of each of the sample stories, each with a source; a draft, a closed one, one without a source."""
    written = [
        replace(make(), source=Source(site="shapes.example", key=str(number))) for number, make in enumerate(SAMPLES)
    ]
    written.append(make_manuscript(title="A draft", state=State.DRAFT, source=Source(site="shapes.example", key="d")))
    written.append(
        make_manuscript(title="Closed", audience=Audience.MEMBERS, source=Source(site="shapes.example", key="m"))
    )
    written.append(make_manuscript(title="Written here", extras=(("Beta", "a friend"),)))
    return [to_json(each) for each in written]


def test_every_shape_of_story_goes_through_a_dump_and_back(tmp_path: Path) -> None:
    (tmp_path / "all.jsonl").write_text("".join(f"{line}\n" for line in every_shape()), encoding="utf-8")
    report = bring_in(Wish(paths=[tmp_path / "all.jsonl"]))
    assert (report.created, report.adds_up) == (len(every_shape()), True)
    first = dumped(tmp_path, "first.jsonl")
    assert sorted(first.splitlines()) == sorted(every_shape()), "an Undying's own word is taken as it stands"
    undo.undo(Batch.objects.get())
    make_work("Here before", author="somebody")
    lone = dumped(tmp_path, "lone.jsonl")
    bring_in(Wish(paths=[tmp_path / "first.jsonl"]))
    assert sorted(dumped(tmp_path, "both.jsonl").splitlines()) == sorted((first + lone).splitlines())


def test_a_dump_with_nowhere_to_go_is_one_sentence_and_a_failed_one_leaves_nothing(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(exports.NoSuchFolder, match="There is no folder"):
        exports.dump(tmp_path / "nowhere" / "dump.jsonl")
    bring_in(Wish(paths=[folder]))
    out = tmp_path / "out"
    out.mkdir()
    monkeypatch.setattr(os, "fsync", raising(OSError(errno.ENOSPC, "No space left on device")))
    with pytest.raises(StorageFull):
        exports.dump(out / "dump.jsonl")
    assert not list(out.iterdir())


def test_nobody_sits_at_the_desk_twice(home: Path) -> None:
    with at_the_desk() as scratch:
        assert scratch.parent == home / "scratch"
        with pytest.raises(Busy), at_the_desk():
            pass
    with at_the_desk():
        pass
