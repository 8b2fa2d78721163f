"""A work as OpenSearch keeps it, and the template that says what each field is.

The text is kept as tokens of our own with spaces between, so that all back ends agree on what a word is.
"""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

from undying.finding.backends.opensearch.dsl import NEAR, STEMMED, sort_field
from undying.finding.document import fingerprint, languages_of, shuffled
from undying.finding.question import FIELDS, Measure, Sort, Term
from undying.finding.tokens import folded, stems_of
from undying.manuscript import TagKind

if TYPE_CHECKING:
    from undying.finding.document import Document

LAYOUT = "1"
"""Raised when the fields change: each layout has an alias and indexes of its own."""
TEXT_FIELDS = (*FIELDS, "episode")
COUNTERS = (Measure.KUDOS, Measure.COMMENTS, Measure.BOOKMARKS, Measure.HITS)
_ABOUT = tuple(name for name in FIELDS if name != "text")
LONGEST_KEY = 500
"""Characters of a name that works are sorted by."""
LONGEST_TERM = 8000
"""Characters of an exact string; OpenSearch refuses those of more than 32,766 bytes."""


def row(document: Document) -> dict[str, object]:
    """The document as it is sent."""
    reach = document.reach()
    return {
        "work": document.work_id,
        "tongue": list(languages_of(document.language)[:1]),
        "audience": document.audience.value,
        "state": document.state.value,
        "hidden": document.is_hidden,
        "owner": list(map(str, document.owners)),
        "any_tag": [str(number) for numbers in reach.values() for number in numbers],
        "own_tag": [str(number) for _, number, _ in document.tags],
        "shuffled": shuffled(document.work_id),
        **{measure.value: document.measure(measure) for measure in Measure if measure not in COUNTERS},
        **{f"term_{term.value}": list(values) for term, values in document.terms().items()},
        **{f"tag_{kind.value}": list(map(tag_key, numbers)) for kind, numbers in reach.items()},
        **_words(document),
        **{sort_field(sort): document.sort_name(sort)[:LONGEST_KEY] for sort in (Sort.TITLE, Sort.AUTHOR)},
        **counters(document),
    }


def counters(document: Document) -> dict[str, object]:
    """What changes of a work when only its numbers do."""
    return {
        "print": fingerprint(document),
        **{measure.value: document.measure(measure) for measure in COUNTERS},
        sort_field(Sort.KUDOS_PER_HIT): document.sort_number(Sort.KUDOS_PER_HIT),
    }


def _words(document: Document) -> dict[str, object]:
    lines = {name: [line for line in map(folded, document.texts(name)) if line] for name in TEXT_FIELDS}
    words = {name: {*chain.from_iterable(map(str.split, lines[name]))} for name in TEXT_FIELDS if name in STEMMED}
    return {**lines, **{f"stems_{name}": list(stems_of(words[name], document.language)) for name in words}}


def tag_key(number: int) -> str:
    """A tag's number as it is counted: of one length, so that the order of texts is that of numbers."""
    return f"{number:016x}"


def template(pattern: str, shards: int) -> dict[str, object]:
    """What indexes of this name are made like."""
    return {
        "index_patterns": [pattern],
        "template": {
            "settings": {
                "index.number_of_shards": shards,
                "index.auto_expand_replicas": "0-1",
                # What is written becomes visible when it is whole, and not before.
                "index.refresh_interval": "-1",
                "index.codec": "best_compression",
            },
            "mappings": {"dynamic": "strict", "properties": _fields(), "_meta": {"layout": LAYOUT}},
        },
    }


def _fields() -> dict[str, object]:
    text = {"type": "text", "analyzer": "whitespace"}
    term = {"type": "keyword", "doc_values": False, "ignore_above": LONGEST_TERM}
    counted = {"type": "keyword"}
    number = {"type": "long"}
    return {
        "work": {"type": "long", "index": False},
        "print": {"type": "keyword", "index": False},
        "hidden": {"type": "boolean"},
        "tongue": counted,
        **dict.fromkeys(("audience", "state", "owner", "any_tag", "own_tag"), term),
        **dict.fromkeys(("shuffled", *(measure.value for measure in Measure), sort_field(Sort.KUDOS_PER_HIT)), number),
        **dict.fromkeys((f"term_{each.value}" for each in Term), term),
        **dict.fromkeys((f"tag_{kind.value}" for kind in TagKind), counted),
        **dict.fromkeys((*TEXT_FIELDS, NEAR), text),
        **dict.fromkeys((f"stems_{name}" for name in STEMMED), term),
        **{name: {**text, "copy_to": NEAR} for name in _ABOUT},
        **{f"stems_{name}": {**term, "copy_to": f"stems_{NEAR}"} for name in _ABOUT if name in STEMMED},
        **dict.fromkeys(map(sort_field, (Sort.TITLE, Sort.AUTHOR)), counted),
    }
