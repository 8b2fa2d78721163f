"""EPUBs of FicHub (fichub.net): an introduction page with what it knows, then one page per chapter.

The package says little, and always `en`: the introduction is what counts. Its facts are paragraphs at its end; before
them stands the author's summary, which may look just like them.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from undying.formats.addresses import person_of, source_of
from undying.formats.download_markup import elements, inside, prose_of, text_of, unwrapped
from undying.formats.epub_book import take_title
from undying.formats.fanfiction_net import day, facts_in
from undying.manuscript import Chapter, Credit, Manuscript, Status

if TYPE_CHECKING:
    from undying.formats.epub_book import Book, Item
    from undying.formats.safety import Element
    from undying.manuscript import Prose

_STATUS = {
    "complete": Status.COMPLETE,
    "completed": Status.COMPLETE,
    "hiatus": Status.HIATUS,
    "abandoned": Status.ABANDONED,
}


def is_fichub(book: Book) -> bool:
    """Whether its first page is FicHub's introduction."""
    return any("fichub.net" in (link.get("href") or "") for link in book.page(book.spine[0]).iter("a"))


def read_book(book: Book) -> Manuscript:
    """The story in an EPUB of FicHub. Raises Unreadable."""
    intro = book.page(book.spine[0])
    facts, link = _facts(intro)
    story = Manuscript(
        title=text_of(intro.find("h1")) or book.first("title"),
        chapters=tuple(_chapter(book, item) for item in book.spine[1:] if "nav" not in item.properties.split()),
        credits=_credits(intro),
        summary=_summary(intro, facts),
        source=source_of(link),
        status=_STATUS.get(facts.get("Status", "").casefold(), Status.IN_PROGRESS),
        published=day(facts.get("Published", "")),
        updated=day(facts.get("Updated", "")),
        extras=(("Words", facts["Words"]),) if "Words" in facts else (),
    )
    _check_number(book, story, facts.get("Chapters", ""))
    if story.status is Status.COMPLETE:
        story = replace(story, planned_chapters=len(story.chapters))
    return facts_in(facts["line"]).enrich(story) if "line" in facts else story


def _check_number(book: Book, story: Manuscript, told: str) -> None:
    if told and told != str(len(story.chapters)):
        book.remark(f"says that it has {told} chapters but holds {len(story.chapters)}.", grave=True)


def _paragraphs(intro: Element) -> list[Element]:
    return [child for child in elements(intro) if child.tag == "p"]


def _facts(intro: Element) -> tuple[dict[str, str], str]:
    """The labelled paragraphs after the last "Status:", and the address of the original."""
    facts: dict[str, str] = {}
    link = ""
    for paragraph in _paragraphs(intro):
        text = text_of(paragraph)
        label, _, value = text.partition(": ")
        if label == "Status":
            facts = {"Status": value}
        elif label in {"Published", "Updated", "Words", "Chapters"} and "Status" in facts:
            facts[label] = value
        elif label == "Rated" and "Status" in facts:
            facts["line"] = text
        elif label == "Original source" or text.startswith("Original source"):
            link = next((each.get("href") or "" for each in paragraph.iter("a")), value)
    return facts, link


def _credits(intro: Element) -> tuple[Credit, ...]:
    for paragraph in _paragraphs(intro)[:1]:
        url = next((link.get("href") or "" for link in paragraph.iter("a")), "")
        person = person_of(url)
        name = re.sub(r"^By:\s*", "", text_of(paragraph))
        return (Credit(name=name, account=person.account, key=person.key, url=url),) if name else ()
    return ()


def _summary(intro: Element, facts: dict[str, str]) -> Prose:
    """What stands between the byline and the last "Status:"."""
    kept: list[Element | str] = []
    end = 0
    for child in elements(intro):
        if text_of(child) == f"Status: {facts.get('Status', '')}" and "Status" in facts:
            end = len(kept)
        kept.append(child)
    opening = sum(1 for part in kept[:2] if not isinstance(part, str) and _opens(part))
    return prose_of(kept[opening:end])


def _opens(part: Element) -> bool:
    return part.tag == "h1" or text_of(part).startswith("By:")


def _chapter(book: Book, item: Item) -> Chapter:
    body = book.page(item)
    return Chapter(
        title=take_title(book, item, body),
        body=prose_of(inside(unwrapped(body)), book.looks, lambda element: book.settle_links(item.name, element)),
    )
