"""The archivist's desk for stories that stand here more than once: pairs side by side, and what to make of each."""
# ruff: noqa: RUF009 - told() is dataclasses.field with a help text

from __future__ import annotations

import difflib
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from django.contrib import messages
from django.http import HttpResponseRedirect

from undying.exchange import duplicates, tasks
from undying.exchange.pairs import Decision, Duplicate, Kind
from undying.exchange.sameness import told as whole_of
from undying.kernel.errors import NotVisible, Refused
from undying.kernel.tasks import is_due, later
from undying.library.models import Chapter, Work
from undying.manuscript import TagKind
from undying.manuscript.measure import plain_text
from undying.web import links, wording
from undying.web.cards import Name
from undying.web.desk import Desk, archivists_only
from undying.web.page import Page, show, told
from undying.web.paging import Paging, paging

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.http import HttpResponse

    from undying.exchange.models import Batch
    from undying.manuscript import Manuscript
    from undying.web.request import Request

ROWS = 50
MOST_PASSAGES = 60
LONGEST_COMPARED = 2000
"""Paragraphs. Beyond that only the figures are compared: the comparison grows with the product of both."""
_KINDS = {Kind.SAME: "The same text", Kind.NEAR: "Nearly the same text", Kind.PART: "One is nearly all in the other"}
_DECISIONS = {
    Decision.OPEN: "Waits for you",
    Decision.KEPT: "Both kept",
    Decision.LINKED: "Linked as versions",
    Decision.MERGED: "Merged",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class PairLine:
    """A pair in the list: the names of both, how alike they are in words and figures, and what was decided."""

    url: str
    one: Name
    other: Name
    kind: str
    likeness: int
    overlap: int
    decision: str
    decided_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One fact of both works. `differs` where it is not the same."""

    label: str
    one: str
    other: str

    @property
    def differs(self) -> bool:
        """Whether the two are not the same."""
        return self.one != self.other


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """Paragraphs that differ: what stands in the one and in the other; either may be empty."""

    one: tuple[str, ...]
    other: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class DuplicatesPage(Page):
    """The pairs of works that may be one story."""

    template: ClassVar[str] = "imports/duplicates.html"
    kind: ClassVar[str] = "duplicates-index"

    pairs: tuple[PairLine, ...] = told("This page of the pairs")
    shows_all: bool = told("Whether pairs that are decided are listed too")
    waiting: int = told("How many pairs wait for a decision")
    is_looking: bool = told("Whether the worker is comparing works, or is about to")
    paging: Paging = told("Where in the list this page stands")


@dataclass(frozen=True, kw_only=True)
class PairPage(Page):
    """Two works side by side, and what can be made of them."""

    template: ClassVar[str] = "imports/pair.html"
    kind: ClassVar[str] = "duplicates-show"

    pair: PairLine = told("The pair as the list shows it")
    one: int = told("The number of the first work")
    other: int = told("The number of the second work")
    facts: tuple[Fact, ...] = told("What is known of both, fact by fact")
    passages: tuple[Passage, ...] = told("Where their texts differ, the first of them")
    more: int = told("How many more passages differ")
    is_too_long: bool = told("Whether the texts are too long to be shown side by side")
    is_open: bool = told("Whether the pair waits for a decision")
    is_merged: bool = told("Whether it was merged, and can be taken apart again")
    next_url: str = told("The next pair that waits; empty when none does")


def desk(batch: Batch) -> Desk | None:
    """The line on the page of a batch."""
    waiting = duplicates.open_pairs(batch).count()
    note = (
        f"{wording.counted(waiting, 'pair waits', 'pairs wait')} for you"
        if waiting
        else "look for stories that stand here twice"
    )
    return Desk(name="Duplicates", note=note, url=links.DUPLICATES)


@archivists_only
def show_duplicates(request: Request) -> HttpResponse:
    """The list; on POST, have the worker look for pairs."""
    if request.method == "POST":
        if not is_due(tasks.look_for_duplicates):
            later(tasks.look_for_duplicates)
        messages.success(request, "The works are being compared. Reload this page in a while to see what was found.")
        return HttpResponseRedirect(links.DUPLICATES)
    shows_all = request.GET.get("show") == "all"
    rows = Duplicate.objects.all() if shows_all else duplicates.open_pairs()
    place = paging(request, rows.count(), ROWS)
    shown = list(rows[place.start : place.stop])
    works = _works(shown)
    page = DuplicatesPage(
        title="Duplicates",
        pairs=tuple(_line(each, works) for each in shown),
        shows_all=shows_all,
        waiting=duplicates.open_pairs().count(),
        is_looking=is_due(tasks.look_for_duplicates),
        paging=place,
    )
    return show(request, page)


@archivists_only
def show_pair(request: Request, number: int) -> HttpResponse:
    """One pair; on POST, what the archivist says is done."""
    pair = Duplicate.objects.filter(pk=number).first()
    if pair is None:
        raise NotVisible("page", number)
    if request.method == "POST":
        return _decide(request, pair)
    return show(request, _pair_page(pair))


def _decide(request: Request, pair: Duplicate) -> HttpResponse:
    act, by = request.POST.get("act", ""), request.viewer.name
    try:
        if act in {"merge-one", "merge-other"}:
            duplicates.merge(pair, keep=pair.one if act == "merge-one" else pair.other, by=by)
        elif act == "keep":
            duplicates.keep_both(pair, by=by)
        elif act == "link":
            duplicates.link(pair, by=by)
        elif act == "take-back":
            duplicates.take_back(pair)
        elif act == "reopen":
            duplicates.reopen(pair)
    except Refused as refused:
        messages.error(request, str(refused))
    is_here = Duplicate.objects.filter(pk=pair.pk).exists()  # a merge that stands for good is no pair any more
    return HttpResponseRedirect(links.duplicate(pair.pk) if is_here else links.DUPLICATES)


def _works(pairs: Sequence[Duplicate]) -> dict[int, Work]:
    numbers = {number for each in pairs for number in (each.one, each.other)}
    return {work.pk: work for work in Work.objects.filter(pk__in=numbers).with_card()}


def _line(pair: Duplicate, works: dict[int, Work]) -> PairLine:
    return PairLine(
        url=links.duplicate(pair.pk),
        one=_name(pair.one, works),
        other=_name(pair.other, works),
        kind=_KINDS[Kind(pair.kind)],
        likeness=pair.likeness,
        overlap=pair.overlap,
        decision=_DECISIONS[Decision(pair.decision)],
        decided_by=pair.decided_by,
    )


def _name(number: int, works: dict[int, Work]) -> Name:
    work = works.get(number)
    if work is None:
        return Name(text=f"Work {number}, which is gone")
    return Name(text=work.title or "Untitled", url=links.of(work), note=", ".join(map(str, work.byline)))


def _pair_page(pair: Duplicate) -> PairPage:
    works = _works([pair])
    both = [works[number] for number in (pair.one, pair.other) if number in works]
    following = duplicates.open_pairs().exclude(pk=pair.pk).first()
    passages, more, is_too_long = _compared(both)
    return PairPage(
        title="Two works that may be one",
        pair=_line(pair, works),
        one=pair.one,
        other=pair.other,
        facts=tuple(_facts(*map(whole_of, both))) if len(both) == 2 else (),  # noqa: PLR2004 - a pair
        passages=passages,
        more=more,
        is_too_long=is_too_long,
        is_open=pair.decision == Decision.OPEN and len(both) == 2,  # noqa: PLR2004 - a pair
        is_merged=pair.decision == Decision.MERGED,
        next_url=links.duplicate(following.pk) if following else "",
    )


def _facts(one: Manuscript, other: Manuscript) -> list[Fact]:
    told_of = [_told(one), _told(other)]
    return [Fact(label=label, one=told_of[0][label], other=told_of[1][label]) for label in told_of[0]]


def _told(story: Manuscript) -> dict[str, str]:
    return {
        "Title": story.title,
        "By": ", ".join(each.name for each in story.credits),
        "Source": " ".join(filter(None, (story.source.site, story.source.key))) or "a file without a source",
        "State": story.state.value,
        "Published": story.published.date().isoformat() if story.published else "",
        "Updated": story.updated.date().isoformat() if story.updated else "",
        "Status": wording.status(story.status),
        "Chapters": str(len(story.chapters)),
        "Summary": plain_text(story.summary),
        **{kind.value.capitalize(): ", ".join(story.tags(kind)) for kind in TagKind},
        "Series": ", ".join(each.title for each in story.series),
        "Reviews": str(len(story.reviews)),
    }


def _compared(both: Sequence[Work]) -> tuple[tuple[Passage, ...], int, bool]:
    """The passages that differ, how many more there are, and whether it is too much to compare."""
    texts = [_paragraphs(work) for work in both]
    if any(len(text) > LONGEST_COMPARED for text in texts):
        return (), 0, True
    if len(texts) < 2:  # noqa: PLR2004 - a pair
        return (), 0, False
    codes = difflib.SequenceMatcher(None, texts[0], texts[1], autojunk=False).get_opcodes()
    found = [
        Passage(one=tuple(texts[0][a:b]), other=tuple(texts[1][c:d])) for tag, a, b, c, d in codes if tag != "equal"
    ]
    return tuple(found[:MOST_PASSAGES]), max(0, len(found) - MOST_PASSAGES), False


def _paragraphs(work: Work) -> list[str]:
    bodies = Chapter.objects.filter(work=work).in_order().values_list("body", flat=True)
    return [line for body in bodies for line in plain_text(body).split("\n")]
