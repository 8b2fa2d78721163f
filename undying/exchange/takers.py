"""Who takes what the readers found: the library, or a rehearsal that writes nothing."""

from __future__ import annotations

import contextlib
import stat
from collections import Counter
from dataclasses import dataclass, field, fields, replace
from typing import TYPE_CHECKING, Protocol

from django.conf import settings
from django.db import DatabaseError, DataError, IntegrityError, transaction

from undying.community import access as community_access
from undying.community.actions import receive_reviews
from undying.exchange import report
from undying.exchange.desk import at_the_desk
from undying.exchange.keeping import Promises
from undying.exchange.models import Batch, BatchRemark, BatchState, BatchWork, ContainerCount, Entry
from undying.exchange.naming import sentence
from undying.formats import Fate, Outcome, Remark
from undying.kernel import store
from undying.kernel.clock import now
from undying.kernel.ids import DIGITS, LIMIT, SMALLEST
from undying.kernel.upkeep import checkpoint
from undying.library import manuscripts
from undying.library.access import whole_text_for
from undying.library.actions import Result, Unfit, accession, judge, open_to_everyone
from undying.library.models import Work
from undying.manuscript import Audience, Prose
from undying.manuscript.codec import fingerprint, storable, to_json
from undying.manuscript.measure import words
from undying.manuscript.recognise import recognise
from undying.people.viewer import Viewer

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from undying.formats import Count, Story
    from undying.manuscript import Chapter, Manuscript, Review, Source

FATES_AT_A_TIME = 500
STORIES_BETWEEN_CHECKPOINTS = 200


class Taker(Protocol):
    """Takes the events of one import."""

    def story(self, story: Story, *, as_told: bool) -> None:
        """A story and the rows and files it was made of. `as_told`: an Undying wrote it down, so it stays as it is."""

    def fate(self, fate: Fate) -> None:
        """A row or file that became no story."""

    def count(self, count: Count) -> None:
        """How many rows or files a container held."""

    def remark(self, remark: Remark) -> None:
        """Something the archivist should know."""


@dataclass(frozen=True, slots=True)
class Extent:
    """How much of a story there is: of two copies of one story the greater is the better."""

    changed: float
    chapters: int
    words: int
    tags: int
    reviews: int

    def is_more_than(self, other: Extent) -> bool:
        """Later, or as late and with more in it."""
        mine = (self.changed, self.chapters, self.words, self.tags, self.reviews)
        return mine > (other.changed, other.chapters, other.words, other.tags, other.reviews)


def extent(manuscript: Manuscript) -> Extent:
    """How much there is of a manuscript."""
    changed = manuscript.updated or manuscript.published
    return Extent(
        changed.timestamp() if changed else 0.0,
        len(manuscript.chapters),
        sum(words(chapter.body) for chapter in manuscript.chapters),
        len(manuscript.taggings),
        len(manuscript.reviews),
    )


def cleared(manuscript: Manuscript) -> Manuscript:
    """The story as every database can hold it. Its pictures, which are bytes, are not looked through as text."""
    return replace(storable(replace(manuscript, pictures=())), pictures=manuscript.pictures)


def prepared(manuscript: Manuscript) -> Manuscript:
    """The story as the archive will hold it: storable in every database, with its place in canon and rights read from
    its notes, and, as nobody has claimed it, "archived by" the archivist.
    """
    name = settings.UNDYING.text("archivist_name")
    manuscript = cleared(manuscript)
    credits_ = tuple(replace(each, archived_by=each.archived_by or name) for each in manuscript.credits)
    return recognise(replace(manuscript, credits=credits_))


def removed_from(manuscript: Manuscript) -> str:
    """What the cleaner left out of the story, in one phrase; empty when nothing."""
    found: Counter[str] = Counter()
    for prose in _all_prose(manuscript):
        found.update(prose.removed)
    return ", ".join(phrase if times == 1 else f"{phrase} (in {times} places)" for phrase, times in found.items())


def _all_prose(manuscript: Manuscript) -> Iterator[Prose]:
    parts: list[Manuscript | Chapter | Review] = [manuscript, *manuscript.chapters, *manuscript.reviews]
    for part in parts:
        for each in fields(part):
            value = getattr(part, each.name)
            if isinstance(value, Prose):
                yield value


@dataclass
class Library:
    """Takes everything into the archive, under one batch."""

    batch: Batch
    waiting: list[Fate] = field(default_factory=list)
    stories: int = 0

    def __post_init__(self) -> None:
        self.promises = Promises(self.batch.pk)
        self.is_resumed = self.batch.entries.exists() or bool(self.promises.names())

    def story(self, story: Story, *, as_told: bool) -> None:
        """Take it in with its reviews and entries, in one transaction; skip it if an earlier run did."""
        if self.is_resumed and story.fates and self._has(story.fates[0]):
            return
        originals = self._kept(story.fates)
        manuscript = cleared(story.manuscript) if as_told else prepared(story.manuscript)
        try:
            judge(manuscript)
            self.promises.add([picture.sha256 for picture in manuscript.pictures])
            with transaction.atomic():
                self._take(manuscript, story.fates, originals)
        except (Unfit, *_UNTAKABLE) as error:
            self._write(refused(story.fates, error), originals)
            return
        self.stories += 1
        if self.stories % STORIES_BETWEEN_CHECKPOINTS == 0:
            checkpoint()

    def _take(self, manuscript: Manuscript, fates: Sequence[Fate], originals: Sequence[str]) -> None:
        known = here_already(manuscript)
        before = "" if known is None or _taken_from_here(manuscript.source) else self._before(known, manuscript)
        if known is not None and not before:
            self._write(merged(fates, known.title), originals, known)
            return
        taken = accession(manuscript, audience=None if self.batch.is_open else Audience.MEMBERS)
        receive_reviews(taken.work, manuscript.reviews)
        self._note_work(taken.work, taken.result, before)
        removed = removed_from(manuscript)
        if removed and fates:
            detail = "; ".join(filter(None, (fates[0].detail, f"left out: {removed}")))
            fates = [replace(fates[0], detail=detail), *fates[1:]]
        self._write(fates, originals, taken.work)

    def _before(self, known: Work, manuscript: Manuscript) -> str:
        """The name in the store of what stands here, when the incoming story is more than that; else empty."""
        here = told(known)
        if not extent(manuscript).is_more_than(extent(here)):
            return ""
        text = to_json(here).encode()
        self.promises.add([store.name_of(text)])
        return store.keep(text)

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

    def count(self, count: Count) -> None:
        """Write it down."""
        ContainerCount.objects.update_or_create(
            batch=self.batch, container=count.container, defaults={"total": count.total}
        )

    def remark(self, remark: Remark) -> None:
        """Write it down, once."""
        BatchRemark.objects.get_or_create(batch=self.batch, text=remark.text, grave=remark.grave)

    def finish(self) -> None:
        """All was read."""
        self._flush()
        self.batch.state, self.batch.finished = BatchState.DONE, now()
        self.batch.save(update_fields=["state", "finished"])
        self.promises.settle()
        checkpoint()

    def stop(self, reason: str) -> None:
        """It cannot go on now. What is written stays. A disk so full that it cannot even note this leaves "running"."""
        self.waiting.clear()
        self.batch.state, self.batch.reason = BatchState.STOPPED, reason
        with contextlib.suppress(DatabaseError), transaction.atomic():
            Batch.objects.filter(pk=self.batch.pk).update(state=self.batch.state, reason=reason)

    def report(self) -> report.Report:
        """How it stands."""
        return report.of_batch(self.batch)

    def _has(self, fate: Fate) -> bool:
        return Entry.objects.filter(batch=self.batch, container=fate.container, key=fate.key).exists()

    def _kept(self, fates: Sequence[Fate]) -> list[str]:
        """For each fate the name of its bytes, which are on disk by then; "" for rows and for refused files."""
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

    def _write(self, fates: Sequence[Fate], originals: Sequence[str], work: Work | None = None) -> None:
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
                )
                for fate, original in zip(fates, originals, strict=True)
            ),
            batch_size=FATES_AT_A_TIME,
            ignore_conflicts=True,
        )


_UNTAKABLE = (DataError, IntegrityError, ValueError, OverflowError)
"""What the database raises for a value that it cannot hold: too long, too great. One story must not cost the rest."""


def _kept_file(fate: Fate) -> Path | None:
    """The file whose bytes are to be kept. Whatever its reader says: no pipe is waited for and no link followed."""
    if fate.file is None or fate.outcome is Outcome.REFUSED:
        return None
    try:
        return fate.file if stat.S_ISREG(fate.file.lstat().st_mode) else None
    except OSError:  # it went away; keeping it finds that out and says so
        return fate.file


def refused(fates: Sequence[Fate], error: Exception) -> list[Fate]:
    """The fates of a story that could not be taken."""
    why = str(error) if isinstance(error, Unfit) else f"the database cannot hold it ({error!s:.200})"
    return [replace(fate, outcome=Outcome.REFUSED, detail=sentence(why)) for fate in fates]


def merged(fates: Sequence[Fate], title: str) -> list[Fate]:
    """The fates of a story that is here already."""
    detail = sentence(f"“{title}” is here already, in an equal or fuller form")
    return [
        replace(fate, outcome=Outcome.MERGED, detail=detail) if fate.outcome is Outcome.IMPORTED else fate
        for fate in fates
    ]


def here_already(manuscript: Manuscript) -> Work | None:
    """The work of the same source and key; of a story without a source, the one that equals it."""
    source = manuscript.source
    if ours := _taken_from_here(source):
        return ours
    if source.site:
        return Work.objects.filter(site=source.site, key=source.key).first()
    return Work.objects.filter(site="", fingerprint=fingerprint(manuscript)).first()


def _taken_from_here(source: Source) -> Work | None:
    """The work that a download of this archive was made of: its key is that work's number, which no two sites share."""
    number = int(source.key) if source.key.isascii() and source.key.isdecimal() and len(source.key) <= DIGITS else 0
    if not SMALLEST <= number < LIMIT:
        return None
    return Work.objects.filter(pk=number).exclude(site=source.site, key=source.key).first()


def told(work: Work) -> Manuscript:
    """All of a work with its reviews, drafts and all, as a value."""
    operator = Viewer.operator()
    whole = Work.objects.visible_to(operator).with_page().get(pk=work.pk)
    chapters = whole_text_for(operator, whole)
    reviews = community_access.reviews_for(operator, whole)
    return replace(manuscripts.of(whole, chapters), reviews=community_access.as_told(reviews, chapters))


def open_batch(batch: Batch) -> int:
    """Let guests read what this batch brought in, but for what its source kept for members. How many were opened.

    Raises Busy while an import is under way.
    """
    with at_the_desk():
        return open_works_of(batch)


def open_works_of(batch: Batch) -> int:
    """The same, for whoever is at the desk."""
    numbers = list(batch.works.filter(result=Result.CREATED).values_list("work_number", flat=True))
    opened = open_to_everyone(numbers)
    batch.is_open = True
    batch.save(update_fields=["is_open"])
    return opened


@dataclass
class Rehearsal:
    """Counts what would happen, and writes nothing."""

    label: str
    tally: report.Tally = field(default_factory=report.Tally)
    seen: dict[tuple[str, str], Extent] = field(default_factory=dict)

    def story(self, story: Story, *, as_told: bool) -> None:
        """What would become of it."""
        manuscript = cleared(story.manuscript) if as_told else prepared(story.manuscript)
        try:
            judge(manuscript)
        except Unfit as unfit:
            self._all(refused(story.fates, unfit))
            return
        source, mine = self._identity(manuscript), extent(manuscript)
        here = self.seen.get(source) or self._here(manuscript)
        if here is not None and not mine.is_more_than(here):
            self._all(merged(story.fates, manuscript.title))
            return
        if source not in self.seen:
            self.tally.note_story("created" if here is None else "revised")
        self.seen[source] = mine
        self._all(story.fates)

    def _identity(self, manuscript: Manuscript) -> tuple[str, str]:
        source = manuscript.source
        return (source.site, source.key) if source.site else ("", fingerprint(manuscript))

    def _here(self, manuscript: Manuscript) -> Extent | None:
        known = here_already(manuscript)
        if known is not None and _taken_from_here(manuscript.source):
            return extent(manuscript)
        return None if known is None else extent(told(known))

    def _all(self, fates: Sequence[Fate]) -> None:
        for fate in fates:
            self.fate(fate)

    def fate(self, fate: Fate) -> None:
        """Count it."""
        self.tally.note(fate.container, fate.key, fate.outcome, fate.detail)

    def count(self, count: Count) -> None:
        """Remember it."""
        self.tally.totals[count.container] = count.total

    def remark(self, remark: Remark) -> None:
        """Remember it, once."""
        if (remark.text, remark.grave) not in self.tally.remarks:
            self.tally.remarks.append((remark.text, remark.grave))

    def report(self) -> report.Report:
        """What would happen."""
        return self.tally.report(label=self.label, is_rehearsal=True)
