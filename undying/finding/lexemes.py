"""The search box, cut into what its grammar is made of. One pass, and no pattern that could go back."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches
from enum import Enum, auto

from undying.finding.fields import NAMES

_NORMAL = str.maketrans(
    {
        **{chr(code): chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)},
        **dict.fromkeys("“”„‟«»＂〝〞「」『』", '"'),
        **dict.fromkeys("−‐‑﹣", "-"),
        "\0": " ",
    }
)
"""Quotation marks of all kinds and characters of full width as the grammar knows them, one character for each."""
_FIELDS = frozenset(NAMES)
_LEAST_LIKENESS = 0.8
_LEAST_NAME = 4


class Kind(Enum):
    """What a lexeme is. LOOSE is a quotation mark that has no second one."""

    OPEN = auto()
    CLOSE = auto()
    NOT = auto()
    OR = auto()
    AND = auto()
    FIELD = auto()
    PHRASE = auto()
    WORD = auto()
    LOOSE = auto()


@dataclass(frozen=True, slots=True)
class Lexeme:
    """One of them, from `start` up to `end`: the field's name, the phrase without its marks, or the word.

    `stray` is what looks like the name of a field before a colon, and is none.
    """

    kind: Kind
    text: str
    start: int
    end: int
    stray: str = ""


_SIGNS = {"(": Kind.OPEN, ")": Kind.CLOSE}
_OPERATORS = {
    "OR": Kind.OR,
    "AND": Kind.AND,
    "NOT": Kind.NOT,
    "|": Kind.OR,
    "||": Kind.OR,
    "&&": Kind.AND,
    "&": Kind.AND,
}


def lexemes(typed: str) -> list[Lexeme]:
    """All of what was typed, in order."""
    cutter = _Cutter(typed)
    while cutter.cut():
        pass
    return cutter.found


class _Cutter:
    def __init__(self, typed: str) -> None:
        self.typed = typed
        self.normal = typed.translate(_NORMAL)
        self.at = 0
        self.found: list[Lexeme] = []
        self.last_mark = self.normal.rfind('"')

    def add(self, kind: Kind, text: str, end: int, stray: str = "") -> bool:
        self.found.append(Lexeme(kind, text, self.at, end, stray))
        self.at = end
        return True

    def cut(self) -> bool:
        """Add the next one; False at the end."""
        text = self.normal
        while self.at < len(text) and text[self.at].isspace():
            self.at += 1
        if self.at >= len(text):
            return False
        sign = text[self.at]
        is_value = bool(self.found) and self.found[-1].kind is Kind.FIELD
        if sign in _SIGNS:
            return self.add(_SIGNS[sign], sign, self.at + 1)
        if sign == '"' or (is_value and text.startswith('="', self.at)):
            return self.phrase()
        if sign == "-" and not is_value and text[self.at + 1 : self.at + 2].strip(" \t\r\n-"):
            return self.add(Kind.NOT, sign, self.at + 1)
        return self.word(is_value=is_value)

    def phrase(self) -> bool:
        """Up to the next mark. A mark after a backslash is a part of the phrase, and so is an equals sign before it."""
        before = self.normal[self.at : self.at + 1].rstrip('"')
        parts = [before]
        at = self.at + len(before) + 1
        while at <= self.last_mark:
            sign = self.normal[at]
            if sign == '"':
                return self.add(Kind.PHRASE, "".join(parts), at + 1)
            if sign == "\\" and self.normal[at + 1 : at + 2] in {'"', "\\"}:
                at += 1
            parts.append(self.typed[at])
            at += 1
        return self.add(Kind.LOOSE, "", self.at + 1)

    def word(self, *, is_value: bool) -> bool:
        end = self.at
        while end < len(self.normal) and not self.normal[end].isspace() and self.normal[end] not in '()"':
            if self.normal[end] == ":" and not is_value:
                name = self.normal[self.at : end].lower()
                if name in _FIELDS and self.normal[end + 1 : end + 2].strip():
                    return self.add(Kind.FIELD, name, end + 1)
            end += 1
        text = self.normal[self.at : end]
        if not is_value and text in _OPERATORS:
            return self.add(_OPERATORS[text], text, end)
        return self.add(
            Kind.WORD, text if is_value else self.typed[self.at : end], end, "" if is_value else _stray(text)
        )


def _stray(text: str) -> str:
    """The name of a field that has nothing behind its colon, or of one that is nearly one."""
    name, colon, _ = text.lower().partition(":")
    if not colon or name in _FIELDS:
        return name if colon and text.endswith(":") else ""
    is_like = len(name) >= _LEAST_NAME and get_close_matches(name[:20], NAMES, 1, _LEAST_LIKENESS)
    return name if is_like else ""
