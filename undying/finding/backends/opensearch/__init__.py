"""For archives that outgrow one machine: works in OpenSearch, which many processes write to and read from.

Readers ask an alias. What is asked is put into OpenSearch's language in `dsl`, works in `rows`; `bulk` writes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from undying.finding.backends import IndexAway
from undying.finding.backends.opensearch import dsl
from undying.finding.backends.opensearch.bulk import Act
from undying.finding.backends.opensearch.cluster import Cluster
from undying.finding.backends.opensearch.rows import counters, row
from undying.finding.document import Hits

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from undying.finding.backends.opensearch.dsl import Clause
    from undying.finding.document import Document, Sight
    from undying.finding.question import Node, Question
    from undying.manuscript import TagKind

AT_ONCE = 100
"""Counts that are asked for in one request."""


class OpenSearchBackend:
    """See the protocol."""

    def __init__(self) -> None:
        self._cluster = Cluster()

    def close(self) -> None:
        """Let go of the connections."""
        self._cluster.client.close()

    def is_gone(self) -> bool:
        """See the protocol. What does not answer is not gone."""
        try:
            return not self._cluster.is_read()
        except IndexAway:
            return False

    def is_sound(self) -> bool:
        """See the protocol. OpenSearch looks after its files itself."""
        return not self.is_gone()

    def put(self, documents: Iterable[Document]) -> None:
        """See the protocol."""
        self._cluster.write([Act("index", each.work_id, row(each)) for each in documents])

    def recount(self, documents: Iterable[Document]) -> None:
        """See the protocol."""
        self._cluster.write([Act("update", each.work_id, counters(each)) for each in documents])

    def drop(self, ids: Iterable[int]) -> None:
        """See the protocol."""
        self._cluster.write([Act("delete", each) for each in ids])

    def clear(self) -> None:
        """See the protocol."""
        self.begin()
        self.finish()

    def is_begun(self) -> bool:
        """See the protocol."""
        return self._cluster.is_begun()

    def begin(self) -> None:
        """See the protocol."""
        self._cluster.begin()

    def fill(self, documents: Iterable[Document]) -> None:
        """See the protocol."""
        self._cluster.fill(Act("index", each.work_id, row(each)) for each in documents)

    def keep(self) -> None:
        """See the protocol. OpenSearch writes everything down before it says that it has it."""

    def finish(self) -> None:
        """See the protocol."""
        self._cluster.finish()

    def rest(self) -> None:
        """See the protocol. OpenSearch takes what many processes write."""

    def forget(self) -> None:
        """Delete all that this archive has in the cluster; afterwards there is no index."""
        self._cluster.forget()

    def find(self, question: Question, sight: Sight, *, leave_out: Sequence[int]) -> Hits:
        """See the protocol."""
        asked = dsl.query(question.node, sight, leave_out)
        first = (question.page - 1) * question.size
        bodies = [dsl.counts(question, asked)]
        if first + question.size <= dsl.WIDEST:
            bodies.append({**dsl.hits(question, asked), "from": first, "size": question.size})
        counted, *paged = self._cluster.ask(bodies)
        total = counted["hits"]["total"]["value"]
        found = paged[0]["hits"]["hits"] if paged else self._deep(question, asked, total)
        return _hits(question, counted, found)

    def _deep(self, question: Question, asked: Clause, total: int) -> list[Any]:
        """A page from beyond where OpenSearch counts to: each request goes on where the one before ended."""
        left = (question.page - 1) * question.size
        if left >= total:
            return []
        body = dsl.hits(question, asked)
        while left:
            step = min(left, dsl.WIDEST)
            (answer,) = self._cluster.ask([{**body, "size": step}])
            body["search_after"] = answer["hits"]["hits"][-1]["sort"]
            left -= step
        (answer,) = self._cluster.ask([{**body, "size": question.size}])
        found: list[Any] = answer["hits"]["hits"]
        return found

    def count(self, nodes: Sequence[Node | None], sight: Sight, *, leave_out: Sequence[int]) -> list[int]:
        """See the protocol."""
        bodies = [dsl.total(dsl.query(node, sight, leave_out)) for node in nodes]
        portions = [bodies[start : start + AT_ONCE] for start in range(0, len(bodies), AT_ONCE)]
        return [answer["hits"]["total"]["value"] for portion in portions for answer in self._cluster.ask(portion)]

    def tally(self, kind: TagKind, node: Node | None, sight: Sight, *, leave_out: Sequence[int]) -> dict[int, int]:
        """See the protocol."""
        asked = dsl.query(node, sight, leave_out)
        found: dict[int, int] = {}
        after = None
        while True:
            (answer,) = self._cluster.ask([dsl.tally(kind, asked, after)])
            told = answer["aggregations"]["tags"]
            found |= {int(each["key"]["tag"], 16): each["doc_count"] for each in told["buckets"]}
            after = told.get("after_key")
            if after is None or len(told["buckets"]) < dsl.TALLIED_AT_ONCE:
                return found

    def generation(self) -> str:
        """See the protocol."""
        return self._cluster.generation()

    def fingerprints(self) -> dict[int, str]:
        """See the protocol. Walks by the ids of works, which never change, and so needs no snapshot."""
        body: Clause = {"query": {"match_all": {}}, "sort": [{"work": "asc"}], "size": dsl.WIDEST}
        body |= {"stored_fields": "_none_", "docvalue_fields": ["print"], "track_total_hits": False}
        found: dict[int, str] = {}
        while rows := self._cluster.ask([body])[0]["hits"]["hits"]:
            found.update((each["sort"][0], each["fields"]["print"][0]) for each in rows)
            body["search_after"] = rows[-1]["sort"]
        return found


def _hits(question: Question, counted: Any, found: Sequence[Any]) -> Hits:
    lists = counted["aggregations"]
    tags = {kind: lists[f"tag_{kind.value}"] for kind in question.kinds}
    return Hits(
        counted["hits"]["total"]["value"],
        tuple(each["sort"][-1] for each in found),
        {
            kind: tuple((int(each["key"], 16), each["doc_count"]) for each in tag["buckets"])
            for kind, tag in tags.items()
        },
        tuple((each["key"], each["doc_count"]) for each in lists["tongue"]["buckets"]),
        # Several shards may each leave out a tag that would be among the commonest of all together.
        is_rounded=any(tag["doc_count_error_upper_bound"] for tag in tags.values()),
    )
