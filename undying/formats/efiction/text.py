"""Texts as eFiction stored them -> text as their authors wrote it, with an account of everything that was repaired."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from undying.formats import Remark
from undying.formats.efiction import damage
from undying.formats.efiction.doubled import undoubled
from undying.formats.efiction.encodings import Decoder, shown_name
from undying.formats.repairs import RULES, WITHDRAWN, Mender
from undying.manuscript import NO_PROSE, RawHtml
from undying.manuscript.clean import clean

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from undying.manuscript import Prose

_MOST_NAMED = 20
# In this order: the encoding first, for what the others look for is in the text that was meant.
_RULES = (
    ("double-encoding", undoubled),
    ("magic-quotes", damage.without_magic_quotes),
    ("efiction-cyrillic", damage.with_cyrillic),
    ("efiction-entities", damage.unfiltered),
    ("open-links", damage.with_closed_links),
)
_ADDRESS = re.compile(r"(?<![\w.+-])([\w.+-]+)@[\w-]+(?:\.[\w-]+)+")
_NETWORK = re.compile(r"\b\d{1,3}(?:\.\d{1,3}){3}\b")


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
    """Turns stored bytes into text and prose.

    Set `sid` to the story at hand, and `part` to what of it is being read, so that remarks and repairs can name them.
    """

    def __init__(self, dump: Decoder, files: Decoder, repairs: Iterable[str] = ()) -> None:
        self.dump = dump
        self.files = files
        self.sid = 0
        self.part = ""
        self.mender = Mender(repairs)
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

    def glimpse(self, value: bytes | None) -> str:
        """A title or a name like `plain`, mended as far as goes without saying; no account is kept of it."""
        if not value:
            return ""
        text = undoubled(self.dump.glimpse(value)[0].replace("\0", ""))[0]
        return unicodedata.normalize("NFC", damage.plain(damage.without_magic_quotes(text)[0]))

    def person(self, value: bytes | None) -> str:
        """A pen name. Where an address was used for one, only what stands before the @ is shown."""
        return _NETWORK.sub("…", _ADDRESS.sub(r"\1", self.plain(value))).strip()

    def prose(self, value: bytes | None) -> Prose:
        """A summary, a note or a review."""
        return as_prose(self.text(value))

    def where(self) -> str:
        """What is being read, for people: "story 12, chapter 3", "member 3", or "names and tags" outside of these."""
        return ", ".join(filter(None, (f"story {self.sid}" * bool(self.sid), self.part))) or "names and tags"

    def _repaired(self, text: str) -> str:
        text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")
        for rule, mended in _RULES:
            after, places = mended(text)
            if places:
                text = self.mender.mend(rule, text, after, where=self.where(), places=places)
        if lost := damage.lost_letters(text):
            self._lost.add(self.sid, lost)
        return text

    def remarks(self) -> Iterator[Remark]:
        """What was repaired and what cannot be, for the end of the report."""
        for decoder, what in ((self.dump, "text of the dump"), (self.files, "chapter file")):
            yield from _about_encodings(decoder, what)
        yield from _about_repairs(self.mender)
        if self._lost.places:
            times = _counted(self._lost.places, "time")
            yield Remark(
                text=f"Question marks inside words, {times}, in {self._lost.where()}: letters that the old database "
                "could not hold. They were lost before the dump was made; only the author knows them."
            )


def as_prose(markup: str) -> Prose:
    """Safe prose. Bare line breaks are passed on: eFiction showed them, and the cleaner makes paragraphs of them."""
    return clean(RawHtml(markup)) if markup.strip() else NO_PROSE


def _about_repairs(mender: Mender) -> Iterator[Remark]:
    for name, places in mender.places.items():
        rule, times = RULES[name], _counted(places, "place")
        if mender.applied[name]:
            yield Remark(text=f"{rule.title}: mended in {times}; the originals are kept.")
        else:
            allow = f"{WITHDRAWN}{name} is not asked for" if rule.is_usual else f"--repair {name} allows it"
            yield Remark(
                text=f"{rule.title}: found in {times} and left as it stands; the repair is applied once {allow}."
            )


def _about_encodings(decoder: Decoder, what: str) -> Iterator[Remark]:
    for encoding, count in sorted(decoder.used.items(), key=lambda pair: -pair[1]):
        yield Remark(text=f"Not in UTF-8, and read as {shown_name(encoding)}: {_counted(count, what)}.")
    if decoder.replaced:
        yield Remark(
            text=f"Bytes that no encoding explains are shown as “\ufffd” in {_counted(decoder.replaced, what)}; "
            "the originals are kept.",
            grave=True,
        )


def _counted(count: int, what: str) -> str:
    plural = what.replace("text", "texts") if what.startswith("text") else f"{what}s"
    return f"{count:,} {what if count == 1 else plural}"
