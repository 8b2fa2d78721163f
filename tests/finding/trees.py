"""Trees of a search, written down to be read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from undying.finding.question import All, Either, HasTag, HasTerm, IsWork, Not, Prefix, Within, Words
from undying.finding.unresolved import By, InSeries, Mine, Named

if TYPE_CHECKING:
    from undying.finding.question import Node


def shown(node: Node | None) -> str | None:
    """One line: `~` stands for all forms of a word, `*` for any end, `{}` for what is to be looked up."""
    return None if node is None else _shown(node)


def _shown(node: Node) -> str:
    match node:
        case Words(tokens, field, stems):
            return f"{field or 'anywhere'}[{' '.join(tokens)}{'~' * bool(stems)}]"
        case Prefix(token, field):
            return f"{field or 'anywhere'}[{token}*]"
        case Not(inner):
            return f"not {_shown(inner)}"
        case Named() | By() | InSeries() | Mine():
            return f"{{{_name(node)}: {node.state if isinstance(node, Mine) else node.text}}}"
        case All(nodes) | Either(nodes):
            return f"({(' & ' if type(node) is All else ' | ').join(map(_shown, nodes))})"
    return _fact(node)


def _name(node: Named | By | InSeries | Mine) -> str:
    if isinstance(node, Named):
        return f"{node.kind or 'any tag'}{' itself' * node.direct}"
    return type(node).__name__


def _fact(node: HasTag | HasTerm | Within | IsWork) -> str:
    match node:
        case HasTag(ids, direct):
            return f"tag{' itself' * direct} in {list(ids)}"
        case HasTerm(term, values):
            return f"{term} in {list(values)}"
        case Within(measure, low, high):
            return f"{measure} from {low} to {high}"
    return f"work in {list(node.ids)}"
