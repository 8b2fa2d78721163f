"""EfictionReader: a SQL dump of an eFiction archive, and its folder of chapter files -> a stream of events."""

from __future__ import annotations

import re
import sqlite3
from functools import partial
from itertools import chain
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from undying.formats import Count, Event, Fate, Outcome, Progress, Remark, Story, Unreadable
from undying.formats.addresses import site_of
from undying.formats.efiction import folder as folders
from undying.formats.efiction.accounts import Accounts
from undying.formats.efiction.challenges import Challenges
from undying.formats.efiction.chapters import Chapters, addresses
from undying.formats.efiction.desk import Desk, Site
from undying.formats.efiction.dumpfile import DumpFile, excerpt
from undying.formats.efiction.encodings import Decoder
from undying.formats.efiction.favourites import favourites
from undying.formats.efiction.figures import Figures
from undying.formats.efiction.forums import adopt
from undying.formats.efiction.leftovers import SETTINGS_KEPT, Leftovers
from undying.formats.efiction.loading import Loader, Table
from undying.formats.efiction.members import Members
from undying.formats.efiction.pages import news, oldest_pages, pages
from undying.formats.efiction.people import People
from undying.formats.efiction.reviews import Reviews
from undying.formats.efiction.series import Series
from undying.formats.efiction.stories import Stories
from undying.formats.efiction.tables import integer, reason_kept
from undying.formats.efiction.tags import Tags
from undying.formats.efiction.text import Texts
from undying.formats.efiction.xml_dump import LOOKS_LIKE_XML_DUMP
from undying.formats.packed import is_packed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from io import BufferedIOBase
    from pathlib import Path
    from sqlite3 import Row

    from undying.formats import Kept, Request
    from undying.formats.efiction.forums import Adopted
    from undying.formats.efiction.spool import Spool

_TABLE_NAMED = re.compile(rb"(?:INTO|TABLE|EXISTS|REPLACE)\s+[\w`\"\[.$-]*fanfiction_[a-z]", re.IGNORECASE)
_TABLE_NAMED_IN_XML = re.compile(rb"name=\"[^\"<]*fanfiction_[a-z]|\sfrom\s+[\w`.$-]*fanfiction_[a-z]", re.IGNORECASE)
_NAMES_TABLES = b"fanfiction_"
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
        is_wide = head.startswith((b"\xff\xfe", b"\xfe\xff"))
        is_xml = LOOKS_LIKE_XML_DUMP.match(head)
        # Every file of an import is asked: the quick question first.
        if not is_xml and _NAMES_TABLES in head.lower() and _TABLE_NAMED.search(head):
            return bool(_LOOKS_LIKE_SQL.search(head))
        if not (is_packed(head) or is_wide or is_xml or _LOOKS_LIKE_SQL.search(head[:4096])):
            return False
        try:
            return _mentions_tables(path)
        except (OSError, ValueError):
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

    def excerpt(self, file: BufferedIOBase, span: tuple[int, int]) -> Iterator[bytes]:
        """The bytes of a row, unpacked and re-encoded as they were when it was read."""
        return excerpt(file, span)


def _mentions_tables(path: Path) -> bool:
    file = DumpFile(path)
    try:
        is_xml = LOOKS_LIKE_XML_DUMP.match(file.head) is not None
        named = _TABLE_NAMED_IN_XML if is_xml else _TABLE_NAMED
        kept, seen = b"", 0
        while seen < _FARTHEST and (data := file.read_text(_STEP)):
            kept = kept[-256:] + data
            if named.search(kept):
                return bool(seen) or is_xml or bool(_LOOKS_LIKE_SQL.search(kept))
            if not (seen or is_xml or _LOOKS_LIKE_SQL.search(kept[:4096])):
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
        self._settings_of = self._install
        self._settings = self._found_settings()
        self._adopted = list(adopt(self._spool, self._sources()))

    def _sources(self) -> Mapping[str, Callable[[], Iterable[Row]]]:
        """Where members may be kept if not in the archive's own table: in a forum's, or in another archive's."""
        forums = self._loader.forums
        sources = {
            f"{self._tables[str(number)]} ({program})": partial(forums.members, number)
            for number, program in forums.names.items()
        }
        others = {install: spool for install, spool in self._loader.spools.items() if install != self._install}
        return sources | {
            f"{prefix}fanfiction_authors": partial(spool.stream, "SELECT * FROM authors ORDER BY n")
            for (_database, prefix), spool in others.items()
        }

    def events(self) -> Iterator[Event]:
        """Who can be reached, stories, what stands beside them, the other fates, the counts, remarks on the whole."""
        folder = self._folder()
        yield from self._about_folder(folder)
        if self._adopted:
            yield _about_adopted(self._adopted)
        texts = Texts(self._loader.decoder, Decoder(language=self._language()), self._request.repairs)
        texts.dump.language = texts.files.language
        if folder:
            _vote(texts.files, folder, self._spool)
        desk = self._desk(texts, folder)
        yield from desk.tags.meanings()
        members, stories = Members(desk, with_passwords=self._request.with_passwords), Stories(desk)
        for event in chain(members.contacts(), self._with_progress(stories), self._beside(desk, members, stories)):
            yield event
            yield from texts.mender.told()
        for entity, used in desk.tags.used():
            self._spool.mark(entity, used)
        leftovers = Leftovers(desk, stories.skipped)
        yield from leftovers.rows()
        yield from self._other_rows()
        yield from self._counts()
        if folder:
            yield from leftovers.files(folder)
            yield from (Count(container=container, total=total) for container, total in folder.counts())
        yield from texts.mender.told()
        yield from texts.mender.rest()
        yield from texts.remarks()
        yield from _about_missing(desk.people.missing)
        yield from desk.figures.remarks(self._settings.get("sitekey", b""))
        yield from self._about_site(texts)

    def _about_folder(self, folder: folders.StoriesFolder | None) -> Iterator[Remark]:
        if folder:
            yield Remark(text=f"Chapter files are read from {folder.container('') or './'}.")
        elif self._needs_files():
            yield Remark(
                text="No folder of chapter files was found beside the dump: name it with --stories.", grave=True
            )

    def _beside(self, desk: Desk, members: Members, stories: Stories) -> Iterator[Kept | Fate]:
        """What the archive holds beside its stories."""
        yield from members.profiles()
        yield from Accounts(desk, stories.skipped).all()
        yield from Challenges(desk).all()
        yield from favourites(desk)
        yield from news(desk)
        yield from pages(desk)
        for row in self._spool.rows("SELECT * FROM settings ORDER BY n LIMIT 1"):
            yield from oldest_pages(desk, row)

    def _about_site(self, texts: Texts) -> Iterator[Remark]:
        """What the settings say of the site, and what its keeper should hear about them."""
        said = [shown for name in ("sitename", "slogan", "url") if (shown := texts.glimpse(self._settings.get(name)))]
        if said:
            yield Remark(text=f"The old site called itself: {' · '.join(said)}.")
        if self._settings.get("smtp_password"):
            yield Remark(
                text="The dump holds the password of the mail account that the old site sent from (smtp_password). It "
                "was not read; whoever owns that account should change it.",
                grave=True,
            )
        deleted = self._spool.row("SELECT count(*) AS rows FROM log WHERE upper(CAST(log_type AS TEXT)) = 'DL'")
        if deleted and deleted["rows"]:
            yield Remark(
                text=f"Deletions that the old site's log tells of: {deleted['rows']:,}. Its rows are kept raw: they "
                "are the only trace of stories that were deleted there."
            )

    def _desk(self, texts: Texts, folder: folders.StoriesFolder | None) -> Desk:
        spool, site = self._spool, self._site()
        ours = (table.entity for table in self._loader.tables.values() if table.install == self._install)
        people = People(spool, texts, site.base, has_coauthors="coauthors" in ours)
        return Desk(
            spool=spool,
            site=site,
            texts=texts,
            people=people,
            tags=Tags(
                spool,
                texts,
                self._request.meanings,
                self._tables.__getitem__,
                self._settings.get("sitename", b""),
            ),
            series=Series(spool, texts, site.base),
            chapters=Chapters(
                texts,
                people,
                folder,
                addresses(site.base, are_stories=spool.has_chapters_as_stories),
                in_columns=self._setting("store") == "mysql",
            ),
            reviews=self._reviews(texts, people),
            figures=Figures(spool),
            container=self._tables.__getitem__,
        )

    def _reviews(self, texts: Texts, people: People) -> Reviews:
        """Whether any review says -1 tells apart archives where 0 is a score from those where it is none."""
        scale = integer(self._settings.get("ratings")) or 0
        has_none = self._spool.row("SELECT 1 FROM reviews WHERE CAST(rating AS TEXT) = '-1'") is not None
        return Reviews(texts, people, scale, zero_is_none=not has_none)

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
                    best, self._settings_of = values, install
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
        base = url.rstrip("/") + "/" if parts and parts.hostname and parts.hostname != _SHIPPED_ADDRESS else ""
        if not base and "." in self._request.site:  # a host, by its looks: then its addresses are known as well
            base = f"http://{self._request.site}/"
        return Site(name=self._request.site or site_of(base) or "efiction", base=base, language=self._language())

    def _needs_files(self) -> bool:
        statement = "SELECT 1 FROM chapters WHERE storytext IS NULL OR length(storytext) = 0"
        return self._spool.row(statement) is not None

    def _folder(self) -> folders.StoriesFolder | None:
        root = self._request.stories
        if root is not None and not root.is_dir():
            raise Unreadable(f"{root.name} is no folder; --stories names the folder that holds the chapter files.")
        if root is None:
            root = folders.find(self._path, self._setting("storiespath"), self._spool, self._request.root)
        return folders.StoriesFolder(root, self._request.root, self._spool) if root else None

    def _is_by_row(self, table: Table) -> bool:
        """Whether the table's rows are told by number: those of other programs and of other archives."""
        return not table.is_spooled or table.install != self._install

    def _other_rows(self) -> Iterator[Fate]:
        tables = self._loader.tables.values()
        by_row = {table.number: self._why_kept(table) for table in tables if self._is_by_row(table)}
        told = dict.fromkeys(by_row, 0)
        adopted = {each.at for each in self._adopted}
        for number, *span in self._loader.places:
            if number in by_row:
                told[number] += 1
                if span[0] in adopted:
                    continue
                yield Fate(
                    container=self._tables[str(number)],
                    key=f"row {told[number]}",
                    outcome=Outcome.KEPT_RAW,
                    detail=by_row[number],
                    span=(span[0], span[1]),
                )
        for number, key, why, place in self._loader.refusals:
            if number not in by_row or key.startswith("lost"):
                yield Fate(
                    container=self._tables[str(number)], key=key, outcome=Outcome.REFUSED, detail=why, span=place
                )

    def _why_kept(self, table: Table) -> str:
        if table.install is None:
            return "it is no table of eFiction"
        if table.entity == "settings" and table.install == self._settings_of:
            return SETTINGS_KEPT
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


def _about_adopted(adopted: list[Adopted]) -> Remark:
    return Remark(
        text=f"The site kept its members in another table: the names of {len(adopted):,} of them were read from "
        f"{adopted[0].source}. Look at a few whether they are the right ones."
    )


def _about_missing(missing: set[int]) -> Iterator[Remark]:
    if missing:
        listed = ", ".join(map(str, sorted(missing)[:_MOST_NAMED])) + (" and others" * (len(missing) > _MOST_NAMED))
        yield Remark(
            text=f"Creators without a row among the authors ({listed}): their stories stand under their numbers. "
            "If members were kept in a forum's tables, their names are there.",
            grave=True,
        )
