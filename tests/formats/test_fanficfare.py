"""FanFicFare's three shapes carry one story; renamed labels, numbered chapters and notes are understood."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest

from tests.formats.downloads import NCX_ITEM, TITLE, epub, events, ncx, package, page, stories, story
from tests.samples import SAMPLES, needs_samples
from undying.formats import Remark, Story, Unreadable
from undying.formats.epub_read import READER as EPUB_READER
from undying.formats.fanficfare import READER_HTML, READER_TXT
from undying.manuscript import Status, TagKind

MADE = "<dc:contributor>FanFicFare [https://github.com/JimmXinu/FanFicFare]</dc:contributor>"
URL = "https://archiveofourown.org/works/1897"
HEADING = (
    f'<h3><a href="{URL}">The Castle</a> by <a class="authorlink" href="https://archiveofourown.org/users/mina/pseuds/'
    'Madam%20Mina">Madam Mina</a>, <a class="authorlink" href="https://archiveofourown.org/users/lucy">lucy</a></h3>'
)
LINES = """<div>
<b>Series:</b> <a href="https://archiveofourown.org/series/12">Letters, Linen and Lies [3]</a><br />

<b>Fandoms:</b> Dracula, or: The Undead, Carmilla<br />

<b>Genre:</b> F/F, slow burn, blood, sweat and tears<br />

<b>Stimmung:</b> finster<br />

<b>Relationships:</b> Mina/Lucy<br />

<b>Characters:</b> Mina Harker, Lucy Westenra<br />

<b>Language:</b> Deutsch<br />

<b>Status:</b> Completed<br />

<b>Date Published:</b> 2019-10-31<br />

<b>Updated:</b> 2020-02-29 10:20:30<br />

<b>Packaged:</b> 2022-03-11 08:59:11<br />

<b>Rating:</b> Mature<br />

<b>Warnings:</b> Choose Not To Use Archive Warnings<br />

<b>Chapters:</b> 2<br />

<b>Words:</b> 3,419<br />

<b>Publisher:</b> archiveofourown.org<br />

<b>Story URL:</b> https://archiveofourown.org/works/1897<br />

<b>Summary:</b> <div class="userstuff"><p>He owns <b>Castle:</b> one.</p></div><br />

<b>Kudos:</b> 1544<br />

</div>"""
SUBJECTS = "".join(
    f"<dc:subject>{name}</dc:subject>"
    for name in (
        "FanFiction", "Completed", "Last Update: 2020/02/29", "Dracula, or: The Undead", "blood, sweat and tears",
        "F/F",
    )
)  # fmt: skip
ONE = page(
    '<h3 class="fff_chapter_title">1. The Guest</h3><div class="story"><div class="fff_chapter_notes fff_head_notes">'
    "<b>Author's Note:</b><blockquote class='userstuff'><p>For Lucy.</p></blockquote><b>Summary for the Chapter:</b>"
    "<blockquote><p>He comes.</p></blockquote><b>Notes for the Chapter:</b><blockquote><p>Early.</p></blockquote></div>"
    "<p>Welcome to my <i>house</i>.</p><p><b>Note:</b> the door stuck.</p>"
    '<div class="fff_chapter_notes fff_foot_notes"><b>Notes for the Chapter:</b><blockquote><p>Late.</p></blockquote>'
    "</div></div>",
    '<meta name="chapterurl" content="https://archiveofourown.org/works/1897/chapters/45"/>'
    '<meta name="chapterorigtitle" content="The Guest"/>',
    ' class="fff_chapter"',
)
TWO = page(
    '<h3 class="fff_chapter_title">2. The Bill</h3><p>He paid.</p><div class="fff_chapter_notes fff_foot_notes">'
    "<b>Author's Note:</b><blockquote><p>Thank you.</p></blockquote></div>",
    '<meta name="chapterorigtitle" content="The Bill"/>',
    ' class="fff_chapter"',
)


def made(path, pages, metadata=MADE + SUBJECTS, items="", extra=None):
    return epub(path, {"content.opf": package(pages, TITLE + metadata, items=items), **pages, **(extra or {})})


@pytest.fixture
def castle(tmp_path):
    pages = {
        "title_page.xhtml": page(HEADING + LINES, attributes=' class="fff_titlepage"'),
        "toc_page.xhtml": page('<a href="file0001.xhtml">1. The Guest</a>'),
        "log_page.xhtml": page("<h3>Update Log</h3><p>2020-02-29: new chapter</p>"),
        "file0001.xhtml": ONE,
        "file0002.xhtml": TWO,
    }
    return made(tmp_path / "castle.epub", pages)


def words_of(prose: str) -> list[str]:
    return re.sub(r"<[^>]+>", " ", prose).split()


@needs_samples
def test_the_three_shapes_of_one_story_agree():
    book = story(EPUB_READER, SAMPLES / "fanficfare" / "test-adapter.epub")
    for reader, name in ((READER_HTML, "test-adapter.html"), (READER_TXT, "test-adapter.txt")):
        other = story(reader, SAMPLES / "fanficfare" / name)
        for part in (
            "title", "credits", "language", "status", "published", "updated", "source", "extras", "taggings", "summary",
        ):  # fmt: skip
            assert getattr(other, part) == getattr(book, part), part
        assert [chapter.title for chapter in other.chapters] == [chapter.title for chapter in book.chapters]
        for mine, its in zip(other.chapters, book.chapters, strict=True):
            assert words_of(mine.body) == words_of(its.body)


@needs_samples
def test_the_offline_story_is_read_whole():
    book = story(EPUB_READER, SAMPLES / "fanficfare" / "test-adapter.epub")
    assert book.title == "Test Story Title 12345"
    assert [credit.name for credit in book.credits] == ["Test Author aa"]
    assert (book.status, book.language) == (Status.IN_PROGRESS, "en")
    assert book.published == datetime(1975, 3, 15, tzinfo=UTC)
    assert book.updated == datetime(1975, 4, 15, tzinfo=UTC)
    assert (book.source.site, book.source.url) == ("test1.com", "http://test1.com?sid=12345")
    assert [chapter.title for chapter in book.chapters] == ["Prologue"]
    assert book.chapters[0].body.count("<p>") == 17
    assert book.extras == (("Words", "123,456"),)


@needs_samples
def test_a_real_epub_made_from_ao3_regains_the_kinds_of_its_tags():
    book = story(EPUB_READER, SAMPLES / "epub" / "fanficfare-from-ao3.epub")
    assert (book.source.site, book.source.key) == ("archiveofourown.org", "19153414")
    assert [len(book.tags(kind)) for kind in TagKind] == [1, 1, 1, 1, 1, 2, 4]
    assert book.tags(TagKind.CATEGORY) == ("M/M",)
    assert book.tags(TagKind.FANDOM) == ("Node Unfit - Dark Pretty & Treat Reduction",)
    assert book.tags(TagKind.WARNING) == ("No Archive Warnings Apply",)
    assert (book.status, book.planned_chapters) == (Status.COMPLETE, 1)
    assert (book.chapters[0].title, book.chapters[0].key) == ("", "45522946")
    assert "Author's Note" not in book.notes_before
    assert book.notes_before.startswith("<p>This is me best")
    assert book.chapters[0].body.startswith("<p>“Oh.")
    assert [label for label, _ in book.extras] == ["Words", "Comments", "Kudos", "Collections"]


def test_every_line_of_the_title_page_is_understood_or_kept(castle):
    book = story(EPUB_READER, castle)
    assert book.title == "The Castle"
    assert [(credit.name, credit.account) for credit in book.credits] == [("Madam Mina", "mina"), ("lucy", "lucy")]
    assert book.tags(TagKind.FANDOM) == ("Dracula, or: The Undead", "Carmilla")
    assert book.tags(TagKind.CATEGORY) == ("F/F",)
    assert book.tags(TagKind.ADDITIONAL) == ("slow burn", "blood, sweat and tears")
    assert book.tags(TagKind.WARNING) == ("Creator Chose Not To Use Archive Warnings",)
    assert [(place.title, place.position, place.key) for place in book.series] == [("Letters, Linen and Lies", 3, "12")]
    assert (book.language, book.status) == ("de", Status.COMPLETE)
    assert book.published == datetime(2019, 10, 31, tzinfo=UTC)
    assert book.updated == datetime(2020, 2, 29, 10, 20, 30, tzinfo=UTC)
    assert book.summary == "<p>He owns <b>Castle:</b> one.</p>"
    assert book.extras == (
        ("Stimmung", "finster"),
        ("Words", "3,419"),
        ("Kudos", "1544"),
        ("Update Log", "Update Log 2020-02-29: new chapter"),
    )


def test_chapters_lose_their_numbers_and_keep_their_notes_apart(castle):
    book = story(EPUB_READER, castle)
    first, second = book.chapters
    assert (first.title, first.key, second.title) == ("The Guest", "45", "The Bill")
    assert first.body == "<p>Welcome to my <i>house</i>.</p>\n<p><b>Note:</b> the door stuck.</p>"
    assert (first.summary, first.notes_before, first.notes_after) == (
        "<p>He comes.</p>",
        "<p>Early.</p>",
        "<p>Late.</p>",
    )
    assert (book.notes_before, book.notes_after) == ("<p>For Lucy.</p>", "<p>Thank you.</p>")
    assert (second.body, second.notes_after) == ("<p>He paid.</p>", "")


def test_a_title_page_of_table_rows_says_the_same(tmp_path, castle):
    rows = re.sub(r"<b>([^<]+:)</b> (.*?)<br />", r"<tr><td><b>\1</b></td><td>\2</td></tr>", LINES)
    rows = rows.replace("<div>\n", "<table>", 1).rpartition("</div>")[0] + "</table>"
    pages = {
        "title_page.xhtml": page(HEADING + rows, attributes=' class="fff_titlepage"'),
        "log_page.xhtml": page("<h3>Update Log</h3><p>2020-02-29: new chapter</p>"),
        "file0001.xhtml": ONE,
        "file0002.xhtml": TWO,
    }
    assert story(EPUB_READER, made(tmp_path / "rows.epub", pages)) == story(EPUB_READER, castle)


def test_without_a_title_page_the_package_speaks(tmp_path):
    metadata = (
        f"{MADE}{SUBJECTS}<dc:creator>Mina</dc:creator><dc:language>de</dc:language><dc:description>One.</dc:description>"
        '<dc:identifier id="fanficfare-uid">fanficfare-uid:vampires.example-u5-s51</dc:identifier>'
    )
    book = story(EPUB_READER, made(tmp_path / "bare.epub", {"file0001.xhtml": ONE}, metadata))
    assert (book.title, book.credits[0].name, book.language) == ("The Count's Letters", "Mina", "de")
    assert (book.source.site, book.source.key) == ("vampires.example", "51")
    assert book.tags(TagKind.ADDITIONAL) == ("Dracula, or: The Undead", "blood, sweat and tears", "F/F")


def test_chapters_that_are_missing_are_told(castle, tmp_path):
    pages = {"title_page.xhtml": page(HEADING + LINES, attributes=' class="fff_titlepage"'), "file0001.xhtml": ONE}
    found = events(EPUB_READER, made(tmp_path / "part.epub", pages))
    assert any(
        event.grave and "has 2 chapters but holds 1" in event.text for event in found if isinstance(event, Remark)
    )


def inner(number: str, title: str) -> dict[str, str]:
    heading = f'<h3><a href="{URL}{number}">{title}</a> by <a class="authorlink" href="http://x.example">Mina</a></h3>'
    pages = {"OEBPS/title_page.xhtml": page(heading), "OEBPS/file0001.xhtml": page(f"<p>The text of {title}.</p>")}
    return {f"{number}/content.opf": package(pages, TITLE + MADE), **{f"{number}/{k}": v for k, v in pages.items()}}


def anthology(path, *numbers, spoilt=()):
    titles = ["The Castle", "The Coach", "The Ship", "The Asylum"]
    inside = {
        key: text for number, title in zip(numbers, titles, strict=False) for key, text in inner(number, title).items()
    }
    pages = {name: text for name, text in inside.items() if name.endswith("xhtml")}
    whole = "<dc:title>Gothic Letters Anthology</dc:title><dc:identifier>epubmerge-uid-1</dc:identifier>" + (
        "<dc:source>https://archiveofourown.org/series/12</dc:source>" + MADE
    )
    files = {"content.opf": package(pages, whole), **inside}
    return epub(path, {name: text for name, text in files.items() if name not in spoilt})


def test_an_anthology_is_several_stories_in_a_series(tmp_path):
    path = anthology(tmp_path / "all.epub", "1", "2", "10")
    found = [event for event in events(EPUB_READER, path) if isinstance(event, Story)]
    books = [event.manuscript for event in found]
    assert [book.title for book in books] == ["The Castle", "The Coach", "The Ship"]
    assert [book.source.key for book in books] == ["18971", "18972", "189710"]
    assert [[(place.title, place.position, place.key) for place in book.series] for book in books] == [
        [("Gothic Letters", 1, "12")],
        [("Gothic Letters", 2, "12")],
        [("Gothic Letters", 3, "12")],
    ]
    assert books[1].chapters[0].body == "<p>The text of The Coach.</p>"
    assert [[(fate.key, fate.detail) for fate in event.fates] for event in found] == [
        [("all.epub", "an anthology of 3 stories")],
        [],
        [],
    ]


def test_one_damaged_story_does_not_cost_the_others(tmp_path):
    path = anthology(tmp_path / "all.epub", "1", "2", spoilt=("2/OEBPS/file0001.xhtml", "2/OEBPS/title_page.xhtml"))
    found = events(EPUB_READER, path)
    assert len(stories(EPUB_READER, path)) == 1
    assert any(
        event.grave and "story of the anthology is missing" in event.text
        for event in found
        if isinstance(event, Remark)
    )


TEXT = """


The Castle

by Madam Mina, lucy



Series: Gothic Letters [3]
Category: Dracula
Genre: slow burn, a very long list of tags which goes on
and on, blood
Language: English
Status: Completed
Published: 2019-10-31
Packaged: 2022-03-11 08:59:11
Chapters: 2
Story URL: http://vampires.example/viewstory.php?sid=51
Author URL: http://vampires.example/viewuser.php?uid=5, http://vampires.example/viewuser.php?uid=6
Summary: He owns one
shirt.

Castle: starch



TABLE OF CONTENTS

\tThe Guest
\tThe Bill



\tThe Guest


Welcome to my
_house_.

* * *


\tNot a chapter


**Enter** freely & 5 < 6.



\tThe Bill


He paid.




End file.
"""


@pytest.fixture
def text_file(tmp_path):
    def write(text=TEXT):
        path = tmp_path / "castle.txt"
        path.write_bytes(text.replace("\n", "\r\n").encode())
        return path

    return write


def test_the_text_file_is_read_with_its_labels(text_file):
    found = story(READER_TXT, text_file())
    assert [(credit.name, credit.key) for credit in found.credits] == [("Madam Mina", "5"), ("lucy", "6")]
    assert found.tags(TagKind.ADDITIONAL) == ("slow burn", "a very long list of tags which goes on and on", "blood")
    assert found.tags(TagKind.FANDOM) == ("Dracula",)
    assert (found.series[0].title, found.series[0].position) == ("Gothic Letters", 3)
    assert (found.source.site, found.source.key) == ("vampires.example", "51")
    assert words_of(found.summary) == ["He", "owns", "one", "shirt.", "Castle:", "starch"]
    assert found.status is Status.COMPLETE


def test_only_titles_from_the_contents_part_the_text(text_file):
    first, second = story(READER_TXT, text_file()).chapters
    assert (first.title, second.title) == ("The Guest", "The Bill")
    assert "<em>house</em>" in first.body
    assert "Not a chapter" in first.body
    assert "<strong>Enter</strong> freely &amp; 5 &lt; 6." in first.body
    assert second.body == "<p>He paid.</p>"


def test_a_text_file_that_was_cut_off_says_so(text_file):
    found = events(READER_TXT, text_file(TEXT[: TEXT.index("Enter")]))
    remarks = " ".join(event.text for event in found if isinstance(event, Remark) and event.grave)
    assert "cut off" in remarks
    assert "has 2 chapters but holds 1" in remarks


def test_a_text_file_without_a_chapter_is_refused(text_file):
    with pytest.raises(Unreadable, match="holds no chapter"):
        events(READER_TXT, text_file(TEXT[: TEXT.index("TABLE")]))


def test_other_texts_are_not_claimed(tmp_path):
    assert not READER_TXT.claims(tmp_path / "a.txt", b"Dracula\n\nby Bram Stoker\n\nCHAPTER I\n\n3 May. Bistritz.")
    assert not READER_TXT.claims(tmp_path / "a.doc", TEXT.encode())
    assert not READER_HTML.claims(tmp_path / "a.html", b"<h1>Dracula</h1>")


HTML = f"""<!DOCTYPE html><html><head><meta charset="UTF-8"></head><body>
<h1>{HEADING[4:-5]}</h1>
<table class="full">
<tr><td><b>Category:</b></td><td>Dracula</td></tr>
<tr><td><b>Chapters:</b></td><td>2</td></tr>
<tr><td colspan="2"><b>Summary:</b> He owns <i>one</i> shirt.</td></tr>
</table>
<a name="TOCTOP"><h2>Table of Contents</h2>
<p><a href="#section0001">The Guest</a></p>
<p><a href="#section0002">The Bill</a></p>
</a>
<a name="section0001"><h2>The Guest</h2></a>
<div class="story"><p>Welcome.</p></div>
<a name="section0002"><h2>The Bill</h2></a>
<p>He <b>paid</b>.</p>
</body></html>"""


def test_the_html_file_is_read_chapter_by_chapter(tmp_path):
    path = tmp_path / "castle.html"
    path.write_text(HTML, encoding="utf-8")
    found = story(READER_HTML, path)
    assert [(chapter.title, chapter.body) for chapter in found.chapters] == [
        ("The Guest", "<p>Welcome.</p>"),
        ("The Bill", "<p>He <b>paid</b>.</p>"),
    ]
    assert found.summary == "<p>He owns <i>one</i> shirt.</p>"
    assert found.tags(TagKind.FANDOM) == ("Dracula",)
    assert (found.title, found.source.key) == ("The Castle", "1897")


def test_a_damaged_table_of_contents_costs_only_titles(tmp_path):
    pages = {"file0001.xhtml": page("<p>Welcome.</p>")}
    path = made(tmp_path / "a.epub", pages, items=NCX_ITEM, extra={"toc.ncx": ncx([("file0001.xhtml", "One")])[:-20]})
    assert [chapter.body for chapter in story(EPUB_READER, path).chapters] == ["<p>Welcome.</p>"]
