"""Works for whoever has their link: in no list, and behind a token that nobody can guess.

The rule is `library.models.works.readable_by`: whom a request opens such a work for is a fact of its Viewer. A work has
a token exactly as long as it is for whoever has the link.
"""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from django.db import transaction

from undying.kernel.clock import now
from undying.kernel.errors import NotVisible
from undying.library.models import Work, WorkLink
from undying.manuscript import Audience

if TYPE_CHECKING:
    from undying.people.viewer import Viewer

TOKEN_BYTES = 24
LONGEST_TOKEN = 64


def settle(work: Work) -> None:
    """Give a work its link, or take it away, as its audience has it. What has one keeps it."""
    if work.audience == Audience.LINK:
        WorkLink.objects.get_or_create(work=work, defaults={"token": _token()})
    else:
        WorkLink.objects.filter(work=work).delete()


def work_behind(token: str) -> int | None:
    """The number of the work that a link opens, if it opens any. One query."""
    if len(token) > LONGEST_TOKEN:
        return None
    found = WorkLink.objects.filter(token=token, work__audience=Audience.LINK)
    return found.values_list("work_id", flat=True).first()


def token_for(viewer: Viewer, work: Work) -> str:
    """The token of a work of hers; empty for one that is for others than whoever has the link. Raises NotVisible."""
    _must_be_hers(viewer, work)
    return WorkLink.objects.filter(work=work).values_list("token", flat=True).first() or ""


@transaction.atomic
def renew(viewer: Viewer, work: Work) -> None:
    """Another link: the one before opens nothing any more. Raises NotVisible."""
    _must_be_hers(viewer, work)
    if work.audience == Audience.LINK:
        WorkLink.objects.update_or_create(work=work, defaults={"token": _token(), "made": now()})


def _must_be_hers(viewer: Viewer, work: Work) -> None:
    hers = work.creatorships.filter(chapter=None, pseud__user=viewer.user_id)
    if viewer.user_id is None or not hers.exists():
        raise NotVisible("work", work.pk)


def _token() -> str:
    return secrets.token_urlsafe(TOKEN_BYTES)
