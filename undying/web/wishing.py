"""The fields in which an author says what others may do with a work: in its form, and for new ones in preferences."""

from __future__ import annotations

from typing import TYPE_CHECKING

from undying.formats.colophon import MAY_LABELS
from undying.kernel import chosen
from undying.manuscript import wishes_from
from undying.manuscript.wishes import FOR_MACHINES, FOR_PEOPLE
from undying.people.actions import LONGEST_WISH
from undying.web import wording

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from undying.manuscript import Wishes
    from undying.web.fields import Field, Maker

LABELS = {
    "search": "May search engines list it?",
    "mining": "May machines mine it?",
    **MAY_LABELS,
    "words": "In your own words",
}
NAMES = tuple(LABELS)
_CHOSEN = {"search": "search_engines", "mining": "mining"}
"""The archive's own choice where an author makes none."""
_HELP = {
    "search": "Works for members alone are never listed.",
    "mining": "To learn from it, say. “No” reserves your right, on its pages and in its files.",
    "podfic": "Reading it aloud, and giving the recording to others.",
    "remix": "A story of somebody else's made of this one, or going on from it.",
    "binding": "For the shelf of whoever does it, not for sale.",
}
_ANSWERS = [("", "Unsaid"), ("yes", "Yes"), ("ask", "Ask first"), ("no", "No")]


def fields(make: Maker) -> Iterator[Field]:
    """What she can say."""
    for name in FOR_MACHINES:
        usual = wording.leave(chosen.text(_CHOSEN[name])).lower()
        options = [("", f"As the archive has it: {usual}"), ("yes", "Yes"), ("no", "No")]
        yield make.choice(name, LABELS[name], options, "select", help=_HELP[name])
    for name in FOR_PEOPLE:
        yield make.choice(name, LABELS[name], _ANSWERS, "select", help=_HELP.get(name, ""))
    yield make.line(
        "words", LABELS["words"], most=LONGEST_WISH, help="A sentence beside the answers: whom to ask, say."
    )


def typed(wishes: Wishes) -> dict[str, tuple[str, ...]]:
    """What she has said, as she would have typed it; nothing of what she has not."""
    return {name: (said,) for name, said in wishes.told().items()}


def said(given: Mapping[str, Sequence[str]], had: Wishes) -> Wishes:
    """What was typed into these fields; of one that the form had not, what was said before."""
    told = {name: " ".join(next(iter(given[name]), "").replace("\0", "").split()) for name in NAMES if name in given}
    return wishes_from({**had.told(), **told})
