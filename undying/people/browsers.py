"""Where a member is signed in: a list for her own eyes, and ending what she does not know. No addresses are kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.sessions.models import Session
from django.db import transaction

from undying.kernel.clock import now
from undying.people.models import Browser

if TYPE_CHECKING:
    from undying.people.models import User


def remember(user: User, key: str, device: str) -> Browser:
    """She has signed in there, under this key of her session."""
    row, _ = Browser.objects.update_or_create(
        session_key=key, defaults={"user": user, "device": device[:100], "seen": now()}
    )
    return row


def see(number: int, key: str) -> None:
    """She was there just now; the key may be another than before."""
    Browser.objects.filter(pk=number).update(seen=now(), session_key=key)


def of(user: User) -> list[Browser]:
    """Where she is signed in, the latest first. Two queries."""
    rows = list(Browser.objects.filter(user=user).order_by("-seen", "-pk"))
    keys = [each.session_key for each in rows]
    live = set(Session.objects.filter(pk__in=keys, expire_date__gt=now()).values_list("pk", flat=True))
    return [each for each in rows if each.session_key in live]


@transaction.atomic
def end(user: User, number: int) -> bool:
    """Sign her out there; whether she was signed in."""
    row = Browser.objects.filter(user=user, pk=number).first()
    if row is None:
        return False
    Session.objects.filter(pk=row.session_key).delete()
    row.delete()
    return True


@transaction.atomic
def end_all(user: User, *, but: str = "") -> int:
    """Sign her out everywhere but where her session has this key; in how many places that was."""
    rows = list(Browser.objects.filter(user=user).exclude(session_key=but))
    Session.objects.filter(pk__in=[each.session_key for each in rows]).delete()
    Browser.objects.filter(pk__in=[each.pk for each in rows]).delete()
    return len(rows)


def forget_old() -> None:
    """Let go of those whose sessions are gone."""
    Browser.objects.exclude(session_key__in=Session.objects.values("pk")).delete()
