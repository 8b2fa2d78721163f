"""Favourites, news, pages of the site and challenges, which came with an archive."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Self

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Lower

from undying.kernel.fields import ProseField
from undying.library import access as library
from undying.library.models import AlsoKnown, Series, Work
from undying.manuscript import FavouriteKind
from undying.people.kept import FromSource, KeptQuerySet, for_whom
from undying.people.models import Pseud

if TYPE_CHECKING:
    from undying.people.viewer import Viewer


def creators_for(viewer: Viewer) -> models.QuerySet[Pseud]:
    """The pen names that this viewer may know of, but for those that only keep favourites."""
    return library.pseuds_for(
        viewer,
        Exists(NewsItem.objects.visible_to(viewer).filter(author=OuterRef("pk"))),
        Exists(Challenge.objects.visible_to(viewer).filter(challenger=OuterRef("pk"))),
    )


def leads_somewhere(viewer: Viewer, *, site: str = "site") -> Q:
    """Which rows with `kind` and `target` name something that is here and that this viewer may see.

    It is asked anew each time: what is named may come later, or go.
    """
    named = {"site": OuterRef(site), "key": OuterRef("target")}
    works = Work.objects.visible_to(viewer)
    same = AlsoKnown.objects.filter(work__in=works, **named)
    return (
        Q(Q(Exists(works.filter(~Q(site=""), **named))) | Q(Exists(same)), kind=FavouriteKind.WORK)
        | Q(Exists(Series.objects.visible_to(viewer).filter(**named)), kind=FavouriteKind.SERIES)
        | Q(Exists(creators_for(viewer).filter(**named)), kind=FavouriteKind.CREATOR)
    )


class FavouriteQuerySet(KeptQuerySet["Favourite"]):
    """Sets of favourites."""

    def visible_to(self, viewer: Viewer) -> Self:
        """Favourites that are for this viewer, of what she may see; for who sees all, also of what is not here."""
        own = self.filter(for_whom(viewer))
        return own if viewer.sees_all else own.filter(leads_somewhere(viewer))

    def sparing(self, spared: Q) -> Self:
        """Without those of works that are here and of which this is not so."""
        unwanted = Work.objects.filter(~spared)
        named = {"site": OuterRef("site"), "key": OuterRef("target")}
        same = AlsoKnown.objects.filter(work__in=unwanted, **named)
        return self.exclude(Q(Exists(unwanted.filter(**named))) | Q(Exists(same)), kind=FavouriteKind.WORK)

    def works_first(self) -> Self:
        """Works, then series, then authors, each by title; the id breaks ties so that pages never overlap."""
        return self.order_by(F("kind").desc(), Lower("target_title"), "pk")


class Favourite(FromSource):
    """That a member keeps a work, series or author as a favourite. The fields are those of manuscript.Favourite."""

    member = models.ForeignKey(Pseud, on_delete=models.PROTECT, related_name="favourites")
    archived_by = models.CharField(max_length=255, blank=True)
    kind = models.CharField(max_length=10, choices=[(each.value, each.value) for each in FavouriteKind])
    target = models.CharField(max_length=500)
    target_title = models.CharField(max_length=1000, blank=True)
    note = ProseField()

    objects = FavouriteQuerySet.as_manager()

    class Meta(FromSource.Meta):
        indexes: ClassVar = [models.Index(fields=["site", "target"], name="favourites_by_target")]

    def __str__(self) -> str:
        return f"{self.member}: {self.kind} {self.target}"

    @property
    def names(self) -> tuple[str, str]:
        """The site and key of what it names."""
        return self.site, self.target


class NewsQuerySet(KeptQuerySet["NewsItem"]):
    """Sets of news."""

    def latest_first(self) -> Self:
        """Newest first, undated last; the id breaks ties so that pages never overlap."""
        return self.order_by(F("posted").desc(nulls_last=True), "-id")


class NewsItem(FromSource):
    """A piece of the site's news; `comments` are reviews of it. The fields are those of manuscript.NewsItem."""

    title = models.CharField(max_length=1000)
    body = ProseField()
    author = models.ForeignKey(Pseud, null=True, blank=True, on_delete=models.PROTECT, related_name="news")
    archived_by = models.CharField(max_length=255, blank=True)
    posted = models.DateTimeField(null=True, blank=True)

    objects = NewsQuerySet.as_manager()

    def __str__(self) -> str:
        return self.title


class SitePageQuerySet(KeptQuerySet["SitePage"]):
    """Sets of the site's pages."""

    def by_title(self) -> Self:
        """By title; the id breaks ties so that pages never overlap."""
        return self.order_by(Lower("title"), "pk")


class SitePage(FromSource):
    """One of the source's own texts. The fields are those of manuscript.SitePage."""

    title = models.CharField(max_length=1000)
    body = ProseField()

    objects = SitePageQuerySet.as_manager()

    def __str__(self) -> str:
        return self.title


class ChallengeQuerySet(KeptQuerySet["Challenge"]):
    """Sets of challenges."""

    def by_title(self) -> Self:
        """By title; the id breaks ties so that pages never overlap."""
        return self.order_by(Lower("title"), "pk")


class Challenge(FromSource):
    """A call for stories. The fields are those of manuscript.Challenge."""

    title = models.CharField(max_length=1000)
    challenger = models.ForeignKey(Pseud, null=True, blank=True, on_delete=models.PROTECT, related_name="challenges")
    archived_by = models.CharField(max_length=255, blank=True)
    summary = ProseField()
    taggings = models.JSONField(default=list, blank=True)

    objects = ChallengeQuerySet.as_manager()

    def __str__(self) -> str:
        return self.title


class ChallengeAnswerQuerySet(models.QuerySet["ChallengeAnswer"]):
    """Sets of answers."""

    def visible_to(self, viewer: Viewer) -> Self:
        """Answers to challenges that are for this viewer, of what she may see."""
        challenges = Challenge.objects.visible_to(viewer)
        return self.filter(challenge__in=challenges).filter(leads_somewhere(viewer, site="challenge__site"))


class ChallengeAnswer(models.Model):
    """That a work or a series, named by its key in the source, answered a challenge."""

    challenge = models.ForeignKey(Challenge, on_delete=models.CASCADE, related_name="answers")
    kind = models.CharField(max_length=10, choices=[(each.value, each.value) for each in FavouriteKind])
    position = models.PositiveIntegerField()
    target = models.CharField(max_length=500)

    objects = ChallengeAnswerQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["kind", "position"]

    def __str__(self) -> str:
        return f"{self.kind} {self.target}"
