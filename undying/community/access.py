"""Reading what readers said, on behalf of a viewer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q

from undying import manuscript as story
from undying.community.models import Review
from undying.library.models import Chapter

if TYPE_CHECKING:
    from collections.abc import Sequence

    from undying.library.models import Work
    from undying.people.viewer import Viewer


def reviews_for(viewer: Viewer, work: Work) -> list[Review]:
    """The reviews of a work that the viewer may read, oldest first, each with its chapter. One query."""
    chapters = Chapter.objects.visible_to(viewer).filter(work=work)
    seen = Review.objects.filter(work=work).filter(Q(chapter=None) | Q(chapter__in=chapters))
    return list(seen.select_related("chapter"))


def as_told(reviews: Sequence[Review], chapters: Sequence[Chapter]) -> tuple[story.Review, ...]:
    """The same as values that travel with a manuscript of these chapters, whose places they name."""
    places = {chapter.pk: place for place, chapter in enumerate(chapters, start=1)}
    return tuple(
        story.Review(
            name=each.name,
            body=each.body,
            posted=each.posted,
            chapter=places.get(each.chapter_id, 0) if each.chapter_id else 0,
            score=each.score,
            scale=each.scale,
            response=each.response,
            key=each.key,
            reviewer_key=each.reviewer_key,
        )
        for each in reviews
    )
