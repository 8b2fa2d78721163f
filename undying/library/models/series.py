"""Series, which may hold works and further series."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Self

from django.db import models
from django.db.models import Exists, OuterRef, Q

from undying.kernel.fields import ProseField
from undying.kernel.ids import new_id
from undying.library.models.works import Work
from undying.manuscript import Openness
from undying.people.kept import FromSource, KeptQuerySet
from undying.people.models import Pseud

if TYPE_CHECKING:
    from undying.people.viewer import Viewer


class SeriesQuerySet(models.QuerySet["Series"]):
    """Sets of series."""

    def visible_to(self, viewer: Viewer) -> Self:
        """Series that hold, at most three levels down, a work that this viewer may read; and those with an account of
        their own that is for her, whatever they hold.
        """
        readable = Exists(Work.objects.visible_to(viewer).filter(pk=OuterRef("work")))
        accounts = SeriesAccount.objects.visible_to(viewer)
        holds = Q(Exists(accounts.filter(series=OuterRef("pk"))))
        for path in ("series", "series__within", "series__within__within"):
            holds |= Q(Exists(SeriesEntry.objects.filter(readable, **{path: OuterRef("pk")})))
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
        indexes: ClassVar = [models.Index(fields=["site", "key"], name="series_by_source")]

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


class SeriesAccountQuerySet(KeptQuerySet["SeriesAccount"]):
    """Sets of series' accounts."""


class SeriesAccount(FromSource):
    """What is known of a series beside the places of its works. The fields are those of manuscript.SeriesAccount.

    It has a title and a summary of its own, so that works tell of the series what they told, with it and without.
    """

    series = models.OneToOneField(Series, on_delete=models.PROTECT, related_name="account")
    title = models.CharField(max_length=1000)
    summary = ProseField()
    openness = models.CharField(max_length=10, choices=[(each.value, each.value) for each in Openness])
    taggings = models.JSONField(default=list, blank=True)
    within = models.CharField(max_length=255, blank=True)
    extras = models.JSONField(default=list, blank=True)

    objects = SeriesAccountQuerySet.as_manager()

    class Meta(FromSource.Meta):
        indexes: ClassVar = [models.Index(fields=["site", "within"], name="series_accounts_by_outer")]

    def __str__(self) -> str:
        return self.title

    def pen_names(self) -> set[int]:
        """The numbers of its owners' pen names."""
        return set(self.owners.values_list("pseud_id", flat=True))


class SeriesOwner(models.Model):
    """That a pen name owns a series."""

    account = models.ForeignKey(SeriesAccount, on_delete=models.CASCADE, related_name="owners")
    pseud = models.ForeignKey(Pseud, on_delete=models.PROTECT, related_name="owned_series")
    position = models.PositiveIntegerField()
    archived_by = models.CharField(max_length=255, blank=True)

    class Meta:
        ordering: ClassVar = ["position"]

    def __str__(self) -> str:
        return self.pseud.name


class SeriesListing(models.Model):
    """That the source lists a work in a series, by its key there: the work may be here, or come later, or be lost."""

    account = models.ForeignKey(SeriesAccount, on_delete=models.CASCADE, related_name="listings")
    position = models.PositiveIntegerField()
    key = models.CharField(max_length=500)

    class Meta:
        ordering: ClassVar = ["position"]

    def __str__(self) -> str:
        return f"{self.position}: {self.key}"
