"""Blocking: a member keeps a person away from her, whatever pen names that person has.

Refused
└── NotBlocked      that cannot be blocked; says why
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from undying.kernel.clock import now
from undying.kernel.errors import NotVisible, Refused
from undying.library.access import BIGGEST_ID
from undying.library.models import CreatorInvitation
from undying.people.blocking import note_shut_out
from undying.people.models import Block, Pseud

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from undying.people.viewer import Viewer

MOST = 500


class NotBlocked(Refused):
    """That cannot be blocked."""


def kept_by(viewer: Viewer) -> QuerySet[Block]:
    """Whom she has blocked, the latest first, each by the pen name that she blocked."""
    rows = Block.objects.filter(member=viewer.user_id) if viewer.user_id is not None else Block.objects.none()
    return rows.select_related("pseud__user")


def pen_name_for(number: int) -> Pseud:
    """The pen name of a member with this number: its page is there for everybody. Raises NotVisible."""
    found = None
    if number <= BIGGEST_ID:
        found = Pseud.objects.filter(pk=number, user__is_active=True).select_related("user").first()
    if found is None:
        raise NotVisible("author", number)
    return found


@transaction.atomic
def block(viewer: Viewer, number: int, *, hides: bool) -> Block:
    """Block whoever has this pen name; of one that is blocked, change whether it hides. What she asks is answered no.

    Raises NotVisible, NotBlocked.
    """
    if viewer.user_id is None:
        raise NotVisible("page", "blocks")
    pseud = pen_name_for(number)
    account = pseud.user
    assert account is not None, "a member's pen name"
    if account.pk == viewer.user_id:
        raise NotBlocked("That is you.")
    had = Block.objects.filter(member=viewer.user_id, pseud=pseud)
    if not had.exists() and kept_by(viewer).count() >= MOST:
        raise NotBlocked(f"There is room for {MOST} blocked persons, and you have as many: unblock one first.")
    asked = CreatorInvitation.objects.filter(pseud__user=viewer.user_id, by__user=account, refused=None)
    asked.update(refused=now())
    row, _ = Block.objects.update_or_create(
        member_id=viewer.user_id, pseud=pseud, defaults={"account": account, "hides": hides}
    )
    note_shut_out(account.pk)
    return row


@transaction.atomic
def unblock(viewer: Viewer, number: int) -> None:
    """Let whoever it is come near again. Raises NotVisible for a block that is not hers."""
    row = kept_by(viewer).filter(pk=number).first() if number <= BIGGEST_ID else None
    if row is None:
        raise NotVisible("block", number)
    row.delete()
    note_shut_out(row.account_id)
