"""What became of every row and file: for the terminal, for a JSON file, for a page."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict, dataclass, field, replace
from typing import TYPE_CHECKING, Any

from django.db.models import Count as CountOf
from django.db.models import Min

from undying.exchange.models import BatchState, ContainerCount, Entry
from undying.exchange.remembering import Numbers
from undying.formats import Outcome
from undying.library.actions import Result

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from undying.exchange.models import Batch

EXAMPLES = 20
"""Reasons shown per outcome; the page of the batch lists them all."""


_NAMES = {
    "challenge": ("challenge", "challenges"),
    "favourite": ("favourite", "favourites"),
    "news": ("piece of news", "pieces of news"),
    "numbers": ("work's numbers of readers", "works' numbers of readers"),
    "page": ("page of the site", "pages of the site"),
    "profile": ("profile", "profiles"),
    "series": ("account of a series", "accounts of series"),
    "tag": ("tag and what it means", "tags and what they mean"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ContainerReport:
    """One table or folder: how many rows or files it held, and how many ended how."""

    container: str
    total: int
    imported: int = 0
    merged: int = 0
    kept_raw: int = 0
    refused: int = 0

    @property
    def adds_up(self) -> bool:
        """Every row and file has exactly one end."""
        return self.total == self.imported + self.merged + self.kept_raw + self.refused


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """Why rows or files were kept raw or refused, how many, and one of them."""

    outcome: str
    detail: str
    times: int
    example: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What an import did, or would do. `keepsakes` counts by kind what it brought or revised beside works."""

    batch: int | None
    label: str
    state: str
    reason: str = ""
    created: int = 0
    revised: int = 0
    keepsakes: tuple[tuple[str, int], ...] = ()
    containers: tuple[ContainerReport, ...] = ()
    reasons: tuple[Reason, ...] = ()
    remarks: tuple[tuple[str, bool], ...] = ()
    is_rehearsal: bool = False
    is_open: bool = False

    @property
    def adds_up(self) -> bool:
        """Every row and file of every container has exactly one end."""
        return all(each.adds_up for each in self.containers)

    def sum(self, outcome: str) -> int:
        """How many rows and files ended so."""
        return sum(getattr(each, outcome.replace(" ", "_")) for each in self.containers)

    @property
    def read_anything(self) -> bool:
        """Whether any story or keepsake could be read at all."""
        return bool(self.created or self.revised or self.keepsakes or self.sum(Outcome.MERGED))

    @property
    def beside_works(self) -> str:
        """What came in beside works, in words: "1 profile, 1,204 favourites"; empty when nothing."""
        counted = ((times, *_NAMES[kind]) for kind, times in self.keepsakes)
        return ", ".join(f"{times:,} {one if times == 1 else many}" for times, one, many in counted)

    def as_json(self) -> dict[str, Any]:
        """The same for programs; documented in docs/running/importing.md."""
        told = asdict(self)
        for container, row in zip(self.containers, told["containers"], strict=True):
            row["adds_up"] = container.adds_up
        told["keepsakes"] = dict(self.keepsakes)
        told["remarks"] = [{"text": text, "grave": grave} for text, grave in self.remarks]
        totals = {outcome.value.replace(" ", "_"): self.sum(outcome) for outcome in Outcome}
        return {"undying_import_report": 1, **told, "totals": totals, "adds_up": self.adds_up}


@dataclass
class Tally:
    """Counts fates as they come: of each row and file it remembers a number, for a dump may have millions."""

    seen: Numbers = field(default_factory=Numbers)
    ends: Counter[tuple[str, str]] = field(default_factory=Counter)
    reasons: dict[tuple[str, str], Reason] = field(default_factory=dict)
    totals: dict[str, int] = field(default_factory=dict)
    remarks: list[tuple[str, bool]] = field(default_factory=list)
    stories: Counter[str] = field(default_factory=Counter)
    keepsakes: Counter[str] = field(default_factory=Counter)

    def note(self, container: str, key: str, outcome: str, detail: str) -> None:
        """How one row or file ended; the first word counts."""
        if not self.seen.add(hash((container, key))):
            return
        self.ends[container, outcome] += 1
        if outcome in _EXPLAINED:
            first = self.reasons.setdefault(
                (outcome, detail), Reason(outcome=outcome, detail=detail, times=0, example=f"{container} {key}")
            )
            self.reasons[outcome, detail] = replace(first, times=first.times + 1)

    def note_story(self, result: str) -> None:
        """A story was taken: "created" or "revised"."""
        self.stories[result] += 1

    def report(self, *, label: str, is_rehearsal: bool) -> Report:
        """The whole."""
        return Report(
            batch=None,
            label=label,
            state="rehearsed",
            created=self.stories["created"],
            revised=self.stories["revised"],
            keepsakes=tuple(sorted(self.keepsakes.items())),
            containers=_containers(
                ((container, outcome, times) for (container, outcome), times in self.ends.items()), self.totals
            ),
            reasons=_sorted_reasons(self.reasons.values()),
            remarks=tuple(self.remarks),
            is_rehearsal=is_rehearsal,
        )


def adding_up(batches: Sequence[Batch]) -> dict[int, bool]:
    """For each of these, whether every row and file of every container has exactly one end. Two queries."""
    numbers = [batch.pk for batch in batches]
    counted = ContainerCount.objects.filter(batch__in=numbers).values_list("batch_id", "container", "total")
    ended = Entry.objects.filter(batch__in=numbers).values_list("batch_id", "container").annotate(times=CountOf("pk"))
    left = {(number, container): total for number, container, total in counted}
    for number, container, times in ended:
        left[number, container] = left.get((number, container), 0) - times
    off = {number for (number, _), rest in left.items() if rest}
    return {number: number not in off for number in numbers}


_EXPLAINED = frozenset({Outcome.KEPT_RAW, Outcome.REFUSED})


def of_batch(batch: Batch) -> Report:
    """The report of a batch as it stands. Seven queries."""
    rows = batch.entries.values_list("container", "outcome").annotate(times=CountOf("pk"))
    works = dict(batch.works.values_list("result").annotate(times=CountOf("pk")))
    return Report(
        batch=batch.pk,
        label=batch.label,
        state=BatchState(batch.state).value,
        reason=batch.reason,
        created=works.get(Result.CREATED, 0),
        revised=works.get(Result.REVISED, 0),
        keepsakes=tuple(batch.keepsakes.values_list("kind").annotate(times=CountOf("pk")).order_by("kind")),
        containers=_containers(rows, dict(batch.counts.values_list("container", "total"))),
        reasons=_sorted_reasons(_reasons(batch)),
        remarks=tuple(batch.remarks.values_list("text", "grave")),
        is_open=batch.is_open,
    )


def _reasons(batch: Batch) -> Iterable[Reason]:
    kept = Entry.objects.filter(batch=batch, outcome__in=_EXPLAINED)
    groups = list(kept.values_list("outcome", "detail").annotate(times=CountOf("pk"), first=Min("pk")))
    examples = Entry.objects.only("container", "key").in_bulk([first for *_, first in groups])
    for outcome, detail, times, first in groups:
        example = examples[first]
        yield Reason(outcome=outcome, detail=detail, times=times, example=f"{example.container} {example.key}")


def _sorted_reasons(reasons: Iterable[Reason]) -> tuple[Reason, ...]:
    return tuple(sorted(reasons, key=lambda each: (each.outcome != Outcome.REFUSED, -each.times, each.detail)))


def _containers(rows: Iterable[tuple[str, str, int]], totals: dict[str, int]) -> tuple[ContainerReport, ...]:
    counts: dict[str, Counter[str]] = {container: Counter() for container in totals}
    for container, outcome, times in rows:
        counts.setdefault(container, Counter())[outcome] += times
    return tuple(
        ContainerReport(
            container=container,
            total=totals.get(container, 0),
            imported=ends[Outcome.IMPORTED],
            merged=ends[Outcome.MERGED],
            kept_raw=ends[Outcome.KEPT_RAW],
            refused=ends[Outcome.REFUSED],
        )
        for container, ends in sorted(counts.items())
    )
