"""What the archivist chooses in the browser, and a log of every change. Each choice is declared here once.

What nobody has chosen is as it was without this page: the operator's own setting of that name (`kernel.conf`) where
there is one, else the default. Refused: BadChoice, with a sentence for each choice that cannot be taken.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import DatabaseError, transaction

from undying.kernel.clock import now
from undying.kernel.errors import Refused
from undying.kernel.models import Chosen, ChosenChange

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.db.models import QuerySet

Value = str | int
KEPT_FOR = 2.0
"""Seconds for which a process goes by what it has read. The one that changes something knows at once."""
MOST_QUESTIONS, LONGEST_QUESTION = 20, 100
FIRST_WORKS_POST, FIRST_WORKS_WAIT = "post", "wait"
_kept: tuple[float, Mapping[str, Value]] | None = None


class Joining(StrEnum):
    """Who may make herself an account."""

    CLOSED = "closed"
    INVITATION = "invitation"
    QUEUE = "queue"
    OPEN = "open"


class BadChoice(Refused):
    """Some of what was chosen cannot be; `problems` has a sentence for each, by name. Nothing was changed."""

    def __init__(self, problems: Mapping[str, str]) -> None:
        super().__init__(" ".join(problems.values()))
        self.problems = dict(problems)


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One thing that the archivist may choose. A text is at most `most` characters, a number at most `most`."""

    name: str
    label: str
    help: str
    default: Value
    most: int = 0
    least: int = 0
    is_long: bool = False
    options: tuple[tuple[str, str], ...] = ()

    def read(self, typed: str) -> Value:
        """What was typed, as a value. Raises ValueError with a sentence."""
        text = typed.replace("\0", "").replace("\r\n", "\n").strip()
        if self.options:
            if text not in dict(self.options):
                raise ValueError("Choose one of these.")
            return text
        if isinstance(self.default, int):
            return self._number(text)
        if len(text) > self.most:
            raise ValueError(f"At most {self.most} characters fit here; this has {len(text)}.")
        return text

    def _number(self, text: str) -> int:
        fits = text.isascii() and text.isdecimal() and len(text) < 10  # noqa: PLR2004 - more digits than any has
        if not fits or not self.least <= int(text) <= self.most:
            raise ValueError(f"Write a whole number from {self.least} to {self.most}.")
        return int(text)


CHOICES = (
    Choice(name="site_name", label="The archive's name", help="On every page.", default="", most=100),
    Choice(
        name="site_sentence",
        label="What this archive is, in one sentence",
        help="For the front page.",
        default="",
        most=300,
    ),
    Choice(
        name="banner",
        label="Banner",
        help="Stands at the head of every page, for news that everybody should see. Empty: none.",
        default="",
        most=500,
        is_long=True,
    ),
    Choice(
        name="search_engines",
        label="Whether search engines may list works",
        help="Of works whose author has not chosen for herself. Works for members alone they never list.",
        default="yes",
        options=(("yes", "yes"), ("no", "no")),
    ),
    Choice(
        name="mining",
        label="Whether machines may mine works",
        help="To learn from them, say. Of works whose author has not chosen for herself: “no” reserves her right.",
        default="no",
        options=(("no", "no: the right is reserved"), ("yes", "yes")),
    ),
    Choice(
        name="joining",
        label="Who may join",
        help="Whoever has an account already keeps it.",
        default=Joining.CLOSED.value,
        options=(
            (Joining.CLOSED.value, "nobody: the archivist makes accounts"),
            (Joining.INVITATION.value, "whoever has an invitation"),
            (Joining.QUEUE.value, "whoever waits in line, and whoever has an invitation"),
            (Joining.OPEN.value, "everybody"),
        ),
    ),
    Choice(
        name="first_works",
        label="The first work of a new author",
        help="Once one of hers was let in, she posts without waiting. Whoever has posted here before does not wait.",
        default=FIRST_WORKS_POST,
        options=(
            (FIRST_WORKS_POST, "is posted at once"),
            (FIRST_WORKS_WAIT, "waits until an archivist has looked at it"),
        ),
    ),
    Choice(
        name="queue_per_day",
        label="How many of the line are let in each day",
        help="Each gets a letter with an invitation.",
        default=10,
        most=10_000,
    ),
    Choice(
        name="minimum_age",
        label="How old a member must be",
        help="Who joins says that she is. 0: it is not asked.",
        default=13,
        most=99,
    ),
    Choice(
        name="profile_questions",
        label="What members may tell of themselves",
        help="A question or word on each line, such as “Favourite ship”: twenty of at most 100 characters. Members "
        "answer as they like, on the page of their accounts. Answers to a question that goes are kept for its return.",
        default="",
        most=MOST_QUESTIONS * (LONGEST_QUESTION + 1),
        is_long=True,
    ),
    Choice(
        name="terms",
        label="The terms",
        help="What members agree to, in plain words; paragraphs are kept. Empty: nothing is asked.",
        default="",
        most=50_000,
        is_long=True,
    ),
    Choice(
        name="terms_version",
        label="Version of the terms",
        help="Raise it by one when the terms change so much that every member shall be asked again.",
        default=1,
        least=1,
        most=1_000_000,
    ),
)
_BY_NAME = {each.name: each for each in CHOICES}


def text(name: str) -> str:
    """A choice that is a text."""
    return str(_value(name))


def questions() -> tuple[str, ...]:
    """What members are asked for on the page of their accounts, each once, in the archivist's order."""
    lines = (" ".join(line.split())[:LONGEST_QUESTION] for line in text("profile_questions").splitlines())
    return tuple(dict.fromkeys(line for line in lines if line))[:MOST_QUESTIONS]


def number(name: str) -> int:
    """A choice that is a number."""
    return int(_value(name))


def joining() -> Joining:
    """Who may join."""
    return Joining(text("joining"))


def change(typed: Mapping[str, str], *, by: str) -> list[str]:
    """Choose these, by name, as they were typed; the names of those that are other than before. Raises BadChoice."""
    problems, given = {}, {}
    for name, raw in typed.items():
        try:
            given[name] = _BY_NAME[name].read(raw)
        except ValueError as error:
            problems[name] = str(error)
    if problems:
        raise BadChoice(problems)
    changed = _write(given, by)
    forget()
    return changed


@transaction.atomic
def _write(given: Mapping[str, Value], by: str) -> list[str]:
    had = {each.name: each.value for each in Chosen.objects.select_for_update()}
    before = {name: had.get(name, _unchosen(name)) for name in given}
    changed = [name for name in given if given[name] != before[name]]
    for name in changed:
        Chosen.objects.update_or_create(name=name, defaults={"value": given[name]})
        ChosenChange.objects.create(name=name, before=before[name], after=given[name], by=by, at=now())
    return changed


def changes() -> QuerySet[ChosenChange]:
    """Every change, the latest first."""
    return ChosenChange.objects.order_by("-pk")


def forget(values: Mapping[str, Value] | None = None) -> None:
    """Read again before the next answer; or go by these."""
    global _kept  # noqa: PLW0603 - the one thing that this module remembers
    _kept = None if values is None else (time.monotonic(), values)


def _value(name: str) -> Value:
    return _read().get(name, _unchosen(name))


def _unchosen(name: str) -> Value:
    conf = settings.UNDYING
    found = conf.values.get(name, _BY_NAME[name].default)
    assert isinstance(found, str | int)
    return found


def _read() -> Mapping[str, Value]:
    """What is chosen. A page that says that the database is gone can be shown without it."""
    if _kept and time.monotonic() - _kept[0] < KEPT_FOR:
        return _kept[1]
    try:
        with transaction.atomic():
            values: dict[str, Value] = dict(Chosen.objects.values_list("name", "value"))
    except DatabaseError:
        return _kept[1] if _kept else {}
    forget(values)
    return values
