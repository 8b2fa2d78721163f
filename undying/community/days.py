"""What was counted of works, day by day, and the visits of a day."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from undying.library.models import Chapter, Work


class Visit(models.Model):
    """That somebody came to a work or a chapter on a day, so that she counts once.

    `thing` is the id of either; `reader` a digest under a key of that day (`undying.community.visits`). Rows and key go
    with the day.
    """

    day = models.DateField()
    thing = models.BigIntegerField()
    reader = models.BigIntegerField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["day", "thing", "reader"], name="one_visit_per_reader_and_day")
        ]

    def __str__(self) -> str:
        return f"{self.thing} on {self.day}"


class WorkDay(models.Model):
    """The counters of a work as they stood at the end of a day. Days on which none changed have no row."""

    work = models.ForeignKey(Work, on_delete=models.CASCADE, related_name="days")
    day = models.DateField()
    hits = models.PositiveBigIntegerField(default=0)
    kudos = models.PositiveBigIntegerField(default=0)
    comments = models.PositiveBigIntegerField(default=0)
    bookmarks = models.PositiveBigIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["work", "day"], name="one_row_per_work_and_day")]

    def __str__(self) -> str:
        return f"{self.work_id} on {self.day}: {self.hits} hits"


class ChapterDay(models.Model):
    """How many readers came to a chapter on a day. Days on which none did have no row."""

    chapter = models.ForeignKey(Chapter, on_delete=models.CASCADE, related_name="days")
    day = models.DateField()
    hits = models.PositiveIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["chapter", "day"], name="one_row_per_chapter_and_day")]

    def __str__(self) -> str:
        return f"{self.chapter_id} on {self.day}: {self.hits} hits"
