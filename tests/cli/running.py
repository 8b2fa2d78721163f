"""The command as a person runs it: a process of its own, in a data folder of its own."""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import sys
import time
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 180


@dataclass
class Archive:
    """A data folder, and the command on it."""

    home: Path
    folder: Path
    environ: dict[str, str] = field(default_factory=dict)

    def command(self, *words: str) -> list[str]:
        """`undying WORDS`."""
        return [sys.executable, "-m", "undying.cli", *words]

    @property
    def environment(self) -> dict[str, str]:
        """As little as a command needs; nothing of the tests' own."""
        return {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "UNDYING_HOME": str(self.home), **self.environ}

    def run(self, *words: str, given: str = "") -> subprocess.CompletedProcess[str]:
        """Run it to its end."""
        return subprocess.run(
            self.command(*words),
            input=given,
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            cwd=self.folder,
            check=False,
        )

    @contextlib.contextmanager
    def serving(self, *words: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
        """`undying serve` on a free port, from the moment that it answers; the process and its address."""
        port = free_port()
        process = subprocess.Popen(
            self.command("serve", "--port", str(port), *words),
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            cwd=self.folder,
        )
        address = f"http://127.0.0.1:{port}"
        try:
            wait_for(f"{address}/healthz", process)
            yield process, address
        finally:
            process.terminate()
            process.communicate(timeout=PATIENCE)


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as opened:
        opened.bind(("127.0.0.1", 0))
        return int(opened.getsockname()[1])


def answers(address: str) -> bool:
    """Whether something there says 200."""
    try:
        with urllib.request.urlopen(address, timeout=5) as response:
            return bool(response.status == 200)
    except OSError:
        return False


def wait_for(address: str, process: subprocess.Popen[str]) -> None:
    """Until it answers; AssertionError when the process ends first or it takes too long."""
    end = time.monotonic() + PATIENCE
    while not answers(address):
        assert process.poll() is None, process.communicate()[0]
        assert time.monotonic() < end, "no answer"
        time.sleep(0.05)
