"""Public ids: numeric for readers' tools, in a 64-bit column, and drawn at random so that nobody can walk them.

Drawn below 2^53, because tools written in JavaScript round anything larger, and above 2^40, so that no id is ever
short enough to guess. See docs/decisions/0002.
"""

from __future__ import annotations

import hashlib
import secrets

SMALLEST = 2**40
LIMIT = 2**53
DIGITS = len(str(LIMIT))


LONGEST_IDENTITY = 200
"""Characters. PostgreSQL refuses rows of an index of more than 2,704 bytes."""


def identity(text: str) -> str:
    """A text by which rows are told apart, short enough for every index: itself, or its digest when it is long."""
    return text if len(text) <= LONGEST_IDENTITY else f"sha256:{hashlib.sha256(text.encode()).hexdigest()}"


def new_id() -> int:
    """A fresh public id."""
    return SMALLEST + secrets.randbelow(LIMIT - SMALLEST)
