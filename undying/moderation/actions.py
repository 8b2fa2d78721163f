"""Every decision about a work.

Refused
├── NotAModerator
└── NoReason
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from undying.kernel.errors import Refused
from undying.library.actions import set_hidden
from undying.moderation.models import Decision, Verdict

if TYPE_CHECKING:
    from undying.library.models import Work
    from undying.people.viewer import Viewer


class NotAModerator(Refused):
    """Only moderators and archivists decide about works."""


class NoReason(Refused):
    """A decision without a reason cannot be explained to its author."""


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
