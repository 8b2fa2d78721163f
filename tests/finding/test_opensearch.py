"""OpenSearch keeps the contract and agrees with the oracle: `make test-opensearch` runs this on a real node."""

from __future__ import annotations

import secrets
import threading
from itertools import product
from typing import TYPE_CHECKING

import pytest

from tests.finding.contract import GUEST, OPERATOR, TAGS, Contract, agrees_with_memory, document
from undying.finding.backends import IndexGone
from undying.finding.backends.memory import MemoryBackend
from undying.finding.backends.opensearch import OpenSearchBackend, cluster, dsl
from undying.finding.document import fingerprint
from undying.finding.question import FIELDS, All, Either, HasTag, Not, Prefix, Question, Sort, Words
from undying.finding.tokens import STEMMERS, stems_of
from undying.kernel.conf import Conf
from undying.manuscript import TagKind

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pytest_django.fixtures import SettingsWrapper

    from undying.finding.document import Document

pytestmark = [pytest.mark.opensearch, pytest.mark.slow]

Make = "Callable[..., OpenSearchBackend]"


@pytest.fixture
def make(settings: SettingsWrapper) -> Iterator[Make]:
    """Makes back ends of one archive, with names that no other has; what they made is deleted afterwards."""
    prefix = f"undying-test-{secrets.token_hex(4)}"
    made: list[OpenSearchBackend] = []

    def one(**changes: object) -> OpenSearchBackend:
        values = {**settings.UNDYING.values, "opensearch_prefix": prefix, **changes}
        settings.UNDYING = Conf(settings.UNDYING.home, values)
        made.append(OpenSearchBackend())
        return made[-1]

    yield one
    made[0].forget()
    for each in made:
        each.close()


@pytest.fixture
def backend(make: Make) -> OpenSearchBackend:
    """An empty index."""
    backend = make()
    backend.clear()
    return backend


def indexes(backend: OpenSearchBackend) -> list[str]:
    return sorted(backend._cluster.client.indices.get(index=f"{backend._cluster._works}-*"))


class TestOpenSearch(Contract):
    @pytest.fixture
    def backend(self, backend: OpenSearchBackend) -> OpenSearchBackend:
        return backend

    def test_it_agrees_with_memory_on_random_archives(self, backend: OpenSearchBackend) -> None:
        agrees_with_memory(backend)


def test_several_shards_give_the_same_answers(make: Make) -> None:
    backend = make(opensearch_shards=3)
    backend.clear()
    agrees_with_memory(backend)


def test_counts_that_shards_may_have_cut_short_are_owned_up_to(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    backend = make(opensearch_shards=3)
    backend.clear()
    backend.put([document(each, tags=((TagKind.FANDOM, each, f"Fandom {each}"),)) for each in range(1, 101)])
    assert not backend.find(Question(), OPERATOR, leave_out=()).is_rounded
    monkeypatch.setattr(dsl, "EACH_SHARD", 10)
    found = backend.find(Question(), OPERATOR, leave_out=())
    assert (found.total, found.is_rounded) == (100, True)


def test_another_process_sees_what_was_written(make: Make, backend: OpenSearchBackend) -> None:
    other = make()
    before = other.generation()
    assert other.find(Question(), OPERATOR, leave_out=()).total == 0
    backend.put([document(1)])
    assert other.find(Question(), OPERATOR, leave_out=()).total == 1
    assert other.generation() != before


@pytest.mark.parametrize("sort", Sort)
def test_pages_beyond_those_that_can_be_counted_to_are_walked_to(
    backend: OpenSearchBackend, monkeypatch: pytest.MonkeyPatch, sort: Sort
) -> None:
    memory = MemoryBackend()
    archive = [document(each, title=f"Rain {each % 3}", kudos=each % 4, revised=each // 9) for each in range(1, 48)]
    for each in (memory, backend):
        each.put(archive)
    monkeypatch.setattr(dsl, "WIDEST", 10)
    for ascending, page in product((False, True), range(1, 12)):
        question = Question(sort=sort, ascending=ascending, page=page, size=5, seed=2**31)
        assert backend.find(question, OPERATOR, leave_out=()) == memory.find(question, OPERATOR, leave_out=())


def test_the_last_page_of_more_works_than_opensearch_counts_to_is_found(backend: OpenSearchBackend) -> None:
    backend.put(document(each, title="") for each in range(1, dsl.WIDEST + 31))
    found = backend.find(Question(page=1002, size=10), OPERATOR, leave_out=())
    assert (found.total, found.ids) == (dsl.WIDEST + 30, tuple(range(20, 10, -1)))
    assert backend.find(Question(page=10**9, size=10), OPERATOR, leave_out=()).ids == ()
    assert len(backend.fingerprints()) == dsl.WIDEST + 30


def test_numbers_change_in_both_indexes_and_bring_no_work_into_either(backend: OpenSearchBackend) -> None:
    backend.put([document(1, text="moon", kudos=1)])
    backend.begin()
    backend.fill([document(1, text="moon", kudos=1)])
    changed = document(1, text="moon", kudos=9)
    backend.recount([changed, document(3, kudos=7)])
    assert backend.fingerprints() == {1: fingerprint(changed)}
    backend.finish()
    assert backend.fingerprints() == {1: fingerprint(changed)}
    assert backend.find(Question(node=Words(("moon",))), OPERATOR, leave_out=()).ids == (1,)


def test_an_index_is_made_anew_beside_the_one_that_is_read(make: Make, backend: OpenSearchBackend) -> None:
    backend.put([document(1, text="old"), document(2, text="old")])
    old = indexes(backend)
    reader = make()

    def found() -> set[int]:
        return set(reader.find(Question(), OPERATOR, leave_out=()).ids)

    assert not backend.is_begun()
    backend.begin()
    backend.fill([document(1, text="new"), document(3)])
    backend.keep()
    assert (found(), reader.is_begun(), reader.is_sound()) == ({1, 2}, True, True)
    backend.put([document(4)])
    backend.drop([2])
    assert found() == {1, 4}
    another = make()  # a process that goes on where one was cut off
    another.fill([document(5)])
    before = reader.generation()
    another.finish()
    assert (found(), reader.is_begun()) == ({1, 3, 4, 5}, False)
    assert reader.generation() != before
    assert reader.find(Question(node=Words(("new",))), OPERATOR, leave_out=()).ids == (1,)
    assert len(indexes(backend)) == 1 != old


def test_readers_notice_nothing_while_one_index_takes_the_place_of_another(make: Make) -> None:
    backend, reader = make(), make()
    archive = [document(each) for each in range(1, 100)]
    backend.clear()
    backend.put(archive)
    seen: list[object] = []
    is_over = threading.Event()

    def read() -> None:
        while not is_over.is_set():
            try:
                seen.append(reader.find(Question(), OPERATOR, leave_out=()).total)
            except IndexGone as gone:
                seen.append(gone)

    reading = threading.Thread(target=read)
    reading.start()
    for _ in range(8):
        backend.begin()
        backend.fill(archive)
        backend.finish()
    is_over.set()
    reading.join()
    assert len(seen) > 8
    assert set(seen) == {99}


def test_what_was_begun_and_given_up_is_forgotten_at_the_next_beginning(backend: OpenSearchBackend) -> None:
    backend.begin()
    backend.fill([document(1)])
    backend.begin()
    assert len(indexes(backend)) == 2
    backend.finish()
    assert backend.fingerprints() == {}
    assert len(indexes(backend)) == 1


def test_an_index_of_another_layout_goes_on_until_the_second_of_todays(
    make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cluster, "LAYOUT", "0")
    before = make()
    before.clear()
    before.put([document(1)])
    before._cluster.client.indices.create(index=f"{before._cluster._works}-v0-cut-off")
    monkeypatch.setattr(cluster, "LAYOUT", "1")
    backend = make()
    assert backend.is_gone()
    backend.clear()
    assert (before.find(Question(), OPERATOR, leave_out=()).total, backend.fingerprints()) == (1, {})
    assert len(indexes(backend)) == 2
    backend.clear()
    assert before.is_gone()
    assert len(indexes(backend)) == 1


def test_without_an_index_everything_says_so_and_nothing_is_made_by_accident(backend: OpenSearchBackend) -> None:
    backend.forget()
    assert backend.is_gone()
    assert not backend.is_sound()
    attempts: list[Callable[[], object]] = [
        lambda: backend.find(Question(), OPERATOR, leave_out=()),
        lambda: backend.count([None], OPERATOR, leave_out=()),
        lambda: backend.put([document(1)]),
        lambda: backend.drop([1]),
        lambda: backend.fill([document(1)]),
        backend.finish,
        backend.generation,
        backend.fingerprints,
    ]
    for attempt in attempts:
        with pytest.raises(IndexGone):
            attempt()
    assert indexes(backend) == []
    backend.clear()
    assert backend.fingerprints() == {}


def test_the_longest_search_is_answered_and_finds_the_same(backend: OpenSearchBackend) -> None:
    memory = MemoryBackend()
    words = [f"word{chr(97 + each % 26)}{chr(97 + each // 26)}ing" for each in range(200)]
    archive = [
        document(1, language="en", text=" ".join(words[:150]), title=" ".join(words[150:])),
        document(2, language="en", text=" ".join(word.removesuffix("ing") for word in words)),
        document(3, language="en", text=" ".join(words[:199])),
    ]
    for each in (memory, backend):
        each.put(archive)
    asked = [
        Words((word,), stems=tuple(each for code in STEMMERS for each in stems_of([word], code))) for word in words
    ]
    for node in (All(tuple(asked)), Either(tuple(map(Not, asked))), Not(All(tuple(asked)))):
        expected = memory.find(Question(node=node), OPERATOR, leave_out=())
        assert backend.find(Question(node=node), OPERATOR, leave_out=()) == expected
    assert memory.find(Question(node=All(tuple(asked))), OPERATOR, leave_out=()).ids == (1,)


def test_more_ids_than_a_clause_takes_are_left_out_and_asked_for(backend: OpenSearchBackend) -> None:
    backend.put([document(each, tags=((TagKind.FANDOM, each, "Dracula"),)) for each in (1, 70_000, 80_000)])
    found = backend.find(Question(node=HasTag(tuple(range(1, 75_000)))), GUEST, leave_out=range(2, 70_001))
    assert (found.ids, found.facets[TagKind.FANDOM]) == ((1,), ((1, 1),))


def test_more_counts_than_go_into_one_request_come_in_the_order_they_were_asked_for(backend: OpenSearchBackend) -> None:
    above = ((TagKind.FANDOM, 10),)
    backend.put([document(1, tags=TAGS[:2], ancestors=above), document(2, tags=(TAGS[1],), is_hidden=True)])
    counted = backend.count([HasTag((each,)) for each in range(250)], OPERATOR, leave_out=())
    assert {number: count for number, count in enumerate(counted) if count} == {1: 1, 2: 2, 10: 1}


def test_words_beyond_all_measure_are_kept_and_found(backend: OpenSearchBackend) -> None:
    endless = "a" * 300
    backend.put([document(1, text=f"rain {endless} moon", title="b" * 40_000), document(2, title="\ud800\x00 rain")])
    for node in (Words((endless,)), Words(("rain", endless, "moon")), Prefix("a" * 200)):
        assert backend.find(Question(node=node), OPERATOR, leave_out=()).ids == (1,)
    assert backend.find(Question(sort=Sort.TITLE, ascending=True), OPERATOR, leave_out=()).total == 2


def test_a_better_place_of_a_word_makes_a_better_match(backend: OpenSearchBackend) -> None:
    def one(number: int, **said: str) -> Document:
        words = {**dict.fromkeys(FIELDS, "rain"), **said}
        tags = ((TagKind.ADDITIONAL, 9, words.pop("tag")),)
        return document(number, tags=tags, creators=(words.pop("author"),), **words)

    backend.put([*(one(1 + at, **{field: "moon"}) for at, field in enumerate(FIELDS)), *map(one, range(10, 40))])
    found = backend.find(Question(node=Words(("moon",)), sort=Sort.BEST), OPERATOR, leave_out=()).ids
    told = [FIELDS[each - 1] for each in found]
    assert (told[0], set(told[1:4]), told[4]) == ("title", {"author", "tag", "summary"}, "text")
