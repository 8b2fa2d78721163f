"""Search engines behind one protocol. Only `finding.engine` opens one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from undying.kernel.errors import Refused

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from undying.finding.document import Document, Hits, Sight
    from undying.finding.question import Node, Question
    from undying.manuscript import TagKind


MOST_TALLIED = 60_000


class IndexGone(Exception):
    """There is no index, or it cannot be read; it has to be built again."""


class IndexAway(IndexGone):
    """The index does not answer, but is there: lists do without it for a while, and nothing has to be built again."""


class NotWritten(Refused):
    """The index cannot be written; says why. What was to be written stays due."""


class SearchBackend(Protocol):
    """Keeps documents and finds them. Ties in the natural order of a sort are broken by the greater id first;
    the other direction is that order backwards."""

    def is_gone(self) -> bool:
        """Whether there is no index that can be read. Cheap."""

    def is_sound(self) -> bool:
        """Whether the index can be read, is of today's layout and nobody found it broken. Cheap while it is."""

    def put(self, documents: Iterable[Document]) -> None:
        """Add or replace these, durably and all at once; in the index that was begun as well. Raises NotWritten."""

    def recount(self, documents: Iterable[Document]) -> None:
        """Of these only kudos, comments, bookmarks and hits changed since they were put: `put`, or what costs less.

        One that was never put may stay away. Raises NotWritten.
        """

    def drop(self, ids: Iterable[int]) -> None:
        """Forget these, durably; in the index that was begun as well. Raises NotWritten."""

    def clear(self) -> None:
        """Forget everything; afterwards there is an index, and it is empty."""

    def is_begun(self) -> bool:
        """Whether an index was begun that does not answer yet."""

    def begin(self) -> None:
        """Begin an empty index beside the one that answers; one that was begun before is forgotten."""

    def fill(self, documents: Iterable[Document]) -> None:
        """Add these to the index that was begun, durably once it is told to `keep` them."""

    def keep(self) -> None:
        """What was filled in so far is to outlast the end of the process."""

    def finish(self) -> None:
        """The index that was begun answers from now on; the other one is forgotten."""

    def rest(self) -> None:
        """Let other processes write: nothing is to be written by this one for a while."""

    def find(self, question: Question, sight: Sight, *, leave_out: Sequence[int]) -> Hits:
        """One page of what matches and may be seen, but for the ids in `leave_out`. Raises IndexGone."""

    def count(self, nodes: Sequence[Node | None], sight: Sight, *, leave_out: Sequence[int]) -> list[int]:
        """How many works match each of these, exactly. Raises IndexGone."""

    def tally(self, kind: TagKind, node: Node | None, sight: Sight, *, leave_out: Sequence[int]) -> dict[int, int]:
        """How many of the works that match each tag of a kind leads to, exactly; without those that lead to none. Of
        more than MOST_TALLIED tags only the most frequent need be told. Raises IndexGone.
        """

    def generation(self) -> str:
        """What changes whenever the index does; for caches, and cheap. Raises IndexGone."""

    def fingerprints(self) -> dict[int, str]:
        """For each document its id and a digest of its fields, to compare with the database. Raises IndexGone."""
