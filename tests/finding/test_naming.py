"""What the names in a search stand for, for one who may know of it."""

from __future__ import annotations

import pytest

from tests.makers import make_work
from undying.finding import engine
from undying.finding.criteria import Criteria
from undying.finding.language import parse
from undying.finding.naming import MOST, NOTHING, look_up
from undying.finding.question import HasTag, HasTerm, Words
from undying.library import wrangling
from undying.library.models import Tag
from undying.manuscript import Audience, SeriesPlace, TagKind
from undying.people.viewer import Viewer

pytestmark = pytest.mark.usefixtures("home", "db")
GUEST = Viewer.anyone()


def found(query: str, viewer: Viewer = GUEST) -> set[str]:
    return {work.title for work in engine.find(Criteria(query=query), viewer).works}


def troubles(query: str) -> list[str]:
    return [each.sentence for each in engine.find(Criteria(query=query), GUEST).troubles]


def number(name: str) -> int:
    return Tag.objects.get(name=name).pk


@pytest.fixture
def works(home, db):
    make_work("One", tags={TagKind.FANDOM: ["Dracula (1931)"], TagKind.RATING: ["Teen And Up Audiences"]})
    make_work("Two", tags={TagKind.FANDOM: ["Dracula (1992)"], TagKind.CHARACTER: ["Dracula"]})
    make_work("Three", tags={TagKind.FANDOM: ["Carmilla"]})


@pytest.mark.usefixtures("works")
def test_a_tag_is_known_by_its_name_and_failing_that_by_the_beginnings_of_its_words():
    assert found('fandom:"dracula (1931)"') == {"One"}
    assert found("fandom:dracula") == {"One", "Two"}
    assert found("character:DRÁCULA") == found("character:dracula") == {"Two"}
    assert found("tag:Dracula") == {"Two"}
    assert found("rating:teen") == {"One"}
    assert found("fandom:dracula,carmilla -rating:teen") == {"Two", "Three"}


@pytest.mark.usefixtures("works")
def test_a_name_that_is_no_tags_finds_nothing_and_is_told():
    assert found("fandom:Frankenstein") == set()
    assert found("-fandom:Frankenstein") == {"One", "Two", "Three"}
    assert troubles("fandom:Frankenstein") == ["No work here carries the fandom “Frankenstein”."]


@pytest.mark.usefixtures("works")
def test_a_synonym_stands_for_its_canonical_tag():
    make_work("Four", tags={TagKind.FANDOM: ["Karmilla"]})
    wrangling.make_synonym(Tag.objects.get(name="Karmilla"), Tag.objects.get(name="Carmilla"))

    assert look_up(parse("fandom:karmilla").node, GUEST)(parse("fandom:karmilla").node) == HasTag((number("Carmilla"),))


def test_what_only_secret_works_carry_is_as_if_it_were_not():
    make_work("Secret", tags={TagKind.FANDOM: ["Varney"]}, audience=Audience.MEMBERS, author="Ada")
    make_work("Open", author="Ada Lovelace")

    for query, absent in (("fandom:Varney", "fandom:Nothing"), ("by:Ada", None)):
        node = look_up(parse(query).node, GUEST)(parse(query).node)
        assert node == (NOTHING if absent else Words(("ada",), "author"))
    assert [each.replace("Varney", "Nothing") for each in troubles("fandom:Varney")] == troubles("fandom:Nothing")


def test_a_creator_is_known_by_name_and_failing_that_by_words_of_it():
    make_work("One", author="Ada")
    make_work("Two", author="Ada Lovelace")

    assert isinstance(look_up(parse("by:ada").node, GUEST)(parse("by:ada").node), HasTerm)
    assert found("by:ada") == {"One"}
    assert found("by:lovelace") == {"Two"}
    assert found('by:"ada lovelace" OR by:ada') == {"One", "Two"}


def test_what_a_reader_has_read_is_not_known_and_does_not_hinder():
    make_work("One")

    assert found("read:no") == {"One"}
    assert troubles("read:no") == ["What you have read is not known here, so it was not looked at."]


def test_names_cost_a_few_queries(django_assert_max_num_queries):
    node = parse(" OR ".join(f"fandom:f{each} OR by:b{each}" for each in range(40))).node

    with django_assert_max_num_queries(MOST + 4):
        known = look_up(node, GUEST)
    assert "Only the first" in known.troubles[0]
    with django_assert_max_num_queries(0):
        look_up(parse("moon").node, GUEST)


def test_a_series_is_known_by_its_title_or_a_part_of_it():
    make_work("One", series=(SeriesPlace(title="The Borrowed Lantern", position=1),))
    make_work("Two")

    assert found('series:"the borrowed lantern"') == found("series:lantern") == {"One"}
    assert found('series:"The Lost Lantern"') == set()
    assert troubles('series:"The Lost Lantern"') == ["No series here is called “The Lost Lantern”."]
