"""`undying serve` and its parts: one process tree with a web server and a worker."""

from __future__ import annotations

import contextlib
import gc
import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from django.conf import settings
from django.core.servers.basehttp import get_internal_wsgi_application
from django.db import DatabaseError, close_old_connections, connection, connections
from gunicorn.app.base import BaseApplication

from undying.community import counting, statistics, visits
from undying.exchange.tasks import upkeep
from undying.finding import indexer, renown, vocabulary
from undying.kernel import store
from undying.kernel.errors import Refused
from undying.kernel.tasks import run_due
from undying.kernel.upkeep import checkpoint, prune, survey
from undying.library import scheduling
from undying.people import browsers, joining, letters

if TYPE_CHECKING:
    from types import FrameType

TICK = 1.0
"""Seconds between two looks at the ledger: an author finds her edit within about that."""
CHECKPOINT_EVERY = 30
"""Ticks."""
VISITS_EVERY = 10
"""Ticks: many visits are counted for little more than one."""
WHILE_FULL = 30.0
"""Seconds between two tries of a worker that finds no room on the disk."""
SURVEY_EVERY = 600.0
"""Seconds: an archive that is being filled is soon another one."""
PATIENCE = 30
"""Seconds that the web server may take to answer first."""
SHORTEST_PAUSE, LONGEST_PAUSE = 1.0, 60.0
"""Seconds between two starts of a worker that keeps falling over."""
STEADY = 300.0
"""Seconds after which a worker that falls over has not fallen over again, but anew."""
A_DAY = 24 * 3600
AN_HOUR = 3600
STALE_SCRATCH = 2 * 24 * 3600
ANY_ADDRESS = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - not bound here; where to ask what is bound so


def serve(host: str | None, port: int | None, *, parent: int | None) -> int:
    """Run web server and worker until told to stop; restart a worker that fell over. The exit code."""
    connection.close()
    tree = _Tree(host or settings.UNDYING.text("host"), port or settings.UNDYING.number("port"), parent)
    if trouble := tree.is_taken():
        click.echo(f"undying: {trouble}", err=True)
        return 1
    return tree.run()


class _Tree:
    """The web server and the worker as children of this process."""

    def __init__(self, host: str, port: int, parent: int | None) -> None:
        self.where = (host, port)
        self.address = _address(host, port)
        self.parent = parent
        self.environment = {**os.environ, "UNDYING_HOST": host, "UNDYING_PORT": str(port)}
        self.children: dict[str, subprocess.Popen[bytes]] = {}
        self.is_stopping = False
        self.pause = SHORTEST_PAUSE
        self.worker_began = time.monotonic()

    def is_taken(self) -> str:
        """Why nothing can listen there, in a sentence; empty when something can."""
        host, port = self.where
        try:
            family, kind, protocol, _, place = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
            with socket.socket(family, kind, protocol) as attempt:
                attempt.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                attempt.bind(place)
        except OSError as error:
            return f"Cannot listen on {self.address}: {error.strerror}. Another --port or --host may be free."
        return ""

    def run(self) -> int:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            if number != signal.SIGHUP or signal.getsignal(number) != signal.SIG_IGN:  # as nohup leaves it
                signal.signal(number, self._stop)
        for name in ("web", "worker"):
            self._start(name)
        if not self._wait_until_it_answers():
            self._stop_children()
            return 0 if self.is_stopping else 1
        click.echo(f"The archive is open at {self.address}  (Ctrl-C closes it)")
        return self._watch()

    def _start(self, name: str) -> None:
        self.children[name] = subprocess.Popen(  # noqa: S603 - our own command
            [sys.executable, "-m", "undying.cli", name, "--parent", str(os.getpid())], env=self.environment
        )

    def _stop(self, _number: int, _frame: FrameType | None) -> None:
        self.is_stopping = True

    def _must_stop(self) -> bool:
        return self.is_stopping or (self.parent is not None and os.getppid() != self.parent)

    def _wait_until_it_answers(self) -> bool:
        host, port = self.where
        there = f"{_address(ANY_ADDRESS.get(host, host), port)}/healthz"
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end and not self._must_stop() and self.children["web"].poll() is None:
            with contextlib.suppress(OSError, urllib.error.URLError):
                urllib.request.urlopen(there, timeout=1).close()  # noqa: S310 - our own address
                return True
            time.sleep(0.05)
        return False

    def _watch(self) -> int:
        while not self._must_stop():
            time.sleep(0.2)
            if self.children["web"].poll() is not None and not self._must_stop():
                click.echo("undying: the web server stopped; see above.", err=True)
                self._stop_children()
                return 1
            if self.children["worker"].poll() is not None and not self._must_stop():
                self._start_worker_again()
        self._stop_children()
        return 0

    def _start_worker_again(self) -> None:
        click.echo(f"undying: the worker stopped; starting it again in {self.pause:.0f} s.", err=True)
        end = time.monotonic() + self.pause
        while time.monotonic() < end and not self._must_stop():
            time.sleep(0.2)
        lasted = end - self.pause - self.worker_began
        self.pause = SHORTEST_PAUSE if lasted > STEADY else min(self.pause * 2, LONGEST_PAUSE)
        self.worker_began = time.monotonic()
        if not self._must_stop():
            self._start("worker")

    def _stop_children(self) -> None:
        for child in self.children.values():
            if child.poll() is None:
                child.terminate()
        for child in self.children.values():
            try:
                child.wait(timeout=15)
            except subprocess.TimeoutExpired:
                child.kill()


def _address(host: str, port: int) -> str:
    return f"http://{_in_url(host)}:{port}"


def _in_url(host: str) -> str:
    return f"[{host}]" if ":" in host else host


class _Web(BaseApplication):  # type: ignore[misc]  # gunicorn ships no types
    """gunicorn with the archive's settings."""

    def __init__(self, options: dict[str, Any]) -> None:
        self.options = options
        super().__init__()

    def load_config(self) -> None:
        """Take our options."""
        for key, value in self.options.items():
            self.cfg.set(key, value)

    def load(self) -> Any:
        """The application that the settings name, from which the processes are forked."""
        application = get_internal_wsgi_application()
        gc.collect()
        gc.freeze()  # going through all of it now and then took a tenth of a second off some reader's page
        return application


def web(*, parent: int | None) -> None:
    """The web server. Threads, because a slow reader must not hold up the others."""
    if parent is not None:
        _follow(parent)
    conf = settings.UNDYING
    memory = Path("/dev/shm")  # noqa: S108 - gunicorn's heartbeats belong in memory: a busy disk must not stop them
    _Web(
        {
            "bind": f"{_in_url(conf.text('host'))}:{conf.number('port')}",
            "workers": conf.number("web_processes"),
            "worker_class": "undying.cli.threads.Threads",
            "threads": conf.number("threads"),
            "preload_app": True,
            "worker_tmp_dir": str(memory) if memory.is_dir() else None,
            "loglevel": "warning",
            "forwarded_allow_ips": "127.0.0.1",
            "control_socket_disable": True,
        }
    ).run()


def _follow(parent: int) -> None:
    """End this process when its parent is gone, even if that was killed and could say nothing."""

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(0.5)
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=watch, daemon=True).start()


def worker(*, parent: int | None) -> None:
    """Index what changed, run what is due, fold the log back; until told to stop."""
    stopping = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda _number, _frame: stopping.set())
    if parent is not None:
        _follow(parent)
    _prune_scratch()
    words = threading.Thread(target=_know_words, args=(stopping,), daemon=True)
    words.start()
    chores = _Chores()
    while not stopping.is_set():
        pause = chores.turn()
        close_old_connections()
        stopping.wait(pause)
    chores.indexing.close()
    checkpoint()


class _Chores:
    """What the worker has to do, and when it last did what need not be done each time."""

    def __init__(self) -> None:
        self.indexing = indexer.Worker()
        self.ticks = 0
        self.pruned = self.surveyed = self.let_in = 0.0

    def turn(self) -> float:
        """Do what is due now; how many seconds to pause. A full disk is told, and what is due waits."""
        try:
            return 0 if self._do() else TICK
        except (DatabaseError, OSError) as error:
            if not store.is_full(error):
                raise
            click.echo(f"undying: {store.full_at(error).what} Free some space; the worker goes on then.", err=True)
            return WHILE_FULL

    def _do(self) -> bool:
        self.ticks += 1
        if self.ticks % VISITS_EVERY == 0:
            visits.count_if_free()
        busy = counting.drain_if_free() > 0
        busy = statistics.keep_if_free() > 0 or busy
        busy = _indexed(self.indexing) or busy
        busy = run_due() or busy
        busy = _gone_up() or busy
        if self.ticks % CHECKPOINT_EVERY == 0:
            checkpoint()
        if time.time() - self.surveyed > SURVEY_EVERY:
            survey()
            self.surveyed = time.time()
        if time.time() - self.let_in > AN_HOUR:
            joining.let_in()
            self.let_in = time.time()
        if time.time() - self.pruned > A_DAY:
            prune()
            upkeep()
            letters.forget_old()
            browsers.forget_old()
            self.pruned = time.time()
        return busy


def _know_words(stopping: threading.Event) -> None:
    """Keep up the words that searches are put right by, beside the index and never in its way."""
    while not stopping.is_set():
        with contextlib.suppress(DatabaseError, OSError):  # it is tried again, and nothing waits for it
            if vocabulary.refresh():
                renown.refresh()
        connections.close_all()
        stopping.wait(vocabulary.YOUNGEST / 10)


def _indexed(indexing: indexer.Worker) -> bool:
    """A turn at the index. When it cannot be written, that is told, and what is due waits."""
    try:
        return indexing.turn()
    except Refused as refusal:
        click.echo(f"undying: {refusal}", err=True)
        return False


def _gone_up() -> bool:
    """Post the drafts whose time has come, and say so; whether there were any."""
    told = scheduling.post_due()
    for sentence in told:
        click.echo(f"undying: {sentence}", err=True)
    return bool(told)


def _prune_scratch() -> None:
    """What killed imports left behind, once nobody can be using it."""
    oldest = time.time() - STALE_SCRATCH
    for folder in (settings.UNDYING.home / "scratch").glob("*"):
        if folder.stat().st_mtime < oldest:
            shutil.rmtree(folder, ignore_errors=True)
