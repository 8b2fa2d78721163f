"""Crawls of eFiction sites: whatever the skin, the tool and the form, the same stories come out."""

from __future__ import annotations

import shutil
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from tests.formats.crawled_site import (
    BASE,
    Site,
    Skin,
    TableSkin,
    Tale,
    arc,
    mirror,
    pages,
    saved,
    warc,
    whitby,
)
from undying.formats import CAPTURED, Count, Fate, Kept, Outcome, Remark, Request, Story, Unreadable
from undying.formats.crawl import READER
from undying.formats.registry import reader_for
from undying.manuscript import Manuscript, Profile, SeriesAccount, Status, TagKind

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from undying.formats import Event

SKINS = [pytest.param(Skin(), id="own"), pytest.param(TableSkin(), id="tables")]


class Heard:
    """What the reader said. Making one checks that every record and file has one fate."""

    def __init__(self, events: list[Event]) -> None:
        self.events = events
        told = [(fate.container, fate.key) for fate in self.fates]
        assert len(told) == len(set(told)), sorted(each for each in told if told.count(each) > 1)
        for event in events:
            if isinstance(event, Count):
                assert sum(fate.container == event.container for fate in self.fates) == event.total, event

    @property
    def fates(self) -> list[Fate]:
        parts = [event.fates for event in self.events if isinstance(event, Story | Kept)]
        return [event for event in self.events if isinstance(event, Fate)] + [fate for part in parts for fate in part]

    @property
    def stories(self) -> dict[str, Manuscript]:
        return {event.manuscript.source.key: event.manuscript for event in self.events if isinstance(event, Story)}

    @property
    def remarks(self) -> str:
        return "\n".join(event.text for event in self.events if isinstance(event, Remark))

    def kept(self, kind: type) -> list:
        return [event.keepsake for event in self.events if isinstance(event, Kept) and isinstance(event.keepsake, kind)]

    def fate(self, key: str) -> Fate:
        (found,) = [fate for fate in self.fates if fate.key == key]
        return found


@pytest.fixture
def read(tmp_path: Path) -> Callable[..., Heard]:
    """Reads a crawl: bytes of a WARC or ARC, or a folder."""
    times = iter(range(100))

    def read(crawl: bytes | Path, name: str = "crawl.warc.gz", **asked: object) -> Heard:
        number = next(times)
        scratch = tmp_path / f"scratch {number}"
        scratch.mkdir()
        if isinstance(crawl, bytes):
            root = tmp_path / f"crawl {number}"
            root.mkdir()
            (root / name).write_bytes(crawl)
        else:
            root = crawl
        files = tuple(sorted(path for path in root.rglob("*") if path.is_file()))
        first = next(path for path in files if READER.claims(path, path.read_bytes()[:65536]))
        return Heard(list(READER.read(first, Request(scratch=scratch, root=root, files=files, **asked))))

    return read


def told(manuscript: Manuscript) -> Manuscript:
    """The story without what only some skins show."""
    extras = tuple(extra for extra in manuscript.extras if extra[0] != "eFiction reads")
    reviews = tuple(replace(review, key="") for review in manuscript.reviews)
    return replace(manuscript, extras=tuple(sorted(extras)), reviews=reviews)


@pytest.mark.parametrize("printed", [True, False], ids=["printed", "by chapter"])
@pytest.mark.parametrize("skin", SKINS)
def test_a_story_comes_whole_out_of_any_skin(skin, printed, read):
    story = read(warc(pages(whitby(), skin, printed=printed))).stories["5"]

    assert (story.title, story.credits[0].name, story.credits[0].key) == ("Landfall", "Mina", "2")
    assert [(chapter.title, chapter.key) for chapter in story.chapters] == [
        ("Landfall", "51"), ("The Churchyard", "52"), ("Daybreak", "53")
    ]  # fmt: skip
    assert story.chapters[0].body == (
        "<p>The <i>Demeter</i> lay on the sand, and nobody would go near her.</p>\n"
        "<p>“A dog,” said Lucy, “only a dog.”</p>"
    )
    assert "abbey" in story.chapters[2].body
    assert story.summary == "<p>Somebody came ashore.</p>"
    assert story.notes_before == "<p>Set after the storm.</p>"
    assert story.tags(TagKind.RATING) == ("Teen And Up Audiences",)
    assert story.tags(TagKind.FANDOM) == ("Dracula",)
    assert story.tags(TagKind.ADDITIONAL) == ("Gothic",)
    assert ("eFiction rating", "PG-13") in story.extras
    assert story.status is Status.COMPLETE
    assert (story.published.date().isoformat(), story.updated.date().isoformat()) == ("2004-01-20", "2004-02-21")
    assert (story.source.site, story.source.key) == ("whitby.example.org/fic", "5")
    assert [(place.title, place.position, place.key) for place in story.series] == [("Whitby Nights", 1, "4")]
    assert CAPTURED in story.extras


@pytest.mark.parametrize("skin", SKINS)
def test_reviews_come_with_chapter_date_and_the_authors_answer(skin, read):
    reviews = read(warc(pages(whitby(), skin))).stories["5"].reviews
    assert [(each.name, each.chapter, each.body, each.response) for each in reviews] == [
        ("Arthur", 1, "<p>I held my breath for the dog.</p>", "<p>So did I!</p>"),
        ("Arthur", 2, "<p>Those steps!</p>", ""),
        ("Renfield", 3, "<p>Flies <b>and</b> spiders, please.</p>", ""),
    ]
    assert reviews[0].posted.isoformat() == "2004-03-14T10:00:00+00:00"


@pytest.mark.parametrize("skin", SKINS)
def test_members_and_series_come_with_the_stories_and_no_real_name_does(skin, read):
    heard = read(warc(pages(whitby(), skin)))
    mina, lucy = heard.kept(Profile)
    assert (mina.member.name, mina.source.key, mina.bio, mina.joined.year) == ("Mina", "2", "<p>I am Mina.</p>", 2003)
    assert lucy.fields == (("Journal", "whitby_3"),)
    assert "Not Told" not in str(heard.events)
    assert "Nicht Gesagt" not in str(heard.events)
    (series,) = heard.kept(SeriesAccount)
    assert (series.title, series.works, series.credits[0].name) == ("Whitby Nights", ("5", "12"), "Mina")


FORMS = {
    "warc": lambda found, folder: (folder / "a.warc").write_bytes(warc(found, packed=False)),
    "warc.gz": lambda found, folder: (folder / "a.warc.gz").write_bytes(warc(found)),
    "arc": lambda found, folder: (folder / "a.arc").write_bytes(arc(found, packed=False)),
    "arc.gz": lambda found, folder: (folder / "a.arc.gz").write_bytes(arc(found)),
    "wget": mirror,
    "wget -E": lambda found, folder: mirror(found, folder, ending=".html"),
    "wget for Windows": lambda found, folder: mirror(found, folder, mark="@"),
    "escaped": lambda found, folder: mirror(found, folder, mark="%3F", ending=".html"),
    "by hand": saved,
}


def httrack(found, folder: Path) -> None:
    """HTTrack names files by a part of a hash, says in a comment what each was, and turns links to the files' names."""
    everything = dict(found)
    names = {
        url: f"{url.rpartition('/')[2].partition('.')[0]}{number:04x}.html" for number, url in enumerate(everything)
    }
    for url, page in everything.items():
        text = page
        for other, name in names.items():
            relative = other.rpartition("/")[2].replace("&", "&amp;")
            text = text.replace(f"href='{relative}'", f"href='{name}'")
        note = f"<!-- Mirrored from {url.removeprefix('http://')} by HTTrack Website Copier/3.x [XR&CO'2014] -->\n"
        (folder / names[url]).write_text(note + text, encoding="utf-8")


FORMS["HTTrack"] = httrack


@pytest.mark.parametrize("form", FORMS)
def test_every_form_of_crawl_gives_equal_stories(form, read, tmp_path):
    folder = tmp_path / "form"
    folder.mkdir()
    FORMS[form](pages(whitby(), Skin()), folder)
    there = read(folder).stories
    expected = read(warc(pages(whitby(), Skin()))).stories
    assert {key: told(story) for key, story in there.items()} == {key: told(story) for key, story in expected.items()}


def test_a_crawl_in_several_files_is_one_crawl(read, tmp_path):
    everything = list(pages(whitby(), Skin(), printed=False))
    folder = tmp_path / "parts"
    folder.mkdir()
    (folder / "0.warc.gz").write_bytes(warc(iter(everything[::2])))
    (folder / "1.warc.gz").write_bytes(warc(iter(everything[1::2])))
    heard = read(folder)
    assert len(heard.stories["5"].chapters) == 3
    assert heard.stories.keys() == {"5", "7", "12"}


def test_the_same_page_at_many_addresses_is_taken_once(read):
    url = f"{BASE}viewstory.php?sid=5&textsize=1&chapter=1"
    fate = read(warc(pages(whitby(), Skin()))).fate(url)
    assert (fate.outcome, fate.detail) == (
        Outcome.MERGED, f"another capture of what {BASE}viewstory.php?sid=5&chapter=1 shows"
    )  # fmt: skip


def test_a_records_place_in_the_file_is_told(read):
    data = warc(pages(whitby(), Skin()), packed=False)
    heard = read(data, "crawl.warc")
    at, size = heard.fate(f"{BASE}reviews.php?type=ST&item=5").span
    record = data[at : at + size]
    assert record.startswith(b"WARC/1.0\r\n")
    assert record.count(b"WARC/1.0\r\n") == 1
    assert record.rstrip().endswith(b"</html>")


def warning(skin: Skin, sid: int) -> str:
    link = f"<a href='viewstory.php?sid={sid}&amp;ageconsent=ok&amp;warning=3'>I am old enough</a>"
    return skin.frame("Warning", f"<div class='warning'>This story is for adults. {link}</div>")


@pytest.mark.parametrize("skin", SKINS)
def test_what_was_only_captured_as_its_warning_is_listed_by_address(skin, read):
    captured = [(f"{BASE}viewstory.php?sid=9", warning(skin, 9)), *pages(whitby(), skin)]
    heard = read(warc(captured))
    assert heard.stories.keys() == {"5", "7", "12"}
    assert heard.fate(f"{BASE}viewstory.php?sid=9&ageconsent=ok&warning=3").outcome is Outcome.REFUSED
    assert heard.fate(f"{BASE}viewstory.php?sid=9").outcome is Outcome.KEPT_RAW
    assert "Of whitby.example.org/fic one address was not captured" in heard.remarks


def test_the_warning_gives_way_to_the_story_where_both_were_captured(read):
    captured = [(f"{BASE}viewstory.php?sid=7", warning(Skin(), 7)), *pages(whitby(), Skin())]
    captured = [(url, page) for url, page in captured if "printable" not in url]
    assert "trimmed the lamp" in read(warc(captured)).stories["7"].chapters[0].body


def test_chapters_and_stories_that_nobody_captured_are_listed(read):
    everything = pages(whitby(), Skin(), printed=False)
    captured = [(url, page) for url, page in everything if "chapter=2" not in url and "sid=12" not in url]
    heard = read(warc(captured))
    assert [chapter.key for chapter in heard.stories["5"].chapters] == ["51", "53"]
    assert heard.fate(f"{BASE}viewstory.php?sid=5&chapter=2").detail == "nobody captured it"
    assert heard.fate(f"{BASE}viewstory.php?sid=12").detail == "nobody captured it"
    assert "Story 5, “Landfall”: not captured are the chapters 2." in heard.remarks
    assert [review.chapter for review in heard.stories["5"].reviews] == [1, 0, 2]


def test_the_archivist_may_point_at_the_text(read, tmp_path):
    page = "<html><body><div class='odd'>{}</div><p class='t'>The lamp.</p><div class='x'>{}</div></body></html>"
    junk = "What readers of this site should know about our rules. " * 40
    folder = saved(iter([(f"{BASE}viewstory.php?sid=1", page.format(junk, junk))]), tmp_path / "odd")
    (folder / "crawl.selectors").write_text("story = body p.t\n")
    assert read(folder).stories["1"].chapters[0].body == "<p>The lamp.</p>"


def test_pictures_that_were_captured_go_into_the_story(read):
    picture = b"\x89PNG\r\n\x1a\n" + b"0" * 64
    tale = Tale(
        1, "Map", [("Map", "<p>The way:</p><p><img src='stories/2/images/map.png' alt='Map'></p><p>Go now.</p>")]
    )
    captured = [*pages(Site(tales=[tale]), Skin()), (f"{BASE}stories/2/images/map.png", picture)]
    heard = read(warc(captured))
    story = heard.stories["1"]
    assert story.pictures[0].data == picture
    assert f'src="picture:{story.pictures[0].sha256}"' in story.chapters[0].body
    assert heard.fate(f"{BASE}stories/2/images/map.png").outcome is Outcome.IMPORTED


def test_a_picture_that_the_browser_saved_beside_the_page_goes_into_the_story(read, tmp_path):
    picture = b"\x89PNG\r\n\x1a\n" + b"0" * 64
    page = "<html><body><div id='story'><p>The way:</p><img src='page%200_files/map.png'></div></body></html>"
    folder = saved([(f"{BASE}viewstory.php?sid=1", page)], tmp_path / "saved")
    (folder / "page 0_files").mkdir()
    (folder / "page 0_files" / "map.png").write_bytes(picture)
    (folder / "page 0_files" / "frame.html").write_text("<html><body>An advertisement</body></html>")
    heard = read(folder)
    assert heard.stories["1"].pictures[0].data == picture
    assert heard.fate("map.png").outcome is Outcome.IMPORTED
    assert heard.fate("frame.html").outcome is Outcome.KEPT_RAW


def test_a_story_that_asked_for_the_readers_age_goes_on_asking(read):
    asked = f"{BASE}viewstory.php?sid=5&ageconsent=ok&chapter=1"
    story = read(
        warc([(asked, dict(pages(whitby(), Skin()))[f"{BASE}viewstory.php?sid=5&chapter=1"]), *pages(whitby(), Skin())])
    ).stories["5"]
    assert story.tags(TagKind.RATING) == ("Not Rated",)
    assert ("eFiction rating", "PG-13") in story.extras


def test_the_archivist_may_point_at_titles(read, tmp_path):
    page = "<html><body><i class=h>The Lamp</i><b class=c>Rain</b><div id='story'>It burned.</div></body></html>"
    folder = saved([(f"{BASE}viewstory.php?sid=1&chapter=2", page)], tmp_path / "odd")
    (folder / "crawl.selectors").write_text("title = i.h\nchapter = .c\n")
    story = read(folder).stories["1"]
    assert (story.title, story.chapters[0].title) == ("The Lamp", "Rain")


@pytest.mark.parametrize("line", ["story", "tale = #x", "story = ", "story = #x > p[onclick]"])
def test_a_selector_that_is_none_is_refused_with_its_line(line, read, tmp_path):
    folder = saved(list(pages(whitby(), Skin()))[:3], tmp_path / "odd")
    (folder / "crawl.selectors").write_text(f"story = p\n{line}\n")
    with pytest.raises(Unreadable, match=r"crawl\.selectors, line 2"):
        read(folder)


def test_a_copy_from_the_wayback_machine_is_the_page_that_it_is_a_copy_of(read):
    captured = [(f"https://web.archive.org/web/20090101000000/{url}", page) for url, page in pages(whitby(), Skin())]
    assert read(warc(captured)).stories["5"].source.site == "whitby.example.org/fic"


def test_a_page_in_an_old_encoding_is_read_by_its_bytes(read):
    tale = Tale(
        1, "Soufflé", [("Soufflé", "<p>Naïve, she said “enough” — and the café closed its doors for ever.</p>")]
    )
    captured = [
        (url, page.replace("utf-8", "iso-8859-1").encode("cp1252")) for url, page in pages(Site(tales=[tale]), Skin())
    ]
    story = read(warc(captured, packed=False).replace(b"charset=utf-8", b"charset=x-none"), "a.warc").stories["1"]
    assert story.title == "Soufflé"
    assert "“enough” — and the café" in story.chapters[0].body


def test_crawls_are_known_by_what_is_in_them(tmp_path):
    for name, data in (("a", warc(pages(whitby(), Skin()))), ("b", arc(pages(whitby(), Skin()), packed=False))):
        path = tmp_path / name
        path.write_bytes(data)
        assert reader_for(path, data[:65536]) is READER


def test_a_page_that_says_no_address_is_left_to_others(tmp_path):
    page = tmp_path / "story.html"
    page.write_text("<html><body><p>Only a story.</p></body></html>")
    assert reader_for(page, page.read_bytes()) is not READER


def test_other_pages_in_a_mirror_are_kept_and_are_no_stories(read, tmp_path):
    folder = mirror(pages(whitby(), Skin()), tmp_path / "site")
    other = folder / "whitby.example.org" / "fic" / "links.html"
    other.write_text("<html><body>Our friends</body></html>")
    fate = read(folder).fate("links.html")
    assert (fate.outcome, fate.file) == (Outcome.KEPT_RAW, other)
    shutil.rmtree(folder)
