"""Addresses: what is built is what is served, and tags survive the way through one."""

from __future__ import annotations

from urllib.parse import unquote

import pytest
from django.urls import resolve
from hypothesis import given
from hypothesis import strategies as st

from tests.makers import make_work
from undying.manuscript import Tagging, TagKind
from undying.web import links, wording
from undying.web.paging import Paging


@given(st.text(min_size=1))
def test_a_tag_comes_back_from_its_address_as_it_was(name):
    part = links.tag_part(name.replace("\ud800", ""))

    assert "/" not in part
    assert links.tag_name(unquote(part)) == name


@pytest.mark.parametrize(
    ("name", "part"),
    [
        ("Jonathan Harker/Mina Harker", "Jonathan%20Harker*s*Mina%20Harker"),
        ("Mina & Lucy", "Mina%20*a*%20Lucy"),
        ("Dr. Seward", "Dr*d*%20Seward"),
        ("Why?", "Why*q*"),
        ("#1", "*h*1"),
    ],
)
def test_tags_are_escaped_as_on_ao3(name, part):
    assert links.tag_part(name) == part


@pytest.mark.parametrize("name", ["A/B & C", "Ünï", "50% *off*", "..", "a?b#c", "夕顔", "x" * 400])
def test_a_tag_page_opens_under_its_link(guest, name):
    work = make_work(taggings=(Tagging(kind=TagKind.ADDITIONAL, name=name),))

    answer = guest.get(links.of(work.tags(TagKind.ADDITIONAL)[0]))

    assert answer.status_code == 200


@pytest.mark.parametrize("name", ["Mina M.", "a/b", "100% Mina", "Ünï & co", "?"])
def test_an_author_page_opens_under_her_link(guest, name):
    work = make_work(author=name)

    assert guest.get(links.of(work.byline[0].pseud)).status_code == 200


def test_what_has_no_page_has_no_address():
    with pytest.raises(TypeError, match="int"):
        links.of(3)


def test_named_pages_are_served(db):
    for name, address in links.NAMED.items():
        if name != "search":
            assert resolve(address)


def test_a_long_list_is_walked_by_its_ends_and_neighbours():
    paging = Paging(number=7, total=400, path="/works", query=(("kind", "gen"),))

    assert [number for number, _ in paging.steps] == [1, 0, 5, 6, 7, 8, 9, 0, 20]
    assert paging.next == "/works?kind=gen&page=8"
    assert Paging(number=2, total=40, path="/works").previous == "/works"


@pytest.mark.parametrize(
    ("number", "scale", "words"),
    [
        (9, "1-10", "9 out of 10"),
        (4, "0–5", "4 out of 5"),
        (1, "like", "liked it"),
        (0, "like", "did not like it"),
        (3, "", "score 3"),
        (3, "moons", "score 3 (moons)"),
        (None, "1-10", ""),
    ],
)
def test_a_score_is_said_in_words(number, scale, words):
    assert wording.score(number, scale) == words


@pytest.mark.parametrize(
    ("code", "direction", "name"),
    [
        ("en", "ltr", "English"),
        ("he", "rtl", "עברית"),
        ("ar-EG", "rtl", "العربية"),
        ("az-Arab", "rtl", "az-Arab"),
        ("ur-Latn", "ltr", "اردو"),
        ("pt-BR", "ltr", "Português brasileiro"),
        ("", "auto", ""),
        ("tlh", "ltr", "tlhIngan Hol"),
    ],
)
def test_a_language_has_its_own_name_and_direction(code, direction, name):
    assert (wording.direction(code), wording.language(code)) == (direction, name)
