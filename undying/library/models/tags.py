"""Tags, of every kind."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Self

from django.db import models
from django.db.models import Count, Exists, OuterRef

from undying.kernel.ids import new_id
from undying.library.models.works import Work
from undying.manuscript import TagKind

if TYPE_CHECKING:
    from undying.people.viewer import Viewer

ORDER = {kind: place for place, kind in enumerate(TagKind)}


class TagQuerySet(models.QuerySet["Tag"]):
    """Sets of tags."""

    def visible_to(self, viewer: Viewer) -> Self:
        """Tags on at least one work that this viewer may read: a tag used only in secret is a secret."""
        used = WorkTag.objects.filter(tag=OuterRef("pk"), work__in=Work.objects.visible_to(viewer))
        return self.filter(Exists(used))

    def by_size(self, viewer: Viewer) -> Self:
        """With `uses`, the number of works that this viewer may read; most used first."""
        readable = models.Q(worktags__work__in=Work.objects.visible_to(viewer))
        return self.annotate(uses=Count("worktags", filter=readable)).filter(uses__gt=0).order_by("-uses", "name")


class Tag(models.Model):
    """A tag as somebody wrote it. Ids are drawn at random: filters show them, and a gap would tell of a secret tag."""

    id = models.BigIntegerField(primary_key=True, default=new_id, editable=False)
    kind = models.CharField(max_length=20, choices=[(each.value, each.value) for each in TagKind])
    name = models.CharField(max_length=500)

    objects = TagQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["kind", "name"], name="one_tag_per_kind_and_name")]

    def __str__(self) -> str:
        return self.name

    @property
    def precedence(self) -> tuple[bool, str]:
        """Of tags with one name, the fandom goes first. By id would tell which was there first, perhaps in secret."""
        return (self.kind != TagKind.FANDOM, self.kind)


class WorkTag(models.Model):
    """That a work carries a tag, at this place in the author's order."""

    work = models.ForeignKey(Work, on_delete=models.CASCADE, related_name="worktags")
    tag = models.ForeignKey(Tag, on_delete=models.PROTECT, related_name="worktags")
    position = models.PositiveIntegerField()

    class Meta:
        ordering: ClassVar = ["position"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["tag", "work"], name="one_tagging_per_work")]

    def __str__(self) -> str:
        return self.tag.name
