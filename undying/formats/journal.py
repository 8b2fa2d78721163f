"""LiveJournal and Dreamwidth: exports by month (XML), exported comments (XML), and the folders of `ljdump`.

A journal holds more than stories. An entry is taken for one when label lines stand at its head ("Title:", "Pairing:"…)
or its tags say so; entries that name themselves parts of one story become its chapters. Every other entry is kept raw.

Facts: an entry's public number is 256 times its own plus a number that hides it; comments name the entry's own. In
entries line ends are breaks unless they are marked as preformatted. What was locked stays locked.
"""

from __future__ import annotations

import html
import re
import sqlite3
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from lxml import etree

from undying.formats import Count, Fate, Outcome, Progress, Remark, Story, Unreadable
from undying.formats.blocks import blocks_of
from undying.formats.header import header_of
from undying.formats.html_file import with_inline_styles
from undying.formats.labels import DIGITS_OF_AN_ID, Label, whole_number
from undying.formats.plain import About, manuscript_of
from undying.formats.records import folder_of
from undying.manuscript import Audience, Credit, Manuscript, RawHtml, Review, Source, State
from undying.manuscript.clean import clean

if TYPE_CHECKING:
    from collections.abc import Iterator
    from sqlite3 import Row

    from undying.formats import Event, Request
    from undying.formats.safety import Element

SITE = "journal"
LONGEST_ENTRY = 4 * 1024 * 1024
"""Bytes. LiveJournal took 64 KB, Dreamwidth 300."""
_HEADED = (b"<livejournal", b"<event", b"<comments", b"<entry")
_DUMPED = re.compile(r"([LC])-(\d{1,12})\Z")
_STRONG = frozenset(
    (Label.FANDOM, Label.PAIRING, Label.RATING, Label.SUMMARY, Label.RIGHTS, Label.CHARACTERS, Label.TITLE)
)
_FEWEST_LABELS = 2
_FICTION = re.compile(r"\b(?:fan ?)?fic(?:tion)?s?\b|\bstor(?:y|ies)\b|\bdrabbles?\b|\bficlets?\b", re.IGNORECASE)
_PART = re.compile(
    r"(?P<title>.*?)[\s,:;~(\[–—-]*(?:(?:part|chapter|pt|ch|teil|часть|глава)\.?\s*)?#?(?P<number>\d{1,3})"
    r"(?:\s*(?:/|of|von|из)\s*(?:\d{1,3}|\?))?[)\]]?\s*\Z",
    re.IGNORECASE | re.DOTALL,
)
_SAYS_PART = re.compile(r"\b(?:part|chapter|pt|ch|teil|часть|глава)\b|\d\s*(?:/|of|von|из)\s*[\d?]", re.IGNORECASE)
_USER = re.compile(
    r"<(?:lj|user)\b[^<>]*?\b(?:user|name|comm)\s*=\s*[\"']?([\w-]{1,50})[\"']?[^<>]*?/?>(?:\s*</(?:lj|user)>)?",
    re.IGNORECASE,
)
_CUT = re.compile(r"</?(?:lj-cut|cut|lj-raw|raw-code)\b[^<>]*>", re.IGNORECASE)
_ELSEWHERE = re.compile(r"<(lj-(?:embed|poll|template)\b|lj-poll-\d+|poll-\d+|site-embed\b)[^<>]*>", re.IGNORECASE)
_TIME = re.compile(r"(\d{4})-(\d\d)-(\d\d)[T ](\d\d):(\d\d)(?::(\d\d))?")
_WHO = {"public": "public", "": "public", "usemask": "friends", "friends": "friends", "private": "private"}
_SHOWN = frozenset(("", "A", "F"))
_STATES = {"D": "it was deleted", "S": "it was screened: for the journal's owner alone", "B": "it was marked as spam"}
_TABLES = """
CREATE TABLE entries (n INTEGER PRIMARY KEY, container TEXT, key TEXT, path TEXT, item INTEGER, anum INTEGER,
  subject TEXT, posted TEXT, body TEXT, who TEXT, formatted INTEGER, tags TEXT, title TEXT, part INTEGER);
CREATE TABLE comments (n INTEGER PRIMARY KEY, container TEXT, key TEXT, id INTEGER, item INTEGER,
  parent INTEGER, poster TEXT, subject TEXT, posted TEXT, body TEXT, state TEXT);
CREATE TABLE users (id TEXT PRIMARY KEY, name TEXT);
CREATE TABLE states (id TEXT PRIMARY KEY, poster TEXT, state TEXT);
CREATE INDEX comments_of ON comments (item);
CREATE INDEX parts_of ON entries (title);
"""


class JournalReader:
    """Reads everything of one journal that lies in one folder, as one source."""

    name = "journal"
    is_catalogue = True

    def claims(self, path: Path, head: bytes) -> bool:
        """An XML file of entries or comments, or a file of ljdump's."""
        start = head[:4096].lower()
        if _DUMPED.fullmatch(path.name):
            return any(mark in start for mark in _HEADED)
        return path.suffix.lower() == ".xml" and b"<livejournal" in start

    def read(self, path: Path, request: Request) -> Iterator[Event]:
        """The stories of the journal, the fates of everything else. Raises Unreadable."""
        journal = _Journal(request)
        try:
            yield from journal.load(_together(path, request))
            yield from journal.events()
        finally:
            journal.close()


def _together(path: Path, request: Request) -> list[Path]:
    """The files beside this one that belong to the same journal."""
    beside = [each for each in request.files if each.parent == path.parent] or [path]
    found = []
    for each in sorted(beside):
        try:
            with each.open("rb") as file:
                head = file.read(4096)
        except OSError:
            continue
        if READER.claims(each, head):
            found.append(each)
    return found


class _Journal:
    """The journal spooled into a SQLite file: entries in any order, comments before or after them."""

    def __init__(self, request: Request) -> None:
        self._request = request
        self._db = sqlite3.connect(request.scratch / "journal.sqlite", isolation_level=None)
        self._db.row_factory = sqlite3.Row
        self._db.executescript("PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF;" + _TABLES)
        self._totals: Counter[str] = Counter()
        self._files: list[Path] = []
        self._site = request.site or SITE
        self._owner = self._site.partition(".")[0].replace("-", "_") if "." in self._site else ""
        self._seen: set[tuple[str, str]] = set()

    def close(self) -> None:
        """Let go of the file."""
        self._db.close()

    # -- Loading ------------------------------------------------------------------------------------------------------

    def load(self, files: list[Path]) -> Iterator[Remark | Progress]:
        """Put everything down. A file that is no XML at all is told and the others are read."""
        for done, path in enumerate(files, start=1):
            try:
                self._load(path)
                self._files.append(path)
            except (etree.XMLSyntaxError, OSError) as error:
                self._files.append(path)
                yield Remark(text=f"{path.name} could not be read to its end ({error}).", grave=True)
            yield Progress(done=done, total=len(files), unit="files")

    def _load(self, path: Path) -> None:
        is_dumped = _DUMPED.fullmatch(path.name)
        events = etree.iterparse(
            str(path),
            events=("end",),
            resolve_entities=False,
            no_network=True,
            load_dtd=False,
            recover=True,
            huge_tree=True,
        )
        for _event, element in events:
            name = _local(element)
            if name == "entry" or (name == "event" and is_dumped and is_dumped[1] == "L" and len(element)):
                self._add_entry(element, path, dumped=bool(is_dumped))
            elif name == "comment" and len(element):
                self._add_comment(element, path, is_dumped[2] if is_dumped else "")
            elif name == "comment":
                self._add_state(element)
            elif name == "usermap":
                named = (element.get("id", ""), element.get("user", ""))
                self._db.execute("INSERT OR IGNORE INTO users VALUES (?, ?)", named)
            if name in {"entry", "comment", "usermap"}:
                element.clear(keep_tail=False)

    def _put(self, table: str, **values: str | int) -> None:
        # Names come from this module, never from a file.
        marks = ", ".join("?" * len(values))
        statement = f"INSERT INTO {table} ({', '.join(values)}) VALUES ({marks})"  # noqa: S608 - see above
        self._db.execute(statement, tuple(values.values()))

    def _add_entry(self, element: Element, path: Path, *, dumped: bool) -> None:
        number, anum, subject = _number(_text(element, "itemid")), _text(element, "anum"), _text(element, "subject")
        item, hidden = (number, _number(anum)) if dumped and anum.isdecimal() else divmod(number, 256)
        folder = folder_of(path, self._request)
        container = folder or "./" if dumped else f"{folder}{path.name} (entries)"
        if not dumped:  # a file of ljdump's is counted with its folder
            self._totals[container] += 1
        title, part = _titled(subject)
        self._put(
            "entries",
            container=container,
            key=path.name if dumped else self._new(container, str(number)),
            path=str(path) if dumped else "",
            item=item,
            anum=hidden,
            subject=subject,
            posted=_text(element, "eventtime") or _text(element, "logtime"),
            body=_text(element, "event")[:LONGEST_ENTRY],
            who=_WHO.get(_text(element, "security").lower(), "private"),
            formatted=_text(element, "props", "opt_preformatted") not in {"", "0"},
            tags=_text(element, "props", "taglist"),
            title=title,
            part=part,
        )

    def _add_comment(self, element: Element, path: Path, item: str) -> None:
        number = element.get("id") or _text(element, "id")
        container = f"{folder_of(path, self._request)}{'C-…' if item else path.name} (comments)"
        self._totals[container] += 1
        self._put(
            "comments",
            container=container,
            key=self._new(container, f"{path.name}/{number}" if item else number),
            id=_number(number),
            item=_number(item or element.get("jitemid", "")),
            parent=_number(element.get("parentid") or _text(element, "parentid")),
            poster=_text(element, "user") or element.get("posterid", ""),
            subject=_text(element, "subject"),
            posted=_text(element, "date"),
            body=_text(element, "body")[:LONGEST_ENTRY],
            state=element.get("state") or _text(element, "state"),
        )

    def _add_state(self, element: Element) -> None:
        """What the list of comments says beside their texts: who wrote it, and whether it is still to be seen."""
        values = (element.get("id", ""), element.get("posterid", ""), element.get("state", ""))
        self._db.execute("INSERT OR REPLACE INTO states VALUES (?, ?, ?)", values)

    def _new(self, container: str, key: str) -> str:
        """The key, told apart from one that stood there before."""
        name = key
        while (container, name) in self._seen:
            name += "'"
        self._seen.add((container, name))
        return name

    # -- Telling ------------------------------------------------------------------------------------------------------

    def events(self) -> Iterator[Event]:
        """Stories, then the fates of what is none, then the counts."""
        if not self._rows("SELECT 1 FROM entries UNION ALL SELECT 1 FROM comments LIMIT 1"):
            raise Unreadable("The journal's files hold no entry and no comment; are they cut off?")
        done = set[int]()
        for row in self._rows("SELECT * FROM entries ORDER BY posted, n"):
            if row["n"] in done:
                continue
            parts = self._parts(row)
            done.update(part["n"] for part in parts)
            yield from self._told(parts)
        yield from self._left_over()
        yield from (Count(container=container, total=total) for container, total in self._totals.items())

    def _rows(self, statement: str, *parameters: str | int) -> list[Row]:
        return self._db.execute(statement, parameters).fetchall()

    def _parts(self, row: Row) -> list[Row]:
        """All entries of the story that this one is a part of, in the order of their numbers."""
        if not row["part"]:
            return [row]
        return self._rows("SELECT * FROM entries WHERE title = ? AND part > 0 ORDER BY part, posted, n", row["title"])

    def _told(self, parts: list[Row]) -> Iterator[Event]:
        stories = [self._story(part) for part in parts]
        if not any(_is_story(part, each) for part, each in zip(parts, stories, strict=True)):
            why = "an entry without the marks of a story: no label lines at its head, no tag that says so"
            yield from (_entry_fate(part, Outcome.KEPT_RAW, why) for part in parts)
            return
        good = [(part, each) for part, each in zip(parts, stories, strict=True) if each is not None]
        wordless = [part for part, each in zip(parts, stories, strict=True) if each is None]
        yield from (_entry_fate(part, Outcome.KEPT_RAW, "it has no words") for part in wordless)
        manuscript = _joined([each for _, each in good], good[0][0])
        fates = [_entry_fate(part, Outcome.IMPORTED) for part, _ in good]
        reviews = list[Review]()
        for position, (part, _) in enumerate(good, start=1):
            for comment in self._rows(
                "SELECT * FROM comments WHERE item = ? ORDER BY posted = '', posted, id", part["item"]
            ):
                fate, review = self._comment(comment, position if len(good) > 1 else 0)
                fates.append(fate)
                reviews += [review] if review else []
        yield Story(manuscript=replace(manuscript, reviews=tuple(reviews)), fates=tuple(fates))

    def _comment(self, comment: Row, chapter: int) -> tuple[Fate, Review | None]:
        """A comment on a story: a review, or kept where the journal did not show it either."""
        self._db.execute("UPDATE comments SET state = 'told' WHERE n = ?", (comment["n"],))
        listed = self._rows("SELECT poster, state FROM states WHERE id = ?", str(comment["id"]))
        state = str(listed[0]["state"] if listed else comment["state"]).upper()
        if state not in _SHOWN:
            return _fate(comment, Outcome.KEPT_RAW, _STATES.get(state, "it was not shown")), None
        poster = comment["poster"] or (listed[0]["poster"] if listed else "")
        return _fate(comment, Outcome.IMPORTED), self._review(comment, poster, chapter)

    def _story(self, part: Row) -> Manuscript | None:
        """One entry as a story of its own; None when it holds no words."""
        number = part["item"] * 256 + part["anum"]
        url = f"https://{self._site}/{number}.html" if "." in self._site else ""
        about = About(
            name=part["key"],
            fallback_title=part["title"] or part["subject"] or f"Entry {number}",
            source=Source(site=self._site, key=str(number), url=url),
            authors=(self._owner,) if self._owner else (),
            published=_moment(part["posted"]),
        )
        try:
            manuscript = manuscript_of(blocks_of(with_inline_styles(_markup(part))), about)
        except Unreadable:
            return None
        credits_ = manuscript.credits or (Credit(name="The journal's owner"),)
        locked = Audience.EVERYONE if part["who"] == "public" else Audience.MEMBERS
        state = State.DRAFT if part["who"] == "private" else State.POSTED
        tags = (("Journal tags", part["tags"]),) if part["tags"] else ()
        return replace(
            manuscript, credits=credits_, audience=locked, state=state, extras=(*manuscript.extras, *tags),
            chapters=tuple(
                replace(each, published=about.published, key=str(number), url=url) for each in manuscript.chapters[:1]
            ) + manuscript.chapters[1:],
        )  # fmt: skip

    def _review(self, comment: Row, poster: str, chapter: int) -> Review:
        named = self._rows("SELECT name FROM users WHERE id = ?", poster)
        name = named[0]["name"] if named else "" if poster.isdecimal() else poster
        words = html.escape(comment["body"], quote=False) if "<" not in comment["body"] else comment["body"]
        subject = f"<p><strong>{html.escape(comment['subject'])}</strong></p>" if comment["subject"] else ""
        return Review(
            name=name or "Anonymous",
            body=clean(RawHtml(subject + words.replace("\n", "<br>"))),
            posted=_moment(comment["posted"]),
            chapter=chapter,
            key=str(comment["id"]),
            answers=str(comment["parent"]) if comment["parent"] else "",
        )

    def _left_over(self) -> Iterator[Fate]:
        """Comments on what is no story, which are personal and shown nowhere; and the files themselves."""
        for row in self._rows("SELECT * FROM comments WHERE state <> 'told' ORDER BY n"):
            yield _fate(row, Outcome.KEPT_RAW, "a comment on an entry that is no story here")
        told = {row["path"] for row in self._rows("SELECT path FROM entries WHERE path <> ''")}
        for path in self._files:
            if str(path) not in told:
                folder = folder_of(path, self._request) or "./"
                detail = "read as a part of the journal"
                yield Fate(container=folder, key=path.name, outcome=Outcome.IMPORTED, detail=detail, file=path)


def _entry_fate(row: Row, outcome: Outcome, detail: str = "") -> Fate:
    """How an entry ended: a row of an export, or a file of ljdump's."""
    fate = _fate(row, outcome, detail)
    return replace(fate, file=Path(row["path"])) if row["path"] else fate


def _fate(row: Row, outcome: Outcome, detail: str = "") -> Fate:
    return Fate(container=row["container"], key=row["key"], outcome=outcome, detail=detail)


def _local(element: Element) -> str:
    return etree.QName(element).localname if isinstance(element.tag, str) else ""


def _text(element: Element, *path: str) -> str:
    """The text of a descendant by the names on the way, "" when it is not there."""
    found: Element | None = element
    for name in path:
        found = None if found is None else next((each for each in found if _local(each) == name), None)
    return "" if found is None else "".join(map(str, found.itertext())).strip()


def _number(text: str) -> int:
    return max(0, whole_number(text, most_digits=DIGITS_OF_AN_ID) or 0)


def _titled(subject: str) -> tuple[str, int]:
    """("The Lamp", 2) for "The Lamp (2/5)"; (subject, 0) where it names no part."""
    match = _PART.fullmatch(subject.strip()) if _SAYS_PART.search(subject) else None
    if match is None or not match["title"].strip():
        return subject.strip(), 0
    return match["title"].strip(" ,:;~([–—-"), int(match["number"])


def _moment(text: str) -> datetime | None:
    match = _TIME.search(text)
    if match is None:
        return None
    year, month, day, hour, minute, second = (int(part or 0) for part in match.groups())
    try:
        return datetime(year, month, day, hour, minute, second, tzinfo=UTC)
    except ValueError:
        return None


def _markup(part: Row) -> str:
    """The entry as HTML: line ends as breaks where the journal showed them so, names of its users as words."""
    text: str = part["body"]
    text = _USER.sub(lambda found: found[1], text)
    text = _ELSEWHERE.sub(lambda found: f"<p>[{html.escape(found[1])}]</p>", _CUT.sub("", text))
    if not part["formatted"]:
        text = text.replace("\r\n", "\n").replace("\n", "<br>\n")
    return text


def _is_story(part: Row, manuscript: Manuscript | None) -> bool:
    if manuscript is None:
        return False
    if _FICTION.search(part["tags"]):
        return True
    header = header_of(blocks_of(with_inline_styles(_markup(part))))
    return len({entry.label for entry in header.entries} & _STRONG) >= _FEWEST_LABELS


def _joined(parts: list[Manuscript], first: Row) -> Manuscript:
    """Entries as chapters of one story: what is said of it is said in the first; the strictest lock holds."""
    head, chapters = parts[0], [chapter for part in parts for chapter in part.chapters]
    if len(parts) == 1:
        return head
    dates = [part.published for part in parts if part.published]
    return replace(
        head,
        title=first["title"] or head.title,
        chapters=tuple(chapters),
        taggings=tuple(dict.fromkeys(tagging for part in parts for tagging in part.taggings)),
        updated=max(dates, default=None),
        audience=Audience.MEMBERS if any(part.audience is Audience.MEMBERS for part in parts) else head.audience,
        state=State.DRAFT if any(part.state is State.DRAFT for part in parts) else head.state,
    )


READER = JournalReader()
