"""What the cleaner makes of real old markup: one folder per case in tests/golden/clean."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.manuscript import fuzz_clean
from tests.samples import SAMPLES, needs_samples
from undying.manuscript.clean import Prose, RawHtml, clean, scoped, without_addresses, xhtml

CASES = sorted((Path(__file__).parents[1] / "golden" / "clean").iterdir())


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_golden_case_comes_out_as_before(case, golden):
    raw = (case / "in.html").read_bytes().decode("utf-8")
    prose = clean(RawHtml(raw))
    golden(case / "out.html", str(prose) + "\n")
    golden(case / "removed.txt", "".join(f"{phrase}\n" for phrase in prose.removed))
    fuzz_clean.check(raw)
    fuzz_clean.check_text(raw)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_golden_case_says_why_it_is_there(case):
    assert len((case / "why.md").read_text("utf-8")) > 40


@needs_samples
def test_real_chapters_keep_every_letter():
    for path in [*SAMPLES.glob("efiction/stories/*/*.txt"), *SAMPLES.glob("*/*.html")]:
        raw = path.read_bytes().decode("utf-8", "replace")
        fuzz_clean.check(raw)
        fuzz_clean.check_text(raw)


def test_what_was_removed_is_said_in_words():
    prose = clean(
        RawHtml("<script>x</script><script>y</script><p onclick=x()>Mina <font color=white>x</font></p><img src=x>")
    )
    assert prose.removed == ("2 scripts", "1 event handler", "1 image with a forbidden address", "colour on 1 passage")


def test_nothing_removed_is_nothing_said():
    assert clean(RawHtml("<p>Mina <em>wrote</em> <font color=red>in red</font>.</p>")).removed == ()


def test_empty_text_is_empty_prose():
    assert clean(RawHtml("")) == ""
    assert not clean(RawHtml("<p>&nbsp;</p>")).has_words()


def test_half_a_character_does_no_harm():
    prose = clean(RawHtml("a\ud83d\ude00b\ud800c"))
    assert prose == "<p>a\U0001f600b\ufffdc</p>"
    assert prose.removed == ("1 half character (shown as \ufffd)",)


def test_scoped_prose_may_stand_beside_another_chapter():
    prose = clean(
        RawHtml('<p id="fn1">id="user-fn1" <a href="#fn1" title=\' id="user-x"\'>up</a> <script>x</script></p>')
    )
    third = scoped(prose, "c3")
    assert '<p id="c3-user-fn1">id="user-fn1" <a href="#c3-user-fn1"' in third
    assert third.count("c3-") == 2
    assert third.removed == ("1 script",)


def test_prose_without_ids_is_scoped_for_nothing():
    prose = clean(RawHtml("<p>Mina</p>"))
    assert scoped(prose, "c1") is prose


def test_a_scope_must_be_a_name():
    with pytest.raises(ValueError, match="cannot begin an id"):
        scoped(Prose(""), '1" onclick="')


def test_xhtml_closes_what_is_empty_and_knows_no_named_space():
    prose = clean(RawHtml("<p>dix&nbsp;francs<br>x<img src=http://example.org/a.png alt='>'></p><hr>"))
    markup = '<p>dix&#160;francs<br/>x<img src="http://example.org/a.png" alt="&gt;"/></p>\n<hr/>'
    assert xhtml(prose) == markup


def test_a_long_word_behind_an_address_costs_no_more_than_its_length():
    words = "o" * 400_000  # tried from each letter anew, this would take hours
    assert without_addresses(clean(RawHtml(f"<p>a@b {words}</p>"))) == f"<p>a@b {words}</p>"
    assert "mina" not in without_addresses(clean(RawHtml("<p>Write to mina.m+1@whitby.example now</p>")))
