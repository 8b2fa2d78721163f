"""What an author is at: texts that are typed and not yet saved, and what was saved before."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, ClassVar, Self

from django.db import models

from undying.kernel.clock import now
from undying.kernel.ids import new_id
from undying.library.models.works import Chapter, Work
from undying.people.models import User

if TYPE_CHECKING:
    from undying.people.viewer import Viewer


class DraftKind(StrEnum):
    """The form that a text is typed into."""

    NEW_WORK = "new work"
    WORK = "work"
    NEW_CHAPTER = "new chapter"
    CHAPTER = "chapter"


class DraftQuerySet(models.QuerySet["Draft"]):
    """Sets of drafts."""

    def visible_to(self, viewer: Viewer) -> Self:
        """Her own: nobody else reads what she has not saved, the archivist neither."""
        return self.none() if viewer.user_id is None else self.filter(owner=viewer.user_id)


class Draft(models.Model):
    """What was typed into a form and not yet saved as a work. It stays until it is saved or thrown away.

    Its number is that of the form. `fields` are the form's, as typed. `version` counts what the server has taken.
    `conflicts_with` is the draft that another window had changed meanwhile: both texts stay. `base` is a mark of what
    the typing began from.
    """

    id = models.BigIntegerField(primary_key=True, default=new_id, editable=False)
    owner = models.ForeignKey(User, on_delete=models.CASCADE, related_name="drafts")
    kind = models.CharField(max_length=20, choices=[(each.value, each.value) for each in DraftKind])
    work = models.ForeignKey(Work, null=True, blank=True, on_delete=models.CASCADE, related_name="drafts")
    chapter = models.ForeignKey(Chapter, null=True, blank=True, on_delete=models.CASCADE, related_name="drafts")
    fields = models.JSONField(default=dict)
    version = models.PositiveIntegerField(default=0)
    saved = models.DateTimeField(default=now)
    device = models.CharField(max_length=100, blank=True)
    base = models.PositiveIntegerField(default=0)
    conflicts_with = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.SET_NULL, related_name="conflicting"
    )

    objects = DraftQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"


class Revision(models.Model):
    """A work as it was after a saving: its Manuscript as JSON, compressed, without the bytes of pictures.

    It lies in the database and not in the store, so that it comes and goes with the row that it belongs to.
    """

    work = models.ForeignKey(Work, on_delete=models.CASCADE, related_name="revisions")
    number = models.PositiveIntegerField()
    saved = models.DateTimeField(default=now)
    by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    what = models.CharField(max_length=200, blank=True)
    manuscript = models.BinaryField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["work", "number"], name="one_revision_per_number"),
        ]

    def __str__(self) -> str:
        return f"{self.number} of {self.work_id}"


class Deletion(models.Model):
    """That a creator has deleted a work, which is a draft until it goes for good; `was` is the state before."""

    work = models.OneToOneField(Work, on_delete=models.CASCADE, related_name="deletion")
    at = models.DateTimeField(default=now)
    was = models.CharField(max_length=10)

    def __str__(self) -> str:
        return f"deletion of {self.work_id}"


class HandedIn(models.Model):
    """That a new author wants a draft posted which the archivist is to look at first; until then it stays a draft.

    `admitted`: the archivist lets it out. `sent_back`: she wants something else first, and `reason` says what.
    """

    work = models.OneToOneField(Work, on_delete=models.CASCADE, related_name="handed_in")
    by = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    since = models.DateTimeField(default=now)
    admitted = models.DateTimeField(null=True, blank=True)
    sent_back = models.DateTimeField(null=True, blank=True)
    reason = models.TextField(blank=True)

    def __str__(self) -> str:
        return f"{self.work_id} handed in"


class BroughtPicture(models.Model):
    """A picture that a member sent for her texts; its bytes are in the store under `sha256`.

    A work that shows it takes it along (`WorkPicture`). Until then nobody but she sees it.
    """

    owner = models.ForeignKey(User, on_delete=models.CASCADE, related_name="brought_pictures")
    sha256 = models.CharField(max_length=64)
    media_type = models.CharField(max_length=50)
    at = models.DateTimeField(default=now)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["owner", "sha256"], name="a_picture_is_brought_once_by_each")
        ]

    def __str__(self) -> str:
        return self.sha256


class Posted(models.Model):
    """That a form was sent and what became of it: sent twice, it is done once."""

    token = models.BigIntegerField(primary_key=True)
    work = models.ForeignKey(Work, on_delete=models.CASCADE, related_name="+")
    chapter = models.ForeignKey(Chapter, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(default=now)

    def __str__(self) -> str:
        return str(self.token)
