"""How well known tags are: how many works for everybody stand under each, roughly, for the order of suggestions.

It is counted from the index every now and then. Of works that not everybody may see nothing goes into it, so that the
order of what somebody is offered tells nothing of them.
"""

from __future__ import annotations

import heapq
from collections import defaultdict
from typing import TYPE_CHECKING

from undying.community.excluding import NOTHING
from undying.finding import engine
from undying.finding.backends import IndexGone
from undying.library.models import Tag
from undying.manuscript import TagKind
from undying.people.viewer import Viewer

if TYPE_CHECKING:
    from collections.abc import Mapping

MOST = 20_000
"""Tags of a kind whose numbers are written down."""
AT_A_TIME = 500


def refresh() -> int:
    """Count anew; of how many tags the number changed. Nothing happens without an index."""
    try:
        return sum(_write(kind, engine.tally(kind, Viewer.anyone(), NOTHING, keep=False)) for kind in TagKind)
    except IndexGone:
        return 0


def _write(kind: TagKind, uses: Mapping[int, int]) -> int:
    """In portions, each of its own: nobody waits for long."""
    wanted = {number: rounded(uses[number]) for number in heapq.nlargest(MOST, uses, key=lambda each: uses[each])}
    before = dict(Tag.objects.filter(kind=kind, renown__gt=0).values_list("pk", "renown"))
    alike: dict[int, list[int]] = defaultdict(list)
    for number in wanted.keys() | before.keys():
        if wanted.get(number, 0) != before.get(number, 0):
            alike[wanted.get(number, 0)].append(number)
    for renown, tags in alike.items():
        for start in range(0, len(tags), AT_A_TIME):
            Tag.objects.filter(pk__in=tags[start : start + AT_A_TIME]).update(renown=renown)
    return sum(map(len, alike.values()))


def rounded(number: int) -> int:
    """Its first two digits, and noughts: what grows by a work is not written every time."""
    unit: int = 10 ** max(0, len(str(number)) - 2)
    return number // unit * unit
