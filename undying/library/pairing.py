"""Which chapters of two states of a work are the same."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from undying import manuscript as story
from undying.library.models import Chapter

if TYPE_CHECKING:
    from collections.abc import Sequence

_Then = TypeVar("_Then", Chapter, story.Chapter)
_Now = TypeVar("_Now", Chapter, story.Chapter)
_Any = Chapter | story.Chapter


def paired(then: Sequence[_Then], now_: Sequence[_Now]) -> list[tuple[_Then, _Now | None]]:
    """The chapters of then, each with the one that it is now: of one title and text, else of one title, else of one
    text, else at its place among those that are left.
    """
    found: dict[int, int] = {}
    for same in (_is_same, _has_title, _has_body):
        for one, old in enumerate(then):
            free = (n for n, each in enumerate(now_) if n not in found.values() and same(old, each))
            if one not in found and (here := next(free, None)) is not None:
                found[one] = here
    left = [n for n in range(len(now_)) if n not in found.values()]
    for one in range(len(then)):
        if one not in found and left:
            found[one] = left.pop(0)
    return [(old, now_[found[one]] if one in found else None) for one, old in enumerate(then)]


def _is_same(one: _Any, other: _Any) -> bool:
    return _has_title(one, other) and _has_body(one, other)


def _has_title(one: _Any, other: _Any) -> bool:
    return bool(one.title) and one.title == other.title


def _has_body(one: _Any, other: _Any) -> bool:
    return bool(one.body) and one.body == other.body
