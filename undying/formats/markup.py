"""Prose made ready for a file: well-formed, valid, with links and pictures that lead somewhere.

A `Binding` takes all the prose of one book, page by page. When everything is in, its `Leaf`s give their markup, as
XHTML or as HTML: ids are then unique on each page, and a link within the story leads to where its target ended up.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import quote, urlsplit

from lxml import etree
from lxml import html as lxml_html

from undying.formats.content_model import finish, headings_in_order, repair
from undying.manuscript.clean import xhtml

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from undying.formats.content_model import Element
    from undying.manuscript import Prose

EPUB_NAMESPACE = "http://www.idpf.org/2007/ops"
etree.register_namespace("epub", EPUB_NAMESPACE)

_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_SAFE_ID = re.compile(r"[A-Za-z][\w.-]*", re.ASCII)
_HOST = re.compile(r"[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?", re.ASCII)
_BARE_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")
_MAIL = re.compile(r"mailto:[\w.+-]+@[\w.-]+", re.ASCII)
_DEEPEST = 100
# XML parsers of reading systems stop at a depth of 256. Parsing below some more levels than a page has around its prose
# makes this parser stop first, so that what passes here is readable there.
_LEVELS = 12


def legal(text: str) -> str:
    """The text without the characters that XML forbids (controls, lone surrogates)."""
    return _ILLEGAL.sub("", text)


def escape(text: str) -> str:
    """Plain text for use in markup, in an attribute too."""
    return html.escape(legal(text))


def web_address(url: str) -> str:
    """The address in the form that strict parsers accept, or "" when it is no http(s) or mail address."""
    url = legal(url).strip()
    if _MAIL.fullmatch(url):
        return url
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return ""
    if parts.scheme not in {"http", "https"} or not parts.hostname or "@" in parts.netloc:
        return ""
    host = _ascii_host(parts.hostname)
    if not host:
        return ""
    rest = "".join(
        sign + quote(_BARE_PERCENT.sub("%25", part), safe="%/:=&?~+!$,;'@()*-._")
        for sign, part in (("", parts.path), ("?", parts.query), ("#", parts.fragment))
        if part
    )
    return f"{parts.scheme}://{host}{f':{port}' if port else ''}{rest}"


def _ascii_host(host: str) -> str:
    try:
        host = host.encode("idna").decode("ascii")
    except UnicodeError:
        return ""
    return host if _HOST.fullmatch(host) and ".." not in host and not _is_bad_number(host) else ""


def _is_bad_number(host: str) -> bool:
    """Whether the host ends in digits without being an IPv4 address: no parser of the living standard takes that."""
    last = host.rpartition(".")[2]
    if not last.isdigit() and not last.lower().startswith("0x"):
        return False
    numbers = host.split(".")
    return len(numbers) != 4 or not all(part.isdigit() and int(part) < 256 for part in numbers)  # noqa: PLR2004  IPv4


@dataclass
class Seen:
    """What the prose of one book turned out to hold; the accessibility metadata is made from it."""

    pictures: list[str] = field(default_factory=list)
    lacks_alt: bool = False
    animated: bool = False
    ruby: bool = False


class Leaf:
    """One piece of prose in its place. Ask for its markup only when the whole book is bound."""

    def __init__(self, root: Element | None, page: str) -> None:
        self.root = root
        self.page = page
        self.ids: dict[str, str] = {}

    def __bool__(self) -> bool:
        return self.root is not None

    def links(self) -> Iterator[Element]:
        """The links within the story."""
        if self.root is not None:
            yield from (link for link in self.root.iter("a") if link.get("href", "").startswith("#"))

    def xhtml(self) -> str:
        """The markup for an XHTML file."""
        return self._written(is_html=False)

    def html(self) -> str:
        """The markup for an HTML file."""
        return self._written(is_html=True)

    def _written(self, *, is_html: bool) -> str:
        if self.root is None:
            return ""
        opening = html.escape(self.root.text or "", quote=False)
        return opening + "".join(
            etree.tostring(child, method="html" if is_html else "xml", encoding="unicode") for child in self.root
        )


class Binding:
    """The prose of one book on its way into a file. `address_of` gives where a picture lies, "" if it is not there."""

    def __init__(self, address_of: Callable[[str], str], *, with_epub_types: bool) -> None:
        self.seen = Seen()
        self._address_of = address_of
        self._with_epub_types = with_epub_types
        self._leaves: list[Leaf] = []
        self._taken: dict[str, set[str]] = {}

    def leaf(self, prose: Prose, page: str, *, below: int = 2) -> Leaf:
        """Take in one field of the story; `below` is the level of the heading that it stands under."""
        if not prose.strip():
            return Leaf(None, page)
        root = _tree(legal(prose))
        self._place_pictures(root)
        repair(root)
        headings_in_order(root, below)
        leaf = Leaf(root, page)
        self._name_ids(leaf)
        _mend_links(root)
        self.seen.ruby = self.seen.ruby or next(root.iter("ruby"), None) is not None
        finish(root)
        self._leaves.append(leaf)
        return leaf

    def finish(self) -> None:
        """Lead every link within the story to its target; one whose target is missing becomes text."""
        elsewhere: dict[str, str] = {}
        here: dict[tuple[str, str], str] = {}
        for leaf in self._leaves:
            for name, new in leaf.ids.items():
                elsewhere.setdefault(name, f"{leaf.page}#{new}")
                here.setdefault((leaf.page, name), f"#{new}")
        for leaf in self._leaves:
            for link in list(leaf.links()):
                name = link.get("href", "")[1:]
                own = f"#{leaf.ids[name]}" if name in leaf.ids else ""
                target = own or here.get((leaf.page, name)) or elsewhere.get(name)
                _lead(link, target)
            _mark_notes(leaf, with_epub_types=self._with_epub_types)

    def _place_pictures(self, root: Element) -> None:
        for image in list(root.iter("img")):
            source = image.get("src", "")
            address = self._address_of(source.removeprefix("picture:")) if source.startswith("picture:") else ""
            if address:
                self.seen.pictures.append(source.removeprefix("picture:"))
                # The cleaner gives every picture an alt, so an empty one means that the author wrote none.
                self.seen.lacks_alt = self.seen.lacks_alt or not image.get("alt", "").strip()
                self.seen.animated = self.seen.animated or address.endswith((".gif", ".webp"))
                image.set("src", address)
                image.set("alt", image.get("alt", ""))
            else:
                _picture_as_words(image)

    def _name_ids(self, leaf: Leaf) -> None:
        taken = self._taken.setdefault(leaf.page, set())
        if leaf.root is None:
            return
        for element in leaf.root.iter():
            name = element.get("id")
            if name is None:
                continue
            if name in leaf.ids:
                del element.attrib["id"]
                continue
            new = _free_id(name, taken)
            taken.add(new)
            leaf.ids[name] = new
            element.set("id", new)


def _free_id(name: str, taken: set[str]) -> str:
    stem = (
        name if _SAFE_ID.fullmatch(name) else "user-" + re.sub(r"[^A-Za-z0-9_.-]", lambda odd: f"{ord(odd[0]):x}", name)
    )
    # A page's own ids ("chapter-1") are never the author's: hers begin with "user-", whoever wrote the prose.
    stem = stem if stem.startswith("user-") else f"user-{stem}"
    new, count = stem, 1
    while new in taken:
        count += 1
        new = f"{stem}-{count}"
    return new


def _tree(prose: str) -> Element:
    """The prose below one `div`.

    What the cleaner writes is nearly XML, and the XML parser takes it exactly as it stands and four times as fast; for
    anything else the lenient parser decides.
    """
    text = "<div>" * _LEVELS + xhtml(prose) + "</div>" * _LEVELS
    try:
        root: Element = etree.fromstring(text, _xml_parser())
    except etree.XMLSyntaxError:
        return _lenient_tree(prose)
    for _ in range(_LEVELS - 1):
        root = root[0]
    return root


def _xml_parser() -> etree.XMLParser:
    return etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True, remove_pis=True
    )


def _lenient_tree(prose: str) -> Element:
    parser = lxml_html.HTMLParser(encoding="utf-8", huge_tree=True, remove_comments=True, remove_pis=True)
    document = lxml_html.document_fromstring(f"<html><body><div>{prose}".encode(), parser=parser)
    root = etree.Element("div")
    for child in list(document.iterfind("body/*")):
        root.append(child)
    if len(root) == 1:
        root = root[0]
    _flatten(root)
    return root


def _flatten(root: Element) -> None:
    """What is nested deeper than any reading system can follow becomes plain text."""
    depth = 0
    deep: list[Element] = []
    for event, element in etree.iterwalk(root, events=("start", "end")):
        depth += 1 if event == "start" else -1
        if event == "start" and depth == _DEEPEST:
            deep.append(element)
    for element in deep:
        element.text = " ".join("".join(element.itertext()).split())
        del element[:]


def _picture_as_words(image: Element) -> None:
    """A picture that is not in the file becomes a link to it, under its alternative text."""
    url = web_address(image.get("src", ""))
    words = image.get("alt", "").strip() or image.get("title", "").strip()
    for name in list(image.attrib):
        del image.attrib[name]
    image.tag = "a" if url else "span"
    image.text = f"[Picture: {words}]" if words else "[Picture]"
    if url:
        image.set("href", url)
    image.set("class", "picture-elsewhere")


def _mend_links(root: Element) -> None:
    for link in root.iter("a"):
        href = link.get("href")
        if href is None or href.startswith("#"):
            continue
        url = web_address(href)
        if url:
            link.set("href", url)
        else:
            # An address that leads nowhere from a file stays readable, as the link's title.
            del link.attrib["href"]
            link.set("title", link.get("title") or href)


def _lead(link: Element, target: str | None) -> None:
    if target is None:
        del link.attrib["href"]
    else:
        link.set("href", target)


def _mark_notes(leaf: Leaf, *, with_epub_types: bool) -> None:
    """Two links that lead to each other are a note's reference and its way back: say so to reading systems."""
    links = list(leaf.links())
    if not links or leaf.root is None:
        return
    places = {element.get("id"): element for element in leaf.root.iter() if element.get("id") is not None}
    order = {link: number for number, link in enumerate(links)}
    for link in links:
        target = places.get(link.get("href", "")[1:])
        back = _way_back(link, target) if target is not None else None
        if target is not None and back is not None and order[link] < order.get(back, -1):
            _say(link, "noteref", role=True, typed=with_epub_types)
            _say(back, "backlink", role=True, typed=with_epub_types)
            note = target if target.tag != "a" else target.getparent()
            if note is not None and note is not leaf.root:
                _say(note, "footnote", role=note.tag in {"div", "p"}, typed=with_epub_types)


def _way_back(link: Element, target: Element) -> Element | None:
    parent = link.getparent()
    own = {link.get("id"), parent.get("id") if parent is not None else None} - {None}
    for candidate in target.iter("a"):
        if candidate.get("href", "")[1:] in own:
            return candidate
    return None


def _say(element: Element, what: str, *, role: bool, typed: bool) -> None:
    if role:
        element.set("role", f"doc-{what}")
    if typed:
        element.set(f"{{{EPUB_NAMESPACE}}}type", what)
