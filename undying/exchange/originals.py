"""The bytes that an entry of the ledger stands for: a whole file, or a row's part of one, as they lie in the store.

Refused
└── NotKept    the archive holds no bytes of it; says why
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from undying.formats import Excerpting, Unreadable
from undying.formats.registry import reader_named
from undying.kernel import store
from undying.kernel.errors import Refused

if TYPE_CHECKING:
    from collections.abc import Iterator

    from undying.exchange.models import Entry


class NotKept(Refused):
    """The archive holds no bytes of this row or file."""


@dataclass(frozen=True, slots=True)
class Original:
    """Where bytes lie: `name` in the store, all of it or the `span` that the reader of that name told."""

    name: str
    span: tuple[int, int] | None = None
    reader: str = ""

    def portions(self) -> Iterator[bytes]:
        """The bytes piece by piece, in bounded memory. Raises `store.Unwhole`, and Unreadable from a reader."""
        reader = reader_named(self.reader)
        if self.span is None:
            yield from store.portions(self.name)
        elif isinstance(reader, Excerpting):
            with store.opened(self.name) as file:
                yield from reader.excerpt(file, self.span)
        elif reader is None:
            raise Unreadable(f"The reader “{self.reader}”, which knows where this row stands, is not installed.")
        else:
            yield from store.portions(self.name, *self.span)


def of(entry: Entry) -> Original:
    """Where the bytes of a row or file lie. Raises NotKept."""
    if entry.original:
        return Original(entry.original)
    if entry.container.endswith("/"):
        raise NotKept("The archive could not read this and so kept no bytes of it.")
    begun = entry.batch.counts.filter(container=entry.container).exclude(original="").first()
    if begun is None or entry.at is None or entry.size is None:
        raise NotKept("Where this row stands in its file was not noted, so only the whole file can be had.")
    return Original(begun.original, (entry.at, entry.size), begun.reader)
