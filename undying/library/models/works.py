"""Works, their chapters and their creators."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Self

from django.apps import apps
from django.db import models
from django.db.models import Exists, OuterRef, Prefetch, Q

from undying.kernel.clock import now
from undying.kernel.fields import ProseField
from undying.kernel.ids import new_id
from undying.manuscript import Audience, RelationKind, State, Status, TagKind, Wishes, wishes_from
from undying.people.models import Pseud

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from undying.library.models.tags import Tag
    from undying.people.viewer import Viewer

OPEN_RATINGS = frozenset({"general audiences", "teen and up audiences", "pg", "k+", "frc", "frt"})
"""Ratings, in lower case, that say for certain that a work is not for adults alone. Any other asks first, as an old
site's own word may mean anything and its gate must not be loosened. A work with no rating at all does not ask.
"""


def readable_by(viewer: Viewer) -> Q:
    """Which works this viewer may read: the single statement of the rule. `finding` holds its other half to it."""
    if viewer.sees_all:
        return Q()
    shown = Q(state=State.POSTED)
    if not viewer.moderates:
        shown &= Q(is_hidden=False)
    hers = Q(audience=Audience.EVERYONE)
    if viewer.is_member:
        hers |= Q(audience=Audience.MEMBERS)
    if viewer.opened:
        hers |= Q(audience=Audience.LINK, pk__in=viewer.opened)
    shown &= hers
    if viewer.user_id is None:
        return shown
    own = Creatorship.objects.filter(work=OuterRef("pk"), pseud__user=viewer.user_id)
    if viewer.shut_out and not viewer.moderates:
        shown &= ~Q(Exists(_of_accounts(viewer.shut_out)))
    return shown | Q(Exists(own))


def _of_accounts(accounts: frozenset[int]) -> CreatorshipQuerySet:
    """Who made the work, of these accounts, under a name that is linked to one: what vanishes with an account tells
    whose it is.
    """
    return Creatorship.objects.filter(
        work=OuterRef("pk"), chapter=None, pseud__is_linked=True, pseud__user__in=sorted(accounts)
    )


class WorkQuerySet(models.QuerySet["Work"]):
    """Sets of works. Whatever a person gets to see goes through `visible_to`."""

    def visible_to(self, viewer: Viewer) -> Self:
        """Works this viewer may read."""
        return self.filter(readable_by(viewer))

    def newest(self) -> Self:
        """Latest change first; the id breaks ties so that pages never overlap."""
        return self.order_by("-revised", "-id")

    def with_card(self) -> Self:
        """All that a card shows, in a fixed number of queries."""
        return self.select_related("counters").prefetch_related(
            Prefetch("creatorships", Creatorship.objects.select_related("pseud__user").order_by("position")),
            _with_one("worktags", "WorkTag", "tag"),
            "placements",
            _with_one("series_entries", "SeriesEntry", "series"),
        )

    def with_page(self) -> Self:
        """All that the work page shows besides its chapters."""
        return self.with_card().prefetch_related("related", "also")


def _with_one(rows: str, name: str, other: str) -> Prefetch[str]:
    """Rows of a work, each with what it leads to: in one query, as two take twice as long for hundreds of tags."""
    kind = apps.get_model("library", name)
    return Prefetch(rows, kind._default_manager.select_related(other))


class Work(models.Model):
    """A story. `revised` is what lists sort by: the author's last update, else publication, else arrival here.

    `words` and `chapter_count` count posted chapters only. `(site, key)` is its identity in the source it came from;
    `fingerprint` is that of the manuscript as it arrived.
    """

    id = models.BigIntegerField(primary_key=True, default=new_id, editable=False)
    title = models.CharField(max_length=1000)
    summary = ProseField()
    notes_before = ProseField()
    notes_after = ProseField()
    rights = ProseField()
    language = models.CharField(max_length=35, blank=True)
    status = models.CharField(max_length=20, choices=[(each.value, each.value) for each in Status])
    planned_chapters = models.PositiveIntegerField(null=True, blank=True)
    published = models.DateTimeField(null=True, blank=True)
    updated = models.DateTimeField(null=True, blank=True)
    arrived = models.DateTimeField(default=now)
    revised = models.DateTimeField(default=now)
    words = models.PositiveIntegerField(default=0)
    chapter_count = models.PositiveIntegerField(default=0)
    is_adult = models.BooleanField(default=False)
    state = models.CharField(max_length=10, choices=[(each.value, each.value) for each in State])
    audience = models.CharField(max_length=10, choices=[(each.value, each.value) for each in Audience])
    is_hidden = models.BooleanField(default=False)
    gifts = models.JSONField(default=list, blank=True)
    wished = models.JSONField(default=dict, blank=True)
    extras = models.JSONField(default=list, blank=True)
    site = models.CharField(max_length=255, blank=True)
    key = models.CharField(max_length=500, blank=True)
    url = models.CharField(max_length=2000, blank=True)
    archivist = models.CharField(max_length=255, blank=True)
    original_audience = models.CharField(max_length=10, default=Audience.EVERYONE)
    fingerprint = models.CharField(max_length=64, blank=True)

    objects = WorkQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["site", "key"], condition=~Q(site=""), name="one_work_per_source_key")
        ]
        indexes: ClassVar = [models.Index(fields=["-revised", "-id"], name="works_by_revised")]

    def __str__(self) -> str:
        return self.title

    @property
    def is_complete(self) -> bool:
        """Nothing more is to come."""
        return self.status == Status.COMPLETE

    @property
    def is_open(self) -> bool:
        """For everybody, neither for members only nor for whoever has a link."""
        return self.audience == Audience.EVERYONE

    @property
    def wishes(self) -> Wishes:
        """What its author lets others do with it."""
        return wishes_from(self.wished)

    @property
    def byline(self) -> list[Creatorship]:
        """Who made the work, in order; creators of single chapters are not among them. Needs `with_card`."""
        return [each for each in self.creatorships.all() if each.chapter_id is None]

    def tags(self, kind: TagKind) -> Sequence[Tag]:
        """Its tags of one kind in the author's order. Needs `with_card`."""
        return [each.tag for each in self.worktags.all() if each.tag.kind == kind]

    @property
    def changed(self) -> datetime | None:
        """When the author last changed it, as far as the source said."""
        return self.updated or self.published


class ChapterQuerySet(models.QuerySet["Chapter"]):
    """Sets of chapters."""

    def visible_to(self, viewer: Viewer) -> Self:
        """Posted chapters of readable works, and every chapter of the viewer's own."""
        # Said so, the works of the chapters at hand are looked at; with "in", SQLite would list all there are.
        readable = self.filter(Exists(Work.objects.visible_to(viewer).filter(pk=OuterRef("work"))))
        if viewer.sees_all:
            return readable
        if viewer.user_id is None:
            return readable.filter(state=State.POSTED)
        own = Creatorship.objects.filter(work=OuterRef("work"), pseud__user=viewer.user_id)
        return readable.filter(Q(state=State.POSTED) | Q(Exists(own)))

    def in_order(self) -> Self:
        """First to last."""
        return self.order_by("position")


class Chapter(models.Model):
    """One chapter. `position` counts from 1 without gaps."""

    id = models.BigIntegerField(primary_key=True, default=new_id, editable=False)
    work = models.ForeignKey(Work, on_delete=models.CASCADE, related_name="chapters")
    position = models.PositiveIntegerField()
    title = models.CharField(max_length=1000, blank=True)
    summary = ProseField()
    notes_before = ProseField()
    notes_after = ProseField()
    body = ProseField()
    words = models.PositiveIntegerField(default=0)
    published = models.DateTimeField(null=True, blank=True)
    updated = models.DateTimeField(null=True, blank=True)
    state = models.CharField(max_length=10, choices=[(each.value, each.value) for each in State])
    key = models.CharField(max_length=500, blank=True)
    url = models.CharField(max_length=2000, blank=True)

    objects = ChapterQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["work", "position"], name="one_chapter_per_position"),
        ]

    def __str__(self) -> str:
        return self.title or f"Chapter {self.position}"


class CreatorshipQuerySet(models.QuerySet["Creatorship"]):
    """Sets of creatorships."""

    def visible_to(self, viewer: Viewer) -> Self:
        """Of readable works, but for those of chapters that this viewer may not read."""
        readable = Exists(Work.objects.visible_to(viewer).filter(pk=OuterRef("work")))
        of_readable = Exists(Chapter.objects.visible_to(viewer).filter(pk=OuterRef("chapter")))
        return self.filter(Q(readable, chapter=None) | Q(of_readable))


class Creatorship(models.Model):
    """That a pen name made a work, or (with `chapter`) one chapter of it."""

    work = models.ForeignKey(Work, on_delete=models.CASCADE, related_name="creatorships")
    chapter = models.ForeignKey(Chapter, null=True, blank=True, on_delete=models.CASCADE, related_name="creatorships")
    pseud = models.ForeignKey(Pseud, on_delete=models.PROTECT, related_name="creatorships")
    position = models.PositiveIntegerField()
    archived_by = models.CharField(max_length=255, blank=True)

    objects = CreatorshipQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["position"]

    def __str__(self) -> str:
        return self.pseud.name


class RelatedWork(models.Model):
    """A link to another work, here or elsewhere."""

    work = models.ForeignKey(Work, on_delete=models.CASCADE, related_name="related")
    position = models.PositiveIntegerField()
    kind = models.CharField(max_length=20, choices=[(each.value, each.value) for each in RelationKind])
    title = models.CharField(max_length=1000, blank=True)
    author = models.CharField(max_length=500, blank=True)
    url = models.CharField(max_length=2000, blank=True)
    language = models.CharField(max_length=35, blank=True)

    class Meta:
        ordering: ClassVar = ["position"]

    def __str__(self) -> str:
        return f"{self.kind}: {self.title}"


class WorkPicture(models.Model):
    """A picture that travels with a work; its bytes are in the store under `sha256`."""

    work = models.ForeignKey(Work, on_delete=models.CASCADE, related_name="pictures")
    position = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    media_type = models.CharField(max_length=50)

    class Meta:
        ordering: ClassVar = ["position"]

    def __str__(self) -> str:
        return self.sha256
