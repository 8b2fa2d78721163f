"""The one place that trusts markup."""

from __future__ import annotations

import pytest
from django.utils.safestring import SafeString

from tests.manuscripts import prose as cleaned
from undying.web.templatetags.undying import prose


@pytest.mark.parametrize("value", ["<p>x</p>", SafeString("<p>x</p>"), None, 3])
def test_it_takes_nothing_but_prose(value):
    with pytest.raises(TypeError, match="Prose"):
        prose(value)


def test_prose_is_shown_as_it_is():
    assert prose(cleaned("<p>Rain &amp; <em>sea</em></p>")) == "<p>Rain &amp; <em>sea</em></p>"


def test_words_that_look_like_a_picture_stay_words(guest):
    from tests.makers import make_work  # noqa: PLC0415 - the rest of this file needs no tables

    text = cleaned(f'<p>src="picture:{"a" * 64}" &lt;img src="picture:{"b" * 64}"&gt;</p>')

    assert prose(text, make_work()) == text
