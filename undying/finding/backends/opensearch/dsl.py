"""What is asked, in OpenSearch's own language: each node of the tree as a clause, and the bodies of requests.

Only what every service that speaks this language has: no scripts, no plug-ins, nothing newer than OpenSearch 2.4.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from undying.finding.document import CIRCLE, FACETS_SHOWN, LANGUAGES_SHOWN, SORTED_BY
from undying.finding.question import (
    FIELDS,
    All,
    Either,
    HasTag,
    HasTerm,
    IsWork,
    Not,
    Prefix,
    Sort,
    Within,
    Words,
    shelves,
)
from undying.manuscript import State

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from undying.finding.document import Sight
    from undying.finding.question import Node, Question
    from undying.manuscript import TagKind

Clause = dict[str, object]
NEAR = "near"
"""All that stands about a work, in one field: for searches of so many words that each may be looked for in two only."""
STEMMED = ("title", "summary", "tag", "text", NEAR)
LONG = 2**63 - 1
TERMS_AT_ONCE = 65_536
"""`index.max_terms_count`, unless somebody changed it."""
WIDEST = 10_000
"""`index.max_result_window`, unless somebody changed it: how deep a page may begin without `search_after`."""
CLAUSES = 900
"""Well below `max_clause_count`, which is 1024 unless somebody changed it: filters count as well."""
TALLIED_AT_ONCE = 10_000
EACH_SHARD = 200
"""Tags that each shard hands in for a list of ten, so that one which is frequent in all but a few is not missed."""


def query(node: Node | None, sight: Sight, leave_out: Sequence[int]) -> Clause:
    """What matches and may be seen, but for the works in `leave_out`."""
    nodes = [] if node is None else [_slim(node) if _clauses(node) > CLAUSES else node]
    body = _together([*nodes, *([Not(IsWork(tuple(leave_out)))] if leave_out else [])])
    if not sight.everything:
        body.setdefault("filter", []).append(_seen(sight))
    return {"bool": body}


def _clauses(node: Node) -> int:
    """How many clauses the words take."""
    match node:
        case Words() | Prefix():
            return len(list(_says(node)))
        case Not(inner):
            return _clauses(inner)
        case All(nodes) | Either(nodes):
            return sum(map(_clauses, nodes))
    return 0


def _slim(node: Node) -> Node:
    """The same, but words that may stand anywhere are looked for in fewer fields; only the order can differ."""
    match node:
        case Words(field="") | Prefix(field=""):
            return Either((replace(node, field=NEAR), replace(node, field="text")))
        case Not(inner):
            return Not(_slim(inner))
        case All(nodes) | Either(nodes):
            return type(node)(tuple(map(_slim, nodes)))
    return node


def _seen(sight: Sight) -> Clause:
    shown: list[Clause] = [{"term": {"state": State.POSTED.value}}]
    if not sight.hidden_too:
        shown.append({"term": {"hidden": False}})
    shown.append({"terms": {"audience": [each.value for each in sight.audiences]}})
    seen: Clause = {"bool": {"filter": shown}}
    if sight.own is None:
        return seen
    return {"bool": {"should": [seen, {"term": {"owner": str(sight.own)}}], "minimum_should_match": 1}}


def clause(node: Node) -> Clause:
    """One node of the tree."""
    match node:
        case Words() | Prefix():
            return _any_of(list(_says(node)))
        case Not(inner):
            return {"bool": {"must_not": [clause(inner)]}}
        case All(nodes):
            return {"bool": _together(nodes)} if nodes else {"match_all": {}}
        case Either(nodes):
            return _any_of(list(map(clause, nodes)))
    return _fact(node)


def _together(nodes: Sequence[Node]) -> dict[str, list[Clause]]:
    """The parts of a `bool` that asks for each of these: what must be, what must not. Nothing is scored."""
    body: dict[str, list[Clause]] = {}
    for node in _flat(nodes):
        if isinstance(node, Not):
            body.setdefault("must_not", []).append(clause(node.node))
        else:
            body.setdefault("filter", []).append(clause(node))
    return body


def _flat(nodes: Sequence[Node]) -> Iterator[Node]:
    for node in nodes:
        if isinstance(node, All) and node.nodes:
            yield from _flat(node.nodes)
        else:
            yield node


def _any_of(clauses: list[Clause]) -> Clause:
    if not clauses:
        return {"match_none": {}}
    return clauses[0] if len(clauses) == 1 else {"bool": {"should": clauses, "minimum_should_match": 1}}


def _says(node: Words | Prefix) -> Iterator[Clause]:
    for field in (node.field,) if node.field else FIELDS:
        if isinstance(node, Prefix):
            yield {"prefix": {field: {"value": node.token}}}
            continue
        yield {"match_phrase": {field: {"query": " ".join(node.tokens)}}}
        if node.stems and field in STEMMED:
            yield {"terms": {f"stems_{field}": list(node.stems)}}


def _fact(node: HasTag | HasTerm | Within | IsWork) -> Clause:
    match node:
        case HasTag(ids, direct):
            return _one_of("own_tag" if direct else "any_tag", list(map(str, ids)))
        case HasTerm(term, values):
            return _one_of(f"term_{term.value}", list(values))
        case Within(measure, low, high):
            bounds = (("gte", low), ("lte", high))
            return {"range": {measure.value: {side: _long(at) for side, at in bounds if at is not None}}}
        case IsWork(ids):
            return {"ids": {"values": list(map(str, ids))}}


def _one_of(field: str, values: list[str]) -> Clause:
    portions = range(0, max(len(values), 1), TERMS_AT_ONCE)
    return _any_of([{"terms": {field: values[start : start + TERMS_AT_ONCE]}} for start in portions])


def _long(number: int) -> int:
    """A number that OpenSearch can compare; beyond, nothing changes."""
    return max(-LONG, min(number, LONG))


def hits(question: Question, asked: Clause) -> Clause:
    """A request for works in order, without counting them; the page is for the caller to add.

    The last thing that they are sorted by is their id, so that nothing has to be read of the works themselves.
    """
    body: Clause = {"stored_fields": "_none_", "track_total_hits": False, "sort": _order(question), "query": asked}
    if question.sort is Sort.RANDOM:
        # A walk round the circle that begins at the seed: what lies behind it scores, and so comes before the rest.
        body["query"] = _first(asked, [{"range": {"shuffled": {"gte": question.seed % CIRCLE}}}])
    elif question.sort is Sort.BEST:
        body["query"] = _first(asked, _shelves(question.node))
    return body


def _first(asked: Clause, those: list[Clause]) -> Clause:
    """What is asked, with a point for each of those that is true of a work as well."""
    points: list[Clause] = [{"constant_score": {"filter": each}} for each in those]
    return {"bool": {"filter": [asked], "should": points, "minimum_should_match": 0}}


def _shelves(node: Node | None) -> list[Clause]:
    """Which words stand where. So many words that they are looked for in two fields only are not told apart."""
    wider = [] if node is None else shelves(node)[:-1]
    return [] if sum(map(_clauses, [*wider, *([] if node is None else [node])])) > CLAUSES else list(map(clause, wider))


def _order(question: Question) -> list[Clause]:
    way, other = ("asc", "desc") if question.ascending else ("desc", "asc")
    greater_id_first = "desc" if question.ascending == question.sort.ascends else "asc"
    keys: list[Clause] = [{sort_field(question.sort): way}]
    if question.sort is Sort.BEST:
        keys = [{"_score": way}, {"revised": way}]
    elif question.sort is Sort.RANDOM:
        keys = [{"_score": other}, {"shuffled": way}]
    return [*keys, {"work": greater_id_first}]


def sort_field(sort: Sort) -> str:
    """The field that a sort goes by."""
    return SORTED_BY[sort].value if sort in SORTED_BY else f"by_{sort.name.lower()}"


def counts(question: Question, asked: Clause) -> Clause:
    """A request for the exact total, the commonest tags of each kind, and the languages.

    It names no page, so that OpenSearch answers it from memory for the pages that follow.
    """
    asking: Clause = {f"tag_{kind.value}": _commonest(f"tag_{kind.value}", FACETS_SHOWN) for kind in question.kinds}
    asking["tongue"] = _commonest("tongue", LANGUAGES_SHOWN)
    return {"size": 0, "track_total_hits": True, "query": asked, "aggs": asking}


def _commonest(field: str, shown: int) -> Clause:
    return {"terms": {"field": field, "size": shown, "shard_size": EACH_SHARD}}


def tally(kind: TagKind, asked: Clause, after: Clause | None = None) -> Clause:
    """A request for all tags of a kind with their exact numbers, by thousands: `after` is the last of those before."""
    name = f"tag_{kind.value}"
    pages: Clause = {"size": TALLIED_AT_ONCE, "sources": [{"tag": {"terms": {"field": name}}}]}
    if after is not None:
        pages["after"] = after
    return {"size": 0, "track_total_hits": False, "query": asked, "aggs": {"tags": {"composite": pages}}}


def total(asked: Clause) -> Clause:
    """A request for nothing but how many match."""
    return {"size": 0, "track_total_hits": True, "query": asked}
