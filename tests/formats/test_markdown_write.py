"""A story as Markdown comes back from it as it was."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING
from unicodedata import normalize

import pytest
from hypothesis import assume, given, settings

from tests.manuscripts import (
    make_chapter,
    make_manuscript,
    manuscripts,
    prose,
    sample_cjk,
    sample_footnotes,
    sample_long,
    sample_one_chapter,
    sample_rtl,
)
from undying.formats import Request, Story
from undying.formats.markdown import READER, to_prose
from undying.formats.markdown_write import MarkdownWriter, from_prose

if TYPE_CHECKING:
    from pathlib import Path

    from undying.manuscript import Manuscript, Prose


def read(data: bytes, folder: Path) -> Manuscript:
    path = folder / "story.md"
    path.write_bytes(data)
    request = Request(scratch=folder, root=folder)
    return next(each.manuscript for each in READER.read(path, request) if isinstance(each, Story))


@pytest.mark.parametrize(
    "text",
    [
        "<p>One <em>word</em> and <strong>another</strong>.<br>A line.</p>\n<p>1. no list</p>\n<p># no heading</p>",
        "<p>a*b*c _d_ [e](f) `g` ~~h~~ &lt;i&gt; &amp;amp; \\ | +++</p>",
        '<p class="align-center">Middle</p>\n<p>H<sub>2</sub>O <ruby>漢<rt>kan</rt></ruby></p>',
        "<h1>A heading that begins no chapter</h1>\n<p>x</p>\n<h3>Another</h3>",
        "<pre>a\n\n\nb</pre>\n<p>after</p>",
        "<ul>\n<li>one</li>\n<li>two\n<ol>\n<li>three</li>\n</ol>\n</li>\n</ul>",
        "<blockquote>\n<p>Said.</p>\n<p>Again.</p>\n</blockquote>\n<hr>\n<p>- no point</p>\n<p>+++</p>",
        '<details><summary>More</summary><p>Inside.</p></details>\n<p class="scene-break">* * *</p>',
    ],
)
def test_every_prose_comes_back(text: str):
    told = prose(text)
    assert to_prose(from_prose(told)) == told


def test_plain_prose_looks_like_markdown():
    assert from_prose(prose("<p>One <em>word</em>.</p><p>Next.</p>")) == "One *word*.\n\nNext."


@pytest.mark.parametrize("sample", [sample_one_chapter, sample_cjk, sample_footnotes, sample_long, sample_rtl])
def test_a_sample_comes_back(sample, tmp_path):
    told = sample()
    back = read(MarkdownWriter().write(told), tmp_path)
    assert back == _as_markdown_holds(told, back)


@settings(max_examples=25, deadline=None)
@given(manuscripts())
def test_any_prose_of_any_story_comes_back(story: Manuscript):
    for each in _all_prose(story):
        assert to_prose(from_prose(each)) == each


@settings(max_examples=25, deadline=None)
@given(manuscripts())
def test_any_story_comes_back(tmp_path_factory, story: Manuscript):
    assume(story.chapters)
    back = read(MarkdownWriter().write(story), tmp_path_factory.mktemp("story"))
    assert [each.body for each in back.chapters] == [each.body for each in story.chapters]
    assert [each.title for each in back.chapters] == [normalize("NFC", each.title.strip()) for each in story.chapters]
    assert back.summary == story.summary


def test_pictures_lead_to_their_files():
    sha256 = "a" * 64
    story = make_manuscript(chapters=(make_chapter(body=f'<p><img src="picture:{sha256}" alt="A ship"></p>'),))
    assert "![A ship](pictures/a.png)" in MarkdownWriter().write(story, pictures={sha256: "pictures/a.png"}).decode()


def _all_prose(story: Manuscript) -> list[Prose]:
    texts = [story.summary, story.notes_before, story.notes_after, story.rights]
    return texts + [text for each in story.chapters for text in (each.body, each.summary, each.notes_after)]


def _as_markdown_holds(story: Manuscript, back: Manuscript) -> Manuscript:
    """The file names no pictures, reviews or other sources; its tags go kind by kind; the file is its source."""
    kinds = [each.kind for each in back.taggings]
    tags = sorted(story.taggings, key=lambda each: kinds.index(each.kind))
    chapters = tuple(replace(each, url="") for each in story.chapters)
    bare = {"pictures": (), "reviews": (), "also": (), "taggings": tuple(tags), "chapters": chapters}
    source = {} if story.source.site else {"source": back.source}
    return replace(story, **bare, **source)
