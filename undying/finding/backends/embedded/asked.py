"""What is asked, in tantivy's own terms.

What must and what must not be so stand side by side in one clause as far as they can: tantivy then walks the rarest
and looks the others up. Only what has nothing else to walk walks all works.
"""

from __future__ import annotations

import re
from itertools import chain
from typing import TYPE_CHECKING, Any

import tantivy
from tantivy import Occur, Query

from undying.finding.backends.embedded.rows import ABOVE, STEMMED, TAGS, as_word, unseen
from undying.finding.question import (
    FIELDS,
    All,
    Either,
    HasTag,
    HasTerm,
    IsWork,
    Not,
    Prefix,
    Within,
    Words,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from undying.finding.document import Sight
    from undying.finding.question import Node

FAR = 2**62
DEEPEST = 60
"""Levels of what is asked. tantivy climbs down by recursion, and a full stack ends the process."""
FEW = 8
"""Terms that are joined one by one. More are looked up together, at the cost of a bit for each work."""
LONGEST = 200
"""Characters of the beginning of a word that are looked for; the index knows no way to look for many more."""


class TooDeep(ValueError):
    """More levels than anybody means. Whoever makes trees of what people typed has to refuse earlier."""


class Asked:
    """Makes queries for one schema."""

    def __init__(self, schema: Any) -> None:
        self.schema = schema

    def query(self, node: Node | None, sight: Sight, leave_out: Sequence[int], also: Sequence[Any] = ()) -> Any:
        """What matches, may be seen, is not left out, and matches these as well."""
        must, must_not = self._parts(node, 0)
        if not sight.everything:
            must_not.append(self._hidden_from(sight))
        if leave_out:
            must_not.append(self._one_of("work", leave_out))
        return self._both([*must, *also], must_not)

    def between(self, field: str, low: int | None, high: int | None) -> Any:
        """Where the number is between these, both of them included."""
        low, high = -FAR if low is None else max(low, -FAR), FAR if high is None else min(high, FAR)
        if low > high:
            return Query.empty_query()
        return Query.range_query(self.schema, field, tantivy.FieldType.Integer, low, high)

    def exactly(self, field: str, value: str | int) -> Any:
        """Where the order has this value."""
        return self.term(field, value) if isinstance(value, str) else self.between(field, value, value)

    def term(self, field: str, value: str | int) -> Any:
        """What has this value."""
        return Query.term_query(self.schema, field, value)

    def fact(self, value: str) -> Any:
        """What that is true of."""
        return self.term("fact", value)

    def _hidden_from(self, sight: Sight) -> Any:
        hidden = self.fact(unseen(sight))
        if sight.own is None:
            return hidden
        return Query.boolean_query([(Occur.Must, hidden), (Occur.MustNot, self.fact(f"owner={sight.own}"))])

    def _parts(self, node: Node | None, depth: int) -> tuple[list[Any], list[Any]]:
        """What must be so, and what must not."""
        match node:
            case None:
                return [], []
            case All(nodes) if depth < DEEPEST:
                parts = [self._parts(each, depth + 1) for each in _refused_at_once(nodes)]
                return [each for must, _ in parts for each in must], [each for _, nots in parts for each in nots]
            case Not(inner):
                return [], [self._node(inner, depth + 1)]
        return [self._node(node, depth + 1)], []

    def _both(self, must: Sequence[Any], must_not: Sequence[Any]) -> Any:
        if not must_not and len(must) == 1:
            return must[0]
        walked = must or [Query.all_query()]
        return Query.boolean_query(
            [*((Occur.Must, each) for each in walked), *((Occur.MustNot, each) for each in must_not)]
        )

    def _node(self, node: Node, depth: int) -> Any:
        if depth > DEEPEST:
            raise TooDeep(f"What is asked has more than {DEEPEST} levels.")
        match node:
            case Words() | Prefix():
                fields = (node.field,) if node.field else FIELDS
                return self._any(self._said(node, each) for each in fields)
            case All() | Not():
                return self._both(*self._parts(node, depth))
            case Either(nodes):
                return self._any(self._node(each, depth + 1) for each in _wanted_at_once(nodes))
        return self._has(node)

    def _has(self, node: HasTag | HasTerm | Within | IsWork) -> Any:
        match node:
            case HasTag(ids, direct):
                if direct:
                    return self._any(self._itself(each) for each in ids if 0 <= each <= FAR)
                return self._any(self._numbered(field, ids) for field in TAGS.values())
            case HasTerm(term, values):
                return self._one_of("fact", [f"{term}={value}" for value in values])
            case Within(measure, low, high):
                return self.between(measure.value, low, high)
            case IsWork(ids):
                return self._numbered("work", ids)

    def _itself(self, tag: int) -> Any:
        carried = self._any(self.term(field, tag) for field in TAGS.values())
        return self._both([carried], [self.term(ABOVE, tag)])

    def _numbered(self, field: str, numbers: Sequence[int]) -> Any:
        return self._one_of(field, [each for each in numbers if 0 <= each <= FAR])

    def _one_of(self, field: str, values: Sequence[str] | Sequence[int]) -> Any:
        if len(values) > FEW:
            return Query.term_set_query(self.schema, field, list(values))
        return self._any(self.term(field, each) for each in values)

    def _any(self, queries: Iterable[Any]) -> Any:
        those = list(queries)
        if not those:
            return Query.empty_query()
        return those[0] if len(those) == 1 else Query.boolean_query([(Occur.Should, each) for each in those])

    def _said(self, node: Words | Prefix, field: str) -> Any:
        if isinstance(node, Prefix):
            return Query.regex_query(self.schema, field, f"{re.escape(node.token[:LONGEST])}.*")
        exact = self.term(field, node.tokens[0]) if len(node.tokens) == 1 else self._phrase(field, node.tokens)
        if field not in STEMMED:
            return exact
        stems = [self.term(f"stems_{field}", each) for each in node.stems]
        return self._any([exact, *stems, *self._own_stems(field, node)])

    def _own_stems(self, field: str, node: Words) -> Iterator[Any]:
        """Words that are their own stems stand in no list of stems: themselves, in works of such languages."""
        codes: dict[str, list[str]] = {}
        for word, code in map(as_word, node.stems):
            if word and (word,) != node.tokens:
                codes.setdefault(word, []).append(code)
        for word, those in codes.items():
            spoken = self._one_of("fact", [f"stemmed={code}" for code in those])
            yield self._both([self.term(field, word), spoken], [])

    def _phrase(self, field: str, words: Sequence[str]) -> Any:
        return Query.phrase_query(self.schema, field, list(words))


def _wanted_at_once(nodes: Sequence[Node]) -> list[Node]:
    """Alternatives, with all tags among them as one."""
    tags = [each.ids for each in nodes if isinstance(each, HasTag) and not each.direct]
    others = [each for each in nodes if not isinstance(each, HasTag) or each.direct]
    return [*others, HasTag(tuple(chain(*tags)))] if tags else others


def _refused_at_once(nodes: Sequence[Node]) -> list[Node]:
    """Conditions, with all tags that are refused as one: there are people who refuse hundreds."""
    refused = [each.node for each in nodes if isinstance(each, Not)]
    others = [each for each in nodes if not isinstance(each, Not)]
    return [*others, *map(Not, _wanted_at_once(refused))]
