"""What was typed into the search box and may as well stand in the form: typing a filter ticks its box.

Filters that have to be so in any case leave the box and become criteria, if the form has room for them: two creators of
which both are asked for, or filters of which one is enough, stay where they were typed.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

from undying.finding.criteria import TAGS_READ, Crossover, PlacementFilter
from undying.finding.fields import DAY, EPOCH_DAY
from undying.finding.given import KIND_WORDS
from undying.finding.question import All, Either, HasTag, HasTerm, Measure, Not, Term, Within, Words
from undying.finding.spans import Days, Span
from undying.finding.unresolved import By, InSeries, Named
from undying.manuscript import Status

if TYPE_CHECKING:
    from collections.abc import Sequence

    from undying.finding.criteria import Criteria
    from undying.finding.language import Parsed, Piece
    from undying.finding.naming import Known
    from undying.finding.question import Node

FEW = 6
"""Tags that a name stands for when it is no tag's whole name and that are ticked together; more of them stay a name."""
_SPANS = {
    Measure.WORDS: "words",
    Measure.CHAPTERS: "chapters",
    Measure.KUDOS: "kudos",
    Measure.COMMENTS: "comments",
    Measure.BOOKMARKS: "bookmarks",
    Measure.HITS: "hits",
}
_DAYS = {Measure.REVISED: "updated", Measure.PUBLISHED: "published"}
_PLACE_PARTS = 3


def absorbed(criteria: Criteria, parsed: Parsed, known: Known) -> Criteria:
    """The criteria with the filters that their query says; the query says the rest. `parsed` is the query, and `known`
    what its names stand for.
    """
    typed = criteria.query
    gone: list[Piece] = []
    for piece in parsed.pieces:
        if piece.sort is not None:
            gone.append(piece)
        elif (wider := _with(criteria, piece, known, typed)) is not None:
            criteria = wider
            gone.append(piece)
    if parsed.sort is not None and criteria.sort is None:
        criteria = replace(criteria, sort=parsed.sort, reverse=parsed.reverse)
    return replace(criteria, query=_without(typed, gone)) if gone else criteria


def _without(typed: str, gone: Sequence[Piece]) -> str:
    kept: list[str] = []
    at = 0
    for piece in sorted(gone, key=lambda piece: piece.start):
        kept.append(typed[at : piece.start].strip())
        at = piece.end
    kept.append(typed[at:].strip())
    return " ".join(filter(None, kept))


def _with(criteria: Criteria, piece: Piece, known: Known, typed: str) -> Criteria | None:
    """The criteria with one filter more; None for what the form has no room for."""
    wider: Criteria | None = None
    match piece.node:
        case Not(inner):
            wider = _shut_out(criteria, inner, known)
        case Named() | HasTag():
            wider = _asked_for(criteria, [piece.node], known)
        case By() | InSeries():
            wider = _made(criteria, [piece.node], known)
        case Either(nodes) if nodes and all(isinstance(each, Named) for each in nodes):
            wider = _asked_for(criteria, nodes, known)
        case Either(nodes) if nodes and all(isinstance(each, By) for each in nodes):
            wider = _made(criteria, nodes, known)
        case HasTerm(term, values):
            wider = _has(criteria, term, values)
        case All((HasTerm(Term.PLACEMENT, (term,)), *words)) if all(_is_episode(each) for each in words):
            wider = _placed(criteria, term, typed[piece.start : piece.end].partition(":")[2].strip(' "“”'))
        case Within(measure, low, high):
            wider = _within(criteria, measure, Span(low, high), piece.last_days)
    return wider


def _is_episode(node: Node) -> bool:
    return isinstance(node, Words) and node.field == "episode"


def _tags(nodes: Sequence[Node], known: Known) -> tuple[list[int], list[str], bool]:
    """The tags that these nodes mean, the names that no tag has, and whether the tags are meant by themselves alone."""
    ids: dict[int, None] = {}
    names: list[str] = []
    for node in nodes:
        found = known(node) if isinstance(node, Named) else node
        if isinstance(found, HasTag):
            ids |= dict.fromkeys(found.ids)
        elif isinstance(node, Named):
            names.append(f"{KIND_WORDS[node.kind]}:{node.text}" if node.kind else node.text)
    return list(ids), names, any(isinstance(node, Named | HasTag) and node.direct for node in nodes)


def _asked_for(criteria: Criteria, nodes: Sequence[Node], known: Known) -> Criteria | None:
    ids, names, direct = _tags(nodes, known)
    if _is_full(criteria, len(ids) + len(names)) or len(ids) > FEW or (names and len(nodes) > 1):
        return None
    if len(ids) > 1:
        criteria = replace(criteria, any_of=_once(criteria.any_of, tuple(ids)))
    elif ids:
        criteria = replace(criteria, include=_once(criteria.include, ids[0]))
    else:
        criteria = replace(criteria, other_include=_once(criteria.other_include, *names))
    return replace(criteria, exact=_once(criteria.exact, *ids)) if direct else criteria


def _shut_out(criteria: Criteria, node: Node, known: Known) -> Criteria | None:
    match node:
        case Named() | HasTag():
            return _tags_shut_out(criteria, [node], known)
        case Either(nodes) if nodes and all(isinstance(each, Named) for each in nodes):
            return _tags_shut_out(criteria, nodes, known)
        case By(text):
            return replace(criteria, other_not_creators=_once(criteria.other_not_creators, text))
        case HasTerm(Term.STATUS, (Status.COMPLETE,)) if criteria.complete is None and not criteria.status:
            return replace(criteria, complete=False)
    return None


def _tags_shut_out(criteria: Criteria, nodes: Sequence[Node], known: Known) -> Criteria | None:
    ids, names, direct = _tags(nodes, known)
    room = TAGS_READ - len(criteria.exclude) - len(criteria.other_exclude)
    if len(ids) > FEW or len(ids) + len(names) > room or not set(ids).isdisjoint(criteria.include):
        return None
    criteria = replace(
        criteria,
        exclude=_once(criteria.exclude, *ids),
        other_exclude=_once(criteria.other_exclude, *names),
    )
    return replace(criteria, exact=_once(criteria.exact, *ids)) if direct else criteria


def _is_full(criteria: Criteria, more: int) -> bool:
    grouped = sum(map(len, (*criteria.any_of, *criteria.other_any)))
    return len(criteria.include) + len(criteria.other_include) + grouped + more > TAGS_READ


def _made(criteria: Criteria, nodes: Sequence[Node], known: Known) -> Criteria | None:
    """The form has one list of creators of whom one is enough, and one series."""
    names = tuple(each.text for each in nodes if isinstance(each, By))
    if names:
        has_some = criteria.creators or criteria.other_creators
        return None if has_some else replace(criteria, other_creators=names)
    found = known(nodes[0]) if isinstance(nodes[0], InSeries) else None
    if isinstance(found, HasTerm) and len(found.values) == 1:
        return _has(criteria, found.term, found.values)
    return None


def _has(criteria: Criteria, term: Term, values: tuple[str, ...]) -> Criteria | None:
    value = values[0]
    match term:
        case Term.CREATOR if not (criteria.creators or criteria.other_creators):
            return replace(criteria, creators=tuple(map(int, values)))
        case _ if len(values) > 1:
            return None
        case Term.STATUS if criteria.complete is None and not criteria.status:
            is_done = value == Status.COMPLETE
            return replace(criteria, complete=True if is_done else None, status="" if is_done else value)
        case Term.SERIES if criteria.series is None and not criteria.other_series:
            return replace(criteria, series=int(value))
        case Term.PLACEMENT:
            return _placed(criteria, value, "")
    return _said_once(criteria, term, value)


def _said_once(criteria: Criteria, term: Term, value: str) -> Criteria | None:
    if term is Term.LANGUAGE and not criteria.language:
        return replace(criteria, language=value)
    if term is Term.CROSSOVER and criteria.crossover is Crossover.ANY:
        return replace(criteria, crossover=Crossover(value))
    return None


def _placed(criteria: Criteria, term: str, episode: str) -> Criteria | None:
    """A placement's terms are "season=4|after|canon-divergent", each part of which may be missing."""
    parts = term.split("|")
    if len(parts) != _PLACE_PARTS or criteria.placement:
        return None
    unit, _, part = parts[0].partition("=")
    unit = "" if unit == "season" else unit
    place = PlacementFilter(unit=unit, part=part, relation=parts[1], divergence=parts[2], episode=episode)
    return replace(criteria, placement=place)


def _within(criteria: Criteria, measure: Measure, span: Span, last_days: int) -> Criteria | None:
    name = _SPANS.get(measure) or _DAYS[measure]
    if getattr(criteria, name):
        return None
    if measure in _SPANS:
        return _changed(criteria, name, span)
    days = Days(last_days=last_days) if last_days and span.high is None else _days(span)
    return _changed(criteria, name, days) if days else None


def _changed(criteria: Criteria, name: str, value: Span | Days) -> Criteria:
    changes = {name: value}
    return replace(criteria, **changes)  # type: ignore[arg-type]  # the field is one of this kind


def _days(span: Span) -> Days | None:
    """Whole days in UTC from seconds; None where they do not begin and end with days."""
    low = None if span.low is None else divmod(span.low, DAY)
    high = None if span.high is None else divmod(span.high + 1, DAY)
    if (low and low[1]) or (high and high[1]):
        return None
    first = None if low is None else date.fromordinal(low[0] + EPOCH_DAY)
    last = None if high is None else date.fromordinal(high[0] - 1 + EPOCH_DAY)
    return Days(first, last)


def _once(before: tuple[Any, ...], *more: Any) -> tuple[Any, ...]:
    return tuple(dict.fromkeys((*before, *more)))
