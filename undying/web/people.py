"""Authors and other members, their pen names, and what they told of themselves."""

# ruff: noqa: RUF009 - told() is dataclasses.field with a help text

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from django.db.models.functions import Lower

from undying.community import access
from undying.community.models import Favourite
from undying.kernel import chosen
from undying.library import co_authors, giving
from undying.library.access import of_account
from undying.library.models import Creatorship, SeriesAccount, Work
from undying.manuscript import NO_PROSE
from undying.manuscript.clean import without_addresses
from undying.people.models import ALONE, Profile
from undying.web import links, own, wording
from undying.web.cards import Name, WorkCard
from undying.web.page import Page, show, told
from undying.web.paging import Paging, paging
from undying.web.pen_names import icon_view

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from django.http import HttpResponse

    from undying.manuscript import Prose
    from undying.people.models import Pseud, User
    from undying.people.viewer import Viewer
    from undying.web.own import Choice, LeftOut
    from undying.web.pen_names import IconView
    from undying.web.request import Request


MOST_SERIES = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class ProfileView:
    """What a member told of herself on one site. `fields` are that site's questions with her answers."""

    site: Name
    joined: datetime | None
    bio: Prose
    website: str
    picture: str
    fields: tuple[tuple[str, str], ...]


@dataclass(frozen=True, kw_only=True)
class AuthorPage(Page):
    """A member: what she told of herself, and the works under one pen name, or under all of an account's."""

    template: ClassVar[str] = "people/author.html"
    part: ClassVar[str] = "works"
    kind: ClassVar[str] = "users-show"

    name: str = told("The pen name, or the account's name")
    account: Name | None = told("The account behind a pen name that differs from it")
    pseuds: tuple[Name, ...] = told("The pen names that the account shows, when it has several; to herself, all")
    source: Name | None = told("Her page where the works came from, while no account has claimed them")
    is_unclaimed: bool = told("Whether the works were imported and nobody has claimed the name yet")
    icon: IconView | None = told("Her picture, on the page of a pen name; None where there is none")
    about: Prose = told("What she tells of herself, on the page of her account")
    answers: tuple[tuple[str, str], ...] = told("Her answers to the archive's questions, on the page of her account")
    description: Prose = told("What she says of a pen name, on its page")
    profiles: tuple[ProfileView, ...] = told("What she told of herself, for each site that she came from")
    series: tuple[Name, ...] = told("Series that are hers, by their sources' word")
    favourites: int = told("How many favourites she keeps, of those that this reader may see")
    all_favourites: str = told("The address of her favourites")
    gifts: int = told("How many works were given to her, of those that this reader may read")
    all_gifts: str = told("The address of these")
    works: tuple[WorkCard, ...] = told("This page of her works, newest first")
    total: int = told("How many works there are, of those that this reader may read")
    left_out: LeftOut | None = told("What the reader's own exclusions keep from the list, if anything")
    exclude: Choice | None = told("The button by which a member leaves out her works; none for a guest, or on her own")
    block: str = told("Where a member blocks her; empty for a guest, on her own page and where nobody is behind a name")
    own: tuple[Name, ...] = told("On a member's own page: the pages that are there for her alone")
    paging: Paging = told("Where in the list this page stands")

    @property
    def cards(self) -> tuple[WorkCard, ...]:
        """The works on it."""
        return self.works


def show_account(request: Request, handle: str) -> HttpResponse:
    """All works of an account; of an unclaimed name, its own."""
    return _show(request, *pseuds_at(request.viewer, handle))


def show_pseud(request: Request, handle: str, name: str) -> HttpResponse:
    """The works under one pen name."""
    return _show(request, *pseuds_at(request.viewer, handle, name))


def pseuds_at(viewer: Viewer, handle: str, name: str | None = None) -> tuple[Name, list[Pseud]]:
    """Who has this address, and the pen names that it stands for: one, or all that an account shows.

    Raises NotVisible.
    """
    if name is not None:
        pseud = access.pseud_for(viewer, links.tag_name(handle), links.tag_name(name))
        return Name(text=pseud.name, url=links.of(pseud)), [pseud]
    pseud = access.pseud_for(viewer, links.tag_name(handle))
    if pseud.user is None or handle.startswith(ALONE):
        return Name(text=pseud.name, url=links.account(pseud.handle)), [pseud]
    name = pseud.user.username
    return Name(text=name, url=links.account(name)), list(of_account(viewer, name))


def _show(request: Request, member: Name, pseuds: Sequence[Pseud]) -> HttpResponse:
    viewer, pseud = request.viewer, pseuds[0]
    # Her works are few, and asking of each work of the archive whether it is hers takes long.
    hers = Creatorship.objects.visible_to(viewer).filter(pseud__in=pseuds).values("work")
    works, left_out = own.leave_out(request, Work.objects.visible_to(viewer).filter(pk__in=hers))
    place = paging(request, works.count())
    url = links.outside(pseud.url)
    is_of_one = member.text == pseud.name and len(pseuds) == 1
    page = AuthorPage(
        title=member.text,
        name=member.text,
        account=_account(pseud, member.text),
        pseuds=tuple(map(_pen_name, pseuds)) if len(pseuds) > 1 else (),
        source=Name(text=pseud.site, url=url) if url and not pseud.is_claimed else None,
        is_unclaimed=not pseud.is_claimed,
        icon=icon_view(pseud) if is_of_one else None,
        about=pseud.user.about if pseud.user and member.url == links.account(pseud.user.username) else NO_PROSE,
        answers=_answers(pseud.user) if pseud.user and member.url == links.account(pseud.user.username) else (),
        description=pseud.description if is_of_one else NO_PROSE,
        profiles=_profiles(viewer, pseuds) if place.number == 1 else (),
        series=_series(viewer, pseuds) if place.number == 1 else (),
        favourites=Favourite.objects.visible_to(viewer).filter(member__in=pseuds).count(),
        all_favourites=links.favourites(member.url),
        gifts=giving.given_to(viewer, pseuds).count() if pseud.is_claimed else 0,
        all_gifts=links.gifts(member.url),
        works=own.cards_for(viewer, works.newest().with_card()[place.start : place.stop]),
        left_out=left_out,
        exclude=_exclude(request, member, pseud),
        block=_block(viewer, pseud),
        own=_own(viewer, pseud),
        total=place.total,
        paging=place,
    )
    return show(request, page)


def _pen_name(pseud: Pseud) -> Name:
    """To herself, one that is not linked stands among the others."""
    note = "" if pseud.is_linked or pseud.user is None else "only you see it here"
    return Name(text=pseud.name, url=links.of(pseud), note=note)


def _answers(user: User) -> tuple[tuple[str, str], ...]:
    said = ((each, str(user.answers.get(each, ""))) for each in chosen.questions())
    return tuple((each, wording.without_addresses(answer)) for each, answer in said if answer)


def _exclude(request: Request, member: Name, pseud: Pseud) -> Choice | None:
    """On an account's own page all its pen names are meant, those to come included."""
    if pseud.user_id is not None and pseud.user_id == request.viewer.user_id:
        return None
    is_account = pseud.is_linked and member.url == links.account(pseud.handle)
    thing = pseud.user if pseud.user and is_account else pseud
    return own.choice(request, thing, f"Leave out works by {member.text}", f"Show works by {member.text} again")


def _block(viewer: Viewer, pseud: Pseud) -> str:
    is_another = viewer.user_id is not None and pseud.user_id not in {None, viewer.user_id}
    return links.blocks(viewer.name, pseud) if is_another else ""


def _own(viewer: Viewer, pseud: Pseud) -> tuple[Name, ...]:
    if viewer.user_id is None or pseud.user_id != viewer.user_id:
        return ()
    return (
        Name(text="Post a new work", url=links.NEW_WORK),
        Name(text="Your drafts", url=links.drafts(viewer.name)),
        _asked(viewer),
        Name(text="Change many works", url=links.many(viewer.name)),
        Name(text="Your statistics", url=links.statistics(viewer.name)),
        Name(text="About you", url=links.about(viewer.name)),
        Name(text="Your pen names", url=links.pen_names(viewer.name)),
        Name(text="Your preferences", url=links.preferences(viewer.name)),
        Name(text="Your searches", url=links.searches(viewer.name)),
        Name(text="Your exclusions", url=links.exclusions(viewer.name)),
        Name(text="Whom you block", url=links.blocks(viewer.name)),
        Name(text="Your account", url=links.own_account(viewer.name)),
        Name(text="Take everything home, or leave", url=links.leaving(viewer.name)),
    )


def _asked(viewer: Viewer) -> Name:
    count = co_authors.asked_of(viewer).count()
    return Name(text=f"Asked of you ({count})" if count else "Asked of you", url=links.asked(viewer.name))


def _profiles(viewer: Viewer, pseuds: Sequence[Pseud]) -> tuple[ProfileView, ...]:
    found = Profile.objects.visible_to(viewer).filter(pseud__in=pseuds).order_by("site", "pk")
    return tuple(
        ProfileView(
            site=Name(text=each.site, url=links.outside(each.url)),
            joined=each.joined,
            bio=without_addresses(each.bio),
            website=links.outside(each.website),
            picture=links.outside(each.picture),
            fields=tuple((label, wording.without_addresses(text)) for label, text in each.fields),
        )
        for each in found
    )


def _series(viewer: Viewer, pseuds: Sequence[Pseud]) -> tuple[Name, ...]:
    owned = SeriesAccount.objects.visible_to(viewer).filter(owners__pseud__in=pseuds).distinct()
    found = owned.order_by(Lower("title"), "pk").select_related("series")[:MOST_SERIES]
    return tuple(Name(text=each.title, url=links.of(each.series)) for each in found)


def _account(pseud: Pseud, name: str) -> Name | None:
    if pseud.user is None or not pseud.is_linked or pseud.user.username == name:
        return None
    return Name(text=pseud.user.username, url=links.account(pseud.user.username))
