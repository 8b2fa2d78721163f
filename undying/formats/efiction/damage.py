"""What eFiction did to texts when it took them in, and how it is undone.

Its input filter meant to decode the numeric entities of letters and forgot to look where the number ends: `&#8217;`
begins with 82, the number of "R", so `It&#8217;s` was stored as `Itr17;s`. Each rule here is the inverse of one such
case, for texts where hardly anything else can be meant. Whether one is applied the archivist says, not these functions.
"""

from __future__ import annotations

import html
import re

_SAFE = {"r16;": "‘", "r17;": "’", "r11;": "–", "r12;": "—", "r30;": "…"}
_COMPANIONS = {"t82;": "™", "b29;": "♥", "u94;": "→"}
_SAFE_ARTEFACT = re.compile("|".join(_SAFE))
_COMPANION = re.compile(r"(?<![A-Za-z0-9&#])(?:t82|b29|u94);|(?<=[a-z])t82;(?![A-Za-z0-9])")
_DOUBLE_QUOTE = re.compile(r"r[01];")
_ANY = re.compile(r"r(?:1[1267]|30|0|1);|t82;|b29;|u94;")

# Cyrillic typed as entities (1040–1105): the hundreds digits became one letter, a doubled last digit ate the next one.
_CYRILLIC_RUN = re.compile(
    r"(?<![A-Za-z0-9])(?:[h-n](?:\d;)?){2,}(?![A-Za-z0-9])|(?<![A-Za-z0-9])[h-n]\d;(?![A-Za-z0-9])"
)
_CYRILLIC_PART = re.compile(r"[h-n]\d;")
_CYRILLIC_PIECE = re.compile(r"([h-n])(?:(\d);)?")
_TENS = {letter: 1040 + 10 * index for index, letter in enumerate("hijklmn")}
# `104+` also took the following 4, so the letter alone is 1044; likewise 1055, 1066 … and, from `110+`, 1100.
_ALONE = {"h": 1044, "i": 1055, "j": 1066, "k": 1077, "l": 1088, "m": 1099, "n": 1100}
_FEWEST_CYRILLIC = 6

_MAGIC = re.compile(r"\\(['\"\\])")
_TAG = re.compile(r"</?[A-Za-z][^<>]*>")
_TAG_OR_COMMENT = re.compile(r"</?[A-Za-z][^<>]*>|<!--.*?-->", re.DOTALL)
# An opening quote that is never closed would make the tag swallow the text up to the next one.
_OPEN_LINK = re.compile(r"""(<a\s[^<>"']*href\s*=\s*(["']))([^"'<>\s]*)>(?=[^<>"']*</a>)""", re.IGNORECASE)
_BEFORE_A_LETTER = re.compile(r"\?[a-z]")  # found thirty times as fast, and hardly ever there
_GLUED = re.compile(r"(?<![\w/.=&?-])[A-Za-z]+\?[a-z]+(?![\w/=&]|\.\w)")


def unfiltered(text: str) -> tuple[str, int]:
    """The text with its punctuation and signs put back, and in how many places."""
    if ";" not in text or not _ANY.search(text):
        return text, 0
    several = len(set(_ANY.findall(text))) > 1
    fixed, count = _SAFE_ARTEFACT.subn(lambda match: _SAFE[match[0]], text)
    if several:
        fixed, quotes = _with_double_quotes(fixed)
        fixed, companions = _COMPANION.subn(lambda match: _COMPANIONS[match[0]], fixed)
        count += quotes + companions
    return fixed, count


def _with_double_quotes(text: str) -> tuple[str, int]:
    """`r0;` and `r1;` become quotes where they pair or stand at a word's edge."""
    pieces: list[str] = []
    end = count = 0
    is_open = False
    for match in _DOUBLE_QUOTE.finditer(text):
        pieces.append(text[end : match.start()])
        end = match.end()
        opens = match[0] == "r0;"
        before, after = text[match.start() - 1 : match.start()], text[end : end + 1]
        if opens:
            holds = not before.isalnum() or "r1;" in text[end : end + 2000]
        else:
            holds = is_open or (bool(before.strip()) and not after.isalnum())
        pieces.append(("“" if opens else "”") if holds else match[0])
        count += holds
        is_open = opens and holds
    return "".join(pieces) + text[end:], count


def with_cyrillic(text: str) -> tuple[str, int]:
    """The text with runs of garbled Cyrillic read back, and how many; only where there are enough to be sure."""
    if ";" not in text or not _CYRILLIC_PART.search(text):
        return text, 0
    pieces = [match[0] for run in _CYRILLIC_RUN.finditer(text) for match in _CYRILLIC_PIECE.finditer(run[0])]
    if sum(";" in piece for piece in pieces) < _FEWEST_CYRILLIC or len(set(pieces)) < _FEWEST_CYRILLIC // 2:
        return text, 0
    return _CYRILLIC_RUN.subn(_cyrillic_word, text)


def _cyrillic_word(run: re.Match[str]) -> str:
    if ";" not in run[0]:
        return run[0]
    return _CYRILLIC_PIECE.sub(
        lambda piece: chr(_TENS[piece[1]] + int(piece[2]) if piece[2] else _ALONE[piece[1]]), run[0]
    )


def without_magic_quotes(text: str) -> tuple[str, int]:
    r"""PHP's own `\'` and `\"` undone, as eFiction did whenever it showed a text; and how many."""
    return _MAGIC.subn(r"\1", text) if "\\'" in text or '\\"' in text else (text, 0)


def with_closed_links(markup: str) -> tuple[str, int]:
    """Addresses of links that were never closed (`<a href="x>y</a>`) closed: the tag would swallow the text."""
    return _OPEN_LINK.subn(r"\1\3\2>", markup)


def lost_letters(text: str) -> int:
    """How many question marks stand inside words: letters that the database could not hold."""
    return len(_GLUED.findall(text)) if _BEFORE_A_LETTER.search(text) else 0


def plain(markup: str) -> str:
    """A title or name as plain text: tags gone, entities read, on one line."""
    # Behind the last that is closed every comment is open: to look for the end of each of them would take for ever.
    closed, end, rest = markup.rpartition("-->")
    text = html.unescape(_TAG_OR_COMMENT.sub("", closed + end) + _TAG.sub("", rest))
    return " ".join(text.replace("\u00a0", " ").split())
