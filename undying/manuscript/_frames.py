"""Frames: the containers around runs, and what each must look like when it closes."""

from __future__ import annotations

from typing import NamedTuple

from undying.manuscript._schema import HEADINGS, LISTS, ROW_GROUPS


class Item(NamedTuple):
    """A finished child. A paragraph that nobody wrote as one is `auto`; a break without text has no tag at all."""

    tag: str
    attributes: str
    inside: str
    auto: bool = False

    def markup(self) -> str:
        """As it goes into the page."""
        if not self.tag:
            return self.inside
        if self.tag == "hr":
            return "<hr>"
        return f"<{self.tag}{self.attributes}>{self.inside}</{self.tag}>"


SCENE_BREAK = ' class="scene-break"'
EMPTY = Item("", "", "")
RULE = Item("hr", "", "")

FLOW = frozenset({"root", "div", "blockquote", "details"})
CELLS = frozenset({"li", "dd", "td", "th", "figcaption"})
_ALWAYS_KEPT = frozenset({"td", "th", "li", "dd"})
_PARENTS = {
    "tr": ROW_GROUPS | {"table"},
    "td": frozenset({"tr"}),
    "th": frozenset({"tr"}),
    "figcaption": frozenset({"figure"}),
    **dict.fromkeys(ROW_GROUPS, frozenset({"table"})),
}
_MOST_GAPS = 3


class Frame:
    """A container that is still open. `auto`: nobody wrote it, what it holds needed one."""

    __slots__ = ("attributes", "auto", "ident", "items", "tag")

    def __init__(self, tag: str, attributes: str = "", ident: str = "", *, auto: bool = False) -> None:
        self.tag = tag
        self.attributes = attributes
        self.ident = ident
        self.auto = auto
        self.items: list[Item] = []

    def takes(self, tag: str) -> bool:
        """Whether an unwritten container may go on holding this."""
        if self.tag in LISTS:
            return tag == "li"
        if self.tag == "dl":
            return tag in {"dt", "dd"}
        return tag not in ({"li"} if self.tag == "li" else {"dt", "dd"})


def may_stand_in(tag: str, parent: str) -> bool:
    """Whether table parts and captions are where they belong; all else is free."""
    return tag not in _PARENTS or parent in _PARENTS[tag]


def finish(frame: Frame) -> Item | None:
    """The finished container, or None when nothing is left of it."""
    items = [item for item in frame.items if item is not EMPTY]
    if frame.tag in FLOW:
        items = _with_gaps(frame.items)
    if not items and frame.tag not in _ALWAYS_KEPT:
        return None
    tag, items = _FINISHERS.get(frame.tag, _as_it_is)(frame, items)
    attributes = frame.attributes + (f' id="{frame.ident}"' if frame.ident else "")
    between = "\n" if tag == "root" else ""
    inside = between.join([item.markup() for item in items])
    return Item(tag, attributes, inside, auto=frame.auto and tag == "li")


def _with_gaps(items: list[Item]) -> list[Item]:
    """Empty paragraphs go. Where they were rare they meant a pause, and the next paragraph says so by its class."""
    if EMPTY not in items:
        return items
    kept: list[Item] = []
    after_gap: list[int] = []
    for item in items:
        if item is not EMPTY:
            kept.append(item)
        elif kept and (not after_gap or after_gap[-1] != len(kept)):
            after_gap.append(len(kept))
    if len(after_gap) * _MOST_GAPS <= len(kept):
        for place in after_gap:
            _mark_gap(kept, place)
    return kept


def _mark_gap(kept: list[Item], place: int) -> None:
    if place == len(kept) or kept[place].attributes or SCENE_BREAK in kept[place - 1].attributes:
        return
    if kept[place].tag == kept[place - 1].tag == "p":
        kept[place] = Item("p", ' class="gap"', kept[place].inside)


def _as_it_is(frame: Frame, items: list[Item]) -> tuple[str, list[Item]]:
    return frame.tag, items


def _cell(frame: Frame, items: list[Item]) -> tuple[str, list[Item]]:
    """Text alone needs no paragraph."""
    if sum(1 for item in items if item.auto) == 1 and len(items) == 1:
        return frame.tag, [Item("", "", items[0].inside)]
    return frame.tag, items


def _list(frame: Frame, items: list[Item]) -> tuple[str, list[Item]]:
    """A list without points was only ever an indent."""
    if frame.tag == "ul" and all(item.auto for item in items):
        return "blockquote", [_plain(item) for item in items]
    return frame.tag, items


def _plain(item: Item) -> Item:
    """The same contents in a container of no meaning."""
    holds_blocks = any(f"<{tag}" in item.inside for tag in _BLOCK_STARTS)
    return Item("div" if holds_blocks else "p", item.attributes, item.inside)


def _terms(_: Frame, items: list[Item]) -> tuple[str, list[Item]]:
    """Terms and descriptions in turn; descriptions alone were an indent."""
    if all(item.tag == "dd" for item in items):
        return "blockquote", [_plain(item) for item in items]
    whole: list[Item] = []
    for item in items:
        if item.tag == "dd" and not whole:
            whole.append(Item("dt", "", ""))
        whole.append(item)
    if whole[-1].tag == "dt":
        whole.append(Item("dd", "", ""))
    return "dl", whole


def _figure(_: Frame, items: list[Item]) -> tuple[str, list[Item]]:
    """One caption, first or last; the picture itself needs no paragraph."""
    captions = [place for place, item in enumerate(items) if item.tag == "figcaption"]
    ends = [place for place in captions if place in {0, len(items) - 1}]
    for place in captions:
        if place not in ends[:1]:
            items[place] = _plain(items[place])
    autos = [place for place, item in enumerate(items) if item.auto]
    if len(autos) == 1:
        items[autos[0]] = Item("", "", items[autos[0]].inside)
    return "figure", items


def _details(_: Frame, items: list[Item]) -> tuple[str, list[Item]]:
    """The first summary leads; without one a browser would show a word of its own, here it is an ellipsis."""
    summary = next((item for item in items if item.tag == "summary"), Item("summary", "", "…"))
    rest = [
        Item("p", item.attributes, item.inside) if item.tag == "summary" else item
        for item in items
        if item is not summary
    ]
    return "details", [summary, *rest]


def _table(frame: Frame, items: list[Item]) -> tuple[str, list[Item]]:
    """Caption, one head, bodies, one foot."""
    parts: dict[str, list[Item]] = {"caption": [], "thead": [], "tbody": [], "tfoot": []}
    for item in items:
        place = parts[item.tag] if item.tag in parts else parts["tbody"]
        if place and item.tag in {"thead", "tfoot"}:
            parts["tbody"].append(Item("tbody", item.attributes, item.inside))
        else:
            place.append(item)
    if not (parts["thead"] or parts["tbody"] or parts["tfoot"]):
        return "div", [Item("p", item.attributes, item.inside) for item in items]
    loose = [item for item in parts["tbody"] if item.tag == "tr"]
    if loose and len(loose) < len(parts["tbody"]):
        parts["tbody"] = [item if item.tag == "tbody" else Item("tbody", "", item.markup()) for item in parts["tbody"]]
    return frame.tag, [item for part in parts.values() for item in part]


_BLOCK_STARTS = ("p", "pre", "ul", "ol", "dl", "blockquote", "div", "figure", "details", "table", "hr", *HEADINGS)
_FINISHERS = {
    **dict.fromkeys(CELLS, _cell),
    **dict.fromkeys(LISTS, _list),
    "dl": _terms,
    "figure": _figure,
    "details": _details,
    "table": _table,
}
