"""Tags while they are typed: what is offered, and names that hold a comma."""

from __future__ import annotations

import pytest

from tests.library.test_tag_graph import tag
from tests.makers import make_work
from tests.web.writing.forms import said, written
from undying.finding import indexer, renown
from undying.library import wrangling
from undying.library.models import Tag
from undying.manuscript import Audience, TagKind

pytestmark = pytest.mark.django_db
ADDRESS = "/works/new/tags"


@pytest.fixture
def ada(cast, browser):
    return browser(cast.ada)


def offers(client, **asked):
    return client.get(ADDRESS, asked).json()["names"]


def test_canonical_tags_are_offered_with_their_synonyms_and_how_many_works_have_them(ada):
    for _ in range(2):
        make_work(tags={TagKind.CHARACTER: ["Sherlock Holmes"], TagKind.FANDOM: ["Sherlock Holmes & Co"]})
    make_work(tags={TagKind.CHARACTER: ["Consulting detective"]})
    wrangling.make_synonym(tag("Consulting detective", TagKind.CHARACTER), tag("Sherlock Holmes", TagKind.CHARACTER))
    indexer.drain_if_free()
    renown.refresh()

    plain = {"name": "Sherlock Holmes", "by": "", "works": "3 works"}
    assert offers(ada, of="character", like="holm") == [plain]
    assert offers(ada, of="character", like="detect") == [{**plain, "by": "Consulting detective"}]
    assert [each["name"] for each in offers(ada, of="fandom", like="sher")] == ["Sherlock Holmes & Co"]
    assert offers(ada, of="additional", like="sher") == []
    assert offers(ada, of="character", like="") == []


def test_the_number_is_the_same_for_everybody_and_round_where_it_is_large(ada, browser, cast):
    make_work(tags={TagKind.CHARACTER: ["Mina"]})
    make_work(tags={TagKind.CHARACTER: ["Mina"]}, audience=Audience.MEMBERS)
    make_work(tags={TagKind.CHARACTER: ["Lucy"]}, audience=Audience.MEMBERS)
    renown.refresh()

    for client in (ada, browser(cast.ari)):
        assert [each["works"] for each in offers(client, of="character", like="mina")] == ["1 work"]
        assert [each["works"] for each in offers(client, of="character", like="lucy")] == [""]
    Tag.objects.filter(name="Mina").update(renown=1200)
    assert [each["works"] for each in offers(ada, of="character", like="mina")] == ["about 1,200 works"]


def test_it_is_there_for_members_and_for_typed_kinds_alone(ada, guest):
    nowhere = guest.get("/nowhere").content
    assert guest.get(ADDRESS, {"of": "character", "like": "m"}).content == nowhere
    assert ada.get(ADDRESS, {"of": "rating", "like": "m"}).status_code == 404
    assert ada.get(ADDRESS, {"of": "character", "like": "m\0" * 999, "fandom": "\0" * 999}).status_code == 200


def test_a_known_name_with_a_comma_stays_whole_on_its_own_line_and_an_unknown_one_does_not(ada):
    make_work(tags={TagKind.CHARACTER: ["Westenra, Lucy"]})
    work = written(ada, character="Westenra, Lucy\nMina, Van Helsing\nWestenra, Arthur", fandom="Westenra, Lucy")

    names = ["Westenra, Lucy", "Mina", "Van Helsing", "Westenra", "Arthur"]
    assert [each.name for each in work.tags(TagKind.CHARACTER)] == names
    assert [each.name for each in work.tags(TagKind.FANDOM)] == ["Westenra", "Lucy"]


def test_the_form_tells_scripts_which_names_are_whole_and_what_fits(ada):
    make_work(tags={TagKind.CHARACTER: ["Westenra, Lucy"]})
    page = said(ada.post("/works/new", {"character": "Westenra, Lucy\nMina, Kate", "act": "post"}))

    assert 'data-whole="Westenra, Lucy"' in page
    assert 'data-names="character" data-names-from="/works/new/tags" data-names-all="300" data-most="150"' in page
    assert "Westenra, Lucy Mina, Kate</textarea>" in page
