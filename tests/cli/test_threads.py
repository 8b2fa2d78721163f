"""A reader who does not close her connection is waited for in her own thread, and nowhere else."""

from __future__ import annotations

import socket

import pytest
from gunicorn.util import close_graceful

from undying.cli import threads


@pytest.fixture
def pair():
    ours, hers = socket.socketpair()
    yield ours, hers
    ours.close()
    hers.close()


def test_after_it_the_loop_finds_nothing_to_wait_for(pair):
    ours, hers = pair
    ours.sendall(b"the page")
    threads.linger(ours, seconds=0.05)

    ours.setblocking(False)
    assert ours.recv(10) == b""  # and no BlockingIOError: gunicorn would wait for as long as there is one
    close_graceful(ours)
    assert (hers.recv(100), hers.recv(100)) == (b"the page", b"")


def test_what_she_still_sends_is_taken(pair):
    ours, hers = pair
    hers.sendall(b"x" * 10_000)
    hers.close()
    threads.linger(ours)
    assert ours.recv(10) == b""


def test_a_connection_that_is_gone_is_none_to_end(pair):
    ours, _hers = pair
    ours.close()
    threads.linger(ours)


@pytest.mark.parametrize(("answered", "ended"), [(False, True), (True, False), (object(), False)])
def test_only_a_connection_that_is_over_is_ended(monkeypatch, answered, ended):
    ends = []
    monkeypatch.setattr(threads.ThreadWorker, "handle", lambda _self, _conn: answered)
    monkeypatch.setattr(threads, "linger", ends.append)
    worker = object.__new__(threads.Threads)
    conn = type("Conn", (), {"sock": "hers"})()

    assert worker.handle(conn) is answered
    assert ends == (["hers"] if ended else [])
