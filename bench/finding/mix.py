"""What readers ask of an archive: 310 questions in nine classes, the same for an archive each time.

Each wants the total, twenty works and eight lists of counts (seven kinds of tag, and languages), as a guest.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeVar

from bench.finding.catalogue import ADDITIONAL, RELATIONSHIP
from bench.finding.prose import COMMON
from undying.finding import asking
from undying.finding.criteria import Criteria
from undying.finding.document import Sight
from undying.finding.question import (
    PAGE_SIZE,
    HasTag,
    HasTerm,
    Measure,
    Not,
    Question,
    Sort,
    Term,
    Within,
    all_of,
)
from undying.manuscript import TagKind

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from bench.finding.archive import Archive
    from undying.finding.document import Document
    from undying.finding.question import Node

    Item = TypeVar("Item")

GUEST = Sight(everything=False, hidden_too=False, members_too=False, own=None)
CLASSES = {
    "huge fandom": 40,
    "mid fandom": 40,
    "two in, one out": 60,
    "pairing": 40,
    "deep page": 25,
    "whole archive": 20,
    "word range": 30,
    "keyword": 35,
    "popular tag": 20,
}
SORTS = (Sort.REVISED,) * 11 + (Sort.KUDOS,) * 4 + (Sort.HITS, Sort.WORDS, Sort.PUBLISHED, Sort.BOOKMARKS, Sort.TITLE)
HUGE, MID = 30, (0.001, 0.005)
"""So many fandoms are huge; mid ones have such a share of all works."""
DEEPEST = 2000
YEAR = 365 * 86_400
NEWEST = 1_767_225_600
WHOLE: tuple[Node | None, ...] = (
    None,
    HasTerm(Term.STATUS, ("complete",)),
    HasTerm(Term.LANGUAGE, ("en",)),
    Within(Measure.REVISED, NEWEST - YEAR),
)
WHOLE_SORTS = (Sort.REVISED, Sort.KUDOS, Sort.HITS, Sort.WORDS, Sort.BOOKMARKS)


@dataclass(frozen=True)
class Asked:
    """A question and what sort of question it is."""

    name: str
    question: Question


class Mix:
    """Draws questions. What has to have an answer is drawn from works that are there."""

    def __init__(self, archive: Archive, seed: int = 310) -> None:
        self.archive, self.catalogue = archive, archive.catalogue
        self.chance = random.Random(seed)
        reach = self.catalogue.expected_works()
        self.huge = [index for index, _ in reach[:HUGE]]
        low, high = (share * archive.works for share in MID)
        self.mid = [index for index, works in reach if low <= works <= high] or self.huge
        self.works = list(archive.documents_of(archive.block(0)))
        of_huge = set(self.ids(self.huge))
        self.of_huge = [work for work in self.works if of_huge & _reach(work)]

    def asked(self) -> list[Asked]:
        """All of them, in the order of the classes."""
        makers = {
            "huge fandom": lambda _: self._sorted(self._tag(self.pick(self.huge))),
            "mid fandom": lambda _: self._sorted(self._tag(self.pick(self.mid))),
            "two in, one out": lambda _: self.two_in_one_out(),
            "pairing": lambda _: self._sorted(self._pairing()),
            "deep page": lambda _: self._deep(),
            "whole archive": self._whole,
            "word range": lambda _: self._word_range(),
            "keyword": self._keyword,
            "popular tag": lambda place: self._sorted(self._tag(self.catalogue.starts[ADDITIONAL] + place)),
        }
        found: dict[Question, str] = {}
        for name, count in CLASSES.items():
            for place in range(count):
                found[self._another(found, makers[name], place)] = name
        return [Asked(name, question) for question, name in found.items()]

    def _another(self, found: dict[Question, str], make: Callable[[int], Question], place: int) -> Question:
        """One that was not asked yet: a question that is asked again may be answered from memory."""
        for _ in range(1000):
            if (question := make(place)) not in found:
                return question
        raise SystemExit(f"an archive of {self.archive.works:,} works is too small for so many questions")

    def pick(self, items: Sequence[Item]) -> Item:
        """One of these."""
        return items[int(self.chance.random() * len(items))]

    def ids(self, tags: Sequence[int]) -> list[int]:
        """The ids of these tags."""
        import numpy as np  # noqa: PLC0415 - clients that only read the questions do without

        return [int(number) for number in self.catalogue.ids(np.array(tags))]

    def _tag(self, index: int) -> HasTag:
        return HasTag((self.ids([index])[0],))

    def _sorted(self, node: Node | None) -> Question:
        sort = self.pick(SORTS)
        return Question(node=node, sort=sort, ascending=sort.ascends)

    def two_in_one_out(self) -> Question:
        """A work's huge fandom and two more of its tags, without a trope that it has not."""
        work = self.pick(self.of_huge)
        fandom = next(number for number in self.ids(self.huge) if number in _reach(work))
        kinds = {TagKind.RELATIONSHIP, TagKind.CHARACTER, TagKind.ADDITIONAL}
        tags = [number for kind, number, _ in work.tags if kind in kinds][:8]
        two = sorted(tags, key=lambda _: self.chance.random())[:2]
        start = self.catalogue.starts[ADDITIONAL]
        others = [number for number in self.ids(range(start, start + 40)) if number not in _reach(work)]
        nodes = [HasTag((fandom,)), *(HasTag((number,)) for number in two), Not(HasTag((self.pick(others),)))]
        return self._sorted(all_of(nodes))

    def _pairing(self) -> Node:
        fandom = int(self.chance.random() ** 2 * 60)
        place = int(self.chance.random() ** 2 * 8) % int(self.catalogue.relationships_of[fandom])
        return self._tag(self.catalogue.starts[RELATIONSHIP] + int(self.catalogue.first_relationship[fandom]) + place)

    def _deep(self) -> Question:
        """A page far back in a huge fandom, one of those that are there."""
        index, works = self.pick(self.catalogue.expected_works()[:HUGE])
        last = max(2, min(DEEPEST, int(works * 0.6 / PAGE_SIZE)))
        return replace(self._sorted(self._tag(index)), page=max(2, int(last * (0.2 + 0.8 * self.chance.random()))))

    def _whole(self, place: int) -> Question:
        sort = WHOLE_SORTS[place // len(WHOLE) % len(WHOLE_SORTS)]
        return Question(node=WHOLE[place % len(WHOLE)], sort=sort)

    def _word_range(self) -> Question:
        low = self.pick((1000, 5000, 10_000, 20_000, 50_000))
        high = self.pick((None, 2 * low, 4 * low))
        fandom = self._tag(self.pick(self.huge if self.chance.random() < 0.5 else self.mid))
        return self._sorted(all_of([fandom, Within(Measure.WORDS, low, high)]))

    def _keyword(self, place: int) -> Question:
        """One word, two, a phrase, one in a huge fandom, or words of a tag; as they stand in some work."""
        work = self.pick(self.works)
        common = set(COMMON)
        words = [word.strip(".").lower() for word in work.summary.split()]
        rare = list(dict.fromkeys(word for word in words if word not in common)) or ["candle"]
        at = int(self.chance.random() * max(1, len(words) - 1))
        typed = (
            self.pick(rare),
            f"{self.pick(rare)} {rare[-1]}",
            f'"{" ".join(words[at : at + 2])}"',
            self.pick(rare),
            self.pick([name for kind, _, name in work.tags if kind is TagKind.ADDITIONAL] or ["Slow Burn"]),
        )[place % 5].replace("/", " ")
        scope = self.ids([self.pick(self.huge)])[0] if place % 5 == 3 else None
        return asking.question(Criteria(query=typed, scope=scope))


def _reach(work: Document) -> set[int]:
    return {number for _, number, _ in work.tags} | {number for _, number in work.ancestors}


def sample(asked: Sequence[Asked], of_each: int) -> list[Asked]:
    """So many of each class, spread over it."""
    found = []
    for name in CLASSES:
        those = [each for each in asked if each.name == name]
        step = max(1, len(those) // of_each)
        found += those[::step][:of_each]
    return found


assert sum(CLASSES.values()) == 310
