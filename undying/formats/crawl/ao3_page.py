"""A page of the Archive of Our Own as visitors saw it (and of archives that run its software).

Ids and classes decide what an element is; words only where the Archive itself writes them outside authors' texts.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from undying.formats.addresses import person_of, series_key_of
from undying.formats.ao3_preface import credits_in, related_in, warning_name
from undying.formats.crawl.days import Days
from undying.formats.crawl.page import has_class
from undying.formats.crawl.views import Kind
from undying.formats.download_markup import classes_of, elements, inside, prose_of, text_of
from undying.formats.language_names import plain_tag, tag_of_language
from undying.manuscript import (
    NO_PROSE,
    Credit,
    RelatedWork,
    RelationKind,
    Review,
    SeriesPlace,
    Tagging,
    TagKind,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from undying.formats.crawl.page import Page
    from undying.formats.safety import Element
    from undying.manuscript import Prose

_KINDS = {
    "rating": TagKind.RATING,
    "warning": TagKind.WARNING,
    "category": TagKind.CATEGORY,
    "fandom": TagKind.FANDOM,
    "relationship": TagKind.RELATIONSHIP,
    "character": TagKind.CHARACTER,
    "freeform": TagKind.ADDITIONAL,
}
_FIGURES = {"words": "Words", "comments": "Comments", "kudos": "Kudos", "bookmarks": "Bookmarks", "hits": "Hits"}
_MONTH = {name: number for number, name in enumerate(
    ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"), start=1)}  # fmt: skip


@dataclass(slots=True)
class Section:
    """One chapter as a page shows it. `number` is its place in the whole work, `key` its id."""

    number: int
    key: str = ""
    title: str = ""
    body: Prose = NO_PROSE
    summary: Prose = NO_PROSE
    notes: Prose = NO_PROSE
    endnotes: Prose = NO_PROSE
    credits: tuple[Credit, ...] = ()


@dataclass(slots=True)
class WorkPage:
    """What one page tells of a work. `order` are the ids of all its chapters, where the page lists them."""

    title: str = ""
    credits: tuple[Credit, ...] = ()
    taggings: tuple[Tagging, ...] = ()
    language: str = ""
    series: tuple[SeriesPlace, ...] = ()
    related: tuple[RelatedWork, ...] = ()
    gifts: tuple[str, ...] = ()
    summary: Prose = NO_PROSE
    notes: Prose = NO_PROSE
    endnotes: Prose = NO_PROSE
    published: datetime | None = None
    updated: datetime | None = None
    posted: int = 0
    planned: int | None = None
    is_complete: bool = False
    extras: list[tuple[str, str]] = field(default_factory=list)
    order: list[str] = field(default_factory=list)
    sections: list[Section] = field(default_factory=list)
    is_gated: bool = False
    is_locked: bool = False


def work_on(page: Page) -> WorkPage:
    """Everything on a page of a work."""
    work = WorkPage()
    skin = page.first("//*[@id='workskin']")
    meta = page.first(f"//dl[{has_class('work')} and {has_class('meta')}]")
    work.is_gated = skin is None and page.first("//a[contains(@href, 'view_adult=true')]") is not None
    if meta is not None:
        _take_meta(meta, work)
    work.order = _order(page)
    if skin is not None:
        work.is_locked = page.first("//*[@id='workskin']//h2//img[@alt='(Restricted)']") is not None
        _take_preface(page, skin, work)
        work.sections = _sections(page, skin, work)
    return work


def _take_meta(meta: Element, work: WorkPage) -> None:
    taggings: list[Tagging] = []
    for value in meta.iter("dd"):
        names = classes_of(value)
        kind = next((_KINDS[name] for name in names if name in _KINDS), None)
        if kind is not None and "tags" in names:
            for link in value.iter("a"):
                name = text_of(link)
                taggings.append(Tagging(kind=kind, name=warning_name(name) if kind is TagKind.WARNING else name))
        elif "language" in names:
            work.language = tag_of_language(text_of(value)) or plain_tag(value.get("lang") or "")
        elif "series" in names:
            work.series = tuple(_places(value))
        elif "collections" in names:
            work.extras.append(("Collections", text_of(value)))
        else:
            _take_figure(value, names, work)
    work.taggings = tuple(dict.fromkeys(taggings))


def _take_figure(value: Element, names: list[str], work: WorkPage) -> None:
    text = text_of(value)
    if "published" in names:
        work.published = _day(text)
    elif "status" in names:
        work.updated = _day(text)
        label = value.getprevious()
        work.is_complete = label is not None and text_of(label).startswith("Completed")
    elif "chapters" in names:
        told, _, planned = text.replace(",", "").partition("/")
        work.posted = int(told) if told.strip().isdecimal() else 0
        work.planned = int(planned) if planned.strip().isdecimal() else None
        work.is_complete = work.is_complete or (bool(work.posted) and work.posted == work.planned)
    else:
        work.extras += [(label, text) for name, label in _FIGURES.items() if name in names and text]


def _day(text: str) -> datetime | None:
    return Days().moment(text)


def _places(value: Element) -> Iterator[SeriesPlace]:
    for place in value.iter("span"):
        if "position" in classes_of(place) and (link := place.find(".//a")) is not None:
            number = re.search(r"(\d[\d,]*)", text_of(place))
            url = link.get("href") or ""
            yield SeriesPlace(
                title=text_of(link),
                position=int(number[1].replace(",", "")) if number else 0,
                key=series_key_of(url),
                url=url,
            )


def _order(page: Page) -> list[str]:
    options = page.all("//select[@id='selected_id']/option")
    found = [option.get("value") or "" for option in options]
    links = page.all(f"//ol[{has_class('chapter')} and {has_class('index')}]//a")
    for link in links:
        view = page.view(link.get("href"))
        if view is not None and view.kind is Kind.AO3_WORK and view.part.isdecimal():
            found.append(view.part)
    return list(dict.fromkeys(key for key in found if key.isdecimal()))


def _take_preface(page: Page, skin: Element, work: WorkPage) -> None:
    boxes = [box for box in elements(skin) if "preface" in classes_of(box) and "chapter" not in classes_of(box)]
    for box in boxes:
        if "afterword" in classes_of(box):
            work.endnotes = _quoted(page.all(".//*[@id='work_endnotes']", box))
            continue
        work.title = work.title or text_of(next(iter(page.all(f".//h2[{has_class('title')}]", box)), None))
        byline = next(iter(page.all(f".//*[{has_class('byline')}]", box)), None)
        work.credits = work.credits or (credits_in(byline) if byline is not None else ())
        work.summary = _quoted(page.all(f".//div[{has_class('summary')}]", box))
        work.notes = _quoted(page.all(f".//div[{has_class('notes')}]", box))
        for entry in page.all(f".//ul[{has_class('associations')}]/li", box):
            _take_association(entry, work)


def _take_association(entry: Element, work: WorkPage) -> None:
    text = text_of(entry)
    if re.match(r"For\b", text):
        work.gifts += tuple(text_of(link) for link in entry.iter("a"))
    elif re.match(r"(A )?[Tt]ranslation of\b", text):
        work.related += (related_in(entry, RelationKind.TRANSLATION_OF),)
    elif text.startswith("Translation into"):
        work.related += (related_in(entry, RelationKind.TRANSLATED_AS),)
    elif text.startswith("Inspired by"):
        work.related += (related_in(entry, RelationKind.INSPIRED_BY),)


def _quoted(boxes: list[Element]) -> Prose:
    """What stands in the quotations of boxes of notes."""
    parts: list[Element | str] = []
    for box in boxes:
        for quote in box.iter("blockquote"):
            if "userstuff" in classes_of(quote):
                parts += inside(quote)
    return prose_of(parts) if parts else NO_PROSE


def _sections(page: Page, skin: Element, work: WorkPage) -> list[Section]:
    boxes = [box for box in page.all(".//div[starts-with(@id, 'chapter-')]", skin) if "chapter" in classes_of(box)]
    if boxes:
        return [section for box in boxes if (section := _section(page, box, work)) is not None]
    body = next(iter(page.all(f".//*[@id='chapters']/div[{has_class('userstuff')}]", skin)), None)
    return [Section(1, body=_text(body))] if body is not None else []


def _section(page: Page, box: Element, work: WorkPage) -> Section | None:
    number = re.fullmatch(r"chapter-(\d{1,6})", box.get("id") or "")
    body = next(
        (child for child in box.iter("div") if "userstuff" in classes_of(child) and child.get("role") == "article"),
        None,
    )
    if number is None or body is None:
        return None
    heading = next(iter(page.all(f".//h3[{has_class('title')}]", box)), None)
    link = heading.find(".//a") if heading is not None else None
    view = page.view(link.get("href")) if link is not None else None
    text = text_of(heading)
    title = re.sub(rf"^{re.escape(text_of(link))}\s*:?\s*", "", text) if link is not None else text
    byline = next((each for each in box.iter("h3") if "byline" in classes_of(each)), None)
    return Section(
        int(number[1]),
        key=view.part if view is not None and view.part.isdecimal() else "",
        title="" if title == work.title and work.posted <= 1 else title,
        body=_text(body),
        summary=_quoted(page.all(f".//div[{has_class('summary')}]", box)),
        notes=_quoted(page.all(f".//div[{has_class('notes')} and not({has_class('end')})]", box)),
        endnotes=_quoted(page.all(f".//div[{has_class('notes')} and {has_class('end')}]", box)),
        credits=credits_in(byline) if byline is not None else (),
    )


def _text(body: Element) -> Prose:
    """The text without the heading for screen readers."""
    for heading in [each for each in body.iter("h3") if "landmark" in classes_of(each)]:
        heading.text, heading.tag = None, "span"
    return prose_of(inside(body), visit=_forget_classes)


def _forget_classes(element: Element) -> None:
    """Authors' classes belong to a work skin, which was not captured with the page."""
    element.attrib.pop("class", None)


def comments_on(page: Page) -> Iterator[tuple[Review, str]]:
    """Each comment with the id of the chapter that it stands under ("" for the page's own)."""
    for entry in page.all(f"//li[{has_class('comment')} and starts-with(@id, 'comment_')]"):
        key = (entry.get("id") or "").removeprefix("comment_")
        byline = next(iter(page.all(f".//*[{has_class('byline')}]", entry)), None)
        body = next((quote for quote in entry.iter("blockquote") if "userstuff" in classes_of(quote)), None)
        if byline is None or body is None or not key.isdecimal():
            continue
        person = next((link for link in byline.iter("a") if "/users/" in (link.get("href") or "")), None)
        name = text_of(person) if person is not None else text_of(next(iter(elements(byline)), None))
        under = next((view.part for link, view in page.links(byline) if view.kind is Kind.AO3_WORK), "")
        review = Review(
            name=re.sub(r"\s*\(Guest\)$", "", name) or "Anonymous",
            body=prose_of(inside(body)),
            posted=_moment(byline),
            key=key,
            reviewer_key=person_of(person.get("href") or "").account if person is not None else "",
            answers=_answered(entry),
        )
        yield review, under


def _answered(entry: Element) -> str:
    """The comment above: a thread stands in an item of its own behind the comment that it answers."""
    thread = entry.getparent()
    holder = thread.getparent() if thread is not None else None
    while holder is not None and holder.tag == "li":
        before = holder.getprevious()
        while before is not None and not (before.get("id") or "").startswith("comment_"):
            before = before.getprevious()
        if before is not None:
            return (before.get("id") or "").removeprefix("comment_")
        if (holder.get("id") or "").startswith("comment_"):
            return (holder.get("id") or "").removeprefix("comment_")
        thread = holder.getparent()
        holder = thread.getparent() if thread is not None else None
    return ""


def _moment(byline: Element) -> datetime | None:
    told = {name: text_of(part) for part in byline.iter() if isinstance(part.tag, str) for name in classes_of(part)}
    time = re.match(r"(\d{1,2}):(\d\d)\s*([AP])M", told.get("time", ""), re.IGNORECASE)
    try:
        hour = int(time[1]) % 12 + (12 if time[3].upper() == "P" else 0) if time else 0
        month = _MONTH[told["month"][:3].lower()]
        return datetime(int(told["year"]), month, int(told["date"]), hour, int(time[2]) if time else 0, tzinfo=UTC)
    except (KeyError, ValueError):
        return None


@dataclass(frozen=True, slots=True)
class SeriesPage:
    """What a series' page tells; `works` are the ids of its works in order."""

    title: str
    credits: tuple[Credit, ...]
    summary: Prose
    works: tuple[str, ...]


def series_page(page: Page) -> SeriesPage:
    """The series of a page."""
    meta = page.first(f"//dl[{has_class('series')} and {has_class('meta')}]")
    creators = []
    for link in meta.iter("a") if meta is not None else ():
        href = link.get("href") or ""
        person = person_of(href)
        if person.account and link.get("rel") == "author":
            creators.append(Credit(name=text_of(link), account=person.account, url=href))
    works = [
        (entry.get("id") or "").removeprefix("work_")
        for entry in page.all(f"//li[{has_class('work')} and {has_class('blurb')} and starts-with(@id, 'work_')]")
    ]
    return SeriesPage(
        text_of(page.first(f"//div[@id='main']//h2[{has_class('heading')}]")),
        tuple(creators),
        _quoted([meta]) if meta is not None else NO_PROSE,
        tuple(dict.fromkeys(key for key in works if key.isdecimal())),
    )
