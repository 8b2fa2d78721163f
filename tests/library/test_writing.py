"""What an author does to her works: every rule of it, and that each change leaves a revision."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from tests.cast import Cast, viewer
from tests.makers import make_work, prose
from undying.finding import engine, indexer
from undying.finding.criteria import Criteria
from undying.kernel.clock import now
from undying.kernel.errors import NotVisible
from undying.library import access, authorship, writing
from undying.library.actions import withdraw
from undying.library.models import Chapter, Revision, Series, Tag, Work
from undying.library.packing import manuscript_of
from undying.library.writing import ChapterFields, Unfinished, WorkFields
from undying.manuscript import Audience, State, Tagging, TagKind
from undying.people.viewer import Viewer

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("home")]

WHOLE = WorkFields(
    title="The Keeper's Daughter",
    taggings=(
        Tagging(kind=TagKind.RATING, name="General Audiences"),
        Tagging(kind=TagKind.WARNING, name="No Archive Warnings Apply"),
        Tagging(kind=TagKind.FANDOM, name="Dracula"),
    ),
    language="en",
)
TEXT = ChapterFields(body=prose("Rain came in from the sea."))


def posted(cast: Cast, fields: WorkFields = WHOLE) -> Work:
    return writing.start(viewer(cast.ada), fields, TEXT, state=State.POSTED)


def read_by(who: Viewer, work: Work) -> list[str]:
    return [each.title for each in access.chapters_for(who, access.work_for(who, work.pk))]


def test_a_draft_is_its_authors_alone_until_it_is_posted(cast: Cast) -> None:
    ada = viewer(cast.ada)
    work = writing.start(ada, WHOLE, TEXT, state=State.DRAFT)
    indexer.drain_if_free()
    for each in (Viewer.anyone(), viewer(cast.rey), viewer(cast.mo)):
        with pytest.raises(NotVisible):
            access.work_for(each, work.pk)
        assert engine.find(Criteria(), each).total == 0
    assert access.work_for(ada, work.pk).words == 6

    writing.post(ada, work)
    indexer.drain_if_free()
    assert engine.find(Criteria(), Viewer.anyone()).total == 1
    shown = access.work_for(Viewer.anyone(), work.pk)
    assert [each.pseud.name for each in shown.byline] == ["ada"]
    assert shown.published is not None

    writing.take_back(ada, work)
    with pytest.raises(NotVisible):
        access.work_for(Viewer.anyone(), work.pk)


def test_what_is_missing_is_told_beside_each_field_and_nothing_is_written(cast: Cast) -> None:
    with pytest.raises(Unfinished) as refused:
        writing.start(viewer(cast.ada), WorkFields(title=" "), TEXT, state=State.POSTED)
    assert set(refused.value.troubles) == {"title", "rating", "warning", "fandom", "language"}
    with pytest.raises(Unfinished) as refused:
        writing.start(viewer(cast.ada), WHOLE, ChapterFields(), state=State.POSTED)
    assert set(refused.value.troubles) == {"body"}
    assert not Work.objects.exists()
    assert (
        writing.start(viewer(cast.ada), WorkFields(title=" "), ChapterFields(), state=State.DRAFT).title == "Untitled"
    )


def test_limits_are_named_with_what_was_there(cast: Cast) -> None:
    long = replace(WHOLE, title="x" * 300, taggings=(*WHOLE.taggings, Tagging(kind=TagKind.ADDITIONAL, name="y" * 151)))
    with pytest.raises(Unfinished) as refused:
        writing.start(viewer(cast.ada), long, TEXT, state=State.DRAFT)
    assert "300 characters, of 255 at most: shorten it by 45" in refused.value.troubles["title"]
    assert "151" in refused.value.troubles["additional"]
    with pytest.raises(Unfinished) as refused:
        posted(cast, replace(WHOLE, published=now() + timedelta(days=2)))
    assert set(refused.value.troubles) == {"published"}


@pytest.mark.parametrize("who", ["guest", "rey", "mo", "ari"])
def test_nobody_but_a_creator_writes_in_a_work(cast: Cast, who: str) -> None:
    work = posted(cast)
    other = Viewer.anyone() if who == "guest" else viewer(getattr(cast, who))
    chapter = work.chapters.get()
    for act in (
        lambda: writing.save_work(other, work, replace(WHOLE, title="Mine")),
        lambda: writing.post(other, work),
        lambda: writing.take_back(other, work),
        lambda: writing.add_chapter(other, work, TEXT, state=State.POSTED),
        lambda: writing.save_chapter(other, chapter, TEXT),
        lambda: writing.delete_chapter(other, chapter),
        lambda: writing.reorder(other, work, [chapter.pk]),
        lambda: writing.split(other, chapter, prose("a"), prose("b")),
        lambda: writing.work_to_write(other, work.pk),
        lambda: authorship.chapter_to_write(other, work, chapter.pk),
    ):
        with pytest.raises(NotVisible):
            act()
    assert work.revisions.count() == 1
    assert Work.objects.get().title == WHOLE.title


def test_a_guest_starts_nothing(cast: Cast) -> None:
    with pytest.raises(NotVisible):
        writing.start(Viewer.anyone(), WHOLE, TEXT, state=State.DRAFT)


def test_a_form_that_is_sent_twice_makes_one_work_and_one_chapter(cast: Cast) -> None:
    ada = viewer(cast.ada)
    works = {writing.start(ada, WHOLE, TEXT, state=State.POSTED, token=7).pk for _ in range(2)}
    work = Work.objects.get(pk=works.pop())
    assert not works
    chapters = {writing.add_chapter(ada, work, TEXT, state=State.POSTED, token=8).pk for _ in range(2)}
    assert len(chapters) == 1
    assert writing.sent_before(viewer(cast.rey), 7) is None


def test_saving_changes_what_is_said_and_keeps_the_addresses_and_other_creators(cast: Cast) -> None:
    ada, work = viewer(cast.ada), posted(cast, replace(WHOLE, series=("Nights",)))
    work.creatorships.create(pseud=cast.rey.pseuds.get(), position=1)
    chapter = work.chapters.get().pk
    changed = replace(
        WHOLE,
        title="The Lighthouse",
        audience=Audience.MEMBERS,
        gifts=("Rey",),
        series=("Days",),
        taggings=(*WHOLE.taggings[1:], Tagging(kind=TagKind.RATING, name="Explicit")),
    )

    writing.save_work(ada, work, changed)

    told = writing.fields_of(Work.objects.get())
    assert (told.title, told.audience, told.gifts, told.series) == (
        changed.title,
        changed.audience,
        ("Rey",),
        ("Days",),
    )
    assert Work.objects.get().is_adult
    assert work.chapters.get().pk == chapter
    assert [each.pseud.name for each in access.work_for(ada, work.pk).byline] == ["ada", "rey"]
    assert [each.title for each in Series.objects.all()] == ["Days"]
    assert not Tag.objects.filter(name="General Audiences").exists()
    with pytest.raises(NotVisible):
        access.work_for(Viewer.anyone(), work.pk)


def test_chapters_are_added_inserted_moved_split_and_deleted_and_counted_each_time(cast: Cast) -> None:
    ada, work = viewer(cast.ada), posted(cast)
    two = writing.add_chapter(ada, work, replace(TEXT, title="Two"), state=State.POSTED)
    before = writing.add_chapter(ada, work, replace(TEXT, title="Before"), state=State.POSTED, position=1)
    assert read_by(Viewer.anyone(), work) == ["Before", "", "Two"]

    one = work.chapters.get(title="")
    writing.reorder(ada, work, [one.pk, before.pk, two.pk])
    assert read_by(Viewer.anyone(), work) == ["", "Before", "Two"]
    with pytest.raises(Unfinished):
        writing.reorder(ada, work, [one.pk, one.pk, two.pk])

    one = Chapter.objects.get(pk=one.pk)
    half = writing.split(ada, one, prose("Rain came in"), prose("from the sea."), title="Half")
    assert read_by(Viewer.anyone(), work) == ["", "Half", "Before", "Two"]
    assert half.position == 2
    writing.delete_chapter(ada, Chapter.objects.get(pk=before.pk))
    assert list(work.chapters.in_order().values_list("position", flat=True)) == [1, 2, 3]
    shown = Work.objects.get()
    assert (shown.words, shown.chapter_count) == (12, 3)


def test_the_last_posted_chapter_stays(cast: Cast) -> None:
    ada, work = viewer(cast.ada), posted(cast)
    with pytest.raises(Unfinished):
        writing.delete_chapter(ada, work.chapters.get())
    writing.add_chapter(ada, work, TEXT, state=State.DRAFT)
    with pytest.raises(Unfinished):
        writing.delete_chapter(ada, work.chapters.get(position=1))


def test_a_draft_chapter_waits_inside_a_posted_work(cast: Cast) -> None:
    ada, work = viewer(cast.ada), posted(cast, replace(WHOLE, published=datetime(2020, 1, 2, tzinfo=UTC)))
    waiting = writing.add_chapter(ada, work, replace(TEXT, title="Two"), state=State.DRAFT)
    assert read_by(Viewer.anyone(), work) == [""]
    assert Work.objects.get().revised.year == 2020

    writing.save_chapter(ada, waiting, replace(TEXT, title="Two"), state=State.POSTED)
    assert read_by(Viewer.anyone(), work) == ["", "Two"]
    assert Work.objects.get().revised > datetime(2021, 1, 1, tzinfo=UTC)


def test_every_change_leaves_a_revision_that_goes_with_the_work(cast: Cast) -> None:
    ada, work = viewer(cast.ada), posted(cast)
    writing.save_chapter(ada, work.chapters.get(), ChapterFields(body=prose("Snow.")))

    first, second = work.revisions.order_by("number")
    assert (first.number, second.number, second.by) == (1, 2, cast.ada)
    assert manuscript_of(first).chapters[0].body == prose("Rain came in from the sea.")
    assert manuscript_of(second).chapters[0].body == prose("Snow.")
    withdraw(work)
    assert not Revision.objects.exists()


def test_an_imported_work_is_written_in_by_the_one_who_has_it(cast: Cast) -> None:
    work = make_work(owner=cast.ada, tags={TagKind.FANDOM: ["D" * 200]})
    ada = viewer(cast.ada)
    writing.save_work(ada, work, replace(WHOLE, taggings=(*WHOLE.taggings, *writing.fields_of(work).taggings)))
    assert Work.objects.get().title == WHOLE.title
