"""Where in canon works and chapters stand."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from undying.library.models.works import Chapter, Work
from undying.manuscript import Divergence, PlacementRelation


class Placement(models.Model):
    """A place in canon, of a work or (with `chapter`) of one chapter. The fields are those of manuscript.Placement."""

    work = models.ForeignKey(Work, on_delete=models.CASCADE, related_name="placements")
    chapter = models.ForeignKey(Chapter, null=True, blank=True, on_delete=models.CASCADE, related_name="placements")
    position = models.PositiveIntegerField()
    fandom = models.CharField(max_length=500, blank=True)
    relation = models.CharField(max_length=10, choices=[(each.value, each.value) for each in PlacementRelation])
    unit = models.CharField(max_length=20, default="season")
    part = models.CharField(max_length=100, blank=True)
    part_to = models.CharField(max_length=100, blank=True)
    episodes = models.JSONField(default=list, blank=True)
    divergence = models.CharField(
        max_length=20, blank=True, choices=[(each.value, each.value) for each in Divergence if each]
    )
    words = models.TextField(blank=True)

    class Meta:
        ordering: ClassVar = ["position"]

    def __str__(self) -> str:
        return self.words or f"{self.relation} {self.unit} {self.part}"
