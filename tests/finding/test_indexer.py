"""The index follows the database."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.finding.test_backends import embedded
from tests.makers import make_work, prose, put
from tests.manuscripts import sample_one_chapter
from undying.finding import engine, indexer
from undying.finding.criteria import Criteria
from undying.finding.question import Sort
from undying.kernel import ledger
from undying.kernel.turns import Busy
from undying.library import counters, wrangling
from undying.library.actions import withdraw
from undying.library.counters import Counter
from undying.library.models import Chapter, Placement, Tag, Work
from undying.manuscript import Source, State, Tagging, TagKind
from undying.people.viewer import Viewer

pytestmark = pytest.mark.usefixtures("home", "db")
OPERATOR = Viewer.operator()


def found(query: str = "") -> list[str]:
    return [work.title for work in engine.find(Criteria(query=query), OPERATOR).works]


def test_what_was_put_up_is_found_by_everything_that_it_says():
    put(sample_one_chapter())

    for query in ("typewriter", "author:hat", "tag:harker", "summary:diaries", 'text:"left munich"', "page"):
        assert found(query) == ["What the Typewriter Kept"], query


def test_the_notes_and_the_text_of_drafts_are_not_searched():
    work = make_work("Open", text="lamp")
    draft = Chapter.objects.create(work=work, position=2, title="moon", body=prose("rain"), state=State.DRAFT)
    Placement.objects.create(work=work, chapter=draft, position=1, relation="within", part="7")
    ledger.mark("work", [work.pk])
    indexer.drain_if_free()
    document = next(indexer.documents_of([work.pk]))

    assert found("rain") == found("moon") == []
    assert document.placements == ()


def test_a_work_that_is_gone_leaves_the_index():
    work = make_work("Going", text="lamp")
    withdraw(work)

    assert found("lamp") == []
    assert indexer.drain_if_free() == 1
    assert engine.fingerprints() == {}


def test_draining_twice_does_nothing_the_second_time():
    make_work()

    assert indexer.drain_if_free() == 0


def test_while_another_process_writes_nothing_is_drained_or_lost():
    work = make_work()
    ledger.mark("work", [work.pk])
    with engine.writing() as is_ours:
        assert is_ours
        assert indexer.drain_if_free() == 0

    assert indexer.drain_if_free() == 1


def test_a_change_while_the_indexer_runs_stays_due(monkeypatch):
    work = make_work()
    ledger.mark("work", [work.pk])
    put_ = engine.put

    def put_and_change(documents):
        put_(documents)
        monkeypatch.setattr(engine, "put", put_)
        ledger.mark("work", [work.pk])

    monkeypatch.setattr(engine, "put", put_and_change)

    assert indexer.drain_if_free() == 2
    assert ledger.backlog("search") == 0


def test_an_index_that_is_gone_is_made_anew_from_the_database(tmp_path, settings):
    titles = {make_work(f"Night {number}").title for number in range(3)}
    settings.SEARCH_BACKEND = "undying.finding.backends.embedded.EmbeddedBackend"
    engine._backend.cache_clear()

    assert engine.is_gone()
    listing = engine.find(Criteria(query="nothing of that"), OPERATOR)
    assert listing.is_partial
    assert {work.title for work in listing.works} == titles
    indexer.drain_if_free()
    assert not engine.is_gone()
    assert indexer.check() == []
    assert set(found("night")) == titles


def test_check_tells_what_is_missing_left_over_or_old():
    one, two = make_work("One"), make_work("Two")
    assert indexer.check() == []
    engine.drop([one.pk])
    assert indexer.check() == ["The index lacks 1 works."]
    engine.put(list(indexer.documents_of([one.pk])))
    Work.objects.filter(pk=two.pk).update(title="Three")
    assert indexer.check() == ["The index has an old state of 1 works."]
    ledger.mark("work", [two.pk])
    assert indexer.check() == []
    Work.objects.filter(pk=one.pk).delete()
    assert indexer.check() == ["The index has 1 works that the database has not."]


def test_reading_documents_costs_the_same_number_of_queries_however_many_they_are(django_assert_num_queries):
    numbers = [
        put(replace(sample_one_chapter(), source=Source(site="x.example", key=str(each)))).pk for each in range(6)
    ]

    for some in (numbers[:2], numbers):
        with django_assert_num_queries(8):
            assert len(list(indexer.documents_of(some))) == len(some)


def test_long_works_are_written_one_by_one_and_nothing_is_read_meanwhile(monkeypatch):
    monkeypatch.setattr(indexer, "CHARACTERS_AT_A_TIME", 1)
    works = [make_work(title, text="lamp") for title in ("One", "Two", "Three")]
    ledger.mark("work", [each.pk for each in works])

    assert indexer.drain_if_free() == 3
    assert sorted(found("lamp")) == ["One", "Three", "Two"]


def test_the_embedded_index_finds_what_the_indexer_wrote(tmp_path, settings):
    work = put(sample_one_chapter())
    backend = embedded(tmp_path, settings)
    backend.put(list(indexer.documents_of([work.pk])))

    assert set(backend.fingerprints()) == {work.pk}


def test_a_rebuild_beside_another_writer_is_refused():
    with engine.writing(), pytest.raises(Busy):
        indexer.rebuild()


def test_what_wranglers_say_of_tags_reaches_the_index():
    wide = put(replace(sample_one_chapter(), taggings=(Tagging(kind=TagKind.FANDOM, name="Gothic"),))).pk
    work = make_work(tags={TagKind.FANDOM: ["Dracula - Bram Stoker", "dracula", "Gothic Novels"]})
    gothic, novel, short, novels = (
        Tag.objects.get(name=name) for name in ("Gothic", "Dracula - Bram Stoker", "dracula", "Gothic Novels")
    )
    wrangling.make_synonym(short, of=novel)
    wrangling.make_synonym(novels, of=gothic)
    wrangling.set_parent(novel, gothic)
    indexer.drain_if_free()
    document = next(indexer.documents_of([work.pk]))

    assert document.tags == (
        (TagKind.FANDOM, novel.pk, "Dracula - Bram Stoker"),
        (TagKind.FANDOM, gothic.pk, "Gothic"),
    )
    assert (set(document.synonyms), document.ancestors) == ({"dracula", "Gothic Novels"}, ())
    found = engine.find(Criteria(include=(gothic.pk,)), OPERATOR)
    assert {each.pk for each in found.works} == {work.pk, wide}
    wrangling.free_synonym(novels)
    indexer.drain_if_free()
    assert next(indexer.documents_of([work.pk])).ancestors == ((TagKind.FANDOM, gothic.pk),)
    assert indexer.check() == []


def test_numbers_that_changed_reach_the_index_in_batches(monkeypatch):
    works = [make_work(f"Night {number}") for number in range(3)]
    monkeypatch.setattr(indexer, "COUNTERS_AT_A_TIME", 2)
    counters.bump(Counter.KUDOS, {works[0].pk: 1, works[1].pk: 3, works[2].pk: 2})
    worker = indexer.Worker()
    worker.turn()
    worker.turn()

    assert ledger.backlog("counters") == 1
    worker.close()
    indexer.drain_if_free()
    assert ledger.backlog("counters") == 0
    listing = engine.find(Criteria(sort=Sort.KUDOS), OPERATOR)
    assert [each.pk for each in listing.works] == [works[1].pk, works[2].pk, works[0].pk]


def test_a_worker_keeps_the_right_to_write_and_makes_what_others_ask_for():
    worker = indexer.Worker()
    with engine.writing():
        assert worker.turn() is False
    worker.turn()
    work = make_work()

    assert ledger.backlog("search") == 1
    with pytest.raises(Busy):
        indexer.rebuild()
    indexer.ask_for_rebuild()
    assert not indexer.is_rebuilt()
    while worker.turn():
        pass
    assert indexer.is_rebuilt()
    assert found() == [work.title]
    worker.close()
    assert indexer.rebuild() == 1
