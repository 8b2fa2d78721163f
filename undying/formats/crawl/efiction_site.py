"""One eFiction site of a crawl: its stories put together from all pages that show a part of them."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from lxml import etree

from undying.formats import CAPTURED, Kept, Outcome, Remark, Story, Unreadable
from undying.formats.crawl.efiction_beside import listings_on, profile_on, reviews_on, series_on
from undying.formats.crawl.efiction_info import Info, InfoReader
from undying.formats.crawl.efiction_page import StoryPage, StoryReader, title_and_creators
from undying.formats.crawl.page import Page, labelled, page_of
from undying.formats.crawl.pictures import with_pictures
from undying.formats.crawl.views import Kind, View
from undying.formats.safety import parse_html
from undying.manuscript import (
    NO_PROSE,
    Chapter,
    Credit,
    Manuscript,
    Openness,
    SeriesAccount,
    SeriesPlace,
    Source,
    Status,
    TagKind,
)
from undying.manuscript.measure import words

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from undying.formats import Event
    from undying.formats.crawl.days import Days
    from undying.formats.crawl.efiction_beside import FoundReview
    from undying.formats.crawl.efiction_page import Part
    from undying.formats.crawl.index import Capture, Index
    from undying.formats.crawl.selectors import Selectors
    from undying.formats.efiction.encodings import Decoder
    from undying.manuscript import Review

_TABLES = """
CREATE TABLE IF NOT EXISTS listings (site TEXT, sid TEXT, told TEXT, size INTEGER, PRIMARY KEY (site, sid));
CREATE TABLE IF NOT EXISTS members (site TEXT, sid TEXT, seriesid TEXT, title TEXT, place INTEGER,
    PRIMARY KEY (site, sid, seriesid));
"""
_MOST_CHAPTERS = 5000
_MOST_NAMED = 20
_LARGEST_LISTING = 64 * 1024


@dataclass(slots=True)
class Heap:
    """What all pages of one story tell together."""

    sid: str
    pages: list[Capture] = field(default_factory=list)
    title: str = ""
    creators: tuple[tuple[str, str], ...] = ()
    info: Info = field(default_factory=Info)
    story_notes: str = NO_PROSE
    chapters: dict[int, str] = field(default_factory=dict)
    keys: dict[int, str] = field(default_factory=dict)
    parts: dict[int, Part] = field(default_factory=dict)
    gates: dict[str, str] = field(default_factory=dict)


class EfictionSite:
    """Tells the stories, series and members of one site. `lost` gathers (address, why) of what was not captured."""

    def __init__(self, index: Index, scratch: Path, site: str, name: str, desk: SiteDesk) -> None:
        self._index, self._site, self._name, self._desk = index, site, name, desk
        self._stories = StoryReader(desk.selectors)
        self._infos = InfoReader(desk.days)
        self._db = sqlite3.connect(scratch / "beside.sqlite3")
        self._db.executescript(f"PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; {_TABLES}")
        self.lost: list[tuple[str, str]] = []
        self._base = f"{desk.scheme}://{site}/"

    def events(self) -> Iterator[Event]:
        """Everything that is told of the site. Lists are looked through first: they know what story pages do not."""
        self._look_through_lists()
        series = list(self._series())
        for sid in self._index.keys(self._site, Kind.STORY, Kind.PRINT):
            yield from self._story(sid)
        yield from series
        yield from self._members()
        self._db.close()

    def _page(self, capture: Capture) -> Page | None:
        try:
            return page_of(capture, self._desk.decoder, self._index)
        except Unreadable:
            return None

    def _look_through_lists(self) -> None:
        for kind in (Kind.LIST, Kind.USER, Kind.SERIES):
            for capture in self._index.of_kind(self._site, kind):
                if (page := self._page(capture)) is not None:
                    self._take_listings(page)

    def _take_listings(self, page: Page) -> None:
        for sid, box in listings_on(page):
            told = etree.tostring(box, method="html", encoding="unicode", with_tail=False)
            if len(told) > _LARGEST_LISTING:
                continue
            self._db.execute(
                "INSERT INTO listings VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE SET told = excluded.told, "
                "size = excluded.size WHERE excluded.size > listings.size",
                (self._site, sid, told, len(told)),
            )
        for link, view in page.links():
            if view.kind is Kind.STORY and view.site == self._site and view.part in {"", "1", "index"}:
                self._index.link(View(self._site, Kind.STORY, view.key, ""), page.address(link.get("href")))

    def _story(self, sid: str) -> Iterator[Event]:
        heap = self._heap(sid)
        if not heap.parts:
            self._note_gates(heap)
            yield from self._index.tell(heap.pages, Outcome.KEPT_RAW, "no page of this story shows its text")
            return
        reviews, review_pages = self._reviews(sid, heap)
        manuscript = with_pictures(self._manuscript(heap, reviews), self._index, self._base)
        fates = list(self._index.tell(heap.pages, Outcome.IMPORTED, f"page of story {sid}"))
        fates += self._index.tell(review_pages, Outcome.IMPORTED, f"reviews of story {sid}")
        fates += self._index.tell(manuscript.captures, Outcome.IMPORTED, f"picture in story {sid}")
        missing = self._missing(heap)
        yield Story(manuscript=manuscript.story, fates=tuple(fates))
        if missing:
            listed = ", ".join(map(str, missing[:_MOST_NAMED])) + (" and others" if missing[_MOST_NAMED:] else "")
            yield Remark(text=f"Story {sid}, “{heap.title}”: not captured are the chapters {listed}.", grave=True)
        if "text" in "".join(capture.cut for capture in heap.pages):
            yield Remark(
                text=f"Story {sid}, “{heap.title}”: the crawl ends in the middle of one of its pages.", grave=True
            )

    def _heap(self, sid: str) -> Heap:
        """Printable pages first: they hold nothing but the story, and often all of it."""
        heap = Heap(sid)
        wanted = [(Kind.PRINT, part) for part in self._index.parts(self._site, Kind.PRINT, sid)]
        wanted.sort(key=lambda each: each[1] != "all")
        wanted += [(Kind.STORY, part) for part in self._index.parts(self._site, Kind.STORY, sid)]
        for kind, part in wanted[:_MOST_CHAPTERS]:
            self._add_best(heap, View(self._site, kind, sid, part))
        self._fill_from_lists(heap)
        if heap.gates or self._index.asked_age(self._site, sid):
            heap.info.keep_gate()
        return heap

    def _add_best(self, heap: Heap, view: View) -> None:
        """The capture of a view that shows the most; where all show the warning, that is noted."""
        best: tuple[int, Page, StoryPage] | None = None
        for capture in self._index.copies(view)[: 1 if _is_known(heap, view) else None]:
            page = self._page(capture)
            if page is None:
                continue
            told = self._stories.read(page, heap.parts.keys())
            size = sum(words(part.body) for part in told.parts)
            if best is None or size > best[0]:
                best = (size, page, told)
            for link, linked in page.links():
                if linked.kind in {Kind.STORY, Kind.USER, Kind.SERIES} and linked.site == self._site:
                    self._index.link(linked, page.address(link.get("href")))
        if best is not None:
            heap.pages.append(best[1].capture)
            self._add(heap, view, best[1], best[2])

    def _add(self, heap: Heap, view: View, page: Page, told: StoryPage) -> None:
        heap.title = heap.title or told.title
        heap.creators = heap.creators or told.creators
        heap.story_notes = heap.story_notes or told.story_notes
        if told.info:
            heap.info = _filled(heap.info, self._infos.read(page, told.info))
        for number, title in told.chapters.items():
            heap.chapters[number] = heap.chapters.get(number) or title
        for number, key in told.keys.items():
            heap.keys.setdefault(number, key)
        for part in told.parts:
            if part.key:
                heap.keys[part.number] = part.key
            here = heap.parts.get(part.number)
            heap.parts[part.number] = part if here is None else _joined(here, part)
        if told.gate:
            heap.gates[view.part] = told.gate

    def _fill_from_lists(self, heap: Heap) -> None:
        row = self._db.execute(
            "SELECT told FROM listings WHERE (site, sid) = (?, ?)", (self._site, heap.sid)
        ).fetchone()
        if row is None or not heap.pages:
            return
        box = parse_html(row[0])
        page = Page(heap.pages[0], box, self._base)
        title, creators = title_and_creators(page, heap.sid, box)
        heap.title, heap.creators = heap.title or title, heap.creators or creators
        heap.info = _filled(heap.info, self._infos.read(page, list(labelled(box))))

    def _note_gates(self, heap: Heap) -> None:
        address = next(iter(heap.gates.values()), "") or f"{self._base}viewstory.php?sid={heap.sid}"
        why = "only the warning before it was captured" if heap.gates else "its pages show no text"
        self.lost.append((address, why))

    def _missing(self, heap: Heap) -> list[int]:
        known = set(heap.chapters) | (
            set(range(1, heap.info.chapters + 1)) if heap.info.chapters < _MOST_CHAPTERS else set()
        )
        missing = sorted(known - set(heap.parts)) if len(known) > 1 else []
        for number in missing:
            gate = heap.gates.get(str(number))
            why = "only the warning before it was captured" if gate else "nobody captured it"
            self.lost.append((f"{self._base}viewstory.php?sid={heap.sid}&chapter={number}", why))
        return missing

    def _reviews(self, sid: str, heap: Heap) -> tuple[tuple[Review, ...], list[Capture]]:
        """All reviews on all pages, each once, oldest first."""
        found: dict[tuple[object, ...], FoundReview] = {}
        numbers = {key: number for number, key in heap.keys.items()}
        captures = self._firsts(Kind.REVIEWS, f"ST{sid}")
        for capture in captures:
            page = self._page(capture)
            for each in reviews_on(page, self._desk.days) if page is not None else ():
                number = each.number or numbers.get(each.chapid, 0)
                review = each.review
                mark = (review.key,) if review.key else (review.name, review.posted, str(review.body), review.score)
                if mark not in found or (number and not found[mark].number):
                    found[mark] = replace(each, number=number)
        positions = {number: place for place, number in enumerate(sorted(heap.parts), start=1)}
        reviews = [replace(each.review, chapter=positions.get(each.number, 0)) for each in found.values()]
        reviews.reverse()  # eFiction shows the newest first
        if all(review.posted for review in reviews):
            reviews.sort(key=lambda review: review.posted.timestamp() if review.posted else 0)
        return tuple(reviews), captures

    def _manuscript(self, heap: Heap, reviews: tuple[Review, ...]) -> Manuscript:
        info, sid = heap.info, heap.sid
        numbers = sorted(heap.parts)
        only = numbers == [1] and len(heap.chapters) <= 1
        return Manuscript(
            title=heap.title or "Untitled",
            chapters=tuple(self._chapter(heap, number, is_only=only) for number in numbers),
            credits=tuple(map(self._credit, heap.creators)) or (Credit(name="Anonymous"),),
            summary=info.summary,
            notes_before=heap.story_notes,  # type: ignore[arg-type]  # prose, or none
            taggings=tuple(sorted(info.taggings, key=lambda tag: list(TagKind).index(tag.kind))),
            series=self._places(sid, info),
            status=Status.COMPLETE if info.is_complete else Status.IN_PROGRESS,
            published=info.published,
            updated=info.updated,
            reviews=reviews,
            source=Source(site=self._name, key=sid, url=f"{self._base}viewstory.php?sid={sid}"),
            extras=(*info.extras, CAPTURED),
        )

    def _chapter(self, heap: Heap, number: int, *, is_only: bool) -> Chapter:
        part = heap.parts[number]
        title = _without_number(heap.chapters.get(number) or part.title, number)
        other = part.creators if part.creators and part.creators != heap.creators else ()
        return Chapter(
            title="" if is_only and title == heap.title else title,
            body=part.body,
            notes_before=part.notes,
            notes_after=part.endnotes,
            credits=tuple(map(self._credit, other)) if not set(other) <= set(heap.creators) else (),
            key=heap.keys.get(number, ""),
        )

    def _credit(self, creator: tuple[str, str]) -> Credit:
        name, uid = creator
        return Credit(name=name, account=name, key=uid, url=f"{self._base}viewuser.php?uid={uid}")

    def _places(self, sid: str, info: Info) -> tuple[SeriesPlace, ...]:
        rows = self._db.execute(
            "SELECT seriesid, title, place FROM members WHERE (site, sid) = (?, ?) ORDER BY length(seriesid), seriesid",
            (self._site, sid),
        ).fetchall()
        places = [
            SeriesPlace(title=title, position=place, key=key, url=self._series_url(key)) for key, title, place in rows
        ]
        known = {place.key for place in places}
        places += [
            SeriesPlace(title=title, key=key, url=self._series_url(key))
            for key, title in info.series
            if key not in known
        ]
        return tuple(places)

    def _series_url(self, key: str) -> str:
        return f"{self._base}viewseries.php?seriesid={key}"

    def _series(self) -> Iterator[Kept]:
        for key in self._index.keys(self._site, Kind.SERIES):
            captures = self._firsts(Kind.SERIES, key)
            found = [series_on(page) for capture in captures if (page := self._page(capture)) is not None]
            works = tuple(dict.fromkeys(sid for each in found for sid in each.works))
            title = next((each.title for each in found if each.title), "")
            if not title:
                continue
            self._db.executemany(
                "INSERT OR IGNORE INTO members VALUES (?, ?, ?, ?, ?)",
                [(self._site, sid, key, title, place) for place, sid in enumerate(works, start=1)],
            )
            account = SeriesAccount(
                source=Source(site=self._name, key=key, url=self._series_url(key)),
                title=title,
                summary=next((each.summary for each in found if each.summary), NO_PROSE),
                credits=tuple(map(self._credit, next((each.creators for each in found if each.creators), ()))),
                openness=Openness.CLOSED,
                works=works,
                reviews=self._series_reviews(key, captures),
            )
            fates = tuple(self._index.tell(captures, Outcome.IMPORTED, f"series {key}"))
            yield Kept(keepsake=account, fates=fates, is_captured=True)

    def _firsts(self, kind: Kind, key: str) -> list[Capture]:
        """The longest capture of each part of something."""
        return [
            capture
            for part in self._index.parts(self._site, kind, key)
            for capture in self._index.copies(View(self._site, kind, key, part))[:1]
        ]

    def _series_reviews(self, key: str, pages: list[Capture]) -> tuple[Review, ...]:
        found: dict[tuple[object, ...], Review] = {}
        for capture in self._firsts(Kind.REVIEWS, f"SE{key}"):
            pages.append(capture)
            if (page := self._page(capture)) is not None:
                for each in reviews_on(page, self._desk.days):
                    found.setdefault((each.review.name, each.review.posted, str(each.review.body)), each.review)
        return tuple(found.values())

    def _members(self) -> Iterator[Kept]:
        for key in self._index.keys(self._site, Kind.USER):
            for part in self._index.parts(self._site, Kind.USER, key):
                capture = self._index.copies(View(self._site, Kind.USER, key, part))[0]
                page = self._page(capture)
                profile = page and profile_on(page, self._desk.days, site=self._name, base=self._base)
                if profile:
                    fates = tuple(self._index.tell([capture], Outcome.IMPORTED, f"profile of member {key}"))
                    yield Kept(keepsake=profile, fates=fates, is_captured=True)
                    break


@dataclass(frozen=True, slots=True)
class SiteDesk:
    """What pages of one site are read with."""

    decoder: Decoder
    days: Days
    selectors: Selectors
    scheme: str = "http"


def _is_known(heap: Heap, view: View) -> bool:
    return view.part.isdecimal() and int(view.part) in heap.parts


def _filled(info: Info, more: Info) -> Info:
    """What is told already stays; what is not yet is filled in."""
    info.summary = info.summary or more.summary
    have = {tag.kind for tag in info.taggings}
    info.taggings += [tag for tag in more.taggings if tag.kind not in have]
    info.series = info.series or more.series
    info.published, info.updated = info.published or more.published, info.updated or more.updated
    info.is_complete = more.is_complete if info.is_complete is None else info.is_complete
    info.chapters = max(info.chapters, more.chapters)
    labels = {label for label, _text in info.extras}
    info.extras += [extra for extra in more.extras if extra[0] not in labels]
    return info


def _joined(here: Part, more: Part) -> Part:
    """One chapter from two pages: the longer text, and whichever notes there are."""
    longer = more if words(more.body) > words(here.body) else here
    return replace(
        longer,
        title=here.title or more.title,
        creators=here.creators or more.creators,
        notes=here.notes or more.notes,
        endnotes=here.endnotes or more.endnotes,
        key=here.key or more.key,
    )


def _without_number(title: str, number: int) -> str:
    """ "3. Rain" is "Rain"; "Chapter 3" says nothing that the place does not say."""
    for head in (f"Chapter {number}", f"Kapitel {number}", f"Chapitre {number}", f"{number}"):
        if title == head:
            return ""
        for mark in (". ", ": ", ") ", " - "):
            if title.startswith(head + mark):
                return title[len(head + mark) :].strip()
    return title
