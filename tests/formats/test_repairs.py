"""Repairs are told with before and after; those that may be wrong are offered and wait for the archivist's word."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.formats.efiction_archive import Heard, read, small
from undying.formats.repairs import EXAMPLES, RULES, Mender, allows, choices, passages

GARBLED = "Itr17;s late, r0;Minar1;."


@pytest.fixture
def hear(tmp_path, tmp_path_factory):
    def hear(archive, **asked: object) -> Heard:
        return read(archive.write(tmp_path_factory.mktemp("archive")), tmp_path, **asked)

    return hear


def test_what_the_filter_garbled_is_offered_with_before_and_after_and_left_as_it_stands(hear):
    heard = hear(small().story(1, GARBLED))
    assert heard.story.chapters[0].body == f"<p>{GARBLED}</p>"
    (offer,) = heard.repairs("efiction-entities")
    assert (offer.where, offer.before, offer.after) == ("story 1, chapter 1", GARBLED, "It’s late, “Mina”.")
    assert (offer.places, offer.applied) == (3, False)
    assert "--repair efiction-entities" in heard.remark("Punctuation that eFiction garbled").text


def test_an_allowed_repair_is_applied_and_told(hear):
    heard = hear(small().story(1, GARBLED), repairs=frozenset({"efiction-entities"}))
    assert heard.story.chapters[0].body == "<p>It’s late, “Mina”.</p>"
    (told,) = heard.repairs("efiction-entities")
    assert (told.places, told.applied) == (3, True)
    assert "mended in 3 places" in heard.remark("Punctuation that eFiction garbled").text


def test_a_text_about_the_damage_keeps_its_words_unless_the_archivist_decides(hear):
    text = "My old stories all say r17; where I typed an apostrophe."
    heard = hear(small().story(1, text))
    assert heard.story.chapters[0].body == f"<p>{text}</p>"
    assert len(heard.repairs("efiction-entities")) == 1


def test_garbled_cyrillic_has_a_rule_of_its_own(hear):
    garbled = "i4;l5; l9;l2;k2;k9;k2;l3;: l7;ll0;k4;km0;, k6;l6;ll6;k5;k2;n3;"
    assert hear(small().story(1, garbled)).story.chapters[0].body == f"<p>{garbled}</p>"
    allowed = hear(small().story(1, garbled), repairs=frozenset({"efiction-cyrillic", "efiction-entities"}))
    assert allowed.story.chapters[0].body == "<p>Он сказал: привет, дорогая</p>"
    assert allowed.repairs("efiction-cyrillic")[0].where == "story 1, chapter 1"


def test_usual_repairs_are_applied_told_and_can_be_withdrawn(hear):
    archive = small().story(1, "SoufflÃ© at seven.", summary=r"It\'s here", storynotes='<a href="x>y</a>')
    heard = hear(archive)
    assert heard.story.chapters[0].body == "<p>Soufflé at seven.</p>"
    assert [(each.before, each.after, each.applied) for each in heard.repairs("double-encoding")] == [
        ("SoufflÃ© at seven.", "Soufflé at seven.", True)
    ]
    assert heard.repairs("magic-quotes")[0].after == "It's here"
    assert heard.repairs("open-links")[0].after == '<a href="x">y</a>'

    withdrawn = hear(archive, repairs=frozenset({"no-double-encoding", "no-magic-quotes"}))
    assert withdrawn.story.chapters[0].body == "<p>SoufflÃ© at seven.</p>"
    assert withdrawn.story.summary == r"<p>It\'s here</p>"
    assert not withdrawn.repairs("double-encoding")[0].applied


def test_examples_are_few_and_the_rest_is_counted(hear):
    archive = small()
    for sid in range(1, 41):
        archive.story(sid, f"Night {sid}: itr17;s late, isnr17;t it?")
    told = hear(archive).repairs("efiction-entities")
    assert len(told) == EXAMPLES + 1
    assert (told[-1].before, told[-1].after, told[-1].where) == ("", "", "28 more texts")
    assert sum(each.places for each in told) == 80


def test_every_rule_says_what_it_does_and_can_be_chosen():
    assert all(rule.title and rule.sentence.endswith(".") for rule in RULES.values())
    assert set(choices()) == {
        "no-double-encoding", "no-magic-quotes", "no-open-links", "efiction-entities", "efiction-cyrillic"
    }  # fmt: skip
    assert [allows((), name) for name in RULES] == [rule.is_usual for rule in RULES.values()]
    assert not any(allows(choices(), name) for name, rule in RULES.items() if rule.is_usual)


def test_a_passage_is_cut_from_a_long_text_around_the_place():
    before = "word " * 200 + "and itr17;s late, said he. " + "more " * 200
    after = before.replace("r17;", "’")
    old, new = passages(before, after)
    assert old.startswith("…word ")
    assert old.endswith("…")
    assert "itr17;s late" in old
    assert "it’s late" in new
    assert len(old) < 240


@given(st.text("ab ’.;r17", max_size=400), st.text("ab ’.;r17", max_size=400))
def test_passages_stay_short_and_differ_only_where_texts_do(before, after):
    old, new = passages(before, after)
    assert len(old) <= 202
    assert len(new) <= 202
    if " ".join(before.split()) == " ".join(after.split()):
        assert old == new


def test_the_same_passage_is_an_example_once():
    mender = Mender(())
    for sid in range(3):
        mender.mend("efiction-entities", "itr17;s", "it’s", where=f"story {sid}")
    assert [each.where for each in mender.told()] == ["story 0"]
    assert [(each.where, each.places) for each in mender.rest()] == [("2 more texts", 2)]
