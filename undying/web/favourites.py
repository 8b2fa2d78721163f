"""What a member keeps as favourites."""

# ruff: noqa: RUF009 - told() is dataclasses.field with a help text

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from undying.community import access
from undying.community.models import Favourite
from undying.manuscript import FavouriteKind
from undying.manuscript.clean import without_addresses
from undying.web import links, own
from undying.web.cards import Name
from undying.web.page import Page, show, told
from undying.web.paging import Paging, paging
from undying.web.people import pseuds_at

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from django.http import HttpResponse

    from undying.manuscript import Prose
    from undying.people.models import Pseud
    from undying.people.viewer import Viewer
    from undying.web.cards import WorkCard
    from undying.web.own import LeftOut
    from undying.web.request import Request


@dataclass(frozen=True, slots=True, kw_only=True)
class FavouriteView:
    """A favourite: a work's card, or the name of a series or author; without an address when it is not here."""

    kind: str
    card: WorkCard | None
    name: Name
    note: Prose


@dataclass(frozen=True, kw_only=True)
class FavouritesPage(Page):
    """A member's favourites: works, then series, then authors."""

    template: ClassVar[str] = "people/favourites.html"
    part: ClassVar[str] = "favourites"
    kind: ClassVar[str] = "bookmarks-index"

    member: Name = told("Whose they are")
    favourites: tuple[FavouriteView, ...] = told("This page of them")
    left_out: LeftOut | None = told(
        "What the reader's own exclusions keep from them, if anything; her own are all there"
    )
    paging: Paging = told("Where in the list this page stands")


def show_of_account(request: Request, handle: str) -> HttpResponse:
    """All favourites of an account; of an unclaimed name, its own."""
    return _show(request, *pseuds_at(request.viewer, handle))


def show_of_pseud(request: Request, handle: str, name: str) -> HttpResponse:
    """The favourites under one pen name."""
    return _show(request, *pseuds_at(request.viewer, handle, name))


def _show(request: Request, member: Name, pseuds: Sequence[Pseud]) -> HttpResponse:
    found = Favourite.objects.visible_to(request.viewer).filter(member__in=pseuds).works_first()
    left_out = None
    if all(each.user_id is None or each.user_id != request.viewer.user_id for each in pseuds):
        found, left_out = own.leave_out(request, found, found.sparing)
    place = paging(request, found.count())
    page = FavouritesPage(
        title=f"Favourites of {member.text}",
        member=member,
        favourites=_views(request.viewer, list(found[place.start : place.stop])),
        left_out=left_out,
        paging=place,
    )
    return show(request, page)


def _views(viewer: Viewer, favourites: Sequence[Favourite]) -> tuple[FavouriteView, ...]:
    works = access.works_named(viewer, [each for each in favourites if each.kind == FavouriteKind.WORK])
    shown = {card.id: card for card in own.cards_for(viewer, {work.pk: work for work in works.values()}.values())}
    names = _names(viewer, favourites)
    return tuple(
        FavouriteView(
            kind=each.kind,
            card=shown[works[each.names].pk] if each.kind == FavouriteKind.WORK and each.names in works else None,
            name=names.get((each.kind, *each.names)) or Name(text=each.target_title or each.target),
            note=without_addresses(each.note),
        )
        for each in favourites
    )


def _names(viewer: Viewer, favourites: Sequence[Favourite]) -> Mapping[tuple[str, str, str], Name]:
    """The series and authors that these name and that this viewer may see."""
    series = access.series_named(viewer, [each for each in favourites if each.kind == FavouriteKind.SERIES])
    authors = access.creators_named(viewer, [each for each in favourites if each.kind == FavouriteKind.CREATOR])
    found = [(FavouriteKind.SERIES, each.site, each.key, each.title, links.of(each)) for each in series]
    found += [(FavouriteKind.CREATOR, each.site, each.key, each.name, links.of(each)) for each in authors]
    return {(str(kind), site, key): Name(text=text, url=url) for kind, site, key, text, url in found}
