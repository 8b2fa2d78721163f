"""What a list shows, in words: the sentence over it, and each filter as a chip that can be lifted."""

from __future__ import annotations

import calendar
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from undying.finding.criteria import Criteria, Crossover, PlacementFilter
from undying.finding.given import kind_and_name
from undying.finding.language import parse
from undying.manuscript import Divergence, PlacementRelation, Status, TagKind
from undying.web import wording
from undying.web.canon import Bit, Phrase

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import date

    from undying.finding.criteria import Days, Span
    from undying.finding.engine import Listing
    from undying.library.models import Tag

UNKNOWN = "a tag that is not here"
NOBODY = "somebody who is not here"
NAMED = 6
"""Tags that the sentence names one by one."""
RELATIONS = {
    PlacementRelation.WITHIN: "set in",
    PlacementRelation.BEFORE: "set before",
    PlacementRelation.DURING: "set during",
    PlacementRelation.AFTER: "set after",
    PlacementRelation.BETWEEN: "set in a gap at",
}
DIVERGENCES = {
    Divergence.DIVERGENT: "canon divergence",
    Divergence.ALTERNATE: "alternate universe",
}
_BEFORE_TAG = {
    TagKind.RATING: "rated",
    TagKind.WARNING: "with the warning",
    TagKind.CATEGORY: "of the category",
    TagKind.FANDOM: "in",
}


@dataclass(frozen=True, slots=True)
class Lift:
    """A filter in words, and the criteria that are left without it."""

    phrase: Phrase
    rest: Criteria


def sentence(total: int, criteria: Criteria, scope: Tag | None, known: Listing) -> Phrase:
    """ "1,204 works in *Dracula*, complete, of at least 10,000 words, without *Major Character Death*"."""
    wanted = [known.tags[number] for number in criteria.include if number in known.tags]
    named = ([scope] if scope else []) + [tag for tag in wanted if scope is None or tag.pk != scope.pk]
    clauses = list(_with(named))
    clauses += [_typed(name, "with") for name in criteria.other_include]
    if len(wanted) < len(criteria.include):
        clauses.append((Bit(f"with {UNKNOWN}"),))
    clauses += [lift.phrase for lift in (*_any_of(criteria, known), *_plain(criteria, known))]
    unwanted = [Bit(known.tags[number].name, is_title=True) for number in criteria.exclude if number in known.tags]
    if unwanted:
        clauses.append((Bit("without "), *_joined(unwanted, "or")))
    bits = [Bit("No works" if not total else wording.counted(total, "work"))]
    for place, clause in enumerate(clauses):
        runs_on = place == 0 and not clause[0].text.startswith(_NO_PREPOSITION)
        bits += [Bit(" " if runs_on else ", "), *clause]
    return tuple(bits)


def at_fault(query: str) -> tuple[tuple[str, bool], ...]:
    """What was typed in pieces, with the words marked at which something could not be understood; empty if nothing."""
    places = sorted({each.position for each in parse(query).troubles if each.position < len(query)})
    pieces: list[tuple[str, bool]] = []
    at = 0
    for place in places:
        if place >= at:
            end = place + max(1, len(query[place:].split(None, 1)[0]))
            pieces += [(query[at:place], False), (query[place:end], True)]
            at = end
    return (*pieces, (query[at:], False)) if pieces else ()


def lifts(criteria: Criteria, known: Listing) -> list[Lift]:
    """Each filter in force, one by one, in the order of the sentence."""
    tags = known.tags
    found = [Lift(_tag(tags.get(number), "with"), criteria.without_tag(number)) for number in criteria.include]
    found += [Lift(_typed(name, "with"), _without_name(criteria, name)) for name in criteria.other_include]
    found += _any_of(criteria, known)
    found += _plain(criteria, known)
    found += [Lift(_tag(tags.get(number), "without"), criteria.without_tag(number)) for number in criteria.exclude]
    found += [Lift(_typed(name, "without"), _without_name(criteria, name)) for name in criteria.other_exclude]
    return [Lift(each.phrase, replace(each.rest, page=1)) for each in found]


def fewer(criteria: Criteria, known: Listing) -> list[Lift]:
    """Two filters and more, lifted together from the end of the sentence on."""
    found: list[Lift] = []
    phrase: list[Bit] = []
    while each := lifts(criteria, known)[-1:]:
        phrase = [*each[0].phrase, *([Bit(", ")] if phrase else []), *phrase]
        criteria = each[0].rest
        found.append(Lift(tuple(phrase), criteria))
    return found[1:]


def instead(known: Listing) -> list[Lift]:
    """For each name that is no tag's, the tags whose names are like it, with the criteria that name them instead."""
    criteria = known.criteria
    found = []
    for text, tags in known.instead.items():
        rest = _without_name(criteria, text)
        for tag in tags:
            if text in criteria.other_include:
                found.append(Lift(_tag(tag, "with"), rest.including(tag.pk)))
            elif text in criteria.other_exclude:
                found.append(Lift(_tag(tag, "without"), rest.excluding(tag.pk)))
            elif text in {each for group in criteria.other_any for each in group}:
                found.append(Lift(_tag(tag, "with"), replace(rest, any_of=(*rest.any_of, (tag.pk,)), page=1)))
    return found


def _typed(text: str, word: str) -> Phrase:
    kind, name = kind_and_name(text)
    before = _BEFORE_TAG.get(kind, word) if kind and word == "with" else word
    return (Bit(f"{before} "), Bit(name, is_title=True))


def _without_name(criteria: Criteria, name: str) -> Criteria:
    return replace(
        criteria,
        other_include=tuple(each for each in criteria.other_include if each != name),
        other_exclude=tuple(each for each in criteria.other_exclude if each != name),
        other_any=tuple(group for group in criteria.other_any if name not in group),
    )


def _with(tags: Sequence[Tag]) -> Iterator[Phrase]:
    """Fandoms first, then what has a word of its own, then the rest together."""
    fandoms = [tag for tag in tags if tag.kind == TagKind.FANDOM]
    if fandoms:
        yield (Bit("in "), *_joined(_names(fandoms), "and"))
    special = [tag for tag in tags if tag.kind in _BEFORE_TAG and tag.kind != TagKind.FANDOM]
    for tag in special:
        yield _tag(tag, "with")
    if rest := [tag for tag in tags if tag.kind not in _BEFORE_TAG]:
        yield (Bit("with "), *_joined(_names(rest), "and"))


def _names(tags: Iterable[Tag]) -> list[Bit]:
    return [Bit(tag.name, is_title=True) for tag in tags]


def _tag(tag: Tag | None, word: str) -> Phrase:
    if tag is None:
        return (Bit(f"{word} {UNKNOWN}"),)
    before = _BEFORE_TAG.get(TagKind(tag.kind), word) if word == "with" else word
    return (Bit(f"{before} "), Bit(tag.name, is_title=True))


def _joined(names: Sequence[Bit], joint: str) -> Iterable[Bit]:
    """ "A, B and C"; of many, the first few, and how many more."""
    if len(names) > NAMED + 1:
        names = [*names[:NAMED], Bit(f"{len(names) - NAMED} others")]
    for place, name in enumerate(names):
        if place:
            yield Bit(f" {joint} " if place == len(names) - 1 else ", ")
        yield name


def _any_of(criteria: Criteria, known: Listing) -> Iterator[Lift]:
    """Groups of tags of which one is enough."""
    for group in criteria.any_of:
        tags = [known.tags[number] for number in group if number in known.tags]
        kinds = {TagKind(tag.kind) for tag in tags}
        before = _BEFORE_TAG.get(kinds.pop(), "with") if len(kinds) == 1 else "with"
        names = _names(tags) + ([] if len(tags) == len(group) else [Bit(UNKNOWN)])
        rest = replace(criteria, any_of=tuple(each for each in criteria.any_of if each != group))
        yield Lift((Bit(f"{before} "), *_joined(names, "or")), rest)
    for typed in criteria.other_any:
        rest = replace(criteria, other_any=tuple(each for each in criteria.other_any if each != typed))
        yield Lift((Bit("with "), *_joined([Bit(kind_and_name(text)[1], is_title=True) for text in typed], "or")), rest)


def _plain(criteria: Criteria, known: Listing) -> Iterator[Lift]:
    """The filters that are not tags."""
    if criteria.query:
        yield Lift((Bit("matching "), Bit(criteria.query, is_title=True)), replace(criteria, query=""))
    yield from _makers(criteria, known)
    yield from _completion(criteria)
    yield from _measures(criteria)
    if criteria.language:
        yield Lift((Bit(f"in {wording.language(criteria.language)}"),), replace(criteria, language=""))
    if criteria.crossover is not Crossover.ANY:
        text = "crossovers only" if criteria.crossover is Crossover.ONLY else "crossovers left out"
        yield Lift((Bit(text),), replace(criteria, crossover=Crossover.ANY))
    if criteria.placement:
        yield Lift(_place(criteria.placement), replace(criteria, placement=PlacementFilter()))


def _makers(criteria: Criteria, known: Listing) -> Iterator[Lift]:
    made, unmade = ("creators", "other_creators"), ("not_creators", "other_not_creators")
    for word, joint, (numbers, names) in (("by", "or", made), ("not by", "or", unmade)):
        people = [known.people.get(number) for number in getattr(criteria, numbers)]
        called = dict.fromkeys([*(each.name if each else "" for each in people), *getattr(criteria, names)])
        if called:
            bits = [Bit(name, is_title=True) if name else Bit(NOBODY) for name in called]
            yield Lift((Bit(f"{word} "), *_joined(bits, joint)), _without(criteria, numbers, names))
    if criteria.series is not None or criteria.other_series:
        title = known.series.title if known.series else criteria.other_series
        phrase = (Bit("in the series "), Bit(title, is_title=True)) if title else (Bit("in a series that is not here"),)
        yield Lift(phrase, replace(criteria, series=None, other_series=""))


def _without(criteria: Criteria, *fields: str) -> Criteria:
    """The same with these fields as in the beginning."""
    changes: dict[str, Any] = {name: getattr(_NOTHING, name) for name in fields}
    return replace(criteria, **changes)


_NOTHING = Criteria()


def _completion(criteria: Criteria) -> Iterator[Lift]:
    if criteria.complete is not None:
        text = "complete" if criteria.complete else "not complete"
        yield Lift((Bit(text),), replace(criteria, complete=None))
    if criteria.status:
        yield Lift((Bit(wording.status(criteria.status).lower()),), replace(criteria, status=""))
    if criteria.is_single:
        yield Lift((Bit("of a single chapter"),), replace(criteria, is_single=False))


_NO_PREPOSITION = (
    "complete",
    "not complete",
    "crossovers",
    "alternate",
    "canon",
    *(wording.status(each).lower() for each in Status),
)
"""How the clauses begin that do not run on from "12 works"."""


def _measures(criteria: Criteria) -> Iterator[Lift]:
    for name, word, one in (
        ("words", "of", "word"),
        ("chapters", "of", "chapter"),
        ("kudos", "with", "kudos"),
        ("comments", "with", "comment"),
        ("bookmarks", "with", "bookmark"),
        ("hits", "with", "hit"),
    ):
        if span := getattr(criteria, name):
            text = f"{word} {_amount(span, one, one if one == 'kudos' else f'{one}s')}"
            yield Lift((Bit(text),), _without(criteria, name))
    for name, word in (("updated", "updated"), ("published", "posted")):
        if days := getattr(criteria, name):
            yield Lift((Bit(f"{word} {_dates(days)}"),), _without(criteria, name))


def _amount(span: Span, one: str, many: str) -> str:
    """ "at least 10,000 words", "1 to 3 chapters", "no comments"."""
    low, high = span.low, span.high
    if high == 0:
        return f"no {many}"
    if low is not None and high is not None:
        return wording.counted(low, one, many) if low == high else f"{low:,} to {high:,} {many}"
    bound = "at least" if low is not None else "at most"
    return f"{bound} {wording.counted(low if low is not None else high or 0, one, many)}"


def _dates(days: Days) -> str:
    """ "in the last 30 days", "since 1 June 2022", "in 2024", "on 1 June 2022"."""
    first, last = days.first, days.last
    if days.last_days:
        years = days.last_days // 365
        if days.last_days % 365 == 0:
            return "in the last year" if years == 1 else f"in the last {years} years"
        return "in the last day" if days.last_days == 1 else f"in the last {days.last_days} days"
    if first and last:
        return _stretch(first, last)
    return f"since {_day(first)}" if first else f"by {_day(last)}"


def _stretch(first: date, last: date) -> str:
    if first == last:
        return f"on {_day(first)}"
    is_whole = first.day == 1 and last.day == calendar.monthrange(last.year, last.month)[1] and first.year == last.year
    if is_whole and first.month == last.month:
        return f"in {first:%B} {first.year}"
    if is_whole and (first.month, last.month) == (1, 12):
        return f"in {first.year}"
    return f"from {_day(first)} to {_day(last)}"


def _day(day: date | None) -> str:
    return f"{day.day} {day:%B} {day.year}" if day else ""


def _place(place: PlacementFilter) -> Phrase:
    """ "set after season 4", "set during *Wild at Heart*; canon divergence"."""
    relation = RELATIONS[PlacementRelation(place.relation)] if place.relation else "set at or around"
    bits: list[Bit] = []
    if place.episode:
        bits.append(Bit(place.episode, is_title=True))
    if place.part:
        unit = place.unit or "season"
        bits.append(Bit(f"{', ' if bits else ''}{unit} {place.part}"))
    if bits or place.relation:
        bits = [Bit(f"{relation} "), *(bits or [Bit("some part of canon")])]
    if place.divergence:
        bits.append(Bit(f"{'; ' if bits else ''}{DIVERGENCES[Divergence(place.divergence)]}"))
    return tuple(bits)
