"""What every reader of one plain file needs: its bytes, its text, its name as a title, its source and its fate."""

from __future__ import annotations

import codecs
import hashlib
import re
import unicodedata
from typing import TYPE_CHECKING

import ftfy.bad_codecs  # noqa: F401  registers "sloppy-windows-1252", cp1252 in which every byte means something

from undying.formats import Fate, Outcome, Remark, Unreadable
from undying.manuscript import Source

if TYPE_CHECKING:
    from pathlib import Path

    from undying.formats import Request

MEBIBYTE = 1024 * 1024
LARGEST_TEXT = 12 * MEBIBYTE
"""Some two million words; reading so many takes 400 MB of memory and eight seconds."""

_BYTE_ORDER_MARKS = (  # UTF-32 before UTF-16: the little-endian marks begin alike
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_MAGIC = (
    (b"\x89PNG", "a PNG picture"),
    (b"\xff\xd8\xff", "a JPEG picture"),
    (b"GIF8", "a GIF picture"),
    (b"%PDF-", "a PDF"),
    (b"PK\x03\x04", "a ZIP archive or an office document"),
    (b"\xd0\xcf\x11\xe0", "an old Word or Excel document"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"Rar!", "a RAR archive"),
    (b"7z\xbc\xaf", "a 7-Zip archive"),
    (b"{\\rtf", "a Rich Text document"),
    (b"MZ", "a Windows program"),
    (b"\x7fELF", "a program"),
    (b"SQLite format 3", "a SQLite database"),
    (b"ID3", "a sound file"),
)
_CONTROL = re.compile("[\x00-\x08\x0e-\x1f\x7f\ufffe\uffff]")
_NO_STORY = re.compile(
    r"(?:read[-_ ]?me|licen[cs]e|copying|copyright|changelog|robots)(?:[-_. ].*)?|desktop\.ini|thumbs\.db",
    re.IGNORECASE,
)


def is_not_a_story(path: Path) -> str:
    """Why a file of this name is taken for no story ("a read-me file, not a story"), or "" when it may be one."""
    stem = path.name
    if not _NO_STORY.fullmatch(stem):
        return ""
    return f"“{stem}” is by its name a file about the collection, not a story; rename it if it is one"


def what_it_looks_like(head: bytes) -> str:
    """What the first bytes say the file is ("a PNG picture"), or ""."""
    return next((name for magic, name in _MAGIC if head.startswith(magic)), "")


def file_bytes(path: Path, *, largest: int = LARGEST_TEXT) -> bytes:
    """The whole file. Raises Unreadable when it is empty, larger than `largest` bytes, or cannot be opened."""
    try:
        size = path.stat().st_size
        if size > largest:
            raise Unreadable(
                f"{path.name}: {size // MEBIBYTE} MiB is more than the {largest // MEBIBYTE} MiB that one story of "
                "this kind may have; split the file."
            )
        data = path.read_bytes()
    except OSError as trouble:
        raise Unreadable(f"{path.name}: the file cannot be read ({trouble.strerror}); check its permissions.") from None
    if not data.strip():
        raise Unreadable(f"{path.name}: the file is empty; there is no story in it.")
    return data


def file_text(data: bytes, name: str, *, declared: str = "") -> tuple[str, Remark | None]:
    """The text of a file in NFC with plain newlines, and a remark when its encoding had to be guessed.

    `declared` is the encoding that the file itself names, tried after byte order marks and UTF-8. Raises Unreadable
    when the bytes are no text.
    """
    text, remark = _decoded(data, name, declared)
    if len(_CONTROL.findall(text[:MEBIBYTE])) * 200 > len(text[:MEBIBYTE]):
        kind = what_it_looks_like(data) or "no text"
        raise Unreadable(f"{name}: this is {kind}, whatever its name says; give it its right ending, or leave it out.")
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\x1a", "")
    return unicodedata.normalize("NFC", _CONTROL.sub("", text)), remark


def _decoded(data: bytes, name: str, declared: str) -> tuple[str, Remark | None]:
    for mark, encoding in _BYTE_ORDER_MARKS:
        if data.startswith(mark):
            return data.decode(encoding, "replace"), None
    wide = _wide_encoding(data)
    if wide:
        return data.decode(wide, "replace"), None
    try:
        return data.decode("utf-8"), None
    except UnicodeDecodeError:
        pass
    if declared:
        try:
            return data.decode("sloppy-windows-1252" if declared in _LATIN_1 else declared), None
        except (LookupError, UnicodeDecodeError):
            pass
    encoding = _guessed_encoding(data)
    remark = Remark(
        text=f"{name}: the file does not say its encoding; it was read as {_SPOKEN.get(encoding, encoding)}. "
        "Look at the accented letters, and save the file as UTF-8 if they are wrong."
    )
    return data.decode(encoding, "replace"), remark


_LATIN_1 = {"iso-8859-1", "latin-1", "latin1", "windows-1252", "cp1252", "us-ascii", "ascii"}
_SPOKEN = {"sloppy-windows-1252": "Windows-1252 (Western European)", "cp1251": "Windows-1251 (Cyrillic)"}


def _wide_encoding(data: bytes) -> str:
    """UTF-16 without a mark betrays itself by zeros in every other byte, as long as some of it is Latin."""
    sample = data[:4096]
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    if odd * 3 > len(sample) // 2 and even * 20 < odd:
        return "utf-16-le"
    if even * 3 > len(sample) // 2 and odd * 20 < even:
        return "utf-16-be"
    return ""


_CANDIDATES = (  # an encoding, and letters that fill a fair share of any page written in it
    ("shift_jis", re.compile("[ぁ-んァ-ヶ]")),
    ("euc_jp", re.compile("[ぁ-んァ-ヶ]")),
    ("euc_kr", re.compile("[이다는을를가에의고하지은도그나아어로서한있니]")),
    ("gb18030", re.compile("[的一是不了人我在有他这中大来上个们到说她你]")),
    ("big5", re.compile("[的一是不了人我在有他這中大來上個們到說她你]")),
    ("cp1251", re.compile("[аеиостнлвр]")),
    ("koi8_r", re.compile("[аеиостнлвр]")),
    ("cp1253", re.compile("[αειοστνλ]")),
    ("cp1255", re.compile("[אהוילמ]")),
)


def _guessed_encoding(data: bytes) -> str:
    """Western unless a third of the letters are high bytes and one candidate makes common letters of them."""
    sample = data[:65536]
    high = len(re.sub(rb"[\x00-\x7f]+", b"", sample))
    if high * 3 < high + len(re.sub(rb"[^A-Za-z]+", b"", sample)):
        return "sloppy-windows-1252"
    best, best_share = "sloppy-windows-1252", 0.1
    for encoding, common in _CANDIDATES:
        text = sample.decode(encoding, "replace")
        foreign = sum(character > "\x7f" for character in text)
        share = (len(common.findall(text)) - 5 * text.count("\ufffd")) / max(foreign, 1)
        if share > best_share:
            best, best_share = encoding, share
    return best


def title_from_name(path: Path) -> str:
    """The file's name as a title: without its ending, underscores and escapes as spaces."""
    stem = re.sub(r"%20|[_+]+", " ", path.stem)
    if " " not in stem:
        stem = re.sub(r"(?<=\w)-(?=\w)", " ", stem) if stem.count("-") > 1 else stem
    stem = re.sub(r"\s+", " ", stem).strip(" .-")
    return stem[:1].upper() + stem[1:] if stem else "Untitled"


def file_source(data: bytes, request: Request) -> Source:
    """A story without a known source is known by the bytes of its file."""
    return Source(site=request.site or "file", key=hashlib.sha256(data).hexdigest())


def file_fate(path: Path, request: Request) -> Fate:
    """The fate of a file that became one story."""
    try:
        folder = path.resolve().parent.relative_to(request.root.resolve()).as_posix()
    except ValueError:
        folder = "."
    return Fate(container=f"{folder}/", key=path.name, outcome=Outcome.IMPORTED, file=path)
