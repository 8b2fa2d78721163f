"""UTF-8 that was read as another encoding and encoded once more (“Ã©” for “é”): told from what was typed on purpose.

What happened to a text when a database moved happened to all of it, line by line at least: a line in which some letters
are doubled and others are not was typed so, and one or two pairs in a text that is right elsewhere are quoted.
"""

from __future__ import annotations

import re

import ftfy
import ftfy.bad_codecs
import ftfy.badness

_READ_AS = (
    "sloppy-windows-1252", "latin-1", "mac_roman", "sloppy-windows-1250", "sloppy-windows-1251",
    "sloppy-windows-1253", "sloppy-windows-1254",
)  # fmt: skip
_FEW = 3


def _sequence(codec: str) -> str:
    """What a character of two to four bytes of UTF-8 looks like when its bytes are read with the codec."""
    follow = f"[{re.escape(bytes(range(0x80, 0xC0)).decode(codec))}]"
    parts = ((0xC2, 0xE0, follow), (0xE0, 0xF0, follow * 2), (0xF0, 0xF5, follow * 3))
    return "|".join(f"[{re.escape(bytes(range(low, high)).decode(codec))}]{rest}" for low, high, rest in parts)


# The last alternative is the punctuation of Windows-1252, read as Latin-1.
_SEQUENCES = tuple(re.compile(rf"(?:{_sequence(codec)})|[\x80-\x9f]") for codec in _READ_AS)
# What is left of “à” where its no-break space became a space.
_HALF = re.compile("Ã(?= )")
# Most texts hold no two characters beyond ASCII in a row: what does not is passed by at once.
_RUNS = re.compile(r"[^\x00-\x7f]{2,}|[\x80-\x9f]")
_MAY_BE = re.compile("|".join([*map(_sequence, _READ_AS), r"[\x80-\x9f]"]))


def undoubled(text: str) -> tuple[str, int]:
    """The text with the second encoding undone, and how many characters it hit; the text as it is where in doubt."""
    if text.isascii() or not _MAY_BE.search("\n".join(_RUNS.findall(text))) or not ftfy.badness.is_bad(text):
        return text, 0
    lines = [_line(line) for line in text.split("\n")]
    places = sum(count for _fixed, count, _honest in lines)
    if not places or (places < _FEW and any(honest for _fixed, _count, honest in lines)):
        return text, 0
    return "\n".join(fixed for fixed, _count, _honest in lines), places


def _line(line: str) -> tuple[str, int, bool]:
    """(the line mended, how many characters were, whether it holds letters beyond ASCII that are right as they are)."""
    if line.isascii():
        return line, 0, False
    counted = [pattern.subn("", line) for pattern in _SEQUENCES]
    rest, count = min(counted, key=lambda pair: (_beyond_ascii(_HALF.sub("", pair[0])), -pair[1]))
    honest = _beyond_ascii(_HALF.sub("", rest)) > 0
    if not count or honest:
        return line, 0, honest
    fixed = ftfy.fix_encoding(line)
    if fixed == line or ftfy.badness.is_bad(fixed) or not ftfy.badness.is_bad(line):
        return line, 0, True
    return fixed, count, False


def _beyond_ascii(text: str) -> int:
    return sum(not char.isascii() for char in text)
