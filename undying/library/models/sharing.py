"""The link of a work that is for whoever has it."""

from __future__ import annotations

from django.db import models

from undying.kernel.clock import now
from undying.library.models.works import Work


class WorkLink(models.Model):
    """By which token a work opens that is for whoever has its link."""

    work = models.OneToOneField(Work, on_delete=models.CASCADE, related_name="link")
    token = models.CharField(max_length=64, unique=True)
    made = models.DateTimeField(default=now)

    def __str__(self) -> str:
        return f"link of {self.work_id}"
