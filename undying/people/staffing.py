"""Who is trusted with what, and whose account is closed: changed by archivists, each change noted with its author.

Refused
├── LastArchivist   somebody has to keep the archive
├── NotHerself      nobody closes her own account from the desk
└── BadReason       a reason that is missing or too long
"""

from __future__ import annotations

from enum import StrEnum

from django.db import transaction

from undying.kernel.errors import Refused
from undying.people import browsers, second_factor
from undying.people.models import StaffChange, User
from undying.people.viewer import Role

LONGEST_REASON = 500


class LastArchivist(Refused):
    """Somebody has to keep the archive."""


class NotHerself(Refused):
    """Nobody closes her own account from the desk."""


class BadReason(Refused):
    """A reason that is missing or too long."""


class Change(StrEnum):
    """What can be changed of an account from the desk."""

    ROLE = "role"
    SUSPENDED = "suspended"
    RESTORED = "restored"
    FACTOR = "factor"


@transaction.atomic
def give_role(user: User, role: Role, *, by: str) -> bool:
    """Trust her with more, or with less; whether that is a change. Raises LastArchivist."""
    user = _locked(user)
    before = Role(user.role)
    if role is before:
        return False
    if before is Role.ARCHIVIST:
        _somebody_else_keeps_it(user)
    user.role = role
    user.save(update_fields=["role"])
    _note(user, Change.ROLE, by, before=before.value, after=role.value)
    return True


@transaction.atomic
def suspend(user: User, *, by: str, reason: str) -> bool:
    """Close her account: every session ends, and she cannot sign in; what she posted stays. Whether it was open.

    Raises LastArchivist, NotHerself and BadReason.
    """
    user = _locked(user)
    if not user.is_active:
        return False
    if user.username == by:
        raise NotHerself("You cannot close your own account from here: another archivist has to.")
    reason = _reason(reason)
    if user.role == Role.ARCHIVIST:
        _somebody_else_keeps_it(user)
    user.is_active = False
    user.save(update_fields=["is_active"])
    browsers.end_all(user)
    _note(user, Change.SUSPENDED, by, reason=reason)
    return True


@transaction.atomic
def restore(user: User, *, by: str, reason: str) -> bool:
    """Open her account again; whether it was closed. Raises BadReason."""
    user = _locked(user)
    if user.is_active:
        return False
    reason = _reason(reason)
    user.is_active = True
    user.save(update_fields=["is_active"])
    _note(user, Change.RESTORED, by, reason=reason)
    return True


@transaction.atomic
def forget_factor(user: User, *, by: str, reason: str) -> bool:
    """Take off the second factor that she has lost; whether she had one. Raises BadReason."""
    reason = _reason(reason)
    if not second_factor.forget(user):
        return False
    _note(user, Change.FACTOR, by, reason=reason)
    return True


def _locked(user: User) -> User:
    """The account as it is now, with every archivist's, so that no two of them take the role from each other."""
    list(User.objects.select_for_update().filter(role=Role.ARCHIVIST).order_by("pk"))
    return User.objects.select_for_update().get(pk=user.pk)


def _somebody_else_keeps_it(user: User) -> None:
    if not User.objects.filter(role=Role.ARCHIVIST, is_active=True).exclude(pk=user.pk).exists():
        raise LastArchivist(f"{user.username} is the only archivist: make another member one first.")


def _reason(text: str) -> str:
    text = text.strip()
    if not text:
        raise BadReason("Write the reason: whoever looks after this archive later will want to know.")
    if len(text) > LONGEST_REASON:
        raise BadReason(f"A reason has at most {LONGEST_REASON} characters; this has {len(text)}.")
    return text


def _note(user: User, what: Change, by: str, *, before: str = "", after: str = "", reason: str = "") -> None:
    StaffChange.objects.create(user=user, what=what, before=before, after=after, reason=reason, by=by)
