"""What readers said."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from undying.kernel.ids import new_id
from undying.library.fields import ProseField
from undying.library.models import Chapter, Work


class Review(models.Model):
    """A reader's review with the author's answer. The fields are those of manuscript.Review.

    It carries the name that the reader used; no account is tied to it until she claims it. A review of a chapter that
    the reader of the page may not see stays out of sight with it.
    """

    id = models.BigIntegerField(primary_key=True, default=new_id, editable=False)
    work = models.ForeignKey(Work, on_delete=models.CASCADE, related_name="reviews")
    chapter = models.ForeignKey(Chapter, null=True, blank=True, on_delete=models.CASCADE, related_name="reviews")
    position = models.PositiveIntegerField()
    name = models.CharField(max_length=255)
    body = ProseField()
    posted = models.DateTimeField(null=True, blank=True)
    score = models.IntegerField(null=True, blank=True)
    scale = models.CharField(max_length=20, blank=True)
    response = ProseField()
    key = models.CharField(max_length=255, blank=True)
    reviewer_key = models.CharField(max_length=255, blank=True)

    class Meta:
        ordering: ClassVar = ["position"]

    def __str__(self) -> str:
        return f"{self.name} on {self.work}"
