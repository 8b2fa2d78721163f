"""Public ids: numeric for readers' tools, in a 64-bit column, and drawn at random so that nobody can walk them.

Drawn below 2^53, because tools written in JavaScript round anything larger, and above 2^40, so that no id is ever
short enough to guess. See docs/decisions/0002.
"""

from __future__ import annotations

import secrets

SMALLEST = 2**40
LIMIT = 2**53


def new_id() -> int:
    """A fresh public id."""
    return SMALLEST + secrets.randbelow(LIMIT - SMALLEST)
