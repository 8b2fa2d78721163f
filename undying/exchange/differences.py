"""How two tellings of one story differ: which fields, and a passage of each before and after."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

from undying.formats.repairs import passages
from undying.manuscript import Chapter, Manuscript, Prose, Review
from undying.manuscript.measure import plain_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_IN_PARTS = frozenset({"chapters", "reviews", "pictures"})
_WORDS = {
    "body": "text",
    "notes_before": "notes before",
    "notes_after": "notes after",
    "taggings": "tags",
    "credits": "creators",
    "planned_chapters": "planned chapters",
}


@dataclass(frozen=True, slots=True)
class Difference:
    """One field that differs, for people: `where` names the part of the story, `before` and `after` are passages."""

    field: str
    where: str
    before: str
    after: str


def differences(before: Manuscript, after: Manuscript) -> Iterator[Difference]:
    """Each field that differs, in the order of the story."""
    yield from _of(before, after, "")
    yield from _of_parts("chapter", before.chapters, after.chapters)
    yield from _of_parts("review", before.reviews, after.reviews)
    old, new = ([picture.sha256 for picture in each.pictures] for each in (before, after))
    if old != new:
        yield Difference("pictures", "", f"{len(old)} pictures", f"{len(new)} pictures")


def _of_parts(what: str, before: Sequence[Chapter | Review], after: Sequence[Chapter | Review]) -> Iterator[Difference]:
    if len(before) != len(after):
        yield Difference(f"{what}s", "", f"{len(before)} {what}s", f"{len(after)} {what}s")
    for number, (old, new) in enumerate(zip(before, after, strict=False), start=1):
        yield from _of(old, new, f"{what} {number}")


def _of(
    before: Manuscript | Chapter | Review, after: Manuscript | Chapter | Review, where: str
) -> Iterator[Difference]:
    for each in fields(before):
        old, new = getattr(before, each.name), getattr(after, each.name)
        if each.name not in _IN_PARTS and old != new:
            name = _WORDS.get(each.name, each.name.replace("_", " "))
            yield Difference(f"{where.partition(' ')[0]} {name}".strip(), where, *_shown(old, new))


def _shown(old: object, new: object) -> tuple[str, str]:
    if isinstance(old, Prose) and isinstance(new, Prose):
        plain = plain_text(old), plain_text(new)
        return passages(*plain) if plain[0] != plain[1] else passages(old, new)
    return passages(_listed(old), _listed(new))


def _listed(value: object) -> str:
    if isinstance(value, tuple):
        return ", ".join(str(getattr(each, "name", "") or getattr(each, "title", "") or each) for each in value)
    return "" if value is None else str(value)
