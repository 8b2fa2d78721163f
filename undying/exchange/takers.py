"""Who takes what the readers found: the library, or a rehearsal that writes nothing."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, fields, replace
from typing import TYPE_CHECKING, Protocol

from django.conf import settings
from django.db import transaction

from undying.community import access as community_access
from undying.community.actions import receive_reviews
from undying.exchange import report
from undying.exchange.models import Batch, BatchRemark, BatchState, BatchWork, ContainerCount, Entry
from undying.formats import Fate, Outcome
from undying.kernel import store
from undying.kernel.clock import now
from undying.kernel.upkeep import checkpoint
from undying.library import manuscripts
from undying.library.access import whole_text_for
from undying.library.actions import Result, Unfit, accession, judge, open_to_everyone
from undying.library.models import Work
from undying.manuscript import Audience, Prose
from undying.manuscript.codec import storable, to_json
from undying.manuscript.measure import words
from undying.manuscript.recognise import recognise
from undying.people.viewer import Viewer

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from undying.formats import Count, Remark, Story
    from undying.manuscript import Chapter, Manuscript, Review

FATES_AT_A_TIME = 500
STORIES_BETWEEN_CHECKPOINTS = 200


class Taker(Protocol):
    """Takes the events of one import."""

    def story(self, story: Story) -> None:
        """A story and the rows and files it was made of."""

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


def prepared(manuscript: Manuscript) -> Manuscript:
    """The story as the archive will hold it: storable in every database, with its place in canon and rights read from
    its notes, and, as nobody has claimed it, "archived by" the archivist.
    """
    name = settings.UNDYING.text("archivist_name")
    manuscript = storable(manuscript)
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

    def story(self, story: Story) -> None:
        """Take it in with its reviews and entries, in one transaction; skip it if an earlier run did."""
        if not story.fates or self._has(story.fates[0]):
            return
        originals = self._kept(story.fates)
        manuscript = prepared(story.manuscript)
        try:
            judge(manuscript)
        except Unfit as unfit:
            self._write([replace(fate, outcome=Outcome.REFUSED, detail=str(unfit)) for fate in story.fates], originals)
            return
        with transaction.atomic():
            self._take(manuscript, story.fates, originals)
        self.stories += 1
        if self.stories % STORIES_BETWEEN_CHECKPOINTS == 0:
            checkpoint()

    def _take(self, manuscript: Manuscript, fates: Sequence[Fate], originals: dict[Fate, str]) -> None:
        known = Work.objects.filter(site=manuscript.source.site, key=manuscript.source.key).first()
        before = "" if known is None else self._before(known, manuscript)
        if known is not None and not before:
            detail = f"“{known.title}” is here already, in an equal or fuller form"
            self._write([_merged(fate, detail) for fate in fates], originals, known)
            return
        taken = accession(manuscript, audience=None if self.batch.is_open else Audience.MEMBERS)
        receive_reviews(taken.work, manuscript.reviews)
        self._note_work(taken.work, taken.result, before)
        if removed := removed_from(manuscript):
            fates = [
                replace(fates[0], detail="; ".join(filter(None, (fates[0].detail, f"left out: {removed}")))),
                *fates[1:],
            ]
            originals = dict(zip(fates, originals.values(), strict=True))
        self._write(fates, originals, taken.work)

    def _before(self, known: Work, manuscript: Manuscript) -> str:
        """The name in the store of what stands here, when the incoming story is more than that; else empty."""
        here = told(known)
        if not extent(manuscript).is_more_than(extent(here)):
            return ""
        return store.keep(to_json(here).encode())

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
        checkpoint()

    def stop(self, reason: str) -> None:
        """It cannot go on now. What is written stays."""
        self.waiting.clear()
        self.batch.state, self.batch.reason = BatchState.STOPPED, reason
        with transaction.atomic():
            Batch.objects.filter(pk=self.batch.pk).update(state=self.batch.state, reason=reason)

    def open_to_everyone(self) -> None:
        """Let guests read what the batch brought in."""
        open_batch(self.batch)

    def report(self) -> report.Report:
        """How it stands."""
        return report.of_batch(self.batch)

    def _has(self, fate: Fate) -> bool:
        return Entry.objects.filter(batch=self.batch, container=fate.container, key=fate.key).exists()

    def _kept(self, fates: Sequence[Fate]) -> dict[Fate, str]:
        """Each fate with the name of its bytes in the store, which are on disk by then; rows have none."""
        return {fate: _original(fate) for fate in fates}

    def _flush(self) -> None:
        if self.waiting:
            self._write(self.waiting, self._kept(self.waiting))
            self.waiting.clear()

    def _write(self, fates: Sequence[Fate], originals: dict[Fate, str], work: Work | None = None) -> None:
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
                for fate, original in zip(fates, originals.values(), strict=True)
            ),
            batch_size=FATES_AT_A_TIME,
            ignore_conflicts=True,
        )


def _original(fate: Fate) -> str:
    if fate.file is None or fate.outcome is Outcome.REFUSED:
        return ""
    return store.keep_file(fate.file)


def _merged(fate: Fate, detail: str) -> Fate:
    if fate.outcome is not Outcome.IMPORTED:
        return fate
    return replace(fate, outcome=Outcome.MERGED, detail=detail)


def told(work: Work) -> Manuscript:
    """All of a work with its reviews, drafts and all, as a value."""
    operator = Viewer.operator()
    whole = Work.objects.visible_to(operator).with_page().get(pk=work.pk)
    chapters = whole_text_for(operator, whole)
    reviews = community_access.reviews_for(operator, whole)
    return replace(manuscripts.of(whole, chapters), reviews=community_access.as_told(reviews, chapters))


def open_batch(batch: Batch) -> int:
    """Let guests read what this batch brought in, but for what its source kept for members. How many were opened."""
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

    def story(self, story: Story) -> None:
        """What would become of it."""
        manuscript = prepared(story.manuscript)
        try:
            judge(manuscript)
        except Unfit as unfit:
            for fate in story.fates:
                self.fate(replace(fate, outcome=Outcome.REFUSED, detail=str(unfit)))
            return
        source, mine = (manuscript.source.site, manuscript.source.key), extent(manuscript)
        here = self.seen.get(source) or self._here(*source)
        if here is not None and not mine.is_more_than(here):
            detail = f"“{manuscript.title}” is here already, in an equal or fuller form"
            for fate in story.fates:
                self.fate(_merged(fate, detail))
            return
        self.seen[source] = mine
        self.tally.note_story("created" if here is None else "revised")
        for fate in story.fates:
            self.fate(fate)

    def _here(self, site: str, key: str) -> Extent | None:
        known = Work.objects.filter(site=site, key=key).first() if site else None
        return None if known is None else extent(told(known))

    def fate(self, fate: Fate) -> None:
        """Count it."""
        self.tally.note(fate.container, fate.key, fate.outcome, fate.detail)

    def count(self, count: Count) -> None:
        """Remember it."""
        self.tally.totals[count.container] = count.total

    def remark(self, remark: Remark) -> None:
        """Remember it."""
        self.tally.remarks.append((remark.text, remark.grave))

    def report(self) -> report.Report:
        """What would happen."""
        return self.tally.report(label=self.label, is_rehearsal=True)
