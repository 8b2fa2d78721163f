"""The versions of a work: each saving, what it changed, and the way back to it. For others they are not there."""

# ruff: noqa: RUF009 - told() is dataclasses.field with a help text

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from django.contrib import messages
from django.http import HttpResponseRedirect

from undying.library import writing
from undying.library.packing import manuscript_of
from undying.library.pairing import paired
from undying.library.writing import Unfinished
from undying.manuscript import TagKind
from undying.manuscript.differing import differences
from undying.manuscript.measure import plain_text
from undying.manuscript.wishes import FOR_MACHINES, FOR_PEOPLE
from undying.web import canon, links, sheets, wording
from undying.web.cards import Name
from undying.web.page import Page, show, told
from undying.web.paging import Paging, paging
from undying.web.works import ways_to_write
from undying.web.writing import writers_only
from undying.web.writing_forms import LABELS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import datetime

    from django.http import HttpResponse

    from undying.library.models import Revision, Work
    from undying.manuscript import Chapter, Manuscript, Placement
    from undying.manuscript.differing import Piece
    from undying.web.request import Request


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionLine:
    """A saving: what was done, when, by whom (empty where nobody knows), and where it is looked at."""

    number: int
    saved: datetime
    what: str
    by: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Changed:
    """A field or chapter that a version changed, as pieces of both texts in order."""

    label: str
    pieces: tuple[Piece, ...]


@dataclass(frozen=True, kw_only=True)
class RevisionsPage(Page):
    """All versions of a work, the latest first."""

    template: ClassVar[str] = "writing/revisions.html"
    kind: ClassVar[str] = "works-revisions"

    work: Name = told("The work")
    beside: tuple[Name, ...] = told("What else can be done with the work")
    lines: tuple[VersionLine, ...] = told("This page of versions")
    paging: Paging = told("Where in the list this page stands")


@dataclass(frozen=True, kw_only=True)
class RevisionPage(Page):
    """What one version changed."""

    template: ClassVar[str] = "writing/revision.html"
    kind: ClassVar[str] = "works-revision"

    work: Name = told("The work")
    line: VersionLine = told("The version")
    is_first: bool = told("Whether there is none before it: then there is nothing to compare it with")
    is_last: bool = told("Whether it is what is there now")
    changes: tuple[Changed, ...] = told("What it changed since the version before")
    previous: str = told("The version before, or empty")
    next: str = told("The version after, or empty")
    problem: str = told("Why it was not restored; empty when nothing is wrong")
    all: str = told("Where all versions are")


@writers_only
def show_all(request: Request, work_id: int) -> HttpResponse:
    """The versions of a work."""
    work = writing.work_to_write(request.viewer, work_id)
    rows = work.revisions.order_by("-number").select_related("by").defer("manuscript")
    place, names = paging(request, rows.count()), _names_on(work)
    page = RevisionsPage(
        title=f"Versions of {work.title}",
        work=Name(text=work.title, url=links.of(work)),
        beside=ways_to_write(work),
        lines=tuple(_line(work, each, names) for each in rows[place.start : place.stop]),
        paging=place,
    )
    return show(request, page)


@writers_only
def show_one(request: Request, work_id: int, number: int) -> HttpResponse:
    """What a version changed; on POST the work is as it was then."""
    work = writing.work_to_write(request.viewer, work_id)
    revision = writing.revision_for(request.viewer, work, number)
    problem = ""
    if request.method == "POST":
        try:
            writing.restore(request.viewer, work, revision)
        except Unfinished as refused:
            problem = str(refused)
        else:
            messages.success(request, f"The work is as it was in version {revision.number}.")
            return HttpResponseRedirect(links.of(work))
    return show(request, _page(work, revision, problem))


def _page(work: Work, revision: Revision, problem: str) -> RevisionPage:
    before = work.revisions.filter(number__lt=revision.number).order_by("-number").first()
    after = work.revisions.filter(number__gt=revision.number).order_by("number").defer("manuscript").first()
    changes = tuple(_changes(manuscript_of(before), manuscript_of(revision))) if before else ()
    return RevisionPage(
        title=f"Version {revision.number} of {work.title}",
        work=Name(text=work.title, url=links.of(work)),
        line=_line(work, revision, _names_on(work)),
        is_first=before is None,
        is_last=after is None,
        changes=changes,
        previous=links.revision(work, before.number) if before else "",
        next=links.revision(work, after.number) if after else "",
        problem=problem,
        all=links.revisions(work),
    )


def _names_on(work: Work) -> dict[int | None, str]:
    """By what names its creators go here: those who write with her need not know their accounts."""
    rows = work.creatorships.filter(chapter=None).order_by("-position").values_list("pseud__user", "pseud__name")
    return dict(rows)


def _line(work: Work, revision: Revision, names: Mapping[int | None, str]) -> VersionLine:
    return VersionLine(
        number=revision.number,
        saved=revision.saved,
        what=revision.what,
        by=names.get(revision.by_id, "") if revision.by_id else "",
        url=links.revision(work, revision.number),
    )


def _changes(before: Manuscript, after: Manuscript) -> Iterator[Changed]:
    then, now_ = _said(before), _said(after)
    for name, text in now_.items():
        yield from _changed(LABELS[name], then[name], text)
    left = list(before.chapters)
    for number, (chapter, old) in enumerate(paired(after.chapters, before.chapters), start=1):
        if old is not None:
            left.remove(old)
        yield from _changed(f"Chapter {number}", _text(old) if old else "", _text(chapter))
    for chapter in left:
        yield from _changed(f"A chapter that is gone: {chapter.title or 'without a title'}", _text(chapter), "")


def _changed(label: str, before: str, after: str) -> Iterator[Changed]:
    if before != after:
        yield Changed(label=label, pieces=sheets.short(differences(before, after)))


def _said(story: Manuscript) -> dict[str, str]:
    return {
        **{kind.value: ", ".join(story.tags(kind)) for kind in TagKind},
        "title": story.title,
        "summary": plain_text(story.summary),
        "notes_before": plain_text(story.notes_before),
        "notes_after": plain_text(story.notes_after),
        "gifts": ", ".join(story.gifts),
        "series": ", ".join(each.title for each in story.series),
        "planned": str(story.planned_chapters or ""),
        "language": wording.language(story.language),
        "status": wording.status(story.status),
        "audience": story.audience.value,
        "place_relation": _places(story.placements),
        **{name: wording.leave(getattr(story.wishes, name)) for name in (*FOR_MACHINES, *FOR_PEOPLE)},
        "words": story.wishes.words,
    }


def _places(placements: Iterable[Placement]) -> str:
    return "\n".join(filter(None, (canon.plain(canon.in_words(each, fandom=True)) for each in placements)))


def _text(chapter: Chapter) -> str:
    parts = (chapter.summary, chapter.notes_before, chapter.body, chapter.notes_after)
    texts = (chapter.title, _places(chapter.placements), *map(plain_text, parts))
    return "\n".join(filter(None, texts))
