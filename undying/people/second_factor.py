"""Who has a second factor, and of whom one is asked. The ceremonies themselves are allauth's, and `web` holds them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db import transaction

from undying.people import letters
from undying.people.models import LetterKind
from undying.people.viewer import STAFF

if TYPE_CHECKING:
    from collections.abc import Collection

    from undying.people.models import User
    from undying.people.viewer import Viewer

KINDS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
"""Recovery codes stand in for one of these, and are none themselves."""


def is_owed(viewer: Viewer) -> bool:
    """Whether she has yet to set one up before she may change what is not her own. One query where one is asked for."""
    return viewer.role in STAFF and is_asked_for() and not has_one(viewer.user_id)


def is_asked_for() -> bool:
    """Whether staff of this archive need one: `staff_second_factor`, else whether others can reach the archive."""
    conf = settings.UNDYING
    wish = conf.text("staff_second_factor")
    return bool(wish == "always" or (wish == "public" and conf.is_public))


def has_one(number: int | None) -> bool:
    """Whether the account with this number has one."""
    return bool(Authenticator.objects.filter(user_id=number, type__in=KINDS).exists())


def who_have_one(numbers: Collection[int]) -> set[int]:
    """Those of the accounts with these numbers that have one. One query."""
    return set(Authenticator.objects.filter(user_id__in=numbers, type__in=KINDS).values_list("user_id", flat=True))


@transaction.atomic
def forget(user: User) -> int:
    """Take off all that she has, for somebody who has lost it; how many. She is told by letter."""
    count, _ = Authenticator.objects.filter(user=user).delete()
    if count:
        tell(user, base=settings.UNDYING.text("base_url"))
    return int(count)


def tell(user: User, *, base: str) -> None:
    """Let her know by letter that how she signs in was changed."""
    if user.email:
        letters.ask(LetterKind.FACTOR, user.email, base=base, user=user)
