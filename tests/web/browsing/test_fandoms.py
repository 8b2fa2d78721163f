"""The fandom index and the pages of tags: grouped, found by typing, and no word of what is secret."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from tests.makers import make_work
from undying.finding import indexer
from undying.library import tag_accounts
from undying.library.models import Tag
from undying.manuscript import Audience, Medium, TagAccount, Tagging, TagKind
from undying.web import fandoms, links

if TYPE_CHECKING:
    from django.test import Client

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("home")]


def of(name: str, kind: TagKind = TagKind.FANDOM, **said: object) -> TagAccount:
    return TagAccount(tag=Tagging(kind=kind, name=name), **said)  # type: ignore[arg-type]  # its other fields


def shown(client: Client, address: str, **headers: str) -> str:
    indexer.drain_if_free()
    answer = client.get(address, headers=headers)
    assert answer.status_code == 200, (address, answer.status_code)
    return re.sub(
        r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode().partition("<main")[2] or answer.content.decode())
    )


@pytest.fixture
def shelf() -> None:
    work = {"text": "Rain came in from the sea."}
    make_work("One", tags={TagKind.FANDOM: ["dracula"], TagKind.CHARACTER: ["Mina Harker"]}, **work)
    make_work("Two", tags={TagKind.FANDOM: ["Dracula"]}, **work)
    make_work("Three", tags={TagKind.FANDOM: ["Nosferatu"]}, **work)
    make_work("Four", tags={TagKind.FANDOM: ["The Odyssey"]}, **work)
    make_work("Secret", tags={TagKind.FANDOM: ["Secret Garden", "Dracula"]}, audience=Audience.MEMBERS, **work)
    tag_accounts.keep(
        [
            of("dracula", canonical="Dracula"),
            of("Count of Secrets", canonical="Dracula"),
            of("Dracula", parents=("Gothic",), medium=Medium.BOOKS),
            of("Nosferatu", parents=("Dracula",), medium=Medium.MOVIES),
            of("Secret Garden", parents=("Gothic",), medium=Medium.GAMES),
            of("Mina Harker", TagKind.CHARACTER, fandoms=("Dracula", "Secret Garden")),
        ]
    )


@pytest.mark.usefixtures("shelf")
def test_fandoms_stand_by_medium_with_each_work_counted_once(client: Client):
    page = shown(client, links.FANDOMS)
    assert "Books &amp; Literature 1 fandom Dracula 3" in page
    assert "Movies 1 fandom Nosferatu 1" in page
    assert "Uncategorized Fandoms 2 fandoms Gothic 3 The Odyssey 1" in page
    assert "dracula" not in page
    assert "Secret" not in page
    assert "Video Games" not in page


@pytest.mark.usefixtures("shelf")
def test_a_medium_has_a_page_at_the_address_that_ao3_gave_it(client: Client):
    page = shown(client, "/media/Books%20*a*%20Literature/fandoms")
    assert "Books &amp; Literature" in page
    assert "Dracula 3" in page
    assert "Nosferatu" not in page
    assert client.get("/media").headers["Location"] == links.FANDOMS
    for nothing in (links.medium(Medium.GAMES), links.medium("Papyrus"), links.medium("")):
        assert client.get(nothing).status_code == 404, nothing


@pytest.mark.usefixtures("shelf")
def test_typing_finds_a_fandom_by_its_other_names_and_says_by_which(client: Client):
    page = shown(client, f"{links.FANDOMS}?named=DRA")
    assert "Dracula 3" in page
    assert "Nosferatu" not in page
    make_work("Five", tags={TagKind.FANDOM: ["Count of Secrets"]})
    page = shown(client, f"{links.FANDOMS}?named=count", **{"HX-Request": "true"})
    assert "Dracula also “Count of Secrets” 4" in page
    assert "Find among" not in page, "htmx gets the part alone"
    assert "No fandom here" in shown(client, f"{links.FANDOMS}?named=secret+g")
    assert "No fandom here" in shown(client, f"{links.FANDOMS}?named=%00%25{'x' * 3000}")
    assert "No fandom here" in shown(client, f"{links.medium(Medium.MOVIES)}?named=drac")


@pytest.mark.usefixtures("shelf")
def test_an_archive_in_which_nobody_has_sorted_anything_lists_from_a_to_z(client: Client):
    tag_accounts.keep([of(each.name) for each in Tag.objects.filter(kind=TagKind.FANDOM)])
    page = shown(client, links.FANDOMS)
    assert "D Dracula 1 dracula 1" in page
    assert "Uncategorized" not in page


@pytest.mark.usefixtures("shelf")
def test_a_large_index_shows_the_largest_and_leads_to_the_rest(client: Client, monkeypatch: pytest.MonkeyPatch):
    for number in range(12):
        make_work(tags={TagKind.FANDOM: [f"Play {number:02}"]})
    monkeypatch.setattr(fandoms, "MOST_ON_ONE_PAGE", 5)
    page = shown(client, links.FANDOMS)
    assert "All 14 fandoms" in page
    assert "Play 11" not in page
    monkeypatch.setattr(fandoms, "MOST_BY_LETTER", 5)
    monkeypatch.setattr(fandoms, "FEW_ENOUGH", 4)
    unsorted = links.medium(fandoms.UNSORTED)
    first, plays = shown(client, unsorted), shown(client, f"{unsorted}?letter=P")
    assert ("Gothic" in first, "Play 11" in first) == (True, False)
    assert ("Gothic" in plays, "Play 11" in plays) == (False, True)
    assert "Gothic" in shown(client, f"{unsorted}?letter=%F0%9F%A6%87")


@pytest.mark.usefixtures("shelf")
def test_a_tags_page_tells_what_it_means(client: Client):
    page = shown(client, "/tags/Dracula")
    assert "Fandoms Books &amp; Literature Dracula 3 works" in page
    assert "Also called dracula Part of Gothic" in page
    assert "What is a part of it Nosferatu 1" in page
    assert "Its characters Mina Harker 1" in page
    assert "Three" in page
    assert "Secret" not in page
    mina = shown(client, "/tags/Mina%20Harker")
    assert "Character Mina Harker 1 work In the fandom Dracula" in mina
    assert "Secret" not in mina


@pytest.mark.usefixtures("shelf")
def test_a_synonym_leads_to_what_it_means_and_a_secret_one_nowhere(client: Client):
    answer = client.get("/tags/dracula")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/tags/Dracula")
    assert client.get("/tags/Count%20of%20Secrets").status_code == 404
    make_work(tags={TagKind.CHARACTER: ["vlad", "Dracula"]})
    tag_accounts.keep([of("vlad", TagKind.CHARACTER, canonical="Dracula")])
    assert client.get("/tags/vlad").headers["Location"] == "/tags/Dracula?kind=character"
    assert "Character Dracula 1 work" in shown(client, "/tags/Dracula?kind=character")


@pytest.mark.usefixtures("shelf")
def test_the_list_of_a_synonym_is_that_of_its_canonical_tag_with_the_filters_asked_for(client: Client):
    answer = client.get("/tags/dracula/works?work_search%5Bwords_from%5D=2&page=1&kind=fandom")
    wanted = "/tags/Dracula/works?work_search%5Bwords_from%5D=2&page=1"
    assert (answer.status_code, answer.headers["Location"]) == (302, wanted)
    assert client.get("/tags/Count%20of%20Secrets/works").status_code == 404
    make_work(tags={TagKind.CHARACTER: ["vlad", "Dracula"]})
    tag_accounts.keep([of("vlad", TagKind.CHARACTER, canonical="Dracula")])
    assert client.get("/tags/vlad/works").headers["Location"] == "/tags/Dracula/works?kind=character"
    assert client.get("/tags/vlad/works", follow=True).status_code == 200
    assert client.get("/works?tag_id=dracula&page=1").headers["Location"] == "/tags/Dracula/works?page=1"
