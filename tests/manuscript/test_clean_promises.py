"""What the cleaner promises of any text whatever."""

from __future__ import annotations

import re
import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.hostile.corpus import samples
from tests.manuscript import fuzz_clean
from undying.manuscript.clean import RawHtml, clean

calm = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])

pieces = st.one_of(
    st.sampled_from([f"<{tag}>" for tag in fuzz_clean.TAGS] + [f"</{tag}>" for tag in fuzz_clean.TAGS]),
    st.builds(
        lambda tag, words: f"<{tag} {words}>", st.sampled_from(fuzz_clean.TAGS), st.sampled_from(fuzz_clean.ATTRIBUTES)
    ),
    st.sampled_from(fuzz_clean.TEXTS),
    st.text(max_size=5),
)
markup = st.lists(pieces, max_size=25).map("".join)


@calm
@given(markup)
def test_any_markup_comes_out_sound_and_stays_as_it_is(raw):
    fuzz_clean.check(raw)


@calm
@given(markup)
def test_every_visible_character_is_kept(raw):
    fuzz_clean.check_text(raw)


@calm
@given(st.text(st.characters(codec=None), max_size=60))
def test_any_characters_come_out_sound(raw):
    fuzz_clean.check(raw)


def test_a_short_fuzz_finds_nothing():
    assert fuzz_clean.run(seed=1897, seconds=2) > 50


def test_hostile_markup_comes_out_sound():
    for sample in samples()[::7]:
        fuzz_clean.check(sample.markup)


def test_no_attribute_of_hostile_markup_is_code_or_style():
    for sample in samples()[::3]:
        for tag in re.findall(r"<[^>]*>", clean(RawHtml(sample.markup))):
            for name, value in re.findall(r'\s([^\s=">]+)="([^"]*)"', tag):
                assert not name.startswith("on")
                assert name not in {"style", "srcdoc", "formaction", "name"}
                if name in {"href", "src", "cite"}:
                    assert re.match(r"https?://|mailto:|#user-|picture:[0-9a-f]{64}$", value)


WALLS = {
    "open div": "<div>" * 100_000,
    "open b": "<b>" * 50_000,
    "b and p in turn": "<b><p>" * 20_000,
    "open tables": "<table>" * 50_000,
    "lists in lists": "<ul><li>x" * 30_000,
    "only brackets": "<" * 500_000,
    "open comments": "<!--" * 100_000,
    "open quotes": "<a href='" * 50_000,
    "deep and closed": "<div class=verse>" * 50_000 + "x" + "</div>" * 50_000,
    "closing tags in comments": "<div><!--</div>-->" * 50_000,
    "closing tags in values": '<div a=x" b="> </div>">' * 40_000,
    "many inks that stay open": "".join(f"<p><font color=#{ink:06x}>x" for ink in range(10_000)),
    "one long link in every paragraph": "<p><a href='http://example.org/" + "y" * 10_000 + "'>x" + "<p>y" * 20_000,
    "one long title in every paragraph": "<span title='" + "y" * 10_000 + "'>" + "<p>y</p>" * 20_000,
    "open xmp": "<xmp" * 50_000,
    "only closing tags": "</p>" * 50_000,
}


@pytest.mark.parametrize("wall", WALLS)
def test_no_wall_of_markup_takes_long_or_grows(wall):
    before = time.process_time()
    prose = clean(RawHtml(WALLS[wall]))
    assert time.process_time() - before < 6
    assert len(prose) < 10 * len(WALLS[wall])


def test_depth_that_was_flattened_is_said():
    deep = "<blockquote>" * 500 + "Mina" + "</blockquote>" * 500
    prose = clean(RawHtml(deep))
    assert "Mina" in prose
    assert any("nesting too deep" in phrase for phrase in prose.removed)
    assert prose.count("<blockquote>") < 200
