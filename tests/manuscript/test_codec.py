"""The JSON form of a story: exact, stable, strict."""

from __future__ import annotations

import base64
import json
from dataclasses import replace
from datetime import datetime, timedelta, timezone

import pytest
from hypothesis import given, settings

from tests.manuscripts import (
    DAY,
    make_chapter,
    make_manuscript,
    make_picture,
    manuscripts,
    sample_one_chapter,
    sample_pictures,
)
from undying.manuscript import Manuscript, Prose
from undying.manuscript.codec import BadManuscript, fingerprint, from_json, storable, to_json


@settings(max_examples=60, deadline=None)
@given(manuscripts())
def test_any_story_comes_back_as_it_went_and_is_written_the_same_twice(story: Manuscript):
    text = to_json(story)
    again = from_json(text)
    assert again == story
    assert to_json(again) == text
    assert len(text.splitlines()) == 1
    assert text.encode("utf-8")


def test_what_is_read_is_prose_and_text_where_the_model_says_so():
    again = from_json(to_json(sample_one_chapter()))
    assert again == sample_one_chapter()
    assert type(again.summary) is Prose
    assert type(again.chapters[0].body) is Prose
    assert type(again.title) is str


def test_the_smallest_story_is_written_in_the_order_of_the_model_without_defaults():
    story = make_manuscript(credits=(), language="")
    assert to_json(story) == (
        '{"format":"undying-manuscript","version":1,"title":"The Guest of the Castle",'
        '"chapters":[{"body":"<p>The castle was quiet.</p>"}]}'
    )


def test_letters_of_all_scripts_are_kept_readable_and_line_ends_escaped():
    text = to_json(make_manuscript(title="Д\u2028é\x85ש\n"))
    assert '"Д\\u2028é\\u0085ש\\n"' in text
    assert from_json(text).title == "Д\u2028é\x85ש\n"


def test_half_a_surrogate_pair_becomes_the_replacement_character():
    assert from_json(to_json(make_manuscript(title="a\ud83d\ude00b"))).title == "a\ufffd\ufffdb"


def test_times_of_other_zones_are_written_in_utc():
    evening = datetime(2004, 3, 9, 23, 0, tzinfo=timezone(timedelta(hours=-5)))
    assert '"published":"2004-03-10T04:00:00Z"' in to_json(make_manuscript(published=evening))


def test_a_time_without_a_zone_is_refused():
    with pytest.raises(BadManuscript, match="has no zone"):
        to_json(make_manuscript(published=DAY.replace(tzinfo=None)))


def test_prose_is_cleaned_again_whatever_the_file_claims():
    hostile = to_json(make_manuscript()).replace("The castle was quiet.", "<script>steal()</script>x")
    assert "script" not in from_json(hostile).chapters[0].body


def test_pictures_may_be_left_out_and_given_apart():
    story = make_manuscript(pictures=(make_picture(1), make_picture(2)))
    slim = to_json(story, without={one.sha256 for one in story.pictures})
    assert base64.b64encode(story.pictures[0].data).decode() not in slim
    assert from_json(slim, pictures={one.sha256: one.data for one in story.pictures}) == story
    with pytest.raises(BadManuscript, match=r'"pictures\[1\].data" is missing'):
        from_json(slim, pictures={story.pictures[0].sha256: story.pictures[0].data})


def test_a_picture_that_does_not_match_its_hash_is_refused():
    forged = replace(make_picture(1), data=make_picture(2).data)
    with pytest.raises(BadManuscript, match=r"pictures\[0\].sha256"):
        from_json(to_json(make_manuscript(pictures=(forged,))))


def _changed(**changes: object) -> str:
    return json.dumps({**json.loads(to_json(make_manuscript())), **changes})


def _without(name: str) -> str:
    value = json.loads(to_json(make_manuscript()))
    del value[name]
    return json.dumps(value)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("", "not JSON"),
        ("[]", "not a JSON object"),
        ('{"title": "x"}', '"format"'),
        (_changed(version=2), '"version" is 2'),
        (_changed(version=True), '"version" is True'),
        (_without("version"), '"version" is None'),
        (_without("title"), '"title" is missing'),
        (_without("chapters"), '"chapters" is missing'),
        (_changed(titel="x"), '"titel" is unknown'),
        (_changed(title=3), '"title" is not text'),
        (_changed(title=None), '"title" is not text'),
        (_changed(chapters={}), '"chapters" is not a list'),
        (_changed(chapters=[{"body": "x", "mood": "y"}]), '"chapters[0].mood" is unknown'),
        (_changed(chapters=["x"]), '"chapters[0]" is not an object'),
        (_changed(planned_chapters=True), '"planned_chapters" is not a whole number'),
        (_changed(planned_chapters=1.5), '"planned_chapters" is not a whole number'),
        (_changed(status="resting"), '"status" is not one of "complete"'),
        (_changed(status=[]), '"status" is not one of'),
        (_changed(published="2004-03-09"), '"published" is not a time'),
        (_changed(published="2004-13-09T00:00:00Z"), '"published" is not a time'),
        (_changed(extras=[["one"]]), '"extras[0]" is not a list of 2'),
        (_changed(extras=[["one", 2]]), '"extras[0][1]" is not text'),
        (_changed(series=[{"title": "x", "within": {}}]), '"series[0].within.title" is missing'),
        (_changed(pictures=[{"sha256": "", "media_type": "", "data": "?"}]), '"pictures[0].data" is not base64'),
        (_changed(pictures=3), '"pictures" is not a list'),
        (_changed(title="\ud83d"), '"title" is not text: it holds half'),
        ('{"format":"a","format":"b"}', '"format" is there twice'),
        ("[" * 100_000, "nests deeper"),
        ('{"n":' + "1" * 5000 + "}", "not JSON"),
    ],
)
def test_a_bad_text_is_refused_with_a_sentence_that_names_the_field(text: str, names: str):
    with pytest.raises(BadManuscript) as refusal:
        from_json(text)
    assert names in str(refusal.value)
    assert len(str(refusal.value)) < 300


def test_the_fingerprint_changes_with_every_part_and_with_nothing_else():
    story = sample_one_chapter()
    others = [
        replace(story, title="x"),
        replace(story, reviews=()),
        replace(story, chapters=(*story.chapters, make_chapter())),
        replace(story, pictures=(make_picture(),)),
        replace(story, extras=()),
    ]
    prints = {fingerprint(one) for one in [story, *others]}
    assert len(prints) == len(others) + 1
    assert fingerprint(sample_one_chapter()) == fingerprint(story)
    assert fingerprint(sample_pictures()) == fingerprint(sample_pictures())


def test_what_no_database_holds_is_taken_out_and_nothing_else():
    title = "a\x00\x00b \\u0000 \\\x00c \ud800"
    assert storable(make_manuscript(title=title)).title == "ab \\u0000 \\c \ufffd"
    clean_one = make_manuscript(title="\\u0000 stays")
    assert storable(clean_one) == clean_one
