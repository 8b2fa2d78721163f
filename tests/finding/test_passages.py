"""The passage that matched."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.cast import viewer
from tests.makers import make_work, prose
from undying.finding import passages
from undying.finding.language import parse, tokens
from undying.finding.passages import passages_of
from undying.library.models import Chapter
from undying.manuscript import Audience, State
from undying.people.viewer import Viewer

pytestmark = pytest.mark.usefixtures("home", "db")
GUEST = Viewer.anyone()


def passage(query: str, text: str, **changes):
    work = make_work(text=text, **changes)
    return passages_of([work], parse(query).node, GUEST).get(work.pk)


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
    found = passages_of([work], parse("3").node, GUEST)[work.pk]

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
    works = [make_work(text="lamp") for _ in range(3)]
    monkeypatch.setattr(passages, "LONGEST_LOOK", 1)

    assert len(passages_of(works, parse("lamp").node, GUEST)) == 1


def test_all_passages_of_a_page_are_one_query(django_assert_num_queries):
    works = [make_work(text="lamp") for _ in range(5)]

    with django_assert_num_queries(1):
        assert len(passages_of(works, parse("lamp").node, GUEST)) == 5
    with django_assert_num_queries(0):
        passages_of(works, parse("title:lamp").node, GUEST)


@given(st.lists(st.sampled_from(["lamp", "sea", " ", "\n", "Lamp", "'", "é", "夜"]), max_size=80).map("".join))
def test_the_pieces_are_the_text_itself(text):
    pieces = passages._pieces(text, [("lamp",), ("夜", "夜")])
    whole = "".join(piece for piece, _ in pieces).removeprefix("… ").removesuffix(" …")

    assert whole in text.replace("\n", " ")
    kinds = [is_match for _, is_match in pieces]
    assert all(one != other for one, other in pairwise(kinds))
    assert bool(pieces) == bool(passages._matches(tokens(text), [("lamp",), ("夜", "夜")]))
