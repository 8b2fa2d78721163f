"""Every write to what readers say."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from undying.community.models import Review
from undying.kernel import ledger
from undying.library.counters import SAID
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
    rows = review_rows(reviews)
    for row, each in zip(rows, reviews, strict=True):
        row.work, row.chapter_id = work, chapters.get(each.chapter)
    Review.objects.bulk_create(rows)
    ledger.mark(SAID, [work.pk])


def review_rows(reviews: Sequence[story.Review]) -> list[Review]:
    """Rows of these reviews, in this order, that belong to nothing yet and are not saved."""
    return [
        Review(
            position=position,
            name=each.name,
            body=each.body,
            posted=each.posted,
            score=each.score,
            scale=each.scale,
            response=each.response,
            key=each.key,
            reviewer_key=each.reviewer_key,
            answers=each.answers,
        )
        for position, each in enumerate(reviews)
    ]
