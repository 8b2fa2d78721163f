"""Texts as eFiction stored them -> text as their authors wrote it, with an account of everything that was repaired."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from undying.formats import Remark
from undying.formats.efiction import damage
from undying.formats.efiction.encodings import Decoder, shown_name
from undying.manuscript import NO_PROSE, RawHtml
from undying.manuscript.clean import clean

if TYPE_CHECKING:
    from collections.abc import Iterator

    from undying.manuscript import Prose

_MOST_NAMED = 20
_ADDRESS = re.compile(r"\b([\w.+-]+)@[\w-]+(?:\.[\w-]+)+")
_NETWORK = re.compile(r"\b\d{1,3}(?:\.\d{1,3}){3}\b")
# eFiction looked for exactly these strings, so `<P>` and `<p align=left>` left the line breaks in force.
_BROKEN_BY_HAND = ("<br>", "<p>", "<br />")
_HAS_BLOCKS = re.compile(r"<(?:p|br|div|table|ul|ol|blockquote)\b", re.IGNORECASE)
_BLANK_LINES = re.compile(r"\n[ \t]*\n\s*")


@dataclass
class Tally:
    """How often something was done, and in which stories: the first few are named in the remark."""

    places: int = 0
    stories: list[int] = field(default_factory=list)

    def add(self, sid: int, places: int = 1) -> None:
        """So many places in a story (0: outside any)."""
        self.places += places
        if sid and len(self.stories) <= _MOST_NAMED and sid not in self.stories:
            self.stories.append(sid)

    def where(self) -> str:
        """ "stories 3, 8 and others", "story 3", or "names and tags"."""
        named = ", ".join(map(str, self.stories[:_MOST_NAMED]))
        more = " and others" if len(self.stories) > _MOST_NAMED else ""
        return f"{'story' if len(self.stories) == 1 else 'stories'} {named}{more}" if named else "names and tags"


class Texts:
    """Turns stored bytes into text and prose. Set `sid` to the story at hand, so that remarks can name it."""

    def __init__(self, dump: Decoder, files: Decoder) -> None:
        self.dump = dump
        self.files = files
        self.sid = 0
        self._damaged = Tally()
        self._magic = Tally()
        self._lost = Tally()

    def text(self, value: bytes | None) -> str:
        """A text of the dump, repaired; still markup."""
        return self._repaired(self.dump.decode(value)) if value else ""

    def file_text(self, data: bytes) -> str:
        """A chapter file, repaired; still markup."""
        return self._repaired(self.files.decode(data))

    def plain(self, value: bytes | None) -> str:
        """A title or a name: plain text on one line."""
        return unicodedata.normalize("NFC", damage.plain(self.text(value)))

    def person(self, value: bytes | None) -> str:
        """A pen name. Where an address was used for one, only what stands before the @ is shown."""
        return _NETWORK.sub("…", _ADDRESS.sub(r"\1", self.plain(value))).strip()

    def prose(self, value: bytes | None) -> Prose:
        """A summary, a note or a review."""
        return as_prose(self.text(value))

    def _repaired(self, text: str) -> str:
        text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")
        unquoted = damage.without_magic_quotes(text)
        if unquoted != text:
            self._magic.add(self.sid)
        fixed, places = damage.unfiltered(unquoted)
        if places:
            self._damaged.add(self.sid, places)
        fixed = damage.with_closed_links(fixed)
        if lost := damage.lost_letters(fixed):
            self._lost.add(self.sid, lost)
        return fixed

    def remarks(self) -> Iterator[Remark]:
        """What was repaired and what cannot be, for the end of the report."""
        for decoder, what in ((self.dump, "texts of the dump"), (self.files, "chapter files")):
            yield from _about_encodings(decoder, what)
        if self._damaged.places:
            yield Remark(
                text=f"{self._damaged.places} places that eFiction's input filter had damaged (such as “r17;” for an "
                f"apostrophe) were repaired in {self._damaged.where()}; the originals are kept."
            )
        if self._magic.places:
            yield Remark(text=f"Backslashes that PHP had put before quotes were taken out in {self._magic.where()}.")
        if self._lost.places:
            yield Remark(
                text=f"{self._lost.places} question marks stand inside words in {self._lost.where()}: letters that "
                "the old database could not hold. They were lost before the dump was made; only the author knows them."
            )


def as_prose(markup: str) -> Prose:
    """Safe prose; line breaks become paragraphs exactly where eFiction showed them."""
    if not markup.strip():
        return NO_PROSE
    return clean(RawHtml(_with_paragraphs(markup)))


def _with_paragraphs(markup: str) -> str:
    if "\n" not in markup or any(mark in markup for mark in _BROKEN_BY_HAND) or _HAS_BLOCKS.search(markup):
        return markup
    paragraphs = (part.strip() for part in _BLANK_LINES.split(markup))
    return "\n".join(f"<p>{part.replace(chr(10), '<br />')}</p>" for part in paragraphs if part)


def _about_encodings(decoder: Decoder, what: str) -> Iterator[Remark]:
    for encoding, count in sorted(decoder.used.items(), key=lambda pair: -pair[1]):
        yield Remark(
            text=f"{count} {what} are in {shown_name(encoding)} and were read as such; the others are in UTF-8."
        )
    if decoder.repaired:
        yield Remark(text=f"{decoder.repaired} {what} had been encoded twice (“Ã©” for “é”) and were repaired.")
    if decoder.replaced:
        yield Remark(
            text=f"{decoder.replaced} {what} hold bytes that no encoding explains; each is shown as “\ufffd”. "
            "The originals are kept.",
            grave=True,
        )
