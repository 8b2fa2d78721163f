"""What lies before an import: the files under the paths that were named, zips and tars unpacked, each by digest.

Everything that is there is found or passed over with a reason: links, devices, what may not be read, what is hidden.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import stat
from collections import Counter
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from undying.exchange.listing import Found, Listing, folder_of, looks_of
from undying.exchange.naming import escaped, sentence, shown
from undying.formats import Outcome, Unreadable
from undying.formats.packed import Tar
from undying.formats.safety import COLLECTION, Trap, open_zip
from undying.kernel import store
from undying.kernel.errors import StorageFull

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from undying.formats.packed import Member
    from undying.formats.safety import SafeZip

UNPACKED = frozenset({".zip", ".wacz"})
"""A .wacz is a zip of WARC files."""
TARS = (".tar", ".tar.gz", ".tgz", ".tar.bz2", ".tbz2", ".tbz", ".tar.xz", ".txz")
AS_FAR_AS_IT_GOES = frozenset({".sql", ".xml"})
"""Files of which half is better than nothing: their reader says where they stop."""
HEAD = 64 * 1024
DEEPEST_ZIP = 3
"""Zips in zips in zips; a trap can go on for ever."""
ROOM_TO_SPARE = 64 * 1024 * 1024
_LOOK_FOR_ROOM = 16 * 1024 * 1024
LINK = "a link; what it points to is no part of this folder: name that itself to bring it in"
DEVICE = "neither a file nor a folder (a pipe, a socket or a device); nothing can be read from it"
OWN = "this archive's own data folder"
HIDDEN = "hidden by its name, as programs do with their own files; rename it if it is a story"


@dataclass(frozen=True, slots=True, kw_only=True)
class PassedOver:
    """What is there and is not read, or is a zip; a folder's key ends in a slash. `digest` may be empty."""

    container: str
    key: str
    outcome: Outcome
    reason: str
    file: Path | None = None
    digest: str = ""


@dataclass(frozen=True, slots=True)
class Survey:
    """All files, in a stable order, with those of a stories folder that lies elsewhere; and what was passed over."""

    root: Path
    files: Listing
    passed_over: list[PassedOver] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)

    def place_of(self, path: Path) -> str:
        """Where a path that was named lies under the folder that all are shown from, as `naming.escaped` has it."""
        return escaped(path.resolve().relative_to(self.root).as_posix())

    def long_names(self) -> dict[str, str]:
        """The whole of each name that the ledger shows without its middle."""
        names = {}
        for each in self.files.everywhere():
            folder = f"{each.path.parent.relative_to(each.root).as_posix()}/"
            for told, name in ((each.container, folder), (each.key, each.path.name)):
                if "…" in told and len(escaped(name)) > len(told):
                    names[told] = escaped(name)
        return names

    def digest(self, *options: str) -> str:
        """The name of exactly these files, wherever they lie on this machine, read with these options."""
        told = hashlib.sha256()
        before = b""
        for line in chain(self.files.in_order(self._lines()), (sentence(each).encode() for each in options)):
            told.update(before + line)
            before = b"\n"
        return told.hexdigest()

    def _lines(self) -> Iterator[str]:
        for found in self.files.everywhere():
            yield f"{found.container}{found.key}\0{found.digest}"
        for each in self.passed_over:
            yield f"{each.container}{each.key}\0{each.outcome}\0{each.digest}"


def survey(paths: Sequence[Path], scratch: Path, stories: Path | None = None) -> Survey:
    """Look at every file once, however often it is named. Raises Unreadable for a path that is not there.

    Several paths are shown from the folder that holds them all: two files of one name must not be taken for one.
    `stories` is looked at too, when it lies outside the paths, but its files are left to the reader that asked for it.
    """
    named = list(dict.fromkeys(_resolved(path) for path in paths))
    beside = [] if stories is None else [_resolved(stories)]
    root = Path(os.path.commonpath([path if path.is_dir() else path.parent for path in (*named, *beside)]))
    surveyor = _Surveyor(root, scratch)
    for path in named:
        surveyor.look(path)
    for path in beside:
        surveyor.look_aside(path)
    return surveyor.survey


def _resolved(named: Path) -> Path:
    try:
        path = named.resolve()
        kind = path.stat().st_mode
    except (OSError, RuntimeError, ValueError) as error:
        if isinstance(error, PermissionError):
            raise Unreadable(f"{sentence(str(named))} may not be read by this user. Change its permissions.") from error
        raise Unreadable(f"There is no file or folder at {sentence(str(named))}. Check the spelling.") from error
    if not (stat.S_ISDIR(kind) or stat.S_ISREG(kind)):
        raise Unreadable(f"{sentence(str(named))} is {DEVICE}.")
    return path


class _Surveyor:
    """Walks the folders; a file that was seen under one path is passed by under the next."""

    def __init__(self, root: Path, scratch: Path) -> None:
        self.root = root
        self.scratch = scratch
        self.survey = Survey(root=root, files=Listing(scratch))
        self.zips = 0

    def look(self, path: Path) -> None:
        """A file, or a folder and all below it."""
        if path.is_file():
            self._take(path)
            return
        for folder, folders, names in os.walk(path, onerror=self._cannot_enter):
            inner = sorted(folders)
            folders[:] = [name for name in inner if self._may_enter(Path(folder, name))]
            for name in sorted(names):
                self._take(Path(folder, name))

    def look_aside(self, path: Path) -> None:
        """A folder whose files are read by another way: they are told apart by their bytes all the same."""
        for folder, folders, names in os.walk(path, onerror=self._cannot_enter):
            folders.sort()
            for name in sorted(names):
                file = Path(folder, name)
                # A pipe would be waited for without end.
                if self.survey.files.was_seen(file) or file.is_symlink() or not file.is_file():
                    continue
                if found := self._found(file, self.root):
                    self.survey.files.add(found, aside=True)

    def _cannot_enter(self, error: OSError) -> None:
        self._pass_over(Path(error.filename), Outcome.REFUSED, f"it cannot be opened ({error.strerror})", "/")

    def _may_enter(self, folder: Path) -> bool:
        if folder.is_symlink():
            self._pass_over(folder, Outcome.REFUSED, LINK, "/")
        elif self.scratch.is_relative_to(folder.resolve()):
            self._pass_over(folder, Outcome.REFUSED, OWN, "/")
        elif folder.name.startswith("."):
            self._pass_over(folder, Outcome.REFUSED, HIDDEN, "/")
        else:
            return True
        return False

    def _take(self, path: Path) -> None:
        if not self.survey.files.see(path):
            return
        if path.is_symlink():
            self._pass_over(path, Outcome.REFUSED, LINK)
        elif not path.is_file():
            self._pass_over(path, Outcome.REFUSED, DEVICE if path.exists() else "it went away during the import")
        elif found := self._found(path, self.root):
            self._sort(found)

    def _sort(self, found: Found, depth: int = 0) -> None:
        if found.path.name.startswith("."):
            self._pass_over(found.path, Outcome.KEPT_RAW, HIDDEN, root=found.root, file=found)
        elif found.path.suffix.lower() in UNPACKED or found.path.name.lower().endswith(TARS):
            self._open(found, depth)
        else:
            self.survey.files.add(found)

    def _open(self, found: Found, depth: int) -> None:
        """Unpack a zip or tar under its own name, which stands first in the containers of its files."""
        unpack = self._unpack if found.path.suffix.lower() in UNPACKED else self._unpack_tar
        outcome, reason = Outcome.REFUSED, f"a zip in {DEEPEST_ZIP} zips; unpack it yourself"
        before = self.survey.files.place(), len(self.survey.passed_over)
        if depth < DEEPEST_ZIP:
            try:
                unpack(found, depth)
                outcome, reason = Outcome.IMPORTED, "unpacked"
            except Unreadable as error:
                reason = str(error)
                self.survey.files.forget_since(before[0])
                del self.survey.passed_over[before[1] :]
        self._pass_over(found.path, outcome, reason, root=found.root, file=found)

    def _unpack(self, found: Found, depth: int) -> None:
        self.zips += 1
        root = self.scratch / f"zip-{self.zips}"
        target = root / found.path.relative_to(found.root)
        with open_zip(found.path, bounds=COLLECTION) as archive:
            archive.refuse_traps()
            if archive.claimed_size + ROOM_TO_SPARE > _room(self.scratch):
                raise StorageFull(f"{sentence(archive.name)} unpacks to {archive.claimed_size:,} bytes and")
            for name in sorted(archive.names):
                self._member(archive, name, target / name, root, depth)

    def _unpack_tar(self, found: Found, depth: int) -> None:
        """Unlike a zip, a tar that is cut off is good up to there; and links in it are usual, and passed over."""
        self.zips += 1
        root = self.scratch / f"zip-{self.zips}"
        target = root / found.path.relative_to(found.root)
        times: Counter[str] = Counter()
        taken: list[str] = []
        with found.path.open("rb") as file:
            tar = Tar(file, found.key)
            for member in tar.members():
                times[member.name] += 1
                again = f" ({times[member.name]})" if times[member.name] > 1 else ""
                reason = member.why_not or self._not_copied(tar, member, target / member.name)
                if reason:
                    self._pass_over(target / member.name, Outcome.REFUSED, reason, again, root=root)
                else:
                    taken.append(member.name)
        if tar.failure and not times:
            raise Unreadable(f"{found.key} is no tar that can be read: {tar.failure}.")
        if tar.failure:
            self.survey.remarks.append(f"{found.container} {found.key} was read as far as it goes: {tar.failure}.")
        for name in sorted(taken):
            self._sort_unpacked(target / name, Path(name).parts, root, depth)

    def _not_copied(self, tar: Tar, member: Member, out: Path) -> str:
        """Write one file of a tar down; "" or why it is not to be read."""
        written = 0
        try:
            out.parent.mkdir(parents=True, exist_ok=True)
            with out.open("xb") as file:
                for chunk in tar.chunks():
                    written += file.write(chunk)
                    if written % _LOOK_FOR_ROOM < len(chunk) and _room(self.scratch) < ROOM_TO_SPARE:
                        raise StorageFull(f"{sentence(member.name)} was being unpacked and")
        except FileExistsError:
            return "another file of this name stands before it in the same tar"
        except (OSError, ValueError) as error:
            if store.is_full(error):
                raise
            return f"it cannot be unpacked ({getattr(error, 'strerror', None) or error})"
        if written < member.size and out.suffix.lower() not in AS_FAR_AS_IT_GOES:
            return f"the tar is cut off inside it, after {written:,} of {member.size:,} bytes"
        return ""

    def _member(self, archive: SafeZip, name: str, out: Path, root: Path, depth: int) -> None:
        try:
            out.parent.mkdir(parents=True, exist_ok=True)
            archive.copy(name, out)
        except Trap:
            raise
        except (Unreadable, OSError) as error:
            if store.is_full(error):
                raise
            reason = str(error) if isinstance(error, Unreadable) else f"it cannot be unpacked ({error.strerror})"
            self._pass_over(out, Outcome.REFUSED, reason, root=root)
            return
        self._sort_unpacked(out, Path(name).parts, root, depth)

    def _sort_unpacked(self, out: Path, inside: tuple[str, ...], root: Path, depth: int) -> None:
        if found := self._found(out, root):
            if any(part.startswith(".") for part in inside) or inside[0] == "__MACOSX":
                self._pass_over(out, Outcome.KEPT_RAW, HIDDEN, root=root, file=found)
            else:
                self._sort(found, depth + 1)

    def _found(self, path: Path, root: Path) -> Found | None:
        try:
            return Found(path=path, root=root, looks=looks_of(path), digest=store.digest_of(path))
        except OSError as error:
            self._pass_over(path, Outcome.REFUSED, f"it cannot be read ({error.strerror})", root=root)
            return None

    def _pass_over(
        self,
        path: Path,
        outcome: Outcome,
        reason: str,
        ending: str = "",
        *,
        root: Path | None = None,
        file: Found | None = None,
    ) -> None:
        self.survey.passed_over.append(
            PassedOver(
                container=folder_of(path, root or self.root),
                key=shown(path.name + ending),
                outcome=outcome,
                reason=reason,
                file=None if file is None else file.path,
                digest="" if file is None else file.digest,
            )
        )


def _room(folder: Path) -> int:
    return shutil.disk_usage(folder).free


def head_of(path: Path) -> bytes:
    """The first 64 KiB."""
    with path.open("rb") as file:
        return file.read(HEAD)
