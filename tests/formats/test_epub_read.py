"""Any EPUB is read: what its package says, its pages as chapters, its pictures; and what is none is refused clearly."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.formats.downloads import (
    CSS_ITEM,
    NCX_ITEM,
    PNG,
    TITLE,
    book,
    epub,
    events,
    ncx,
    package,
    page,
    stories,
    story,
    zipped,
)
from undying.formats import Fate, Outcome, Remark, Request, Story, Unreadable, epub_read
from undying.formats.epub import EpubWriter
from undying.formats.epub_read import READER
from undying.manuscript import Chapter, Credit, Manuscript, RawHtml, Source, TagKind
from undying.manuscript.clean import clean

PAGES = {"one.xhtml": "<h1>The Guest</h1><p>Welcome.</p>", "two.xhtml": "<h1>The Bill</h1><p>He paid.</p>"}


def made(path, pages, *, toc=(), css="", extra=None, metadata=TITLE, **more):
    items = more.pop("items", "") + (NCX_ITEM if toc else "") + (CSS_ITEM if css else "")
    files = {"content.opf": package(pages, metadata, items=items, **more), "toc.ncx": ncx(list(toc)), "style.css": css}
    return epub(path, {**files, **{name: page(text) for name, text in pages.items()}, **(extra or {})})


def bodies(path):
    return [(chapter.title, str(chapter.body)) for chapter in story(READER, path).chapters]


def remarks(path):
    return [event for event in events(READER, path) if isinstance(event, Remark)]


def refusal(path) -> str:
    with pytest.raises(Unreadable) as caught:
        events(READER, path)
    text = str(caught.value)
    assert text.endswith(".")
    assert "\n" not in text
    assert str(path.parent) not in text
    return text


# --- what the package says


def test_the_metadata_of_epub_2_are_read(tmp_path):
    metadata = (
        "<dc:title>Carmilla</dc:title><dc:creator opf:role='aut'>J. Sheridan Le Fanu</dc:creator>"
        "<dc:contributor opf:role='ill'>D. H. Friston</dc:contributor><dc:language>eng</dc:language>"
        "<dc:subject>vampires</dc:subject><dc:subject>Styria</dc:subject><dc:subject>vampires</dc:subject>"
        "<dc:description>&lt;p&gt;A &lt;i&gt;guest&lt;/i&gt;.&lt;/p&gt;</dc:description>"
        "<dc:rights>Public domain</dc:rights>"
        "<dc:publisher>The Dark Blue</dc:publisher><dc:date opf:event='modification'>2020-01-01</dc:date>"
        "<dc:date opf:event='publication'>1871-12</dc:date><dc:identifier opf:scheme='ISBN'>978-1</dc:identifier>"
        "<dc:identifier>urn:uuid:12</dc:identifier>"
        "<meta name='calibre:series' content='In a Glass Darkly'/><meta name='calibre:series_index' content='5.0'/>"
    )
    found = story(READER, book(tmp_path / "a.epub", PAGES, metadata))
    assert (found.title, found.language) == ("Carmilla", "en")
    assert found.credits == (Credit(name="J. Sheridan Le Fanu"),)
    assert found.tags(TagKind.ADDITIONAL) == ("vampires", "Styria")
    assert found.summary == "<p>A <i>guest</i>.</p>"
    assert found.rights == "<p>Public domain</p>"
    assert found.published == datetime(1871, 12, 1, tzinfo=UTC)
    assert [(place.title, place.position) for place in found.series] == [("In a Glass Darkly", 5)]
    assert found.extras == (
        ("Contributor", "D. H. Friston (ill)"),
        ("Publisher", "The Dark Blue"),
        ("Identifier", "978-1"),
    )


def test_the_metadata_of_epub_3_are_read(tmp_path):
    metadata = (
        "<dc:title>Carmilla</dc:title><dc:language>de-at</dc:language><dc:date>1871-12-01T10:00:00+02:00</dc:date>"
        "<dc:contributor id='c'>D. H. Friston</dc:contributor><meta refines='#c' property='role'>ill</meta>"
        "<meta property='belongs-to-collection' id='s'>In a Glass Darkly</meta>"
        "<meta refines='#s' property='collection-type'>series</meta>"
        "<meta refines='#s' property='group-position'>5</meta>"
        "<meta property='belongs-to-collection' id='t'>My shelf</meta>"
        "<meta refines='#t' property='collection-type'>set</meta><meta property='dcterms:modified'>2020-01-01</meta>"
    )
    nav = (
        '<nav epub:type="landmarks"><ol><li><a href="two.xhtml">Start</a></li></ol></nav><nav epub:type="toc"><ol>'
        '<li><a href="one.xhtml">First Letter</a></li><li><a href="two.xhtml#x">Second Letter</a></li></ol></nav>'
    )
    path = book(tmp_path / "a.epub", {"nav.xhtml": nav, **PAGES}, metadata, version="3.0")
    found = story(READER, path)
    assert [chapter.title for chapter in found.chapters] == ["First Letter", "Second Letter"]
    assert found.language == "de-AT"
    assert found.published == datetime(1871, 12, 1, 8, tzinfo=UTC)
    assert [(place.title, place.position) for place in found.series] == [("In a Glass Darkly", 5)]
    assert found.extras == (("Contributor", "D. H. Friston (ill)"),)


def test_a_file_without_a_source_is_known_by_its_bytes(tmp_path):
    path = book(tmp_path / "a.epub", PAGES)
    assert story(READER, path).source == Source(site="file", key=hashlib.sha256(path.read_bytes()).hexdigest())


def test_the_archivists_name_for_the_site_stands_in_for_a_missing_source(tmp_path):
    path = book(tmp_path / "a.epub", PAGES)
    request = Request(scratch=tmp_path, root=tmp_path, site="vampires.example")
    (found,) = [event for event in READER.read(path, request) if isinstance(event, Story)]
    assert found.manuscript.source.site == "vampires.example"


def test_an_address_among_the_identifiers_is_the_source(tmp_path):
    metadata = TITLE + "<dc:identifier>https://vampires.example/viewstory.php?sid=51</dc:identifier>"
    found = story(READER, book(tmp_path / "a.epub", PAGES, metadata)).source
    assert (found.site, found.key) == ("vampires.example", "51")


def test_the_file_has_one_fate_in_its_own_folder(tmp_path):
    (tmp_path / "books").mkdir()
    path = book(tmp_path / "books" / "a.epub", PAGES)
    (found,) = [
        event for event in READER.read(path, Request(scratch=tmp_path, root=tmp_path)) if isinstance(event, Story)
    ]
    assert found.fates == (Fate(container="books/", key="a.epub", outcome=Outcome.IMPORTED, file=path),)


# --- pages and chapters


def test_titles_come_from_the_contents_and_are_not_repeated(tmp_path):
    toc = [("one.xhtml", "THE GUEST"), ("two.xhtml", "Chapter Two")]
    assert bodies(made(tmp_path / "a.epub", PAGES, toc=toc)) == [
        ("THE GUEST", "<p>Welcome.</p>"),
        ("Chapter Two", "<h1>The Bill</h1>\n<p>He paid.</p>"),
    ]


def test_without_contents_titles_come_from_headings(tmp_path):
    assert [title for title, _ in bodies(book(tmp_path / "a.epub", PAGES))] == ["The Guest", "The Bill"]


def test_the_reading_order_is_the_spines(tmp_path):
    pages = {"b.xhtml": "<p>first</p>", "a.xhtml": "<p>second</p>"}
    assert [text for _, text in bodies(book(tmp_path / "a.epub", pages))] == ["<p>first</p>", "<p>second</p>"]


def test_front_matter_is_no_chapter_and_is_named(tmp_path):
    links = "".join(f'<p><a href="{name}">A long enough title {name}</a></p>' for name in ("one", "two", "3", "4", "5"))
    pages = {
        "cover.xhtml": '<img src="cover.png"/>',
        "titlepage.xhtml": "<h1>The Count's Letters</h1><p>Mina</p>",
        "contents1.xhtml": f"<h1>What is in here</h1>{links}",
        "copyright.xhtml": "<p>© Mina, 1897</p>",
        **PAGES,
    }
    path = made(tmp_path / "a.epub", pages, extra={"cover.png": PNG})
    assert [title for title, _ in bodies(path)] == ["The Guest", "The Bill"]
    assert story(READER, path).rights == "<p>© Mina, 1897</p>"
    (remark,) = remarks(path)
    assert "cover.xhtml, titlepage.xhtml, contents1.xhtml, copyright.xhtml" in remark.text
    assert not remark.grave


def test_a_page_called_title_with_a_whole_story_on_it_is_a_chapter(tmp_path):
    pages = {"title.xhtml": f"<p>{'Denn die Toten reiten schnell. ' * 60}</p>"}
    assert len(bodies(book(tmp_path / "a.epub", pages))) == 1


def test_a_page_that_a_converter_cut_off_goes_on_with_its_chapter(tmp_path):
    pages = {"one.xhtml": "<h1>I</h1><p>a</p>", "one_split.xhtml": "<p>b</p>", "two.xhtml": "<h1>II</h1><p>c</p>"}
    path = made(tmp_path / "a.epub", pages, toc=[("one.xhtml", "I"), ("two.xhtml", "II")])
    assert bodies(path) == [("I", "<p>a</p>\n<p>b</p>"), ("II", "<p>c</p>")]


def test_several_chapters_in_one_page_are_parted(tmp_path):
    text = "<div><p>Preface.</p><h2 id='a'>I</h2><p>a</p><div><a id='b'/><h2>II</h2><p>b</p></div></div>"
    path = made(tmp_path / "a.epub", {"all.xhtml": text}, toc=[("all.xhtml#a", "I"), ("all.xhtml#b", "II")])
    found = bodies(path)
    assert [title for title, _ in found] == ["", "I", "II"]
    assert [text for _, text in found][:2] == ["<p>Preface.</p>", "<p>a</p>"]
    assert "<p>b</p>" in found[2][1]


def test_the_title_of_a_part_opens_its_first_chapter(tmp_path):
    pages = {"p.xhtml": "<h1>Part One</h1>", **PAGES}
    toc = [("p.xhtml", "Part One"), ("one.xhtml", "The Guest"), ("two.xhtml", "The Bill")]
    assert bodies(made(tmp_path / "a.epub", pages, toc=toc))[0] == (
        "The Guest",
        "<h2>Part One</h2>\n<p>Welcome.</p>",
    )


def test_italics_made_by_style_sheets_survive(tmp_path):
    css = (
        "/* .no { font-style: italic } */ .it, p.letter { font-style: italic; } span.b { font-weight: 700 }"
        ".mid { text-align: center } @media print { .x { color: red } }"
    )
    text = (
        "<p>He said <span class='it'>never</span> and <span class='b'>always</span>. <i class='it'>Once</i>.</p>"
        "<p class='letter'>Dear Mina,</p><p class='mid'>fin</p><p class='no'>plain</p>"
        "<p style='font-style: italic'>inline</p><div class='it'><h2>Head</h2><p>boxed</p></div>"
    )
    ((_, found),) = bodies(made(tmp_path / "a.epub", {"one.xhtml": text}, css=css))
    assert "<em>never</em>" in found
    assert "<strong>always</strong>" in found
    assert "<i>Once</i>" in found
    assert "<em>Dear Mina,</em>" in found
    assert "<em>inline</em>" in found
    assert "<em>boxed</em>" in found
    assert "<h2>Head</h2>" in found
    assert "<p>plain</p>" in found
    assert 'class="align-center"' in found


def test_footnotes_stay_linked_within_the_chapter(tmp_path):
    text = (
        '<p>Blood<a epub:type="noteref" href="one.xhtml#n1" id="r1">1</a> and <a href="two.xhtml">more</a> and '
        '<a href="https://example.org/">out</a>.</p><aside epub:type="footnote" id="n1"><p>His own.</p></aside>'
    )
    (_, found), _ = bodies(book(tmp_path / "a.epub", {"one.xhtml": text, "two.xhtml": "<p>x</p>"}))
    assert 'href="#user-n1"' in found
    assert 'id="user-n1"' in found
    assert "His own." in found
    assert "https://example.org/" in found
    assert "two.xhtml" not in found


def test_pictures_travel_with_the_story_once(tmp_path):
    pages = {
        "text/one.xhtml": '<p>Look:</p><img src="../img/a%20b.png" alt="a bat"/>',
        "text/two.xhtml": '<p>Again:</p><svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink">'
        '<image xlink:href="../img/a%20b.png"/></svg>',
    }
    path = made(tmp_path / "a.epub", pages, extra={"img/a b.png": PNG})
    found = story(READER, path)
    (picture,) = found.pictures
    assert (picture.media_type, picture.data) == ("image/png", PNG)
    assert picture.sha256 == hashlib.sha256(PNG).hexdigest()
    assert f'src="picture:{picture.sha256}"' in found.chapters[0].body
    assert 'alt="a bat"' in found.chapters[0].body
    assert f'src="picture:{picture.sha256}"' in found.chapters[1].body


@pytest.mark.parametrize("data", [b"<svg onload='alert(1)'/>", b"MZ\x90\x00", None])
def test_what_is_no_picture_leaves_its_words_and_a_grave_remark(tmp_path, data):
    pages = {"one.xhtml": '<p>Look: <img src="a.png" alt="a bat"/></p>'}
    path = made(tmp_path / "a.epub", pages, extra={"a.png": data} if data else {})
    assert bodies(path)[0][1] == "<p>Look: <span>[a bat]</span></p>".replace("<span>", "").replace("</span>", "")
    assert [remark.grave for remark in remarks(path)] == [True]


def test_a_page_that_is_missing_is_told_and_the_rest_is_read(tmp_path):
    files = {"content.opf": package(PAGES, nonexistent=("three.xhtml",)), **{k: page(v) for k, v in PAGES.items()}}
    path = epub(tmp_path / "a.epub", files)
    assert len(bodies(path)) == 2
    (remark,) = remarks(path)
    assert remark.grave
    assert "“three.xhtml” is named in its package file but missing" in remark.text


def test_a_page_in_a_wrong_encoding_is_read_with_a_remark(tmp_path):
    data = page("<p>Mina’s café</p>").encode("windows-1252")
    path = epub(tmp_path / "a.epub", {"content.opf": package({"one.xhtml": ""}), "one.xhtml": data})
    assert bodies(path)[0][1] == "<p>Mina’s café</p>"
    (remark,) = remarks(path)
    assert "“one.xhtml” is not in the encoding that it declares" in remark.text


def test_pages_of_bad_markup_are_read_as_browsers_do(tmp_path):
    path = epub(
        tmp_path / "a.epub",
        {
            "content.opf": package({"one.xhtml": ""}),
            "one.xhtml": "<html><body><p>One<br>two &amp three<p><b>four</i></b>",
        },
    )
    assert "two &amp; three" in bodies(path)[0][1]
    assert "<b>four</b>" in bodies(path)[0][1]


def test_characters_that_no_page_may_hold_are_left_out(tmp_path):
    text = "<html><body><p>One\x00\x01\x0btwo&#1;three&#146;s &#x110000;<i\u00a9x>four</p>"
    path = epub(tmp_path / "a.epub", {"content.opf": package({"one.xhtml": ""}), "one.xhtml": text})
    assert bodies(path)[0][1] == "<p>Onetwothree’s four</p>"


def test_a_damaged_first_page_costs_only_itself(tmp_path):
    path = made(tmp_path / "a.epub", {"zero.xhtml": "", **PAGES}, extra={"zero.xhtml": b"<div>" * 100_000})
    assert [title for title, _ in bodies(path)] == ["The Guest", "The Bill"]
    (remark,) = remarks(path)
    assert remark.grave
    assert "zero.xhtml” nests its elements too deeply to be read whole. Its text is missing" in remark.text


# --- Undying's own


def test_undyings_own_epub_comes_back_exactly(tmp_path):
    mine = Manuscript(
        title="The Castle",
        chapters=(Chapter(body=clean(RawHtml("<p>Welcome to my <i>house</i>.</p>")), title="The Guest"),),
        credits=(Credit(name="Mina", account="mina"),),
        source=Source(site="vampires.example", key="51", url="https://vampires.example/works/51"),
        extras=(("Beta", "Lucy"),),
    )
    path = tmp_path / "own.epub"
    path.write_bytes(EpubWriter().write(mine))
    assert stories(READER, path) == [mine]


# --- what is refused


def test_a_picture_with_the_name_of_an_epub_is_claimed_and_refused(tmp_path):
    path = tmp_path / "story.epub"
    path.write_bytes(PNG)
    assert refusal(path) == "story.epub is no zip file but a PNG picture."


def test_an_epub_under_another_name_is_claimed(tmp_path):
    path = book(tmp_path / "download.zip", PAGES)
    assert len(stories(READER, path)) == 1
    assert not READER.claims(tmp_path / "x.zip", zipped(tmp_path / "x.zip", {"a.txt": "a"}).read_bytes())


def test_a_truncated_epub_is_refused(tmp_path):
    path = book(tmp_path / "a.epub", PAGES)
    path.write_bytes(path.read_bytes()[:-200])
    assert "cut off" in refusal(path)


def test_an_epub_without_a_container_is_refused(tmp_path):
    assert "META-INF/container.xml” is missing" in refusal(zipped(tmp_path / "a.epub", {"one.xhtml": "x"}))


def test_an_epub_without_a_package_is_refused(tmp_path):
    assert "names no package file (.opf)" in refusal(epub(tmp_path / "a.epub", {"one.xhtml": "x"}))


def test_an_epub_of_which_no_page_is_there_is_refused(tmp_path):
    files = {"content.opf": package({}, nonexistent=("one.xhtml",))}
    assert "names no page that is in the file" in refusal(epub(tmp_path / "a.epub", files))


def test_an_epub_without_words_is_refused(tmp_path):
    assert "no page with words" in refusal(book(tmp_path / "a.epub", {"one.xhtml": "<p> </p>"}))


def test_a_package_with_entities_is_refused(tmp_path):
    text = package(PAGES).replace("?><package", '?><!DOCTYPE package [<!ENTITY a "ha">]><package', 1)
    assert "entities of its own" in refusal(epub(tmp_path / "a.epub", {"content.opf": text}))


def test_a_package_in_a_wrong_encoding_is_refused(tmp_path):
    data = package(PAGES, "<dc:title>Café</dc:title>").encode("latin-1")
    assert "package file “content.opf” is not well-formed" in refusal(epub(tmp_path / "a.epub", {"content.opf": data}))


ENCRYPTION = (
    '<encryption xmlns="urn:oasis:names:tc:opendocument:xmlns:container" xmlns:enc="http://www.w3.org/2001/04/xmlenc#">'
    '<enc:EncryptedData><enc:EncryptionMethod Algorithm="{}"/></enc:EncryptedData></encryption>'
)


def test_drm_is_named(tmp_path):
    locked = ENCRYPTION.format("http://www.w3.org/2001/04/xmlenc#aes128-cbc")
    path = made(tmp_path / "a.epub", PAGES, extra={"META-INF/encryption.xml": locked})
    assert refusal(path) == "a.epub is protected by DRM and cannot be read; ask the author for a copy without it."


@pytest.mark.parametrize("method", ["http://www.idpf.org/2008/embedding", "http://ns.adobe.com/pdf/enc#RC"])
def test_mangled_fonts_are_no_drm(tmp_path, method):
    path = made(tmp_path / "a.epub", PAGES, extra={"META-INF/encryption.xml": ENCRYPTION.format(method)})
    assert len(bodies(path)) == 2


def test_an_epub_that_unpacks_to_too_much_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(epub_read, "MAX_UNPACKED", 1000)
    assert "unpacks to more than 1,000 bytes" in refusal(made(tmp_path / "a.epub", PAGES, extra={"x": "x" * 2000}))
    monkeypatch.setattr(epub_read, "MAX_EPUB", 100)
    assert "split the file" in refusal(book(tmp_path / "b.epub", PAGES))


def test_a_download_whose_layout_is_broken_is_still_read(tmp_path):
    metadata = TITLE + "<dc:contributor>FanFicFare [x]</dc:contributor>"
    path = book(tmp_path / "a.epub", {"title_page.xhtml": f"<p>{'Only this. ' * 150}</p>"}, metadata)
    assert len(bodies(path)) == 1
    assert any("download from FanFicFare" in remark.text and remark.grave for remark in remarks(path))


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(data=st.data())
def test_no_damage_ends_in_anything_but_a_story_or_a_refusal(tmp_path, data):
    path = made(tmp_path / "a.epub", PAGES, toc=[("one.xhtml", "I"), ("two.xhtml", "II")], css=".i { color: red }")
    spoilt = bytearray(path.read_bytes())
    for _ in range(data.draw(st.integers(1, 6))):
        spoilt[data.draw(st.integers(4, len(spoilt) - 1))] = data.draw(st.integers(0, 255))
    path.write_bytes(spoilt)
    try:
        found = stories(READER, path)
    except Unreadable as error:
        assert str(error).endswith(".")  # noqa: PT017  either way is right
    else:
        assert found
