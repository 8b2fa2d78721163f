"""FictionBook: a book's sections as chapters, its description as what is known of the story."""

from __future__ import annotations

import base64
import zipfile

import pytest

from tests.manuscripts import make_picture
from undying.formats import Remark, Request, Story, Unreadable
from undying.formats.fb2 import READER
from undying.formats.registry import reader_for
from undying.manuscript import Manuscript, Status, TagKind

PICTURE = make_picture(3)
BOOK = f"""<?xml version="1.0" encoding="utf-8"?>
<FictionBook xmlns="http://www.gribuser.ru/xml/fictionbook/2.0" xmlns:l="http://www.w3.org/1999/xlink">
 <description>
  <title-info>
   <genre>sf_horror</genre>
   <author><first-name>Mina</first-name><last-name>Harker</last-name><nickname>quiet_tide</nickname></author>
   <author><first-name>Lucy</first-name><last-name>Westenra</last-name></author>
   <book-title>Лампа</book-title>
   <annotation><p>He <emphasis>never</emphasis> came back.</p></annotation>
   <keywords>night, lamp</keywords>
   <date value="2004-02-29">29 февраля</date>
   <lang>ru</lang>
   <sequence name="Nights" number="2"/>
   <status>complete</status>
  </title-info>
  <document-info><program-used>a script</program-used><date value="2005-01-01"/></document-info>
 </description>
 <body>
  <title><p>Лампа</p></title>
  <epigraph><p>Wait.</p></epigraph>
  <section><title><p>Ночь</p><p>первая</p></title>
   <p>It burned<a l:href="#n1" type="note">[1]</a> &amp; <strong>went</strong> out.</p>
   <empty-line/>
   <image l:href="#pic.png"/>
   <poem><stanza><v>One line</v><v>Another</v></stanza></poem>
   <subtitle>* * *</subtitle>
  </section>
  <section><title><p>Ночь вторая</p></title><section><title><p>Inner</p></title><p>Rain.</p></section></section>
 </body>
 <body name="notes"><section id="n1"><title><p>1</p></title><p>With oil.</p></section></body>
 <binary id="pic.png" content-type="image/png">{base64.b64encode(PICTURE.data).decode()}</binary>
 <binary id="bad" content-type="application/x-program">TVqQ</binary>
</FictionBook>"""


def read(path, scratch) -> tuple[Manuscript, list[str]]:
    scratch.mkdir(exist_ok=True)
    events = list(READER.read(path, Request(scratch=scratch, root=path.parent)))
    (story,) = [each.manuscript for each in events if isinstance(each, Story)]
    return story, [each.text for each in events if isinstance(each, Remark)]


@pytest.fixture
def book(tmp_path):
    path = tmp_path / "lamp.fb2"
    path.write_text(BOOK, encoding="utf-8")
    return path


def test_a_book_is_read_whole(book, tmp_path):
    assert reader_for(book, book.read_bytes()) is READER
    story, remarks = read(book, tmp_path / "s")
    first, second = story.chapters

    assert (story.title, story.language, story.status) == ("Лампа", "ru", Status.COMPLETE)
    assert [each.name for each in story.credits] == ["quiet_tide", "Lucy Westenra"]
    assert (first.title, second.title) == ("Ночь первая", "Ночь вторая")
    assert "Wait." in first.body
    assert "<strong>went</strong>" in first.body
    assert f"picture:{PICTURE.sha256}" in first.body
    assert [each.sha256 for each in story.pictures] == [PICTURE.sha256]
    assert 'href="#user-n1"' in first.body
    assert "With oil." in first.body
    assert "One line<br>Another" in first.body
    assert "Inner" in second.body
    assert story.tags(TagKind.ADDITIONAL) == ("sf_horror", "night", "lamp")
    assert (story.series[0].title, story.series[0].position) == ("Nights", 2)
    assert (story.published.year, story.updated.year) == (2004, 2005)
    assert "<em>never</em>" in story.summary
    assert remarks == ["lamp.fb2: 1 pictures are no pictures that a page can show, or too large."]


def test_a_packed_book_is_the_same_book(book, tmp_path):
    packed = tmp_path / "lamp.fb2.zip"
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.write(book, "lamp.fb2")
    assert read(packed, tmp_path / "s")[0] == read(book, tmp_path / "s")[0]


def test_hostile_xml_is_read_without_resolving_anything(tmp_path):
    path = tmp_path / "trap.fb2"
    bomb = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10 if n else "ha"}">' for n in range(12))
    secret = tmp_path / "secret.txt"
    secret.write_text("the key is under the mat")
    path.write_text(
        f'<!DOCTYPE FictionBook [{bomb}<!ENTITY x SYSTEM "{secret.as_uri()}">]>'
        "<FictionBook><description><title-info><book-title>T</book-title></title-info></description>"
        "<body><section><p>&a11; &x; words <script>alert(1)</script></p></section></body></FictionBook>"
    )
    story, _ = read(path, tmp_path / "s")
    assert "under the mat" not in str(story)
    assert "hahahaha" not in str(story)
    assert "<script" not in story.chapters[0].body


@pytest.mark.parametrize("data", [b"", b"<html><body>No</body></html>", b"PK\x03\x04", b"\0" * 50])
def test_what_is_no_book_is_refused(tmp_path, data):
    path = tmp_path / "x.fb2"
    path.write_bytes(data)
    with pytest.raises(Unreadable, match=r"x\.fb2"):
        read(path, tmp_path / "s")


def test_a_book_that_is_cut_off_is_read_as_far_as_it_goes(book, tmp_path):
    data = book.read_bytes()
    book.write_bytes(data[: data.index("Ночь вторая".encode())])
    story, _ = read(book, tmp_path / "s")
    assert "went" in story.chapters[0].body


def test_deep_nesting_ends(tmp_path):
    path = tmp_path / "deep.fb2"
    path.write_text(
        "<FictionBook><body>" + "<section>" * 1000 + "<p>Deep.</p>" + "</section>" * 1000 + "</body></FictionBook>"
    )
    story, _ = read(path, tmp_path / "s")
    assert "Deep." in "".join(chapter.body for chapter in story.chapters)
