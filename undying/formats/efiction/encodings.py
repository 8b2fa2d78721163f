"""Bytes to text: which encoding a text is in, decided for the archive as a whole and then for each text.

The ladder: byte order mark, strict UTF-8, then single-byte and East Asian candidates weighed by evidence. General
charset detectors get short English cp1252 wrong, so the weighing is our own: a candidate earns points for what fiction
holds (curly quotes against a word, accented letters inside one, runs of Cyrillic or kana) and loses them for what it
does not (control characters, mathematics inside words, two scripts in one word).
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from dataclasses import dataclass, field
from itertools import islice

import ftfy
import ftfy.bad_codecs
import ftfy.badness

# `sloppy-windows-1252` reads the five bytes that cp1252 leaves out as MySQL's latin1 does; it takes every byte.
WINDOWS = "sloppy-windows-1252"
_SINGLE_BYTE = (
    WINDOWS,
    "mac_roman",
    "sloppy-windows-1250",
    "sloppy-windows-1251",
    "sloppy-windows-1253",
    "sloppy-windows-1254",
)
_EAST_ASIAN = ("cp932", "gbk", "big5", "euc_kr", "euc_jp")
_BY_LANGUAGE = {
    "cs": "sloppy-windows-1250",
    "pl": "sloppy-windows-1250",
    "hu": "sloppy-windows-1250",
    "ru": "sloppy-windows-1251",
    "uk": "sloppy-windows-1251",
    "bg": "sloppy-windows-1251",
    "el": "sloppy-windows-1253",
    "tr": "sloppy-windows-1254",
    "ja": "cp932",
    "zh": "gbk",
    "ko": "euc_kr",
}
_NAMES = {"sloppy-windows-": "Windows-", "mac_roman": "Mac Roman", "cp932": "Shift-JIS"}
_BOMS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))
_SAMPLE = 65536
_QUOTE_AT_WORD = re.compile(r"(?<=\w)[’‘”…—–]|[“‘„](?=\w)|(?<=[.,!?])[”’]")
_ACCENT_IN_WORD = re.compile(r"(?<=[a-z])[à-öø-ÿœšžßğışăąćčďđęěĺľłńňőŕřśşťţůűźż]|[à-öø-ÿœšžčřěůßğı](?=[a-z])")
_CAPITAL_IN_WORD = re.compile(r"(?<=[a-z])[À-ÖØ-ÞŠŽŒĂĄĆČĎĐĘĚĹĽŁŃŇŐŔŘŚŞŤŢŮŰŹŻĞİ]")
_LETTERS = "a-zA-Zà-öø-ÿ"
_SYMBOL_IN_WORD = re.compile(rf"(?<=[{_LETTERS}])[^\w\s\x00-\x7f’‘“”…—–«»\u00a0\u00ad]+(?=[{_LETTERS}])")
_CONTROL = re.compile(r"[\x80-\x9f\ufffd]|[\x00-\x08\x0b\x0e-\x1f]")
_ODD = re.compile(r"[‡†ƒ¤¦¨¬±¶¸¹²³∂∑∏π∫Ω√≈∆◊ﬁﬂˇ˘˙˚¯˛˝]")
_CYRILLIC_WORD = re.compile(r"[а-яёіїєґў]{3,}|\b[А-ЯЁІЇЄ][а-яё]{2,}")
_GREEK_WORD = re.compile(r"[α-ωά-ώ]{3,}")
_MIXED_WORD = re.compile(r"[a-zA-Z][а-яА-Яα-ωΑ-Ωёά-ώ\u3040-\u30ff\u4e00-\u9fff\uff61-\uff9f]|[а-яА-Яα-ωΑ-Ωё][a-zA-Z]")
_EAST = re.compile(r"[\u3040-\u30ff\u4e00-\u9fff\uac00-\ud7a3]{2,}")
# Any two bytes are some character in these sets; only what every page is full of tells them apart.
_EAST_COMMON = {
    "cp932": re.compile(r"[\u3041-\u30ff。、]"),
    "euc_jp": re.compile(r"[\u3041-\u30ff。、]"),
    "euc_kr": re.compile(r"[이다는을를에고하가의은지도어한그나서로사]"),
    "gbk": re.compile(r"[的一是不了在人有我他这个们来到时说着就那和要她你，。]"),
    "big5": re.compile(r"[的一是不了在人有我他這個們來到時說著就那和要她你，。]"),
}
# UTF-8 read as Windows-1252 or Mac Roman shows a lead byte before a following one; ftfy's own test is 20 times slower.
_FOLLOWING = re.escape(bytes(range(0x80, 0xC0)).decode(WINDOWS))
_MAY_BE_DOUBLED = re.compile(f"[Â-ô][{_FOLLOWING}]|[√¬‚–—][©®†°Ä∫âå§]")
_HIGH_BYTES = bytes(range(128, 256))
# A long text is judged by the neighbourhoods of its bytes beyond ASCII: the rest says nothing.
_AROUND_HIGH = re.compile(rb"[\x00-\x7f]{0,8}[\x80-\xff]++[\x00-\x7f]{0,4}")
_MOST_PLACES = 400
_CLEAR = 5


def evidence(text: str, encoding: str) -> float:
    """How much the decoded text speaks for the encoding; higher is better, and only comparisons mean anything."""
    points = 3.0 * len(_QUOTE_AT_WORD.findall(text)) + 2.0 * len(_ACCENT_IN_WORD.findall(text))
    points -= 3.0 * len(_CAPITAL_IN_WORD.findall(text)) + 4.0 * len(_SYMBOL_IN_WORD.findall(text))
    points -= 6.0 * len(_CONTROL.findall(text)) + 1.5 * len(_ODD.findall(text)) + 3.0 * len(_MIXED_WORD.findall(text))
    points += 1.2 * sum(map(len, _CYRILLIC_WORD.findall(text))) + 1.2 * sum(map(len, _GREEK_WORD.findall(text)))
    if encoding in _EAST_ASIAN:
        points += sum(map(len, _EAST.findall(text))) + 4.0 * len(_EAST_COMMON[encoding].findall(text))
    return points


def candidates(data: bytes) -> dict[str, float]:
    """The evidence for each encoding that can read these bytes at all."""
    start = data[:_SAMPLE]
    high = len(start) - len(start.translate(None, _HIGH_BYTES))
    sample = b"".join(match[0] for match in islice(_AROUND_HIGH.finditer(data), _MOST_PLACES))
    found = {name: evidence(sample.decode(name), name) for name in _SINGLE_BYTE}
    if high * 4 > len(start):
        for name in _EAST_ASIAN:
            try:
                text = data.decode(name)
            except UnicodeDecodeError:
                continue
            found[name] = evidence(text[:_SAMPLE], name)
    return found


@dataclass
class Decoder:
    """Decodes the texts of one kind (the dump's, or the chapter files'), with a memory of what the archive is in.

    Call `vote` with samples first, then `decode`. `used` counts texts by the encoding that they turned out to be in,
    UTF-8 left out; `repaired` counts texts that had been encoded twice.
    """

    language: str = ""
    used: Counter[str] = field(default_factory=Counter)
    repaired: int = 0
    replaced: int = 0
    _votes: Counter[str] = field(default_factory=Counter)

    def vote(self, data: bytes) -> None:
        """Let one text speak for the archive. Texts in ASCII and UTF-8 have no voice."""
        if not data.isascii() and _as_utf8(data) is None:
            for name, points in candidates(data).items():
                self._votes[name] += round(max(-50.0, min(50.0, points)))

    @property
    def archive_encoding(self) -> str:
        """What the archive's texts are in where they are not UTF-8; Windows-1252 unless there is evidence."""
        hint = _BY_LANGUAGE.get(self.language[:2].lower(), WINDOWS)
        best, most = hint, self._votes[hint]
        for name, points in self._votes.items():
            if points > most + max(4.0, abs(most) * 0.1):
                best, most = name, points
        return best

    def decode(self, data: bytes) -> str:
        """The text, in NFC. Every byte is kept: what no encoding explains becomes U+FFFD and is counted."""
        if data.isascii():
            return data.decode("ascii")
        text = _as_marked(data)
        if text is None:
            text = _as_utf8(data)
        if text is None:
            text = self._as_legacy(data)
        return unicodedata.normalize("NFC", self._undoubled(text))

    def _as_legacy(self, data: bytes) -> str:
        mixed = b"".join(line for line in data.splitlines(keepends=True) if _as_utf8(line) is None)
        name = self._choice(mixed)
        self.used[name] += 1
        if len(mixed) == len(data):
            text = data.decode(name, "replace")
        else:
            text = "".join(_as_utf8(line) or line.decode(name, "replace") for line in data.splitlines(keepends=True))
        self.replaced += "\ufffd" in text
        return text

    def _choice(self, data: bytes) -> str:
        """The archive's encoding, unless this text speaks clearly for another."""
        usual = self.archive_encoding
        found = candidates(data)
        if usual not in found:
            usual = WINDOWS
        best = max(found, key=lambda name: (found[name], name == usual))
        gap = found[best] - found[usual]
        return best if gap >= _CLEAR and (found[usual] < 0 or gap > abs(found[usual]) * 0.5) else usual

    def _undoubled(self, text: str) -> str:
        """Undo UTF-8 that was read as Windows-1252 and encoded again, only where the text is evidently bad."""
        if not text.isascii() and _MAY_BE_DOUBLED.search(text) and ftfy.badness.is_bad(text):
            fixed = ftfy.fix_encoding(text)
            if fixed != text and not ftfy.badness.is_bad(fixed):
                self.repaired += 1
                return fixed
        return text


def shown_name(encoding: str) -> str:
    """The encoding's name for people."""
    for ours, theirs in _NAMES.items():
        encoding = encoding.replace(ours, theirs)
    return encoding


def _as_marked(data: bytes) -> str | None:
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            try:
                return data[len(mark) :].decode(encoding)
            except UnicodeDecodeError:
                return None
    return None


def _as_utf8(data: bytes) -> str | None:
    """Strict UTF-8; a last character that the database cut in half is shown as U+FFFD."""
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        cut = error.reason == "unexpected end of data" and error.start > 0 and not data[: error.start].isascii()
        return data[: error.start].decode("utf-8") + "\ufffd" if cut else None
