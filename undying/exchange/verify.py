"""Whether the ledger of an import is still true: recomputed from the originals that were kept."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.db.models import Max, Min

from undying.exchange import keepsakes, originals
from undying.exchange.blanking import is_blanked
from undying.exchange.declining import DECLINED, Declining
from undying.exchange.desk import at_the_desk
from undying.exchange.fitness import Untakable
from undying.exchange.imports import read_all
from undying.exchange.models import BatchState, Entry
from undying.exchange.naming import sentence
from undying.exchange.readiness import ready
from undying.exchange.staging import stage
from undying.exchange.survey import survey
from undying.exchange.takers import CANNOT_HOLD
from undying.formats import Outcome, Unreadable
from undying.kernel import store
from undying.kernel.errors import Refused
from undying.kernel.portions import in_portions
from undying.library.actions import Unfit, judge
from undying.library.models import Withdrawn, Work

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from undying.exchange.models import Batch
    from undying.exchange.staging import Staged
    from undying.formats import Contact, Count, Fate, Kept, Meaning, Progress, Remark, Repair, Story

AT_A_TIME = 500


class Unfinished(Refused):
    """The import is not done, so there is nothing whole to verify or to read again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """How much was compared, and how much of it is not as the ledger says."""

    entries: int
    originals: int
    works: int
    mismatches: int


def refuse_unless_done(batch: Batch) -> None:
    """Raises Unfinished."""
    if batch.state == BatchState.UNDONE:
        raise Unfinished(f"Batch {batch.pk} was taken back, and its originals with it.")
    if batch.state != BatchState.DONE:
        raise Unfinished(f"Batch {batch.pk} is not done. Run the same import again; it goes on where it stopped.")


def verify(batch: Batch, *, tell: Callable[[str], None], tick: Callable[[Progress], None] = lambda _: None) -> Verdict:
    """Read the originals of a batch again and compare every fate, count and digest, and look for every work.

    Each mismatch is told as one sentence. Nothing is changed; memory is bounded. Raises Unfinished, Busy and
    StorageFull.
    """
    with at_the_desk() as scratch:
        refuse_unless_done(batch)
        return _Verifying(batch, tell).run(scratch, tick)


class _Verifying:
    """One verification and what it found."""

    def __init__(self, batch: Batch, tell: Callable[[str], None]) -> None:
        self._batch = batch
        self._tell = tell
        self._mismatches = 0

    def _wrong(self, what: str) -> None:
        self._mismatches += 1
        self._tell(sentence(what))

    def run(self, scratch: Path, tick: Callable[[Progress], None]) -> Verdict:
        staged = stage(self._batch, scratch)
        for lost in staged.lost:
            self._wrong(f"{lost.container} {lost.key}: {lost.why}")
        self._check_the_rest(staged)
        if self._rows_are_lost(staged):
            self._wrong(
                "Rows of tables stand in a file that is lost, so what became of rows and files is not recomputed."
            )
        else:
            self._read_again(staged, scratch, tick)
        return Verdict(
            entries=self._batch.entries.count(),
            originals=len(staged.checked),
            works=self._check_works(),
            mismatches=self._mismatches,
        )

    def _rows_are_lost(self, staged: Staged) -> bool:
        return self._batch.counts.filter(original__in=[lost.original for lost in staged.lost]).exists()

    def _check_the_rest(self, staged: Staged) -> None:
        """The originals that need not be put back, and what undoing needs."""
        for where, name in self._others():
            if name not in staged.checked:
                staged.checked.add(name)
                try:
                    store.check(name)
                except store.Unwhole as error:
                    self._wrong(f"{where}: {error}")

    def _others(self) -> Iterator[tuple[str, str]]:
        batch = self._batch
        files = batch.entries.exclude(original="").values_list("container", "key", "original")
        for container, key, name in files.iterator(chunk_size=AT_A_TIME):
            yield f"{container} {key}", name
        for container, name in batch.counts.exclude(original="").values_list("container", "original"):
            yield f"the file that {container} stands in", name
        for number, name in batch.works.exclude(before="").values_list("work_number", "before"):
            yield f"what work {number} was before", name
        for kind, key, name in batch.keepsakes.exclude(before="").values_list("kind", "key", "before"):
            yield f"what {kind} {key} was before", name

    def _read_again(self, staged: Staged, scratch: Path, tick: Callable[[Progress], None]) -> None:
        spare = scratch / "unpacked"
        spare.mkdir()
        comparing = _Comparing(self._batch, self._wrong, {(lost.container, lost.key) for lost in staged.lost})
        found = survey(staged.wish.paths, spare, staged.wish.stories)
        read_all(found, staged.wish, Declining(comparing), spare, tick)
        comparing.finish()

    def _check_works(self) -> int:
        """Every work that the batch brought is here, or was withdrawn on purpose. How many there are."""
        numbers = list(self._batch.works.values_list("work_number", flat=True))
        for some in in_portions(numbers):
            here = set(Work.objects.filter(pk__in=some).values_list("pk", flat=True))
            here |= set(Withdrawn.objects.filter(work_number__in=some).values_list("work_number", flat=True))
            for number in sorted(set(some) - here):
                self._wrong(f"Work {number} came with this import and is gone, and nobody withdrew it.")
        return len(numbers)


@dataclass(frozen=True, slots=True)
class _Told:
    """A fate that was told, and the outcomes that the ledger may have of it."""

    fate: Fate
    digest: str
    outcomes: frozenset[Outcome]


@dataclass
class _Comparing:
    """Takes what a reading tells and compares it with the ledger, some hundred fates at a time."""

    batch: Batch
    wrong: Callable[[str], None]
    lost: set[tuple[str, str]]
    waiting: list[_Told] = field(default_factory=list)
    totals: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        ends = self.batch.entries.aggregate(first=Min("pk"), last=Max("pk"))
        self._first = ends["first"] or 0
        self._seen = bytearray(((ends["last"] or 0) - self._first) // 8 + 1)

    def story(self, story: Story, *, as_told: bool) -> None:
        """An import took it as told, found it here already, or refused it whole."""
        try:
            judge(ready(story, as_told=as_told))
        except Unfit:
            self._all(story.fates, is_fit=False)
        else:
            self._all(story.fates, is_fit=True)

    def kept(self, kept: Kept) -> None:
        """The same."""
        try:
            keepsakes.prepared(kept.keepsake)
        except Untakable:
            self._all(kept.fates, is_fit=False)
        else:
            self._all(kept.fates, is_fit=True)

    def _all(self, fates: Sequence[Fate], *, is_fit: bool) -> None:
        for fate in fates:
            if not is_fit:
                outcomes = frozenset((Outcome.REFUSED,))
            elif fate.outcome is Outcome.IMPORTED:
                outcomes = frozenset((Outcome.IMPORTED, Outcome.MERGED))
            else:
                outcomes = frozenset((fate.outcome,))
            self._add(fate, outcomes)

    def fate(self, fate: Fate) -> None:
        """It ended so then as well."""
        self._add(fate, frozenset((fate.outcome,)))

    def _add(self, fate: Fate, outcomes: frozenset[Outcome]) -> None:
        is_file = fate.file is not None and fate.file.is_file() and not fate.file.is_symlink()
        digest = store.digest_of(fate.file) if is_file and fate.file is not None else ""
        self.waiting.append(_Told(fate, digest, outcomes))
        if len(self.waiting) >= AT_A_TIME:
            self._compare()

    def begin(self, container: str, file: Path, reader: str) -> None:
        """Said with the count."""

    def count(self, count: Count) -> None:
        """Compared at the end, with what could not be read again."""
        self.totals[count.container] = count.total

    def contact(self, contact: Contact) -> None:
        """No part of the ledger."""

    def repair(self, repair: Repair) -> None:
        """No part of the ledger."""

    def meaning(self, meaning: Meaning) -> None:
        """No part of the ledger."""

    def remark(self, remark: Remark) -> None:
        """No part of the ledger."""

    def finish(self) -> None:
        """All was read: what of the ledger was not told, and do the counts agree?"""
        self._compare()
        given: Counter[str] = Counter()
        for entry in self.batch.entries.order_by("pk").iterator(chunk_size=AT_A_TIME):
            if self._is_seen(entry.pk):
                continue
            if _is_given(entry) or (entry.container, entry.key) in self.lost:
                given[entry.container] += 1
            elif entry.detail != DECLINED:
                self.wrong(
                    f"{_where(entry)}: the ledger says {entry.outcome}, and reading the originals tells nothing of it"
                )
        for container, total in self.batch.counts.values_list("container", "total"):
            told = self.totals.get(container, 0) + given[container]
            if told != total:
                self.wrong(f"{container}: the ledger counted {total:,}, and the originals hold {told:,}")

    def _compare(self) -> None:
        entries = self.batch.entries_named((told.fate.container, told.fate.key) for told in self.waiting)
        for told in self.waiting:
            fate = told.fate
            entry = entries.get((fate.container, fate.key))
            if entry is None:
                if not self._is_blanked(fate):
                    self.wrong(
                        f"{fate.container} {fate.key}: {fate.outcome} by its original, and unknown to the ledger"
                    )
            elif not self._is_seen(entry.pk):
                self._see(entry.pk)
                self._compare_one(entry, told)
        self.waiting.clear()

    def _compare_one(self, entry: Entry, told: _Told) -> None:
        if entry.detail == DECLINED:  # its author asked for it to be gone, and its bytes are
            return
        fate = told.fate
        is_unholdable = entry.outcome == Outcome.REFUSED and CANNOT_HOLD in entry.detail
        if entry.outcome not in told.outcomes and not (is_unholdable or _says_nothing(entry)):
            self.wrong(f"{_where(entry)}: the ledger says {entry.outcome}, and its original says {min(told.outcomes)}")
        if entry.at is not None and (entry.at, entry.size) != fate.span:
            self.wrong(f"{_where(entry)}: it stands elsewhere in its file than the ledger says")
        if entry.original and told.digest and entry.original != told.digest:
            self.wrong(f"{_where(entry)}: its bytes are {told.digest}, and the ledger says {entry.original}")

    def _is_blanked(self, fate: Fate) -> bool:
        """Whether it is a row that an author had taken out, whose key went with her words."""
        if fate.span is None:
            return False
        return self.batch.entries.filter(container=fate.container, at=fate.span[0], detail=DECLINED).exists()

    def _is_seen(self, number: int) -> bool:
        at, bit = divmod(number - self._first, 8)
        return bool(self._seen[at] >> bit & 1)

    def _see(self, number: int) -> None:
        at, bit = divmod(number - self._first, 8)
        self._seen[at] |= 1 << bit


def _is_given(entry: Entry) -> bool:
    """What was there and had no bytes to keep (a link, a folder, a file that may not be read) is as it was noted."""
    return not entry.original and entry.container.endswith("/")


def _says_nothing(entry: Entry) -> bool:
    """Whether the words of a row were taken out since, at the request of whom it was about."""
    try:
        return entry.at is not None and is_blanked(b"".join(originals.of(entry).portions()))
    except (Refused, Unreadable):
        return False


def _where(entry: Entry) -> str:
    return f"{entry.container} {entry.key}"
