"""From a story to the bytes of an EPUB."""

from __future__ import annotations

import io
import zipfile
from importlib.resources import files
from typing import TYPE_CHECKING

from undying.formats import colophon
from undying.formats.cover import draw_cover
from undying.formats.epub.own import OWN_FILE, PICTURES
from undying.formats.epub.package import Item, navigation, ncx, package_document
from undying.formats.epub.pages import Book
from undying.formats.pictures import kind_of
from undying.manuscript import TagKind
from undying.manuscript.codec import to_json

if TYPE_CHECKING:
    from collections.abc import Iterator

    from undying.formats.colophon import Archive
    from undying.manuscript import Manuscript

MEDIA_TYPE = "application/epub+zip"

# Measured on a novel: the one long line of JSON takes three times as long at zlib's usual level for a tenth less.
_STORED, _QUICK, _SMALL = 0, 3, 5

_CONTAINER = """<?xml version="1.0" encoding="utf-8"?>
<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container" version="1.0">
<rootfiles>
<rootfile full-path="EPUB/package.opf" media-type="application/oebps-package+xml"/>
</rootfiles>
</container>
"""


class EpubWriter:
    """Writes EPUB 3.3. The bytes depend on the story, the archive, this version and its zlib and Pillow alone."""

    name = "epub"
    media_type = MEDIA_TYPE
    suffix = "epub"

    def write(self, manuscript: Manuscript, *, place: Archive = colophon.NOWHERE) -> bytes:
        """The book. All of the manuscript is in it, drafts and reviews too: pass only what its reader may see."""
        pictures = _embedded(manuscript)
        book = Book(manuscript, place, lambda sha256: pictures.get(sha256, ("", "", b""))[0])
        shown = {sha256: pictures[sha256] for sha256 in dict.fromkeys(book.seen.pictures)}
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
            _put(archive, "mimetype", MEDIA_TYPE.encode(), level=_STORED)
            _put(archive, "META-INF/container.xml", _CONTAINER.encode())
            _put(archive, OWN_FILE, to_json(manuscript, without=shown).encode(), level=_QUICK)
            for name, text in _documents(book, shown):
                _put(archive, f"EPUB/{name}", text.encode())
            _put(archive, "EPUB/cover.jpg", _cover(manuscript), level=_STORED)
            for address, _, data in shown.values():
                _put(archive, f"EPUB/{address}", data, level=_STORED)
        return out.getvalue()


def _documents(book: Book, shown: dict[str, tuple[str, str, bytes]]) -> Iterator[tuple[str, str]]:
    pages = book.pages()
    others = [
        Item(id="style", href="style.css", media_type="text/css"),
        Item(id="cover", href="cover.jpg", media_type="image/jpeg", properties="cover-image"),
        *(
            Item(id=f"picture-{number}", href=address, media_type=media_type)
            for number, (address, media_type, _) in enumerate(shown.values(), 1)
        ),
    ]
    yield "package.opf", package_document(book, pages, others)
    yield "nav.xhtml", book.wrapped("Contents", navigation(book, pages), matter="frontmatter")
    yield "toc.ncx", ncx(book, pages)
    yield "style.css", files("undying.formats.epub").joinpath("style.css").read_text("utf-8")
    for page in pages:
        yield page.name, book.written(page)


def _embedded(manuscript: Manuscript) -> dict[str, tuple[str, str, bytes]]:
    """By hash, the address, the media type and the data of each picture that every reading system can show."""
    found = {}
    for picture in manuscript.pictures:
        kind = kind_of(picture.data)
        if kind is not None and kind.in_books:
            address = f"{PICTURES.removeprefix('EPUB/')}{picture.sha256}.{kind.suffix}"
            found[picture.sha256] = (address, kind.media_type, picture.data)
    return found


def _cover(manuscript: Manuscript) -> bytes:
    fandoms = manuscript.tags(TagKind.FANDOM)
    names = tuple(credit.name for credit in manuscript.credits if credit.name.strip())
    return draw_cover(colophon.title(manuscript), names, fandoms[0] if fandoms else "")


def _put(archive: zipfile.ZipFile, name: str, data: bytes, *, level: int = _SMALL) -> None:
    # Date, attributes and system are fixed, or no two files would be the same.
    info = zipfile.ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0))
    info.create_system = 3
    info.external_attr = 0o644 << 16
    method = zipfile.ZIP_DEFLATED if level else zipfile.ZIP_STORED
    archive.writestr(info, data, compress_type=method, compresslevel=level)
