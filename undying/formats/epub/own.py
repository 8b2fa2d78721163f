"""The exact story within an EPUB: `META-INF/undying.json`, whose pictures are the book's own files."""

from __future__ import annotations

import hashlib
import io
import zipfile
import zlib
from typing import TYPE_CHECKING

from undying.manuscript.codec import BadManuscript, from_json

if TYPE_CHECKING:
    from pathlib import Path

    from undying.manuscript import Manuscript

OWN_FILE = "META-INF/undying.json"
"""The specification lets META-INF hold further files, which need no entry in the manifest."""

PICTURES = "EPUB/images/"
_LARGEST_STORY = 256 * 1024 * 1024
_LARGEST_PICTURE = 64 * 1024 * 1024


def read_own(book: Path | bytes) -> Manuscript | None:
    """The story exactly as it was written, if this EPUB carries it; None for any other file.

    Nothing in the file is trusted: prose is cleaned again, and pictures must match their hashes. None, too, for a story
    file that was tampered with or cut short: then the book itself is what there is to read.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(book) if isinstance(book, bytes) else book) as archive:
            text = _member(archive, OWN_FILE, _LARGEST_STORY).decode("utf-8")
            return from_json(text, pictures=_Pictures(archive).by_hash())
    except (
        BadManuscript,
        KeyError,
        NotImplementedError,
        OSError,
        RuntimeError,
        UnicodeDecodeError,
        zipfile.BadZipFile,
        zlib.error,
    ):
        return None


class _Pictures:
    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive

    def by_hash(self) -> dict[str, bytes]:
        found = {}
        for name in self._archive.namelist():
            if name.startswith(PICTURES):
                data = _member(self._archive, name, _LARGEST_PICTURE)
                found[hashlib.sha256(data).hexdigest()] = data
        return found


def _member(archive: zipfile.ZipFile, name: str, most: int) -> bytes:
    """One file of the zip; a file larger than `most` counts as damaged, whatever size the directory claims."""
    with archive.open(name) as member:
        data = member.read(most + 1)
    if len(data) > most:
        raise zipfile.BadZipFile(f"{name} is larger than {most} bytes")
    return data
