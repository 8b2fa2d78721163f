"""Every write to what readers say."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from undying.community.models import Review
from undying.library.models import Chapter

if TYPE_CHECKING:
    from collections.abc import Sequence

    from undying import manuscript as story
    from undying.library.models import Work


@transaction.atomic
def receive_reviews(work: Work, reviews: Sequence[story.Review]) -> None:
    """Put these reviews, in this order, in the place of the imported ones that the work has."""
    chapters = dict(Chapter.objects.filter(work=work).values_list("position", "pk"))
    Review.objects.filter(work=work).delete()
    Review.objects.bulk_create(
        Review(
            work=work,
            chapter_id=chapters.get(each.chapter),
            position=position,
            name=each.name,
            body=each.body,
            posted=each.posted,
            score=each.score,
            scale=each.scale,
            response=each.response,
            key=each.key,
            reviewer_key=each.reviewer_key,
        )
        for position, each in enumerate(reviews)
    )
