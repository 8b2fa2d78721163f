"""Giving works back: what an author, or the archivist for her, decides about what is here of hers.

Every decision is one function and leaves a record. The author comes with the token of her letter, which works once.

Refused
├── NoSuchClaim     the link is unknown, used or out of date: nobody can tell which
├── NobodysWork     none of her unclaimed names is on that work
└── TooLate         an orphaning can be taken back for three days
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from django.db import transaction

from undying.community.models import Favourite
from undying.exchange import contacts, departures, optouts
from undying.exchange.optouts import Person
from undying.exchange.private import Asked, Contact, Departure, Done, Invitation, Record
from undying.kernel.clock import now
from undying.kernel.errors import Refused
from undying.library.creators import give, others_made, put_back, rename_in_revisions, stand_in, strike
from undying.library.models import Work
from undying.manuscript import Source
from undying.people.actions import drop_unused_pen_names
from undying.people.models import Profile, Pseud

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from undying.people.models import User

GRACE = timedelta(hours=72)
NO_NAME = "Orphaned"
"""The name on works whose authors took theirs off."""


class NoSuchClaim(Refused):
    """There is no such link any more."""


class NobodysWork(Refused):
    """She has no unclaimed name on that work."""


class TooLate(Refused):
    """It cannot be taken back any more."""


class Choice(StrEnum):
    """What can be done with a work that is given back."""

    LEAVE = "leave"
    CLAIM = "claim"
    ORPHAN_NAMED = "orphan-named"
    ORPHAN = "orphan"
    DELETE = "delete"


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What was decided: by the number of each work, and for good. `user` is whose they become.

    `reason` is the archivist's, where she decides.
    """

    choices: Mapping[int, Choice] = field(default_factory=dict)
    user: User | None = None
    never_import: bool = False
    never_write: bool = False
    reason: str = ""


def digest_of(token: str) -> str:
    """What is kept of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def invitation_for(token: str) -> Invitation:
    """The letter that this token came with, while it can be used. Raises NoSuchClaim."""
    found = Invitation.objects.filter(digest=digest_of(token), used=None, until__gt=now()).first() if token else None
    if found is None or not found.contacts.exists():
        raise NoSuchClaim("This link is not known here, was used already, or has run out.")
    return found


def pen_names_of(people: Iterable[Contact]) -> set[int]:
    """The unclaimed pen names of these people, who are one."""
    return {number for each in people for number in contacts.pen_names_of(each).values_list("pk", flat=True)}


def works_of(pseuds: Collection[int]) -> list[Work]:
    """What stands under these pen names, but what is on its way out."""
    leaving = Departure.objects.filter(entry=None).values("work_number")
    made = Work.objects.filter(creatorships__pseud__in=pseuds).exclude(pk__in=leaving).distinct()
    return list(made.with_card().order_by("title", "pk"))


@transaction.atomic
def answer(invitation: Invitation, decision: Decision, *, by: str) -> None:
    """Do what the author decided, all or nothing; what she said nothing of is left with the archivist.

    The link is used with it, and how she can be reached is forgotten.
    """
    invitation = Invitation.objects.select_for_update().get(pk=invitation.pk)
    if invitation.used is not None:
        raise NoSuchClaim("This link was used already.")
    people = list(invitation.contacts.prefetch_related("addresses"))
    decide(people, decision, by=by)
    invitation.used = now()
    invitation.save(update_fields=["used"])
    contacts.forget([each.pk for each in people])


@transaction.atomic
def decide(people: Iterable[Contact], decision: Decision, *, by: str) -> None:
    """The same without a letter: the archivist's decision for somebody whom she knows by other means."""
    people = list(people)
    pseuds = pen_names_of(people)
    for work in works_of(pseuds):
        done = settle(work, pseuds, decision.choices.get(work.pk, Choice.LEAVE), user=decision.user, by=by)
        if decision.reason:
            done.reason = decision.reason
            done.save(update_fields=["reason"])
    _settle_profile(pseuds, decision)
    for each in people:
        for person in (*(Person(email=one.email) for one in each.addresses.all()), _named(each)):
            if decision.never_import:
                optouts.note(person, Asked.NOT_HERE)
            if decision.never_write:
                optouts.note(person, Asked.NO_MAIL)


def _settle_profile(pseuds: set[int], decision: Decision) -> None:
    """What she told of herself went into her account with the first of her works; when she keeps none, it goes."""
    if works_of(pseuds):
        return
    if {Choice.ORPHAN, Choice.ORPHAN_NAMED} & set(decision.choices.values()):  # their old names wait three days
        Profile.objects.filter(pseud__in=pseuds, pseud__user=None).delete()
        Favourite.objects.filter(member__in=pseuds, member__user=None).delete()
    else:
        unclaimed = Pseud.objects.filter(pk__in=pseuds, user=None).values_list("pk", flat=True)
        departures.drop_keepsakes(list(unclaimed))


def _named(contact: Contact) -> Person:
    return Person(name=contact.name, site=contact.site)


@transaction.atomic
def settle(work: Work, pseuds: Collection[int], choice: Choice, *, by: str, user: User | None = None) -> Record:
    """Do one thing with what these unclaimed pen names have in one work. Raises NobodysWork."""
    if not work.creatorships.filter(pseud__in=pseuds, pseud__user=None).exists():
        raise NobodysWork("There is no unclaimed name of hers on that work.")
    match choice:
        case Choice.CLAIM:
            assert user is not None
            give(work, pseuds, user)
            return _record(Done.CLAIMED, work, by)
        case Choice.ORPHAN | Choice.ORPHAN_NAMED:
            return _orphan(work, pseuds, keep_name=choice is Choice.ORPHAN_NAMED, by=by)
        case Choice.DELETE:
            return _delete(work, pseuds, by)
        case Choice.LEAVE:
            return _record(Done.LEFT, work, by)


def _record(done: Done, work: Work, by: str, undo: dict[str, object] | None = None) -> Record:
    return Record.objects.create(done=done, work_number=work.pk, by=by, undo=undo or {})


def _orphan(work: Work, pseuds: Collection[int], *, keep_name: bool, by: str) -> Record:
    before: list[list[int]] = []
    for pseud in Pseud.objects.filter(pk__in=pseuds, creatorships__work=work).distinct():
        before += stand_in(work, [pseud.pk], pseud.name if keep_name else NO_NAME)
    return _record(Done.ORPHANED, work, by, {"names": before})


def _delete(work: Work, pseuds: Collection[int], by: str) -> Record:
    """A work of hers alone goes for good and does not come back; from one of several her name goes."""
    if others_made(work, pseuds):
        strike(work, pseuds)
        return _record(Done.STRUCK, work, by)
    optouts.note_work(Source(site=work.site, key=work.key))
    departures.see_out(work)
    return _record(Done.DELETED, work, by)


@transaction.atomic
def adopt(record: Record, *, by: str) -> Record:
    """Take an orphaning back: the names stand again as before. Raises TooLate."""
    work = Work.objects.filter(pk=record.work_number or 0).first()
    names = record.undo.get("names")
    if record.done != Done.ORPHANED or not names or record.at + GRACE < now() or work is None:
        raise TooLate("This can be taken back for three days, and once.")
    put_back(work, names)
    record.undo = {}
    record.save(update_fields=["undo"])
    return _record(Done.ADOPTED, work, by)


def forget_old_names() -> int:
    """After three days an orphaning is for good. How many."""
    old = list(Record.objects.filter(done=Done.ORPHANED, at__lt=now() - GRACE).exclude(undo={}))
    for each in old:
        make_final(each)
    return len(old)


@transaction.atomic
def make_final(orphaning: Record) -> None:
    """Let go of the names that were taken off, of what kept states of the work say of them, and of what was typed."""
    taken_off = Pseud.objects.filter(pk__in=[pseud for _, pseud in orphaning.undo["names"]])
    if work := Work.objects.filter(pk=orphaning.work_number or 0).first():
        names = set(taken_off.values_list("name", flat=True))
        rename_in_revisions(work, names - set(work.creatorships.values_list("pseud__name", flat=True)), NO_NAME)
        work.drafts.filter(owner=orphaning.undo.get("user")).delete()
    drop_unused_pen_names(taken_off.values_list("pk", flat=True))
    orphaning.undo = {}
    orphaning.save(update_fields=["undo"])
