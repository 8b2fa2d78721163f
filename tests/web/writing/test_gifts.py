"""Gifts: on the work, on the page of her whom it is for, and in the form of who gives."""

from __future__ import annotations

import re

import pytest

from tests.web.own.test_secrets import body
from tests.web.writing.forms import WHOLE, said, written
from undying.library.models import Gift, Work
from undying.people.models import Pseud
from undying.web import links

PATH = "/users/rey/gifts"


@pytest.fixture
def ada(cast, browser):
    assert cast.rey
    return browser(cast.ada)


def test_a_gift_for_a_member_leads_to_her_and_stands_on_her_page(ada, guest):
    work = written(ada, gifts="rey, Lucy")
    page = said(guest.get(links.of(work)))
    assert re.search(r'for\s+<a href="/users/rey/pseuds/rey">rey</a>, Lucy', page)
    assert "1 gift" in said(guest.get("/users/rey"))
    told = said(guest.get(PATH))
    assert work.title in told
    assert "Refuse" not in told
    assert work.title in said(guest.get("/users/rey/pseuds/rey/gifts"))


def test_who_refuses_is_told_to_its_creators_alone(ada, cast, browser, guest):
    work, rey = written(ada, gifts="rey, Lucy"), browser(cast.rey)
    assert "Refuse" in said(rey.get(PATH))
    never = written(ada, gifts="Lucy", title="Never")
    assert rey.post(PATH, {"work": str(never.pk)}).status_code == 404
    assert rey.post(PATH, {"work": str(work.pk)})["Location"] == PATH
    assert "you refused it" in said(rey.get(PATH))
    assert work.title not in said(rey.get(PATH))
    page = said(guest.get(links.of(work)))
    assert "Lucy" in page
    assert "/users/rey" not in page
    assert "Not taken as a gift by rey." in said(ada.get(links.edit(work)))
    for client in (guest, browser(cast.mo), browser(cast.ari)):
        for address in (links.of(work), PATH, "/users/rey", links.revisions(work)):
            assert "Not taken" not in said(client.get(address))
    again = said(ada.post(links.edit(work), {**WHOLE, "gifts": "Lucy, rey", "act": "save"}))
    assert "rey has not taken this gift" in again


def test_who_prefers_so_is_given_nothing_and_what_was_typed_stays(ada, cast, browser):
    browser(cast.rey).post("/users/rey/preferences", {"no_gifts": "yes"})
    told = said(ada.post("/works/new", {**WHOLE, "gifts": "rey"}))
    assert "rey takes no gifts" in told
    assert "It stayed." in told
    assert not Work.objects.exists()


@pytest.mark.parametrize("who", ["guest", "rey", "mo"])
def test_a_gift_shows_to_nobody_before_the_work_does(ada, cast, browser, who):
    client = browser(None if who == "guest" else getattr(cast, who))
    addresses = (PATH, "/users/rey", "/users/rey/pseuds/rey/gifts", "/works")
    written(ada, gifts="Lucy", act="draft")
    before = {address: body(client, address) for address in addresses}
    work = written(ada, gifts="rey", act="draft")
    assert Gift.objects.exists()
    assert {address: body(client, address) for address in addresses} == before
    assert client.post(PATH, {"work": str(work.pk)}).status_code == 404
    assert not Gift.objects.filter(refused__isnull=False).exists()


def test_nobody_refuses_for_her(ada, cast, browser, guest):
    work = written(ada, gifts="rey")
    for client in (guest, ada, browser(cast.mo), browser(cast.ari)):
        for sent in ({"work": str(work.pk)}, {"work": "x"}, {}):
            assert client.post(PATH, sent).status_code == 404
    assert not Gift.objects.filter(refused__isnull=False).exists()


def test_gifts_for_a_pen_name_that_stands_alone_stay_off_the_accounts_page(ada, cast, browser, guest):
    moth = Pseud.objects.create(user=cast.rey, name="Moth")
    written(browser(cast.rey), title="By night", pseud=str(moth.pk))
    work = written(ada, gifts="Moth", title="A lamp for a moth")
    assert Gift.objects.get().pseud == moth
    assert work.title in said(guest.get(links.gifts(links.of(moth))))
    assert work.title not in said(guest.get(PATH))
    assert work.title in said(browser(cast.rey).get(PATH))
