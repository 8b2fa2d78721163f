"""The index follows the database."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.finding.test_backends import embedded
from tests.makers import make_work, prose, put
from tests.manuscripts import sample_one_chapter
from undying.finding import engine, indexer
from undying.finding.criteria import Criteria
from undying.kernel import ledger
from undying.kernel.turns import Busy
from undying.library.actions import withdraw
from undying.library.models import Chapter, Placement, Work
from undying.manuscript import Source, State
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


def test_reading_documents_costs_one_query_for_the_text_of_each_and_no_more(django_assert_num_queries):
    numbers = [
        put(replace(sample_one_chapter(), source=Source(site="x.example", key=str(each)))).pk for each in range(6)
    ]

    for some in (numbers[:2], numbers):
        with django_assert_num_queries(5 + len(some)):
            assert len(list(indexer.documents_of(some))) == len(some)


def test_the_embedded_index_finds_what_the_indexer_wrote(tmp_path, settings):
    work = put(sample_one_chapter())
    backend = embedded(tmp_path, settings)
    backend.put(list(indexer.documents_of([work.pk])))

    assert set(backend.fingerprints()) == {work.pk}


def test_a_rebuild_that_was_cut_off_leaves_everything_due_and_lists_say_so(monkeypatch):
    work = make_work()

    def cut_off():
        raise KeyboardInterrupt

    monkeypatch.setattr(engine, "clear", cut_off)
    with pytest.raises(KeyboardInterrupt):
        indexer.rebuild()
    monkeypatch.undo()
    listing = engine.find(Criteria(), Viewer.anyone())
    assert (listing.is_partial, list(listing.works)) == (True, [work])
    assert indexer.drain_if_free() == 1
    assert not engine.find(Criteria(), Viewer.anyone()).is_partial


def test_a_rebuild_beside_another_writer_is_refused():
    with engine.writing(), pytest.raises(Busy):
        indexer.rebuild()
