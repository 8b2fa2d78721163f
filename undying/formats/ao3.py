"""Downloads of the Archive of Our Own (and archives that run its software): the HTML page, and the EPUB made from it.

Layout as of otwarchive's `app/views/downloads`: `#preface` with a list of tags, `#chapters`, `#afterword`. The EPUB is
the same page after calibre: cut into files, classes renamed, comments gone, ids kept. Ids and the place of an element
decide what it is; words never do where an author's text could hold the same words.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from undying.formats import Remark, Story, Unreadable
from undying.formats.ao3_preface import Preface, credits_in, related_in
from undying.formats.download_markup import (
    NO_LOOKS,
    classes_of,
    elements,
    inside,
    prose_of,
    shows_something,
    text_of,
)
from undying.formats.onefile import file_bytes, file_fate
from undying.formats.safety import MAX_MARKUP, decode, parse_html
from undying.manuscript import (
    Chapter,
    Manuscript,
    RelatedWork,
    RelationKind,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from undying.formats import Event, Request
    from undying.formats.download_markup import Looks
    from undying.formats.epub_book import Book
    from undying.formats.safety import Element
    from undying.manuscript import Prose

_SUFFIXES = {".html", ".htm", ".xhtml"}


class HtmlReader:
    """Reads the HTML download."""

    name = "AO3 download (HTML)"

    def claims(self, path: Path, head: bytes) -> bool:
        """Whether it is such a page: by what is in it."""
        return path.suffix.lower() in _SUFFIXES and b'id="preface"' in head and b'class="tags"' in head

    def read(self, path: Path, request: Request) -> Iterator[Event]:
        """One story. Raises Unreadable."""
        text, wrong = decode(file_bytes(path, largest=MAX_MARKUP))
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
        yield Story(manuscript=manuscript, fates=(file_fate(path, request),))


READER = HtmlReader()


def is_download(book: Book) -> bool:
    """Whether an EPUB is one of the Archive's: its first pages hold the preface with the list of tags."""
    for item in book.spine[:3]:
        for preface in book.page(item).iter("div"):
            if preface.get("id") == "preface" and any("tags" in classes_of(box) for box in preface.iter("dl")):
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
        story = Preface(self.preface, self._prose).read()
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
            yield related_in(entry, RelationKind.INSPIRED)
