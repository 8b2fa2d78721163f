"""The list of where a member is signed in."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.cast import PASSWORD
from undying.kernel.clock import now
from undying.people import browsers
from undying.people.models import Browser
from undying.web.browsers import device

WHERE = "/users/rey/account/browsers"
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:128.0) Gecko/20100101 Firefox/128.0"
PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_4 like Mac OS X) AppleWebKit/605.1.15 Version/17.4 Mobile Safari/604.1"

pytestmark = pytest.mark.usefixtures("home")


@pytest.fixture(autouse=True)
def _fresh_limits():
    cache.clear()
    yield
    cache.clear()


def signed_in(user, agent=FIREFOX) -> Client:
    client = Client(headers={"User-Agent": agent})
    client.post("/users/login", {"user[login]": user.username, "user[password]": PASSWORD})
    return client


def is_in(client) -> bool:
    return 'href="/users/logout' in client.get("/").content.decode()


def test_each_browser_is_named_and_one_is_ended_from_another(cast):
    here, there = signed_in(cast.rey), signed_in(cast.rey, PHONE)
    page = here.get(WHERE).content.decode()
    assert "Firefox on Windows, this one" in page
    assert "Safari on an iPhone" in page

    here.post(WHERE, {"end": str(Browser.objects.get(device="Safari on an iPhone").pk)})

    assert (is_in(here), is_in(there)) == (True, False)
    assert "not signed in there any more" in here.post(WHERE, {"end": "²"}, follow=True).content.decode()


def test_all_others_are_ended_at_once(cast):
    here, others = signed_in(cast.rey), [signed_in(cast.rey, PHONE) for _ in range(3)]
    assert "Signed out of 3 other browsers." in here.post(WHERE, {"others": "yes"}, follow=True).content.decode()
    assert [is_in(each) for each in (here, *others)] == [True, False, False, False]
    assert "signed in nowhere else" in here.post(WHERE, {"others": "yes"}, follow=True).content.decode()


def test_nobody_ends_anothers(cast):
    hers, other = signed_in(cast.rey), signed_in(cast.ada)
    other.post("/users/ada/account/browsers", {"end": str(Browser.objects.get(user=cast.rey).pk)})
    other.post("/users/ada/account/browsers", {"others": "yes"})
    assert is_in(hers)


def test_the_list_follows_a_new_password_and_signing_out(cast):
    here, there = signed_in(cast.rey), signed_in(cast.rey, PHONE)
    here.post("/users/rey/account/password", {"old": PASSWORD, "new": "seven ropes in the rigging"})
    assert (is_in(here), is_in(there)) == (True, False)
    assert [each.device for each in browsers.of(cast.rey)] == ["Firefox on Windows"]
    assert "this one" in here.get(WHERE).content.decode()
    here.post("/users/logout")
    assert browsers.of(cast.rey) == []
    browsers.forget_old()
    assert not Browser.objects.exists()


def test_a_page_asks_no_more_for_it_but_once_an_hour(cast):
    client = signed_in(cast.rey)

    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            client.get("/")
        return len(queries)

    usual = cost()
    session = client.session
    session["browser_seen"] -= 3700
    session.save()
    Browser.objects.update(seen=now() - timedelta(days=2))
    assert cost() > usual
    assert Browser.objects.get().seen > now() - timedelta(minutes=1)
    assert cost() == usual


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        (FIREFOX, "Firefox on Windows"),
        (PHONE, "Safari on an iPhone"),
        ("Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/126.0 Safari/537.36", "Chrome on Linux"),
        ("Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/126.0 Mobile Safari/537.36", "Chrome on Android"),
        ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/126.0 Safari/537.36 Edg/126.0", "Edge on Windows"),
        ("python-requests/2.32", "python-requests"),
        ("", "A browser"),
        ("x" * 900, "x" * 40),
    ],
)
def test_what_a_browser_says_is_told_in_words(agent, words):
    assert device(agent) == words
