"""Telling the world before an import is opened to everyone: what is coming, from where, from which day.

Refused
├── NotAnnounced    it was never announced, or its time is not over; a reason overrides that and is recorded
├── NoNotice        an announcement says what is coming
└── Enough          too many messages in a short time, or too long a one
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction

from undying.exchange import takers
from undying.exchange.models import Batch, BatchState
from undying.exchange.private import LONGEST_ADDRESS, Announcement, Done, Message, Record
from undying.kernel.clock import now
from undying.kernel.errors import Refused

if TYPE_CHECKING:
    from datetime import datetime

    from django.db.models import QuerySet

LONGEST_NOTICE = 10_000
LONGEST_MESSAGE = 5_000
LONGEST_NAME = 100
MOST_IN_AN_HOUR = 60


class NotAnnounced(Refused):
    """It is too early."""


class NoNotice(Refused):
    """There is nothing to announce with."""


class Enough(Refused):
    """The archive takes no more of these now."""


@transaction.atomic
def announce(batch: Batch, *, name: str, notice: str, opens_by_itself: bool = False) -> Announcement:
    """Tell the world that this import will be opened. Words may be changed later; the time counts from the first.

    Raises NoNotice.
    """
    name, notice = " ".join(name.split()), notice.strip()
    if not name or not notice:
        raise NoNotice("Give the collection's name, and a notice: where it comes from and why it comes.")
    if len(notice) > LONGEST_NOTICE or len(name) > 2 * LONGEST_NAME:
        raise NoNotice(f"The notice may have {LONGEST_NOTICE:,} characters, the name {2 * LONGEST_NAME}.")
    since = now()
    row, _ = Announcement.objects.get_or_create(
        batch=batch, defaults={"name": name, "notice": notice, "since": since, "opens": since + _period()}
    )
    row.name, row.notice, row.opens_by_itself = name, notice, opens_by_itself
    row.save()
    return row


def _period() -> timedelta:
    return timedelta(days=settings.UNDYING.number("announced_days"))


def opens(batch: Batch) -> datetime | None:
    """From when on this import may be opened; None while it is not announced."""
    row = Announcement.objects.filter(batch=batch).first()
    return row.opens if row else None


def is_due(batch: Batch) -> bool:
    """Whether it may be opened without a reason."""
    day = opens(batch)
    return not _period() or (day is not None and day <= now())


def refuse_if_early(batch: Batch, *, by: str, reason: str = "") -> None:
    """Raise NotAnnounced before its time; with a reason, record that and let it pass."""
    if is_due(batch):
        return
    if reason.strip():
        Record.objects.create(done=Done.OPENED, by=by, reason=f"Import {batch.pk}: {reason.strip()}")
        return
    day = opens(batch)
    told = f"is announced and may be opened on {day:%Y-%m-%d}" if day else "was not announced yet"
    raise NotAnnounced(f"Import {batch.pk} {told}. Give a reason to open it now; it is recorded.")


def open_now(batch: Batch, *, by: str, reason: str = "") -> int:
    """Open it to everyone, if its time has come or a reason is given; how many works. Raises NotAnnounced and Busy."""
    refuse_if_early(batch, by=by, reason=reason)
    return takers.open_batch(batch)


def open_if_due(batch: Batch) -> int:
    """Open it if its announced day has come and the archivist asked for that. Raises Busy."""
    row = Announcement.objects.filter(batch=batch, opens_by_itself=True, opens__lte=now()).first()
    if row is None or batch.is_open or batch.state != BatchState.DONE:
        return 0
    return takers.open_batch(batch)


def coming() -> QuerySet[Announcement]:
    """What was announced and is not open yet, the next first."""
    return Announcement.objects.filter(batch__is_open=False).exclude(batch__state=BatchState.UNDONE)


def leave_message(*, name: str, reply_to: str, text: str) -> None:
    """Put a message on the archivist's desk. Raises NoNotice for an empty one, and Enough."""
    text = text.replace("\0", "").strip()
    if not text:
        raise NoNotice("Write something first.")
    if len(text) > LONGEST_MESSAGE:
        raise Enough(f"A message may have {LONGEST_MESSAGE:,} characters; this one has {len(text):,}.")
    if Message.objects.filter(at__gt=now() - timedelta(hours=1)).count() >= MOST_IN_AN_HOUR:
        raise Enough("Too many messages came in this hour. Please try again later; yours was not stored.")
    Message.objects.create(
        name=name.replace("\0", "").strip()[:LONGEST_NAME],
        reply_to=reply_to.replace("\0", "").strip()[:LONGEST_ADDRESS],
        text=text,
    )
