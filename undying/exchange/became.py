"""What stands in the archive now of a row or file that came in."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from undying import manuscript as story
from undying.community.models import Review
from undying.exchange.keepsakes import KINDS, title_of
from undying.formats import Outcome
from undying.library.models import Chapter
from undying.manuscript.measure import excerpt

if TYPE_CHECKING:
    from collections.abc import Iterator

    from undying.exchange.models import Entry
    from undying.library.models import Work

LONGEST = 3000
"""Characters of a text that are told."""
_ENTITY = re.compile(r"(?:.*fanfiction_)?([a-z_]+)\Z", re.DOTALL)
_KEPT_AS = {
    "authors": story.Profile.KIND,
    "series": story.SeriesAccount.KIND,
    "challenges": story.Challenge.KIND,
    "news": story.NewsItem.KIND,
    "messages": story.SitePage.KIND,
    "favorites": story.Favourite.KIND,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """One thing as it stands: what kind of thing, its name, the beginning of its text, and the row itself."""

    kind: str
    name: str
    text: str
    thing: Any


def of(entry: Entry) -> tuple[Standing, ...]:
    """The work, and the chapter or review of it, or the keepsake, that a row or file became; empty when nothing did."""
    if entry.outcome in {Outcome.KEPT_RAW, Outcome.REFUSED}:
        return ()
    found = _ENTITY.match(entry.container)
    entity = found[1] if found else ""
    if entry.work is None:
        return tuple(_keepsakes(entry, entity))
    return (_work(entry.work), *_parts(entry, entry.work, entity))


def _work(work: Work) -> Standing:
    return Standing(kind="work", name=work.title, text=excerpt(work.summary, LONGEST), thing=work)


def _parts(entry: Entry, work: Work, entity: str) -> Iterator[Standing]:
    """Chapters are known by the number in the source: of the row, or in the name of the file."""
    if entity == "reviews":
        for review in Review.objects.filter(work=work, key=entry.key):
            text = " — ".join(filter(None, (excerpt(review.body, LONGEST), excerpt(review.response, LONGEST))))
            yield Standing(kind="review", name=f"by {review.name}", text=text, thing=review)
    elif entity == "chapters" or entry.container.endswith("/"):
        key = entry.key if entity == "chapters" else entry.key.rpartition(".")[0]
        for chapter in Chapter.objects.filter(work=work, key=key).exclude(key=""):
            name = chapter.title or f"Chapter {chapter.position}"
            yield Standing(kind="chapter", name=name, text=excerpt(chapter.body, LONGEST), thing=chapter)


def _keepsakes(entry: Entry, entity: str) -> Iterator[Standing]:
    for each in entry.batch.keepsakes.filter(kind=_KEPT_AS.get(entity, ""), key=entry.key):
        kind = KINDS[each.kind]
        for row in kind.rows().filter(site=each.site, key=each.key):
            name = title_of(kind.told(row))
            yield Standing(kind=each.kind.replace("-", " "), name=name, text="", thing=row)
