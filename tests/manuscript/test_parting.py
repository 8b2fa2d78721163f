"""Where prose can be parted."""

from __future__ import annotations

from pathlib import Path

import pytest

from undying.formats.markdown import typed_prose
from undying.manuscript import RawHtml
from undying.manuscript.clean import clean
from undying.manuscript.parting import beginnings, blocks, halves

GOLDEN = sorted((Path(__file__).resolve().parents[1] / "golden" / "clean").glob("*/out.html"))


@pytest.mark.parametrize("path", GOLDEN, ids=lambda path: path.parent.name)
def test_blocks_are_the_prose_and_each_half_is_whole(path):
    prose = clean(RawHtml(path.read_text(encoding="utf-8")))
    parts = blocks(prose)
    assert "".join(parts) == prose
    for at in range(1, min(len(parts), 6)):
        first, second = halves(prose, at)
        assert (first + second).replace("\n", "") == prose.replace("\n", "")


def test_a_block_is_known_by_its_beginning():
    prose = clean(RawHtml("<p>Rain came in <em>from</em> the sea.</p><hr><ul><li>One</li></ul><p></p>"))

    assert beginnings(prose, 12) == ["Rain came…", "* * *", "One"]
    assert beginnings(clean(RawHtml("")), 12) == ["…"]


@pytest.mark.parametrize(
    ("typed", "prose"),
    [
        ("One\ntwo\n\n    Three *em*\n\tFour", "<p>One<br>two</p>\n<p>Three <em>em</em><br>Four</p>"),
        ("<i>One</i>\n\n*two*", "<p><i>One</i></p>\n<p>*two*</p>"),
        ("a[^1] <3\n\n[^1]: b", None),
        (" \n", ""),
    ],
)
def test_what_is_typed_is_html_where_it_has_a_tag_and_else_markdown(typed, prose):
    assert typed_prose(typed) == prose or (prose is None and "&lt;3" in typed_prose(typed))
