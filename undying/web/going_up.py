"""What goes up by itself, in words, for its creators."""

from __future__ import annotations

from typing import TYPE_CHECKING

from undying.library import scheduling
from undying.web import links, wording
from undying.web.cards import Name

if TYPE_CHECKING:
    from datetime import datetime

    from undying.library.models import Chapter, Scheduled, Work
    from undying.people.viewer import Viewer


def in_words(at: datetime) -> str:
    """ "9 March 2027 at 18:30 CET", by the clock of whoever looks."""
    return f"{wording.day_of(at)} at {wording.hour(at)}"


def goes_up(work: Work, chapter: Chapter | None) -> Name | None:
    """That a draft goes up by itself, and where that is changed; None where it does not. One query."""
    row = scheduling.scheduled_for(work, chapter)
    return None if row is None else _name(row)


def lines(viewer: Viewer) -> tuple[Name, ...]:
    """All of hers that is to go up, or should have: what, where that is changed, and when or why not."""
    return tuple(map(_name, scheduling.scheduled_of(viewer)))


def _name(row: Scheduled) -> Name:
    text = row.work.title if row.chapter is None else f"{row.work.title}, {row.chapter}"
    url = links.schedule(row.work, row.chapter)
    if row.failed:
        return Name(text=text, url=url, note=f"It was to go up on {in_words(row.at)}, and could not: {row.failed}")
    return Name(text=text, url=url, note=f"Goes up on {in_words(row.at)}.")
