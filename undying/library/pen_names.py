"""A member's own pen names: making one, changing it, choosing the one that new works get, taking one away.

Refused
├── BadPenName      it cannot be called or described so; has a sentence for each field
└── InUse           something stands under it, or it is the one that new works get
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Count

from undying.formats import Unreadable
from undying.formats.icon import icon_of
from undying.kernel import ledger
from undying.kernel.errors import NotVisible, Refused
from undying.library import giving
from undying.library.actions import WORK
from undying.library.models import Work
from undying.manuscript import NO_PROSE, Prose
from undying.people.actions import drop_unused
from undying.people.models import LONGEST_ALT, RESERVED, Icon, Pseud

if TYPE_CHECKING:
    from collections.abc import Mapping

    from undying.people.viewer import Viewer

LONGEST_NAME = 40
LONGEST_DESCRIPTION = 5_000
"""Characters, with the markup."""
MOST = 100
_JOINERS = "\u200c\u200d"
"""Some scripts cannot be written without these; all other signs that nobody sees only serve to look like another."""


class BadPenName(Refused):
    """It cannot be so. `troubles` has a sentence for each field that stands in the way."""

    def __init__(self, troubles: Mapping[str, str]) -> None:
        super().__init__(" ".join(troubles.values()))
        self.troubles = dict(troubles)


class InUse(Refused):
    """It cannot be taken away now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PenName:
    """What she says of a pen name."""

    name: str
    description: Prose = NO_PROSE
    is_linked: bool = False


def mine(viewer: Viewer) -> list[tuple[Pseud, int]]:
    """Her pen names with the number of their works, her default first. One query."""
    rows = Pseud.objects.filter(user=viewer.user_id).select_related("user").order_by("-is_default", "pk")
    if viewer.user_id is None:
        return []
    counted = rows.annotate(works=Count("creatorships__work", distinct=True))
    return [(each, vars(each)["works"]) for each in counted]


def one_of_mine(viewer: Viewer, number: int) -> Pseud:
    """The pen name of hers with this number. Raises NotVisible."""
    hers = Pseud.objects.filter(user=viewer.user_id, pk=number) if viewer.user_id is not None else Pseud.objects.none()
    if (found := hers.select_related("user").first()) is None:
        raise NotVisible("page", number)
    return found


@transaction.atomic
def make(viewer: Viewer, said: PenName) -> Pseud:
    """Another pen name for her. Raises BadPenName."""
    _judge(viewer, said)
    return Pseud.objects.create(
        user_id=viewer.user_id, name=said.name, description=said.description, is_linked=said.is_linked
    )


@transaction.atomic
def change(viewer: Viewer, pseud: Pseud, said: PenName) -> None:
    """Say something else of it; her works bear the new name at once. Raises BadPenName."""
    _judge(viewer, said, pseud)
    is_another = (pseud.name, pseud.is_linked) != (said.name, said.is_linked)
    pseud.name, pseud.description, pseud.is_linked = said.name, said.description, said.is_linked
    pseud.save(update_fields=["name", "description", "is_linked"])
    if is_another:
        giving.rename(pseud)
        ledger.mark(WORK, list(Work.objects.filter(creatorships__pseud=pseud).values_list("pk", flat=True).distinct()))


@transaction.atomic
def make_default(viewer: Viewer, pseud: Pseud) -> None:
    """New works bear it from now on where she chooses nothing else."""
    Pseud.objects.filter(user=viewer.user_id, is_default=True).update(is_default=False)
    Pseud.objects.filter(pk=pseud.pk).update(is_default=True)


@transaction.atomic
def take_away(pseud: Pseud) -> None:
    """Take it away. Raises InUse."""
    if pseud.is_default:
        raise InUse("New works get this name: choose another for them first.")
    if not drop_unused(pseud):
        raise InUse("Something of yours stands under this name: give your works another name first.")


@transaction.atomic
def set_icon(pseud: Pseud, data: bytes, alt: str) -> None:
    """The picture that its page shows from now on; without new `data`, only what it shows is said anew.

    Raises BadPenName.
    """
    if len(alt) > LONGEST_ALT:
        raise BadPenName({"alt": f"The description has {len(alt)} characters, of {LONGEST_ALT} at most."})
    had = Icon.objects.filter(pseud=pseud).first()
    if not data and had is None:
        raise BadPenName({"icon": "Choose a file first."})
    try:
        made = icon_of(data) if data else bytes(had.data if had else b"")
    except Unreadable as error:
        raise BadPenName({"icon": str(error)}) from error
    Icon.objects.update_or_create(pseud=pseud, defaults={"data": made, "alt": alt})


def drop_icon(pseud: Pseud) -> None:
    """Its page shows no picture any more."""
    Icon.objects.filter(pseud=pseud).delete()


def icon_at(pseud: Pseud) -> Icon | None:
    """The picture of a pen name. One query."""
    return Icon.objects.filter(pseud=pseud).first()


def _judge(viewer: Viewer, said: PenName, had: Pseud | None = None) -> None:
    troubles = {}
    if had is None or said.name != had.name:  # one that came with works may be of any kind
        troubles["name"] = _why_not(said.name) or _why_taken(viewer, said.name, had)
    if len(said.description) > LONGEST_DESCRIPTION:
        troubles["description"] = (
            f"The text has {len(said.description):,} characters, of {LONGEST_DESCRIPTION:,} at most: shorten it by "
            f"{len(said.description) - LONGEST_DESCRIPTION:,}."
        )
    if wrong := {field: sentence for field, sentence in troubles.items() if sentence}:
        raise BadPenName(wrong)


def _why_not(name: str) -> str:
    if len(name) > LONGEST_NAME:
        return f"A pen name has {LONGEST_NAME} characters at most; this one has {len(name)}."
    if not any(each.isalnum() for each in name):
        return "Give a name with a letter or a digit in it."
    if any(unicodedata.category(each).startswith("C") and each not in _JOINERS for each in name):
        return "There is a sign in it that nobody can see; type the name anew."
    if name.casefold() in RESERVED:
        return f"“{name}” would speak for the archive; choose another name."
    return ""


def _why_taken(viewer: Viewer, name: str, had: Pseud | None) -> str:
    hers = Pseud.objects.filter(user=viewer.user_id)
    others = hers.exclude(pk=had.pk) if had is not None else hers
    if had is None and hers.count() >= MOST:
        return f"An account has {MOST} pen names at most."
    return f"You have a pen name {name} already." if others.filter(name__iexact=name).exists() else ""
