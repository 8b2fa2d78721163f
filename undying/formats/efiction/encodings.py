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
    "zh-tw": "big5",
    "zh-hk": "big5",
    "zh-hant": "big5",
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

_HIGH_BYTES = bytes(range(128, 256))
# A long text is judged by the neighbourhoods of its bytes beyond ASCII: the rest says nothing.
_AROUND_HIGH = re.compile(rb"[\x00-\x7f]{0,8}[\x80-\xff]++[\x00-\x7f]{0,4}")
_MOST_PLACES = 400
_CLEAR = 5
_HEARD = 400
_A_FEW = 3
_MOST_TRUST = 14.0
# In these two a pair of bytes that is a letter of UTF-8 is never a word's own; in other sets it may be.
_LATIN = frozenset((WINDOWS, "mac_roman"))
# These differ in a few letters: words that happen to lack the telling ones are no evidence against a whole archive.
_SISTERS = frozenset((WINDOWS, "sloppy-windows-1250", "sloppy-windows-1254"))
_WESTERN = _LATIN | _SISTERS
_UTF8_PIECE = re.compile(rb"((?:[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3})+)")


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
    # A word said twice is no more evidence than once.
    sample = b"".join(dict.fromkeys(match[0] for match in islice(_AROUND_HIGH.finditer(data), _MOST_PLACES)))
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

    Let every text `vote` first, then `decode`. `used` counts texts by the encoding that they turned out to be in, UTF-8
    left out; `replaced` counts those with bytes that no encoding explains.
    """

    language: str = ""
    used: Counter[str] = field(default_factory=Counter)
    replaced: int = 0
    _votes: Counter[str] = field(default_factory=Counter)
    _voters: int = 0
    _heard: int = 0
    _every: int = 1

    def vote(self, data: bytes) -> None:
        """Let one text speak for the archive. Texts in ASCII and UTF-8 have no voice.

        Of the first few hundred each is heard, then of twice as many every second, and so on: the whole archive speaks,
        and a large one does not speak for hours.
        """
        if data.isascii() or _as_utf8(data) is not None:
            return
        self._voters += 1
        if self._voters % self._every:
            return
        self._heard += 1
        self._every = 1 << (self._voters // _HEARD).bit_length()
        for name, points in candidates(data).items():
            self._votes[name] += round(max(-50.0, min(50.0, points)))

    @property
    def archive_encoding(self) -> str:
        """What the archive's texts are in where they are not UTF-8; Windows-1252 unless there is evidence."""
        hint = self._hint()
        best, most = hint, self._votes[hint]
        for name, points in self._votes.items():
            if points > most + max(4.0, abs(most) * 0.1):
                best, most = name, points
        return best

    def _hint(self) -> str:
        language = self.language.lower().replace("_", "-")
        return _BY_LANGUAGE.get(language) or _BY_LANGUAGE.get(language.partition("-")[0], WINDOWS)

    def decode(self, data: bytes) -> str:
        """The text, in NFC. Every byte is kept: what no encoding explains becomes U+FFFD and is counted."""
        text, encoding = self.glimpse(data)
        self.used.update([encoding] if encoding else [])
        self.replaced += bool(encoding) and "\ufffd" in text
        return text

    def glimpse(self, data: bytes) -> tuple[str, str]:
        """The text in NFC and its encoding ("" for UTF-8), without any account of it."""
        if data.isascii():
            return data.decode("ascii"), ""
        text = _as_marked(data)
        if text is None:
            text = _as_utf8(data)
        encoding = ""
        if text is None:
            text, encoding = self._as_legacy(data)
        return unicodedata.normalize("NFC", text), encoding

    def _as_legacy(self, data: bytes) -> tuple[str, str]:
        mixed = b"".join(line for line in data.splitlines(keepends=True) if _as_utf8(line) is None)
        name = self._choice(mixed)
        has_pieces = _UTF8_PIECE.search(mixed) is not None
        if has_pieces and name in _WESTERN and not (odd := _UTF8_PIECE.sub(b" ", mixed)).isascii():
            name = self._choice(odd)
        if len(mixed) == len(data) and not (has_pieces and name in _LATIN):
            return data.decode(name, "replace"), name
        lines = (_as_utf8(line) or _read(line, name) for line in data.splitlines(keepends=True))
        return "".join(lines), name

    def _choice(self, data: bytes) -> str:
        """The archive's encoding, unless this text speaks clearly for another."""
        usual = self.archive_encoding
        found = candidates(data)
        if usual not in found:
            usual = WINDOWS
        best = max(found, key=lambda name: (found[name], name == usual))
        gap = found[best] - found[usual]
        is_sister = self._heard >= _A_FEW and {usual, best} <= _SISTERS
        is_clear = found[usual] < 0 or gap > abs(found[usual]) * (2.0 if is_sister else 0.5)
        return best if is_clear and gap >= _CLEAR + self._trust(usual, best) else usual

    def _trust(self, usual: str, other: str) -> float:
        """How much more than usual a text must say for the other encoding: what an average text says against it."""
        if not self._heard:
            return 0.0
        sure = self._heard / (self._heard + _A_FEW)
        return sure * max(0.0, min(_MOST_TRUST, (self._votes[usual] - self._votes[other]) / self._heard))


def _read(line: bytes, name: str) -> str:
    """One line that is not UTF-8; pieces of UTF-8 in it, as where two texts were pasted, are read so."""
    text = line.decode(name, "replace")
    if name not in _LATIN or not _UTF8_PIECE.search(line) or not ftfy.badness.is_bad(text):
        return text
    pieces = _UTF8_PIECE.split(line)
    mixed = "".join(piece.decode("utf-8" if place % 2 else name, "replace") for place, piece in enumerate(pieces))
    return text if ftfy.badness.is_bad(mixed) else mixed


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
