"""What was decided, by whom and why."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from undying.kernel.clock import now


class Verdict(models.TextChoices):
    """What a moderator can decide about a work."""

    HIDE = "hide", "taken out of sight"
    SHOW = "show", "put back"
    ADMIT = "admit", "a new author's work let in"
    SEND_BACK = "send-back", "a new author's work sent back"


class Decision(models.Model):
    """One decision about a work. The work is named by number: the record outlives it."""

    work_number = models.BigIntegerField(db_index=True)
    verdict = models.CharField(max_length=10, choices=Verdict.choices)
    reason = models.TextField()
    by = models.CharField(max_length=40)
    at = models.DateTimeField(default=now)

    class Meta:
        ordering: ClassVar = ["-pk"]

    def __str__(self) -> str:
        return f"{self.work_number}: {self.verdict}"
