"""One process that asks, or one that writes; `measure` starts them. What it measured is its last line, as JSON.

    python -m bench.finding.client ask QUESTIONS SEED ROUNDS     each question once per round, shuffled by the seed
    python -m bench.finding.client ask QUESTIONS SEED fresh      each with a back end that remembers no other answer
    python -m bench.finding.client write WORKS SEED              a commit each second until its input closes
    python -m bench.finding.client build WORKS SEED              the whole index anew

The data folder is UNDYING_HOME.
"""

from __future__ import annotations

import json
import os
import pickle
import random
import select
import sys
import time
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

import django
from django.conf import settings
from django.utils.module_loading import import_string

if TYPE_CHECKING:
    from bench.finding.mix import Asked
    from undying.finding.backends import SearchBackend
    from undying.finding.question import Question

AT_A_TIME, KEPT_EVERY = 2000, 20_000
"""Documents that are made up together, and after how many the building of an index could go on if it broke off."""
A_SECONDS_WRITING = 20
"""Works that change each second: at AO3's 16 million a year of two changes each, it is about one."""
REMEMBERED = 5000


def opened() -> SearchBackend:
    """The back end that the settings name."""
    backend: SearchBackend = import_string(settings.SEARCH_BACKEND)()
    return backend


def memory() -> dict[str, float]:
    """Megabytes: the most that was resident, mapped files included, and what is the process's alone now."""
    told = {}
    for path, wanted in (("status", "VmHWM"), ("smaps_rollup", "Private_Dirty")):
        for line in Path(f"/proc/self/{path}").read_text().splitlines():
            if line.startswith(f"{wanted}:"):
                told[wanted] = int(line.split()[1]) / 1024
    return {"peak": told["VmHWM"], "private": told["Private_Dirty"]}


def ask(questions: Path, seed: int, rounds: int, *, fresh: bool = False) -> dict[str, Any]:
    """Each question by its place: CPU and wall milliseconds of each round, and what was found."""
    from bench.finding.mix import GUEST  # noqa: PLC0415 - needs the set-up

    asked = pickle.loads(questions.read_bytes())
    empty = memory()
    began, used = time.perf_counter(), time.process_time()
    backend = opened()
    order = list(range(len(asked)))
    random.Random(seed).shuffle(order)
    told: list[dict[str, Any]] = [{"cpu": [], "wall": []} for _ in asked]
    first: dict[str, float] = {}
    for _ in range(rounds):
        for place in order:
            if fresh:
                backend = opened()
                backend.find(_another(asked, place), GUEST, leave_out=())
            wall, cpu = time.perf_counter(), time.process_time()
            hits = backend.find(asked[place].question, GUEST, leave_out=())
            cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
            first = first or {"wall": time.perf_counter() - began, "cpu": time.process_time() - used}
            told[place]["cpu"].append(cpu * 1000)
            told[place]["wall"].append(wall * 1000)
            told[place] |= {"total": hits.total, "rounded": hits.is_rounded}
            told[place] |= {"ids": hits.ids, "facets": {str(kind): found for kind, found in hits.facets.items()}}
    return {"asked": told, "first": first, "seconds": time.perf_counter() - began, "empty": empty, **memory()}


def _another(asked: list[Asked], place: int) -> Question:
    """A small question with the same order, after which all columns are open."""
    question = asked[place].question
    pairings = (each.question.node for each in asked if each.name == "pairing")
    return replace(question, node=next(node for node in pairings if node != question.node), page=1)


def write(works: int, seed: int) -> dict[str, Any]:
    """Kudos and words of some works change, every second."""
    from bench.finding.archive import Archive  # noqa: PLC0415 - needs the set-up

    backend = opened()
    archive = Archive(works, seed)
    source = list(islice(archive.documents(), REMEMBERED))
    walls, cpus, place = [], [], 0
    print("ready", flush=True)
    began = time.perf_counter()
    while not select.select([sys.stdin], [], [], max(0.0, began + len(walls) + 1 - time.perf_counter()))[0]:
        changed = [
            replace(work, kudos=work.kudos + len(walls) + 1, words=work.words + 1)
            for work in source[place : place + A_SECONDS_WRITING]
        ]
        place = (place + A_SECONDS_WRITING) % len(source)
        wall, cpu = time.perf_counter(), time.process_time()
        backend.put(changed)
        cpus.append((time.process_time() - cpu) * 1000)
        walls.append((time.perf_counter() - wall) * 1000)
    return {"wall": walls, "cpu": cpus, **memory()}


def build(works: int, seed: int) -> dict[str, Any]:
    """The index from nothing. What making up the works costs is taken off the CPU time."""
    from bench.finding.archive import Archive  # noqa: PLC0415 - needs the set-up

    archive = Archive(works, seed)
    settings.UNDYING.home.mkdir(parents=True, exist_ok=True)
    backend = opened()
    began, used = time.perf_counter(), time.process_time()
    backend.begin()
    making, made, filled = 0.0, 0.0, 0
    documents = archive.documents()
    while True:
        before, own = time.perf_counter(), time.thread_time()
        portion = list(islice(documents, AT_A_TIME))
        making, made = making + time.perf_counter() - before, made + time.thread_time() - own
        if not portion:
            break
        backend.fill(portion)
        filled += len(portion)
        if filled % KEPT_EVERY == 0:
            backend.keep()
    backend.finish()
    wall, cpu = time.perf_counter() - began - making, time.process_time() - used - made
    return {"wall": wall, "cpu": cpu, "making": made, "size": size_of(settings.UNDYING.home / "index"), **memory()}


def size_of(folder: Path) -> int:
    """Bytes of all files."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def main() -> None:
    """Do what the words say."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "undying.site.settings")
    django.setup()
    match sys.argv[1:]:
        case ["ask", questions, seed, "fresh"]:
            told = ask(Path(questions), int(seed), 1, fresh=True)
        case ["ask", questions, seed, rounds]:
            told = ask(Path(questions), int(seed), int(rounds))
        case ["write", works, seed]:
            told = write(int(works), int(seed))
        case ["build", works, seed]:
            told = build(int(works), int(seed))
        case _:
            raise SystemExit(__doc__)
    print(json.dumps(told))


if __name__ == "__main__":
    main()
