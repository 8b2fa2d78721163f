"""Names as they are compared and found: without case, accents and the width of letters."""

from __future__ import annotations

import re
import unicodedata

LONGEST_WORD = 60
MOST_WORDS = 40
"""Words of one name by which it is found; a tag of a hundred words is found by its first ones."""
_WORDS = re.compile(r"\w+")
_INSIDE = re.compile(r"(?<=\w)['’‘ʼ](?=\w)")
_UNSPACED = re.compile(
    "[\u2e80-\u2fdf\u3005-\u3007\u3041-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
    "\u0e01-\u0e5b\U00020000-\U0003134f]{2,}"
)
"""Scripts that put no space between words: any place may be the beginning of one."""


def folded(name: str) -> str:
    """The name without case, accents, width of letters, and doubled space: names that look alike are equal."""
    bare = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", name).casefold())
    plain = "".join(each for each in bare if not unicodedata.combining(each))
    return " ".join(unicodedata.normalize("NFC", plain).split())


def words_of(name: str) -> list[str]:
    """The folded words of a name, in order: "Sherlock Holmes's" has two, and a "/" or "&" is none."""
    return [each[:LONGEST_WORD] for each in _WORDS.findall(_INSIDE.sub("", folded(name)))]


def beginnings(name: str) -> list[str]:
    """What a name is found by, each once: its words, and every end of a run of letters without spaces."""
    found: dict[str, None] = {}
    for word in words_of(name):
        found[word] = None
        for run in _UNSPACED.finditer(word):
            found.update(dict.fromkeys(word[at:] for at in range(run.start(), run.end())))
    return list(found)[:MOST_WORDS]
