"""Text, HTML, Markdown and Rich Text files: what is promised beyond the golden files."""

from __future__ import annotations

import hashlib
import time
import unicodedata

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.formats.plain_files import read, story_of
from undying.formats import Outcome, Request, Unreadable, html_file, markdown, rtf, text
from undying.formats.onefile import LARGEST_TEXT, is_not_a_story, title_from_name
from undying.manuscript import Status, TagKind
from undying.manuscript.measure import plain_text

STORY = "Mina waited for the storm.\n\nIt came at midnight, and nobody slept.\n"


def body(manuscript):
    return "\n".join(chapter.body for chapter in manuscript.chapters)


def test_a_file_is_known_by_its_bytes_and_its_fate_by_its_folder(tmp_path):
    folder = tmp_path / "ada" / "2004"
    folder.mkdir(parents=True)
    path = folder / "lamp.txt"
    path.write_text(STORY)
    (story,) = text.READER.read(path, Request(scratch=tmp_path, root=tmp_path))
    (fate,) = story.fates
    assert (fate.container, fate.key, fate.outcome, fate.file) == ("ada/2004/", "lamp.txt", Outcome.IMPORTED, path)
    source = story.manuscript.source
    assert (source.site, source.key) == ("file", hashlib.sha256(STORY.encode()).hexdigest())


def test_a_label_line_without_end_takes_no_time(tmp_path):
    path = tmp_path / "lamp.txt"
    path.write_text(f"Title: The Lamp\nAuthor: {'a' * 100_000} (mina@whitby.example)\n\n{STORY}")
    begin = time.process_time()
    (story,) = text.READER.read(path, Request(scratch=tmp_path, root=tmp_path))
    assert time.process_time() - begin < 10
    assert ("E-mail", "mina@whitby.example") in story.manuscript.extras


def test_a_file_in_the_root_and_a_named_site(tmp_path):
    path = tmp_path / "lamp.txt"
    path.write_text(STORY)
    story, _ = read(text.READER, path, site="whitby.example")
    assert story.fates[0].container == "./"
    assert story.manuscript.source.site == "whitby.example"


@pytest.mark.parametrize(
    ("encoding", "sample", "is_guessed"),
    [
        ("utf-8", "Café “au lait” – naïve", False),
        ("utf-8-sig", "Café “au lait”", False),
        ("utf-16", "Café “au lait”", False),
        ("utf-16-le", "Cafe au lait, and more of it", False),
        ("utf-16-be", "Cafe au lait, and more of it", False),
        ("cp1252", "Café “au lait” – naïve", True),
        ("cp1251", "Мина ждала бури, и это было недолго. Она услышала море.", True),
        ("koi8-r", "Мина ждала бури, и это было недолго. Она услышала море.", True),
        ("shift_jis", "ミナは嵐を待っていました。海の音が聞こえます。", True),
        ("gb18030", "米娜在等暴风雨，她说这是他的海，我们都不知道。", True),
    ],
)
def test_every_common_encoding_is_read(tmp_path, encoding, sample, is_guessed):
    path = tmp_path / "lamp.txt"
    path.write_bytes(sample.encode(encoding))
    story, remarks = read(text.READER, path)
    assert plain_text(body(story.manuscript)) == sample
    assert bool(remarks) is is_guessed


def test_a_page_is_read_in_the_encoding_that_it_declares(tmp_path):
    page = '<html><head><meta charset="windows-1251"></head><body><p>Мина</p></body></html>'.encode("cp1251")
    path = tmp_path / "lamp.html"
    path.write_bytes(page)
    story, remarks = read(html_file.READER, path)
    assert body(story.manuscript) == "<p>Мина</p>"
    assert not remarks


@pytest.mark.parametrize("reader", [text.READER, html_file.READER, markdown.READER, rtf.READER], ids=lambda r: r.name)
@pytest.mark.parametrize(
    "data",
    [b"", b"  \n\t ", b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20, bytes(range(256)) * 40],
    ids=["empty", "blank", "picture", "bytes"],
)
def test_what_holds_no_text_is_refused_in_one_sentence(tmp_path, reader, data):
    with pytest.raises(Unreadable) as refusal:
        story_of(reader, tmp_path, "lamp.txt", data)
    assert str(refusal.value).startswith("lamp.txt: ")
    assert "\n" not in str(refusal.value)


def test_a_file_too_large_for_a_story_is_refused_unread(tmp_path):
    path = tmp_path / "lamp.txt"
    with path.open("wb") as stream:
        stream.truncate(LARGEST_TEXT + 1)
    with pytest.raises(Unreadable, match="12 MiB"):
        read(text.READER, path)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("README.txt", True),
        ("readme", True),
        ("LICENSE", True),
        ("COPYING.md", True),
        ("Read me, he said.txt", False),
        ("licensed-to-love.txt", False),
        ("lamp.txt", False),
    ],
)
def test_files_about_the_collection_are_no_stories(tmp_path, name, expected):
    assert bool(is_not_a_story(tmp_path / name)) is expected


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("the_lamp.txt", "The lamp"),
        ("TheLamp.html", "TheLamp"),
        ("the-lamp-at-whitby.md", "The lamp at whitby"),
        ("Jean-Luc.txt", "Jean-Luc"),
        (".txt", ".txt"),
    ],
)
def test_a_name_becomes_a_title(tmp_path, name, title):
    assert title_from_name(tmp_path / name) == title.removeprefix(".").capitalize() if name == ".txt" else title


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        ("I am _not_ afraid.", "I am <em>not</em> afraid."),
        ("I am /not/ afraid.", "I am <em>not</em> afraid."),
        ("I am *not* afraid.", "I am <em>not</em> afraid."),
        ("I am **not** afraid.", "I am <strong>not</strong> afraid."),
        ("“_Never_,” she said, and _left the room_.", "“<em>Never</em>,” she said, and <em>left the room</em>."),
        ("It was <i>not</i> good.", "It was <em>not</em> good."),
        ("Mina/Lucy and/or he/she on 10/10/1893", "Mina/Lucy and/or he/she on 10/10/1893"),
        ("snake_case_name and /usr/bin and 2*3*4", "snake_case_name and /usr/bin and 2*3*4"),
        ("a < b & c > d <notatag>", "a &lt; b &amp; c &gt; d &lt;notatag&gt;"),
    ],
)
def test_the_conventions_for_italics_and_what_only_looks_like_them(tmp_path, line, shown):
    found = body(story_of(text.READER, tmp_path, "lamp.txt", line + "\n"))
    assert found.replace("<i>", "<em>").replace("</i>", "</em>") == f"<p>{shown}</p>"


@pytest.mark.parametrize("rule", ["***", "* * *", "---", "~~~~", "#", "======"])
def test_a_line_of_signs_is_a_scene_break(tmp_path, rule):
    assert "<hr>" in body(story_of(text.READER, tmp_path, "lamp.txt", f"Rain fell.\n\n{rule}\n\nSun shone.\n"))


def test_a_fancy_scene_break_keeps_its_signs(tmp_path):
    found = body(story_of(text.READER, tmp_path, "lamp.txt", "Rain fell.\n\n~*~oOo~*~\n\nSun shone.\n"))
    assert "~*~oOo~*~" in found


def test_lines_without_blank_lines_are_paragraphs_each(tmp_path):
    long = (
        "The rain fell on the harbour of Whitby for the whole of that night, and nobody in the town could remember one."
    )
    found = body(story_of(text.READER, tmp_path, "lamp.txt", "\n".join([long] * 12)))
    assert found.count("<p>") == 12


def test_a_text_file_that_is_really_html_is_read_as_html(tmp_path):
    found = body(story_of(text.READER, tmp_path, "12.txt", "<p>Rain <b>fell</b>.</p><p>Sun.</p><p>Snow.</p>"))
    assert plain_text(found) == "Rain fell.\nSun.\nSnow."


@pytest.mark.parametrize(
    ("label", "kind", "name"),
    [
        ("Rating: NC-17", TagKind.RATING, "Explicit"),
        ("Rated: K", TagKind.RATING, "General Audiences"),
        ("Warnings: none", TagKind.WARNING, "No Archive Warnings Apply"),
        ("Warning: major character death", TagKind.WARNING, "Major Character Death"),
        ("Category: Het", TagKind.CATEGORY, "F/M"),
        ("Category: Slash", TagKind.ADDITIONAL, "Slash"),
        ("Pairing: none (Gen)", TagKind.RELATIONSHIP, "none (Gen)"),
        ("Fandom: Carmilla", TagKind.FANDOM, "Carmilla"),
        ("Персонажи: Мина", TagKind.CHARACTER, "Мина"),
    ],
)
def test_label_lines_become_tags(tmp_path, label, kind, name):
    assert story_of(text.READER, tmp_path, "lamp.txt", f"Title: Lamp\n{label}\n\n{STORY}").tags(kind) == (name,)


@pytest.mark.parametrize("rating", ["PG", "K+", "FRT", "blue"])
def test_a_rating_that_is_not_certain_is_kept_as_it_stands(tmp_path, rating):
    manuscript = story_of(text.READER, tmp_path, "lamp.txt", f"Title: Lamp\nRating: {rating}\n\n{STORY}")
    assert not manuscript.tags(TagKind.RATING)
    assert ("Rating", rating) in manuscript.extras


def test_an_ambiguous_date_is_kept_and_a_clear_one_read(tmp_path):
    unclear = story_of(text.READER, tmp_path, "a.txt", f"Title: Lamp\nDate: 03/04/2005\n\n{STORY}")
    clear = story_of(text.READER, tmp_path, "b.txt", f"Title: Lamp\nDate: March 4th, 2005\n\n{STORY}")
    assert unclear.published is None
    assert ("Date", "03/04/2005") in unclear.extras
    assert (clear.published.month, clear.published.day) == (3, 4)


def test_mail_addresses_are_no_part_of_a_pen_name(tmp_path):
    manuscript = story_of(text.READER, tmp_path, "a.txt", f"Title: Lamp\nAuthor: Ada <ada@example.org>\n\n{STORY}")
    assert [credit.name for credit in manuscript.credits] == ["Ada"]
    assert ("E-mail", "ada@example.org") in manuscript.extras


def test_series_and_status_are_read(tmp_path):
    manuscript = story_of(
        text.READER, tmp_path, "a.txt", f"Title: Lamp\nSeries: Nights, part 3\nStatus: WIP\n\n{STORY}"
    )
    assert (manuscript.series[0].title, manuscript.series[0].position) == ("Nights", 3)
    assert manuscript.status is Status.IN_PROGRESS


def test_a_table_of_contents_makes_no_empty_chapters(tmp_path):
    listed = "Chapter 1: Rain\n\nChapter 2: Sun\n\n"
    story = "Chapter 1: Rain\n\nIt fell.\n\nChapter 2: Sun\n\nIt shone.\n"
    chapters = story_of(text.READER, tmp_path, "a.txt", listed + story).chapters
    assert [(chapter.title, plain_text(chapter.body)) for chapter in chapters] == [
        ("Rain", "It fell."),
        ("Sun", "It shone."),
    ]


def test_nothing_is_lost_from_deeply_nested_html(tmp_path):
    page = "<div>" * 3000 + "<p>deep</p>" + "<b>" * 3000 + "bold"
    assert "deep" in body(story_of(html_file.READER, tmp_path, "a.html", page))


@pytest.mark.parametrize(
    ("front", "said"),
    [
        ('title = "x"\ntitel = "y"', "line 3.*titel"),
        ("title = 3 = 4", "no TOML.*line 2"),
        ("creators = 3", "line 2.*creators.*list"),
        ('status = "done"', "status.*none of: complete"),
        ('published = "yesterday"', "published.*date"),
        ('[[chapters]]\ntitle = "a"\n[[chapters]]\ntitel = "b"', "line 5.*titel"),
        ('[[series]]\ntitle = "a"\npsition = 1', "line 4.*psition.*series"),
        ("[[chapters]]\n[[chapters]]\n[[chapters]]", "3 \\[\\[chapters\\]\\].*text 2"),
        ('[[reviews]]\nname = "Rey"\nchapter = 9', "chapter.*is 9"),
    ],
)
def test_a_mistake_in_front_matter_is_named_with_its_line(tmp_path, front, said):
    with pytest.raises(Unreadable, match=said):
        story_of(markdown.READER, tmp_path, "a.md", f"+++\n{front}\n+++\n\n# One\n\nRain.\n\n# Two\n\nSun.\n")


def test_front_matter_that_never_ends_is_refused(tmp_path):
    with pytest.raises(Unreadable, match="never ends"):
        story_of(markdown.READER, tmp_path, "a.md", '+++\ntitle = "x"\n\nRain.\n')


def test_footnotes_that_look_like_links_are_kept(tmp_path):
    assert "Ibid." in body(story_of(markdown.READER, tmp_path, "a.md", "Rain.[^1]\n\n[^1]: Ibid.\n"))


@pytest.mark.parametrize(
    "hostile",
    ["[" * 30_000, "*a " * 30_000, "> " * 5000 + "a", "![[]()" * 6_000, "`" * 30_000, "<" * 30_000],
    ids=lambda text: text[:5],
)
def test_hostile_markdown_ends_soon(tmp_path, hostile):
    start = time.process_time()
    story_of(markdown.READER, tmp_path, "a.md", "Rain.\n\n" + hostile)
    assert time.process_time() - start < 10


@pytest.mark.parametrize(
    ("code", "shown"),
    [
        (rb"\i a\i0  b", "<p><em>a</em> b</p>"),
        (rb"{\b a {\i b}} c", "<p><strong>a <em>b</em></strong> c</p>"),
        (rb"\ul a\ulnone  b", "<p><u>a</u> b</p>"),
        (rb"caf\'e9 \u8212?\u233\'e9", "<p>café —é</p>"),
        (rb"{\uc2 \u8364ab}c", "<p>€c</p>"),
        (rb"a\line b\par\qc c", '<p>a<br>b</p>\n<p class="align-center">c</p>'),
        (rb"a{\*\unknown b}c", "<p>ac</p>"),
        (rb"a\{b\}\\c\~d", "<p>a{b}\\c&nbsp;d</p>"),
        (rb"x\super 2\nosupersub y", "<p>x<sup>2</sup>y</p>"),
    ],
)
def test_rich_text_codes(tmp_path, code, shown):
    data = rb"{\rtf1\ansi\ansicpg1252 " + code + rb"\par}"
    assert body(story_of(rtf.READER, tmp_path, "a.rtf", data)) == shown


def test_rich_text_in_a_two_byte_code_page(tmp_path):
    sample = "嵐を待つ"
    hexed = "".join(f"\\'{byte:02x}" for byte in sample.encode("cp932")).encode()
    data = rb"{\rtf1\ansi\ansicpg1252{\fonttbl{\f0\fcharset0 A;}{\f1\fcharset128 B;}}{\f1 " + hexed + rb"}\par}"
    assert plain_text(body(story_of(rtf.READER, tmp_path, "a.rtf", data))) == sample


def test_rich_text_that_was_cut_off_says_so(tmp_path):
    path = tmp_path / "a.rtf"
    path.write_bytes(rb"{\rtf1\ansi Rain fell {\i all")
    story, remarks = read(rtf.READER, path)
    assert body(story.manuscript) == "<p>Rain fell <em>all</em></p>"
    assert remarks[0].grave


def test_rich_text_nested_without_end_is_refused(tmp_path):
    with pytest.raises(Unreadable, match="nested"):
        story_of(rtf.READER, tmp_path, "a.rtf", rb"{\rtf1" + b"{" * 100_000)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.sampled_from(
            [
                b"{",
                b"}",
                b"\\i",
                b"\\par ",
                b"\\'e9",
                b"\\u-1?",
                b"\\footnote ",
                b"\\bin9",
                b"a",
                b"\\*\\x",
                b"\\pict ff",
                b"\\",
                b'\\fldinst HYPERLINK "http://a/"',
            ]
        ),
        max_size=40,
    )
)
def test_rich_text_of_any_shape_is_read_or_refused(tmp_path, pieces):
    try:
        story_of(rtf.READER, tmp_path, "a.rtf", b"{\\rtf1 word " + b"".join(pieces))
    except Unreadable as refusal:
        assert "\n" not in str(refusal)  # noqa: PT017  either outcome is right, each in its way


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(alphabet=st.characters(categories=["L", "N", "P", "Zs"]), min_size=1, max_size=200))
def test_no_word_of_a_text_is_lost(tmp_path, words):
    sample = f"Rain fell.\n\n{words}\n\nSun shone."
    manuscript = story_of(text.READER, tmp_path, "a.txt", sample)
    shown = str(manuscript)
    for word in words.split():
        letters = unicodedata.normalize("NFC", "".join(filter(str.isalpha, word)))
        if letters and letters == unicodedata.normalize("NFC", word):
            assert letters.casefold() in shown.casefold()


@pytest.mark.parametrize(
    ("said", "names"),
    [
        ("Mina M.", ["Mina M."]),
        ("J. R.", ["J. R."]),
        ("J.R.", ["J.R."]),
        ("Ada Byron.", ["Ada Byron"]),
        ("Ada Byron Jr.", ["Ada Byron Jr."]),
        ("Ada Byron, Jr.", ["Ada Byron, Jr."]),
        ("Mina M., Ada & J. R.", ["Mina M.", "Ada", "J. R."]),
        ("_Mina M._", ["Mina M."]),
        ("Mina...", ["Mina"]),
        ("Мина М.", ["Мина М."]),
    ],
)
def test_the_stop_behind_an_initial_is_part_of_a_pen_name(tmp_path, said, names):
    labelled = story_of(text.READER, tmp_path, "lamp.txt", f"Title: The Lamp\nAuthor: {said}\nRating: PG\n\n{STORY}")
    assert [credit.name for credit in labelled.credits] == names


@pytest.mark.parametrize("line", ["by Mina M.", "The Lamp by Mina M."])
def test_a_byline_keeps_the_stop_behind_an_initial(tmp_path, line):
    headed = story_of(text.READER, tmp_path, "lamp.txt", f"{line}\n\nRating: PG\n\n{STORY}")
    assert [credit.name for credit in headed.credits] == ["Mina M."]


@pytest.mark.parametrize(("line", "names"), [("by Mina M.", ["Mina M."]), ("by the sea she waited.", [])])
def test_a_byline_without_labels_is_told_from_a_sentence(tmp_path, line, names):
    bare = story_of(text.READER, tmp_path, "lamp.txt", f"The Lamp\n\n{line}\n\n{STORY}")
    assert [credit.name for credit in bare.credits] == names
