"""Markup cut into chapters where line breaks stand together."""

from __future__ import annotations

import pytest

from undying.formats.blocks import cut_at_breaks


def test_a_text_is_cut_where_two_breaks_stand_together_and_what_is_open_goes_on():
    assert cut_at_breaks("one <i>two<br><br>three</i> four<br>five", 2) == [
        "one <i>two</i>",
        "<i>three</i> four<br>five",
    ]


def test_a_break_in_a_comment_is_none():
    assert cut_at_breaks("one<!-- <br><br> -->two > three", 2) == ["one<!-- <br><br> -->two > three"]


@pytest.mark.parametrize("markup", ["<!--" * 150_000, "-->" + "<a " * 150_000, "<!-->" * 50_000])
def test_what_is_never_closed_is_read_once_and_not_from_each_of_its_signs(markup):
    assert "".join(cut_at_breaks(markup, 2)) == markup
