"""A question's tree as a condition in SQL, for the yardsticks. It knows what the mix asks, and refuses the rest."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from undying.finding.question import All, Either, HasTag, HasTerm, Not, Term, Within, Words, wanted

if TYPE_CHECKING:
    from undying.finding.question import Node

Dialect = Literal["sqlite", "postgres"]


class Sql:
    """Builds one condition; `values` are what its marks stand for."""

    def __init__(self, dialect: Dialect) -> None:
        self.dialect = dialect
        self.mark = "?" if dialect == "sqlite" else "%s"
        self.values: list[Any] = []
        self.words: list[Words] = []

    def where(self, node: Node | None) -> str:
        """The condition."""
        if node is None:
            return "true"
        self.words += [each for each in wanted(node) if isinstance(each, Words)]
        return self._node(node)

    def _node(self, node: Node) -> str:
        match node:
            case All(nodes):
                return "(" + " AND ".join([*map(self._node, nodes)] or ["true"]) + ")"
            case Either(nodes):
                return "(" + " OR ".join([*map(self._node, nodes)] or ["false"]) + ")"
            case Not(inner):
                return f"NOT {self._node(inner)}"
            case Words():
                return self._words(node)
        return self._fact(node)

    def _fact(self, node: Node) -> str:
        match node:
            case HasTag(ids, direct):
                return self._tag(ids, direct=direct)
            case HasTerm(term, values):
                return self._term(term, values)
            case Within(measure, low, high):
                return self._within(measure.value, low, high)
        raise TypeError(f"the yardsticks are not asked for {node}")

    def _tag(self, ids: tuple[int, ...], *, direct: bool) -> str:
        if self.dialect == "postgres":
            self.values.append(list(ids))
            return f"({'own' if direct else 'reach'} && %s::bigint[])"
        self.values += ids
        marks = ", ".join("?" * len(ids))
        return f"(id IN (SELECT work FROM reach WHERE tag IN ({marks}){' AND own' if direct else ''}))"

    def _term(self, term: Term, values: tuple[str, ...]) -> str:
        if term is Term.LANGUAGE:
            self.values += [text for value in values for text in (value, f"{value}-%")]
            return "(" + " OR ".join([f"language = {self.mark} OR language LIKE {self.mark}"] * len(values)) + ")"
        if term is not Term.STATUS:
            raise TypeError(f"the yardsticks are not asked for {term}")
        self.values += values
        return f"(status IN ({', '.join([self.mark] * len(values))}))"

    def _within(self, column: str, low: int | None, high: int | None) -> str:
        sides = [(">=", low), ("<=", high)]
        self.values += [number for _, number in sides if number is not None]
        told = [f"{column} {sign} {self.mark}" for sign, number in sides if number is not None]
        return "(" + " AND ".join(told or ["true"]) + ")"

    def _words(self, node: Words) -> str:
        if self.dialect == "sqlite":
            self.values.append(_match(node))
            return "(id IN (SELECT rowid FROM words WHERE words MATCH ?))"
        self.values.append(_query(node.tokens, " <-> "))
        if not node.stems:
            return "(vector @@ %s::tsquery)"
        self.values.append(_query(node.stems, " | "))
        return "(vector @@ %s::tsquery OR stems @@ %s::tsquery)"

    def match(self) -> str:
        """All the words of the condition, for FTS5's ranking."""
        return " AND ".join(f"({_match(node)})" for node in self.words)

    def query(self) -> str:
        """The same for PostgreSQL's, with one mark."""
        return f"{self.mark}::tsquery"

    def match_values(self) -> list[str]:
        """What `query` has a mark for."""
        return [" & ".join(f"({_query(node.tokens, ' <-> ')})" for node in self.words)]


def _match(node: Words) -> str:
    fields = node.field or "{title author summary tag text}"
    phrase = f'{fields} : "{" ".join(node.tokens)}"'
    return " OR ".join([f"({phrase})", *(f'(stems : "{stem}")' for stem in node.stems)])


def _query(tokens: tuple[str, ...], joint: str) -> str:
    return joint.join("'" + token.replace("\\", "\\\\").replace("'", "''") + "'" for token in tokens)
