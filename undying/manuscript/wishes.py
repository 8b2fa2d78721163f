"""What an author lets others do with her story, as far as she said: part of what every file and dump says of it."""

from __future__ import annotations

from dataclasses import dataclass, fields
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


class Leave(StrEnum):
    """Whether machines may; where nothing is said, the archive that shows the story answers for itself."""

    UNSAID = ""
    YES = "yes"
    NO = "no"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """`search`: search engines may list the story. `mining`: machines may mine its text, to learn from it, say."""

    search: Leave = Leave.UNSAID
    mining: Leave = Leave.UNSAID

    def told(self) -> dict[str, str]:
        """What is said, by name; nothing of what is not."""
        return {each.name: str(said) for each in fields(self) if (said := getattr(self, each.name))}


NO_WISHES = Wishes()


def wishes_from(told: Mapping[str, str]) -> Wishes:
    """What `told()` gave. What this version does not know of it is passed over."""
    return Wishes(search=_leave(told, "search"), mining=_leave(told, "mining"))


def _leave(told: Mapping[str, str], name: str) -> Leave:
    value = told.get(name, "")
    return Leave(value) if value in set(Leave) else Leave.UNSAID
