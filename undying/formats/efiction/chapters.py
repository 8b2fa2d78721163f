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
    from sqlite3 import Row

    from undying.formats.efiction.folder import Found, StoriesFolder
    from undying.formats.efiction.people import People
    from undying.formats.efiction.text import Texts

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


class Chapters:
    """Reads chapters' texts; `remarks` gathers what the archivist should hear about the story at hand."""

    def __init__(self, texts: Texts, people: People, folder: StoriesFolder | None) -> None:
        self._texts = texts
        self._people = people
        self._folder = folder
        self.remarks: list[Remark] = []

    def of(self, story: Row, rows: list[Row]) -> list[Written]:
        """The chapters that have a text, in order."""
        self._about_order(story, rows)
        written = []
        for position, row in enumerate(rows, start=1):
            where = f"Story {story['sid']}, chapter {position} (number {row['chapid']})"
            text, fates = self._text(story, row, where)
            if text.strip():
                written.append(Written(row, self._chapter(story, row, text), fates))
                self._about_link(text, where)
            else:
                looked = "the stories folder" if self._folder else "a stories folder, for none was found (--stories)"
                self.remarks.append(
                    Remark(text=f"{where}: its text is missing, both in the dump and in {looked}.", grave=True)
                )
        return written

    def _chapter(self, story: Row, row: Row, text: str) -> Chapter:
        texts = self._texts
        other = row["uid"] not in {0, story["uid"]}
        return Chapter(
            title=texts.plain(row["title"]),
            notes_before=texts.prose(row["notes"]),
            body=as_prose(text),
            notes_after=texts.prose(row["endnotes"]),
            credits=(self._people.credit(row["uid"]),) if other else (),
            state=State.DRAFT
            if row["validated"] is not None and (integer(row["validated"]) or 0) <= 0
            else State.POSTED,
            key=str(row["chapid"]),
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
        outcome, detail = Outcome.IMPORTED, f"text of chapter {row['chapid']} of story {story['sid']}"
        if stored.strip():
            if stored.split() == filed.split():
                outcome, detail = (
                    Outcome.MERGED,
                    f"the same text as chapter {row['chapid']} of story {story['sid']} in the dump",
                )
            else:
                self._say(where, f"the dump and the file {found.shown} hold different texts; the file's was taken")
        if found.misplaced:
            self._say(where, f"its file was found as {found.shown}, not in its author's folder")
        assert self._folder is not None
        self._folder.mark(found.n)
        folder, _slash, name = found.shown.rpartition("/")
        return filed, (Fate(container=f"{folder}/", key=name, outcome=outcome, detail=detail, file=found.path),)

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
