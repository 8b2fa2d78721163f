"""Pages that are a member's own, and what her exclusions do to lists of works."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import wraps
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import urlsplit

from django.utils.http import url_has_allowed_host_and_scheme

from undying.community.access import doings
from undying.community.excluding import exclusions_of, found
from undying.kernel.errors import NotVisible
from undying.manuscript import TagKind
from undying.web import cards, links
from undying.web.cards import Name

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from django.db.models import Q, QuerySet
    from django.http.response import HttpResponseBase

    from undying.community.excluding import Exclusions
    from undying.library.models import Tag, Work
    from undying.people.models import Pseud, User
    from undying.people.viewer import Viewer
    from undying.web.cards import WorkCard
    from undying.web.request import Request

ANYWAY = "anyway"
_Rows = TypeVar("_Rows", bound="QuerySet[Any]")


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """Works that the reader's exclusions keep from a list. `url` shows them once, or, when that is so, hides them
    again; `page` is where she changes what is left out.
    """

    count: int
    url: str
    is_lifted: bool
    page: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """A button that leaves something out, or takes that back: `name` and `value` are what it sends to `action`.

    `note` says what kind of thing it is; `next` is where the reader goes on to.
    """

    action: str
    name: str
    value: str
    text: str
    note: str = ""
    next: str = ""
    is_out: bool = False


def only_hers(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """A page under an account's address that is there for that account alone. Nobody's browser keeps a copy."""

    @wraps(view)
    def guarded(request: Request, handle: str, *args: object, **kwargs: object) -> HttpResponseBase:
        viewer = request.viewer
        if viewer.user_id is None or links.tag_name(handle) != viewer.name:
            raise NotVisible("page", handle)
        response = view(request, *args, **kwargs)
        response.headers["Cache-Control"] = "no-store"
        return response

    return guarded


def leave_out(
    request: Request,
    works: _Rows,
    sparing: Callable[[Q], _Rows] | None = None,
    *,
    exclusions: Exclusions | None = None,
) -> tuple[_Rows, LeftOut | None]:
    """These works without what the reader has excluded, and how many that hides. Two queries at most beside hers.

    `sparing` is how rows that are no works go by them; `exclusions` saves asking for hers.
    """
    exclusions = exclusions_of(request.viewer) if exclusions is None else exclusions
    if not exclusions:
        return works, None
    spared = sparing(exclusions.spared()) if sparing else works.filter(exclusions.spared())
    is_lifted = request.GET.get(ANYWAY) == "yes"
    query = {name: str(value) for name, value in request.GET.items() if name not in {ANYWAY, "page"}}
    url = links.with_query(request.path, query if is_lifted else {**query, ANYWAY: "yes"})
    told = left_out(request.viewer, works.count() - spared.count(), url, is_lifted=is_lifted)
    return works if is_lifted else spared, told


def left_out(viewer: Viewer, count: int, url: str, *, is_lifted: bool) -> LeftOut | None:
    """How a list tells that works are left out; None when there are none."""
    return LeftOut(count=count, url=url, is_lifted=is_lifted, page=links.exclusions(viewer.name)) if count else None


def cards_for(viewer: Viewer, works: Iterable[Work]) -> tuple[WorkCard, ...]:
    """The cards of these works with what the reader did with each, and where she leaves it out. One query for a member,
    none for a guest. They were loaded `with_card()`.
    """
    shown = list(works)
    if viewer.user_id is None or not shown:
        return cards.of_all(shown)
    did = doings(viewer, shown)
    return tuple(
        replace(
            card_for(viewer, work),
            yours=_yours(viewer, work, did.get(work.pk, frozenset())),
            hide=_hide(viewer, work),
        )
        for work in shown
    )


def card_for(viewer: Viewer, work: Work, *, shows_all: bool = False) -> WorkCard:
    """The card of a work without what the reader wants to see nowhere; of her own she sees all. No query."""
    card, wants = cards.of(work), viewer.preferences
    if wants.hides_counts:
        card = replace(card, counts=())
    if shows_all or _is_hers(viewer, work):
        return card
    hidden = (
        *((TagKind.WARNING,) if wants.hides_warnings else ()),
        *((TagKind.ADDITIONAL,) if wants.hides_tags else ()),
    )
    return cards.without(card, hidden)


def _is_hers(viewer: Viewer, work: Work) -> bool:
    return viewer.user_id is not None and any(each.pseud.user_id == viewer.user_id for each in work.creatorships.all())


def _yours(viewer: Viewer, work: Work, did: frozenset[str]) -> tuple[Name, ...]:
    names = (
        ("favourite", Name(text="your favourite", url=links.favourites(links.account(viewer.name)))),
        ("reviewed", Name(text="you commented on it", url=links.reviews(work))),
    )
    return tuple(name for key, name in names if key in did)


def _hide(viewer: Viewer, work: Work) -> str:
    return "" if _is_hers(viewer, work) else links.exclude(viewer.name, work)


def choice(request: Request, thing: Tag | Pseud | User, text: str, undo: str) -> Choice | None:
    """The button that leaves out works with this tag or by this author, or shows them again; none for a guest."""
    viewer = request.viewer
    if viewer.user_id is None:
        return None
    kept = found(viewer, thing)
    name, value = ("remove", str(kept.pk)) if kept else sent(thing)
    action = links.exclusions(viewer.name)
    return Choice(
        action=action, name=name, value=value, text=undo if kept else text, next=request.path, is_out=bool(kept)
    )


def sent(thing: Tag | Pseud | User | Work) -> tuple[str, str]:
    """What a form sends to leave out this: the name of a field, and its value."""
    kind = thing._meta.model_name
    names = {"tag": "tag", "pseud": "pen_name", "user": "account", "work": "work"}
    return names[str(kind)], str(thing) if kind == "user" else str(thing.pk)


def ours(request: Request, address: str) -> str:
    """The same address without its host; empty unless it is one of this archive."""
    if not url_has_allowed_host_and_scheme(address, {request.get_host()}, require_https=request.is_secure()):
        return ""
    parts = urlsplit(address)
    return parts.path + (f"?{parts.query}" if parts.query else "")
