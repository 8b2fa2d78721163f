"""EfictionReader: a SQL dump of an eFiction archive, and its folder of chapter files -> a stream of events."""

from __future__ import annotations

import re
import sqlite3
import zlib
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from undying.formats import Count, Event, Fate, Outcome, Progress, Remark, Story, Unreadable
from undying.formats.efiction import folder as folders
from undying.formats.efiction.chapters import Chapters
from undying.formats.efiction.encodings import Decoder
from undying.formats.efiction.leftovers import Leftovers
from undying.formats.efiction.loading import DumpFile, Loader, Table
from undying.formats.efiction.people import People
from undying.formats.efiction.reviews import Reviews
from undying.formats.efiction.series import Series
from undying.formats.efiction.stories import Desk, Site, Stories
from undying.formats.efiction.tables import integer, reason_kept
from undying.formats.efiction.tags import Tags
from undying.formats.efiction.text import Texts

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from undying.formats import Request
    from undying.formats.efiction.spool import Spool

_TABLE_NAMED = re.compile(rb"(?:INTO|TABLE|EXISTS|REPLACE)\s+[\w`\"\[.$]*fanfiction_[a-z]", re.IGNORECASE)
_LOOKS_LIKE_SQL = re.compile(
    rb"(?:\A|\n)(?:\xef\xbb\xbf)?\s*(?:--|#|/\*|(?:CREATE|INSERT|REPLACE|DROP|SET|USE|LOCK)\b)", re.IGNORECASE
)
_FARTHEST = 64 * 1024 * 1024
_STEP = 1024 * 1024
_STORIES_PER_PROGRESS = 100
_FILE_VOTES = 400
_MOST_NAMED = 20
_LANGUAGES = {
    "chinese": "zh", "czech": "cs", "danish": "da", "dutch": "nl", "english": "en", "finnish": "fi", "french": "fr",
    "german": "de", "hungarian": "hu", "italian": "it", "norwegian": "no", "polish": "pl", "portuguese": "pt",
    "russian": "ru", "spanish": "es", "swedish": "sv",
}  # fmt: skip
_LANGUAGE_TAG = re.compile(r"[a-z]{2,3}(?:[-_][A-Za-z]{2,4})?\Z")
_SHIPPED_ADDRESS = "www.yoursite.com"


class EfictionReader:
    """Reads dumps of eFiction 1.1 to 3.5.x and its forks: SQL as any tool writes it, plain or gzipped.

    Nothing in the dump is executed. Memory is bounded: rows are spooled into `request.scratch`.
    """

    name = "efiction"

    def claims(self, path: Path, head: bytes) -> bool:
        """Whether the file is a SQL dump with eFiction's tables; looks at most 64 MiB into one that starts as SQL."""
        is_packed = head.startswith(b"\x1f\x8b")
        is_wide = head.startswith((b"\xff\xfe", b"\xfe\xff"))
        if _TABLE_NAMED.search(head):
            return bool(_LOOKS_LIKE_SQL.search(head))
        if not (is_packed or is_wide or _LOOKS_LIKE_SQL.search(head[:4096])):
            return False
        try:
            return _mentions_tables(path)
        except (OSError, EOFError, ValueError, zlib.error):
            return False

    def read(self, path: Path, request: Request) -> Iterator[Event]:
        """Everything in the dump. Raises Unreadable when it holds several archives and none was asked for, or none."""
        loader = Loader(request.scratch)
        try:
            yield from loader.load(path)
            yield from _Reading(loader, path, request).events()
        except sqlite3.Error as error:
            raise Unreadable(
                f"{path.name} could not be put down in the working folder ({error}); make room there and start again."
            ) from error
        except OSError as error:
            raise Unreadable(f"{path.name} could not be read to its end ({error.strerror or error}).") from error
        finally:
            loader.close()


def _mentions_tables(path: Path) -> bool:
    file = DumpFile(path)
    try:
        kept, seen = b"", 0
        while seen < _FARTHEST and (data := file.read_text(_STEP)):
            kept = kept[-256:] + data
            if _TABLE_NAMED.search(kept):
                return bool(seen) or bool(_LOOKS_LIKE_SQL.search(kept))
            if not seen and not _LOOKS_LIKE_SQL.search(kept[:4096]):
                return False
            seen += len(data)
    finally:
        file.close()
    return False


class _Reading:
    """One archive of a loaded dump, told as events."""

    def __init__(self, loader: Loader, path: Path, request: Request) -> None:
        self._loader = loader
        self._path = path
        self._request = request
        self._tables = {str(table.number): loader.container(table) for table in loader.tables.values()}
        self._install = self._chosen()
        self._spool = loader.spool(self._install)
        self._settings = self._found_settings()

    def events(self) -> Iterator[Event]:
        """Stories first, then the fates of everything else, the counts, and the remarks on the whole."""
        folder = self._folder()
        if folder is None and self._needs_files():
            yield Remark(
                text="No folder of chapter files was found beside the dump: name it with --stories.", grave=True
            )
        elif folder:
            yield Remark(text=f"Chapter files are read from {folder.container('') or './'}.")
        texts = Texts(self._loader.decoder, Decoder(language=self._language()))
        texts.dump.language = texts.files.language
        if folder:
            _vote(texts.files, folder, self._spool)
        desk = self._desk(texts, folder)
        stories = Stories(desk)
        yield from self._with_progress(stories)
        for entity, used in desk.tags.used():
            self._spool.mark(entity, used)
        leftovers = Leftovers(self._spool, desk.series, stories.skipped, self._tables.__getitem__)
        yield from leftovers.rows()
        yield from self._other_rows()
        yield from self._counts()
        if folder:
            yield from leftovers.files(folder)
            yield from (Count(container=container, total=total) for container, total in folder.counts())
        yield from texts.remarks()
        yield from _about_missing(desk.people.missing)

    def _desk(self, texts: Texts, folder: folders.StoriesFolder | None) -> Desk:
        spool, site = self._spool, self._site()
        ours = (table.entity for table in self._loader.tables.values() if table.install == self._install)
        people = People(spool, texts, site.base, has_coauthors="coauthors" in ours)
        return Desk(
            spool=spool,
            site=site,
            texts=texts,
            people=people,
            tags=Tags(spool, texts),
            series=Series(spool, texts, site.base),
            chapters=Chapters(texts, people, folder),
            reviews=Reviews(texts, people, integer(self._settings.get("ratings")) or 0),
            container=self._tables.__getitem__,
        )

    def _with_progress(self, stories: Stories) -> Iterator[Story | Remark | Progress]:
        total, done = self._spool.count("stories"), 0
        for event in stories.all():
            yield event
            if isinstance(event, Story):
                done += 1
                if done % _STORIES_PER_PROGRESS == 0:
                    yield Progress(done=done, total=total, unit="stories")
        yield Progress(done=total, total=total, unit="stories")

    def _chosen(self) -> tuple[str, str]:
        """The archive that was asked for, or the only one."""
        names = self._installs()
        if not names:
            raise Unreadable(f"{self._path.name} holds none of eFiction's tables; is it the dump of another program?")
        wanted = self._request.install
        if not wanted and len(names) == 1:
            return next(iter(names))
        listed = ", ".join(sorted(names.values()))
        if not wanted:
            raise Unreadable(
                f"{self._path.name} holds {len(names)} archives ({listed}): choose one with --install, such as "
                f"--install {min(names.values())}."
            )
        for install, name in names.items():
            if wanted in {name, name.removesuffix("fanfiction_")}:
                return install
        raise Unreadable(f"{self._path.name} holds no archive named {wanted}; with --install, choose one of: {listed}.")

    def _installs(self) -> dict[tuple[str, str], str]:
        """Each archive in the dump and its name: the beginning of its tables' names. One without stories is none."""
        ours = [table for table in self._loader.tables.values() if table.install is not None]
        found = dict.fromkeys(table.install for table in ours if table.entity == "stories")
        if not found:
            found = dict.fromkeys(table.install for table in ours if table.entity != "settings")
        installs = [install for install in found if install is not None]
        one_database = len({database for database, _prefix in installs}) == 1
        return {
            (database, prefix): f"{prefix}fanfiction_" if one_database else f"{database}.{prefix}fanfiction_"
            for database, prefix in installs
        }

    def _found_settings(self) -> dict[str, bytes]:
        """The settings row of this archive: it may stand under another prefix, shared by several sites."""
        best: dict[str, bytes] = {}
        for install, spool in self._loader.spools.items():
            for row in spool.stream("SELECT * FROM settings ORDER BY n"):
                values = {name: row[name] for name in row.keys() if isinstance(row[name], bytes)}  # noqa: SIM118 - sqlite3.Row
                is_own = install == self._install
                is_exact = values.get("tableprefix", b"").decode("latin-1") == self._install[1]
                if (is_exact and (is_own or not best)) or (is_own and not best):
                    best = values
        return best

    def _setting(self, name: str) -> str:
        return self._settings.get(name, b"").decode("utf-8", "replace").strip()

    def _language(self) -> str:
        written = self._setting("language")
        language = _LANGUAGES.get(written.lower(), written)
        return language.replace("_", "-") if _LANGUAGE_TAG.match(language) else ""

    def _site(self) -> Site:
        url = self._setting("url")
        parts = urlsplit(url) if url.lower().startswith(("http://", "https://")) else None
        host = (parts.hostname or "") if parts and parts.hostname != _SHIPPED_ADDRESS else ""
        base = url.rstrip("/") + "/" if host else ""
        return Site(name=self._request.site or host or "efiction", base=base, language=self._language())

    def _needs_files(self) -> bool:
        statement = "SELECT 1 FROM chapters WHERE storytext IS NULL OR length(storytext) = 0"
        return self._spool.row(statement) is not None

    def _folder(self) -> folders.StoriesFolder | None:
        root = self._request.stories
        if root is not None and not root.is_dir():
            raise Unreadable(f"{root.name} is no folder; --stories names the folder that holds the chapter files.")
        if root is None:
            root = folders.find(self._path, self._setting("storiespath"), self._spool)
        return folders.StoriesFolder(root, self._request.root, self._spool) if root else None

    def _is_by_row(self, table: Table) -> bool:
        """Whether the table's rows are told by number: those of other programs, other archives, and settings."""
        return not table.is_spooled or table.install != self._install or table.entity == "settings"

    def _other_rows(self) -> Iterator[Fate]:
        by_row = {table.number: self._is_by_row(table) for table in self._loader.tables.values()}
        for table in self._loader.tables.values():
            if by_row[table.number]:
                container, why = self._loader.container(table), self._why_kept(table)
                for number in range(1, table.rows + 1):
                    yield Fate(container=container, key=f"row {number}", outcome=Outcome.KEPT_RAW, detail=why)
        for number, key, why in self._loader.refusals:
            if not by_row[number] or key.startswith("lost"):
                yield Fate(container=self._tables[str(number)], key=key, outcome=Outcome.REFUSED, detail=why)

    def _why_kept(self, table: Table) -> str:
        if table.install is None:
            return "it is no table of eFiction"
        if table.entity == "settings":
            return "the site's settings are kept for a later version"
        if table.install != self._install:
            return f"it belongs to another archive in the dump ({table.install[1]}fanfiction_), which was not asked for"
        return reason_kept(table.entity)

    def _counts(self) -> Iterator[Count]:
        for table in self._loader.tables.values():
            yield Count(container=self._loader.container(table), total=table.rows + table.lost)


def _vote(decoder: Decoder, folder: folders.StoriesFolder, spool: Spool) -> None:
    """Let a sample of the chapter files, spread over the archive, say what encoding it is in."""
    count = spool.row("SELECT count(*) AS files FROM files WHERE chapid IS NOT NULL")
    step = max(1, (count["files"] if count else 0) // _FILE_VOTES)
    for row in spool.rows("SELECT folder, name FROM files WHERE chapid IS NOT NULL AND n % ? = 0", step):
        try:
            with folder.path(row).open("rb") as file:
                decoder.vote(file.read(_STEP // 16))
        except OSError:
            continue


def _about_missing(missing: set[int]) -> Iterator[Remark]:
    if missing:
        listed = ", ".join(map(str, sorted(missing)[:_MOST_NAMED])) + (" and others" * (len(missing) > _MOST_NAMED))
        yield Remark(
            text=f"Creators without a row among the authors ({listed}): their stories stand under their numbers. "
            "If members were kept in a forum's tables, their names are there.",
            grave=True,
        )
