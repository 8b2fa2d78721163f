"""Every write to a work.

Refused
└── Unfit          the manuscript cannot become a work; says why
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import F

from undying.kernel import ledger, store
from undying.kernel.errors import Refused
from undying.kernel.ids import identity
from undying.library import addresses, counters, sharing
from undying.library.models import (
    AlsoKnown,
    Chapter,
    Creatorship,
    Placement,
    RelatedWork,
    Series,
    SeriesEntry,
    Withdrawn,
    Work,
    WorkPicture,
    WorkTag,
)
from undying.library.models.works import OPEN_RATINGS
from undying.library.tagging import drop_unused_tags, tags_named
from undying.manuscript import Audience, RelationKind, State, TagKind, Wishes
from undying.manuscript.codec import fingerprint
from undying.manuscript.measure import words
from undying.people.actions import drop_unused_pen_names, pen_name

if TYPE_CHECKING:
    from collections.abc import Sequence

    from undying import manuscript as story

WORK = "work"
"""The kind under which works stand in the ledger."""

OUT_OF_THE_WAY = 1_000_000
CHAPTERS_AT_A_TIME = 50
"""Chapters in one statement: enough to spare statements, few enough for memory."""


class Unfit(Refused):
    """The manuscript cannot become a work."""


class Result(StrEnum):
    """What accession did."""

    CREATED = "created"
    REVISED = "revised"
    UNCHANGED = "unchanged"


@dataclass(frozen=True, slots=True)
class Accession:
    """A work and what became of it."""

    work: Work
    result: Result


@dataclass(frozen=True, slots=True)
class Numbers:
    """The numbers that a work and its chapters, in order, had before they were taken away: their addresses."""

    work: int
    chapters: tuple[int, ...]


@transaction.atomic
def accession(
    manuscript: story.Manuscript, *, audience: story.Audience | None = None, numbers: Numbers | None = None
) -> Accession:
    """Take a story into the library: a new work, or the new state of the one with the same source and key.

    An equal manuscript changes nothing. `audience` narrows who may read a new work (a work that is here keeps its own:
    its archivist or author may have chosen since). Addresses of works and of chapters survive a revision. Raises Unfit
    for a story without title or text, and StorageFull. `numbers` puts a work that was taken away back at its addresses.
    """
    judge(manuscript)
    print_ = fingerprint(manuscript)
    work = _known(manuscript.source)
    if work is not None and work.fingerprint == print_:
        return Accession(work, Result.UNCHANGED)
    result = Result.CREATED if work is None else Result.REVISED
    if work is None:
        work = Work(audience=_narrowest(audience or Audience.EVERYONE, manuscript.audience))
        work.pk = numbers.work if numbers else work.pk
    had = list(work.extras)
    _write_work(work, manuscript, print_)
    sharing.settle(work)
    counters.begin(work, had)
    if result is Result.REVISED:
        _forget_parts(work)
    _credit(work, None, manuscript.credits, manuscript.source.site)
    chapters = _write_chapters(work, manuscript.chapters, manuscript.source.site, numbers.chapters if numbers else ())
    _write_also(work, manuscript.also)
    _note_addresses(work, chapters)
    write_tags(work, manuscript.taggings)
    _write_series(work, manuscript)
    _write_canon_and_links(work, manuscript)
    write_pictures(work, manuscript.pictures)
    ledger.mark(WORK, [work.pk])
    ledger.mark(counters.SAID, [work.pk])
    return Accession(work, result)


@transaction.atomic
def withdraw(work: Work) -> None:
    """Remove a work with all its rows, and whatever only it held: empty series, unused tags, unclaimed pen names.

    That it was removed is noted, by its number alone.
    """
    number = work.pk
    pseuds = list(work.creatorships.values_list("pseud_id", flat=True))
    tags = list(work.worktags.values_list("tag_id", flat=True))
    series = list(work.series_entries.values_list("series_id", flat=True))
    work.delete()
    drop_unused_tags(tags)
    drop_empty_series(series)
    drop_unused_pen_names(pseuds)
    Withdrawn.objects.get_or_create(work_number=number)
    ledger.mark(WORK, [number])


@transaction.atomic
def open_to_everyone(works: Sequence[int]) -> int:
    """Let guests read these works, but for those that the source itself kept for members.

    Returns how many guests can read now that could not: drafts stay drafts.
    """
    closed = Work.objects.filter(pk__in=works, audience=Audience.MEMBERS, original_audience=Audience.EVERYONE)
    numbers = list(closed.values_list("pk", flat=True))
    Work.objects.filter(pk__in=numbers).update(audience=Audience.EVERYONE)
    ledger.mark(WORK, numbers)
    return Work.objects.filter(pk__in=numbers, state=State.POSTED, is_hidden=False).count()


@transaction.atomic
def close_to_guests(works: Sequence[int]) -> None:
    """Let only members read these works; those for whoever has a link stay so."""
    Work.objects.filter(pk__in=works).exclude(audience=Audience.LINK).update(audience=Audience.MEMBERS)
    ledger.mark(WORK, works)


@transaction.atomic
def set_hidden(work: Work, *, hidden: bool) -> None:
    """Take a work out of sight of all but its creators and the moderators, or put it back."""
    Work.objects.filter(pk=work.pk).update(is_hidden=hidden)
    ledger.mark(WORK, [work.pk])


def judge(manuscript: story.Manuscript) -> None:
    """Raises Unfit for a story that has no title or no text."""
    if not manuscript.title.strip():
        raise Unfit("it has no title")
    if not any(chapter.body.has_words() or "<img" in chapter.body for chapter in manuscript.chapters):
        raise Unfit("it has no text in any chapter")


def _narrowest(*audiences: Audience) -> Audience:
    return max(audiences, key=list(Audience).index)


def _known(source: story.Source) -> Work | None:
    if not source.site:
        return None
    return Work.objects.filter(site=source.site, key=source.key).first()


def _write_work(work: Work, manuscript: story.Manuscript, print_: str) -> None:
    for name in ("title", "summary", "notes_before", "notes_after", "rights", "language", "status", "planned_chapters"):
        setattr(work, name, getattr(manuscript, name))
    posted = [chapter for chapter in manuscript.chapters if chapter.state == State.POSTED]
    work.published, work.updated = manuscript.published, manuscript.updated
    work.revised = manuscript.updated or manuscript.published or work.arrived
    work.words = sum(words(chapter.body) for chapter in posted)
    work.chapter_count = len(posted)
    work.is_adult = any(name.casefold() not in OPEN_RATINGS for name in manuscript.tags(TagKind.RATING))
    work.state = manuscript.state
    if manuscript.audience != work.original_audience:
        # Its source may have locked it since: what was chosen here was about an open work.
        work.audience = _narrowest(Audience(work.audience), manuscript.audience)
    work.original_audience = manuscript.audience
    work.gifts = list(manuscript.gifts)
    if manuscript.wishes != Wishes():  # where the source says nothing, what was said here stays
        work.wished = manuscript.wishes.told()
    work.extras = [list(each) for each in manuscript.extras]
    work.site, work.key = manuscript.source.site, manuscript.source.key
    work.url, work.archivist = manuscript.source.url, manuscript.source.archivist
    work.fingerprint = print_
    work.save()


def _forget_parts(work: Work) -> None:
    """All that is written anew, but for chapters and series, which keep their addresses."""
    work.creatorships.filter(chapter=None).delete()
    work.placements.filter(chapter=None).delete()
    # That it has other versions was said here, and the source does not know it.
    for parts in (work.worktags.all(), work.related.exclude(kind=RelationKind.VERSION_OF), work.pictures.all()):
        parts.delete()


def _credit(work: Work, chapter: Chapter | None, credits_: Sequence[story.Credit], site: str) -> None:
    if not credits_:
        return
    Creatorship.objects.bulk_create(
        Creatorship(
            work=work,
            chapter=chapter,
            pseud=pen_name(credit, site=site),
            position=position,
            archived_by=credit.archived_by,
        )
        for position, credit in enumerate(credits_)
    )


def _write_chapters(work: Work, chapters: Sequence[story.Chapter], site: str, numbers: Sequence[int]) -> list[Chapter]:
    """The rows, in order. Chapters keep their addresses: by their key in the source, else by their position.

    `numbers` are those that chapters of a work that was taken away had.
    """
    old = list(Chapter.objects.filter(work=work).only("pk", "key", "position"))
    by_key = {chapter.key: chapter.pk for chapter in old if chapter.key}
    by_position = {chapter.position: chapter.pk for chapter in old if not chapter.key}
    if old:
        # Out of the way of the positions that are about to be taken: two chapters may have changed places.
        Chapter.objects.filter(work=work).update(position=F("position") + OUT_OF_THE_WAY)
    new: list[Chapter] = []
    kept: list[Chapter] = []
    for position, each in enumerate(chapters, start=1):
        chapter = _chapter_row(work, position, each)
        number = by_key.pop(each.key, None) if each.key else None
        if number is None:  # one that was known by no key may be known by its key now
            number = by_position.pop(position, None)
        if number is None:
            chapter.pk = numbers[position - 1] if position <= len(numbers) else chapter.pk
            new.append(chapter)
        else:
            chapter.pk = number
            _rewrite(chapter)
        kept.append(chapter)
    if old:
        Chapter.objects.filter(work=work).exclude(pk__in=[chapter.pk for chapter in kept]).delete()
    Chapter.objects.bulk_create(new, batch_size=CHAPTERS_AT_A_TIME)
    for chapter, each in zip(kept, chapters, strict=True):
        _credit(work, chapter, each.credits, site)
        place_in_canon(work, chapter, each.placements)
    return kept


def _rewrite(chapter: Chapter) -> None:
    chapter.save(force_update=True)
    chapter.creatorships.all().delete()
    chapter.placements.all().delete()


def _chapter_row(work: Work, position: int, each: story.Chapter) -> Chapter:
    return Chapter(
        work=work,
        position=position,
        title=each.title,
        summary=each.summary,
        notes_before=each.notes_before,
        notes_after=each.notes_after,
        body=each.body,
        words=words(each.body),
        published=each.published,
        updated=each.updated,
        state=each.state,
        key=each.key,
        url=each.url,
    )


@transaction.atomic
def also_known(work: Work, sources: Sequence[story.Source]) -> None:
    """The work has taken in copies from these sources: their keys and addresses lead to it."""
    _write_also(work, sources)
    _note_addresses(work, list(Chapter.objects.filter(work=work).defer("body")))
    ledger.mark(WORK, [work.pk])
    ledger.mark(counters.SAID, [work.pk])


@transaction.atomic
def known_no_more(work: Work, sources: Sequence[story.Source]) -> None:
    """The work lets go of copies from these sources again."""
    for each in sources:
        work.also.filter(site=each.site, key=each.key).delete()
    _note_addresses(work, list(Chapter.objects.filter(work=work).defer("body")))
    ledger.mark(WORK, [work.pk])
    ledger.mark(counters.SAID, [work.pk])


def _note_addresses(work: Work, chapters: Sequence[Chapter]) -> None:
    addresses.note(work, [work.url, *work.also.values_list("url", flat=True)], chapters)


def _write_also(work: Work, also: Sequence[story.Source]) -> None:
    """What was merged into the work stays so, whatever its own source sends anew."""
    known = set(work.also.values_list("site", "key"))
    new = [each for each in also if (each.site, each.key) not in known]
    AlsoKnown.objects.bulk_create(
        AlsoKnown(work=work, position=place, site=each.site, key=each.key, url=each.url, archivist=each.archivist)
        for place, each in enumerate(new, start=len(known))
    )


def write_tags(work: Work, taggings: Sequence[story.Tagging]) -> None:
    """The tags of a work that has none, in this order."""
    wanted = list(dict.fromkeys((tagging.kind, tagging.name) for tagging in taggings))
    numbers = tags_named(wanted)
    WorkTag.objects.bulk_create(
        WorkTag(work=work, tag_id=numbers[each], position=position) for position, each in enumerate(wanted)
    )


def _write_series(work: Work, manuscript: story.Manuscript) -> None:
    first = manuscript.credits[0].name if manuscript.credits else ""
    left = list(work.series_entries.values_list("series_id", flat=True))
    work.series_entries.all().delete()
    for order, place in enumerate(manuscript.series):
        series = _series_row(place, manuscript.source.site, first)
        SeriesEntry.objects.get_or_create(
            series=series, work=work, defaults={"position": place.position, "order": order}
        )
    drop_empty_series(left)


def _series_row(place: story.SeriesPlace, site: str, creator: str) -> Series:
    told = f"key:{place.key}" if place.key else f"title:{place.title}/{creator}"
    series, _ = Series.objects.get_or_create(
        site=site, identity=identity(told), defaults={"title": place.title, "key": place.key, "url": place.url}
    )
    if place.summary and place.summary != series.summary:
        series.summary = place.summary
        series.save(update_fields=["summary"])
    if place.within is not None and not _contains(series, outer := _series_row(place.within, site, creator)):
        series.within, series.within_position = outer, place.within.position
        series.save(update_fields=["within", "within_position"])
    return series


def _contains(series: Series, other: Series) -> bool:
    """Whether `other` is this series or lies in it: putting this one inside would make a ring."""
    climber: Series | None = other
    while climber is not None:
        if climber.pk == series.pk:
            return True
        climber = climber.within
    return False


def place_in_canon(work: Work, chapter: Chapter | None, placements: Sequence[story.Placement]) -> None:
    """Where in canon a work or chapter stands that said nothing of it yet."""
    if not placements:
        return
    Placement.objects.bulk_create(
        Placement(
            work=work,
            chapter=chapter,
            position=position,
            fandom=each.fandom,
            relation=each.relation,
            unit=each.unit,
            part=each.part,
            part_to=each.part_to,
            episodes=list(each.episodes),
            divergence=each.divergence,
            words=each.words,
        )
        for position, each in enumerate(placements)
    )


def _write_canon_and_links(work: Work, manuscript: story.Manuscript) -> None:
    place_in_canon(work, None, manuscript.placements)
    known = set(work.related.values_list("title", "author", "url")) if manuscript.related else set()
    links = [each for each in manuscript.related if (each.title, each.author, each.url) not in known]
    RelatedWork.objects.bulk_create(
        RelatedWork(
            work=work,
            position=position,
            kind=each.kind,
            title=each.title,
            author=each.author,
            url=each.url,
            language=each.language,
        )
        for position, each in enumerate(links)
    )


def write_pictures(work: Work, pictures: Sequence[story.Picture]) -> None:
    """Keep the pictures that travel with a work."""
    WorkPicture.objects.bulk_create(
        WorkPicture(work=work, position=position, sha256=store.keep(each.data), media_type=each.media_type)
        for position, each in enumerate(pictures)
    )


def drop_empty_series(numbers: Sequence[int]) -> None:
    """Delete these series where they hold nothing and nobody told of them, and then the ones that held only them."""
    waiting = list(numbers)
    while waiting:
        empty = Series.objects.filter(pk__in=waiting, entries=None, parts=None, account=None)
        waiting = list(empty.exclude(within=None).values_list("within_id", flat=True))
        empty.delete()
