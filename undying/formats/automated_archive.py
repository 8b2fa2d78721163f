"""Automated Archive: the Perl scripts of the nineties that kept an archive in one text file, `ARCHIVE_DB.pl`.

That file is a Perl program which fills a hash, `%FILES = ( id => { Field => 'value', … }, … );`. It is read as data and
never run. Its fields vary from archive to archive, and so does the care with which they were written: values hold
quotes that nobody escaped, line breaks and entities. So the structure decides where a value ends, not the first quote:
a value goes on until a quote behind which another field, or the end of the record, begins.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from undying.formats import Contact, Count, Fate, Outcome, Progress, Remark, Story, Unreadable
from undying.formats.labels import Label, day
from undying.formats.onefile import file_bytes, file_text
from undying.formats.records import Record, Shelf, Text, folder_of, lost, manuscript_of, texts_of
from undying.manuscript import Credit, Source

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from undying.formats import Event, Request

LARGEST = 256 * 1024 * 1024
LONGEST_RECORD = 256 * 1024
"""Characters. A record holds a summary, not a story."""
SITE = "automated-archive"
_OPENS = re.compile(r"%FILES\s*=\s*\(")
_RECORD = re.compile(r"""(?:^|(?<=[,({]))[^\S\n]*(?:(['"])([^'"\n]{1,80})\1|([\w.-]{1,80}))\s*=>\s*\{""", re.MULTILINE)
_FIELD = re.compile(r"""\s*(['"]?)([A-Za-z_]\w{0,40})\1\s*=>\s*""")
_NEXT = re.compile(r"""\s*,?\s*(?:\}|['"]?[A-Za-z_]\w{0,40}['"]?\s*=>)""")
_BARE = re.compile(r"[^,}\s]*")
_QUOTES = {"'": re.compile(r"(?<!\\)'"), '"': re.compile(r'(?<!\\)"')}
_ESCAPED = re.compile(r"\\(['\"\\$@%])")
_LABELS: dict[str, Label | None] = {
    "OptionalWarnings": Label.WARNINGS,
    "Location": None,
    "FileType": None,
    "Offsite": None,
}
_HIDDEN = frozenset({"email", "emailauthor", "location", "filetype", "offsite", "printtime", "password"})
_DATES = ("Date", "DatePrint", "PrintTime")
_ADDRESSES = ("LocationURL", "StoryURL", "URL")
_SHORT_YEAR = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{2}|\d{4})\Z")
_MAIL = re.compile(r"(?<![\w.+-])[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_OLDEST = 70
"""Two-digit years from here on are of the twentieth century: nobody archived a story on the web before."""
_LATEST = 4_102_444_800


@dataclass(frozen=True, slots=True)
class _Row:
    """One record: its id, its fields in order, and where its bytes stand."""

    key: str
    fields: dict[str, str]
    span: tuple[int, int]


@dataclass(frozen=True, slots=True)
class _Endless:
    """A record whose end cannot be found: its id, its line, and where its head stands."""

    key: str
    line: int
    span: tuple[int, int]

    def fate(self, container: str) -> Fate:
        """How it ended."""
        why = "the record has no end that can be found; is a quote missing in it?"
        key = f"{self.key} (line {self.line})"
        return Fate(container=container, key=key, outcome=Outcome.REFUSED, detail=why, span=self.span)


class AutomatedArchiveReader:
    """Reads `ARCHIVE_DB.pl` and the story files beside it."""

    name = "Automated Archive"
    is_catalogue = True

    def claims(self, path: Path, head: bytes) -> bool:
        """A Perl file that fills %FILES."""
        return path.suffix.lower() in {".pl", ".cgi", ".db", ".txt"} and bool(
            _OPENS.search(head[:8192].decode("latin-1"))
        )

    def read(self, path: Path, request: Request) -> Iterator[Event]:
        """Each record a story, or kept with the reason. Raises Unreadable."""
        data = file_bytes(path, largest=LARGEST)
        whole, remark = file_text(data, path.name)
        del whole
        if remark:
            yield remark
        container = f"{folder_of(path, request)}{path.name} (records)"
        reading = _Reading(path, request, container, "utf-8" if remark is None else "sloppy-windows-1252")
        text = data.decode("latin-1")  # a character a byte: the structure is ASCII, and places are bytes
        total = 0
        for row in _rows(text):
            total += 1
            if isinstance(row, _Endless):
                yield row.fate(container)
                continue
            yield from reading.record(row, total)
            yield Progress(done=row.span[0] + row.span[1], total=len(data), unit="bytes")
        if not total:
            raise Unreadable(f"{path.name}: it opens a list of files and holds no record; is it cut off?")
        yield Count(container=container, total=total)


class _Reading:
    """One catalogue: its records become stories, its authors contacts."""

    def __init__(self, path: Path, request: Request, container: str, encoding: str) -> None:
        self._request = request
        self._container = container
        self._encoding = encoding
        self._shelf = Shelf(path, request.files)
        self._site = request.site or SITE
        self._keys: set[str] = set()

    def record(self, row: _Row, number: int) -> Iterator[Event]:
        """The events of one record."""
        key = row.key if row.key not in self._keys else f"{row.key} (record {number})"
        if key != row.key:
            yield Remark(text=f"Two records have the id {row.key}; the later one stands as “{key}”.", grave=True)
        self._keys.add(key)
        fields = {name: self._decoded(value) for name, value in row.fields.items()}
        texts, remarks = self._texts(fields)
        yield from remarks
        if not texts:
            yield lost(self._container, key, self._why(fields), row.span)
            return
        source = Source(site=self._site, key=key, url=_first(fields, _ADDRESSES))
        manuscript = manuscript_of(_record(key, fields), texts, source)
        fate = Fate(container=self._container, key=key, outcome=Outcome.IMPORTED, span=row.span)
        yield Story(manuscript=manuscript, fates=(fate, *(each.fate for each in texts)))
        yield from self._contact(fields, manuscript.credits)

    def _decoded(self, value: str) -> str:
        return html.unescape(_ESCAPED.sub(r"\1", value.encode("latin-1").decode(self._encoding, "replace"))).strip()

    def _texts(self, fields: dict[str, str]) -> tuple[list[Text], list[Remark]]:
        place = fields.get("Location", "")
        if not place:
            return [], []
        ending = fields.get("FileType", "").lower().lstrip(".")
        names = [f"{place}.{ending}", place] if ending and self._shelf.find(f"{place}.{ending}") else [place]
        told = list(texts_of(names[:1], self._shelf, self._request))
        return [each for each in told if isinstance(each, Text)], [each for each in told if isinstance(each, Remark)]

    def _why(self, fields: dict[str, str]) -> str:
        if address := _first(fields, _ADDRESSES):
            return f"the archive held only a link to the story ({address})"
        return "its text is not among the files" if fields.get("Location") else "it names no file with a text"

    def _contact(self, fields: dict[str, str], credits_: tuple[Credit, ...]) -> Iterator[Contact]:
        mails = tuple(dict.fromkeys(_MAIL.findall(" ".join(fields.get(name, "") for name in ("Email", "EmailAuthor")))))
        if mails and len(credits_) == 1:
            yield Contact(site=self._site, credit=credits_[0], emails=mails)


def _record(key: str, fields: dict[str, str]) -> Record:
    """What is said in public. Addresses of people and of files are not."""
    said = [(name, value) for name, value in fields.items() if name.lower() not in _HIDDEN and name not in _DATES]
    when = next((moment for name in _DATES if (moment := _moment(fields.get(name, "")))), None)
    if when is not None:
        said.append(("Published", when.date().isoformat()))
    else:
        said += [(name, fields[name]) for name in _DATES if fields.get(name)]
    return Record(key=key, fields=tuple(said), labels=_LABELS)


def _moment(value: str) -> datetime | None:
    """A date as the scripts wrote it: seconds since 1970, or month/day/year with two digits or four."""
    if value.isdecimal() and len(value) in range(8, 12):
        return datetime.fromtimestamp(min(int(value), _LATEST), UTC)
    if match := _SHORT_YEAR.match(value):
        month, of_month, year = map(int, match.groups())
        year += 0 if len(match[3]) > 2 else 1900 if year >= _OLDEST else 2000  # noqa: PLR2004 - digits of a year
        try:
            return datetime(year, month, of_month, tzinfo=UTC)
        except ValueError:
            return None
    return day(value)


def _first(fields: dict[str, str], names: tuple[str, ...]) -> str:
    return next((fields[name] for name in names if fields.get(name, "").startswith(("http://", "https://"))), "")


def _rows(text: str) -> Iterator[_Row | _Endless]:
    """The records, in order. What cannot be read is told with its line, and the reading goes on at the next record."""
    opened = _OPENS.search(text)
    start = opened.end() if opened else len(text)
    line, counted = 1, 0
    found = _RECORD.search(text, start)
    while found:
        following = _RECORD.search(text, found.end())
        row = _row(text, found, following.start() if following else len(text))
        if row is None:
            at = found.start(_id(found))
            line, counted = line + text.count("\n", counted, at), at
            yield _Endless(found[_id(found)], line, (at, found.end() - at))
        else:
            yield row
        found = following


def _row(text: str, found: re.Match[str], following: int) -> _Row | None:
    """The record that begins here; None when it does not end within LONGEST_RECORD or before the following one."""
    fields: dict[str, str] = {}
    at, limit = found.end(), min(following, found.end() + LONGEST_RECORD)
    while match := _FIELD.match(text, at, limit):
        value = _value(text, match.end(), limit)
        if value is None:
            return None
        fields.setdefault(match[2], value[0])
        at = value[1]
    end = text.find("}", at, min(limit, at + 16))
    begin = found.start(_id(found))
    return _Row(found[_id(found)], fields, (begin, end + 1 - begin)) if end >= 0 else None


def _id(found: re.Match[str]) -> int:
    """The group that holds the record's id: in quotes it may hold anything."""
    return 2 if found[2] else 3


def _value(text: str, at: int, limit: int) -> tuple[str, int] | None:
    """(value, where the next field begins): up to the quote behind which a field or the record's end begins."""
    quote = text[at : at + 1]
    if quote not in _QUOTES:
        bare = _BARE.match(text, at, limit)
        assert bare is not None
        return bare[0], _behind_comma(text, bare.end())
    for close in _QUOTES[quote].finditer(text, at + 1, limit):
        if _NEXT.match(text, close.end(), min(limit, close.end() + 200)):
            return text[at + 1 : close.start()], _behind_comma(text, close.end())
    return None


def _behind_comma(text: str, at: int) -> int:
    match = re.compile(r"\s*,?").match(text, at)
    return match.end() if match else at


READER = AutomatedArchiveReader()
