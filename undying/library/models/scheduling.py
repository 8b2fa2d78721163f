"""That a draft goes up by itself."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from undying.library.models.works import Chapter, Work
from undying.people.models import User


class Scheduled(models.Model):
    """That a draft, or a draft chapter, is to be posted at a time; `failed` says why that could not be done then.

    `by` is who said so, `zone` the time zone in which she did.
    """

    work = models.ForeignKey(Work, on_delete=models.CASCADE, related_name="scheduled")
    chapter = models.OneToOneField(Chapter, null=True, on_delete=models.CASCADE, related_name="scheduled")
    at = models.DateTimeField(db_index=True)
    zone = models.CharField(max_length=60)
    by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    failed = models.TextField(blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["work"], condition=Q(chapter=None), name="a_work_goes_up_once"),
        ]

    def __str__(self) -> str:
        return f"{self.work_id} at {self.at}"
