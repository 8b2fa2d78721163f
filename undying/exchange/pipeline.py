"""From a reader to whoever takes its events: in this process, or, where there is much to read, in one beside it.

Reading is half the work of an import, so a second process does it on another core. It is told what to read through its
standard input and answers through a pipe, which holds a megabyte: it never gets further ahead than that. It opens no
database. When either process dies the other ends: the reader when its pipe has no other end or its parent is gone,
the import with `CutOff`. See docs/decisions/0018.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import pickle
import struct
import subprocess
import sys
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, NamedTuple

from undying.exchange.readiness import made_ready
from undying.formats import Story, Unreadable
from undying.formats.registry import readers
from undying.kernel import store
from undying.kernel.errors import Refused, StorageFull

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from undying.formats import Event, Reader, Request

WORTH_A_PROCESS = 8_000_000
"""Bytes: what is read in about two seconds, when starting a process takes half of one."""
PIPE = 1 << 20
LENGTH = struct.Struct(">Q")
"""Before each portion of the answer stands its length; zero is the end."""


class CutOff(Refused):
    """The process that read was killed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """One file to read, with everything that reading it takes."""

    reader: str
    path: Path
    request: Request
    as_told: bool


class Failure(NamedTuple):
    """Why the reading ended early: a sentence, or nothing when the disk is full."""

    reason: str


def events(task: Task, *, size: int) -> Iterator[Event]:
    """What the reader tells, each story made ready to be taken in. `size` is how many bytes there are to read.

    Whatever goes wrong in the reader is Unreadable, but for a full disk, which is StorageFull. Raises CutOff.
    """
    stream = _from_another(task) if size >= WORTH_A_PROCESS and len(os.sched_getaffinity(0)) > 1 else told(task)
    for each in stream:
        if not isinstance(each, Failure):
            yield each
        elif each.reason:
            raise Unreadable(each.reason)
        else:
            raise StorageFull(str(task.request.scratch))


def told(task: Task) -> Iterator[Event | Failure]:
    """The events of the task, read here; a failure is the last. Never raises."""
    reader = next(each for each in readers() if each.name == task.reader)
    try:
        for event in reader.read(task.path, task.request):
            yield made_ready(event, as_told=task.as_told) if isinstance(event, Story) else event
    except Exception as error:  # noqa: BLE001 - a reader is fed anything, and must not end the import
        yield Failure("" if store.is_full(error) else _reason(error, reader))


def _reason(error: Exception, reader: Reader) -> str:
    if isinstance(error, Unreadable):
        return str(error)
    if isinstance(error, OSError):
        return f"it cannot be read ({error.strerror or error})"
    kind = type(error).__name__
    return f"the reader of {reader.name} files failed on it ({kind}: {error!s:.200}); please report this as a bug"


# -- The import's side ------------------------------------------------------------------------------------------------


def _from_another(task: Task) -> Iterator[Event | Failure]:
    # -P: what lies in the folder that the command was called in is no module of ours.
    words = [sys.executable, "-P", "-m", "undying.exchange.reading", str(os.getpid())]
    with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:  # noqa: S603 - our own command
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            with contextlib.suppress(OSError):  # a smaller pipe than was asked for is a pipe
                fcntl.fcntl(process.stdout, fcntl.F_SETPIPE_SZ, PIPE)
            with contextlib.suppress(BrokenPipeError):  # it was killed already: said below
                pickle.dump(task, process.stdin)
                process.stdin.close()
            yield from _received(process.stdout)
        finally:
            process.kill()


def _received(pipe: IO[bytes]) -> Iterator[Event | Failure]:
    while len(head := pipe.read(LENGTH.size)) == LENGTH.size:
        (length,) = LENGTH.unpack(head)
        if length == 0:
            return
        data = pipe.read(length)
        if len(data) < length:
            break
        yield from pickle.loads(data)  # noqa: S301 - our own process wrote it
    raise CutOff("The process that read the files was stopped. Run the same command again; it goes on from there.")
