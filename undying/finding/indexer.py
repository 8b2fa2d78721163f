"""Keeps the index in step: drains the ledger into the engine."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from django.db.models import Prefetch

from undying.finding import engine
from undying.finding.backends import IndexGone
from undying.finding.document import Document, fingerprint
from undying.kernel import ledger
from undying.kernel.models import Pending
from undying.kernel.turns import Busy
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
"""Works that are read and committed together, unless their text is long: enough to spare commits."""
CHARACTERS_AT_A_TIME = 5_000_000


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
    """Make the index anew, whatever state it is in; how many works that took. Raises Busy while another is at it."""
    with engine.writing() as is_ours:
        if not is_ours:
            raise Busy("The index is being written by another process. Try again in a moment.")
        _begin_anew()
        return _drain()


def _begin_anew() -> None:
    """Mark first, clear then: cut off in between, what is due stays due, and lists say that the index is being made."""
    engine.begin_making()
    everything = Work.objects.order_by("pk").values_list("pk", flat=True)
    ledger.mark(WORK, list(everything))
    engine.clear()


def _drain() -> int:
    done = 0
    while marks := {mark.object_id: mark for mark in ledger.due(CONSUMER, AT_A_TIME)}:
        done += len(marks)
        for portion in _portions(documents_of(list(marks))):
            engine.put(portion)
            ledger.done(CONSUMER, [marks.pop(document.work_id) for document in portion])
        engine.drop(marks)
        ledger.done(CONSUMER, list(marks.values()))
    engine.end_making()
    return done


def _portions(documents: Iterable[Document]) -> Iterator[list[Document]]:
    """As many at a time as memory should hold."""
    portion: list[Document] = []
    size = 0
    for document in documents:
        portion.append(document)
        size += len(document.text)
        if size > CHARACTERS_AT_A_TIME:
            yield portion
            portion, size = [], 0
    if portion:
        yield portion


def documents_of(numbers: Sequence[int]) -> Iterator[Document]:
    """The documents of the works that are there, one by one. Five queries, and one for the text of each work."""
    works = Work.objects.filter(pk__in=numbers).prefetch_related(
        Prefetch("creatorships", Creatorship.objects.select_related("pseud")),
        "worktags__tag",
        "placements",
    )
    for work in works:
        yield document_of(work, Chapter.objects.filter(work=work, state=State.POSTED).in_order())


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
