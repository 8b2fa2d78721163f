"""The ledger's one table."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


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
