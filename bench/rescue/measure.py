"""What rescuing a whole archive costs: rehearsing, importing, importing again and taking back, beside MariaDB.

    python -m bench.rescue [tiny|small|mid|large] [--seed N] [--keep FOLDER] [--without-serving]

Each step is a process of its own, `undying import` as everybody calls it; its end is when the stories can be read and
found. CPU is that of all its processes, memory the most that they held together. The ratio is to the CPU of a MariaDB
server that loads the same dump, without the chapter files, which it does not know of.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from bench.rescue.archive import SIZES, Archive
from bench.rescue.serving import Readers

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[2]
PAGE = os.sysconf("SC_PAGE_SIZE")
TICKS = os.sysconf("SC_CLK_TCK")
LOOK_EVERY = 0.2


@dataclass
class Cost:
    """What a process and its children took."""

    wall: float
    cpu: float
    memory: float

    def line(self, name: str, extra: str = "") -> str:
        """For the page."""
        return f"{name:16}{self.wall:8.1f} s {self.cpu:8.1f} s CPU {self.memory:6.0f} MB{extra}"


def tree(first: int) -> list[int]:
    """A process and all below it."""
    found = [first]
    for process in found:
        with contextlib.suppress(OSError):
            for task in Path(f"/proc/{process}/task").iterdir():
                found += map(int, (task / "children").read_text().split())
    return found


def resident(process: int) -> int:
    """Bytes of memory that are the process's own, or its fair share of what it shares."""
    with contextlib.suppress(OSError):
        for line in Path(f"/proc/{process}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) * 1024
    return 0


class Watch(threading.Thread):
    """Looks how much memory a tree of processes holds, until it is gone."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        super().__init__(daemon=True)
        self.process = process
        self.most = 0

    def run(self) -> None:
        """Look now and then."""
        while self.process.poll() is None:
            self.most = max(self.most, sum(map(resident, tree(self.process.pid))))
            time.sleep(LOOK_EVERY)


def cost_of(words: list[str], environment: dict[str, str], stdin: Path | None = None) -> tuple[Cost, str]:
    """Run it; what it cost, and what it said. Raises SystemExit when it fails."""
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    with contextlib.ExitStack() as opened, tempfile.TemporaryFile() as out:
        source = opened.enter_context(stdin.open("rb")) if stdin else subprocess.DEVNULL
        process = subprocess.Popen(words, stdin=source, stdout=out, env={**os.environ, **environment}, cwd=ROOT)
        watch = Watch(process)
        watch.start()
        code = process.wait()
        watch.join()
        out.seek(0)
        told = out.read().decode()
    if code:
        raise SystemExit(f"{' '.join(words)} ended with {code}:\n{told}")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Cost(time.monotonic() - began, cpu, watch.most / 1e6), told


def undying(home: Path, *words: str) -> Cost:
    """One command."""
    environment = {"UNDYING_HOME": str(home), "PYTHONPATH": str(ROOT)}
    return cost_of([sys.executable, "-m", "undying.cli", *words], environment)[0]


@contextlib.contextmanager
def mariadb(folder: Path) -> Iterator[tuple[list[str], subprocess.Popen[bytes]]]:
    """A server of its own in an empty folder, reached by a socket; how to call its client, and its process."""
    data, socket = folder / "mariadb", folder / "mariadb.sock"
    user = "root" if os.geteuid() == 0 else os.environ.get("USER", "nobody")
    plain = ["--no-defaults", f"--datadir={data}", f"--user={user}"]
    subprocess.run(
        ["mariadb-install-db", *plain, "--auth-root-authentication-method=normal", "--skip-test-db"],
        check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    program = shutil.which("mariadbd", path=f"{os.environ['PATH']}:/usr/sbin") or "mariadbd"
    words = [program, *plain, f"--socket={socket}", "--skip-networking", f"--pid-file={folder}/mariadb.pid"]
    server = subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    client = ["mariadb", "--no-defaults", f"--socket={socket}", "-uroot"]
    try:
        for _ in range(600):
            if not subprocess.run([*client, "-e", "select 1"], capture_output=True, check=False).returncode:
                break
            time.sleep(0.1)
        yield client, server
    finally:
        server.terminate()
        server.wait(timeout=60)


def loading(folder: Path, dump: Path) -> Cost:
    """The dump into MariaDB; CPU of server and client, memory of the server."""
    with mariadb(folder) as (client, server):
        subprocess.run([*client, "-e", "create database archive"], check=True)
        before = _cpu(server.pid)
        cost, _ = cost_of([*client, "--binary-mode", "archive"], {}, dump)
        memory = sum(map(resident, tree(server.pid))) / 1e6
        return Cost(cost.wall, cost.cpu + _cpu(server.pid) - before, memory)


def _cpu(process: int) -> float:
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def main() -> None:
    """Measure one size and print it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("size", choices=SIZES, nargs="?", default="mid")
    parser.add_argument("--seed", type=int, default=1897)
    parser.add_argument("--keep", type=Path, help="a folder to work in, which stays")
    parser.add_argument("--without-serving", action="store_true")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = asked.keep or Path(temporary)
        measure(folder, asked.size, asked.seed, serving=not asked.without_serving)


def measure(folder: Path, size: str, seed: int, *, serving: bool) -> None:
    """All steps, each printed when it is done."""
    facts = Archive(folder / "archive", SIZES[size], seed).write()
    text, chapters = facts.text_bytes / 1e6, SIZES[size].chapters
    say(f"{size}: {SIZES[size].stories:,} stories, {chapters:,} chapters, {SIZES[size].reviews:,} reviews, "
        f"{text:,.0f} MB of text in {facts.files:,} files, a dump of {facts.dump_bytes / 1e6:,.0f} MB")  # fmt: skip
    source, home = str(folder / "archive"), folder / "home"
    load = loading(folder, folder / "archive" / "dump.sql")
    say(load.line("MariaDB", "  the dump alone"))

    def told(name: str, cost: Cost) -> None:
        rates = f"{text / cost.wall:6.1f} MB/s {chapters / cost.wall:7.0f} chapters/s"
        say(cost.line(name, f"{rates} {cost.cpu / load.cpu:6.1f} x MariaDB's CPU"))

    undying(home, "import", "list")
    told("rehearsal", undying(home, "import", source, "--dry-run"))
    first = undying(home, "import", source)
    told("import", first)
    again = undying(home, "import", source)
    say(again.line("again", f"{again.wall / first.wall:6.1%} of the import's time"))
    say(undying(home, "import", "undo", "1").line("taking back"))
    if serving:
        shutil.rmtree(home)
        with Readers(home) as readers:
            quiet = readers.measure(20)
            busy = readers.measure_during("import", source, "--open")
        say(f"pages while nothing goes on: {quiet}")
        say(f"pages during an import:      {busy}")


def say(line: str) -> None:
    """At once, for it takes long."""
    print(line, flush=True)


if __name__ == "__main__":
    main()
