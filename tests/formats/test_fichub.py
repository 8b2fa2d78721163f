"""EPUBs of FicHub: the introduction is read for all it says, and only for that."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest

from tests.formats.downloads import book, events, story
from tests.samples import SAMPLES, needs_samples
from undying.formats import Remark
from undying.formats.epub_read import READER
from undying.formats.fanfiction_net import facts_in, fandoms_in
from undying.manuscript import Status, TagKind

INTRODUCTION = """<h1>The Castle</h1><p><b>By: Madam Mina</b></p><p/>
<p>He owns one shirt.</p><p>Status: complete</p><p>Or so he says.</p>
<p>Status: {status}</p><p>Published: 2010-03-30</p><p>Updated: 2010-08-29</p><p>Words: 1914</p><p>Chapters: 2</p>
{line}
<p>Original source:
  <a href="{url}">{url}</a></p>
<p>Exported with the assistance of <a href="https://fichub.net">FicHub.net</a></p>"""
LINE = (
    "<p>Rated: Fiction T - Language: German - Genre: Hurt/Comfort/Angst - "
    "Characters: [Mina H., Jonathan H.] Lucy W., Renfield - Reviews: 3,176 - Favs: 10</p>"
)
FFN = "https://www.fanfiction.net/s/1897/1/The-Castle"


def castle(tmp_path, *, status="complete", line=LINE, url=FFN, chapters=2):
    texts = {
        f"chap_{number}.xhtml": f"<h2>The Guest {number}</h2><p/><div><p>Welcome.</p><h2>Later</h2><p/></div> <div/>"
        for number in range(1, chapters + 1)
    }
    pages = {"introduction.xhtml": INTRODUCTION.format(status=status, line=line, url=url), **texts}
    return book(tmp_path / "castle.epub", pages, "<dc:title>The Castle</dc:title><dc:language>en</dc:language>")


def test_all_that_the_introduction_says_is_read(tmp_path):
    found = story(READER, castle(tmp_path))
    assert (found.title, found.credits[0].name) == ("The Castle", "Madam Mina")
    assert found.tags(TagKind.RATING) == ("Teen And Up Audiences",)
    assert found.tags(TagKind.ADDITIONAL) == ("Hurt/Comfort", "Angst")
    assert found.tags(TagKind.RELATIONSHIP) == ("Mina H./Jonathan H.",)
    assert found.tags(TagKind.CHARACTER) == ("Mina H.", "Jonathan H.", "Lucy W.", "Renfield")
    assert (found.language, found.status, found.planned_chapters) == ("de", Status.COMPLETE, 2)
    assert found.published == datetime(2010, 3, 30, tzinfo=UTC)
    assert found.updated == datetime(2010, 8, 29, tzinfo=UTC)
    assert (found.source.site, found.source.key) == ("www.fanfiction.net", "1897")
    assert found.extras == (("Words", "1914"), ("Rated", "T"), ("Reviews", "3,176"), ("Favs", "10"))


def test_a_summary_that_looks_like_the_facts_stays_a_summary(tmp_path):
    found = story(READER, castle(tmp_path, status="incomplete"))
    assert re.findall(r"<p>(.*?)</p>", found.summary) == ["He owns one shirt.", "Status: complete", "Or so he says."]
    assert found.status is Status.IN_PROGRESS


def test_chapters_lose_only_their_repeated_title(tmp_path):
    first, second = story(READER, castle(tmp_path)).chapters
    assert (first.title, second.title) == ("The Guest 1", "The Guest 2")
    assert first.body == "<p>Welcome.</p>\n<h2>Later</h2>"


def test_other_sites_have_no_line_of_facts_and_claim_no_language(tmp_path):
    found = story(READER, castle(tmp_path, line="", url="https://forum.example/threads/castle.51/", status="hiatus"))
    assert (found.source.site, found.source.key) == ("forum.example", "https://forum.example/threads/castle.51")
    assert (found.language, found.status, found.taggings) == ("", Status.HIATUS, ())


def test_chapters_that_are_missing_are_told(tmp_path):
    remarks = [event for event in events(READER, castle(tmp_path, chapters=1)) if isinstance(event, Remark)]
    assert [remark.text for remark in remarks if remark.grave] == [
        "castle.epub: says that it has 2 chapters but holds 1."
    ]


@needs_samples
def test_a_real_file_is_read_whole():
    found = story(READER, SAMPLES / "epub" / "fichub-from-ffn.epub")
    assert len(found.chapters) == found.planned_chapters == 36
    assert [chapter.title for chapter in found.chapters][:3] == ["Rolling", "Operator", "Serialize"]
    assert (found.source.site, found.source.key) == ("www.fanfiction.net", "5853767")
    assert (found.title, found.credits[0].name, found.language) == ("Preset", "Lag-mask", "en")
    assert [len(found.tags(kind)) for kind in TagKind] == [1, 0, 0, 0, 0, 2, 2]
    assert found.published == datetime(2010, 3, 30, tzinfo=UTC)
    assert found.updated == datetime(2010, 8, 29, tzinfo=UTC)
    assert found.summary.startswith("<p>Matter to work")
    assert not re.search(r"Exported with|Original source|fichub", "".join(each.body for each in found.chapters))
    words = sum(len(re.sub(r"<[^>]+>", " ", chapter.body).split()) for chapter in found.chapters)
    assert 0.95 * 191_497 < words < 1.05 * 191_497


@needs_samples
def test_no_italics_of_a_real_file_are_lost():
    found = story(READER, SAMPLES / "epub" / "fichub-from-ffn.epub")
    assert sum(chapter.body.count("<em>") for chapter in found.chapters) >= 470


@pytest.mark.parametrize(
    ("line", "genres", "characters", "pairings"),
    [
        ("Rated: K - English - Mystery - Chapters: 2", ("Mystery",), (), ()),
        ("Rated: K - English - Watson, Holmes - Chapters: 2", (), ("Watson", "Holmes"), ()),
        ("Rated: K - English - Hurt/Comfort - Watson - id: 2", ("Hurt/Comfort",), ("Watson",), ()),
        ("Rated: K - English - Romance/Sci-Fi - [A, B] [C, D] E - id: 2", ("Romance", "Sci-Fi"),
         ("A", "B", "C", "D", "E"), ("A/B", "C/D")),
        ("Rated: K - English - Words: 5", (), (), ()),
        ("Rated: K - English - Drama - The King - of Bohemia, Irene A.", ("Drama",),
         ("The King - of Bohemia", "Irene A."), ()),
    ],
)  # fmt: skip
def test_the_line_of_facts_is_read_by_place_and_list(line, genres, characters, pairings):
    facts = facts_in(line)
    assert (facts.genres, facts.characters, facts.pairings) == (genres, characters, pairings)
    assert (facts.rating, facts.language) == ("K", "en")


def test_an_unknown_language_and_unknown_labels_are_kept():
    assert facts_in("Rated: K+ - Elbonian - Muse: Calliope").extras == (("Language", "Elbonian"), ("Muse", "Calliope"))


def test_dates_are_read_as_the_site_writes_them():
    facts = facts_in("Rated: M - English - Updated: 1/5/2020, 3:12:37 AM - Published: Sep 2, 2010 - Status: Complete")
    assert facts.updated == datetime(2020, 1, 5, tzinfo=UTC)
    assert facts.published == datetime(2010, 9, 2, tzinfo=UTC)
    assert facts.is_complete


def test_a_crossover_names_two_fandoms():
    assert fandoms_in("Dracula + Carmilla Crossover") == ("Dracula", "Carmilla")
    assert fandoms_in("Dracula") == ("Dracula",)
