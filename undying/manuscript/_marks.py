"""Old and inline styling, read as marks: emphasis, ink, size and alignment that the theme can draw."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from undying.manuscript._attributes import alignment
from undying.manuscript._inks import ink, is_paper

if TYPE_CHECKING:
    from undying.manuscript._attributes import Attributes
    from undying.manuscript._tally import Tally


class Mark:
    """One inline element that may be open around text. Compared by identity: two links are two links.

    `ident` is its id until the first opening has carried it; a mark that is cut by a paragraph must not repeat it.
    """

    __slots__ = ("attributes", "ident", "tag")

    def __init__(self, tag: str, attributes: str = "", ident: str = "") -> None:
        self.tag = tag
        self.attributes = attributes
        self.ident = ident


_PLAIN = "em i strong b u s small sub sup code kbd samp var mark ins del"
SHARED = {tag: Mark(tag) for tag in _PLAIN.split()}
"""Plain marks are the same everywhere, so that neighbours of one kind grow together."""

_SPANS = {name: Mark("span", f' class="{name}"') for name in ("big", "small-caps", "typewriter")}
_INK_MARKS: dict[str, Mark] = {}
_UNDONE_BY = {"font-weight": {"b", "strong"}, "font-style": {"i", "em"}, "text-decoration": {"u", "s"}}
_BOLD = frozenset({"bold", "bolder", "600", "700", "800", "900"})
_SMALL = frozenset({"smaller", "small", "x-small", "xx-small"})
_BIG = frozenset({"larger", "large", "x-large", "xx-large", "xxx-large"})
_LENGTH = re.compile(r"(\d{1,3}(?:\.\d{1,4})?)(pt|px|em|rem|%)")
_LIMITS = {"pt": (9.0, 16.0), "px": (12.0, 21.0), "em": (0.89, 1.2), "rem": (0.89, 1.2), "%": (89.0, 120.0)}
_MONOSPACE = re.compile(r"courier|monospace|typewriter|consolas|monaco|lucida console|andale mono")
_SILENT = re.compile(
    r"-|mso-|tab-stops|page|orphans|widows|text-align|direction|unicode-bidi|white-space|word-|letter-spacing|font-variant"
    r"|font-stretch|font-kerning|font-feature|font-optical|font-size-adjust|font-language|line-height|margin|padding|text-indent"
)
_SILENT_VALUES = frozenset({"normal", "none", "inherit", "initial", "0", "0px", "0pt", "auto", "baseline", "static"})


@dataclass
class Effects:
    """What an element's styling comes to."""

    marks: list[Mark] = field(default_factory=list)
    undone: set[str] = field(default_factory=set)
    align: str = ""
    direction: str = ""


def effects(attributes: Attributes, tally: Tally) -> Effects:
    """Read `style`, `color`, `face`, `size`, `align` and `bgcolor`; note what cannot be kept."""
    found = Effects(align=alignment(attributes.get("align", "").strip().lower()))
    if "size" in attributes:
        _add(found, _font_size(attributes["size"].strip()))
    if "face" in attributes:
        _face(found, attributes["face"].lower(), tally)
    if "color" in attributes:
        _colour(found, attributes["color"].strip().lower(), tally)
    if "bgcolor" in attributes or "background" in attributes:
        tally.note("background")
    if "style" in attributes:
        _style(found, _declarations(attributes["style"]), tally)
    return found


def span(name: str) -> Mark:
    """The shared mark for one of Undying's own inline classes."""
    return _SPANS[name]


def _declarations(style: str) -> dict[str, str]:
    pairs = (part.partition(":") for part in style.lower().split(";"))
    return {name.strip(): value.replace("!important", "").strip() for name, colon, value in pairs if colon}


def _style(found: Effects, said: dict[str, str], tally: Tally) -> None:
    lost = False
    for name, value in said.items():
        if reader := _READERS.get(name):
            reader(found, value, tally)
        elif not _SILENT.match(name) and value not in _SILENT_VALUES:
            lost = True
    found.align = alignment(said.get("text-align", "")) or found.align
    if said.get("direction") in {"rtl", "ltr"}:
        found.direction = said["direction"]
    if said.get("font-variant") in {"small-caps", "all-small-caps"} or said.get("font-variant-caps") == "small-caps":
        _add(found, span("small-caps"))
    if SHARED["sup"] in found.marks or SHARED["sub"] in found.marks:
        found.marks = [mark for mark in found.marks if mark is not SHARED["small"]]
    if lost:
        tally.note("style")


def _add(found: Effects, mark: Mark | None) -> None:
    if mark is not None and mark not in found.marks:
        found.marks.append(mark)


def _weight(found: Effects, value: str, _: Tally) -> None:
    _switch(found, "font-weight", SHARED["strong"] if value in _BOLD else None)


def _slant(found: Effects, value: str, _: Tally) -> None:
    _switch(found, "font-style", SHARED["em"] if value in {"italic", "oblique"} else None)


def _switch(found: Effects, name: str, mark: Mark | None) -> None:
    if mark:
        _add(found, mark)
    else:
        found.undone |= _UNDONE_BY[name]


def _line(found: Effects, value: str, _: Tally) -> None:
    if "underline" in value:
        _add(found, SHARED["u"])
    if "line-through" in value:
        _add(found, SHARED["s"])


def _raised(found: Effects, value: str, _: Tally) -> None:
    if value in {"super", "sub"}:
        _add(found, SHARED["sup" if value == "super" else "sub"])


def _colour(found: Effects, value: str, tally: Tally) -> None:
    name = ink(value)
    if name is None:
        tally.note("colour")
    elif name:
        _add(found, _INK_MARKS.setdefault(name, Mark("span", f' class="ink-{name}"')))


def _face(found: Effects, value: str, tally: Tally) -> None:
    if _MONOSPACE.search(value):
        _add(found, span("typewriter"))
    elif value not in _SILENT_VALUES:
        tally.note("typeface")


def _background(_: Effects, value: str, tally: Tally) -> None:
    if value not in _SILENT_VALUES and not is_paper(value):
        tally.note("background")


def _size(found: Effects, value: str, tally: Tally) -> None:
    mark = _SIZES.get(value)
    if mark:
        _add(found, mark)
    elif length := _LENGTH.fullmatch(value):
        low, high = _LIMITS[length[2]]
        amount = float(length[1])
        _add(found, SHARED["small"] if amount <= low else span("big") if amount >= high else None)
    elif value not in _SILENT_VALUES | {"medium"}:
        tally.note("size")


def _font_size(value: str) -> Mark | None:
    """`<font size>`: 3 is plain, and a sign counts from there."""
    if not re.fullmatch(r"[+-]?\d", value, re.ASCII):
        return None
    steps = int(value) if value[0] in "+-" else int(value) - 3
    return None if steps == 0 else span("big") if steps > 0 else SHARED["small"]


def _display(_: Effects, value: str, tally: Tally) -> None:
    if value in {"none", "hidden"}:
        tally.note("hidden")


_SIZES = {**dict.fromkeys(_SMALL, SHARED["small"]), **dict.fromkeys(_BIG, _SPANS["big"])}
_READERS = {
    "font-weight": _weight,
    "font-style": _slant,
    "text-decoration": _line,
    "text-decoration-line": _line,
    "vertical-align": _raised,
    "color": _colour,
    "font-family": _face,
    "font-size": _size,
    "background": _background,
    "background-color": _background,
    "display": _display,
    "visibility": _display,
}
