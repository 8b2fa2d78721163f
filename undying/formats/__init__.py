"""One file per outside format, reading and writing. Plain Python.

A `Reader` turns one path into a stream of events: each `Story` it found, each `Fate` of a row or file that became no
story of its own, each `Count` of what it saw, each `Remark` for the archivist. The fates must add up: for every
container the number of fates equals the count.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from undying.manuscript import Manuscript


class Outcome(StrEnum):
    """How a row or a file of the source ended."""

    IMPORTED = "imported"
    MERGED = "merged"
    KEPT_RAW = "kept raw"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fate:
    """How one row or file ended.

    `container` is a table's name, or a folder's path ending in "/"; `key` is unique in it. `detail` says into what it
    was merged, why it was refused, or why it was only kept; for people to read. `file` is the file itself when the fate
    is a file's: its bytes will be kept. Keys, not row contents, are recorded: rows hold personal data.
    """

    container: str
    key: str
    outcome: Outcome
    detail: str = ""
    file: Path | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """A story that was found, and the rows and files that it was made of.

    The fates come true only if the archive takes the story; otherwise all of them become refused with its reason.
    """

    manuscript: Manuscript
    fates: tuple[Fate, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """How many rows or files a container held, counted apart from the fates."""

    container: str
    total: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Remark:
    """One plain sentence for the report: what was noticed, where, what to do. `grave` when something was lost."""

    text: str
    grave: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far the reader is, in its own unit ("rows", "bytes", "chapters"); `total` 0 while unknown."""

    done: int
    total: int
    unit: str


Event = Story | Fate | Count | Remark | Progress


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What the archivist asked for.

    `site` names the source where the files do not; `stories` is eFiction's folder of chapter files; `install` is the
    table prefix when a dump holds several archives; `scratch` is an existing empty folder that the reader may fill and
    that is deleted afterwards. `root` is the folder that paths in fates are shown relative to.
    """

    scratch: Path
    root: Path
    site: str = ""
    stories: Path | None = None
    install: str = ""


class Unreadable(Exception):
    """A file that cannot be read at all: one sentence with what, where and what to do. Never a traceback."""


class Reader(Protocol):
    """One outside format, read."""

    name: str

    def claims(self, path: Path, head: bytes) -> bool:
        """Whether this reader takes the file; `head` is its first 64 KiB. Cheap, and never raises."""
        ...

    def read(self, path: Path, request: Request) -> Iterator[Event]:
        """What is in it, streamed in bounded memory. Raises Unreadable."""
        ...


class Writer(Protocol):
    """One outside format, written."""

    name: str
    media_type: str
    suffix: str

    def write(self, manuscript: Manuscript) -> bytes:
        """The file: the same bytes for the same manuscript, always."""
        ...
