"""What a list shows, in words: the sentence over it, and each filter as a chip that can be lifted."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from undying.finding.criteria import Criteria, Crossover, PlacementFilter
from undying.manuscript import Divergence, PlacementRelation, Status, TagKind
from undying.web import wording
from undying.web.canon import Bit, Phrase

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import date

    from undying.library.models import Tag

UNKNOWN = "a tag that is not here"
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


def sentence(total: int, criteria: Criteria, scope: Tag | None, tags: Mapping[int, Tag]) -> Phrase:
    """ "1,204 works in *Dracula*, complete, over 10,000 words, without *Major Character Death*"."""
    wanted = [tags[number] for number in criteria.include if number in tags]
    named = ([scope] if scope else []) + [tag for tag in wanted if scope is None or tag.pk != scope.pk]
    clauses = list(_with(named))
    clauses += [_typed(name, "with") for name in criteria.other_include]
    if len(wanted) < len(criteria.include):
        clauses.append((Bit(f"with {UNKNOWN}"),))
    clauses += [lift.phrase for lift in _plain(criteria)]
    if unwanted := [tags[number] for number in criteria.exclude if number in tags]:
        clauses.append((Bit("without "), *_listed(unwanted, "or")))
    bits = [Bit("No works" if not total else wording.counted(total, "work"))]
    for place, clause in enumerate(clauses):
        runs_on = place == 0 and not clause[0].text.startswith(_NO_PREPOSITION)
        bits += [Bit(" " if runs_on else ", "), *clause]
    return tuple(bits)


def lifts(criteria: Criteria, tags: Mapping[int, Tag]) -> list[Lift]:
    """Each filter in force, one by one, in the order of the sentence."""
    found = [Lift(_tag(tags.get(number), "with"), criteria.without_tag(number)) for number in criteria.include]
    found += [Lift(_typed(name, "with"), _without_name(criteria, name)) for name in criteria.other_include]
    found += _plain(criteria)
    found += [Lift(_tag(tags.get(number), "without"), criteria.without_tag(number)) for number in criteria.exclude]
    found += [Lift(_typed(name, "without"), _without_name(criteria, name)) for name in criteria.other_exclude]
    return [Lift(each.phrase, replace(each.rest, page=1)) for each in found]


def _typed(name: str, word: str) -> Phrase:
    return (Bit(f"{word} "), Bit(name, is_title=True))


def _without_name(criteria: Criteria, name: str) -> Criteria:
    return replace(
        criteria,
        other_include=tuple(each for each in criteria.other_include if each != name),
        other_exclude=tuple(each for each in criteria.other_exclude if each != name),
    )


def _with(tags: Sequence[Tag]) -> Iterator[Phrase]:
    """Fandoms first, then what has a word of its own, then the rest together."""
    fandoms = [tag for tag in tags if tag.kind == TagKind.FANDOM]
    if fandoms:
        yield (Bit("in "), *_listed(fandoms, "and"))
    special = [tag for tag in tags if tag.kind in _BEFORE_TAG and tag.kind != TagKind.FANDOM]
    for tag in special:
        yield _tag(tag, "with")
    if rest := [tag for tag in tags if tag.kind not in _BEFORE_TAG]:
        yield (Bit("with "), *_listed(rest, "and"))


def _tag(tag: Tag | None, word: str) -> Phrase:
    if tag is None:
        return (Bit(f"{word} {UNKNOWN}"),)
    before = _BEFORE_TAG.get(TagKind(tag.kind), word) if word == "with" else word
    return (Bit(f"{before} "), Bit(tag.name, is_title=True))


def _listed(tags: Sequence[Tag], joint: str) -> Iterable[Bit]:
    for place, tag in enumerate(tags):
        if place:
            yield Bit(f" {joint} " if place == len(tags) - 1 else ", ")
        yield Bit(tag.name, is_title=True)


def _plain(criteria: Criteria) -> Iterator[Lift]:
    """The filters that are not tags."""
    if criteria.query:
        yield Lift((Bit("matching "), Bit(criteria.query, is_title=True)), replace(criteria, query=""))
    yield from _completion(criteria)
    if criteria.words_from is not None or criteria.words_to is not None:
        yield Lift((Bit(_words(criteria)),), replace(criteria, words_from=None, words_to=None))
    if criteria.date_from or criteria.date_to:
        yield Lift((Bit(_dates(criteria)),), replace(criteria, date_from=None, date_to=None))
    if criteria.language:
        yield Lift((Bit(f"in {wording.language(criteria.language)}"),), replace(criteria, language=""))
    if criteria.crossover is not Crossover.ANY:
        text = "crossovers only" if criteria.crossover is Crossover.ONLY else "crossovers left out"
        yield Lift((Bit(text),), replace(criteria, crossover=Crossover.ANY))
    if criteria.placement:
        yield Lift(_place(criteria.placement), replace(criteria, placement=PlacementFilter()))


def _completion(criteria: Criteria) -> Iterator[Lift]:
    if criteria.complete is not None:
        text = "complete" if criteria.complete else "not complete"
        yield Lift((Bit(text),), replace(criteria, complete=None))
    if criteria.status:
        yield Lift((Bit(wording.status(criteria.status).lower()),), replace(criteria, status=""))


_NO_PREPOSITION = (
    "complete",
    "not complete",
    "crossovers",
    "over ",
    "under ",
    "alternate",
    "canon",
    *(wording.status(each).lower() for each in Status),
)
"""How the clauses begin that do not run on from "12 works"."""


def _words(criteria: Criteria) -> str:
    low, high = criteria.words_from, criteria.words_to
    if low is not None and high is not None:
        return f"of {low:,} to {high:,} words"
    return f"over {low:,} words" if low is not None else f"under {high:,} words"


def _dates(criteria: Criteria) -> str:
    first, last = criteria.date_from, criteria.date_to
    if first and last:
        return f"updated from {_day(first)} to {_day(last)}"
    return f"updated since {_day(first)}" if first else f"updated by {_day(last)}"


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
