"""What FanFicFare writes: EPUB, HTML and plain text. The three carry the same story, each with less markup.

The title page is read by `fanficfare_labels`. A chapter of the EPUB names its address in a `<meta name="chapterurl">`;
notes stand in boxes of class `fff_head_notes` and `fff_foot_notes`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from markdown_it import MarkdownIt

from undying.formats import Remark, Story, Unreadable
from undying.formats.addresses import chapter_key_of, source_of
from undying.formats.download_markup import (
    NO_LOOKS,
    classes_of,
    drop,
    inner_prose,
    inside,
    prose_of,
    prose_of_unknown,
    text_of,
    unwrapped,
)
from undying.formats.epub_book import take_heading
from undying.formats.fanficfare_labels import Line, Sheet, credit, lines_in, meaning_of, title_in
from undying.formats.language_names import plain_tag
from undying.formats.onefile import file_bytes, file_fate
from undying.formats.safety import MAX_MARKUP, decode, parse_html
from undying.manuscript import NO_PROSE, Chapter, Credit, Manuscript, RawHtml, Source, Status, Tagging, TagKind
from undying.manuscript.clean import clean

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from undying.formats import Event, Request
    from undying.formats.download_markup import Looks
    from undying.formats.epub_book import Book, Item
    from undying.formats.safety import Element
    from undying.manuscript import Prose

_WEB = {".html", ".htm", ".xhtml"}
_NO_TAG = re.compile(r"^(FanFiction|Completed|Complete|In-Progress|.*: \d{4}/\d{2}(/\d{2})?)$")
"""Subjects that say nothing about the story: the tool's own, and those that date its last update."""


def is_fanficfare(book: Book) -> bool:
    """Whether the package names FanFicFare (or FanFictionDownLoader, as it was called) as its maker."""
    makers = book.texts("contributor") + book.texts("identifier")
    return any(re.match(r"fanficfare|fanfictiondownloader|fanfictiondownload", text.casefold()) for text in makers)


def read_book(book: Book) -> Manuscript:
    """The story in an EPUB of FanFicFare. Raises Unreadable."""
    sheet = Sheet(subjects=frozenset(book.texts("subject")))
    heading: tuple[str, str, tuple[Credit, ...]] = ("", "", ())
    chapters: list[_Chapter] = []
    for item in book.spine:
        root = book.whole_page(item)
        body = book.body_of(root)
        match _role(item, body):
            case "title":
                heading = title_in(body)
                for line in lines_in(body):
                    sheet.take(line)
            case "log":
                sheet.extras.append(("Update Log", text_of(body)))
            case "chapter":
                chapters.append(_chapter(book, item, root))
    story = _with_package(book, sheet.story(heading[0], heading[1], heading[2]))
    return _finished(story, chapters, sheet.chapters, lambda text: book.remark(text, grave=True))


def _role(item: Item, body: Element) -> str:
    """What a page is. Users may rewrite every template, so names of files count, too."""
    marks = " ".join([*classes_of(body), item.name.rpartition("/")[2]])
    for role, sign in (("title", r"titlepage|title_page"), ("contents", r"toc_?page"), ("log", r"log_?page")):
        if re.search(sign, marks):
            return role
    if "nav" in item.properties.split() or re.search(r"(^|/)(nav|cover)\.x?html$", item.name):
        return "contents"
    return "chapter"


def _with_package(book: Book, story: Manuscript) -> Manuscript:
    """Fills what a shortened title page left out with what the package says."""
    url = book.first("source")
    names = [name for name in book.texts("subject") if not _NO_TAG.match(name)]
    loose = tuple(Tagging(kind=TagKind.ADDITIONAL, name=name) for name in names)
    return replace(
        story,
        title=story.title or book.first("title"),
        credits=story.credits or tuple(Credit(name=name) for name in book.texts("creator")),
        language=story.language or plain_tag(book.first("language")),
        summary=story.summary if story.summary.has_words() else prose_of_unknown(book.first("description")),
        taggings=story.taggings or loose,
        source=story.source if story.source.key else _source(book, url),
    )


def _source(book: Book, url: str) -> Source:
    """By the address; else by the tool's own id, `fanficfare-uid:SITE-uAUTHOR-sSTORY`."""
    if source_of(url).key:
        return source_of(url)
    for text in book.texts("identifier"):
        match = re.fullmatch(r"fan\w+-uid:(?P<site>.+?)-u.*-s(?P<story>[^-]+)", text)
        if match:
            return Source(site=match["site"], key=match["story"])
    return Source()


@dataclass(slots=True)
class _Chapter:
    """A chapter, and what its boxes of notes say about the whole story."""

    chapter: Chapter
    story_before: Prose = NO_PROSE
    story_after: Prose = NO_PROSE


def _finished(story: Manuscript, found: list[_Chapter], told: int, remark: Callable[[str], None]) -> Manuscript:
    """Puts the chapters in. The notes of the whole story stand on its first and last one."""
    if not found:
        raise Unreadable("The download of FanFicFare holds no chapter; download the story again.")
    if told and told != len(found):
        remark(f"says that it has {told} chapters but holds {len(found)}; update it with FanFicFare to have them all.")
    chapters = tuple(each.chapter for each in found)
    if len(chapters) == 1 and chapters[0].title == story.title:
        chapters = (replace(chapters[0], title=""),)
    return replace(
        story,
        chapters=chapters,
        notes_before=found[0].story_before,
        notes_after=found[-1].story_after,
        planned_chapters=len(chapters) if story.status is Status.COMPLETE else None,
    )


def _chapter(book: Book, item: Item, root: Element) -> _Chapter:
    body = book.body_of(root)
    metas = {meta.get("name") or "": meta.get("content") or "" for meta in root.iter("meta")}
    heading = next((each for each in body.iter() if "fff_chapter_title" in classes_of(each)), None)
    if heading is not None:
        title = _unnumbered(text_of(heading), metas.get("chapterorigtitle", ""))
        drop(heading)
    else:
        known = {entry.title for entry in book.contents if entry.name == item.name}
        title = take_heading(body, known | {metas.get("chaptertitle", "")}) or metas.get("chaptertitle", "")
    found = _taken_apart(body, title, book.looks, lambda element: book.settle_links(item.name, element))
    found.chapter = replace(found.chapter, key=chapter_key_of(metas.get("chapterurl", "")))
    return found


def _unnumbered(shown: str, original: str) -> str:
    """ "3. Rain" is "Rain" if the tool was told to number the chapters."""
    return original if original and shown.endswith(original) else shown


def _taken_apart(
    body: Element, title: str, looks: Looks = NO_LOOKS, visit: Callable[[Element], None] | None = None
) -> _Chapter:
    prose: dict[str, Prose] = {}
    for box in [box for box in body.iter("div") if "fff_chapter_notes" in classes_of(box)]:
        place = "after" if "fff_foot_notes" in classes_of(box) else "before"
        for label, parts in _groups(box):
            about = _about(label, place)
            prose[about] = _joined(prose.get(about), prose_of(parts, looks, visit))
        drop(box)
    return _Chapter(
        chapter=Chapter(
            title=title,
            body=prose_of(inside(unwrapped(body)), looks, visit),
            summary=prose.get("summary", NO_PROSE),
            notes_before=prose.get("before", NO_PROSE),
            notes_after=prose.get("after", NO_PROSE),
        ),
        story_before=prose.get("story before", NO_PROSE),
        story_after=prose.get("story after", NO_PROSE),
    )


def _joined(first: Prose | None, second: Prose) -> Prose:
    return second if first is None else clean(RawHtml(first + second))


def _about(label: str, place: str) -> str:
    """ "Author's Note" is the whole story's; "… for the Chapter" is the chapter's."""
    if "summary" in label:
        return "summary"
    return f"story {place}" if "author" in label else place


def _groups(box: Element) -> Iterator[tuple[str, list[Element | str]]]:
    """What a box of notes holds, parted at its bold labels; quotations are opened."""
    label = ""
    parts: list[Element | str] = []
    for child in inside(box):
        if not isinstance(child, str) and child.tag == "b" and text_of(child).endswith(":"):
            if parts:
                yield label, parts
            label, parts = text_of(child).casefold(), []
        elif not isinstance(child, str) and child.tag == "blockquote":
            parts += inside(child)
        elif not isinstance(child, str) or child.strip():
            parts.append(child)
    if parts:
        yield label, parts


class HtmlReader:
    """Reads the single HTML page."""

    name = "FanFicFare (HTML)"

    def claims(self, path: Path, head: bytes) -> bool:
        """Whether it is such a page: by the classes that the tool writes."""
        marks = b"authorlink" in head and (b'class="full"' in head or b'name="section0001"' in head)
        return path.suffix.lower() in _WEB and marks

    def read(self, path: Path, request: Request) -> Iterator[Event]:
        """One story. Raises Unreadable."""
        text, remarks = _text_of_file(path)
        page = parse_html(text, path.name)
        sheet = Sheet()
        for line in lines_in(page):
            sheet.take(line)
        title, url, creators = title_in(page)
        found = [_taken_apart(section, heading) for heading, section in _sections(page)]
        story = _finished(sheet.story(title, url, creators), found, sheet.chapters, remarks.append)
        yield from (Remark(text=f"{path.name}: {remark}", grave=True) for remark in remarks)
        yield Story(manuscript=story, fates=(file_fate(path, request),))


def _text_of_file(path: Path) -> tuple[str, list[str]]:
    text, wrong = decode(file_bytes(path, largest=MAX_MARKUP))
    return text, [f"the file {wrong}."] if wrong else []


def _sections(page: Element) -> Iterator[tuple[str, Element]]:
    """The chapters: what follows each `<a name="section0001"><h2>` up to the next one, in a box of its own."""
    anchors = [link for link in page.iter("a") if re.fullmatch(r"section\d+", link.get("name") or "")]
    for anchor in anchors:
        box = anchor.makeelement("div")
        title = text_of(anchor)
        following = anchor.getnext()
        box.text, anchor.tail = anchor.tail, None
        while following is not None and following not in anchors:
            after = following.getnext()
            box.append(following)
            following = after
        yield title, box


_CHAPTER = re.compile(r"\n\n\n+(?:\t| {4,})[ \t]*(?P<title>\S[^\n]*)\n\n\n")
_LABEL = re.compile(r"^(?P<label>[^\W\d_][\w '/()&-]{0,40}):(?:\s+(?P<value>.*))?$")
_END = re.compile(r"\n\s*End file\.\s*$")


class TextReader:
    """Reads the plain text file. Its markup is Markdown, as the tool makes it."""

    name = "FanFicFare (text)"

    def claims(self, path: Path, head: bytes) -> bool:
        """Whether the file opens with a title, "by", and the tool's lines."""
        if path.suffix.lower() != ".txt":
            return False
        text = _unix(decode(head)[0])
        return bool(re.match(r"\s*\S[^\n]*\n\s*by \S[^\n]*\n", text)) and bool(
            re.search(r"\n(Packaged: \d|Story URL: http)", text)
        )

    def read(self, path: Path, request: Request) -> Iterator[Event]:
        """One story. Raises Unreadable."""
        text, remarks = _text_of_file(path)
        text = _unix(text)
        ending = _END.search(text)
        if ending is None:
            remarks.append("its last line (“End file.”) is missing, so it was cut off; download the story again.")
        head, chapters = _split_text(text[: ending.start()] if ending else text)
        title, names, sheet = _text_head(head)
        creators = _text_credits(names, sheet)
        story = _finished(sheet.story(title, "", creators), chapters, sheet.chapters, remarks.append)
        yield from (Remark(text=f"{path.name}: {remark}", grave=True) for remark in remarks)
        yield Story(manuscript=story, fates=(file_fate(path, request),))


def _unix(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _split_text(text: str) -> tuple[str, list[_Chapter]]:
    """The head, and the chapters. A table of contents, where there is one, says which indented lines are titles."""
    head, _, contents = text.partition("\nTABLE OF CONTENTS\n")
    listed = {line.strip() for line in contents.strip("\n").split("\n\n\n")[0].splitlines() if line.strip()}
    marks = [match for match in _CHAPTER.finditer(text) if not listed or match["title"].strip() in listed]
    ends = [*(match.start() for match in marks[1:]), len(text)][: len(marks)]
    chapters = [
        _Chapter(Chapter(title=mark["title"].strip(), body=_prose_of_markdown(text[mark.end() : end])))
        for mark, end in zip(marks, ends, strict=True)
    ]
    return (head if contents else text[: marks[0].start()] if marks else text), chapters


def _prose_of_markdown(text: str) -> Prose:
    """The tool's Markdown as prose. Its lines are cut at 78 letters, which means nothing."""
    markup = MarkdownIt("commonmark", {"html": False}).render(text.strip("\n"))
    return inner_prose(parse_html(f"<div>{markup}</div>").find(".//div"))


def _text_head(head: str) -> tuple[str, str, Sheet]:
    """Title, names of creators and labelled lines. A line without a label goes on with the value before it."""
    lines = head.strip().splitlines()
    title = lines[0].strip() if lines else ""
    byline = next((line for line in lines[1:] if line.startswith("by ")), "")
    sheet = Sheet()
    label, value = "", list[str]()
    for line in lines[lines.index(byline) + 1 if byline else 1 :]:
        match = _LABEL.match(line)
        if match and (meaning_of(match["label"]) or meaning_of(label) != "summary"):
            _take_text(sheet, label, value)
            label, value = match["label"], [match["value"] or ""]
        else:
            value.append(line)
    _take_text(sheet, label, value)
    return title, byline.removeprefix("by ").strip(), sheet


def _take_text(sheet: Sheet, label: str, value: list[str]) -> None:
    if not label:
        return
    text = "\n".join(value).strip()
    is_summary = meaning_of(label) == "summary"
    sheet.take(Line(label, re.sub(r"(?<!\n)\n(?!\n)", " ", text) if is_summary else " ".join(text.split())))


def _text_credits(names: str, sheet: Sheet) -> tuple[Credit, ...]:
    """The text names several creators with commas and their addresses likewise."""
    urls = [url.strip() for url in sheet.say("author").split(",")]
    people = [name.strip() for name in names.split(",")] if len(urls) > 1 else [names]
    return tuple(credit(name, url) for name, url in zip(people, urls, strict=False) if name)


READER_HTML = HtmlReader()
READER_TXT = TextReader()
