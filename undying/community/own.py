"""What a member keeps for herself alone: what she wants left out of lists, and searches that she comes back to.

Nobody else reads any of it, moderator and archivist included, and no dump carries it.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from undying.kernel.clock import now
from undying.kernel.ids import new_id
from undying.library.models import Tag, Work
from undying.people.models import Pseud, User


class Exclusion(models.Model):
    """That a member wants works of one kind left out: with a tag or one below it, by a pen name or any of an
    account's, in a language, or a single work. One of these is set.
    """

    id = models.BigIntegerField(primary_key=True, default=new_id, editable=False)
    member = models.ForeignKey(User, on_delete=models.CASCADE, related_name="exclusions")
    tag = models.ForeignKey(Tag, null=True, blank=True, on_delete=models.CASCADE, related_name="exclusions")
    pseud = models.ForeignKey(Pseud, null=True, blank=True, on_delete=models.CASCADE, related_name="exclusions")
    account = models.ForeignKey(User, null=True, blank=True, on_delete=models.CASCADE, related_name="excluded_by")
    work = models.ForeignKey(Work, null=True, blank=True, on_delete=models.CASCADE, related_name="exclusions")
    language = models.CharField(max_length=35, blank=True)
    since = models.DateTimeField(default=now)

    class Meta:
        ordering: ClassVar = ["-since", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["member", "tag"], name="a_tag_is_excluded_once"),
            models.UniqueConstraint(fields=["member", "pseud"], name="a_pen_name_is_excluded_once"),
            models.UniqueConstraint(fields=["member", "account"], name="an_account_is_excluded_once"),
            models.UniqueConstraint(fields=["member", "work"], name="a_work_is_excluded_once"),
            models.UniqueConstraint(
                fields=["member", "language"], condition=~Q(language=""), name="a_language_is_excluded_once"
            ),
            models.CheckConstraint(
                condition=Q(tag__isnull=False, pseud=None, account=None, work=None, language="")
                | Q(tag=None, pseud__isnull=False, account=None, work=None, language="")
                | Q(tag=None, pseud=None, account__isnull=False, work=None, language="")
                | Q(tag=None, pseud=None, account=None, work__isnull=False, language="")
                | (Q(tag=None, pseud=None, account=None, work=None) & ~Q(language="")),
                name="an_exclusion_is_of_one_thing",
            ),
        ]

    def __str__(self) -> str:
        return str(self.tag or self.pseud or self.account or self.work or self.language)

    @classmethod
    def follow(cls, pseud: Pseud, to: Pseud) -> None:
        """Who wants nothing by the one pen name wants nothing by the other, which is the same author's."""
        already = cls.objects.filter(pseud=to).values("member")
        cls.objects.filter(pseud=pseud).exclude(member__in=already).update(pseud=to)


class SavedSearch(models.Model):
    """A question that a member asks again and again, as `finding` writes it into an address.

    `seen` is when she last looked at what it finds. Whoever has the `token` may read its feed; empty: it has none.
    """

    id = models.BigIntegerField(primary_key=True, default=new_id, editable=False)
    member = models.ForeignKey(User, on_delete=models.CASCADE, related_name="saved_searches")
    name = models.CharField(max_length=100)
    query = models.TextField()
    position = models.PositiveIntegerField()
    seen = models.DateTimeField(default=now)
    token = models.CharField(max_length=64, blank=True)

    class Meta:
        ordering: ClassVar = ["position", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["token"], condition=~Q(token=""), name="a_feed_has_a_token_of_its_own")
        ]

    def __str__(self) -> str:
        return self.name
