"""The passage that matched a search is text: of an adult work it shows to nobody who has not said yes."""

from __future__ import annotations

from tests.makers import make_work
from tests.web.privacy.archive import marker
from undying.manuscript import TagKind

WORD = marker("a word of an adult text")
SEARCH = f"/works/search?work_search%5Bquery%5D={WORD}"


def make_adult():
    return make_work("A Quiet House", text=f"Laudanum, {WORD}, laudanum.", tags={TagKind.RATING: ["Explicit"]})


def test_a_search_finds_an_adult_work_but_quotes_nothing_before_consent(guest):
    make_adult()

    page = guest.get(SEARCH).content.decode()

    assert "A Quiet House" in page
    assert "audanum" not in page


def test_with_consent_the_passage_shows(guest):
    make_adult()

    assert "audanum" in guest.get(f"{SEARCH}&view_adult=true").content.decode()
    assert "audanum" in guest.get(SEARCH).content.decode()


def test_a_member_and_its_author_are_asked_as_well(browser, cast):
    work = make_adult()
    work.creatorships.update(pseud=cast.ada.pseuds.get())

    for user in (cast.rey, cast.ada):
        assert "audanum" not in browser(user).get(SEARCH).content.decode()


def test_the_works_beside_it_keep_their_passages(guest):
    make_adult()
    make_work("An Open House", text=f"Tea, {WORD}, tea.")

    page = guest.get(SEARCH).content.decode()

    assert "Tea, " in page
    assert "audanum" not in page
