"""Where two texts differ."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from undying.manuscript.differing import Change, Piece, differences, side

KEPT, GONE, NEW = Change.KEPT, Change.GONE, Change.NEW
TEXTS = st.text(alphabet=st.sampled_from("ab cä雨\n.’-"), max_size=60)


def whole(pieces) -> str:
    return "".join(each.text for each in pieces)


@given(TEXTS, TEXTS)
def test_both_texts_are_in_the_pieces_whole(before, after):
    pieces = differences(before, after)

    assert whole(side(pieces, GONE)) == before
    assert whole(side(pieces, NEW)) == after
    assert all(one.change is not other.change for one, other in pairwise(pieces))


def test_words_that_changed_are_told_and_the_rest_is_kept():
    assert differences("Rain came in.\nIt stayed.\n", "Snow came in.\nIt stayed.\n") == [
        Piece(GONE, "Rain "),
        Piece(NEW, "Snow "),
        Piece(KEPT, "came in.\nIt stayed.\n"),
    ]
    assert differences("雨が降る", "雪が降る") == [Piece(GONE, "雨"), Piece(NEW, "雪"), Piece(KEPT, "が降る")]
    assert differences("", "") == []


def test_texts_of_any_length_are_told_in_time():
    long = "".join(f"Night {n} of the rain, and no ship.\n" for n in range(30_000))
    other = long.replace("Night 15000 of", "Day 15000 of")

    assert [each.text for each in differences(long, other) if each.change is not KEPT] == ["Night ", "Day "]
    assert whole(side(differences(long, long[::-1]), NEW)) == long[::-1]
