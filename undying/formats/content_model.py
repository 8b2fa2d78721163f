"""Makes a tree of prose obey the content model of HTML, so that strict XHTML tools accept it.

The cleaner decides what is safe; this decides what may stand in what. Nothing visible is dropped: an element that may
not stand where it is becomes a `div` or a `span`, and a class ("as-em") keeps its look.
Source of the rules: https://html.spec.whatwg.org/multipage/ and the schemas of EPUBCheck 5.3.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from lxml import etree

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TypeAlias

    Element: TypeAlias = etree._Element  # noqa: SLF001  lxml has no public name for what it returns

_INLINE = frozenset({
    "a", "abbr", "b", "bdi", "bdo", "br", "cite", "code", "del", "em", "i", "img", "ins", "kbd", "mark", "q",
    "rp", "rt", "ruby", "s", "samp", "small", "span", "strong", "sub", "sup", "time", "u", "var", "wbr",
})  # fmt: skip
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_ONLY_INLINE_INSIDE = _INLINE | _HEADINGS | {"p", "pre"}
_VOID = frozenset({"br", "hr", "img", "wbr", "col"})
_PARENTS = {
    "li": {"ul", "ol"},
    "dt": {"dl"},
    "dd": {"dl"},
    "rt": {"ruby"},
    "rp": {"ruby"},
    "summary": {"details"},
    "figcaption": {"figure"},
    "caption": {"table"},
    "colgroup": {"table"},
    "col": {"colgroup"},
    "thead": {"table"},
    "tbody": {"table"},
    "tfoot": {"table"},
    "tr": {"table", "thead", "tbody", "tfoot"},
    "td": {"tr"},
    "th": {"tr"},
}
_BLOCKS = frozenset({"blockquote", "details", "div", "dl", "figure", "hr", "ol", "p", "pre", "table", "ul"}) | _HEADINGS
_KNOWN = _INLINE | _BLOCKS | _PARENTS.keys()
_RENAMED = {
    **dict.fromkeys(("address", "article", "aside", "center", "footer", "header", "main", "nav", "section"), "div"),
    "acronym": "abbr", "big": "span", "dfn": "i", "font": "span", "rb": "span", "rtc": "span",
    "strike": "s", "tt": "code", "data": "span",
}  # fmt: skip

_SHORT_WORD = re.compile(r"[\w.-]{1,64}", re.ASCII)
_NUMBER = re.compile(r"\d{1,4}", re.ASCII)
_POSITIVE = re.compile(r"[1-9]\d{0,2}", re.ASCII)
_ANYTHING = re.compile(r".*", re.DOTALL)
LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z]{4})?(-([A-Za-z]{2}|\d{3}))?", re.ASCII)
"""Language, script and region of BCP 47: what every reading system takes."""

_GLOBAL = {
    "class": re.compile(r"[\w -]+", re.ASCII),
    "dir": re.compile(r"ltr|rtl|auto"),
    "id": re.compile(r"\S+"),
    "lang": LANGUAGE,
    "title": _ANYTHING,
}
_ATTRIBUTES = {
    "a": {"href": _ANYTHING},
    "img": {"src": _ANYTHING, "alt": _ANYTHING, "width": _NUMBER, "height": _NUMBER},
    "ol": {"start": _NUMBER, "type": re.compile(r"[1aAiI]"), "reversed": re.compile(r"(reversed)?")},
    "li": {"value": _NUMBER},
    "td": {"colspan": _POSITIVE, "rowspan": _POSITIVE},
    "th": {"colspan": _POSITIVE, "rowspan": _POSITIVE, "scope": re.compile(r"row|col|rowgroup|colgroup")},
    "col": {"span": _POSITIVE},
    "details": {"open": re.compile(r"(open)?")},
}

_TABLE = re.compile(r"(caption )?(colgroup )*(thead )?((tbody )*|(tr )*)(tfoot )?")
_DEFINITIONS = re.compile(r"((dt )+(dd )+)*")
_RUBY = re.compile(r"(x+(t+|pt+p))+")


def repair(root: Element) -> None:
    """Make everything below `root`, which is a flow container, valid where it stands."""
    etree.strip_tags(root, etree.Comment, etree.ProcessingInstruction)
    # In reverse order every element comes after all its children: one pass, no recursion, however deep the nesting.
    for element in reversed(list(root.iter())):
        if element is root:
            break
        _repair_attributes(element)
        _repair_name(element)
        if len(element):
            _repair_children(element)
        elif element.tag in _FIXES:
            _FIXES[str(element.tag)](element)
    _house_children(root)


def is_block(element: Element) -> bool:
    """Whether the element may not stand inside a paragraph."""
    return element.tag not in _INLINE or _TRANSPARENT in element.attrib


_TRANSPARENT = "holds-blocks"
"""Marks, while the repair runs, a link that holds paragraphs; `_unmark` takes it away."""


def finish(root: Element) -> None:
    """Take away the marks of the repair, and let no element but a void one be written as an empty tag.

    A reading system that parses XHTML as HTML takes `<i/>` for the beginning of italics.
    """
    for element in root.iter():
        if _TRANSPARENT in element.attrib:
            del element.attrib[_TRANSPARENT]
        if element.text is None and element.tag not in _VOID and not len(element):
            element.text = ""


def headings_in_order(root: Element, above: int) -> None:
    """Give headings the levels that follow `above` without a gap, so that the outline of a page is sound."""
    current = above
    for element in root.iter(*_HEADINGS):
        wanted = max(int(str(element.tag)[1]), above + 1)
        current = min(wanted, current + 1)
        element.tag = f"h{min(current, 6)}"


def _repair_attributes(element: Element) -> None:
    if not element.attrib:
        return
    own = _ATTRIBUTES.get(str(element.tag), {})
    for name, value in element.attrib.items():
        pattern = own.get(str(name)) or _GLOBAL.get(str(name))
        if pattern is None or not pattern.fullmatch(str(value)):
            del element.attrib[name]


def _repair_name(element: Element) -> None:
    name = str(element.tag)
    if name in _RENAMED:
        element.tag = _RENAMED[name]
    elif name not in _KNOWN or (name == "bdo" and "dir" not in element.attrib) or name == "time":
        element.tag = "span"
    if element.tag in _VOID and (element.text or len(element)):
        # A lenient parser put into it what belongs behind it.
        element.tag = "span"


def _repair_children(element: Element) -> None:
    if element.tag in _ONLY_INLINE_INSIDE and any(is_block(child) for child in element):
        _open_up(element)
    _house_children(element)
    fix = _FIXES.get(str(element.tag))
    if fix is not None:
        fix(element)


def _open_up(element: Element) -> None:
    """An element for text alone that holds blocks becomes a block which looks the same."""
    name = str(element.tag)
    if name in {"a", "ins", "del"}:
        element.set(_TRANSPARENT, "")
    else:
        element.tag = "div"
        if name not in {"p", "span"}:
            element.set("class", f"{element.get('class', '')} as-{name}".strip())


def _house_children(element: Element) -> None:
    """Children that need a certain parent and have another become plain."""
    for child in element:
        parents = _PARENTS.get(str(child.tag))
        if parents is not None and element.tag not in parents:
            _make_plain(child)


def _make_plain(element: Element) -> None:
    holds_blocks = any(is_block(child) for child in element)
    element.tag = "span" if element.tag in {"rt", "rp"} and not holds_blocks else "div"
    for name in ("colspan", "rowspan", "scope", "span", "value"):
        element.attrib.pop(name, None)
    _house_children(element)


def _fix_list(element: Element) -> None:
    _wrap_strangers(element, {"li"}, "li")
    if element.tag == "ul":
        for item in element:
            item.attrib.pop("value", None)


def _fix_row(element: Element) -> None:
    _wrap_strangers(element, {"td", "th"}, "td")


def _wrap_strangers(element: Element, wanted: set[str], wrapper: str) -> None:
    """Whatever stands in a list or a row without an item of its own gets one."""
    if element.text and element.text.strip():
        first = etree.Element(wrapper)
        first.text, element.text = element.text, None
        element.insert(0, first)
    for child in list(element):
        tail, child.tail = child.tail, None
        home = child
        if child.tag not in wanted:
            home = etree.Element(wrapper)
            element.replace(child, home)
            home.append(child)
        if tail and tail.strip():
            _append_text(home, tail)


def _append_text(element: Element, text: str) -> None:
    if len(element):
        element[-1].tail = (element[-1].tail or "") + text
    else:
        element.text = (element.text or "") + text


def _names(element: Element) -> str:
    return "".join(f"{child.tag!s} " for child in element)


def _has_own_text(element: Element) -> bool:
    texts = [element.text, *(child.tail for child in element)]
    return any(text and text.strip() for text in texts)


def _fix_definitions(element: Element) -> None:
    if _has_own_text(element) or not _DEFINITIONS.fullmatch(_names(element)):
        element.tag = "div"
        _house_children(element)


def _fix_table(element: Element) -> None:
    groups = [child for child in element if child.tag in {"thead", "tbody", "tfoot", "colgroup"}]
    sound = _TABLE.fullmatch(_names(element)) and not any(map(_has_own_text, [element, *groups]))
    if sound and all(child.tag in {"tr", "col"} for group in groups for child in group):
        return
    for part in list(element.iter("table", "caption", "colgroup", "col", "thead", "tbody", "tfoot", "tr", "td", "th")):
        _make_plain(part)


def _fix_ruby(element: Element) -> None:
    signs = "x" if element.text and element.text.strip() else ""
    for child in element:
        signs += {"rt": "t", "rp": "p"}.get(str(child.tag), "x")
        signs += "x" if child.tail and child.tail.strip() else ""
    if not _RUBY.fullmatch(signs):
        element.tag = "span"
        _house_children(element)


def _fix_details(element: Element) -> None:
    summaries = [child for child in element if child.tag == "summary"]
    if not summaries or summaries[0] is not element[0] or (element.text and element.text.strip()):
        opening = etree.Element("summary")
        opening.text, opening.tail = "…", element.text
        element.text = None
        element.insert(0, opening)
    for late in summaries if element[0] not in summaries else summaries[1:]:
        late.tag = "div"


def _fix_summary(element: Element) -> None:
    if any(is_block(child) for child in element):
        element.text = " ".join("".join(element.itertext()).split())
        del element[:]


def _fix_figure(element: Element) -> None:
    captions = [child for child in element if child.tag == "figcaption"]
    last_is_last = bool(captions) and captions[-1] is element[-1] and not (captions[-1].tail or "").strip()
    first_is_first = bool(captions) and captions[0] is element[0] and not (element.text or "").strip()
    kept = captions[-1] if last_is_last else captions[0] if first_is_first else None
    for caption in captions:
        if caption is not kept:
            caption.tag = "div"


def _fix_link(element: Element) -> None:
    """A link holds nothing that can be clicked: the inner links become text."""
    for inner in list(element.iter("a", "details", "summary")):
        if inner is element:
            continue
        holds_blocks = inner.tag != "a" or _TRANSPARENT in inner.attrib
        inner.tag = "div" if holds_blocks else "span"
        for name in ("href", "open", _TRANSPARENT):
            inner.attrib.pop(name, None)


def _fix_title_cell(element: Element) -> None:
    """Headings may not stand in the head of a column, nor in a term."""
    for heading in list(element.iter(*_HEADINGS)):
        heading.tag = "div"


_FIXES: dict[str, Callable[[Element], None]] = {
    "a": _fix_link,
    "details": _fix_details,
    "dl": _fix_definitions,
    "dt": _fix_title_cell,
    "figure": _fix_figure,
    "ol": _fix_list,
    "ruby": _fix_ruby,
    "summary": _fix_summary,
    "table": _fix_table,
    "th": _fix_title_cell,
    "tr": _fix_row,
    "ul": _fix_list,
}
