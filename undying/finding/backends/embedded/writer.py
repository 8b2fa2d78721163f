"""Writing one index. A writer stays open as long as its process has the right to write; merges go on beside it."""

from __future__ import annotations

import contextlib
import errno
import os
from typing import TYPE_CHECKING

import tantivy
from django.conf import settings

from undying.finding.backends import NotWritten
from undying.finding.backends.embedded import folders
from undying.finding.backends.embedded.rows import LAYOUT, row

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from undying.finding.document import Document


class Writer:
    """The one writer of the index in a folder. What raises NotWritten leaves it spoilt: another has to be opened."""

    def __init__(self, folder: Path, heap: int) -> None:
        self.folder = folder
        self.is_spoilt = False
        index = tantivy.Index.open(str(folder))
        self._schema = index.schema
        self._fields = None if folders.layout_of(folder) == LAYOUT else folders.fields_of(folder)
        self._writer = index.writer(heap_size=heap, num_threads=1)
        self._before = index.searcher()
        self._replaced: set[int] = set()

    def add(self, documents: Iterable[Document]) -> None:
        """Add or replace these, with the next commit."""
        with self._spoiling():
            for document in documents:
                self._replaced.add(document.work_id)
                self._forget(document.work_id)
                self._add(document)

    def fill(self, documents: Iterable[Document]) -> None:
        """The same for works of which no other call of this will bring another state.

        What is not there is not deleted either: tantivy looks for each deletion in every piece of the index.
        """
        with self._spoiling():
            for document in documents:
                number = document.work_id
                if number in self._replaced or self._before.doc_freq("work", number):
                    self._forget(number)
                self._add(document)

    def _add(self, document: Document) -> None:
        self._writer.add_document(tantivy.Document.from_dict(self._row(document), self._schema))

    def remove(self, ids: Iterable[int]) -> None:
        """Forget these, with the next commit."""
        with self._spoiling():
            for each in ids:
                self._forget(each)

    def _forget(self, number: int) -> None:
        # Not by term: tantivy would take the number for a signed one, which is another term.
        self._writer.delete_documents_by_query(tantivy.Query.term_query(self._schema, "work", number))

    def commit(self) -> None:
        """Let all that be so, durably and at once."""
        with self._spoiling():
            self._writer.commit()

    def _row(self, document: Document) -> dict[str, object]:
        fields = row(document)
        return fields if self._fields is None else {name: fields[name] for name in fields.keys() & self._fields}

    @contextlib.contextmanager
    def _spoiling(self) -> Iterator[None]:
        try:
            with writing():
                yield
        except NotWritten:
            self.is_spoilt = True
            raise


@contextlib.contextmanager
def writing() -> Iterator[None]:
    """What tantivy and the disk refuse, in one sentence."""
    try:
        yield
    except BaseException as error:
        if not isinstance(error, OSError | ValueError) and type(error).__name__ != "PanicException":
            raise
        raise NotWritten(f"The search index cannot be written: {_said(error)}") from error


def _said(error: BaseException) -> str:
    """What the system says of it, without tantivy's names for its own parts."""
    if _is(error, errno.ENOSPC) or _is(error, errno.EDQUOT):
        return f"the disk that holds {settings.UNDYING.home} is full; free some space"
    for number in REASONS:
        if _is(error, number):
            return os.strerror(number).lower()
    return str(error)


def _is(error: BaseException, number: int) -> bool:
    return f"os error {number})" in str(error) or getattr(error, "errno", None) == number


REASONS = (errno.EROFS, errno.EACCES, errno.EPERM, errno.EMFILE, errno.EIO)
