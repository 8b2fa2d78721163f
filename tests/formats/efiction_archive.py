"""Small eFiction archives for tests: tables as lists of rows, written as a dump beside a folder of chapter files."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from undying.formats import Count, Fate, Remark, Request, Story
from undying.formats.efiction import READER

if TYPE_CHECKING:
    from pathlib import Path

    from undying.formats import Event
    from undying.manuscript import Manuscript

MODERN = {
    "authors": "uid penname realname email website bio image date admincreated password",
    "stories": "sid title summary storynotes catid classes charid rid date updated uid coauthors featured validated "
    "completed rr wordcount rating reviews count challenges",
    "chapters": "chapid title inorder notes storytext endnotes validated wordcount rating reviews sid uid count",
    "reviews": "reviewid item chapid reviewer uid review date rating respond type",
    "coauthors": "sid uid",
    "series": "seriesid title summary uid isopen catid classes rating warnings genres characters reviews numstories",
    "inseries": "seriesid sid subseriesid confirmed inorder",
    "categories": "catid parentcatid category description image locked leveldown displayorder numitems",
    "characters": "charid catid charname bio image",
    "classes": "class_id class_type class_name",
    "classtypes": "classtype_id classtype_name classtype_title",
    "ratings": "rid rating ratingwarning warningtext",
    "challenges": "chalid challenger uid title catid characters summary responses",
    "favorites": "uid item type comments",
    "settings": "sitekey sitename slogan url siteemail tableprefix skin hiddenskins language submissionsoff "
    "storiespath store ratings version smtp_password",
}
OLD = {
    "stories": "sid title summary catid gid charid wid rid date updated uid featured validated completed rr wordcount "
    "rating reviews challenges",
    "chapters": "chapid title inorder notes storytext validated wordcount rating reviews sid uid",
    "reviews": "reviewid sid chapid reviewer member review date rating respond seriesid",
    "series": "seriesid title summary owner isopen catid rating",
    "genres": "gid genre",
    "warnings": "wid warning",
}
OLDEST = {
    "stories": "sid psid title chapter summary catid gid charid wid rid date updated uid featured counter validated "
    "inorder storytext completed rr wordcount numreviews",
    "reviews": "reviewid sid psid reviewer member review date rating",
    "characters": "charid catid charname",
    "settings": "welcome thankyou nothankyou rules copyright help",
}
_DATED = {"date", "updated"}


def quoted(value: object, quote: str = "'") -> bytes:
    """A value as the dump writes it; bytes stay as they are."""
    if value is None:
        return b"NULL"
    if isinstance(value, int):
        return str(value).encode()
    data = value if isinstance(value, bytes) else str(value).encode()
    mark = quote.encode()
    data = data.replace(b"\\", b"\\\\").replace(mark, b"\\" + mark).replace(b"\r", b"\\r").replace(b"\n", b"\\n")
    return mark + data + mark


@dataclass
class Archive:
    """`rows[table]` are dicts with the columns that matter; the others are filled in."""

    prefix: str = ""
    columns: dict[str, str] = field(default_factory=lambda: dict(MODERN))
    rows: dict[str, list[dict[str, object]]] = field(default_factory=dict)
    files: dict[str, bytes] = field(default_factory=dict)

    def add(self, table: str, **row: object) -> Archive:
        self.rows.setdefault(table, []).append(row)
        return self

    def story(self, sid: int = 1, text: str | bytes | None = "They rode on.", **row: object) -> Archive:
        """A story by member 2 with one chapter, whose number is ten times the story's, its text in the column."""
        defaults = {
            "title": f"Story {sid}",
            "uid": 2,
            "validated": 1,
            "rid": "1",
            "catid": "1",
            "date": "2004-05-03 10:11:12",
        }
        self.add("stories", sid=sid, **(defaults | row))
        if text is not None:
            self.chapter(sid * 10, sid, text)
        return self

    def chapter(self, chapid: int, sid: int, text: str | bytes = "", **row: object) -> Archive:
        defaults = {"title": "One", "inorder": 1, "uid": 2, "validated": 1, "storytext": text}
        return self.add("chapters", chapid=chapid, sid=sid, **(defaults | row))

    def dump(self, *, create: bool = True, quote: str = "'") -> bytes:
        out = []
        for table, rows in self.rows.items():
            names = self.columns[table].split()
            name = f"{self.prefix}fanfiction_{table}"
            if create:
                out.append(f"CREATE TABLE `{name}` ({', '.join(f'`{column}` text' for column in names)});".encode())
            for row in rows:
                assert set(row) <= set(names), (table, row)
                values = (row.get(column, "2004-05-03 10:11:12" if column in _DATED else "0") for column in names)
                out.append(
                    f"INSERT INTO {name} VALUES (".encode() + b", ".join(quoted(v, quote) for v in values) + b");"
                )
        return b"\n".join([b"# a dump", *out, b""])

    def write(self, folder: Path, **options: object) -> Path:
        for name, data in self.files.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
        path = folder / "dump.sql"
        path.write_bytes(self.dump(**options))
        return path


def small() -> Archive:
    """An archive with two members, one rating and one fandom."""
    archive = Archive()
    archive.add("authors", uid=1, penname="Admin", email="admin@example.com", password="0123456789abcdef")
    archive.add("authors", uid=2, penname="Mina", email="mina@example.com", password="fedcba9876543210")
    archive.add("authors", uid=3, penname="Lucy")
    archive.add("categories", catid=1, parentcatid=-1, category="Dracula")
    return archive.add("ratings", rid=1, rating="PG-13", ratingwarning="0")


@dataclass
class Heard:
    """What a reader said, sorted. Making one checks that every row and file has one fate."""

    events: list[Event]

    def __post_init__(self) -> None:
        fates = Counter((fate.container, fate.key) for fate in self.fates)
        twice = [key for key, times in fates.items() if times > 1]
        assert not twice, twice
        totals = Counter(fate.container for fate in self.fates)
        counts = {event.container: event.total for event in self.events if isinstance(event, Count)}
        assert dict(totals) == {container: total for container, total in counts.items() if total}

    @property
    def fates(self) -> list[Fate]:
        told = [event for event in self.events if isinstance(event, Fate)]
        return told + [fate for event in self.events if isinstance(event, Story) for fate in event.fates]

    @property
    def stories(self) -> dict[str, Manuscript]:
        found = [event.manuscript for event in self.events if isinstance(event, Story)]
        return {manuscript.source.key: manuscript for manuscript in found}

    @property
    def story(self) -> Manuscript:
        (story,) = self.stories.values()
        return story

    @property
    def remarks(self) -> list[str]:
        return [event.text for event in self.events if isinstance(event, Remark)]

    @property
    def grave(self) -> list[str]:
        return [event.text for event in self.events if isinstance(event, Remark) and event.grave]

    def remark(self, words: str) -> Remark:
        (found,) = [event for event in self.events if isinstance(event, Remark) and words in event.text]
        return found

    def fate(self, container: str, key: str) -> tuple[str, str]:
        (found,) = [fate for fate in self.fates if (fate.container, fate.key) == (container, key)]
        return found.outcome.value, found.detail


def read(path: Path, scratch: Path, **asked: object) -> Heard:
    """Read a dump in a fresh working folder."""
    inner = scratch / f"scratch-{len(list(scratch.glob('scratch-*')))}"
    inner.mkdir()
    return Heard(list(READER.read(path, Request(**{"scratch": inner, "root": path.parent, **asked}))))
