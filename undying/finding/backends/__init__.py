"""Search engines behind one protocol. Only `finding.engine` opens one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from undying.finding.criteria import Criteria
    from undying.finding.document import Document, Hits, Sight


class IndexGone(Exception):
    """There is no index, or it cannot be read; it has to be built again."""


class SearchBackend(Protocol):
    """Keeps documents and finds them. Ties in any order are broken by the greater id first."""

    def is_gone(self) -> bool:
        """Whether there is no index that can be read. Cheap."""

    def put(self, documents: Iterable[Document]) -> None:
        """Add or replace these, durably and all at once."""

    def drop(self, ids: Iterable[int]) -> None:
        """Forget these, durably."""

    def clear(self) -> None:
        """Forget everything; afterwards there is an index, and it is empty."""

    def find(self, criteria: Criteria, sight: Sight, *, leave_out: Sequence[int], size: int) -> Hits:
        """One page of what matches and may be seen, but for the ids in `leave_out`. Raises IndexGone.

        Tags of `criteria` are ids by then; its `other_include` and `other_exclude` are for `engine`.
        """

    def fingerprints(self) -> dict[int, str]:
        """For each document its id and a digest of its fields, to compare with the database. Raises IndexGone."""
