"""The tables of duplicates: what each text looks like in short, and the pairs that a person has to judge."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from undying.kernel.clock import now
from undying.library.models import Work


class Signature(models.Model):
    """A work's text in short. `made_of` is the fingerprint of the work that it was made of: another one makes it stale.

    `text` is the digest of its words, `minima` the MinHash of its shingles (see `undying.exchange.likeness`).
    """

    work = models.OneToOneField(Work, on_delete=models.CASCADE, related_name="+")
    made_of = models.CharField(max_length=64)
    shingles = models.PositiveIntegerField()
    text = models.CharField(max_length=64)
    minima = models.BinaryField()

    def __str__(self) -> str:
        return self.text


class Kind(models.TextChoices):
    """How two works are alike."""

    SAME = "same", "the same text"
    NEAR = "near", "nearly the same text"
    PART = "part", "one is nearly all in the other"


class Decision(models.TextChoices):
    """What the archivist made of it."""

    OPEN = "", "not decided yet"
    KEPT = "kept", "both are kept"
    LINKED = "linked", "linked as versions of one story"
    MERGED = "merged", "merged into one"


class Duplicate(models.Model):
    """Two works that may be one, by their numbers: the one with the lower number is `one`.

    `likeness` is the share of runs of words that both have among all that either has, `overlap` among those of the
    shorter; both in per cent. Of a merged pair, `gone` is the number that is no more, `chapters` the numbers of its
    chapters, `entries` those of its rows in the ledger and `audience` for whom it was; `series` are those that the kept
    one was in by itself; `before_kept` and `before_gone` are the SHA-256 of both as they were. `hits` and `kudos` are
    those that the kept one took over.
    """

    one = models.BigIntegerField(db_index=True)
    other = models.BigIntegerField(db_index=True)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    likeness = models.PositiveSmallIntegerField()
    overlap = models.PositiveSmallIntegerField()
    decision = models.CharField(max_length=10, choices=Decision.choices, default=Decision.OPEN, blank=True)
    found = models.DateTimeField(default=now)
    decided = models.DateTimeField(null=True, blank=True)
    decided_by = models.CharField(max_length=150, blank=True)
    gone = models.BigIntegerField(null=True, blank=True)
    chapters = models.JSONField(default=list, blank=True)
    entries = models.JSONField(default=list, blank=True)
    series = models.JSONField(default=list, blank=True)
    audience = models.CharField(max_length=10, blank=True)
    before_kept = models.CharField(max_length=64, blank=True)
    before_gone = models.CharField(max_length=64, blank=True)
    hits = models.PositiveBigIntegerField(default=0)
    kudos = models.PositiveBigIntegerField(default=0)

    class Meta:
        ordering: ClassVar = ["-likeness", "-overlap", "pk"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["one", "other"], name="one_judgement_of_a_pair")]

    def __str__(self) -> str:
        return f"{self.one} and {self.other}: {self.kind}"

    @property
    def kept(self) -> int:
        """The number of the work that took the other in; of a pair that is not merged, the first."""
        return self.other if self.gone == self.one else self.one
