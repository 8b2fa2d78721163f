"""Series, which may hold works and further series."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Self

from django.db import models
from django.db.models import Exists, OuterRef, Q

from undying.kernel.ids import new_id
from undying.library.fields import ProseField
from undying.library.models.works import Work

if TYPE_CHECKING:
    from undying.people.viewer import Viewer


class SeriesQuerySet(models.QuerySet["Series"]):
    """Sets of series."""

    def visible_to(self, viewer: Viewer) -> Self:
        """Series that hold, at most three levels down, a work that this viewer may read."""
        readable = Work.objects.visible_to(viewer)
        holds = Q()
        for path in ("series", "series__within", "series__within__within"):
            holds |= Q(Exists(SeriesEntry.objects.filter(**{path: OuterRef("pk")}, work__in=readable)))
        return self.filter(holds)


class Series(models.Model):
    """Works that belong together, in order. `identity` tells series of one site apart where `key` is unknown."""

    id = models.BigIntegerField(primary_key=True, default=new_id, editable=False)
    title = models.CharField(max_length=1000)
    summary = ProseField()
    site = models.CharField(max_length=255, blank=True)
    identity = models.CharField(max_length=1500)
    key = models.CharField(max_length=500, blank=True)
    url = models.CharField(max_length=2000, blank=True)
    within = models.ForeignKey("self", null=True, blank=True, on_delete=models.SET_NULL, related_name="parts")
    within_position = models.PositiveIntegerField(default=0)

    objects = SeriesQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["site", "identity"], name="one_series_per_identity")]

    def __str__(self) -> str:
        return self.title


class SeriesEntry(models.Model):
    """The place of a work in a series. `position` is 0 where the source does not say; `order` is the work's own."""

    series = models.ForeignKey(Series, on_delete=models.CASCADE, related_name="entries")
    work = models.ForeignKey(Work, on_delete=models.CASCADE, related_name="series_entries")
    position = models.PositiveIntegerField(default=0)
    order = models.PositiveIntegerField(default=0)

    class Meta:
        ordering: ClassVar = ["order"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["series", "work"], name="a_work_is_in_a_series_once")]

    def __str__(self) -> str:
        return f"{self.position} of {self.series}"
