"""Works that are given to somebody: by any name, and to a member by her pen name, who may refuse."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from undying.kernel import ledger
from undying.kernel.clock import now
from undying.kernel.errors import NotVisible
from undying.library.access import BIGGEST_ID, public_pen_names
from undying.library.actions import WORK
from undying.library.models import Gift, Work
from undying.people import blocking

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from undying.library.models.works import WorkQuerySet
    from undying.people.models import Pseud
    from undying.people.viewer import Viewer

_OF_ACCOUNT = re.compile(r"(?P<name>.+?) ?\((?P<account>[A-Za-z0-9_]+)\)")


def meant(viewer: Viewer, names: Iterable[str]) -> dict[str, Pseud]:
    """Which of these names are a member's public pen name: the only one of that name, or "name (account)". One query.

    Of several members with one name none is meant, as nothing tells which.
    """
    asked, wanted = list(names), Q()
    for each in asked:
        wanted |= Q(name__iexact=each)
        if found := _OF_ACCOUNT.fullmatch(each):
            wanted |= Q(name__iexact=found["name"], user__username__iexact=found["account"], is_linked=True)
    pseuds = list(public_pen_names(viewer).filter(wanted).order_by("pk")) if asked else []
    chosen = {each: _one_of(pseuds, each) for each in asked}
    return {each: pseud for each, pseud in chosen.items() if pseud is not None}


def _one_of(pseuds: list[Pseud], name: str) -> Pseud | None:
    called = [each for each in pseuds if each.name.casefold() == name.casefold()]
    if not called and (found := _OF_ACCOUNT.fullmatch(name)):
        told = (found["name"].casefold(), found["account"].casefold())
        called = [each for each in pseuds if (each.name.casefold(), str(each.user).casefold()) == told]
    return called[0] if len(called) == 1 else None


def troubles(viewer: Viewer, names: Iterable[str], work: Work | None = None) -> dict[str, str]:
    """Why a work cannot be given to these: a sentence, where one of them has said no. Names that it has stay."""
    had = work.gifts if work is not None else []
    rows = list(Gift.objects.filter(work=work).select_related("pseud")) if work is not None else []
    refused = {each.pseud_id for each in rows if each.refused}
    for name, pseud in meant(viewer, [each for each in names if each not in had]).items():
        if pseud.pk in refused:
            return {"gifts": f"{name} has not taken this gift: take the name away."}
        if not takes_gifts(pseud) or blocking.keeps_away(pseud.user_id, viewer.user_id):
            return {"gifts": f"{name} takes no gifts: take the name away."}
    return {}


def takes_gifts(pseud: Pseud) -> bool:
    """Whether she lets others give her works. Needs `user`."""
    return pseud.user is not None and not pseud.user.preferences.no_gifts


def settle(viewer: Viewer, work: Work) -> None:
    """Note which of a work's gifts are members', as it is saved; what was refused is not given again."""
    rows = list(Gift.objects.filter(work=work))
    known = {each.name: each.pseud_id for each in rows}
    found = meant(viewer, [each for each in work.gifts if each not in known])
    known |= {name: pseud.pk for name, pseud in found.items()}
    refused = {each.pseud_id for each in rows if each.refused}
    names = [each for each in work.gifts if known.get(each) not in refused]
    given = {known[each]: each for each in names if each in known}
    Gift.objects.filter(work=work, refused=None).exclude(pseud__in=given).delete()
    for pseud, name in given.items():
        Gift.objects.update_or_create(work=work, pseud_id=pseud, defaults={"name": name})
    if names != work.gifts:
        work.gifts = names
        work.save(update_fields=["gifts"])


def members(work: Work) -> Mapping[str, Pseud]:
    """The members among those whom a work is for, by the names that stand there. One query where it is for somebody."""
    if not work.gifts:
        return {}
    rows = Gift.objects.filter(work=work, refused=None, pseud__user__is_active=True).select_related("pseud__user")
    return {each.name: each.pseud for each in rows}


def refused_by(work: Work) -> list[str]:
    """Who has refused a work, for its creators. One query."""
    rows = Gift.objects.filter(work=work, refused__isnull=False).order_by("refused", "pk")
    return list(rows.values_list("name", flat=True))


def given_to(viewer: Viewer, pseuds: Iterable[Pseud]) -> WorkQuerySet:
    """The works for any of these pen names that this viewer may read."""
    rows = Gift.objects.filter(work=OuterRef("pk"), pseud__in=[each.pk for each in pseuds], refused=None)
    return Work.objects.visible_to(viewer).filter(Exists(rows))


@transaction.atomic
def refuse(viewer: Viewer, work_id: int) -> Work:
    """Not take a work: her name goes from it, and nobody but its creators learns why. Raises NotVisible."""
    work = None
    if viewer.user_id is not None and work_id <= BIGGEST_ID:
        work = Work.objects.visible_to(viewer).filter(pk=work_id).first()
    rows = Gift.objects.filter(work=work_id, pseud__user=viewer.user_id, refused=None) if work is not None else None
    names = set(rows.values_list("name", flat=True)) if rows is not None else set()
    if work is None or rows is None or not names:
        raise NotVisible("gift", work_id)
    rows.update(refused=now())
    work.gifts = [each for each in work.gifts if each not in names]
    work.save(update_fields=["gifts"])
    ledger.mark(WORK, [work.pk])
    return work


def rename(pseud: Pseud) -> None:
    """Her gifts bear the new name of a pen name at once, and no account's beside it."""
    for each in Gift.objects.filter(pseud=pseud).select_related("work"):
        work = each.work
        work.gifts = [pseud.name if name == each.name else name for name in work.gifts]
        work.save(update_fields=["gifts"])
        each.name = pseud.name
        each.save(update_fields=["name"])
        ledger.mark(WORK, [work.pk])
