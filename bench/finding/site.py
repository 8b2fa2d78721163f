"""Whole pages: `undying serve` on an archive of AO3's shape, asked by HTTP as a browser asks.

    python -m bench.finding.site WORKS SEED HOME      the index is in HOME already; the database is filled

Every address is asked for once, so that no page comes from memory unseen.
"""

from __future__ import annotations

import gzip
import json
import os
import random
import sys
import time
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import django

from bench.pages import cpu_seconds, free_port, running

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bench.finding.archive import Archive
    from bench.finding.mix import Mix
    from bench.pages import Server
    from undying.finding.document import Document

ROOT = Path(__file__).resolve().parents[2]
OF_EACH = 20
COMPARED = 50
SAME = ("title", "summary", "creators", "creator_ids", "tags", "language", "status", "words", "published", "revised")
INCLUDED, EXCLUDED = "include_work_search[fandom_ids][]", "exclude_work_search[fandom_ids][]"
TOGETHER = 4
PATIENCE = 60
SETTLING = 30
"""Seconds in which the worker does what it does when it starts."""


def main() -> None:
    """Measure, and tell as JSON."""
    works, seed, home = int(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3])
    os.environ["UNDYING_HOME"] = str(home)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "undying.site.settings")
    django.setup()
    from bench.finding.archive import Archive  # noqa: PLC0415 - needs the set-up
    from bench.finding.filling import Filling  # noqa: PLC0415 - the same

    archive = Archive(works, seed)
    began = time.perf_counter()
    database = home / "undying.sqlite3"
    Filling(database).fill(archive, archive.documents())
    filled = time.perf_counter() - began
    compare(list(islice(archive.documents(), COMPARED)))
    port = free_port()
    command = [sys.executable, "-m", "undying.cli", "serve", "--port", str(port)]
    with running(command, f"http://127.0.0.1:{port}", "/healthz", PYTHONPATH=str(ROOT)) as server:
        told = measure(server, addresses(archive))
    print(json.dumps({"filled": filled, "database": database.stat().st_size, **told}))


def compare(documents: list[Document]) -> None:
    """That the database holds what the index was given: else pages would show something else than was searched."""
    from undying.finding.documents import documents_of  # noqa: PLC0415 - needs the set-up

    stored = {each.work_id: each for each in documents_of([each.work_id for each in documents])}
    for each in documents:
        wrong = [name for name in SAME if getattr(each, name) != getattr(stored[each.work_id], name)]
        if wrong:
            raise SystemExit(f"the database has other {', '.join(wrong)} of {each.title!r} than the index")


def addresses(archive: Archive) -> dict[str, list[str]]:
    """Listing pages as AO3 addresses them, by what they show."""
    from bench.finding.mix import Mix  # noqa: PLC0415 - needs the set-up
    from undying.finding.question import Sort  # noqa: PLC0415 - the same

    mix, of_each = Mix(archive), min(OF_EACH, archive.works // 1000)
    sorts = [each.value for each in (Sort.REVISED, Sort.KUDOS, Sort.HITS, Sort.WORDS)]
    huge = [(number, sorts[place % 4]) for place, number in enumerate(mix.ids(mix.huge)[:of_each])]
    step = max(1, len(mix.mid) // of_each)
    words = [[word for word in work.summary.strip(".").split() if len(word) > 5] for work in mix.works]
    typed = list(dict.fromkeys(mix.pick(each) for each in words if each))[:of_each]
    return {
        "the front page": [f"/?{number}" for number in range(of_each)],
        "the whole archive": [f"/works?page={page}" for page in range(1, of_each + 1)],
        "a huge fandom": [_works((INCLUDED, number), ("work_search[sort_column]", sort)) for number, sort in huge],
        "a mid fandom": [_works((INCLUDED, number)) for number in mix.ids(mix.mid[::step])[:of_each]],
        "two in, one out": [_works(*_narrow(mix)) for _ in range(of_each)],
        "a word": [f"/works/search?{urlencode([('work_search[query]', word)])}" for word in typed],
    }


def _works(*asked: tuple[str, int | str]) -> str:
    return f"/works?{urlencode(asked)}"


def _narrow(mix: Mix) -> Iterator[tuple[str, int]]:
    from undying.finding.question import All, HasTag, Not  # noqa: PLC0415 - needs the set-up

    node = mix.two_in_one_out().node
    assert isinstance(node, All)
    for each in node.nodes:
        match each:
            case HasTag(ids):
                yield INCLUDED, ids[0]
            case Not(HasTag(ids)):
                yield EXCLUDED, ids[0]


def measure(server: Server, pages: dict[str, list[str]]) -> dict[str, Any]:
    """One after the other, then four at a time with other addresses of the same kinds."""
    told: dict[str, dict[str, Any]] = {}
    time.sleep(SETTLING)
    for name, paths in pages.items():
        answers, cpu = _in_turn(server, paths)
        told[name] = {**_costs(answers), "cpu": cpu}
        if told[name]["is_stuck"]:
            return {"pages": told}
    every = [f"{path}&work_search[words_from]=10" for paths in pages.values() for path in paths]
    random.Random(2).shuffle(every)
    with ThreadPoolExecutor(TOGETHER) as clients:
        told["all of these, four at a time"] = _costs(list(clients.map(partial(_get, server), every)))
    return {"pages": told}


def _in_turn(server: Server, paths: list[str]) -> tuple[list[tuple[float, int]], list[float]]:
    """One after the other, up to the first that does not come: the server is at it still. And the milliseconds of CPU
    that each took of all its processes.
    """
    answers, cpu = [], []
    for path in paths:
        before = cpu_seconds(server.process.pid)
        answers.append(_get(server, path))
        cpu.append((cpu_seconds(server.process.pid) - before) * 1000)
        if not answers[-1][1]:
            break
    return answers, cpu


def _costs(answers: list[tuple[float, int]]) -> dict[str, Any]:
    sizes = [size for _, size in answers]
    return {"wall": [wall for wall, _ in answers], "bytes": max(sizes), "is_stuck": not all(sizes)}


def _get(server: Server, path: str) -> tuple[float, int]:
    """How many milliseconds a page took, and how many bytes it is when it is compressed: none when it did not come."""
    request = urllib.request.Request(server.address + path, headers={"Accept-Encoding": "gzip"})
    began = time.perf_counter()
    try:
        with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
            body = answer.read()
            is_small = answer.headers.get("Content-Encoding") == "gzip"
    except TimeoutError:
        return PATIENCE * 1000, 0
    wall = (time.perf_counter() - began) * 1000
    return wall, len(body) if is_small else len(gzip.compress(body))


if __name__ == "__main__":
    main()
