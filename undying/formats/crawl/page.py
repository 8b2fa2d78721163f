"""One captured page as elements, with what is common to pages of all kinds: links, labels and their values."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import unquote, urldefrag, urljoin, urlsplit

from undying.formats.crawl.views import original, view_of
from undying.formats.download_markup import classes_of, elements, inside, text_of
from undying.formats.safety import parse_html

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from undying.formats.crawl.index import Capture, Index
    from undying.formats.crawl.views import View
    from undying.formats.efiction.encodings import Decoder
    from undying.formats.safety import Element

_TOOLBAR = re.compile(r"<!-- BEGIN WAYBACK TOOLBAR INSERT -->.*?<!-- END WAYBACK TOOLBAR INSERT -->", re.DOTALL)
_LATIN = {"", "utf-8", "utf8", "iso-8859-1", "latin1", "latin-1", "us-ascii", "ascii", "windows-1252", "cp1252"}
_META = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w.:-]{1,40})", re.IGNORECASE)
_LABEL_TAGS = {"b", "strong", "th", "dt", "span", "em", "i", "label", "font", "u", "h3", "h4", "h5"}
_LONGEST_LABEL = 48
_COLON = re.compile(r"(?<!\s)\s*[:：]\s*$")
_BLOCKS = {"div", "td", "li", "tr", "table", "section", "article", "blockquote", "p", "dl", "dd", "ul", "ol", "center"}
NOT_PROSE = {"script", "style", "form", "select", "option", "button", "input", "textarea", "noscript", "nav", "head"}


def decoded(body: bytes, charset: str, decoder: Decoder) -> str:
    """The text of a page. What it declares counts for scripts other than Latin; of Latin ones, half the old sites
    declared the wrong one, so the bytes decide.
    """
    match = _META.search(body[:4096])
    for name in (charset, match[1].decode("ascii") if match else ""):
        if name.lower() not in _LATIN:
            try:
                return body.decode(name)
            except (UnicodeDecodeError, LookupError):
                continue
    return decoder.decode(body)


@dataclass(frozen=True, slots=True)
class Page:
    """A parsed capture."""

    capture: Capture
    root: Element
    base: str
    _views: dict[str, View | None] = field(default_factory=dict, compare=False, repr=False)

    def address(self, href: str | None) -> str:
        """A link's address on the web, without the passage; "" for none."""
        try:
            return urldefrag(original(urljoin(self.base, original(href or "")))).url
        except ValueError:
            return ""

    def view(self, href: str | None) -> View | None:
        """What a link leads to."""
        href = href or ""
        if href not in self._views:
            self._views[href] = view_of(self.address(href))
        return self._views[href]

    def links(self, element: Element | None = None) -> Iterator[tuple[Element, View]]:
        """Every link to a page of a kind that is read, in order."""
        for link in (self.root if element is None else element).iter("a"):
            view = self.view(link.get("href"))
            if view is not None:
                yield link, view

    def first(self, *paths: str) -> Element | None:
        """The first element that one of these XPaths finds, tried in turn."""
        return next((found[0] for path in paths if (found := self.all(path))), None)

    def all(self, path: str, element: Element | None = None) -> list[Element]:
        """All elements that an XPath finds."""
        return elements_at(self.root if element is None else element, path)


def elements_at(root: Element, path: str) -> list[Element]:
    """The elements that an XPath finds: lxml's own type says that it may give anything."""
    found = root.xpath(path)
    return [each for each in found if hasattr(each, "tag")] if isinstance(found, list) else []


def page_of(capture: Capture, decoder: Decoder, index: Index) -> Page:
    """The page, with its links and pictures at their addresses on the web. Raises Unreadable."""
    text = _TOOLBAR.sub("", decoded(capture.body, capture.charset, decoder))
    root = parse_html(text, capture.url)
    base = root.find(".//base[@href]")
    named = original((base.get("href") or "") if base is not None else "")
    page = Page(capture, root, named if urlsplit(named).scheme else capture.url)
    for element in root.iter("a", "area", "img"):
        name = "src" if element.tag == "img" else "href"
        value = (element.get(name) or "").strip()
        if value and not value.startswith("#") and not _NO_ADDRESS.match(value):
            element.set(name, _beside(capture, value, index) or page.address(_as_asked(value)))
    return page


_NO_ADDRESS = re.compile(r"(?:javascript|data|mailto|about):", re.IGNORECASE)


def _as_asked(href: str) -> str:
    """The address in a copy that was made to be browsed from the disk, where it is the name of a file."""
    return re.sub(r"(\.php)(?:%3F|@)", r"\1?", href, flags=re.IGNORECASE)


def _beside(capture: Capture, href: str, index: Index) -> str:
    """Of a saved page, the address that a file beside it came from, "" when there is no such file."""
    if capture.place.path is None or re.match(r"[a-z][a-z0-9+.-]*:|//", href, re.IGNORECASE):
        return ""
    name = unquote(href.partition("#")[0])
    for each in (name, name.partition("?")[0]):
        try:
            target = os.path.normpath(capture.place.path.parent / each)
        except ValueError:
            return ""
        if address := index.address_of(target):
            return address
    return ""


def has_class(name: str) -> str:
    """The condition of an XPath that an element has a class."""
    return f"contains(concat(' ', normalize-space(@class), ' '), ' {name} ')"


def is_label(element: Element) -> bool:
    """Whether an element is a label before a value: marked as one, or emphasised and ended by a colon."""
    if element.tag not in _LABEL_TAGS and "label" not in classes_of(element):
        return False
    text = text_of(element)
    if not text or len(text) > _LONGEST_LABEL:
        return False
    return (
        "label" in classes_of(element) or bool(_COLON.search(text)) or (element.tail or "").lstrip()[:1] in {":", "："}
    )


def label_words(element: Element) -> str:
    """The words of a label, without its colon."""
    return _COLON.sub("", text_of(element))


def labelled(block: Element) -> Iterator[tuple[str, list[Element | str]]]:
    """Each label in a block with all that follows it up to the next one. What comes before the first has none ("")."""
    label, parts = "", []  # type: tuple[str, list[Element | str]]
    for step in _flow(block, _with_labels(block)):
        if isinstance(step, _Label):
            yield label, parts
            label, parts = step.words, []
        else:
            parts.append(step)
    yield label, parts


@dataclass(frozen=True, slots=True)
class _Label:
    words: str


def _with_labels(block: Element) -> set[Element]:
    """The elements that hold a label somewhere inside."""
    found: set[Element] = set()
    for element in block.iter():
        if isinstance(element.tag, str) and element is not block and is_label(element):
            parent = element.getparent()
            while parent is not None and parent not in found:
                found.add(parent)
                parent = parent.getparent() if parent is not block else None
    return found


def _flow(block: Element, holders: set[Element]) -> Iterator[Element | str | _Label]:
    """What is in a block, in order; boxes that hold labels are opened. Not recursive: old pages nest without end."""
    yield block.text or ""
    open_boxes: list[tuple[Iterator[Element], str]] = [(iter(block), "")]
    while open_boxes:
        child = next(open_boxes[-1][0], None)
        if child is None:
            yield open_boxes.pop()[1]
        elif child in holders:
            yield child.text or ""
            open_boxes.append((iter(child), child.tail or ""))
        else:
            if isinstance(child.tag, str) and child.tag not in NOT_PROSE:
                yield _Label(label_words(child)) if is_label(child) else child
            yield child.tail or ""


def line_of(parts: list[Element | str]) -> list[Element | str]:
    """The parts up to the end of the line."""
    return split_line(parts)[0]


def split_line(parts: list[Element | str]) -> tuple[list[Element | str], list[Element | str]]:
    """The parts up to the end of the line, and all that follows."""
    found: list[Element | str] = []
    left = list(parts)
    at = 0
    while at < len(left):
        part = left[at]
        at += 1
        if isinstance(part, str) or part.tag not in _BLOCKS | {"br", "hr"}:
            found.append(part)
        elif words_in(found):
            return found, left[at - 1 :]
        elif part.tag not in {"br", "hr"}:
            left, at = [*inside(part), *left[at:]], 0
    return found, []


def words_in(parts: list[Element | str]) -> str:
    """The text of parts on one line."""
    return " ".join(" ".join(part if isinstance(part, str) else text_of(part) for part in parts).split())


def text_block(root: Element, is_apart: Callable[[Element], bool]) -> Element:
    """The block that holds the most of a page's running text. `is_apart` says what is not to be counted.

    From the outside in: as long as one inner block holds most of what the outer one does, that is the better answer.
    """
    weights: dict[Element, int] = {}
    _weigh(root, weights, is_apart)
    block = root
    while True:
        inner = [child for child in elements(block) if child.tag in _BLOCKS | {"body", "main", "tbody", "font", "span"}]
        best = max(inner, key=lambda child: weights.get(child, 0), default=None)
        if best is None or best.tag == "p" or weights.get(best, 0) < 0.7 * max(weights.get(block, 0), 1):
            return block
        block = best


def _weigh(root: Element, weights: dict[Element, int], is_apart: Callable[[Element], bool]) -> None:
    """Letters of text in each element, links and labels left out. Not recursive: old pages nest without end."""
    order: list[Element] = []
    stack = [root]
    while stack:
        element = stack.pop()
        order.append(element)
        weights[element] = len((element.text or "").strip()) if element.tag != "a" else 0
        stack += [child for child in elements(element) if child.tag not in NOT_PROSE and not is_apart(child)]
    for element in reversed(order):
        parent = element.getparent()
        if parent is not None and parent in weights:
            weights[parent] += weights[element] + len((element.tail or "").strip())
