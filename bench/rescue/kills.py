"""An import, and the taking back of one, killed at points that chance picks: in the end all is as if nothing had been.

    python -m bench.rescue.kills [ARCHIVE] [--trials N] [--kills N] [--seed N] [--apart]

ARCHIVE is a folder that bench.rescue.archive wrote; without it each trial makes a small one. It is imported once
without a disturbance and taken back; then again and again, each time killed with all its processes (SIGKILL), until
there were enough kills; a run that gets through before its kill is followed by taking the batch back, which is killed
as well. What is there in the end is compared: the dump, the ledger's entries, the originals kept, and that nothing else
was left behind.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import random
import signal
import sys
import tempfile
import time
import traceback
from pathlib import Path
from typing import TYPE_CHECKING

from bench.rescue.archive import Archive, Size

if TYPE_CHECKING:
    from collections.abc import Callable

SMALL = Size(10, 25, 15, 6, 40, 3, 8, 20, words=60, longest_chapter=300, most_chapters=8)


class Trial:
    """One archive, one seed. The database is set up once and each run is a fork of this process: nothing is open."""

    def __init__(self, archive: Path, folder: Path, seed: int) -> None:
        self.archive, self.folder = archive, folder
        self.chance = random.Random(seed)
        self.kills = {"import": 0, "undo": 0}

    def run(self, kills: int) -> None:
        """Raises SystemExit with the difference, if there is one."""
        began = time.monotonic()
        self._whole(_bring_in, self.archive)
        whole_run = time.monotonic() - began
        expected = self._seen("undisturbed")
        self._whole(_take_back)
        left = self._seen("taken back")
        if left["originals"] or left["entries"] != 0:
            raise SystemExit(f"taking back left something: {left}")
        while sum(self.kills.values()) < kills:
            if not self._killed("import", whole_run, _bring_in, self.archive):
                self._killed("undo", whole_run / 4, _take_back)
        self._whole(_bring_in, self.archive)
        found = self._seen("disturbed")
        if found != expected:
            raise SystemExit(f"after {self.kills} kills: {found}\nundisturbed: {expected}")
        self._whole(_take_back)
        print(json.dumps({"kills": self.kills, **found}), flush=True)

    def _killed(self, name: str, longest: float, act: Callable[..., None], *arguments: Path) -> bool:
        """Start it and kill it after a while; whether it was still at it."""
        process = _forked(act, *arguments)
        end = time.monotonic() + self.chance.uniform(0.0, longest)
        while time.monotonic() < end:
            if os.waitpid(process, os.WNOHANG)[0]:
                return False
            time.sleep(0.002)
        os.killpg(process, signal.SIGKILL)
        _process, status = os.waitpid(process, 0)
        if not os.WIFSIGNALED(status):
            return False
        self.kills[name] += 1
        self._whole(_wait_until_alone)
        return True

    def _whole(self, act: Callable[..., None], *arguments: Path) -> None:
        _process, status = os.waitpid(_forked(act, *arguments), 0)
        if status:
            raise SystemExit(f"{act.__name__} ended with {status}")

    def _seen(self, name: str) -> dict[str, object]:
        """What the archive holds, told by a fork."""
        path = self.folder / f"{name}.json"
        self._whole(_look, path, self.folder / f"{name}.jsonl")
        told: dict[str, object] = json.loads(path.read_text())
        return told


def _forked(act: Callable[..., None], *arguments: Path) -> int:
    """A process group of its own that does this and ends."""
    process = os.fork()
    os.setpgid(process, process)  # both do it, for either may come first
    if process:
        return process
    code = 1
    try:
        act(*arguments)
        code = 0
    except BaseException as error:
        traceback.print_exc()
        print(getattr(error.__cause__, "sqlite_errorname", ""), act, file=sys.stderr)
        raise
    finally:
        sys.stderr.flush()
        os._exit(code)


def _bring_in(archive: Path) -> None:
    from undying.exchange.imports import Wish, bring_in  # noqa: PLC0415 - Django is set up by then

    report = bring_in(Wish(paths=[archive]))
    if report.state != "done" or not report.adds_up:
        raise SystemExit(f"the import is {report.state}: {report.reason}")


def _wait_until_alone() -> None:
    """PostgreSQL goes on for a moment with what a killed process asked of it, its commit included."""
    from django.db import connection  # noqa: PLC0415 - Django is set up by then

    if connection.vendor != "postgresql":
        return
    others = "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
    with connection.cursor() as cursor:
        while cursor.execute(others) and cursor.fetchone():
            time.sleep(0.01)


def _take_back() -> None:
    from undying.exchange import undo  # noqa: PLC0415 - Django is set up by then
    from undying.exchange.models import Batch  # noqa: PLC0415 - same

    undo.undo(Batch.objects.latest("pk"))


def _look(told: Path, dump: Path) -> None:
    from django.conf import settings  # noqa: PLC0415 - Django is set up by then

    from undying.exchange import exports  # noqa: PLC0415 - same
    from undying.exchange.models import Entry  # noqa: PLC0415 - same

    exports.dump(dump)
    home = settings.UNDYING.home
    entries = Entry.objects.order_by("container", "key").values_list(
        "container", "key", "outcome", "detail", "original"
    )
    originals = sorted(path.name for path in (home / "originals").rglob("*") if path.is_file())
    left = [str(path) for name in ("scratch", "promises", "originals/.part") for path in (home / name).glob("*")]
    told.write_text(
        json.dumps(
            {
                "dump": _digest(dump.read_bytes()),
                "works": dump.read_bytes().count(b"\n"),
                "entries": len(entries) and _digest(repr(list(entries)).encode()),
                "originals": len(originals) and _digest("\n".join(originals).encode()),
                "left": left,
            }
        )
    )


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()[:16]


def _set_up(home: Path, *, apart: bool) -> None:
    os.environ |= {"UNDYING_HOME": str(home), "DJANGO_SETTINGS_MODULE": "undying.site.settings"}
    os.environ.pop("UNDYING_DATABASE_URL", None)
    import django  # noqa: PLC0415 - it reads the environment

    django.setup()
    from django.db import connections  # noqa: PLC0415 - Django is set up by then

    from undying.cli import preparing  # noqa: PLC0415 - same
    from undying.exchange import imports, pipeline  # noqa: F401, PLC0415 - so that the forks need not

    if apart:
        pipeline.WORTH_A_PROCESS = 0
    preparing.prepare_database()
    connections.close_all()


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("archive", type=Path, nargs="?")
    parser.add_argument("--trials", type=int, default=1)
    parser.add_argument("--kills", type=int, default=10, help="in each trial")
    parser.add_argument("--seed", type=int, default=1, help="of the first trial")
    parser.add_argument("--apart", action="store_true", help="read in a process of its own, however small the archive")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        _set_up(Path(folder) / "home", apart=asked.apart)
        for seed in range(asked.seed, asked.seed + asked.trials):
            archive = asked.archive or Path(folder) / f"archive-{seed}"
            if asked.archive is None:
                Archive(archive, SMALL, seed).write()
            Trial(archive, Path(folder), seed).run(asked.kills)


if __name__ == "__main__":
    main()
