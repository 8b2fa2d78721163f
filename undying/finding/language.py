"""The search box: how text becomes tokens, and how what somebody typed becomes a tree.

Words must all occur, in any order, in any field. `"a phrase"` must occur as it stands, `-word` must not occur,
`OR` between two means either, brackets group, and `title:`, `author:`, `summary:`, `tag:` and `text:` look in one
field. What cannot be understood is told with its position and read as plain words: a search never fails.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

# One token each: scripts that put no space between words. Anything longer is found as a phrase of these.
_UNSPACED = "\u0e00-\u0e7f\u0e80-\u0eff\u1780-\u17ff\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
# Marks that belong to the letter before them and that Python's \w leaves out.
_MARKS = "\u0300-\u036f\u0483-\u0487\u0591-\u05bd\u05bf\u05c1\u05c2\u0610-\u061a\u064b-\u065f\u0670\u0900-\u0dff"
_LETTER = rf"(?:(?![{_UNSPACED}_])[\w{_MARKS}])"
TOKEN = re.compile(rf"[{_UNSPACED}]|{_LETTER}+(?:['’]{_LETTER}+)*")
_DROPPED = re.compile("[\u0300-\u036f\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670'’]")

FIELDS = ("title", "author", "summary", "tag", "text")


def fold(word: str) -> str:
    """One token as it is compared: without case, accents, vowel points and apostrophes."""
    if word.isascii():
        return word.lower().replace("'", "")
    apart = unicodedata.normalize("NFKD", word.casefold())
    # A few single characters come apart into several words (U+FDFA); a token has no space inside.
    return "".join(unicodedata.normalize("NFC", _DROPPED.sub("", apart)).casefold().split())


def tokens(text: str) -> list[str]:
    """The tokens of a text, in order."""
    return [folded for word in TOKEN.findall(text) if (folded := fold(word))]


@dataclass(frozen=True, slots=True)
class Words:
    """One word, or several that must stand together; in one field, or in any when `field` is empty."""

    tokens: tuple[str, ...]
    field: str = ""


@dataclass(frozen=True, slots=True)
class Not:
    """What must not occur."""

    node: Node


@dataclass(frozen=True, slots=True)
class All:
    """Each of these."""

    nodes: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Either:
    """At least one of these."""

    nodes: tuple[Node, ...]


Node = Words | Not | All | Either


@dataclass(frozen=True, slots=True)
class Trouble:
    """What could not be understood: where it begins (0-based, in characters), and one sentence."""

    position: int
    sentence: str


@dataclass(frozen=True, slots=True)
class Parsed:
    """A search as a tree; None when it asks for nothing."""

    node: Node | None
    troubles: tuple[Trouble, ...] = ()


_LEXEME = re.compile(
    r"""\s*(?:
      (?P<open>\() | (?P<close>\)) | (?P<not>-(?=[^\s-])) | (?P<field>(?:title|author|summary|tag|text):(?=\S))
    | "(?P<phrase>[^"]*)" | (?P<loose>") | (?P<or>OR(?=\s|$)) | (?P<word>[^\s()"]+)
    )""",
    re.VERBOSE,
)
DEEPEST = 20
LONGEST = 1000
"""Characters of a search that are read."""


def parse(typed: str) -> Parsed:
    """What somebody typed, as a tree. Never raises."""
    return _Parser(typed).parse()


class _Parser:
    """Recursive descent over a list of lexemes."""

    def __init__(self, typed: str) -> None:
        self.troubles: list[Trouble] = []
        if len(typed) > LONGEST:
            self.troubles.append(Trouble(LONGEST, f"Only the first {LONGEST} characters of the search were read."))
        self.lexemes = [
            (str(match.lastgroup), match.group(match.lastgroup or 0), match.start(match.lastgroup or 0))
            for match in _LEXEME.finditer(typed[:LONGEST])
            if match.lastgroup
        ]
        self.at = 0
        self.depth = 0

    def parse(self) -> Parsed:
        node = self._either()
        while self.at < len(self.lexemes):
            self.troubles.append(Trouble(self.lexemes[self.at][2], "A closing bracket has no opening one."))
            self.at += 1
            node = _all([node, self._either()])
        return Parsed(node, tuple(self.troubles))

    def _peek(self) -> str:
        return self.lexemes[self.at][0] if self.at < len(self.lexemes) else ""

    def _either(self) -> Node | None:
        """`a b OR c d` means a, and b or c, and d: OR binds its two neighbours, as people mean it."""
        found: list[Node | None] = []
        while self._peek() not in {"", "close"}:
            if self._peek() == "or":
                position = self.lexemes[self.at][2]
                self.at += 1
                other = self._one("") if self._peek() not in {"", "close", "or"} else None
                if not found or other is None:
                    self.troubles.append(Trouble(position, "OR stands between two words."))
                    found.append(other)
                    continue
                found.append(_either(found.pop(), other))
            else:
                found.append(self._one(""))
        return _all(found)

    def _one(self, field: str) -> Node | None:
        kind, text, position = self.lexemes[self.at]
        self.at += 1
        match kind:
            case "not":
                node = self._one(field) if self._peek() not in {"", "close"} else None
                return None if node is None else Not(node)
            case "field":
                return self._one(text[:-1]) if self._peek() not in {"", "close"} else None
            case "open":
                return self._group(position)
            case "loose":
                self.troubles.append(Trouble(position, "A quotation mark has no second one."))
                return None
        found = tuple(tokens(text))
        return Words(found, field) if found else None

    def _group(self, position: int) -> Node | None:
        if self.depth >= DEEPEST:
            self.troubles.append(Trouble(position, "Brackets are nested too deep."))
            return None
        self.depth += 1
        node = self._either()
        self.depth -= 1
        if self._peek() == "close":
            self.at += 1
        else:
            self.troubles.append(Trouble(position, "A bracket was never closed."))
        return node


def _all(nodes: list[Node | None]) -> Node | None:
    real = tuple(node for node in nodes if node is not None)
    return real[0] if len(real) == 1 else All(real) if real else None


def _either(one: Node | None, other: Node | None) -> Node | None:
    if one is None or other is None:
        return one or other
    before = one.nodes if isinstance(one, Either) else (one,)
    return Either((*before, other))


def wanted(node: Node | None) -> Iterator[Words]:
    """The words that a match shows: all but those that must not occur."""
    match node:
        case Words():
            yield node
        case All(nodes) | Either(nodes):
            for each in nodes:
                yield from wanted(each)
        case _:
            return
