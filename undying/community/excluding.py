"""What a member wants left out of every list, and what it leaves out.

Refused
└── TooMany     an index asks each of them of every work
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from django.db.models import Exists, OuterRef, Q

from undying.community import access
from undying.community.own import Exclusion
from undying.kernel.errors import NotVisible, Refused
from undying.library.models import Creatorship, Tag, TagReach, Work, WorkTag
from undying.manuscript import State
from undying.people.models import Pseud

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from undying.people.models import User
    from undying.people.viewer import Viewer

MOST = 500
LONGEST_CODE: int = Exclusion._meta.get_field("language").max_length or 0
_Row = TypeVar("_Row", Tag, Pseud, Work)


class TooMany(Refused):
    """There is room for no more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Exclusions:
    """What a member wants left out, by ids; languages by their codes. False when that is nothing.

    Works under one of her `own` pen names stay, whatever they carry.
    """

    tags: tuple[int, ...] = ()
    creators: tuple[int, ...] = ()
    works: tuple[int, ...] = ()
    languages: tuple[str, ...] = ()
    own: tuple[int, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.tags or self.creators or self.works or self.languages)

    def spared(self) -> Q:
        """Which works stay, for the database; `finding.asking` says the same to search engines."""
        if not self:
            return Q()
        unwanted = Q(pk__in=self.works)
        for code in self.languages:
            unwanted |= _in_language(code)
        if self.tags:
            below = TagReach.objects.filter(reached__in=self.tags).values("tag")
            carried = WorkTag.objects.filter(Q(tag__in=self.tags) | Q(tag__in=below), work=OuterRef("pk"))
            unwanted |= Q(Exists(carried))
        if self.creators:
            unwanted |= Q(Exists(_made_by(self.creators)))
        return ~unwanted | Q(Exists(_made_by(self.own))) if self.own else ~unwanted


NOTHING = Exclusions()


def _in_language(code: str) -> Q:
    """Works in this language, of whatever region."""
    return Q(language=code) | Q(language__startswith=f"{code}-")


def _made_by(pseuds: tuple[int, ...]) -> QuerySet[Creatorship]:
    """Who made a chapter that is still a draft is as secret as the chapter."""
    posted = Q(chapter=None) | Q(chapter__state=State.POSTED)
    return Creatorship.objects.filter(posted, work=OuterRef("pk"), pseud__in=pseuds)


def exclusions_of(viewer: Viewer) -> Exclusions:
    """What this viewer wants left out. One query for a member, a second when there is anything; none for a guest."""
    return NOTHING if viewer.user_id is None else exclusions_of_member(viewer.user_id)


def exclusions_of_member(user_id: int) -> Exclusions:
    """The same for the account with this id."""
    columns = ("tag", "tag__canonical", "pseud", "account", "work", "language")
    rows = list(Exclusion.objects.filter(member=user_id).order_by("pk").values_list(*columns))
    if not rows:
        return NOTHING
    tags, meant, creators, accounts, works, languages = (
        tuple(dict.fromkeys(filter(None, each))) for each in zip(*rows, strict=True)
    )
    # A pen name that its account does not own up to stays: what vanishes with an account would tell that it is hers.
    linked = Pseud.objects.filter(Q(user=user_id) | Q(user__in=accounts, is_linked=True)).order_by("pk")
    owners = dict(linked.values_list("pk", "user"))
    theirs = [number for number, owner in owners.items() if owner in accounts]
    return Exclusions(
        tags=tuple(dict.fromkeys((*tags, *meant))),
        creators=tuple(dict.fromkeys((*creators, *theirs))),
        works=works,
        languages=languages,
        own=tuple(number for number, owner in owners.items() if owner == user_id),
    )


def kept_by(viewer: Viewer) -> list[Exclusion]:
    """What she wants left out, latest first, with what it names. One query."""
    found = Exclusion.objects.filter(member=viewer.user_id) if viewer.user_id else Exclusion.objects.none()
    return list(found.select_related("tag", "pseud__user", "account", "work"))


def found(viewer: Viewer, thing: Tag | Pseud | User | Work) -> Exclusion | None:
    """Her exclusion of just this, if there is one. One query."""
    column = {"user": "account"}.get(str(thing._meta.model_name), thing._meta.model_name)
    return Exclusion.objects.filter(member=viewer.user_id, **{str(column): thing}).first() if viewer.user_id else None


def exclude_tag(viewer: Viewer, number: int) -> Tag:
    """Leave out works with this tag or one that stands below it. Raises NotVisible, TooMany."""
    tag = _seen(Tag.objects.visible_to(viewer), "tag", number)
    _add(viewer, tag=tag)
    return tag


def exclude_pen_name(viewer: Viewer, number: int) -> Pseud:
    """Leave out works by this pen name. Raises NotVisible, TooMany."""
    pseud = _seen(access.pseuds_for(viewer).select_related("user"), "author", number)
    _add(viewer, pseud=pseud)
    return pseud


def exclude_account(viewer: Viewer, name: str) -> User:
    """Leave out works by every pen name that an account shows, or ever will. Raises NotVisible, TooMany."""
    pseud = access.pseud_for(viewer, name)
    if pseud.user is None or not pseud.is_linked:
        raise NotVisible("author", name)
    _add(viewer, account=pseud.user)
    return pseud.user


def exclude_work(viewer: Viewer, number: int) -> Work:
    """Leave out a single work. Raises NotVisible, TooMany."""
    work = _seen(Work.objects.visible_to(viewer), "work", number)
    _add(viewer, work=work)
    return work


def exclude_language(viewer: Viewer, code: str) -> None:
    """Leave out works in a language, regions included. Raises NotVisible, TooMany."""
    is_code = "\0" not in code and 0 < len(code) <= LONGEST_CODE
    if not is_code or not Work.objects.visible_to(viewer).filter(_in_language(code)).exists():
        raise NotVisible("language", code)
    _add(viewer, language=code)


def take_back(viewer: Viewer, number: int) -> None:
    """Show again what this kept out. Raises NotVisible for one that is not hers."""
    if viewer.user_id is None or not Exclusion.objects.filter(pk=number, member=viewer.user_id).delete()[0]:
        raise NotVisible("exclusion", number)


def _seen(rows: QuerySet[_Row], kind: str, number: int) -> _Row:
    row = rows.filter(pk=number).first()
    if row is None:
        raise NotVisible(kind, number)
    return row


def _add(viewer: Viewer, **what: Any) -> None:
    if viewer.user_id is None:
        raise NotVisible("page", "exclusions")
    if Exclusion.objects.filter(member=viewer.user_id).count() >= MOST:
        raise TooMany(f"There is room for {MOST} exclusions, and you have as many. Take one back first.")
    Exclusion.objects.get_or_create(member_id=viewer.user_id, **what)
