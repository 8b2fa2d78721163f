"""What people do for each other with a work: who is asked to make it together, and whom it is given to."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Self

from django.db import models
from django.db.models import Exists, OuterRef, Q

from undying.kernel.clock import now
from undying.library.models.works import Chapter, Creatorship, Work
from undying.people.models import Pseud

if TYPE_CHECKING:
    from undying.people.viewer import Viewer


class CreatorInvitationQuerySet(models.QuerySet["CreatorInvitation"]):
    """Sets of invitations."""

    def standing(self) -> Self:
        """Those that somebody can still answer: who asked is a creator still, and the work is not deleted."""
        asker = Creatorship.objects.filter(work=OuterRef("work"), chapter=None, pseud__user=OuterRef("by__user"))
        return self.filter(Exists(asker), refused=None, work__deletion=None, by__user__is_active=True)

    def for_(self, viewer: Viewer) -> Self:
        """Those that she is asked in, and nobody else sees: the archivist neither."""
        return self.standing().filter(pseud__user=viewer.user_id) if viewer.user_id is not None else self.none()


class CreatorInvitation(models.Model):
    """That `by`, a creator, asks `pseud` to stand beside her as creator of a work, or (with `chapter`) of one chapter.

    Until it is accepted it changes nothing that anybody else sees. Then it goes; `refused`, it stays, so that nobody is
    asked the same twice.
    """

    work = models.ForeignKey(Work, on_delete=models.CASCADE, related_name="creator_invitations")
    chapter = models.ForeignKey(
        Chapter, null=True, blank=True, on_delete=models.CASCADE, related_name="creator_invitations"
    )
    pseud = models.ForeignKey(Pseud, on_delete=models.CASCADE, related_name="creator_invitations")
    by = models.ForeignKey(Pseud, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField(default=now)
    refused = models.DateTimeField(null=True, blank=True)

    objects = CreatorInvitationQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-at", "-pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["work", "pseud"], condition=Q(chapter=None), name="asked_once_to_a_work"),
            models.UniqueConstraint(
                fields=["chapter", "pseud"], condition=Q(chapter__isnull=False), name="asked_once_to_a_chapter"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pseud} asked to {self.work_id}"


class Gift(models.Model):
    """That a `name` in a work's `gifts` is a member's pen name. `refused`, it stays, so that nobody gives it again."""

    work = models.ForeignKey(Work, on_delete=models.CASCADE, related_name="given")
    pseud = models.ForeignKey(Pseud, on_delete=models.CASCADE, related_name="gifts")
    name = models.CharField(max_length=1000)
    refused = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["work", "pseud"], name="given_once_to_a_pen_name")]

    def __str__(self) -> str:
        return f"{self.work_id} for {self.name}"
