"""The first works of new authors wait until the archivist has looked at them, where she has chosen so."""

from __future__ import annotations

from typing import TYPE_CHECKING

from undying.kernel import chosen
from undying.kernel.clock import now
from undying.library.models import HandedIn
from undying.people.models import User
from undying.people.viewer import STAFF

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from undying.library.models import Work
    from undying.people.viewer import Viewer


def must_wait(viewer: Viewer, work: Work) -> bool:
    """Whether a work that she wants to post is to be looked at first; then that is noted, and it stays a draft.

    Two queries where new authors wait; else one, by which she is known from now on.
    """
    assert viewer.user_id is not None, "who writes is signed in"
    unknown = User.objects.filter(pk=viewer.user_id, is_known=False)
    if chosen.text("first_works") != chosen.FIRST_WORKS_WAIT or viewer.role in STAFF:
        unknown.update(is_known=True)
        return False
    row = HandedIn.objects.filter(work=work).first()
    if (row is not None and row.admitted) or not unknown.exists():
        return False
    said = {"by_id": viewer.user_id, "since": now(), "sent_back": None, "reason": ""}
    HandedIn.objects.update_or_create(work=work, defaults=said)
    return True


def withdraw(work: Work) -> None:
    """It is posted, or not wanted to be: nobody has to look at it."""
    HandedIn.objects.filter(work=work).delete()


def waiting() -> QuerySet[HandedIn]:
    """What the archivist is to look at, the longest waiting first."""
    rows = HandedIn.objects.filter(admitted=None, sent_back=None, by__is_active=True)
    return rows.select_related("work", "by").order_by("since", "pk")


def of(viewer: Viewer) -> list[HandedIn]:
    """The works of this author that wait or were sent back, the latest first. One query."""
    mine = HandedIn.objects.filter(work__creatorships__pseud__user=viewer.user_id, admitted=None).distinct()
    return list(mine.select_related("work").order_by("-since", "-pk"))
