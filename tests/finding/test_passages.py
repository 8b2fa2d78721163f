"""The passage that matched."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.cast import viewer
from tests.makers import make_work, prose
from undying.finding import passages
from undying.finding.language import parse
from undying.finding.passages import Sought, passages_of
from undying.finding.question import All, Prefix, Words
from undying.finding.tokens import tokens
from undying.library.models import Chapter
from undying.manuscript import Audience, State
from undying.manuscript import Chapter as Chapter_
from undying.people.viewer import Viewer

pytestmark = pytest.mark.usefixtures("home", "db")
GUEST = Viewer.anyone()


def passage(query: str, text: str, **changes):
    work = make_work(text=text, **changes)
    return next(iter(passages_of([work], parse(query).node, GUEST).get(work.pk, ())), None)


def pieces_of(text: str, asked, language: str):
    """The pieces around the first match of a text."""
    window = passages._window(text, Sought.of(All(tuple(asked)), [language]), language)
    return () if window is None else window[0]


def marked(query: str, text: str) -> str:
    """The passage with [brackets] around what matched."""
    found = passage(query, text)
    assert found is not None
    return "".join(f"[{piece}]" if is_match else piece for piece, is_match in found.pieces)


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("lamp", "She lit the [lamp], and the lamplighter’s boy said: “don’t”. 1"),
        ("LIT boy", "She [lit] the lamp, and the lamplighter’s [boy] said: “don’t”. 1"),
        ('"the lamp"', "She lit [the lamp], and the lamplighter’s boy said: “don’t”. 1"),
        ("dont", "She lit the lamp, and the lamplighter’s boy said: “[don’t]”. 1"),
        ("text:boy -moon", "She lit the lamp, and the lamplighter’s [boy] said: “don’t”. 1"),
        ("moon OR boy", "She lit the lamp, and the lamplighter’s [boy] said: “don’t”. 1"),
    ],
)
def test_what_matched_is_marked_and_nothing_else(query, shown):
    assert marked(query, "She lit the lamp, and the lamplighter’s boy said: “don’t”.") == shown


@pytest.mark.parametrize("query", ["title:lamp", "-lamp", "", "moon", '"lamp the"'])
def test_there_is_no_passage_for_what_is_not_in_the_text(query):
    assert passage(query, "She lit the lamp.") is None


def test_a_long_text_is_cut_between_words_around_the_match():
    text = marked("lamp", "rain and sea and " * 50 + "a lamp burns " + "in the dark abbey " * 50)

    assert text.startswith("… ")
    assert text.endswith(" …")
    assert "[lamp]" in text
    words = text.removeprefix("… ").removesuffix(" …").replace("[", "").replace("]", "").split()
    assert set(words) <= {"rain", "and", "sea", "a", "lamp", "burns", "in", "the", "dark", "abbey"}
    assert len(text) < 2 * passages.AROUND + 40


def test_text_without_spaces_is_cut_where_it_must_be():
    assert "[吸血鬼]" in marked("吸血鬼", "夜" * 400 + "吸血鬼" + "夜" * 400)


def test_the_first_chapter_that_matches_is_named():
    work = make_work(text="Night", chapters=3)
    (found,) = passages_of([work], parse("3").node, GUEST)[work.pk]

    assert (found.position, found.title) == (3, "Chapter the 3")
    assert found.chapter_id == work.chapters.get(position=3).pk


def test_nothing_is_quoted_that_the_viewer_may_not_read(cast):
    closed = make_work(text="lamp", audience=Audience.MEMBERS)
    drafted = make_work(text="rain", owner=cast.ada)
    Chapter.objects.create(work=drafted, position=2, body=prose("lamp"), state=State.DRAFT)
    node = parse("lamp").node

    assert passages_of([closed, drafted], node, GUEST) == {}
    assert set(passages_of([closed, drafted], node, viewer(cast.ada))) == {closed.pk}


def test_a_page_looks_through_so_much_text_and_no_more(monkeypatch):
    works = [make_work(text="rain", chapters=1) for _ in range(3)]
    late = [make_work(chapters=(Chapter_(body=prose("sea")), Chapter_(body=prose("lamp")))) for _ in range(3)]
    monkeypatch.setattr(passages, "FIRST_LOOK", 1)
    assert len(passages_of([*works, *late], parse("lamp").node, GUEST)) == 3
    monkeypatch.setattr(passages, "LONGEST_LOOK", 10)
    assert len(passages_of([*works, *late], parse("lamp").node, GUEST)) == 1


def test_all_passages_of_a_page_are_a_fixed_number_of_queries(django_assert_num_queries):
    works = [make_work(text="lamp") for _ in range(5)]

    with django_assert_num_queries(2):
        assert len(passages_of(works, parse("lamp").node, GUEST)) == 5
    with django_assert_num_queries(0):
        passages_of(works, parse("title:lamp").node, GUEST)


@pytest.mark.parametrize(
    ("node", "text", "shown"),
    [
        (Prefix("lamp"), "Her lamplighter came.", ["lamplighter"]),
        (Words(("running",), "", ("en:run",)), "He runs, they were running on the runway.", ["runs", "running"]),
        (Words(("happy",), "", ("en:happi",)), "No happiness, but a happy end.", ["happiness", "happy"]),
        (Words(("cafe",)), "The CAFÉ was shut, the café noir.", ["CAFÉ", "café"]),
        (Words(("cafe",)), "The cafe\u0301 was shut.", ["cafe\u0301"]),
        (Words(("dont",)), "I don’t, he said; don't.", ["don’t", "don't"]),
        (Words(("lamps", "light")), "The <em>lamp’s</em> light.", ["lamp’s light"]),
        (Prefix("夜"), "吸血鬼の夜だ", ["夜だ"]),
    ],
)
def test_beginnings_stems_and_other_spellings_are_marked_too(node, text, shown):
    work = make_work(text=text, language="en")
    (found,) = passages_of([work], node, GUEST)[work.pk]

    assert [piece for piece, is_match in found.pieces if is_match] == shown


@pytest.mark.parametrize("phrase", ["green moon", "green <em>moon</em>", "Green Moon"])
def test_a_phrase_is_found_among_many_places_where_its_words_stand_alone(phrase):
    alone = "The moon and the moon, a green sea. " * 40
    (found,) = passages_of(
        [work := make_work(text=f"{alone} A {phrase} rose. {alone}")], parse('"green moon"').node, GUEST
    )[work.pk]

    assert [piece.lower() for piece, is_match in found.pieces if is_match] == ["green moon"]


def test_attributes_and_tags_are_neither_quoted_nor_cut():
    link = '<a href="https://x.example/' + "lamp" * 50 + '">here</a> '
    work = make_work(text=f"{link * 30} and a <strong>lamp &amp; a moon</strong> {link * 30}")
    (found,) = passages_of([work], parse("lamp moon").node, GUEST)[work.pk]
    whole = "".join(piece for piece, _ in found.pieces)

    assert "lamp & a moon" in whole
    assert set(whole.replace("lamp & a moon", "").split()) <= {"…", "here", "and", "a"}


def test_a_work_has_up_to_three_passages_the_one_with_the_most_words_first():
    rain = "rain and rain and " * 30
    work = make_work(text=f"A lamp. {rain} A lamp in the abbey. {rain} A lamp. {rain} A lamp. {rain}")
    found = passages_of([work], parse("lamp abbey").node, GUEST)[work.pk]

    assert [sum(is_match for _, is_match in each.pieces) for each in found] == [2, 1, 1]
    assert len({each.pieces for each in found}) == 3
    assert {each.position for each in found} == {1}
    (whole,) = {
        each.pieces for each in passages_of([make_work(text="lamp lamp")], parse("lamp").node, GUEST).popitem()[1]
    }
    assert [text for text, is_match in whole if is_match] == ["lamp lamp"]


def test_a_passage_says_where_it_stands_by_the_words_beside_it_on_its_line():
    work = make_work(chapters=(Chapter_(body=prose("One.</p><p>She lit the green lamp, and left.</p><p>Two.")),))
    places = [
        passages_of([work], parse(query).node, GUEST)[work.pk][0].place for query in ('"green lamp"', "one", "two")
    ]

    assert places == [("She lit the ", "green lamp", ", and left."), ("", "One", "."), ("", "Two", ".")]


ASKED = [Words(("lamp",), stems=("en:lamp",)), Words(("夜夜",)), Prefix("se")]


@given(st.lists(st.sampled_from(["lamps", "sea", " ", "\n", "Lamp", "'", "é", "夜"]), max_size=80).map("".join))
def test_the_pieces_are_the_text_itself(text):
    pieces = pieces_of(text, ASKED, "en")
    whole = "".join(piece for piece, _ in pieces).removeprefix("… ").removesuffix(" …")

    assert whole in text.replace("\n", " ")
    kinds = [is_match for _, is_match in pieces]
    assert all(one != other for one, other in pairwise(kinds))
    assert bool(pieces) == bool(Sought.of(All(tuple(ASKED)), ["en"]).marks(tokens(text), "en"))


def test_other_forms_of_a_word_and_beginnings_are_marked():
    pieces = pieces_of("She runs by the seaside.", [Words(("run",), stems=("en:run",)), Prefix("sea")], "en")

    assert [text for text, is_match in pieces if is_match] == ["runs", "seaside"]
    assert not pieces_of("She runs.", [Words(("run",), stems=("en:run",))], "fr")
