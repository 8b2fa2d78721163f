"""Writing: the form of a work, new or known, and a member's drafts. For everybody else these pages are not there."""

# ruff: noqa: RUF009 - told() is dataclasses.field with a help text

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial, wraps
from typing import TYPE_CHECKING, ClassVar

from django.contrib import messages
from django.http import HttpResponseRedirect

from undying.kernel.errors import NotVisible
from undying.kernel.ids import new_id
from undying.library import writing
from undying.library.access import BIGGEST_ID
from undying.library.writing import Unfinished
from undying.manuscript import State
from undying.web import links, own, writing_forms, written
from undying.web.cards import Name, WorkCard
from undying.web.fields import Act, Group, summary
from undying.web.page import Page, show, told
from undying.web.paging import Paging, paging
from undying.web.preview import EDIT, PREVIEW, SHOW, show_preview
from undying.web.works import ways_to_write
from undying.web.written import Said

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from django.http import HttpResponse

    from undying.library.models import Chapter, Work
    from undying.library.writing import WorkFields
    from undying.web.request import Request
    from undying.web.written import Written

POST, DRAFT, SAVE, TAKE_BACK = "post", "draft", "save", "take-back"
_DONE = {State.POSTED: "It is posted.", State.DRAFT: "Saved as a draft: only its creators see it."}
STATES = {POST: State.POSTED, DRAFT: State.DRAFT, TAKE_BACK: State.DRAFT}
SENT_ALREADY = (
    "This form was sent before, and the work is here: what you have typed since then stands below, not saved yet."
)


_SAVE_DRAFT = Act(value=DRAFT, text="Save as a draft", is_quiet=True)
_POST = Act(value=POST, text="Post")
_NEW_ACTS = (_SAVE_DRAFT, SHOW, _POST)
_DRAFT_ACTS = (Act(value=SAVE, text="Save the draft", is_quiet=True), SHOW, _POST)
_POSTED_ACTS = (
    Act(value=SAVE, text="Save"),
    SHOW,
    Act(value=TAKE_BACK, text="Save, and take back to a draft", is_quiet=True),
)


@dataclass(frozen=True, kw_only=True)
class WritePage(Page):
    """A form of writing: a work's, or a chapter's."""

    template: ClassVar[str] = "writing/form.html"
    kind: ClassVar[str] = "writing"

    heading: str = told("What is written here")
    work: Name | None = told("The work that it belongs to; None for a new one")
    beside: tuple[Name, ...] = told("Where else in the work something can be done")
    notice: str = told("What she should know before she goes on; may be empty")
    groups: tuple[Group, ...] = told("The fields, as typed, with what is wrong beside each")
    problems: tuple[tuple[str, str], ...] = told("All that is wrong: where it stands on the page, and the sentence")
    acts: tuple[Act, ...] = told("The buttons")
    action: str = told("Where the form is sent")
    token: str = told("By which the form is known when it is sent twice")


@dataclass(frozen=True, kw_only=True)
class DraftsPage(Page):
    """A member's works that nobody else sees yet."""

    template: ClassVar[str] = "writing/drafts.html"
    kind: ClassVar[str] = "works-drafts"

    works: tuple[WorkCard, ...] = told("This page of her drafts, the latest first")
    paging: Paging = told("Where in the list this page stands")
    new: str = told("Where she begins another")


def writers_only(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A page for members, which is not there for guests; what a guest had typed she gets back (`undying.web.kept`)."""

    @wraps(view)
    def guarded(request: Request, *args: object, **kwargs: object) -> HttpResponse:
        if request.viewer.user_id is None:
            raise NotVisible("page", request.path)
        return view(request, *args, **kwargs)

    return guarded


@writers_only
def show_new(request: Request) -> HttpResponse:
    """The form of a new work; on POST it is saved or posted."""
    if request.method != "POST":
        return _new_form(request, writing_forms.BLANK, {})
    viewer, said, token = request.viewer, Said(written.sent(request.POST)), token_of(request)
    if done := writing.sent_before(viewer, token):
        return _sent_already(request, said, done.work)
    act = request.POST.get("act", "")
    if act == EDIT:
        return _new_form(request, said.typed, {})
    state = STATES.get(act, State.DRAFT)
    fields, text = said.work(), said.text()
    try:
        refuse_unread(said, writing.troubles(fields, text, is_posted=state is State.POSTED))
        if act == PREVIEW:
            make = partial(writing.start, viewer, fields, text, state=state)
            return show_preview(request, make, links.NEW_WORK, _NEW_ACTS)
        work = writing.start(viewer, fields, text, state=state, token=token)
    except Unfinished as refused:
        return _new_form(request, said.typed, refused.troubles)
    tell(request, said, _DONE[state])
    return HttpResponseRedirect(links.of(work))


@writers_only
def show_edit(request: Request, work_id: int) -> HttpResponse:
    """The form of a work that is hers; on POST it is saved, and posted or taken back."""
    viewer = request.viewer
    work = writing.work_to_write(viewer, work_id)
    only = writing.only_chapter(work)
    had = writing.fields_of(work)
    if request.method != "POST":
        text_then = written.of_chapter(writing.text_of(only)) if only else {}
        return _edit_form(request, work, {**written.of_work(had), **text_then}, {})
    said = Said(written.sent(request.POST))
    try:
        return _edited(request, said, work, only, had)
    except Unfinished as refused:
        return _edit_form(request, work, said.typed, refused.troubles)


def _edited(request: Request, said: Said, work: Work, only: Chapter | None, had: WorkFields) -> HttpResponse:
    """What became of the form. Raises Unfinished."""
    act, was = request.POST.get("act", ""), State(work.state)
    if act == EDIT:
        return _edit_form(request, work, said.typed, {})
    state = STATES.get(act, was)
    fields = said.work(had)
    text = said.text(writing.text_of(only)) if only and "body" in said.typed else None
    _refuse_orphaned_text(said, only)
    refuse_unread(said, writing.troubles(fields, text, had=had, had_text=only, is_posted=state is State.POSTED))
    save = partial(writing.save_work, request.viewer, work, fields, text=text, state=state)
    if act == PREVIEW:
        return show_preview(request, save, links.edit(work), _acts(work), of=work)
    save()
    tell(request, said, "Saved." if state is was else _DONE[state])
    return HttpResponseRedirect(links.of(work))


def _acts(work: Work) -> tuple[Act, ...]:
    return _DRAFT_ACTS if work.state == State.DRAFT else _POSTED_ACTS


@own.only_hers
def show_drafts(request: Request) -> HttpResponse:
    """The works that nobody but their creators sees."""
    viewer = request.viewer
    drafts = writing.drafts_of(viewer)
    place = paging(request, drafts.count())
    works = own.cards_for(viewer, drafts.newest().with_card()[place.start : place.stop])
    return show(request, DraftsPage(title="Your drafts", works=works, paging=place, new=links.NEW_WORK))


def token_of(request: Request) -> int:
    """The form's own number; 0 for one that has none."""
    token = request.POST.get("token", "")
    fits = token.isascii() and token.isdecimal() and len(token) < len(str(BIGGEST_ID))
    return int(token) if fits else 0


def refuse_unread(said: Said, troubles: Mapping[str, str]) -> None:
    """Nothing is saved of a form with something in it that cannot be read. Raises Unfinished with all troubles."""
    if said.troubles:
        raise Unfinished({**troubles, **said.troubles})


def tell(request: Request, said: Said, sentence: str) -> None:
    """That it is done, and what the cleaner left out of the texts."""
    messages.success(request, sentence)
    if said.removed:
        told_ = f"Left out of what you typed, as no page here shows it: {', '.join(said.removed)}."
        messages.warning(request, told_)


def _refuse_orphaned_text(said: Said, only: Chapter | None) -> None:
    """The text of a form from when the work had one chapter. Raises Unfinished."""
    if only is None and "body" in said.typed:
        raise Unfinished(
            {"body": "The work has several chapters by now, each with a form of its own: copy the text there."}
        )


def _sent_already(request: Request, said: Said, work: Work) -> HttpResponse:
    """A second click leads where the first did; what was typed since then is shown as a change that is not saved."""
    if _says_the_same(said, work):
        return HttpResponseRedirect(links.of(work))
    return _edit_form(request, writing.work_to_write(request.viewer, work.pk), said.typed, {}, SENT_ALREADY)


def _says_the_same(said: Said, work: Work) -> bool:
    had, chapter = writing.fields_of(work), work.chapters.in_order()[0]
    now_ = said.work(had)
    now_ = replace(now_, title=now_.title or writing.UNTITLED, pseuds=had.pseuds, placements=had.placements)
    text = said.text()
    return now_ == had and (text.body, text.title) == (chapter.body, chapter.title)


def _new_form(request: Request, given: Written, problems: Mapping[str, str]) -> HttpResponse:
    groups = writing_forms.work_groups(request.viewer, given, problems, with_text=True)
    page = WritePage(
        title="Post a new work",
        heading="Post a new work",
        work=None,
        beside=(Name(text="Bring a file instead", url=links.UPLOAD),),
        notice="",
        groups=groups,
        problems=summary(groups, problems),
        acts=_NEW_ACTS,
        action=links.NEW_WORK,
        token=str(token_of(request) or new_id()),
    )
    return show(request, page)


def _edit_form(
    request: Request, work: Work, given: Written, problems: Mapping[str, str], notice: str = ""
) -> HttpResponse:
    groups = writing_forms.work_groups(request.viewer, given, problems, with_text="body" in given)
    page = WritePage(
        title=f"Edit {work.title}",
        heading="Edit",
        work=Name(text=work.title, url=links.of(work)),
        beside=ways_to_write(work),
        notice=notice,
        groups=groups,
        problems=summary(groups, problems),
        acts=_acts(work),
        action=links.edit(work),
        token="",
    )
    return show(request, page)
