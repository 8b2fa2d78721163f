"""Bytes kept for ever: content-addressed, compressed, written so that a crash or a full disk leaves nothing half done.

A file named by the SHA-256 of its bytes lies gzipped at `HOME/originals/ab/cdef….gz`, readable without this software.
"""

from __future__ import annotations

import contextlib
import errno
import gzip
import hashlib
import os
import secrets
from typing import TYPE_CHECKING

from django.conf import settings

from undying.kernel.errors import StorageFull

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

CHUNK = 1 << 20


def keep(data: bytes) -> str:
    """Keep these bytes; their SHA-256. They are on disk when this returns. Raises StorageFull."""
    name = hashlib.sha256(data).hexdigest()
    if not path_of(name).exists():
        with _writing(path_of(name)) as file:
            file.write(data)
    return name


def keep_file(path: Path) -> str:
    """Keep a file's bytes in bounded memory; their SHA-256. Raises StorageFull."""
    name = digest_of(path)
    if not path_of(name).exists():
        with path.open("rb") as source, _writing(path_of(name)) as target:
            while chunk := source.read(CHUNK):
                target.write(chunk)
    return name


def fetch(name: str) -> bytes:
    """The bytes that were kept under this SHA-256. Raises FileNotFoundError."""
    with gzip.open(path_of(name), "rb") as file:
        return file.read()


def path_of(name: str) -> Path:
    """Where the bytes with this SHA-256 lie, or would."""
    folder: Path = settings.UNDYING.home / "originals"
    return folder / name[:2] / f"{name[2:]}.gz"


def digest_of(path: Path) -> str:
    """The SHA-256 of a file's bytes."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@contextlib.contextmanager
def _writing(path: Path) -> Iterator[gzip.GzipFile]:
    """A gzip stream that becomes `path` whole, or not at all. No name and no time inside: same bytes, same file."""
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(6)}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with temporary.open("wb") as raw:
            with gzip.GzipFile(filename="", fileobj=raw, mode="wb", mtime=0, compresslevel=6) as packed:
                yield packed
            raw.flush()
            os.fsync(raw.fileno())
        temporary.replace(path)
        _sync_folder(path.parent)
    except OSError as error:
        if error.errno in {errno.ENOSPC, errno.EDQUOT}:
            raise StorageFull(str(path.parent)) from error
        raise
    finally:
        temporary.unlink(missing_ok=True)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def forget(name: str) -> None:
    """Delete these bytes. Nothing may point to them any more."""
    path_of(name).unlink(missing_ok=True)
