"""A chapter as a page shows it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from undying.manuscript import Prose, State
from undying.manuscript.clean import scoped
from undying.web import canon, cards, links

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from undying.library.models import Chapter
    from undying.web.cards import Name


_NUMBERED = re.compile(
    r"\s*(chapter|chap|ch|part|kapitel|chapitre|cap[ií]tulo)?\b\.?\s*(\d+|[ivxlc]+\b)", re.IGNORECASE
)


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexLine:
    """A chapter in a table of contents."""

    id: int
    url: str
    position: int
    title: str
    words: int
    published: datetime | None
    is_draft: bool
    is_current: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ChapterView:
    """A chapter with its text. `authors` only where they are not the work's."""

    id: int
    url: str
    position: int
    title: str
    authors: tuple[Name, ...]
    summary: Prose
    notes_before: Prose
    notes_after: Prose
    body: Prose
    placements: tuple[canon.Phrase, ...]
    words: int
    is_draft: bool

    @property
    def says_number(self) -> bool:
        """Whether the title itself begins with a number, so that another one above it would be one too many."""
        return bool(_NUMBERED.match(self.title))


def index_of(chapters: Sequence[Chapter], current: Chapter | None = None) -> tuple[IndexLine, ...]:
    """The table of contents of the chapters that a viewer may read."""
    return tuple(
        IndexLine(
            id=each.pk,
            url=links.of(each),
            position=number,
            title=each.title,
            words=each.words,
            published=each.updated or each.published,
            is_draft=each.state == State.DRAFT,
            is_current=current is not None and each.pk == current.pk,
        )
        for number, each in enumerate(chapters, start=1)
    )


def chapter_view(chapter: Chapter, number: int, *, several: bool) -> ChapterView:
    """The chapter; with `several` on a page, its ids become its own. Needs its creators and placements prefetched."""
    scope = f"c{number}"

    def own(prose: Prose) -> Prose:
        return scoped(prose, scope) if several else prose

    return ChapterView(
        id=chapter.pk,
        url=links.of(chapter),
        position=number,
        title=chapter.title,
        authors=cards.authors(chapter.creatorships.all()),
        summary=own(chapter.summary),
        notes_before=own(chapter.notes_before),
        notes_after=own(chapter.notes_after),
        body=own(chapter.body),
        placements=tuple(filter(None, (canon.in_words(row) for row in chapter.placements.all()))),
        words=chapter.words,
        is_draft=chapter.state == State.DRAFT,
    )
