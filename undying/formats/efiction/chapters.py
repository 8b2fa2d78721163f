"""The text of each chapter, from the dump's column or from its file, and what is said when they disagree."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from undying.formats import Fate, Outcome, Remark
from undying.formats.efiction.folder import LARGEST_FILE
from undying.formats.efiction.tables import integer
from undying.formats.efiction.text import as_prose
from undying.manuscript import Chapter, State

if TYPE_CHECKING:
    from collections.abc import Callable
    from sqlite3 import Row

    from undying.formats.efiction.folder import Found, StoriesFolder
    from undying.formats.efiction.people import People
    from undying.formats.efiction.text import Texts

    Address = Callable[[Row], str]

# MySQL's TEXT holds 65,535 bytes and cuts what is longer without a word; a character cut in half takes up to two more.
_FULL_COLUMN = range(65_533, 65_536)
_MOST_WORDS_OF_A_LINK = 40
_LONGEST_LINK = 4096
_LINK = re.compile(r"<a\s[^>]*href|https?://\S", re.IGNORECASE)
_TAGS = re.compile(r"<[^>]*>")


@dataclass(frozen=True, slots=True)
class Written:
    """A chapter with a text: its row, the value, and what became of its file."""

    row: Row
    chapter: Chapter
    fates: tuple[Fate, ...]


def addresses(base: str, *, are_stories: bool) -> Address:
    """How the old site named its chapters: by their place in the story, as the row has it; 1.1 as stories of their own.

    `base` is what its addresses began with; without it no chapter has one.
    """
    if not base:
        return lambda _row: ""
    if are_stories:
        return lambda row: f"{base}viewstory.php?sid={row['chapid']}"
    return lambda row: f"{base}viewstory.php?sid={row['sid']}&chapter={row['inorder']}"


class Chapters:
    """Reads chapters' texts; `remarks` gathers what the archivist should hear about the story at hand.

    `in_columns`: the site kept its texts in the database, so that files beside it are what it left behind.
    """

    def __init__(
        self,
        texts: Texts,
        people: People,
        folder: StoriesFolder | None,
        address: Address,
        *,
        in_columns: bool = False,
    ) -> None:
        self._in_columns = in_columns
        self._texts = texts
        self._people = people
        self._folder = folder
        self._address = address
        self.remarks: list[Remark] = []

    def of(self, story: Row, rows: list[Row]) -> list[Written]:
        """The chapters that have a text, in order."""
        self._about_order(story, rows)
        written = []
        for position, row in enumerate(rows, start=1):
            where = f"Story {story['sid']}, chapter {position} (number {row['chapid']})"
            self._texts.part = f"chapter {position}"
            text, fates = self._text(story, row, where)
            if text.strip():
                written.append(Written(row, self._chapter(story, row, text), fates))
                self._about_link(text, where)
            else:
                looked = "the stories folder" if self._folder else "a stories folder, for none was found (--stories)"
                self.remarks.append(
                    Remark(text=f"{where}: its text is missing, both in the dump and in {looked}.", grave=True)
                )
        self._texts.part = ""
        return written

    def _chapter(self, story: Row, row: Row, text: str) -> Chapter:
        texts = self._texts
        other = row["uid"] not in {0, story["uid"]}
        return Chapter(
            title=texts.plain(row["title"]),
            notes_before=texts.prose(row["notes"]),
            body=as_prose(text),
            notes_after=texts.prose(row["endnotes"]),
            credits=(self._people.author(row["uid"]),) if other else (),
            state=State.DRAFT
            if row["validated"] is not None and (integer(row["validated"]) or 0) <= 0
            else State.POSTED,
            key=str(row["chapid"]),
            url=self._address(row),
        )

    def _text(self, story: Row, row: Row, where: str) -> tuple[str, tuple[Fate, ...]]:
        stored = self._texts.text(row["storytext"])
        found = self._found(story, row)
        filed = self._read(found, where) if found else ""
        if found is None or not filed.strip():
            if len(row["storytext"] or b"") in _FULL_COLUMN:
                self._say(
                    where, "its text fills the database's column to the last byte: MySQL may have cut its end off"
                )
            return stored, ()
        text, outcome, detail = self._choice(row, stored, filed, where=where, shown=found.shown)
        if found.misplaced:
            self._say(where, f"its file was found as {found.shown}, not in its author's folder")
        assert self._folder is not None
        self._folder.mark(found.n)
        folder, _slash, name = found.shown.rpartition("/")
        detail = f"{detail} chapter {row['chapid']} of story {story['sid']}"
        return text, (Fate(container=f"{folder}/", key=name, outcome=outcome, detail=detail, file=found.path),)

    def _choice(self, row: Row, stored: str, filed: str, *, where: str, shown: str) -> tuple[str, Outcome, str]:
        """Of a text in the column and one in a file: which is taken, how the file ends, and as what."""
        if not stored.strip():
            return filed, Outcome.IMPORTED, "text of"
        if stored.split() == filed.split():
            return filed, Outcome.MERGED, "the same text as the dump has of"
        if len(row["storytext"] or b"") in _FULL_COLUMN:
            self._say(
                where, f"the dump's column is full to the last byte and cut; the text of the file {shown} was taken"
            )
            return filed, Outcome.IMPORTED, "text of"
        taken = "the dump's" if self._in_columns else "the file's"
        self._say(where, f"the dump and the file {shown} hold different texts; {taken} was taken, and both are kept")
        if self._in_columns:
            return stored, Outcome.KEPT_RAW, "another text than the dump has of"
        return filed, Outcome.IMPORTED, "text of"

    def _found(self, story: Row, row: Row) -> Found | None:
        if self._folder is None:
            return None
        own = self._people.folders(row["uid"])
        return self._folder.chapter(row["chapid"], own, self._people.folders(story["uid"]))

    def _read(self, found: Found, where: str) -> str:
        try:
            if found.path.stat().st_size > LARGEST_FILE:
                self._say(
                    where, f"the file {found.shown} is larger than {LARGEST_FILE:,} bytes and was not read", grave=True
                )
                return ""
            return self._texts.file_text(found.path.read_bytes())
        except OSError as error:
            self._say(where, f"the file {found.shown} cannot be read ({error.strerror})", grave=True)
            return ""

    def _about_order(self, story: Row, rows: list[Row]) -> None:
        places = [row["inorder"] for row in rows]
        if len(set(places)) < len(places):
            listed = ", ".join(str(place) for place in places)
            self._say(
                f"Story {story['sid']}",
                f"several chapters claim one place ({listed}); they were put in order of their numbers",
            )

    def _about_link(self, text: str, where: str) -> None:
        if (
            len(text) < _LONGEST_LINK
            and _LINK.search(text)
            and len(_TAGS.sub(" ", text).split()) <= _MOST_WORDS_OF_A_LINK
        ):
            self._say(where, "it holds hardly more than a link to another site, and was imported as that")

    def _say(self, where: str, what: str, *, grave: bool = False) -> None:
        self.remarks.append(Remark(text=f"{where}: {what}.", grave=grave))
