"""A dump's bytes, however they are packed and encoded, from front to back; and one row's again."""

from __future__ import annotations

import codecs
from io import BufferedIOBase
from typing import TYPE_CHECKING

from undying.formats.packed import Unpacked

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_LINE = 65536
_STEP = 1 << 20
_UTF16 = {b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be"}


class DumpFile:
    """A dump's bytes: unpacked when gzipped (or in bzip2 or xz), UTF-8 when a tool exported UTF-16.

    Everything up to where a packed file breaks is given first. `size` is known of a path only.
    """

    def __init__(self, file: Path | BufferedIOBase) -> None:
        self._raw = file if isinstance(file, BufferedIOBase) else file.open("rb")
        self.size = 0 if isinstance(file, BufferedIOBase) else file.stat().st_size
        self._bytes = Unpacked(self._raw)
        self._first = self._last = self._rest = b""
        self._again = self._bytes.read(_LINE)
        encoding = next((name for mark, name in _UTF16.items() if self._again.startswith(mark)), None)
        self._decode = codecs.getincrementaldecoder(encoding)("replace").decode if encoding else None

    @property
    def failure(self) -> str:
        """How a packed file broke, "" while it has not."""
        return self._bytes.failure

    @property
    def head(self) -> bytes:
        """The first bytes that `read_text` will give. Ask before reading."""
        self._rest = self._rest or self.read_text(_LINE)
        return self._rest

    @property
    def position(self) -> int:
        """How far into the file on disk the reading has come."""
        return self._raw.tell()

    @property
    def lacks_its_end(self) -> bool:
        """Whether mysqldump wrote it and its closing line is missing."""
        return b"-- MySQL dump" in self._first and b"-- Dump completed" not in self._last

    def read_text(self, size: int) -> bytes:
        """Some bytes, about `size`; b"" at the end, and where the file is damaged."""
        if self._rest:
            data, self._rest = self._rest, b""
            return data
        data, self._again = self._again or self._bytes.read(size), b""
        if self._decode is not None:
            text = ""
            while data and not (text := self._decode(data)):
                data = self._bytes.read(size)
            data = text.encode("utf-8", "replace")
        self._first = self._first or data[:_LINE]
        self._last = (self._last + data[-_LINE:])[-_LINE:]
        return data

    def skip(self, count: int) -> None:
        """Step over so many bytes of what `read_text` gives, from the beginning."""
        if not self._bytes.is_packed and self._decode is None:
            self._raw.seek(count)
            self._again = b""
            return
        while count > 0 and (data := self.read_text(_STEP)):
            count, self._rest = count - len(data), data[count:]

    def close(self) -> None:
        """Let go of the file."""
        self._raw.close()


def excerpt(file: BufferedIOBase, span: tuple[int, int]) -> Iterator[bytes]:
    """The bytes of one row as they stand in the dump: those of a fate's `span`, piece by piece.

    `file` is the dump at its start; it is unpacked and re-encoded here as it was when it was read. Fewer bytes come
    where it ends early. Raises OSError.
    """
    dump, (start, left) = DumpFile(file), span
    dump.skip(start)
    while left and (data := dump.read_text(min(left, _STEP))[:left]):
        yield data
        left -= len(data)
