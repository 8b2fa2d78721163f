"""Readers and another writer of an archive, whatever else goes on in it: how long they wait."""

from __future__ import annotations

import contextlib
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import django
from django.conf import settings

from bench.pages import free_port
from undying.kernel.conf import load
from undying.kernel.sqlite.base import DatabaseWrapper

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import Self

ROOT = Path(__file__).resolve().parents[2]
PAGES = ("/", "/works", "/works/search?query=candle", "/fandoms")
PATIENCE = 90
_ALONE = {"AUTOCOMMIT": True, "ATOMIC_REQUESTS": False, "TIME_ZONE": None, "CONN_HEALTH_CHECKS": False}


@dataclass
class Waits:
    """How long each page and each write took, in milliseconds."""

    pages: list[float] = field(default_factory=list)
    writes: list[float] = field(default_factory=list)

    def __str__(self) -> str:
        pages = sorted(self.pages)
        return (
            f"median {statistics.median(pages):6.1f} ms, 95 % within {pages[int(len(pages) * 0.95)]:7.1f} ms, "
            f"slowest {pages[-1]:7.1f} ms of {len(pages):,} pages; "
            f"a writer waited {statistics.median(self.writes):.1f} ms, at most {max(self.writes):.0f} ms"
        )


class Readers:
    """`undying serve` with the demo stories, somebody who turns pages, and somebody who writes a little."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.address = f"http://127.0.0.1:{(port := free_port())}"
        words = [sys.executable, "-m", "undying.cli", "serve", "--demo", "--port", str(port)]
        self.server = subprocess.Popen(words, env=_environment(home), cwd=ROOT, stdout=subprocess.DEVNULL)

    def __enter__(self) -> Self:
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            try:
                page = urllib.request.urlopen(f"{self.address}/works", timeout=10).read().decode()
                self.pages = (*PAGES, *re.findall(r'href="(/works/\d+)"', page)[:3])
                break
            except OSError:
                time.sleep(0.2)
        else:
            self.__exit__()
            raise SystemExit("the server does not answer")
        if not settings.configured:
            settings.configure()  # the connection asks whether it should log what it is asked
            django.setup()
        described = load({"UNDYING_HOME": str(self.home)}).database()
        self.writer = DatabaseWrapper({**_ALONE, **described}, "writer")
        return self

    def __exit__(self, *_error: object) -> None:
        self.server.terminate()
        self.server.wait(timeout=60)

    def measure(self, seconds: float) -> Waits:
        """For so long."""
        end = time.monotonic() + seconds
        return self.measure_while(lambda: time.monotonic() < end)

    def measure_during(self, *words: str) -> Waits:
        """While `undying` does this in the same archive. Raises SystemExit when that does not end well."""
        with going_on([sys.executable, "-m", "undying.cli", *words], _environment(self.home)) as goes_on:
            return self.measure_while(goes_on)

    def measure_while(self, goes_on: Callable[[], bool]) -> Waits:
        """Until it is over. A page and a write, again and again."""
        waits = Waits()
        while goes_on():
            for page in self.pages:
                began = time.perf_counter()
                urllib.request.urlopen(f"{self.address}{page}", timeout=PATIENCE).read()
                waits.pages.append((time.perf_counter() - began) * 1000)
                waits.writes.append(self._write())
                time.sleep(0.02)
        return waits

    def _write(self) -> float:
        """How long another writer waits for her turn; that she writes nothing then makes no difference to it."""
        began = time.perf_counter()
        self.writer.set_autocommit(False, force_begin_transaction_with_broken_autocommit=True)
        waited = (time.perf_counter() - began) * 1000
        self.writer.rollback()
        self.writer.set_autocommit(True)
        return waited


@contextlib.contextmanager
def going_on(words: list[str], environment: dict[str, str]) -> Iterator[Callable[[], bool]]:
    """A command, and whether it still runs: figures taken beside one that failed are figures of nothing.

    Raises SystemExit with what it said when it does not end well. What goes wrong beside it ends it.
    """
    with (
        tempfile.TemporaryFile() as said,
        subprocess.Popen(words, env=environment, cwd=ROOT, stdout=said, stderr=subprocess.STDOUT) as process,
    ):
        try:
            yield lambda: process.poll() is None
        except BaseException:
            process.terminate()
            raise
        if code := process.wait():
            said.seek(0)
            raise SystemExit(f"{' '.join(words)} ended with {code}:\n{said.read().decode()}")


def _environment(home: Path) -> dict[str, str]:
    return {**os.environ, "UNDYING_HOME": str(home), "PYTHONPATH": str(ROOT)}
