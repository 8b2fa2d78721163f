"""EPUBs of the browser extension WebToEpub: one page per page of a site, each with its address in `dc:source`.

Of most sites it brings no more than that. From FanFiction.Net it brings the head of the story page as an "Information"
page, and with it everything that the site says about a story.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from undying.formats.addresses import FANFICTION, chapter_key_of, person_of, source_of
from undying.formats.download_markup import (
    elements,
    inner_prose,
    inside,
    prose_of,
    prose_of_unknown,
    text_of,
    unwrapped,
)
from undying.formats.epub_book import take_title
from undying.formats.fanfiction_net import facts_in, fandoms_in
from undying.formats.language_names import plain_tag
from undying.manuscript import Chapter, Credit, Manuscript, Source, Tagging, TagKind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from undying.formats.epub_book import Book, Item
    from undying.formats.safety import Element


def is_webtoepub(book: Book) -> bool:
    """Whether the package names the extension as its maker."""
    return any("webtoepub" in text.casefold() for text in book.texts("contributor"))


def read_book(book: Book) -> Manuscript:
    """The story in an EPUB of WebToEpub. Raises Unreadable."""
    source = source_of(_address(book))
    information = next((page for item in book.spine[:3] if (page := _information(book, item)) is not None), None)
    story = Manuscript(
        title=book.first("title"),
        chapters=tuple(_chapters(book, source)),
        credits=tuple(Credit(name=name) for name in book.texts("creator")),
        summary=prose_of_unknown(book.first("description")),
        language=plain_tag(book.first("language")),
        source=source,
        taggings=tuple(Tagging(kind=TagKind.ADDITIONAL, name=name) for name in book.texts("subject")),
    )
    return story if information is None else _from_site(book, story, information)


def _address(book: Book) -> str:
    """The address of the story's first page: the package's identifier, unless that is no address."""
    found = [*book.texts("identifier"), *(address for key, address in _sources(book).items() if key != "cover-image")]
    return next((address for address in found if source_of(address).key), "")


def _sources(book: Book) -> dict[str, str]:
    """The address of each item of the manifest."""
    data = (datum for datum in book.metadata if datum.name == "source")
    return {datum.attributes.get("id", "").removeprefix("id."): datum.text for datum in data}


def _information(book: Book, item: Item) -> Element | None:
    page = book.page(item)
    return page if _is_information(page) else None


def _is_information(page: Element) -> bool:
    return page.find(".//*[@id='profile_top']") is not None or text_of(page.find(".//p/b")).startswith(
        "Table of Contents URL"
    )


def _chapters(book: Book, source: Source) -> Iterator[Chapter]:
    addresses = {book.items[key].name: url for key, url in _sources(book).items() if key in book.items}
    number = 0
    for item in book.spine:
        page = book.page(item)
        if _is_information(page) or _is_cover(book, item, page):
            continue
        number += 1
        yield _chapter(book, item, page, addresses.get(item.name, ""), number if source.site == FANFICTION else 0)


def _is_cover(book: Book, item: Item, page: Element) -> bool:
    return book.guide.get(item.name) == "cover" or (not text_of(page) and item.name.lower().endswith("cover.xhtml"))


def _chapter(book: Book, item: Item, page: Element, address: str, number: int) -> Chapter:
    title = take_title(book, item, page)
    if number:  # the site numbers the titles in its list of chapters
        title = re.sub(rf"^{number}\.\s+", "", title)
    return Chapter(
        title="" if number and title == f"Chapter {number}" else title,
        body=prose_of(inside(unwrapped(page)), book.looks, lambda element: book.settle_links(item.name, element)),
        key=chapter_key_of(address),
    )


def _from_site(book: Book, story: Manuscript, page: Element) -> Manuscript:
    """Adds what the head of FanFiction.Net's page says."""
    top = page.find(".//*[@id='profile_top']")
    if top is None:
        return story
    line = next((part for part in top.iter("span") if text_of(part).startswith("Rated:")), None)
    facts = facts_in(text_of(line), _times(line)) if line is not None else facts_in("")
    if facts.chapters and facts.chapters != len(story.chapters):
        told, held = facts.chapters, len(story.chapters)
        book.remark(f"says that the story has {told} chapters but holds {held}; fetch the rest.", grave=True)
    summary = next((part for part in elements(top) if part.tag == "div" and text_of(part)), None)
    fandoms, extras = _shelf(page)
    return facts.enrich(
        replace(
            story,
            credits=_credits(top) or story.credits,
            summary=inner_prose(summary) if summary is not None else story.summary,
            taggings=fandoms + story.taggings,
            extras=story.extras + extras,
        )
    )


def _times(line: Element) -> dict[str, datetime]:
    """The moments behind "Updated" and "Published", which the page gives in seconds."""
    found: dict[str, datetime] = {}
    before = ""
    for part in line.iter():
        seconds = part.get("data-xutime") or ""
        if seconds.isdecimal():
            label = re.search(r"(\w+):\s*$", before)
            found[label[1] if label else ""] = datetime.fromtimestamp(int(seconds), tz=UTC)
        before = part.tail or ""
    return found


def _credits(top: Element) -> tuple[Credit, ...]:
    links = [link for link in top.iter("a") if person_of(link.get("href") or "").key and text_of(link)]
    return tuple(
        Credit(name=text_of(link), key=person_of(link.get("href") or "").key, url=link.get("href") or "")
        for link in links[:1]
    )


def _shelf(page: Element) -> tuple[tuple[Tagging, ...], tuple[tuple[str, str], ...]]:
    """ "Books > Dracula": the shelf and the fandom; of a crossover only the fandoms."""
    links = [text_of(link) for box in page.iter() if box.get("id") == "pre_story_links" for link in box.iter("a")]
    names = [name for name in links if name]
    if not names:
        return (), ()
    fandoms = tuple(Tagging(kind=TagKind.FANDOM, name=name) for name in fandoms_in(names[-1]))
    return fandoms, tuple(("Category", name) for name in names[:-1])
