"""Undying's own dump: a Manuscript or Keepsake a line, as JSON (see `undying.manuscript.codec`), in a stable order."""

from __future__ import annotations

from typing import TYPE_CHECKING

from undying.formats import Count, Event, Fate, Kept, Outcome, Progress, Story, Unreadable
from undying.manuscript import Manuscript
from undying.manuscript.codec import FORMAT, KEEPSAKE_FORMAT, BadManuscript, line_from_json

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from typing import BinaryIO

    from undying.formats import Request

LONGEST_LINE = 96 * 1024 * 1024
"""Bytes. A story with its pictures, of which the readers take 48 MiB; reading so much takes 400 MB of memory."""


class DumpReader:
    """Reads a dump line by line."""

    name = "undying-dump"

    def claims(self, _path: Path, head: bytes) -> bool:
        """A first line that says what it is."""
        names = (f'"{name}"'.encode() for name in (FORMAT, KEEPSAKE_FORMAT))
        return head.lstrip().startswith(b"{") and any(name in head[:200] for name in names)

    def read(self, path: Path, request: Request) -> Iterator[Event]:
        """Each line a story or a keepsake, or refused with its number and the reason."""
        folder = path.parent.relative_to(request.root).as_posix()
        container = f"{'' if folder == '.' else folder + '/'}{path.name} (lines)"
        size = path.stat().st_size
        total = 0
        with path.open("rb") as file:
            for number, line in enumerate(_lines(file), start=1):
                total = number
                yield _told(line, container, str(number))
                yield Progress(done=file.tell(), total=size, unit="bytes")
        if not total:
            raise Unreadable(f"{path.name} is empty.")
        yield Count(container=container, total=total)


def _lines(file: BinaryIO) -> Iterator[bytes | None]:
    """Lines in bounded memory; None for one that is too long."""
    while line := file.readline(LONGEST_LINE):
        if line.endswith(b"\n") or len(line) < LONGEST_LINE:
            yield line
            continue
        while line and not line.endswith(b"\n"):
            line = file.readline(1 << 20)
        yield None


def _told(line: bytes | None, container: str, key: str) -> Event:
    if line is None:
        reason = f"the line is longer than {LONGEST_LINE // 1024 // 1024} MB; it was cut off or is no dump"
        return Fate(container=container, key=key, outcome=Outcome.REFUSED, detail=reason)
    try:
        value = line_from_json(line.decode("utf-8"))
    except UnicodeDecodeError as error:
        reason = f"the line is not UTF-8 (byte {error.start}); the dump was damaged on its way"
        return Fate(container=container, key=key, outcome=Outcome.REFUSED, detail=reason)
    except BadManuscript as error:
        return Fate(container=container, key=key, outcome=Outcome.REFUSED, detail=str(error))
    fates = (Fate(container=container, key=key, outcome=Outcome.IMPORTED),)
    return Story(manuscript=value, fates=fates) if isinstance(value, Manuscript) else Kept(keepsake=value, fates=fates)


READER = DumpReader()
