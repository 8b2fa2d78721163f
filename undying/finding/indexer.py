"""Keeps the index in step with the database, and makes it anew beside the one that answers.

Who has the right to write (the worker, for as long as it runs) brings in first what changed, then, a second at a time,
the rest of an index that is being made: so what is saved shows at once, whatever else goes on. How far that has come
stands in a file, and whoever writes next goes on from there.
"""

from __future__ import annotations

import contextlib
import json
import time
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from django.conf import settings

from undying.finding import engine
from undying.finding.backends import IndexGone, NotWritten
from undying.finding.document import fingerprint
from undying.finding.documents import documents_of
from undying.kernel import ledger
from undying.kernel.models import Pending
from undying.kernel.turns import Busy
from undying.library.models import Work

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from undying.finding.document import Document

CONSUMER = "search"
COUNTERS = "counters"
AT_A_TIME = 200
"""Works that are read and committed together, unless their text is long: enough to spare commits."""
CHARACTERS_AT_A_TIME = 5_000_000
KEPT_AT_A_TIME = 20_000
"""Works of an index that is being made between two commits: what a kill costs."""
MAKING_AT_A_TIME = 1.0
"""Seconds that making goes on before what changed meanwhile is brought in."""
COUNTERS_AT_A_TIME = 500
REST_FROM_COUNTING = 60.0
"""Seconds at least between two batches of works whose numbers alone changed: each is indexed anew for it."""
REST_FROM_TROUBLE = 30.0
SHARE_FOR_COUNTING = 0.1
"""Of its time, that the worker spends on them at most."""


@dataclass(frozen=True, slots=True)
class Making:
    """How far an index that is being made has come: works up to the one of number `after` are in it, `done` of `of`."""

    after: int = -1
    done: int = 0
    of: int = 0


class Indexer:
    """What is to be done by whoever has the right to write the index."""

    def __init__(self) -> None:
        self._making: Making | None = None
        self._unkept = 0
        self._count_next = 0.0

    def turn(self) -> bool:
        """What is due, and a second of making; whether there was anything to do."""
        self._mend()
        is_busy = self.drain() > 0
        self._count_now_and_then()
        if engine.is_begun():
            self.make(MAKING_AT_A_TIME)
            return True
        return is_busy

    def everything(self, tell: Callable[[Making], None] | None = None) -> int:
        """All that is to be done, however long it takes; how many works that took."""
        self._mend()
        done = self.drain()
        while marks := ledger.due(COUNTERS, COUNTERS_AT_A_TIME):
            done += self._put(COUNTERS, marks)
        while engine.is_begun():
            done += self.make(MAKING_AT_A_TIME)
            if tell is not None and self._making is not None:
                tell(self._making)
            done += self.drain()
        return done

    def begin(self) -> None:
        """Make an index anew, beside the one that answers."""
        engine.begin()
        self._making, self._unkept = Making(of=Work.objects.count()), 0
        _note(self._making)
        _wanted().unlink(missing_ok=True)

    def _mend(self) -> None:
        if _wanted().exists() or not (engine.is_begun() or engine.is_sound()):
            self.begin()

    def drain(self) -> int:
        """Bring in what changed."""
        done = 0
        while marks := ledger.due(CONSUMER, AT_A_TIME):
            done += self._put(CONSUMER, marks)
        return done

    def _put(self, consumer: str, marks: list[ledger.Mark]) -> int:
        """Of a work that stands there for two reasons, the second waits for the next turn."""
        waiting = {mark.object_id: mark for mark in marks}
        number = len(waiting)
        write = engine.recount if consumer == COUNTERS else engine.put
        for portion in _portions(documents_of(list(waiting))):
            write(portion)
            ledger.done(consumer, [waiting.pop(document.work_id) for document in portion])
        engine.drop(waiting)
        ledger.done(consumer, list(waiting.values()))
        return number

    def _count_now_and_then(self) -> None:
        """Bring in works of which only numbers changed, as many as leave time for the rest."""
        if (began := time.monotonic()) < self._count_next:
            return
        if marks := ledger.due(COUNTERS, COUNTERS_AT_A_TIME):
            self._put(COUNTERS, marks)
        took = time.monotonic() - began
        self._count_next = began + max(REST_FROM_COUNTING, took / SHARE_FOR_COUNTING)

    def make(self, seconds: float) -> int:
        """Go on with the index that was begun, for about so long; how many works that took."""
        making = self._making or _noted() or Making(of=Work.objects.count())
        before, until = making.done, time.monotonic() + seconds
        while True:
            works = Work.objects.filter(pk__gt=making.after).order_by("pk")
            numbers = list(works.values_list("pk", flat=True)[:AT_A_TIME])
            if not numbers:
                self._finish()
                break
            engine.fill(documents_of(numbers))
            done = making.done + len(numbers)
            self._making = making = Making(numbers[-1], done, max(making.of, done))
            self._unkept += len(numbers)
            if self._unkept >= KEPT_AT_A_TIME:
                self._keep(making)
            if time.monotonic() >= until:
                break
        return making.done - before

    def _keep(self, making: Making) -> None:
        engine.keep()
        _note(making)
        self._unkept = 0

    def _finish(self) -> None:
        engine.finish()
        self._making, self._unkept = None, 0
        _file().unlink(missing_ok=True)


class Worker:
    """The worker's hold on the index: the right to write it, from the first turn in which nobody else has it."""

    def __init__(self) -> None:
        self._held = contextlib.ExitStack()
        self._indexer: Indexer | None = None
        self._resting_until = 0.0

    def turn(self) -> bool:
        """See `Indexer.turn`; nothing while another process writes. Raises NotWritten, and then rests for a while."""
        if time.monotonic() < self._resting_until:
            return False
        if self._indexer is None:
            if not self._held.enter_context(engine.writing()):
                self._held.close()
                return False
            self._indexer = Indexer()
        try:
            return self._indexer.turn()
        except (NotWritten, IndexGone) as trouble:
            self._resting_until = time.monotonic() + REST_FROM_TROUBLE
            raise NotWritten(f"{trouble}. The next attempt is in {REST_FROM_TROUBLE:.0f} seconds.") from trouble

    def close(self) -> None:
        """Let others write."""
        self._indexer = None
        self._held.close()


def drain_if_free() -> int:
    """Bring the index up to date unless another process is at it; how many works that took.

    An index that is gone, damaged or old is made anew.
    """
    with engine.writing() as is_ours:
        return Indexer().everything() if is_ours else 0


def rebuild(tell: Callable[[Making], None] | None = None) -> int:
    """Make the index anew, or go on with that; how many works it took. Raises Busy while another process writes."""
    with engine.writing() as is_ours:
        if not is_ours:
            raise Busy("The index is being written by another process. Try again in a moment.")
        indexer = Indexer()
        if not engine.is_begun():
            indexer.begin()
        return indexer.everything(tell)


def ask_for_rebuild() -> None:
    """Whoever has the right to write is to make the index anew."""
    _wanted().touch()


def is_rebuilt() -> bool:
    """Whether all that was asked for is done."""
    return not (_wanted().exists() or engine.is_begun())


def making() -> Making | None:
    """How far an index that is being made had come when it was last kept, if there is one."""
    return _noted() if engine.is_begun() else None


def _wanted() -> Path:
    home: Path = settings.UNDYING.home
    return home / "index.wanted"


def _file() -> Path:
    home: Path = settings.UNDYING.home
    return home / "index.making"


def _note(making: Making) -> None:
    beside = _file().with_suffix(".new")
    beside.write_text(json.dumps(asdict(making)), encoding="ascii")
    beside.replace(_file())


def _noted() -> Making | None:
    try:
        return Making(**json.loads(_file().read_bytes()))
    except (OSError, ValueError, TypeError):
        return None


def _portions(documents: Iterable[Document]) -> Iterator[list[Document]]:
    """As many at a time as memory should hold."""
    portion: list[Document] = []
    size = 0
    for document in documents:
        portion.append(document)
        size += len(document.text)
        if size > CHARACTERS_AT_A_TIME:
            yield portion
            portion, size = [], 0
    if portion:
        yield portion


def check() -> list[str]:
    """Where index and database differ, in sentences; what is waiting in the ledger does not count."""
    try:
        indexed = engine.fingerprints()
    except IndexGone as gone:
        return [f"There is no search index, or it cannot be read: {gone}."]
    due = set(Pending.objects.filter(consumer__in=(CONSUMER, COUNTERS)).values_list("object_id", flat=True))
    missing = stale = 0
    for document in _all_documents():
        there = indexed.pop(document.work_id, None)
        if document.work_id not in due:
            missing += there is None
            stale += there is not None and there != fingerprint(document)
    troubles = []
    if left := indexed.keys() - due:
        troubles.append(f"The index has {len(left)} works that the database has not.")
    if missing:
        troubles.append(f"The index lacks {missing} works.")
    if stale:
        troubles.append(f"The index has an old state of {stale} works.")
    return troubles


def _all_documents() -> Iterator[Document]:
    after = -1
    while numbers := list(Work.objects.filter(pk__gt=after).order_by("pk").values_list("pk", flat=True)[:AT_A_TIME]):
        yield from documents_of(numbers)
        after = numbers[-1]
