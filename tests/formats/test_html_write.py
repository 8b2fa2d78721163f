"""The one-file HTML download: whole, self-contained, and shaped so that readers' tools know it."""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from lxml import html

from tests.manuscripts import (
    make_chapter,
    make_manuscript,
    manuscripts,
    prose,
    sample_cjk,
    sample_footnotes,
    sample_long,
    sample_one_chapter,
    sample_pictures,
    sample_rtl,
)
from undying.formats import Request, Story
from undying.formats.ao3 import HtmlReader
from undying.formats.colophon import Archive
from undying.formats.epub import EpubWriter, read_own
from undying.formats.html_write import HtmlWriter
from undying.manuscript import Chapter, Credit, Manuscript, Picture, Prose, Status, Tagging, TagKind

if TYPE_CHECKING:
    from pathlib import Path

HERE = Archive(name="The Castle", work_url="https://castle.example/works/7")


def written(story: Manuscript, place: Archive = HERE) -> str:
    return HtmlWriter().write(story, place=place).decode("utf-8")


def tree(story: Manuscript, place: Archive = HERE) -> html.HtmlElement:
    return html.document_fromstring(HtmlWriter().write(story, place=place))


@settings(max_examples=25, deadline=None)
@given(manuscripts())
def test_any_story_gives_a_file_and_always_the_same(story: Manuscript):
    assert HtmlWriter().write(story) == HtmlWriter().write(story)
    assert written(story).endswith("</html>\n")


def test_the_skeleton_is_the_one_that_tools_look_for():
    page = tree(sample_one_chapter())
    assert [one.get("id") for one in page.xpath("/html/body/div")] == ["preface", "chapters", "afterword"]
    assert page.xpath("//h2[@class='toc-heading']/text()") == ["Preface", "Afterword"]
    assert page.xpath("//p[@class='message']//a/@href")[:2] == [
        "https://castle.example/",
        "https://castle.example/works/7",
    ]
    assert page.xpath("//dl[@class='tags']/dt/text()")[:4] == ["Rating:", "Archive Warning:", "Category:", "Fandom:"]
    assert page.xpath("//div[@id='preface']//h1/text()") == ["What the Typewriter Kept"]
    assert page.xpath("//blockquote[@class='userstuff']/preceding-sibling::p[1]/text()") == [
        "Summary",
        "Notes",
        "End Notes",
        "Disclaimer",
    ]
    assert page.xpath("//title/text()") == [
        "What the Typewriter Kept - Quincey's Hat, Dr. Seward - Dracula - Bram Stoker"
    ]


def test_text_stands_between_the_comments_and_in_userstuff():
    text = written(sample_footnotes())
    assert text.count("<!--chapter content-->") == text.count("<!--/chapter content-->") == 2
    assert re.search(r'<!--chapter content-->\n<div class="userstuff">\n<p>Odysseus wept', text)


def _read_back(story: Manuscript, folder: Path) -> Manuscript:
    path = folder / "story.html"
    path.write_bytes(HtmlWriter().write(story, place=HERE))
    reader = HtmlReader()
    assert reader.claims(path, path.read_bytes()[:65536])
    (found,) = [one for one in reader.read(path, Request(scratch=folder, root=folder)) if isinstance(one, Story)]
    return found.manuscript


@pytest.mark.parametrize(
    "sample", [sample_one_chapter, sample_footnotes, sample_rtl, sample_cjk, lambda: sample_long(12)]
)
def test_a_reader_of_the_archive_of_our_own_s_downloads_finds_everything_there(sample, tmp_path):
    story = sample()
    again = _read_back(story, tmp_path)
    for name in (
        "title",
        "language",
        "summary",
        "notes_before",
        "notes_after",
        "taggings",
        "status",
        "planned_chapters",
    ):
        assert getattr(again, name) == getattr(story, name), name
    assert again.gifts == story.gifts
    assert [one.name for one in again.credits] == [one.name for one in story.credits]
    assert [one.archived_by for one in again.credits] == [one.archived_by for one in story.credits]
    assert [(one.title, one.position) for one in again.series] == [(one.title, one.position) for one in story.series]
    assert again.related == tuple(replace(work, language="") for work in story.related)
    assert [one.title for one in again.chapters] == [one.title for one in story.chapters]
    assert [one.notes_after for one in again.chapters] == [one.notes_after for one in story.chapters]
    assert again.chapters[0].body.split()[:20] == story.chapters[0].body.split()[:20]


def test_nothing_is_loaded_from_anywhere():
    page = tree(sample_pictures())
    assert all(source.startswith("data:image/png;base64,") for source in page.xpath("//img/@src"))
    data = page.xpath("//img/@src")[0].partition(",")[2]
    assert base64.b64decode(data) == sample_pictures().pictures[0].data
    assert not page.xpath("//script | //link[@rel='stylesheet']")
    assert "@import" not in written(sample_pictures())
    assert "url(" not in written(sample_pictures())
    assert page.xpath("//a[@class='picture-elsewhere']/text()") == ["[Picture: Elsie at the window]"]


def test_a_kind_of_picture_that_books_do_not_know_is_shown_in_the_page():
    data = b"\x00\x00\x00\x20ftypavif" + bytes(20)
    picture = Picture(sha256=hashlib.sha256(data).hexdigest(), media_type="image/avif", data=data)
    body = f'<p><img src="picture:{picture.sha256}" alt="A bat"></p>'
    story = make_manuscript(pictures=(picture,), chapters=(make_chapter(body),))
    assert tree(story).xpath("//img/@src")[0].startswith("data:image/avif;base64,")
    book = EpubWriter().write(story)
    assert b"avif" not in book
    assert read_own(book) == story


def test_footnotes_of_two_chapters_do_not_meet():
    page = tree(sample_footnotes())
    ids = page.xpath("//*/@id")
    assert len(ids) == len(set(ids))
    links = page.xpath("//div[@class='userstuff']//a/@href")
    assert links == ["#user-fn1", "#user-ref1", "#user-fn1-2", "#user-ref1-2"]


def test_markup_in_names_is_shown_as_text():
    evil = '<img src=x onerror="x()">&\ud800'
    story = make_manuscript(
        title=evil,
        credits=(Credit(name=evil, url="javascript:x()"),),
        taggings=(Tagging(kind=TagKind.FANDOM, name=evil),),
        chapters=(make_chapter(title=evil, credits=(Credit(name=evil),)),),
        extras=((evil, evil),),
    )
    page = tree(story, Archive(name=evil, work_url="javascript:x()"))
    assert not page.xpath("//img")
    assert not page.xpath("//a[starts-with(@href, 'javascript')]")
    assert page.xpath("//h1/text()") == ['<img src=x onerror="x()">&']


def test_a_tag_with_commas_stays_one_tag():
    story = make_manuscript(
        taggings=(Tagging(kind=TagKind.ADDITIONAL, name="Fog, mostly"), Tagging(kind=TagKind.ADDITIONAL, name="Trains"))
    )
    assert tree(story).xpath("//dl[@class='tags']/dd[1]/a/text()") == ["Fog, mostly", "Trains"]


def test_direction_and_language_are_the_story_s():
    root = tree(sample_rtl())
    assert (root.get("lang"), root.get("dir")) == ("he", "rtl")
    assert tree(make_manuscript(language="")).get("lang") is None


def test_a_story_at_rest_says_so_and_a_finished_one_counts_its_chapters():
    assert "<dt>Status:</dt>\n<dd>On hiatus</dd>" in written(make_manuscript(status=Status.HIATUS))
    assert "Chapters: 1/1" in written(make_manuscript(status=Status.COMPLETE))
    assert "Chapters: 1/?" in written(make_manuscript())


def test_a_story_without_anything_is_still_a_page():
    page = tree(Manuscript(title="", chapters=()), Archive())
    assert page.xpath("//h1/text()") == ["Untitled"]
    assert page.xpath("//div[@class='byline']/text()") == ["by Anonymous"]


def test_chapter_notes_stand_around_the_text():
    chapter = replace(make_chapter(), summary=prose("S"), notes_before=prose("B"), notes_after=prose("A"))
    text = written(make_manuscript(chapters=(chapter, make_chapter())))
    order = ["Chapter Summary", "Chapter Notes", "<!--chapter content-->", 'id="endnotes1"', "Chapter End Notes"]
    assert sorted(order, key=text.index) == order


def test_prose_that_no_cleaner_wrote_cannot_leave_its_box():
    body = Prose("</div></div><p>a</p><div><!-- x -->")
    page = tree(make_manuscript(chapters=(Chapter(body=body),)))
    assert page.xpath("//div[@id='chapters']/div[@class='userstuff']//p/text()") == ["a"]
    assert [one.get("id") for one in page.xpath("/html/body/div")] == ["preface", "chapters", "afterword"]
