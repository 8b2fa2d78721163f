"""Opening what strangers made: zips, XML and HTML, with every resource bounded.

Whatever is wrong becomes `Unreadable` with one sentence. Only `SafeZip.copy` puts anything onto the disk, under the
path that it is given and nowhere else.
"""

from __future__ import annotations

import html.entities
import io
import re
import stat
import struct
import sys
import zipfile
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

import ftfy.bad_codecs  # noqa: F401  registers "sloppy-windows-1252", in which every byte means something
from lxml import etree
from lxml import html as lxml_html

from undying.formats import Unreadable
from undying.formats.onefile import what_it_looks_like

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from types import TracebackType
    from typing import BinaryIO, Self, TypeAlias

    Element: TypeAlias = etree._Element  # noqa: SLF001  lxml has no public name for what it returns

MAX_MEMBER = 64 * 1024 * 1024
MAX_RATIO = 200
RATIO_MATTERS_ABOVE = 8 * 1024 * 1024
"""Below this size no ratio is suspicious: a page of blank lines shrinks a thousandfold."""
MAX_MARKUP = 64 * 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """How much a zip may be: bytes of the zip itself, files in it, bytes that all of them unpack to."""

    file: int
    members: int
    total: int


BOOK = Bounds(file=512 * 1024 * 1024, members=20_000, total=1024 * 1024 * 1024)
"""A zip that is one document."""
COLLECTION = Bounds(file=16 * 1024**3, members=250_000, total=64 * 1024**3)
"""A zip of files: what an archivist packs up of a whole site."""
_CHUNK = 64 * 1024
_LONGEST_ENTRY = 512
"""Bytes of a zip's directory for each file in it, generously; Python reads the whole directory before it counts."""
_LOCAL_HEADER = 30
_ENCRYPTED = 0x1
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_DAMAGE = (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError, struct.error)


class Trap(Unreadable):
    """The zip unpacks to more than a reader can take. Nothing in it is to be believed."""


class SafeZip:
    """A zip whose members are read one by one, each and all of them bounded. Use it as a context manager.

    Names are with forward slashes, as in the archive's directory; folders are left out.
    """

    def __init__(self, archive: zipfile.ZipFile, name: str, bounds: Bounds = BOOK) -> None:
        self._archive = archive
        self.name = name
        self._bounds = bounds
        self._total = 0
        self._members = self._checked()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._archive.close()

    @property
    def claimed_size(self) -> int:
        """How many bytes its directory says that it unpacks to. Python's zipfile never gives more than that."""
        return sum(info.file_size for info in self._members.values())

    @property
    def names(self) -> tuple[str, ...]:
        """Every file in it, in the order of its directory."""
        return tuple(self._members)

    def __contains__(self, name: object) -> bool:
        return name in self._members

    def read(self, name: str, limit: int = MAX_MEMBER) -> bytes:
        """One member whole, at most `limit` bytes. Raises Unreadable, also when there is no such member."""
        return b"".join(self._chunks(name, limit))

    def copy(self, name: str, target: Path) -> None:
        """One member to a new file, in little memory. Raises Unreadable; OSError if the file cannot be written."""
        with target.open("xb") as file:
            for chunk in self._chunks(name, self._bounds.total):
                file.write(chunk)

    def refuse_traps(self) -> None:
        """Raises Trap for what the directory itself admits, before anything is unpacked."""
        if self.claimed_size > self._bounds.total:
            raise Trap(f"{self.name} unpacks to more than {self._bounds.total:,} bytes; it was not read.")
        for info in self._members.values():
            self._refuse_ratio(info, info.file_size)

    def _chunks(self, name: str, limit: int) -> Iterator[bytes]:
        """Counts what really comes out: the sizes in a zip's directory are only claims."""
        size = 0
        for chunk in self._unpacked(name):
            size += len(chunk)
            self._total += len(chunk)
            self._refuse_bombs(self._members[name], size, limit)
            yield chunk

    def _unpacked(self, name: str) -> Iterator[bytes]:
        info = self._members.get(name)
        if info is None:
            raise Unreadable(f"{self.name} has no file “{name}” in it.")
        try:
            with self._archive.open(info) as stream:
                while chunk := stream.read(_CHUNK):
                    yield chunk
        except _DAMAGE as error:
            raise Unreadable(
                f"{self.name}: the file “{name}” in it is damaged; download or copy the whole file again."
            ) from error

    def _refuse_bombs(self, info: zipfile.ZipInfo, size: int, limit: int) -> None:
        self._refuse_ratio(info, size)
        if self._total > self._bounds.total:
            raise Trap(f"{self.name} unpacks to more than {self._bounds.total:,} bytes; it was not read further.")
        if size > limit:
            raise Unreadable(
                f"{self.name}: the file “{info.filename}” in it is larger than {limit:,} bytes; it was not read."
            )

    def _refuse_ratio(self, info: zipfile.ZipInfo, size: int) -> None:
        if size > RATIO_MATTERS_ABOVE and size > MAX_RATIO * max(info.compress_size, 1):
            raise Trap(
                f"{self.name}: the file “{info.filename}” in it unpacks to more than {MAX_RATIO} times its size, as "
                "traps do; it was not read."
            )

    def _checked(self) -> dict[str, zipfile.ZipInfo]:
        infos = self._archive.infolist()
        if len(infos) > self._bounds.members:
            raise Unreadable(f"{self.name} holds {len(infos):,} files; at most {self._bounds.members:,} are read.")
        self._refuse_overlaps(infos)
        members: dict[str, zipfile.ZipInfo] = {}
        for info in infos:
            if info.filename.endswith("/"):  # is_dir() of Python 3.11 stumbles over an empty name
                continue
            name = self._safe_name(info)
            if name in members:
                raise Unreadable(f"{self.name} holds two files named “{name}”; make the zip again.")
            members[name] = info
        return members

    def _safe_name(self, info: zipfile.ZipInfo) -> str:
        name = info.filename.replace("\\", "/")
        if not name:
            raise Unreadable(f"{self.name} holds a file without a name, so it is damaged; download or copy it again.")
        if name.startswith("/") or ":" in name.split("/", maxsplit=1)[0] or ".." in name.split("/") or "\0" in name:
            raise Unreadable(f"{self.name} holds a file that would escape its folder (“{name}”); it was not read.")
        if stat.S_ISLNK(info.external_attr >> 16):
            raise Unreadable(f"{self.name} holds a symbolic link (“{name}”); it was not read.")
        if info.flag_bits & _ENCRYPTED:
            raise Unreadable(f"{self.name} is protected by a password; remove the protection and try again.")
        if info.compress_type not in _METHODS:
            raise Unreadable(f"{self.name}: “{name}” is packed in a way that is not read; make the zip again.")
        return name

    def _refuse_overlaps(self, infos: list[zipfile.ZipInfo]) -> None:
        """Members that share bytes make a small zip unpack to anything without any single high ratio."""
        end = 0
        for info in sorted(infos, key=lambda info: info.header_offset):
            if info.header_offset < end:
                raise Unreadable(f"{self.name} has files in it that overlap, as traps do; it was not read.")
            end = info.header_offset + _LOCAL_HEADER + len(info.orig_filename) + info.compress_size


def open_zip(source: Path | bytes, name: str = "", bounds: Bounds = BOOK) -> SafeZip:
    """The zip at a path, or in memory under a name for messages. Raises Unreadable."""
    label = name or ("the file" if isinstance(source, bytes) else source.name)
    try:
        with io.BytesIO(source) if isinstance(source, bytes) else source.open("rb") as stream:
            _refuse_what_is_no_zip(stream, label, bounds)
        archive = zipfile.ZipFile(io.BytesIO(source) if isinstance(source, bytes) else source)
    except (zipfile.BadZipFile, ValueError, EOFError, NotImplementedError, struct.error) as error:
        raise Unreadable(
            f"{label} is a damaged zip, perhaps a download that was cut off; download or copy it again."
        ) from error
    except OSError as error:
        raise Unreadable(f"{label} cannot be opened: {error.strerror or 'it could not be read'}.") from error
    try:
        return SafeZip(archive, label, bounds)
    except Unreadable:
        archive.close()
        raise


def _refuse_what_is_no_zip(stream: BinaryIO, label: str, bounds: Bounds) -> None:
    head, size = stream.read(_CHUNK), stream.seek(0, io.SEEK_END)
    if not head:
        raise Unreadable(f"{label} is empty; download or copy it again.")
    if size > bounds.file:
        raise Unreadable(f"{label} is larger than {bounds.file:,} bytes; it was not read.")
    if not head.startswith(b"PK"):
        kind = what_it_looks_like(head) or ("an HTML or XML page" if head.lstrip()[:1] == b"<" else "")
        raise Unreadable(f"{label} is no zip file" + (f" but {kind}." if kind else "; check where it comes from."))
    stream.seek(max(size - _CHUNK - _END.size - _LOCATOR, 0))
    if _directory_size(stream.read()) > bounds.members * _LONGEST_ENTRY:
        raise Unreadable(f"{label} holds far more than {bounds.members:,} files; it was not read.")


_END = struct.Struct("<4s4H2LH")
_END_64 = struct.Struct("<4sQ2H2L4Q")
_LOCATOR = 20
_SEE_64 = 0xFFFFFFFF


def _directory_size(tail: bytes) -> int:
    """How many bytes the zip's directory takes, as the record at its end says; 0 when there is none.

    That record is searched for as Python's zipfile does, or this would look at another one than zipfile believes.
    """
    at = len(tail) - _END.size
    if not (at >= 0 and tail.startswith(b"PK\5\6", at) and tail.endswith(b"\0\0")):
        at = tail.rfind(b"PK\5\6")
    if at < 0 or at + _END.size > len(tail):
        return 0
    size = int(_END.unpack_from(tail, at)[5])
    before = at - _LOCATOR - _END_64.size
    if before >= 0 and tail.startswith(b"PK\6\6", before):
        size = max(size if size != _SEE_64 else 0, int(_END_64.unpack_from(tail, before)[8]))
    return size


_SUBSET = re.compile(rb"<!DOCTYPE[^>\[]*\[")
_ENTITY = re.compile(rb"<!ENTITY\s")
_NAMED = re.compile(rb"&([A-Za-z][A-Za-z0-9]{1,31});")
_XML_OWN = {b"amp", b"lt", b"gt", b"quot", b"apos"}


def parse_xml(data: bytes, what: str = "the XML") -> Element:
    """The root element. Entities, external files and network are off; nothing is repaired in silence.

    Names that HTML defines (`&nbsp;`) are read as their characters, because XHTML is full of them. Raises Unreadable,
    naming `what` and the line.
    """
    if len(data) > MAX_MARKUP:
        raise Unreadable(f"{what} is larger than {MAX_MARKUP:,} bytes; it was not read.")
    probe = data.replace(b"\0", b"")  # a UTF-16 file shows its ASCII this way
    if _SUBSET.search(probe) and _ENTITY.search(probe):
        raise Unreadable(f"{what} defines entities of its own, as traps do; it was not read.")
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, recover=False, remove_pis=True
    )
    try:
        root = etree.fromstring(_NAMED.sub(_character, data), parser)
    except (etree.XMLSyntaxError, ValueError, LookupError) as error:
        raise Unreadable(f"{what} is not well-formed XML: {_reason(error)}.") from error
    if root is None:
        raise Unreadable(f"{what} is empty.")
    return root


def _character(match: re.Match[bytes]) -> bytes:
    name = match[1]
    if name in _XML_OWN:
        return match[0]
    text = html.entities.html5.get(f"{name.decode('ascii')};", "")
    return "".join(f"&#{ord(letter)};" for letter in text).encode("ascii") or match[0]


def _reason(error: Exception) -> str:
    line = getattr(error, "lineno", None)
    text = str(getattr(error, "msg", error) or "it ends too early").split(", line ")[0]
    return f"{text} (line {line})" if line else text


_DECLARED = re.compile(
    rb"""<\?xml[^>]{0,200}?encoding\s*=\s*["']([A-Za-z0-9._-]+)|charset\s*=\s*["']?([A-Za-z0-9._-]+)"""
)
_BOMS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_C1_IS_WINDOWS = {"iso-8859-1", "latin-1", "latin1", "us-ascii", "ascii", "iso8859-1"}


def decode(data: bytes) -> tuple[str, str]:
    """The text of a page, and "" or a sentence on what was wrong with the encoding that it declares.

    A byte order mark wins; then UTF-8 if the bytes are UTF-8, whatever they declare, because no other encoding looks
    like it by chance; then what is declared; then Windows-1252.
    """
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            return data.decode(encoding, errors="replace"), ""
    match = _DECLARED.search(data[:4096])
    declared = (match[1] or match[2]).decode("ascii").lower() if match else ""
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        return _decode_as(data, declared)
    if declared in {"", "utf-8", "utf8"} or data.isascii():
        return text, ""
    return text, f"declares “{declared}” but is UTF-8, and was read so"


def _decode_as(data: bytes, declared: str) -> tuple[str, str]:
    if declared and declared not in {"utf-8", "utf8"} | _C1_IS_WINDOWS:
        try:
            return data.decode(declared), ""
        except (UnicodeDecodeError, LookupError):
            pass
    text = data.decode("sloppy-windows-1252")
    wrong = "" if declared in _C1_IS_WINDOWS | {"windows-1252"} else "is not in the encoding that it declares"
    return text, wrong and f"{wrong} (“{declared or 'none'}”), and was read as Windows-1252: check its accents"


def parse_html(data: bytes | str, what: str = "the page") -> Element:
    """The root element of a page, repaired as browsers do. Raises Unreadable for what no browser would show whole."""
    text = decode(data)[0] if isinstance(data, bytes) else data
    if len(text) > MAX_MARKUP:
        raise Unreadable(f"{what} is larger than {MAX_MARKUP:,} characters; it was not read.")
    text = _XML_DECLARATION.sub("", _without_controls(text), count=1)
    if not text.strip():
        raise Unreadable(f"{what} is empty.")
    # Old pages never close <font> and <center>: 256 levels, lxml's careful limit, cut real stories.
    parser = lxml_html.HTMLParser(encoding="utf-8", no_network=True, huge_tree=True, remove_pis=True)
    try:
        root: Element = lxml_html.document_fromstring(text.encode("utf-8", errors="replace"), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError) as error:
        raise Unreadable(f"{what} holds no page that can be read.") from error
    if any("depth" in entry.message for entry in parser.error_log):
        raise Unreadable(f"{what} nests its elements too deeply to be read whole.")
    return root


_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_REFERENCE = re.compile(r"&#(?:[xX]([0-9A-Fa-f]{1,8})|([0-9]{1,8}));?")


def _without_controls(text: str) -> str:
    """Characters that no page may hold and lxml cannot take, raw or as references. A form feed is a space."""
    return _REFERENCE.sub(_allowed, _CONTROLS.sub("", text.replace("\x0c", " ")))


def _allowed(match: re.Match[str]) -> str:
    number = int(match[1], 16) if match[1] else int(match[2])
    return match[0] if number < sys.maxunicode and not _CONTROLS.match(chr(number)) else ""


_XML_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")


def parse_page(data: bytes, what: str = "the page") -> tuple[Element, str]:
    """The root of an XHTML or HTML page with plain tag names, and "" or what had to be repaired, in words."""
    text, wrong = decode(data)
    try:
        root = parse_xml(_XML_DECLARATION.sub("", text, count=1).encode("utf-8", errors="replace"), what)
    except Unreadable as error:
        if "entities of its own" in str(error):
            raise
        return parse_html(text, what), wrong
    for element in root.iter():
        if isinstance(element.tag, str) and element.tag.startswith("{"):
            element.tag = element.tag.rpartition("}")[2]
    return root, wrong
