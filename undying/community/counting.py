"""Counts what readers said of works and who keeps them: what everybody may see who may see the work, and no more."""

from __future__ import annotations

from collections import Counter as Tally
from collections import defaultdict
from typing import TYPE_CHECKING

from django.db.models import Q

from undying.community.access import answers_to
from undying.community.models import Favourite, Review
from undying.kernel import ledger
from undying.kernel.portions import portions
from undying.library import counters
from undying.library.counters import SAID, Counter
from undying.library.models import AlsoKnown, Work
from undying.manuscript import Audience, FavouriteKind, State

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from django.db.models import QuerySet

CONSUMER = "counting"
AT_A_TIME = 200


def drain_if_free() -> int:
    """Count anew for the works of which something was said, unless another process is at it; how many that were."""
    return ledger.drain_if_free(CONSUMER, recount, at_a_time=AT_A_TIME)


def recount(works: Collection[int]) -> None:
    """Count the comments and bookmarks of these works. A dozen queries, and two for each with a review kept back."""
    counters.put(Counter.COMMENTS, comments_of(works))
    counters.put(Counter.BOOKMARKS, bookmarks_of(works))


def comments_of(works: Collection[int]) -> dict[int, int]:
    """How many reviews stand for all to read who may read the work: not those of drafts, nor what answers them."""
    found = dict.fromkeys(works, 0)
    found.update(Tally(Review.objects.filter(work__in=works).values_list("work_id", flat=True)))
    of_drafts = Review.objects.filter(work__in=works).exclude(chapter=None).exclude(chapter__state=State.POSTED)
    for work in set(of_drafts.values_list("work_id", flat=True)):
        reviews = list(Review.objects.filter(work=work).only("key", "answers"))
        withheld = set(of_drafts.filter(work=work).values_list("pk", flat=True))
        found[work] -= len(withheld | answers_to(withheld, reviews))
    return found


def bookmarks_of(works: Collection[int]) -> dict[int, int]:
    """How many members keep each of these works, of whom everybody may know it."""
    named: dict[tuple[str, str], int] = {}
    for work, site, key in AlsoKnown.objects.filter(work__in=works).values_list("work_id", "site", "key"):
        named[site, key] = work
    for work, site, key in Work.objects.filter(pk__in=works).exclude(site="").values_list("pk", "site", "key"):
        named[site, key] = work
    members: dict[int, set[int]] = defaultdict(set)
    rows = Favourite.objects.filter(kind=FavouriteKind.WORK, audience=Audience.EVERYONE)
    rows = rows.filter(site__in={site for site, _ in named}, target__in={key for _, key in named})
    for site, key, member in rows.values_list("site", "target", "member_id"):
        if (site, key) in named:
            members[named[site, key]].add(member)
    return {each: len(members[each]) for each in works}


def note_kept(favourites: QuerySet[Favourite]) -> None:
    """Somebody keeps these now, or no longer, or it has become known: the works that they name are to be counted."""
    for portion in portions(favourites.filter(kind=FavouriteKind.WORK).only("site", "target"), AT_A_TIME):
        names: dict[str, list[str]] = defaultdict(list)
        for row in portion:
            names[row.site].append(row.target)
        for site, keys in names.items():
            _mark(site, keys)


def _mark(site: str, keys: Iterable[str]) -> None:
    named = Q(site=site, key__in=keys)
    works = set(Work.objects.filter(named).values_list("pk", flat=True))
    ledger.mark(SAID, works.union(AlsoKnown.objects.filter(named).values_list("work_id", flat=True)))
