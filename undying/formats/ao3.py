"""Downloads of the Archive of Our Own (and archives that run its software): the HTML page, and the EPUB made from it.

Layout as of otwarchive's `app/views/downloads`: `#preface` with a list of tags, `#chapters`, `#afterword`. The EPUB is
the same page after calibre: cut into files, classes renamed, comments gone, ids kept. Ids and the place of an element
decide what it is; words never do where an author's text could hold the same words.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from undying.formats import Fate, Outcome, Remark, Story, Unreadable
from undying.formats.addresses import person_of, secure, series_key_of, source_of
from undying.formats.download_markup import (
    NO_LOOKS,
    classes_of,
    elements,
    inside,
    prose_of,
    shows_something,
    text_of,
)
from undying.formats.language_names import plain_tag, tag_of_language
from undying.formats.safety import MAX_MARKUP, decode, parse_html
from undying.manuscript import (
    NO_PROSE,
    Chapter,
    Credit,
    Manuscript,
    RelatedWork,
    RelationKind,
    SeriesPlace,
    Status,
    Tagging,
    TagKind,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from undying.formats import Event, Request
    from undying.formats.download_markup import Looks
    from undying.formats.epub_book import Book
    from undying.formats.safety import Element
    from undying.manuscript import Prose

WARNINGS = {
    "choose not to use archive warnings": "Creator Chose Not To Use Archive Warnings",
    "creator chose not to use archive warnings": "Creator Chose Not To Use Archive Warnings",
    "no archive warnings apply": "No Archive Warnings Apply",
    "graphic depictions of violence": "Graphic Depictions Of Violence",
    "major character death": "Major Character Death",
    "rape/non-con": "Rape/Non-Con",
    "underage": "Underage Sex",
    "underage sex": "Underage Sex",
}
CATEGORIES = ("Gen", "F/M", "M/M", "F/F", "Multi", "Other")
_KINDS = {
    "rating": TagKind.RATING,
    "archive warning": TagKind.WARNING,
    "warning": TagKind.WARNING,
    "category": TagKind.CATEGORY,
    "categorie": TagKind.CATEGORY,
    "fandom": TagKind.FANDOM,
    "relationship": TagKind.RELATIONSHIP,
    "character": TagKind.CHARACTER,
    "additional tag": TagKind.ADDITIONAL,
    "freeform": TagKind.ADDITIONAL,
}
_SUFFIXES = {".html", ".htm", ".xhtml"}


def warning_name(name: str) -> str:
    """A warning in the spelling that readers know, from either of the two that the Archive writes."""
    return WARNINGS.get(name.strip().casefold(), name.strip())


class HtmlReader:
    """Reads the HTML download."""

    name = "AO3 download (HTML)"

    def claims(self, path: Path, head: bytes) -> bool:
        """Whether it is such a page: by what is in it."""
        return path.suffix.lower() in _SUFFIXES and b'id="preface"' in head and b'class="tags"' in head

    def read(self, path: Path, request: Request) -> Iterator[Event]:
        """One story. Raises Unreadable."""
        if path.stat().st_size > MAX_MARKUP:
            raise Unreadable(f"{path.name} is larger than {MAX_MARKUP:,} bytes; it was not read.")
        text, wrong = decode(path.read_bytes())
        remarks = [f"the page {wrong}."] if wrong else []
        download = Download()
        download.add(parse_html(text, path.name))
        manuscript = download.manuscript(remarks.append)
        if not manuscript.chapters:
            raise Unreadable(
                f"{path.name} looks like a download of the Archive but holds no chapter; download it again."
            )
        for remark in remarks:
            yield Remark(text=f"{path.name}: {remark}", grave=True)
        yield Story(manuscript=manuscript, fates=(fate_of(path, request),))


def fate_of(path: Path, request: Request, detail: str = "") -> Fate:
    """The fate of a file that became a story: its container is its folder, relative to the import's root."""
    folder = path.parent.relative_to(request.root).as_posix() if path.is_relative_to(request.root) else "."
    return Fate(container=f"{folder}/", key=path.name, outcome=Outcome.IMPORTED, detail=detail, file=path)


READER = HtmlReader()


def is_download(book: Book) -> bool:
    """Whether an EPUB is one of the Archive's: its first pages hold the preface with the list of tags."""
    for item in book.spine[:3]:
        for preface in book.page(item).iter("div"):
            if preface.get("id") == "preface" and preface.find(".//dl[@class='tags']") is not None:
                return True
    return False


def read_book(book: Book) -> Manuscript:
    """The story in an EPUB of the Archive. Raises Unreadable."""
    download = Download(looks=book.looks)
    for item in book.spine:
        download.add(book.page(item), lambda element, page=item.name: book.settle_links(page, element))  # type: ignore[misc]  # mypy cannot infer a lambda with a default
    return download.manuscript(lambda text: book.remark(text, grave=True))


@dataclass(slots=True)
class _Pieces:
    """One chapter while it is being put together; in an EPUB its text may lie in several files."""

    heading: str = ""
    byline: Element | None = None
    summary: list[Element | str] = field(default_factory=list)
    notes: list[Element | str] = field(default_factory=list)
    endnotes: list[Element | str] = field(default_factory=list)
    body: list[Element | str] = field(default_factory=list)


@dataclass(slots=True)
class Download:
    """The parts of a download, gathered page by page: the HTML is one page, the EPUB many."""

    looks: Looks = NO_LOOKS
    preface: list[Element] = field(default_factory=list)
    afterword: list[Element] = field(default_factory=list)
    chapters: list[_Pieces] = field(default_factory=list)

    def add(self, page: Element, visit: Callable[[Element], None] | None = None) -> None:
        """Takes in the next page. `visit` resolves its links and pictures."""
        if visit is not None:
            for element in list(page.iter("a", "img", "image", "svg")):
                visit(element)
        for part in _parts(page):
            match part.get("id"):
                case "preface":
                    self.preface.append(part)
                case "afterword":
                    self.afterword.append(part)
                case "chapters":
                    self._add_chapters(part)

    def _add_chapters(self, part: Element) -> None:
        for child in elements(part):
            names = classes_of(child)
            heading = _heading_in(child)
            if heading is not None:
                self.chapters.append(_head(child, heading))
            elif child.tag == "h2" and "toc-heading" in names:
                self.chapters.append(_Pieces())
            elif shows_something(child):
                self._add_text(child, is_text=any(re.fullmatch(r"userstuff\d*", name) for name in names))

    def _add_text(self, child: Element, *, is_text: bool) -> None:
        if not self.chapters:
            self.chapters.append(_Pieces())
        chapter = self.chapters[-1]
        if re.fullmatch(r"endnotes\d+", child.get("id") or ""):
            chapter.endnotes += _quoted(child)
        else:
            chapter.body += inside(child) if is_text else [child]

    def manuscript(self, remark: Callable[[str], None]) -> Manuscript:
        """The story. What is missing in it is remarked on. Raises Unreadable if it has no preface."""
        if not self.preface:
            raise Unreadable("The download of the Archive has no preface; download it again.")
        story = _Preface(self.preface, self._prose).read()
        chapters = tuple(self._chapter(pieces, number) for number, pieces in enumerate(self.chapters, start=1))
        if len(chapters) == 1 and chapters[0].title == story.title:
            chapters = (replace(chapters[0], title=""),)
        posted = dict(story.extras).get("Chapters", "")
        if posted and posted != str(len(chapters)):
            remark(f"says that it has {posted} chapters but holds {len(chapters)}; download it again to have them all.")
        return replace(
            story,
            chapters=chapters,
            notes_after=self._prose(_end_notes(self.afterword)),
            related=story.related + tuple(_inspired(self.afterword)),
            extras=tuple((label, text) for label, text in story.extras if label != "Chapters"),
        )

    def _prose(self, parts: Iterable[Element | str]) -> Prose:
        return prose_of(parts, self.looks, _forget_classes)

    def _chapter(self, pieces: _Pieces, number: int) -> Chapter:
        return Chapter(
            title=_chapter_title(pieces.heading, number),
            body=self._prose(pieces.body),
            summary=self._prose(pieces.summary),
            notes_before=self._prose(pieces.notes),
            notes_after=self._prose(pieces.endnotes),
            credits=credits_in(pieces.byline) if pieces.byline is not None else (),
        )


def _forget_classes(element: Element) -> None:
    """Authors' classes belong to a work skin, which no download carries; calibre renames them at will."""
    element.attrib.pop("class", None)


def _parts(page: Element) -> Iterator[Element]:
    """The outermost elements with one of the three ids: inside them such an id is an author's."""
    stack = [page]
    while stack:
        element = stack.pop()
        if element.get("id") in {"preface", "chapters", "afterword"}:
            yield element
        else:
            stack.extend(reversed(elements(element)))


def _heading_in(element: Element) -> Element | None:
    """The heading of the box that opens a chapter. A chapter's text is a box, too, but of class userstuff."""
    if element.tag != "div" or any(name.startswith("userstuff") for name in classes_of(element)):
        return None
    return next((child for child in elements(element) if child.tag == "h2" and "heading" in classes_of(child)), None)


def _head(box: Element, heading: Element) -> _Pieces:
    pieces = _Pieces(heading=text_of(heading))
    label = ""
    for child in elements(box):
        if "byline" in classes_of(child):
            pieces.byline = child
        elif child.tag == "p":
            label = text_of(child)
        elif child.tag == "blockquote":
            (pieces.summary if label == "Chapter Summary" else pieces.notes).extend(inside(child))
    return pieces


def _chapter_title(heading: str, number: int) -> str:
    """ "Chapter 2: Rain" and, before 2024, plain "Rain"; "Chapter 2" is a chapter without a title."""
    match = re.fullmatch(rf"Chapter {number}(?:[:.]\s*(?P<title>.*))?", heading)
    return (match["title"] or "") if match else heading


def _quoted(box: Element) -> list[Element | str]:
    """What stands in the outermost quotations of a box of notes."""
    found: list[Element | str] = []
    for child in elements(box):
        found += inside(child) if child.tag == "blockquote" else []
    return found


def _end_notes(afterword: list[Element]) -> list[Element | str]:
    boxes = (box for part in afterword for box in part.iter("div") if box.get("id") == "endnotes")
    return [bit for box in boxes for bit in _quoted(box)]


def _inspired(afterword: list[Element]) -> Iterator[RelatedWork]:
    for part in afterword:
        for entry in part.iter("dd"):
            yield _related(entry, RelationKind.INSPIRED)


class _Preface:
    """Reads the preface: one list of tags, then title, byline, summary, notes and associations."""

    def __init__(self, parts: list[Element], prose: Callable[[Iterable[Element | str]], Prose]) -> None:
        self._parts = parts
        self._prose = prose
        self._taggings: list[Tagging] = []
        self._extras: list[tuple[str, str]] = []
        self._found: dict[str, str] = {}
        self._series: tuple[SeriesPlace, ...] = ()
        self._language = ""

    def read(self) -> Manuscript:
        for label, value in self._labelled():
            self._take(label, value)
        complete = "Completed" in self._found or self._is_told_whole()
        manuscript = Manuscript(
            title=self._title(),
            chapters=(),
            taggings=tuple(sorted(self._taggings, key=lambda tagging: list(TagKind).index(tagging.kind))),
            language=self._language,
            series=self._series,
            source=source_of(self._address()),
            status=Status.COMPLETE if complete else Status.IN_PROGRESS,
            planned_chapters=_number(self._found.get("Chapters", "").partition("/")[2]),
            published=_day(self._found.get("Published", "")),
            updated=_day(self._found.get("Updated", "") or self._found.get("Completed", "")),
        )
        return self._with_words(manuscript)

    def _labelled(self) -> Iterator[tuple[str, Element]]:
        label = ""
        for part in self._parts:
            for box in part.iter("dl"):
                if "tags" not in classes_of(box):
                    continue
                for child in elements(box):
                    if child.tag == "dt":
                        label = text_of(child).rstrip(":").strip()
                    else:
                        yield label, child

    def _take(self, label: str, value: Element) -> None:
        kind = _KINDS.get(label.casefold().removesuffix("s"))
        if kind is not None:
            names = [text_of(link) for link in value.iter("a")] or [text_of(value)]
            self._taggings += [Tagging(kind=kind, name=_spelt(kind, name)) for name in names if name]
        elif label == "Language":
            self._take_language(value)
        elif label == "Series":
            self._series = tuple(_series_in(value))
        elif label == "Stats":
            self._take_stats(value)
        else:
            self._extras.append((label, text_of(value)))

    def _take_language(self, value: Element) -> None:
        name = text_of(value)
        self._language = tag_of_language(name) or plain_tag(value.get("lang") or "")
        if not self._language:
            self._extras.append(("Language", name))

    def _take_stats(self, value: Element) -> None:
        for label, text in re.findall(r"(\w[\w ]*?):\s*([^\s:]+)(?=\s|$)", text_of(value)):
            self._found[label] = text
        known = {"Published", "Updated", "Completed"}
        for label, text in self._found.items():
            if label == "Chapters":
                self._extras.append((label, text.partition("/")[0].replace(",", "")))
            elif label not in known:
                self._extras.append((label, text))

    def _is_told_whole(self) -> bool:
        told, _, planned = self._found.get("Chapters", "").partition("/")
        return bool(told) and told == planned

    def _first(self, path: str) -> Element | None:
        return next((found for part in self._parts if (found := part.find(path)) is not None), None)

    def _title(self) -> str:
        return text_of(self._first(".//h1")) or text_of(self._first(".//p[@class='message']/b"))

    def _address(self) -> str:
        message = self._first(".//p[@class='message']")
        links = [] if message is None else [link.get("href") or "" for link in message.iter("a")]
        return secure(next((link for link in links if source_of(link).key and "/works/" in link), ""))

    def _with_words(self, story: Manuscript) -> Manuscript:
        """Adds what authors wrote themselves: byline, summary, notes, associations."""
        box = self._first(".//h1/..")
        words: dict[str, Prose] = {}
        related: list[RelatedWork] = []
        gifts: list[str] = []
        creators: tuple[Credit, ...] = ()
        label = ""
        for child in elements(box) if box is not None else ():
            if "byline" in classes_of(child):
                creators = credits_in(child)
            elif child.tag == "p":
                label = text_of(child)
            elif child.tag == "blockquote":
                words[label] = self._prose(inside(child))
            elif child.tag == "ul":
                self._take_associations(child, related, gifts)
        return replace(
            story,
            credits=creators,
            summary=words.get("Summary", NO_PROSE),
            notes_before=words.get("Notes", NO_PROSE),
            related=tuple(related),
            gifts=tuple(gifts),
            extras=tuple(self._extras),
        )

    def _take_associations(self, box: Element, related: list[RelatedWork], gifts: list[str]) -> None:
        for entry in elements(box):
            text = text_of(entry)
            kind = _relation(entry, text)
            if kind is not None:
                related.append(_related(entry, kind))
            elif re.match(r"(For|Gift for|A gift for)\b", text):
                names = [text_of(link) for link in entry.iter("a")]
                gifts += names or re.split(r",\s*", re.sub(r"^.*?\b[Ff]or\s+", "", text).rstrip("."))
            else:
                self._extras.append(("Association", text))


def _relation(entry: Element, text: str) -> RelationKind | None:
    """The words are the Archive's own and stand first. Only translations of the work name a language with markup."""
    opening = text.casefold()
    if entry.find(".//span[@lang]") is not None or opening.startswith("translation into"):
        return RelationKind.TRANSLATED_AS
    if re.match(r"(a )?translation of", opening):
        return RelationKind.TRANSLATION_OF
    return RelationKind.INSPIRED_BY if opening.startswith("inspired by") else None


def _related(entry: Element, kind: RelationKind) -> RelatedWork:
    links = list(entry.iter("a"))
    authors = [text_of(link) for link in links if link.get("rel") == "author"]
    work = next((link for link in links if link.get("rel") != "author"), None)
    language = entry.find(".//span[@lang]")
    text = text_of(entry)
    plain = re.sub(r"^(Inspired by|A translation of|Translation of)\s+", "", text, flags=re.IGNORECASE)
    return RelatedWork(
        kind=kind,
        title=text_of(work) if work is not None else plain.partition(" by ")[0],
        author=", ".join(authors) or (plain.partition(" by ")[2] if work is None else ""),
        url=secure(work.get("href") or "") if work is not None else "",
        language=plain_tag(language.get("lang") or "") if language is not None else "",
    )


def _spelt(kind: TagKind, name: str) -> str:
    return warning_name(name) if kind is TagKind.WARNING else name


def _series_in(value: Element) -> Iterator[SeriesPlace]:
    """ "Part 2 of <a>, Part 1 of <a>": the number stands in the text before each link."""
    before = value.text or ""
    for link in elements(value):
        if link.tag == "a":
            number = re.search(r"(\d[\d,]*)\D*$", before)
            url = secure(link.get("href") or "")
            yield SeriesPlace(
                title=text_of(link),
                position=int(number[1].replace(",", "")) if number else 0,
                key=series_key_of(url),
                url=url,
            )
        before = link.tail or ""


def credits_in(byline: Element) -> tuple[Credit, ...]:
    """The creators in a byline: links to pseuds, plain "Anonymous", "X [archived by Y]"."""
    links: list[Element] = []
    words = byline.text or ""
    for child in byline:
        if child.tag == "a":
            words += f"\0{len(links)}\0"
            links.append(child)
        elif isinstance(child.tag, str):
            words += text_of(child)
        words += child.tail or ""
    words = re.sub(r"^\s*(Chapter\s+)?by\s+", "", words)
    return tuple(_credit(" ".join(part.split()), links) for part in words.split(",") if part.strip())


def _credit(words: str, links: list[Element]) -> Credit:
    plain = re.sub("\0(\\d+)\0", lambda match: text_of(links[int(match[1])]), words)
    match = re.fullmatch(r"(?P<name>.*?)(?:\s*\[archived by\s+(?P<archivist>.*?)\])?", plain)
    name = match["name"] if match else plain
    archivist = (match["archivist"] or "") if match else ""
    first = re.match("\0(\\d+)\0", words)
    url = secure(links[int(first[1])].get("href") or "") if first else ""
    person = person_of(url)
    return Credit(
        name=name.removesuffix(f" ({person.account})") if person.account else name,
        account="" if archivist else person.account,
        url="" if archivist else url,
        archived_by=archivist,
    )


def _number(text: str) -> int | None:
    digits = text.replace(",", "").strip()
    return int(digits) if digits.isdecimal() else None


def _day(text: str) -> datetime | None:
    try:
        return datetime.strptime(text.strip(), "%Y-%m-%d").replace(tzinfo=UTC)
    except ValueError:
        return None
