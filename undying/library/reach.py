"""How far a work reaches beyond its readers: whether search engines may list it, and machines mine it.

What its author says counts; where she says nothing, what the archivist chose for the archive.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from undying.kernel import chosen
from undying.manuscript import Leave, State

if TYPE_CHECKING:
    from collections.abc import Iterable

    from undying.library.models import Work


@dataclass(frozen=True, slots=True)
class Reach:
    """Whether search engines may list something, and whether the right to mine it is reserved."""

    is_listed: bool = True
    is_reserved: bool = False


EVERYWHERE = Reach()


def reach_of(work: Work) -> Reach:
    """That of one work. What is not for everybody is never listed. No query but for the archive's own choices."""
    wishes = work.wishes
    is_public = work.is_open and work.state == State.POSTED and not work.is_hidden
    return Reach(
        is_listed=is_public and (wishes.search or chosen.text("search_engines")) == Leave.YES,
        is_reserved=(wishes.mining or chosen.text("mining")) == Leave.NO,
    )


def strictest(reaches: Iterable[Reach]) -> Reach:
    """That of what shows several works."""
    told = list(reaches)
    return Reach(is_listed=all(each.is_listed for each in told), is_reserved=any(each.is_reserved for each in told))
