"""The reader of EPUBs: Undying's own, those of the Archive of Our Own, FanFicFare, FicHub and WebToEpub, and any other.

It opens the file safely, finds out which tool made it by what is in it, and lets that tool's reader take the story out.
If that fails, the file is read as any EPUB: a damaged download is worth more than none.
"""

from __future__ import annotations

import hashlib
import posixpath
import re
from dataclasses import replace
from typing import TYPE_CHECKING

from undying.formats import Remark, Story, Unreadable, ao3, epub_generic, fanficfare, fichub, webtoepub
from undying.formats.addresses import secure, series_key_of
from undying.formats.epub import read_own
from undying.formats.epub_book import open_book, refuse_drm
from undying.formats.onefile import file_bytes, file_fate
from undying.formats.safety import SafeZip, open_zip
from undying.manuscript import SeriesPlace, Source

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from undying.formats import Event, Fate, Request
    from undying.formats.epub_book import Book
    from undying.manuscript import Manuscript

MAX_EPUB = 160 * 1024 * 1024
MAX_UNPACKED = 512 * 1024 * 1024


_MAKERS: tuple[tuple[str, Callable[[Book], bool], Callable[[Book], Manuscript]], ...] = (
    ("FanFicFare", fanficfare.is_fanficfare, fanficfare.read_book),
    ("WebToEpub", webtoepub.is_webtoepub, webtoepub.read_book),
    ("the Archive of Our Own", ao3.is_download, ao3.read_book),
    ("FicHub", fichub.is_fichub, fichub.read_book),
)


class EpubReader:
    """Reads every EPUB."""

    name = "EPUB"

    def claims(self, path: Path, head: bytes) -> bool:
        """Whether the file calls itself an EPUB, or is one whatever it is called."""
        return path.suffix.lower() == ".epub" or (
            head.startswith(b"PK") and b"mimetypeapplication/epub+zip" in head[:256]
        )

    def read(self, path: Path, request: Request) -> Iterator[Event]:
        """One story, or all stories of an anthology. Raises Unreadable."""
        data = file_bytes(path, largest=MAX_EPUB)
        with open_zip(data, path.name) as archive:
            refuse_drm(archive)
            if archive.claimed_size > MAX_UNPACKED:
                raise Unreadable(
                    f"{path.name} unpacks to more than {MAX_UNPACKED:,} bytes; split it into smaller books."
                )
            own = read_own(data)
            if own is not None:
                yield Story(manuscript=own, fates=(file_fate(path, request),))
                return
            unnamed = Source(site=request.site or "file", key=hashlib.sha256(data).hexdigest())
            del data
            packages = _packages_inside(archive)
            stories = _anthology(archive, packages, unnamed) if packages else _single(archive, unnamed)
            detail = f"an anthology of {len(packages)} stories" if packages else ""
            fates: tuple[Fate, ...] = (replace(file_fate(path, request), detail=detail),)
            for event in stories:
                if isinstance(event, Story):
                    yield replace(event, fates=fates)
                    fates = ()
                else:
                    yield event


READER = EpubReader()


def _single(archive: SafeZip, unnamed: Source) -> Iterator[Event]:
    book = open_book(archive)
    manuscript = _story_in(book, unnamed)
    yield from book.remarks
    yield Story(manuscript=manuscript)


def _packages_inside(archive: SafeZip) -> list[str]:
    """The package files of the books in an anthology: epubmerge puts each in a numbered folder with its own."""
    found = [name for name in archive.names if re.fullmatch(r"\d+/(.*/)?[^/]+\.opf", name)]
    first = {name.partition("/")[0]: name for name in sorted(found, key=len, reverse=True)}
    return [first[number] for number in sorted(first, key=int)]


def _anthology(archive: SafeZip, packages: list[str], unnamed: Source) -> Iterator[Event]:
    """Every story that can be read; one that cannot be is remarked on. Raises Unreadable if none can."""
    whole = open_book(archive)
    read = 0
    for position, package in enumerate(packages, start=1):
        try:
            book = open_book(archive, package)
            manuscript = _story_in(book, replace(unnamed, key=f"{unnamed.key}/{posixpath.dirname(package)}"))
        except Unreadable as error:
            yield Remark(text=f"{error} This story of the anthology is missing.", grave=True)
            continue
        read += 1
        yield from book.remarks
        yield Story(manuscript=_in_series(manuscript, whole, position))
    if not read:
        raise Unreadable(f"{archive.name} is an anthology in which no story can be read; download it again.")


def _in_series(manuscript: Manuscript, whole: Book, position: int) -> Manuscript:
    """The anthology is a series, unless the story already knows itself to be in a series of that name."""
    title = re.sub(r"\s+(Anthology|Series)$", "", whole.first("title"))
    if not title or any(place.title in {title, whole.first("title")} for place in manuscript.series):
        return manuscript
    url = whole.first("source")
    place = SeriesPlace(title=title, position=position, key=series_key_of(url), url=secure(url) if url else "")
    return replace(manuscript, series=(*manuscript.series, place))


def _story_in(book: Book, unnamed: Source) -> Manuscript:
    manuscript = _by_maker(book) or epub_generic.read_book(book)
    cover = book.cover()
    if cover:
        book.picture(cover)
    source = manuscript.source if manuscript.source.key else unnamed
    return replace(manuscript, source=source, pictures=tuple(book.pictures.values()))


def _by_maker(book: Book) -> Manuscript | None:
    """The story as the reader for its tool gives it; None if no tool is known, or its layout is broken."""
    for name, is_made_by, read in _MAKERS:
        if not _recognised(book, is_made_by):
            continue
        try:
            manuscript = read(book)
            if any(chapter.body.has_words() for chapter in manuscript.chapters):
                return manuscript
            reason = "no chapter was found in it"
        except Unreadable as error:
            reason = str(error).rstrip(".")
        book.remark(f"could not be read as a download from {name} ({reason}); read as any EPUB.", grave=True)
        return None
    return None


def _recognised(book: Book, is_made_by: Callable[[Book], bool]) -> bool:
    try:
        return is_made_by(book)
    except Unreadable:  # a damaged page, on which whoever reads the story will remark
        return False
