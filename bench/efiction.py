"""How fast, and in how much memory, an eFiction archive is read: writes a synthetic one and reads it.

    python bench/efiction.py [stories] [--seed N] [--keep FOLDER]

The text is random words of a fixed list, in the shape that rescued archives have: few stories with many chapters, a
tenth of the chapters in Windows-1252, half a percent without their file, some reviews of chapters that are gone.
"""

from __future__ import annotations

import argparse
import random
import resource
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import IO, TYPE_CHECKING

from undying.formats import Fate, Request, Story
from undying.formats.efiction import READER
from undying.formats.efiction.tokenizer import Dump, Row

if TYPE_CHECKING:
    from collections.abc import Iterable

TEXT = """
the a of and to in was he she it that his her had with for on at said not but you from they as were by him what castle
night window count wolf sea letter journal train storm carriage door candle blood garden tower harbour morning silence
garlic mirror voyage lantern chapel moonlight stairs shadow whisper café naïve “never” it’s don’t
"""
WORDS = TEXT.split()
PAIRS = ("Mina/Jonathan", "Lucy/Arthur", "Holmes/Watson")


class Archive:
    """Writes one archive: `dump.sql` and `stories/` in a folder."""

    def __init__(self, folder: Path, stories: int, seed: int) -> None:
        self.folder = folder
        self.stories = stories
        self.random = random.Random(seed)
        self.text_bytes = 0

    def words(self, count: int) -> str:
        """So many words, with paragraphs."""
        chosen = self.random.choices(WORDS, k=count)
        return "\n\n".join(" ".join(chosen[at : at + 60]) + "." for at in range(0, count, 60))

    def chapters_of(self) -> int:
        """A heavy tail: median 1, mean about 4."""
        return min(200, max(1, int(self.random.paretovariate(0.9) * 0.9)))

    def write(self) -> Path:
        """Both the dump and the files."""
        path = self.folder / "dump.sql"
        members = self.stories * 6 // 5
        with path.open("wb") as dump:
            self._table(dump, "authors", "uid penname email password", (
                (uid, f"Writer {uid}", f"w{uid}@example.com", "0" * 32) for uid in range(1, members + 1)
            ))  # fmt: skip
            self._table(dump, "categories", "catid parentcatid category", [(1, -1, "Dracula"), (2, -1, "Holmes")])
            self._table(dump, "characters", "charid catid charname", [(n, -1, name) for n, name in enumerate(PAIRS, 1)])
            self._table(dump, "ratings", "rid rating ratingwarning", [(1, "G", 0), (2, "PG-13", 0), (3, "NC-17", 7)])
            self._stories(dump, members)
            self._table(dump, "favorites", "uid item type comments", (
                (self.random.randint(1, members), self.random.randint(1, self.stories), "ST", "")
                for _ in range(self.stories * 10)
            ))  # fmt: skip
        return path

    def _stories(self, dump: IO[bytes], members: int) -> None:
        stories, chapters, reviews, chapid = [], [], [], 0
        for sid in range(1, self.stories + 1):
            uid = self.random.randint(1, max(1, members * 2 // 5))
            stories.append(
                (sid, self.words(4), self.words(40), "1,2", "1,2", str(sid % 3 + 1), "2005-01-02 03:04:05", uid, 1, 1)
            )
            first = chapid + 1
            for inorder in range(1, self.chapters_of() + 1):
                chapid += 1
                chapters.append((chapid, f"Part {inorder}", inorder, self.words(20), "", 1, sid, uid))
                self._file(uid, chapid)
            for _ in range(self.random.randint(0, 24)):
                at = self.random.randint(first, chapid + (self.random.random() < 0.02))
                words, key = self.words(30), len(reviews) + 1
                reviews.append((key, sid, at, f"Reader {sid}", 0, words, "2006-01-02 03:04:05", 5, 0, "ST"))
        self._table(dump, "stories", "sid title summary catid charid rid date uid validated completed", stories)
        self._table(dump, "chapters", "chapid title inorder notes storytext validated sid uid", chapters)
        self._table(dump, "reviews", "reviewid item chapid reviewer uid review date rating respond type", reviews)

    def _file(self, uid: int, chapid: int) -> None:
        if self.random.random() < 0.005:
            return
        path = self.folder / "stories" / str(uid) / f"{chapid}.txt"
        path.parent.mkdir(parents=True, exist_ok=True)
        data = self.words(int(self.random.lognormvariate(7.6, 0.8))).encode("cp1252" if chapid % 10 == 0 else "utf-8")
        self.text_bytes += len(data)
        path.write_bytes(data)

    def _table(self, dump: IO[bytes], name: str, columns: str, rows: Iterable[tuple[int | str, ...]]) -> None:
        names = columns.split()
        listed = ", ".join(f"`{column}` text" for column in names)
        dump.write(f"CREATE TABLE `fanfiction_{name}` ({listed});\n".encode())
        rows = list(rows)
        for at in range(0, len(rows), 200):
            written = (
                "(" + ",".join(str(v) if isinstance(v, int) else "'" + v.replace("\n", "\\n") + "'" for v in row) + ")"
                for row in rows[at : at + 200]
            )
            dump.write(f"INSERT INTO `fanfiction_{name}` VALUES {','.join(written)};\n".encode())


def peak() -> float:
    """The most memory that this process has held, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def measure(path: Path, text_bytes: int) -> None:
    """Time the tokenizer alone, then the whole reading."""
    size, before = path.stat().st_size, peak()
    start = time.perf_counter()
    with path.open("rb") as file:
        rows = sum(isinstance(item, Row) for item in Dump(file.read).items())
    spent = time.perf_counter() - start
    print(f"tokenizer: {rows:,} rows, {size / 1e6:.1f} MB in {spent:.2f} s: {size / 1e6 / spent:.1f} MB/s")
    start, seen = time.perf_counter(), Counter()
    with tempfile.TemporaryDirectory() as scratch:
        for event in READER.read(path, Request(scratch=Path(scratch), root=path.parent)):
            seen[type(event).__name__] += 1
            if isinstance(event, Story):
                seen["chapters"] += len(event.manuscript.chapters)
                seen["reviews"] += len(event.manuscript.reviews)
                seen["fates"] += len(event.fates)
            seen["fates"] += isinstance(event, Fate)
    spent = time.perf_counter() - start
    total = (size + text_bytes) / 1e6
    print(f"reading: {dict(seen)}")
    print(f"{total:.1f} MB in {spent:.1f} s: {seen['Story'] / spent:.1f} stories/s, {total / spent:.1f} MB/s")
    print(f"memory: {before:.0f} MB before, {peak():.0f} MB at the peak")


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("stories", type=int, nargs="?", default=500)
    parser.add_argument("--seed", type=int, default=1897)
    parser.add_argument("--keep", type=Path, help="a folder to write the archive into, or to read again")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = asked.keep or Path(temporary)
        path = folder / "dump.sql"
        if not path.exists():
            folder.mkdir(parents=True, exist_ok=True)
            Archive(folder, asked.stories, asked.seed).write()
        measure(path, sum(file.stat().st_size for file in folder.glob("stories/*/*.txt")))


if __name__ == "__main__":
    main()
