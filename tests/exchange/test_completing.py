"""One story told twice: the better telling keeps every word of its own and gains what it lacked."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from undying.exchange.completing import completed
from undying.formats import CAPTURED
from undying.manuscript import Chapter, Manuscript, Picture, Prose, Review

TEXTS = ["The lamp.", "The sea.", "The dog.", "The steps, all wet.", "Salt."]


@st.composite
def tellings(draw: st.DrawFn) -> Manuscript:
    """A part of one story of five chapters, some with keys, with some of its reviews; from data or from pages."""
    numbers = sorted(draw(st.sets(st.integers(0, 4), min_size=1)))
    chapters = tuple(
        Chapter(body=Prose(f"<p>{TEXTS[number]}</p>"), key=str(number + 10) if draw(st.booleans()) else "")
        for number in numbers
    )
    said = draw(
        st.lists(st.tuples(st.sampled_from(["Mina", "Lucy"]), st.sampled_from(["Good.", "More!", ""])), max_size=4)
    )
    reviews = tuple(
        Review(name=name, body=Prose(words), chapter=draw(st.integers(0, len(chapters)))) for name, words in said
    )
    return Manuscript(title="T", chapters=chapters, reviews=reviews, extras=(CAPTURED,) if draw(st.booleans()) else ())


@given(tellings())
def test_a_story_beside_itself_stays_what_it_is(story):
    assert completed(story, story) == story


@given(tellings(), tellings())
def test_completing_twice_is_completing_once(one, other):
    whole = completed(one, other)
    assert completed(whole, other) == whole


@given(tellings(), tellings())
def test_nothing_of_the_better_telling_is_lost_or_moved(one, other):
    whole = completed(replace(one, extras=()), other)
    bodies = [chapter.body for chapter in whole.chapters]
    mine = [chapter.body for chapter in one.chapters]
    rest = iter(bodies)
    assert all(body in rest for body in mine)
    for review in one.reviews:
        assert any(
            each.name == review.name and each.body == review.body
            and (not review.chapter or bodies[each.chapter - 1] == mine[review.chapter - 1])
            for each in whole.reviews
        )  # fmt: skip


@given(tellings(), tellings())
def test_a_chapter_stands_there_once(one, other):
    whole = completed(one, other)
    keys = [chapter.key for chapter in whole.chapters if chapter.key]
    assert len(keys) == len(set(keys))


def test_a_review_whose_words_were_mended_is_the_same_review():
    day = datetime(2004, 3, 14, 10, tzinfo=UTC)
    damaged = "<p>Itr17;s the dog that I held my breath for, and nobody else on that ship.</p>"
    chapters = (Chapter(body=Prose("<p>One.</p>"), key="1"),)
    mended = Review(name="Arthur", body=Prose(damaged.replace("r17;", "’")), posted=day)
    shown = Review(name="arthur", body=Prose(damaged), posted=day.replace(hour=0))
    later = replace(shown, posted=day.replace(day=15))
    one = Manuscript(title="T", chapters=chapters, reviews=(mended,))
    other = Manuscript(title="T", chapters=chapters, reviews=(shown, later), extras=(CAPTURED,))
    assert completed(one, other).reviews == (mended, later)


def test_a_picture_comes_with_the_chapter_that_shows_it_and_no_other_does():

    shown, unseen = (Picture(sha256=letter * 64, media_type="image/png", data=b"x") for letter in "ab")
    body = Prose(f'<p>See.</p><img src="picture:{"a" * 64}">')
    other = Manuscript(title="T", chapters=(Chapter(body=body, key="2"),), pictures=(shown, unseen))
    one = Manuscript(title="T", chapters=(Chapter(body=Prose("<p>One.</p>"), key="1"),))
    assert completed(one, other).pictures == (shown,)
