"""A story that was read from pages beside the same story from elsewhere: the better telling, completed by the other.

Pages show a story as a visitor saw it; a site's own data, or a download, know it better. So of the two that stays as it
is and gets what it lacks. Whichever came first, the result is the same.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from undying.formats import CAPTURED
from undying.manuscript.measure import words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from undying.manuscript import Chapter, Manuscript, Picture, Review

_NO_WORDS = re.compile(r"<[^>]*>|&(?:[a-z]{2,8}|#\d{2,6});|[\W_]+")
_LONGEST_NUMBER = 19
_MOST = 0.7
_PICTURE = re.compile(r"picture:([0-9a-f]{64})")


def is_captured(manuscript: Manuscript) -> bool:
    """Whether it was read from pages, and nothing better has told it since."""
    return CAPTURED in manuscript.extras


def completed(base: Manuscript, other: Manuscript) -> Manuscript:
    """The one with what it lacks from the other: chapters, reviews, series, and whatever it says nothing of.

    A chapter is the same by its key or, where one of the two has none, by its words or title. A review is the same by
    its key, or by its reader and words. Equal to `base` when the other has nothing more.
    """
    row, mine, theirs = _woven(base, other)
    pairs, new = _matched(base.reviews, other.reviews)
    reviews = [replace(review, chapter=mine.get(review.chapter, 0)) for review in base.reviews]
    for here, review in pairs if is_captured(base) else ():  # its page showed no chapter that was captured
        reviews[here] = replace(reviews[here], chapter=reviews[here].chapter or theirs.get(review.chapter, 0))
    new = [replace(review, chapter=theirs.get(review.chapter, 0)) for review in new]
    known = {place.key or place.title for place in base.series}
    return replace(
        base,
        chapters=tuple(row),
        reviews=_in_order(reviews, new),
        pictures=_pictures(base, other, row),
        series=(*base.series, *(place for place in other.series if (place.key or place.title) not in known)),
        summary=base.summary or other.summary,
        notes_before=base.notes_before or other.notes_before,
        notes_after=base.notes_after or other.notes_after,
        language=base.language or other.language,
        taggings=base.taggings or other.taggings,
        published=base.published or other.published,
        updated=base.updated or other.updated,
    )


def _woven(base: Manuscript, other: Manuscript) -> tuple[list[Chapter], dict[int, int], dict[int, int]]:
    """All chapters in order, and where those of each side have come to stand."""
    found = _pairs(base.chapters, other.chapters)
    row: list[Chapter] = []
    mine: dict[int, int] = {}
    theirs: dict[int, int] = {}
    at = 0

    def take_mine(until: int) -> None:
        nonlocal at
        while at < until:
            row.append(base.chapters[at])
            at += 1
            mine[at] = len(row)

    shared = set(found.values())
    is_both = is_captured(base) and is_captured(other)
    for number, chapter in enumerate(other.chapters):
        if number in found:
            take_mine(found[number] + 1)
            place = mine[found[number] + 1]
            row[place - 1] = _joined(row[place - 1], chapter, is_longer_better=is_both)
            theirs[number + 1] = place
        else:
            while at < len(base.chapters) and at not in shared and _is_earlier(base.chapters[at], chapter):
                take_mine(at + 1)
            row.append(chapter)
            theirs[number + 1] = len(row)
    take_mine(len(base.chapters))
    return row, mine, theirs


def _is_earlier(mine: Chapter, theirs: Chapter) -> bool:
    """Of two chapters that stand in one gap, each known to one side alone: sites number them as they are posted."""
    keys = (mine.key, theirs.key)
    return all(key.isdecimal() and key.isascii() and len(key) < _LONGEST_NUMBER for key in keys) and int(keys[0]) < int(
        keys[1]
    )


def _pairs(mine: Sequence[Chapter], theirs: Sequence[Chapter]) -> dict[int, int]:
    """The place here by the place there, of what is one chapter: by key, by words, by title, and by most words."""
    by_key = {chapter.key: at for at, chapter in enumerate(mine) if chapter.key}
    by_text = {_said(chapter.body): at for at, chapter in enumerate(mine)}
    by_title = {chapter.title: at for at, chapter in enumerate(mine) if chapter.title}
    pairs: dict[int, int] = {}
    taken: set[int] = set()

    def pair(at: int, here: int | None) -> None:
        if here is not None and at not in pairs and here not in taken and _may_be_one(mine[here], theirs[at]):
            pairs[at] = here
            taken.add(here)

    for at, chapter in enumerate(theirs):
        pair(at, by_key.get(chapter.key) if chapter.key else None)
    for at, chapter in enumerate(theirs):
        pair(at, by_text.get(_said(chapter.body)))
    for at, chapter in enumerate(theirs):
        pair(at, by_title.get(chapter.title))
    for at in (at for at in range(len(theirs)) if at not in pairs):
        free = (here for here in range(len(mine)) if here not in taken and _may_be_one(mine[here], theirs[at]))
        pair(at, next((here for here in free if _is_alike(mine[here].body, theirs[at].body)), None))
    return pairs


def _is_alike(mine: str, theirs: str) -> bool:
    """Whether most words of the shorter are in the longer: damage and repairs change some."""
    one, other = set(_said(mine).split()), set(_said(theirs).split())
    return len(one & other) > _MOST * min(len(one), len(other))


def _may_be_one(mine: Chapter, theirs: Chapter) -> bool:
    """Two keys of one site are two chapters, whatever they say."""
    return not (mine.key and theirs.key) or mine.key == theirs.key


def _joined(base: Chapter, other: Chapter, *, is_longer_better: bool) -> Chapter:
    """One chapter told twice. Of two captures the one that shows more is the better."""
    body = other.body if is_longer_better and words(other.body) > words(base.body) else base.body
    return replace(
        base,
        body=body,
        title=base.title or other.title,
        notes_before=base.notes_before or other.notes_before,
        notes_after=base.notes_after or other.notes_after,
        key=base.key or other.key,
    )


def _matched(mine: Sequence[Review], theirs: Sequence[Review]) -> tuple[list[tuple[int, Review]], list[Review]]:
    """(place here, review there) of what is one review, and the reviews there that are none of these.

    Who says the same thing twice has said it twice. Words that damage or a repair has changed are the same where one
    reader left them on one day.
    """
    free = dict(enumerate(mine))
    pairs: list[tuple[int, Review]] = []
    rest = list(theirs)
    for kin in (_key, _mark, _day):
        known: dict[object, list[int]] = {}
        for at, each in free.items():
            known.setdefault(kin(each), []).append(at)
        left = []
        for review in rest:
            same = known.get(kin(review), []) if kin(review) else []
            here = next((at for at in same if kin is not _day or _is_alike(mine[at].body, review.body)), None)
            if here is None:
                left.append(review)
            else:
                pairs.append((here, review))
                same.remove(here)
                del free[here]
        rest = left
    return pairs, rest


def _key(review: Review) -> str:
    return review.key


def _day(review: Review) -> tuple[str, str] | None:
    """Who, and when; None for one without a date."""
    return (_mark(review)[0], review.posted.date().isoformat()) if review.posted else None


def _mark(review: Review) -> tuple[str, str, str]:
    """Who said what; of a score without words, when: the day, for pages often show no more."""
    text = _said(review.body)
    day = "" if text or review.posted is None else review.posted.date().isoformat()
    return " ".join(review.name.casefold().split()), text, day


def _said(markup: str) -> str:
    """The words alone: pages and data write the same text in different markup."""
    return _NO_WORDS.sub(" ", markup).strip().casefold()


def _in_order(reviews: list[Review], new: list[Review]) -> tuple[Review, ...]:
    """New reviews go where their dates put them; those that have none go last."""
    for review in new:
        later = (at for at, each in enumerate(reviews) if review.posted and each.posted and each.posted > review.posted)
        reviews.insert(next(later, len(reviews)), review)
    return tuple(reviews)


def _pictures(base: Manuscript, other: Manuscript, row: Sequence[Chapter]) -> tuple[Picture, ...]:
    """The pictures of the one, and those of the other that are shown now."""
    shown = {
        name for chapter in row for name in _PICTURE.findall(chapter.body + chapter.notes_before + chapter.notes_after)
    }
    have = {picture.sha256 for picture in base.pictures}
    more = (picture for picture in other.pictures if picture.sha256 in shown and picture.sha256 not in have)
    return (*base.pictures, *more)
