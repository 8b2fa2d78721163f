"""WARC and ARC files, read forward record by record, as far as they can be read.

warcio knows the formats; what it trusts is checked here. No header is longer, no body larger and no packing tighter
than a crawl of pages can need; a length that is wrong costs that record, not the rest.
"""

from __future__ import annotations

import io
import re
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from warcio.bufferedreaders import ChunkedDataReader
from warcio.exceptions import ArchiveLoadFailed
from warcio.recordloader import ArcWarcRecord, ArcWarcRecordLoader
from warcio.statusandheaders import StatusAndHeaders, StatusAndHeadersParser, StatusAndHeadersParserException

from undying.formats import Unreadable
from undying.formats.safety import MAX_RATIO

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from types import TracebackType
    from typing import Self

BLOCK = 256 * 1024
LARGEST_BODY = 16 * 1024 * 1024
"""Bytes of one captured page, unpacked: some three million words."""
_LONGEST_LINE = 64 * 1024
_HEADERS = 512 * 1024
_RATIO_MATTERS_ABOVE = 256 * 1024 * 1024
_MAGIC = b"\x1f\x8b\x08"
_WARC_NEXT = re.compile(rb"\r?\n\r?\n(?=WARC/1\.[01]\r?\nWARC-[\w-]+: )")
_WARC_LINE = re.compile(rb"WARC/\d\.\d+\s*\Z")
_ARC_LINE = re.compile(rb"[a-z]{2,9}:\S+ [\d.:a-fA-F]+ \d{8,17} \S+ \d{1,12}\s*\Z")
_BROKEN = (
    ArchiveLoadFailed, StatusAndHeadersParserException, EOFError, ValueError, TypeError, AttributeError, IndexError,
)  # fmt: skip


_TOO_LARGE = f"it is larger than {LARGEST_BODY:,} bytes, which no page is"
_CUT = "it is cut off: the file ends in it"


class _Stream(Protocol):
    def read(self, size: int, /) -> bytes: ...


class _Damaged(Exception):
    """A header that no record can have."""


class _Unpacked:
    """The bytes in a gzip file of any number of members. A damaged member is passed over; the end may be missing."""

    def __init__(self, file: _Stream, name: str, begun: bytes = b"") -> None:
        self._file, self._name = file, name
        self._inflate = zlib.decompressobj(31)
        self._data = begun
        self._is_full = self._is_inside = self._is_done = False
        self._packed = self._given = 0
        self.is_cut = False
        self.damages = 0

    def read(self, size: int, /) -> bytes:
        while not self._is_done:
            if chunk := self._step(size):
                self._given += len(chunk)
                if self._given > _RATIO_MATTERS_ABOVE and self._given > MAX_RATIO * self._packed:
                    raise Unreadable(
                        f"{self._name} unpacks to more than {MAX_RATIO} times its size, as traps do; it was not read "
                        "further."
                    )
                return chunk
        return b""

    def _step(self, size: int) -> bytes:
        if not self._data and not self._is_full:
            self._data = self._next_block()
            if not self._data:
                self._is_done, self.is_cut = True, self._is_inside
                return b""
        try:
            chunk = self._inflate.decompress(self._data, size)
        except zlib.error:
            self._pass_over()
            return b""
        self._data = self._inflate.unconsumed_tail
        self._is_full, self._is_inside = len(chunk) == size, True
        if self._inflate.eof:
            self._data = self._inflate.unused_data.lstrip(b"\0")
            self._start_member()
        return chunk

    def _start_member(self) -> None:
        self._inflate = zlib.decompressobj(31)
        self._is_full = self._is_inside = False

    def _next_block(self) -> bytes:
        data = self._file.read(BLOCK)
        self._packed += len(data)
        return data

    def _pass_over(self) -> None:
        """To the next place that looks like the beginning of a member."""
        self.damages += 1
        data = self._data[1:]
        while (at := data.find(_MAGIC)) < 0:
            block = self._next_block()
            if not block:
                data = b""
                break
            data = data[-2:] + block
        self._data = data[at:] if at > 0 else data
        self._start_member()


def excerpt(file: _Stream, span: tuple[int, int]) -> Iterator[bytes]:
    """The bytes of one record, piece by piece; `file` is the whole file at its start, packed or not."""
    at, left = span
    head = file.read(BLOCK)
    source: _Stream = file
    if head.startswith(_MAGIC):
        source, head = _Unpacked(file, "the crawl", head), b""
    while left > 0 and (data := head or source.read(BLOCK)):
        head, skipped = b"", min(at, len(data))
        at -= skipped
        data = data[skipped:][:left]
        left -= len(data)
        if data:
            yield data


class Tape:
    """The unpacked bytes of a file, forward only, with bytes that can be put back. Use it as a context manager."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("rb")
        is_packed = self._file.read(len(_MAGIC)) == _MAGIC
        self._file.seek(0)
        self._unpacked = _Unpacked(self._file, path.name) if is_packed else None
        self._source: _Stream = self._unpacked or self._file
        self._buffer = b""
        self._at = 0
        self._patience = _HEADERS

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()

    @property
    def is_cut(self) -> bool:
        """Whether the packing ended in the middle."""
        return self._unpacked is not None and self._unpacked.is_cut

    @property
    def damages(self) -> int:
        """How many damaged parts of the packing were passed over."""
        return self._unpacked.damages if self._unpacked is not None else 0

    def tell(self) -> int:
        return self._at

    def start_record(self) -> None:
        """Give the headers that follow their measure."""
        self._patience = _HEADERS

    def read(self, size: int = BLOCK) -> bytes:
        """Some bytes, at most BLOCK; none at the end."""
        if not self._buffer:
            self._buffer = self._source.read(BLOCK)
        data, self._buffer = self._buffer[: min(size, BLOCK)], self._buffer[min(size, BLOCK) :]
        self._at += len(data)
        return data

    def put_back(self, data: bytes) -> None:
        self._buffer = data + self._buffer
        self._at -= len(data)

    def readline(self, size: int | None = None) -> bytes:
        """A line of a header. Raises _Damaged for one that is too long to be that."""
        limit = _LONGEST_LINE if size is None else min(size, _LONGEST_LINE)
        while b"\n" not in self._buffer[:limit] and len(self._buffer) < limit:
            more = self._source.read(BLOCK)
            if not more:
                break
            self._buffer += more
        end = self._buffer.find(b"\n", 0, limit) + 1 or min(limit, len(self._buffer))
        line, self._buffer = self._buffer[:end], self._buffer[end:]
        self._at += len(line)
        self._patience -= len(line)
        if len(line) >= _LONGEST_LINE or self._patience < 0:
            raise _Damaged
        return line


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One record. `at` and `size` are its place in the unpacked file. `trouble` says what is wrong with it.

    `status` is 0 where HTTP gave none. `body` is the page as the server meant it: unchunked and unpacked.
    """

    kind: str
    url: str
    at: int
    size: int
    when: str = ""
    status: int = 0
    media_type: str = ""
    charset: str = ""
    body: bytes = b""
    trouble: str = ""


@dataclass
class Records:
    """The records of a file in order; afterwards, `troubles` says where something was wrong with the file itself."""

    path: Path

    def __post_init__(self) -> None:
        self.troubles: list[str] = []
        self._loader = ArcWarcRecordLoader(verify_http=False, arc2warc=False)
        self._format: str | None = None

    def __iter__(self) -> Iterator[Record]:
        with Tape(self.path) as tape:
            while True:
                try:
                    line, at = self._next_line(tape)
                    if not line:
                        break
                    record = self._record(tape, line, at)
                except (_Damaged, *_BROKEN):
                    self._say(tape, "holds no record that can be read; it was read on from the next one")
                    continue
                if record is not None:
                    yield record
            if tape.is_cut:
                self._say(tape, "the packed file ends in the middle; everything before was read")
            if tape.damages:
                self.troubles.append(f"{self.path.name}: {tape.damages} damaged parts of the packing were passed over.")

    def _say(self, tape: Tape, what: str) -> None:
        self.troubles.append(f"{self.path.name}, at byte {tape.tell():,}: {what}.")

    def _next_line(self, tape: Tape) -> tuple[bytes, int]:
        """The next line that begins a record, and its place. Empty at the end."""
        is_lost = False
        while True:
            tape.start_record()
            at = tape.tell()
            try:
                line = tape.readline()
            except _Damaged:
                is_lost = True
                continue
            if not line or self._begins(line):
                if is_lost:
                    self._say(tape, "a record is longer than it says; it was read on from here")
                return line, at
            is_lost = is_lost or bool(line.strip())

    def _begins(self, line: bytes) -> bool:
        if self._format == "arc":
            return bool(_ARC_LINE.match(line))
        return bool(_WARC_LINE.match(line)) or (self._format is None and bool(_ARC_LINE.match(line)))

    def _record(self, tape: Tape, line: bytes, at: int) -> Record | None:
        found = self._loader.parse_record_stream(tape, statusline=line, known_format=self._format, no_record_parse=True)
        self._format = found.format
        if found.length is None:
            self._say(tape, "a record does not say how long it is; it was read on from the next one")
            return None
        block, trouble = self._block(tape, int(found.length))
        return _told(found, block, at, size=tape.tell() - at, trouble=trouble)

    def _block(self, tape: Tape, length: int) -> tuple[bytes, str]:
        """The record's block as far as it is kept, and "" or what is wrong with it."""
        kept, left, tail, is_large = bytearray(), length, b"", False
        while left > 0:
            piece = tape.read(left)
            if not piece:
                self._say(tape, "the file ends in the middle of a record; everything before was read")
                return bytes(kept), _CUT
            left -= len(piece)
            kept += piece
            seen = tail + piece
            if match := _WARC_NEXT.search(seen):
                tape.put_back(seen[match.end() :])
                self._say(tape, "a record is shorter than it says; it was read on from here")
                return bytes(kept[: len(kept) - (len(seen) - match.start())]), ""
            if len(kept) > LARGEST_BODY:
                is_large = True
                kept.clear()
            tail = piece[-64:]
        return (b"", _TOO_LARGE) if is_large else (bytes(kept), "")


def _told(found: ArcWarcRecord, block: bytes, at: int, *, size: int, trouble: str) -> Record:
    is_arc, kind, headers = found.format == "arc", (found.rec_type or "").lower(), found.rec_headers
    url = headers.get_header("uri" if is_arc else "WARC-Target-URI") or ""
    record = Record(
        kind=kind,
        url=url,
        at=at,
        size=size,
        when=headers.get_header("archive-date" if is_arc else "WARC-Date") or "",
        media_type=(headers.get_header("content-type" if is_arc else "Content-Type") or "").lower(),
        trouble=trouble,
    )
    if kind not in {"response", "resource"} or trouble == _TOO_LARGE:
        return record
    if kind == "resource" or not url.lower().startswith(("http:", "https:")):
        return _with_body(record, None, block)
    return _of_http(record, block)


def _of_http(record: Record, block: bytes) -> Record:
    stream = io.BytesIO(block)
    try:
        http = StatusAndHeadersParser(["HTTP/"], verify=False).parse(stream)
    except _BROKEN:
        return _with_body(record, None, block)
    code = (http.get_statuscode() or "")[:3]
    if not code.isdecimal():  # an old crawler's ARC may hold the page alone
        return _with_body(record, None, block)
    return _with_body(record, http, block[stream.tell() :], int(code))


def _with_body(record: Record, http: StatusAndHeaders | None, data: bytes, status: int = 0) -> Record:
    def header(name: str) -> str:
        return ((http.get_header(name) if http is not None else "") or "").strip().lower()

    if header("transfer-encoding") == "chunked":
        data = _unchunked(data)
    body, trouble = _inflated(data, header("content-encoding"))
    media_type, _, rest = (header("content-type") or record.media_type).partition(";")
    charset = re.search(r"charset\s*=\s*[\"']?([\w.:-]{1,40})", rest)
    return Record(
        kind=record.kind,
        url=record.url,
        at=record.at,
        size=record.size,
        when=record.when,
        status=status,
        media_type=media_type.strip(),
        charset=charset[1] if charset else "",
        body=body,
        trouble=record.trouble or trouble,
    )


def _unchunked(data: bytes) -> bytes:
    reader = ChunkedDataReader(io.BytesIO(data), decomp_type=None)
    try:
        return b"".join(iter(lambda: reader.read(BLOCK), b""))
    except _BROKEN:
        return data


def _inflated(data: bytes, coding: str) -> tuple[bytes, str]:
    """The body unpacked, and "" or what is wrong. Some crawlers unpack it and leave the header that says otherwise."""
    if coding in {"", "identity"} or data[:64].lstrip()[:1] == b"<":
        return data, ""
    if coding not in {"gzip", "x-gzip", "deflate"}:
        return data, f"it is packed in a way that is not read ({coding[:20]})"
    for bits in (47, -15):
        inflate = zlib.decompressobj(bits)
        try:
            body = inflate.decompress(data, LARGEST_BODY + 1)
        except zlib.error:
            continue
        if len(body) > LARGEST_BODY:
            return b"", f"it unpacks to more than {LARGEST_BODY:,} bytes, which no page does"
        return body, "" if inflate.eof else "it is cut off: its packing ends in the middle"
    return data, "its packing is damaged"
