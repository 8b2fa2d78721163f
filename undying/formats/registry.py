"""All readers, in the order they are asked. Others may add theirs by the entry point group "undying.formats"."""

from __future__ import annotations

from functools import cache
from importlib.metadata import entry_points
from typing import TYPE_CHECKING

from undying.formats import (
    ao3,
    automated_archive,
    catalogue,
    crawl,
    docx,
    dump,
    efiction,
    epub_read,
    fanficfare,
    fb2,
    fimfarchive,
    html_file,
    journal,
    markdown,
    mini_fiction,
    odt,
    open_doors,
    ourchive,
    rtf,
    text,
)

if TYPE_CHECKING:
    from pathlib import Path

    from undying.formats import Reader


@cache
def readers() -> tuple[Reader, ...]:
    """Those that know their format by its marks before those that go by the file's name."""
    own: tuple[Reader, ...] = (
        crawl.READER,
        efiction.READER,
        dump.READER,
        automated_archive.READER,
        mini_fiction.READER,
        fimfarchive.READER,
        ourchive.READER,
        open_doors.READER,
        catalogue.READER,
        journal.READER,
        fb2.READER,
        epub_read.READER,
        ao3.READER,
        fanficfare.READER_HTML,
        fanficfare.READER_TXT,
        docx.READER,
        odt.READER,
        rtf.READER,
        markdown.READER,
        html_file.READER,
        text.READER,
    )
    others = tuple(each.load() for each in entry_points(group="undying.formats"))
    return own + others


def reader_for(path: Path, head: bytes) -> Reader | None:
    """The first reader that takes this file; `head` is its first 64 KiB."""
    return next((reader for reader in readers() if reader.claims(path, head)), None)


def reader_named(name: str) -> Reader | None:
    """The reader with this name; None where the plug-in that brought it is gone."""
    return next((reader for reader in readers() if reader.name == name), None)
