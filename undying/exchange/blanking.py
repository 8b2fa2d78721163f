"""Blanking rows in kept originals: what a row says goes, its length and its place stay.

Letters and digits inside texts become spaces, so that every other row's place in the file stays what it was, and the
file stays one that its reader can read: it finds a row without words. The name of the file in the store is the digest
of its bytes, so it changes, and all that pointed to the old name points to the new one.
"""

from __future__ import annotations

import re
import tempfile
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from django.db import transaction

from undying.exchange.keeping import Promises
from undying.exchange.models import ContainerCount, Entry
from undying.exchange.originals import Original
from undying.kernel import store

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from typing import BinaryIO

# What is never closed runs to the end: it is as personal, and else every later quote would be tried in vain as well.
_QUOTED = re.compile(rb"'(?:[^'\\]|\\.?|'')*+(?:'|\Z)|\"(?:[^\"\\]|\\.?|\"\")*+(?:\"|\Z)|0x[0-9a-fA-F]++", re.DOTALL)
_BETWEEN_TAGS = re.compile(rb">([^<]*+)(<|\Z)")
WHOLE = (0, 1 << 60)
"""The span of everything."""


def blanked(row: bytes) -> bytes:
    """The same row with its texts made of spaces: as long as before, and of the same shape."""
    if row.lstrip().startswith(b"("):
        return _QUOTED.sub(_blank_literal, row)
    if row.lstrip().startswith(b"<"):
        return _BETWEEN_TAGS.sub(lambda found: b">" + _spaces(found[1]) + found[2], row)
    return _spaces(row)


def is_blanked(row: bytes) -> bool:
    """Whether a row's own texts were taken out."""
    return blanked(row) == row


def _blank_literal(found: re.Match[bytes]) -> bytes:
    literal = found[0]
    if literal.startswith(b"0x"):
        return b"0x" + b"20" * ((len(literal) - 2) // 2) + b"0" * (len(literal) % 2)
    is_closed = len(literal) > 1 and literal.endswith(literal[:1])
    return literal[:1] + _spaces(literal[1:-1] if is_closed else literal[1:]) + (literal[:1] if is_closed else b"")


def _spaces(data: bytes) -> bytes:
    return re.sub(rb"[^\r\n]", b" ", data)


def blank(entries: Iterable[Entry], scratch: Path) -> int:
    """Blank these rows in the files that are kept of them; how many. Files that become needless are deleted.

    Doing it twice changes nothing. For whoever is at the desk.
    """
    spans: dict[tuple[str, str], list[tuple[int, int]]] = {}
    count_of = cache(lambda batch, name: ContainerCount.objects.filter(batch=batch, container=name).first())
    for each in entries:
        count = count_of(each.batch_id, each.container)
        if count is not None and count.original and each.at is not None and each.size:
            spans.setdefault((count.original, count.reader), []).append((each.at, each.size))
    for (original, reader), places in spans.items():
        _blank_in(original, reader, sorted(set(places)), scratch)
    return sum(map(len, spans.values()))


def _blank_in(original: str, reader: str, places: Collection[tuple[int, int]], scratch: Path) -> None:
    if not store.path_of(original).exists():
        return
    promises = Promises()
    with tempfile.TemporaryDirectory(dir=scratch) as folder:
        [name] = store.keep_files([_rewritten(original, reader, places, Path(folder))], before=promises.add)
    if name != original:
        promises.add([original])  # one that is killed after the commit must not leave what she asked to be gone
        with transaction.atomic():
            Entry.objects.filter(original=original).update(original=name)
            ContainerCount.objects.filter(original=original).update(original=name)
    promises.settle()


def _rewritten(original: str, reader: str, places: Collection[tuple[int, int]], folder: Path) -> Path:
    """A copy with these places blanked, unpacked where it was packed: there the places are those of the rows."""
    copy = folder / "copy"
    with copy.open("wb") as file:
        file.writelines(Original(original, WHOLE, reader).portions())
    with copy.open("r+b") as file:
        for at, size in places:
            _blank_at(file, at, size)
    return copy


def _blank_at(file: BinaryIO, at: int, size: int) -> None:
    file.seek(at)
    row = file.read(size)
    file.seek(at)
    file.write(blanked(row))
