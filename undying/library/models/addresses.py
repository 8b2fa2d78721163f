"""Where works stood before they came here."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from undying.library.models.works import Chapter, Work


class AlsoKnown(models.Model):
    """Another source that gave the same story: a work that was merged into this one. Its addresses lead here."""

    work = models.ForeignKey(Work, on_delete=models.CASCADE, related_name="also")
    position = models.PositiveIntegerField()
    site = models.CharField(max_length=255)
    key = models.CharField(max_length=500)
    url = models.CharField(max_length=2000, blank=True)
    archivist = models.CharField(max_length=255, blank=True)

    class Meta:
        ordering: ClassVar = ["position"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["site", "key"], name="one_work_also_known_as")]

    def __str__(self) -> str:
        return f"{self.site} {self.key}"


class OldAddress(models.Model):
    """An address that a work or chapter had in its source, in its one shape (see `undying.library.addresses`).

    `digest` is that of the path, so that the index stays small whatever stands in an address; `host` is without "www.".
    """

    work = models.ForeignKey(Work, on_delete=models.CASCADE, related_name="old_addresses")
    chapter = models.ForeignKey(Chapter, null=True, blank=True, on_delete=models.CASCADE, related_name="old_addresses")
    host = models.CharField(max_length=255)
    digest = models.CharField(max_length=32, db_index=True)

    def __str__(self) -> str:
        return f"{self.host} {self.digest}"
