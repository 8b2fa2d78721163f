"""Whom a member keeps away from her."""

from __future__ import annotations

from undying.people.models import Block, User


def keeps_away(member: int | None, other: int | None) -> bool:
    """Whether a member has blocked another, so that she may ask, give and say nothing to her. One query.

    Whatever somebody does to somebody asks this first; what it answers is told in the words that tell of a preference.
    """
    if member is None or other is None:
        return False
    return Block.objects.filter(member=member, account=other).exists()


def note_shut_out(account: int) -> None:
    """Keep with an account who does not want it to see her works: then no page asks for that. Two queries."""
    User.objects.select_for_update().get(pk=account)
    hiding = Block.objects.filter(account=account, hides=True).values_list("member", flat=True)
    User.objects.filter(pk=account).update(shut_out=sorted(set(hiding)))
