"""How text becomes tokens: one way for every back end, for what is indexed and for what is asked.

A token is a word without case, accents and apostrophes; punctuation stands between tokens and is none. Scripts that put
no reliable space between words (Chinese, Japanese, Korean, Thai and their neighbours) become overlapping pairs of
characters, so that any passage of two characters or more is found wherever words begin and end (decision 23):
`sought` makes of a passage the tokens that must follow each other, and a single character is a prefix.

Whole texts go through string operations that run in C; each character is thought about once in a process.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache
from itertools import zip_longest
from threading import Lock
from typing import TYPE_CHECKING

import Stemmer

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

_PAIRED = (
    "\u0e00-\u0eff\u1000-\u109f\u1100-\u11ff\u1780-\u17ff\u3005-\u3007\u3040-\u30ff\u3105-\u318e\u31a0-\u31bf"
    "\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3\uf900-\ufaff\U00020000-\U0003ffff"
)
"""Characters of scripts that put no reliable space between words."""
_RUN = re.compile(f"([{_PAIRED}]+)")
_DROPPED = re.compile(
    "[\u0300-\u036f\u0483-\u0487\u0591-\u05bd\u05bf-\u05c7\u0610-\u061a\u0640\u064b-\u065f\u0670\u06d6-\u06dc"
    "\u06df-\u06e8\u06ea-\u06ed\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe00-\ufe0f\ufe20-\ufe2f\U000e0100-\U000e01ef]"
)
"""Accents and vowel points, which nobody has to type. The marks of Indic scripts are letters to their readers."""
_AS_THEY_ARE = re.compile("[йїў\u3131-\u318e\uffa0-\uffdc]")
"""What Unicode takes apart and readers do not: letters of their own on a keyboard, and the jamo of laughter."""
_PLAIN = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i", "ħ": "h"})
_APOSTROPHES = frozenset("’‘ʼ＇‛´")
_PARTING = frozenset("\u200b\u200c")
"""Invisible characters that part words; the others of their category only arrange letters."""
_HALF_WIDTH = re.compile("[\uff65-\uff9f]+")
_ASCII = bytes(range(128))
_SPACED = bytes(ord(each.lower()) if each.isalnum() or each == "'" else ord(" ") for each in map(chr, _ASCII)) + bytes(
    range(len(_ASCII), 256)
)
"""For each byte of UTF-8: letters small, digits and apostrophes as they are, and spaces for the rest of ASCII."""
_ELIDED = frozenset((b"d", b"j", b"l", b"m", b"n", b"s", b"t", b"qu"))
"""Words of French and Italian before an apostrophe: who looks for "amour" wants "l'amour"."""
_FEW = 40
"""Different characters of a text that are replaced one after another; more go through a table, all at once."""


def folded(text: str) -> str:
    """The tokens of a text in order, with white space between them."""
    if not text.isascii():
        text = _plain(text)
    if text.isascii():
        return _without_apostrophes(text.encode("ascii").translate(_SPACED)).decode("ascii")
    spaced = _without_apostrophes(text.encode("utf-8").translate(_SPACED)).decode("utf-8")
    return _paired(unicodedata.normalize("NFC", spaced))


def tokens(text: str) -> list[str]:
    """The tokens of a text, in order."""
    return folded(text).split()


def sought(text: str) -> tuple[list[str], list[str]]:
    """The tokens that stand together wherever this passage occurs, and beginnings of tokens that occur as well.

    In a text, others may follow the last character of a run of unspaced script: it is left out, or a beginning where
    it is alone.
    """
    found = tokens(text)
    beginnings: list[str] = []
    while found and len(found[-1]) == 1 and is_unspaced(found[-1]):
        last = found.pop()
        if found and len(found[-1]) > 1 and is_unspaced(found[-1]):
            break
        beginnings.insert(0, last)
    return found, beginnings


def is_unspaced(token: str) -> bool:
    """Whether it is of a script that puts no space between words."""
    return _RUN.match(token) is not None


def written(found: Sequence[str]) -> str:
    """A text of which `sought` makes these tokens."""
    parts: list[str] = []
    for token, following in zip_longest(found, found[1:]):
        if len(token) == 1 or not is_unspaced(token):
            parts += [token, " "]
        else:
            parts.append(token if following is None else token[0])
    return "".join(parts).rstrip()


def spans(text: str) -> Iterator[tuple[int, int, str]]:
    """Each token with where it begins and ends in the text; the tokens of one word, like "l'amour", all span it."""
    for match in _word().finditer(text):
        found = _tokens_of(match[0])
        places = _unspaced_places(match[0]) if any(map(_RUN.match, found)) else []
        if [token for _, _, token in places] != list(found):
            places = [(0, len(match[0]), token) for token in found]
        yield from ((match.start() + begin, match.start() + end, token) for begin, end, token in places)


def _unspaced_places(word: str) -> list[tuple[int, int, str]]:
    """Character by character: pairs of unspaced script, and what stands between its runs as a whole."""
    units = [
        (match.start(), match.end(), token[0] if _RUN.match(token) else token)
        for match in _unit().finditer(word)
        for token in _tokens_of(match[0])
    ]
    places = []
    for place, (begin, end, form) in enumerate(units):
        _, next_end, next_form = units[place + 1] if place + 1 < len(units) else (0, end, "")
        is_pair = _RUN.match(form) and _RUN.match(next_form)
        places.append((begin, next_end, form + next_form) if is_pair else (begin, end, form))
    return places


@lru_cache(maxsize=1 << 16)
def _tokens_of(word: str) -> tuple[str, ...]:
    return tuple(tokens(word))


@cache
def _word() -> re.Pattern[str]:
    """What `folded` leaves between spaces. Most of what parts words is ASCII, and quickly seen to be no mark."""
    beyond = f"(?![\\x00-\\x7f])[{''.join(_APOSTROPHES)}{_marks()}]"
    return re.compile(f"(?:[^\\W_]+|'|{beyond})+")


@cache
def _unit() -> re.Pattern[str]:
    """One character of unspaced script with the marks after it, or all between two of them."""
    joining = f"[{_marks()}\u1160-\u11ff\uff9e\uff9f]"
    return re.compile(f"[{_PAIRED}\uff65-\uff9f]{joining}*|[^{_PAIRED}\uff65-\uff9f]+")


@cache
def _marks() -> str:
    """Every mark, and every invisible character that parts no words, as it stands in a class of a pattern."""
    return "".join(
        each
        for each in map(chr, (*range(128, 0x20000), *range(0xE0000, 0xE0200)))
        if (category := unicodedata.category(each))[0] == "M" or (category == "Cf" and each not in _PARTING)
    )


def stems_of(words: Iterable[str], language: str) -> frozenset[str]:
    """The stems of these tokens by the rules of a language ("en:run"); none for a language that has no stemmer."""
    code = _family(language)
    return frozenset(map(_stems(code).__getitem__, words)) if code in STEMMERS else frozenset()


@lru_cache(maxsize=1 << 12)
def stems_asked(word: str) -> tuple[str, ...]:
    """The stems that one token has in the languages that are written in its script, in order."""
    codes = next((codes for first, last, codes in _SCRIPTS if first <= word[:1] <= last), ())
    return tuple(_stems(code)[word] for code in codes)


def _family(language: str) -> str:
    code = language.partition("-")[0].lower()
    return "no" if code in {"nb", "nn"} else code


STEMMERS = {
    code: algorithm
    for each in """\
ar arabic|hy armenian|eu basque|ca catalan|cs czech|da danish|nl dutch|en english|eo esperanto|et estonian|fi finnish
fr french|de german|el greek|hi hindi|hu hungarian|id indonesian|ga irish|it italian|lt lithuanian|ne nepali
no norwegian|fa persian|pl polish|pt portuguese|ro romanian|ru russian|sr serbian|es spanish|sv swedish|ta tamil
tr turkish|yi yiddish
""".replace("\n", "|")
    .strip("|")
    .split("|")
    for code, _, algorithm in [each.partition(" ")]
}
"""Snowball's stemmer for each language that has one."""
_SCRIPTS = (
    ("a", "z", tuple(code for code in STEMMERS if code not in {"ar", "hy", "el", "hi", "ne", "fa", "ru", "ta", "yi"})),
    ("\u0370", "\u03ff", ("el",)),
    ("\u0400", "\u04ff", ("ru", "sr")),
    ("\u0530", "\u058f", ("hy",)),
    ("\u0590", "\u05ff", ("yi",)),
    ("\u0600", "\u06ff", ("ar", "fa")),
    ("\u0900", "\u097f", ("hi", "ne")),
    ("\u0b80", "\u0bff", ("ta",)),
)


class _Stems(dict[str, str]):
    """The stems of one language's words, each made once while there is room. A stemmer serves one thread at a time."""

    def __init__(self, code: str) -> None:
        super().__init__()
        self.code = code
        self.stemmer = Stemmer.Stemmer(STEMMERS[code], 0)
        self.lock = Lock()

    def __missing__(self, word: str) -> str:
        with self.lock:
            stem = f"{self.code}:{self.stemmer.stemWord(word)}"
        if len(self) >= STEMS_KEPT:
            self.clear()
        self[word] = stem
        return stem


STEMS_KEPT = 1 << 17
_stems = cache(_Stems)


def _plain(text: str) -> str:
    """The text with each character beyond ASCII as it is compared."""
    foreign = _foreign(text)
    if "\ufffd" in foreign:
        text = text.encode("utf-8", "replace").decode("utf-8")  # half a character is none
    if any(map(_composes, foreign)):
        text = unicodedata.normalize("NFC", _HALF_WIDTH.sub(_full_width, text))
        foreign = _foreign(text)
    changed = {each: form for each in foreign if (form := _form(each)) != each.lower() or each == "Σ"}
    if len(changed) > _FEW:
        text = text.translate({ord(each): form for each, form in changed.items()})
    else:
        for each, form in changed.items():
            text = text.replace(each, form)
    if text.isascii():
        return text
    return text.lower()


def _foreign(text: str) -> set[str]:
    """The different characters beyond ASCII; U+FFFD is among them for half of a surrogate pair."""
    try:
        encoded = text.encode("utf-8")
    except UnicodeEncodeError:
        encoded = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace").encode("utf-8")
    return set(encoded.translate(None, _ASCII).decode("utf-8"))


@lru_cache(maxsize=1 << 15)
def _form(character: str) -> str:
    """One character as it is compared: letters, nothing, an apostrophe, or a space for what is no part of words."""
    if character in _APOSTROPHES:
        return "'"
    category = unicodedata.category(character)
    if category == "Cf" and character not in _PARTING:
        return ""
    if not character.isalnum() and category[0] != "M":
        return " "
    small = character.casefold().lower()
    if _AS_THEY_ARE.fullmatch(small):
        return small
    apart = unicodedata.normalize("NFKD", small).casefold().lower()
    whole = unicodedata.normalize("NFC", _DROPPED.sub("", apart)).translate(_PLAIN)
    return "".join(each if each.isalnum() or unicodedata.category(each)[0] == "M" else " " for each in whole)


@lru_cache(maxsize=1 << 15)
def _composes(character: str) -> bool:
    """Whether it may make one character with the one before it."""
    return unicodedata.category(character)[0] == "M" or "\u1160" <= character <= "\u11ff" or character in "\uff9e\uff9f"


def _full_width(match: re.Match[str]) -> str:
    return unicodedata.normalize("NFKC", match[0])


def _without_apostrophes(spaced: bytes) -> bytes:
    """Those inside words go; others, and those of elisions, part words."""
    if b"'" not in spaced:
        return spaced
    *pieces, last = spaced.split(b"'")
    kept: list[bytes] = []
    parts = True
    for piece in pieces:
        kept.append(piece)
        _, gap, word = piece[-3:].rpartition(b" ")
        parts = not word or (word in _ELIDED and (bool(gap) or parts))
        if parts:
            kept.append(b" ")
    return b"".join((*kept, last))


def _paired(text: str) -> str:
    """Runs of unspaced script as overlapping pairs, and the last character of each by itself."""
    parts = _RUN.split(text)
    runs = parts[1::2]
    if not runs:
        return text
    pairs = _with_next(" ".join(runs))
    start = 0
    for place, run in enumerate(runs):
        end = start + 3 * len(run)
        parts[2 * place + 1] = pairs[start:end]
        start = end + 3
    return " ".join(parts)


def _with_next(line: str) -> str:
    """Of each character three: itself, the one after it, and a space. Several times as fast as adding characters."""
    width, codec = (2, "utf-16-le") if max(line) <= "\uffff" else (4, "utf-32-le")
    space = " ".encode(codec)
    these = line.encode(codec)
    nexts = these[width:] + space
    out = bytearray((space * 3) * len(line))
    for byte in range(width):
        out[byte :: 3 * width] = these[byte::width]
        out[width + byte :: 3 * width] = nexts[byte::width]
    return out.decode(codec)
