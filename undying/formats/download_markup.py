"""From the elements of a downloaded page to `Prose`: the one road on which readers of downloads take story text.

The tools wrap the same story differently (line breaks in the source, classes of their own, page-break anchors). What
shows nothing is levelled here, so that two downloads of one work give equal prose; what shows something is kept.
"""

from __future__ import annotations

import copy
import re
from dataclasses import dataclass, field
from html import escape
from typing import TYPE_CHECKING

from lxml import etree

from undying.manuscript import RawHtml
from undying.manuscript.clean import clean

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from undying.formats.safety import Element
    from undying.manuscript import Prose

BLOCKS = frozenset({
    "address", "article", "aside", "blockquote", "body", "br", "center", "dd", "details", "div", "dl", "dt", "fieldset",
    "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "li", "main", "nav",
    "ol", "p", "pre", "section", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul",
})  # fmt: skip
"""Elements beside whose edges white space shows nothing."""
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_SPACE = re.compile(r"[ \t\r\n\f]+")
_STILL = frozenset({"img", "hr", "table", "svg", "audio", "video", "object", "embed", "iframe"})
_NEUTRAL = {"article": "div", "aside": "div", "section": "div", "main": "div", "header": "div", "footer": "div"}
_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_XLINK = "{http://www.w3.org/1999/xlink}href"
_TOOL_NAMES = re.compile(r"^(calibre[\w-]*|userstuff\d*|koboSpan|kobo\.[\d.]+)$")
_TOOL_ID = re.compile(r"^(calibre_|kobo\.|filepos)")

Emphasis = frozenset[str]
"""What a style rule does to text: any of "em", "strong", "u", "s", "center", "right"."""


def text_of(element: Element | None) -> str:
    """The words of an element on one line."""
    if element is None:
        return ""
    return " ".join("".join(_strings(element)).split())


def _strings(element: Element) -> Iterator[str]:
    """Text in order. Comments and instructions say nothing; blocks and line breaks part words."""
    for event, part in etree.iterwalk(element, events=("start", "end", "comment", "pi")):
        gap = " " if part.tag in BLOCKS else ""
        if event == "start":
            yield gap + (part.text or "")
        elif part is not element:
            yield gap + (part.tail or "")


def classes_of(element: Element) -> list[str]:
    """The names in its class attribute."""
    return (element.get("class") or "").split()


def elements(parent: Element) -> list[Element]:
    """Its children that are elements: no comments."""
    return [child for child in parent if isinstance(child.tag, str)]


def shows_something(element: Element) -> bool:
    """Whether a reader would see anything of it: a word, a picture, a line."""
    return bool(text_of(element)) or any(part.tag in _STILL for part in element.iter())


@dataclass(frozen=True, slots=True)
class Looks:
    """What the style sheets of a book do to text, by class name; `tag.class` for a rule that names both."""

    rules: Mapping[str, Emphasis] = field(default_factory=dict)

    def of(self, element: Element) -> Emphasis:
        """What the rules and the element's own style say about it."""
        found: set[str] = set(emphasis_in(element.get("style") or ""))
        for name in classes_of(element):
            found |= self.rules.get(f".{name}", frozenset()) | self.rules.get(f"{element.tag!s}.{name}", frozenset())
        return frozenset(found)


_RULE = re.compile(r"([^{}]+)\{([^{}]*)\}")
_SIMPLE = re.compile(r"^[a-z0-9]*\.[\w-]+$")
_BOLD = re.compile(r"^(bold|bolder|[6-9]00)$")


def looks_of(sheets: Iterable[str]) -> Looks:
    """The rules for single classes out of style sheets; what is more elaborate than that is no italics."""
    rules: dict[str, Emphasis] = {}
    for sheet in sheets:
        for match in _RULE.finditer(re.sub(r"/\*.*?\*/", "", sheet, flags=re.DOTALL)):
            found = emphasis_in(match[2])
            for selector in match[1].split(","):
                if _SIMPLE.match(selector.strip()):
                    rules[selector.strip()] = found
    return Looks(rules)


def emphasis_in(declarations: str) -> Emphasis:
    """What a list of CSS declarations does to text."""
    pairs = (pair.partition(":") for pair in declarations.lower().split(";"))
    style = {name.strip(): value.replace("!important", "").strip() for name, _, value in pairs}
    found = {
        "em": style.get("font-style", "") in {"italic", "oblique"},
        "strong": bool(_BOLD.match(style.get("font-weight", ""))),
        "u": "underline" in style.get("text-decoration", ""),
        "s": "line-through" in style.get("text-decoration", ""),
        "center": style.get("text-align") == "center",
        "right": style.get("text-align") == "right",
    }
    return frozenset(name for name, holds in found.items() if holds)


_ALREADY = {
    "em": {"em", "i", "cite", "dfn", "var", "address"},
    "strong": {"strong", "b", "th"} | _HEADINGS,
    "u": {"u", "ins", "a"},
    "s": {"s", "strike", "del"},
}
NO_LOOKS = Looks()


def prose_of(
    parts: Iterable[Element | str], looks: Looks = NO_LOOKS, visit: Callable[[Element], None] | None = None
) -> Prose:
    """Elements and bits of text, in order, as clean prose. The elements themselves are left untouched.

    `visit` is shown every copied element once, before it is written: to resolve links and pictures.
    """
    root = etree.Element("div")
    for part in parts:
        if isinstance(part, str):
            _append_text(root, part)
        else:
            twin = copy.deepcopy(part)
            twin.tail = None
            root.append(twin)
    _drop_the_unseen(root)
    for element in list(root.iter()):
        if isinstance(element.tag, str) and element is not root:
            _settle(element, looks)
            if visit is not None:
                visit(element)
    _level_space(root)
    _trim(root)
    inner = escape(root.text or "", quote=False) + "".join(
        etree.tostring(child, method="html", encoding="unicode") for child in root
    )
    return clean(RawHtml(inner))


def inner_prose(
    element: Element | None, looks: Looks = NO_LOOKS, visit: Callable[[Element], None] | None = None
) -> Prose:
    """What is inside an element, as clean prose; empty prose for no element."""
    return clean(RawHtml("")) if element is None else prose_of(inside(element), looks, visit)


def inside(element: Element) -> list[Element | str]:
    """The content of an element as parts: text and elements, tails included."""
    parts: list[Element | str] = [element.text or ""]
    for child in element:
        if isinstance(child.tag, str):
            parts.append(child)
        parts.append(child.tail or "")
    return parts


def prose_of_text(text: str) -> Prose:
    """Plain text as prose: blank lines part paragraphs, other line ends are kept."""
    paragraphs = (part.strip() for part in re.split(r"\n\s*\n", text.replace("\r\n", "\n")))
    lines = (escape(part, quote=False).replace("\n", "<br>") for part in paragraphs if part)
    return clean(RawHtml("".join(f"<p>{part}</p>" for part in lines)))


def prose_of_unknown(text: str) -> Prose:
    """A description that may be markup or plain text, as tools write it into metadata."""
    if re.search(r"</?(p|br|div|i|b|em|strong|a|span|blockquote|ul|ol|li)\b[^>]*>", text, re.IGNORECASE):
        return clean(RawHtml(_SPACE.sub(" ", text).strip()))
    return prose_of_text(text)


def unwrapped(element: Element) -> Element:
    """The innermost `div` that alone holds everything: tools wrap pages, authors' own boxes carry attributes."""
    while True:
        children = [child for child in elements(element) if shows_something(child)]
        if len(children) != 1 or children[0].tag not in {"div", "section", "article", "main"}:
            return element
        child = children[0]
        own_words = (element.text or "").strip() or (child.tail or "").strip()
        if own_words or set(child.attrib) - {"class", "id", "role", "{http://www.idpf.org/2007/ops}type"}:
            return element
        element = child


def _append_text(root: Element, text: str) -> None:
    if len(root):
        root[-1].tail = (root[-1].tail or "") + text
    else:
        root.text = (root.text or "") + text


def _drop_the_unseen(root: Element) -> None:
    for element in list(root.iter()):
        if element is root:
            continue
        if isinstance(element, etree._Entity):  # noqa: SLF001  unknown to HTML: a browser shows it as it is written
            element.tail = f"{element.text or ''}{element.tail or ''}"
        if not isinstance(element.tag, str) or element.tag in {"script", "style", "head"}:
            drop(element)


def drop(element: Element) -> None:
    """Takes an element out of its tree; the text behind it stays."""
    parent = element.getparent()
    if parent is None:
        return
    before = element.getprevious()
    tail = element.tail if isinstance(element.tail, str) else ""
    element.tail = None
    if before is not None:
        before.tail = (before.tail or "") + tail
    else:
        parent.text = (parent.text or "") + tail
    parent.remove(element)


def _settle(element: Element, looks: Looks) -> None:
    """The tools' own marks go; what a style rule showed becomes an element, which survives everywhere."""
    _show(element, looks.of(element))
    names = [name for name in classes_of(element) if not _TOOL_NAMES.match(name)]
    element.attrib.pop("class", None)
    if names:
        element.set("class", " ".join(names))
    if _TOOL_ID.match(element.get("id") or ""):
        del element.attrib["id"]
    language = element.attrib.pop(_LANG, None)
    if language and not element.get("lang"):
        element.set("lang", str(language))
    if element.get(_XLINK) and not element.get("href"):
        element.set("href", str(element.get(_XLINK)))
    for name in [name for name in element.attrib if str(name).startswith("{")]:
        del element.attrib[name]
    if element.tag in _NEUTRAL:
        element.tag = _NEUTRAL[str(element.tag)]


def _show(element: Element, emphasis: Emphasis) -> None:
    for wish in ("strong", "em", "u", "s"):
        if wish in emphasis and element.tag not in _ALREADY[wish]:
            _wrap_words(element, wish)
    for side in ("center", "right"):
        if side in emphasis and element.tag in BLOCKS - {"br", "hr"} and not element.get("align"):
            element.set("align", side)


def _wrap_words(element: Element, tag: str) -> None:
    """Puts the words in an inline element; a box of blocks hands the look on to its blocks, as CSS does."""
    blocks = [element]
    while blocks:
        block = blocks.pop()
        inner = [child for child in elements(block) if child.tag in BLOCKS - {"br"}]
        if inner:
            blocks.extend(child for child in inner if child.tag not in _HEADINGS | {"hr"})
        elif text_of(block):
            _wrap_one(block, tag)


def _wrap_one(block: Element, tag: str) -> None:
    if len(block) == 1 and block[0].tag in _ALREADY[tag] and not (block.text or block[0].tail or "").strip():
        return
    wrapper = etree.Element(tag)
    wrapper.text, block.text = block.text, None
    for child in list(block):
        wrapper.append(child)
    block.append(wrapper)


def _level_space(root: Element) -> None:
    """One space for any run of it, none at the edges of blocks. Non-breaking spaces are the author's and stay."""
    kept = {id(part) for pre in root.iter("pre") for part in pre.iter()}
    for element in root.iter():
        if id(element) not in kept:
            element.text = _SPACE.sub(" ", element.text) if element.text else None
        if element.tail:
            parent = element.getparent()
            element.tail = element.tail if parent is not None and id(parent) in kept else _SPACE.sub(" ", element.tail)
    for element in root.iter():
        if element.tag in BLOCKS and id(element) not in kept:
            _strip_edges(element, is_root=element is root)


def _strip_edges(element: Element, *, is_root: bool) -> None:
    if element.text:
        element.text = element.text.lstrip(" ")
    if len(element):
        last = element[-1]
        last.tail = (last.tail or "").rstrip(" ")
    elif element.text:
        element.text = element.text.rstrip(" ")
    if is_root:
        return
    element.tail = (element.tail or "").lstrip(" ")
    before, parent = element.getprevious(), element.getparent()
    if before is not None:
        before.tail = (before.tail or "").rstrip(" ")
    elif parent is not None and parent.text:
        parent.text = parent.text.rstrip(" ")


def _trim(root: Element) -> None:
    """Blocks at the ends that show nothing are the tools' spacing."""
    while len(root) and not root.text and not shows_something(root[0]) and not root[0].tail:
        root.remove(root[0])
    while len(root) and not root[-1].tail and not shows_something(root[-1]):
        root.remove(root[-1])
