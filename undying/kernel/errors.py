"""The tree of refusals. They carry data; `web` and `cli` own the words.

Refused
├── NotVisible      absent or forbidden: nobody can tell which
│   └── PastTheEnd  a page of a list that has fewer
├── BadSetting      a setting that is unknown, missing or malformed
└── StorageFull     the disk has no room; nothing was half written
"""

from __future__ import annotations


class Refused(Exception):
    """The archive will not do this. `str()` is one sentence that a person can act on."""


class NotVisible(Refused):
    """There is nothing here for this viewer."""

    def __init__(self, kind: str, key: object) -> None:
        super().__init__(f"There is no {kind} here that you can see.")
        self.kind = kind
        self.key = key


class PastTheEnd(NotVisible):
    """A page of a list that ends before it, for this viewer: `last` is its last page, and `address` where that is."""

    def __init__(self, number: int, *, last: int, address: str) -> None:
        super().__init__("page", number)
        self.number, self.last, self.address = number, last, address


class BadSetting(Refused):
    """A setting that cannot be used."""


class StorageFull(Refused):
    """The disk is full. `what` is that alone; the whole sentence is for who gave a command."""

    def __init__(self, where: str) -> None:
        self.where = where
        self.what = f"The disk is full: {where} could not be written."
        super().__init__(f"{self.what} Free some space and run the command again.")
