"""`undying serve` and its parts: one process tree with a web server and a worker."""

from __future__ import annotations

import contextlib
import hashlib
import io
import os
import shutil
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.db import close_old_connections, connection
from gunicorn.app.base import BaseApplication

from undying.finding import indexer
from undying.kernel.tasks import run_due
from undying.kernel.upkeep import checkpoint
from undying.library.models import Work

if TYPE_CHECKING:
    from types import FrameType

TICK = 1.0
"""Seconds between two looks at the ledger: an author finds her edit within about that."""
CHECKPOINT_EVERY = 30
"""Ticks."""
PATIENCE = 30
"""Seconds that the web server may take to answer first."""
RESTART_PAUSE = 2.0
STALE_SCRATCH = 2 * 24 * 3600


def prepare_database() -> None:
    """Bring the tables up to date."""
    settings.UNDYING.home.mkdir(parents=True, exist_ok=True)
    call_command("migrate", verbosity=0, interactive=False)


def prepare() -> None:
    """Bring tables and static files up to date."""
    prepare_database()
    stamp = settings.STATIC_ROOT / ".stamp"
    fresh = _static_digest()
    if not stamp.exists() or stamp.read_text() != fresh:
        call_command("collectstatic", verbosity=0, interactive=False, clear=True, stdout=io.StringIO())
        stamp.write_text(fresh)


def _static_digest() -> str:
    """Changes when any static file does."""
    seen = hashlib.sha256()
    for finder in get_finders():
        for name, storage in finder.list(None):
            seen.update(f"{name} {storage.size(name)} {storage.get_modified_time(name)}\n".encode())
    return seen.hexdigest()


def serve(host: str | None, port: int | None, *, demo: bool) -> int:
    """Run web server and worker until told to stop; restart a worker that fell over. The exit code."""
    prepare()
    if demo and not Work.objects.exists():
        from undying.cli.importing import bring_in_demo  # noqa: PLC0415 - they need each other

        bring_in_demo()
    connection.close()
    address = (host or settings.UNDYING.text("host"), port or settings.UNDYING.number("port"))
    return _Tree(*address).run()


class _Tree:
    """The web server and the worker as children of this process."""

    def __init__(self, host: str, port: int) -> None:
        self.address = f"http://{f'[{host}]' if ':' in host else host}:{port}"
        self.commands = {"web": ["web", "--host", host, "--port", str(port)], "worker": ["worker"]}
        self.children: dict[str, subprocess.Popen[bytes]] = {}
        self.is_stopping = False

    def run(self) -> int:
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self._stop)
        for name in self.commands:
            self._start(name)
        if not self._wait_until_it_answers():
            self._stop_children()
            return 0 if self.is_stopping else 1
        click.echo(f"The archive is open at {self.address}  (Ctrl-C closes it)")
        return self._watch()

    def _start(self, name: str) -> None:
        self.children[name] = subprocess.Popen([sys.executable, "-m", "undying.cli", *self.commands[name]])  # noqa: S603 - our own command

    def _stop(self, _number: int, _frame: FrameType | None) -> None:
        self.is_stopping = True

    def _wait_until_it_answers(self) -> bool:
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end and not self.is_stopping and self.children["web"].poll() is None:
            with contextlib.suppress(OSError, urllib.error.URLError):
                urllib.request.urlopen(f"{self.address}/healthz", timeout=1).close()  # noqa: S310 - our own address
                return True
            time.sleep(0.05)
        return False

    def _watch(self) -> int:
        while not self.is_stopping:
            time.sleep(0.2)
            if self.children["web"].poll() is not None:
                click.echo("undying: the web server stopped; see above.", err=True)
                self._stop_children()
                return 1
            if self.children["worker"].poll() is not None and not self.is_stopping:
                click.echo("undying: the worker stopped; starting it again.", err=True)
                time.sleep(RESTART_PAUSE)
                self._start("worker")
        self._stop_children()
        return 0

    def _stop_children(self) -> None:
        for child in self.children.values():
            if child.poll() is None:
                child.terminate()
        for child in self.children.values():
            try:
                child.wait(timeout=15)
            except subprocess.TimeoutExpired:
                child.kill()


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
        """The application."""
        from undying.site.wsgi import application  # noqa: PLC0415 - site stands above; gunicorn names it by path too

        return application


def web(host: str | None, port: int | None) -> None:
    """The web server. Threads, because a slow reader must not hold up the others."""
    where = host or settings.UNDYING.text("host")
    _Web(
        {
            "bind": f"{f'[{where}]' if ':' in where else where}:{port or settings.UNDYING.number('port')}",
            "workers": settings.UNDYING.number("web_processes"),
            "worker_class": "gthread",
            "threads": settings.UNDYING.number("threads"),
            "preload_app": True,
            "worker_tmp_dir": "/dev/shm" if Path("/dev/shm").is_dir() else None,  # noqa: S108 - heartbeats belong in memory
            "loglevel": "warning",
            "forwarded_allow_ips": "127.0.0.1",
        }
    ).run()


def worker() -> None:
    """Index what changed, run what is due, fold the log back; until told to stop."""
    stopping: list[int] = []
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda signal_number, _frame: stopping.append(signal_number))
    _prune_scratch()
    ticks = 0
    parent = os.getppid()
    while not stopping and os.getppid() == parent:
        ticks += 1
        busy = indexer.drain_if_free() > 0
        busy = run_due() or busy
        if ticks % CHECKPOINT_EVERY == 0:
            checkpoint()
        close_old_connections()
        if not busy:
            time.sleep(TICK)


def _prune_scratch() -> None:
    """What killed imports left behind, once nobody can be using it."""
    oldest = time.time() - STALE_SCRATCH
    for folder in (settings.UNDYING.home / "scratch").glob("*"):
        if folder.stat().st_mtime < oldest:
            shutil.rmtree(folder, ignore_errors=True)
