"""An EPUB, opened: its package file, its pages in reading order, its table of contents, its pictures.

EPUB 2 (OPF 2.0.1, NCX) and EPUB 3 (package document, navigation document) give the same `Book`.
"""

from __future__ import annotations

import hashlib
import posixpath
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import unquote

from undying.formats import Remark, Unreadable
from undying.formats.download_markup import Looks, drop, looks_of, text_of
from undying.formats.pictures import kind_of
from undying.formats.safety import SafeZip, decode, parse_page, parse_xml
from undying.manuscript import Picture

if TYPE_CHECKING:
    from collections.abc import Iterator

    from undying.formats.safety import Element

MAX_PICTURE = 10 * 1024 * 1024
MAX_PICTURES = 48 * 1024 * 1024
MAX_PACKAGE = 16 * 1024 * 1024
_PAGE_TYPES = {"application/xhtml+xml", "text/html", "application/x-dtbook+xml", "text/x-oeb1-document"}
_FONT_MANGLING = {"http://www.idpf.org/2008/embedding", "http://ns.adobe.com/pdf/enc#RC"}
_XLINK = "{http://www.w3.org/1999/xlink}href"


@dataclass(frozen=True, slots=True)
class Item:
    """One file of the manifest. `name` is its name in the zip."""

    name: str
    media_type: str = ""
    properties: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the table of contents."""

    name: str
    fragment: str
    title: str
    depth: int = 1


@dataclass(frozen=True, slots=True)
class Datum:
    """One element of the package's metadata: `attributes` without namespaces."""

    name: str
    text: str
    attributes: dict[str, str]


@dataclass(slots=True, kw_only=True)
class Book:
    """An open EPUB, or one of the books inside an anthology.

    `remarks` and `pictures` gather while the story is taken out; both are for whoever opened the book.
    """

    archive: SafeZip
    package: str
    metadata: tuple[Datum, ...]
    items: dict[str, Item]
    spine: tuple[Item, ...]
    contents: tuple[Entry, ...]
    guide: dict[str, str]
    looks: Looks
    remarks: list[Remark] = field(default_factory=list)
    pictures: dict[str, Picture] = field(default_factory=dict)
    _by_name: dict[str, str | None] = field(default_factory=dict)

    @property
    def folder(self) -> str:
        """The folder of the package file in the zip."""
        return posixpath.dirname(self.package)

    def texts(self, name: str) -> list[str]:
        """What all metadata elements of one name say."""
        return [datum.text for datum in self.metadata if datum.name == name and datum.text]

    def first(self, name: str) -> str:
        """What the first metadata element of that name says; "" if there is none."""
        return next(iter(self.texts(name)), "")

    def meta(self, name: str) -> str:
        """The content of an EPUB 2 `<meta name>`; "" if there is none."""
        found = (datum.attributes for datum in self.metadata if datum.name == "meta")
        return next((each.get("content", "") for each in found if each.get("name") == name), "")

    def page(self, item: Item) -> Element:
        """The `body` of a page, as plain HTML elements. Raises Unreadable."""
        return self.body_of(self.whole_page(item))

    def whole_page(self, item: Item) -> Element:
        """The root of a page. What was wrong with its encoding becomes a remark. Raises Unreadable."""
        root, wrong = parse_page(self.archive.read(item.name), f"{self.archive.name}: the page “{item.name}”")
        if wrong:
            self.remark(f"the page “{item.name}” {wrong}.", grave="check its accents" in wrong)
        return root

    @staticmethod
    def body_of(root: Element) -> Element:
        """The `body` of a page; the page itself if it has none."""
        body = root.find("body")
        return root if body is None else body

    def remark(self, text: str, *, grave: bool = False) -> None:
        """Notes a sentence for the report, which will start with the file's name; each only once."""
        found = Remark(text=f"{self.archive.name}: {text}", grave=grave)
        if found not in self.remarks:
            self.remarks.append(found)

    def settle_links(self, page: str, element: Element) -> None:
        """Makes one element's link or picture stand on its own, out of the zip. For `prose_of(visit=...)`."""
        if element.tag in {"img", "image"}:
            self._settle_picture(page, element)
        elif element.tag == "svg" and element.find(".//image") is not None:
            element.tag = "span"  # a frame of vectors around a raster picture, as covers have
            element.attrib.clear()
        elif element.tag == "a" and element.get("href"):
            self._settle_link(page, element)

    def resolve(self, page: str, address: str) -> tuple[str, str]:
        """The zip name and fragment that a relative address on a page means."""
        path, _, fragment = address.partition("#")
        name = posixpath.normpath(posixpath.join(posixpath.dirname(page), unquote(path))) if path else page
        return name, unquote(fragment)

    def _settle_link(self, page: str, link: Element) -> None:
        address = link.get("href") or ""
        if re.match(r"[A-Za-z][A-Za-z0-9+.-]*:|//", address):
            return
        name, fragment = self.resolve(page, address)
        if fragment and name in self.archive:
            link.set("href", f"#{fragment}")
        else:
            del link.attrib["href"]

    def _settle_picture(self, page: str, image: Element) -> None:
        address = image.get("src") or str(image.get(_XLINK) or "") or image.get("href") or ""
        if re.match(r"(https?:)?//", address):
            return
        sha256 = self.picture(self.resolve(page, address)[0]) if address else None
        words = image.get("alt") or image.get("title") or ""
        if sha256 is None:
            image.tag = "span"
            image.text = words and f"[{words}]"
            image.attrib.clear()
            return
        image.tag = "img"
        image.attrib.clear()
        image.set("src", f"picture:{sha256}")
        image.set("alt", words)

    def picture(self, name: str) -> str | None:
        """Takes a picture along and gives its SHA-256; None, with a remark, for what is no safe picture."""
        if name not in self._by_name:
            self._by_name[name] = self._take_picture(name)
        return self._by_name[name]

    def _take_picture(self, name: str) -> str | None:
        try:
            data = self.archive.read(name, MAX_PICTURE)
        except Unreadable as error:
            self.remarks.append(Remark(text=f"{error} A picture of the story is missing.", grave=True))
            return None
        kind = kind_of(data)
        if kind is None:
            self.remark(f"“{name}” is no PNG, JPEG, GIF or WebP picture, and was left out.", grave=True)
            return None
        if sum(len(picture.data) for picture in self.pictures.values()) + len(data) > MAX_PICTURES:
            self.remark(f"its pictures take more than {MAX_PICTURES:,} bytes; the rest was left out.", grave=True)
            return None
        sha256 = hashlib.sha256(data).hexdigest()
        self.pictures[sha256] = Picture(sha256=sha256, media_type=kind.media_type, data=data)
        return sha256

    def cover(self) -> str:
        """The zip name of the cover picture, "" if the package names none."""
        wanted = self.meta("cover")
        for key, item in self.items.items():
            if (key == wanted or "cover-image" in item.properties.split()) and item.media_type.startswith("image/"):
                return item.name
        return ""


def open_book(archive: SafeZip, package: str = "") -> Book:
    """The book that the container names, or the one whose package file is given. Raises Unreadable."""
    package = package or _package_of(archive)
    what = f"{archive.name}: its package file “{package}”"
    root = parse_xml(archive.read(package, MAX_PACKAGE), what)
    folder = posixpath.dirname(package)
    items = dict(_items(root, folder))
    spine, missing = _spine(root, items, archive)
    if not spine:
        raise Unreadable(f"{what} names no page that is in the file; there is nothing to read.")
    book = Book(
        archive=archive,
        package=package,
        metadata=tuple(_metadata(root)),
        items=items,
        spine=spine,
        contents=(),
        guide=_guide(root, folder),
        looks=Looks(),
    )
    for name in missing:
        book.remark(f"the page “{name}” is named in its package file but missing; its text is lost.", grave=True)
    book.looks = looks_of(_sheets(book))
    book.contents = tuple(_contents(book, root))
    return book


def _package_of(archive: SafeZip) -> str:
    refuse_drm(archive)
    container = "META-INF/container.xml"
    if container not in archive:
        raise Unreadable(
            f"{archive.name} is a zip but no EPUB: “{container}” is missing. If it holds stories, unpack it first."
        )
    root = parse_xml(archive.read(container, MAX_PACKAGE), f"{archive.name}: “{container}”")
    for element in root.iter("{*}rootfile"):
        name = posixpath.normpath(element.get("full-path") or "")
        if name in archive:
            return name
    raise Unreadable(f"{archive.name} names no package file (.opf) that is in it; download or copy it again.")


def refuse_drm(archive: SafeZip) -> None:
    """Raises Unreadable if the pages are encrypted. Fonts may be: that hides no story."""
    name = "META-INF/encryption.xml"
    if name not in archive:
        return
    root = parse_xml(archive.read(name, MAX_PACKAGE), f"{archive.name}: “{name}”")
    for element in root.iter("{*}EncryptedData"):
        method = element.find("{*}EncryptionMethod")
        if method is None or method.get("Algorithm") not in _FONT_MANGLING:
            raise Unreadable(
                f"{archive.name} is protected by DRM and cannot be read; ask the author for a copy without it."
            )


def _local(name: object) -> str:
    return str(name).rpartition("}")[2]


def _children(root: Element, name: str) -> Iterator[Element]:
    """Every element under the first element of that name; packages put them one or two levels deep."""
    for section in root.iter(f"{{*}}{name}"):
        yield from (element for element in section.iter() if element is not section and isinstance(element.tag, str))
        return


def _metadata(root: Element) -> Iterator[Datum]:
    for element in _children(root, "metadata"):
        attributes = {_local(key): str(value) for key, value in element.attrib.items()}
        yield Datum(_local(element.tag), "".join(element.itertext()).strip(), attributes)


def _items(root: Element, folder: str) -> Iterator[tuple[str, Item]]:
    for element in _children(root, "manifest"):
        href, key = element.get("href"), element.get("id")
        if href and key:
            name = posixpath.normpath(posixpath.join(folder, unquote(href)))
            yield key, Item(name, (element.get("media-type") or "").lower(), element.get("properties") or "")


def _spine(root: Element, items: dict[str, Item], archive: SafeZip) -> tuple[tuple[Item, ...], list[str]]:
    """The pages in order, and the names of those that are missing. A page named twice is read once."""
    pages: dict[str, Item] = {}
    missing: list[str] = []
    for element in _children(root, "spine"):
        item = items.get(element.get("idref") or "")
        if item is None or (item.media_type not in _PAGE_TYPES and not item.name.endswith(("html", "htm"))):
            continue
        if item.name in archive:
            pages.setdefault(item.name, item)
        else:
            missing.append(item.name)
    return tuple(pages.values()), missing


def _guide(root: Element, folder: str) -> dict[str, str]:
    found = {}
    for element in _children(root, "guide"):
        path = unquote((element.get("href") or "").partition("#")[0])
        found[posixpath.normpath(posixpath.join(folder, path))] = (element.get("type") or "").lower()
    return found


def _sheets(book: Book) -> Iterator[str]:
    for item in book.items.values():
        if item.media_type == "text/css" and item.name in book.archive:
            try:
                yield decode(book.archive.read(item.name, MAX_PACKAGE))[0]
            except Unreadable as error:
                book.remarks.append(Remark(text=f"{error} Italics that it makes may be missing.", grave=True))


def _contents(book: Book, root: Element) -> Iterator[Entry]:
    """From the navigation document, else from the NCX. A damaged one costs titles, not the story."""
    try:
        for item in book.items.values():
            if "nav" in item.properties.split() and item.name in book.archive:
                yield from _nav_entries(book, item)
                return
        spine = next(root.iter("{*}spine"))
        ncx = book.items.get(spine.get("toc") or "") or next(
            (item for item in book.items.values() if item.media_type == "application/x-dtbncx+xml"), None
        )
        if ncx is not None and ncx.name in book.archive:
            yield from _ncx_entries(book, ncx)
    except Unreadable as error:
        book.remarks.append(Remark(text=f"{error} Titles of chapters were taken from their pages."))


def _nav_entries(book: Book, item: Item) -> Iterator[Entry]:
    for nav in book.whole_page(item).iter("nav"):
        if "toc" not in (nav.get("{http://www.idpf.org/2007/ops}type") or nav.get("epub:type") or "toc").split():
            continue
        for link in nav.iter("a"):
            if link.get("href"):
                depth = sum(1 for _ in link.iterancestors("ol"))
                yield Entry(*book.resolve(item.name, link.get("href") or ""), text_of(link), depth)
        return


def _ncx_entries(book: Book, item: Item) -> Iterator[Entry]:
    root = parse_xml(book.archive.read(item.name, MAX_PACKAGE), f"{book.archive.name}: “{item.name}”")
    for point in root.iter("{*}navPoint"):
        content = point.find("{*}content")
        label = point.find("{*}navLabel")
        if content is not None and content.get("src"):
            title = " ".join("".join(label.itertext()).split()) if label is not None else ""
            depth = 1 + sum(1 for _ in point.iterancestors("{*}navPoint"))
            yield Entry(*book.resolve(item.name, content.get("src") or ""), title, depth)


def take_title(book: Book, item: Item, body: Element) -> str:
    """The title of a page that is one chapter, which is taken off its top: by the contents, else by its heading."""
    titles = [entry.title for entry in book.contents if entry.name == item.name]
    heading = take_heading(body, set(titles))
    if not titles:
        take_heading(body, {heading})
    return titles[0] if titles else heading


def take_heading(body: Element, titles: set[str]) -> str:
    """Removes the page's first heading if it only repeats one of the titles; gives the heading's text.

    Titles are compared without regard to case and to punctuation.
    """
    wanted = {_bare(title) for title in titles if title}
    for element in body.iter():
        if element.tag in {"h1", "h2", "h3", "h4"} and text_of(element):
            text = text_of(element)
            if _bare(text) in wanted:
                drop(element)
            return text
        if element is not body and isinstance(element.tag, str) and (element.text or "").strip():
            return ""
    return ""


def _bare(text: str) -> str:
    return re.sub(r"[\W_]+", " ", text).strip().casefold()
