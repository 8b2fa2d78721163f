"""The oracle: slow, and obviously right. Every other back end must agree with it."""

from __future__ import annotations

import secrets
from collections import Counter
from typing import TYPE_CHECKING

from undying.finding.document import FACETS_SHOWN, LANGUAGES_SHOWN, Hits, fingerprint, languages_of
from undying.finding.question import (
    FIELDS,
    All,
    Either,
    HasTag,
    HasTerm,
    IsWork,
    Not,
    Prefix,
    Sort,
    Within,
    Words,
    shelves,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from undying.finding.document import Document, Sight
    from undying.finding.question import Node, Question
    from undying.manuscript import TagKind


class MemoryBackend:
    """Documents in a dictionary, looked at one by one."""

    documents: dict[int, Document]

    def __init__(self) -> None:
        self.documents = {}
        self.beside: dict[int, Document] | None = None
        self.name = secrets.token_hex(4)
        self.changes = 0

    def is_gone(self) -> bool:
        """Never."""
        return False

    def is_sound(self) -> bool:
        """Always."""
        return True

    def put(self, documents: Iterable[Document]) -> None:
        """See the protocol."""
        those = {document.work_id: document for document in documents}
        for each in self._both():
            each.update(those)
        self.changes += 1

    def recount(self, documents: Iterable[Document]) -> None:
        """See the protocol."""
        self.put(documents)

    def drop(self, ids: Iterable[int]) -> None:
        """See the protocol."""
        for number in ids:
            for each in self._both():
                each.pop(number, None)
        self.changes += 1

    def _both(self) -> list[dict[int, Document]]:
        return [self.documents] if self.beside is None else [self.documents, self.beside]

    def clear(self) -> None:
        """See the protocol."""
        self.begin()
        self.finish()

    def is_begun(self) -> bool:
        """See the protocol."""
        return self.beside is not None

    def begin(self) -> None:
        """See the protocol."""
        self.beside = {}

    def fill(self, documents: Iterable[Document]) -> None:
        """See the protocol."""
        self._both()[-1].update((document.work_id, document) for document in documents)

    def keep(self) -> None:
        """Nothing here outlasts the process."""

    def finish(self) -> None:
        """See the protocol."""
        self.documents, self.beside = self._both()[-1], None
        self.changes += 1

    def rest(self) -> None:
        """Nobody else can write here."""

    def find(self, question: Question, sight: Sight, *, leave_out: Sequence[int]) -> Hits:
        """See the protocol."""
        found = self._seen(question.node, sight, leave_out)
        found.sort(key=lambda document: document.work_id, reverse=True)
        found.sort(key=lambda document: _key(document, question), reverse=not question.sort.ascends)
        if question.ascending != question.sort.ascends:
            found.reverse()
        start = (question.page - 1) * question.size
        ids = tuple(each.work_id for each in found[start : start + question.size])
        return Hits(len(found), ids, _facets(found, question.kinds), _languages(found))

    def count(self, nodes: Sequence[Node | None], sight: Sight, *, leave_out: Sequence[int]) -> list[int]:
        """See the protocol."""
        return [len(self._seen(node, sight, leave_out)) for node in nodes]

    def tally(self, kind: TagKind, node: Node | None, sight: Sight, *, leave_out: Sequence[int]) -> dict[int, int]:
        """See the protocol."""
        return dict(Counter(number for each in self._seen(node, sight, leave_out) for number in each.reach()[kind]))

    def generation(self) -> str:
        """See the protocol."""
        return f"{self.name}-{self.changes}"

    def fingerprints(self) -> dict[int, str]:
        """See the protocol."""
        return {number: fingerprint(document) for number, document in self.documents.items()}

    def _seen(self, node: Node | None, sight: Sight, leave_out: Sequence[int]) -> list[Document]:
        return [
            document
            for document in self.documents.values()
            if document.work_id not in leave_out and sight.shows(document) and (node is None or _is(document, node))
        ]


def _is(document: Document, node: Node) -> bool:
    match node:
        case Not(inner):
            return not _is(document, inner)
        case All(nodes):
            return all(_is(document, each) for each in nodes)
        case Either(nodes):
            return any(_is(document, each) for each in nodes)
        case Words() | Prefix():
            return any(_says(document, node, field) for field in ([node.field] if node.field else FIELDS))
    return _has(document, node)


def _has(document: Document, node: HasTag | HasTerm | Within | IsWork) -> bool:
    match node:
        case HasTag(ids, direct):
            own = {number for _, number, _ in document.tags}
            above = set() if direct else {number for _, number in document.ancestors}
            return not (own | above).isdisjoint(ids)
        case HasTerm(term, values):
            return not set(document.terms()[term]).isdisjoint(values)
        case Within(measure, low, high):
            number = document.measure(measure)
            return (low is None or low <= number) and (high is None or number <= high)
        case IsWork(ids):
            return document.work_id in ids


def _says(document: Document, node: Words | Prefix, field: str) -> bool:
    texts = document.fields()[field]
    if isinstance(node, Prefix):
        return any(word.startswith(node.token) for text in texts for word in text)
    return any(_stands_in(node.tokens, text) for text in texts) or not document.stems(field).isdisjoint(node.stems)


def _stands_in(words: tuple[str, ...], text: list[str]) -> bool:
    size = len(words)
    return any(tuple(text[start : start + size]) == words for start in range(len(text) - size + 1))


def _key(document: Document, question: Question) -> tuple[float | str, ...]:
    match question.sort:
        case Sort.TITLE | Sort.AUTHOR:
            return (document.sort_name(question.sort),)
        case Sort.BEST:
            wider = shelves(question.node or All(()))
            return (sum(_is(document, each) for each in wider), document.revised)
    return (document.sort_number(question.sort, question.seed),)


def _languages(found: list[Document]) -> tuple[tuple[str, int], ...]:
    counter = Counter(languages_of(document.language)[0] for document in found if document.language)
    return tuple(sorted(counter.items(), key=lambda item: (-item[1], item[0]))[:LANGUAGES_SHOWN])


def _facets(found: list[Document], kinds: Sequence[TagKind]) -> dict[TagKind, tuple[tuple[int, int], ...]]:
    counts: dict[TagKind, Counter[int]] = {kind: Counter() for kind in kinds}
    for document in found:
        for kind, numbers in document.reach().items():
            if kind in counts:
                counts[kind].update(numbers)
    return {
        kind: tuple(sorted(counter.items(), key=lambda item: (-item[1], item[0]))[:FACETS_SHOWN])
        for kind, counter in counts.items()
    }
