"""Finding works: the one door to whichever search back end is configured.

An index lags behind the database by a moment. So what the ledger says has changed since is left out of the search, and
what is found is loaded through `visible_to` again: a stale index can show too little, never too much, counts included.
"""

from __future__ import annotations

import contextlib
import fcntl
import secrets
from dataclasses import dataclass, field, replace
from functools import cache
from itertools import chain
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils.module_loading import import_string

from undying.finding import asking, unindexed
from undying.finding.absorbing import absorbed
from undying.finding.backends import IndexAway, IndexGone
from undying.finding.criteria import Criteria, Misread, Spelling
from undying.finding.document import Sight
from undying.finding.kept import Kept
from undying.finding.language import parse
from undying.finding.names import note, spelled_person, tags_beginning
from undying.finding.naming import look_up
from undying.finding.passages import Passage, passages_of
from undying.finding.question import PAGE_SIZE, HasTag, Measure, Sort, Within, all_of
from undying.finding.resolving import meant
from undying.kernel.clock import now
from undying.kernel.models import Pending
from undying.library.access import kept_from, pseuds_for
from undying.library.actions import WORK
from undying.library.models import Series, Tag, Work
from undying.manuscript import TagKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from undying.community.excluding import Exclusions
    from undying.finding.backends import SearchBackend
    from undying.finding.document import Document, Hits
    from undying.finding.naming import Known
    from undying.finding.question import Node
    from undying.people.models import Pseud
    from undying.people.viewer import Viewer

CONSUMER = "search"
_tallies = Kept(most=8)
COUNTED = 20
"""Tags that were asked about and are counted beside the commonest; also what a page can show."""
COUNTED_WHEN_TYPED = 60
"""Tags whose names begin as something typed, of which those in the result are shown."""
MORE_SHOWN = 20
MOST_SEEDS = 999_999


@dataclass(frozen=True, slots=True)
class Facet:
    """A tag, how many works of the result carry it, and whether the reader asked for it, against it, or neither."""

    tag: Tag
    count: int
    asked: bool | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """One page of works that match. `tags` are the visible ones among those counted and those that the criteria name.

    `criteria` has the ids of what was typed by name; names that are nobody's and nothing's stay what they were, and
    `instead` has the tags whose names are like theirs. Excluded tags are counted as well: by how many works they would
    bring back. `is_partial`: the index was gone, so that the words of the search were not looked at and nothing is
    counted (see `in_force`). `is_rounded`: the counts of tags come from a sample. `left_out` is how many works more
    there were without the reader's exclusions, or how many of these she would not see with them.
    """

    criteria: Criteria
    total: int
    works: Sequence[Work]
    facets: Mapping[TagKind, Sequence[Facet]]
    passages: Mapping[int, tuple[Passage, ...]] = field(default_factory=dict)
    tags: Mapping[int, Tag] = field(default_factory=dict)
    people: Mapping[int, Pseud] = field(default_factory=dict)
    series: Series | None = None
    instead: Mapping[str, Sequence[Tag]] = field(default_factory=dict)
    languages: Sequence[tuple[str, int]] = ()
    troubles: tuple[Misread, ...] = ()
    is_partial: bool = False
    is_rounded: bool = False
    size: int = PAGE_SIZE
    left_out: int = 0

    @property
    def in_force(self) -> Criteria:
        """The criteria that were looked at: without an index, only what the database can tell."""
        if not self.is_partial:
            return self.criteria
        return unindexed.in_force(self.criteria)

    @property
    def spelling(self) -> Spelling:
        """How an address of this list names its tags and people."""
        return Spelling(
            {number: (TagKind(tag.kind), tag.name) for number, tag in self.tags.items()},
            {number: spelled_person(pseud) for number, pseud in self.people.items()},
        )

    @property
    def pages(self) -> int:
        """How many pages there are; at least one."""
        return max(1, -(-self.total // self.size))


def find(criteria: Criteria, viewer: Viewer, *, size: int = PAGE_SIZE) -> Listing:
    """What matches, for this viewer, in a fixed number of queries. It never fails: see `Listing.troubles`."""
    parsed = parse(criteria.query, now=_moment())
    names = look_up(parsed.node, viewer)
    known = meant(_shuffled(absorbed(criteria, parsed, names)), viewer)
    if known.criteria.query != criteria.query:
        names = look_up(parse(known.criteria.query).node, viewer)
    in_the_box = (*(each.sentence for each in parsed.troubles), *names.troubles)
    listing = Listing(
        criteria=known.criteria,
        total=0,
        works=(),
        facets={kind: [] for kind in TagKind},
        tags=known.tags,
        people=known.people,
        series=known.series,
        instead=known.instead,
        troubles=(*criteria.troubles, *(Misread("query", each) for each in in_the_box), *known.troubles),
        size=size,
    )
    try:
        return _answered(listing, _searched(known.criteria, viewer, size, names), viewer)
    except IndexGone as gone:
        return _without_index(replace(listing, troubles=(*listing.troubles, _lack(gone))), viewer)


def _shuffled(criteria: Criteria) -> Criteria:
    """A random order is another one each time, until an address says which."""
    is_due = criteria.order is Sort.RANDOM and not criteria.seed
    return replace(criteria, seed=1 + secrets.randbelow(MOST_SEEDS)) if is_due else criteria


def _answered(listing: Listing, hits: Hits, viewer: Viewer) -> Listing:
    works = _loaded(hits.ids, viewer)
    counted = dict(chain(*hits.facets.values()))
    tags = {**_visible_tags(counted.keys() - listing.tags.keys(), viewer), **listing.tags}
    counted |= _beside(listing, hits, viewer)
    facets: dict[TagKind, list[Facet]] = {kind: [] for kind in TagKind}
    for number, times in counted.items():
        if number in tags:
            facets[TagKind(tags[number].kind)].append(Facet(tags[number], times, _asked(number, listing.criteria)))
    return replace(
        listing,
        total=hits.total,
        works=works,
        facets={
            kind: sorted(found, key=lambda facet: (-facet.count, facet.tag.name)) for kind, found in facets.items()
        },
        passages=passages_of(works, parse(listing.criteria.query).node, viewer),
        tags=tags,
        languages=hits.languages,
        is_rounded=hits.is_rounded,
        left_out=_left_out(listing.criteria, hits.total, viewer),
    )


def _left_out(criteria: Criteria, total: int, viewer: Viewer) -> int:
    if not criteria.standing:
        return 0
    otherwise = _nodes([replace(criteria, anyway=not criteria.anyway)], viewer)
    return abs(_counted(otherwise, viewer)[0] - total)


def _asked(number: int, criteria: Criteria) -> bool | None:
    if number in criteria.include or any(number in group for group in criteria.any_of):
        return True
    return False if number in criteria.exclude else None


def _beside(listing: Listing, hits: Hits, viewer: Viewer) -> dict[int, int]:
    """How often the tags that were asked about come, where they are not among the commonest: those asked for, in the
    result; those shut out, beside it. One count of all of them together, and none for what every work has.
    """
    criteria = listing.criteria
    counted = set(chain(*(dict(found) for found in hits.facets.values())))
    every = [each for each in criteria.include if each not in counted]
    some = [each for each in chain(*criteria.any_of) if each not in counted and each in listing.tags]
    shut_out = [each for each in criteria.exclude if each in listing.tags]
    wanted = dict.fromkeys(some[:COUNTED], criteria)
    wanted |= {number: criteria.without_tag(number) for number in shut_out[: COUNTED - len(wanted)]}
    asked = zip(wanted, _nodes(list(wanted.values()), viewer), strict=True)
    nodes = [all_of((HasTag((number,)), node)) for number, node in asked]
    return {**dict.fromkeys(every, hits.total), **dict(zip(wanted, _counted(nodes, viewer), strict=True))}


def count(criteria: Criteria, viewer: Viewer) -> int:
    """How many works match, for this viewer; 0 without an index."""
    return counts([_settled(criteria, viewer)], viewer)[0]


def counts(several: Sequence[Criteria], viewer: Viewer, *, since: Sequence[int] = ()) -> list[int]:
    """How many works match each of these, whose names are numbers by now (`Listing.criteria`); 0 without an index.
    One look at the index for all of them. Of the first ones, those alone that changed `since` a second.
    """
    nodes = _nodes(several, viewer)
    nodes[: len(since)] = [
        all_of((node, Within(Measure.REVISED, second))) for node, second in zip(nodes, since, strict=False)
    ]
    try:
        return _counted(nodes, viewer)
    except IndexGone:
        return [0] * len(several)


def uses(tags: Sequence[int], viewer: Viewer, exclusions: Exclusions) -> dict[int, int]:
    """How many works each of these tags leads to, for this viewer and without what is excluded; none without an index.
    One look at it.
    """
    stays = asking.spared(exclusions)
    try:
        return dict(zip(tags, _counted([all_of((HasTag((each,)), stays)) for each in tags], viewer), strict=True))
    except IndexGone:
        return {}


def tally(kind: TagKind, viewer: Viewer, exclusions: Exclusions, *, keep: bool = True) -> Mapping[int, int]:
    """How many works each tag of a kind leads to, for this viewer and without what is excluded, exactly: every one of
    them, or of very many the most frequent. One look at the index, and, with `keep`, none while it stands as it is.
    Raises IndexGone.
    """
    stays, sight, changed = asking.spared(exclusions), Sight.of(viewer), _apart(viewer)
    index = _backend()

    def made() -> dict[int, int]:
        return index.tally(kind, stays, sight, leave_out=changed)

    return _tallies.of(index.generation(), (kind, stays, sight, *changed), made, lambda _: keep)


def told(several: Sequence[Criteria], viewer: Viewer) -> list[Listing]:
    """These, whose names are numbers, as lists that nobody looked for: they know what this viewer may know of tags,
    people and series, and have no works. Three queries at most.
    """
    series = Series.objects.visible_to(viewer).in_bulk({each.series for each in several if each.series is not None})
    people = pseuds_for(viewer).select_related("user").in_bulk({number for each in several for number in each.people})
    tags = _visible_tags({number for each in several for number in each.tags}, viewer)
    return [
        Listing(
            criteria=each, total=0, works=(), facets={}, tags=tags, people=people, series=series.get(each.series or 0)
        )
        for each in several
    ]


def languages(viewer: Viewer) -> Sequence[tuple[str, int]]:
    """The languages of all works that this viewer may read, as `Listing` has them; none without an index."""
    try:
        return _searched(Criteria(), viewer, 1, look_up(None, viewer), ()).languages
    except IndexGone:
        return ()


def more_tags(criteria: Criteria, viewer: Viewer, kind: TagKind, text: str) -> list[Facet]:
    """Tags of a kind in the result whose names have words that begin so, with their counts, the commonest first; with
    nothing typed, the commonest of all. Empty without an index. Bounded: the plainest names are counted.
    """
    criteria = _settled(criteria, viewer)
    try:
        if not text.strip():
            hits = _searched(criteria, viewer, 1, look_up(parse(criteria.query).node, viewer), (kind,))
            found = dict(hits.facets.get(kind, ()))
        else:
            numbers = tags_beginning(text, kind, viewer)[:COUNTED_WHEN_TYPED]
            (node,) = _nodes([criteria], viewer)
            nodes = [all_of((HasTag((number,)), node)) for number in numbers]
            found = dict(zip(numbers, _counted(nodes, viewer), strict=True))
    except IndexGone:
        return []
    shown = sorted((number for number in found if found[number]), key=lambda number: -found[number])[:MORE_SHOWN]
    tags = _visible_tags(shown, viewer)
    facets = [Facet(tags[number], found[number], _asked(number, criteria)) for number in shown if number in tags]
    return sorted(facets, key=lambda facet: (-facet.count, facet.tag.name))


def _settled(criteria: Criteria, viewer: Viewer) -> Criteria:
    """The criteria with numbers for names, and with the filters that were typed into the box."""
    parsed = parse(criteria.query, now=_moment())
    return meant(absorbed(criteria, parsed, look_up(parsed.node, viewer)), viewer).criteria


def _nodes(several: Sequence[Criteria], viewer: Viewer) -> list[Node | None]:
    """Each of these as a tree without names; what one search names is looked up once."""
    named = {query: look_up(parse(query).node, viewer) for query in {each.query for each in several}}
    return [asking.question(each, now=_moment(), names=named[each.query]).node for each in several]


def _counted(nodes: Sequence[Node | None], viewer: Viewer) -> list[int]:
    return _backend().count(nodes, Sight.of(viewer), leave_out=_apart(viewer)) if nodes else []


def _loaded(ids: Sequence[int], viewer: Viewer) -> list[Work]:
    by_id = {work.pk: work for work in Work.objects.visible_to(viewer).with_card().filter(pk__in=ids)}
    return [by_id[number] for number in ids if number in by_id]


def _visible_tags(ids: Iterable[int], viewer: Viewer) -> dict[int, Tag]:
    return {tag.pk: tag for tag in Tag.objects.visible_to(viewer).filter(pk__in=set(ids))}


def _apart(viewer: Viewer) -> list[int]:
    """Works that the index is not to look at for this viewer: those that changed since it saw them, and those that
    their creators keep from her.
    """
    return list(dict.fromkeys((*_unsettled(), *kept_from(viewer))))


def _unsettled() -> list[int]:
    """Works that changed since the index saw them."""
    return list(Pending.objects.filter(consumer=CONSUMER, kind=WORK).values_list("object_id", flat=True))


def _without_index(listing: Listing, viewer: Viewer) -> Listing:
    """Listings must go on when the index is gone: from the database, newest first."""
    criteria = listing.criteria
    works = unindexed.works(criteria, viewer)
    otherwise = unindexed.works(replace(criteria, anyway=not criteria.anyway), viewer)
    total = works.count()
    start = (criteria.page - 1) * listing.size
    return replace(
        listing,
        total=total,
        works=list(works.newest().with_card()[start : start + listing.size]),
        left_out=abs(otherwise.count() - total) if criteria.standing else 0,
        is_partial=True,
    )


def _lack(gone: IndexGone) -> Misread:
    why = "The search engine does not answer" if isinstance(gone, IndexAway) else "The search index is being made"
    return Misread(
        "",
        f"{why}. Until it is there, lists go by tags, creators, series, length, date, language and completion; words, "
        "kudos, crossovers and places in canon are not looked at.",
    )


@cache
def _backend() -> SearchBackend:
    backend: SearchBackend = import_string(settings.SEARCH_BACKEND)()
    return backend


@contextlib.contextmanager
def writing() -> Iterator[bool]:
    """The right to write the index, which one process has at a time; False when another has it."""
    settings.UNDYING.home.mkdir(parents=True, exist_ok=True)
    with (settings.UNDYING.home / "index.lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
            return
        try:
            yield True
        finally:
            _backend().rest()


def is_gone() -> bool:
    """Whether there is no index that can be read."""
    return _backend().is_gone()


def is_sound() -> bool:
    """Whether the index can go on as it is: it can be read, is of today's layout, and nobody found it broken."""
    return _backend().is_sound()


def is_begun() -> bool:
    """Whether an index is being made that does not answer yet."""
    return _backend().is_begun()


def begin() -> None:
    """Begin an index beside the one that answers. Call it under `writing`, as all that follows."""
    _backend().begin()


def fill(documents: Iterable[Document]) -> None:
    """Add these to the index that was begun."""
    _backend().fill(documents)


def keep() -> None:
    """What was filled in so far is to outlast the process."""
    _backend().keep()


def finish() -> None:
    """The index that was begun answers from now on."""
    _backend().finish()


def _searched(
    criteria: Criteria, viewer: Viewer, size: int, names: Known, kinds: tuple[TagKind, ...] = tuple(TagKind)
) -> Hits:
    """What the back end finds. Raises IndexGone."""
    question = asking.question(criteria, now=_moment(), size=size, kinds=kinds, names=names)
    return _backend().find(question, Sight.of(viewer), leave_out=_apart(viewer))


def _moment() -> int:
    return int(now().timestamp())


def clear() -> None:
    """Begin the index anew. Call it under `writing`."""
    _backend().clear()


def put(documents: Sequence[Document]) -> None:
    """Add or replace these. Call it under `writing`."""
    if documents:
        _backend().put(documents)
        note(documents)


def recount(documents: Sequence[Document]) -> None:
    """Take over these works' numbers. Call it under `writing`."""
    if documents:
        _backend().recount(documents)


def drop(ids: Iterable[int]) -> None:
    """Forget these. Call it under `writing`."""
    if numbers := list(ids):
        _backend().drop(numbers)


def fingerprints() -> dict[int, str]:
    """What the index holds: ids and digests. Raises IndexGone."""
    return _backend().fingerprints()
