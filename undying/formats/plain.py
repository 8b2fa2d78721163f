"""What the readers of plain files share: blocks of text -> a Manuscript."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from undying.formats import Unreadable, labels
from undying.formats.blocks import Block, joined
from undying.formats.chapters import Part, parts_of
from undying.formats.header import Entry, Header, header_of
from undying.formats.labels import Label
from undying.formats.numbering import is_the_end
from undying.manuscript import (
    NO_PROSE,
    Chapter,
    Credit,
    Manuscript,
    Picture,
    Prose,
    RawHtml,
    SeriesPlace,
    Source,
    Status,
    Tagging,
    TagKind,
)
from undying.manuscript.clean import clean
from undying.manuscript.measure import excerpt, guess_language

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

_JUNK_TITLE = re.compile(
    r"untitled.*|new page.*|document ?\d*|microsoft word.*|no title|normal|.*\.(?:docx?|odt|rtf|txt|html?)|"
    r"unbenannt.*|sans titre.*|index|home|story",
    re.IGNORECASE,
)
_MAIL = re.compile(r"[<(\[]?(?<![\w.+-])[\w.+-]+(?:@| at |\[at\])[\w-]+(?:\.[\w-]+)+[>)\]]?")
_STATUSES = (
    (
        Status.COMPLETE,
        "complete[d]?|finished|done|yes|one-?shot|abgeschlossen|fertig|terminée?|завершен|закончен|完结|完結",
    ),
    (Status.ABANDONED, "abandoned|discontinued|abgebrochen|заброшен"),
    (Status.HIATUS, "(?:on )?hiatus|заморожен"),
    (Status.IN_PROGRESS, "wip|in[ -]?progress|work in progress|incomplete|unfinished|ongoing|no|in arbeit|в процессе"),
)
_KINDS = {
    Label.FANDOM: TagKind.FANDOM,
    Label.PAIRING: TagKind.RELATIONSHIP,
    Label.CHARACTERS: TagKind.CHARACTER,
    Label.TAGS: TagKind.ADDITIONAL,
}
_NOBODY = re.compile(r"(?:none|no|n/?a|no pairings?|keine?s?|aucun|nobody|-+|нет|无)\.?", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """What is known of a file besides its blocks: from its name, its properties, its bytes.

    `footnotes` are finished blocks of markup by the id that their marks in the text link to.
    """

    name: str
    fallback_title: str
    source: Source
    title: str = ""
    authors: tuple[str, ...] = ()
    language: str = ""
    published: datetime | None = None
    pictures: tuple[Picture, ...] = ()
    footnotes: Mapping[str, str] = field(default_factory=dict)
    extras: tuple[tuple[str, str], ...] = ()


def manuscript_of(blocks: list[Block], about: About) -> Manuscript:
    """The story in these blocks. Raises Unreadable when there are no words in them."""
    if not any(block.text for block in blocks) and not about.pictures:
        raise Unreadable(
            f"{about.name}: there are no words in this file; open it and look whether it is the right one."
        )
    header = header_of(blocks)
    heading, parts = parts_of(header.rest or blocks)
    found = Said(extras=list(about.extras))
    for entry in header.entries:
        found.take(entry)
    for markup in header.loose:
        found.notes.append(f"<p>{markup}</p>")
    chapters = tuple(map(_chapter, _with_footnotes(parts, about.footnotes)))
    work = _lone_notes(chapters)
    return Manuscript(
        title=_title(found, header, heading, about),
        chapters=work.chapters,
        credits=_credits(found, header, about),
        summary=_prose(found.summary),
        notes_before=_prose([*found.notes, *work.before]),
        notes_after=work.after,
        rights=_prose(found.rights),
        language=found.language or about.language or guess_language(_sample(chapters)),
        taggings=found.taggings(),
        series=tuple(found.series),
        status=found.status or (Status.COMPLETE if _ends(parts) else Status.IN_PROGRESS),
        published=found.published or about.published,
        updated=found.updated,
        pictures=about.pictures,
        source=about.source,
        extras=tuple(found.extras),
    )


def _with_footnotes(parts: list[Part], footnotes: Mapping[str, str]) -> list[Part]:
    """Each footnote behind the chapter that refers to it; one that nothing refers to, behind the last."""
    left = dict(footnotes)
    for part in parts:
        asked = re.findall(r'href="#([^"]+)"', " ".join([*part.notes_before, joined(part.blocks)])) if left else []
        found = [left.pop(identity) for identity in dict.fromkeys(asked) if identity in left]
        if part is parts[-1]:
            found += left.values()
        if found:
            part.blocks = [*part.blocks, Block("<hr>", ""), *(Block(markup, "") for markup in found)]
    return parts


def _sample(chapters: tuple[Chapter, ...]) -> str:
    return " ".join(excerpt(chapter.body, 5000) for chapter in chapters[:3])


def _title(found: Said, header: Header, heading: str, about: About) -> str:
    stated = "" if _JUNK_TITLE.fullmatch(about.title.strip()) else about.title.strip()
    return found.title or header.title or heading or stated or about.fallback_title


def _credits(found: Said, header: Header, about: About) -> tuple[Credit, ...]:
    names = found.authors or ([header.author] if header.author else about.authors)
    return tuple(Credit(name=name) for name in names)


def _prose(parts: list[str]) -> Prose:
    return clean(RawHtml("\n".join(parts))) if parts else NO_PROSE


def _chapter(part: Part) -> Chapter:
    return Chapter(
        title=part.title,
        body=clean(RawHtml(joined(part.blocks))),
        notes_before=_prose(part.notes_before),
        notes_after=_prose(part.notes_after),
    )


@dataclass(frozen=True, slots=True)
class _Work:
    chapters: tuple[Chapter, ...]
    before: list[str]
    after: Prose


def _lone_notes(chapters: tuple[Chapter, ...]) -> _Work:
    """The notes around the only chapter are the work's."""
    if len(chapters) != 1:
        return _Work(chapters, [], NO_PROSE)
    only = chapters[0]
    bare = Chapter(title=only.title, body=only.body)
    return _Work((bare,), [only.notes_before] if only.notes_before else [], only.notes_after)


def _ends(parts: list[Part]) -> bool:
    return any(is_the_end(block.text) for block in parts[-1].blocks[-4:])


@dataclass(slots=True)
class Said:
    """What labels said about a story, collected one by one. Whatever no field can hold becomes an extra."""

    title: str = ""
    authors: list[str] = field(default_factory=list)
    summary: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    rights: list[str] = field(default_factory=list)
    language: str = ""
    status: Status | None = None
    published: datetime | None = None
    updated: datetime | None = None
    series: list[SeriesPlace] = field(default_factory=list)
    extras: list[tuple[str, str]] = field(default_factory=list)
    _tags: list[Tagging] = field(default_factory=list)

    def taggings(self) -> tuple[Tagging, ...]:
        """The tags in the order of their kinds, each once."""
        order = list(TagKind)
        return tuple(sorted(dict.fromkeys(self._tags), key=lambda tagging: order.index(tagging.kind)))

    def take(self, entry: Entry) -> None:
        """Put one entry where it belongs."""
        if not entry.text:
            return
        if not (self._took_text(entry) or self._took_tags(entry) or self._took_fact(entry)):
            self.extras.append((entry.words, entry.text))

    def _took_text(self, entry: Entry) -> bool:
        paragraphs = [f"<p>{part}</p>" for part in entry.markup]
        if entry.label is Label.SUMMARY:
            self.summary += paragraphs
        elif entry.label is Label.NOTES:
            self.notes += paragraphs
        elif entry.label is Label.RIGHTS:
            self.rights += paragraphs
        elif entry.label is Label.PLACEMENT:
            self.notes.append(f"<p>{entry.words}: {'<br>'.join(entry.markup)}</p>")
        else:
            return False
        return True

    def _took_tags(self, entry: Entry) -> bool:
        if entry.label is Label.RATING:
            self._take_rating(entry)
        elif entry.label is Label.WARNINGS:
            for item in labels.listed(entry.text):
                meaning = labels.warning(item)
                self._tag(TagKind.WARNING if meaning else TagKind.ADDITIONAL, meaning or item)
        elif entry.label is Label.CATEGORY:
            for item in labels.listed(entry.text):
                meaning = labels.category(item)
                self._tag(TagKind.CATEGORY if meaning else TagKind.ADDITIONAL, meaning or item)
        elif entry.label in _KINDS:
            self._take_names(entry, _KINDS[entry.label])
        else:
            return False
        return True

    def _take_rating(self, entry: Entry) -> None:
        meaning = labels.rating(entry.text)
        if meaning:
            self._tag(TagKind.RATING, meaning)
        if meaning.lower() != entry.text.lower():
            self.extras.append((entry.words, entry.text))

    def _take_names(self, entry: Entry, kind: TagKind) -> None:
        items = labels.listed(entry.text)
        if all(_NOBODY.fullmatch(item) or labels.category(item) for item in items) and kind is TagKind.RELATIONSHIP:
            for meaning in filter(None, map(labels.category, items)):
                self._tag(TagKind.CATEGORY, meaning)
            return
        for item in items:
            self._tag(kind, item)

    def _tag(self, kind: TagKind, name: str) -> None:
        self._tags.append(Tagging(kind=kind, name=name))

    def _took_fact(self, entry: Entry) -> bool:
        if entry.label is Label.TITLE and not self.title:
            self.title = entry.text.strip(' "“”')
        elif entry.label is Label.AUTHOR:
            self._take_author(entry)
        elif entry.label is Label.SERIES:
            self.series.append(series_place(entry.text))
        elif entry.label is Label.STATUS and (status := _status(entry)):
            self.status = status
        elif entry.label is Label.LANGUAGE and (language := labels.language(entry.text)):
            self.language = language
        elif entry.label is Label.PUBLISHED and (day := labels.day(entry.text)):
            self.published = day
        elif entry.label is Label.UPDATED and (day := labels.day(entry.text)):
            self.updated = day
        else:
            return False
        return True

    def _take_author(self, entry: Entry) -> None:
        for address in _MAIL.findall(entry.text):
            self.extras.append(("E-mail", address.strip("<>()[]")))
        self.authors += labels.pen_names(re.sub(r"\(\s*\)|<\s*>", "", _MAIL.sub("", entry.text)))


def _status(entry: Entry) -> Status | None:
    value = entry.text.strip(" .!()").lower()
    return next((status for status, spellings in _STATUSES if re.fullmatch(spellings, value)), None)


def series_place(value: str) -> SeriesPlace:
    """ "Nights at Whitby #3" or "…, part 3" as a place in a series."""
    found = re.fullmatch(
        r"(.+?)[\s,;:(-]+(?:#|part|book|no\.?|number|vol\.?|teil|partie|parte|часть)\s*(\d{1,4})\)?",
        value,
        re.IGNORECASE,
    )
    return SeriesPlace(title=found[1].strip(), position=int(found[2])) if found else SeriesPlace(title=value)
