"""Writing together: whom a creator has asked to stand beside her, and what a member is asked. Theirs alone to see."""

# ruff: noqa: RUF009 - told() is dataclasses.field with a help text

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from django.contrib import messages
from django.http import HttpResponseRedirect

from undying.kernel.errors import NotVisible
from undying.library import access, co_authors, writing
from undying.library.co_authors import NotAsked
from undying.people.letters import tell_of_work
from undying.people.models import LetterKind
from undying.web import links
from undying.web.boxes import Option
from undying.web.by_letter import base_or_none
from undying.web.cards import Name
from undying.web.own import only_hers
from undying.web.page import Page, show, told
from undying.web.typed import sent
from undying.web.works import ways_to_write
from undying.web.writing import writers_only

if TYPE_CHECKING:
    from datetime import datetime

    from django.http import HttpResponse

    from undying.library.models import Chapter, CreatorInvitation, Work
    from undying.manuscript import Prose
    from undying.people.models import Pseud
    from undying.web.request import Request

INVITE, WITHDRAW, ACCEPT, REFUSE = "invite", "withdraw", "accept", "refuse"
LONGEST_NUMBER = 19


@dataclass(frozen=True, slots=True, kw_only=True)
class InvitedLine:
    """Somebody who was asked. `chapter` is empty for the whole work; who `is_refused` has said no."""

    number: int
    who: Name
    chapter: str
    at: datetime
    is_refused: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """A pen name that can be invited: what the button sends, and what tells it from others of the name."""

    number: int
    text: str
    note: str


@dataclass(frozen=True, kw_only=True)
class CreatorsPage(Page):
    """The creators of a work, whom they have asked, and how they ask another."""

    template: ClassVar[str] = "writing/creators.html"
    part: ClassVar[str] = "offers"
    kind: ClassVar[str] = "works-creators"

    work: Name = told("The work")
    beside: tuple[Name, ...] = told("Where else in the work something can be done")
    creators: tuple[Name, ...] = told("Who made it; of a single chapter, with the chapter")
    invited: tuple[InvitedLine, ...] = told("Who was asked and has not answered, or has said no")
    path: str = told("The page's own address, where its forms are sent")
    typed: str = told("What was typed to be found among pen names")
    offers: tuple[Offer, ...] = told("The pen names that were found, each a button that invites")
    chapters: tuple[Option, ...] = told("The whole work, or one of its chapters; empty while it has one")
    chapter: str = told("Which of these was chosen")


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedLine:
    """What she is asked: by whom, to which work, and to which chapter of it (empty for the whole)."""

    number: int
    title: str
    summary: Prose
    by: Name
    chapter: str
    at: datetime
    names: tuple[Option, ...]


@dataclass(frozen=True, kw_only=True)
class AskedPage(Page):
    """What others ask of a member, until she answers."""

    template: ClassVar[str] = "own/asked.html"
    kind: ClassVar[str] = "asked"

    lines: tuple[AskedLine, ...] = told("What she is asked, the latest first")
    path: str = told("The page's own address, where its forms are sent")
    preferences: str = told("Where she says that nobody may ask her")


@writers_only
def show_creators(request: Request, work_id: int) -> HttpResponse:
    """Who made the work and who was asked to; on POST somebody is invited, or that is taken back."""
    viewer = request.viewer
    work = writing.work_to_write(viewer, work_id)
    chapters = access.chapters_for(viewer, work)
    if request.method == "POST":
        return _changed(request, work, chapters)
    typed = request.GET.get("find", "").replace("\0", "").strip()[: co_authors.LONGEST_TYPED]
    chosen = request.GET.get("chapter", "")
    page = CreatorsPage(
        title=f"Creators of {work.title}",
        work=Name(text=work.title, url=links.of(work)),
        beside=ways_to_write(work),
        creators=tuple(_creators(work)),
        invited=tuple(map(_invited, co_authors.invited_to(work))),
        path=links.creators(work),
        typed=typed,
        offers=tuple(_offer(each) for each in co_authors.like(viewer, typed)),
        chapters=tuple(_choices(chapters, chosen)) if len(chapters) > 1 else (),
        chapter=chosen,
    )
    return show(request, page)


def _creators(work: Work) -> list[Name]:
    rows = work.creatorships.select_related("pseud__user", "chapter").order_by("chapter__position", "position", "pk")
    return [
        Name(text=each.pseud.name, url=links.of(each.pseud), note=_of_chapter(each.chapter) if each.chapter_id else "")
        for each in sorted(rows, key=lambda each: each.chapter_id is not None)
    ]


def _invited(row: CreatorInvitation) -> InvitedLine:
    return InvitedLine(
        number=row.pk,
        who=Name(text=row.pseud.name, url=links.of(row.pseud)),
        chapter=_of_chapter(row.chapter),
        at=row.refused or row.at,
        is_refused=row.refused is not None,
    )


def _of_chapter(chapter: Chapter | None) -> str:
    return f"chapter {chapter.position}" if chapter is not None else ""


def _offer(pseud: Pseud) -> Offer:
    """Of several with one name, the account tells which is meant, where it is told at all."""
    account = pseud.user.username if pseud.user is not None and pseud.is_linked else ""
    return Offer(number=pseud.pk, text=pseud.name, note="" if account in {"", pseud.name} else f"of {account}")


def _choices(chapters: list[Chapter], chosen: str) -> list[Option]:
    said = [("", "The whole work"), *((str(each.pk), f"Chapter {each.position} alone: {each}") for each in chapters)]
    return [Option(value=value, text=text, is_chosen=value == chosen) for value, text in said]


def _changed(request: Request, work: Work, chapters: list[Chapter]) -> HttpResponse:
    """Raises NotVisible for what is not there."""
    act, viewer = sent(request, "act"), request.viewer
    try:
        if act == WITHDRAW:
            co_authors.withdraw(viewer, work, _number(request, "invitation"))
            messages.success(request, "The invitation is taken back.")
        elif act == INVITE:
            row = co_authors.invite(viewer, work, _number(request, "pen_name"), _chapter(request, chapters))
            _tell(request, row)
            messages.success(request, f"{row.pseud.name} is invited. Until she accepts, nobody but you two sees that.")
    except NotAsked as refused:
        messages.error(request, str(refused))
    return HttpResponseRedirect(links.creators(work))


def _chapter(request: Request, chapters: list[Chapter]) -> Chapter | None:
    """The chapter that is meant; None for the whole work. Raises NotVisible."""
    wanted = sent(request, "chapter")
    found = next((each for each in chapters if str(each.pk) == wanted), None)
    if wanted and found is None:
        raise NotVisible("chapter", wanted)
    return found


def _tell(request: Request, row: CreatorInvitation) -> None:
    user = row.pseud.user
    assert user is not None, "only a member's pen name is invited"
    path = links.asked(user.username)
    base = base_or_none(request)
    tell_of_work(LetterKind.ASKED, user, base=base, title=row.work.title, path=path, note=row.by.name)


def _number(request: Request, name: str) -> int:
    text = sent(request, name)
    number = int(text) if text.isascii() and text.isdecimal() and len(text) <= LONGEST_NUMBER else 0
    return number if number <= access.BIGGEST_ID else 0


@only_hers
def show_asked(request: Request) -> HttpResponse:
    """What she is asked; on POST she says yes or no. Of a draft she sees its title and its summary, not its text."""
    viewer = request.viewer
    if request.method == "POST":
        return _answered(request)
    found = list(co_authors.asked_of(viewer))
    names = writing.pseuds_of(viewer) if found else []
    page = AskedPage(
        title="Asked of you",
        lines=tuple(_asked(each, names) for each in found),
        path=links.asked(viewer.name),
        preferences=links.preferences(viewer.name),
    )
    return show(request, page)


def _asked(row: CreatorInvitation, names: list[Pseud]) -> AskedLine:
    return AskedLine(
        number=row.pk,
        title=row.work.title,
        summary=row.work.summary,
        by=Name(text=row.by.name, url=links.of(row.by)),
        chapter=_of_chapter(row.chapter),
        at=row.at,
        names=tuple(Option(value=str(each.pk), text=each.name, is_chosen=each.pk == row.pseud_id) for each in names),
    )


def _answered(request: Request) -> HttpResponse:
    """Raises NotVisible for what she is not asked."""
    viewer, number = request.viewer, _number(request, "invitation")
    if sent(request, "act") == ACCEPT:
        work = co_authors.accept(viewer, number, _number(request, "pen_name"))
        messages.success(request, f"You are a creator of “{work.title}” now.")
        return HttpResponseRedirect(links.of(work))
    if sent(request, "act") == REFUSE:
        co_authors.refuse(viewer, number)
        messages.success(request, "Who asked you sees that you have said no.")
    return HttpResponseRedirect(links.asked(viewer.name))
