"""Bringing stories in: survey, read, take in, account for every row and file.

A batch is named by its bytes, so the same command goes on with the batch it was cut off from, and changes nothing once
that is done. A story, its reviews and its entries are written in one transaction; the bytes are on disk before it.
"""

from __future__ import annotations

import re
import sqlite3
from collections import Counter
from dataclasses import dataclass, field, replace
from itertools import chain
from typing import TYPE_CHECKING, Any

from django.db import InterfaceError, OperationalError, transaction

from undying.exchange import optouts
from undying.exchange.declining import Declining
from undying.exchange.departures import take_out_declined
from undying.exchange.desk import at_the_desk
from undying.exchange.meanings import bring, decided
from undying.exchange.models import Batch, BatchState
from undying.exchange.naming import sentence, shown
from undying.exchange.pipeline import CutOff, Task, events
from undying.exchange.private import Asked
from undying.exchange.rehearsal import Rehearsal
from undying.exchange.repairs import wished
from undying.exchange.survey import PassedOver, Survey, head_of, survey
from undying.exchange.takers import Library, Taker, open_works_of
from undying.formats import (
    Contact,
    Count,
    Fate,
    Kept,
    Meaning,
    Outcome,
    Progress,
    Remark,
    Repair,
    Request,
    Story,
    Unreadable,
)
from undying.formats.onefile import is_not_a_story
from undying.formats.registry import reader_for
from undying.kernel import store
from undying.kernel.clock import now
from undying.kernel.errors import Refused, StorageFull

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

    from undying.exchange.listing import Found
    from undying.exchange.meanings import Label, Tags
    from undying.exchange.report import Report
    from undying.formats import Event, Reader

EFICTION = "efiction"
CRAWL = "crawl"
OWN_DUMP = "undying-dump"
FULL = "The disk is full. Free some space and run the same command again; it goes on where it stopped."
LOCKED = "Another program kept the database for too long. Run the same command again; it goes on where it stopped."
_CHAPTER_FILE = re.compile(r"\d{1,18}\.(?:txt|html?)", re.IGNORECASE)
STRAY_CHAPTER = (
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
    repairs: frozenset[str] = frozenset()
    meanings: Mapping[Label, Tags] = field(default_factory=dict)
    with_passwords: bool = False
    open_at_once: bool = False
    dry_run: bool = False


class BroughtInOtherwise(Refused):
    """The same files are here, read with other repairs or labels."""


def bring_in(
    wish: Wish,
    *,
    tick: Callable[[Progress], None] = lambda _: None,
    rehearsed: Callable[[Rehearsal], None] = lambda _: None,
) -> Report:
    """Read everything under the paths into the archive and account for it.

    Returns the report; with `dry_run`, the report of what would happen, and nothing is written (`rehearsed` is handed
    the rehearsal then). Raises Unreadable when a path does not exist, Busy while another import is under way,
    StorageFull when there is not even room to begin, BroughtInOtherwise when other repairs or labels were asked for,
    OtherKey when nobody can tell who asked not to be brought in.
    What fails later stops the batch cleanly (state "stopped"); the same call goes on with it.
    """
    optouts.refuse_unless_known(Asked.NOT_HERE)
    with at_the_desk() as scratch:
        found = survey(wish.paths, scratch, wish.stories)
        if wish.dry_run:
            rehearsal = Rehearsal(_label(wish))
            read_all(found, wish, Declining(rehearsal), scratch, tick)
            rehearsed(rehearsal)
            return rehearsal.report()
        batch = _batch(found, wish)
        library = Library(batch)
        wish = _with_decisions(wish, batch)
        if batch.state != BatchState.DONE:
            declining = Declining(library)
            _fill(batch, library, lambda: read_all(found, wish, declining, scratch, tick), declining, scratch)
        if wish.open_at_once and batch.state == BatchState.DONE:
            open_works_of(batch)
        return library.report()


def _label(wish: Wish) -> str:
    return shown(", ".join(path.name or str(path) for path in (each.resolve() for each in wish.paths)))


def _batch(found: Survey, wish: Wish) -> Batch:
    stories = "" if wish.stories is None else wish.stories.name
    digest = found.digest(wish.site, stories, wish.install, *(["with passwords"] if wish.with_passwords else []))
    options = {
        "site": wish.site,
        "stories": stories,
        "install": wish.install,
        "repairs": sorted(wish.repairs),
        **_places(found, wish),
    }
    with transaction.atomic():
        batch, is_new = Batch.objects.get_or_create(digest=digest, defaults={"label": _label(wish), "wish": options})
        if is_new:
            bring(batch, wish.meanings)
    if wish.repairs not in {frozenset(), wished(batch)}:
        _refuse_unless_undone(batch, "repairs")
        batch.wish = {**batch.wish, "repairs": sorted(wish.repairs)}
    if not wish.meanings.items() <= decided(batch).items():
        _refuse_unless_undone(batch, "labels")
        bring(batch, wish.meanings)
    return batch


def _refuse_unless_undone(batch: Batch, what: str) -> None:
    if batch.state != BatchState.UNDONE:
        raise BroughtInOtherwise(
            f"Import {batch.pk} read the same files with other {what}. Take it back first "
            f"(undying import undo {batch.pk}) and give this command again."
        )


def _with_decisions(wish: Wish, batch: Batch) -> Wish:
    """The wish with what the archivist decided at the batch's desk, where the command does not say otherwise."""
    return replace(wish, repairs=wish.repairs or wished(batch), meanings={**decided(batch), **wish.meanings})


def _places(found: Survey, wish: Wish) -> dict[str, Any]:
    """Where the files lay among each other, so that they can be put back so; and names that the ledger shows short."""
    folder = "" if wish.stories is None else found.place_of(wish.stories)
    return {"paths": [found.place_of(path) for path in wish.paths], "folder": folder, "names": found.long_names()}


def _fill(batch: Batch, library: Library, read: Callable[[], None], declining: Declining, scratch: Path) -> None:
    """Read into the batch; whatever happens, its state says how it stands."""
    try:
        if batch.state == BatchState.UNDONE:
            batch.started = now()
        batch.state, batch.reason, batch.finished = BatchState.RUNNING, "", None
        batch.save()
        read()
        library.flush()
        take_out_declined(batch, declining, scratch)
        library.finish()
    except (StorageFull, CutOff, OperationalError, InterfaceError, OSError, sqlite3.Error) as error:
        library.stop(_why_stopped(error))


def _why_stopped(error: Exception) -> str:
    if store.is_full(error):
        return FULL
    if isinstance(error, CutOff):
        return str(error)
    if "locked" in str(error):
        return LOCKED
    what = sentence(" ".join(str(error).split()))
    return f"{what.rstrip('.')}. When that is mended, run the same command again; it goes on where it stopped."


def read_all(found: Survey, wish: Wish, taker: Taker, scratch: Path, tick: Callable[[Progress], None]) -> None:
    """Read all to the taker: dumps, then crawls and catalogues, for they say which of the other files are theirs."""
    reading = _Reading(found, wish, taker, scratch, tick)
    reading.read_dumps()
    reading.read_crawl()
    reading.read_catalogues()
    total = len(found.files)
    for place, each in enumerate(found.files):
        if not found.files.is_claimed(each.path):
            reading.read(each)
        tick(Progress(done=place + 1, total=total, unit="files"))
    for text in found.remarks:
        taker.remark(Remark(text=sentence(text), grave=True))
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
        self.size = found.files.size()
        self.counted: set[str] = set()
        self.begun: dict[str, Path] = {}
        self.moved: set[str] = set()
        self.dumps: list[Found] = []
        self.tables_of = ""
        self.reader = ""
        self.stories = 0

    def read_dumps(self) -> None:
        """Every eFiction dump there is. Where there are several, the tables bear the dump's name."""
        self.dumps = [each for each in self.survey.files if self._is_read_as(EFICTION, each)]
        for each in self.dumps:
            self.tables_of = f"{each.container.removeprefix('./')}{each.key}: " if len(self.dumps) > 1 else ""
            self.read(each)
        self.tables_of = ""

    def read_crawl(self) -> None:
        """The files of a crawl, all at once: the pages of one story may lie in several."""
        first = next((each for each in self.survey.files if self._is_read_as(CRAWL, each)), None)
        if first is not None:
            self.read(first)

    def read_catalogues(self) -> None:
        """Files that tell of others: the texts that they name are no stories of their own."""
        for each in self.survey.files:
            if not self.survey.files.is_claimed(each.path) and self._is_catalogue(each):
                self.read(each)

    def _is_catalogue(self, found: Found) -> bool:
        reader = self._reader_of(found)
        return reader is not None and getattr(reader, "is_catalogue", False)

    def _is_read_as(self, name: str, found: Found) -> bool:
        reader = self._reader_of(found)
        return reader is not None and reader.name == name and not self.survey.files.is_claimed(found.path)

    def _reader_of(self, found: Found) -> Reader | None:
        try:
            return reader_for(found.path, head_of(found.path))
        except OSError:  # said when it is read
            return None

    def read(self, found: Found) -> None:
        """One file: every event to where it belongs, and the file's own fate if its reader told none."""
        stories = self.stories
        name = "nothing"
        try:
            reader = self._reader(found)
            if reader is not None:
                name = self.reader = reader.name
                for event in self._events(reader, found):
                    self._deal_with(event, found, as_told=name == OWN_DUMP)
        except Unreadable as error:
            self._refuse(found, str(error))
        if not self.survey.files.is_claimed(found.path):
            outcome = Outcome.IMPORTED if self.stories > stories else Outcome.KEPT_RAW
            self.settle(found, outcome, f"read as {name}" + ("" if self.stories > stories else "; it holds no story"))
        if found.has_changed():
            self._remark(f"{found.container} {found.key} changed while it was read: look whether it is whole.")

    def _reader(self, found: Found) -> Reader | None:
        """Who reads the file. None when nobody does, and then its fate is told."""
        if reason := is_not_a_story(found.path):
            self.settle(found, Outcome.KEPT_RAW, reason)
        elif self.dumps and _CHAPTER_FILE.fullmatch(found.path.name):
            self.settle(found, Outcome.KEPT_RAW, STRAY_CHAPTER)
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
        task = Task(
            reader=reader.name, path=found.path, request=self._request(reader, found), as_told=reader.name == OWN_DUMP
        )
        # The dump of an archive is read with the files of its chapters, a crawl with the other parts of it.
        return events(task, size=self.size if reader.name in {EFICTION, CRAWL} else found.looks[0])

    def _refuse(self, found: Found, reason: str) -> None:
        if self.survey.files.is_claimed(found.path):
            self._remark(f"{found.container} {found.key} was read only in part: {reason}")
        else:
            self.settle(found, Outcome.REFUSED, reason)

    def _remark(self, text: str) -> None:
        self.taker.remark(Remark(text=sentence(text), grave=True))

    def _request(self, reader: Reader, found: Found) -> Request:
        """An eFiction archive's reader looks for the files itself: it is not sent the names of them all."""
        folder = self.scratch / f"read-{found.digest[:16]}"
        folder.mkdir(parents=True, exist_ok=True)
        return Request(
            scratch=folder,
            root=found.root,
            files=() if reader.name == EFICTION else tuple(each.path for each in self.survey.files),
            site=self.wish.site,
            stories=None if self.wish.stories is None else self.wish.stories.resolve(),
            install=self.wish.install,
            repairs=self.wish.repairs,
            with_passwords=self.wish.with_passwords,
            meanings={
                (table.removeprefix(self.tables_of), key): tags
                for (table, key), tags in self.wish.meanings.items()
                if table.startswith(self.tables_of)
            },
        )

    def _deal_with(self, event: Event, found: Found, *, as_told: bool) -> None:
        match event:
            case Story():
                self.stories += 1
                self.taker.story(replace(event, fates=self._all_placed(event.fates, found)), as_told=as_told)
            case Kept():
                self.stories += 1
                self.taker.kept(replace(event, fates=self._all_placed(event.fates, found)))
            case Fate():
                self.taker.fate(self._placed(event, found))
            case Count():
                self._count(event, found)
            case Contact():
                self.taker.contact(event)
            case Repair():
                self.taker.repair(event)
            case Meaning():
                self.taker.meaning(replace(event, table=self._container(event.table)))
            case Remark():
                self.taker.remark(replace(event, text=sentence(event.text)))
            case Progress():
                self.tick(event)

    def _all_placed(self, fates: Sequence[Fate], found: Found) -> tuple[Fate, ...]:
        return tuple(self._placed(fate, found) for fate in fates)

    def _placed(self, fate: Fate, found: Found) -> Fate:
        """The fate under the one name that its file has in this import, whatever its reader calls it."""
        if fate.file is not None:
            self.survey.files.claim(fate.file)
        place = None if fate.file is None else self.survey.files.at(fate.file)
        container, key = (self._container(fate.container), fate.key) if place is None else (place.container, place.key)
        if container != self._container(fate.container):
            self.moved.add(fate.container)
        if fate.file is None and container not in self.begun:
            self._begin(container, found.path)
        return replace(
            fate,
            container=container,
            key=shown(key) if place is None else key,
            detail=sentence(fate.detail),
        )

    def _container(self, name: str) -> str:
        return shown(name if name.endswith("/") else f"{self.tables_of}{name}")

    def _count(self, count: Count, found: Found) -> None:
        """Take a reader's own count, but of a folder that goes by another name here: that is counted by the survey."""
        if count.container not in self.moved:
            container = self._container(count.container)
            self.counted.add(container)
            place = found if count.file is None else self.survey.files.at(count.file) or found
            self._begin(container, place.path)
            self.taker.count(replace(count, container=container))

    def _begin(self, container: str, file: Path) -> None:
        """Tell in which file the rows of a table stand, before its first row; and again if its count says otherwise."""
        if self.begun.get(container) != file and not container.endswith("/"):
            self.begun[container] = file
            self.taker.begin(container, file, self.reader)

    def settle(self, found: Found, outcome: Outcome, detail: str) -> None:
        """Say how a whole file ended."""
        self.survey.files.claim(found.path)
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
        read = chain(self.survey.files, self.survey.files.claimed_aside())
        totals = Counter(each.container for each in read)
        totals.update(each.container for each in self.survey.passed_over)
        for container in sorted(totals.keys() - self.counted):
            self.taker.count(Count(container=container, total=totals[container]))
