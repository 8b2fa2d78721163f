"""The tables of the ledger and of what the archivist chooses."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from undying.kernel.clock import now


class Pending(models.Model):
    """A thing that changed and that a consumer has yet to look at."""

    consumer = models.CharField(max_length=40)
    kind = models.CharField(max_length=40)
    object_id = models.BigIntegerField()
    version = models.BigIntegerField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["consumer", "kind", "object_id"], name="one_note_per_consumer_and_thing")
        ]

    def __str__(self) -> str:
        return f"{self.consumer}: {self.kind} {self.object_id}"


class Chosen(models.Model):
    """What the archivist has chosen, of what `kernel.chosen` declares."""

    name = models.CharField(max_length=60, primary_key=True)
    value = models.JSONField()

    def __str__(self) -> str:
        return self.name


class ChosenChange(models.Model):
    """One change of such a choice."""

    name = models.CharField(max_length=60)
    before = models.JSONField()
    after = models.JSONField()
    by = models.CharField(max_length=255)
    at = models.DateTimeField(default=now)

    def __str__(self) -> str:
        return f"{self.name} by {self.by}"


class Tally(models.Model):
    """How often something was tried of late. `digest` tells neither what nor by whom."""

    digest = models.CharField(max_length=64, primary_key=True)
    count = models.PositiveIntegerField(default=0)
    until = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.count} until {self.until}"
