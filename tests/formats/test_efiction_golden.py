"""Whole archives, small enough to read: the events of each are in its folder's out.txt."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.formats.efiction_archive import Heard
from undying.formats import Contact, Count, Fate, Kept, Meaning, Remark, Repair, Request, Story
from undying.formats.efiction import READER
from undying.manuscript.codec import to_json

if TYPE_CHECKING:
    from undying.manuscript import Keepsake

CASES = sorted((Path(__file__).parents[1] / "golden" / "efiction").iterdir())


def shown(keepsake: Keepsake) -> str:
    """A keepsake as JSON, without what is empty."""
    fields = {name: value for name, value in asdict(keepsake).items() if value not in ("", (), None)}
    return f"{type(keepsake).__name__} {json.dumps(fields, default=str, ensure_ascii=False)}\n"


def told(event: object) -> str:
    """One event as a line."""
    line = ""
    match event:
        case Story():
            line = f"story {to_json(event.manuscript)}\n" + "".join(told(fate) for fate in event.fates)
        case Kept():
            line = shown(event.keepsake) + "".join(map(told, event.fates))
        case Contact():
            line = f"contact {event.credit.name}: {', '.join(event.emails)} {event.password}".rstrip() + "\n"
        case Fate():
            line = f"  {event.container} {event.key}: {event.outcome}, {event.detail}\n"
        case Count():
            line = f"  {event.container} counted: {event.total}\n"
        case Remark():
            line = f"{'GRAVE ' if event.grave else ''}{event.text}\n"
        case Repair():
            how = "mended" if event.applied else "could be mended"
            line = f"{event.rule} in {event.where}, {how} {event.places}: {event.before} -> {event.after}\n"
        case Meaning():
            kinds = "; ".join(f"{each.kind} {each.name}" for each in event.taggings) or "a section of the site"
            sure = "" if event.is_certain else ", not sure"
            line = f"{event.table} {event.key} {event.parent}>{event.name} ({event.uses}): {kinds}{sure}: {event.why}\n"
    return line


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_golden_archive_is_told_as_before(case, golden, tmp_path):
    events = list(READER.read(case / "in.sql", Request(scratch=tmp_path, root=case, with_passwords=True)))
    Heard(events)
    golden(case / "out.txt", "".join(map(told, events)))
