"""Whole archives, small enough to read: the events of each are in its folder's out.txt."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.formats.efiction_archive import Heard
from undying.formats import Count, Fate, Remark, Request, Story
from undying.formats.efiction import READER
from undying.manuscript.codec import to_json

CASES = sorted((Path(__file__).parents[1] / "golden" / "efiction").iterdir())


def told(event: object) -> str:
    """One event as a line."""
    match event:
        case Story():
            return f"story {to_json(event.manuscript)}\n" + "".join(told(fate) for fate in event.fates)
        case Fate():
            return f"  {event.container} {event.key}: {event.outcome}, {event.detail}\n"
        case Count():
            return f"  {event.container} counted: {event.total}\n"
        case Remark():
            return f"{'GRAVE ' if event.grave else ''}{event.text}\n"
        case _:
            return ""


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_golden_archive_is_told_as_before(case, golden, tmp_path):
    events = list(READER.read(case / "in.sql", Request(scratch=tmp_path, root=case)))
    Heard(events)
    golden(case / "out.txt", "".join(map(told, events)))
