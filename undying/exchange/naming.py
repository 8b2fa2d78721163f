"""Names from outside, fit to be stored, printed and told apart."""

from __future__ import annotations

import hashlib
import re

LONGEST = 500
"""Characters: the width of the columns for containers and keys."""
_HEAD, _TAIL = 400, 60

# Ends of lines, what steers a terminal, what turns the writing round, and bytes that are no UTF-8 (as Python has them).
_UNFIT = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
_UNFIT_OR_ESCAPE = re.compile(rf"{_UNFIT.pattern}|\\")
_ESCAPE = re.compile(r"\\(?:x([0-9a-f]{2})|u([0-9a-f]{4})|([\\ntr]))")
_RAW_BYTES = range(0xDC80, 0xDD00)


def shown(name: str) -> str:
    """A name as people can read it and every database hold it; different names stay different.

    What cannot be shown is escaped as in Python (and so is the backslash); a name that is too long loses its middle.
    """
    name = escaped(name)
    if len(name) <= LONGEST:
        return name
    digest = hashlib.sha256(name.encode()).hexdigest()[:16]
    return f"{name[:_HEAD]}…{digest}…{name[-_TAIL:]}"


def escaped(name: str) -> str:
    """A name as people can read it, however long it is."""
    return _UNFIT_OR_ESCAPE.sub(_escaped, name)


def meant(name: str) -> str:
    """The name that `escaped` was given."""
    return _ESCAPE.sub(_unescaped, name)


def sentence(text: str) -> str:
    """A sentence that may quote names from outside, on one line."""
    return _UNFIT.sub(_escaped, text)


def _escaped(match: re.Match[str]) -> str:
    code = ord(match[0])
    if code in _RAW_BYTES:
        return f"\\x{code - 0xDC00:02x}"
    return {"\\": "\\\\", "\n": "\\n", "\t": "\\t", "\r": "\\r"}.get(match[0], f"\\u{code:04x}")


def _unescaped(match: re.Match[str]) -> str:
    byte, code, letter = match.groups()
    if byte:
        return chr(0xDC00 + int(byte, 16))
    return chr(int(code, 16)) if code else {"n": "\n", "t": "\t", "r": "\r"}.get(letter, letter)
