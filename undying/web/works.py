"""Reading: a work, its chapters, its chapter index, what readers said."""

# ruff: noqa: RUF009 - told() is dataclasses.field with a help text

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from django.db.models import prefetch_related_objects

from undying.community import access as community
from undying.kernel.errors import NotVisible
from undying.library import access, writing
from undying.manuscript import Audience, State
from undying.web import cards, going_up, links, own, preface, reviews, visits, wording
from undying.web.cards import Name, WorkCard
from undying.web.chapters import ChapterView, IndexLine, chapter_view, index_of
from undying.web.page import Page, show, told
from undying.web.paging import Paging, paging

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from django.http import HttpResponse

    from undying.library.models import Chapter, Work
    from undying.people.viewer import Viewer
    from undying.web.fields import Preview
    from undying.web.preface import Preface
    from undying.web.request import Request
    from undying.web.reviews import ReviewView

REVIEWS_UNDER_A_WORK = 40


@dataclass(frozen=True, kw_only=True)
class WorkPage(Page):
    """A work: its head and one chapter, or all of them; or a later chapter with the head folded away."""

    template: ClassVar[str] = "works/work.html"
    kind: ClassVar[str] = "works-show"

    work: Work = told("The work's row; its pictures are found through it")
    card: WorkCard = told("Title, authors, tags and figures, as on a card")
    preface: Preface = told("Notes, gifts, links to other works, source, rights")
    chapters: tuple[ChapterView, ...] = told("The chapters shown on this page, with their text")
    index: tuple[IndexLine, ...] = told("Every chapter that this reader may open, in order")
    is_serial: bool = told("Whether the work has, or will have, several chapters")
    is_whole: bool = told("Whether all chapters of several stand on this page")
    is_first: bool = told("Whether the page begins with the first chapter: then it has the work's whole head")
    is_last: bool = told("Whether the page ends with the last chapter: then it has the work's end notes")
    previous: str = told("The address of the chapter before, or empty")
    next: str = told("The address of the chapter after, or empty")
    whole: str = told("The address with all chapters on one page")
    by_chapter: str = told("The address of the work chapter by chapter")
    navigate: str = told("The address of the chapter index")
    downloads: tuple[Name, ...] = told("The files to take away")
    reviews: tuple[ReviewView, ...] = told("What readers said of what is on this page")
    review_count: int = told("How many reviews there are of what is on this page")
    all_reviews: str = told("The address of everything that readers said")
    leave_out: str = told("Where a member leaves it out of her lists; empty for a guest, and on her own")
    writing: tuple[Name, ...] = told("What a creator can do with her own work; for others nothing")
    goes: Name | None = told(
        "Of a deleted work, to its creators: the day it goes for good, and the way back", default=None
    )
    goes_up: Name | None = told(
        "Of what goes up by itself, to its creators: when, and where that is changed", default=None
    )
    preview: Preview | None = told("On a preview: what was typed, to be sent on; nothing of it is saved", default=None)

    @property
    def cards(self) -> tuple[WorkCard, ...]:
        """The work."""
        return (self.card,)


@dataclass(frozen=True, kw_only=True)
class ConsentPage(Page):
    """Asks before an adult work shows its text."""

    template: ClassVar[str] = "works/consent.html"
    kind: ClassVar[str] = "works-show"

    card: WorkCard = told("The work, as on a card")
    proceed: str = told("The same address with the reader's consent")

    @property
    def cards(self) -> tuple[WorkCard, ...]:
        """The work."""
        return (self.card,)


@dataclass(frozen=True, kw_only=True)
class NavigatePage(Page):
    """All chapters of a work with their dates and lengths."""

    template: ClassVar[str] = "works/navigate.html"
    kind: ClassVar[str] = "works-navigate"

    card: WorkCard = told("Title, authors, tags and figures")
    index: tuple[IndexLine, ...] = told("Every chapter that this reader may open, in order")
    whole: str = told("The address with all chapters on one page")

    @property
    def cards(self) -> tuple[WorkCard, ...]:
        """The work."""
        return (self.card,)


@dataclass(frozen=True, kw_only=True)
class ReviewsPage(Page):
    """Everything that readers said of a work."""

    template: ClassVar[str] = "works/reviews.html"
    part: ClassVar[str] = "reviews"
    kind: ClassVar[str] = "comments-index"

    work: Work = told("The work's row")
    card: WorkCard = told("Title and authors of the work")
    reviews: tuple[ReviewView, ...] = told("This page of reviews, oldest first, answers behind what they answer")
    paging: Paging = told("Where in the list this page stands")

    @property
    def cards(self) -> tuple[WorkCard, ...]:
        """The work."""
        return (self.card,)


def show_work(request: Request, work_id: int) -> HttpResponse:
    """The first chapter, or the whole work with `view_full_work=true`."""
    work = access.work_for(request.viewer, work_id)
    if asks_first(request.viewer, work):
        return ask_first(request, work)
    whole = request.GET.get("view_full_work", "true" if request.viewer.preferences.whole_work else "") == "true"
    listed = (access.whole_text_for if whole else access.chapters_for)(request.viewer, work)
    if not listed:
        raise NotVisible("work", work_id)
    shown = listed if whole else listed[:1]
    visits.note(request, work, None if whole else shown)
    return show(request, _page(request.viewer, work, shown, listed, whole=whole, shows_tags=_shows_tags(request)))


def show_chapter(request: Request, chapter_id: int, work_id: int | None = None) -> HttpResponse:
    """One chapter, under its work's address or by itself."""
    chapter = access.chapter_for(request.viewer, chapter_id)
    if work_id not in {None, chapter.work_id}:
        raise NotVisible("chapter", chapter_id)
    work = access.work_for(request.viewer, chapter.work_id)
    if asks_first(request.viewer, work):
        return ask_first(request, work)
    listed = access.chapters_for(request.viewer, work)
    visits.note(request, work, [chapter])
    return show(request, _page(request.viewer, work, [chapter], listed, shows_tags=_shows_tags(request)))


def show_navigate(request: Request, work_id: int) -> HttpResponse:
    """The chapter index: titles and figures only, so it asks nobody's consent."""
    work = access.work_for(request.viewer, work_id)
    page = NavigatePage(
        title=f"Chapters of {work.title}",
        card=own.card_for(request.viewer, work),
        index=index_of(access.chapters_for(request.viewer, work)),
        whole=links.work(work, whole=True),
    )
    return show(request, page)


def show_reviews(request: Request, work_id: int) -> HttpResponse:
    """What readers said of the work and its chapters."""
    work = access.work_for(request.viewer, work_id)
    if asks_first(request.viewer, work):
        return ask_first(request, work)
    found = community.reviews_for(request.viewer, work)
    numbers = access.numbered(access.chapters_for(request.viewer, work)) if found else {}
    place = paging(request, len(found), reviews.PER_PAGE)
    page = ReviewsPage(
        title=f"Reviews of {work.title}",
        work=work,
        card=own.card_for(request.viewer, work),
        reviews=reviews.views(found, numbers)[place.start : place.stop],
        paging=place,
    )
    return show(request, page)


def asks_first(viewer: Viewer, work: Work) -> bool:
    """Whether a reader has yet to say that she is willing. Creators are not asked for their own. Needs `with_card`."""
    return work.is_adult and not viewer.adult and not is_by(viewer, work)


def is_by(viewer: Viewer, work: Work) -> bool:
    """Whether she is one of its creators. Needs `with_card`."""
    return viewer.user_id is not None and any(each.pseud.user_id == viewer.user_id for each in work.byline)


def ask_first(request: Request, work: Work) -> HttpResponse:
    """The page that stands before an adult work until its reader has said yes."""
    query = {**{name: str(value) for name, value in request.GET.items()}, "view_adult": "true"}
    card = own.card_for(request.viewer, work)
    return show(request, ConsentPage(title=work.title, card=card, proceed=links.with_query(request.path, query)))


def page_of(viewer: Viewer, work: Work, chapter: Chapter | None) -> WorkPage:
    """The page of a work's chapter, or of its first. It was loaded `with_page()`."""
    listed = access.chapters_for(viewer, work)
    return _page(viewer, work, [chapter or listed[0]], listed)


def _shows_tags(request: Request) -> bool:
    """Whether the reader asks for the tags that she prefers to see nowhere."""
    return request.GET.get("tags") == "shown"


def _page(
    viewer: Viewer,
    work: Work,
    shown: Sequence[Chapter],
    listed: Sequence[Chapter],
    *,
    whole: bool = False,
    shows_tags: bool = False,
) -> WorkPage:
    prefetch_related_objects(list(shown), "creatorships__pseud__user", "placements")
    numbers = access.numbered(listed)
    first, last = numbers[shown[0].pk] - 1, numbers[shown[-1].pk] - 1
    found = [each for each in community.reviews_for(viewer, work) if _is_about(each.chapter_id, shown, whole=whole)]
    return WorkPage(
        title=_title(work, numbers, shown),
        work=work,
        card=own.card_for(viewer, work, shows_all=shows_tags),
        preface=preface.of(viewer, work),
        chapters=tuple(chapter_view(chapter, numbers[chapter.pk], several=len(shown) > 1) for chapter in shown),
        index=index_of(listed, current=None if whole else shown[0]),
        is_serial=len(listed) > 1 or not cards.is_one_shot(work),
        is_whole=whole and len(listed) > 1,
        is_first=first == 0,
        is_last=last == len(listed) - 1,
        previous="" if whole or first == 0 else links.of(listed[first - 1]),
        next="" if whole or last == len(listed) - 1 else links.of(listed[last + 1]),
        whole=links.work(work, whole=True),
        by_chapter=links.of(listed[0]),
        navigate=links.navigate(work),
        downloads=(
            Name(text="EPUB", url=links.download(work, "epub")),
            Name(text="HTML", url=links.download(work, "html")),
        ),
        reviews=reviews.views(found, numbers)[:REVIEWS_UNDER_A_WORK],
        review_count=len(found),
        all_reviews=links.reviews(work),
        leave_out="" if viewer.user_id is None or is_by(viewer, work) else links.exclude(viewer.name, work),
        writing=_writing(viewer, work, shown, listed),
        goes=_goes(viewer, work),
        goes_up=_goes_up(viewer, work, shown),
    )


def _writing(viewer: Viewer, work: Work, shown: Sequence[Chapter], listed: Sequence[Chapter]) -> tuple[Name, ...]:
    is_one_of_several = len(shown) == 1 < len(listed)
    this: tuple[Name, ...] = (Name(text="Edit this chapter", url=links.chapter_act(shown[0], "edit")),)
    if not is_by(viewer, work):
        return this if len(shown) == 1 and _is_chapter_by(viewer, shown[0]) else ()
    if shown[0].state == State.DRAFT:
        this = (*this, Name(text="Post this chapter later", url=links.schedule(work, shown[0])))
    return (*(this if is_one_of_several else ()), *ways_to_write(work))


def _is_chapter_by(viewer: Viewer, chapter: Chapter) -> bool:
    """Whether she is a creator of this chapter. Needs its creators prefetched."""
    users = (each.pseud.user_id for each in chapter.creatorships.all())
    return viewer.user_id is not None and viewer.user_id in users


def _goes(viewer: Viewer, work: Work) -> Name | None:
    """Nobody but her sees a draft, so nobody else's page costs a query more."""
    deletion = writing.deletion_of(work) if work.state == State.DRAFT and is_by(viewer, work) else None
    return Name(text=wording.day(deletion.at + writing.GRACE), url=links.delete_work(work)) if deletion else None


def _goes_up(viewer: Viewer, work: Work, shown: Sequence[Chapter]) -> Name | None:
    """Of the work, or of the one chapter on the page: asked for drafts alone, which nobody but her sees."""
    if not is_by(viewer, work):
        return None
    if work.state == State.DRAFT:
        return going_up.goes_up(work, None)
    return going_up.goes_up(work, shown[0]) if len(shown) == 1 and shown[0].state == State.DRAFT else None


def ways_to_write(work: Work) -> tuple[Name, ...]:
    """What a creator can do with her work, and where."""
    return (
        Name(text="Edit", url=links.edit(work)),
        *((Name(text="Post later", url=links.schedule(work)),) if work.state == State.DRAFT else ()),
        *((Name(text="Its link", url=links.work_link(work)),) if work.audience == Audience.LINK else ()),
        Name(text="Add a chapter", url=links.new_chapter(work)),
        Name(text="Chapters", url=links.chapters(work)),
        Name(text="Creators", url=links.creators(work)),
        Name(text="Versions", url=links.revisions(work)),
        Name(text="Delete", url=links.delete_work(work)),
        Name(text="Let go", url=links.let_go(work)),
    )


def _is_about(chapter_id: int | None, shown: Sequence[Chapter], *, whole: bool) -> bool:
    """A review of the whole work stands under its every page; one of a chapter under that chapter."""
    return whole or chapter_id is None or chapter_id == shown[0].pk


def _title(work: Work, numbers: Mapping[int, int], shown: Sequence[Chapter]) -> str:
    names = ", ".join(each.pseud.name for each in work.byline)
    place = f", chapter {numbers[shown[0].pk]}" if len(numbers) > 1 and len(shown) == 1 else ""
    return f"{work.title}{place}" + (f" by {names}" if names else "")
