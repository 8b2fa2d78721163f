"""The fields in which an author says what others may do with a work: in its form, and for new ones in preferences."""

from __future__ import annotations

from typing import TYPE_CHECKING

from undying.kernel import chosen
from undying.manuscript import wishes_from
from undying.web import wording

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from undying.manuscript import Wishes
    from undying.web.fields import Field, Maker

LABELS = {
    "search": "May search engines list it?",
    "mining": "May machines mine it?",
}
NAMES = tuple(LABELS)
_CHOSEN = {"search": "search_engines", "mining": "mining"}
"""The archive's own choice where an author makes none."""
_HELP = {
    "search": "Works for members alone are never listed.",
    "mining": "To learn from it, say. “No” reserves your right, on its pages and in its files.",
}


def fields(make: Maker) -> Iterator[Field]:
    """What she can say."""
    for name in ("search", "mining"):
        usual = wording.leave(chosen.text(_CHOSEN[name])).lower()
        options = [("", f"As the archive has it: {usual}"), ("yes", "Yes"), ("no", "No")]
        yield make.choice(name, LABELS[name], options, "select", help=_HELP[name])


def typed(wishes: Wishes) -> dict[str, tuple[str, ...]]:
    """What she has said, as she would have typed it; nothing of what she has not."""
    return {name: (said,) for name, said in wishes.told().items()}


def said(given: Mapping[str, Sequence[str]], had: Wishes) -> Wishes:
    """What was typed into these fields; of one that the form had not, what was said before."""
    told = {name: " ".join(next(iter(given[name]), "").split()) for name in NAMES if name in given}
    return wishes_from({**had.told(), **told})
