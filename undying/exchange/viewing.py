"""The bytes of a row or file, fit to be looked at: as text or as numbers, with what is personal masked until asked."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from undying.exchange import originals

if TYPE_CHECKING:
    from undying.exchange.models import Entry

MOST = 64 * 1024
"""Bytes that are shown; the whole can be downloaded."""
MOST_IN_HEX = 4 * 1024
MASK = "•••"
_WIDTH = 16
_PERSONAL = re.compile(
    r"""(?<![^\s'"<>(),;:@])[^\s'"<>(),;:@]++@[^\s'"<>(),;:@]+\.[A-Za-z]{2,}"""  # e-mail addresses
    r"""|\b(?:\d{1,3}\.){3}\d{1,3}\b"""  # IP addresses
    r"""|\b(?:[0-9A-Fa-f]{1,4}:){3,7}:?[0-9A-Fa-f]{0,4}\b"""
    r"""|(?<![0-9A-Za-z])[0-9a-fA-F]{32,128}(?![0-9A-Za-z])"""  # hashes of passwords
    r"""|\$[0-9A-Za-z]{1,2}\$[./0-9A-Za-z$]{20,}"""
)
_LITERAL = re.compile(r"""'(?:[^'\\]|\\.|'')*+'?|"(?:[^"\\]|\\.|"")*+"?|0x[0-9A-Fa-f]+""", re.DOTALL)
_ABOUT_STORIES = re.compile(
    r"(?:stories|chapters|reviews|series|inseries|coauthors|categories|characters|classes|classtypes|genres|warnings"
    r"|ratings|challenges|favorites|favauth|favseries|favstor|news|comments|messages|blocks|panels|pagelinks"
    r"|authorfields)\Z"
)
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What is shown of the bytes: `text`, or `hex` where they are none; `is_cut` when there is more of it."""

    text: str
    hex: str
    is_cut: bool
    hidden: int


def look(entry: Entry, *, unmasked: bool = False) -> Look:
    """The beginning of the bytes. Raises NotKept, `store.Unwhole` and Unreadable."""
    data = b""
    for piece in originals.of(entry).portions():
        data += piece
        if len(data) > MOST:
            break
    is_cut, data = len(data) > MOST, data[:MOST]
    text = _text(data, is_cut=is_cut)
    if text is None:
        return Look(text="", hex=_hex(data[:MOST_IN_HEX]), is_cut=is_cut or len(data) > MOST_IN_HEX, hidden=0)
    shown, hidden = (text, 0) if unmasked else _masked(text, entry.container)
    return Look(text=_CONTROLS.sub("\N{REPLACEMENT CHARACTER}", shown), hex="", is_cut=is_cut, hidden=hidden)


def _text(data: bytes, *, is_cut: bool) -> str | None:
    """The bytes as text, leniently: old archives mix encodings. None when they are no text in any."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", "replace")
    if b"\0" in data:
        return None
    try:
        return (data[:-3] if is_cut else data).decode("utf-8")
    except UnicodeDecodeError:
        pass
    strange = sum(byte < 0x20 and byte not in b"\t\n\r\f" for byte in data)  # noqa: PLR2004 - the control characters
    return data.decode("cp1252", "replace") if strange * 100 <= len(data) else None


def _masked(text: str, container: str) -> tuple[str, int]:
    """What may be personal replaced, and how often: in tables that are not about stories, every text is."""
    is_row = not container.endswith("/") and text.startswith("(")
    if is_row and not _ABOUT_STORIES.search(container):
        return _LITERAL.subn(lambda found: found[0] if len(found[0]) <= len("''") else f"'{MASK}'", text)
    return masked(text)


def masked(text: str) -> tuple[str, int]:
    """A text with addresses and the like replaced, and how many they were."""
    return _PERSONAL.subn(MASK, text)


def _hex(data: bytes) -> str:
    lines = []
    for at in range(0, len(data), _WIDTH):
        part = data[at : at + _WIDTH]
        shown = "".join(chr(byte) if 0x20 <= byte < 0x7F else "." for byte in part)  # noqa: PLR2004 - what ASCII prints
        lines.append(f"{at:08x}  {part.hex(' '):<{_WIDTH * 3}} {shown}")
    return "\n".join(lines)
