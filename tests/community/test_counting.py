"""The numbers of works: what everybody may see of what readers said and keep, and what sources had counted."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from tests.keepsakes import FAVOURITES, LUCY, MINA, SITE, write_dump
from tests.makers import make_manuscript, make_work, prose
from undying.community import counting
from undying.community.access import reviews_for
from undying.exchange import keepsakes, undo
from undying.exchange.imports import Wish, bring_in
from undying.exchange.models import Batch
from undying.exchange.takers import open_batch
from undying.kernel.models import Pending
from undying.library import counters
from undying.library.actions import accession, also_known, known_no_more, withdraw
from undying.library.counters import Counter
from undying.library.models import Counters, Work
from undying.manuscript import Chapter, Manuscript, Review, Source, State
from undying.manuscript.codec import keepsake_to_json, to_json
from undying.people.viewer import Viewer

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("home")]

CHAPTERS = (Chapter(body=prose("one")), Chapter(body=prose("two"), state=State.DRAFT))


def counted(work: Work) -> dict[str, int]:
    """What is above zero once all is counted."""
    counting.drain_if_free()
    row = Counters.objects.filter(work=work).first() or Counters()
    return {each.value: getattr(row, each) for each in Counter if getattr(row, each)}


def due() -> set[int]:
    return set(Pending.objects.filter(consumer="counters").values_list("object_id", flat=True))


def said(chapter: int = 0, **more: str) -> Review:
    return Review(name="Rey", body=prose("Lovely."), chapter=chapter, **more)


def test_a_guest_learns_of_no_review_that_she_may_not_read():
    reviews = (
        said(),
        said(1, key="a"),
        said(2, key="b"),
        said(0, key="c", answers="b"),
        said(0, key="d", answers="c"),
        said(0, answers="a"),
    )
    work = make_work(chapters=CHAPTERS, reviews=reviews)
    assert counted(work) == {"comments": 3}
    assert len(reviews_for(Viewer.anyone(), work)) == 3


def test_a_chapter_that_is_posted_brings_its_reviews_into_the_count():
    draft = make_manuscript(chapters=CHAPTERS, reviews=(said(2),), source=Source(site=SITE, key="1"))
    work = accession(draft).work
    assert counted(work) == {}
    work = make_work(chapters=2, reviews=(said(2),))
    assert counted(work) == {"comments": 1}


def test_counting_tells_the_index_only_what_changed():
    work, other = make_work(reviews=(said(),)), make_work()
    counting.drain_if_free()
    assert due() == {work.pk}
    Pending.objects.filter(consumer="counters").delete()
    counting.recount([work.pk, other.pk])
    assert due() == set()


def test_nothing_is_counted_of_what_is_gone():
    work = make_work(reviews=(said(),))
    withdraw(Work.objects.get(pk=work.pk))
    assert counting.drain_if_free() > 0
    assert not Counters.objects.exists()
    assert not Pending.objects.filter(consumer="counting").exists()


def test_many_works_cost_no_more_queries_than_few(django_assert_max_num_queries: pytest.FixtureRequest):
    works = [make_work(reviews=(said(),)).pk for _ in range(12)]
    with django_assert_max_num_queries(16):  # type: ignore[operator]  # pytest-django types the fixture loosely
        counting.recount(works)


def lines(path: Path, *stories: Manuscript) -> Path:
    favourites = [FAVOURITES[0], replace(FAVOURITES[0], member=MINA, source=Source(site=SITE, key="1/ST/334"))]
    return write_dump(path, [*map(to_json, stories), *map(keepsake_to_json, favourites)])


@pytest.mark.django_db(transaction=True)
def test_bookmarks_are_the_members_who_keep_it_once_everybody_may_know(tmp_path: Path):
    story = make_manuscript(source=Source(site=SITE, key="334"), credits=(MINA,))
    bring_in(Wish(paths=[lines(tmp_path / "dump.jsonl", story)]))
    work = Work.objects.get()
    assert counted(work) == {}
    open_batch(Batch.objects.get())
    assert counted(work) == {"bookmarks": 2}


@pytest.mark.django_db(transaction=True)
def test_bookmarks_follow_the_keys_that_a_work_answers_to_and_go_with_their_import(tmp_path: Path):
    work = make_work()
    bring_in(Wish(paths=[lines(tmp_path / "dump.jsonl")]))
    batch = Batch.objects.get()
    open_batch(batch)
    assert counted(work) == {}
    also_known(work, [Source(site=SITE, key="334")])
    assert counted(work) == {"bookmarks": 2}
    known_no_more(work, [Source(site=SITE, key="334")])
    assert counted(work) == {}
    also_known(work, [Source(site=SITE, key="334")])
    assert counted(work) == {"bookmarks": 2}
    undo.undo(batch)
    assert counted(work) == {}


def test_one_who_keeps_two_copies_of_a_work_counts_once():
    assert LUCY != MINA
    work = make_work()
    also_known(work, [Source(site=SITE, key="334"), Source(site=SITE, key="335")])
    batch = Batch.objects.create(digest="p" * 64, label="favourites", is_open=True)
    for key in ("334", "335"):
        keepsakes.receive(replace(FAVOURITES[0], target=key, source=Source(site=SITE, key=f"7/{key}")), batch)
    assert counted(work) == {"bookmarks": 1}


@pytest.mark.parametrize(
    ("extras", "expected"),
    [
        ([("eFiction reads", "1204")], {"hits": 1204}),
        (
            [("Hits", "12,345"), ("Kudos", "1.204"), ("Comments", "9"), ("Bookmarks", "3")],
            {"hits": 12345, "kudos": 1204},
        ),
        ([("Hits", "7"), ("eFiction reads", "9")], {"hits": 9}),
        ([("Hits", "many"), ("Kudos", ""), ("Hits", "-4"), ("Kudos", "1,2")], {}),
        ([("Hits", "9" * 4000)], {"hits": 2**31 - 1}),
    ],
)
def test_works_begin_with_what_their_source_had_counted(extras: list[tuple[str, str]], expected: dict[str, int]):
    assert counted(make_work(extras=tuple(extras))) == expected


def test_a_newer_telling_adds_what_is_new_and_keeps_what_was_added_here():
    def told(reads: int) -> Work:
        story = make_manuscript(source=Source(site=SITE, key="1"), extras=(("eFiction reads", str(reads)),))
        return accession(story).work

    work = told(100)
    counters.bump(Counter.HITS, {work.pk: 5})
    told(120)
    assert counted(work) == {"hits": 125}
    told(100)
    assert counted(work) == {"hits": 105}
