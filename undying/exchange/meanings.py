"""What a source's labels were taken for, and what the archivist says that they are: kept with the batch."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.db.models import Q

from undying.exchange.models import BatchMeaning
from undying.manuscript import Tagging, TagKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from undying.exchange.models import Batch
    from undying.formats import Meaning

AT_A_TIME = 500
LONGEST_KEY = 500
_MOST_NAMED = 10
Label = tuple[str, str]
Tags = tuple[Tagging, ...]
_DECISION = ("decided", "is_decided")
_TOLD = ("name", "parent", "uses", "examples", "proposed", "why", "is_certain", "place")


@dataclass
class Meanings:
    """Writes down what a reading tells of labels, many at a time; what was decided stays."""

    batch: Batch
    waiting: dict[Label, Meaning] = field(default_factory=dict)
    told: set[Label] = field(default_factory=set)

    def add(self, meaning: Meaning) -> None:
        """One more label."""
        label = (meaning.table, meaning.key[:LONGEST_KEY])
        if label not in self.told:
            self.waiting[label] = meaning
            self.told.add(label)
        if len(self.waiting) >= AT_A_TIME:
            self._flush()

    def _flush(self) -> None:
        start = len(self.told) - len(self.waiting)
        BatchMeaning.objects.bulk_create(
            (self._row(label, meaning, start + at) for at, (label, meaning) in enumerate(self.waiting.items())),
            update_conflicts=True,
            unique_fields=["batch", "table", "key"],
            update_fields=_TOLD,
        )
        self.waiting.clear()

    def _row(self, label: Label, meaning: Meaning, place: int) -> BatchMeaning:
        return BatchMeaning(
            batch=self.batch,
            table=label[0],
            key=label[1],
            name=meaning.name,
            parent=meaning.parent,
            uses=meaning.uses,
            examples=list(meaning.examples),
            proposed=as_json(meaning.taggings),
            why=meaning.why,
            is_certain=meaning.is_certain,
            place=place,
        )

    def store(self) -> list[Label]:
        """All is read: forget labels that are there no more. Returns those decided about that never came."""
        self._flush()
        strangers = []
        for row in self.batch.meanings.only("table", "key", "is_decided"):
            if (row.table, row.key) not in self.told:
                if row.is_decided:
                    strangers.append((row.table, row.key))
                else:
                    row.delete()
        return strangers


def bring(batch: Batch, chosen: Mapping[Label, Tags]) -> None:
    """Write down decisions that were made before the batch is read."""
    BatchMeaning.objects.bulk_create(
        (
            BatchMeaning(batch=batch, table=table, key=key, name=key, decided=as_json(tags), is_decided=True)
            for (table, key), tags in chosen.items()
        ),
        batch_size=AT_A_TIME,
        update_conflicts=True,
        unique_fields=["batch", "table", "key"],
        update_fields=_DECISION,
    )


def unmatched(labels: list[Label]) -> str:
    """The remark on labels that were decided about and that nothing bears."""
    named = ", ".join(f"{key} of {table}" for table, key in labels[:_MOST_NAMED])
    more = f" and {len(labels) - _MOST_NAMED:,} more" if len(labels) > _MOST_NAMED else ""
    return f"The decisions on labels name some that this archive does not have ({named}{more})."


def decided(batch: Batch) -> dict[Label, Tags]:
    """What the archivist decided, as `Request.meanings` takes it. One query."""
    rows = batch.meanings.filter(is_decided=True).only("table", "key", "decided")
    return {(row.table, row.key): from_json(row.decided) for row in rows}


def unsure() -> Q:
    """The labels whose proposal is not certain and that nobody has decided about."""
    return Q(is_certain=False, is_decided=False)


def decide(batch: Batch, choices: Mapping[int, Tags | None]) -> int:
    """Take labels, by the numbers of their rows, for these tags; None goes back to what is proposed.

    Returns how many changed. It comes true when the batch is read again.
    """
    changed = []
    for row in batch.meanings.filter(pk__in=choices):
        tags = choices[row.pk]
        wanted = (tags is not None, as_json(tags or ()))
        if (row.is_decided, row.decided) != wanted:
            row.is_decided, row.decided = wanted
            changed.append(row)
    BatchMeaning.objects.bulk_update(changed, _DECISION, batch_size=AT_A_TIME)
    return len(changed)


def effective(row: BatchMeaning) -> Tags:
    """What the label's works get: what was decided, else what is proposed."""
    return from_json(row.decided if row.is_decided else row.proposed)


def as_json(tags: Tags) -> list[list[str]]:
    """Tags as the database holds them."""
    return [[tagging.kind.value, tagging.name] for tagging in tags]


def from_json(stored: Iterable[Iterable[str]]) -> Tags:
    """The tags again."""
    return tuple(Tagging(kind=TagKind(kind), name=name) for kind, name in stored)
