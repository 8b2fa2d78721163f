"""The process that reads for an import on another core: `python -m undying.exchange.reading PARENT`. See `pipeline`."""

from __future__ import annotations

import contextlib
import os
import pickle
import signal
import sys
import threading
import time
from typing import TYPE_CHECKING

from undying.exchange.pipeline import LENGTH, Failure, told
from undying.formats import Progress, Story

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from undying.exchange.pipeline import Task
    from undying.formats import Event

EVENTS_AT_A_TIME = 200


def main() -> None:
    """Read one task, and answer; until done, or until nobody is there to listen."""
    parent = int(sys.argv[1])
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # a Ctrl-C is meant for the import, which ends this process
    threading.Thread(target=_follow, args=(parent,), daemon=True).start()
    answer = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # what a library prints is no answer
    task: Task = pickle.load(sys.stdin.buffer)  # noqa: S301 - our own process wrote it
    with contextlib.suppress(BrokenPipeError):
        for portion in _portions(told(task)):
            data = pickle.dumps(portion, pickle.HIGHEST_PROTOCOL)
            answer.write(LENGTH.pack(len(data)) + data)
            answer.flush()
        answer.write(LENGTH.pack(0))
        answer.close()
    os._exit(0)  # nothing is left to tidy up: the import deletes what was spooled


def _portions(events: Iterable[Event | Failure]) -> Iterator[list[Event | Failure]]:
    """Small events many at a time; stories, and how far the reading is, at once."""
    portion: list[Event | Failure] = []
    for each in events:
        portion.append(each)
        if isinstance(each, Story | Progress) or len(portion) >= EVENTS_AT_A_TIME:
            yield portion
            portion = []
    if portion:
        yield portion


def _follow(parent: int) -> None:
    """End when the import is gone, even if that was killed while nothing was being written."""
    while os.getppid() == parent:
        time.sleep(0.5)
    os._exit(1)


if __name__ == "__main__":
    main()
