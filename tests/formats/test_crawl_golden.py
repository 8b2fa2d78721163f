"""Saved pages written by hand, small enough to read: what is told of each folder is in its out.txt."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.formats.test_crawl import Heard
from undying.formats import Count, Fate, Kept, Remark, Request, Story
from undying.formats.crawl import READER
from undying.manuscript.codec import keepsake_to_json, to_json

CASES = sorted((Path(__file__).parents[1] / "golden" / "crawl").iterdir())


def told(event: object) -> str:
    """One event as lines."""
    match event:
        case Story():
            return f"story {to_json(event.manuscript)}\n" + "".join(map(told, event.fates))
        case Kept():
            return f"kept {keepsake_to_json(event.keepsake)}\n" + "".join(map(told, event.fates))
        case Fate():
            return f"  {event.container} {event.key}: {event.outcome}, {event.detail}\n"
        case Count():
            return f"  {event.container} counted: {event.total}\n"
        case Remark():
            return f"{'GRAVE ' if event.grave else ''}{event.text}\n"
        case _:
            return ""


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_saved_pages_are_told_as_before(case, golden, tmp_path):
    files = tuple(sorted(path for path in (case / "in").rglob("*") if path.is_file()))
    first = next(path for path in files if READER.claims(path, path.read_bytes()[:65536]))
    events = list(READER.read(first, Request(scratch=tmp_path, root=case / "in", files=files)))
    Heard(events)
    golden(case / "out.txt", "".join(map(told, events)))
