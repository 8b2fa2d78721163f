"""Searches that a member keeps under a name.

Refused
├── NoName      a search is kept under a name
└── TooMany     each costs a count whenever she comes
"""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Max

from undying.community.own import SavedSearch
from undying.kernel.clock import now
from undying.kernel.errors import NotVisible, Refused

if TYPE_CHECKING:
    from undying.people.viewer import Viewer

MOST = 50
LONGEST_NAME: int = SavedSearch._meta.get_field("name").max_length or 0
LONGEST_QUERY = 8000
_TOKEN_BYTES = 24


class NoName(Refused):
    """It has no name to be kept under."""


class TooMany(Refused):
    """There is room for no more."""


def saved_by(viewer: Viewer) -> list[SavedSearch]:
    """Her searches in her order. One query."""
    return list(SavedSearch.objects.filter(member=viewer.user_id)) if viewer.user_id else []


def saved_for(viewer: Viewer, number: int) -> SavedSearch:
    """One of them. Raises NotVisible, for everybody else's too."""
    found = SavedSearch.objects.filter(pk=number, member=viewer.user_id).first() if viewer.user_id else None
    if found is None:
        raise NotVisible("search", number)
    return found


def saved_at(token: str) -> SavedSearch:
    """The search whose feed has this token. Raises NotVisible, also when its member's account was closed."""
    found = None
    if token and "\0" not in token:
        found = SavedSearch.objects.filter(token=token, member__is_active=True).first()
    if found is None:
        raise NotVisible("feed", token)
    return found


@transaction.atomic
def keep(viewer: Viewer, name: str, query: str) -> SavedSearch:
    """Keep a search, after the others. Raises NoName, TooMany; NotVisible for a guest."""
    if viewer.user_id is None or len(query) > LONGEST_QUERY:
        raise NotVisible("page", "searches")
    hers = SavedSearch.objects.filter(member=viewer.user_id)
    if hers.count() >= MOST:
        raise TooMany(f"There is room for {MOST} searches, and you keep as many. Remove one first.")
    last = hers.aggregate(last=Max("position"))["last"]
    return SavedSearch.objects.create(
        member_id=viewer.user_id,
        name=_name(name),
        query=query.replace("\0", ""),
        position=0 if last is None else last + 1,
    )


def rename(search: SavedSearch, name: str) -> None:
    """Give it another name. Raises NoName."""
    search.name = _name(name)
    search.save(update_fields=["name"])


@transaction.atomic
def move(search: SavedSearch, by: int) -> None:
    """Put it so many places further on; beyond an end is at the end."""
    order = list(SavedSearch.objects.select_for_update().filter(member=search.member_id))
    place = order.index(search)
    order.insert(max(0, place + by), order.pop(place))
    for position, each in enumerate(order):
        each.position = position
    SavedSearch.objects.bulk_update(order, ["position"])


def remove(search: SavedSearch) -> None:
    """Let go of it, and of its feed."""
    search.delete()


def look(search: SavedSearch) -> None:
    """She looks at what it finds: nothing of that is new to her from now on."""
    search.seen = now()
    search.save(update_fields=["seen"])


def open_feed(search: SavedSearch) -> None:
    """Give it a feed at an address that nobody can guess; another than before, if it had one."""
    search.token = secrets.token_urlsafe(_TOKEN_BYTES)
    search.save(update_fields=["token"])


def close_feed(search: SavedSearch) -> None:
    """From now on its feed is nowhere."""
    search.token = ""
    search.save(update_fields=["token"])


def _name(text: str) -> str:
    name = " ".join(text.replace("\0", "").split())[:LONGEST_NAME]
    if not name:
        raise NoName("Give the search a name, so that you know it again.")
    return name
