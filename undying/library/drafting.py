"""What an author has typed and not saved yet: kept as she typed it, until she saves it or throws it away.

Each form that is open has a row of its own, so that two windows never write over each other. Nobody but she reads them.

Refused
└── TooManyDrafts   she has as many of them as the archive keeps
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import transaction

from undying.kernel.clock import now
from undying.kernel.errors import NotVisible, Refused
from undying.kernel.ids import new_id
from undying.library.access import BIGGEST_ID
from undying.library.models import Draft, DraftKind, Posted

if TYPE_CHECKING:
    from datetime import datetime

    from undying.library.models import Chapter, Work
    from undying.library.models.writing import DraftQuerySet
    from undying.people.viewer import Viewer

MOST = 200
LONGEST_DEVICE = 100
NEW = (DraftKind.NEW_WORK, DraftKind.NEW_CHAPTER)


class TooManyDrafts(Refused):
    """One more would be too many."""

    def __init__(self) -> None:
        super().__init__(f"You have {MOST} unsaved texts, which are the most that are kept: save or drop some of them.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """The form that something is typed into."""

    kind: DraftKind
    work: Work | None = None
    chapter: Chapter | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """What an open form knows of itself: the number of its row, the `version` of that row which it has seen (0 when
    there is none yet), a mark of what stood in it at first, and when it was opened.
    """

    token: int
    version: int = 0
    base: int = 0
    opened: datetime | None = None


@transaction.atomic
def keep(viewer: Viewer, target: Target, sheet: Sheet, fields: dict[str, Any], device: str) -> Draft | None:
    """Keep what was typed. A row that another window has changed meanwhile stays, and this text has a row of its own.

    None when the form was saved or thrown away meanwhile. Raises TooManyDrafts.
    """
    mine = Draft.objects.visible_to(viewer).filter(kind=target.kind, work=target.work, chapter=target.chapter)
    row = mine.select_for_update().filter(pk=sheet.token).first()
    if row is None and (sheet.version or Posted.objects.filter(token=sheet.token).exists()):
        return None
    other = row if row is not None and row.version != sheet.version else None
    if row is None or other is not None:
        row = _new(viewer, target, sheet, other)
    row.fields, row.version, row.saved = fields, row.version + 1, now()
    row.device, row.base = device[:LONGEST_DEVICE], sheet.base
    row.save()
    return row


def _new(viewer: Viewer, target: Target, sheet: Sheet, other: Draft | None) -> Draft:
    assert viewer.user_id is not None
    if Draft.objects.visible_to(viewer).count() >= MOST:
        raise TooManyDrafts
    is_free = bool(sheet.token) and not Draft.objects.filter(pk=sheet.token).exists()
    return Draft(
        pk=sheet.token if is_free else new_id(),
        owner_id=viewer.user_id,
        kind=target.kind,
        work=target.work,
        chapter=target.chapter,
        conflicts_with=other,
    )


def all_of(viewer: Viewer) -> DraftQuerySet:
    """All that she has typed and not saved, the latest first."""
    return Draft.objects.visible_to(viewer).select_related("work", "chapter").order_by("-saved", "-pk")


def unsaved(viewer: Viewer, target: Target, *, but: int = 0) -> DraftQuerySet:
    """What she typed into such a form elsewhere, or before, and has not saved."""
    return all_of(viewer).filter(kind=target.kind, work=target.work, chapter=target.chapter).exclude(pk=but)


def meanwhile(viewer: Viewer, target: Target, row: Draft, sheet: Sheet) -> list[Draft]:
    """What another window has kept of the same since this form was opened."""
    if target.kind in NEW or sheet.opened is None:
        return [row.conflicts_with] if row.conflicts_with is not None else []
    return list(unsaved(viewer, target, but=row.pk).filter(saved__gt=sheet.opened))


def draft_for(viewer: Viewer, number: int) -> Draft:
    """One of hers. Raises NotVisible."""
    found = all_of(viewer).filter(pk=number).first() if number <= BIGGEST_ID else None
    if found is None:
        raise NotVisible("draft", number)
    return found


def drop(viewer: Viewer, number: int) -> None:
    """Throw one of hers away, or let go of one that was saved; none is none."""
    Draft.objects.visible_to(viewer).filter(pk=number).delete()
