"""Saving while somebody writes: what a form sends by itself; and two texts side by side where windows disagree."""

# ruff: noqa: RUF009 - told() is dataclasses.field with a help text

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from django.contrib import messages
from django.http import HttpResponseRedirect, JsonResponse

from undying.kernel.errors import NotVisible
from undying.kernel.ids import new_id
from undying.library import access, authorship, drafting, writing
from undying.library.drafting import Target, TooManyDrafts
from undying.library.models import DraftKind
from undying.web import links, own, sheets, written
from undying.web.desk import by_form_only
from undying.web.devices import device
from undying.web.page import Page, show, told
from undying.web.writing import writers_only

if TYPE_CHECKING:
    from django.http import HttpResponse

    from undying.library.models import Draft
    from undying.people.viewer import Viewer
    from undying.web.request import Request
    from undying.web.sheets import Difference, UnsavedLine

_OF_WORK = (DraftKind.WORK, DraftKind.NEW_CHAPTER, DraftKind.CHAPTER)


@dataclass(frozen=True, kw_only=True)
class TwoTextsPage(Page):
    """An unsaved text beside the one that it disagrees with: another unsaved one, or what is saved."""

    template: ClassVar[str] = "writing/two_texts.html"
    kind: ClassVar[str] = "drafts-show"

    mine: UnsavedLine = told("The unsaved text")
    other: UnsavedLine | None = told("Another unsaved text of the same; None when it stands beside what is saved")
    saved: str = told("The form on what is saved")
    is_new: bool = told("Whether nothing of it is saved yet")
    differences: tuple[Difference, ...] = told("The fields in which they differ: the other's, then this one's")
    back: str = told("Where all drafts are")


@by_form_only
@writers_only
def keep_typed(request: Request) -> HttpResponse:
    """Keep what is typed into an open form, and say whether another window has something else."""
    viewer = request.viewer
    target, sheet = _target(request), sheets.sent(request.POST)
    fields = {name: list(values) for name, values in written.sent(request.POST).items()}
    try:
        row = drafting.keep(viewer, target, sheet, fields, device(request.headers.get("User-Agent", "")))
    except TooManyDrafts as refused:
        return JsonResponse({"refused": str(refused)})
    if row is None:
        return JsonResponse({"gone": True, "token": str(new_id())})
    is_behind = bool(sheet.base) and sheet.base != sheets.mark(sheets.values_of(target))
    return JsonResponse(_kept(viewer, row, drafting.meanwhile(viewer, target, row, sheet), is_behind=is_behind))


def _kept(viewer: Viewer, row: Draft, others: list[Draft], *, is_behind: bool) -> dict[str, Any]:
    return {
        "token": str(row.pk),
        "version": row.version,
        "saved": row.saved.isoformat(),
        "device": row.device,
        "others": [{"saved": each.saved.isoformat(), "device": each.device} for each in others],
        "behind": is_behind,
        "look": links.draft(viewer.name, row.pk),
    }


def _target(request: Request) -> Target:
    """The form that is meant, if it is hers. Raises NotVisible."""
    viewer, asked = request.viewer, request.GET
    if asked.get("kind") not in set(DraftKind):
        raise NotVisible("page", request.path)
    kind = DraftKind(asked["kind"])
    if kind is DraftKind.NEW_WORK:
        return Target(kind=kind)
    number = sheets.number(asked.get("work", ""))
    if kind is not DraftKind.CHAPTER:
        return Target(kind=kind, work=writing.work_to_write(viewer, number))
    work = access.work_for(viewer, number)
    chapter = authorship.chapter_to_write(viewer, work, sheets.number(asked.get("chapter", "")))
    return Target(kind=kind, work=work, chapter=chapter)


@own.only_hers
def show_draft(request: Request, number: int) -> HttpResponse:
    """An unsaved text beside what it disagrees with; on POST it is thrown away."""
    viewer = request.viewer
    draft = drafting.draft_for(viewer, number)
    if request.method == "POST":
        drafting.drop(viewer, draft.pk)
        messages.success(request, "The unsaved text is thrown away.")
        return HttpResponseRedirect(own.ours(request, request.POST.get("next", "")) or links.drafts(viewer.name))
    target = Target(kind=DraftKind(draft.kind), work=draft.work, chapter=draft.chapter)
    other = draft.conflicts_with or drafting.unsaved(viewer, target, but=draft.pk).first()
    is_new = target.kind in drafting.NEW
    if is_new and draft.conflicts_with is None:
        other = None
    is_hers = draft.work is None or writing.may_write(viewer, draft.work)
    is_hers = is_hers or (draft.chapter is not None and authorship.may_write_chapter(viewer, draft.chapter))
    saved = sheets.values_of(target) if is_hers else {}
    beside = sheets.values_in(other) if other else saved
    page = TwoTextsPage(
        title="An unsaved text",
        mine=sheets.lines(viewer, [draft])[0],
        other=sheets.lines(viewer, [other])[0] if other else None,
        saved=sheets.form_of(target.kind, draft.work, draft.chapter),
        is_new=is_new,
        differences=sheets.apart(beside or dict.fromkeys(written.FIELDS, ("",)), sheets.values_in(draft)),
        back=links.drafts(viewer.name),
    )
    return show(request, page)
