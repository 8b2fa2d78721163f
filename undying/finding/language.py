"""The search box: how what somebody typed becomes a tree.

Words must all occur, in any order, in any form. `"a phrase"` must occur as it stands, `-` before anything shuts it out,
`OR` binds its two neighbours, brackets group, `moon*` is a beginning, and a field before a colon asks for more: see
`fields`, and docs/searching.md for readers. What cannot be understood is told with its position; words are looked for
all the same, and a filter that says nothing is left out: a search never fails.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from difflib import get_close_matches
from typing import TYPE_CHECKING

from undying.finding.fields import NAMES, PLACES, READERS, SORTS, TEXTS, Unread, Value, standing, today, word
from undying.finding.lexemes import Kind, lexemes
from undying.finding.question import All, Either, Not, Prefix, Sort, Words, all_of
from undying.finding.spans import read_days

if TYPE_CHECKING:
    from collections.abc import Iterable

    from undying.finding.lexemes import Lexeme
    from undying.finding.question import Node

DEEPEST = 20
"""Brackets, and signs before them, within each other."""
LONGEST = 1000
"""Characters of a search that are read."""
MOST = 200
"""Words and filters that are read: each costs the search engine."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """What could not be understood: where it begins (0-based, in characters), and one sentence."""

    position: int
    sentence: str


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of what was typed, from `start` up to `end`: the node it became, and the pieces that this is made of.

    `last_days` is not 0 where a date was said as an age ("updated:<30d"); the node has it as a moment. `sort` is what
    `sort:` asked for, which is no node.
    """

    node: Node | None
    start: int
    end: int
    parts: tuple[Piece, ...] = ()
    last_days: int = 0
    sort: Sort | None = None


@dataclass(frozen=True, slots=True)
class Parsed:
    """A search as a tree; None when it asks for nothing. `pieces` are what has to be so together, with their places.

    `sort` and `reverse` are what `sort:` asked for; they are no part of the tree, and None where nothing was said.
    """

    node: Node | None
    troubles: tuple[Trouble, ...] = ()
    pieces: tuple[Piece, ...] = ()
    sort: Sort | None = None
    reverse: bool = False


def parse(typed: str, *, now: int = 0) -> Parsed:
    """What somebody typed, as a tree. Never raises. Ages like "1y" count from `now`, in Unix seconds."""
    return _Parser(typed, now).parse()


@dataclass(frozen=True, slots=True)
class Lifted:
    """The filters of a search that have to be so in any case, and the text that says the rest."""

    filters: tuple[Piece, ...]
    rest: str
    sort: Sort | None = None
    reverse: bool = False


def conjuncts(typed: str, *, now: int = 0) -> Lifted:
    """The filters that may as well stand in a form, and what is left for the box: parse(rest) asks for all others."""
    parsed = parse(typed, now=now)
    lifted = tuple(piece for piece in parsed.pieces if piece.node is not None and not _has_words(piece.node))
    gone = [*lifted, *(piece for piece in parsed.pieces if piece.sort)]
    kept: list[str] = []
    at = 0
    for piece in sorted(gone, key=lambda piece: piece.start):
        kept.append(typed[at : piece.start].strip())
        at = piece.end
    kept.append(typed[at:LONGEST].strip())
    return Lifted(lifted, " ".join(filter(None, kept)), parsed.sort, parsed.reverse)


def _has_words(node: Node) -> bool:
    match node:
        case Words() | Prefix():
            return node.field != "episode"
        case Not(inner):
            return _has_words(inner)
        case All(nodes) | Either(nodes):
            return any(map(_has_words, nodes))
    return False


class _Parser:
    """Recursive descent over a list of lexemes."""

    def __init__(self, typed: str, now: int) -> None:
        self.now = now
        self.troubles: list[Trouble] = []
        if len(typed) > LONGEST:
            self.tell(LONGEST, f"Only the first {LONGEST} characters of the search were read.")
        self.lexemes = lexemes(typed[:LONGEST])
        self.at = 0
        self.depth = 0
        self.count = 0
        self.sort: Sort | None = None
        self.reverse = False

    def tell(self, position: int, sentence: str) -> None:
        self.troubles.append(Trouble(position, sentence))

    def parse(self) -> Parsed:
        pieces = self.group("")
        while (lexeme := self.next()) is not None:
            self.tell(lexeme.start, "A closing bracket has no opening one.")
            pieces += self.group("")
        node = all_of(_flat(All, pieces))
        troubles = tuple(sorted(self.troubles, key=lambda trouble: trouble.position))
        return Parsed(node, troubles, tuple(pieces), self.sort, self.reverse)

    def peek(self) -> Kind | None:
        return self.lexemes[self.at].kind if self.at < len(self.lexemes) else None

    def next(self) -> Lexeme | None:
        if self.at >= len(self.lexemes):
            return None
        self.at += 1
        return self.lexemes[self.at - 1]

    def group(self, field: str) -> list[Piece]:
        """What stands between brackets: `a b OR c d` means a, and b or c, and d, as people mean it."""
        pieces: list[Piece] = []
        place = ""
        while self.peek() not in {None, Kind.CLOSE}:
            match self.lexemes[self.at]:
                case lexeme if lexeme.kind is Kind.OR:
                    self.or_(lexeme, pieces, field)
                case lexeme if lexeme.kind is Kind.AND:
                    self.at += 1
                case lexeme if lexeme.kind is Kind.FIELD and lexeme.text == "in":
                    place = self.place() or place
                case lexeme if lexeme.kind is Kind.FIELD and lexeme.text == "sort":
                    pieces.append(self.sorting())
                case _:
                    pieces.append(self.one(field))
        return [_placed(piece, place) for piece in pieces] if place else pieces

    def or_(self, lexeme: Lexeme, pieces: list[Piece], field: str) -> None:
        self.at += 1
        before = pieces.pop() if pieces and pieces[-1].node is not None else None
        other = self.one(field) if self.peek() not in {None, Kind.CLOSE, Kind.OR, Kind.AND} else None
        if before is None or other is None or other.node is None:
            self.tell(lexeme.start, "OR stands between two words.")
            pieces += [piece for piece in (before, other) if piece is not None]
            return
        both = (*(before.parts if type(before.node) is Either else (before,)), other)
        pieces.append(Piece(Either(tuple(_flat(Either, both))), before.start, other.end, both))

    def one(self, field: str) -> Piece:
        """One thing that is asked for, with the signs before it; `field` is the one whose values stand here."""
        lexeme = self.lexemes[self.at]
        self.at += 1
        match lexeme.kind:
            case Kind.FIELD if lexeme.text not in READERS:
                self.at -= 1
                self.tell(lexeme.start, f"“{lexeme.text}:” stands by itself, with no sign, OR or field before it.")
                return Piece(None, lexeme.start, self.setting()[2])
            case Kind.NOT | Kind.FIELD | Kind.OPEN:
                return self.deeper(lexeme, field)
            case Kind.LOOSE:
                self.tell(lexeme.start, "A quotation mark has no second one.")
                return Piece(None, lexeme.start, lexeme.end)
        return self.leaf(lexeme, field)

    def deeper(self, lexeme: Lexeme, field: str) -> Piece:
        if self.depth >= DEEPEST:
            self.tell(lexeme.start, "Brackets are nested too deep.")
            return Piece(None, lexeme.start, lexeme.end)
        self.depth += 1
        try:
            if lexeme.kind is Kind.OPEN:
                return self.brackets(lexeme, field)
            if self.peek() in {None, Kind.CLOSE, Kind.OR, Kind.AND}:
                return Piece(None, lexeme.start, lexeme.end)
            inner = self.one(lexeme.text if lexeme.kind is Kind.FIELD else field)
            node = _not(inner.node) if lexeme.kind is Kind.NOT else inner.node
            parts = (inner,) if lexeme.kind is Kind.NOT else inner.parts
            return Piece(node, lexeme.start, inner.end, parts, inner.last_days)
        finally:
            self.depth -= 1

    def brackets(self, lexeme: Lexeme, field: str) -> Piece:
        pieces = self.group(field)
        closing = self.next()
        if closing is None:
            self.tell(lexeme.start, "A bracket was never closed.")
        end = closing.end if closing else pieces[-1].end if pieces else lexeme.end
        return Piece(all_of(_flat(All, pieces)), lexeme.start, end, tuple(pieces))

    def leaf(self, lexeme: Lexeme, field: str) -> Piece:
        self.count += 1
        if self.count > MOST:
            if self.count == MOST + 1:
                self.tell(lexeme.start, f"Only the first {MOST} words and filters of the search were read.")
            return Piece(None, lexeme.start, lexeme.end)
        if lexeme.stray:
            self.tell(lexeme.start, _stray(lexeme.stray))
        value = Value(lexeme.text, lexeme.kind is Kind.PHRASE, self.now, field)
        try:
            node = READERS[field](value) if field else _said(value)
        except Unread as unread:
            self.tell(lexeme.start, str(unread))
            node = standing(lexeme.text, field) if field in {"", *TEXTS} else None
        return Piece(node, lexeme.start, lexeme.end, (), self.age(value))

    def age(self, value: Value) -> int:
        if value.name not in {"updated", "posted", "published"}:
            return 0
        days = read_days(value.plain, today(self.now))
        return days.last_days if days else 0

    def place(self) -> str:
        """`in:title`: where the words of these brackets are looked for."""
        said, start, _ = self.setting()
        if said not in PLACES:
            self.tell(start, f"“in:” looks in one of {', '.join(PLACES)}.")
        return PLACES.get(said, "")

    def sorting(self) -> Piece:
        start = self.lexemes[self.at].start
        said, position, end = self.setting()
        sort = SORTS.get(said.removesuffix("-reversed"))
        if sort is None:
            self.tell(position, f"“sort:” sorts by one of {', '.join(SORTS)}.")
        else:
            self.sort, self.reverse = sort, said.endswith("-reversed")
        return Piece(None, start, end, sort=sort)

    def setting(self) -> tuple[str, int, int]:
        """What stands after `in:` or `sort:`, with its place; both are left behind."""
        lexeme = self.lexemes[self.at]
        self.at += 1
        if self.peek() not in {Kind.WORD, Kind.PHRASE}:
            return "", lexeme.start, lexeme.end
        value = self.lexemes[self.at]
        self.at += 1
        return value.text.lower(), value.start, value.end


def _said(value: Value) -> Node | None:
    return standing(value.text) if value.is_quoted else word(value.text)


def _stray(name: str) -> str:
    if name in NAMES:
        return f"“{name}:” has a space after its colon, so it was read as a word; write {name}:moon."
    (like,) = get_close_matches(name, NAMES, 1)
    return f"There is no field “{name}:”, so it was read as a word; perhaps “{like}:” is meant."


def _not(node: Node | None) -> Node | None:
    return None if node is None else node.node if isinstance(node, Not) else Not(node)


def _flat(kind: type[All | Either], pieces: Iterable[Piece]) -> list[Node]:
    """The nodes of these pieces, without brackets that change nothing."""
    nodes: list[Node] = []
    for piece in pieces:
        match piece.node:
            case All(inner) | Either(inner) if type(piece.node) is kind:
                nodes += inner
            case None:
                pass
            case node:
                nodes.append(node)
    return nodes


def _placed(piece: Piece, place: str) -> Piece:
    """The same with words that name no field looked for in this one."""
    node = None if piece.node is None else _words_in(piece.node, place)
    return replace(piece, node=node, parts=tuple(_placed(part, place) for part in piece.parts))


def _words_in(node: Node, place: str) -> Node:
    match node:
        case Words(tokens, "", stems):
            return Words(tokens, place, () if place == "author" else stems)
        case Prefix(token, ""):
            return Prefix(token, place)
        case Not(inner):
            return Not(_words_in(inner, place))
        case All(nodes):
            return All(tuple(_words_in(each, place) for each in nodes))
        case Either(nodes) if nodes:
            return Either(tuple(_words_in(each, place) for each in nodes))
    return node
