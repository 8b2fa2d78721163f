"""Words for millions of works: drawn by Zipf's law from a vocabulary that was put together once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from bench.finding import figures
from bench.finding.catalogue import coined
from bench.rescue.words import KINDS, NAMES, THINGS

if TYPE_CHECKING:
    from bench.finding.chance import Chance, Whole

COMMON = (
    "the and to of a he in was his her she that it with as had for you on at him not but is be they from all have said "
    "this so by me my what would were there when one out them up been no could if their who do just like into back an "
    "are then now know down over more time eyes only don't before it's about around hand which than or head even how"
).split()
ENDINGS = ("", "s", "ed", "ing")
IN_A_SENTENCE = 14
SENTENCES_IN_A_PARAGRAPH = 4


class Vocabulary:
    """English's small words first, then things and names, then words that mean nothing, with English's endings."""

    def __init__(self) -> None:
        stems = [*COMMON, *THINGS, *KINDS, *(name.split()[-1] for name in NAMES)]
        inflected = [f"{word}{ending}" for word in coined() for ending in ENDINGS]
        self.words = list(dict.fromkeys([*stems, *inflected]))
        self._with_ends = [*self.words, *(f"{word}." for word in self.words), *(f"{word}.\n" for word in self.words)]

    def draw(self, chance: Chance, count: int) -> Whole:
        """Words by their rank."""
        return chance.zipf(figures.WORD_ZIPF, len(self.words), count)

    def lines(self, chance: Chance, lengths: Whole) -> list[str]:
        """A line of so many words for each."""
        drawn = list(map(self.words.__getitem__, self.draw(chance, int(lengths.sum())).tolist()))
        ends = np.cumsum(lengths).tolist()
        begins = [0, *ends[:-1]]
        return [" ".join(drawn[begin:end]).capitalize() for begin, end in zip(begins, ends, strict=True)]

    def story(self, chance: Chance, words: int) -> str:
        """So many words in sentences and paragraphs."""
        even = chance.even(words)
        ends = (even < 1 / IN_A_SENTENCE).astype(np.int64) + (even < 1 / IN_A_SENTENCE / SENTENCES_IN_A_PARAGRAPH)
        drawn = self.draw(chance, words) + ends * len(self.words)
        return " ".join(map(self._with_ends.__getitem__, drawn.tolist()))

    def pen_name(self, number: int) -> str:
        """Of the creator with this number; each name is there once."""
        return f"{self.words[len(COMMON) + number % 5000]}_{self.words[len(COMMON) + number // 5000]}"
