"""One file per outside format, reading and writing. Plain Python.

A `Reader` turns one path into a stream of events: each `Story` it found, each `Kept` thing that an archive holds beside
stories, each `Fate` of a row or file that became neither, each `Count` of what it saw, each `Remark` for the archivist.
The fates must add up: for every container the number of fates equals the count. `Contact`, `Repair` and `Meaning` tell
what the archivist decides about: whom to write to, what to mend, what the source's own labels are.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol, runtime_checkable

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from io import BufferedIOBase
    from pathlib import Path

    from undying.manuscript import Credit, Keepsake, Manuscript, Tagging


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
    is a file's: its bytes will be kept. Keys, not row contents, are recorded: rows hold personal data. `span` is where
    a row's own bytes stand in the file that is being read: (offset, length), in bytes of the file as it lies, or in
    whatever the reader's own `excerpt` (see `Excerpting`) counts.
    """

    container: str
    key: str
    outcome: Outcome
    detail: str = ""
    file: Path | None = None
    span: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """A story that was found, and the rows and files that it was made of.

    The fates come true only if the archive takes the story; otherwise all of them become refused with its reason.
    `is_ready` is no reader's to say: the manuscript has been made into what the archive will hold.
    """

    manuscript: Manuscript
    fates: tuple[Fate, ...] = ()
    is_ready: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """Something that an archive holds beside its stories, and the rows and files that it was made of, as in `Story`.

    `is_captured` when it was read from pages as visitors saw them: a site's own data know it better.
    """

    keepsake: Keepsake
    fates: tuple[Fate, ...] = ()
    is_captured: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """How a creator or member can be reached and recognised: private, shown to nobody, used to give works back.

    `credit` is she as works and profiles name her, `site` the source. `password` is the hash that the source kept, as
    it stands there; only told when `Request.with_passwords`, and never of the old site's staff.
    """

    site: str
    credit: Credit
    emails: tuple[str, ...] = ()
    password: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Repair:
    """A text that a rule mends, or would mend: `rule` names it, `before` and `after` show a passage of it.

    `where` is for people ("story 12, chapter 3"). `applied` says whether the story that was told has the mended text:
    rules that the archivist has to allow are applied only when `Request.repairs` names them. `places` counts them.
    """

    rule: str
    where: str
    before: str
    after: str
    applied: bool
    places: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Meaning:
    """What one of the source's own labels is taken for, and why: nothing guessed is hidden.

    `(table, key)` names the label there, `name` and `parent` are its words, `uses` counts the works that bear it and
    `examples` are titles of some. `taggings` is what its works get; empty when it names a section of the site, not
    something in a story. `why` is the reason, in words; `is_certain` when the source itself says so.
    """

    table: str
    key: str
    name: str
    parent: str = ""
    taggings: tuple[Tagging, ...] = ()
    why: str = ""
    is_certain: bool = False
    uses: int = 0
    examples: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """How many rows or files a container held, counted apart from the fates.

    `file` is the file that the container stands in, where a reader that was given one file takes in several.
    """

    container: str
    total: int
    file: Path | None = None


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


CAPTURED = ("Read from", "captured pages")
"""The extra of a manuscript that was read from pages as visitors saw them: a site's own data know it better."""

Event = Story | Kept | Fate | Contact | Repair | Meaning | Count | Remark | Progress


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What the archivist asked for.

    `site` names the source where the files do not; `stories` is eFiction's folder of chapter files; `install` is the
    table prefix when a dump holds several archives; `scratch` is an existing empty folder that the reader may fill and
    that is deleted afterwards. `root` is the folder that paths in fates are shown relative to. `repairs` names the
    rules that may be applied (see `Repair`), `meanings` says by `(table, key)` what labels are (see `Meaning`).
    `files` are all files of this import: a crawl lies in many, and its reader takes those that belong together. None
    for eFiction, whose reader finds the folder of its chapters.
    """

    scratch: Path
    root: Path
    files: tuple[Path, ...] = ()
    site: str = ""
    stories: Path | None = None
    install: str = ""
    repairs: frozenset[str] = frozenset()
    meanings: Mapping[tuple[str, str], tuple[Tagging, ...]] = field(default_factory=dict)
    with_passwords: bool = False


class Unreadable(Exception):
    """A file that cannot be read at all: one sentence with what, where and what to do. Never a traceback."""


class Reader(Protocol):
    """One outside format, read. One with a true `is_catalogue` reads files that tell of others, and goes first."""

    name: str

    def claims(self, path: Path, head: bytes) -> bool:
        """Whether this reader takes the file; `head` is its first 64 KiB. Cheap, and never raises."""
        ...

    def read(self, path: Path, request: Request) -> Iterator[Event]:
        """What is in it, streamed in bounded memory. Raises Unreadable."""
        ...


@runtime_checkable
class Excerpting(Protocol):
    """A reader whose spans are not bytes of the file as it lies, such as those of a packed dump."""

    def excerpt(self, file: BufferedIOBase, span: tuple[int, int]) -> Iterator[bytes]:
        """The bytes that a span of one of its fates means, piece by piece; `file` is the whole file, at its start."""
        ...


class Writer(Protocol):
    """One outside format, written."""

    name: str
    media_type: str
    suffix: str

    def write(self, manuscript: Manuscript) -> bytes:
        """The file: the same bytes for the same manuscript, always."""
        ...
