"""Drafts that go up by themselves: at a time that their author chose, or as soon after it as the worker runs.

Refused
└── BadTime         nobody can post at that time: says why, in words

Until its time a draft is a draft, by the one rule of who may read. What cannot be posted when its time has come stays
one, and its creators are told why.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.db import transaction

from undying.kernel.clock import now
from undying.kernel.errors import NotVisible, Refused
from undying.library import writing
from undying.library.models import Chapter, Creatorship, Scheduled, Work
from undying.library.writing import Unfinished
from undying.manuscript import State
from undying.people.models import User
from undying.people.viewer import Role, Viewer

if TYPE_CHECKING:
    from django.db.models import QuerySet

FARTHEST = timedelta(days=5 * 366)
UTC_NAME = "UTC"
NOBODY = "Nobody who made it has an account here any more that is open."


class BadTime(Refused):
    """Nobody can post at that time."""


# -- Times as they are typed ------------------------------------------------------------------------------------------


def moment(day: str, clock: str, zone: str) -> datetime:
    """The moment that a day and an hour mean in a zone. Raises BadTime for one that is past, or is none, or is two."""
    there = zone_named(zone)
    local = datetime.combine(_day(day), _clock(clock))
    if abs(local - now().replace(tzinfo=None)) > FARTHEST:
        raise BadTime("That is more than five years away: choose a day that is nearer.")
    first, second = (local.replace(tzinfo=there, fold=fold) for fold in (0, 1))
    if first.utcoffset() != second.utcoffset():
        raise BadTime(_when_clocks_change(local, first))
    if first <= now():
        raise BadTime("That time is past: choose one that is to come, or post it now.")
    return first.astimezone(UTC)


def _when_clocks_change(local: datetime, first: datetime) -> str:
    is_there = first.astimezone(UTC).astimezone(first.tzinfo).replace(tzinfo=None) == local
    if is_there:
        return f"On that day the clocks go back, and {local:%H:%M} comes twice: choose a time an hour before or after."
    return f"On that day the clocks go forward, and there is no {local:%H:%M}: choose a time an hour before or after."


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        raise BadTime("Write the day as year-month-day, like 2027-03-09.") from None


def _clock(text: str) -> time:
    try:
        found = time.fromisoformat(text.strip())
    except ValueError:
        found = None
    if found is None or found.tzinfo is not None:
        raise BadTime("Write the time as hours and minutes, like 18:30.")
    return found.replace(second=0, microsecond=0)


def zone_named(name: str) -> ZoneInfo:
    """The zone, or UTC for one that this machine does not know any more."""
    try:
        return ZoneInfo(name or UTC_NAME)
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo(UTC_NAME)


# -- Saying when ------------------------------------------------------------------------------------------------------


@transaction.atomic
def go_up_at(viewer: Viewer, work: Work, chapter: Chapter | None, at: datetime) -> None:
    """Have a draft of hers posted at that moment; another moment replaces the one before.

    Raises Unfinished where something is missing that everything posted has, or where it is no draft that can go up.
    """
    if not writing.may_write(viewer, work):
        raise NotVisible("work", work.pk)
    thing: Work | Chapter = chapter or work
    if thing.state != State.DRAFT:
        raise Unfinished({"when": "It is posted already."})
    if writing.deletion_of(work) is not None:
        raise Unfinished({"when": "The work is deleted: bring it back first."})
    _must_be_whole(viewer, work, chapter)
    said = {"at": at, "zone": zone_named(viewer.preferences.time_zone).key, "by_id": viewer.user_id, "failed": ""}
    Scheduled.objects.update_or_create(work=work, chapter=chapter, defaults=said)


def _must_be_whole(viewer: Viewer, work: Work, chapter: Chapter | None) -> None:
    """Raises what posting it now would raise."""
    with transaction.atomic():
        _post(viewer, work, chapter)
        transaction.set_rollback(True)
    (chapter or work).refresh_from_db()


@transaction.atomic
def call_off(viewer: Viewer, work: Work, chapter: Chapter | None) -> None:
    """It does not go up by itself; nothing for what would not."""
    if not writing.may_write(viewer, work):
        raise NotVisible("work", work.pk)
    Scheduled.objects.filter(work=work, chapter=chapter).delete()


def scheduled_for(work: Work, chapter: Chapter | None = None) -> Scheduled | None:
    """When a work or chapter goes up, if it does by itself. One query."""
    return Scheduled.objects.filter(work=work, chapter=chapter).first()


def scheduled_of(viewer: Viewer) -> QuerySet[Scheduled]:
    """All of hers that is to go up, and what should have and could not, the next first."""
    hers = Creatorship.objects.filter(chapter=None, pseud__user=viewer.user_id)
    found = Scheduled.objects.filter(work__in=hers.values("work"))
    return found.select_related("work", "chapter").order_by("at", "pk")


# -- Going up ---------------------------------------------------------------------------------------------------------


def post_due() -> list[str]:
    """Post what is due, each once, and tell what was done for whoever keeps the log. One query when nothing is."""
    due = list(Scheduled.objects.filter(at__lte=now(), failed="").order_by("at", "pk").values_list("pk", flat=True))
    return [sentence for number in due if (sentence := _post_one(number))]


@transaction.atomic
def _post_one(number: int) -> str:
    """One of them; empty where another worker was faster. All that it does is done at once, or not at all."""
    row = Scheduled.objects.select_for_update(of=("self",)).filter(pk=number, failed="").first()
    if row is None:
        return ""
    what = f"work {row.work_id}" + (f", chapter {row.chapter_id}" if row.chapter_id else "")
    try:
        with transaction.atomic():
            _post(_who_posts(row), row.work, row.chapter)
    except (Unfinished, NotVisible) as refused:
        row.failed = str(refused) if isinstance(refused, Unfinished) else NOBODY
        row.save(update_fields=["failed"])
        return f"{what} could not be posted at its time: {row.failed}"
    row.delete()
    thing: Work | Chapter = row.chapter or row.work
    done = "posted" if thing.state == State.POSTED else "handed in, and waits for the archivist"
    return f"{what} was {done}, {_late(now() - row.at)}"


def _post(viewer: Viewer, work: Work, chapter: Chapter | None) -> None:
    if chapter is None:
        writing.post(viewer, work)
    else:
        writing.save_chapter(viewer, chapter, writing.text_of(chapter), state=State.POSTED)


def _who_posts(row: Scheduled) -> Viewer:
    """She who said so, or else another of its creators whose account is open."""
    makers = Creatorship.objects.filter(work=row.work_id, chapter=None, pseud__user__is_active=True)
    open_ = list(User.objects.filter(pk__in=makers.values("pseud__user")).order_by("pk"))
    user = next((each for each in open_ if each.pk == row.by_id), open_[0] if open_ else None)
    if user is None:
        raise NotVisible("work", row.work_id)
    return Viewer(user_id=user.pk, name=user.get_username(), role=Role(user.role), preferences=user.preferences)


def _late(by: timedelta) -> str:
    minutes = int(by.total_seconds()) // 60
    return f"{minutes} min after its time" if minutes else "at its time"
