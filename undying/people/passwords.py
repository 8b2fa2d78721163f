"""Passwords: how they are kept, what will do as one, and changing it.

Refused
├── BadPassword     it will not do; says why
└── WrongPassword   it is not hers
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth.hashers import Argon2PasswordHasher
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction

from undying.kernel.errors import Refused
from undying.people import browsers, letters
from undying.people.models import LetterKind
from undying.people.viewer import STAFF

if TYPE_CHECKING:
    from undying.people.models import Letter, User

LEAST, LEAST_OF_STAFF, MOST = 8, 12, 1000


class BadPassword(Refused):
    """That password will not do."""


class WrongPassword(Refused):
    """That is not the account's password."""


class Argon2id(Argon2PasswordHasher):
    """Argon2id that a small machine can do eight of at a time: Django's own choice takes 100 MB for each.

    The numbers are among those that OWASP recommends as equally strong, with one turn more.
    """

    time_cost = 2
    memory_cost = 47_104
    parallelism = 1


class LongEnough:
    """Refuses passwords that are too short: eight characters, or twelve of whoever may change what is not her own."""

    def validate(self, password: str, user: User | None = None) -> None:
        """Raises ValidationError."""
        least = LEAST_OF_STAFF if getattr(user, "role", None) in STAFF else LEAST
        if len(password) < least:
            raise ValidationError(f"A password has at least {least} characters; this has {len(password)}.")
        if len(password) > MOST:
            raise ValidationError(f"A password has at most {MOST:,} characters; this has {len(password):,}.")

    def get_help_text(self) -> str:
        """What is asked."""
        return f"At least {LEAST} characters."


def check(password: str, user: User) -> None:
    """Raises BadPassword when it will not do for that account, saved or not."""
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise BadPassword(" ".join(error.messages)) from error


@transaction.atomic
def change(user: User, old: str, new: str, *, base: str) -> None:
    """A new password in place of the old. Every session ends with it; she is told by letter.

    Raises WrongPassword and BadPassword.
    """
    if len(old) > MOST or not user.check_password(old):
        raise WrongPassword("That is not your password now.")
    _set(user, new, base)


@transaction.atomic
def renew(letter: Letter, new: str) -> None:
    """The same for who has the letter in place of the old password; it works once, and so do its like."""
    user = letters.use(letter).user
    assert user is not None
    _set(user, new, letter.base)
    user.letters.filter(kind=LetterKind.FORGOTTEN).delete()


def _set(user: User, new: str, base: str) -> None:
    check(new, user)
    user.set_password(new)
    user.save(update_fields=["password"])
    browsers.end_all(user)
    if user.email:
        letters.ask(LetterKind.CHANGED, user.email, base=base, user=user)
