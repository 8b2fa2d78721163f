"""EPUBs of WebToEpub, with and without the head of FanFiction.Net's story page."""

from __future__ import annotations

import re
from datetime import UTC, datetime

from tests.formats.downloads import NCX_ITEM, PNG, epub, events, ncx, package, page, story
from tests.samples import SAMPLES, needs_samples
from undying.formats import Remark
from undying.formats.epub_read import READER
from undying.manuscript import Status, TagKind

URL = "https://www.fanfiction.net/s/1897/{}/The-Castle"
METADATA = (
    "<dc:title>The Castle</dc:title><dc:creator>Mina</dc:creator><dc:language>en</dc:language>"
    '<dc:identifier id="id">{url}</dc:identifier>'
    "<dc:contributor>[https://github.com/dteviot/WebToEpub] (ver. 1.0)</dc:contributor>"
)
HEAD = """<h1>Information</h1><div><p>
<b>Table of Contents URL: </b>https://www.fanfiction.net/s/1897/1/The-Castle</p></div>
<div id="pre_story_links"><span><a href="/crossovers/1/">Books</a> &gt;
<a href="/c/">Dracula + Carmilla Crossover</a></span>
</div><div id="profile_top"><b>The Castle</b> <span>By:</span>
<a href="https://www.fanfiction.net/u/49/Madam-Mina">Madam Mina</a>
<div>He owns <i>one</i> shirt.</div>
<span>Rated: <a href="#">Fiction  K+</a> - German - Humor/Horror -  [Mina H., Lucy W.] - Chapters: 2   - Words: 4,050 -
Follows: 20 - Updated: <span data-xutime="1578190357">1/5/2020, 3:12:37 AM</span> - Published:
<span data-xutime="1283431425">9/2/2010</span> - Status: Complete - id: 1897 </span></div>"""
ONE = "<h1>1. The Guest</h1><p>Welcome.</p>"
TWO = "<h1>2. Chapter 2</h1><p>2. He paid.</p>"


def castle(tmp_path, pages, url):
    sources = "".join(f'<dc:source id="id.p{n}">{url.format(max(n - 1, 1))}</dc:source>' for n in range(len(pages)))
    entries = [(name, re.sub(r"<.*?>", "", text.split("</h1>")[0])) for name, text in pages.items() if "<h1>" in text]
    files = {
        "content.opf": package(
            pages,
            METADATA.format(url=url.format(1)) + sources,
            items=NCX_ITEM + '<item id="c" href="0.png" media-type="image/png"/>',
            guide='<reference href="Cover.xhtml" type="cover"/>',
        ),
        "toc.ncx": ncx(entries),
        "0.png": PNG,
    }
    return epub(tmp_path / "castle.epub", {**files, **{name: page(text) for name, text in pages.items()}})


def test_the_head_of_the_story_page_is_read(tmp_path):
    pages = {"Cover.xhtml": '<img src="0.png"/>', "0000_Information.xhtml": HEAD, "0001.xhtml": ONE, "0002.xhtml": TWO}
    found = story(READER, castle(tmp_path, pages, URL))
    assert found.tags(TagKind.FANDOM) == ("Dracula", "Carmilla")
    assert found.tags(TagKind.RATING) == ("Teen And Up Audiences",)
    assert found.tags(TagKind.RELATIONSHIP) == ("Mina H./Lucy W.",)
    assert found.tags(TagKind.ADDITIONAL) == ("Humor", "Horror")
    assert [(credit.name, credit.key) for credit in found.credits] == [("Madam Mina", "49")]
    assert "He owns <i>one</i> shirt." in found.summary
    assert found.published == datetime(2010, 9, 2, 12, 43, 45, tzinfo=UTC)
    assert (found.language, found.status) == ("de", Status.COMPLETE)
    assert (found.source.site, found.source.key) == ("www.fanfiction.net", "1897")
    assert found.extras == (("Category", "Books"), ("Rated", "K+"), ("Words", "4,050"), ("Follows", "20"))


def test_chapters_lose_the_numbers_that_the_site_adds(tmp_path):
    pages = {"Cover.xhtml": '<img src="0.png"/>', "0000_Information.xhtml": HEAD, "0001.xhtml": ONE, "0002.xhtml": TWO}
    found = story(READER, castle(tmp_path, pages, URL))
    assert [(each.title, each.body, each.key) for each in found.chapters] == [
        ("The Guest", "<p>Welcome.</p>", "1"),
        ("", "<p>2. He paid.</p>", "2"),
    ]


def test_of_other_sites_only_what_the_package_says_is_known(tmp_path):
    pages = {"Cover.xhtml": '<img src="0.png"/>', "0001.xhtml": ONE, "0002.xhtml": TWO}
    found = story(READER, castle(tmp_path, pages, "https://stories.example/castle/{}"))
    assert [each.title for each in found.chapters] == ["1. The Guest", "2. Chapter 2"]
    assert (found.title, found.credits[0].name, found.language) == ("The Castle", "Mina", "en")
    assert found.source.site == "stories.example"


def test_chapters_that_are_missing_are_told(tmp_path):
    pages = {"Cover.xhtml": '<img src="0.png"/>', "0000_Information.xhtml": HEAD, "0001.xhtml": ONE}
    found = events(READER, castle(tmp_path, pages, URL))
    assert any(event.grave and "2 chapters but holds 1" in event.text for event in found if isinstance(event, Remark))


@needs_samples
def test_a_real_file_is_read_whole():
    found = story(READER, SAMPLES / "epub" / "webtoepub-from-ffn.epub")
    assert len(found.chapters) == found.planned_chapters == 49
    assert [chapter.title for chapter in found.chapters][:2] == ["Spent", "Scope"]
    assert [chapter.key for chapter in found.chapters] == [str(number) for number in range(1, 50)]
    assert found.chapters[-1].title.startswith("Mitigated: An Epilogue")
    assert (found.source.site, found.source.key) == ("www.fanfiction.net", "6291747")
    assert [(credit.name, credit.key) for credit in found.credits] == [("Lag-mask", "491287")]
    assert [len(found.tags(kind)) for kind in TagKind] == [1, 0, 0, 1, 0, 2, 2]
    assert (found.language, found.status) == ("en", Status.COMPLETE)
    assert found.published == datetime(2010, 9, 2, 12, 43, 45, tzinfo=UTC)
    assert found.updated == datetime(2020, 1, 5, 2, 12, 37, tzinfo=UTC)
    words = sum(len(re.sub(r"<[^>]+>", " ", chapter.body).split()) for chapter in found.chapters)
    assert 0.95 * 284_050 < words < 1.05 * 284_050
    assert sum(chapter.body.count("<em>") for chapter in found.chapters) >= 1100
    assert not any(re.search(r"Table of Contents URL|Rated:", chapter.body) for chapter in found.chapters)
