"""The words of titles, tags and names that everybody may see, with how many there are of each: for "did you mean".

It is made from the database every now and then, as a small index of its own beside whichever search engine there is,
and may be out of date: `spelling` offers nothing that a search does not find for the one who asks. Each making is a
folder of its own, so that readers keep what they have open.
"""

from __future__ import annotations

import shutil
import time
from collections import Counter
from functools import lru_cache
from itertools import chain
from typing import TYPE_CHECKING, Any

import tantivy
from django.conf import settings
from tantivy import Occur, Query

from undying.finding.tokens import is_unspaced, tokens
from undying.library.models import Tag, Work
from undying.library.models.works import Creatorship
from undying.people.viewer import Viewer

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

LEAST = 4
"""Letters of a word that may be a slip: a shorter one is like too many others."""
SHORT = 6
"""Letters of a word from which on there may be two slips in it."""
LONGEST = 40
OFFERED = 8
MOST = 500_000
"""Different words that are counted at a time."""
HEAP = 32_000_000
YOUNGEST = 300
"""Seconds that a vocabulary serves at least."""
SHARE = 200
"""A vocabulary serves this many times as long as it took to make."""


def refresh() -> bool:
    """Make it anew where it is old for what it costs; whether that was done. One process at a time calls this."""
    folders = _folders()
    age = time.time() - folders[-1].stat().st_mtime if folders else float("inf")
    cost = float(folders[-1].name.partition("-")[2]) if folders else 0.0
    if 0 <= age < max(YOUNGEST, SHARE * cost):
        return False
    counted = _words()
    if counted:
        make(counted.items())
    return bool(counted)


def make(counted: Iterable[tuple[str, int]]) -> None:
    """Put these words with their numbers in the place of all others."""
    begun = time.monotonic()
    before = _folders()
    number = int(before[-1].name.partition("-")[0]) + 1 if before else 1
    scratch = _home() / "making"
    shutil.rmtree(scratch, ignore_errors=True)
    scratch.mkdir(parents=True)
    writer = tantivy.Index(_schema(), path=str(scratch)).writer(heap_size=HEAP, num_threads=1)
    for word, count in counted:
        writer.add_document(tantivy.Document.from_dict({"word": word, "count": count}, _schema()))
    writer.commit()
    writer.wait_merging_threads()
    scratch.rename(_home() / f"{number:08d}-{time.monotonic() - begun:.1f}")
    for folder in before[:-1]:
        shutil.rmtree(folder, ignore_errors=True)


def like(word: str) -> list[str]:
    """Other words with one slip of the finger between, or in long ones two; the likeliest first."""
    folders = _folders()
    if not folders or not LEAST <= len(word) <= LONGEST or is_unspaced(word):
        return []
    searcher = _opened(str(folders[-1])).searcher()
    found: dict[str, None] = {}
    for slips in (1, 2) if len(word) >= SHORT else (1,):
        near = Query.fuzzy_term_query(_schema(), "word", word, distance=slips, transposition_cost_one=True)
        same = Query.term_query(_schema(), "word", word)
        query = Query.boolean_query([(Occur.Must, near), (Occur.MustNot, same)])
        hits = searcher.search(query, limit=OFFERED, order_by_field="count").hits
        found.update(dict.fromkeys(searcher.doc(address)["word"][0] for _, address in hits))
        if len(found) >= OFFERED:
            break
    return sorted(list(found)[:OFFERED], key=lambda each: each[0] != word[0])


def _words() -> dict[str, int]:
    """What anybody may see: titles, tags and creators of works for everybody. The rarest go when memory asks."""
    anybody = Viewer.anyone()
    works = Work.objects.visible_to(anybody)
    creators = Creatorship.objects.visible_to(anybody).values_list("pseud__name", flat=True)
    tags = Tag.objects.visible_to(anybody).values_list("name", flat=True)
    counter: Counter[str] = Counter()
    for text in chain(works.values_list("title", flat=True).iterator(), tags.iterator(), creators.iterator()):
        counter.update(word for word in set(tokens(text)) if len(word) >= LEAST and not is_unspaced(word))
        if len(counter) > MOST:
            counter = Counter({word: count for word, count in counter.items() if count > 1})
    return counter


def _home() -> Path:
    home: Path = settings.UNDYING.home
    return home / "words"


def _folders() -> list[Path]:
    """The vocabularies that are whole, the newest last."""
    return sorted(_home().glob("[0-9]*-*"))


def _schema() -> Any:
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("word", stored=True, tokenizer_name="raw", index_option="basic")
    builder.add_unsigned_field("count", fast=True)
    return builder.build()


@lru_cache(maxsize=2)
def _opened(folder: str) -> Any:
    return tantivy.Index.open(folder)
