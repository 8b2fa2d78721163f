"""Whether a keepsake fits the tables: SQLite would take a text of any length, PostgreSQL none that is too long."""

from __future__ import annotations

import sys
from dataclasses import fields, is_dataclass
from typing import TYPE_CHECKING, Any

from django.core.exceptions import FieldDoesNotExist

from undying import manuscript as story
from undying.community.models import Challenge, ChallengeAnswer, Favourite, NewsItem, Review, SitePage
from undying.kernel.errors import Refused
from undying.library.models import SeriesAccount
from undying.people.models import Profile, Pseud

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.db.models import Model

    from undying.manuscript import Keepsake


class Untakable(Refused):
    """A keepsake that the archive cannot hold; says why."""


_TABLES: dict[type, type[Model]] = {
    story.Profile: Profile,
    story.Favourite: Favourite,
    story.NewsItem: NewsItem,
    story.SitePage: SitePage,
    story.Challenge: Challenge,
    story.SeriesAccount: SeriesAccount,
    story.Source: Profile,
    story.Credit: Pseud,
    story.Review: Review,
}
_LONGEST_KEY = ChallengeAnswer._meta.get_field("target").max_length or 0
_KEYS = frozenset({"works", "series"})
_GREATEST = 2**31 - 1


def judge(keepsake: Keepsake) -> None:
    """Raises Untakable for one that does not say where it comes from or whose it is, or that no column holds."""
    if not ((keepsake.source.site or isinstance(keepsake, story.Numbers)) and keepsake.source.key):
        raise Untakable("it does not say which site it comes from, and under which key")
    if isinstance(keepsake, story.Profile | story.Favourite):
        member = keepsake.member
        if not (member.name or member.account or member.key):
            raise Untakable("it does not say whose it is")
    for name, value, most in _measured(keepsake):
        if isinstance(value, str) and len(value) > most:
            raise Untakable(f"its {name} is longer than {most} characters ({value[:40]}…)")
        if isinstance(value, int) and abs(value) > _GREATEST:
            raise Untakable(f"its {name} is greater than a number can be here ({value})")


def _measured(value: Any, name: str = "") -> Iterator[tuple[str, Any, int]]:
    """Everything in it that has a limit, with its name and the limit."""
    if isinstance(value, tuple):
        for item in value:
            yield from _measured(item, name)
    elif is_dataclass(value):
        for each in fields(value):
            inner, called = getattr(value, each.name), each.name.replace("_", " ")
            if isinstance(inner, str):
                yield called, inner, _most(value.__class__, each.name)
            else:
                yield from _measured(inner, called)
    elif isinstance(value, int):
        yield name, value, _GREATEST
    elif isinstance(value, str) and name in _KEYS:
        yield name, value, _LONGEST_KEY


def _most(kind: Any, name: str) -> int:
    """How many characters the column of that name holds; as many as anybody writes where nothing limits it."""
    try:
        return getattr(_TABLES[kind]._meta.get_field(name), "max_length", None) or sys.maxsize
    except (KeyError, FieldDoesNotExist):
        return sys.maxsize
