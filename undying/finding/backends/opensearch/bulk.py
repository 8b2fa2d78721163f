"""Writing much without drowning the cluster: portions of bounded size, and growing pauses when it is busy."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from opensearchpy import ConnectionError as NoConnection
from opensearchpy import TransportError

from undying.finding.backends import IndexGone, NotWritten

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from opensearchpy import OpenSearch

BYTES_AT_ONCE = 8_000_000
"""Of one request. OpenSearch takes up to 100 MB, but services in front of it often no more than 10."""
ACTS_AT_ONCE = 1000
PAUSES = (0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 30.0, 30.0)
"""Seconds between attempts: a minute and a half in all, longer than a restart of a node or a pause of its memory."""
BUSY = frozenset({429, 502, 503, 504})
"""What a cluster answers that would take the same later on."""
TOO_LONG = 413
GONE = 404
PATIENCE = 120
"""Seconds that one request may take."""


@dataclass(frozen=True, slots=True)
class Act:
    """One thing to do to one work: "index" it, "update" some of its fields, or "delete" it."""

    verb: str
    work_id: int
    fields: Mapping[str, object] | None = None

    def written(self) -> bytes:
        """As the request has it: a line of what to do, a line of with what."""
        lines: list[object] = [{self.verb: {"_id": str(self.work_id)}}]
        if self.fields is not None:
            lines.append({"doc": self.fields} if self.verb == "update" else self.fields)
        return "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines).encode("utf-8", "replace")


def send(client: OpenSearch, alias: str, acts: Iterable[Act]) -> None:
    """Do these, however often it takes; doing one twice does no harm. Raises NotWritten, and IndexGone.

    What is to be changed or deleted and is not there is passed over.
    """
    for portion in _portions(acts):
        _send(client, alias, portion)


def _portions(acts: Iterable[Act]) -> Iterator[list[bytes]]:
    portion: list[bytes] = []
    size = 0
    for written in (act.written() for act in acts):
        if portion and (size + len(written) > BYTES_AT_ONCE or len(portion) >= ACTS_AT_ONCE):
            yield portion
            portion, size = [], 0
        portion.append(written)
        size += len(written)
    if portion:
        yield portion


def _send(client: OpenSearch, alias: str, portion: list[bytes]) -> None:
    for pause in (*PAUSES, None):
        try:
            portion = _attempt(client, alias, portion)
        except TransportError as error:
            if error.status_code == TOO_LONG and len(portion) > 1:
                for half in (portion[: len(portion) // 2], portion[len(portion) // 2 :]):
                    _send(client, alias, half)
                return
            if not (isinstance(error, NoConnection) or error.status_code in BUSY):
                raise
        if not portion:
            return
        if pause is not None:
            time.sleep(pause)
    raise NotWritten(f"OpenSearch was busy or away for too long; {len(portion)} works could not be written")


def _attempt(client: OpenSearch, alias: str, portion: list[bytes]) -> list[bytes]:
    """Do these; the ones that the cluster was too busy for."""
    # Without `require_alias` a cluster makes an index of that name when the alias is gone, and guesses its fields.
    params = {"require_alias": "true", "request_timeout": PATIENCE}
    answer = client.bulk(index=alias, body=b"".join(portion), params=params)
    again = []
    for written, item in zip(portion, answer["items"], strict=True):
        (verb, result), *_ = item.items()
        if result["status"] in BUSY:
            again.append(written)
        elif "error" in result and not (verb == "update" and result["error"]["type"] == "document_missing_exception"):
            gone = result["error"]["type"] == "index_not_found_exception"
            sentence = f"OpenSearch does not take work {result['_id']}: {result['error']['reason']}"
            raise IndexGone(sentence) if gone else NotWritten(sentence)
    return again
