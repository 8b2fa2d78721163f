"""What lies before an import: the files under the paths that were named, zips unpacked, each with its digest."""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from undying.formats import Unreadable
from undying.formats.safety import open_zip
from undying.kernel import store

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

UNPACKED = frozenset({".zip"})
HEAD = 64 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A file to read. `path` is where its bytes are, `shown` what people call it, `root` the folder `shown` starts at.

    `origin` is the archive that it was unpacked from.
    """

    path: Path
    root: Path
    digest: str

    @property
    def container(self) -> str:
        """The folder that its fate is told under."""
        return folder_of(self.path, self.root)


@dataclass(frozen=True, slots=True)
class Survey:
    """All files, in a stable order, and the zips that could not be unpacked with the reason."""

    files: tuple[Found, ...]
    unpacked: tuple[Found, ...]
    refused: tuple[tuple[Found, str], ...]

    def digest(self, *options: str) -> str:
        """The name of exactly these files, wherever they lie on this machine, read with these options."""
        lines = [f"{each.container}{each.path.name}\0{each.digest}" for each in (*self.files, *self.unpacked)]
        lines += [f"refused\0{each.digest}" for each, _ in self.refused]
        return hashlib.sha256("\n".join([*sorted(lines), *options]).encode()).hexdigest()


def folder_of(path: Path, root: Path) -> str:
    """A file's folder as people see it, relative to `root`, ending in a slash."""
    folder = path.parent.relative_to(root).as_posix()
    return "./" if folder == "." else f"{folder}/"


def survey(paths: Iterable[Path], scratch: Path) -> Survey:
    """Look at every file. Links and hidden files are passed over. Raises Unreadable for a path that is not there."""
    files: list[Found] = []
    unpacked: list[Found] = []
    refused: list[tuple[Found, str]] = []
    for number, named in enumerate(paths):
        path = named.resolve()
        if not path.exists():
            raise Unreadable(f"There is no file or folder at {named}. Check the spelling.")
        root = path if path.is_dir() else path.parent
        for file in _walk(path):
            found = Found(path=file, root=root, digest=store.digest_of(file))
            if file.suffix.lower() not in UNPACKED:
                files.append(found)
                continue
            try:
                files.extend(_unpack(file, scratch / f"zip-{number}-{len(unpacked)}" / file.stem))
                unpacked.append(found)
            except Unreadable as error:
                refused.append((found, str(error)))
    return Survey(tuple(files), tuple(unpacked), tuple(refused))


def _walk(path: Path) -> Iterator[Path]:
    if path.is_file():
        yield path
        return
    for folder, folders, names in os.walk(path):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            file = Path(folder) / name
            if not name.startswith(".") and not file.is_symlink() and file.is_file():
                yield file


def _unpack(file: Path, target: Path) -> Iterator[Found]:
    """The files of a zip, unpacked under `target`, whose own name stands first in their containers."""
    with open_zip(file) as archive:
        for name in sorted(archive.names):
            out = target / name
            if name.endswith("/") or any(part.startswith(".") for part in Path(name).parts):
                continue
            out.parent.mkdir(parents=True, exist_ok=True)
            out.write_bytes(archive.read(name))
            yield Found(path=out, root=target.parent, digest=store.digest_of(out))


def head_of(path: Path) -> bytes:
    """The first 64 KiB."""
    with path.open("rb") as file:
        return file.read(HEAD)
