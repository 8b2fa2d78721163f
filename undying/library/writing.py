"""Writing: every change that an author makes to her works and their chapters, each with a revision.

Refused
└── Unfinished      what she typed cannot be saved or posted yet: a sentence for each field
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, transaction
from django.db.models import Count, F, Max, Sum

from undying.kernel import ledger
from undying.kernel.clock import now
from undying.kernel.errors import NotVisible, Refused
from undying.kernel.ids import identity
from undying.library import access, authorship, bringing, giving, handing_in, manuscripts, placing, sharing
from undying.library.actions import OUT_OF_THE_WAY, WORK, drop_empty_series, write_pictures, write_tags
from undying.library.models import (
    Chapter,
    Creatorship,
    Deletion,
    Posted,
    Revision,
    Scheduled,
    Series,
    SeriesEntry,
    Work,
)
from undying.library.models.works import OPEN_RATINGS
from undying.library.packing import manuscript_of, packed
from undying.library.pairing import paired
from undying.library.tagging import drop_unused_tags
from undying.manuscript import NO_PROSE, NO_WISHES, Audience, Manuscript, Prose, State, Status, Tagging, TagKind, Wishes
from undying.manuscript.measure import words
from undying.people.actions import LONGEST_WISH
from undying.people.models import Pseud
from undying.people.viewer import Viewer

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from undying.library.models.works import WorkQuerySet
    from undying.manuscript import Picture, Placement

LONGEST_TITLE, LONGEST_LANGUAGE = 255, 35
LONGEST_TAG = 150
LONGEST_SUMMARY, LONGEST_NOTES = 10_000, 50_000
LONGEST_TEXT = 4_000_000
"""Characters, with the markup."""
MOST_TAGS = 300
MOST_NAMES = 100
"""Series that a work stands in, and people whom it is given to."""
UNTITLED = "Untitled"
GRACE = timedelta(days=30)
"""How long a deleted work can be brought back."""


class Unfinished(Refused):
    """It cannot be saved or posted as it is. `troubles` has a sentence for each field that stands in the way."""

    def __init__(self, troubles: Mapping[str, str]) -> None:
        super().__init__(" ".join(troubles.values()))
        self.troubles = dict(troubles)


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkFields:
    """What an author says of a work."""

    title: str
    pseuds: tuple[int, ...] = ()
    taggings: tuple[Tagging, ...] = ()
    summary: Prose = NO_PROSE
    notes_before: Prose = NO_PROSE
    notes_after: Prose = NO_PROSE
    language: str = ""
    status: Status = Status.IN_PROGRESS
    planned_chapters: int | None = None
    published: datetime | None = None
    placements: tuple[Placement, ...] | None = None
    gifts: tuple[str, ...] = ()
    series: tuple[str, ...] = ()
    audience: Audience = Audience.EVERYONE
    wishes: Wishes = NO_WISHES

    def tags(self, kind: TagKind) -> list[str]:
        """The names of one kind."""
        return [each.name for each in self.taggings if each.kind is kind]


@dataclass(frozen=True, slots=True, kw_only=True)
class ChapterFields:
    """What an author says of a chapter, and its text."""

    body: Prose = NO_PROSE
    title: str = ""
    summary: Prose = NO_PROSE
    notes_before: Prose = NO_PROSE
    notes_after: Prose = NO_PROSE
    published: datetime | None = None
    placements: tuple[Placement, ...] | None = None


@dataclass(slots=True)
class _Troubles:
    said: dict[str, str] = field(default_factory=dict)

    def unless(self, holds: object, name: str, sentence: str) -> None:
        if not holds:
            self.said.setdefault(name, sentence)

    def at_most(self, text: str, most: int, name: str, what: str) -> None:
        sentence = f"{what} has {len(text):,} characters, of {most:,} at most: shorten it by {len(text) - most:,}."
        self.unless(len(text) <= most, name, sentence)


# -- Who may ----------------------------------------------------------------------------------------------------------


def may_write(viewer: Viewer, work: Work) -> bool:
    """Whether she is one of the work's creators; nobody else writes in it, the archivist neither. One query."""
    if viewer.user_id is None:
        return False
    return work.creatorships.filter(chapter=None, pseud__user=viewer.user_id).exists()


def work_to_write(viewer: Viewer, work_id: int) -> Work:
    """The work, if it is hers to write in. Raises NotVisible, which says no more than that."""
    work = access.work_for(viewer, work_id)
    if not may_write(viewer, work):
        raise NotVisible("work", work_id)
    return work


def deletion_of(work: Work) -> Deletion | None:
    """That the work is deleted, if it is. One query."""
    return Deletion.objects.filter(work=work).first()


def only_chapter(work: Work) -> Chapter | None:
    """The chapter of a work that has no other. One query."""
    first = list(work.chapters.in_order()[:2])
    return first[0] if len(first) == 1 else None


def drafts_of(viewer: Viewer) -> WorkQuerySet:
    """The works of hers that nobody but their creators sees."""
    hers = Creatorship.objects.filter(chapter=None, pseud__user=viewer.user_id)
    return Work.objects.visible_to(viewer).filter(state=State.DRAFT, deletion=None, pk__in=hers.values("work"))


def deleted_of(viewer: Viewer) -> WorkQuerySet:
    """The works that she has deleted and can still bring back."""
    hers = Creatorship.objects.filter(chapter=None, pseud__user=viewer.user_id)
    gone = Work.objects.visible_to(viewer).filter(deletion__isnull=False, pk__in=hers.values("work"))
    return gone.select_related("deletion").order_by("deletion__at", "pk")


def pseuds_of(viewer: Viewer) -> list[Pseud]:
    """The pen names that she may write under, her default first, then the oldest."""
    return list(Pseud.objects.filter(user=viewer.user_id).select_related("user").order_by("-is_default", "pk"))


# -- Works ------------------------------------------------------------------------------------------------------------


def start(
    viewer: Viewer,
    fields: WorkFields,
    *chapters: ChapterFields,
    state: State,
    token: int = 0,
    pictures: Sequence[Picture] = (),
) -> Work:
    """A new work with its chapters, posted or as a draft. A form of the same `token` makes one work.

    `pictures` are those that its texts show. Raises Unfinished.
    """
    try:
        return _start(viewer, fields, chapters, pictures=pictures, state=state, token=token)
    except IntegrityError:
        if (done := sent_before(viewer, token)) is None:  # else the same form came twice in one moment
            raise
        return done.work


@transaction.atomic
def _start(
    viewer: Viewer,
    fields: WorkFields,
    chapters: Sequence[ChapterFields],
    *,
    pictures: Sequence[Picture],
    state: State,
    token: int,
) -> Work:
    if viewer.user_id is None:
        raise NotVisible("page", "new work")
    if (done := sent_before(viewer, token)) is not None:
        return done.work
    for each in chapters:
        _raise_any(troubles(fields, each, is_posted=state is State.POSTED))
    _raise_any(giving.troubles(viewer, fields.gifts))
    work = Work(state=State.DRAFT, audience=fields.audience, original_audience=fields.audience)
    _write_own(work, viewer, fields)
    for position, each in enumerate(chapters, start=1):
        Chapter.objects.create(work=work, position=position, state=State.POSTED, **_columns(each))
    write_pictures(work, pictures)
    if state is State.POSTED:
        _come_out(work, viewer)
    _settle(work, viewer, _how_it_came_out(work) if state is State.POSTED else "Saved as a draft")
    _note_sent(token, work)
    return work


@transaction.atomic
def save_work(
    viewer: Viewer, work: Work, fields: WorkFields, *, text: ChapterFields | None = None, state: State | None = None
) -> None:
    """What its author says of a work, anew; with `text`, its only chapter too, and else its chapters stay as they are.

    With `state`, posted or a draft from now on: of a draft all that readers said stays. Raises Unfinished, NotVisible.
    """
    _must_write(viewer, work)
    wanted = State(work.state) if state is None else state
    only = work.chapters.get() if text is not None else None
    _raise_any(troubles(fields, text, had=fields_of(work), had_text=only, is_posted=wanted is State.POSTED))
    _raise_any(giving.troubles(viewer, fields.gifts, work))
    if only is not None and text is not None:
        _write_chapter(only, text, State.POSTED)
    elif wanted is State.POSTED and work.state != State.POSTED:
        _must_have_text(work)
    what = _what_changes(State(work.state), wanted, is_only_said=text is None)
    _write_own(work, viewer, fields)
    if wanted is State.POSTED and work.state != State.POSTED:
        _come_out(work, viewer)
        what = _how_it_came_out(work)
    elif wanted is not State.POSTED:
        _take_in(work)
    _settle(work, viewer, what)


def _what_changes(was: State, wanted: State, *, is_only_said: bool) -> str:
    if was is not wanted:
        return "Posted" if wanted is State.POSTED else "Taken back to a draft"
    return "Changed what is said of the work" if is_only_said else "Changed the work"


@transaction.atomic
def post(viewer: Viewer, work: Work) -> None:
    """Bring a draft out. Raises Unfinished as long as something is missing that every posted work has."""
    _must_write(viewer, work)
    told = fields_of(work)
    _raise_any(troubles(told, had=told, is_posted=True))
    _must_have_text(work)
    if work.state != State.POSTED:
        _come_out(work, viewer)
        _settle(work, viewer, _how_it_came_out(work))


@transaction.atomic
def take_back(viewer: Viewer, work: Work) -> None:
    """Make a draft of a posted work: its creators alone see it then. All that readers said stays with it."""
    _must_write(viewer, work)
    _take_in(work)
    _settle(work, viewer, "Taken back to a draft")


@transaction.atomic
def delete_work(viewer: Viewer, work: Work) -> None:
    """Take a work out of everybody's sight but its creators', who can bring it back for GRACE; then it goes for good.

    Refuses with Unfinished what others made as well.
    """
    _must_write(viewer, work)
    if work.creatorships.filter(chapter=None).exclude(pseud__user=viewer.user_id).exists():
        raise Unfinished({"work": "Others made this work with you: let go of it instead, and it stays theirs."})
    if deletion_of(work) is None:
        Deletion.objects.create(work=work, was=work.state)
        Scheduled.objects.filter(work=work).delete()
        _take_in(work)
        _settle(work, viewer, "Deleted")


@transaction.atomic
def bring_back(viewer: Viewer, work: Work) -> None:
    """A deleted work as it was before; nothing for one that is not deleted."""
    _must_write(viewer, work)
    deletion = deletion_of(work)
    if deletion is not None:
        work.state = State(deletion.was)
        work.save(update_fields=["state"])
        deletion.delete()
        _settle(work, viewer, "Brought back")


def due_to_go() -> WorkQuerySet:
    """Deleted works whose time is over."""
    return Work.objects.filter(deletion__at__lt=now() - GRACE)


def fields_of(work: Work) -> WorkFields:
    """What was last said of a work."""
    own = work.creatorships.filter(chapter=None, pseud__user__isnull=False).order_by("position")
    tags = work.worktags.select_related("tag").order_by("position")
    entries = work.series_entries.select_related("series")
    return WorkFields(
        title=work.title,
        pseuds=tuple(own.values_list("pseud_id", flat=True)),
        taggings=tuple(Tagging(kind=TagKind(each.tag.kind), name=each.tag.name) for each in tags),
        summary=work.summary,
        notes_before=work.notes_before,
        notes_after=work.notes_after,
        language=work.language,
        status=Status(work.status),
        planned_chapters=work.planned_chapters,
        published=work.published,
        placements=tuple(manuscripts.placement(each) for each in work.placements.filter(chapter=None)),
        gifts=tuple(work.gifts),
        series=tuple(each.series.title for each in entries),
        audience=Audience(work.audience),
        wishes=work.wishes,
    )


def text_of(chapter: Chapter) -> ChapterFields:
    """What was last said of a chapter, and its text."""
    return ChapterFields(
        body=chapter.body,
        title=chapter.title,
        summary=chapter.summary,
        notes_before=chapter.notes_before,
        notes_after=chapter.notes_after,
        published=chapter.published,
        placements=tuple(map(manuscripts.placement, chapter.placements.all())),
    )


def series_of(viewer: Viewer) -> list[str]:
    """The titles of the series that she has begun here, in order of the alphabet."""
    hers = Work.objects.filter(creatorships__pseud__user=viewer.user_id)
    found = Series.objects.filter(site="", entries__work__in=hers).distinct().order_by("title", "pk")
    pseuds = [each.pk for each in pseuds_of(viewer)]
    return list(dict.fromkeys(each.title for each in found if each.identity in _identities(pseuds, each.title)))


def _must_write(viewer: Viewer, work: Work) -> None:
    if not may_write(viewer, work):
        raise NotVisible("work", work.pk)


def troubles(
    fields: WorkFields,
    text: ChapterFields | None = None,
    *,
    had: WorkFields | None = None,
    had_text: Chapter | None = None,
    is_posted: bool,
) -> dict[str, str]:
    """A sentence for each field that stands in the way of saving. What a work `had` already may be longer."""
    said = _Troubles()
    _judge(said, fields, had or WorkFields(title=""))
    if is_posted:
        _judge_finished(said, fields)
    if text is not None:
        _judge_chapter(said, text, had_text, is_posted=is_posted)
    return said.said


def chapter_troubles(text: ChapterFields, *, had: Chapter | None = None, is_posted: bool) -> dict[str, str]:
    """The same for a chapter alone."""
    said = _Troubles()
    _judge_chapter(said, text, had, is_posted=is_posted)
    return said.said


def _raise_any(said: Mapping[str, str]) -> None:
    if said:
        raise Unfinished(said)


def _judge(said: _Troubles, fields: WorkFields, had: WorkFields) -> None:
    for name, most, what in (
        ("title", LONGEST_TITLE, "The title"),
        ("summary", LONGEST_SUMMARY, "The summary"),
        ("notes_before", LONGEST_NOTES, "The note at the beginning"),
        ("notes_after", LONGEST_NOTES, "The note at the end"),
    ):
        if getattr(fields, name) != getattr(had, name):
            said.at_most(getattr(fields, name), most, name, what)
    for each in set(fields.taggings) - set(had.taggings):
        said.at_most(each.name, LONGEST_TAG, each.kind.value, f"The tag “{each.name[:40]}…”")
    for name, given in (("series", fields.series), ("gifts", fields.gifts)):
        for text in given:
            said.at_most(text, LONGEST_TITLE, name, f"The name “{text[:40]}…”")
        count = len(given)
        said.unless(count <= MOST_NAMES, name, f"There are {count} names, of {MOST_NAMES} at most: take some away.")
    if fields.wishes.words != had.wishes.words:
        said.at_most(fields.wishes.words, LONGEST_WISH, "words", "The sentence of your own")
    count = len(fields.taggings)
    said.unless(count <= MOST_TAGS, "additional", f"There are {count} tags, of {MOST_TAGS} at most: take some away.")
    said.unless(placing.fits(fields.placements, had.placements), "places", placing.TOO_MUCH)
    said.unless(len(fields.language) <= LONGEST_LANGUAGE, "language", "There is no such language: choose one.")
    said.unless(fields.published is None or fields.published <= now(), "published", "That day has not come yet.")


def _judge_finished(said: _Troubles, fields: WorkFields) -> None:
    said.unless(fields.title.strip(), "title", "A posted work has a title: type one.")
    said.unless(fields.tags(TagKind.RATING), "rating", "Choose a rating; “Not Rated” is one.")
    warning = "Choose at least one warning; “No Archive Warnings Apply” is one."
    said.unless(fields.tags(TagKind.WARNING), "warning", warning)
    said.unless(fields.tags(TagKind.FANDOM), "fandom", "Name at least one fandom; “Original Work” is one.")
    said.unless(fields.language, "language", "Choose the language that the work is written in.")


def _judge_chapter(said: _Troubles, fields: ChapterFields, had: Chapter | None, *, is_posted: bool) -> None:
    for name, column, most, what in (
        ("chapter_title", "title", LONGEST_TITLE, "The chapter's title"),
        ("chapter_summary", "summary", LONGEST_SUMMARY, "The chapter's summary"),
        ("chapter_notes_before", "notes_before", LONGEST_NOTES, "The note at the chapter's beginning"),
        ("chapter_notes_after", "notes_after", LONGEST_NOTES, "The note at the chapter's end"),
        ("body", "body", LONGEST_TEXT, "The text"),
    ):
        if had is None or getattr(fields, column) != getattr(had, column):
            said.at_most(getattr(fields, column), most, name, what)
    said.unless(
        fields.published is None or fields.published <= now(), "chapter_published", "That day has not come yet."
    )
    before = None if had is None else text_of(had).placements
    said.unless(placing.fits(fields.placements, before), "chapter_places", placing.TOO_MUCH)
    if is_posted:
        said.unless(_has_text(fields.body), "body", "There is no text yet: a posted chapter has some.")


def _must_have_text(work: Work) -> None:
    if not any(_has_text(each.body) for each in work.chapters.filter(state=State.POSTED)):
        raise Unfinished({"body": "No chapter has any text yet: write one, or post one that is a draft."})


def _has_text(body: Prose) -> bool:
    return body.has_words() or "<img" in body


def _write_own(work: Work, viewer: Viewer, fields: WorkFields) -> None:
    work.title = fields.title.strip() or UNTITLED
    work.summary, work.notes_before, work.notes_after = fields.summary, fields.notes_before, fields.notes_after
    work.language, work.status = fields.language, fields.status
    work.planned_chapters, work.gifts = fields.planned_chapters, list(fields.gifts)
    if fields.audience != work.audience:
        work.original_audience = fields.audience  # her own word: no opening of an import goes against it
    work.audience, work.wished = fields.audience, fields.wishes.told()
    work.is_adult = any(name.casefold() not in OPEN_RATINGS for name in fields.tags(TagKind.RATING))
    if fields.published is not None:
        work.published = fields.published
    work.save()
    sharing.settle(work)
    giving.settle(viewer, work)
    _credit(work, viewer, fields.pseuds)
    had = list(work.worktags.values_list("tag_id", flat=True))
    work.worktags.all().delete()
    write_tags(work, fields.taggings)
    drop_unused_tags(had)
    _write_series(work, viewer, fields.series)
    placing.write(work, None, fields.placements)


def _credit(work: Work, viewer: Viewer, wanted: Sequence[int]) -> None:
    """Her own names on the work, her default where she chose none; those of others stay where they are."""
    hers = [each.pk for each in pseuds_of(viewer)]
    chosen = [each for each in hers if each in wanted] or hers[:1]
    own = work.creatorships.filter(chapter=None, pseud__in=hers)
    if set(own.values_list("pseud_id", flat=True)) == set(chosen):
        return
    first = own.order_by("position").values_list("position", flat=True).first()
    last = work.creatorships.filter(chapter=None).aggregate(Max("position"))["position__max"]
    own.delete()
    place = first if first is not None else (0 if last is None else last + 1)
    Creatorship.objects.bulk_create(Creatorship(work=work, pseud_id=each, position=place) for each in chosen)


def _write_series(work: Work, viewer: Viewer, titles: Sequence[str]) -> None:
    """The work stays in series that are named again, leaves others, and comes last in those that are new to it.

    A series is that of one pen name: works of two in one would tell that both are hers.
    """
    hers = [each.pk for each in pseuds_of(viewer)]
    signed = work.creatorships.filter(chapter=None, pseud__in=hers).order_by("position")
    names = list(signed.values_list("pseud", flat=True))
    others = [each for each in hers if each not in names]
    rows = list(work.series_entries.select_related("series"))
    stay = [each for each in rows if each.series.identity not in _identities(others, each.series.title)]
    entries = {each.series.title: each for each in stay}
    going = (each for each in rows if each not in stay or each.series.title not in titles)
    left = [each.series_id for each in going]
    work.series_entries.filter(series__in=left).delete()
    drop_empty_series(left)
    for order, title in enumerate(dict.fromkeys(titles)):
        if title in entries:
            continue
        told = _series_identity(names[0], title)
        series, _ = Series.objects.get_or_create(site="", identity=told, defaults={"title": title})
        last = series.entries.aggregate(Max("position"))["position__max"] or 0
        SeriesEntry.objects.create(series=series, work=work, position=last + 1, order=order)


def _series_identity(pseud: int, title: str) -> str:
    return identity(f"pen name:{pseud}/title:{title}")


def _identities(pseuds: Iterable[int], title: str) -> set[str]:
    return {_series_identity(each, title) for each in pseuds}


def _take_in(work: Work) -> None:
    handing_in.withdraw(work)
    work.state = State.DRAFT
    work.save(update_fields=["state"])


def _come_out(work: Work, viewer: Viewer) -> None:
    """What is posted is neither deleted any more nor goes up later. A new author's first work may have to wait, a draft
    until then.
    """
    Deletion.objects.filter(work=work).delete()
    Scheduled.objects.filter(work=work, chapter=None).delete()
    if handing_in.must_wait(viewer, work):
        return
    handing_in.withdraw(work)
    work.state = State.POSTED
    if work.published is None:
        work.published = now()
    work.revised = work.updated or work.published
    work.save(update_fields=["state", "published", "revised"])


def _how_it_came_out(work: Work) -> str:
    return "Posted" if work.state == State.POSTED else "Handed in"


# -- Chapters ---------------------------------------------------------------------------------------------------------


def add_chapter(
    viewer: Viewer, work: Work, fields: ChapterFields, *, state: State, position: int = 0, token: int = 0
) -> Chapter:
    """One more chapter, at a position or at the end. A form of the same `token` adds one. Raises Unfinished."""
    try:
        return _add_chapter(viewer, work, fields, state=state, position=position, token=token)
    except IntegrityError:
        done = sent_before(viewer, token)
        if done is None or done.chapter is None:  # else the same form came twice in one moment
            raise
        return done.chapter


@transaction.atomic
def _add_chapter(
    viewer: Viewer, work: Work, fields: ChapterFields, *, state: State, position: int, token: int
) -> Chapter:
    _must_write(viewer, work)
    done = sent_before(viewer, token)
    if done is not None and done.chapter is not None:
        return done.chapter
    _raise_any(chapter_troubles(fields, is_posted=state is State.POSTED and work.state == State.POSTED))
    numbers = list(work.chapters.in_order().values_list("pk", flat=True))
    chapter = Chapter.objects.create(work=work, position=len(numbers) + 1, state=state, **_columns(fields))
    placing.write(work, chapter, fields.placements)
    if 0 < position <= len(numbers):
        numbers.insert(position - 1, chapter.pk)
        _put_in_order(work, numbers)
    if state is State.POSTED:
        _chapter_comes_out(work, chapter)
    _settle(work, viewer, f"Added chapter {position or len(numbers) + 1}")
    _note_sent(token, work, chapter)
    return chapter


@transaction.atomic
def save_chapter(viewer: Viewer, chapter: Chapter, fields: ChapterFields, *, state: State | None = None) -> None:
    """What its author wrote of a chapter, anew; with `state`, posted or a draft from now on. Raises Unfinished."""
    work = chapter.work
    if not authorship.may_write_chapter(viewer, chapter):
        raise NotVisible("chapter", chapter.pk)
    wanted = State(chapter.state) if state is None else state
    is_posted = wanted is State.POSTED and work.state == State.POSTED
    _raise_any(chapter_troubles(fields, had=chapter, is_posted=is_posted))
    if is_posted is False and work.state == State.POSTED:
        _must_leave_one(work, chapter)
    was = chapter.state
    _write_chapter(chapter, fields, wanted)
    if wanted is State.POSTED and was != State.POSTED:
        _chapter_comes_out(work, chapter)
    _settle(work, viewer, f"Changed chapter {chapter.position}")


@transaction.atomic
def delete_chapter(viewer: Viewer, chapter: Chapter) -> None:
    """Take a chapter away for good; the revisions before keep its text. Refuses the only one with Unfinished."""
    work, position = chapter.work, chapter.position
    _must_write(viewer, work)
    if not work.chapters.exclude(pk=chapter.pk).exists():
        raise Unfinished({"chapter": "This is the only chapter: delete the work, or write another first."})
    if work.state == State.POSTED:
        _must_leave_one(work, chapter)
    chapter.delete()
    _put_in_order(work, list(work.chapters.in_order().values_list("pk", flat=True)))
    _settle(work, viewer, f"Deleted chapter {position}")


@transaction.atomic
def reorder(viewer: Viewer, work: Work, numbers: Sequence[int]) -> None:
    """Bring the chapters with these numbers into this order. Refuses with Unfinished unless all are named once."""
    _must_write(viewer, work)
    here = list(work.chapters.in_order().values_list("pk", flat=True))
    if sorted(numbers) != sorted(here):
        raise Unfinished({"order": "The chapters have changed meanwhile: look at their order again."})
    if list(numbers) != here:
        _put_in_order(work, numbers)
        _settle(work, viewer, "Changed the order of chapters")


@transaction.atomic
def split(viewer: Viewer, chapter: Chapter, first: Prose, second: Prose, *, title: str = "") -> Chapter:
    """Make two of one: the chapter keeps its address and `first`, the next has `second`. Raises Unfinished."""
    work = chapter.work
    _must_write(viewer, work)
    for part in (first, second):
        if not _has_text(part):
            raise Unfinished({"split": "One of the two halves would have no text: choose another place."})
    chapter.body, chapter.words = first, words(first)
    after, chapter.notes_after = chapter.notes_after, NO_PROSE
    chapter.save()
    more = ChapterFields(body=second, title=title, notes_after=after, published=chapter.published)
    other = Chapter.objects.create(work=work, position=OUT_OF_THE_WAY, state=chapter.state, **_columns(more))
    numbers = [each for each in work.chapters.in_order().values_list("pk", flat=True) if each != other.pk]
    numbers.insert(numbers.index(chapter.pk) + 1, other.pk)
    _put_in_order(work, numbers)
    _settle(work, viewer, f"Split chapter {chapter.position}")
    other.refresh_from_db(fields=["position"])
    return other


def _must_leave_one(work: Work, chapter: Chapter) -> None:
    if not work.chapters.exclude(pk=chapter.pk).filter(state=State.POSTED).exists():
        raise Unfinished(
            {"chapter": "A posted work has a posted chapter, and this is the only one: post another first."}
        )


def _write_chapter(chapter: Chapter, fields: ChapterFields, state: State) -> None:
    for name, value in _columns(fields).items():
        setattr(chapter, name, value)
    chapter.state = state
    chapter.save()
    placing.write(chapter.work, chapter, fields.placements)


def _columns(fields: ChapterFields) -> dict[str, Any]:
    columns: dict[str, Any] = {
        "title": fields.title.strip(),
        "summary": fields.summary,
        "notes_before": fields.notes_before,
        "notes_after": fields.notes_after,
        "body": fields.body,
        "words": words(fields.body),
    }
    return columns if fields.published is None else {**columns, "published": fields.published}


def _chapter_comes_out(work: Work, chapter: Chapter) -> None:
    """Readers of a posted work learn that there is more."""
    Scheduled.objects.filter(chapter=chapter).delete()
    if chapter.published is None:
        chapter.published = now()
        chapter.save(update_fields=["published"])
    if work.state == State.POSTED:
        work.updated = work.revised = max(chapter.published, work.revised)
        work.save(update_fields=["updated", "revised"])


def _put_in_order(work: Work, numbers: Sequence[int]) -> None:
    """Out of the way of each other first: no two may stand at one position, not for a moment."""
    rows = work.chapters.all()
    rows.filter(position__lt=OUT_OF_THE_WAY).update(position=F("position") + OUT_OF_THE_WAY + 1)
    for position, number in enumerate(numbers, start=1):
        rows.filter(pk=number).update(position=position)


# -- Revisions, and what every change ends with -----------------------------------------------------------------------


def _settle(work: Work, viewer: Viewer, what: str) -> None:
    """Take pictures along, count anew, keep the revision, tell the index."""
    bringing.take_along(viewer, work)
    posted = work.chapters.filter(state=State.POSTED).aggregate(words=Sum("words"), count=Count("pk"))
    work.words, work.chapter_count = posted["words"] or 0, posted["count"]
    work.save(update_fields=["words", "chapter_count"])
    last = work.revisions.aggregate(Max("number"))["number__max"] or 0
    Revision.objects.create(
        work=work, number=last + 1, by_id=viewer.user_id, what=what, manuscript=packed(_as_it_is(work))
    )
    ledger.mark(WORK, [work.pk])


def _as_it_is(work: Work) -> Manuscript:
    operator = Viewer.operator()
    fresh = access.work_for(operator, work.pk)
    return manuscripts.of(fresh, access.whole_text_for(operator, fresh))


def revision_for(viewer: Viewer, work: Work, number: int) -> Revision:
    """A version of a work that is hers to write in. Raises NotVisible."""
    found = None
    if may_write(viewer, work) and number <= access.BIGGEST_ID:
        found = work.revisions.filter(number=number).select_related("by").first()
    if found is None:
        raise NotVisible("version", number)
    return found


@transaction.atomic
def restore(viewer: Viewer, work: Work, revision: Revision) -> None:
    """The work as it was then: what was said of it, and its chapters, which keep their addresses.

    Chapters that came later stay behind the others, as drafts. Who may read it, its series and its pen names stay as
    they are. Raises Unfinished.
    """
    _must_write(viewer, work)
    old = manuscript_of(revision)
    fields = replace(
        fields_of(work),
        title=old.title,
        taggings=old.taggings,
        summary=old.summary,
        notes_before=old.notes_before,
        notes_after=old.notes_after,
        language=old.language,
        status=old.status,
        planned_chapters=old.planned_chapters,
        gifts=old.gifts,
        placements=old.placements,
    )
    _raise_any(troubles(fields, had=fields, is_posted=work.state == State.POSTED))
    _write_own(work, viewer, fields)
    _restore_chapters(work, old)
    if work.state == State.POSTED:
        _must_have_text(work)
    _settle(work, viewer, f"Restored version {revision.number}")


def _restore_chapters(work: Work, old: Manuscript) -> None:
    rows = list(work.chapters.in_order())
    order = []
    for place, (then, row) in enumerate(paired(old.chapters, rows)):
        text = ChapterFields(
            body=then.body,
            title=then.title,
            summary=then.summary,
            notes_before=then.notes_before,
            notes_after=then.notes_after,
            published=then.published,
            placements=then.placements,
        )
        chapter = row or Chapter(work=work, position=2 * OUT_OF_THE_WAY + place, state=then.state)
        _write_chapter(chapter, text, State(chapter.state))
        order.append(chapter.pk)
    later = [each for each in rows if each.pk not in order]
    work.chapters.filter(pk__in=[each.pk for each in later]).update(state=State.DRAFT)
    _put_in_order(work, [*order, *(each.pk for each in later)])


def sent_before(viewer: Viewer, token: int) -> Posted | None:
    """What became of a form of hers that was sent already; None for one that was not. 0 is no form's token."""
    if not token:
        return None
    hers = Creatorship.objects.filter(pseud__user=viewer.user_id).values("work")
    return Posted.objects.filter(token=token, work__in=hers).select_related("work", "chapter").first()


def _note_sent(token: int, work: Work, chapter: Chapter | None = None) -> None:
    if token:
        Posted.objects.create(token=token, work=work, chapter=chapter)
