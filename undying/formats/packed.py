"""Bytes that gzip, bzip2 or xz packed, unpacked from front to back in little memory; and tars of them, file by file.

What is cut off or damaged is given as far as it goes: `failure` says how it ended.
"""

from __future__ import annotations

import bz2
import lzma
import tarfile
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from undying.formats.safety import COLLECTION, Trap

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from io import BufferedIOBase

_MOST_MEMORY = 128 * 1024 * 1024
_MAX_RATIO = 1000
_RATIO_MATTERS_ABOVE = 256 * 1024 * 1024
_STEP = 65536
_BLOCK = 512
_LONGEST_NAME = 64 * 1024


class _Unpacker(Protocol):
    """What the unpackers of bz2 and lzma share."""

    @property
    def eof(self) -> bool: ...

    @property
    def unused_data(self) -> bytes: ...

    def decompress(self, data: bytes, max_length: int) -> bytes: ...


class _Gzip:
    """zlib's unpacker, with the manners of the others: it keeps for itself what it has not come to yet."""

    def __init__(self) -> None:
        self._zlib = zlib.decompressobj(zlib.MAX_WBITS | 16)

    @property
    def eof(self) -> bool:
        return self._zlib.eof

    @property
    def unused_data(self) -> bytes:
        return self._zlib.unused_data

    def decompress(self, data: bytes, max_length: int) -> bytes:
        return self._zlib.decompress(self._zlib.unconsumed_tail + data, max_length)


_PACKED: Mapping[bytes, Callable[[], _Unpacker]] = {
    b"\x1f\x8b": _Gzip,
    b"BZh": bz2.BZ2Decompressor,
    b"\xfd7zXZ\0": lambda: lzma.LZMADecompressor(memlimit=_MOST_MEMORY),
}


def is_packed(head: bytes) -> bool:
    """Whether a file that begins so is packed in a way that is read here."""
    return head.startswith(tuple(_PACKED))


class Unpacked:
    """A file's bytes, unpacked where it is packed."""

    def __init__(self, raw: BufferedIOBase) -> None:
        self._raw = raw
        self.failure = ""
        self.position = 0
        start = raw.read(8)
        raw.seek(0)
        self._new = next((new for mark, new in _PACKED.items() if start.startswith(mark)), None)
        self._unpacker = self._new() if self._new else None

    @property
    def is_packed(self) -> bool:
        """Whether there was anything to unpack."""
        return self._new is not None

    def read(self, size: int) -> bytes:
        """Some bytes, at most `size`; b"" at the end, and where the file is damaged."""
        out = self._raw.read(size) if self._unpacker is None else self._next(self._unpacker, size)
        self.position += len(out)
        if self._new and self.position > max(_RATIO_MATTERS_ABOVE, _MAX_RATIO * self._raw.tell()):
            self.failure = f"the packed file unpacks to more than {_MAX_RATIO} times its size, as traps do"
            return b""
        return out

    def _next(self, unpacker: _Unpacker, size: int) -> bytes:
        out = self._unpack(unpacker, b"", size)
        while not (out or self.failure):
            packed = self._raw.read(_STEP)
            if unpacker.eof:
                # Files may be packed in several pieces, one behind the other; zeros may pad the last.
                packed = (unpacker.unused_data + packed).lstrip(b"\0")
                if not packed:
                    break
                assert self._new
                unpacker = self._unpacker = self._new()
            elif not packed:
                self.failure = "the packed file is cut off"
            out = self._unpack(unpacker, packed, size)
        return out

    def _unpack(self, unpacker: _Unpacker, packed: bytes, size: int) -> bytes:
        if unpacker.eof:
            return b""
        try:
            return unpacker.decompress(packed, size)
        except (zlib.error, lzma.LZMAError, OSError, EOFError, ValueError) as error:
            self.failure = f"the packed file is damaged ({error})"
            return b""


@dataclass(frozen=True, slots=True)
class Member:
    """One thing in a tar: its name, "" or why it is no file to take, and how many bytes it says that it has."""

    name: str
    why_not: str
    size: int


_ABOUT_THE_NEXT = (
    tarfile.GNUTYPE_LONGNAME,
    tarfile.GNUTYPE_LONGLINK,
    tarfile.XHDTYPE,
    tarfile.SOLARIS_XHDTYPE,
)
_WITHOUT_BYTES = (tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.DIRTYPE, tarfile.CHRTYPE, tarfile.BLKTYPE, tarfile.FIFOTYPE)
_HOLES = "a file with holes in it, which is not read"
_OTHER = "neither a file nor a folder (a pipe or a device); nothing can be read from it"
_KINDS = {
    tarfile.REGTYPE: "",
    tarfile.AREGTYPE: "",
    tarfile.CONTTYPE: "",
    tarfile.SYMTYPE: "a link; what it points to is taken where it stands itself",
    tarfile.LNKTYPE: "a second name of another file in the same tar",
    tarfile.GNUTYPE_SPARSE: _HOLES,
}


class Tar:
    """A tar, packed or not, read once from front to back, every part of it bounded.

    `failure` says how it ended if it did not end well: all before is whole. Raises Trap for what is made to do harm.
    """

    def __init__(self, raw: BufferedIOBase, name: str) -> None:
        self._stream = Unpacked(raw)
        self._name = name
        self._waiting = b""
        self._left = 0
        self._at = 0
        self.failure = ""

    @property
    def position(self) -> int:
        """How many bytes of the unpacked tar are behind."""
        return self._at

    def members(self) -> Iterator[Member]:
        """Everything in it but folders. The bytes of each are to be had from `chunks` before the next is asked for."""
        about: dict[str, str] = {}
        count = 0
        while (info := self._header()) is not None:
            if info.type in _ABOUT_THE_NEXT:
                about |= self._about(info)
                continue
            count += 1
            if count > COLLECTION.members:
                raise Trap(f"{self._name} holds more than {COLLECTION.members:,} files; it was not read.")
            name, size = self._safe(about.get("path", info.name)), about.get("size", "")
            self._left = int(size) if size.isdecimal() else info.size if info.type not in _WITHOUT_BYTES else 0
            padding = -self._left % _BLOCK
            if name and info.type not in {tarfile.DIRTYPE, tarfile.XGLTYPE}:
                has_holes = any(key.startswith("GNU.sparse") for key in about)
                yield Member(name, _HOLES if has_holes else _KINDS.get(info.type, _OTHER), self._left)
            for _chunk in self.chunks():
                pass
            self._take(padding)
            about = {}

    def chunks(self) -> Iterator[bytes]:
        """The bytes of the member at hand. Fewer than it said come where the tar is cut off; then `failure` is set."""
        while self._left:
            data = self._some(min(self._left, _STEP))
            if not data:
                self._left = 0
                self._fail("it is cut off")
                return
            self._left -= len(data)
            yield data

    def _header(self) -> tarfile.TarInfo | None:
        """The next header; None at the end, whether good or bad."""
        at = self._at
        block = b"" if self.failure else self._take(_BLOCK)
        if len(block) < _BLOCK:
            if not self.failure:
                self._fail("it is cut off" if block or self._stream.failure else "its closing mark is missing")
            return None
        if not block.strip(b"\0"):
            return None
        try:
            return tarfile.TarInfo.frombuf(block, "utf-8", "surrogateescape")
        except (tarfile.TarError, ValueError):
            self._at = at
            self._fail("it is damaged")
            return None

    def _fail(self, how: str) -> None:
        self.failure = f"{self._stream.failure or how} (after {self._at:,} bytes of what it unpacks to)"

    def _about(self, info: tarfile.TarInfo) -> dict[str, str]:
        """What a header says of the file behind it: a name too long for the old form, a size too large."""
        if info.size > _LONGEST_NAME:
            raise Trap(f"{self._name} names a file in {info.size:,} bytes, as traps do; it was not read.")
        data = self._take(info.size + -info.size % _BLOCK)[: info.size]
        if info.type == tarfile.GNUTYPE_LONGNAME:
            return {"path": _text(data.partition(b"\0")[0])}
        return {} if info.type == tarfile.GNUTYPE_LONGLINK else _records(data)

    def _safe(self, name: str) -> str:
        """The name as a path from here: what is absolute begins here, and what climbs out makes all of it a trap."""
        parts = [part for part in name.replace("\\", "/").split("/") if part not in {"", "."}]
        if ".." in parts:
            raise Trap(f"{self._name} holds a file that would escape its folder (“{name}”); it was not read.")
        return "/".join(parts).partition("\0")[0]

    def _take(self, size: int) -> bytes:
        out = b""
        while len(out) < size and (data := self._some(size - len(out))):
            out += data
        return out

    def _some(self, size: int) -> bytes:
        data = self._stream.read(size)
        self._at += len(data)
        if self._at > COLLECTION.total:
            raise Trap(f"{self._name} unpacks to more than {COLLECTION.total:,} bytes; it was not read further.")
        return data


def _text(data: bytes) -> str:
    return data.decode("utf-8", "surrogateescape")


def _records(data: bytes) -> dict[str, str]:
    """What a POSIX header says, in records of "length key=value"."""
    told: dict[str, str] = {}
    while data:
        length = data.partition(b" ")[0]
        if not (length.isdigit() and len(length) < int(length[:9]) <= len(data)):
            break
        key, _equals, value = data[len(length) + 1 : int(length) - 1].partition(b"=")
        told[_text(key)] = _text(value)
        data = data[int(length) :]
    return told
