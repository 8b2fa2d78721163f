"""A rehearsal: what an import would do, and nothing written."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from undying.exchange import keepsakes, report
from undying.exchange.completing import is_captured
from undying.exchange.fitness import Untakable
from undying.exchange.readiness import ready
from undying.exchange.remembering import Numbers
from undying.exchange.repairs import Repairs
from undying.exchange.sameness import extent, here_already, is_settled, revision, taken_from_here, told
from undying.exchange.takers import merged, refused
from undying.library.actions import Result, Unfit, judge
from undying.manuscript.codec import fingerprint

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from undying.exchange.meanings import Label
    from undying.exchange.sameness import Extent
    from undying.formats import Contact, Count, Fate, Kept, Meaning, Remark, Repair, Story
    from undying.manuscript import Keepsake, Manuscript


@dataclass
class Rehearsal:
    """Counts what would happen, and writes nothing."""

    label: str
    tally: report.Tally = field(default_factory=report.Tally)
    seen: dict[tuple[str, str], Extent] = field(default_factory=dict)
    kept_before: Numbers = field(default_factory=Numbers)
    kept_here: dict[tuple[str, str], bool] = field(default_factory=dict)
    repairs: Repairs = field(default_factory=Repairs)
    meanings: dict[Label, Meaning] = field(default_factory=dict)

    def story(self, story: Story, *, as_told: bool) -> None:
        """What would become of it."""
        manuscript = ready(story, as_told=as_told)
        try:
            judge(manuscript)
        except Unfit as unfit:
            self._all(refused(story.fates, unfit))
            return
        source, mine = self._identity(manuscript), extent(manuscript)
        here = self.seen.get(source) or self._here(manuscript)
        if here is not None and not self._changes(manuscript, mine, here):
            self._all(merged(story.fates, f"“{manuscript.title}”"))
            return
        if source not in self.seen:
            self.tally.note_story("created" if here is None else "revised")
        self.seen[source] = mine
        self._all(story.fates)

    def _changes(self, manuscript: Manuscript, mine: Extent, here: Extent) -> bool:
        """Whether the archive would be another for it. Of what it met on the way it remembers only how much it was."""
        if self._identity(manuscript) in self.seen or (known := here_already(manuscript)) is None:
            return mine.is_more_than(here) and not is_captured(manuscript)
        return not is_settled(known, manuscript.source) and revision(manuscript, told(known)) is not None

    def _identity(self, manuscript: Manuscript) -> tuple[str, str]:
        source = manuscript.source
        return (source.site, source.key) if source.site else ("", fingerprint(manuscript))

    def _here(self, manuscript: Manuscript) -> Extent | None:
        known = here_already(manuscript)
        if known is not None and taken_from_here(manuscript.source):
            return extent(manuscript)
        return None if known is None else extent(told(known))

    def kept(self, kept: Kept) -> None:
        """What would become of it. Of what it saw it remembers names alone: a source may hold very many."""
        try:
            keepsake = keepsakes.prepared(kept.keepsake)
        except Untakable as error:
            self._all(refused(kept.fates, error))
            return
        name = hash((keepsake.KIND, keepsake.source.site, keepsake.source.key))
        here = self._kept(keepsake)
        becomes = keepsakes.would_become(keepsake, here, is_captured=kept.is_captured)
        if becomes is Result.UNCHANGED or self.kept_before.get(name) == hash(keepsake):
            self._all(merged(kept.fates, keepsakes.title_of(keepsake)))
            return
        if self.kept_before.get(name) is None:
            self.tally.keepsakes[keepsake.KIND] += 1
        self.kept_before.put(name, hash(keepsake))
        self._all(kept.fates)

    def _kept(self, keepsake: Keepsake) -> Keepsake | None:
        """What is here of it. Mostly there is nothing of its site, and then one question answers for all."""
        kind, site = keepsake.KIND, keepsake.source.site
        if (kind, site) not in self.kept_here:
            self.kept_here[kind, site] = keepsakes.any_here(kind, site)
        return keepsakes.here_already(keepsake) if self.kept_here[kind, site] else None

    def contact(self, contact: Contact) -> None:
        """Nobody is written down."""

    def repair(self, repair: Repair) -> None:
        """Gather it for whoever asks; the report has a remark on it."""
        self.repairs.add(repair)

    def meaning(self, meaning: Meaning) -> None:
        """Gather it for whoever asks."""
        self.meanings.setdefault((meaning.table, meaning.key), meaning)

    def _all(self, fates: Sequence[Fate]) -> None:
        for fate in fates:
            self.fate(fate)

    def fate(self, fate: Fate) -> None:
        """Count it."""
        self.tally.note(fate.container, fate.key, fate.outcome, fate.detail)

    def begin(self, container: str, file: Path, reader: str) -> None:
        """A rehearsal keeps no bytes."""

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
