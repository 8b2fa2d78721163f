"""The embedded engine looks after itself: made anew beside the one that answers, mended, upgraded, bounded."""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING

import pytest

from tests.finding.contract import OPERATOR, document
from tests.makers import make_work
from undying.finding import engine, indexer
from undying.finding.backends import IndexGone, NotWritten
from undying.finding.backends.embedded import EmbeddedBackend, asked, folders, rows, writer
from undying.finding.criteria import Criteria
from undying.finding.question import All, Either, HasTag, IsWork, Not, Prefix, Question, Sort, Words
from undying.kernel import ledger
from undying.people.viewer import Viewer

if TYPE_CHECKING:
    from pathlib import Path

    from pytest_django.fixtures import SettingsWrapper

pytestmark = pytest.mark.usefixtures("db", "embedded")
ANYONE = Viewer.anyone()


@pytest.fixture
def embedded(home: Path, settings: SettingsWrapper) -> Path:
    """The data folder, with the embedded engine configured."""
    settings.SEARCH_BACKEND = "undying.finding.backends.embedded.EmbeddedBackend"
    engine._backend.cache_clear()
    return home


def found(query: str = "") -> list[str]:
    listing = engine.find(Criteria(query=query), ANYONE)
    return [] if listing.is_partial else sorted(work.title for work in listing.works)


def anew() -> EmbeddedBackend:
    """As a process that begins sees the index."""
    engine._backend.cache_clear()
    return EmbeddedBackend()


class Killed(BaseException):
    """As a kill: nothing is cleaned up."""


def cut_off_after(monkeypatch: pytest.MonkeyPatch, portions: int) -> list[int]:
    """Kill the next making after so many portions; the sizes of the portions that were filled in."""
    sizes: list[int] = []
    fill = engine.fill

    def fill_or_die(documents):
        if len(sizes) == portions:
            raise Killed
        those = list(documents)
        fill(those)
        sizes.append(len(those))

    monkeypatch.setattr(engine, "fill", fill_or_die)
    return sizes


def test_while_an_index_is_made_anew_the_old_one_answers_and_gets_what_changes(monkeypatch):
    monkeypatch.setattr(indexer, "AT_A_TIME", 1)
    works = [make_work(f"Night {number}") for number in range(3)]
    before = folders.live()
    seen: list[list[str]] = []
    fill = engine.fill

    def fill_and_look(documents):
        fill(list(documents))
        if len(seen) == 1:
            works[0].title = "Dawn"
            works[0].save()
            ledger.mark("work", [works[0].pk])
        seen.append(found())

    monkeypatch.setattr(engine, "fill", fill_and_look)
    monkeypatch.setattr(indexer, "MAKING_AT_A_TIME", 0.0)
    assert indexer.rebuild() >= 3

    assert seen[0] == ["Night 0", "Night 1", "Night 2"]
    assert "Dawn" in seen[-1]
    assert found() == ["Dawn", "Night 1", "Night 2"]
    assert folders.live() != before
    assert not before.exists()
    assert indexer.check() == []


def test_a_making_that_was_killed_goes_on_where_it_was_kept(monkeypatch):
    titles = sorted(make_work(f"Night {number}").title for number in range(6))
    monkeypatch.setattr(indexer, "AT_A_TIME", 1)
    monkeypatch.setattr(indexer, "KEPT_AT_A_TIME", 2)
    sizes = cut_off_after(monkeypatch, 5)
    with pytest.raises(Killed):
        indexer.rebuild()
    monkeypatch.undo()

    assert sizes == [1] * 5
    anew()
    assert found() == titles
    assert indexer.making() == indexer.Making(indexer.making().after, 4, 6)
    sizes = cut_off_after(monkeypatch, 99)
    indexer.drain_if_free()
    assert sizes == [2]
    assert found() == titles
    assert indexer.check() == []


def test_a_lost_index_is_noticed_lists_go_on_and_it_is_made_again(embedded):
    work = make_work(text="lamp")
    for file in (embedded / "index").rglob("*"):
        if file.is_file():
            file.unlink()
    anew()
    listing = engine.find(Criteria(query="lamp"), ANYONE)

    assert (listing.is_partial, list(listing.works)) == (True, [work])
    assert "index" in listing.troubles[-1].sentence
    indexer.drain_if_free()
    assert found("lamp") == [work.title]


@pytest.mark.parametrize("ending", ["term", "idx", "fast", "pos"])
def test_a_damaged_file_is_noticed_by_who_reads_it_and_the_index_is_made_again(ending):
    work = make_work(text="lamp " * 50)
    (file,) = folders.live().glob(f"*.{ending}")
    os.truncate(file, file.stat().st_size // 2)
    anew()

    assert found("lamp") in ([], [work.title])
    assert indexer.check() != []
    indexer.drain_if_free()
    assert found("lamp") == [work.title]
    assert indexer.check() == []


def test_one_wrong_byte_is_found_by_verifying(embedded):
    make_work(text="lamp")
    (file,) = folders.live().glob("*.fast")
    content = bytearray(file.read_bytes())
    content[len(content) // 3] ^= 1
    file.write_bytes(content)

    assert indexer.check() == [
        "There is no search index, or it cannot be read: files of the index are not as they were written."
    ]
    indexer.drain_if_free()
    assert indexer.check() == []


def test_what_was_called_damaged_and_is_not_stays():
    make_work()
    before = folders.live()
    folders.mark_damaged(before)
    indexer.drain_if_free()

    assert folders.live() == before
    assert not folders.is_marked(before)


def test_an_index_of_an_older_layout_answers_until_one_of_todays_is_made(monkeypatch):
    work = make_work("Night")
    before = folders.live()
    for module in (rows, folders, writer):
        monkeypatch.setattr(module, "LAYOUT", "next")
    monkeypatch.setattr("undying.finding.backends.embedded.LAYOUT", "next")
    monkeypatch.setattr(folders, "STILL_READ", frozenset({"next", folders.layout_of(before)}))
    anew()

    assert found() == ["Night"]
    sizes = cut_off_after(monkeypatch, 0)
    with pytest.raises(Killed):
        indexer.drain_if_free()
    assert (found(), sizes, folders.live()) == (["Night"], [], before)
    monkeypatch.setattr(engine, "fill", engine._backend().fill)
    work.title = "Dawn"
    work.save()
    ledger.mark("work", [work.pk])
    indexer.drain_if_free()
    assert folders.layout_of(folders.live()) == "next"
    assert found() == ["Dawn"]


def test_an_index_of_a_layout_that_is_not_read_any_more_counts_as_gone(monkeypatch):
    make_work("Night")
    for module in (rows, folders, writer):
        monkeypatch.setattr(module, "LAYOUT", "next")
    monkeypatch.setattr("undying.finding.backends.embedded.LAYOUT", "next")
    monkeypatch.setattr(folders, "STILL_READ", frozenset({"next"}))
    anew()

    assert engine.is_gone()
    indexer.drain_if_free()
    assert found() == ["Night"]


def test_a_full_disk_is_told_in_a_sentence_and_what_was_to_be_written_stays_due(monkeypatch):
    make_work("Night")
    worker = indexer.Worker()
    worker.turn()
    work = make_work("Dawn")
    full = [True]
    commit = writer.Writer.commit

    def commit_or_not(self):
        with self._spoiling():
            if full[0]:
                raise ValueError("An IO error occurred: 'No space left on device (os error 28)'")
        commit(self)

    monkeypatch.setattr(writer.Writer, "commit", commit_or_not)
    with pytest.raises(NotWritten, match=r"cannot be written: the disk that holds .* is full; free some space"):
        worker.turn()
    assert worker.turn() is False
    assert ledger.backlog("search") == 1
    assert found() == ["Night"]
    full[0] = False
    monkeypatch.setattr(worker, "_resting_until", 0.0)
    worker.turn()
    worker.close()
    assert found() == ["Dawn", "Night"]
    assert work.pk in engine.fingerprints()


def test_a_folder_that_cannot_be_made_is_told_in_a_sentence(embedded):
    (embedded / "index").write_bytes(b"")

    with pytest.raises(NotWritten, match="The search index cannot be written: "):
        EmbeddedBackend().clear()


def test_what_is_saved_is_found_after_one_turn_while_an_index_is_made(monkeypatch):
    for number in range(3):
        make_work(f"Night {number}")
    monkeypatch.setattr(indexer, "MAKING_AT_A_TIME", 0.0)
    worker = indexer.Worker()
    worker.turn()
    indexer.ask_for_rebuild()
    worker.turn()
    make_work("Dawn")
    worker.turn()

    assert "Dawn" in found(), "one turn is enough, and one is taken every second"
    worker.close()


@pytest.mark.parametrize(
    "node",
    [
        HasTag(tuple(range(5000))),
        HasTag(tuple(range(5000)), direct=True),
        HasTag((-1, 2**70)),
        All(tuple(Not(HasTag((each,))) for each in range(5000))),
        Either(tuple(HasTag((each,)) for each in range(5000))),
        Not(IsWork(tuple(range(2**53 - 5000, 2**53)))),
        Words(("x" * 100_000,)),
        Words(("moon",) * 1000),
        Prefix("(.*)*" * 40),
        Prefix("é" * 100_000),
        Prefix("\\"),
    ],
    ids=lambda node: f"{type(node).__name__}",
)
def test_nothing_that_is_asked_is_endless(node):
    backend = EmbeddedBackend()
    backend.clear()
    backend.put([document(each, text="moon " * 20) for each in range(1, 200)])
    began = time.process_time()
    for sort in (Sort.BEST, Sort.REVISED):
        backend.find(Question(node=node, sort=sort), OPERATOR, leave_out=())

    assert time.process_time() - began < 10, "what goes wrong here takes minutes"
    assert backend.is_sound()


def test_a_page_far_behind_the_last_is_empty_at_once():
    backend = EmbeddedBackend()
    backend.clear()
    backend.put([document(each) for each in range(1, 30)])

    for sort in (Sort.BEST, Sort.RANDOM, Sort.TITLE, Sort.KUDOS):
        hits = backend.find(Question(sort=sort, page=10**9), OPERATOR, leave_out=())
        assert (hits.total, hits.ids) == (29, ())


def test_trees_deeper_than_anybody_means_are_refused_and_no_damage_is_noted():
    backend = EmbeddedBackend()
    backend.clear()
    backend.put([document(1)])
    for wrap in (Not, lambda inner: All((inner,)), lambda inner: Either((inner, HasTag((1,))))):
        node = HasTag((1,))
        for _ in range(400):
            node = wrap(node)
        with pytest.raises(asked.TooDeep):
            backend.find(Question(node=node), OPERATOR, leave_out=())
    assert backend.is_sound()


def test_without_any_index_writing_says_so():
    with pytest.raises(IndexGone):
        EmbeddedBackend().put([document(1)])
