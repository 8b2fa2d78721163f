"""The exact story within an EPUB: `META-INF/undying.json`, whose pictures are the book's own files."""

from __future__ import annotations

import hashlib
import io
import lzma
import struct
import zipfile
import zlib
from typing import TYPE_CHECKING

from undying.manuscript.codec import from_json

if TYPE_CHECKING:
    from pathlib import Path

    from undying.manuscript import Manuscript

OWN_FILE = "META-INF/undying.json"
"""The specification lets META-INF hold further files, which need no entry in the manifest."""

PICTURES = "EPUB/images/"
_LARGEST_STORY = 256 * 1024 * 1024
_LARGEST_PICTURES = 512 * 1024 * 1024

_DAMAGE = (
    EOFError,
    KeyError,
    NotImplementedError,  # a way to compress, or to encrypt, that zipfile does not know
    OSError,
    RuntimeError,  # a password is asked for
    ValueError,  # BadManuscript among them
    lzma.LZMAError,
    struct.error,
    zipfile.BadZipFile,
    zlib.error,
)
"""All that zipfile raises on a file that is damaged or made to harm."""


def read_own(book: Path | bytes) -> Manuscript | None:
    """The story exactly as it was written, if this EPUB carries it; None for any other file.

    Nothing in the file is trusted: prose is cleaned again, and pictures must match their hashes. None, too, for a story
    file that was tampered with or cut short: then the book itself is what there is to read.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(book) if isinstance(book, bytes) else book) as archive:
            text = _member(archive, OWN_FILE, _LARGEST_STORY).decode("utf-8")
            return from_json(text, pictures=_pictures(archive))
    except _DAMAGE:
        return None


def _pictures(archive: zipfile.ZipFile) -> dict[str, bytes]:
    """The book's pictures by their true hashes, however they are named."""
    found, room = {}, _LARGEST_PICTURES
    for name in archive.namelist():
        if name.startswith(PICTURES):
            data = _member(archive, name, room)
            room -= len(data)
            found[hashlib.sha256(data).hexdigest()] = data
    return found


def _member(archive: zipfile.ZipFile, name: str, most: int) -> bytes:
    """One file of the zip; a file larger than `most` counts as damaged, whatever size the directory claims."""
    with archive.open(name) as member:
        data = member.read(most + 1)
    if len(data) > most:
        raise zipfile.BadZipFile(f"{name} is larger than {most} bytes")
    return data
