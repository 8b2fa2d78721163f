"""FanFicFare's title page: lines of "Label: value", in markup or in plain text, and what each means.

Users may rename every label and add their own, so labels are matched by meaning, and what is not known is kept as it
stands. Values are joined with commas although some names hold commas: the package's subjects tell them apart.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, NamedTuple

from undying.formats import labels
from undying.formats.addresses import person_of, secure, series_key_of, source_of
from undying.formats.ao3_preface import CATEGORIES, warning_name
from undying.formats.download_markup import classes_of, elements, inside, prose_of, prose_of_text, text_of, unwrapped
from undying.formats.fanfiction_net import RATINGS
from undying.formats.language_names import tag_of_language
from undying.manuscript import Credit, Manuscript, SeriesPlace, Status, Tagging, TagKind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from undying.formats.safety import Element
    from undying.manuscript import Prose

_MEANINGS = {
    "fandom": "category categories fandom fandoms",
    "genre": "genre genres freeform freeforms freeformtags tags additionaltags contenttags",
    "category": "ao3categories archivecategories relationshipcategories",
    "characters": "character characters",
    "relationships": "relationship relationships ships pairing pairings",
    "warnings": "warning warnings archivewarning archivewarnings",
    "rating": "rating rated",
    "language": "language",
    "series": "series",
    "status": "status",
    "published": "published datepublished publishedon",
    "updated": "updated dateupdated lastupdated updatedon",
    "packaged": "packaged datecreated created",
    "chapters": "chapters numchapters",
    "words": "words numwords wordcount",
    "publisher": "publisher site sitename",
    "story": "storyurl url",
    "author": "authorurl authorsurl",
    "summary": "summary description",
}
_MEANING = {name: meaning for meaning, names in _MEANINGS.items() for name in names.split()}
_STATUS = {
    "completed": Status.COMPLETE,
    "complete": Status.COMPLETE,
    "in-progress": Status.IN_PROGRESS,
    "hiatus": Status.HIATUS,
    "on hiatus": Status.HIATUS,
    "abandoned": Status.ABANDONED,
    "dropped": Status.ABANDONED,
}
_DAYS = (
    "%Y-%m-%d %H:%M:%S",
    "%Y-%m-%d %H:%M",
    "%Y-%m-%d",
    "%Y/%m/%d",
    "%m/%d/%Y",
    "%d.%m.%Y",
    "%B %d, %Y",
    "%b %d, %Y",
)


class Line(NamedTuple):
    """One label with its value: as text, as parts of markup (none from plain text), and the first link in it."""

    label: str
    text: str
    parts: tuple[Element | str, ...] = ()
    link: str = ""

    @property
    def prose(self) -> Prose:
        """The value as prose."""
        boxes = [part for part in self.parts if not isinstance(part, str) or part.strip()]
        if len(boxes) == 1 and not isinstance(boxes[0], str) and boxes[0].tag == "div":
            return prose_of(inside(unwrapped(boxes[0])))
        return prose_of(self.parts) if self.parts else prose_of_text(self.text)


def meaning_of(label: str) -> str:
    """What a label means, by the names in this module; "" for one that is not known."""
    return _MEANING.get(re.sub(r"[^a-z0-9]", "", label.casefold()), "")


def lines_in(page: Element) -> Iterator[Line]:
    """The labelled lines of a title page, in either of its layouts: a table of rows, or lines parted by `br`.

    What stands inside a value is the value's: a summary may look like such lines itself.
    """
    read: set[Element] = set()
    for box in page.iter("tr", "div", "body", "p"):
        if any(outer in read for outer in box.iterancestors()):
            continue
        lines = list(_row_of(box) if box.tag == "tr" else _lines_of(box))
        if lines:
            read.add(box)
        yield from lines


def _row_of(row: Element) -> Iterator[Line]:
    label = next((bold for bold in row.iter("b") if text_of(bold).endswith(":")), None)
    if label is not None:
        yield _line(text_of(label), _row_value(row, label))


def _row_value(row: Element, label: Element) -> list[Element | str]:
    parts: list[Element | str] = []
    for cell in elements(row):
        parts.append(cell.text or "")
        for child in elements(cell):
            parts += [child.tail or ""] if child is label else [child, child.tail or ""]
    return parts


def _lines_of(box: Element) -> Iterator[Line]:
    """A bold word opens a line only where a line begins in the source, too: a summary may hold bold words."""
    label, fresh = "", True
    parts: list[Element | str] = []
    for child in elements(box):
        if child.tag == "b" and fresh and text_of(child).endswith(":"):
            if label:
                yield _line(label, parts)
            label, parts = text_of(child), [child.tail or ""]
        elif label:
            parts += [child, child.tail or ""]
        fresh = child.tag == "br" and "\n" in (child.tail or "")
    if label:
        yield _line(label, parts)


def _line(label: str, parts: list[Element | str]) -> Line:
    while parts and (not parts[-1].strip() if isinstance(parts[-1], str) else parts[-1].tag == "br"):
        parts.pop()
    links = (link.get("href") or "" for part in parts if not isinstance(part, str) for link in part.iter("a"))
    text = " ".join("".join(part if isinstance(part, str) else text_of(part) for part in parts).split())
    return Line(label.rstrip(": "), text, tuple(parts), next(links, ""))


def title_in(page: Element) -> tuple[str, str, tuple[Credit, ...]]:
    """Title, address and creators out of the heading `<a>Title</a> by <a class=authorlink>`; empty without one."""
    for heading in page.iter("h1", "h2", "h3"):
        links = list(heading.iter("a"))
        authors = [link for link in links if "authorlink" in classes_of(link)]
        if authors:
            title = next((link for link in links if link not in authors), None)
            name = text_of(title) if title is not None else text_of(heading).rpartition(" by ")[0]
            url = (title.get("href") or "") if title is not None else ""
            return name, url, tuple(credit(text_of(link), link.get("href") or "") for link in authors)
    return "", "", ()


def credit(name: str, url: str) -> Credit:
    """A creator, with what the address of her page says about her."""
    person = person_of(url)
    return Credit(name=name, account=person.account, key=person.key, url=secure(url) if person.account else url)


@dataclass(slots=True)
class Sheet:
    """Collects what the lines say; `subjects` are the package's, which know where a name ends."""

    subjects: frozenset[str] = frozenset()
    taggings: list[Tagging] = field(default_factory=list)
    extras: list[tuple[str, str]] = field(default_factory=list)
    series: list[SeriesPlace] = field(default_factory=list)
    told: dict[str, Line] = field(default_factory=dict)

    def take(self, line: Line) -> None:
        """Takes in one line."""
        meaning = meaning_of(line.label)
        if meaning in {"fandom", "genre", "category", "characters", "relationships", "warnings", "rating"}:
            names = self._names(line.text)
            taggings = [_tagging(meaning, name) for name in names]
            self.taggings += taggings
            if meaning == "rating" and [each.name for each in taggings] != list(names):
                self.extras.append((line.label, line.text))
        elif meaning == "series" and line.text:
            self.series.append(_series(line))
        elif meaning in {"", "words"} or (meaning == "status" and line.text.casefold() not in _STATUS):
            self.extras += [(line.label, line.text)] if line.text else []
        elif meaning:
            self.told.setdefault(meaning, line)

    def say(self, meaning: str) -> str:
        """The text of the line with that meaning, "" without one."""
        line = self.told.get(meaning)
        return line.text if line is not None else ""

    @property
    def chapters(self) -> int:
        """How many chapters the title page promises; 0 if it does not say."""
        return int(re.sub(r"\D", "", self.say("chapters")) or 0)

    def story(self, title: str, url: str, creators: tuple[Credit, ...]) -> Manuscript:
        """The story without its chapters."""
        source = source_of(url or self.say("story"))
        language = tag_of_language(self.say("language"))
        if self.say("language") and not language:
            self.extras.append(("Language", self.say("language")))
        if self.say("publisher") and self.say("publisher").removeprefix("www.") != source.site.removeprefix("www."):
            self.extras.append(("Publisher", self.say("publisher")))
        summary = self.told.get("summary")
        story = Manuscript(
            title=title,
            chapters=(),
            credits=creators,
            language=language,
            taggings=_in_order(self.taggings),
            series=tuple(dict.fromkeys(self.series)),
            source=source,
            status=_STATUS.get(self.say("status").casefold(), Status.IN_PROGRESS),
            published=day(self.say("published")),
            updated=day(self.say("updated")),
            extras=tuple(self.extras),
        )
        return story if summary is None else replace(story, summary=summary.prose)

    def _names(self, text: str) -> list[str]:
        """Splits at commas, but never inside a name that the subjects know: the longest known name wins."""
        rest = [part.strip() for part in text.split(",") if part.strip()]
        names = []
        while rest:
            known = (end for end in range(len(rest), 1, -1) if ", ".join(rest[:end]) in self.subjects)
            end = next(known, 1)
            names.append(", ".join(rest[:end]))
            rest = rest[end:]
        return names


_KINDS = {
    "fandom": TagKind.FANDOM,
    "genre": TagKind.ADDITIONAL,
    "category": TagKind.CATEGORY,
    "characters": TagKind.CHARACTER,
    "relationships": TagKind.RELATIONSHIP,
    "warnings": TagKind.WARNING,
    "rating": TagKind.RATING,
}


def _tagging(meaning: str, name: str) -> Tagging:
    """Of AO3's works the tool mixes categories (F/M …) with tags, and calls fandoms categories."""
    if meaning in {"genre", "fandom"} and name in CATEGORIES:
        return Tagging(kind=TagKind.CATEGORY, name=name)
    if meaning == "rating":
        return Tagging(kind=TagKind.RATING, name=RATINGS.get(name) or labels.rating(name) or name)
    return Tagging(kind=_KINDS[meaning], name=warning_name(name) if meaning == "warnings" else name)


def _in_order(taggings: list[Tagging]) -> tuple[Tagging, ...]:
    kinds = list(TagKind)
    return tuple(sorted(dict.fromkeys(taggings), key=lambda tagging: kinds.index(tagging.kind)))


def _series(line: Line) -> SeriesPlace:
    """ "The Count's Letters [3]"; [0] is what the tool writes when it does not know the place."""
    match = re.fullmatch(r"(?P<title>.*?)(?:\s*\[(?P<place>\d+)(?:\.\d+)?\])?", line.text)
    return SeriesPlace(
        title=match["title"] if match else line.text,
        position=int(match["place"] or 0) if match else 0,
        key=series_key_of(line.link),
        url=secure(line.link),
    )


def day(text: str) -> datetime | None:
    """A date in one of the spellings that users choose; None for anything else."""
    for pattern in _DAYS:
        try:
            return datetime.strptime(text.strip(), pattern).replace(tzinfo=UTC)
        except ValueError:
            continue
    return None
