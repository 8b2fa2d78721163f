"""What finding costs in an archive of AO3's shape, beside databases that answer the same questions.

    python -m bench.finding [100k|1m|10m] [--seed N] [--keep FOLDER] [--without yardsticks site texts]

Every client is a process of its own. Class by class, each question is put to a back end that has answered one small
question before, so that none is answered from what it remembers; how far it gets with remembering is told beside that.
CPU is that of the asking process with all its threads.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import pickle
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any

from bench.finding import report

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bench.finding.mix import Asked

ROOT = Path(__file__).resolve().parents[2]
SIZES = {"tiny": 2000, "100k": 100_000, "1m": 1_000_000, "10m": 10_000_000}
PROCESSES = 3
"""One client asks everything in so many processes, one after the other; medians are told."""
TOGETHER = 4
YARDSTICK_MOST = 1_000_000
"""Works that the databases get at most: they would take days for more."""
OF_EACH = 4
"""Questions of each class that the databases are asked."""
SITE_MOST = 1_000_000
"""Works in the database of the archive whose pages are asked for; greater ones are not filled."""
MEGABYTES = 100
"""Of stories, for the words in them; fewer in an archive that is only there to try this out."""


class Bench:
    """One size."""

    def __init__(self, folder: Path, works: int, seed: int) -> None:
        self.folder, self.works, self.seed = folder, works, seed
        self.home = folder / "home"
        self.questions = folder / "questions"
        ours = {"UNDYING_HOME": str(self.home), "DJANGO_SETTINGS_MODULE": "undying.site.settings"}
        self.environment = {**os.environ, "PYTHONPATH": str(ROOT), **ours}
        # PostgreSQL is a yardstick; the archive itself lies in SQLite.
        self.postgres = self.environment.pop("DATABASE_URL", "")
        self.environment.pop("UNDYING_DATABASE_URL", "")

    def start(self, module: str, *words: object) -> subprocess.Popen[str]:
        """A process that measures something."""
        line = [sys.executable, "-m", f"bench.finding.{module}", *map(str, words)]
        pipe = subprocess.PIPE
        return subprocess.Popen(line, env=self.environment, cwd=ROOT, stdin=pipe, stdout=pipe, text=True)

    def told(self, process: subprocess.Popen[str]) -> Any:
        """What it measured, when it is done."""
        out, _ = process.communicate()
        if process.returncode:
            raise SystemExit(f"{process.args} ended with {process.returncode}:\n{out}")
        return json.loads(out.splitlines()[-1])

    def ask(self, clients: int = 1, rounds: int | str = 1) -> list[Any]:
        """What clients at the same time measured."""
        started = [self.start("client", "ask", self.questions, place, rounds) for place in range(clients)]
        return [self.told(each) for each in started]

    @contextlib.contextmanager
    def writing(self) -> Iterator[dict[str, Any]]:
        """Meanwhile somebody commits every second; what that cost her is there afterwards."""
        writer = self.start("client", "write", self.works, self.seed)
        assert writer.stdout is not None
        writer.stdout.readline()
        cost: dict[str, Any] = {}
        try:
            yield cost
        finally:
            cost |= self.told(writer)

    def forget(self) -> None:
        """Nothing of the index is in memory afterwards, as after the machine has started."""
        for path in self.home.rglob("*"):
            if path.is_file():
                with path.open("rb") as file:
                    os.fsync(file.fileno())
                    os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


def main() -> None:
    """Measure one size and print it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("size", choices=SIZES, nargs="?", default="100k")
    parser.add_argument("--seed", type=int, default=2009)
    parser.add_argument("--keep", type=Path, help="a folder to work in, which stays")
    parser.add_argument("--without", nargs="*", default=[], choices=["yardsticks", "site", "texts"])
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = asked.keep or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        measure(Bench(folder, SIZES[asked.size], asked.seed), asked.without)


def measure(bench: Bench, without: Sequence[str]) -> None:
    """Everything, each part printed when it is done."""
    from bench.finding.archive import Archive, likeness  # noqa: PLC0415 - a process that only asks does without
    from bench.finding.mix import Mix  # noqa: PLC0415 - the same

    archive = Archive(bench.works, bench.seed)
    say(f"{bench.works:,} works made up (published figures in brackets)", *likeness(archive))
    mix = Mix(archive).asked()
    bench.questions.write_bytes(pickle.dumps(mix))
    say("", *report.building(bench.works, bench.told(bench.start("client", "build", bench.works, bench.seed))))
    answers = asking(bench, mix)
    if "yardsticks" not in without:
        yardsticks(bench, mix, answers)
    megabytes = min(MEGABYTES, bench.works // 1000)
    if "texts" not in without:
        say("", *report.texts(bench.told(bench.start("texts", bench.folder / "texts", megabytes))))
    if "site" not in without and bench.works <= SITE_MOST:
        say("", *report.site(bench.works, bench.told(bench.start("site", bench.works, bench.seed, bench.home))))


def asking(bench: Bench, mix: list[Asked]) -> list[dict[str, Any]]:
    """The questions, in every way; what one client was told and what that cost at the median."""
    bench.forget()
    turns = range(PROCESSES if bench.works > SIZES["tiny"] else 1)
    cold = bench.ask()
    fresh = [bench.ask(rounds="fresh")[0] for _ in turns]
    alone = [bench.ask(rounds=2)[0] for _ in turns]
    together = bench.ask(TOGETHER)
    with bench.writing() as cost:
        beside = bench.ask(rounds=2)
    with bench.writing() as cost_together:
        together_beside = bench.ask(TOGETHER)
    bare = [_median_of([told["asked"][place] for told in fresh], 0) for place in range(len(mix))]
    first = [_median_of([told["asked"][place] for told in alone], 0) for place in range(len(mix))]
    again = [_median_of([told["asked"][place] for told in alone], 1) for place in range(len(mix))]
    say("", *report.classes(mix, bare))
    say("", *report.ways({
        "nothing remembered": [bare],
        "one client": [first],
        "the same again": [again],
        "after a cold start": _rounds(cold),
        "four clients": _rounds(together),
        "one, and a writer": _rounds(beside),
        "four, and a writer": _rounds(together_beside),
    }))  # fmt: skip
    say(*report.around(bench.works, cold[0], alone, together, [cost, cost_together]))
    return bare


def _median_of(answers: list[dict[str, Any]], turn: int) -> dict[str, Any]:
    """One question in several processes: the medians of one round, and what was found in the first."""
    costs = {name: median(answer[name][turn] for answer in answers) for name in ("cpu", "wall")}
    return {**answers[0], **costs}


def _rounds(told: list[dict[str, Any]]) -> list[list[dict[str, Any]]]:
    """Each round of each client as its own list of costs."""
    turns = range(len(told[0]["asked"][0]["cpu"]))
    return [
        [{"cpu": each["cpu"][turn], "wall": each["wall"][turn]} for each in client["asked"]]
        for client in told
        for turn in turns
    ]


def yardsticks(bench: Bench, mix: list[Asked], answers: list[dict[str, Any]]) -> None:
    """The databases, with some questions of each class."""
    from bench.finding.archive import Archive  # noqa: PLC0415 - see `measure`
    from bench.finding.mix import Mix, sample  # noqa: PLC0415 - the same

    works = min(bench.works, YARDSTICK_MOST)
    if works < bench.works:
        mix = Mix(Archive(works, bench.seed)).asked()
    chosen = sample(mix, OF_EACH)
    path = bench.folder / "sample"
    path.write_bytes(pickle.dumps(chosen))
    told = bench.told(bench.start("yardsticks", works, bench.seed, path, bench.folder, bench.postgres))
    ours = [answers[mix.index(each)] for each in chosen] if works == bench.works else []
    say("", *report.yardsticks(works, chosen, ours, told))


def say(*lines: str) -> None:
    """At once, for it takes long."""
    for line in lines:
        print(line, flush=True)


if __name__ == "__main__":
    main()
