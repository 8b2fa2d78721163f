"""The oracle: slow, and obviously right. Every other back end must agree with it."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from undying.finding.criteria import Sort
from undying.finding.document import (
    FACETS_SHOWN,
    LANGUAGES_SHOWN,
    Hits,
    fingerprint,
    languages_of,
    placement_keys,
    refuses,
    wanted_placement,
)
from undying.finding.language import All, Either, Not, Words, parse, tokens, wanted
from undying.manuscript import TagKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from undying.finding.criteria import Criteria
    from undying.finding.document import Document, Sight
    from undying.finding.language import Node


class MemoryBackend:
    """Documents in a dictionary, looked at one by one."""

    documents: dict[int, Document]

    def __init__(self) -> None:
        self.documents = {}

    def is_gone(self) -> bool:
        """Never."""
        return False

    def put(self, documents: Iterable[Document]) -> None:
        """See the protocol."""
        self.documents.update((document.work_id, document) for document in documents)

    def drop(self, ids: Iterable[int]) -> None:
        """See the protocol."""
        for each in ids:
            self.documents.pop(each, None)

    def clear(self) -> None:
        """See the protocol."""
        self.documents.clear()

    def find(self, criteria: Criteria, sight: Sight, *, leave_out: Sequence[int], size: int) -> Hits:
        """See the protocol."""
        node = parse(criteria.query).node
        found = [
            document
            for document in self.documents.values()
            if document.work_id not in leave_out and sight.shows(document) and _matches(document, criteria, node)
        ]
        found.sort(key=lambda document: document.work_id, reverse=True)
        found.sort(key=lambda document: _key(document, criteria.order, node), reverse=not criteria.order.ascends)
        start = (criteria.page - 1) * size
        ids = tuple(each.work_id for each in found[start : start + size])
        return Hits(len(found), ids, _facets(found), _languages(found))

    def fingerprints(self) -> dict[int, str]:
        """See the protocol."""
        return {number: fingerprint(document) for number, document in self.documents.items()}


def _matches(document: Document, criteria: Criteria, node: Node | None) -> bool:
    numbers = {number for _, number, _ in document.tags}
    required = {*criteria.include, *([] if criteria.scope is None else [criteria.scope])}
    return (
        required <= numbers
        and numbers.isdisjoint(criteria.exclude)
        and not refuses(criteria, document)
        and _is_placed(document, criteria)
        and (node is None or _has(document.fields(), node))
    )


def _is_placed(document: Document, criteria: Criteria) -> bool:
    place = criteria.placement
    if not place:
        return True
    term = wanted_placement(place)
    if term != "||" and not any(term in placement_keys(each) for each in document.placements):
        return False
    episode = tuple(tokens(place.episode))
    return not episode or any(_stands_in(episode, text) for text in document.episode_texts())


def _has(fields: dict[str, list[list[str]]], node: Node) -> bool:
    match node:
        case Words(words, field):
            texts = fields[field] if field else [text for each in fields.values() for text in each]
            return any(_stands_in(words, text) for text in texts)
        case Not(inner):
            return not _has(fields, inner)
        case All(nodes):
            return all(_has(fields, each) for each in nodes)
        case Either(nodes):
            return any(_has(fields, each) for each in nodes)


def _stands_in(words: tuple[str, ...], text: list[str]) -> bool:
    size = len(words)
    return any(tuple(text[start : start + size]) == words for start in range(len(text) - size + 1))


def _key(document: Document, sort: Sort, node: Node | None) -> tuple[float | str, ...]:
    match sort:
        case Sort.TITLE | Sort.AUTHOR:
            return (document.sort_name(sort),)
        case Sort.WORDS:
            return (document.words,)
        case Sort.PUBLISHED:
            return (document.published,)
        case Sort.BEST:
            fields = document.fields()
            hits = [
                weight
                for words in wanted(node)
                for field, weight in (("title", 8), ("author", 5), ("tag", 3), ("summary", 3), ("text", 1))
                if words.field in {"", field} and any(_stands_in(words.tokens, text) for text in fields[field])
            ]
            return (sum(hits), document.revised)
    return (document.revised,)


def _languages(found: list[Document]) -> tuple[tuple[str, int], ...]:
    counter = Counter(languages_of(document.language)[0] for document in found if document.language)
    return tuple(sorted(counter.items(), key=lambda item: (-item[1], item[0]))[:LANGUAGES_SHOWN])


def _facets(found: list[Document]) -> dict[TagKind, tuple[tuple[int, int], ...]]:
    counts: dict[TagKind, Counter[int]] = {kind: Counter() for kind in TagKind}
    for document in found:
        for kind, number, _ in document.tags:
            counts[kind][number] += 1
    return {
        kind: tuple(sorted(counter.items(), key=lambda item: (-item[1], item[0]))[:FACETS_SHOWN])
        for kind, counter in counts.items()
    }
