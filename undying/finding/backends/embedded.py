"""The embedded default: a tantivy index in the data folder, shared by all processes, written by one at a time.

The text reaches tantivy as tokens that `finding.language` made, so that every back end agrees on what a word is.
"""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, Any, TypeVar

import tantivy
from django.conf import settings
from tantivy import Occur, Query

from undying.finding.backends import IndexGone
from undying.finding.criteria import Crossover, Sort
from undying.finding.document import (
    FACETS_SHOWN,
    LANGUAGES_SHOWN,
    Hits,
    day_end,
    day_start,
    fingerprint,
    languages_of,
    placement_keys,
    wanted_placement,
)
from undying.finding.language import FIELDS, All, Either, Not, Words, parse, tokens
from undying.manuscript import Audience, State, TagKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from undying.finding.criteria import Criteria
    from undying.finding.document import Document, Sight
    from undying.finding.language import Node

LAYOUT = "2"
"""Raised when the schema changes: an index of another layout counts as gone and is built again."""
HEAP = 64_000_000
WEIGHTS = {"title": 8.0, "author": 5.0, "summary": 2.0, "tag": 3.0, "text": 1.0}
SORT_FIELDS = {
    Sort.REVISED: "by_revised",
    Sort.PUBLISHED: "by_published",
    Sort.WORDS: "by_words",
    Sort.TITLE: "by_title",
    Sort.AUTHOR: "by_author",
}
FAR = 2**62
COUNTED = 1000
"""Tags of a kind that tantivy counts before ties at the end of the shown ones are settled by id."""


Key = TypeVar("Key", int, str)


def _schema() -> Any:
    builder = tantivy.SchemaBuilder()
    builder.add_unsigned_field("work", stored=True, indexed=True, fast=True)
    builder.add_text_field("print", stored=True, tokenizer_name="raw", index_option="basic")
    for name in (*FIELDS, "episode"):
        builder.add_text_field(name, tokenizer_name="whitespace", index_option="position")
    for name in ("language", "status", "placement", "audience", "state"):
        builder.add_text_field(name, tokenizer_name="raw", index_option="basic")
    for name in ("hidden", "crossover", "owner", "any_tag"):
        builder.add_unsigned_field(name, indexed=True)
    for name in ("words", "revised"):
        builder.add_integer_field(name, indexed=True, fast=True)
    for kind in TagKind:
        builder.add_unsigned_field(f"tag_{kind.value}", fast=True)
    for name in ("tongue", *SORT_FIELDS.values()):
        builder.add_text_field(name, tokenizer_name="raw", fast=True, index_option="basic")
    return builder.build()


class EmbeddedBackend:
    """See the protocol."""

    def __init__(self) -> None:
        self._schema = _schema()
        self._index: Any = None
        self._read_as = b""

    @property
    def _folder(self) -> Path:
        home: Path = settings.UNDYING.home
        return home / "index" / LAYOUT

    def is_gone(self) -> bool:
        """See the protocol."""
        try:
            self._opened()
        except IndexGone:
            return True
        return False

    def put(self, documents: Iterable[Document]) -> None:
        """See the protocol."""
        writer = self._opened().writer(heap_size=HEAP, num_threads=1)
        for document in documents:
            writer.delete_documents_by_query(self._is("work", document.work_id))
            writer.add_document(tantivy.Document.from_dict(_row(document), self._schema))
        writer.commit()
        writer.wait_merging_threads()

    def drop(self, ids: Iterable[int]) -> None:
        """See the protocol."""
        writer = self._opened().writer(heap_size=HEAP, num_threads=1)
        for each in ids:
            writer.delete_documents_by_query(self._is("work", each))
        writer.commit()
        writer.wait_merging_threads()

    def clear(self) -> None:
        """See the protocol."""
        self._index = None
        shutil.rmtree(self._folder.parent, ignore_errors=True)
        self._folder.mkdir(parents=True)
        self._index = tantivy.Index(self._schema, path=str(self._folder))

    def _opened(self) -> Any:
        """The index as it was last committed, by whichever process."""
        try:
            # Its contents, for its time stands still when two commits follow fast upon each other.
            committed = (self._folder / "meta.json").read_bytes()
            if self._index is None:
                self._index = tantivy.Index.open(str(self._folder))
            elif committed != self._read_as:
                self._index.reload()
        except (OSError, ValueError) as error:
            self._index = None
            raise IndexGone(str(error)) from error
        self._read_as = committed
        return self._index

    def find(self, criteria: Criteria, sight: Sight, *, leave_out: Sequence[int], size: int) -> Hits:
        """See the protocol."""
        index = self._opened()
        try:
            return self._found(index.searcher(), criteria, sight, leave_out, size)
        except (OSError, ValueError) as error:
            self._index = None
            raise IndexGone(str(error)) from error

    def _found(self, searcher: Any, criteria: Criteria, sight: Sight, leave_out: Sequence[int], size: int) -> Hits:
        query = self._query(criteria, sight, leave_out)
        offset = (criteria.page - 1) * size
        order = criteria.order
        if order is Sort.BEST:
            result = searcher.search(query, limit=size, offset=offset)
        else:
            direction = tantivy.Order.Asc if order.ascends else tantivy.Order.Desc
            result = searcher.search(
                query, limit=size, offset=offset, order_by_field=SORT_FIELDS[order], order=direction
            )
        ids = tuple(searcher.doc(address)["work"][0] for _, address in result.hits)
        if not result.count:
            return Hits(0, (), dict.fromkeys(TagKind, ()))
        return Hits(result.count, ids, *_counts(searcher, query))

    def fingerprints(self) -> dict[int, str]:
        """See the protocol."""
        searcher = self._opened().searcher()
        found = searcher.search(Query.all_query(), limit=max(searcher.num_docs, 1))
        rows = (searcher.doc(address) for _, address in found.hits)
        return {row["work"][0]: row["print"][0] for row in rows}

    def _query(self, criteria: Criteria, sight: Sight, leave_out: Sequence[int]) -> Any:
        clauses = [(Occur.Must, Query.const_score_query(each, 0.0)) for each in self._demands(criteria)]
        clauses += [(Occur.MustNot, each) for each in self._bans(criteria, leave_out)]
        if not sight.everything:
            clauses.append((Occur.Must, Query.const_score_query(self._seen(sight), 0.0)))
        if (node := parse(criteria.query).node) is not None:
            clauses.append((Occur.Must, self._node(node)))
        return Query.boolean_query([(Occur.Must, Query.const_score_query(Query.all_query(), 0.0)), *clauses])

    def _demands(self, criteria: Criteria) -> Iterator[Any]:
        for tag in (*criteria.include, *([] if criteria.scope is None else [criteria.scope])):
            yield self._is("any_tag", tag)
        if criteria.complete:
            yield self._is("status", "complete")
        if criteria.status:
            yield self._is("status", criteria.status)
        if criteria.crossover is not Crossover.ANY:
            yield self._is("crossover", int(criteria.crossover is Crossover.ONLY))
        if criteria.language:
            yield self._is("language", criteria.language)
        yield from self._ranges(criteria)
        yield from self._placed(criteria)

    def _ranges(self, criteria: Criteria) -> Iterator[Any]:
        integer = tantivy.FieldType.Integer
        if criteria.words_from is not None or criteria.words_to is not None:
            low = criteria.words_from or 0
            high = FAR if criteria.words_to is None else criteria.words_to
            yield Query.range_query(self._schema, "words", integer, low, high)
        if criteria.date_from is not None or criteria.date_to is not None:
            low, high = day_start(criteria), day_end(criteria)
            yield Query.range_query(self._schema, "revised", integer, low, high, include_upper=False)

    def _placed(self, criteria: Criteria) -> Iterator[Any]:
        place = criteria.placement
        if place and (term := wanted_placement(place)) != "||":
            yield self._is("placement", term)
        if place and (words := tokens(place.episode)):
            yield self._phrase("episode", words)

    def _bans(self, criteria: Criteria, leave_out: Sequence[int]) -> Iterator[Any]:
        if criteria.exclude:
            yield Query.term_set_query(self._schema, "any_tag", list(criteria.exclude))
        if criteria.complete is False:
            yield self._is("status", "complete")
        if leave_out:
            yield Query.term_set_query(self._schema, "work", list(leave_out))

    def _seen(self, sight: Sight) -> Any:
        shown = [(Occur.Must, self._is("state", State.POSTED.value))]
        if not sight.hidden_too:
            shown.append((Occur.Must, self._is("hidden", 0)))
        if not sight.members_too:
            shown.append((Occur.Must, self._is("audience", Audience.EVERYONE.value)))
        seen = Query.boolean_query(shown)
        if sight.own is None:
            return seen
        return Query.boolean_query([(Occur.Should, seen), (Occur.Should, self._is("owner", sight.own))])

    def _is(self, field: str, value: str | int) -> Any:
        return Query.term_query(self._schema, field, value)

    def _phrase(self, field: str, words: Sequence[str]) -> Any:
        if len(words) == 1:
            return Query.term_query(self._schema, field, words[0])
        return Query.phrase_query(self._schema, field, list(words))

    def _node(self, node: Node) -> Any:
        match node:
            case Words(words, field):
                fields = (field,) if field else FIELDS
                weighted = [Query.boost_query(self._phrase(each, words), WEIGHTS[each]) for each in fields]
                return Query.boolean_query([(Occur.Should, each) for each in weighted])
            case Not(inner):
                everything = Query.const_score_query(Query.all_query(), 0.0)
                return Query.boolean_query([(Occur.Must, everything), (Occur.MustNot, self._node(inner))])
            case All(nodes):
                return Query.boolean_query([(Occur.Must, self._node(each)) for each in nodes])
            case Either(nodes):
                return Query.boolean_query([(Occur.Should, self._node(each)) for each in nodes])


def _row(document: Document) -> dict[str, Any]:
    row: dict[str, Any] = {
        "work": document.work_id,
        "print": fingerprint(document),
        "episode": [" ".join(text) for text in document.episode_texts()],
        "placement": list({key for each in document.placements for key in placement_keys(each)}),
        "language": list(languages_of(document.language)),
        "tongue": list(languages_of(document.language)[:1]),
        "status": document.status,
        "audience": document.audience.value,
        "state": document.state.value,
        "hidden": int(document.is_hidden),
        "crossover": int(document.is_crossover),
        "owner": list(document.owners),
        "any_tag": [number for _, number, _ in document.tags],
        "words": document.words,
        "revised": document.revised,
        **_sort_keys(document),
    }
    for name, texts in document.fields().items():
        row[name] = [" ".join(text) for text in texts]
    for kind in TagKind:
        row[f"tag_{kind.value}"] = [number for each, number, _ in document.tags if each is kind]
    return row


def _sort_keys(document: Document) -> dict[str, str]:
    """Keys that are unique, because tantivy breaks ties by where a document happens to lie.

    Counting down where the order is upward gives the greater id first among equals, as everywhere.
    """
    number, counted_down = f"{document.work_id:020d}", f"{FAR - document.work_id:020d}"
    return {
        "by_revised": f"{document.revised + FAR:020d}{number}",
        "by_published": f"{document.published + FAR:020d}{number}",
        "by_words": f"{document.words:020d}{number}",
        "by_title": f"{document.sort_name(Sort.TITLE)}\x00{counted_down}",
        "by_author": f"{document.sort_name(Sort.AUTHOR)}\x00{counted_down}",
    }


def _counts(
    searcher: Any, query: Any
) -> tuple[dict[TagKind, tuple[tuple[int, int], ...]], tuple[tuple[str, int], ...]]:
    """The most frequent tags of each kind, and the languages."""
    asked = {kind.value: {"terms": {"field": f"tag_{kind.value}", "size": COUNTED}} for kind in TagKind}
    asked["tongue"] = {"terms": {"field": "tongue", "size": COUNTED}}
    answer = searcher.aggregate(query, asked)
    counted = {name: [(bucket["key"], bucket["doc_count"]) for bucket in answer[name]["buckets"]] for name in asked}
    facets = {kind: _top(((int(key), count) for key, count in counted[kind.value]), FACETS_SHOWN) for kind in TagKind}
    return facets, _top(counted["tongue"], LANGUAGES_SHOWN)


def _top(counted: Iterable[tuple[Key, int]], shown: int) -> tuple[tuple[Key, int], ...]:
    return tuple(sorted(counted, key=lambda item: (-item[1], item[0]))[:shown])
