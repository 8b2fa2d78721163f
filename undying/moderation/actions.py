"""Every decision about a work.

Refused
├── NotAModerator
├── NoReason
└── NotWaiting
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from undying.kernel.clock import now
from undying.kernel.errors import Refused
from undying.library import writing
from undying.library.actions import set_hidden
from undying.library.models import HandedIn
from undying.moderation.models import Decision, Verdict
from undying.people.models import User
from undying.people.viewer import Role, Viewer

if TYPE_CHECKING:
    from undying.library.models import Work


class NotAModerator(Refused):
    """Only moderators and archivists decide about works."""


class NoReason(Refused):
    """A decision without a reason cannot be explained to its author."""


class NotWaiting(Refused):
    """The work does not wait any more: its author took it back, or somebody else has looked at it."""


@transaction.atomic
def admit(number: int, *, by: Viewer, knows_her: bool) -> HandedIn:
    """Post the work of a new author, in her name; with `knows_her`, none of hers has to wait again.

    Raises NotAModerator, NotWaiting, and Unfinished for what lacks something by now.
    """
    row = _waiting(number, by)
    if knows_her:
        User.objects.filter(pk=row.by_id).update(is_known=True)
    row.admitted = now()
    row.save(update_fields=["admitted"])
    author = Viewer(user_id=row.by_id, name=row.by.username, role=Role(row.by.role))
    writing.post(author, row.work)
    Decision.objects.create(work_number=row.work_id, verdict=Verdict.ADMIT, reason="", by=by.name)
    return row


@transaction.atomic
def send_back(number: int, *, by: Viewer, reason: str) -> HandedIn:
    """Leave the work a draft and say why. Raises NotAModerator, NotWaiting and NoReason."""
    row = _waiting(number, by)
    if not reason.strip():
        raise NoReason("Say what you want changed: she can do nothing with a bare no.")
    row.sent_back, row.reason = now(), reason.strip()
    row.save(update_fields=["sent_back", "reason"])
    Decision.objects.create(work_number=row.work_id, verdict=Verdict.SEND_BACK, reason=row.reason, by=by.name)
    return row


def _waiting(number: int, by: Viewer) -> HandedIn:
    if not by.sees_all:
        raise NotAModerator("Only archivists see drafts, and decide about new authors.")
    rows = HandedIn.objects.select_for_update(of=("self",)).select_related("work", "by")
    row = rows.filter(work=number, admitted=None, sent_back=None).first()
    if row is None:
        raise NotWaiting("It does not wait any more: its author took it back, or somebody else has looked at it.")
    return row


@transaction.atomic
def decide(work: Work, verdict: Verdict, *, by: Viewer, reason: str) -> Decision:
    """Take a work out of everybody's sight but its creators' and moderators', or put it back, and record why.

    Raises NotAModerator and NoReason.
    """
    if not by.moderates:
        raise NotAModerator("Only moderators and archivists take works out of sight.")
    if not reason.strip():
        raise NoReason("Give a reason: the author will ask for it.")
    set_hidden(work, hidden=verdict == Verdict.HIDE)
    return Decision.objects.create(work_number=work.pk, verdict=verdict, reason=reason.strip(), by=by.name)
