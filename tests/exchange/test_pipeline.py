"""Reading in a process of its own tells the same, and whichever of the two is killed, nothing is left running."""

from __future__ import annotations

import contextlib
import errno
import os
import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest

from bench.rescue.archive import SIZES, Archive
from undying.exchange import exports, imports, pipeline, undo
from undying.exchange.imports import Wish, bring_in
from undying.exchange.models import Batch, BatchState
from undying.exchange.pipeline import CutOff, Task, events
from undying.exchange.readiness import ready
from undying.formats import Progress, Request, Story, Unreadable
from undying.formats.efiction import EfictionReader
from undying.kernel.errors import StorageFull
from undying.manuscript.measure import words

if TYPE_CHECKING:
    from pathlib import Path

SMALL, LARGE = 0, pipeline.WORTH_A_PROCESS
TWO_INSTALLS = "CREATE TABLE `a_fanfiction_stories` (`sid` int);\nCREATE TABLE `b_fanfiction_stories` (`sid` int);\n"


@pytest.fixture(autouse=True)
def _two_cores(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda _process: {0, 1})


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("rescue") / "archive"
    Archive(folder, SIZES["tiny"], 1897).write()
    return folder


def task(path: Path, scratch: Path) -> Task:
    scratch.mkdir()
    request = Request(scratch=scratch, root=path.parent, files=(path,))
    return Task(reader="efiction", path=path, request=request, as_told=False)


def children() -> set[int]:
    return {int(each) for each in subprocess.run(
        ["pgrep", "-P", str(os.getpid()), "-f", "undying.exchange.reading"], capture_output=True, text=True, check=False
    ).stdout.split()}  # fmt: skip


def is_there(process: int) -> bool:
    with contextlib.suppress(ProcessLookupError):
        os.kill(process, 0)
        return True
    return False


def test_another_process_tells_the_same_events(archive: Path, tmp_path: Path) -> None:
    here = list(events(task(archive / "dump.sql", tmp_path / "here"), size=SMALL))
    there = list(events(task(archive / "dump.sql", tmp_path / "there"), size=LARGE))
    assert here == there
    assert sum(isinstance(each, Story) for each in there) > 50
    assert not children()


def test_stories_come_ready_and_counted_from_either(archive: Path, tmp_path: Path) -> None:
    for name, size in (("here", SMALL), ("there", LARGE)):
        told = events(task(archive / "dump.sql", tmp_path / name), size=size)
        stories = [each for each in told if isinstance(each, Story)]
        assert all(each.is_ready and ready(each, as_told=False) is each.manuscript for each in stories)
        bodies = [chapter.body for each in stories for chapter in each.manuscript.chapters]
        assert all(body.counted is not None and body.counted == words(type(body)(body)) for body in bodies)


@pytest.mark.parametrize("size", [SMALL, LARGE])
def test_what_cannot_be_read_is_one_sentence_from_either(tmp_path: Path, size: int) -> None:
    (tmp_path / "two.sql").write_text(TWO_INSTALLS)
    with pytest.raises(Unreadable, match=r"two\.sql holds 2 archives .* choose one with --install"):
        list(events(task(tmp_path / "two.sql", tmp_path / "scratch"), size=size))
    with pytest.raises(Unreadable, match="could not be read to its end"):
        list(events(task(tmp_path / "gone.sql", tmp_path / "again"), size=size))


@pytest.mark.parametrize(
    ("error", "raised"),
    [
        (OSError(errno.ENOSPC, "No space left on device"), StorageFull),
        (ZeroDivisionError("by nought"), Unreadable),
    ],
)
def test_a_reader_that_fails_ends_its_file_and_a_full_disk_the_import(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: Exception, raised: type[Exception]
) -> None:
    def failing(*_args: object) -> object:
        raise error

    monkeypatch.setattr(EfictionReader, "read", failing)
    with pytest.raises(raised):
        list(events(task(tmp_path / "any.sql", tmp_path / "scratch"), size=SMALL))


def test_an_import_that_is_interrupted_leaves_no_process(archive: Path, tmp_path: Path) -> None:
    told = events(task(archive / "dump.sql", tmp_path / "scratch"), size=LARGE)
    next(told)
    (child,) = children()
    told.close()
    assert not is_there(child)


def test_a_reader_that_is_killed_is_told_in_one_sentence(archive: Path, tmp_path: Path) -> None:
    told = events(task(archive / "dump.sql", tmp_path / "scratch"), size=LARGE)
    next(told)
    (child,) = children()
    os.kill(child, signal.SIGKILL)
    with pytest.raises(CutOff, match="Run the same command again"):
        list(told)


ALONE = """
import sys, pathlib, time
from undying.exchange.pipeline import Task, events
from undying.formats import Request
path, scratch = map(pathlib.Path, sys.argv[1:])
told = events(Task(reader="efiction", path=path, request=Request(scratch=scratch, root=path.parent), as_told=False),
              size=10**12)
next(told)
print("reading", flush=True)
time.sleep(60)
"""


def test_the_reader_ends_when_the_import_is_killed(archive: Path, tmp_path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", ALONE, str(archive / "dump.sql"), str(tmp_path)], stdout=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"reading\n"
        found = subprocess.run(["pgrep", "-P", str(process.pid)], capture_output=True, text=True, check=True).stdout
        child = int(found)
        process.kill()
    end = time.monotonic() + 20
    while is_there(child) and time.monotonic() < end:
        time.sleep(0.05)
    assert not is_there(child)


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("home")
def test_a_batch_whose_reader_is_killed_stops_and_goes_on_to_the_same_end(
    archive: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pipeline, "WORTH_A_PROCESS", 0)
    whole = bring_in(Wish(paths=[archive]))
    exports.dump(tmp_path / "whole.jsonl")
    undo.undo(Batch.objects.get())

    def kill(progress: Progress) -> None:
        for child in children():
            os.kill(child, signal.SIGKILL)

    stopped = bring_in(Wish(paths=[archive]), tick=kill)
    assert (stopped.state, "process that read the files was stopped" in stopped.reason) == (BatchState.STOPPED, True)
    with pytest.raises(CutOff):
        bring_in(Wish(paths=[archive], dry_run=True), tick=kill)
    again = bring_in(Wish(paths=[archive]))
    assert (again.state, again.created, again.adds_up) == (BatchState.DONE, whole.created, True)
    exports.dump(tmp_path / "again.jsonl")
    assert (tmp_path / "again.jsonl").read_bytes() == (tmp_path / "whole.jsonl").read_bytes()
    assert imports.FULL not in again.reason
