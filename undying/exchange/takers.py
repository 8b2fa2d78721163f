"""Who takes what the readers found: the library. (`undying.exchange.rehearsal` takes it and writes nothing.)"""

from __future__ import annotations

import contextlib
import stat
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Protocol

from django.db import DatabaseError, DataError, IntegrityError, transaction

from undying.community.actions import receive_reviews
from undying.exchange import flags, keepsakes, report
from undying.exchange.completing import is_captured
from undying.exchange.contacts import receive, settle
from undying.exchange.desk import at_the_desk
from undying.exchange.fitness import Untakable
from undying.exchange.keeping import Promises
from undying.exchange.meanings import Meanings, unmatched
from undying.exchange.models import Batch, BatchRemark, BatchState, BatchWork, ContainerCount, Entry
from undying.exchange.naming import sentence
from undying.exchange.readiness import ready
from undying.exchange.repairs import Repairs
from undying.exchange.sameness import here_already, is_settled, removed_from, revision, told
from undying.exchange.withdrawn import about_withdrawn
from undying.formats import Fate, Outcome, Remark
from undying.kernel import store
from undying.kernel.clock import now
from undying.kernel.upkeep import checkpoint
from undying.library.actions import Result, Unfit, accession, judge, open_to_everyone
from undying.manuscript import Audience
from undying.manuscript.codec import to_json

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from undying.formats import Contact, Count, Kept, Meaning, Repair, Story
    from undying.library.models import Work
    from undying.manuscript import Keepsake, Manuscript

FATES_AT_A_TIME = 500
STORIES_BETWEEN_CHECKPOINTS = 200
KEEPSAKES_AT_A_TIME = 50
"""In one transaction: other writers wait for it."""


class Taker(Protocol):
    """Takes the events of one import."""

    def story(self, story: Story, *, as_told: bool) -> None:
        """A story and the rows and files it was made of. `as_told`: an Undying wrote it down, so it stays as it is."""

    def kept(self, kept: Kept) -> None:
        """Something that the source held beside its stories, and the rows and files it was made of."""

    def contact(self, contact: Contact) -> None:
        """How a creator or member can be reached."""

    def repair(self, repair: Repair) -> None:
        """A text that a rule mends, or would mend."""

    def meaning(self, meaning: Meaning) -> None:
        """What one of the source's labels is taken for."""

    def fate(self, fate: Fate) -> None:
        """A row or file that became no story."""

    def begin(self, container: str, file: Path, reader: str) -> None:
        """Rows of a container are about to be told, which stand in this file and come from the reader of that name."""

    def count(self, count: Count) -> None:
        """How many rows or files a container held."""

    def remark(self, remark: Remark) -> None:
        """Something the archivist should know."""


@dataclass(frozen=True, slots=True)
class _Prepared:
    """A keepsake that waits to be taken in, with the fates of what it was made of and the names of their bytes."""

    keepsake: Keepsake
    fates: Sequence[Fate]
    originals: Sequence[str]
    is_captured: bool = False


@dataclass
class Library:
    """Takes everything into the archive, under one batch."""

    batch: Batch
    waiting: list[Fate] = field(default_factory=list)
    contacts: list[Contact] = field(default_factory=list)
    prepared: list[_Prepared] = field(default_factory=list)
    stories: int = 0

    def __post_init__(self) -> None:
        self.promises = Promises(self.batch.pk)
        self.repairs = Repairs()
        self.meanings = Meanings(self.batch)
        self.is_resumed = self.batch.entries.exists() or bool(self.promises.names())

    def story(self, story: Story, *, as_told: bool) -> None:
        """Take it in with its reviews and entries, in one transaction; skip it if an earlier run did."""
        if self.is_resumed and story.fates and self._has(story.fates[0]):
            return
        originals = self._kept(story.fates)
        manuscript = ready(story, as_told=as_told)
        try:
            judge(manuscript)
            self.promises.add([picture.sha256 for picture in manuscript.pictures])
            with transaction.atomic():
                self._take(manuscript, story.fates, originals)
        except (Unfit, *UNTAKABLE) as error:
            self._write(refused(story.fates, error), originals)
            return
        self.stories += 1
        if self.stories % STORIES_BETWEEN_CHECKPOINTS == 0:
            checkpoint()

    def _take(self, manuscript: Manuscript, fates: Sequence[Fate], originals: Sequence[str]) -> None:
        known = here_already(manuscript)
        before = ""
        if known is not None:
            here = None if is_settled(known, manuscript.source) else told(known)
            revised = None if here is None else revision(manuscript, here)
            if here is None or revised is None:
                self._write(merged(fates, f"“{known.title}”"), originals, known)
                return
            before = self.promises.keep(to_json(here).encode())
            if is_captured(manuscript) and not is_captured(revised):
                fates = completing(fates, f"“{known.title}”")
            manuscript = revised
        is_held = not self.batch.is_open or flags.is_to_be_held(manuscript)
        taken = accession(manuscript, audience=Audience.MEMBERS if is_held else None)
        receive_reviews(taken.work, manuscript.reviews)
        flags.flag_work(taken.work, manuscript, self.batch)
        self._note_work(taken.work, taken.result, before)
        self._write(with_removed(fates, removed_from(manuscript)), originals, taken.work)

    def kept(self, kept: Kept) -> None:
        """Take it in with its entries, in one transaction: many small ones in the same."""
        if self.is_resumed and kept.fates and self._has(kept.fates[0]):
            return
        originals = self._kept(kept.fates)
        try:
            fates = with_removed(kept.fates, removed_from(kept.keepsake))
            self.prepared.append(_Prepared(keepsakes.prepared(kept.keepsake), fates, originals, kept.is_captured))
        except Untakable as error:
            self._write(refused(kept.fates, error), originals)
        if len(self.prepared) >= KEEPSAKES_AT_A_TIME or not keepsakes.is_small(kept.keepsake):
            self._receive_waiting()

    def _receive_waiting(self) -> None:
        waiting, self.prepared = self.prepared, []
        try:
            with transaction.atomic():
                self._receive(waiting)
        except UNTAKABLE:  # one must not cost the others
            for each in waiting:
                self._receive_alone(each)

    def _receive_alone(self, each: _Prepared) -> None:
        try:
            with transaction.atomic():
                self._receive([each])
        except UNTAKABLE as error:
            self._write(refused(each.fates, error), each.originals)

    def _receive(self, waiting: Sequence[_Prepared]) -> None:
        values = [each.keepsake for each in waiting]
        captured = {place for place, each in enumerate(waiting) if each.is_captured}
        results = keepsakes.receive_all(values, self.batch, keep=self.promises.keep, captured=captured)
        fates: list[Fate] = []
        for each, result in zip(waiting, results, strict=True):
            is_known = result is Result.UNCHANGED
            fates += merged(each.fates, keepsakes.title_of(each.keepsake)) if is_known else each.fates
        self._write(fates, [name for each in waiting for name in each.originals])

    def contact(self, contact: Contact) -> None:
        """Write it down where only the archivist is shown it, many at a time."""
        self.contacts.append(contact)
        if len(self.contacts) >= FATES_AT_A_TIME:
            self._flush_contacts()

    def repair(self, repair: Repair) -> None:
        """Gather it; it is written down when all is read."""
        self.repairs.add(repair)

    def meaning(self, meaning: Meaning) -> None:
        """Write it down for the archivist."""
        self.meanings.add(meaning)

    def _note_work(self, work: Work, result: Result, before: str) -> None:
        """A second, fuller copy in the same batch changes neither how the batch met the work nor what was before."""
        mine, is_new = BatchWork.objects.get_or_create(
            batch=self.batch,
            work_number=work.pk,
            defaults={"result": result, "before": before, "fingerprint": work.fingerprint},
        )
        if not is_new:
            mine.fingerprint = work.fingerprint
            mine.save(update_fields=["fingerprint"])

    def fate(self, fate: Fate) -> None:
        """Write it down, many at a time."""
        self.waiting.append(fate)
        if len(self.waiting) >= FATES_AT_A_TIME:
            self._flush()

    def begin(self, container: str, file: Path, reader: str) -> None:
        """Keep the file before the first row that points into it is written."""
        [original] = store.keep_files([file], before=self.promises.add)
        ContainerCount.objects.update_or_create(
            batch=self.batch,
            container=container,
            defaults={"original": original, "reader": reader},
            create_defaults={"original": original, "reader": reader, "total": 0},
        )

    def count(self, count: Count) -> None:
        """Write it down."""
        ContainerCount.objects.update_or_create(
            batch=self.batch, container=count.container, defaults={"total": count.total}
        )

    def remark(self, remark: Remark) -> None:
        """Write it down, once."""
        BatchRemark.objects.get_or_create(batch=self.batch, text=remark.text, grave=remark.grave)

    def flush(self) -> None:
        """Write down what waits. Whom nothing here can be given back to is forgotten again."""
        self._receive_waiting()
        self._flush()
        self._flush_contacts()
        settle(self.batch)

    def finish(self) -> None:
        """All was read."""
        self.flush()
        if total := flags.flag_the_rest(self.batch):
            places = "place" if total == 1 else "places"
            self.remark(
                Remark(text=f"E-mail addresses stand in texts, in {total} {places}: look at each, or mask all.")
            )
        self.repairs.store(self.batch)
        if strangers := self.meanings.store():
            self.remark(Remark(text=unmatched(strangers)))
        for remark in about_withdrawn(self.batch):
            self.remark(remark)
        self.batch.state, self.batch.finished = BatchState.DONE, now()
        self.batch.save(update_fields=["state", "finished"])
        self.promises.settle()
        checkpoint()

    def stop(self, reason: str) -> None:
        """It cannot go on now. What is written stays. A disk so full that it cannot even note this leaves "running"."""
        self.waiting.clear()
        self.contacts.clear()
        self.prepared.clear()
        self.batch.state, self.batch.reason = BatchState.STOPPED, reason
        with contextlib.suppress(DatabaseError), transaction.atomic():
            Batch.objects.filter(pk=self.batch.pk).update(state=self.batch.state, reason=reason)

    def report(self) -> report.Report:
        """How it stands."""
        return report.of_batch(self.batch)

    def _has(self, fate: Fate) -> bool:
        return Entry.objects.filter(batch=self.batch, container=fate.container, key=fate.key).exists()

    def _kept(self, fates: Sequence[Fate]) -> list[str]:
        """For each fate the name of its bytes, which are on disk by then; "" for rows and for what is no file."""
        files = [_kept_file(fate) for fate in fates]
        there = [file for file in files if file is not None]
        try:
            names = iter(store.keep_files(there, before=self.promises.add))
        except FileNotFoundError:
            names = iter([self._if_there(file) for file in there])
        return ["" if file is None else next(names) for file in files]

    def _if_there(self, file: Path) -> str:
        try:
            return store.keep_files([file], before=self.promises.add)[0]
        except FileNotFoundError:
            text = f"{file.name} went away during the import: the archive could not keep its bytes."
            self.remark(Remark(text=sentence(text), grave=True))
            return ""

    def _flush(self) -> None:
        if self.waiting:
            self._write(self.waiting, self._kept(self.waiting))
            self.waiting.clear()

    def _flush_contacts(self) -> None:
        receive(self.contacts, self.batch)
        self.contacts.clear()

    def _write(self, fates: Sequence[Fate], originals: Sequence[str], work: Work | None = None) -> None:
        self._put(fates, originals, work, ignore_conflicts=True)

    def _put(self, fates: Sequence[Fate], originals: Sequence[str], work: Work | None, **how: Any) -> None:
        Entry.objects.bulk_create(
            (
                Entry(
                    batch=self.batch,
                    container=fate.container,
                    key=fate.key,
                    outcome=fate.outcome,
                    detail=fate.detail,
                    work=work,
                    original=original,
                    at=fate.span[0] if fate.span else None,
                    size=fate.span[1] if fate.span else None,
                )
                for fate, original in zip(fates, originals, strict=True)
            ),
            batch_size=FATES_AT_A_TIME,
            **how,
        )


CANNOT_HOLD = "the database cannot hold it"
UNTAKABLE = (DataError, IntegrityError, ValueError, OverflowError)
"""What the database raises for a value that it cannot hold: too long, too great. One story must not cost the rest."""


def _kept_file(fate: Fate) -> Path | None:
    """The file whose bytes are to be kept, refused or not: a better reader may take it one day.

    Whatever its reader says: no pipe is waited for and no link followed.
    """
    if fate.file is None:
        return None
    try:
        return fate.file if stat.S_ISREG(fate.file.lstat().st_mode) else None
    except OSError:  # it went away; keeping it finds that out and says so
        return fate.file


def refused(fates: Sequence[Fate], error: Exception) -> list[Fate]:
    """The fates of what could not be taken."""
    why = str(error) if isinstance(error, Unfit | Untakable) else f"{CANNOT_HOLD} ({error!s:.200})"
    return [replace(fate, outcome=Outcome.REFUSED, detail=sentence(why)) for fate in fates]


def with_removed(fates: Sequence[Fate], removed: str) -> Sequence[Fate]:
    """The same fates, the first of which tells what the cleaner left out."""
    if not (removed and fates):
        return fates
    detail = "; ".join(filter(None, (fates[0].detail, f"left out: {removed}")))
    return [replace(fates[0], detail=detail), *fates[1:]]


def merged(fates: Sequence[Fate], title: str) -> list[Fate]:
    """The fates of something that is here already."""
    detail = sentence(f"{title} is here already, in an equal or fuller form")
    return [
        replace(fate, outcome=Outcome.MERGED, detail=detail) if fate.outcome is Outcome.IMPORTED else fate
        for fate in fates
    ]


def completing(fates: Sequence[Fate], title: str) -> list[Fate]:
    """The fates of captured pages of a story that is here from a better source and lacked something."""
    detail = sentence(f"{title} is here from its own site's data, and took from the pages what it lacked")
    return [
        replace(fate, outcome=Outcome.MERGED, detail=detail) if fate.outcome is Outcome.IMPORTED else fate
        for fate in fates
    ]


def open_batch(batch: Batch) -> int:
    """Let guests read what this batch brought in, but for what its source kept for members. How many were opened.

    Raises Busy while an import is under way.
    """
    with at_the_desk():
        return open_works_of(batch)


def open_works_of(batch: Batch) -> int:
    """The same, for whoever is at the desk."""
    numbers = list(batch.works.filter(result=Result.CREATED).values_list("work_number", flat=True))
    opened = open_to_everyone(sorted(set(numbers) - flags.held_of(batch)))
    keepsakes.open_keepsakes_of(batch)
    batch.is_open = True
    batch.save(update_fields=["is_open"])
    return opened
