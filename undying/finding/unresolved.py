"""What a reader asks for by name, before anybody has looked up what the name stands for.

Each is an `Either` of nothing: whatever reaches a search engine without being resolved finds no work.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from undying.finding.question import All, Either, Not, all_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from undying.finding.question import Node
    from undying.manuscript import TagKind


@dataclass(frozen=True, slots=True)
class Named(Either):
    """A tag by its name, of one kind or (None) of any; with `direct` without what stands below it."""

    nodes: tuple[Node, ...] = field(default=(), init=False)
    kind: TagKind | None
    text: str
    direct: bool = False


@dataclass(frozen=True, slots=True)
class By(Either):
    """A creator by name."""

    nodes: tuple[Node, ...] = field(default=(), init=False)
    text: str


@dataclass(frozen=True, slots=True)
class InSeries(Either):
    """A series by its title."""

    nodes: tuple[Node, ...] = field(default=(), init=False)
    text: str


@dataclass(frozen=True, slots=True)
class Mine(Either):
    """What the archive knows of the reader and a work: "read"."""

    nodes: tuple[Node, ...] = field(default=(), init=False)
    state: str


Name = Named | By | InSeries | Mine


def names_in(node: Node | None) -> Iterator[Name]:
    """Every name of a tree, in order."""
    match node:
        case Named() | By() | InSeries() | Mine():
            yield node
        case Not(inner):
            yield from names_in(inner)
        case All(nodes) | Either(nodes):
            for each in nodes:
                yield from names_in(each)


def resolved(node: Node | None, resolve: Callable[[Name], Node | None]) -> Node | None:
    """The tree with what each name stands for; None from `resolve` leaves the name out of what is asked."""
    match node:
        case Named() | By() | InSeries() | Mine():
            return resolve(node)
        case Not(inner):
            known = resolved(inner, resolve)
            return None if known is None else Not(known)
        case All(nodes):
            return all_of(resolved(each, resolve) for each in nodes)
        case Either(nodes):
            either = tuple(known for each in nodes if (known := resolved(each, resolve)) is not None)
            return Either(either) if either or not nodes else None
    return node
