"""Writing: the form of a work, new or known, and a member's drafts. For everybody else these pages are not there."""

# ruff: noqa: RUF009 - told() is dataclasses.field with a help text

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial, wraps
from typing import TYPE_CHECKING, Any, ClassVar

from django.contrib import messages
from django.http import HttpResponseRedirect

from undying.kernel.errors import NotVisible
from undying.library import drafting, giving, handing_in, writing
from undying.library.drafting import Target
from undying.library.models import DraftKind
from undying.library.writing import Unfinished
from undying.manuscript import State
from undying.web import going_up, links, naming, own, sheets, wording, writing_forms
from undying.web.cards import Name, WorkCard
from undying.web.fields import Act, Group, summary
from undying.web.page import Page, show, told
from undying.web.paging import Paging, paging
from undying.web.preview import SHOW, show_preview
from undying.web.sheets import EDIT, PREVIEW
from undying.web.works import ways_to_write

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from django.http import HttpResponse

    from undying.library.drafting import Sheet
    from undying.library.models import Chapter, HandedIn, Work
    from undying.web.request import Request
    from undying.web.sheets import Difference, UnsavedLine
    from undying.web.written import Said, Written

POST, DRAFT, SAVE, TAKE_BACK = "post", "draft", "save", "take-back"
_DONE = {State.POSTED: "It is posted.", State.DRAFT: "Saved as a draft: only its creators see it."}
STATES = {POST: State.POSTED, DRAFT: State.DRAFT, TAKE_BACK: State.DRAFT}
HANDED_IN = (
    "It is handed in: the archivist looks at the first work of a new author before it is posted. Until then only its "
    "creators see it; “Save the draft” takes it back."
)
_NEW = Target(kind=DraftKind.NEW_WORK)
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
    hidden: tuple[tuple[str, str], ...] = told("What the form carries beside what is typed")
    autosave: str = told("Where the form saves itself while somebody types")
    autosave_key: str = told("The name under which this browser keeps it when the archive cannot be reached")
    token_source: str = told("Where a script gets a new token against forged forms")
    unsaved: tuple[UnsavedLine, ...] = told("What was typed into this form before and is not saved")
    apart: tuple[Difference, ...] = told("Where the text differs from what another window has saved meanwhile")


@dataclass(frozen=True, slots=True, kw_only=True)
class HandedInLine:
    """A work that waits for the archivist since a day, or that she has sent back with a reason."""

    work: Name
    since: datetime
    reason: str


@dataclass(frozen=True, kw_only=True)
class DraftsPage(Page):
    """A member's works that nobody else sees yet."""

    template: ClassVar[str] = "writing/drafts.html"
    kind: ClassVar[str] = "works-drafts"

    works: tuple[WorkCard, ...] = told("This page of her drafts, the latest first")
    paging: Paging = told("Where in the list this page stands")
    unsaved: tuple[UnsavedLine, ...] = told("What she has typed into forms and not saved")
    scheduled: tuple[Name, ...] = told("What goes up by itself, and what should have: each with when, or why not")
    deleted: tuple[Name, ...] = told("Works that she has deleted, each with the way back and the day it goes for good")
    handed_in: tuple[HandedInLine, ...] = told("Works that wait for the archivist, or that she has sent back")
    here: str = told("The page's own address")
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
        given, sheet = sheets.opened(request.viewer, request.GET, _NEW, _blank(request))
        return _new_form(request, given, {}, sheet)
    viewer, said, token = request.viewer, naming.said_in(request), sheets.sent(request.POST).token
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
    tell(request, said, _done(work, state))
    return HttpResponseRedirect(links.of(work))


@writers_only
def show_edit(request: Request, work_id: int) -> HttpResponse:
    """The form of a work that is hers; on POST it is saved, and posted or taken back."""
    viewer = request.viewer
    work = writing.work_to_write(viewer, work_id)
    target = Target(kind=DraftKind.WORK, work=work)
    values = sheets.values_of(target)
    if request.method != "POST":
        given, sheet = sheets.opened(viewer, request.GET, target, values)
        return _edit_form(request, work, given, {}, sheet=sheet)
    said, sheet = naming.said_in(request), sheets.sent(request.POST)
    if sheets.is_behind(sheet, values, request.POST.get("act", "")):
        return _edited_meanwhile(request, work, said, values)
    try:
        return _edited(request, said, work)
    except Unfinished as refused:
        return _edit_form(request, work, said.typed, refused.troubles)


def _edited_meanwhile(request: Request, work: Work, said: Said, values: Written) -> HttpResponse:
    """Both texts, of which none is lost: she chooses. Of a second click, what the first has done."""
    if _says_the_same(said, work):
        return HttpResponseRedirect(links.of(work))
    sheet = replace(sheets.sent(request.POST), base=sheets.mark(values))
    apart = sheets.apart(values, said.typed)
    return _edit_form(request, work, said.typed, {}, sheets.MEANWHILE, sheet=sheet, apart=apart)


def _edited(request: Request, said: Said, work: Work) -> HttpResponse:
    """What became of the form. Raises Unfinished."""
    only, had = writing.only_chapter(work), writing.fields_of(work)
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
    tell(request, said, "Saved." if state is was else _done(work, state))
    return HttpResponseRedirect(links.of(work))


def _done(work: Work, wanted: State) -> str:
    """What became of a work that she wanted posted, or as a draft."""
    return HANDED_IN if wanted is State.POSTED and work.state != State.POSTED else _DONE[wanted]


def _acts(work: Work) -> tuple[Act, ...]:
    return _DRAFT_ACTS if work.state == State.DRAFT else _POSTED_ACTS


@own.only_hers
def show_drafts(request: Request) -> HttpResponse:
    """The works that nobody but their creators sees."""
    viewer = request.viewer
    drafts = writing.drafts_of(viewer)
    place = paging(request, drafts.count())
    works = own.cards_for(viewer, drafts.newest().with_card()[place.start : place.stop])
    unsaved = sheets.lines(viewer, drafting.all_of(viewer)) if place.number == 1 else ()
    here = links.drafts(viewer.name)
    deleted = (
        Name(text=each.title, url=links.delete_work(each), note=wording.day(each.deletion.at + writing.GRACE))
        for each in writing.deleted_of(viewer)
    )
    page = DraftsPage(
        title="Your drafts",
        works=works,
        paging=place,
        unsaved=unsaved,
        scheduled=going_up.lines(viewer) if place.number == 1 else (),
        deleted=tuple(deleted) if place.number == 1 else (),
        here=here,
        new=links.NEW_WORK,
        handed_in=tuple(_handed_in(each) for each in handing_in.of(viewer)) if place.number == 1 else (),
    )
    return show(request, page)


def _handed_in(row: HandedIn) -> HandedInLine:
    return HandedInLine(work=Name(text=row.work.title, url=links.edit(row.work)), since=row.since, reason=row.reason)


def refuse_unread(said: Said, troubles: Mapping[str, str]) -> None:
    """Nothing is saved of a form with something in it that cannot be read. Raises Unfinished with all troubles."""
    if said.troubles:
        raise Unfinished({**troubles, **said.troubles})


def tell(request: Request, said: Said, sentence: str) -> None:
    """That it is done, and what the cleaner left out of the texts. What was kept while she typed is needed no more."""
    drafting.drop(request.viewer, sheets.sent(request.POST).token)
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
    work = writing.work_to_write(request.viewer, work.pk)
    sheet = sheets.fresh(sheets.values_of(Target(kind=DraftKind.WORK, work=work)))
    return _edit_form(request, work, said.typed, {}, SENT_ALREADY, sheet=sheet)


def _says_the_same(said: Said, work: Work) -> bool:
    had, chapter = writing.fields_of(work), work.chapters.in_order()[0]
    now_ = said.work(had)
    now_ = replace(now_, title=now_.title or writing.UNTITLED, pseuds=had.pseuds)
    text = said.text()
    return now_ == had and (text.body, text.title) == (chapter.body, chapter.title)


def _blank(request: Request) -> Written:
    assert request.user.is_authenticated
    return writing_forms.blank(request.user)


def _new_form(
    request: Request, given: Written, problems: Mapping[str, str], sheet: Sheet | None = None
) -> HttpResponse:
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
        apart=(),
        **around(request, _NEW, sheet, _blank(request)),
    )
    return show(request, page)


def _edit_form(
    request: Request,
    work: Work,
    given: Written,
    problems: Mapping[str, str],
    notice: str = "",
    *,
    sheet: Sheet | None = None,
    apart: tuple[Difference, ...] = (),
) -> HttpResponse:
    target = Target(kind=DraftKind.WORK, work=work)
    groups = writing_forms.work_groups(request.viewer, given, problems, with_text="body" in given)
    page = WritePage(
        title=f"Edit {work.title}",
        heading="Edit",
        work=Name(text=work.title, url=links.of(work)),
        beside=ways_to_write(work),
        notice=notice or _not_taken(work),
        groups=groups,
        problems=summary(groups, problems),
        acts=_acts(work),
        action=links.edit(work),
        apart=apart,
        **around(request, target, sheet, given),
    )
    return show(request, page)


def _not_taken(work: Work) -> str:
    """Of gifts that were refused its creators alone learn, and here."""
    names = giving.refused_by(work)
    return f"Not taken as a gift by {', '.join(names)}." if names else ""


def around(request: Request, target: Target, sheet: Sheet | None, values: Written) -> dict[str, Any]:
    """What stands around the fields of a form: that of the form that came, where `sheet` says nothing else."""
    viewer = request.viewer
    is_first = request.method != "POST" and "draft" not in request.GET
    return {
        "hidden": sheets.hidden(sheet or sheets.sent(request.POST)),
        "autosave": sheets.autosave(target),
        "autosave_key": f"{viewer.name}:{sheets.form_of(target.kind, target.work, target.chapter)}",
        "token_source": links.DISPENSER,
        "unsaved": sheets.unsaved(viewer, target, values) if is_first else (),
    }
