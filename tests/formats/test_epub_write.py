"""The EPUB as a file: what is in the zip, in the package and on the pages."""

from __future__ import annotations

import hashlib
import io
import re
import zipfile
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from lxml import etree

from tests.manuscripts import (
    DAY,
    LATER,
    make_chapter,
    make_manuscript,
    make_picture,
    manuscripts,
    prose,
    sample_cjk,
    sample_footnotes,
    sample_long,
    sample_one_chapter,
    sample_pictures,
    sample_rtl,
)
from undying.formats.colophon import Archive
from undying.formats.epub import EpubWriter, read_own
from undying.manuscript import Chapter, Credit, Manuscript, Prose, SeriesPlace, Tagging, TagKind

if TYPE_CHECKING:
    from collections.abc import Iterator

SPACES = {
    "opf": "http://www.idpf.org/2007/opf",
    "dc": "http://purl.org/dc/elements/1.1/",
    "h": "http://www.w3.org/1999/xhtml",
    "ncx": "http://www.daisy.org/z3986/2005/ncx/",
}
TYPE = "{http://www.idpf.org/2007/ops}type"
HERE = Archive(name="The Castle", work_url="https://castle.example/works/7", identifier="urn:uuid:" + "7" * 8)


class Opened:
    """An EPUB, opened for looking."""

    def __init__(self, story: Manuscript, place: Archive = HERE) -> None:
        self.bytes = EpubWriter().write(story, place=place)
        self.zip = zipfile.ZipFile(io.BytesIO(self.bytes))

    def text(self, name: str) -> str:
        return self.zip.read(f"EPUB/{name}").decode("utf-8")

    def tree(self, name: str) -> etree._Element:
        return etree.fromstring(self.zip.read(f"EPUB/{name}"))

    def find(self, name: str, path: str) -> list[etree._Element]:
        return self.tree(name).xpath(path, namespaces=SPACES)

    def metadata(self, prop: str) -> list[str]:
        return self.find("package.opf", f"//opf:meta[@property='{prop}']/text()")

    def core(self, name: str) -> list[str]:
        return self.find("package.opf", f"//dc:{name}/text()")

    def refined(self, own_id: str, prop: str) -> list[str]:
        return self.find("package.opf", f"//opf:meta[@refines='#{own_id}'][@property='{prop}']/text()")

    def xml_files(self) -> Iterator[str]:
        return (name for name in self.zip.namelist() if name.endswith((".xhtml", ".opf", ".ncx", "container.xml")))


SAMPLES = {
    "one": sample_one_chapter,
    "long": lambda: sample_long(12),
    "rtl": sample_rtl,
    "cjk": sample_cjk,
    "pictures": sample_pictures,
    "footnotes": sample_footnotes,
}


@pytest.mark.parametrize("sample", SAMPLES)
def test_the_same_story_gives_the_same_bytes_and_comes_back_whole(sample: str):
    story = SAMPLES[sample]()
    written = EpubWriter().write(story, place=HERE)
    assert written == EpubWriter().write(SAMPLES[sample](), place=HERE)
    assert read_own(written) == story


@settings(max_examples=25, deadline=None)
@given(manuscripts())
def test_any_story_becomes_well_formed_files_and_comes_back_whole(story: Manuscript):
    book = Opened(story, Archive())
    for name in book.xml_files():
        etree.fromstring(book.zip.read(name))
    assert read_own(book.bytes) == story


def test_the_archive_may_stay_unnamed():
    assert read_own(EpubWriter().write(sample_one_chapter())) == sample_one_chapter()


def test_the_mimetype_stands_first_and_plain_and_no_date_betrays_the_hour():
    book = Opened(sample_one_chapter())
    first = book.zip.infolist()[0]
    assert (first.filename, first.compress_type, first.extra) == ("mimetype", zipfile.ZIP_STORED, b"")
    assert book.bytes[30:58] == b"mimetypeapplication/epub+zip"
    assert {info.date_time for info in book.zip.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_the_manifest_names_exactly_the_files_of_the_book():
    book = Opened(sample_pictures())
    named = set(book.find("package.opf", "//opf:item/@href")) | {"package.opf"}
    assert named == {name.removeprefix("EPUB/") for name in book.zip.namelist() if name.startswith("EPUB/")}


def test_identifier_and_time_are_the_story_s_and_never_those_of_the_download():
    book = Opened(sample_one_chapter())
    assert book.core("identifier") == [HERE.identifier]
    assert book.metadata("dcterms:modified") == ["2005-11-01T17:45:30Z"]
    assert book.core("date") == ["2004-03-09"]
    assert book.core("source") == ["https://castle.example/works/7", "https://castle.example/works/334"]
    assert book.core("publisher") == ["The Castle"]


def test_without_an_archive_the_identifier_follows_the_source():
    story = sample_one_chapter()
    first, again = Opened(story, Archive()), Opened(replace(story, title="Renamed"), Archive())
    other = Opened(replace(story, source=replace(story.source, url="https://castle.example/works/335")), Archive())
    assert re.fullmatch(r"urn:uuid:[0-9a-f-]{36}", first.core("identifier")[0])
    assert first.core("identifier") == again.core("identifier") != other.core("identifier")


def test_the_last_change_is_that_of_the_newest_chapter_when_the_story_has_no_time():
    chapters = (make_chapter(published=DAY), make_chapter(published=LATER), make_chapter())
    assert Opened(make_manuscript(chapters=chapters)).metadata("dcterms:modified") == ["2005-11-01T17:45:30Z"]
    assert Opened(make_manuscript()).metadata("dcterms:modified") == ["2000-01-01T00:00:00Z"]


def test_creators_archivists_and_recipients_have_their_roles():
    book = Opened(sample_one_chapter())
    assert book.core("creator") == ["Quincey's Hat", "Dr. Seward"]
    assert book.core("contributor") == ["The Archivist", "Renfield", "Lucy"]
    assert book.metadata("role") == ["aut", "aut", "cur", "cur", "dte"]


def test_each_tag_is_a_subject_that_says_its_kind():
    book = Opened(sample_one_chapter())
    story = sample_one_chapter()
    assert book.core("subject") == [tagging.name for tagging in story.taggings]
    kinds = [authority.removeprefix("urn:undying:tag:") for authority in book.metadata("authority")]
    assert kinds == [str(tagging.kind) for tagging in story.taggings]


def test_every_series_is_a_collection_with_its_place_and_the_first_is_calibre_s():
    book = Opened(sample_one_chapter())
    assert book.metadata("belongs-to-collection") == ["Shorthand", "The Whole Machine", "Trains, Late"]
    assert book.refined("series-1", "group-position") == ["2"]
    assert book.refined("series-1", "belongs-to-collection") == ["The Whole Machine"]
    assert book.refined("series-1-within", "group-position") == ["1"]
    assert book.refined("series-2", "group-position") == ["7"]
    assert book.find("package.opf", "//opf:meta[@name='calibre:series']/@content") == ["Shorthand"]
    assert book.find("package.opf", "//opf:meta[@name='calibre:series_index']/@content") == ["2"]


def test_a_series_without_a_place_claims_none():
    book = Opened(make_manuscript(series=(SeriesPlace(title="Somewhere"),)))
    assert book.metadata("group-position") == []
    assert "calibre:series_index" not in book.text("package.opf")


def test_the_title_is_filed_without_its_article():
    assert Opened(make_manuscript()).refined("main-title", "file-as") == ["Guest of the Castle, The"]


def test_accessibility_claims_are_true():
    plain, mixed = Opened(sample_one_chapter()), Opened(sample_pictures())
    assert plain.metadata("schema:accessMode") == ["textual"]
    assert plain.metadata("dcterms:conformsTo") == ["EPUB Accessibility 1.1 - WCAG 2.2 Level AA"]
    assert mixed.metadata("schema:accessMode") == ["textual", "visual"]
    assert "alternativeText" not in mixed.metadata("schema:accessibilityFeature")
    assert mixed.metadata("schema:accessModeSufficient") == ["textual,visual"]
    assert mixed.metadata("dcterms:conformsTo") == []
    assert "rubyAnnotations" in Opened(sample_cjk()).metadata("schema:accessibilityFeature")
    assert Opened(make_manuscript(language="")).metadata("dcterms:conformsTo") == []


def test_a_picture_with_alt_text_is_said_to_have_one():
    picture = make_picture()
    body = f'<p><img src="picture:{picture.sha256}" alt="A bat"></p>'
    book = Opened(make_manuscript(pictures=(picture,), chapters=(make_chapter(body),)))
    assert "alternativeText" in book.metadata("schema:accessibilityFeature")
    assert book.metadata("dcterms:conformsTo")
    assert book.zip.read(f"EPUB/images/{picture.sha256}.png") == picture.data
    assert book.find("chapter-0001.xhtml", "//h:img/@alt") == ["A bat"]


def test_a_picture_elsewhere_becomes_a_link_under_its_words():
    book = Opened(sample_pictures())
    assert len(book.find("chapter-0001.xhtml", "//h:img")) == 2
    (link,) = book.find("chapter-0001.xhtml", "//h:a[@class='picture-elsewhere']")
    assert (link.get("href"), link.text) == (
        "https://pictures.example/elsie.png?a=1&b=2",
        "[Picture: Elsie at the window]",
    )


def test_bytes_that_are_no_picture_travel_in_the_exact_copy_alone():
    odd = replace(make_picture(), data=b"BM not for readers", sha256="")
    odd = replace(odd, sha256=hashlib.sha256(odd.data).hexdigest())
    body = f'<p><img src="picture:{odd.sha256}" alt="A bitmap"></p>'
    story = make_manuscript(pictures=(odd,), chapters=(make_chapter(body),))
    book = Opened(story)
    assert "[Picture: A bitmap]" in book.text("chapter-0001.xhtml")
    assert not [name for name in book.zip.namelist() if "images/" in name]
    assert read_own(book.bytes) == story


def test_chapters_keep_their_names_and_ids():
    book = Opened(sample_long(12))
    assert [name for name in book.zip.namelist() if "chapter-" in name][-1] == "EPUB/chapter-0012.xhtml"
    (section,) = book.find("chapter-0007.xhtml", "//h:section")
    assert (section.get("id"), section.get(TYPE), section.get("role")) == ("chapter-7", "chapter", "doc-chapter")


def test_nav_and_ncx_list_all_pages_in_order():
    book = Opened(sample_long(3))
    pages = ["title", "chapter-0001", "chapter-0002", "chapter-0003", "colophon"]
    hrefs = [f"{page}.xhtml" for page in pages]
    assert book.find("nav.xhtml", "//h:nav[@id='toc']//h:a/@href") == hrefs
    assert book.find("toc.ncx", "//ncx:content/@src") == hrefs
    assert book.find("nav.xhtml", "//h:nav[@id='toc']//h:a/text()")[1:4] == [
        "Chapter 1: Night 1",
        "Chapter 2: Night 2",
        "Chapter 3",
    ]
    assert book.find("package.opf", "//opf:itemref/@idref") == ["title", "nav", *pages[1:]]


def test_the_title_page_tells_what_a_reader_wants_to_know():
    lines = Opened(sample_one_chapter()).find("title.xhtml", "//h:p | //h:dt | //h:dd")
    page = " ".join(" ".join("".join(line.itertext()) for line in lines).split())
    for words in (
        "by Quincey's Hat, Dr. Seward [archived by The Archivist]",
        "leaves one page out",
        "Archive Warning No Archive Warnings Apply",
        "Part 2 of Shorthand, in The Whole Machine",
        "after Dr. Seward's Diary, chapter 21, canon divergent",
        "Status Complete",
        "Words 14",
        "Chapters 1/1",
        "Inspired by Phonograph by Jack",
        "Challenge Autumn Trains 2004",
    ):
        assert words in page


def test_notes_and_rights_have_their_pages():
    book = Opened(sample_one_chapter())
    assert "cried at the train timetable" in book.text("preface.xhtml")
    assert "Thank you for reading" in book.text("afterword.xhtml")
    assert "Bram Stoker's and everyone's" in book.text("colophon.xhtml")
    assert "https://castle.example/works/7" in book.text("colophon.xhtml")


def test_right_to_left_books_turn_their_pages_that_way_and_mark_english_words():
    book = Opened(sample_rtl())
    assert book.find("package.opf", "//opf:spine/@page-progression-direction") == ["rtl"]
    root = book.tree("chapter-0001.xhtml")
    assert (root.get("lang"), root.get("dir")) == ("he", "rtl")
    assert book.find("title.xhtml", "//h:dt/h:span[@lang='en'][@dir='ltr']/text()")[:2] == ["Fandom", "Character"]


def test_footnotes_lead_there_and_back_in_each_chapter():
    book = Opened(sample_footnotes())
    for name in ("chapter-0001.xhtml", "chapter-0002.xhtml"):
        there, back = book.find(name, "//h:a[starts-with(@href, '#')]")
        assert (there.get(TYPE), there.get("role")) == ("noteref", "doc-noteref")
        assert (back.get(TYPE), back.get("role")) == ("backlink", "doc-backlink")
        (note,) = book.find(name, f"//*[@id='{there.get('href')[1:]}']")
        assert (note.get(TYPE), note.get("role")) == ("footnote", "doc-footnote")
        assert back.get("href")[1:] == there.get("id")


def test_a_note_in_another_chapter_is_found_and_a_lost_one_becomes_text():
    chapters = (
        make_chapter('<p>See <a href="#user-far">the end</a> and <a href="#user-gone">nothing</a>.</p>'),
        make_chapter('<p id="user-far">Here.</p>'),
    )
    book = Opened(make_manuscript(chapters=chapters))
    assert book.find("chapter-0001.xhtml", "//h:section//h:a/@href") == ["chapter-0002.xhtml#user-far"]
    assert "nothing" in book.text("chapter-0001.xhtml")


def test_the_same_id_in_text_and_notes_of_one_chapter_stays_apart():
    note = '<p><a href="#user-a">up</a></p><p id="user-a">x</p>'
    book = Opened(make_manuscript(chapters=(make_chapter(note, notes_after=prose(note)),)))
    assert book.find("chapter-0001.xhtml", "//h:p/@id") == ["user-a", "user-a-2"]
    assert book.find("chapter-0001.xhtml", "//h:p/h:a/@href") == ["#user-a", "#user-a-2"]


def test_relative_and_broken_addresses_do_not_become_links():
    body = (
        '<p><a href="http://exa mple.org/">x</a><a href="http://[">y</a>'
        '<a href="https://castle.example/a b?q=é%">z</a></p>'
    )
    book = Opened(make_manuscript(chapters=(Chapter(body=Prose(body)),)))
    assert book.find("chapter-0001.xhtml", "//h:p/h:a/@href") == ["https://castle.example/a%20b?q=%C3%A9%25"]
    assert book.find("chapter-0001.xhtml", "//h:p/h:a/text()") == ["x", "y", "z"]


def test_headings_in_the_text_follow_the_chapter_s_without_a_gap():
    book = Opened(make_manuscript(chapters=(make_chapter("<h1>a</h1><h5>b</h5><p>c</p><h2>d</h2>"),)))
    levels = [etree.QName(one).localname for one in book.find("chapter-0001.xhtml", "//h:div[@class='story']/*")]
    assert levels == ["h3", "h4", "p", "h3"]


@pytest.mark.parametrize(
    ("markup", "expected"),
    [
        ("<em><p>a</p></em>", '<div class="as-em"><p>a</p></div>'),
        ("<p>a<ul>b<li>c</li></ul></p>", "<div>a<ul><li>b</li><li>c</li></ul></div>"),
        ("<li>a</li>", "<div>a</div>"),
        ("<dl><dd>a</dd></dl>", "<div><div>a</div></div>"),
        ("<table><tr>a</tr><p>b</p></table>", "<div><div><div>a</div></div><p>b</p></div>"),
        ("<ruby><rt>a</rt></ruby>", "<span><span>a</span></span>"),
        ('<a href="https://a.example/"><b><a href="https://b.example/">c</a></b></a>', None),
        ("<i></i>", "<i></i>"),
        ("a < b ]]> &eacute; &amp;", "a &lt; b ]]&gt; é &amp;"),
        ("<details><p>a</p></details>", "<details><summary>…</summary><p>a</p></details>"),
        ("\x00\x0b\ud800a\ufffe", "a"),
        ("<div>" * 500 + "deep" + "</div>" * 500, None),
    ],
)
def test_prose_that_no_cleaner_wrote_still_becomes_sound_markup(markup: str, expected: str | None):
    book = Opened(make_manuscript(chapters=(Chapter(body=Prose(markup)),)))
    (story,) = book.find("chapter-0001.xhtml", "//h:div[@class='story']")
    assert not story.xpath(".//h:a//h:a", namespaces=SPACES)
    if expected is not None:
        assert f'<div class="story">\n{expected}\n</div>' in book.text("chapter-0001.xhtml")
    else:
        assert "".join(story.itertext()).strip() in {"c", "deep"}


def test_a_story_without_chapters_words_or_names_is_still_a_book():
    book = Opened(Manuscript(title=" ", chapters=()), Archive())
    assert book.core("title") == ["Untitled"]
    assert book.core("language") == ["und"]
    assert book.core("creator") == []
    assert book.metadata("schema:wordCount") == ["0"]


def test_hostile_metadata_is_text_and_nothing_else():
    evil = '"><script>x</script>]]>&\x00\ud800\U0001f987'
    story = make_manuscript(
        title=evil,
        credits=(Credit(name=evil, url="javascript:x"),),
        taggings=(Tagging(kind=TagKind.ADDITIONAL, name=evil), Tagging(kind=TagKind.FANDOM, name=" ")),
        language="not a language!",
        extras=((evil, evil),),
    )
    book = Opened(story, Archive(name=evil, work_url="not an address"))
    legal = '"><script>x</script>]]>&\U0001f987'
    assert book.core("title") == [legal]
    assert book.core("subject") == [legal]
    assert not book.find("title.xhtml", "//h:script")
    assert "javascript:" not in book.text("title.xhtml")


def test_times_before_the_zone_are_given_in_utc():
    night = datetime.fromisoformat("2004-03-09T23:30:00-05:00").astimezone(UTC)
    assert Opened(make_manuscript(updated=night)).metadata("dcterms:modified") == ["2004-03-10T04:30:00Z"]


def test_the_exact_copy_is_refused_when_it_was_changed_or_the_file_is_none_of_ours():
    written = Opened(sample_pictures())
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as forged:
        for info in written.zip.infolist():
            data = written.zip.read(info)
            forged.writestr(info, data[:-1] + b"x" if "images/" in info.filename else data)
    assert read_own(out.getvalue()) is None
    assert read_own(b"PK no zip") is None
    assert read_own(b"") is None
    assert read_own(written.bytes[:-400]) is None


def test_the_exact_copy_is_cleaned_when_it_is_read():
    written = Opened(sample_one_chapter())
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as forged:
        for info in written.zip.infolist():
            forged.writestr(info, written.zip.read(info).replace(b"The train was late", b"<script>x</script>late"))
    story = read_own(out.getvalue())
    assert story is not None
    assert "script" not in story.chapters[0].body


def test_read_own_takes_a_path(tmp_path):
    path = tmp_path / "story.epub"
    path.write_bytes(EpubWriter().write(sample_cjk()))
    assert read_own(path) == sample_cjk()
