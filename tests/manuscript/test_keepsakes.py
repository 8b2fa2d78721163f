"""The JSON form of what an archive holds beside its stories, and how two tellings of one thing are woven."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings

from tests.keepsakes import ALL, CHALLENGE, FAVOURITES, FULLER, NEWS, PAGE, PROFILE, SERIES, keepsakes
from tests.manuscripts import make_manuscript, prose
from undying.manuscript import Credit, Keepsake, Openness, woven
from undying.manuscript.codec import (
    BadManuscript,
    keepsake_from_json,
    keepsake_to_json,
    line_from_json,
    storable_keepsake,
    to_json,
)


@settings(max_examples=60, deadline=None)
@given(keepsakes())
def test_any_keepsake_comes_back_as_it_went_and_is_written_the_same_twice(keepsake: Keepsake):
    text = keepsake_to_json(keepsake)
    again = keepsake_from_json(text)
    assert again == keepsake
    assert line_from_json(text) == keepsake
    assert keepsake_to_json(again) == text
    assert len(text.splitlines()) == 1


def test_the_smallest_keepsake_is_written_in_the_order_of_the_model_without_defaults():
    assert keepsake_to_json(replace(PAGE, title="Rules")) == (
        '{"format":"undying-keepsake","version":1,"kind":"page","value":{"source":{"site":"castle.example",'
        '"key":"rules"},"title":"Rules","body":"<p>Invite before you enter.</p>"}}'
    )


def test_a_line_of_a_dump_is_a_story_or_a_keepsake():
    story = make_manuscript()
    assert line_from_json(to_json(story)) == story
    assert [line_from_json(keepsake_to_json(each)) for each in ALL] == list(ALL)


def test_the_prose_of_a_keepsake_is_cleaned_again_whatever_the_file_claims():
    hostile = keepsake_to_json(NEWS).replace("When?", "<script>steal()</script>When?")
    again = keepsake_from_json(hostile)
    assert again == NEWS


def test_what_no_database_holds_is_taken_out_of_a_keepsake():
    assert storable_keepsake(replace(PAGE, title="a\0b\ud800")) == replace(PAGE, title="ab\ufffd")
    assert storable_keepsake(PROFILE) is PROFILE


def _changed(keepsake: Keepsake, **changes: Any) -> str:
    return json.dumps({**json.loads(keepsake_to_json(keepsake)), **changes})


def _inside(keepsake: Keepsake, **changes: Any) -> str:
    told = json.loads(keepsake_to_json(keepsake))
    return json.dumps({**told, "value": {**told["value"], **changes}})


@pytest.mark.parametrize(
    ("text", "names"),
    [
        (_changed(PAGE, format="undying-trinket"), '"format"'),
        (_changed(PAGE, version=2), '"version" is 2'),
        (_changed(PAGE, kind="poll"), '"kind" is not one of "profile"'),
        (_changed(PAGE, kind=None), '"kind" is not one of'),
        (_changed(PAGE, kind=["page"]), '"kind" is not one of'),
        (_changed(PAGE, mood="x"), '"mood" is unknown'),
        (_changed(PAGE, value=None), '"value" is not an object'),
        (_changed(PAGE, kind="news"), '"value.author" is missing'),
        (_inside(PAGE, KIND="page"), '"value.KIND" is unknown'),
        (_inside(PAGE, title=3), '"value.title" is not text'),
        (_inside(PROFILE, joined="1897"), '"value.joined" is not a time'),
        (_inside(PROFILE, fields=[["one"]]), '"value.fields[0]" is not a list of 2'),
        (_inside(FAVOURITES[0], kind="poem"), '"value.kind" is not one of "work"'),
        (_inside(SERIES, openness="ajar"), '"value.openness" is not one of "closed"'),
        (_inside(NEWS, comments=[{"name": "x"}]), '"value.comments[0].body" is missing'),
        (_inside(CHALLENGE, works=[1]), '"value.works[0]" is not text'),
        (keepsake_to_json(PAGE)[:-1], "not JSON"),
    ],
)
def test_a_bad_keepsake_is_refused_with_a_sentence_that_names_the_field(text: str, names: str):
    with pytest.raises(BadManuscript) as refusal:
        line_from_json(text)
    assert names in str(refusal.value)
    assert len(str(refusal.value)) < 300


@settings(max_examples=60, deadline=None)
@given(keepsakes(), keepsakes())
def test_weaving_the_same_again_changes_nothing(one: Keepsake, other: Keepsake):
    assert woven(one, one) == one
    if one.KIND == other.KIND:
        both = woven(one, other)
        assert woven(both, other) == both


@pytest.mark.parametrize(("old", "new"), FULLER)
def test_what_says_more_or_else_goes_first_and_what_says_less_changes_nothing(old: Keepsake, new: Keepsake):
    assert woven(old, new) == new
    assert woven(old, old) == old


def test_a_telling_that_leaves_things_out_loses_nothing():
    bare = replace(
        PROFILE, bio=prose(""), joined=None, fields=PROFILE.fields[1:], member=Credit(name="Lucy W.", key="7")
    )
    assert woven(PROFILE, bare) == PROFILE
    assert woven(SERIES, replace(SERIES, reviews=SERIES.reviews[:1], openness=Openness.CLOSED)) == SERIES
    assert woven(bare, PROFILE) == PROFILE
