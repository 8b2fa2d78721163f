"""That works were here and were removed on purpose."""

from __future__ import annotations

from django.db import models

from undying.kernel.clock import now


class Withdrawn(models.Model):
    """The number of a work that was removed, and when; nothing of what it was."""

    work_number = models.BigIntegerField(primary_key=True)
    at = models.DateTimeField(default=now)

    def __str__(self) -> str:
        return str(self.work_number)
