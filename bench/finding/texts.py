"""Whole stories: how fast they are indexed, and what a phrase costs with the passages where it stands.

    python -m bench.finding.texts FOLDER [MEGABYTES]

The stories lie in a database as well, for passages are shown as the reader may see the story today.
"""

from __future__ import annotations

import json
import os
import random
import sys
import time
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

import django

if TYPE_CHECKING:
    from collections.abc import Iterator

    from undying.finding.backends import SearchBackend
    from undying.finding.document import Document

WORKS, SEED = 50_000, 2009
AT_A_TIME = 500
PHRASES = 60
COMMONEST, RARE = 4, 400
"""Words of phrases are none of the so many commonest, and none rarer than that: a page of twenty is to be full."""


def main() -> None:
    """Measure, and tell as JSON."""
    home, megabytes = Path(sys.argv[1]), float(sys.argv[2]) if len(sys.argv) > 2 else 100.0
    os.environ["UNDYING_HOME"] = str(home)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "undying.site.settings")
    django.setup()
    print(json.dumps(measure(home, megabytes * 1e6)))


def measure(home: Path, most: float) -> dict[str, Any]:
    """Index so many bytes of stories, and ask for phrases."""
    from bench.finding.archive import Archive  # noqa: PLC0415 - needs the set-up
    from bench.finding.client import opened, size_of  # noqa: PLC0415 - the same
    from bench.finding.filling import Filling  # noqa: PLC0415 - the same

    archive = Archive(WORKS)
    written = Written(archive.documents(text=True), most)
    home.mkdir(parents=True, exist_ok=True)
    backend = opened()
    backend.begin()
    Filling(home / "undying.sqlite3").fill(archive, _indexed(backend, written))
    used = time.process_time()
    backend.finish()
    written.cpu += time.process_time() - used
    asked = phrases(written)
    told = {"works": written.works, "bytes": written.bytes, "rate": written.bytes / 1e6 / written.cpu}
    return {**told, "size": size_of(home / "index"), **answers(asked)}


class Written:
    """Stories up to so many bytes; what indexing them has cost, and pairs of words that stand in them."""

    def __init__(self, documents: Iterator[Document], most: float) -> None:
        self.documents, self.most = documents, most
        self.works = self.bytes = 0
        self.cpu = 0.0
        self.pairs: list[tuple[str, str]] = []
        self.chance = random.Random(SEED)

    def __iter__(self) -> Iterator[Document]:
        for document in self.documents:
            if self.bytes >= self.most:
                return
            self.works += 1
            self.bytes += len(document.text.encode())
            words = document.text.split()
            if len(words) > 1:
                at = self.chance.randrange(len(words) - 1)
                self.pairs.append((words[at], words[at + 1]))
            yield document


def _indexed(backend: SearchBackend, written: Written) -> Iterator[Document]:
    """The same, once they are in the index."""
    documents = iter(written)
    while portion := list(islice(documents, AT_A_TIME)):
        used = time.process_time()
        backend.fill(portion)
        backend.keep()
        written.cpu += time.process_time() - used
        yield from portion


def phrases(written: Written) -> list[str]:
    """Two words each, neither of them everywhere nor nearly nowhere."""
    from bench.finding.prose import Vocabulary  # noqa: PLC0415 - needs the set-up

    usual = set(Vocabulary().words[COMMONEST:RARE])
    told = [f'"{one} {other}"' for one, other in written.pairs if {one, other} <= usual]
    return list(dict.fromkeys(told))[:PHRASES]


def answers(asked: list[str]) -> dict[str, Any]:
    """What the index alone takes to find, and what the whole answer takes with its works and passages."""
    from bench.finding.client import opened  # noqa: PLC0415 - needs the set-up
    from bench.finding.mix import GUEST  # noqa: PLC0415 - the same
    from undying.finding import asking, engine  # noqa: PLC0415 - the same
    from undying.finding.criteria import Criteria  # noqa: PLC0415 - the same
    from undying.people.viewer import Viewer  # noqa: PLC0415 - the same

    backend = opened()
    found, shown, passages, totals = [], [], 0, []
    for phrase in asked:
        criteria = Criteria(query=phrase)
        wall, cpu = time.perf_counter(), time.process_time()
        backend.find(asking.question(criteria), GUEST, leave_out=())
        found.append({"cpu": (time.process_time() - cpu) * 1000, "wall": (time.perf_counter() - wall) * 1000})
        wall, cpu = time.perf_counter(), time.process_time()
        listing = engine.find(criteria, Viewer.anyone())
        shown.append({"cpu": (time.process_time() - cpu) * 1000, "wall": (time.perf_counter() - wall) * 1000})
        passages += len(listing.passages)
        totals.append(listing.total)
    return {"found": found, "shown": shown, "passages": passages / len(asked), "totals": totals}


if __name__ == "__main__":
    main()
