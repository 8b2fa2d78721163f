"""The cluster: its connection, what it answers, and the indexes behind the names that readers and writers use.

An archive has one alias for each layout of its fields, and the alias stands for one index. A new index is filled under
a name of its own, and turning the alias to it is one act: nobody ever reads half an index. Beside the indexes stands
a document that is written after each change has become visible: the generation.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import logging
import secrets
import time
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.conf import settings
from opensearchpy import ConnectionError as NoConnection
from opensearchpy import OpenSearch, TransportError

from undying.finding.backends import IndexAway, IndexGone, NotWritten
from undying.finding.backends.opensearch import bulk
from undying.finding.backends.opensearch.rows import LAYOUT, template
from undying.kernel.clock import now

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from undying.finding.backends.opensearch.bulk import Act
    from undying.finding.backends.opensearch.dsl import Clause

PATIENCE = 10
"""Seconds that a reader waits before lists do without the index."""
REST = 10
"""Seconds in which nobody else waits for a cluster that did not answer."""
GONE = 404
_log = logging.getLogger(__name__)
GENERATION = "generation"
STATES: Clause = {
    "settings": {"index.number_of_shards": 1, "index.auto_expand_replicas": "0-1"},
    "mappings": {"dynamic": "strict", "properties": {GENERATION: {"type": "keyword", "index": False}}},
}


class Cluster:
    """An archive's part of a cluster. Raises IndexGone; besides, IndexAway where it reads and NotWritten elsewhere."""

    def __init__(self) -> None:
        prefix = settings.UNDYING.text("opensearch_prefix")
        # No prefix has a full stop, so that no pattern of one archive means another's indexes.
        self._works = f"{prefix}.works"
        self.alias = f"{self._works}-{LAYOUT}"
        self.beside = f"{self.alias}-next"
        self._states = f"{prefix}.states"
        self._rests_until = 0.0

    @cached_property
    def client(self) -> OpenSearch:
        """The connection, which threads share."""
        conf = settings.UNDYING
        nodes = list(conf.texts("opensearch_url"))
        return OpenSearch(
            hosts=nodes,
            max_retries=len(nodes) - 1,
            ca_certs=conf.text("opensearch_ca") or None,
            timeout=PATIENCE,
        )

    def ask(self, bodies: Sequence[Clause]) -> list[Any]:
        """The answers to several searches, asked at once and whole: half an answer counts as none."""
        lines: list[object] = []
        for body in bodies:
            # The same question goes to the same copies, whose scores may differ a little, and which remember it.
            asker = hashlib.sha256(json.dumps(body["query"]).encode()).hexdigest()[:16]
            lines += [{"preference": asker, "allow_partial_search_results": False}, body]
        with self._reading():
            answers = self.client.msearch(index=self.alias, body=lines)["responses"]
        for answer in answers:
            if "error" in answer:
                _log.warning("OpenSearch refuses a search: %s", answer["error"])
                raise refusal(answer["status"], answer["error"])
        return list(answers)

    @contextlib.contextmanager
    def _reading(self) -> Iterator[None]:
        """One reader waits in vain, the others do not: there are no more of them at once than threads."""
        if time.monotonic() < self._rests_until:
            raise IndexAway("OpenSearch did not answer a moment ago")
        with answering():
            try:
                yield
            except NoConnection:
                self._rests_until = time.monotonic() + REST
                raise

    def write(self, acts: Sequence[Act]) -> None:
        """Do these to the index that is read, where they are shown at once, and to the one beside it."""
        with answering(NotWritten):
            names = [each for each in (self.alias, self.beside) if self._stands(each)]
            if not names:
                raise IndexGone("there is no index to write to")
            for each in names:
                bulk.send(self.client, each, acts)
            if self.alias in names:
                self._show()

    def fill(self, acts: Iterable[Act]) -> None:
        """Do these to the index beside the one that is read."""
        with answering(NotWritten):
            bulk.send(self.client, self.beside, acts)

    def is_read(self) -> bool:
        """Whether there is an index to read. Raises IndexAway."""
        with answering():
            return self._stands(self.alias)

    def is_begun(self) -> bool:
        """Whether there is one beside it. Raises NotWritten: only writers want to know."""
        with answering(NotWritten):
            return self._stands(self.beside)

    def _stands(self, alias: str) -> bool:
        return bool(self.client.indices.exists_alias(name=alias))

    def begin(self) -> None:
        """An empty index beside the one that is read."""
        indices = self.client.indices
        with answering(NotWritten):
            shards = settings.UNDYING.number("opensearch_shards")
            indices.put_index_template(name=self._works, body=template(f"{self._works}-*", shards))
            if not indices.exists(index=self._states):
                indices.create(index=self._states, body=STATES)
            new = f"{self._works}-v{LAYOUT}-{now():%Y%m%d%H%M%S}-{secrets.token_hex(3)}"
            indices.create(index=new)
            self._turn(self.beside, new)

    def finish(self) -> None:
        """Read from now on what was made beside, and delete what nobody reads any more."""
        with answering(NotWritten):
            self.client.indices.refresh(index=self.beside)
            (new,) = self.client.indices.get_alias(name=self.beside)
            is_first = not self._stands(self.alias)
            self._turn(self.alias, new, {"remove": {"index": new, "alias": self.beside}})
            self._show()
            self._tidy(new, is_first=is_first)

    def _tidy(self, new: str, *, is_first: bool) -> None:
        """Delete what was cut off before it had a name, and indexes of other layouts.

        Those stay when this is the first of its own: processes of the version before may still be reading them.
        """
        for index, told in self.client.indices.get_alias(index=f"{self._works}-*").items():
            if index != new and not (is_first and told["aliases"]):
                self.client.indices.delete(index=index)

    def _turn(self, alias: str, new: str, *also: Clause) -> None:
        """Let a name stand for another index, in one act.

        The old one is deleted after that: a node closes an index before it hears of the names that change with it.
        """
        indices = self.client.indices
        old = list(indices.get_alias(name=alias)) if self._stands(alias) else []
        moved = [{"remove": {"index": each, "alias": alias}} for each in old]
        added = {"add": {"index": new, "alias": alias, "is_write_index": True}}
        indices.update_aliases(body={"actions": [*moved, added, *also]})
        if old:
            indices.delete(index=",".join(old))

    def _show(self) -> None:
        """Let readers see what was written, and then begin a generation, so that none stands for what was before."""
        self.client.indices.refresh(index=self.alias)
        self.client.index(index=self._states, id=self.alias, body={GENERATION: secrets.token_hex(8)})

    def forget(self) -> None:
        """Delete indexes of every layout, generations and template."""
        indices = self.client.indices
        with answering(NotWritten):
            names = [*indices.get(index=f"{self._works}-*"), self._states]
            indices.delete(index=",".join(names), params={"ignore_unavailable": "true"})
            indices.delete_index_template(name=self._works, params={"ignore": "404"})

    def generation(self) -> str:
        """What changes after each change has become visible."""
        with self._reading():
            return str(self.client.get(index=self._states, id=self.alias)["_source"][GENERATION])


@contextlib.contextmanager
def answering(trouble: type[Exception] = IndexAway) -> Iterator[None]:
    """What goes wrong inside, by the names of the protocol: IndexGone, or this trouble."""
    try:
        yield
    except NoConnection as error:
        raise trouble(f"OpenSearch does not answer: {error.error}") from error
    except TransportError as error:
        told = error.info.get("error", error.info) if isinstance(error.info, dict) else error.error
        raise refusal(int(error.status_code), told, trouble) from error


def refusal(status: int, told: Any, trouble: type[Exception] = IndexAway) -> Exception:
    """What an answer that is none means here."""
    cause = told["root_cause"][0] if isinstance(told, dict) and told.get("root_cause") else told
    sentence = f"OpenSearch answers {status}: {cause.get('reason') if isinstance(cause, dict) else cause}"
    return IndexGone(sentence) if status == GONE else trouble(sentence)
