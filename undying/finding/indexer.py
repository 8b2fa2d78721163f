"""Keeps the index in step: drains the ledger into the engine."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from django.db.models import Prefetch

from undying.finding import engine
from undying.finding.backends import IndexGone
from undying.finding.document import Document, fingerprint
from undying.kernel import ledger
from undying.kernel.models import Pending
from undying.library.actions import WORK
from undying.library.manuscripts import placement
from undying.library.models import Chapter, Placement, Work
from undying.library.models.works import Creatorship
from undying.manuscript import Audience, State, TagKind
from undying.manuscript.measure import plain_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

Row = TypeVar("Row", Placement, Creatorship)
CONSUMER = "search"
AT_A_TIME = 200
"""Works that are read and committed together: enough to spare commits, few enough for small memory."""


def drain_if_free() -> int:
    """Bring the index up to date unless another process is at it; how many works that took.

    An index that is gone is begun anew, with everything due.
    """
    with engine.writing() as is_ours:
        if not is_ours:
            return 0
        if engine.is_gone():
            _begin_anew()
        return _drain()


def rebuild() -> int:
    """Make the index anew, whatever state it is in; how many works are in it. Waits for nobody: 0 when one is at it."""
    with engine.writing() as is_ours:
        if not is_ours:
            return 0
        _begin_anew()
        return _drain()


def _begin_anew() -> None:
    engine.clear()
    everything = Work.objects.order_by("pk").values_list("pk", flat=True)
    ledger.mark(WORK, list(everything))


def _drain() -> int:
    done = 0
    while marks := ledger.due(CONSUMER, AT_A_TIME):
        wanted = [mark.object_id for mark in marks]
        documents = list(documents_of(wanted))
        engine.put(documents)
        engine.drop(set(wanted) - {document.work_id for document in documents})
        ledger.done(CONSUMER, marks)
        done += len(marks)
    return done


def documents_of(numbers: Sequence[int]) -> Iterator[Document]:
    """The documents of the works that are there. Six queries, whatever the number."""
    works = Work.objects.filter(pk__in=numbers).prefetch_related(
        Prefetch("creatorships", Creatorship.objects.select_related("pseud")),
        "worktags__tag",
        "placements",
    )
    posted: dict[int, list[Chapter]] = {}
    for chapter in Chapter.objects.filter(work__in=numbers, state=State.POSTED).in_order():
        posted.setdefault(chapter.work_id, []).append(chapter)
    for work in works:
        yield document_of(work, posted.get(work.pk, []))


def document_of(work: Work, posted: Iterable[Chapter]) -> Document:
    """A work with these chapters as the engine sees it. Needs its creators, tags and placements."""
    shown = list(posted)
    creators = list(work.creatorships.all())
    return Document(
        work_id=work.pk,
        title=work.title,
        creators=tuple(dict.fromkeys(each.pseud.name for each in _of_posted(creators, shown))),
        summary=plain_text(work.summary),
        text="\n".join(_chapter_text(chapter) for chapter in shown),
        tags=tuple((TagKind(each.tag.kind), each.tag_id, each.tag.name) for each in work.worktags.all()),
        language=work.language,
        status=work.status,
        words=work.words,
        revised=int(work.revised.timestamp()),
        published=int((work.published or work.arrived).timestamp()),
        placements=tuple(placement(each) for each in _of_posted(work.placements.all(), shown)),
        audience=Audience(work.audience),
        state=State(work.state),
        is_hidden=work.is_hidden,
        owners=tuple(sorted({each.pseud.user_id for each in creators if each.pseud.user_id is not None})),
    )


def _chapter_text(chapter: Chapter) -> str:
    return "\n".join(filter(None, (chapter.title, plain_text(chapter.body))))


def _of_posted(rows: Iterable[Row], shown: list[Chapter]) -> Iterator[Row]:
    """The place and the creators of a chapter that is still a draft are as secret as the chapter."""
    numbers = {chapter.pk for chapter in shown}
    return (each for each in rows if each.chapter_id is None or each.chapter_id in numbers)


def check() -> list[str]:
    """Where index and database differ, in sentences; what is waiting in the ledger does not count."""
    try:
        indexed = engine.fingerprints()
    except IndexGone:
        return ["There is no search index, or it cannot be read."]
    due = set(Pending.objects.filter(consumer=CONSUMER, kind=WORK).values_list("object_id", flat=True))
    numbers = list(Work.objects.order_by("pk").values_list("pk", flat=True))
    here: dict[int, str] = {}
    for start in range(0, len(numbers), AT_A_TIME):
        documents = documents_of(numbers[start : start + AT_A_TIME])
        here.update((document.work_id, fingerprint(document)) for document in documents)
    troubles = []
    if gone := indexed.keys() - here.keys() - due:
        troubles.append(f"The index has {len(gone)} works that the database has not.")
    if missing := here.keys() - indexed.keys() - due:
        troubles.append(f"The index lacks {len(missing)} works.")
    if stale := [each for each in here.keys() & indexed.keys() - due if here[each] != indexed[each]]:
        troubles.append(f"The index has an old state of {len(stale)} works.")
    return troubles
