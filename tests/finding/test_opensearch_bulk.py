"""Writing to a cluster that is busy, away, or will not have it: a small server answers as OpenSearch would."""

from __future__ import annotations

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

import pytest
from opensearchpy import OpenSearch

from undying.finding.backends import IndexAway, IndexGone, NotWritten
from undying.finding.backends.opensearch import bulk, cluster
from undying.finding.backends.opensearch.bulk import Act

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

Answer = tuple[int, object]


class Pretender:
    """Answers bulk requests by a function of what stands in them, and keeps the works of each."""

    def __init__(self) -> None:
        self.seen: list[list[int]] = []
        self.sizes: list[int] = []
        self.answer: Callable[[list[int]], Answer] = taken
        pretender = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                heads = [json.loads(line) for line in body.splitlines() if b'"_id"' in line]
                works = [int(head[verb]["_id"]) for head in heads for verb in head]
                pretender.seen.append(works)
                pretender.sizes.append(len(body))
                status, told = pretender.answer(works)
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.end_headers()
                self.wfile.write(json.dumps(told).encode())

            def log_message(self, *args: object) -> None:
                """Say nothing."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)


def item(work: int, status: int = 200, verb: str = "index") -> dict[str, object]:
    error = {"error": {"type": "trouble", "reason": "it is so"}} if status >= 400 else {}
    return {verb: {"_id": str(work), "status": status, **error}}


def taken(works: list[int]) -> Answer:
    return 200, {"errors": False, "items": [item(each) for each in works]}


@pytest.fixture
def pretender() -> Iterator[Pretender]:
    made = Pretender()
    thread = threading.Thread(target=made.server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield made
    made.server.shutdown()
    made.server.server_close()
    thread.join()


@pytest.fixture
def pauses(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The pauses that were made, without making them."""
    made: list[float] = []
    monkeypatch.setattr(bulk.time, "sleep", made.append)
    return made


@pytest.fixture
def send(pretender: Pretender, pauses: list[float]) -> Iterator[Callable[[list[Act]], None]]:
    client = OpenSearch(hosts=[f"http://127.0.0.1:{pretender.server.server_port}"], max_retries=0)
    yield lambda acts: bulk.send(client, "works", acts)
    client.close()


def acts(*works: int, text: str = "moon") -> list[Act]:
    return [Act("index", work, {"text": text}) for work in works]


def test_what_a_busy_node_did_not_take_is_sent_again_alone_after_growing_pauses(pretender, send, pauses):
    pretender.answer = lambda works: (
        200,
        {
            "errors": True,
            "items": [item(each, 429 if each == 2 and len(pretender.seen) < 4 else 200) for each in works],
        },
    )
    send(acts(1, 2, 3))
    assert pretender.seen == [[1, 2, 3], [2], [2], [2]]
    assert pauses == list(bulk.PAUSES[:3]) == sorted(set(pauses))


@pytest.mark.parametrize("status", sorted(bulk.BUSY))
def test_a_busy_cluster_is_asked_again_and_then_given_up_for_the_time_being(pretender, send, pauses, status):
    pretender.answer = lambda _works: (status, {"error": "busy", "status": status})
    with pytest.raises(NotWritten, match="1 works could not be written"):
        send(acts(1))
    assert len(pretender.seen) == len(bulk.PAUSES) + 1
    assert pauses == list(bulk.PAUSES)


def test_a_cluster_that_comes_back_gets_what_it_missed(pretender, send, pauses):
    pretender.answer = lambda works: (503, {}) if len(pretender.seen) < 3 else taken(works)
    send(acts(1, 2))
    assert pretender.seen == [[1, 2]] * 3
    assert len(pauses) == 2


def test_portions_are_bounded_in_bytes_and_in_number(pretender, send, monkeypatch):
    monkeypatch.setattr(bulk, "BYTES_AT_ONCE", 1000)
    send(acts(*range(10), text="x" * 300))
    assert [len(each) for each in pretender.seen] == [2] * 5
    assert max(pretender.sizes) <= 1000
    monkeypatch.setattr(bulk, "ACTS_AT_ONCE", 3)
    pretender.seen.clear()
    send(acts(*range(7)))
    assert [len(each) for each in pretender.seen] == [3, 3, 1]


def test_a_work_that_is_larger_than_a_portion_goes_alone(pretender, send, monkeypatch):
    monkeypatch.setattr(bulk, "BYTES_AT_ONCE", 100)
    send([*acts(1), *acts(2, text="x" * 500), *acts(3)])
    assert pretender.seen == [[1], [2], [3]]


def test_what_something_between_finds_too_long_is_halved(pretender, send, pauses):
    pretender.answer = lambda works: (413, {}) if len(works) > 2 else taken(works)
    send(acts(1, 2, 3, 4, 5))
    assert [works for works in pretender.seen if len(works) <= 2] == [[1, 2], [3], [4, 5]]
    assert pauses == []


def test_a_single_work_that_is_too_long_is_refused_at_once(pretender, send, pauses):
    pretender.answer = lambda _works: (413, {"error": "too long"})
    with pytest.raises(NotWritten, match="413: too long"), cluster.answering(NotWritten):
        send(acts(1))
    assert len(pretender.seen) == 1


def test_what_can_never_be_taken_is_named_and_not_tried_again(pretender, send, pauses):
    pretender.answer = lambda works: (200, {"errors": True, "items": [item(each, 400) for each in works]})
    with pytest.raises(NotWritten, match="does not take work 7: it is so"):
        send(acts(7))
    assert pauses == []


def test_numbers_of_a_work_that_is_gone_are_passed_over_and_so_is_its_second_deletion(pretender, send):
    missing = {"_id": "1", "status": 404, "error": {"type": "document_missing_exception", "reason": "not there"}}
    pretender.answer = lambda _works: (
        200,
        {"errors": True, "items": [{"update": missing}, {"delete": {"_id": "2", "status": 404}}]},
    )
    send([Act("update", 1, {"kudos": 3}), Act("delete", 2)])
    assert pretender.seen == [[1, 2]]


def test_without_an_index_writing_says_that_it_is_gone(pretender, send):
    gone = {"type": "index_not_found_exception", "reason": "no such index [works]"}
    pretender.answer = lambda _works: (
        200,
        {"errors": True, "items": [{"index": {"_id": "1", "status": 404, "error": gone}}]},
    )
    with pytest.raises(IndexGone, match="no such index"):
        send(acts(1))


def test_a_refused_password_and_a_dead_cluster_leave_the_index_where_it_is(pretender, send):
    pretender.answer = lambda _works: (401, {"error": "who are you"})
    with pytest.raises(IndexAway, match="401: who are you"), cluster.answering():
        send(acts(1))
    client = OpenSearch(hosts=["http://127.0.0.1:9"], max_retries=0)
    with pytest.raises(IndexAway, match="does not answer"), cluster.answering():
        client.info()
    client.close()
