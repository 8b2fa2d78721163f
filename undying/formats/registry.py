"""All readers, in the order they are asked. Others may add theirs by the entry point group "undying.formats"."""

from __future__ import annotations

from functools import cache
from importlib.metadata import entry_points
from typing import TYPE_CHECKING

from undying.formats import ao3, docx, dump, efiction, epub_read, fanficfare, html_file, markdown, odt, rtf, text

if TYPE_CHECKING:
    from pathlib import Path

    from undying.formats import Reader


@cache
def readers() -> tuple[Reader, ...]:
    """Those that know their format by its marks before those that go by the file's name."""
    own: tuple[Reader, ...] = (
        efiction.READER,
        dump.READER,
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
