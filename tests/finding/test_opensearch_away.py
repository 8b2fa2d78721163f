"""A cluster that does not answer: lists do without it, and nothing is built again for that."""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING

import pytest

from tests.finding.contract import OPERATOR
from tests.makers import make_work
from undying.finding import engine
from undying.finding.backends import IndexAway, NotWritten
from undying.finding.backends.opensearch import OpenSearchBackend, cluster
from undying.finding.criteria import Criteria
from undying.finding.question import Question
from undying.kernel.conf import Conf
from undying.people.viewer import Viewer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_django.fixtures import SettingsWrapper


@pytest.fixture
def mute() -> Iterator[socket.socket]:
    """A server whose calls are never answered: the system takes them, and nobody speaks."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server


def calls(server: socket.socket) -> int:
    """How often it was called."""
    server.settimeout(0.1)
    found = 0
    while True:
        try:
            server.accept()[0].close()
        except TimeoutError:
            return found
        found += 1


def at(address: str, settings: SettingsWrapper) -> OpenSearchBackend:
    settings.UNDYING = Conf(settings.UNDYING.home, {**settings.UNDYING.values, "opensearch_url": (address,)})
    return OpenSearchBackend()


def test_one_reader_waits_for_a_mute_cluster_and_the_next_do_not(
    mute: socket.socket, settings: SettingsWrapper, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cluster, "PATIENCE", 0.1)
    backend = at(f"http://127.0.0.1:{mute.getsockname()[1]}", settings)
    for _ in range(5):
        with pytest.raises(IndexAway):
            backend.find(Question(), OPERATOR, leave_out=())
    with pytest.raises(IndexAway):
        backend.generation()
    assert calls(mute) == 1
    monkeypatch.setattr(cluster.time, "monotonic", lambda: 1e12)
    with pytest.raises(IndexAway):
        backend.count([None], OPERATOR, leave_out=())
    assert calls(mute) == 1
    backend.close()


def test_what_does_not_answer_is_not_gone_and_cannot_be_written(settings: SettingsWrapper) -> None:
    backend = at("http://127.0.0.1:9", settings)
    assert not backend.is_gone()
    assert backend.is_sound()
    for write in (backend.is_begun, backend.begin, backend.finish, backend.clear, lambda: backend.drop([1])):
        with pytest.raises(NotWritten, match="does not answer"):
            write()
    backend.close()


@pytest.mark.django_db
@pytest.mark.usefixtures("home")
def test_lists_go_on_from_the_database_and_say_why(settings: SettingsWrapper) -> None:
    make_work("Rain")
    settings.SEARCH_BACKEND = "undying.finding.backends.opensearch.OpenSearchBackend"
    at("http://127.0.0.1:9", settings).close()
    engine._backend.cache_clear()
    listing = engine.find(Criteria(query="snow"), Viewer.anyone())
    assert ([work.title for work in listing.works], listing.is_partial) == (["Rain"], True)
    assert "The search engine does not answer" in listing.troubles[-1].sentence
