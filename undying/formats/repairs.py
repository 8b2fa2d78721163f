"""Rules that mend texts: each is named here with what it does, and each mending is told with before and after.

A usual rule is applied unless the archivist withdraws it; the others are offered, and applied only where she allows
them: what they take for damage can have been typed on purpose. Originals are kept, so both can be changed later.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from itertools import takewhile
from typing import TYPE_CHECKING

from undying.formats import Repair

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

EXAMPLES = 12
"""Passages told per rule; the rest is counted."""
WITHDRAWN = "no-"
"""Before the name of a usual rule: it is not to be applied."""
_BEFORE, _WINDOW, _SURE = 40, 200, 6
_WORD_START = re.compile(r"\s(?=\S)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A way to mend texts. `title` names it for people, `sentence` says what it takes for damage and what it does."""

    name: str
    title: str
    sentence: str
    is_usual: bool


RULES = {
    rule.name: rule
    for rule in (
        Rule(
            name="double-encoding",
            title="Text encoded twice",
            sentence="UTF-8 that was read as another encoding and encoded once more is undone (“SoufflÃ©” was "
            "“Soufflé”), where nothing else in the text speaks against it.",
            is_usual=True,
        ),
        Rule(
            name="magic-quotes",
            title="Backslashes before quotes",
            sentence="Old PHP put a backslash before every quote that it stored (“it\\'s”); they are taken out, as the "
            "old site did when it showed a text.",
            is_usual=True,
        ),
        Rule(
            name="open-links",
            title="Links without their closing quote",
            sentence="The address of a link that lacks its closing quote would swallow the text up to the next quote; "
            "it is closed where the address ends.",
            is_usual=True,
        ),
        Rule(
            name="efiction-entities",
            title="Punctuation that eFiction garbled",
            sentence="eFiction's input filter turned the entities of quotes, dashes and a few signs into scraps such "
            "as “r17;” for an apostrophe; the signs are put back.",
            is_usual=False,
        ),
        Rule(
            name="efiction-cyrillic",
            title="Cyrillic that eFiction garbled",
            sentence="The same filter turned Cyrillic letters typed as entities into scraps such as “l7;k2;”; runs of "
            "them are read back as letters, which may go wrong where scraps stand alone.",
            is_usual=False,
        ),
    )
}


def allows(wanted: Iterable[str], name: str) -> bool:
    """Whether a rule is to be applied, by what the archivist allowed and withdrew."""
    chosen = set(wanted)
    return f"{WITHDRAWN}{name}" not in chosen if RULES[name].is_usual else name in chosen


def choices() -> tuple[str, ...]:
    """All that the archivist can say about rules: the names to allow and those to withdraw."""
    return tuple(f"{WITHDRAWN}{rule.name}" if rule.is_usual else rule.name for rule in RULES.values())


@dataclass
class _Known:
    """What is told of one rule so far."""

    told: int = 0
    places: int = 0
    texts: int = 0
    recent: set[tuple[str, str]] = field(default_factory=set)


class Mender:
    """Applies what is allowed, offers what is not, and keeps account of both in bounded room."""

    def __init__(self, wanted: Iterable[str]) -> None:
        chosen = frozenset(wanted)
        self.applied = {name: allows(chosen, name) for name in RULES}
        self.places: Counter[str] = Counter()
        self._known = {name: _Known() for name in RULES}
        self._waiting: list[Repair] = []

    def mend(self, rule: str, before: str, after: str, *, where: str, places: int = 1) -> str:
        """The text to go on with: `after` where the rule may be applied, else `before`. Both are told of."""
        if before == after:
            return before
        known = self._known[rule]
        self.places[rule] += places
        passage = passages(before, after) if known.told < EXAMPLES else None
        if passage and passage not in known.recent:
            known.told += 1
            known.recent.add(passage)
            self._waiting.append(self._told(rule, where, *passage, places))
        else:
            known.places += places
            known.texts += 1
        return after if self.applied[rule] else before

    def _told(self, rule: str, where: str, before: str, after: str, places: int) -> Repair:
        return Repair(rule=rule, where=where, before=before, after=after, applied=self.applied[rule], places=places)

    def told(self) -> Iterator[Repair]:
        """The examples since the last time."""
        waiting, self._waiting = self._waiting, []
        yield from waiting

    def rest(self) -> Iterator[Repair]:
        """For each rule, how many places are in texts without an example: `before` and `after` are empty."""
        for rule, known in self._known.items():
            if known.places:
                yield self._told(rule, f"{known.texts:,} more texts", "", "", known.places)


def passages(before: str, after: str) -> tuple[str, str]:
    """The first place where two texts differ, some words around it, in both: they begin and end alike."""
    same = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(before, after, strict=False)))
    start = max(0, same - _BEFORE)
    if start and (edge := _WORD_START.search(before, start, same)):
        start = edge.end()
    old, new = before[start : start + _WINDOW], after[start : start + _WINDOW]
    blocks = SequenceMatcher(None, old, new, autojunk=False).get_matching_blocks()
    sure = [block for block in blocks if block.size >= _SURE and block.a >= same - start]
    if sure and (len(before) > start + _WINDOW or len(after) > start + _WINDOW):
        last = sure[-1]
        old, new = old[: last.a + last.size], new[: last.b + last.size]
    lead = "…" if start else ""
    return _line(lead, old, before[start + len(old) :]), _line(lead, new, after[start + len(new) :])


def _line(lead: str, passage: str, rest: str) -> str:
    return lead + " ".join(passage.split()) + ("…" if rest.strip() else "")
