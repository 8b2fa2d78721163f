"""The preface of an AO3 download: the list of tags, and what the authors wrote above their story."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from undying.formats.addresses import person_of, secure, series_key_of, source_of
from undying.formats.download_markup import classes_of, elements, inside, text_of
from undying.formats.language_names import plain_tag, tag_of_language
from undying.manuscript import (
    NO_PROSE,
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


def warning_name(name: str) -> str:
    """A warning in the spelling that readers know, from either of the two that the Archive writes."""
    return WARNINGS.get(name.strip().casefold(), name.strip())


class Preface:
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
                related.append(related_in(entry, kind))
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


def related_in(entry: Element, kind: RelationKind) -> RelatedWork:
    """The other work that a line of the preface or afterword names."""
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
