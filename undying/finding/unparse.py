"""From a tree back to what somebody could have typed: parse(unparse(node)).node is the node again.

That holds for every tree that `parse` can make and that fits into the box.
"""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING

from undying.finding.fields import DAY, EPOCH_DAY, MEASURES, PLACES, RELATIONS, TAGS, TIMES, UNITS
from undying.finding.question import All, Either, HasTag, HasTerm, IsWork, Not, Prefix, Term, Within, Words
from undying.finding.spans import Days, Span, written_days, written_number, written_span
from undying.finding.tokens import written
from undying.finding.unresolved import By, InSeries, Mine, Named

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from undying.finding.question import Node
    from undying.finding.unresolved import Name

_MARKS = re.compile('(["“”„‟«»＂〝〞「」『』\\\\])')
_TAG_FIELD = {kind: name for name, kind in TAGS.items()}
_NUMBER_FIELD = {measure: name for name, measure in MEASURES.items()}
_TIME_FIELD = {measure: name for name, measure in TIMES.items()}
_RELATION = {term: name for name, term in RELATIONS.items()}
_IDS = {Term.CREATOR: "by", Term.SERIES: "series"}
_LISTED = {Term.STATUS: "status", Term.LANGUAGE: "lang"}
_PART = re.compile(rf"(?P<unit>{'|'.join(UNITS)})=(?P<part>[\w.]+)\|(?P<relation>before|after|during|between)\|")
_TITLED = ("title", "summary", "text", "episode")


def unparse(node: Node | None) -> str:
    """The text that says this; empty for None."""
    if node is None:
        return ""
    return " ".join(map(_one, node.nodes)) if type(node) is All else _either(node) or _one(node)


def _either(node: Node) -> str:
    return " OR ".join(map(_one, node.nodes)) if type(node) is Either else ""


def _one(node: Node) -> str:
    """As it stands among others."""
    match node:
        case Words() | Prefix():
            return _said(node)
        case Not(inner):
            return f"-{_one(inner)}"
        case By() | InSeries() | Mine() | Named():
            return _name(node)
        case All() | Either():
            return f"({unparse(node)})"
    return _filter(node)


def _name(node: Name) -> str:
    match node:
        case By(text):
            return f"by:{_quoted(text)}"
        case InSeries(text):
            return f"series:{_quoted(text)}"
        case Named(kind, text, direct):
            return f"{_TAG_FIELD[kind] if kind else 'tag'}:{_quoted('=' * direct + text)}"
    return f"{node.state}:yes"


def _said(node: Words | Prefix) -> str:
    if isinstance(node, Prefix):
        text = f"{node.token}*"
    else:
        text = node.tokens[0] if node.stems else _quoted(written(node.tokens))
    if not node.field:
        return text
    if node.field in _TITLED:
        return f"{node.field}:{text}"
    return f"(in:{next(place for place, field in PLACES.items() if field == node.field)} {text})"


def _quoted(text: str) -> str:
    return '"' + _MARKS.sub(r"\\\1", text) + '"'


def _filter(node: HasTag | HasTerm | Within | IsWork) -> str:
    match node:
        case HasTag(ids, direct):
            return f"tag:{'=' * direct}{_hashes(ids)}"
        case IsWork(ids):
            return f"work:{_hashes(ids)}"
        case HasTerm(term, values):
            return _term(term, values)
        case Within(measure, low, high) if measure in _NUMBER_FIELD:
            return f"{_NUMBER_FIELD[measure]}:{_number(low, high)}"
    return f"{_TIME_FIELD[node.measure]}:{_time(node.low, node.high)}"


def _term(term: Term, values: Sequence[str]) -> str:
    if term is Term.PLACEMENT:
        return _placement(values)
    if term is Term.CROSSOVER:
        return f"crossover:{'yes' if values == ('T',) else 'no'}"
    if term in _LISTED:
        return f"{_LISTED[term]}:{','.join(values)}"
    return f"{_IDS[term]}:{_hashes(values)}"


def _number(low: int | None, high: int | None) -> str:
    """The shorter way: ">10k" or "10k-"."""
    span = written_span(Span(low, high))
    return span if high is not None or not low else min(f">{written_number(low - 1)}", span, key=len)


def _hashes(ids: Sequence[int | str]) -> str:
    return ",".join(f"#{each}" for each in ids)


def _placement(values: Sequence[str]) -> str:
    """By the field that says it, where one does."""
    parts = [value.split("|") for value in values]
    units = {part.partition("=")[0] for part, _, _ in parts}
    if len(units) == 1 and units <= set(UNITS) and all(not relation and not canon for _, relation, canon in parts):
        return f"{units.pop()}:{_listed(part.partition('=')[2] for part, _, _ in parts)}"
    if len(values) == 1 and values[0] in _RELATION:
        return f"place:{_RELATION[values[0]]}"
    if len(values) == 1 and (match := _PART.fullmatch(values[0])):
        return f'{match["relation"]}:"{match["unit"]} {match["part"]}"'
    if all(canon and not part and not relation for part, relation, canon in parts):
        return f"canon:{','.join(canon for _, _, canon in parts)}"
    return f"place:{_quoted(','.join(values))}"


def _listed(values: Iterable[str]) -> str:
    text = ",".join(values)
    return text if re.fullmatch(r"[\w,.]+", text) else _quoted(text)


def _time(low: int | None, high: int | None) -> str:
    """As days, where it is whole days of the calendar."""
    is_days = (low is None or low % DAY == 0) and (high is None or high % DAY == DAY - 1)
    sides = (_day(low), _day(high))
    if is_days and None not in [day for day, side in zip(sides, (low, high), strict=True) if side is not None]:
        return written_days(Days(*sides))
    return "@{}..@{}".format(*("" if side is None else side for side in (low, high)))


def _day(second: int | None) -> date | None:
    ordinal = 0 if second is None else second // DAY + EPOCH_DAY
    return date.fromordinal(ordinal) if 0 < ordinal <= date.max.toordinal() else None
