"""The bookkeeping of imports."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from undying.formats import Outcome
from undying.kernel.clock import now
from undying.library.actions import Result
from undying.library.models import Work


class BatchState(models.TextChoices):
    """How far an import is."""

    RUNNING = "running", "under way or cut off; the same command goes on with it"
    STOPPED = "stopped", "stopped by an error; the same command goes on with it"
    DONE = "done", "done"
    UNDONE = "undone", "taken back"


class Batch(models.Model):
    """One import. `digest` names exactly these bytes and options, so that the same command finds its batch again."""

    digest = models.CharField(max_length=64, unique=True)
    label = models.CharField(max_length=500)
    state = models.CharField(max_length=10, choices=BatchState.choices, default=BatchState.RUNNING)
    reason = models.TextField(blank=True)
    started = models.DateTimeField(default=now)
    finished = models.DateTimeField(null=True, blank=True)
    is_open = models.BooleanField(default=False)

    def __str__(self) -> str:
        return f"{self.pk}: {self.label}"


class Entry(models.Model):
    """How one row or file of a batch ended. `original` is the SHA-256 of its bytes in the store, for files."""

    batch = models.ForeignKey(Batch, on_delete=models.CASCADE, related_name="entries")
    container = models.CharField(max_length=500)
    key = models.CharField(max_length=500)
    outcome = models.CharField(max_length=10, choices=[(each.value, each.value) for each in Outcome])
    detail = models.TextField(blank=True)
    work = models.ForeignKey(Work, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    original = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["batch", "container", "key"], name="one_fate_per_row_or_file")
        ]
        indexes: ClassVar = [
            models.Index(fields=["batch", "outcome"], name="entries_by_outcome"),
            models.Index(fields=["original"], name="entries_by_original"),
        ]

    def __str__(self) -> str:
        return f"{self.container} {self.key}: {self.outcome}"


class ContainerCount(models.Model):
    """How many rows or files a table or folder held, counted apart from the entries."""

    batch = models.ForeignKey(Batch, on_delete=models.CASCADE, related_name="counts")
    container = models.CharField(max_length=500)
    total = models.PositiveIntegerField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["batch", "container"], name="one_count_per_container")]

    def __str__(self) -> str:
        return f"{self.container}: {self.total}"


class BatchRemark(models.Model):
    """Something that the archivist should know."""

    batch = models.ForeignKey(Batch, on_delete=models.CASCADE, related_name="remarks")
    text = models.TextField()
    grave = models.BooleanField(default=False)

    class Meta:
        ordering: ClassVar = ["-grave", "pk"]

    def __str__(self) -> str:
        return self.text


class BatchWork(models.Model):
    """That a batch created or revised a work. `before` is the SHA-256 of the manuscript that it replaced, in the store.

    The work is named by number, not by key: it may be gone, and undoing must know that.
    """

    batch = models.ForeignKey(Batch, on_delete=models.CASCADE, related_name="works")
    work_number = models.BigIntegerField(db_index=True)
    result = models.CharField(max_length=10, choices=[(each.value, each.value) for each in Result])
    before = models.CharField(max_length=64, blank=True)
    fingerprint = models.CharField(max_length=64)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["batch", "work_number"], name="a_work_is_in_a_batch_once")
        ]

    def __str__(self) -> str:
        return f"{self.work_number} {self.result}"
