"""Pages in order. tantivy settles ties by where a work happens to lie; readers see the greater id first.

So a page is taken with its neighbours, and only where works of one rank run over its edge are these asked for by id.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import groupby, pairwise
from operator import itemgetter
from typing import TYPE_CHECKING, Any

import tantivy

from undying.finding.backends.embedded.rows import ORDERS
from undying.finding.document import CIRCLE
from undying.finding.question import All, Not, Sort, shelves

if TYPE_CHECKING:
    from collections.abc import Callable

    from undying.finding.backends.embedded.asked import Asked
    from undying.finding.question import Question

SHALLOW = 10_000
"""Works that tantivy may have to remember for a page before it is asked whether there are as many at all."""
STRIDE = 250


@dataclass(frozen=True)
class Walk:
    """What one question walks through: all that `query` makes of its node and further conditions, in its order."""

    searcher: Any
    asked: Asked
    query: Callable[..., Any]
    question: Question

    def total(self) -> int:
        """How many there are."""
        return count(self.searcher, self._all())

    def _all(self, *also: Any) -> Any:
        return self.query(self.question.node, *also)

    def page(self) -> tuple[int, list[int]]:
        """How many there are, and the ids of the question's page."""
        question = self.question
        first = (question.page - 1) * question.size
        if first > SHALLOW and first >= (total := self.total()):
            return total, []
        if question.sort is Sort.BEST:
            return self._best(first)
        if question.sort is Sort.RANDOM:
            return self._round(first)
        return self.stretch(first, question.size)

    def _best(self, first: int) -> tuple[int, list[int]]:
        """Shelf by shelf, each without what stood on those before it, and with the newest first."""
        wider = shelves(self.question.node or All(()))
        alone = [wider[0], *(All((node, Not(before))) for before, node in pairwise(wider))]
        size, ahead = self.question.size, 0
        ids: list[int] = []
        for node in reversed(alone) if self.question.ascending else alone:
            walk = replace(self, question=replace(self.question, node=node, sort=Sort.REVISED))
            number, found = walk.stretch(max(0, first - ahead), size - len(ids))
            ids += found
            ahead += number
            if len(ids) == size:
                return self.total(), ids
        return ahead, ids

    def _round(self, first: int) -> tuple[int, list[int]]:
        """A walk round the circle that begins at the seed: what lies behind it, then what lies before."""
        start = self.question.seed % CIRCLE
        arcs = [(start, CIRCLE), (0, start - 1)]
        size, total = self.question.size, 0
        ids: list[int] = []
        for low, high in arcs if self.question.ascending else reversed(arcs):
            arc = self.asked.between(ORDERS[Sort.RANDOM], low, high)
            left = size - len(ids)
            number, found = self.stretch(max(0, first - total), max(left, 1), arc)
            ids += found[:left]
            total += number
        return total, ids

    def stretch(self, first: int, size: int, *also: Any) -> tuple[int, list[int]]:
        """How many there are, and the ids from this place on."""
        before = min(first, 1)
        question, field = self.question, ORDERS[self.question.sort]
        found = self._sorted(self._all(*also), field, first - before, size + before + 1, upward=question.ascending)
        keys = [key for key, _ in found.hits]
        numbers = self._ids([address for _, address in found.hits])
        inner = list(zip(keys, numbers, strict=True))[before : before + size]
        is_cut = bool(before and inner) and keys[0] == keys[1]
        runs_on = len(keys) > before + size and keys[-1] == keys[-2]
        ids: list[int] = []
        for key, group in groupby(inner, key=itemgetter(0)):
            ties = sorted((number for _, number in group), reverse=self._falls)
            if is_cut and not ids:
                ties = self._ties(key, first - self._ahead_of(key, first, *also), len(ties), *also)
            elif runs_on and len(ids) + len(ties) == len(inner):
                ties = self._ties(key, 0, len(ties), *also)
            ids += ties
        return found.count, ids

    @property
    def _falls(self) -> bool:
        """Whether the greater id goes first among equals."""
        return self.question.ascending == self.question.sort.ascends

    def _ties(self, key: Any, skipped: int, size: int, *also: Any) -> list[int]:
        """The ids of works of this rank, in order."""
        same = self.asked.exactly(ORDERS[self.question.sort], key)
        found = self._sorted(self._all(same, *also), "work", skipped, size, upward=not self._falls)
        return [key for key, _ in found.hits]

    def _ahead_of(self, key: Any, first: int, *also: Any) -> int:
        """How many works have a rank before this one, which the work at place `first` has."""
        upward, field = self.question.ascending, ORDERS[self.question.sort]
        if isinstance(key, int):
            ahead = self.asked.between(field, None, key - 1) if upward else self.asked.between(field, key + 1, None)
            return count(self.searcher, self._all(ahead, *also))
        # tantivy cannot tell how many names go before one: it is looked for backwards, in strides.
        at, stride = first, STRIDE
        while at:
            start = max(0, at - stride)
            found = self._sorted(self._all(*also), field, start, at - start, upward=upward)
            same = sum(each == key for each, _ in found.hits)
            at -= same
            if same < len(found.hits):
                break
            stride *= 8
        return at

    def _sorted(self, query: Any, field: str, first: int, size: int, *, upward: bool) -> Any:
        order = tantivy.Order.Asc if upward else tantivy.Order.Desc
        return self.searcher.search(query, limit=size, offset=first, order_by_field=field, order=order)

    def _ids(self, addresses: list[Any]) -> list[int]:
        return list(self.searcher.fast_field_values("work", addresses)) if addresses else []


def count(searcher: Any, query: Any) -> int:
    """How many match; ordered by a number, because tantivy would weigh them otherwise."""
    found: int = searcher.search(query, limit=1, order_by_field="work").count
    return found
