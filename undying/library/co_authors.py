"""Writing together: a creator asks another member to stand beside her; nothing shows anywhere before she says yes.

Refused
└── NotAsked        she cannot be asked; says why, and never whose else a pen name is
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Case, Max, Q, Value, When
from django.db.models.functions import Length, Lower

from undying.kernel import ledger
from undying.kernel.clock import now
from undying.kernel.errors import NotVisible, Refused
from undying.library import writing
from undying.library.access import public_pen_names
from undying.library.actions import WORK
from undying.library.models import Chapter, CreatorInvitation, Creatorship, Work
from undying.people import blocking

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from undying.people.models import Pseud
    from undying.people.viewer import Viewer

MOST_OPEN = 20
"""Invitations to one work, and its chapters, that wait for an answer."""
OFFERED = 10
LONGEST_TYPED = 200


class NotAsked(Refused):
    """She cannot be asked."""


def like(viewer: Viewer, typed: str) -> list[Pseud]:
    """Others' public pen names that begin as what was typed, the very name first, then the shorter ones. One query."""
    typed = " ".join(typed.replace("\0", "").split())[:LONGEST_TYPED]
    if not typed:
        return []
    exactly = Case(When(name__iexact=typed, then=Value(0)), default=Value(1))
    found = public_pen_names(viewer).filter(name__istartswith=typed).exclude(user=viewer.user_id)
    return list(found.order_by(exactly, Length("name"), Lower("name"), "pk")[:OFFERED])


def invited_to(work: Work) -> list[CreatorInvitation]:
    """The invitations to a work that wait, and those that were refused. For its creators. One query."""
    rows = CreatorInvitation.objects.filter(work=work)
    waiting = rows.standing().values("pk")
    return list(rows.filter(Q(pk__in=waiting) | Q(refused__isnull=False)).select_related("pseud__user", "chapter"))


def asked_of(viewer: Viewer) -> QuerySet[CreatorInvitation]:
    """What she is asked, the latest first."""
    return CreatorInvitation.objects.for_(viewer).select_related("work", "chapter", "pseud", "by__user")


@transaction.atomic
def invite(viewer: Viewer, work: Work, number: int, chapter: Chapter | None = None) -> CreatorInvitation:
    """Ask whoever has the pen name of this number. Raises NotVisible, NotAsked."""
    if not writing.may_write(viewer, work) or (chapter is not None and chapter.work_id != work.pk):
        raise NotVisible("work", work.pk)
    pseud = public_pen_names(viewer).filter(pk=number).first()
    if pseud is None:
        raise NotVisible("author", number)
    _judge(viewer, work, pseud, chapter)
    rows = CreatorInvitation.objects.filter(work=work, chapter=chapter, pseud=pseud)
    rows.delete()  # one whose asker has gone: it could not be answered any more
    return CreatorInvitation.objects.create(work=work, chapter=chapter, pseud=pseud, by=_signs(viewer, work))


def _judge(viewer: Viewer, work: Work, pseud: Pseud, chapter: Chapter | None) -> None:
    if pseud.user_id == viewer.user_id:
        raise NotAsked("That is your own name: choose it in the form of the work, under “By”.")
    if work.creatorships.filter(Q(chapter=None) | Q(chapter=chapter), pseud=pseud).exists():
        raise NotAsked(f"{pseud.name} is among the creators already.")
    rows = CreatorInvitation.objects.filter(work=work, pseud=pseud)
    same = rows.filter(chapter=chapter)
    if same.filter(refused__isnull=False).exists():
        raise NotAsked(f"{pseud.name} has said no to this.")
    if same.standing().exists():
        raise NotAsked(f"{pseud.name} is invited already, and has not answered yet.")
    if not takes_invitations(pseud) or blocking.keeps_away(pseud.user_id, viewer.user_id):
        raise NotAsked(f"{pseud.name} takes no invitations.")
    if CreatorInvitation.objects.filter(work=work).standing().count() >= MOST_OPEN:
        raise NotAsked(f"{MOST_OPEN} invitations to this work wait for an answer, and no more can: withdraw one first.")


def takes_invitations(pseud: Pseud) -> bool:
    """Whether she lets others ask her. Needs `user`."""
    return pseud.user is not None and not pseud.user.preferences.no_invitations


def _signs(viewer: Viewer, work: Work) -> Pseud:
    """The name under which she asks: the one that she has on the work."""
    own = work.creatorships.filter(chapter=None, pseud__user=viewer.user_id).select_related("pseud")
    return own.order_by("position")[0].pseud


@transaction.atomic
def withdraw(viewer: Viewer, work: Work, number: int) -> None:
    """Take an invitation back that waits; nothing for one that was answered meanwhile. Raises NotVisible."""
    if not writing.may_write(viewer, work):
        raise NotVisible("work", work.pk)
    CreatorInvitation.objects.filter(work=work, pk=number, refused=None).delete()


def invitation_for(viewer: Viewer, number: int) -> CreatorInvitation:
    """One that she is asked in. Raises NotVisible."""
    found = asked_of(viewer).filter(pk=number).first()
    if found is None:
        raise NotVisible("invitation", number)
    return found


@transaction.atomic
def accept(viewer: Viewer, number: int, pen_name: int) -> Work:
    """She is a creator from now on, under this pen name of hers. Raises NotVisible."""
    row = invitation_for(viewer, number)
    pseud = next((each for each in writing.pseuds_of(viewer) if each.pk == pen_name), None)
    if pseud is None:
        raise NotVisible("pen name", pen_name)
    stand_beside(row.work, pseud, row.chapter)
    row.delete()
    return row.work


def stand_beside(work: Work, pseud: Pseud, chapter: Chapter | None = None) -> None:
    """Put a pen name behind the creators of a work, or of a chapter. Twice is once."""
    beside = work.creatorships.filter(chapter=chapter)
    if not beside.filter(pseud=pseud).exists():
        last = beside.aggregate(Max("position"))["position__max"]
        place = 0 if last is None else last + 1
        Creatorship.objects.create(work=work, chapter=chapter, pseud=pseud, position=place)
        ledger.mark(WORK, [work.pk])


@transaction.atomic
def refuse(viewer: Viewer, number: int) -> None:
    """Say no: who asked sees it beside the invitation, and cannot ask the same again. Raises NotVisible."""
    row = invitation_for(viewer, number)
    row.refused = now()
    row.save(update_fields=["refused"])
