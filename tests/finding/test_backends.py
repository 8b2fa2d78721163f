"""Every back end keeps the contract and agrees with the oracle."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.finding.contract import OPERATOR, Contract, agrees_with_memory, document
from undying.finding.backends import IndexGone
from undying.finding.backends.embedded import EmbeddedBackend
from undying.finding.backends.memory import MemoryBackend
from undying.finding.criteria import Criteria
from undying.finding.document import Sight
from undying.kernel.conf import Conf
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
        assert other.find(Criteria(), OPERATOR, leave_out=(), size=5).total == 0
        backend.put([document(1)])
        assert other.find(Criteria(), OPERATOR, leave_out=(), size=5).total == 1

    @pytest.mark.usefixtures("backend")
    def test_a_missing_or_broken_index_is_named_as_gone(self, tmp_path: Path) -> None:
        for file in (tmp_path / "index").rglob("*.json"):
            file.write_bytes(b"rubbish")
        with pytest.raises(IndexGone):
            EmbeddedBackend().find(Criteria(), Sight.of(Viewer.anyone()), leave_out=(), size=5)


def embedded(tmp_path: Path, settings: SettingsWrapper) -> EmbeddedBackend:
    settings.UNDYING = Conf(tmp_path, settings.UNDYING.values)
    backend = EmbeddedBackend()
    backend.clear()
    return backend
