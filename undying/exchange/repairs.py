"""What rules mended in a batch, or would mend, and what the archivist allowed: kept with the batch."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from undying.exchange.models import BatchRepair
from undying.formats.repairs import EXAMPLES, RULES, WITHDRAWN, allows

if TYPE_CHECKING:
    from undying.exchange.models import Batch
    from undying.formats import Repair
    from undying.formats.repairs import Rule


@dataclass
class Told:
    """What one reading told of one rule."""

    applied: bool
    times: int = 0
    examples: list[dict[str, str]] = field(default_factory=list)


@dataclass
class Repairs:
    """Gathers what a reading tells: a few examples for each rule, and how often it found something."""

    by_rule: dict[str, Told] = field(default_factory=dict)

    def add(self, repair: Repair) -> None:
        """One more. What has no passage only counts."""
        known = self.by_rule.setdefault(repair.rule, Told(repair.applied))
        known.times += repair.places
        if repair.before and len(known.examples) < EXAMPLES:
            known.examples.append({"where": repair.where, "before": repair.before, "after": repair.after})

    def store(self, batch: Batch) -> None:
        """Write it down in place of what an earlier reading of the batch told."""
        for rule, told in self.by_rule.items():
            BatchRepair.objects.update_or_create(
                batch=batch,
                rule=rule,
                defaults={"applied": told.applied, "times": told.times, "examples": told.examples},
            )
        batch.repairs.exclude(rule__in=self.by_rule).delete()


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """A rule and what it did, or would do, in one batch.

    `applied` is how the works stand now, `wanted` what the archivist last said: they differ until it is read again.
    """

    rule: Rule
    applied: bool
    wanted: bool
    times: int
    examples: tuple[dict[str, str], ...]


def of_batch(batch: Batch) -> tuple[Standing, ...]:
    """Every rule that found something in the batch, those that wait for a word first. One query."""
    chosen = wished(batch)
    found = [
        Standing(
            rule=RULES[each.rule],
            applied=each.applied,
            wanted=allows(chosen, each.rule),
            times=each.times,
            examples=tuple(each.examples),
        )
        for each in batch.repairs.all()
        if each.rule in RULES
    ]
    return tuple(sorted(found, key=lambda each: (each.rule.is_usual, -each.times)))


def wished(batch: Batch) -> frozenset[str]:
    """What the archivist said about rules, as `Request.repairs` takes it."""
    return frozenset(batch.wish.get("repairs", ()))


def decide(batch: Batch, rule: Rule, *, allow: bool) -> None:
    """Remember that a rule may be applied, or may not. It comes true when the batch is read again."""
    word = f"{WITHDRAWN}{rule.name}" if rule.is_usual else rule.name
    chosen = set(wished(batch)) - {word}
    if allow is not rule.is_usual:
        chosen.add(word)
    batch.wish = {**batch.wish, "repairs": sorted(chosen)}
    batch.save(update_fields=["wish"])
