"""The bookkeeping of imports."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from django.db import models

from undying.exchange import pairs as pairs
from undying.exchange import private as private
from undying.formats import Outcome
from undying.kernel.clock import now
from undying.kernel.portions import in_portions
from undying.library.actions import Result
from undying.library.models import Work

if TYPE_CHECKING:
    from collections.abc import Iterable


class BatchState(models.TextChoices):
    """How far an import is."""

    RUNNING = "running", "under way or cut off; the same command goes on with it"
    STOPPED = "stopped", "stopped by an error; the same command goes on with it"
    DONE = "done", "done"
    UNDONE = "undone", "taken back"


class Batch(models.Model):
    """One import. `digest` names exactly these bytes and options, so that the same command finds its batch again.

    `wish` keeps the options that the files were read with, so that they can be read again from what was kept.
    """

    digest = models.CharField(max_length=64, unique=True)
    label = models.CharField(max_length=500)
    state = models.CharField(max_length=10, choices=BatchState.choices, default=BatchState.RUNNING)
    reason = models.TextField(blank=True)
    started = models.DateTimeField(default=now)
    finished = models.DateTimeField(null=True, blank=True)
    is_open = models.BooleanField(default=False)
    wish = models.JSONField(default=dict, blank=True)

    def __str__(self) -> str:
        return f"{self.pk}: {self.label}"

    def entries_named(self, names: Iterable[tuple[str, str]]) -> dict[tuple[str, str], Entry]:
        """Its entries with these containers and keys, by both. One query for each container and some hundred keys."""
        keys: dict[str, list[str]] = {}
        for container, key in names:
            keys.setdefault(container, []).append(key)
        return {
            (entry.container, entry.key): entry
            for container, mine in keys.items()
            for some in in_portions(mine)
            for entry in self.entries.filter(container=container, key__in=some)
        }


class Entry(models.Model):
    """How one row or file of a batch ended. `original` is the SHA-256 of its bytes in the store, for files.

    A row's bytes are the `size` bytes from `at` on in the file that its container's count names.
    """

    batch = models.ForeignKey(Batch, on_delete=models.CASCADE, related_name="entries")
    container = models.CharField(max_length=500)
    key = models.CharField(max_length=500)
    outcome = models.CharField(max_length=10, choices=[(each.value, each.value) for each in Outcome])
    detail = models.TextField(blank=True)
    work = models.ForeignKey(Work, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    original = models.CharField(max_length=64, blank=True)
    at = models.BigIntegerField(null=True, blank=True)
    size = models.BigIntegerField(null=True, blank=True)

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
    """How many rows or files a table or folder held, counted apart from the entries.

    `original` is the SHA-256 of the file that a table stands in, and `reader` the name of the reader that took it, for
    the spans of its rows are that reader's; both are empty for folders.
    """

    batch = models.ForeignKey(Batch, on_delete=models.CASCADE, related_name="counts")
    container = models.CharField(max_length=500)
    total = models.PositiveIntegerField()
    original = models.CharField(max_length=64, blank=True)
    reader = models.CharField(max_length=100, blank=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["batch", "container"], name="one_count_per_container")]
        indexes: ClassVar = [models.Index(fields=["original"], name="counts_by_original")]

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


class BatchKeepsake(models.Model):
    """That a batch created or revised a keepsake. `before` is the SHA-256 of what it replaced, in the store.

    It is named as its source names it: the row may be gone, and undoing must know that.
    """

    batch = models.ForeignKey(Batch, on_delete=models.CASCADE, related_name="keepsakes")
    kind = models.CharField(max_length=10)
    site = models.CharField(max_length=255)
    key = models.CharField(max_length=255)
    result = models.CharField(max_length=10, choices=[(each.value, each.value) for each in Result])
    before = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["kind", "site", "key", "batch"], name="a_keepsake_is_in_a_batch_once")
        ]
        indexes: ClassVar = [
            models.Index(fields=["before"], name="keepsakes_by_before", condition=~models.Q(before=""))
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.key} of {self.site} {self.result}"


class BatchRepair(models.Model):
    """What a rule mended in a batch, or would mend: how often, and passages before and after."""

    batch = models.ForeignKey(Batch, on_delete=models.CASCADE, related_name="repairs")
    rule = models.CharField(max_length=50)
    applied = models.BooleanField()
    times = models.PositiveIntegerField()
    examples = models.JSONField(default=list)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["batch", "rule"], name="a_rule_is_told_once")]

    def __str__(self) -> str:
        return f"{self.rule}: {self.times}"


class BatchMeaning(models.Model):
    """What one of the source's labels was taken for, and what the archivist said that it is.

    `proposed` and `decided` are lists of [kind, name]; the empty list says that the label is no tag. `decided` counts
    only where `is_decided`: in a column of JSON "nothing yet" has two spellings, and queries know them apart.
    """

    batch = models.ForeignKey(Batch, on_delete=models.CASCADE, related_name="meanings")
    table = models.CharField(max_length=200)
    key = models.CharField(max_length=500)
    name = models.TextField()
    parent = models.TextField(blank=True)
    uses = models.PositiveIntegerField(default=0)
    examples = models.JSONField(default=list)
    proposed = models.JSONField(default=list)
    why = models.TextField(blank=True)
    is_certain = models.BooleanField(default=False)
    decided = models.JSONField(default=list)
    is_decided = models.BooleanField(default=False)
    place = models.PositiveIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["batch", "table", "key"], name="a_label_means_one_thing_in_a_batch")
        ]
        ordering: ClassVar = ["place", "pk"]

    def __str__(self) -> str:
        return f"{self.table} {self.key}: {self.name}"


class Reread(models.Model):
    """That a batch was read again from its originals: only to compare, or so that the works changed.

    `repairs` are the words on rules that it was read with, `labels` a digest of those on labels. `changed` and
    `created` count works, `fates` the rows and files that ended otherwise; `fields` says how often each field differs.
    `examples` are works with passages before and after, `left` the works that stayed as they are, and why.
    """

    batch = models.ForeignKey(Batch, on_delete=models.CASCADE, related_name="rereads")
    asked = models.DateTimeField(default=now)
    is_accepted = models.BooleanField(default=False)
    repairs = models.JSONField(default=list)
    labels = models.CharField(max_length=64, blank=True)
    changed = models.PositiveIntegerField(default=0)
    created = models.PositiveIntegerField(default=0)
    fates = models.PositiveIntegerField(default=0)
    fields = models.JSONField(default=dict)
    examples = models.JSONField(default=list)
    left = models.JSONField(default=list)

    def __str__(self) -> str:
        return f"batch {self.batch_id} read again: {self.changed} changed"
