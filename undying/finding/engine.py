"""Finding works: the one door to whichever search back end is configured.

An index lags behind the database by a moment. So what the ledger says has changed since is left out of the search, and
what is found is loaded through `visible_to` again: a stale index can show too little, never too much, counts included.
"""

from __future__ import annotations

import contextlib
import fcntl
from dataclasses import dataclass, field, replace
from functools import cache
from typing import TYPE_CHECKING

from django.conf import settings
from django.db.models import Q
from django.utils.module_loading import import_string

from undying.finding.backends import IndexGone
from undying.finding.criteria import Criteria, Crossover, Misread, PlacementFilter
from undying.finding.document import Sight
from undying.finding.language import parse
from undying.finding.passages import Passage, passages_of
from undying.kernel.models import Pending
from undying.library.actions import WORK
from undying.library.models import Tag, Work
from undying.manuscript import Status, TagKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from undying.finding.backends import SearchBackend
    from undying.finding.document import Document, Hits
    from undying.people.viewer import Viewer

PAGE_SIZE = 20
CONSUMER = "search"


@dataclass(frozen=True, slots=True)
class Facet:
    """A tag, how many works of the result carry it, and whether the reader asked for it, against it, or neither."""

    tag: Tag
    count: int
    asked: bool | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """One page of works that match. `tags` are the visible ones among those counted and those that the criteria name.

    `criteria` has the ids of tags that were typed by name; names that are no tag's stay what they were. `is_partial`:
    the index was gone, so that the words of the search were not looked at and nothing is counted (see `in_force`).
    """

    criteria: Criteria
    total: int
    works: Sequence[Work]
    facets: Mapping[TagKind, Sequence[Facet]]
    passages: Mapping[int, Passage] = field(default_factory=dict)
    tags: Mapping[int, Tag] = field(default_factory=dict)
    languages: Sequence[tuple[str, int]] = ()
    troubles: tuple[Misread, ...] = ()
    is_partial: bool = False
    size: int = PAGE_SIZE

    @property
    def in_force(self) -> Criteria:
        """The criteria that were looked at: without an index, only what the database can tell."""
        if not self.is_partial:
            return self.criteria
        return replace(self.criteria, query="", crossover=Crossover.ANY, placement=PlacementFilter())

    @property
    def pages(self) -> int:
        """How many pages there are; at least one."""
        return max(1, -(-self.total // self.size))


def find(criteria: Criteria, viewer: Viewer, *, size: int = PAGE_SIZE) -> Listing:
    """What matches, for this viewer, in a fixed number of queries. It never fails: see `Listing.troubles`."""
    criteria, troubles = _with_named_tags(criteria, viewer)
    misread = (Misread("query", each.sentence) for each in parse(criteria.query).troubles)
    troubles = (*criteria.troubles, *misread, *troubles)
    try:
        hits = _searched(criteria, viewer, size)
    except IndexGone:
        return _without_index(criteria, viewer, troubles, size)
    works = _loaded(hits.ids, viewer)
    shown = {number for found in hits.facets.values() for number, _ in found}
    tags = _visible_tags({*shown, *criteria.include, *criteria.exclude}, viewer)
    return Listing(
        criteria=criteria,
        total=hits.total,
        works=works,
        facets={kind: _facets(found, tags, criteria) for kind, found in hits.facets.items()},
        passages=passages_of(works, parse(criteria.query).node, viewer),
        tags=tags,
        languages=hits.languages,
        troubles=troubles,
        size=size,
    )


def count(criteria: Criteria, viewer: Viewer) -> int:
    """How many works match, for this viewer; 0 without an index. Two queries at most."""
    criteria, _ = _with_named_tags(criteria, viewer)
    try:
        return _searched(criteria, viewer, 1).total
    except IndexGone:
        return 0


def _loaded(ids: Sequence[int], viewer: Viewer) -> list[Work]:
    by_id = {work.pk: work for work in Work.objects.visible_to(viewer).with_card().filter(pk__in=ids)}
    return [by_id[number] for number in ids if number in by_id]


def _visible_tags(ids: Iterable[int], viewer: Viewer) -> dict[int, Tag]:
    return {tag.pk: tag for tag in Tag.objects.visible_to(viewer).filter(pk__in=set(ids))}


def _facets(found: Sequence[tuple[int, int]], tags: Mapping[int, Tag], criteria: Criteria) -> list[Facet]:
    asked = {**dict.fromkeys(criteria.include, True), **dict.fromkeys(criteria.exclude, False)}
    facets = [Facet(tags[number], count, asked.get(number)) for number, count in found if number in tags]
    return sorted(facets, key=lambda facet: (-facet.count, facet.tag.name))


def _with_named_tags(criteria: Criteria, viewer: Viewer) -> tuple[Criteria, tuple[Misread, ...]]:
    """The same with the tags that were typed by name as ids; of several alike, the one of precedence.

    A name that is no tag's stays a name, and is told.
    """
    names = [*criteria.other_include, *criteria.other_exclude]
    if not names:
        return criteria, ()
    match = Q()
    for name in names:
        match |= Q(name__iexact=name)
    found: dict[str, list[int]] = {}
    for tag in sorted(Tag.objects.visible_to(viewer).filter(match), key=lambda tag: tag.precedence):
        found.setdefault(tag.name.casefold(), []).append(tag.pk)
    include = [found[name.casefold()][0] for name in criteria.other_include if name.casefold() in found]
    exclude = [number for name in criteria.other_exclude for number in found.get(name.casefold(), ())]
    wider = replace(
        criteria,
        include=tuple(dict.fromkeys((*criteria.include, *include))),
        exclude=tuple(dict.fromkeys((*criteria.exclude, *exclude))),
        other_include=tuple(name for name in criteria.other_include if name.casefold() not in found),
        other_exclude=tuple(name for name in criteria.other_exclude if name.casefold() not in found),
    )
    return wider, tuple(_unknown(wider))


def _unknown(criteria: Criteria) -> Iterator[Misread]:
    fields = (("other_tag_names", criteria.other_include), ("excluded_tag_names", criteria.other_exclude))
    for field_name, names in fields:
        for name in names:
            yield Misread(field_name, f"No work here carries the tag “{name}”.")


def _refusing_unknown(criteria: Criteria) -> Criteria:
    """No work carries a tag that is none; so that whoever asks for one sees no other works instead."""
    return replace(criteria, include=(*criteria.include, NO_TAG)) if criteria.other_include else criteria


NO_TAG = 0
"""A number that no tag has."""


def _unsettled() -> list[int]:
    """Works that changed since the index saw them."""
    return list(Pending.objects.filter(consumer=CONSUMER, kind=WORK).values_list("object_id", flat=True))


def _without_index(criteria: Criteria, viewer: Viewer, troubles: tuple[Misread, ...], size: int) -> Listing:
    """Listings must go on when the index is gone: from the database, newest first."""
    works = Work.objects.visible_to(viewer).filter(_facts(criteria))
    for tag in (*_refusing_unknown(criteria).include, *([] if criteria.scope is None else [criteria.scope])):
        works = works.filter(worktags__tag=tag)
    if criteria.exclude:
        works = works.exclude(worktags__tag__in=criteria.exclude)
    start = (criteria.page - 1) * size
    return Listing(
        criteria=criteria,
        total=works.count(),
        works=list(works.newest().with_card()[start : start + size]),
        facets={kind: [] for kind in TagKind},
        tags=_visible_tags({*criteria.include, *criteria.exclude}, viewer),
        troubles=(*troubles, Misread("", _NO_INDEX)),
        is_partial=True,
        size=size,
    )


_NO_INDEX = (
    "The search index is being made. Until it is there, lists go by tags, length, date, language and completion; "
    "words, crossovers and places in canon are not looked at."
)


def _facts(criteria: Criteria) -> Q:
    """What the database can tell of `document.refuses`, said its way."""
    wanted = Q()
    if criteria.date_from is not None:
        wanted &= Q(revised__date__gte=criteria.date_from)
    if criteria.date_to is not None:
        wanted &= Q(revised__date__lte=criteria.date_to)
    if criteria.complete is not None:
        wanted &= Q(status=Status.COMPLETE) if criteria.complete else ~Q(status=Status.COMPLETE)
    if criteria.status:
        wanted &= Q(status=criteria.status)
    if criteria.words_from is not None:
        wanted &= Q(words__gte=criteria.words_from)
    if criteria.words_to is not None:
        wanted &= Q(words__lte=criteria.words_to)
    if criteria.language:
        wanted &= Q(language=criteria.language) | Q(language__startswith=f"{criteria.language}-")
    return wanted


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
        yield True


def is_gone() -> bool:
    """Whether there is no index that can be read."""
    return _backend().is_gone()


def begin_making() -> None:
    """From now on lists do without the index, and say so. Call it under `writing`."""
    _making().touch()


def end_making() -> None:
    """The index holds all that it should. Call it under `writing`."""
    _making().unlink(missing_ok=True)


def _making() -> Path:
    home: Path = settings.UNDYING.home
    return home / "index.making"


def _searched(criteria: Criteria, viewer: Viewer, size: int) -> Hits:
    """What the back end finds. Raises IndexGone, also while the index is not whole yet."""
    if _making().exists():
        raise IndexGone("the index is being made")
    return _backend().find(_refusing_unknown(criteria), Sight.of(viewer), leave_out=_unsettled(), size=size)


def clear() -> None:
    """Begin the index anew. Call it under `writing`."""
    _backend().clear()


def put(documents: Sequence[Document]) -> None:
    """Add or replace these. Call it under `writing`."""
    if documents:
        _backend().put(documents)


def drop(ids: Iterable[int]) -> None:
    """Forget these. Call it under `writing`."""
    if numbers := list(ids):
        _backend().drop(numbers)


def fingerprints() -> dict[int, str]:
    """What the index holds: ids and digests. Raises IndexGone."""
    return _backend().fingerprints()
