"""What a page costs: `undying serve` on the demo archive against nginx serving the same bytes from memory.

    python bench/pages.py [seconds]

Needs nginx and wrk. Loopback only; each measurement lasts a few seconds. CPU is that of the server's processes, without
the client's: it is the sound figure where the machine has other things to do.
"""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parent.parent
ROUNDS = 3
TICKS = os.sysconf("SC_CLK_TCK")
CONFIG = """
user {user};
worker_processes 1;
pid {folder}/nginx.pid;
error_log {folder}/error.log;
events {{ }}
http {{
  access_log off;
  default_type "text/html; charset=utf-8";
  open_file_cache max=100;
  server {{ listen 127.0.0.1:{port}; root {folder}/pages; }}
}}
"""


@dataclass(frozen=True)
class Server:
    """A running server: where it answers, and its first process."""

    address: str
    process: subprocess.Popen[bytes]


@dataclass(frozen=True)
class Cost:
    """Medians over the rounds."""

    per_second: float
    milliseconds: float
    cpu: float


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as opened:
        opened.bind(("127.0.0.1", 0))
        return int(opened.getsockname()[1])


@contextlib.contextmanager
def running(command: list[str], address: str, check: str, **environment: str) -> Iterator[Server]:
    """A server, from its first answer to its end."""
    process = subprocess.Popen(command, env={**os.environ, **environment}, stdout=subprocess.DEVNULL, cwd=ROOT)
    try:
        end = time.monotonic() + 60
        while not _answers(address + check):
            if process.poll() is not None or time.monotonic() > end:
                raise SystemExit(f"{command[0]} does not answer")
            time.sleep(0.1)
        yield Server(address, process)
    finally:
        process.terminate()
        process.wait(timeout=30)


def _answers(address: str) -> bool:
    with contextlib.suppress(OSError):
        return bool(urllib.request.urlopen(address, timeout=2).status == 200)
    return False


@contextlib.contextmanager
def our_server(folder: Path) -> Iterator[Server]:
    """`undying serve` on a fresh demo archive."""
    port = free_port()
    command = [sys.executable, "-m", "undying.cli", "serve", "--demo", "--port", str(port)]
    environment = {"UNDYING_HOME": str(folder / "home"), "PYTHONPATH": str(ROOT)}
    with running(command, f"http://127.0.0.1:{port}", "/healthz", **environment) as server:
        yield server


@contextlib.contextmanager
def nginx(folder: Path, pages: dict[str, bytes]) -> Iterator[Server]:
    """nginx with these pages as files."""
    for name, body in pages.items():
        (folder / "pages").mkdir(exist_ok=True)
        (folder / "pages" / name).write_bytes(body)
    port = free_port()
    user = "root" if os.geteuid() == 0 else os.environ.get("USER", "nobody")
    (folder / "nginx.conf").write_text(CONFIG.format(folder=folder, port=port, user=user))
    program = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin")
    if program is None or shutil.which("wrk") is None:
        raise SystemExit("nginx or wrk is missing: make bench installs them")
    command = [program, "-c", str(folder / "nginx.conf"), "-g", "daemon off;"]
    with running(command, f"http://127.0.0.1:{port}", f"/{next(iter(pages))}") as server:
        yield server


def cpu_seconds(first: int) -> float:
    """What a process and all below it have used so far."""
    used, below = 0.0, {first}
    rows = []
    for folder in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            fields = (folder / "stat").read_text().rpartition(")")[2].split()
            rows.append((int(folder.name), int(fields[1]), int(fields[11]) + int(fields[12])))
    for number, mother, ticks in sorted(rows):
        if number in below or mother in below:
            below.add(number)
            used += ticks / TICKS
    return used


def measure(server: Server, path: str, connections: int, seconds: int) -> Cost:
    """Requests one after another on each connection, for that long, a few times."""
    costs = []
    for _ in range(ROUNDS):
        before = cpu_seconds(server.process.pid)
        words = ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", f"{server.address}{path}"]
        told = subprocess.run(words, check=True, capture_output=True, text=True).stdout
        used = cpu_seconds(server.process.pid) - before
        requests = int(re.search(r"(\d+) requests in", told)[1])
        rate = float(re.search(r"Requests/sec:\s+([\d.]+)", told)[1])
        if "Non-2xx" in told:
            raise SystemExit(f"{path}: {told}")
        costs.append((rate, 1000 * connections / rate, 1000 * used / requests))
    return Cost(*(statistics.median(column) for column in zip(*costs, strict=True)))


def pages_of(server: Server) -> dict[str, str]:
    """Name -> path of the pages to measure: the front page, a list, and the first story of that."""
    with urllib.request.urlopen(f"{server.address}/works", timeout=10) as answer:
        works = re.findall(r'href="(/works/\d+)"', answer.read().decode())
    return {"front": "/", "list": "/works", "work": f"{works[0]}?view_adult=true"}


def main() -> None:
    """Measure and print."""
    seconds = int(sys.argv[1]) if len(sys.argv) > 1 else 4
    with tempfile.TemporaryDirectory() as name, our_server(Path(name)) as ours:
        folder = Path(name)
        paths = pages_of(ours)
        bodies = {}
        for page, path in paths.items():
            with urllib.request.urlopen(ours.address + path, timeout=10) as answer:
                bodies[page] = answer.read()
        with nginx(folder, bodies) as theirs:
            print(f"{'page':6} {'KiB':>5} {'conns':>5} {'undying':>24} {'nginx':>24} {'ratio':>7}")
            for page, path in paths.items():
                for connections in (1, 4):
                    own = measure(ours, path, connections, seconds)
                    other = measure(theirs, f"/{page}", connections, seconds)
                    print(
                        f"{page:6} {len(bodies[page]) / 1024:5.0f} {connections:5} {_told(own)} {_told(other)}"
                        f" {own.milliseconds / other.milliseconds:7.1f}"
                    )


def _told(cost: Cost) -> str:
    return f"{cost.milliseconds:7.2f} ms {cost.cpu:6.2f} ms CPU"


if __name__ == "__main__":
    main()
