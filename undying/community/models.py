"""What readers said. (Favourites, news, pages and challenges: `undying.community.kept`; what a
member keeps for herself alone: `undying.community.own`; visits and days: `undying.community.days`.)"""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from undying.community.days import ChapterDay, Visit, WorkDay
from undying.community.kept import Challenge, ChallengeAnswer, Favourite, NewsItem, SitePage
from undying.community.own import Exclusion, SavedSearch
from undying.kernel.fields import ProseField
from undying.kernel.ids import new_id
from undying.library.models import Chapter, SeriesAccount, Work

__all__ = [
    "Challenge",
    "ChallengeAnswer",
    "ChapterDay",
    "Exclusion",
    "Favourite",
    "NewsItem",
    "Review",
    "SavedSearch",
    "SitePage",
    "Visit",
    "WorkDay",
]


class Review(models.Model):
    """A reader's review of a work or of a series, or her comment on a piece of news, with the answer it got.

    The fields are those of manuscript.Review. It carries the name that the reader used; no account is tied to it until
    she claims it. A review of a chapter that the reader of the page may not see stays out of sight with it, and so does
    what was said in answer to it. `answers` is the `key` of the review it answers.
    """

    id = models.BigIntegerField(primary_key=True, default=new_id, editable=False)
    work = models.ForeignKey(Work, null=True, blank=True, on_delete=models.CASCADE, related_name="reviews")
    series = models.ForeignKey(SeriesAccount, null=True, blank=True, on_delete=models.CASCADE, related_name="reviews")
    news = models.ForeignKey(NewsItem, null=True, blank=True, on_delete=models.CASCADE, related_name="comments")
    chapter = models.ForeignKey(Chapter, null=True, blank=True, on_delete=models.CASCADE, related_name="reviews")
    position = models.PositiveIntegerField()
    name = models.CharField(max_length=255)
    body = ProseField()
    posted = models.DateTimeField(null=True, blank=True)
    score = models.IntegerField(null=True, blank=True)
    scale = models.CharField(max_length=20, blank=True)
    response = ProseField()
    key = models.CharField(max_length=255, blank=True)
    reviewer_key = models.CharField(max_length=255, blank=True)
    answers = models.CharField(max_length=255, blank=True)

    class Meta:
        ordering: ClassVar = ["position"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(work__isnull=False, series=None, news=None)
                | models.Q(work=None, series__isnull=False, news=None)
                | models.Q(work=None, series=None, news__isnull=False),
                name="a_review_is_of_one_thing",
            )
        ]

    def __str__(self) -> str:
        return f"{self.name} on {self.work or self.series or self.news}"
