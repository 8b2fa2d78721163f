"""The embedded default: a tantivy index in the data folder, read by all processes, written by one at a time.

The text reaches tantivy as tokens that `finding.tokens` made, so that every back end agrees on what a word is. Who may
write keeps the writer open, so that small commits are cheap and merges go on beside them.
"""

from __future__ import annotations

import contextlib
import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import tantivy
from tantivy import Query

from undying.finding.backends import IndexGone
from undying.finding.backends.embedded import folders
from undying.finding.backends.embedded.asked import Asked, TooDeep
from undying.finding.backends.embedded.facets import Facets, facets_of, tally_of
from undying.finding.backends.embedded.pages import Walk, count
from undying.finding.backends.embedded.rows import LAYOUT, schema
from undying.finding.backends.embedded.writer import Writer, writing
from undying.finding.document import Hits
from undying.finding.kept import Kept

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from undying.finding.document import Document, Sight
    from undying.finding.question import Node, Question
    from undying.manuscript import TagKind

HEAP, HEAP_TO_FILL = 50_000_000, 200_000_000
"""What tantivy may collect before it writes a piece of the index: in the one that answers, and in one being filled."""
WORTH_KEEPING = 2000
"""Hits of an answer that is kept while the index stands as it is: smaller ones are found as quickly again."""
FEW_LEFT_OUT = 100
"""Works that an answer that is kept may leave out: what was asked is kept with it."""


@dataclass(frozen=True)
class Opened:
    """An index as it was last committed, by whichever process."""

    folder: Path
    index: Any
    generation: str


class EmbeddedBackend:
    """See the protocol."""

    def __init__(self) -> None:
        self._opened: Opened | None = None
        self._writers: dict[Path, Writer] = {}
        self._kept = Kept()

    # -- Reading --

    def is_gone(self) -> bool:
        """See the protocol."""
        try:
            self._reader()
        except IndexGone:
            return True
        return False

    def is_sound(self) -> bool:
        """See the protocol."""
        if self.is_gone() or folders.layout_of(folder := folders.live()) != LAYOUT:
            return False
        if folders.is_marked(folder):
            if not folders.is_whole(folder):
                return False
            folders.unmark(folder)
        return True

    def find(self, question: Question, sight: Sight, *, leave_out: Sequence[int]) -> Hits:
        """See the protocol."""
        opened = self._reader()
        with _reading(opened):
            return self._found(opened, question, sight, tuple(leave_out))

    def _found(self, opened: Opened, question: Question, sight: Sight, leave_out: tuple[int, ...]) -> Hits:
        asked = Asked(schema())
        searcher = opened.index.searcher()

        def query(node: Node | None, *also: Any) -> Any:
            return asked.query(node, sight, leave_out, also)

        def narrowed(*facts: str) -> Any:
            return query(question.node, *map(asked.fact, facts))

        def facets() -> Facets:
            return facets_of(searcher, narrowed, total, question.kinds)

        whose = (question.node, sight, leave_out)
        place = (question.sort, question.ascending, question.seed, question.page, question.size)
        page = Walk(searcher, asked, query, question).page
        may_keep = len(leave_out) <= FEW_LEFT_OUT
        total, ids = self._kept.of(
            opened.generation, (*whose, place), page, lambda answer: may_keep and answer[0] >= WORTH_KEEPING
        )
        if not total:
            return Hits(0, (), dict.fromkeys(question.kinds, ()))
        is_worth = may_keep and total >= WORTH_KEEPING
        found = self._kept.of(opened.generation, (*whose, question.kinds), facets, lambda _: is_worth)
        return Hits(total, tuple(ids), dict(found.tags), found.languages, found.is_rounded)

    def count(self, nodes: Sequence[Node | None], sight: Sight, *, leave_out: Sequence[int]) -> list[int]:
        """See the protocol."""
        opened = self._reader()
        asked = Asked(schema())
        with _reading(opened):
            searcher = opened.index.searcher()
            return [count(searcher, asked.query(node, sight, leave_out)) for node in nodes]

    def tally(self, kind: TagKind, node: Node | None, sight: Sight, *, leave_out: Sequence[int]) -> dict[int, int]:
        """See the protocol."""
        opened = self._reader()
        asked = Asked(opened.index.schema)
        with _reading(opened):
            return tally_of(opened.index.searcher(), asked.query(node, sight, leave_out), kind)

    def generation(self) -> str:
        """See the protocol."""
        return self._reader().generation

    def fingerprints(self) -> dict[int, str]:
        """See the protocol. Reads all files, to compare them with their checksums."""
        opened = self._reader()
        if not folders.is_whole(opened.folder):
            folders.mark_damaged(opened.folder)
            raise IndexGone("files of the index are not as they were written")
        with _reading(opened):
            searcher = opened.index.searcher()
            found = searcher.search(Query.all_query(), limit=max(searcher.num_docs, 1), order_by_field="work")
            prints = searcher.fast_field_values("print", [address for _, address in found.hits])
        return {work: f"{each:016x}" for (work, _), each in zip(found.hits, prints, strict=True)}

    def _reader(self) -> Opened:
        """The index as it was last committed, by whichever process."""
        folder = folders.live()
        try:
            return self._read(folder)
        except (OSError, ValueError) as error:
            self._opened = None
            if (now := folders.live()) == folder:
                raise IndexGone(str(error)) from error
        return self._read(now)

    def _read(self, folder: Path) -> Opened:
        # Its contents, for its time stands still when two commits follow fast upon each other.
        committed = (folder / folders.META).read_bytes()
        generation = f"{folder.name}-{hashlib.blake2b(committed, digest_size=12).hexdigest()}"
        before = self._opened
        if before is not None and before.generation == generation:
            return before
        if before is not None and before.folder == folder:
            index = before.index
            index.reload()
        else:
            index = tantivy.Index.open(str(folder))
            index.config_reader(reload_policy="manual")
        self._opened = opened = Opened(folder, index, generation)
        return opened

    # -- Writing --

    def put(self, documents: Iterable[Document]) -> None:
        """See the protocol."""
        those = list(documents)
        for writer in self._all_writers():
            writer.add(those)
            writer.commit()

    def recount(self, documents: Iterable[Document]) -> None:
        """See the protocol. Tantivy cannot change a part of a document."""
        self.put(documents)

    def drop(self, ids: Iterable[int]) -> None:
        """See the protocol."""
        those = list(ids)
        for writer in self._all_writers():
            writer.remove(those)
            writer.commit()

    def clear(self) -> None:
        """See the protocol."""
        self.begin()
        self.finish()

    def is_begun(self) -> bool:
        """See the protocol."""
        return folders.begun() is not None

    def begin(self) -> None:
        """See the protocol."""
        with writing():
            folder = folders.begin()
            tantivy.Index(schema(), path=str(folder))
            folders.note_begun(folder)

    def fill(self, documents: Iterable[Document]) -> None:
        """See the protocol."""
        self._filler().fill(documents)

    def keep(self) -> None:
        """See the protocol."""
        self._filler().commit()

    def finish(self) -> None:
        """See the protocol."""
        filler = self._filler()
        filler.commit()
        with writing():
            folders.turn_to(filler.folder)
        self._opened = None

    def rest(self) -> None:
        """See the protocol."""
        self._writers.clear()

    def _all_writers(self) -> list[Writer]:
        """For the index that answers, and for the one that is being filled."""
        found = []
        with contextlib.suppress(IndexGone):
            found.append(self._writer(folders.live(), HEAP))
        if folders.begun() is not None:
            found.append(self._filler())
        if not found:
            raise IndexGone("there is no index to write to")
        return found

    def _filler(self) -> Writer:
        folder = folders.begun()
        if folder is None:
            raise IndexGone("no index was begun")
        return self._writer(folder, HEAP_TO_FILL)

    def _writer(self, folder: Path, heap: int) -> Writer:
        for other in self._writers.keys() - {folder, folders.begun(), folders.live_or_none()}:
            del self._writers[other]
        if folder not in self._writers or self._writers[folder].is_spoilt:
            self._writers.pop(folder, None)
            with writing():
                self._writers[folder] = Writer(folder, heap)
        return self._writers[folder]


@contextlib.contextmanager
def _reading(opened: Opened) -> Iterator[None]:
    """What cannot be read inside is noted, for the process that writes to look at, and counts as gone."""
    try:
        yield
    except TooDeep:
        raise
    except BaseException as error:
        # tantivy gives up on a broken file with an exception of its own that is no Exception.
        if not isinstance(error, OSError | ValueError) and type(error).__name__ != "PanicException":
            raise
        folders.mark_damaged(opened.folder)
        raise IndexGone(str(error)) from error
