"""One AO3-like archive of a crawl: works put together from whole views, single chapters and pages of comments."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from undying.formats import CAPTURED, Kept, Outcome, Remark, Story, Unreadable
from undying.formats.crawl.ao3_page import WorkPage, comments_on, series_page, work_on
from undying.formats.crawl.page import page_of
from undying.formats.crawl.pictures import with_pictures
from undying.formats.crawl.views import Kind, View
from undying.manuscript import Audience, Chapter, Credit, Manuscript, SeriesAccount, Source, Status
from undying.manuscript.measure import words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from undying.formats import Event
    from undying.formats.crawl.ao3_page import Section
    from undying.formats.crawl.index import Capture, Index
    from undying.formats.crawl.page import Page
    from undying.formats.efiction.encodings import Decoder
    from undying.manuscript import Review

_MOST_VIEWS = 5000
_MOST_NAMED = 20


class Ao3Site:
    """Tells the works and series of one archive. `lost` gathers (address, why) of what was not captured."""

    def __init__(self, index: Index, site: str, decoder: Decoder) -> None:
        self._index, self._site, self._decoder = index, site, decoder
        self._base = f"https://{site}/"
        self.lost: list[tuple[str, str]] = []

    def events(self) -> Iterator[Event]:
        for key in self._index.keys(self._site, Kind.AO3_WORK):
            yield from self._work(key)
        for key in self._index.keys(self._site, Kind.AO3_SERIES):
            yield from self._series(key)
        for url in self._index.unseen(self._site, Kind.AO3_WORK):
            self.lost.append((url, "nobody captured it"))

    def _page(self, capture: Capture) -> Page | None:
        try:
            return page_of(capture, self._decoder, self._index)
        except Unreadable:
            return None

    def _work(self, key: str) -> Iterator[Event]:
        pages: list[Capture] = []
        told = WorkPage()
        sections: dict[int, Section] = {}
        reviews: dict[str, tuple[Review, str]] = {}
        for part in self._index.parts(self._site, Kind.AO3_WORK, key)[:_MOST_VIEWS]:
            captures = self._index.copies(View(self._site, Kind.AO3_WORK, key, part))
            pages += captures[:1]
            for capture in captures:
                if (page := self._page(capture)) is not None:
                    told = _take(told, work_on(page), sections)
                    self._take_comments(page, part, reviews)
        if not sections:
            gated = (
                "only the warning before it was captured"
                if told.is_gated
                else "its pages show no text: locked, or gone"
            )
            self.lost.append((f"{self._base}works/{key}", gated))
            yield from self._index.tell(pages, Outcome.KEPT_RAW, "no page of this work shows its text")
            return
        illustrated = with_pictures(self._manuscript(key, told, sections, reviews), self._index, self._base)
        fates = [*self._index.tell(pages, Outcome.IMPORTED, f"page of work {key}")]
        fates += self._index.tell(illustrated.captures, Outcome.IMPORTED, f"picture in work {key}")
        yield Story(manuscript=illustrated.story, fates=tuple(fates))
        yield from self._missing(key, told, sections)

    def _take_comments(self, page: Page, part: str, reviews: dict[str, tuple[Review, str]]) -> None:
        own = part.partition("&")[0]
        for review, under in comments_on(page):
            chapter = under if under.isdecimal() else own if own.isdecimal() else ""
            if review.key not in reviews or (chapter and not reviews[review.key][1]):
                reviews[review.key] = (review, chapter)

    def _missing(self, key: str, told: WorkPage, sections: dict[int, Section]) -> Iterator[Remark]:
        total = max(told.posted, len(told.order))
        missing = [number for number in range(1, min(total, _MOST_VIEWS) + 1) if number not in sections]
        for number in missing:
            chapter = f"/chapters/{told.order[number - 1]}" if number <= len(told.order) else f"#chapter-{number}"
            self.lost.append((f"{self._base}works/{key}{chapter}", "nobody captured it"))
        if missing:
            listed = ", ".join(map(str, missing[:_MOST_NAMED])) + (" and others" if missing[_MOST_NAMED:] else "")
            yield Remark(text=f"Work {key}, “{told.title}”: not captured are the chapters {listed}.", grave=True)

    def _manuscript(
        self, key: str, told: WorkPage, sections: dict[int, Section], reviews: dict[str, tuple[Review, str]]
    ) -> Manuscript:
        numbers = sorted(sections)
        positions = {
            sections[number].key: place for place, number in enumerate(numbers, start=1) if sections[number].key
        }
        ordered = sorted(reviews.items(), key=lambda each: int(each[0]))
        return Manuscript(
            title=told.title or "Untitled",
            chapters=tuple(_chapter(sections[number]) for number in numbers),
            credits=told.credits or (Credit(name="Anonymous"),),
            summary=told.summary,
            notes_before=told.notes,
            notes_after=told.endnotes,
            language=told.language,
            taggings=told.taggings,
            series=told.series,
            status=Status.COMPLETE if told.is_complete else Status.IN_PROGRESS,
            planned_chapters=told.planned,
            published=told.published,
            updated=told.updated,
            gifts=told.gifts,
            related=told.related,
            reviews=tuple(replace(review, chapter=positions.get(under, 0)) for _key, (review, under) in ordered),
            source=Source(site=self._site, key=key, url=f"{self._base}works/{key}"),
            audience=Audience.MEMBERS if told.is_locked else Audience.EVERYONE,
            extras=(*told.extras, CAPTURED),
        )

    def _series(self, key: str) -> Iterator[Event]:
        pages: list[Capture] = []
        works: list[str] = []
        found = None
        for part in self._index.parts(self._site, Kind.AO3_SERIES, key):
            for capture in self._index.copies(View(self._site, Kind.AO3_SERIES, key, part))[:1]:
                pages.append(capture)
                if (page := self._page(capture)) is not None:
                    each = series_page(page)
                    found = found or each
                    works += [work for work in each.works if work not in works]
        for work in works:
            self._index.link(View(self._site, Kind.AO3_WORK, work), f"{self._base}works/{work}")
        if found is None or not found.title:
            return
        account = SeriesAccount(
            source=Source(site=self._site, key=key, url=f"{self._base}series/{key}"),
            title=found.title,
            summary=found.summary,
            credits=found.credits,
            works=tuple(works),
        )
        fates = tuple(self._index.tell(pages, Outcome.IMPORTED, f"series {key}"))
        yield Kept(keepsake=account, fates=fates, is_captured=True)


def _take(told: WorkPage, more: WorkPage, sections: dict[int, Section]) -> WorkPage:
    """Adds what a page tells; of two texts of one chapter the longer is taken."""
    for section in more.sections:
        here = sections.get(section.number)
        if here is None or words(section.body) > words(here.body):
            sections[section.number] = section if here is None or section.key else replace(section, key=here.key)
    base, other = (told, more) if told.title or not more.title else (more, told)
    if base.title and other.title:
        base.endnotes = base.endnotes or other.endnotes
        base.updated = max(filter(None, (base.updated, other.updated)), default=None)
    base.order = max(base.order, other.order, key=len)
    base.posted = max(base.posted, other.posted)
    base.is_locked = base.is_locked or other.is_locked
    base.is_gated = base.is_gated or other.is_gated
    return base


def _chapter(section: Section) -> Chapter:
    return Chapter(
        title=section.title,
        body=section.body,
        summary=section.summary,
        notes_before=section.notes,
        notes_after=section.endnotes,
        credits=section.credits,
        key=section.key,
    )
