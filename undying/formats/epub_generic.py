"""Any other EPUB: what its package says, and its pages as chapters.

One page is one chapter, unless the table of contents says otherwise: several entries in one page part it; a page
without an entry goes on with the chapter before it (converters cut long pages). Cover, title page and contents are no
chapters.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from undying.formats import Remark, Unreadable
from undying.formats.addresses import source_of
from undying.formats.download_markup import (
    elements,
    inside,
    prose_of,
    prose_of_text,
    prose_of_unknown,
    shows_something,
    text_of,
    unwrapped,
)
from undying.formats.epub_book import take_heading
from undying.formats.language_names import plain_tag
from undying.manuscript import (
    NO_PROSE,
    Chapter,
    Credit,
    Manuscript,
    RawHtml,
    SeriesPlace,
    Source,
    Tagging,
    TagKind,
)
from undying.manuscript.clean import clean

if TYPE_CHECKING:
    from collections.abc import Iterator

    from undying.formats.epub_book import Book, Datum, Entry, Item
    from undying.formats.safety import Element
    from undying.manuscript import Prose

_EPUB_TYPE = "{http://www.idpf.org/2007/ops}type"
_FRONT_TYPES = {"cover", "titlepage", "halftitlepage", "toc", "landmarks", "copyright-page", "imprint", "colophon"}
_FRONT_GUIDE = {"cover", "title-page", "titlepage", "toc", "copyright-page"}
_FRONT_NAME = re.compile(
    r"^(cover([-_]?page)?|title([-_]?page)?|half[-_]?title|toc|nav|contents|table[-_]of[-_]contents|copyright|imprint)$"
)
_MANY_WORDS = 200
"""A page called "title" that says more than this is a story's, after all."""
_RIGHTS = ("copyright", "imprint")
_READ = {"title", "creator", "language", "description", "subject", "rights", "date", "source", "meta", "link"}
_UNDATED_YEAR = 101
"""calibre writes the year 101 for "no date"."""


def read_book(book: Book) -> Manuscript:
    """The story. Raises Unreadable if no page of it has words."""
    gatherer = _Gatherer(book)
    for item in book.spine:
        gatherer.add(item)
    chapters = gatherer.chapters()
    if not any(chapter.body.has_words() for chapter in chapters):
        raise Unreadable(f"{book.archive.name} holds no page with words; perhaps it is a book of pictures.")
    if gatherer.left_out:
        book.remark(f"cover, title page or contents were not taken as chapters: {', '.join(gatherer.left_out)}.")
    rights = prose_of_text("\n\n".join(book.texts("rights")))
    return Manuscript(
        title=book.first("title") or book.archive.name.rpartition(".")[0],
        chapters=chapters,
        credits=tuple(Credit(name=name) for name in book.texts("creator")),
        summary=prose_of_unknown(book.first("description")),
        rights=rights if rights.has_words() else gatherer.rights,
        language=plain_tag(book.first("language")),
        taggings=tuple(Tagging(kind=TagKind.ADDITIONAL, name=name) for name in dict.fromkeys(book.texts("subject"))),
        series=tuple(_series(book)),
        published=_published(book),
        source=_source(book),
        extras=tuple(_extras(book)),
    )


@dataclass(slots=True)
class _Draft:
    """A chapter while pages are added to it."""

    title: str
    prose: list[Prose] = field(default_factory=list)


class _Gatherer:
    """Turns pages into chapters."""

    def __init__(self, book: Book) -> None:
        self._book = book
        self._drafts: list[_Draft] = []
        self._opening: list[Prose] = []
        self.left_out: list[str] = []
        self.rights = NO_PROSE
        listed = {entry.name for entry in book.contents}
        self._contents_are_good = sum(1 for item in book.spine if item.name in listed) > 1

    def add(self, item: Item) -> None:
        """Takes in the next page. A damaged one is remarked on; the others are still read."""
        try:
            body = self._book.page(item)
        except Unreadable as error:
            self._book.remarks.append(Remark(text=f"{error} Its text is missing from the story.", grave=True))
            return
        if not shows_something(body):
            return
        if _is_front(self._book, item, body):
            self._leave_out(item, body)
            return
        for title, box in self._parted(item, body):
            self._take(item, title, box)

    def chapters(self) -> tuple[Chapter, ...]:
        """What was gathered. Titles of parts without a text of their own open the chapter behind them."""
        if self._opening and self._drafts:
            self._drafts[-1].prose += self._opening
        titles = Counter(draft.title for draft in self._drafts)
        alone = len(titles) == 1 and self._drafts[0].title == self._book.first("title") if self._drafts else False
        return tuple(
            Chapter(title="" if alone else draft.title, body=clean(RawHtml("".join(draft.prose))))
            for draft in self._drafts
        )

    def _leave_out(self, item: Item, body: Element) -> None:
        if any(word in _marks(self._book, item, body) for word in _RIGHTS):
            self.rights = self._prose(item, body)
        self.left_out.append(item.name.rpartition("/")[2])

    def _prose(self, item: Item, box: Element) -> Prose:
        return prose_of(
            inside(unwrapped(box)), self._book.looks, lambda element: self._book.settle_links(item.name, element)
        )

    def _take(self, item: Item, title: str | None, box: Element) -> None:
        heading = take_heading(box, {title or ""})
        if title is None and self._contents_are_good and self._drafts and not heading:
            self._drafts[-1].prose.append(self._prose(item, box))
            return
        if title is None and heading:
            take_heading(box, {heading})
        prose = self._prose(item, box)
        title = heading if title is None else title
        if not prose.has_words() and "<img" not in prose:
            self._opening.append(clean(RawHtml(f"<h2>{prose_of_text(title)[3:-4]}</h2>")) if title else prose)
            return
        self._drafts.append(_Draft(title, [*self._opening, prose]))
        self._opening = []

    def _parted(self, item: Item, body: Element) -> Iterator[tuple[str | None, Element]]:
        """The page's chapters with their titles; None for a title that the contents do not give."""
        entries = [entry for entry in self._book.contents if entry.name == item.name]
        entries = [entry for entry in entries if entry.depth == min(each.depth for each in entries)]
        starts = _starts(unwrapped(body), entries) if len(entries) > 1 else {}
        if len(starts) < 2:  # noqa: PLR2004  one start is a whole page
            yield (entries[0].title if entries else None), body
            return
        container = unwrapped(body)
        boxes: list[tuple[str | None, Element]] = [(None, container.makeelement("div"))]
        boxes[0][1].text = container.text
        for position, child in enumerate(list(container)):
            if position in starts:
                boxes.append((starts[position], container.makeelement("div")))
            boxes[-1][1].append(child)
        yield from (each for each in boxes if shows_something(each[1]))


def _starts(container: Element, entries: list[Entry]) -> dict[int, str]:
    """At which children of the container chapters begin; empty if some of them cannot be found there."""
    children = list(container)
    by_id = {part.get("id") or part.get("name"): part for part in container.iter() if isinstance(part.tag, str)}
    starts: dict[int, str] = {}
    for entry in entries:
        target = by_id.get(entry.fragment) if entry.fragment else (children[0] if children else None)
        while target is not None and target.getparent() is not container:
            target = target.getparent()
        if target is None:
            return {}
        starts.setdefault(children.index(target), entry.title)
    return starts


def _marks(book: Book, item: Item, body: Element) -> str:
    """All that says what kind of page this is: its type in EPUB 3, in the guide of EPUB 2, its name."""
    types = [body.get(_EPUB_TYPE) or "", *(child.get(_EPUB_TYPE) or "" for child in elements(body)[:1])]
    return " ".join([*types, book.guide.get(item.name, ""), _stem(item)])


def _stem(item: Item) -> str:
    return item.name.rpartition("/")[2].rpartition(".")[0].lower()


def _is_front(book: Book, item: Item, body: Element) -> bool:
    """Whether the page is evidently no part of the story: it must say so itself, and not say much else."""
    if "nav" in item.properties.split():
        return True
    types = set(_marks(book, item, body).split())
    words = text_of(body)
    if types & (_FRONT_TYPES | _FRONT_GUIDE) or _FRONT_NAME.match(_stem(item)):
        return len(words.split()) < _MANY_WORDS or _is_list_of_links(body)
    titles = {entry.title.casefold() for entry in book.contents if entry.name == item.name}
    named = titles & {"cover", "title page", "contents", "table of contents", "copyright"}
    return (bool(named) and len(words.split()) < _MANY_WORDS) or _is_list_of_links(body)


def _is_list_of_links(body: Element) -> bool:
    """Whether nearly all words stand in several links into the book: a table of contents by any name."""
    links = [link for link in body.iter("a") if link.get("href") and ":" not in (link.get("href") or "")]
    linked = sum(len(text_of(link)) for link in links)
    return len(links) > 3 and linked > 0.8 * len(text_of(body))  # noqa: PLR2004  "several", "nearly all"


def _refined(book: Book, datum: Datum, wanted: str) -> str:
    """What EPUB 3 says about another element of the metadata, by that element's id."""
    key = f"#{datum.attributes.get('id', '')}"
    for each in book.metadata:
        if each.attributes.get("refines") == key and each.attributes.get("property") == wanted:
            return each.text
    return ""


def _series(book: Book) -> Iterator[SeriesPlace]:
    title = book.meta("calibre:series")
    if title:
        yield SeriesPlace(title=title, position=_whole(book.meta("calibre:series_index")))
    for datum in book.metadata:
        if datum.attributes.get("property") != "belongs-to-collection" or not datum.text or datum.text == title:
            continue
        if _refined(book, datum, "collection-type") in {"", "series"}:
            yield SeriesPlace(title=datum.text, position=_whole(_refined(book, datum, "group-position")))


def _whole(text: str) -> int:
    match = re.match(r"\d+", text)
    return int(match[0]) if match else 0


def _published(book: Book) -> datetime | None:
    for datum in book.metadata:
        if datum.name == "date" and datum.attributes.get("event", "") in {"", "publication", "original-publication"}:
            return _moment(datum.text)
    return None


def _moment(text: str) -> datetime | None:
    """A W3C date: a year, a month, a day or a moment."""
    try:
        moment = datetime.fromisoformat(text.strip() + {4: "-01-01", 7: "-01"}.get(len(text.strip()), ""))
    except ValueError:
        return None
    moment = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    return None if moment.year <= _UNDATED_YEAR else moment


def _source(book: Book) -> Source:
    """By the first address among the identifiers and sources; empty if there is none."""
    for text in book.texts("identifier") + book.texts("source"):
        if source_of(text).key:
            return source_of(text)
    return Source()


def _extras(book: Book) -> Iterator[tuple[str, str]]:
    """What the model has no field for. Identifiers that only a program made are not worth keeping."""
    for datum in book.metadata:
        if datum.name in _READ or not datum.text:
            continue
        if datum.name == "identifier" and not re.search(r"isbn|doi", f"{datum.text} {datum.attributes}".casefold()):
            continue
        role = datum.attributes.get("role", "") or _refined(book, datum, "role")
        yield datum.name.capitalize(), f"{datum.text} ({role})" if role else datum.text
