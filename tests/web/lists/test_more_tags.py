"""Any other tag of a list, found by typing."""

from __future__ import annotations

from urllib.parse import urlencode

import pytest

from tests.makers import make_work
from tests.web.lists.pages import facets, read, search, sentence, texts
from undying.finding import indexer
from undying.library.models import Tag
from undying.library.wrangling import make_synonym
from undying.manuscript import Audience, State, Status, TagKind

pytestmark = pytest.mark.usefixtures("guest")


@pytest.fixture
def shelves(guest):
    """Twelve tags, the first on every work; and one in secret."""
    for number in range(12):
        make_work(
            f"Night {number}",
            tags={
                TagKind.FANDOM: ["Dracula" if number else "Carmilla"],
                TagKind.ADDITIONAL: [f"Omen {letter}" for letter in "ABCDEFGHIJKL"[: 12 - number]],
            },
            status=Status.COMPLETE if number < 6 else Status.IN_PROGRESS,
        )
    make_work("Closed", audience=Audience.MEMBERS, tags={TagKind.ADDITIONAL: ["Omen of Silence"]})
    return guest


def more(page, kind="additional"):
    """Where the other tags of a kind are."""
    return page.cssselect(f"#more-{kind} a")[0].get("href")


def test_a_list_leads_to_its_other_tags_and_they_are_counted_in_it(shelves):
    page = search(shelves, "/tags/Dracula/works", complete="T")
    assert "Omen L" not in facets(page)
    where = more(page)

    assert facets(read(shelves, where)) == {}
    assert facets(read(shelves, f"{where}&like=om"))["Omen A"] == "5"
    assert facets(read(shelves, f"{where}&like=j")) == {"Omen J": "2"}
    assert facets(read(shelves, f"{where}&like=l")) == {}
    assert texts(read(shelves, f"{where}&like=l"), ".more-found .quiet") == ["None of these works has such a tag."]
    assert facets(read(shelves, f"{more(search(shelves))}&like=l")) == {"Omen L": "1"}


def test_nothing_leads_to_other_tags_where_all_are_shown(shelves):
    page = search(shelves)

    assert page.cssselect("#more-additional")
    assert not page.cssselect("#more-fandom")


def test_a_tag_that_only_secret_works_carry_is_not_found(shelves, browser, cast):
    where = f"{more(search(shelves))}&like=silence"

    assert facets(read(shelves, where)) == {}
    assert facets(read(browser(cast.rey), where)) == {"Omen of Silence": "1"}


def test_the_form_of_its_page_leads_back_to_the_list_with_what_was_ticked(shelves):
    page = read(shelves, f"{more(search(shelves, '/tags/Dracula/works', complete='T'))}&like=j")
    form = next(each for each in page.forms if each.cssselect("[data-like]"))
    ticked = form.cssselect(".tri input")[1]
    fields = [*form.form_values(), (ticked.get("name"), ticked.get("value"))]

    assert sentence(read(shelves, f"{form.get('action')}?{urlencode(fields)}")) == (
        "2 works in Dracula, with Omen J, complete"
    )


def test_its_part_goes_into_the_form_of_the_list_and_shares_no_id_with_it(shelves):
    page = search(shelves)
    part = read(shelves, f"{more(page)}&like=om", part=True)
    ids = [each.get("id") for each in [*page.cssselect("[id]"), *part.cssselect("[id]"), part] if each.get("id")]

    assert part.get("class") == "more-found"
    assert not part.cssselect("form")
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("query", ["", "of=", "of=nonsense", "of=%00"])
def test_a_kind_that_is_none_is_not_there(shelves, query):
    read(shelves, f"/works/tags?{query}", status=404)


@pytest.mark.parametrize("like", ["%00", "%25", "x" * 5000, "%F0%9F%A6%87", "'"])
def test_odd_beginnings_find_nothing(shelves, like):
    assert facets(read(shelves, f"/works/tags?of=additional&like={like}")) == {}


@pytest.mark.parametrize("hide", [{"hidden": True}, {"audience": Audience.MEMBERS}, {"state": State.DRAFT}])
def test_secret_tags_take_the_place_of_none(guest, hide):
    make_work("Open", tags={TagKind.ADDITIONAL: [f"Omen number {each:03}" for each in range(60)]})
    where = "/works/tags?of=additional&like=omen"
    before = guest.get(where).content
    make_work("Closed", tags={TagKind.ADDITIONAL: [f"Omen{each}" for each in range(45)]}, **hide)

    assert guest.get(where).content == before


@pytest.mark.parametrize("hide", [{"hidden": True}, {"audience": Audience.MEMBERS}, {"state": State.DRAFT}])
def test_a_synonym_that_only_secret_works_carry_leads_nowhere(guest, hide):
    make_work("Open", tags={TagKind.ADDITIONAL: ["Omens"]})
    make_work("Closed", tags={TagKind.ADDITIONAL: ["Portents"]}, **hide)
    make_synonym(Tag.objects.get(name="Portents"), of=Tag.objects.get(name="Omens"))
    indexer.drain_if_free()
    where = "/works/tags?of=additional&like=portents"

    assert facets(read(guest, where)) == {}
    make_work("Open too", tags={TagKind.ADDITIONAL: ["Portents"]})
    assert facets(read(guest, where)) == {"Omens": "2"}


def test_a_synonym_narrows_to_what_it_means(guest):
    make_work("One", tags={TagKind.FANDOM: ["Drac"], TagKind.ADDITIONAL: ["Omens"]})
    make_work("Two", tags={TagKind.FANDOM: ["Dracula"], TagKind.ADDITIONAL: ["Omens"]})
    make_synonym(Tag.objects.get(name="Drac"), of=Tag.objects.get(name="Dracula"))
    indexer.drain_if_free()

    assert facets(read(guest, "/works/tags?of=additional&like=omens&tag_id=Drac")) == {"Omens": "2"}
