"""Lists in pages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from undying.kernel.errors import PastTheEnd
from undying.web import links

if TYPE_CHECKING:
    from django.http import HttpRequest

PER_PAGE = 20
_NEAR = 2
_LONGEST_NUMBER = 9


@dataclass(frozen=True, kw_only=True, slots=True)
class Paging:
    """Where in a long list a page stands. `path` and `query` are the list's address; only `page` changes in it."""

    number: int
    total: int
    path: str
    query: tuple[tuple[str, str], ...] = ()
    per_page: int = PER_PAGE

    @property
    def last(self) -> int:
        """The number of the last page; 1 for an empty list."""
        return max(1, -(-self.total // self.per_page))

    @property
    def start(self) -> int:
        """How many rows stand before this page."""
        return (self.number - 1) * self.per_page

    @property
    def stop(self) -> int:
        """The row after the last on this page."""
        return min(self.total, self.start + self.per_page)

    @property
    def previous(self) -> str:
        """The address of the page before, or empty."""
        return self.address(self.number - 1) if self.number > 1 else ""

    @property
    def next(self) -> str:
        """The address of the next page, or empty."""
        return self.address(self.number + 1) if self.number < self.last else ""

    @property
    def steps(self) -> list[tuple[int, str]]:
        """Page numbers with addresses: the ends and the neighbours. 0 with no address stands for a gap."""
        near = range(self.number - _NEAR, self.number + _NEAR + 1)
        shown = sorted({1, self.last, *(n for n in near if 1 <= n <= self.last)})
        steps: list[tuple[int, str]] = []
        for number in shown:
            if steps and number > steps[-1][0] + 1:
                steps.append((0, ""))
            steps.append((number, self.address(number)))
        return steps

    def refuse_past_the_end(self) -> None:
        """Raises PastTheEnd for a page that there is none of."""
        if self.number > self.last:
            raise PastTheEnd(self.number, last=self.last, address=self.address(self.last))

    def address(self, number: int) -> str:
        """The address of one page of the list."""
        query = dict(self.query)
        if number > 1:
            query["page"] = str(number)
        return links.with_query(self.path, query)


def paging(request: HttpRequest, total: int, per_page: int = PER_PAGE) -> Paging:
    """The page that the request asks for. Raises PastTheEnd for one beyond it; nonsense means the first."""
    asked = request.GET.get("page", "1")
    number = int(asked) if asked.isascii() and asked.isdigit() and len(asked) <= _LONGEST_NUMBER else 1
    query = tuple((name, str(value)) for name, value in request.GET.items() if name not in {"page", "view_adult"})
    made = Paging(number=max(1, number), total=total, path=request.path, query=query, per_page=per_page)
    made.refuse_past_the_end()
    return made
