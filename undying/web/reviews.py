"""What readers said, as a page shows it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from undying.web import links, wording

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from undying.community.models import Review
    from undying.manuscript import Prose


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewView:
    """A review and its author's answer. `score` is in words; `chapter` names the chapter that it was left on."""

    id: int
    name: str
    posted: datetime | None
    chapter: str
    chapter_url: str
    score: str
    body: Prose
    response: Prose


def views(found: Sequence[Review], numbers: Mapping[int, int]) -> tuple[ReviewView, ...]:
    """These reviews, in order. Needs their chapters, and the numbers that the viewer knows them by."""
    return tuple(
        ReviewView(
            id=each.pk,
            name=each.name or "A reader",
            posted=each.posted,
            chapter=f"chapter {numbers[each.chapter.pk]}" if each.chapter else "",
            chapter_url=links.of(each.chapter) if each.chapter else "",
            score=wording.score(each.score, each.scale),
            body=each.body,
            response=each.response,
        )
        for each in found
    )
