"""The labels above an eFiction story -> its summary, tags, dates and the rest. Links say what a name is."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlsplit

from undying.formats import labels
from undying.formats.crawl.page import line_of, words_in
from undying.formats.crawl.views import Kind
from undying.formats.crawl.words import Word, is_none, is_yes, words_of
from undying.formats.download_markup import prose_of, text_of
from undying.manuscript import NO_PROSE, Tagging, TagKind

if TYPE_CHECKING:
    from datetime import datetime

    from undying.formats.crawl.days import Days
    from undying.formats.crawl.page import Page
    from undying.formats.safety import Element
    from undying.manuscript import Prose

_ORDER = list(TagKind)
_ADULT = {"Mature", "Explicit", "Not Rated"}


@dataclass(slots=True)
class Info:
    """What the labels tell. `series` are (key, title)."""

    summary: Prose = NO_PROSE
    taggings: list[Tagging] = field(default_factory=list)
    series: list[tuple[str, str]] = field(default_factory=list)
    published: datetime | None = None
    updated: datetime | None = None
    is_complete: bool | None = None
    chapters: int = 0
    extras: list[tuple[str, str]] = field(default_factory=list)

    def keep_gate(self) -> None:
        """A story that asked its reader's age goes on asking, whatever its rating is called; the word is kept."""
        name = self.rating()
        if name not in _ADULT:
            self.taggings = [tag for tag in self.taggings if tag.kind is not TagKind.RATING]
            self.taggings.append(Tagging(kind=TagKind.RATING, name="Not Rated"))
            if name and all(label != "eFiction rating" for label, _text in self.extras):
                self.extras.append(("eFiction rating", name))

    def rating(self) -> str:
        """The story's rating, "" when none was told."""
        return next((tag.name for tag in self.taggings if tag.kind is TagKind.RATING), "")


class InfoReader:
    """Reads the labels of one site's pages."""

    def __init__(self, days: Days) -> None:
        self._days = days

    def read(self, page: Page, told: list[tuple[str, list[Element | str]]]) -> Info:
        info = Info()
        for label, parts in told:
            words = words_of(label)
            if not label:
                continue
            if Word.SUMMARY in words:
                info.summary = info.summary or prose_of(parts)
            else:
                self._take(page, info, label, words, line_of(parts))
        info.taggings = sorted(dict.fromkeys(info.taggings), key=lambda tag: _ORDER.index(tag.kind))
        return info

    def _take(self, page: Page, info: Info, label: str, words: set[Word], line: list[Element | str]) -> None:
        linked = [(name, link) for part in line if not isinstance(part, str) for name, link in _named(page, part)]
        value = _value(line)
        if any(kind for kind, _name in linked):
            self._take_links(info, label, linked)
        elif Word.RATED in words:
            _take_rating(info, value)
        elif words & {Word.PUBLISHED, Word.UPDATED}:
            moment = self._days.moment(value)
            info.published = moment if Word.PUBLISHED in words and info.published is None else info.published
            info.updated = moment if Word.UPDATED in words and info.updated is None else info.updated
        elif Word.COMPLETED in words:
            info.is_complete = is_yes(value)
        elif Word.CHAPTERS in words:
            number = re.match(r"\d{1,5}", value)
            info.chapters = int(number[0]) if number else 0
        elif words & {Word.WORDS, Word.READ}:
            digits = re.sub(r"[.,\s]", "", value)
            if digits.isdecimal() and int(digits):
                info.extras.append(("eFiction word count" if Word.WORDS in words else "eFiction reads", digits))
        else:
            _take_names(info, label, words, value)

    def _take_links(self, info: Info, label: str, linked: list[tuple[str, str]]) -> None:
        named: list[str] = []
        for kind, name in linked:
            if kind.startswith("series "):
                info.series.append((kind.removeprefix("series "), name))
            elif kind == "challenges":
                info.extras.append(("eFiction challenge", name))
            elif kind == "categories":
                info.taggings.append(Tagging(kind=TagKind.FANDOM, name=name))
                info.extras.append(("eFiction category", name))
            elif kind == "characters":
                kinds = TagKind.RELATIONSHIP if _is_pair(name) else TagKind.CHARACTER
                info.taggings.append(Tagging(kind=kinds, name=name))
            elif kind == "ratings":
                _take_rating(info, name)
            elif kind == "class":
                named.append(name)
                info.taggings.append(Tagging(kind=_class_kind(label), name=name))
        if named:
            info.extras.append((f"eFiction {label}", ", ".join(named)))


def _named(page: Page, element: Element) -> list[tuple[str, str]]:
    """(what it is, name) of each link: a category, a character, a series."""
    found = []
    for link in [element, *element.iterdescendants("a")] if element.tag == "a" else element.iter("a"):
        view, name = page.view(link.get("href")), text_of(link)
        if view is None or not name or is_none(name):
            continue
        if view.kind is Kind.SERIES:
            found.append((f"series {view.key}", name))
        elif view.kind is Kind.LIST and view.key == "browse.php":
            query = dict(parse_qsl(urlsplit(page.address(link.get("href"))).query))
            found.append((_browsed(query), name))
    return found


def _browsed(query: dict[str, str]) -> str:
    kind = query.get("type", "")
    if kind:
        return kind if kind in {"categories", "characters", "class", "ratings", "challenges"} else ""
    return next((kind for name, kind in (("catid", "categories"), ("charid", "characters"), ("chalid", "challenges"),
                                         ("rid", "ratings"), ("classid", "class")) if name in query), "")  # fmt: skip


def _class_kind(label: str) -> TagKind:
    return TagKind.WARNING if Word.WARNINGS in words_of(label) else TagKind.ADDITIONAL


def _value(line: list[Element | str]) -> str:
    """The words up to the first bracket, which holds links to reviews and the like."""
    return words_in(line).partition("[")[0].strip(" :：")


def _take_rating(info: Info, value: str) -> None:
    if not value or is_none(value) or info.rating():
        return
    known = labels.rating(value) or value
    info.taggings.append(Tagging(kind=TagKind.RATING, name=known))
    if known != value:
        info.extras.append(("eFiction rating", value))


def _take_names(info: Info, label: str, words: set[Word], value: str) -> None:
    """Names that link nowhere. A label of the site's own is a class of theirs and keeps its words."""
    if not value or is_none(value):
        return
    names = [name for name in labels.listed(value) if not is_none(name)]
    if Word.CATEGORIES in words:
        info.taggings += [Tagging(kind=TagKind.FANDOM, name=name) for name in names]
        info.extras += [("eFiction category", name) for name in names]
    elif Word.CHARACTERS in words:
        kinds = [TagKind.RELATIONSHIP if _is_pair(name) else TagKind.CHARACTER for name in names]
        info.taggings += [Tagging(kind=kind, name=name) for kind, name in zip(kinds, names, strict=True)]
    elif Word.WARNINGS in words:
        info.taggings += [Tagging(kind=TagKind.WARNING, name=name) for name in names]
        info.extras.append((f"eFiction {label}", ", ".join(names)))
    elif Word.CHALLENGES in words:
        info.extras += [("eFiction challenge", name) for name in names]
    elif not words:
        info.extras.append((f"eFiction {label}", value))


def _is_pair(name: str) -> bool:
    """Whether two names stand there with a stroke between them."""
    before, _, after = name.partition("/")
    return re.search(r"\w", before) is not None and re.search(r"\w", after) is not None
