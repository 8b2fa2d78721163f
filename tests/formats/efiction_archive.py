"""Small eFiction archives for tests: tables as lists of rows, written as a dump beside a folder of chapter files."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeVar

from undying.formats import Contact, Count, Fate, Kept, Remark, Repair, Request, Story
from undying.formats.efiction import READER

if TYPE_CHECKING:
    from pathlib import Path

    from undying.formats import Event
    from undying.manuscript import Keepsake, Manuscript

K = TypeVar("K", bound="Keepsake")
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
    "authorprefs": "uid newreviews newrespond ageconsent alertson tinyMCE sortby storyindex validated userskin level "
    "categories contact stories",
    "authorfields": "field_id field_type field_name field_title field_options field_code_in field_code_out field_on",
    "authorinfo": "uid field info",
    "news": "nid author title story time comments",
    "comments": "cid nid uid comment time",
    "messages": "message_id message_name message_title message_text",
    "stats": "sitekey stories chapters series reviews wordcount authors members reviewers newestmember",
    "log": "log_id log_action log_uid log_ip log_timestamp log_type",
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
    "authors": "uid penname realname email website bio image date newreviews admincreated password validated userskin "
    "level contact categories ageconsent betareader alertson AOL Yahoo ICQ MSN",
    "favstor": "uid sid",
    "favauth": "uid favuid",
    "favseries": "uid seriesid",
    "news": "nid author title story time",
    "comments": "cid nid uname comment time",
}
OLDEST = {
    "stories": "sid psid title chapter summary catid gid charid wid rid date updated uid featured counter validated "
    "inorder storytext completed rr wordcount numreviews",
    "reviews": "reviewid sid psid reviewer member review date rating",
    "characters": "charid catid charname",
    "settings": "welcome thankyou nothankyou rules copyright help",
    "authors": "uid penname realname email website bio image date newreviews admincreated password validated userskin "
    "level contact carry categories bob",
    "favstor": "uid sid",
    "favauth": "uid favuid",
    "news": "nid author title story time",
    "comments": "cid nid uname comment time",
}
_DATED = {"date", "updated", "time"}


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
    """What a reader said, sorted. Making one checks that every row and file has one fate, every row a place."""

    events: list[Event]

    def __post_init__(self) -> None:
        fates = Counter((fate.container, fate.key) for fate in self.fates)
        twice = [key for key, times in fates.items() if times > 1]
        assert not twice, twice
        lost = [fate for fate in self.fates if (fate.span is None) != fate.container.endswith("/")]
        assert not lost, lost
        totals = Counter(fate.container for fate in self.fates)
        counts = {event.container: event.total for event in self.events if isinstance(event, Count)}
        assert dict(totals) == {container: total for container, total in counts.items() if total}

    @property
    def fates(self) -> list[Fate]:
        told = [event for event in self.events if isinstance(event, Fate)]
        return told + [fate for event in self.events if isinstance(event, Story | Kept) for fate in event.fates]

    @property
    def stories(self) -> dict[str, Manuscript]:
        found = [event.manuscript for event in self.events if isinstance(event, Story)]
        return {manuscript.source.key: manuscript for manuscript in found}

    @property
    def story(self) -> Manuscript:
        (story,) = self.stories.values()
        return story

    def repairs(self, rule: str) -> list[Repair]:
        return [event for event in self.events if isinstance(event, Repair) and event.rule == rule]

    def kept(self, kind: type[K]) -> dict[str, K]:
        found = [event.keepsake for event in self.events if isinstance(event, Kept)]
        return {keepsake.source.key: keepsake for keepsake in found if isinstance(keepsake, kind)}

    @property
    def contacts(self) -> dict[str, Contact]:
        return {event.credit.key: event for event in self.events if isinstance(event, Contact)}

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
