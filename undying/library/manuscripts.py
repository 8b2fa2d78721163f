"""Work -> Manuscript: the only way out. What comes out equals what was taken in; `community` adds the reviews."""

from __future__ import annotations

from typing import TYPE_CHECKING

from undying.kernel import store
from undying.library.access import pictures_shown
from undying.manuscript import (
    Audience,
    Divergence,
    Manuscript,
    PlacementRelation,
    RelationKind,
    SeriesPlace,
    Source,
    State,
    Status,
    Tagging,
    TagKind,
)
from undying.manuscript import Chapter as StoryChapter
from undying.manuscript import Picture as StoryPicture
from undying.manuscript import Placement as StoryPlacement
from undying.manuscript import RelatedWork as StoryLink

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from undying.library.models import Chapter, Creatorship, Placement, Series, Work
    from undying.manuscript import Credit


def of(work: Work, chapters: Sequence[Chapter]) -> Manuscript:
    """The story with these chapters: those that the reader may have (`access.whole_text_for`). A dozen queries."""
    return Manuscript(
        title=work.title,
        chapters=tuple(_chapter(chapter) for chapter in chapters),
        credits=_credits(work.byline),
        summary=work.summary,
        notes_before=work.notes_before,
        notes_after=work.notes_after,
        rights=work.rights,
        language=work.language,
        taggings=tuple(Tagging(kind=TagKind(each.tag.kind), name=each.tag.name) for each in work.worktags.all()),
        series=tuple(_place(entry.series, entry.position) for entry in work.series_entries.all()),
        status=Status(work.status),
        planned_chapters=work.planned_chapters,
        published=work.published,
        updated=work.updated,
        placements=tuple(placement(each) for each in work.placements.all() if each.chapter_id is None),
        gifts=tuple(work.gifts),
        related=links_of(work, versions=False),
        pictures=_pictures(work, chapters),
        source=Source(site=work.site, key=work.key, url=work.url, archivist=work.archivist),
        also=tuple(
            Source(site=each.site, key=each.key, url=each.url, archivist=each.archivist) for each in work.also.all()
        ),
        # Whoever takes it in elsewhere must not show it to everybody.
        audience=Audience.LINK if work.audience == Audience.LINK else Audience(work.original_audience),
        state=State(work.state),
        wishes=work.wishes,
        extras=tuple((label, text) for label, text in work.extras),
    )


def _chapter(chapter: Chapter) -> StoryChapter:
    return StoryChapter(
        body=chapter.body,
        title=chapter.title,
        summary=chapter.summary,
        notes_before=chapter.notes_before,
        notes_after=chapter.notes_after,
        credits=_credits(chapter.creatorships.all()),
        published=chapter.published,
        updated=chapter.updated,
        placements=tuple(placement(each) for each in chapter.placements.all()),
        state=State(chapter.state),
        key=chapter.key,
        url=chapter.url,
    )


def _credits(creatorships: Iterable[Creatorship]) -> tuple[Credit, ...]:
    return tuple(each.pseud.credit(each.archived_by) for each in creatorships)


def placement(row: Placement) -> StoryPlacement:
    """A row as the value that it was made from."""
    return StoryPlacement(
        fandom=row.fandom,
        relation=PlacementRelation(row.relation),
        unit=row.unit,
        part=row.part,
        part_to=row.part_to,
        episodes=tuple(row.episodes),
        divergence=Divergence(row.divergence),
        words=row.words,
    )


def _place(series: Series, position: int) -> SeriesPlace:
    outer = series.within
    return SeriesPlace(
        title=series.title,
        position=position,
        key=series.key,
        url=series.url,
        summary=series.summary,
        within=None if outer is None else _place(outer, series.within_position),
    )


def links_of(work: Work, *, versions: bool) -> tuple[StoryLink, ...]:
    """The links to other works; those to versions of the same story only for who may see everything."""
    return tuple(
        StoryLink(
            kind=RelationKind(each.kind), title=each.title, author=each.author, url=each.url, language=each.language
        )
        for each in work.related.all()
        # Another version may be hidden from the reader; the page looks, a file cannot.
        if each.kind != RelationKind.VERSION_OF or versions
    )


def _pictures(work: Work, chapters: Sequence[Chapter]) -> tuple[StoryPicture, ...]:
    return tuple(
        StoryPicture(sha256=each.sha256, media_type=each.media_type, data=store.fetch(each.sha256))
        for each in pictures_shown(work, chapters)
    )
