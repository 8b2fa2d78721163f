"""Where in canon a work or chapter stands: what fits, and writing it anew."""

from __future__ import annotations

from typing import TYPE_CHECKING

from undying.library.actions import place_in_canon

if TYPE_CHECKING:
    from collections.abc import Sequence

    from undying.library.models import Chapter, Work
    from undying.manuscript import Placement

MOST_PLACES, MOST_EPISODES = 20, 50
LONGEST_EPISODE = 150
_LONGEST = {"fandom": 500, "unit": 20, "part": 100, "part_to": 100}
TOO_MUCH = (
    f"What is said of the place in canon is too long: up to {MOST_PLACES} places with {MOST_EPISODES} episodes each, "
    f"{LONGEST_EPISODE} characters for an episode, {_LONGEST['part']} for a season or book, {_LONGEST['unit']} for "
    "what it is counted in."
)


def fits(placements: Sequence[Placement] | None, had: Sequence[Placement] | None) -> bool:
    """Whether there is room for all of them; for those that are there already there is."""
    fresh = set(placements or ()) - set(had or ())
    return len(placements or ()) <= max(MOST_PLACES, len(had or ())) and all(map(_fits, fresh))


def _fits(placement: Placement) -> bool:
    columns = all(len(getattr(placement, name)) <= most for name, most in _LONGEST.items())
    episodes = placement.episodes
    return columns and len(episodes) <= MOST_EPISODES and all(len(each) <= LONGEST_EPISODE for each in episodes)


def write(work: Work, chapter: Chapter | None, placements: Sequence[Placement] | None) -> None:
    """The places of a work, or of a chapter, in place of those before; None leaves them as they are."""
    if placements is not None:
        work.placements.filter(chapter=chapter).delete()
        place_in_canon(work, chapter, placements)
