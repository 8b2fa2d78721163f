"""Proposes what each category, class and character of an eFiction archive is, and says why.

One site keeps fandoms in its categories, the next pairings, the next parts of itself: the table's name says little, the
tree and the words say more. Every proposal is told; the archivist has the last word (`Request.meanings`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from undying.formats import labels
from undying.formats.efiction.kinds import (
    Guess,
    TypeOf,
    Word,
    category_name,
    guess,
    is_nobody,
    pair,
    section,
    type_of,
    warning,
    word,
)
from undying.manuscript import TagKind

if TYPE_CHECKING:
    from collections.abc import Iterable

_ORIGINAL_WORK = "Original Work"
_OTHERS = re.compile(r"others?|ensemble|all|everyone|various|multiple|andere|autres?|otros|altri", re.IGNORECASE)
_SITE_WORDS = re.compile(
    r"\b(?:the|an?|fan ?fic(?:tion)?s?|fics?|archives?|stor(?:y|ies)|site|library|of|online|com|net|org|www)\b|"
    r"\befiction\b|[.:|–—-]",
    re.IGNORECASE,
)


@dataclass
class Node:
    """One category in the tree."""

    name: str
    above: Node | None = None
    below: list[Node] = field(default_factory=list)

    @cached_property
    def word(self) -> Word:
        """What its name is by itself."""
        return word(self.name)

    def path(self) -> list[Node]:
        """The categories above, nearest first."""
        found: list[Node] = []
        node = self.above
        while node is not None and node not in found:
            found.append(node)
            node = node.above
        return found


class Assistant:
    """Knows the whole archive's labels, and says what one is. `characters` are the names in the characters' table."""

    def __init__(self, characters: Iterable[str], *, has_ratings: bool) -> None:
        self._has_ratings = has_ratings
        self._people: set[str] = set()
        for name in characters:
            if not pair(name):
                self._people.update(_forms(name))
        self._roots: list[Node] = []

    def plant(self, nodes: Iterable[Node]) -> None:
        """The tree of categories, before the first is asked about."""
        self._nodes = list(nodes)
        self._roots = [node for node in self._nodes if node.above is None]

    @cached_property
    def _is_about_pairs(self) -> bool:
        pairs = sum(node.word is Word.PAIR for node in self._nodes)
        return pairs * 2 > len(self._nodes) or (pairs > 0 and any(n.word is Word.PAIRINGS for n in self._nodes))

    # --- Characters ---------------------------------------------------------------------------------------------------

    def character(self, name: str) -> Guess:
        """A row of the characters' table: often a pair, sometimes nobody."""
        if found := pair(name):
            return self._relationship(*found, where="it stands among the characters, but names a pair")
        if is_nobody(name):
            return section("it says that there is no character")
        if _OTHERS.fullmatch(name.strip()):
            return guess(TagKind.CHARACTER, name, "it stands among the characters, but may stand for no one of them")
        return guess(TagKind.CHARACTER, name, "it stands among the characters", sure=True)

    def _relationship(self, name: str, persons: tuple[str, ...], where: str) -> Guess:
        known = [person for person in persons if person.casefold() in self._people]
        if len(known) == len(persons):
            return guess(TagKind.RELATIONSHIP, name, f"{where}; each of them is a character of this archive", sure=True)
        return guess(TagKind.RELATIONSHIP, name, where)

    # --- Classes ------------------------------------------------------------------------------------------------------

    def of_class(self, name: str, type_name: str, type_title: str) -> Guess:
        """A class: what its type holds, by the type's name."""
        title = type_title or type_name
        why = f"its type is called “{title}”" if title else "it is a class without a type"
        kind = type_of(type_name, type_title)
        if kind is TypeOf.WARNINGS:
            return warning(name, why)
        if category := category_name(name):
            return guess(TagKind.CATEGORY, category, f"{why}; the word means a kind of relationship", sure=True)
        if kind is TypeOf.PAIRINGS and (found := pair(name)):
            return self._relationship(*found, where=why)
        if kind is TypeOf.RATINGS:
            return self._rating_like(name, why)
        return self._untyped(name, why) if kind is TypeOf.UNKNOWN else self._typed(name, kind, why)

    def _typed(self, name: str, kind: TypeOf, why: str) -> Guess:
        kinds = {TypeOf.CHARACTERS: TagKind.CHARACTER, TypeOf.FANDOMS: TagKind.FANDOM}
        return guess(kinds.get(kind, TagKind.ADDITIONAL), name, why, sure=kind is not TypeOf.PAIRINGS)

    def _rating_like(self, name: str, why: str) -> Guess:
        if self._has_ratings:
            return guess(TagKind.ADDITIONAL, name, f"{why}, but the works have ratings of their own beside it")
        return guess(TagKind.RATING, labels.rating(name) or name, why, sure=bool(labels.rating(name)))

    def _untyped(self, name: str, why: str) -> Guess:
        if word(name) is Word.GENRE:
            return guess(TagKind.ADDITIONAL, name, f"{why}, but the word names a genre", sure=True)
        if (found := pair(name)) and all(person.casefold() in self._people for person in found[1]):
            return self._relationship(*found, where=f"{why}, but names a pair")
        return guess(TagKind.ADDITIONAL, name, f"{why}, which may hold anything")

    def genre(self, name: str) -> Guess:
        """A row of the genres' table of 1.x and 2.0."""
        return guess(TagKind.ADDITIONAL, name, "it stands among the genres", sure=True)

    def warned(self, name: str) -> Guess:
        """A row of the warnings' table of 1.x and 2.0."""
        return warning(name, "it stands among the warnings")

    def challenge(self, name: str) -> Guess:  # noqa: ARG002 - every challenge is one
        """A call that stories answered: kept beside the story, and no tag."""
        return section("a call that stories answered; its title is kept beside the story", sure=True)

    # --- Categories ---------------------------------------------------------------------------------------------------

    def category(self, node: Node) -> Guess:
        """A category: by its word, then by its place in the tree."""
        return self._by_word(node) or self._by_place(node)

    def _by_word(self, node: Node) -> Guess | None:
        name, kind, groups = node.name, node.word, bool(node.below)
        if kind is Word.PAIR:
            return self._pair(node)
        if kind in {Word.SECTION, Word.CALLS}:
            return section("by its name a part of the site, nothing that is in a story", sure=groups)
        if kind in {Word.MEDIA, Word.PAIRINGS}:
            if groups:
                return section(f"it groups other categories, such as “{node.below[0].name}”", sure=True)
            return guess(TagKind.ADDITIONAL, name, "by its name a group of others, but nothing stands in it")
        return self._by_plain_word(node)

    def _by_plain_word(self, node: Node) -> Guess | None:
        name, kind = node.name, node.word
        if kind is Word.CATEGORY:
            return guess(TagKind.CATEGORY, category_name(name), "the word means a kind of relationship", sure=True)
        if kind is Word.ORIGINAL:
            return guess(TagKind.FANDOM, _ORIGINAL_WORK, "it is for stories without a canon", sure=node.above is None)
        if kind is Word.FORM:
            return guess(TagKind.ADDITIONAL, name, "the word names a form of writing", sure=True)
        if kind is Word.GENRE and not self._may_be_canon(node):
            return guess(TagKind.ADDITIONAL, name, "the word names a genre", sure=node.above is not None)
        return None

    def _may_be_canon(self, node: Node) -> bool:
        """Whether a genre's word may be the name of a series ("Supernatural"), by what stands beside it."""
        beside = [each.word for each in self._nodes if each.above is None and each is not node]
        return node.above is None and (bool(node.below) or beside.count(Word.UNKNOWN) * 2 > len(beside))

    def _pair(self, node: Node) -> Guess:
        name, persons = pair(node.name) or (node.name, ())
        if any(above.word is Word.PAIRINGS for above in node.path()):
            return guess(TagKind.RELATIONSHIP, name, "it names a pair, and stands under pairings", sure=True)
        if node.below:
            return guess(TagKind.FANDOM, node.name, "it looks like a pair, but other categories stand in it")
        if node.above is None and not self._is_about_pairs and not self._all_known(persons):
            return guess(TagKind.FANDOM, node.name, "it looks like a pair, but stands among fandoms")
        return self._relationship(name, persons, "it names a pair")

    def _all_known(self, persons: tuple[str, ...]) -> bool:
        return all(person.casefold() in self._people for person in persons)

    def _by_place(self, node: Node) -> Guess:
        parts = sum(below.word is Word.PAIR or below.name.casefold() in self._people for below in node.below)
        if parts and parts * 2 >= len(node.below):
            return guess(TagKind.FANDOM, node.name, "characters or pairings stand in it", sure=True)
        if node.name.casefold() in self._people:
            return guess(
                TagKind.CHARACTER, node.name, "a character of this archive has that name", sure=bool(node.above)
            )
        above = next((each for each in node.path() if each.word is not Word.SECTION), None)
        return self._at_root(node) if above is None else self._under(node, above)

    def _at_root(self, node: Node) -> Guess:
        if node.below:
            return guess(TagKind.FANDOM, node.name, f"other categories stand in it, such as “{node.below[0].name}”")
        if self._is_about_pairs:
            return guess(TagKind.ADDITIONAL, node.name, "most categories are pairings, and it is none")
        beside = sum(each.word is Word.UNKNOWN for each in self._nodes if each.above is None) - 1
        if beside:
            return guess(TagKind.FANDOM, node.name, f"a category at the root, beside {beside:,} like it", sure=True)
        return guess(TagKind.FANDOM, node.name, "a category at the root")

    def _under(self, node: Node, above: Node) -> Guess:
        where = f"it stands under “{above.name}”"
        if above.word is Word.MEDIA:
            return guess(TagKind.FANDOM, node.name, where, sure=True)
        if above.word is not Word.UNKNOWN:
            return guess(
                TagKind.ADDITIONAL, node.name, f"{where}, but is no pairing" if self._is_about_pairs else where
            )
        known = sum(each.word in {Word.PAIR, Word.GENRE, Word.CATEGORY} for each in above.below)
        known += sum(each.name.casefold() in self._people for each in above.below)
        if self._is_about_pairs or known * 2 > len(above.below):
            return guess(TagKind.ADDITIONAL, node.name, f"{where} beside pairings, characters or genres, and is none")
        return guess(TagKind.FANDOM, node.name, f"{where}: a part of that fandom, or one of its kind")

    def site(self, sitename: str) -> Guess:
        """The question what a site is about whose categories name no fandom."""
        about = " ".join(_SITE_WORDS.sub(" ", sitename).split())
        perhaps = f" By the site's name perhaps “{about}”." if about else ""
        return section(f"No category names a fandom: which one is the whole site about?{perhaps}")


def _forms(name: str) -> set[str]:
    """A character's name, and the first and last word of it: pairs use either."""
    plain = name.casefold().strip()
    words = re.sub(r"\s*\([^()]*\)", "", plain).split()
    return {plain, *words[:1], *words[-1:]}
