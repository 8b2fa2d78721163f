"""Downloads of the Archive of Our Own: every field is read, and the EPUB gives the same story as the HTML."""

from __future__ import annotations

import copy
import json
import re
from dataclasses import replace
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

import pytest
from lxml import etree, html

from tests.formats.downloads import CSS_ITEM, TITLE, epub, events, package, stories, story
from tests.samples import SAMPLES, needs_samples
from undying.formats import Fate, Outcome, Remark, Unreadable
from undying.formats.ao3 import READER
from undying.formats.epub_read import READER as EPUB_READER
from undying.manuscript import RelationKind, Status, TagKind
from undying.manuscript.codec import to_json

GOLDEN = Path(__file__).parents[1] / "golden" / "ao3"
CASES = sorted(folder.name for folder in GOLDEN.iterdir())
PAIRS = ["complete-in-series", "work-in-progress"]


@pytest.fixture
def page(tmp_path):
    """Puts a page into an empty folder, changed in places if the test asks for it."""

    def write(case: str = "every-field", *changes: tuple[str, str]) -> Path:
        text = (GOLDEN / case / "in.html").read_text(encoding="utf-8")
        for old, new in changes:
            assert old in text
            text = text.replace(old, new)
        path = tmp_path / "work.html"
        path.write_text(text, encoding="utf-8")
        return path

    return write


@pytest.mark.parametrize("case", CASES)
def test_the_page_is_read_as_recorded(case, golden, page):
    text = json.dumps(json.loads(to_json(story(READER, page(case)))), indent=1, ensure_ascii=False)
    golden(GOLDEN / case / "out.json", text + "\n")


class Calibre:
    """What calibre does to the page on its way into an EPUB, as far as it shows in real files."""

    def __init__(self, text: str) -> None:
        self.root = html.document_fromstring(
            text.encode(), parser=html.HTMLParser(encoding="utf-8", remove_comments=True)
        )
        self.numbers = count(20)
        self.rules = [".calibre3 { font-weight: bold }", ".calibre11 { font-style: italic }"]

    def files(self) -> dict[str, str]:
        body = self.root.body
        pages = [*self._preface(body), *self._chapters(body), body.get_element_by_id("afterword")]
        files = {f"Work_split_{number:03}.xhtml": self._page(part) for number, part in enumerate(pages)}
        return {"content.opf": package(files, TITLE, items=CSS_ITEM), "style.css": "\n".join(self.rules), **files}

    def _preface(self, body):
        first = body.get_element_by_id("preface")
        second = copy.deepcopy(first)
        for child in list(first.find("div")):
            if child.tag != "dl":
                first.find("div").remove(child)
        for child in list(second):
            if child.tag != "div":
                second.remove(child)
        second.find("div").remove(second.find("div/dl"))
        return first, second

    def _chapters(self, body):
        whole = body.get_element_by_id("chapters")
        for child in list(whole):
            if child.tag == "h2" or (
                child.find("h2[@class='heading']") is not None and child.get("class") != "userstuff"
            ):
                part = whole.makeelement("div", {"id": "chapters", "class": "userstuff"})
                yield part
            if child.get("class") == "userstuff" and len(child) > 4:  # a long text, cut between two paragraphs
                rest = copy.deepcopy(child)
                for each in list(child)[3:]:
                    child.remove(each)
                for each in list(rest)[:3]:
                    rest.remove(each)
                rest.text = None
                part.append(child)
                part = whole.makeelement("div", {"id": "chapters", "class": "userstuff"})
                yield part
                part.append(rest)
                continue
            part.append(child)
            etree.SubElement(part, "div", id="calibre_pb_3").set("class", "calibre1")

    def _page(self, part) -> str:
        for element in part.iter():
            self._restyle(element)
            if element.get("href", "").startswith("#"):
                element.set("href", f"Work_split_002.xhtml{element.get('href')}")
        inner = etree.tostring(part, encoding="unicode", with_tail=False)
        return (
            '<?xml version="1.0" encoding="utf-8"?><html xmlns="http://www.w3.org/1999/xhtml"><head><title>x</title>'
            f'</head><body class="calibre">\n{inner}\n</body></html>'
        )

    def _restyle(self, element) -> None:
        kept = {"heading", "toc-heading", "tags", "byline", "message", "endnote-link"}
        name = element.get("class") or ""
        if name == "userstuff" and element.tag == "div":
            element.set("class", f"userstuff{1 if element.get('id') else 2}")
        elif name not in kept | {"userstuff"}:
            element.set("class", {"b": "calibre3", "strong": "calibre3", "i": "calibre11", "em": "calibre11"}.get(
                element.tag, self._aligned(element)
            ))  # fmt: skip

    def _aligned(self, element) -> str:
        side = element.attrib.pop("align", "center" if element.tag == "center" else "")
        number = next(self.numbers)
        if side:
            self.rules.append(f".calibre{number}, .other {{ display: block; text-align: {side} }}")
        return f"calibre{number}"


@pytest.mark.parametrize("case", CASES)
def test_the_epub_of_a_page_gives_the_same_story(case, page, tmp_path):
    path = page(case)
    files = Calibre(path.read_text(encoding="utf-8")).files()
    assert story(EPUB_READER, epub(tmp_path / "work.epub", files)) == story(READER, path)


@needs_samples
@pytest.mark.parametrize("name", PAIRS)
def test_real_downloads_give_the_same_story_as_html_and_as_epub(name):
    page = story(READER, SAMPLES / "ao3" / f"{name}.html")
    book = story(EPUB_READER, SAMPLES / "ao3" / f"{name}.epub")
    # The two were fetched years apart; in between a reader who was inspired took another pen name.
    assert replace(book, related=()) == replace(page, related=())
    assert [(each.kind, each.title, each.url) for each in book.related] == [
        (each.kind, each.title, each.url) for each in page.related
    ]


@needs_samples
def test_a_real_work_in_a_series_is_read_whole():
    work = story(EPUB_READER, SAMPLES / "ao3" / "complete-in-series.epub")
    assert [chapter.title for chapter in work.chapters] == [
        "Prologue", "", "Part 2", "Part 3", "Part 4", "Part 5", "Part 6", "Epilogue",
    ]  # fmt: skip
    assert work.tags(TagKind.RATING) == ("Teen And Up Audiences",)
    assert work.tags(TagKind.WARNING) == ("Creator Chose Not To Use Archive Warnings",)
    assert work.tags(TagKind.CATEGORY) == ("F/M", "M/M")
    assert [len(work.tags(kind)) for kind in TagKind] == [1, 1, 2, 1, 2, 5, 6]
    assert [(place.position, place.key) for place in work.series] == [(1, "15213")]
    assert (work.status, work.planned_chapters) == (Status.COMPLETE, 8)
    assert (work.source.site, work.source.key) == ("archiveofourown.org", "334557")
    assert [each.kind for each in work.related] == [RelationKind.TRANSLATED_AS, *[RelationKind.INSPIRED] * 2]
    assert work.related[0].language == "ru"
    words = sum(len(re.sub(r"<[^>]+>", " ", chapter.body).split()) for chapter in work.chapters)
    assert 0.95 * 31_623 < words < 1.05 * 31_623


@needs_samples
def test_a_real_unfinished_work_keeps_all_its_notes():
    work = story(READER, SAMPLES / "ao3" / "work-in-progress.html")
    assert (work.status, work.planned_chapters, len(work.chapters)) == (Status.IN_PROGRESS, None, 3)
    assert work.published == datetime(2006, 7, 9, tzinfo=UTC)
    assert work.updated == datetime(2007, 6, 25, tzinfo=UTC)
    assert work.notes_before.has_words()
    assert work.notes_after.has_words()
    assert [chapter.notes_before.has_words() for chapter in work.chapters] == [False, True, False]
    assert [chapter.notes_after.has_words() for chapter in work.chapters] == [False, True, True]


@needs_samples
@pytest.mark.parametrize("name", [f"{pair}.{kind}" for pair in PAIRS for kind in ("html", "epub")])
def test_the_archives_own_words_do_not_leak_into_real_stories(name):
    work = story(READER if name.endswith("html") else EPUB_READER, SAMPLES / "ao3" / name)
    texts = [text for each in work.chapters for text in (each.body, each.summary, each.notes_before, each.notes_after)]
    for text in [*texts, work.summary, work.notes_before, work.notes_after]:
        assert not re.search(
            r"Posted originally|drop by the Archive|See the end of the|Chapter End Notes|calibre", text
        )


def test_the_fate_of_the_file_is_told_relative_to_the_root(page):
    path = page()
    (found,) = [event for event in events(READER, path) if hasattr(event, "fates")]
    assert found.fates == (Fate(container="./", key="work.html", outcome=Outcome.IMPORTED, file=path),)


def test_an_authors_words_that_look_like_the_archives_stay_in_the_story(page):
    first = story(READER, page()).chapters[0]
    for words in ("Chapter Notes", "This quotation is mine.", "Not a chapter", "Nor is this", "the slate by the door"):
        assert words in first.body
    assert "This quotation is mine." not in first.notes_before + first.notes_after


def test_missing_chapters_are_a_grave_remark(page):
    found = events(READER, page("every-field", ("Chapters: 3/3", "Chapters: 4/4")))
    (remark,) = [event for event in found if isinstance(event, Remark)]
    assert remark.grave
    assert "work.html: says that it has 4 chapters but holds 3" in remark.text


@pytest.mark.parametrize(
    ("shown", "read"),
    [
        ("Choose Not To Use Archive Warnings", "Creator Chose Not To Use Archive Warnings"),
        ("Creator Chose Not To Use Archive Warnings", "Creator Chose Not To Use Archive Warnings"),
        ("Underage", "Underage Sex"),
        ("No Archive Warnings Apply", "No Archive Warnings Apply"),
        ("A warning of another archive", "A warning of another archive"),
    ],
)
def test_warnings_are_spelt_as_readers_know_them(page, shown, read):
    work = story(READER, page("one-shot", (">Underage<", f">{shown}<")))
    assert work.tags(TagKind.WARNING) == (read,)


@pytest.mark.parametrize(
    ("heading", "title"),
    [("Chapter 2: Tuesday", "Tuesday"), ("Chapter 2", ""), ("Tuesday", "Tuesday"), ("Chapter 3", "Chapter 3")],
)
def test_titles_of_chapters_lose_their_number_and_nothing_else(page, heading, title):
    work = story(READER, page("every-field", ("      Chapter 2\n", f"      {heading}\n")))
    assert work.chapters[1].title == title


def test_other_archives_with_the_same_software_keep_their_name(page):
    path = page("one-shot", ("archiveofourown.org", "squidgeworld.org"))
    assert story(READER, path).source.site == "squidgeworld.org"


def test_a_page_in_another_encoding_is_read_and_remarked_on(page):
    path = page("one-shot", ("&#8217;", "’"))
    path.write_bytes(path.read_text(encoding="utf-8").encode("windows-1252"))
    assert "Nobody’s son" in story(READER, path).chapters[0].body
    assert any("Windows-1252" in event.text for event in events(READER, path) if isinstance(event, Remark))


def test_a_page_that_was_cut_off_before_its_chapters_is_refused(page):
    path = page()
    text = path.read_text(encoding="utf-8")
    path.write_text(text[: text.index('<div id="chapters"')], encoding="utf-8")
    with pytest.raises(Unreadable, match=r"work\.html .* holds no chapter; download it again\."):
        stories(READER, path)


def test_other_pages_are_not_claimed(tmp_path):
    assert not READER.claims(tmp_path / "a.html", b"<html><div id='preface'>My preface</div>")
    assert not READER.claims(tmp_path / "a.txt", (GOLDEN / "one-shot" / "in.html").read_bytes())
