"""Bytes kept for ever: content-addressed, compressed, written so that a crash or a full disk leaves nothing half done.

A file named by the SHA-256 of its bytes lies gzipped at `HOME/originals/ab/cdef….gz`, readable without this software.
What is being written stands in `HOME/originals/.part`, locked by its writer: `sweep` takes away what killed ones left.

Refused
└── Unwhole      bytes that were kept are not what they were
    ├── Missing  their file is gone
    └── Damaged  their file does not give them any more
"""

from __future__ import annotations

import contextlib
import errno
import fcntl
import gzip
import hashlib
import os
import secrets
import shutil
import zlib
from typing import TYPE_CHECKING, BinaryIO

from django.conf import settings

from undying.kernel.errors import Refused, StorageFull

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from io import BufferedIOBase
    from pathlib import Path

CHUNK = 1 << 20
NO_ROOM = 1 << 20
"""With less than these bytes free, an unexplained failure to write is a full disk."""
_FULL = frozenset({errno.ENOSPC, errno.EDQUOT})
_POSTGRES_FULL = "53100"
_DEEPEST = 10


class Unwhole(Refused):
    """Bytes that were kept are not what they were."""

    def __init__(self, name: str, what: str) -> None:
        super().__init__(f"The original {name} {what}: {path_of(name)}. Put it back from a backup.")
        self.name = name


class Missing(Unwhole):
    """Their file is gone."""

    def __init__(self, name: str) -> None:
        super().__init__(name, "is missing")


class Damaged(Unwhole):
    """Their file does not give them any more."""

    def __init__(self, name: str) -> None:
        super().__init__(name, "is damaged")


def keep(data: bytes) -> str:
    """Keep these bytes; their SHA-256. They are on disk when this returns. Raises StorageFull."""
    name = name_of(data)
    if not path_of(name).exists():
        with _part() as part:
            part.write(data)
            part.settle(name)
    return name


def keep_files(paths: Iterable[Path], *, before: Callable[[list[str]], None] = lambda _: None) -> list[str]:
    """Keep several files' bytes in bounded memory, each on disk when this returns; their SHA-256s.

    Raises StorageFull, and OSError if one cannot be read.

    All are written before the first is waited for, so that the disk takes them in one go. `before` is told the names of
    new bytes before they can be found under them.
    """
    names: list[str] = []
    with contextlib.ExitStack() as writing:
        parts: list[tuple[_Part, str]] = []
        for path in paths:
            name = digest_of(path)
            if not path_of(name).exists():
                part = writing.enter_context(_part())
                name = _copy(path, part)
                part.flush()
                parts.append((part, name))
                if len(parts) == _AT_A_TIME:
                    _settle(parts, before)
            names.append(name)
        _settle(parts, before)
    return names


_AT_A_TIME = 64
"""Open files; a story may have thousands of chapters, and a process a thousand files."""


def _settle(parts: list[tuple[_Part, str]], before: Callable[[list[str]], None]) -> None:
    before([name for _, name in parts])
    for part, name in parts:
        part.settle(name, sync_folder=False)
        part.close()
    for folder in {path_of(name).parent for _, name in parts}:
        _sync(folder)
    parts.clear()


def _copy(path: Path, part: _Part) -> str:
    """The SHA-256 of the bytes that were copied: the file may have changed since it was looked at."""
    seen = hashlib.sha256()
    with path.open("rb") as source:
        while chunk := source.read(CHUNK):
            seen.update(chunk)
            part.write(chunk)
    return seen.hexdigest()


def fetch(name: str) -> bytes:
    """The bytes that were kept under this SHA-256. Raises FileNotFoundError."""
    with gzip.open(path_of(name), "rb") as file:
        return file.read()


@contextlib.contextmanager
def opened(name: str) -> Iterator[BufferedIOBase]:
    """The bytes that were kept under this SHA-256, to be read piece by piece. Raises Missing; Damaged on the way."""
    if not path_of(name).exists():
        raise Missing(name)
    with gzip.open(path_of(name), "rb") as file:
        try:
            yield file
        except (gzip.BadGzipFile, EOFError, zlib.error) as error:
            raise Damaged(name) from error


def portions(name: str, at: int = 0, size: int | None = None) -> Iterator[bytes]:
    """Those bytes piece by piece, or `size` of them from `at` on, in bounded memory. Raises as `opened`."""
    with opened(name) as file:
        file.seek(at)
        left = size
        while left is None or left > 0:
            piece = file.read(CHUNK if left is None else min(CHUNK, left))
            if not piece:
                return
            left = None if left is None else left - len(piece)
            yield piece


def check(name: str) -> int:
    """Read the bytes and compare them with their name; how many there are. Raises Missing and Damaged."""
    return _checked(name, lambda _: None)


def restore(name: str, path: Path) -> None:
    """Write the bytes to a new file. Raises Missing, Damaged and StorageFull; then there is no file."""
    with path.open("xb") as file:
        try:
            _checked(name, file.write)
            file.flush()
        except (Unwhole, OSError) as error:
            path.unlink()
            if isinstance(error, OSError) and error.errno in _FULL:
                raise StorageFull(str(path.parent)) from error
            raise


def _checked(name: str, write: Callable[[bytes], object]) -> int:
    seen, size = hashlib.sha256(), 0
    for piece in portions(name):
        seen.update(piece)
        size += len(piece)
        write(piece)
    if seen.hexdigest() != name:
        raise Damaged(name)
    return size


def path_of(name: str) -> Path:
    """Where the bytes with this SHA-256 lie, or would."""
    return _originals() / name[:2] / f"{name[2:]}.gz"


def name_of(data: bytes) -> str:
    """The SHA-256 of these bytes."""
    return hashlib.sha256(data).hexdigest()


def digest_of(path: Path) -> str:
    """The SHA-256 of a file's bytes."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def forget(name: str) -> None:
    """Delete these bytes. Nothing may point to them any more."""
    path_of(name).unlink(missing_ok=True)


def holds_any() -> bool:
    """Whether any bytes are kept."""
    return next(_originals().glob("??/*.gz"), None) is not None


def sweep() -> None:
    """Take away what was being written when its writer was killed; what is being written now stays."""
    for path in (_originals() / _PART).glob("*"):
        with contextlib.suppress(OSError), path.open("rb") as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            path.unlink()


def is_full(error: BaseException | None) -> bool:
    """Whether an error, or one that it came from, says that the disk has no room: system, SQLite or PostgreSQL."""
    for _ in range(_DEEPEST):
        if error is None:
            return False
        if _says_full(error):
            return True
        error = error.__cause__ or error.__context__
    return False


def _says_full(error: BaseException) -> bool:
    if isinstance(error, StorageFull) or (isinstance(error, OSError) and error.errno in _FULL):
        return True
    sqlite = str(getattr(error, "sqlite_errorname", ""))
    if sqlite.startswith("SQLITE_IOERR"):  # what SQLite says when it is the memory it shares that finds no room
        return shutil.disk_usage(settings.UNDYING.home).free < NO_ROOM
    return sqlite == "SQLITE_FULL" or getattr(error, "sqlstate", "") == _POSTGRES_FULL


def full_at(error: BaseException) -> StorageFull:
    """What to say of an error that says so: the file that it names, or where the archive lies."""
    if isinstance(error, StorageFull):
        return error
    home = settings.UNDYING.home
    if isinstance(error, OSError):
        has_room = shutil.disk_usage(home).free >= NO_ROOM
        return StorageFull(str(error.filename or ("what this tells" if has_room else home)))
    url = settings.UNDYING.text("database_url")
    return StorageFull("the database" if url else f"the database in {home}")


_PART = ".part"


def _originals() -> Path:
    folder: Path = settings.UNDYING.home / "originals"
    return folder


class _Part:
    """A file that becomes the bytes of a name whole or not at all. No name, no time inside: same bytes, same file."""

    def __init__(self) -> None:
        folder = _originals() / _PART
        folder.mkdir(parents=True, exist_ok=True)
        self._path, self._raw = _locked(folder)
        self._packed = gzip.GzipFile(filename="", fileobj=self._raw, mode="wb", mtime=0, compresslevel=6)

    def write(self, data: bytes) -> None:
        """More of the bytes."""
        self._packed.write(data)

    def flush(self) -> None:
        """All is written; from now on the system may bring it to the disk while others are written."""
        self._packed.close()
        self._raw.flush()

    def settle(self, name: str, *, sync_folder: bool = True) -> None:
        """Bring it to the disk and give it its name."""
        self._packed.close()
        self._raw.flush()
        os.fsync(self._raw.fileno())
        target = path_of(name)
        if not target.parent.exists():
            target.parent.mkdir(parents=True, exist_ok=True)
            _sync(target.parent.parent)
        self._path.replace(target)
        if sync_folder:
            _sync(target.parent)

    def close(self) -> None:
        """Let go of it; what was not settled is gone."""
        self._path.unlink(missing_ok=True)
        with contextlib.suppress(OSError):  # a full disk has told already, or there is nothing left to write
            self._packed.close()
        with contextlib.suppress(OSError):
            self._raw.close()


@contextlib.contextmanager
def _part() -> Iterator[_Part]:
    """A part, and its failures as StorageFull where they are that."""
    part = None
    try:
        part = _Part()
        yield part
    except OSError as error:
        if error.errno in _FULL:
            raise StorageFull(str(_originals())) from error
        raise
    finally:
        if part is not None:
            part.close()


def _locked(folder: Path) -> tuple[Path, BinaryIO]:
    """A new file, locked. Between making and locking it a sweep may take it; then it has no name left."""
    while True:
        path = folder / secrets.token_hex(8)
        file = path.open("xb")
        fcntl.flock(file, fcntl.LOCK_EX)
        if os.fstat(file.fileno()).st_nlink:
            return path, file
        file.close()


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
