"""Authors and their pen names."""

# ruff: noqa: RUF009 - told() is dataclasses.field with a help text

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from django.db.models import Exists, OuterRef

from undying.library import access
from undying.library.models import Creatorship, Work
from undying.web import cards, links
from undying.web.cards import Name, WorkCard
from undying.web.page import Page, show, told
from undying.web.paging import Paging, paging

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.http import HttpResponse

    from undying.people.models import Pseud
    from undying.web.request import Request


@dataclass(frozen=True, kw_only=True)
class AuthorPage(Page):
    """An author: the works under one pen name, or under all of an account's."""

    template: ClassVar[str] = "people/author.html"
    part: ClassVar[str] = "works"
    kind: ClassVar[str] = "users-show"

    name: str = told("The pen name, or the account's name")
    account: Name | None = told("The account behind a pen name that differs from it")
    pseuds: tuple[Name, ...] = told("The account's pen names, when it has several")
    source: Name | None = told("Her page where the works came from, while no account has claimed them")
    is_unclaimed: bool = told("Whether the works were imported and nobody has claimed the name yet")
    works: tuple[WorkCard, ...] = told("This page of her works, newest first")
    total: int = told("How many works there are, of those that this reader may read")
    paging: Paging = told("Where in the list this page stands")


def show_account(request: Request, handle: str) -> HttpResponse:
    """All works of an account; of an unclaimed name, its own."""
    pseud = access.pseud_for(request.viewer, links.tag_name(handle))
    everything = list(pseud.user.pseuds.order_by("pk")) if pseud.user else [pseud]
    return _show(request, pseud, everything, name=pseud.user.username if pseud.user else pseud.name)


def show_pseud(request: Request, handle: str, name: str) -> HttpResponse:
    """The works under one pen name."""
    pseud = access.pseud_for(request.viewer, links.tag_name(handle), links.tag_name(name))
    return _show(request, pseud, [pseud], name=pseud.name)


def _show(request: Request, pseud: Pseud, pseuds: Sequence[Pseud], *, name: str) -> HttpResponse:
    hers = Creatorship.objects.visible_to(request.viewer).filter(work=OuterRef("pk"), pseud__in=pseuds)
    works = Work.objects.visible_to(request.viewer).filter(Exists(hers))
    place = paging(request, works.count())
    url = links.outside(pseud.url)
    page = AuthorPage(
        title=name,
        name=name,
        account=_account(pseud, name),
        pseuds=tuple(Name(text=each.name, url=links.of(each)) for each in pseuds) if len(pseuds) > 1 else (),
        source=Name(text=pseud.site, url=url) if url and not pseud.is_claimed else None,
        is_unclaimed=not pseud.is_claimed,
        works=cards.of_all(works.newest().with_card()[place.start : place.stop]),
        total=place.total,
        paging=place,
    )
    return show(request, page)


def _account(pseud: Pseud, name: str) -> Name | None:
    if pseud.user is None or pseud.user.username == name:
        return None
    return Name(text=pseud.user.username, url=links.account(pseud.user.username))
