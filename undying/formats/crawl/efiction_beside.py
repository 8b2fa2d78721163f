"""What an eFiction site shows beside its stories: pages of reviews, of members, of series, and lists of stories."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from undying.formats.crawl.efiction_page import TELLING, around
from undying.formats.crawl.page import is_label, label_words, labelled, line_of, split_line, words_in
from undying.formats.crawl.views import Kind
from undying.formats.crawl.words import Word, words_of
from undying.formats.download_markup import drop, inside, prose_of, text_of
from undying.manuscript import NO_PROSE, Credit, Profile, Review, Source

if TYPE_CHECKING:
    from collections.abc import Iterator

    from undying.formats.crawl.days import Days
    from undying.formats.crawl.page import Page
    from undying.formats.safety import Element
    from undying.manuscript import Prose

_REVIEW_KEY = re.compile(r"[?&;](?:reviewid|review)=(\d{1,18})")
_ADDRESS = re.compile(r"(?<![\w.+-])([\w.+-]+)@[\w-]+(?:\.[\w-]+)+")
_NO_WORDS = "No Review"
_LONGEST_FIELD = 255
_SIGNS = re.compile(
    r"(?<!\s)\s*[\[(]\s*(?:signed|anonymous|angemeldet|anonym[oe]?|signée?|anónimo|firmad[ao]|registrier[a-z]*|member)\s*[\])]\s*",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class FoundReview:
    """A review and where it was left: a chapter's number, or its id in the site."""

    review: Review
    number: int = 0
    chapid: str = ""


def reviews_on(page: Page, days: Days) -> Iterator[FoundReview]:
    """The reviews on a page, as they stand there."""
    marks = [
        element for element in page.root.iter()
        if isinstance(element.tag, str) and is_label(element) and Word.REVIEWER in words_of(label_words(element))
    ]  # fmt: skip
    chapid = re.search(r"chapid=(\d+)", page.capture.view.part)
    for box, told in _grouped(marks):
        found = _review(page, box, told, days)
        if found is not None:
            yield replace(found, chapid=chapid[1] if chapid else found.chapid)


def _grouped(marks: list[Element]) -> Iterator[tuple[Element, list[tuple[str, list[Element | str]]]]]:
    """The labels of each review with what follows them. Some skins give each review a box, some run them together."""
    boxes = _boxes(marks)
    if all(box is not mark for box, mark in zip(boxes, marks, strict=True)):
        for box in boxes:
            yield box, list(labelled(box))
        return
    common = around(marks)
    told: list[tuple[str, list[Element | str]]] = []
    for label, parts in labelled(common) if common is not None else ():
        if Word.REVIEWER in words_of(label):
            if told:
                yield marks[0], told
            told = []
        if told or Word.REVIEWER in words_of(label):
            told.append((label, parts))
    if told:
        yield marks[0], told


def _boxes(marks: list[Element]) -> list[Element]:
    """For each mark the largest element around it that holds no other; the mark itself where there is none."""
    seen: set[Element] = set()
    shared: set[Element] = set()
    for mark in marks:
        for each in mark.iterancestors():
            (shared if each in seen else seen).add(each)
    boxes = []
    for mark in marks:
        box = mark
        for each in mark.iterancestors():
            if each in shared or (len(marks) == 1 and each.tag in {"body", "html"}):
                break
            box = each
        boxes.append(box)
    return boxes


def _review(page: Page, box: Element, told: list[tuple[str, list[Element | str]]], days: Days) -> FoundReview | None:
    name, uid, when, number, score = "", "", None, 0, None
    response: Prose = NO_PROSE
    body: list[Element | str] = []
    for label, parts in told:
        words = words_of(label)
        if not label:
            continue
        if Word.RESPONSE in words:
            response = prose_of(parts)
            continue
        line, rest = split_line(parts)
        if Word.REVIEWER in words:
            name, uid = _reviewer(page, line)
            score = _stars(box)
        elif Word.DATE in words and when is None:
            when = days.moment(words_in(line))
        elif Word.TITLE in words:
            number = _chapter_of(page, line)
        body = _shown(rest)
    if not name:
        return None
    text, answer = _split_answer(body)
    key = next((match[1] for link in box.iter("a") if (match := _REVIEW_KEY.search(link.get("href") or ""))), "")
    review = Review(
        name=name,
        body=NO_PROSE if words_in(text) == _NO_WORDS else prose_of(text),
        posted=when,
        score=score,
        scale="1-10" if score is not None else "",
        response=answer or response,
        key=key,
        reviewer_key=uid,
    )
    return FoundReview(review, number)


def _reviewer(page: Page, line: list[Element | str]) -> tuple[str, str]:
    for part in line:
        if not isinstance(part, str):
            for link in [part] if part.tag == "a" else part.iter("a"):
                view = page.view(link.get("href"))
                if view is not None and view.kind is Kind.USER:
                    return _person(text_of(link)), view.key
    return _person(_SIGNS.sub(" ", words_in(line)).partition("[")[0]), ""


def _person(name: str) -> str:
    """A name; of an address that was used for one, only what stands before the @."""
    return _ADDRESS.sub(r"\1", name).strip(" :：") or "Anonymous"


def _chapter_of(page: Page, line: list[Element | str]) -> int:
    for part in line:
        if not isinstance(part, str):
            for link in [part] if part.tag == "a" else part.iter("a"):
                view = page.view(link.get("href"))
                if view is not None and view.kind is Kind.STORY:
                    return int(view.part) if view.part.isdecimal() else 1
    match = re.match(r"\s*(?:[^\W\d]+\s+)?(\d{1,4})\b", words_in(line))
    return int(match[1]) if match else 0


def _stars(box: Element) -> int | None:
    """Stars are pictures: a full one is worth two, a half one."""
    score = 0
    for image in box.iter("img"):
        name = (image.get("src") or "").rpartition("/")[2].lower()
        score += 1 if "half" in name and "star" in name else 2 if "star" in name else 0
    return score or None


def _shown(parts: list[Element | str]) -> list[Element | str]:
    """The parts without the site's own links and forms."""
    return [part for part in parts if isinstance(part, str) or not _is_control(part)]


def _is_control(element: Element) -> bool:
    names = f"{element.get('class') or ''} {element.get('id') or ''}"
    return bool(re.search(r"\b(?:tail|adminoptions|report\w*|respond)\b", names)) or element.tag == "form"


def _split_answer(body: list[Element | str]) -> tuple[list[Element | str], Prose]:
    """The reader's words, and the author's answer, which eFiction appends to them in italics."""
    flat = _flat(body)
    for at, part in enumerate(flat):
        if isinstance(part, str) or part.tag not in {"i", "em", "b", "strong", "div", "span", "p"}:
            continue
        label, mark, _rest = text_of(part).partition(":")
        if mark and Word.RESPONSE in words_of(label):
            answer = _without_label(inside(part))
            follows = flat[at + 1 :] if not words_in(answer) else []
            return flat[:at], prose_of(answer + follows)
    return body, NO_PROSE


def _flat(body: list[Element | str]) -> list[Element | str]:
    """A body that is one box, as what is in the box."""
    shown = [part for part in body if not isinstance(part, str) or part.strip()]
    while len(shown) == 1 and not isinstance(shown[0], str) and shown[0].tag in {"div", "td", "blockquote", "p"}:
        body = inside(shown[0])
        shown = [part for part in body if not isinstance(part, str) or part.strip()]
    return body


def _without_label(parts: list[Element | str]) -> list[Element | str]:
    for at, part in enumerate(parts):
        if isinstance(part, str) and ":" in part:
            return [part.partition(":")[2].lstrip(), *parts[at + 1 :]]
        if not isinstance(part, str) and ":" in text_of(part):
            return parts[at + 1 :]
    return parts


def profile_on(page: Page, days: Days, *, site: str, base: str) -> Profile | None:
    """What a member's page tells of her; never a real name or an address. None when it names nobody."""
    uid = page.capture.view.key
    _drop_listings(page)
    told = [(label, words_of(label), parts) for label, parts in labelled(page.root) if label]
    own = [(label, words, parts) for label, words, parts in told if words & _OWN or not words]
    name = next((words_in(line_of(parts)) for _l, words, parts in own if Word.PENNAME in words), "")
    name = re.split(r"\s*[\[(]", name)[0] or text_of(page.first("//*[@id='pagetitle']"))
    if not name or not any(words & {Word.PENNAME, Word.JOINED, Word.BIO} for _l, words, _p in own):
        return None
    joined = bio = None
    website = ""
    fields: list[tuple[str, str]] = []
    for label, words, parts in own:
        value = words_in(line_of(parts))
        if Word.JOINED in words:
            joined = joined or days.moment(value)
        elif Word.BIO in words:
            bio = bio or prose_of(_until_box(parts))
        elif Word.WEBSITE in words:
            website = website or _website(page, parts)
        elif not words and value and "@" not in value and len(value) <= _LONGEST_FIELD:
            fields.append((label, value))
    person = Credit(name=name, account=name, key=uid, url=f"{base}viewuser.php?uid={uid}")
    return Profile(
        source=Source(site=site, key=uid, url=person.url),
        member=person,
        joined=joined,
        bio=bio or NO_PROSE,
        website=website,
        fields=tuple(fields),
    )


_OWN = {Word.PENNAME, Word.JOINED, Word.BIO, Word.WEBSITE, Word.STATUS, Word.REAL_NAME}


def _until_box(parts: list[Element | str]) -> list[Element | str]:
    """A life's story ends where the lists of stories begin."""
    found: list[Element | str] = []
    for part in parts:
        if not isinstance(part, str) and re.search(
            r"\b(?:listbox|panel\w*|tabs?|sort|pagetitle)\b", f"{part.get('class')} {part.get('id')}"
        ):
            break
        found.append(part)
    return found


def _website(page: Page, parts: list[Element | str]) -> str:
    for part in line_of(parts):
        if not isinstance(part, str):
            for link in [part] if part.tag == "a" else part.iter("a"):
                address = page.address(link.get("href"))
                if address.startswith(("http://", "https://")):
                    return address
    return ""


@dataclass(frozen=True, slots=True)
class FoundSeries:
    """What a series' page tells; `works` are the ids of its stories in order."""

    title: str
    creators: tuple[tuple[str, str], ...]
    summary: Prose
    works: tuple[str, ...]
    is_open: str = ""


def _drop_listings(page: Page) -> None:
    """What is left is about the member or the series herself."""
    for _sid, box in list(listings_on(page)):
        drop(box)


def series_on(page: Page) -> FoundSeries:
    """The series of a page."""
    shown = {"", "1", "index"}
    links = [(view, text_of(link)) for link, view in page.links() if view.kind is Kind.STORY and view.part in shown]
    works = list(dict.fromkeys(view.key for view, text in links if text))
    _drop_listings(page)
    title_box = page.first("//*[@id='pagetitle']", "//h1", "//h2", "//h3")
    title = text_of(title_box)
    creators = (
        tuple((text_of(link), view.key) for link, view in page.links(title_box) if view.kind is Kind.USER)
        if title_box is not None
        else ()
    )
    if creators:
        title = re.split(r"\s+(?:by|von|par|por|di)\s+", title)[0]
    else:
        creators = tuple(
            (text_of(link), view.key) for link, view in page.links() if view.kind is Kind.USER and text_of(link)
        )[:1]
    told = [(words_of(label), line_of(parts)) for label, parts in labelled(page.root)]
    summary = next((prose_of(line) for words, line in told if Word.SUMMARY in words), NO_PROSE)
    opened = next(
        (words_in(line_of(parts)) for label, parts in labelled(page.root) if Word.OPEN in words_of(label)), ""
    )
    return FoundSeries(title, creators, summary, tuple(works), opened)


def listings_on(page: Page) -> Iterator[tuple[str, Element]]:
    """(sid, box) of each story that a page lists: the box holds the link to it and its labels, and no other story."""
    marks: dict[str, Element] = {}
    for link, view in page.links():
        if view.kind is Kind.STORY and view.part in {"", "1", "index"} and text_of(link):
            marks.setdefault(view.key, link)
    for (sid, link), largest in zip(marks.items(), _boxes(list(marks.values())), strict=True):
        box = next((each for each in link.iterancestors() if _tells_enough(each)), None)
        if box is not None and (box is largest or largest in set(box.iterancestors())):
            yield sid, box


def _tells_enough(box: Element) -> bool:
    labels = (label_words(each) for each in box.iter() if isinstance(each.tag, str) and is_label(each))
    return len([label for label in labels if words_of(label) & TELLING]) >= _LEAST


_LEAST = 2
