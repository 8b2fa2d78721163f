"""What readers said, as a page shows it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from undying.community.access import threads
from undying.manuscript.clean import without_addresses
from undying.web import links, wording

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from undying.community.models import Review
    from undying.manuscript import Prose

DEEPEST = 4
"""Steps that an answer is indented by at most: on a phone there is no room for more."""
PER_PAGE = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewView:
    """A review and its author's answer. `score` is in words; `chapter` names the chapter that it was left on.

    `depth` is how far it is indented in its thread; `answers` names whom it answers when that stands further up.
    """

    id: int
    name: str
    posted: datetime | None
    chapter: str
    chapter_url: str
    score: str
    body: Prose
    response: Prose
    depth: int = 0
    answers: str = ""


def views(found: Sequence[Review], numbers: Mapping[int, int] | None = None) -> tuple[ReviewView, ...]:
    """These reviews as threads. Needs their chapters, and the numbers that the viewer knows them by."""
    names = {each.key: _name(each) for each in found if each.key}
    known = numbers or {}
    return tuple(
        ReviewView(
            id=each.pk,
            name=_name(each),
            posted=each.posted,
            chapter=f"chapter {known[each.chapter.pk]}" if each.chapter else "",
            chapter_url=links.of(each.chapter) if each.chapter else "",
            score=wording.score(each.score, each.scale),
            body=without_addresses(each.body),
            response=without_addresses(each.response),
            depth=min(depth, DEEPEST),
            answers=names.get(each.answers, "") if depth else "",
        )
        for depth, each in threads(found)
    )


def _name(review: Review) -> str:
    return wording.without_addresses(review.name) or "A reader"
