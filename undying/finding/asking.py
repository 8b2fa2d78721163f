"""From the filter form to the tree that search engines evaluate."""

from __future__ import annotations

from typing import TYPE_CHECKING

from undying.finding.criteria import Crossover
from undying.finding.document import wanted_placement
from undying.finding.fields import seconds, standing
from undying.finding.language import parse
from undying.finding.question import (
    PAGE_SIZE,
    Either,
    HasTag,
    HasTerm,
    IsWork,
    Measure,
    Not,
    Question,
    Term,
    Within,
    all_of,
)
from undying.finding.unresolved import resolved
from undying.manuscript import Status, TagKind

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from undying.community.excluding import Exclusions
    from undying.finding.criteria import Criteria
    from undying.finding.question import Node
    from undying.finding.unresolved import Name


def question(
    criteria: Criteria,
    *,
    now: int = 0,
    size: int = PAGE_SIZE,
    kinds: tuple[TagKind, ...] = tuple(TagKind),
    names: Callable[[Name], Node | None] = lambda name: name,
) -> Question:
    """One page of what the criteria ask for. `now`, in Unix seconds, is what "the last 30 days" counts from.

    `names` knows what the names typed into the search box stand for; else they find nothing.
    """
    return Question(
        node=resolved(node_of(criteria, now), names),
        sort=criteria.order,
        ascending=criteria.ascends,
        seed=criteria.seed,
        page=criteria.page,
        size=size,
        kinds=kinds,
    )


def node_of(criteria: Criteria, now: int = 0) -> Node | None:
    """The criteria as one tree. A tag or series that is a name by now is none: no work is found, so that who asks for
    it sees no other works instead. Creators whom nobody is called are looked for by the words of the name. What was
    typed into the box may have names in it.
    """
    typed = parse(criteria.query, now=now).node
    standing = criteria.standing and not criteria.anyway and spared(criteria.standing)
    return all_of((*_named(criteria), *_facts(criteria), *_measures(criteria, now), typed, standing or None))


def spared(exclusions: Exclusions) -> Node | None:
    """What stays of all works: a member's own, and those of which she excluded nothing."""
    unwanted: list[Node] = []
    if exclusions.tags:
        unwanted.append(HasTag(exclusions.tags))
    if exclusions.creators:
        unwanted.append(HasTerm(Term.CREATOR, tuple(map(str, exclusions.creators))))
    if exclusions.languages:
        unwanted.append(HasTerm(Term.LANGUAGE, exclusions.languages))
    if exclusions.works:
        unwanted.append(IsWork(exclusions.works))
    if not unwanted:
        return None
    others = Not(Either(tuple(unwanted)))
    return Either((HasTerm(Term.CREATOR, tuple(map(str, exclusions.own))), others)) if exclusions.own else others


def _named(criteria: Criteria) -> Iterator[Node]:
    if criteria.scope is not None:
        yield HasTag((criteria.scope,))
    if criteria.other_include or criteria.other_any or criteria.other_series:
        yield Either(())
    for each in criteria.include:
        yield HasTag((each,), direct=each in criteria.exact)
    for group in criteria.any_of:
        yield _any_of(group, criteria.exact)
    for each in criteria.exclude:
        yield Not(HasTag((each,), direct=each in criteria.exact))
    if makers := _by(criteria.creators, criteria.other_creators):
        yield Either(tuple(makers)) if len(makers) > 1 else makers[0]
    for one in _by(criteria.not_creators, criteria.other_not_creators):
        yield Not(one)


def _any_of(group: tuple[int, ...], exact: tuple[int, ...]) -> Node:
    alone = tuple(each for each in group if each in exact)
    rest = tuple(each for each in group if each not in exact)
    if not alone:
        return HasTag(rest)
    return Either((HasTag(alone, direct=True), HasTag(rest))) if rest else HasTag(alone, direct=True)


def _by(numbers: tuple[int, ...], names: tuple[str, ...]) -> list[Node]:
    nodes: list[Node] = [HasTerm(Term.CREATOR, tuple(map(str, numbers)))] if numbers else []
    return [*nodes, *(node for name in names if (node := standing(name, "author")))]


def _facts(criteria: Criteria) -> Iterator[Node]:
    if criteria.complete is not None:
        done = HasTerm(Term.STATUS, (Status.COMPLETE.value,))
        yield done if criteria.complete else Not(done)
    if criteria.status:
        yield HasTerm(Term.STATUS, (criteria.status,))
    if criteria.crossover is not Crossover.ANY:
        yield HasTerm(Term.CROSSOVER, (criteria.crossover.value,))
    if criteria.language:
        yield HasTerm(Term.LANGUAGE, (criteria.language,))
    if criteria.series is not None:
        yield HasTerm(Term.SERIES, (str(criteria.series),))
    place = criteria.placement
    if place and (term := wanted_placement(place)) != "||":
        yield HasTerm(Term.PLACEMENT, (term,))
    if place and (words := standing(place.episode, "episode")):
        yield words


def _measures(criteria: Criteria, now: int) -> Iterator[Node]:
    if criteria.is_single:
        yield Within(Measure.CHAPTERS, 1, 1)
    spans = (
        (Measure.WORDS, criteria.words),
        (Measure.CHAPTERS, criteria.chapters),
        (Measure.KUDOS, criteria.kudos),
        (Measure.COMMENTS, criteria.comments),
        (Measure.BOOKMARKS, criteria.bookmarks),
        (Measure.HITS, criteria.hits),
    )
    yield from (Within(measure, span.low, span.high) for measure, span in spans if span)
    for measure, days in ((Measure.REVISED, criteria.updated), (Measure.PUBLISHED, criteria.published)):
        if days:
            yield Within(measure, *seconds(days, now))
