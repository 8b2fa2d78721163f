"""Who stands as a work's creator: giving a work to an account, taking a name off, putting it back."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Q

from undying.kernel import ledger
from undying.kernel.portions import portions
from undying.library.actions import WORK
from undying.library.models import Creatorship, Work
from undying.library.packing import manuscript_of, packed
from undying.manuscript import Credit
from undying.people.actions import drop_unused_pen_names, hand_over
from undying.people.models import Pseud

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from undying.people.models import User


AT_A_TIME = 10
"""Revisions: each holds a whole work."""
SEVERED = "severed:"
"""How the identity of a pen name begins whose old name was severed from it."""


def others_made(work: Work, pseuds: Collection[int]) -> bool:
    """Whether the work has a creator beside these pen names."""
    return work.creatorships.filter(chapter=None).exclude(pseud_id__in=pseuds).exists()


def is_in_its_authors_hands(work: Work) -> bool:
    """Whether an account stands as one of its creators, or one whose old name was severed: no import changes it."""
    hers = Q(pseud__user__isnull=False) | Q(pseud__identity__startswith=SEVERED)
    return work.creatorships.filter(hers).exists()


@transaction.atomic
def strike(work: Work, pseuds: Collection[int]) -> None:
    """Take these pen names off a work that others made as well. Unclaimed names that are on no work any more go."""
    work.creatorships.filter(pseud_id__in=pseuds).delete()
    drop_unused(pseuds)
    ledger.mark(WORK, [work.pk])


@transaction.atomic
def give(work: Work, pseuds: Collection[int], user: User) -> None:
    """Give the parts in a work that stand under these unclaimed pen names to an account, under the same names.

    What else stands under them (profile, favourites, series) goes with the first.
    """
    for each in work.creatorships.filter(pseud_id__in=pseuds).select_related("pseud"):
        hers = _same_name_of(user, each.pseud)
        hand_over(each.pseud, hers)
        each.pseud, each.archived_by = hers, ""
        each.save(update_fields=["pseud", "archived_by"])
    drop_unused(pseuds)
    ledger.mark(WORK, [work.pk])


def _same_name_of(user: User, pseud: Pseud) -> Pseud:
    mine, _ = Pseud.objects.get_or_create(
        user=user,
        name=pseud.name,
        defaults={"site": pseud.site, "account": pseud.account, "key": pseud.key, "url": pseud.url},
    )
    return mine


@transaction.atomic
def stand_in(work: Work, pseuds: Collection[int], name: str) -> list[list[int]]:
    """Put a nobody of this name in the place of these pen names; (creatorship, pen name) as they were.

    The pen names stay, unused, so that `put_back` can undo it; `drop_unused` lets go of them.
    """
    changed = list(work.creatorships.filter(pseud_id__in=pseuds).values_list("pk", "pseud_id"))
    work.creatorships.filter(pseud_id__in=pseuds).update(pseud=nobody(name))
    ledger.mark(WORK, [work.pk])
    return [list(each) for each in changed]


def nobody(name: str) -> Pseud:
    """The pen name of this name behind which nobody stands."""
    pseud, _ = Pseud.objects.get_or_create(user=None, site="", identity=f"nobody:{name}", defaults={"name": name})
    return pseud


@transaction.atomic
def put_back(work: Work, before: Sequence[Sequence[int]]) -> None:
    """Undo `stand_in`, as far as the pen names are still there."""
    for number, pseud in before:
        if Pseud.objects.filter(pk=pseud).exists():
            Creatorship.objects.filter(pk=number, work=work).update(pseud_id=pseud)
    ledger.mark(WORK, [work.pk])


@transaction.atomic
def rename_in_revisions(work: Work, names: Collection[str], new: str) -> None:
    """Put another name in the place of these ones in the credits of every earlier state of a work."""
    if not names:
        return
    for some in portions(work.revisions.all(), AT_A_TIME):
        for each in some:
            then = manuscript_of(each)
            chapters = tuple(replace(one, credits=_renamed(one.credits, names, new)) for one in then.chapters)
            renamed = replace(then, chapters=chapters, credits=_renamed(then.credits, names, new))
            if renamed != then:
                each.manuscript = packed(renamed)
                each.save(update_fields=["manuscript"])


def _renamed(people: Sequence[Credit], names: Collection[str], new: str) -> tuple[Credit, ...]:
    return tuple(Credit(name=new) if each.name in names else each for each in people)


def drop_unused(pseuds: Collection[int]) -> None:
    """Let go of unclaimed pen names under which nothing stands any more."""
    drop_unused_pen_names(pseuds)
