"""The folder of chapter files: finding it, indexing it, and finding one chapter's text in it.

eFiction writes `<stories>/<uid of the chapter>/<chapid>.txt` (1.1: `<stories>/<pen name>/<sid>.txt`). Backups hold the
folder under any name and often several of them, so a folder is believed only when its files stand where the dump says.
"""

from __future__ import annotations

import os
import re
import stat
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from sqlite3 import Row

    from undying.formats.efiction.spool import Spool

LARGEST_FILE = 64 * 1024 * 1024
_CHAPTER_FILE = re.compile(r"(\d{1,18})\.(?:txt|html?)\Z", re.IGNORECASE)
_SAMPLE = 400
_FAIR_SHARE = 0.25
_MOST_FOLDERS = 400
_MOST_FILES = 20_000
_DEEPEST = 5
_HIGHEST = 2


@dataclass(frozen=True, slots=True)
class Found:
    """One file that holds a chapter: its row in the index, and where it lies."""

    n: int
    path: Path
    shown: str
    misplaced: bool


class StoriesFolder:
    """An index of all files under the stories folder, in the spool's database. Links are listed and not followed."""

    def __init__(self, root: Path, shown_from: Path, spool: Spool) -> None:
        self.root = root
        self._spool = spool
        self._shown = _relative(root, shown_from)
        spool.db.execute(
            "CREATE TABLE files (n INTEGER PRIMARY KEY, folder TEXT, name TEXT, chapid INTEGER, used INTEGER DEFAULT 0)"
        )
        spool.db.executemany("INSERT INTO files (folder, name, chapid) VALUES (?, ?, ?)", _listed(root))
        spool.db.execute("CREATE INDEX files_of ON files (chapid)")

    def chapter(self, chapid: int, own: tuple[str, ...], next_best: tuple[str, ...]) -> Found | None:
        """The file of a chapter: in its author's `own` folder, else in one of the `next_best`, else wherever it is."""
        rows = self._spool.rows("SELECT n, folder, name FROM files WHERE chapid = ? ORDER BY folder, name", chapid)
        if not rows:
            return None
        order = {home: rank for rank, home in reversed(list(enumerate((*own, *next_best))))}
        best = min(rows, key=lambda row: (order.get(row["folder"], len(order)), row["name"].lower().endswith("l")))
        return Found(best["n"], self.path(best), self.shown(best), best["folder"] not in own)

    def path(self, row: Row) -> Path:
        """Where a file of the index lies."""
        return Path(self.root, row["folder"], row["name"])

    def container(self, folder: str) -> str:
        """The folder's path as fates show it."""
        return f"{self._shown}{folder}/" if folder else self._shown

    def shown(self, row: Row) -> str:
        """The file's path as people are shown it."""
        return self.container(row["folder"]) + str(row["name"])

    def mark(self, n: int) -> None:
        """The file has found its fate."""
        self._spool.db.execute("UPDATE files SET used = 1 WHERE n = ?", (n,))

    def unused(self) -> Iterator[Row]:
        """Files that no chapter was made of."""
        return self._spool.stream("SELECT n, folder, name, chapid FROM files WHERE used = 0 ORDER BY folder, name")

    def counts(self) -> Iterator[tuple[str, int]]:
        """(container, files) by a fresh walk: the check on the index."""
        for folder, _folders, names in os.walk(self.root):
            if names:
                inner = Path(folder).relative_to(self.root).as_posix()
                yield self.container("" if inner == "." else inner), len(names)


def find(dump: Path, named: str, spool: Spool, top: Path) -> Path | None:
    """The folder beside the dump whose files stand where the chapters' rows say; `named` is the one in the settings.

    Backups of a whole account have the dump in one folder and the pages in another: so above it too, but not above
    `top`.
    """
    for beside in dump.parents[: _HIGHEST + 1]:
        if beside != dump.parent and not beside.is_relative_to(top):
            return None
        best: tuple[float, int, Path] | None = None
        for folder in _candidates(beside, named):
            share, count = trust(folder, spool)
            if share >= _FAIR_SHARE and (best is None or (share * count) > best[0] * best[1]):
                best = (share, count, folder)
        if best:
            return best[2]
    return None


def trust(folder: Path, spool: Spool) -> tuple[float, int]:
    """Which share of a sample of the folder's files stands where the dump says, and how many were looked at."""
    right = looked = 0
    for inner, _name, chapid in islice(_listed(folder), _MOST_FILES):
        if chapid is None:
            continue
        looked += 1
        row = spool.row(
            "SELECT chapters.uid, penname FROM chapters LEFT JOIN authors USING (uid) WHERE chapid = ?", chapid
        )
        if row:
            penname = (row["penname"] or b"").decode("utf-8", "replace")
            right += inner in {str(row["uid"]), penname}
        if looked >= _SAMPLE:
            break
    return (right / looked if looked else 0.0), looked


def _candidates(beside: Path, named: str) -> Iterator[Path]:
    """Folders beside the dump, likely names first, three levels deep. Members' own folders hold no others."""
    likely = {"stories", Path(named.replace("\\", "/")).name} - {""}
    level, seen = [beside], 0
    for _depth in range(_DEEPEST):
        inner = [folder for above in level for folder in _folders_in(above)]
        level = sorted(inner, key=lambda path: (path.name not in likely, path))[: _MOST_FOLDERS - seen]
        seen += len(level)
        yield from level
    yield beside


def _folders_in(above: Path) -> Iterator[Path]:
    try:
        with os.scandir(above) as entries:
            for entry in entries:
                if entry.is_dir(follow_symlinks=False) and not entry.name.isdigit():
                    yield Path(entry.path)
    except OSError:
        return


def _listed(root: Path) -> Iterator[tuple[str, str, int | None]]:
    """(folder, name, chapter id) of every file. Links have no chapter id, for what they point to is not ours; nor have
    pipes and devices, on which a reader would wait for ever.
    """
    for folder, folders, names in os.walk(root):
        folders.sort()
        inner = Path(folder).relative_to(root).as_posix()
        for name in sorted(names):
            match = _CHAPTER_FILE.match(name)
            is_plain = match is not None and stat.S_ISREG(Path(folder, name).lstat().st_mode)
            chapid = int(match[1]) if match and is_plain else None
            yield ("" if inner == "." else inner), name, chapid


def _relative(path: Path, root: Path) -> str:
    try:
        inner = path.resolve().relative_to(root.resolve()).as_posix()
    except ValueError:
        inner = path.name
    return "" if inner == "." else f"{inner}/"
