"""Markup -> the blocks it is made of: paragraphs, headings, rules and page breaks, in order.

Plain files are read in two steps: every format becomes HTML, and here HTML becomes blocks, so that title, label lines
and chapters are found in one way for all of them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lxml import etree, html

from undying.manuscript.measure import plain_text

if TYPE_CHECKING:
    from collections.abc import Iterator

PAGE_BREAK = "<hr data-break='page'>"
"""What a format reader writes where its document begins a new page."""

_DEEPEST = 60
_WRAPPERS = {"body", "html", "div", "section", "article", "main", "center", "form", "font", "span", "tbody"}
_BLOCKS = {
    *("p", "div", "section", "article", "main", "center", "blockquote", "pre", "ul", "ol", "dl", "table", "hr", "form"),
    *("h1", "h2", "h3", "h4", "h5", "h6", "figure", "details", "aside", "header", "footer", "address", "fieldset"),
}
_UNSEEN = {
    "script",
    "style",
    "head",
    "title",
    "meta",
    "link",
    "noscript",
    "nav",
    "template",
    "button",
    "input",
    "select",
}
_BREAK = re.compile(r"<br\b[^>]*>", re.IGNORECASE)
_PIECE = re.compile(r"(<!--.*?-->|</?[a-zA-Z][^>]*>)", re.DOTALL)
_TAG = re.compile(r"(</?[a-zA-Z][^>]*>)")
_TAG_NAME = re.compile(r"</?([a-zA-Z][a-zA-Z0-9]*)")
_VOID = {"br", "img", "hr", "wbr", "col", "input"}


@dataclass(frozen=True, slots=True)
class Block:
    """One block of a text. `heading` is 1 to 6 for h1 to h6. A page break has no markup."""

    markup: str
    text: str
    heading: int = 0
    page_break: bool = False

    @property
    def is_rule(self) -> bool:
        """A scene break without words."""
        return not self.text and "<hr" in self.markup

    def lines(self) -> list[str]:
        """The markup of each line, cut at line breaks; an element that spans a cut is closed and opened again."""
        return cut_at_breaks(_inside(self.markup), 1)


def joined(blocks: list[Block] | tuple[Block, ...]) -> str:
    """The markup of blocks; a page break inside a chapter is a scene break."""
    return "\n".join("<hr>" if block.page_break else block.markup for block in blocks)


def blocks_of(markup: str) -> list[Block]:
    """The blocks of a page or a fragment. Loose text becomes paragraphs, cut where two line breaks stand together."""
    if not markup.strip():
        return []
    parser = html.HTMLParser(huge_tree=True, encoding="utf-8", remove_comments=True, remove_pis=True)
    root = html.document_fromstring(markup.encode(), parser=parser)
    if any(error.type_name == "ERR_RESOURCE_LIMIT" for error in parser.error_log):
        lines = plain_text(markup).split("\n")  # nested so deep that the parser gave up: only the words count
        return [_block(f"<p>{_escaped(line)}</p>", "p") for line in lines if line]
    body = root.find("body")
    return [block for block in _walk(root if body is None else body, "", "", 0) if block.page_break or _shows(block)]


def _shows(block: Block) -> bool:
    return bool(block.text) or "<hr" in block.markup or "<img" in block.markup


def _walk(element: html.HtmlElement, before: str, after: str, depth: int) -> Iterator[Block]:
    """The blocks in a wrapper; `before` and `after` are the wrappers around it that carry alignment or language."""
    run: list[str] = [_escaped(element.text)]
    for child in element:
        name = child.tag if isinstance(child.tag, str) else ""
        if name in _BLOCKS or (name in _WRAPPERS and _holds_blocks(child)):
            yield from _loose("".join(run), before, after)
            run = []
            yield from _from_block(child, name, before, after, depth)
        elif name and name not in _UNSEEN:
            run.append(_markup(child))
        run.append(_escaped(child.tail))
    yield from _loose("".join(run), before, after)


def _from_block(child: html.HtmlElement, name: str, before: str, after: str, depth: int) -> Iterator[Block]:
    if name == "hr" and child.get("data-break") == "page":
        yield Block("", "", page_break=True)
    elif name in _WRAPPERS and depth < _DEEPEST:
        opening = _opening(child)
        if opening:
            yield from _walk(child, before + opening, f"</{name}>{after}", depth + 1)
        else:
            yield from _walk(child, before, after, depth + 1)
    elif name == "p" and len(pieces := cut_at_breaks(_inner(child), 2)) > 1:
        for piece in pieces:
            yield from _loose(piece, before + _opening(child, always=True), "</p>" + after)
    else:
        yield _block(before + _markup(child) + after, name)


def _loose(markup: str, before: str, after: str) -> Iterator[Block]:
    for piece in cut_at_breaks(markup, 2):
        if plain_text(piece) or "<img" in piece:
            in_paragraph = "<p" in before
            yield _block(before + (piece if in_paragraph else f"<p>{piece.strip()}</p>") + after, "p")


def _block(markup: str, name: str) -> Block:
    heading = int(name[1]) if re.fullmatch("h[1-6]", name) else 0
    return Block(markup, plain_text(markup), heading)


def _holds_blocks(element: html.HtmlElement) -> bool:
    return any(descendant.tag in _BLOCKS for descendant in element.iterdescendants())


def _opening(element: html.HtmlElement, *, always: bool = False) -> str:
    """The wrapper's start tag, if it says anything that the words inside it need."""
    if element.tag == "body" or not (element.attrib or always or element.tag in {"center", "font"}):
        return ""
    bare = html.Element(element.tag, dict(element.attrib))
    return re.sub(r"</[^>]*>$", "", _markup(bare))


def _inner(element: html.HtmlElement) -> str:
    return _escaped(element.text) + "".join(_markup(child) + _escaped(child.tail) for child in element)


def _markup(element: html.HtmlElement) -> str:
    return etree.tostring(element, encoding="unicode", method="html", with_tail=False)


def _escaped(text: str | None) -> str:
    return (text or "").replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _inside(markup: str) -> str:
    """The markup inside the block's own element, where that is one."""
    found = re.fullmatch(r"\s*<(p|h[1-6]|div)\b[^>]*>(.*)</\1>\s*", markup, re.DOTALL)
    return found[2] if found and f"<{found[1]}" not in found[2] else markup


def _parts(markup: str) -> Iterator[str]:
    """Tags, comments, and what stands between. What is never closed is not looked for again from each of its signs."""
    comments_end = markup.rfind("-->") + len("-->") if "-->" in markup else 0
    tags_end = max(markup.rfind(">") + 1, comments_end)
    yield from _PIECE.split(markup[:comments_end])
    yield from _TAG.split(markup[comments_end:tags_end])
    yield markup[tags_end:]


def cut_at_breaks(markup: str, breaks: int) -> list[str]:
    """Cut where at least `breaks` line breaks stand together; elements open at a cut go on in the next piece."""
    pieces: list[str] = []
    open_tags: list[str] = []
    current: list[str] = []
    waiting: list[str] = []
    for part in _parts(markup):
        if _BREAK.fullmatch(part):
            waiting.append(part)
            continue
        if not part.strip() and waiting:
            continue
        if len(waiting) >= breaks:
            pieces.append("".join(current) + _closing(open_tags))
            current = list(open_tags)
        else:
            current += waiting
        waiting = []
        current.append(part)
        _follow(part, open_tags)
    pieces.append("".join(current))
    return [piece for piece in pieces if piece.strip()]


def _follow(part: str, open_tags: list[str]) -> None:
    """Keep the list of open start tags up to date with one more piece of markup."""
    found = _TAG_NAME.match(part)
    if not found or found[1].lower() in _VOID or part.endswith("/>"):
        return
    if not part.startswith("</"):
        open_tags.append(part)
    elif open_tags:
        open_tags.pop()


def _closing(open_tags: list[str]) -> str:
    return "".join(f"</{found[1]}>" for tag in reversed(open_tags) if (found := _TAG_NAME.match(tag)))
