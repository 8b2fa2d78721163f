"""Reading an import again from its originals, with today's cleaner and rules: what would change, and changing it.

A work keeps its address. What an author or archivist has edited since, what an author has claimed, what took another
copy in, and what was withdrawn stays as it is. What was here beside stories stays as well; only what had not come in
before is added.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.db import transaction

from undying.community.actions import receive_reviews
from undying.exchange import optouts
from undying.exchange.declining import DECLINED, Declining
from undying.exchange.desk import at_the_desk
from undying.exchange.differences import differences
from undying.exchange.imports import read_all
from undying.exchange.meanings import decided
from undying.exchange.models import Entry, Reread
from undying.exchange.private import Asked, OptOut
from undying.exchange.readiness import ready
from undying.exchange.sameness import removed_from, taken_from_here, told, was_decided
from undying.exchange.staging import stage
from undying.exchange.survey import survey
from undying.exchange.takers import STORIES_BETWEEN_CHECKPOINTS, UNTAKABLE, Library, refused, with_removed
from undying.exchange.verify import refuse_unless_done
from undying.formats import Outcome
from undying.kernel.errors import Refused
from undying.kernel.upkeep import checkpoint
from undying.library.actions import Unfit, accession, judge
from undying.library.creators import is_in_its_authors_hands
from undying.manuscript.codec import fingerprint

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence
    from pathlib import Path

    from undying.exchange.models import Batch, BatchWork
    from undying.formats import Contact, Count, Fate, Kept, Meaning, Progress, Remark, Story
    from undying.library.models import Work
    from undying.manuscript import Manuscript

SHOWN = 200
"""Works whose differences are kept to be looked at; the others are counted."""
PASSAGES = 3
_OVER = {
    "update_conflicts": True,
    "unique_fields": ["batch", "container", "key"],
    "update_fields": ["outcome", "detail", "work", "original", "at", "size"],
}
_NOT_IN = frozenset({Outcome.KEPT_RAW, Outcome.REFUSED})


class Lacking(Refused):
    """Originals are missing or damaged: reading without them would take away what is here."""


def read_again(
    batch: Batch,
    *,
    repairs: Collection[str] | None = None,
    accept: bool = False,
    tick: Callable[[Progress], None] = lambda _: None,
) -> Reread:
    """Read a batch again from its originals and note what would change, or with `accept` change it.

    `repairs` are the words on rules (see `Request`), None for those that were decided for the batch. Doing it twice
    changes nothing, and one that was cut off goes on; reading again with other rules goes back. Undoing the batch still
    takes back all. Raises Lacking, Unfinished, OtherKey, Busy and StorageFull.
    """
    optouts.refuse_unless_known(Asked.NOT_HERE)
    with at_the_desk() as scratch:
        refuse_unless_done(batch)
        words = sorted(batch.wish.get("repairs", ()) if repairs is None else repairs)
        reading = _Rereading(batch, is_accepted=accept)
        _read(batch, words, reading, scratch, tick)
        return reading.note(words)


def _read(
    batch: Batch, words: Sequence[str], reading: _Rereading, scratch: Path, tick: Callable[[Progress], None]
) -> None:
    staged = stage(batch, scratch)
    if staged.lost:
        first = staged.lost[0]
        raise Lacking(
            f"{len(staged.lost)} originals are not whole, such as {first.container} {first.key}. Put them back from a "
            f"backup first; `undying import verify {batch.pk}` names all."
        )
    wish = staged.with_words(frozenset(words), decided(batch))
    spare = scratch / "unpacked"
    spare.mkdir()
    read_all(survey(wish.paths, spare, wish.stories), wish, Declining(reading), spare, tick)
    reading.close()


def labels_of(batch: Batch) -> str:
    """A digest of what was decided about labels: whether a comparison was made with the same."""
    words = sorted((*label, *map(str, tags)) for label, tags in decided(batch).items())
    return hashlib.sha256(repr(words).encode()).hexdigest()


@dataclass
class _Found:
    """What a reading found to be otherwise than it is here."""

    changed: int = 0
    created: int = 0
    fates: int = 0
    fields: Counter[str] = field(default_factory=Counter)
    examples: list[dict[str, object]] = field(default_factory=list)
    left: list[dict[str, object]] = field(default_factory=list)

    def note(self, work: Work, before: Manuscript, after: Manuscript) -> bool:
        """Note how a work differs; whether it does."""
        found = list(differences(before, after))
        if not found:
            return False
        self.changed += 1
        self.fields.update({each.field for each in found})
        if len(self.examples) < SHOWN:
            shown = [[each.where or each.field, each.before, each.after] for each in found[:PASSAGES]]
            fields = sorted({each.field for each in found})
            self.examples.append({"work": work.pk, "title": work.title, "fields": fields, "passages": shown})
        return True


class _Rereading(Library):
    """Takes what a reading tells and compares it with what is here; `is_accepted` writes the difference."""

    def __init__(self, batch: Batch, *, is_accepted: bool) -> None:
        super().__init__(batch)
        self.is_resumed = False
        self._is_accepted = is_accepted
        self._found = _Found()

    def story(self, story: Story, *, as_told: bool) -> None:
        """Revise the work that it became, or bring in what had not come in."""
        manuscript = ready(story, as_told=as_told)
        entry = self._entry(story.fates)
        if entry is not None and entry.detail == DECLINED:
            return
        try:
            judge(manuscript)
            if entry is None or entry.outcome in _NOT_IN:
                self._bring_in(story, as_told=as_told)
            elif entry.work is not None and entry.outcome == Outcome.IMPORTED:
                self._revise(entry.work, manuscript, story.fates)
        except (Unfit, *UNTAKABLE) as error:
            self._settle(refused(story.fates, error))

    def _entry(self, fates: Sequence[Fate]) -> Entry | None:
        for fate in fates[:1]:
            return (
                Entry.objects.select_related("work")
                .filter(batch=self.batch, container=fate.container, key=fate.key)
                .first()
            )
        return None

    def _bring_in(self, story: Story, *, as_told: bool) -> None:
        self._found.created += 1
        if self._is_accepted:
            super().story(story, as_told=as_told)

    def _revise(self, work: Work, manuscript: Manuscript, fates: Sequence[Fate]) -> None:
        mine = self.batch.works.filter(work_number=work.pk).first()
        if mine is None or taken_from_here(manuscript.source) or self._is_superseded(work, fates):
            return
        if fingerprint(manuscript) == mine.fingerprint:
            return
        here = told(work)
        if why := _why_left(work, mine, here, manuscript):
            self._found.left.append({"work": work.pk, "title": work.title, "why": why})
        elif self._found.note(work, here, manuscript) and self._is_accepted:
            self._write_anew(mine, manuscript, fates)

    def _is_superseded(self, work: Work, fates: Sequence[Fate]) -> bool:
        """Whether a fuller copy of the story came later in the same import: the work is made of that."""
        mine = self._entries(fates)
        last = max((entry.pk for entry in mine.values()), default=0)
        later = self.batch.entries.filter(work=work, outcome=Outcome.IMPORTED, pk__gt=last)
        return later.exists()

    def _write_anew(self, mine: BatchWork, manuscript: Manuscript, fates: Sequence[Fate]) -> None:
        self.promises.add([picture.sha256 for picture in manuscript.pictures])
        with transaction.atomic():
            taken = accession(manuscript)
            receive_reviews(taken.work, manuscript.reviews)
            mine.fingerprint = taken.work.fingerprint
            mine.save(update_fields=["fingerprint"])
            told_ = with_removed(fates, removed_from(manuscript))
            self._write(told_, self._kept(told_), taken.work)
        if self._found.changed % STORIES_BETWEEN_CHECKPOINTS == 0:
            checkpoint()

    def kept(self, kept: Kept) -> None:
        """Bring it in when it had not come in; what is here stays."""
        entry = self._entry(kept.fates)
        if entry is not None and (entry.detail == DECLINED or entry.outcome not in _NOT_IN):
            return
        self._found.created += 1
        if self._is_accepted:
            super().kept(kept)

    def contact(self, contact: Contact) -> None:
        """Whom to write to was settled when it came in."""

    def meaning(self, meaning: Meaning) -> None:
        """What labels are was asked when it came in."""

    def begin(self, container: str, file: Path, reader: str) -> None:
        """A table that was not seen before is noted when it is accepted."""
        if self._is_accepted and not self.batch.counts.filter(container=container).exists():
            super().begin(container, file, reader)

    def count(self, count: Count) -> None:
        """The originals are the same: only what reads them may see more in them."""
        if self._is_accepted:
            super().count(count)

    def remark(self, remark: Remark) -> None:
        """Write it down with what is accepted."""
        if self._is_accepted:
            super().remark(remark)

    def _flush(self) -> None:
        waiting, self.waiting = self.waiting, []
        self._settle(waiting)

    def _settle(self, fates: Sequence[Fate]) -> None:
        """Note, and when it is accepted write, how rows and files end that end otherwise than before."""
        entries = self._entries(fates)
        other = [fate for fate in fates if _differs(fate, entries.get((fate.container, fate.key)))]
        self._found.fates += len(other)
        if other and self._is_accepted:
            self._write(other, self._kept(other))

    def _entries(self, fates: Sequence[Fate]) -> dict[tuple[str, str], Entry]:
        return self.batch.entries_named((fate.container, fate.key) for fate in fates)

    def _write(self, fates: Sequence[Fate], originals: Sequence[str], work: Work | None = None) -> None:
        """Over the entries that are there; but what an author had taken out stays out."""
        out = {name for name, entry in self._entries(fates).items() if entry.detail == DECLINED}
        pairs = [
            (fate, original)
            for fate, original in zip(fates, originals, strict=True)
            if (fate.container, fate.key) not in out
        ]
        self._put([fate for fate, _ in pairs], [original for _, original in pairs], work, **_OVER)

    def close(self) -> None:
        """All was read."""
        self._receive_waiting()
        self._flush()

    def note(self, words: Sequence[str]) -> Reread:
        """Write down how it went, in place of the comparison before it."""
        found = self._found
        with transaction.atomic():
            self.batch.rereads.filter(is_accepted=False).delete()
            if self._is_accepted:
                self.batch.wish = {**self.batch.wish, "repairs": list(words)}
                self.batch.save(update_fields=["wish"])
                self.repairs.store(self.batch)
            reread = Reread.objects.create(
                batch=self.batch,
                repairs=list(words),
                labels=labels_of(self.batch),
                is_accepted=self._is_accepted,
                changed=found.changed,
                created=found.created,
                fates=found.fates,
                fields=dict(found.fields.most_common()),
                examples=found.examples,
                left=found.left,
            )
        if self._is_accepted:
            self.promises.settle()
            checkpoint()
        return reread


def _why_left(work: Work, mine: BatchWork, here: Manuscript, manuscript: Manuscript) -> str:
    """Why a work stays as it is; empty when it may change."""
    if is_in_its_authors_hands(work):
        return "its author has claimed it, or had her old name severed"
    if was_decided(work.pk):
        return "its author, or the archivist for her, decided about it"
    if set(here.also) - set(manuscript.also):
        return "another copy of it was merged into it since"
    if OptOut.objects.exists() and _names(here) != _names(manuscript):
        return "names in it were taken out or changed since"
    if work.fingerprint != mine.fingerprint:
        return "it was changed since, by hand or by a later import"
    return ""


def _names(manuscript: Manuscript) -> list[str]:
    """Everybody whom a story names, beside its text."""
    credits_ = [manuscript.credits, *(chapter.credits for chapter in manuscript.chapters)]
    creators = [credit.name for each in credits_ for credit in each]
    others = [
        *(each.name for each in manuscript.reviews),
        *manuscript.gifts,
        *(each.author for each in manuscript.related),
    ]
    return creators + others


def _differs(fate: Fate, entry: Entry | None) -> bool:
    if entry is None:
        return True
    return entry.detail != DECLINED and entry.work_id is None and entry.outcome != fate.outcome
