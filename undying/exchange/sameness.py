"""Whether a story is here already, and which of two copies of one story is the fuller."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, fields, is_dataclass, replace
from typing import TYPE_CHECKING

from undying.community import access as community_access
from undying.exchange.completing import completed, is_captured
from undying.exchange.private import Done, Record
from undying.kernel.ids import DIGITS, LIMIT, SMALLEST
from undying.library import manuscripts
from undying.library.access import whole_text_for
from undying.library.creators import is_in_its_authors_hands
from undying.library.models import Work
from undying.manuscript import Prose
from undying.manuscript.codec import fingerprint
from undying.manuscript.measure import words
from undying.people.viewer import Viewer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from undying.manuscript import Keepsake, Manuscript, Source


@dataclass(frozen=True, slots=True)
class Extent:
    """How much of a story there is: of two copies of one story the greater is the better."""

    changed: float
    chapters: int
    words: int
    tags: int
    reviews: int

    def is_more_than(self, other: Extent) -> bool:
        """Later, or as late and with more in it."""
        mine = (self.changed, self.chapters, self.words, self.tags, self.reviews)
        return mine > (other.changed, other.chapters, other.words, other.tags, other.reviews)


def revision(incoming: Manuscript, here: Manuscript) -> Manuscript | None:
    """What is to stand here once the same story has come in again, None when nothing changes.

    The fuller one as it is; where pages are all that one of them was read from, the better one completed by the other.
    """
    if not (is_captured(incoming) or is_captured(here)):
        return incoming if extent(incoming).is_more_than(extent(here)) else None
    is_mine_better = is_captured(here) and (not is_captured(incoming) or extent(incoming).is_more_than(extent(here)))
    whole = completed(incoming, here) if is_mine_better else completed(here, incoming)
    return None if fingerprint(whole) == fingerprint(here) else whole


def extent(manuscript: Manuscript) -> Extent:
    """How much there is of a manuscript."""
    changed = manuscript.updated or manuscript.published
    return Extent(
        changed.timestamp() if changed else 0.0,
        len(manuscript.chapters),
        sum(words(chapter.body) for chapter in manuscript.chapters),
        len(manuscript.taggings),
        len(manuscript.reviews),
    )


def removed_from(value: Manuscript | Keepsake) -> str:
    """What the cleaner left out of it, in one phrase; empty when nothing."""
    found: Counter[str] = Counter()
    for prose in _all_prose(value):
        found.update(prose.removed)
    return ", ".join(phrase if times == 1 else f"{phrase} (in {times} places)" for phrase, times in found.items())


def _all_prose(value: object) -> Iterator[Prose]:
    if isinstance(value, Prose):
        yield value
    elif isinstance(value, tuple):
        for item in value:
            yield from _all_prose(item)
    elif is_dataclass(value):
        for each in fields(value):
            yield from _all_prose(getattr(value, each.name))


def here_already(manuscript: Manuscript) -> Work | None:
    """The work of the same source and key; of a story without a source, the one that equals it."""
    source = manuscript.source
    if ours := taken_from_here(source):
        return ours
    if source.site:
        return Work.objects.filter(site=source.site, key=source.key).first()
    return Work.objects.filter(site="", fingerprint=fingerprint(manuscript)).first()


def taken_from_here(source: Source) -> Work | None:
    """The work that stays as it is whatever this source sends: it took that source's copy in as a duplicate, or the
    source is a download of this archive (its key is that work's number, which no two sites share).
    """
    if source.site and (into := Work.objects.filter(also__site=source.site, also__key=source.key).first()):
        return into
    number = int(source.key) if source.key.isascii() and source.key.isdecimal() and len(source.key) <= DIGITS else 0
    if not SMALLEST <= number < LIMIT:
        return None
    return Work.objects.filter(pk=number).exclude(site=source.site, key=source.key).first()


_DECIDED = (Done.OPTED_OUT, Done.STRUCK, Done.CLAIMED, Done.ORPHANED, Done.DELETED, Done.MASKED)


def was_decided(number: int) -> bool:
    """Whether a person decided about the work with this number: what an import held of it is not put over that."""
    return Record.objects.filter(work_number=number, done__in=_DECIDED).exists()


def is_settled(work: Work, source: Source) -> bool:
    """Whether the work stays as it is, whatever an import holds of it under this source."""
    return bool(taken_from_here(source)) or is_in_its_authors_hands(work) or was_decided(work.pk)


def told(work: Work) -> Manuscript:
    """All of a work with its reviews, drafts and all, as a value."""
    operator = Viewer.operator()
    whole = Work.objects.visible_to(operator).with_page().get(pk=work.pk)
    chapters = whole_text_for(operator, whole)
    reviews = community_access.reviews_for(operator, whole)
    return replace(
        manuscripts.of(whole, chapters),
        reviews=community_access.as_told(reviews, chapters),
        related=manuscripts.links_of(whole, versions=True),
    )


def with_reviews_of(manuscript: Manuscript, other: Manuscript) -> Manuscript:
    """The story with the reviews of a copy of it as well, none of them twice.

    A review is known by who said what and when: each site numbers its own. One of a chapter that the story lacks is for
    the whole of it.
    """
    known = {(each.name, each.body, each.posted) for each in manuscript.reviews}
    last = len(manuscript.chapters)
    new = tuple(
        replace(each, chapter=each.chapter if each.chapter <= last else 0)
        for each in other.reviews
        if (each.name, each.body, each.posted) not in known
    )
    return replace(manuscript, reviews=(*manuscript.reviews, *new))
