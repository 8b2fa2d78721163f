"""Places in canon, in words."""

from __future__ import annotations

import pytest
from hypothesis import given

from tests.manuscripts import manuscripts
from undying.manuscript import Divergence, Placement, PlacementRelation
from undying.web import canon

WITHIN, BEFORE, AFTER, DURING, BETWEEN = (
    PlacementRelation.WITHIN,
    PlacementRelation.BEFORE,
    PlacementRelation.AFTER,
    PlacementRelation.DURING,
    PlacementRelation.BETWEEN,
)


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"relation": AFTER, "part": "4", "episodes": ("Wild at Heart",)}, "after *Wild at Heart*, season 4"),
        ({"relation": AFTER, "part": "4"}, "after season 4"),
        ({"relation": BEFORE, "part": "1"}, "before season 1"),
        ({"relation": DURING, "unit": "volume", "part": "2"}, "during volume 2"),
        ({"relation": WITHIN, "unit": "chapter", "part": "17"}, "in chapter 17"),
        ({"relation": WITHIN, "part": "2", "part_to": "4"}, "in seasons 2 to 4"),
        ({"relation": WITHIN, "part": "2", "part_to": "2"}, "in season 2"),
        ({"relation": WITHIN, "unit": "year", "part": "1895"}, "in 1895"),
        ({"relation": WITHIN, "unit": "year", "part": "1891", "part_to": "1894"}, "in 1891 to 1894"),
        ({"relation": WITHIN, "unit": "year", "part": "6"}, "in year 6"),
        ({"relation": AFTER, "unit": "book", "part": "XXIV"}, "after book XXIV"),
        ({"relation": AFTER, "unit": "book", "part": "The Final Problem"}, "after *The Final Problem*"),
        ({"relation": AFTER, "unit": "book", "part": "last"}, "after the last book"),
        ({"relation": AFTER, "unit": "", "part": "2"}, "after part 2"),
        ({"relation": BETWEEN, "part": "4", "part_to": "5"}, "between seasons 4 and 5"),
        (
            {"relation": BETWEEN, "unit": "book", "part": "Emma", "part_to": "Persuasion"},
            "between *Emma* and *Persuasion*",
        ),
        ({"relation": BETWEEN, "part": "4", "episodes": ("One", "Two")}, "between *One* and *Two*, season 4"),
        (
            {"relation": BETWEEN, "part": "4", "part_to": "5", "episodes": ("One", "Two")},
            "between *One*, season 4, and *Two*, season 5",
        ),
        ({"relation": BETWEEN, "part": "4"}, "in the course of season 4"),
        ({"relation": BETWEEN, "part": "4", "episodes": ("One",)}, "around *One*, season 4"),
        ({"relation": BETWEEN}, "between the lines of canon"),
        ({"relation": AFTER, "episodes": ("4x19",), "part": "4"}, "after 4x19, season 4"),
        ({"relation": AFTER, "episodes": ("S04E19",)}, "after S04E19"),
        ({"relation": AFTER, "episodes": ("12",)}, "after episode 12"),
        ({"relation": WITHIN, "episodes": ("One", "Two", "Three")}, "in *One*, *Two* and *Three*"),
        ({"relation": AFTER}, "after canon"),
        ({"relation": BEFORE}, "before canon"),
        ({"relation": DURING}, "during canon"),
        ({"relation": WITHIN}, ""),
        ({"relation": WITHIN, "divergence": Divergence.DIVERGENT}, "canon divergence"),
        ({"relation": AFTER, "part": "4", "divergence": Divergence.ALTERNATE}, "after season 4; alternate universe"),
    ],
)
def test_a_placement_reads_as_people_say_it(fields, words):
    phrase = canon.in_words(Placement(**fields))

    assert "".join(f"*{bit.text}*" if bit.is_title else bit.text for bit in phrase) == words


def test_the_fandom_goes_before_where_several_are_mixed():
    placement = Placement(fandom="Dracula", relation=AFTER, unit="chapter", part="3")

    assert canon.plain(canon.in_words(placement, fandom=True)) == "Dracula: after chapter 3"


@given(manuscripts())
def test_any_placement_at_all_can_be_worded(manuscript):
    for placement in manuscript.placements:
        assert isinstance(canon.plain(canon.in_words(placement, fandom=True)), str)
