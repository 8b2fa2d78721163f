"""Where indexes lie: each in a folder named for its layout, and beside them two files, one with the name of the folder
that answers, one with the name of the folder that is being filled.

Turning to a folder is a new file renamed over the old one: who looks sees the one or the other.
"""

from __future__ import annotations

import json
import os
import secrets
import shutil
import zlib
from typing import TYPE_CHECKING, Any

from django.conf import settings

from undying.finding.backends import IndexGone
from undying.finding.backends.embedded.rows import LAYOUT

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

STILL_READ = frozenset({LAYOUT})
"""Layouts whose indexes answer, until one of today's layout is filled."""
META = "meta.json"
DAMAGED = "damaged"
PARTS = ("fast", "fieldnorm", "idx", "pos", "store", "term")
"""The files that every segment has."""
_FOOTER = 1337
_AT_ONCE = 1 << 22


def home() -> Path:
    """The folder of all indexes."""
    folder: Path = settings.UNDYING.home / "index"
    return folder


def live() -> Path:
    """The folder that answers. Raises IndexGone."""
    folder = _named("live")
    if folder is None:
        raise IndexGone("there is no index")
    if layout_of(folder) not in STILL_READ:
        raise IndexGone(f"the index has layout {layout_of(folder)}, which is not read any more")
    return folder


def live_or_none() -> Path | None:
    """The same, without a word when there is none."""
    try:
        return live()
    except IndexGone:
        return None


def begun() -> Path | None:
    """The folder that is being filled, if there is one."""
    folder = _named("begun")
    return folder if folder is not None and (folder / META).exists() and layout_of(folder) == LAYOUT else None


def layout_of(folder: Path) -> str:
    """Of which layout the index is that lies there."""
    return folder.name.partition("-")[0]


def begin() -> Path:
    """A new folder, to be filled beside the one that answers; those of others that were begun go."""
    _tidy(keep={_named("live")})
    folder = home() / f"{LAYOUT}-{secrets.token_hex(4)}"
    folder.mkdir(parents=True)
    return folder


def note_begun(folder: Path) -> None:
    """There is an empty index in it now."""
    _name("begun", folder)


def turn_to(folder: Path) -> None:
    """From now on it answers; all others go."""
    _name("live", folder)
    (home() / "begun").unlink(missing_ok=True)
    _tidy(keep={folder})


def forget() -> None:
    """All of them."""
    shutil.rmtree(home(), ignore_errors=True)


def _named(role: str) -> Path | None:
    try:
        name = (home() / role).read_text("ascii").strip()
    except (OSError, ValueError):
        return None
    return home() / name if name and "/" not in name else None


def _name(role: str, folder: Path) -> None:
    beside = home() / f"{role}.new"
    with beside.open("w", encoding="ascii") as file:
        file.write(folder.name)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(home() / role)


def _tidy(keep: set[Path | None]) -> None:
    """Readers that still have a folder open keep its files until they look again."""
    if home().exists():
        for each in home().iterdir():
            if each.is_dir() and each not in keep:
                shutil.rmtree(each, ignore_errors=True)


def mark_damaged(folder: Path) -> None:
    """Somebody could not read it: whoever writes indexes is to look at it."""
    try:
        (folder / DAMAGED).touch()
    except OSError:
        return


def is_marked(folder: Path) -> bool:
    """Whether somebody could not read it."""
    return (folder / DAMAGED).exists()


def unmark(folder: Path) -> None:
    """It was looked at, and is whole."""
    (folder / DAMAGED).unlink(missing_ok=True)


def is_whole(folder: Path) -> bool:
    """Whether each file of the index has the checksum that it was written with. Reads all of it."""
    try:
        meta = json.loads((folder / META).read_bytes())
        return all(_is_as_written(path) for segment in meta["segments"] for path in _files(folder, segment))
    except (OSError, ValueError, KeyError, TypeError):
        return False


def _files(folder: Path, segment: dict[str, Any]) -> Iterator[Path]:
    name = segment["segment_id"].replace("-", "")
    yield from (folder / f"{name}.{part}" for part in PARTS)
    if deletes := segment["deletes"]:
        yield folder / f"{name}.{deletes['opstamp']}.del"


def _is_as_written(path: Path) -> bool:
    """tantivy ends each file with its checksum in JSON, the length of that, and a number that is always the same."""
    size = path.stat().st_size
    with path.open("rb") as file:
        file.seek(size - 8)
        length, ending = (int.from_bytes(file.read(4), "little") for _ in range(2))
        if ending != _FOOTER or length > size - 8:
            return False
        body = size - 8 - length
        file.seek(body)
        expected = json.loads(file.read(length))["crc"]
        file.seek(0)
        checksum = 0
        while body:
            piece = file.read(min(body, _AT_ONCE))
            checksum = zlib.crc32(piece, checksum)
            body -= len(piece)
        return bool(checksum == expected)


def fields_of(folder: Path) -> frozenset[str]:
    """The names of the fields that the index there has."""
    return frozenset(each["name"] for each in json.loads((folder / META).read_bytes())["schema"])
