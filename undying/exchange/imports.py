"""Bringing stories in: survey, read, take in, account for every row and file.

A batch is named by its bytes, so the same command goes on with the batch it was cut off from, and changes nothing once
that is done. A story, its reviews and its entries are written in one transaction; the bytes are on disk before it.
"""

from __future__ import annotations

import contextlib
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import OperationalError

from undying.exchange.models import Batch, BatchState
from undying.exchange.survey import Found, Survey, head_of, survey
from undying.exchange.takers import Library, Rehearsal, Taker
from undying.formats import Count, Fate, Outcome, Progress, Remark, Request, Story, Unreadable
from undying.formats.onefile import is_not_a_story
from undying.formats.registry import reader_for
from undying.kernel.clock import now
from undying.kernel.errors import StorageFull

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from undying.exchange.report import Report

EFICTION = "efiction"


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
    a path does not exist. A full disk stops the batch cleanly (state "stopped"); the same call goes on with it.
    """
    with _scratch() as scratch:
        found = survey(wish.paths, scratch)
        if wish.dry_run:
            rehearsal = Rehearsal(_label(wish))
            _read_all(found, wish, rehearsal, scratch, tick)
            return rehearsal.report()
        batch = _batch(found, wish)
        library = Library(batch)
        if batch.state != BatchState.DONE:
            _fill(batch, library, lambda: _read_all(found, wish, library, scratch, tick))
        if wish.open_at_once and batch.state == BatchState.DONE:
            library.open_to_everyone()
        return library.report()


def _label(wish: Wish) -> str:
    return ", ".join(path.name or str(path) for path in (each.resolve() for each in wish.paths))[:500]


def _batch(found: Survey, wish: Wish) -> Batch:
    stories = "" if wish.stories is None else wish.stories.name
    digest = found.digest(wish.site, stories, wish.install)
    batch, _ = Batch.objects.get_or_create(digest=digest, defaults={"label": _label(wish)})
    if batch.state == BatchState.UNDONE:
        batch.started = now()
    return batch


def _fill(batch: Batch, library: Library, read: Callable[[], None]) -> None:
    """Read into the batch; whatever happens, its state says how it stands."""
    Batch.objects.filter(pk=batch.pk).update(state=BatchState.RUNNING, reason="")
    try:
        read()
        library.finish()
    except (StorageFull, OperationalError) as error:
        if isinstance(error, OperationalError) and "full" not in str(error):
            raise
        library.stop("The disk is full. Free some space and run the same command again; it goes on where it stopped.")


def _read_all(found: Survey, wish: Wish, taker: Taker, scratch: Path, tick: Callable[[Progress], None]) -> None:
    """Dumps first: they say which of the other files are theirs."""
    reading = _Reading(wish, taker, scratch, tick)
    dumps = [each for each in found.files if _reader_name(each) == EFICTION]
    for each in dumps:
        reading.read(each)
    for place, each in enumerate(found.files):
        if each not in dumps and each.path not in reading.claimed:
            reading.read(each)
        tick(Progress(done=place + 1, total=len(found.files), unit="files"))
    for each in found.unpacked:
        reading.settle(each, Outcome.IMPORTED, "unpacked")
    for each, reason in found.refused:
        reading.settle(each, Outcome.REFUSED, reason)
    reading.count_folders([*found.files, *found.unpacked, *(each for each, _ in found.refused)])


def _reader_name(found: Found) -> str:
    reader = reader_for(found.path, head_of(found.path))
    return "" if reader is None else reader.name


class _Reading:
    """One pass over the files, with what was learnt on the way."""

    def __init__(self, wish: Wish, taker: Taker, scratch: Path, tick: Callable[[Progress], None]) -> None:
        self.wish = wish
        self.taker = taker
        self.scratch = scratch
        self.tick = tick
        self.claimed: set[Path] = set()
        self.counted: set[str] = set()

    def read(self, found: Found) -> None:
        """One file: every event to where it belongs, and the file's own fate if its reader told none."""
        if reason := is_not_a_story(found.path):
            self.settle(found, Outcome.KEPT_RAW, reason)
            return
        reader = reader_for(found.path, head_of(found.path))
        if reader is None:
            self.settle(found, Outcome.KEPT_RAW, "Undying reads no stories from this kind of file")
            return
        try:
            for event in reader.read(found.path, self._request(found)):
                self._deal_with(event)
        except Unreadable as error:
            self.settle(found, Outcome.REFUSED, str(error))
        if found.path not in self.claimed:
            self.settle(found, Outcome.IMPORTED, f"read as {reader.name}")

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

    def _deal_with(self, event: Story | Fate | Count | Remark | Progress) -> None:
        match event:
            case Story():
                self._claim(*event.fates)
                self.taker.story(event)
            case Fate():
                self._claim(event)
                self.taker.fate(event)
            case Count():
                self.counted.add(event.container)
                self.taker.count(event)
            case Remark():
                self.taker.remark(event)
            case Progress():
                self.tick(event)

    def _claim(self, *fates: Fate) -> None:
        self.claimed.update(fate.file for fate in fates if fate.file is not None)

    def settle(self, found: Found, outcome: Outcome, detail: str) -> None:
        """Say how a whole file ended."""
        self.claimed.add(found.path)
        self.taker.fate(
            Fate(container=found.container, key=found.path.name, outcome=outcome, detail=detail, file=found.path)
        )

    def count_folders(self, files: Sequence[Found]) -> None:
        """How many files each folder held, for the folders that no reader counted itself."""
        totals: dict[str, int] = {}
        for each in files:
            totals[each.container] = totals.get(each.container, 0) + 1
        for container in sorted(totals.keys() - self.counted):
            self.taker.count(Count(container=container, total=totals[container]))


@contextlib.contextmanager
def _scratch() -> Iterator[Path]:
    """A folder inside the data folder for what readers spool; gone afterwards, also when a run was killed before."""
    home: Path = settings.UNDYING.home / "scratch"
    home.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(dir=home))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
