"""Where in canon a story stands, in words: "after *Wild at Heart*, season 4"."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from undying.manuscript import Divergence, PlacementRelation

if TYPE_CHECKING:
    from undying.library.models import Placement as Row
    from undying.manuscript import Placement

_CODE = re.compile(r"(s\d+ ?e\d+|\d+ ?x ?\d+|\d+(\.\d+)*)([-–+&,/ ]+(s?\d+)?([ex]?\d+))*", re.IGNORECASE)
_COUNTED = re.compile(r"\d+[a-z]?|[ivxlc]+|[A-Z]|\d+\.\d+", re.IGNORECASE)
_YEAR = re.compile(r"[12]\d{3}")
_PREPOSITIONS = {
    PlacementRelation.WITHIN: "in",
    PlacementRelation.BEFORE: "before",
    PlacementRelation.AFTER: "after",
    PlacementRelation.DURING: "during",
    PlacementRelation.BETWEEN: "between",
}
_DIVERGENCES = {
    Divergence.UNSAID: "",
    Divergence.DIVERGENT: "canon divergence",
    Divergence.ALTERNATE: "alternate universe",
}


@dataclass(frozen=True, slots=True)
class Bit:
    """A few words; `is_title` for the name of an episode or a book, which is set in italics."""

    text: str
    is_title: bool = False


Phrase = tuple[Bit, ...]


def in_words(placement: Placement | Row, *, fandom: bool = False) -> Phrase:
    """The placement as a phrase to read, with its fandom before it if asked; empty when it says nothing."""
    where = _where(placement)
    divergence = _DIVERGENCES[Divergence(placement.divergence)]
    if divergence:
        where += (Bit(f"; {divergence}" if where else divergence),)
    if fandom and placement.fandom and where:
        return (Bit(f"{placement.fandom}: "), *where)
    return where


def plain(phrase: Phrase) -> str:
    """The phrase without its italics."""
    return "".join(bit.text for bit in phrase)


def _where(placement: Placement | Row) -> Phrase:
    relation = PlacementRelation(placement.relation)
    if relation is PlacementRelation.BETWEEN:
        return _between(placement)
    before = Bit(f"{_PREPOSITIONS[relation]} ")
    parts = _parts(placement)
    episodes = _episodes(placement.episodes)
    if episodes:
        return (before, *episodes, *((Bit(", "), *parts) if parts else ()))
    if parts:
        return (before, *parts)
    if relation is PlacementRelation.WITHIN:
        return ()
    return (Bit(before.text + "canon"),)


def _between(placement: Placement | Row) -> Phrase:
    one, two = _part(placement.unit, placement.part), _part(placement.unit, placement.part_to)
    episodes = placement.episodes
    if len(episodes) > 1:
        first, last = _episode(episodes[0]), _episode(episodes[-1])
        if one and two:
            return (Bit("between "), first, Bit(", "), *one, Bit(", and "), last, Bit(", "), *two)
        return (Bit("between "), first, Bit(" and "), last, *((Bit(", "), *one) if one else ()))
    if one and two:
        return (Bit("between "), *_range(placement, "and"))
    if episodes:
        return (Bit("around "), _episode(episodes[0]), *((Bit(", "), *one) if one else ()))
    return (Bit("in the course of "), *one) if one else (Bit("between the lines of canon"),)


def _parts(placement: Placement | Row) -> Phrase:
    if placement.part and placement.part_to and placement.part_to != placement.part:
        return _range(placement, "to")
    return _part(placement.unit, placement.part or placement.part_to)


def _range(placement: Placement | Row, joint: str) -> Phrase:
    ends = (placement.part, placement.part_to)
    if all(_COUNTED.fullmatch(end) for end in ends) and not _are_years(placement.unit, *ends):
        return (Bit(f"{placement.unit or 'part'}s {ends[0]} {joint} {ends[1]}"),)
    one, two = (_part(placement.unit, end) for end in ends)
    return (*one, Bit(f" {joint} "), *two)


def _part(unit: str, part: str) -> Phrase:
    """ "season 4", "1895", "the last book", or a book's own title."""
    unit = unit or "part"
    if not part:
        return ()
    if _are_years(unit, part):
        return (Bit(part),)
    if _COUNTED.fullmatch(part):
        return (Bit(f"{unit} {part}"),)
    if part[0].isupper() or not part[0].isalpha():
        return (Bit(part, is_title=True),)
    return (Bit(part if unit in part else f"the {part.removeprefix('the ')} {unit}"),)


def _are_years(unit: str, *parts: str) -> bool:
    return unit == "year" and all(_YEAR.fullmatch(part) for part in parts)


def _episodes(episodes: tuple[str, ...] | list[str]) -> Phrase:
    bits: list[Bit] = []
    for index, episode in enumerate(episodes):
        if index:
            bits.append(Bit(" and " if index == len(episodes) - 1 else ", "))
        bits.append(_episode(episode))
    return tuple(bits)


def _episode(episode: str) -> Bit:
    if episode.isdigit():
        return Bit(f"episode {episode}")
    return Bit(episode, is_title=not _CODE.fullmatch(episode))
