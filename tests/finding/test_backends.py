"""Every back end keeps the contract and agrees with the oracle."""

from __future__ import annotations

from functools import partial
from itertools import product
from typing import TYPE_CHECKING

import pytest

from tests.finding.contract import GUEST, OPERATOR, TAGS, Contract, agrees_with_memory, document
from undying.finding.backends import IndexGone
from undying.finding.backends import embedded as embedded_engine
from undying.finding.backends.embedded import EmbeddedBackend, facets
from undying.finding.backends.memory import MemoryBackend
from undying.finding.document import Sight
from undying.finding.kept import Kept
from undying.finding.question import IsWork, Not, Question, Sort
from undying.kernel.conf import Conf
from undying.manuscript import State, TagKind
from undying.people.viewer import Viewer

if TYPE_CHECKING:
    from pathlib import Path

    from pytest_django.fixtures import SettingsWrapper


class TestMemory(Contract):
    @pytest.fixture
    def backend(self) -> MemoryBackend:
        return MemoryBackend()


class TestEmbedded(Contract):
    @pytest.fixture
    def backend(self, tmp_path: Path, settings: SettingsWrapper) -> EmbeddedBackend:
        return embedded(tmp_path, settings)

    def test_it_agrees_with_memory_on_random_archives(self, backend: EmbeddedBackend) -> None:
        agrees_with_memory(backend)

    def test_another_process_sees_a_commit(self, backend: EmbeddedBackend) -> None:
        other = EmbeddedBackend()
        assert other.find(Question(size=5), OPERATOR, leave_out=()).total == 0
        backend.put([document(1)])
        assert other.find(Question(size=5), OPERATOR, leave_out=()).total == 1

    def test_beyond_a_limit_tags_are_counted_in_a_sample_and_all_else_is_exact(
        self, backend: EmbeddedBackend, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        memory = MemoryBackend()
        archive = [document(each, tags=TAGS[: 1 + each % len(TAGS)], revised=each // 7) for each in range(1, 3001)]
        for each in (memory, backend):
            each.put(archive)
        question = Question(node=Not(IsWork((5,))), page=3)
        exact = memory.find(question, GUEST, leave_out=())
        assert backend.find(question, GUEST, leave_out=()) == exact
        monkeypatch.setattr(facets, "EXACT_UP_TO", 1500)
        rounded = EmbeddedBackend().find(question, GUEST, leave_out=())
        assert (rounded.total, rounded.ids) == (exact.total, exact.ids)
        assert rounded.is_rounded
        for kind in TagKind:
            assert [tag for tag, _ in rounded.facets[kind]] == [tag for tag, _ in exact.facets[kind]]
            for (_, told), (_, number) in zip(rounded.facets[kind], exact.facets[kind], strict=True):
                assert told == pytest.approx(number, rel=0.15)

    def test_what_is_kept_of_one_viewer_is_never_told_to_another(
        self, backend: EmbeddedBackend, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(embedded_engine, "WORTH_KEEPING", 0)
        backend.put([document(1, owners=(7,), state=State.DRAFT, tags=(TAGS[0],)), document(2, tags=(TAGS[0],))])
        author, other = (Sight(everything=False, hidden_too=False, members_too=True, own=own) for own in (7, 8))
        for _ in range(2):
            for sight, total in ((author, 2), (other, 1), (GUEST, 1), (OPERATOR, 2)):
                found = backend.find(Question(), sight, leave_out=())
                assert (found.total, found.facets[TagKind.FANDOM]) == (total, ((1, total),))
        assert backend.find(Question(), GUEST, leave_out=[2]).total == 0
        backend.put([document(3)])
        assert backend.find(Question(), GUEST, leave_out=()).total == 2
        kept_before = len(backend._kept._answers)
        assert kept_before
        backend.find(Question(), GUEST, leave_out=range(10, 1000))
        assert len(backend._kept._answers) == kept_before

    def test_no_more_answers_are_kept_than_there_is_room_for(self) -> None:
        answers = Kept(most=3)
        made = [answers.of("1", key, partial(int, key), bool) for key in (1, 2, 3, 4, 1, 4)]
        assert made == [1, 2, 3, 4, 1, 4]
        assert len(answers._answers) == 3

    def test_works_of_one_rank_run_over_the_edges_of_pages_by_their_ids(self, backend: EmbeddedBackend) -> None:
        memory = MemoryBackend()
        archive = [document(each, title=f"Rain {each % 3}", kudos=each % 4) for each in range(1, 60)]
        memory.put(archive)
        for each in archive:
            backend.put([each])
        for sort, ascending, page in product(Sort, (False, True), range(1, 12)):
            question = Question(sort=sort, ascending=ascending, page=page, size=6)
            assert backend.find(question, OPERATOR, leave_out=()) == memory.find(question, OPERATOR, leave_out=())

    @pytest.mark.usefixtures("backend")
    def test_a_missing_or_broken_index_is_named_as_gone(self, tmp_path: Path) -> None:
        for file in (tmp_path / "index").rglob("*.json"):
            file.write_bytes(b"rubbish")
        with pytest.raises(IndexGone):
            EmbeddedBackend().find(Question(size=5), Sight.of(Viewer.anyone()), leave_out=())


def embedded(tmp_path: Path, settings: SettingsWrapper) -> EmbeddedBackend:
    settings.UNDYING = Conf(tmp_path, settings.UNDYING.values)
    backend = EmbeddedBackend()
    backend.clear()
    return backend
