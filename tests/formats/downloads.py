"""Small downloads, built in the test: pages of the Archive of Our Own, and EPUBs of any make."""

from __future__ import annotations

import zipfile
from typing import TYPE_CHECKING

from undying.formats import Request, Story

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from undying.formats import Event, Reader
    from undying.manuscript import Manuscript

PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c49444154789c63f8cfc00000030101"
    "00c9fe92ef0000000049454e44ae426082"
)
CONTAINER = (
    '<?xml version="1.0"?><container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container">'
    '<rootfiles><rootfile full-path="{}" media-type="application/oebps-package+xml"/></rootfiles></container>'
)
TITLE = "<dc:title>The Count's Letters</dc:title>"


def package(
    pages: Mapping[str, str],
    metadata: str = TITLE,
    *,
    version: str = "2.0",
    items: str = "",
    guide: str = "",
    nonexistent: tuple[str, ...] = (),
) -> str:
    """A package file for pages that lie beside it."""
    names = [*pages, *nonexistent]
    manifest = "".join(
        f'<item id="p{number}" href="{name}" media-type="application/xhtml+xml"'
        f"{' properties=' + chr(34) + 'nav' + chr(34) if name == 'nav.xhtml' else ''}/>"
        for number, name in enumerate(names)
    )
    spine = "".join(f'<itemref idref="p{number}"/>' for number in range(len(names)))
    return (
        f'<?xml version="1.0" encoding="utf-8"?><package xmlns="http://www.idpf.org/2007/opf" version="{version}" '
        f'unique-identifier="id"><metadata xmlns:dc="http://purl.org/dc/elements/1.1/" '
        f'xmlns:opf="http://www.idpf.org/2007/opf">{metadata}</metadata><manifest>{manifest}{items}</manifest>'
        f'<spine toc="ncx">{spine}</spine><guide>{guide}</guide></package>'
    )


def page(body: str, head: str = "", attributes: str = "") -> str:
    """An XHTML page."""
    return (
        '<?xml version="1.0" encoding="utf-8"?><html xmlns="http://www.w3.org/1999/xhtml" '
        f'xmlns:epub="http://www.idpf.org/2007/ops"><head><title>x</title>{head}</head>'
        f"<body{attributes}>{body}</body></html>"
    )


def ncx(entries: list[tuple[str, str]]) -> str:
    """A table of contents for EPUB 2."""
    points = "".join(
        f'<navPoint id="n{number}"><navLabel><text>{title}</text></navLabel><content src="{target}"/></navPoint>'
        for number, (target, title) in enumerate(entries)
    )
    return f'<ncx xmlns="http://www.daisy.org/z3986/2005/ncx/" version="2005-1"><navMap>{points}</navMap></ncx>'


NCX_ITEM = '<item id="ncx" href="toc.ncx" media-type="application/x-dtbncx+xml"/>'
CSS_ITEM = '<item id="css" href="style.css" media-type="text/css"/>'


def zipped(path: Path, files: Mapping[str, str | bytes]) -> Path:
    """A zip with these files."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data, zipfile.ZIP_STORED if name == "mimetype" else None)
    return path


def epub(path: Path, files: Mapping[str, str | bytes], root: str = "content.opf") -> Path:
    """An EPUB with these files, and the two that every EPUB needs."""
    fixed = {"mimetype": "application/epub+zip", "META-INF/container.xml": CONTAINER.format(root)}
    return zipped(path, {**fixed, **files})


def book(path: Path, pages: Mapping[str, str], metadata: str = TITLE, **more: str) -> Path:
    """An EPUB of pages, with whatever its metadata say."""
    files = {name: page(body) for name, body in pages.items()}
    return epub(path, {"content.opf": package(pages, metadata, **more), **files})


def events(reader: Reader, path: Path) -> list[Event]:
    """Everything that the reader says about a file, which must be claimed first."""
    assert reader.claims(path, path.read_bytes()[: 64 * 1024])
    return list(reader.read(path, Request(scratch=path.parent / "scratch", root=path.parent)))


def stories(reader: Reader, path: Path) -> list[Manuscript]:
    """The stories in a file."""
    return [event.manuscript for event in events(reader, path) if isinstance(event, Story)]


def story(reader: Reader, path: Path) -> Manuscript:
    """The one story in a file."""
    (found,) = stories(reader, path)
    return found
