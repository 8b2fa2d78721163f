"""An author lets go of what is hers: her name comes off a work, she steps down from one that others made with her, or
she leaves the archive altogether.

Refused
├── NothingOfHers   she is no creator of that work
├── NobodyReads     a draft of hers alone stays for nobody: it is deleted, or kept
├── NobodyElse      she alone made the work: somebody has to stand by it
└── LastArchivist   the archive would be nobody's
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from typing import TYPE_CHECKING

from django.db import transaction

from undying.community.counting import note_kept
from undying.exchange import departures, optouts
from undying.exchange.claims import GRACE, NO_NAME, make_final
from undying.exchange.keeping import forget_unneeded
from undying.exchange.private import Done, Record
from undying.kernel.clock import now
from undying.kernel.errors import Refused
from undying.library import writing
from undying.library.creators import nobody, others_made, stand_in, strike
from undying.library.models import Draft, Work
from undying.manuscript import Source, State
from undying.people.actions import hand_over
from undying.people.models import Pseud, User
from undying.people.viewer import Role

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.db.models import QuerySet

BY = "its author"
"""Who did it, in the records: a name there would tie her to the work for ever."""


class NothingOfHers(Refused):
    """She is no creator of that work."""


class NobodyReads(Refused):
    """Nobody but she sees the work."""


class NobodyElse(Refused):
    """The work would have no creator."""


class LastArchivist(Refused):
    """Nobody could look after the archive."""


class Fate(StrEnum):
    """What becomes of the works of somebody who leaves."""

    KEEP_NAME = "keep"
    NO_NAME = "orphan"
    DELETE = "delete"


@dataclass(frozen=True, slots=True)
class Left:
    """What a leaving did: works that stay, works that go, and works from which her name went."""

    kept: int
    deleted: int
    struck: int


def names_on(user: User, work: Work) -> list[Pseud]:
    """Her pen names on a work and its chapters."""
    return list(user.pseuds.filter(creatorships__work=work).distinct().order_by("pk"))


@transaction.atomic
def orphan(user: User, work: Work, *, keep_name: bool = False) -> Record:
    """Take her off a work that stays: nothing ties it to her account any more. For three days she can take it back.

    With `keep_name` the name stands there still, as nobody's. Raises NothingOfHers and NobodyReads.
    """
    hers = names_on(user, work)
    if not hers:
        raise NothingOfHers("You are no creator of that work.")
    if _is_hers_alone_to_see(work, hers):
        raise NobodyReads("This is a draft that nobody else sees: delete it, or post it first.")
    return _orphan(work, hers, user, keep_name=keep_name)


def _is_hers_alone_to_see(work: Work, hers: Sequence[Pseud]) -> bool:
    return work.state == State.DRAFT and not others_made(work, {each.pk for each in hers})


def _orphan(work: Work, hers: Sequence[Pseud], user: User, *, keep_name: bool) -> Record:
    before: list[list[int]] = []
    for each in hers:
        before += stand_in(work, [each.pk], each.name if keep_name else NO_NAME)
    undo = {"names": before, "user": user.pk}
    return Record.objects.create(done=Done.ORPHANED, work_number=work.pk, by=BY, undo=undo)


def orphaned_by(user: User) -> QuerySet[Record]:
    """The orphanings that she can still take back, the latest first."""
    found = Record.objects.filter(done=Done.ORPHANED, undo__user=user.pk, at__gt=now() - GRACE)
    return found.order_by("-at", "-pk")


@transaction.atomic
def step_down(user: User, work: Work) -> Record:
    """Take her name off a work that others made as well. Raises NothingOfHers and NobodyElse."""
    hers = {each.pk for each in names_on(user, work)}
    if not hers:
        raise NothingOfHers("You are no creator of that work.")
    if not others_made(work, hers):
        raise NobodyElse("Nobody else made this work: orphan it, or delete it.")
    strike(work, hers)
    Draft.objects.filter(owner=user, work=work).delete()
    return Record.objects.create(done=Done.STRUCK, work_number=work.pk, by=BY)


@transaction.atomic
def leave(user: User, fate: Fate) -> Left:
    """Delete the account with all that is hers alone; her works end as she says, and nobody else's part in them.

    `departures.carry_out` makes gone what is deleted. Raises LastArchivist.
    """
    _must_not_be_last(user)
    for each in orphaned_by(user):
        make_final(each)
    pseuds = {each.pk: each.name for each in user.pseuds.all()}
    works = list(Work.objects.filter(creatorships__pseud__in=pseuds).distinct())
    done = [_let_go(user, work, fate) for work in works]
    _settle_keepsakes(pseuds, fate)
    brought = set(user.brought_pictures.values_list("sha256", flat=True))
    user.delete()
    transaction.on_commit(partial(forget_unneeded, brought))
    return Left(done.count(Done.ORPHANED), done.count(Done.DELETED), done.count(Done.STRUCK))


def finish_deletions() -> int:
    """What was deleted and not brought back goes, and no import brings it again. How many works.

    `departures.carry_out` makes it gone.
    """
    due = list(writing.due_to_go())
    for work in due:
        with transaction.atomic():
            optouts.note_work(Source(site=work.site, key=work.key))
            departures.see_out(work)
            work.deletion.delete()
            Record.objects.create(done=Done.DELETED, work_number=work.pk, by=BY)
    return len(due)


def _must_not_be_last(user: User) -> None:
    others = User.objects.filter(role=Role.ARCHIVIST, is_active=True).exclude(pk=user.pk)
    if user.role == Role.ARCHIVIST and not others.exists():
        raise LastArchivist("You are the only archivist: make another member one first.")


def _let_go(user: User, work: Work, fate: Fate) -> Done:
    """A draft of hers alone goes in any case: nobody was meant to read it."""
    hers = names_on(user, work)
    fate = Fate.DELETE if _is_hers_alone_to_see(work, hers) else fate
    if fate is Fate.DELETE and others_made(work, {each.pk for each in hers}):
        return Done(step_down(user, work).done)
    record = _orphan(work, hers, user, keep_name=fate is Fate.KEEP_NAME)
    make_final(record)
    if fate is Fate.DELETE:
        optouts.note_work(Source(site=work.site, key=work.key))
        departures.see_out(work)
        record.done = Done.DELETED
        record.save(update_fields=["done"])
    return Done(record.done)


def _settle_keepsakes(pseuds: dict[int, str], fate: Fate) -> None:
    """What she told of herself and her favourites go; news and the like stay under the name that her works have."""
    for number, name in pseuds.items():
        pseud = Pseud.objects.get(pk=number)
        pseud.profiles.all().delete()
        note_kept(pseud.favourites.all())
        pseud.favourites.all().delete()
        if fate is Fate.DELETE:
            departures.drop_keepsakes([number])
        hand_over(pseud, nobody(name if fate is Fate.KEEP_NAME else NO_NAME))
