"""Joining: first a letter, then an account. Who may ask for the letter is the archivist's choice (`kernel.chosen`).

No account and no name exists before somebody has shown that she reads what is sent to the address: docs/decisions/0031.

Refused
├── Closed             nobody may join at present
├── NeedsInvitation    the archive is for those who are invited
├── NoSuchInvitation   unknown, used up, taken back or out of date
└── BadAnswers         what was told will not do: a sentence for each field
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import F

from undying.kernel import chosen
from undying.kernel.chosen import Joining
from undying.kernel.clock import now
from undying.kernel.errors import Refused
from undying.people import letters, line
from undying.people.actions import BadName, NameTaken, create_user
from undying.people.letters import JOINS
from undying.people.models import Invite, Letter, LetterKind, User
from undying.people.passwords import BadPassword
from undying.people.viewer import Role

if TYPE_CHECKING:
    from collections.abc import Mapping

LONGEST_NOTE = 200
MOST_USES = 10_000
MOST_DAYS = 3650


class Closed(Refused):
    """Nobody may join at present."""


class NeedsInvitation(Refused):
    """The archive is for those who are invited."""


class NoSuchInvitation(Refused):
    """That is no invitation, or none any more."""


class BadAnswers(Refused):
    """What was told will not do; `problems` has a sentence for each field, by name."""

    def __init__(self, problems: Mapping[str, str]) -> None:
        super().__init__(" ".join(problems.values()))
        self.problems = dict(problems)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """What somebody told who joins. `terms_version` is the version that she read; `is_old_enough` what she says."""

    name: str
    password: str
    is_old_enough: bool
    terms_version: int


def ask(email: str, *, base: str, code: str = "") -> None:
    """Have a letter sent to somebody who wants to join. Raises Closed, NeedsInvitation and NoSuchInvitation."""
    mode = _mode()
    invite = invite_with(code) if code and mode is not Joining.OPEN else None
    if mode is Joining.INVITATION and invite is None:
        raise NeedsInvitation("This archive is for those who are invited: write the code of your invitation.")
    letters.ask(LetterKind.JOIN, email, base=base, invite=invite)


def invite_with(code: str) -> Invite:
    """The invitation with this code. Raises NoSuchInvitation."""
    found = Invite.objects.filter(code=code.strip().lower()).first()
    if found is None or not found.is_good:
        raise NoSuchInvitation("That is no invitation, or it was used up, taken back, or has run out.")
    return found


@transaction.atomic
def join(letter: Letter, answers: Answers) -> User:
    """Make the account of who has this letter. Raises Closed, NoSuchInvitation, BadAnswers and NoSuchLetter."""
    letter = letters.use(letter)
    _mode()
    if User.objects.filter(email__iexact=letter.email).exists():
        raise letters.NoSuchLetter("Somebody has joined with that address.")
    problems = dict(_unsaid(answers))
    try:
        user = create_user(answers.name, password=answers.password, role=Role.MEMBER, email=letter.email)
    except (NameTaken, BadName) as refused:
        problems["name"] = str(refused)
    except BadPassword as refused:
        problems["password"] = str(refused)
    if problems:
        raise BadAnswers(problems)
    user.email_confirmed, user.said_age = now(), chosen.number("minimum_age") or None
    if letter.invite:
        user.invited_with = _spend(letter.invite)
    user.save()
    if answers.terms_version:
        accept_terms(user, answers.terms_version)
    Letter.objects.filter(email__iexact=letter.email, kind__in=JOINS).delete()
    return user


def _mode() -> Joining:
    mode = chosen.joining()
    if mode is Joining.CLOSED:
        raise Closed("Nobody can join at present: the people who keep this archive make the accounts.")
    return mode


def _unsaid(answers: Answers) -> Mapping[str, str]:
    problems = {}
    if (age := chosen.number("minimum_age")) and not answers.is_old_enough:
        problems["age"] = f"Members are at least {age} years old."
    if terms_in_force() and answers.terms_version != terms_in_force():
        problems["terms"] = "Members accept the terms. Read them, and say so here."
    return problems


def _spend(invite: Invite) -> Invite:
    """One more has joined with it. Raises NoSuchInvitation when it has meanwhile served as many as it was for."""
    invite = Invite.objects.select_for_update().get(pk=invite.pk)
    if not invite.is_good:
        raise NoSuchInvitation("Your invitation was used up, taken back, or has run out.")
    Invite.objects.filter(pk=invite.pk).update(used=F("used") + 1)
    return invite


def terms_in_force() -> int:
    """The version of the terms that members accept; 0 when there are none."""
    return chosen.number("terms_version") if chosen.text("terms") else 0


def owes_terms(user: User) -> bool:
    """Whether she has yet to accept the terms as they are now."""
    return user.terms_version < terms_in_force()


def accept_terms(user: User, version: int) -> None:
    """She accepts the terms; Raises BadAnswers when they are others than she read."""
    if version != terms_in_force():
        raise BadAnswers({"terms": "The terms have just changed: read them again."})
    user.terms_version, user.terms_accepted = version, now()
    user.save(update_fields=["terms_version", "terms_accepted"])


def invite(*, note: str, most: str, days: str, by: str) -> Invite:
    """A new invitation for so many people and, unless empty, so many days. Raises BadAnswers."""
    problems = {}
    if len(note) > LONGEST_NOTE:
        problems["note"] = f"At most {LONGEST_NOTE} characters fit here; this has {len(note)}."
    uses, lasts = _whole(most, MOST_USES), _whole(days, MOST_DAYS) if days else None
    if uses is None:
        problems["most"] = f"Write a whole number from 1 to {MOST_USES}."
    if days and lasts is None:
        problems["days"] = f"Write a whole number from 1 to {MOST_DAYS}, or nothing."
    if problems or uses is None:
        raise BadAnswers(problems)
    until = now() + timedelta(days=lasts) if lasts else None
    return Invite.objects.create(code=_code(), note=note, most=uses, until=until, by=by)


def _whole(typed: str, most: int) -> int | None:
    fits = typed.isascii() and typed.isdecimal() and len(typed) <= len(str(most))
    return int(typed) if fits and 1 <= int(typed) <= most else None


def _code() -> str:
    """Sixteen letters in groups of four, without those that are read for others: nobody guesses one of 10^23."""
    letters_ = "abcdefghjkmnpqrstuvwxyz23456789"
    return "-".join("".join(secrets.choice(letters_) for _ in range(4)) for _ in range(4))


def take_back(invite: Invite) -> None:
    """Nobody can join with it any more, not by a letter that was sent either."""
    if invite.taken_back is None:
        invite.taken_back = now()
        invite.save(update_fields=["taken_back"])


@transaction.atomic
def let_in() -> int:
    """Write to those in the line whose turn it is; how many. Once an hour; the day's number is spent once a day."""
    mode = chosen.joining()
    if mode not in {Joining.QUEUE, Joining.OPEN}:
        return 0
    turn = list(line.next_ones(chosen.number("queue_per_day") if mode is Joining.QUEUE else None))
    for each in turn:
        letters.ask(LetterKind.LET_IN, each.email, base=each.base)
    line.forget_old()
    return len(turn)


def ask_for_address(user: User, email: str, *, base: str) -> None:
    """Have a letter sent to the address that shall be hers."""
    letters.ask(LetterKind.ADDRESS, email, base=base, user=user)


@transaction.atomic
def change_address(letter: Letter) -> User:
    """Who has that letter reads what is sent there: the address is hers, the old one is told. Raises NoSuchLetter."""
    letter = letters.use(letter)
    user = letter.user
    assert user is not None
    if User.objects.filter(email__iexact=letter.email).exclude(pk=user.pk).exists():
        raise letters.NoSuchLetter("Somebody has joined with that address.")
    before, user.email, user.email_confirmed = user.email, letter.email, now()
    user.save(update_fields=["email", "email_confirmed"])
    user.letters.filter(kind__in=(LetterKind.FORGOTTEN, LetterKind.ADDRESS)).delete()
    if before and before.casefold() != letter.email.casefold():
        letters.ask(LetterKind.MOVED, before, base=letter.base, user=user)
    return user
