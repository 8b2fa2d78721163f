"""Works of the database as the documents that search engines get."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, TypeVar

from django.db.models import Prefetch

from undying.finding.document import Document
from undying.library.manuscripts import placement
from undying.library.models import Chapter, Counters, Placement, Work
from undying.library.models.tags import TagReach, WorkTag
from undying.library.models.works import Creatorship
from undying.manuscript import Audience, State, TagKind
from undying.manuscript.measure import plain_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

Row = TypeVar("Row", Placement, Creatorship)
CHAPTERS_AT_A_TIME = 50
_NO_NUMBERS = Counters()


def documents_of(numbers: Sequence[int]) -> Iterator[Document]:
    """The documents of the works that are there, one by one, in the order of their ids. Eight queries, and one more for
    every CHAPTERS_AT_A_TIME; of the texts, no more is in memory than of that many.
    """
    works = Work.objects.filter(pk__in=numbers).order_by("pk").select_related("counters")
    works = works.prefetch_related(
        Prefetch("creatorships", Creatorship.objects.select_related("pseud")),
        Prefetch("worktags", WorkTag.objects.select_related("tag__canonical")),
        Prefetch("worktags__tag__reach", TagReach.objects.select_related("reached")),
        "placements",
        "series_entries",
    )
    texts = groupby(_posted(numbers), key=lambda chapter: chapter.work_id)
    of, posted = next(texts, (None, iter(())))
    for work in works:
        while of is not None and of < work.pk:
            of, posted = next(texts, (None, iter(())))
        yield document_of(work, posted if of == work.pk else ())


def _posted(numbers: Sequence[int]) -> Iterator[Chapter]:
    """The posted chapters of these works, in order. Each portion is read to its end: whoever takes them writes between
    one and the next (see `kernel.portions`).
    """
    chapters = Chapter.objects.filter(work__in=numbers, state=State.POSTED).order_by("work_id", "position")
    keys = list(chapters.values_list("pk", flat=True))
    rows = Chapter.objects.only("work_id", "title", "body")
    for at in range(0, len(keys), CHAPTERS_AT_A_TIME):
        some = keys[at : at + CHAPTERS_AT_A_TIME]
        there = rows.in_bulk(some)
        yield from (there[key] for key in some if key in there)


def document_of(work: Work, posted: Iterable[Chapter]) -> Document:
    """A work with these chapters as the engine sees it. Needs its creators, tags with their reach, and placements."""
    shown: set[int] = set()
    texts: list[str] = []
    for chapter in posted:
        shown.add(chapter.pk)
        texts.append("\n".join(filter(None, (chapter.title, plain_text(chapter.body)))))
    creators = list(work.creatorships.all())
    public = list(_of_posted(creators, shown))
    numbers: Counters = getattr(work, "counters", _NO_NUMBERS)
    tags = _Tags(work)
    return Document(
        work_id=work.pk,
        title=work.title,
        creators=tuple(dict.fromkeys(each.pseud.name for each in public)),
        summary=plain_text(work.summary),
        text="\n".join(texts),
        tags=tuple((kind, number, name) for number, (kind, name) in tags.meant.items()),
        ancestors=tuple((kind, number) for number, kind in sorted(tags.above.items())),
        synonyms=tuple(tags.synonyms),
        language=work.language,
        status=work.status,
        words=work.words,
        revised=int(work.revised.timestamp()),
        published=int((work.published or work.arrived).timestamp()),
        chapters=len(shown),
        series=tuple(sorted({each.series_id for each in work.series_entries.all()})),
        creator_ids=tuple(dict.fromkeys(each.pseud_id for each in public)),
        placements=tuple(placement(each) for each in _of_posted(work.placements.all(), shown)),
        audience=Audience(work.audience),
        state=State(work.state),
        is_hidden=work.is_hidden,
        owners=tuple(sorted({each.pseud.user_id for each in creators if each.pseud.user_id is not None})),
        kudos=numbers.kudos,
        comments=numbers.comments,
        bookmarks=numbers.bookmarks,
        hits=numbers.hits,
    )


class _Tags:
    """What the tags of a work mean: each canonical tag once, by number; those above them; other names it was given."""

    def __init__(self, work: Work) -> None:
        self.meant: dict[int, tuple[TagKind, str]] = {}
        self.above: dict[int, TagKind] = {}
        self.synonyms: list[str] = []
        carried = [each.tag for each in work.worktags.all()]
        for tag in carried:
            self.meant[tag.meant.pk] = (TagKind(tag.kind), tag.meant.name)
            if tag.canonical_id is not None:
                self.synonyms.append(tag.name)
        for tag in carried:
            for wider in tag.ancestors:
                if wider.pk not in self.meant:
                    self.above[wider.pk] = TagKind(wider.kind)


def _of_posted(rows: Iterable[Row], shown: set[int]) -> Iterator[Row]:
    """The place and the creators of a chapter that is still a draft are as secret as the chapter."""
    return (each for each in rows if each.chapter_id is None or each.chapter_id in shown)
