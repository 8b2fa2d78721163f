"""What an author lets others do with her story, as far as she said: part of what every file and dump says of it."""

from __future__ import annotations

from dataclasses import dataclass, fields
from enum import StrEnum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping


class Leave(StrEnum):
    """Whether machines may; where nothing is said, the archive that shows the story answers for itself."""

    UNSAID = ""
    YES = "yes"
    NO = "no"


class Answer(StrEnum):
    """Whether other people may; where nothing is said, nobody answers for her."""

    UNSAID = ""
    YES = "yes"
    ASK = "ask"
    NO = "no"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """`search`: search engines may list the story. `mining`: machines may mine its text, to learn from it, say.

    The others are for people: to read it aloud as a podfic, to translate it, to remix or continue it, to print and
    bind it, to make art of it. `words` is a sentence of her own, as plain text.
    """

    search: Leave = Leave.UNSAID
    mining: Leave = Leave.UNSAID
    podfic: Answer = Answer.UNSAID
    translation: Answer = Answer.UNSAID
    remix: Answer = Answer.UNSAID
    binding: Answer = Answer.UNSAID
    art: Answer = Answer.UNSAID
    words: str = ""

    def told(self) -> dict[str, str]:
        """What is said, by name; nothing of what is not."""
        return {each.name: str(said) for each in fields(self) if (said := getattr(self, each.name))}

    @property
    def for_people(self) -> dict[str, Answer]:
        """What is said to other people, by name."""
        return {name: said for name in FOR_PEOPLE if (said := getattr(self, name))}


NO_WISHES = Wishes()
FOR_MACHINES = ("search", "mining")
FOR_PEOPLE = ("podfic", "translation", "remix", "binding", "art")


def wishes_from(told: Mapping[str, str]) -> Wishes:
    """What `told()` gave. What this version does not know of it is passed over."""
    said: dict[str, Any] = {
        **{name: Leave(value) for name in FOR_MACHINES if (value := told.get(name, "")) in set(Leave)},
        **{name: Answer(value) for name in FOR_PEOPLE if (value := told.get(name, "")) in set(Answer)},
    }
    return Wishes(**said, words=told.get("words", ""))
