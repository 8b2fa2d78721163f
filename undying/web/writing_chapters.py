"""Writing: chapters, one by one and in their order. For everybody but a work's creators these pages are not there."""

# ruff: noqa: RUF009 - told() is dataclasses.field with a help text

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from django.contrib import messages
from django.http import HttpResponseRedirect

from undying.library import access, authorship, writing
from undying.library.drafting import Target
from undying.library.models import DraftKind
from undying.library.writing import Unfinished
from undying.manuscript import State
from undying.manuscript.parting import beginnings, halves
from undying.web import links, sheets, writing_forms, written
from undying.web.cards import Name
from undying.web.fields import Act, summary
from undying.web.page import Page, show, told
from undying.web.preview import SHOW, show_preview
from undying.web.sheets import EDIT, PREVIEW
from undying.web.works import ways_to_write
from undying.web.writing import (
    DRAFT,
    POST,
    SAVE,
    SENT_ALREADY,
    STATES,
    WritePage,
    around,
    refuse_unread,
    tell,
    writers_only,
)
from undying.web.written import Said

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from django.http import HttpResponse

    from undying.library.drafting import Sheet
    from undying.library.models import Chapter, Work
    from undying.web.request import Request
    from undying.web.sheets import Difference
    from undying.web.written import Written

_KEPT = {State.POSTED: "Saved: it comes out with the work.", State.DRAFT: "Saved as a draft: only creators see it."}
_NEW_IN_DRAFT = (
    SHOW,
    Act(value=POST, text="Save"),
    Act(value=DRAFT, text="Save: it stays behind when the work comes out", is_quiet=True),
)
_NEW_IN_POSTED = (
    Act(value=DRAFT, text="Save as a draft", is_quiet=True),
    SHOW,
    Act(value=POST, text="Post the chapter"),
)
_WAYS = {"up": -1, "down": 1}
LONGEST_BEGINNING = 120
"""Characters of a paragraph by which it is known again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChapterLine:
    """A chapter among the others, and what can be done with it. `split` is empty where there is nothing to part, and
    `later` where it is posted already.
    """

    id: int
    name: Name
    position: int
    words: int
    is_draft: bool
    edit: str
    split: str
    delete: str
    later: str


@dataclass(frozen=True, kw_only=True)
class ChaptersPage(Page):
    """A work's chapters in their order."""

    template: ClassVar[str] = "writing/chapters.html"
    kind: ClassVar[str] = "chapters-manage"

    work: Name = told("The work")
    beside: tuple[Name, ...] = told("What else can be done with the work")
    lines: tuple[ChapterLine, ...] = told("Its chapters, drafts included")
    problem: str = told("Why the order was not changed; empty when nothing is wrong")


@dataclass(frozen=True, kw_only=True)
class DeleteChapterPage(Page):
    """Asks whether a chapter goes."""

    template: ClassVar[str] = "writing/delete_chapter.html"
    kind: ClassVar[str] = "chapters-delete"

    work: Name = told("The work")
    chapter: Name = told("The chapter")
    words: int = told("How many words it has")
    problem: str = told("Why it has to stay; empty when it may go")
    back: str = told("Where all chapters are")


@dataclass(frozen=True, kw_only=True)
class SplitPage(Page):
    """Asks where one chapter becomes two."""

    template: ClassVar[str] = "writing/split.html"
    kind: ClassVar[str] = "chapters-split"

    work: Name = told("The work")
    chapter: Name = told("The chapter")
    places: tuple[tuple[int, str], ...] = told("Its paragraphs after the first: their numbers and how they begin")
    new_title: str = told("What was typed as the title of the second half")
    problem: str = told("Why it was not split; empty when nothing is wrong")
    back: str = told("Where all chapters are")


@writers_only
def show_new(request: Request, work_id: int) -> HttpResponse:
    """The form of another chapter; on POST it is added."""
    viewer = request.viewer
    work = writing.work_to_write(viewer, work_id)
    if request.method != "POST":
        given, sheet = sheets.opened(viewer, request.GET, Target(kind=DraftKind.NEW_CHAPTER, work=work), {})
        return _new_form(request, work, given, {}, sheet)
    said = Said(written.sent(request.POST))
    done = writing.sent_before(viewer, sheets.sent(request.POST).token)
    if done is not None and done.chapter is not None:
        return _sent_already(request, said, done.chapter)
    try:
        return _added(request, said, work)
    except Unfinished as refused:
        return _new_form(request, work, said.typed, refused.troubles)


def _added(request: Request, said: Said, work: Work) -> HttpResponse:
    """What became of the form. Raises Unfinished."""
    act = request.POST.get("act", "")
    if act == EDIT:
        return _new_form(request, work, said.typed, {})
    state = STATES.get(act, State.DRAFT if act == PREVIEW else State.POSTED)
    fields, place = said.chapter(), said.position()
    is_posted = state is State.POSTED and work.state == State.POSTED
    refuse_unread(said, writing.chapter_troubles(fields, is_posted=is_posted))
    add = partial(writing.add_chapter, request.viewer, work, fields, state=state, position=place)
    if act == PREVIEW:
        return show_preview(request, add, links.new_chapter(work), _new_acts(work))
    chapter = add(token=sheets.sent(request.POST).token)
    tell(request, said, "The chapter is posted." if is_posted else _KEPT[state])
    return HttpResponseRedirect(links.of(chapter))


@writers_only
def show_edit(request: Request, work_id: int, chapter_id: int) -> HttpResponse:
    """The form of a chapter; on POST it is saved, and posted or made a draft."""
    viewer = request.viewer
    work = access.work_for(viewer, work_id)
    chapter = authorship.chapter_to_write(viewer, work, chapter_id)
    target = Target(kind=DraftKind.CHAPTER, work=work, chapter=chapter)
    values = sheets.values_of(target)
    if request.method != "POST":
        given, sheet = sheets.opened(viewer, request.GET, target, values)
        return _edit_form(request, chapter, given, {}, sheet=sheet)
    said, sheet = Said(written.sent(request.POST)), sheets.sent(request.POST)
    if sheets.is_behind(sheet, values, request.POST.get("act", "")):
        return _edited_meanwhile(request, chapter, said, values)
    try:
        return _edited(request, said, chapter)
    except Unfinished as refused:
        return _edit_form(request, chapter, said.typed, refused.troubles)


def _edited_meanwhile(request: Request, chapter: Chapter, said: Said, values: Written) -> HttpResponse:
    """Both texts, of which none is lost: she chooses. Of a second click, what the first has done."""
    had = writing.text_of(chapter)
    if said.chapter(had) == had:
        return HttpResponseRedirect(links.of(chapter))
    sheet = replace(sheets.sent(request.POST), base=sheets.mark(values))
    apart = sheets.apart(values, said.typed)
    return _edit_form(request, chapter, said.typed, {}, sheets.MEANWHILE, sheet=sheet, apart=apart)


def _edited(request: Request, said: Said, chapter: Chapter) -> HttpResponse:
    """What became of the form. Raises Unfinished."""
    act, was, work = request.POST.get("act", ""), State(chapter.state), chapter.work
    if act == EDIT:
        return _edit_form(request, chapter, said.typed, {})
    state = STATES.get(act, was)
    fields = said.chapter(writing.text_of(chapter))
    is_posted = state is State.POSTED and work.state == State.POSTED
    refuse_unread(said, writing.chapter_troubles(fields, had=chapter, is_posted=is_posted))
    save = partial(writing.save_chapter, request.viewer, chapter, fields, state=state)
    if act == PREVIEW:
        action = links.chapter_act(chapter, "edit")
        return show_preview(request, save, action, _acts(work, chapter), of=chapter)
    save()
    tell(request, said, "Saved." if state is was else "The chapter is posted." if is_posted else _KEPT[state])
    return HttpResponseRedirect(links.of(chapter))


def _new_acts(work: Work) -> tuple[Act, ...]:
    return _NEW_IN_DRAFT if work.state == State.DRAFT else _NEW_IN_POSTED


@writers_only
def show_chapters(request: Request, work_id: int) -> HttpResponse:
    """The chapters in their order; on POST in another."""
    work = writing.work_to_write(request.viewer, work_id)
    chapters = access.chapters_for(request.viewer, work)
    if request.method == "POST":
        return _reordered(request, work, chapters)
    return _order_page(request, work, chapters, "")


@writers_only
def show_delete(request: Request, work_id: int, chapter_id: int) -> HttpResponse:
    """Asks whether the chapter goes; on POST it goes."""
    work = writing.work_to_write(request.viewer, work_id)
    chapter = authorship.chapter_to_write(request.viewer, work, chapter_id)
    problem = ""
    if request.method == "POST":
        try:
            writing.delete_chapter(request.viewer, chapter)
        except Unfinished as refused:
            problem = str(refused)
        else:
            messages.success(request, f"“{chapter}” is deleted.")
            return HttpResponseRedirect(links.chapters(work))
    page = DeleteChapterPage(
        title=f"Delete {chapter}",
        work=Name(text=work.title, url=links.of(work)),
        chapter=Name(text=str(chapter), url=links.of(chapter)),
        words=chapter.words,
        problem=problem,
        back=links.chapters(work),
    )
    return show(request, page)


@writers_only
def show_split(request: Request, work_id: int, chapter_id: int) -> HttpResponse:
    """Asks where the chapter becomes two; on POST it does."""
    work = writing.work_to_write(request.viewer, work_id)
    chapter = authorship.chapter_to_write(request.viewer, work, chapter_id)
    title, problem = request.POST.get("new_title", "").replace("\0", ""), ""
    if request.method == "POST":
        first, second = halves(chapter.body, _place(request))
        try:
            other = writing.split(request.viewer, chapter, first, second, title=title)
        except Unfinished as refused:
            problem = str(refused)
            chapter.refresh_from_db()
        else:
            messages.success(request, f"Chapter {other.position} begins where you said.")
            return HttpResponseRedirect(links.chapters(work))
    page = SplitPage(
        title=f"Split {chapter}",
        work=Name(text=work.title, url=links.of(work)),
        chapter=Name(text=str(chapter), url=links.of(chapter)),
        places=tuple(enumerate(beginnings(chapter.body, LONGEST_BEGINNING)))[1:],
        new_title=title,
        problem=problem,
        back=links.chapters(work),
    )
    return show(request, page)


def _place(request: Request) -> int:
    at = request.POST.get("at", "")
    return int(at) if at.isascii() and at.isdecimal() and len(at) <= written.LONGEST_DIGITS else 0


def _sent_already(request: Request, said: Said, chapter: Chapter) -> HttpResponse:
    """A second click leads where the first did; what was typed since then is shown as a change that is not saved."""
    had, now_ = writing.text_of(chapter), said.chapter(writing.text_of(chapter))
    if now_ == had:
        return HttpResponseRedirect(links.of(chapter))
    target = Target(kind=DraftKind.CHAPTER, work=chapter.work, chapter=chapter)
    sheet = sheets.fresh(sheets.values_of(target))
    return _edit_form(request, chapter, said.typed, {}, SENT_ALREADY, sheet=sheet)


def _new_form(
    request: Request, work: Work, given: Written, problems: Mapping[str, str], sheet: Sheet | None = None
) -> HttpResponse:
    target = Target(kind=DraftKind.NEW_CHAPTER, work=work)
    groups = writing_forms.chapter_groups(given, problems, work, is_new=True)
    page = WritePage(
        title=f"Add a chapter to {work.title}",
        heading="Add a chapter",
        work=Name(text=work.title, url=links.of(work)),
        beside=ways_to_write(work),
        notice="",
        groups=groups,
        problems=summary(groups, problems),
        acts=_new_acts(work),
        action=links.new_chapter(work),
        apart=(),
        **around(request, target, sheet, given),
    )
    return show(request, page)


def _edit_form(
    request: Request,
    chapter: Chapter,
    given: Written,
    problems: Mapping[str, str],
    notice: str = "",
    *,
    sheet: Sheet | None = None,
    apart: tuple[Difference, ...] = (),
) -> HttpResponse:
    work = chapter.work
    target = Target(kind=DraftKind.CHAPTER, work=work, chapter=chapter)
    groups = writing_forms.chapter_groups(given, problems, work, is_new=False)
    page = WritePage(
        title=f"Edit {chapter} of {work.title}",
        heading=f"Edit chapter {chapter.position}",
        work=Name(text=work.title, url=links.of(work)),
        beside=ways_to_write(work) if writing.may_write(request.viewer, work) else (),
        notice=notice,
        groups=groups,
        problems=summary(groups, problems),
        acts=_acts(work, chapter),
        action=links.chapter_act(chapter, "edit"),
        apart=apart,
        **around(request, target, sheet, given),
    )
    return show(request, page)


def _acts(work: Work, chapter: Chapter) -> tuple[Act, ...]:
    is_draft = chapter.state == State.DRAFT
    other = {
        (State.POSTED, True): Act(value=POST, text="Post the chapter"),
        (State.POSTED, False): Act(value=DRAFT, text="Save, and make it a draft", is_quiet=True),
        (State.DRAFT, True): Act(value=POST, text="Save: it comes out with the work", is_quiet=True),
        (State.DRAFT, False): Act(value=DRAFT, text="Save: it stays behind when the work comes out", is_quiet=True),
    }
    return Act(value=SAVE, text="Save", is_quiet=is_draft), SHOW, other[State(work.state), is_draft]


def _order_page(request: Request, work: Work, chapters: Sequence[Chapter], problem: str) -> HttpResponse:
    page = ChaptersPage(
        title=f"Chapters of {work.title}",
        work=Name(text=work.title, url=links.of(work)),
        beside=ways_to_write(work),
        lines=tuple(map(_line, chapters)),
        problem=problem,
    )
    return show(request, page)


def _line(chapter: Chapter) -> ChapterLine:
    return ChapterLine(
        id=chapter.pk,
        name=Name(text=str(chapter), url=links.of(chapter)),
        position=chapter.position,
        words=chapter.words,
        is_draft=chapter.state == State.DRAFT,
        edit=links.chapter_act(chapter, "edit"),
        split=links.chapter_act(chapter, "split"),
        delete=links.chapter_act(chapter, "delete"),
        later=links.schedule(chapter.work, chapter) if chapter.state == State.DRAFT else "",
    )


def _reordered(request: Request, work: Work, chapters: Sequence[Chapter]) -> HttpResponse:
    try:
        writing.reorder(request.viewer, work, _wanted(request, chapters))
    except Unfinished as refused:
        return _order_page(request, work, chapters, str(refused))
    messages.success(request, "The chapters stand in the order that you said.")
    return HttpResponseRedirect(links.chapters(work))


def _wanted(request: Request, chapters: Sequence[Chapter]) -> list[int]:
    """The chapters in the order of the numbers beside them, and then with one of them moved by its button.

    One that moves to where another stands comes before it when it moved forward, and else behind it.
    """
    places = {each.pk: _number(request.POST.get(f"place-{each.pk}", ""), each.position) for each in chapters}
    order = sorted(chapters, key=lambda each: (places[each.pk], _side(places[each.pk], each.position), each.position))
    numbers = [each.pk for each in order]
    moved, _, way = request.POST.get("move", "").partition(":")
    known = {str(each): each for each in numbers}
    if moved in known and way in _WAYS:
        here = numbers.index(known[moved])
        there = min(max(here + _WAYS[way], 0), len(numbers) - 1)
        numbers.insert(there, numbers.pop(here))
    return numbers


def _side(wanted: int, was: int) -> int:
    return (wanted > was) - (wanted < was)


def _number(text: str, otherwise: int) -> int:
    text = text.strip()
    fits = text.isascii() and text.isdecimal() and len(text) <= written.LONGEST_DIGITS
    return int(text) if fits else otherwise
