"""What the readers of catalogues share: a record that tells of a story, and files that hold its text -> a Manuscript.

A catalogue is a file with a record for each story (a database in a text file, a table): its texts stand in files beside
it. Those files are read by the readers of their own kinds; what the record says of the story goes before what they say.
"""

from __future__ import annotations

import html
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from undying.formats import Fate, Outcome, Remark, Story, Unreadable, docx, html_file, markdown, odt, rtf, text
from undying.formats.header import Entry
from undying.formats.labels import Label, label_of
from undying.formats.plain import Said
from undying.manuscript import Credit, Manuscript, RawHtml, Status
from undying.manuscript.clean import clean

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from undying.formats import Reader, Request
    from undying.manuscript import Chapter, Source

_READERS: tuple[Reader, ...] = (docx.READER, odt.READER, rtf.READER, markdown.READER, html_file.READER, text.READER)
HEAD = 65536


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """What a catalogue says of one story: (its own words for the field, the value), in its order.

    `labels` says which field the archive takes the words for, where they alone do not tell. Values may hold markup.
    """

    key: str
    fields: tuple[tuple[str, str], ...]
    labels: dict[str, Label | None] = field(default_factory=dict)

    def said(self) -> Said:
        """The fields by what they mean; the rest are extras."""
        told = Said()
        for words, value in self.fields:
            label = self.labels[words] if words in self.labels else label_of(words)
            told.take(Entry(words, label, _paragraphs(value)))
        return told


def _paragraphs(value: str) -> list[str]:
    """A value as markup: one that holds tags stays, a plain one is escaped, line by line."""
    if "<" in value and ">" in value:
        return [value]
    return [html.escape(line.strip(), quote=False) for line in value.splitlines() if line.strip()]


@dataclass(frozen=True, slots=True)
class Text:
    """A story as its own file tells it, and the file's fate."""

    manuscript: Manuscript
    fate: Fate


class Shelf:
    """The files that lie beside a catalogue, found by the names that its records give them."""

    def __init__(self, catalogue: Path, files: Iterable[Path]) -> None:
        self._folder = catalogue.parent
        self._by_name: dict[str, list[Path]] = {}
        for path in files:
            if path != catalogue and path.is_relative_to(self._folder):
                for name in {path.name.casefold(), path.stem.casefold()}:
                    self._by_name.setdefault(name, []).append(path)

    def find(self, named: str) -> Path | None:
        """The file of this name, with or without its ending and its folders: the one that fits the name furthest."""
        parts = [part.casefold() for part in named.replace("\\", "/").split("/") if part not in {"", ".", ".."}]
        if not parts:
            return None
        fitting = self._by_name.get(parts[-1], [])
        return max(fitting, key=lambda path: (_fit(path, parts), -len(path.parts), str(path)), default=None)


def _fit(path: Path, parts: Sequence[str]) -> int:
    """How many of the folders that the name gives the path has, from the last on."""
    folders = [part.casefold() for part in path.parent.parts]
    fits = 0
    for wanted, there in zip(reversed(parts[:-1]), reversed(folders), strict=False):
        if wanted != there:
            break
        fits += 1
    return fits


def text_of(path: Path, request: Request) -> tuple[Text | None, list[Remark]]:
    """The story in one file, read by the reader of its kind, and what that remarked. None for a kind without readers.

    Raises Unreadable.
    """
    with path.open("rb") as file:
        head = file.read(HEAD)
    reader = next((each for each in _READERS if each.claims(path, head)), None)
    if reader is None:
        return None, []
    events = list(reader.read(path, request))
    story = next((event for event in events if isinstance(event, Story)), None)
    remarks = [event for event in events if isinstance(event, Remark)]
    return (Text(story.manuscript, story.fates[0]) if story else None), remarks


def texts_of(named: Iterable[str], shelf: Shelf, request: Request) -> Iterator[Text | Remark]:
    """The texts of a story's files, in the order in which its record names them; remarks where one is missing."""
    for name in named:
        path = shelf.find(name)
        if path is None:
            yield Remark(text=f"The file {name} is named by the catalogue and is not there.", grave=True)
            continue
        try:
            found, remarks = text_of(path, request)
        except (Unreadable, OSError) as error:
            yield Remark(text=str(error), grave=True)
            continue
        yield from remarks
        if found is None:
            yield Remark(text=f"The file {path.name} is of a kind that no story is read from.", grave=True)
        else:
            yield found


def manuscript_of(record: Record, texts: Sequence[Text], source: Source) -> Manuscript:
    """The story: what its record says, and where that says nothing, what stands at the head of its file."""
    told, written = record.said(), [each.manuscript for each in texts]
    first = written[0]
    names = [Credit(name=name) for name in told.authors]
    summary = clean(RawHtml("\n".join(told.summary)))
    notes = clean(RawHtml("\n".join(told.notes)))
    return replace(
        first,
        title=told.title or first.title,
        chapters=tuple(chapter for each in written for chapter in _chapters(each, alone=len(written) == 1)),
        credits=tuple(names) or first.credits,
        summary=summary or first.summary,
        notes_before=notes or first.notes_before,
        rights=clean(RawHtml("\n".join(told.rights))) or first.rights,
        language=told.language or first.language,
        taggings=tuple(dict.fromkeys((*told.taggings(), *first.taggings))),
        series=tuple(told.series) or first.series,
        status=told.status or max((each.status for each in written), key=lambda each: each is Status.COMPLETE),
        published=told.published or first.published,
        updated=told.updated or first.updated,
        pictures=tuple(dict.fromkeys(picture for each in written for picture in each.pictures)),
        source=source,
        extras=tuple(dict.fromkeys((*told.extras, *first.extras))),
    )


def _chapters(manuscript: Manuscript, *, alone: bool) -> Iterator[Chapter]:
    """The chapters of one file; where each chapter has a file of its own, the file's title is the chapter's."""
    is_one = len(manuscript.chapters) == 1 and not alone
    for chapter in manuscript.chapters:
        named = replace(chapter, title=chapter.title or manuscript.title) if is_one else chapter
        yield replace(named, notes_before=named.notes_before or manuscript.notes_before) if is_one else named


def moment_of(text: str) -> datetime | None:
    """A time as programs write it (ISO 8601); None for none, for zeros and for what is no time. No zone is UTC."""
    try:
        moment = datetime.fromisoformat(text) if text else None
        return moment and (moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC))
    except (ValueError, OverflowError):
        return None


def folder_of(path: Path, request: Request) -> str:
    """The folder that people are shown the catalogue under: "" or a path ending in a slash."""
    folder = path.parent.relative_to(request.root).as_posix() if path.is_relative_to(request.root) else "."
    return "" if folder == "." else f"{folder}/"


def lost(container: str, key: str, why: str, span: tuple[int, int] | None = None) -> Fate:
    """The fate of a record that no story could be made of."""
    return Fate(container=container, key=key, outcome=Outcome.KEPT_RAW, detail=why, span=span)
