"""Bringing stories in: survey, read, take in, account for every row and file.

A batch is named by its bytes, so the same command goes on with the batch it was cut off from, and changes nothing once
that is done. A story, its reviews and its entries are written in one transaction; the bytes are on disk before it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from django.db import InterfaceError, OperationalError

from undying.exchange.desk import at_the_desk
from undying.exchange.models import Batch, BatchState
from undying.exchange.naming import sentence, shown
from undying.exchange.survey import Found, PassedOver, Survey, head_of, survey
from undying.exchange.takers import Library, Rehearsal, Taker, open_works_of
from undying.formats import Count, Fate, Outcome, Progress, Remark, Request, Story, Unreadable
from undying.formats.onefile import is_not_a_story
from undying.formats.registry import reader_for
from undying.kernel import store
from undying.kernel.clock import now
from undying.kernel.errors import StorageFull

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from undying.exchange.report import Report
    from undying.formats import Event, Reader

EFICTION = "efiction"
OWN_DUMP = "undying-dump"
FULL = "The disk is full. Free some space and run the same command again; it goes on where it stopped."
LOCKED = "Another program kept the database for too long. Run the same command again; it goes on where it stopped."
_CHAPTER_FILE = re.compile(r"\d{1,18}\.(?:txt|html?)", re.IGNORECASE)
ORPHAN = (
    "by its name a chapter of an eFiction archive, and the dump that was brought in with it did not take it; rename it "
    "to bring it in as a story of its own"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What the archivist asked for: the paths and the options of `undying import`."""

    paths: Sequence[Path]
    site: str = ""
    stories: Path | None = None
    install: str = ""
    open_at_once: bool = False
    dry_run: bool = False


def bring_in(wish: Wish, *, tick: Callable[[Progress], None] = lambda _: None) -> Report:
    """Read everything under the paths into the archive and account for it.

    Returns the report; with `dry_run`, the report of what would happen, and nothing is written. Raises Unreadable when
    a path does not exist, Busy while another import is under way, StorageFull when there is not even room to begin.
    What fails later stops the batch cleanly (state "stopped"); the same call goes on with it.
    """
    with at_the_desk() as scratch:
        found = survey(wish.paths, scratch, wish.stories)
        if wish.dry_run:
            rehearsal = Rehearsal(_label(wish))
            _read_all(found, wish, rehearsal, scratch, tick)
            return rehearsal.report()
        batch = _batch(found, wish)
        library = Library(batch)
        if batch.state != BatchState.DONE:
            _fill(batch, library, lambda: _read_all(found, wish, library, scratch, tick))
        if wish.open_at_once and batch.state == BatchState.DONE:
            open_works_of(batch)
        return library.report()


def _label(wish: Wish) -> str:
    return shown(", ".join(path.name or str(path) for path in (each.resolve() for each in wish.paths)))


def _batch(found: Survey, wish: Wish) -> Batch:
    stories = "" if wish.stories is None else wish.stories.name
    digest = found.digest(wish.site, stories, wish.install)
    batch, _ = Batch.objects.get_or_create(digest=digest, defaults={"label": _label(wish)})
    return batch


def _fill(batch: Batch, library: Library, read: Callable[[], None]) -> None:
    """Read into the batch; whatever happens, its state says how it stands."""
    try:
        if batch.state == BatchState.UNDONE:
            batch.started = now()
        batch.state, batch.reason, batch.finished = BatchState.RUNNING, "", None
        batch.save()
        read()
        library.finish()
    except (StorageFull, OperationalError, InterfaceError, OSError) as error:
        library.stop(_why_stopped(error))


def _why_stopped(error: Exception) -> str:
    if store.is_full(error):
        return FULL
    if "locked" in str(error):
        return LOCKED
    what = sentence(" ".join(str(error).split()))
    return f"{what.rstrip('.')}. When that is mended, run the same command again; it goes on where it stopped."


def _read_all(found: Survey, wish: Wish, taker: Taker, scratch: Path, tick: Callable[[Progress], None]) -> None:
    """Dumps first: they say which of the other files are theirs."""
    reading = _Reading(found, wish, taker, scratch, tick)
    reading.read_dumps()
    for place, each in enumerate(found.files):
        if each.path not in reading.claimed:
            reading.read(each)
        tick(Progress(done=place + 1, total=len(found.files), unit="files"))
    for passed in found.passed_over:
        reading.pass_over(passed)
    reading.count_folders()


class _Reading:
    """One pass over the files, with what was learnt on the way."""

    def __init__(
        self, found: Survey, wish: Wish, taker: Taker, scratch: Path, tick: Callable[[Progress], None]
    ) -> None:
        self.survey = found
        self.wish = wish
        self.taker = taker
        self.scratch = scratch
        self.tick = tick
        self.places = {each.path: each for each in (*found.files, *found.stories)}
        self.claimed: set[Path] = set()
        self.counted: set[str] = set()
        self.moved: set[str] = set()
        self.dumps: list[Found] = []
        self.tables_of = ""
        self.stories = 0

    def read_dumps(self) -> None:
        """Every eFiction dump there is. Where there are several, the tables bear the dump's name."""
        self.dumps = [each for each in self.survey.files if self._is_dump(each)]
        for each in self.dumps:
            self.tables_of = f"{each.container.removeprefix('./')}{each.key}: " if len(self.dumps) > 1 else ""
            self.read(each)
        self.tables_of = ""

    def _is_dump(self, found: Found) -> bool:
        try:
            reader = reader_for(found.path, head_of(found.path))
        except OSError:  # said when it is read
            return False
        return reader is not None and reader.name == EFICTION

    def read(self, found: Found) -> None:
        """One file: every event to where it belongs, and the file's own fate if its reader told none."""
        stories = self.stories
        name = "nothing"
        try:
            reader = self._reader(found)
            if reader is not None:
                name = reader.name
                for event in self._events(reader, found):
                    self._deal_with(event, as_told=name == OWN_DUMP)
        except Unreadable as error:
            self._refuse(found, str(error))
        if found.path not in self.claimed:
            outcome = Outcome.IMPORTED if self.stories > stories else Outcome.KEPT_RAW
            self.settle(found, outcome, f"read as {name}" + ("" if self.stories > stories else "; it holds no story"))
        if found.has_changed():
            self._remark(f"{found.container} {found.key} changed while it was read: look whether it is whole.")

    def _reader(self, found: Found) -> Reader | None:
        """Who reads the file. None when nobody does, and then its fate is told."""
        if reason := is_not_a_story(found.path):
            self.settle(found, Outcome.KEPT_RAW, reason)
        elif self.dumps and _CHAPTER_FILE.fullmatch(found.path.name):
            self.settle(found, Outcome.KEPT_RAW, ORPHAN)
        else:
            try:
                reader = reader_for(found.path, head_of(found.path))
            except OSError as error:
                raise Unreadable(f"it cannot be read ({error.strerror})") from error
            if reader is not None:
                return reader
            self.settle(found, Outcome.KEPT_RAW, "Undying reads no stories from this kind of file")
        return None

    def _events(self, reader: Reader, found: Found) -> Iterator[Event]:
        """What the reader tells. Whatever goes wrong in it is Unreadable, but for a full disk."""
        try:
            yield from reader.read(found.path, self._request(found))
        except Exception as error:
            if store.is_full(error):
                raise StorageFull(str(self.scratch)) from error
            if isinstance(error, Unreadable):
                raise
            if isinstance(error, OSError):
                raise Unreadable(f"it cannot be read ({error.strerror or error})") from error
            kind = type(error).__name__
            raise Unreadable(
                f"the reader of {reader.name} files failed on it ({kind}: {error!s:.200}); please report this as a bug"
            ) from error

    def _refuse(self, found: Found, reason: str) -> None:
        if found.path in self.claimed:
            self._remark(f"{found.container} {found.key} was read only in part: {reason}")
        else:
            self.settle(found, Outcome.REFUSED, reason)

    def _remark(self, text: str) -> None:
        self.taker.remark(Remark(text=sentence(text), grave=True))

    def _request(self, found: Found) -> Request:
        folder = self.scratch / f"read-{found.digest[:16]}"
        folder.mkdir(parents=True, exist_ok=True)
        return Request(
            scratch=folder,
            root=found.root,
            site=self.wish.site,
            stories=None if self.wish.stories is None else self.wish.stories.resolve(),
            install=self.wish.install,
        )

    def _deal_with(self, event: Event, *, as_told: bool) -> None:
        match event:
            case Story():
                self.stories += 1
                self.taker.story(replace(event, fates=tuple(map(self._placed, event.fates))), as_told=as_told)
            case Fate():
                self.taker.fate(self._placed(event))
            case Count():
                self._count(event)
            case Remark():
                self.taker.remark(replace(event, text=sentence(event.text)))
            case Progress():
                self.tick(event)

    def _placed(self, fate: Fate) -> Fate:
        """The fate under the one name that its file has in this import, whatever its reader calls it."""
        if fate.file is not None:
            self.claimed.add(fate.file)
        place = None if fate.file is None else self.places.get(fate.file)
        container, key = (self._container(fate.container), fate.key) if place is None else (place.container, place.key)
        if container != self._container(fate.container):
            self.moved.add(fate.container)
        return replace(
            fate,
            container=container,
            key=shown(key) if place is None else key,
            detail=sentence(fate.detail),
        )

    def _container(self, name: str) -> str:
        return shown(name if name.endswith("/") else f"{self.tables_of}{name}")

    def _count(self, count: Count) -> None:
        """Take a reader's own count, but of a folder that goes by another name here: that is counted by the survey."""
        if count.container not in self.moved:
            container = self._container(count.container)
            self.counted.add(container)
            self.taker.count(replace(count, container=container))

    def settle(self, found: Found, outcome: Outcome, detail: str) -> None:
        """Say how a whole file ended."""
        self.claimed.add(found.path)
        self.taker.fate(
            Fate(container=found.container, key=found.key, outcome=outcome, detail=sentence(detail), file=found.path)
        )

    def pass_over(self, each: PassedOver) -> None:
        """Say why something was not read. A reader that counted the folder told of its files, not of its folders."""
        if each.container in self.counted and each.key.endswith("/"):
            self._remark(f"{each.container} {each.key} was not read: {each.reason}.")
            return
        self.taker.fate(
            Fate(
                container=each.container,
                key=each.key,
                outcome=each.outcome,
                detail=sentence(each.reason),
                file=each.file,
            )
        )

    def count_folders(self) -> None:
        """How many files each folder held, for the folders that no reader counted itself."""
        totals: dict[str, int] = {}
        containers = [each.container for each in self.survey.files]
        containers += [each.container for each in self.survey.passed_over]
        containers += [each.container for each in self.survey.stories if each.path in self.claimed]
        for container in containers:
            totals[container] = totals.get(container, 0) + 1
        for container in sorted(totals.keys() - self.counted):
            self.taker.count(Count(container=container, total=totals[container]))
