"""Signing in and out, by people and by readers' tools."""

from __future__ import annotations

import pytest
from django.core.cache import cache
from django.test import Client

from tests.cast import PASSWORD


@pytest.fixture(autouse=True)
def _fresh_limits():
    cache.clear()
    yield
    cache.clear()


def send(client, user, password=PASSWORD, **more):
    return client.post("/users/login", {"user[login]": user.username, "user[password]": password, **more})


def test_a_member_signs_in_and_goes_on_to_where_she_was(cast, guest):
    page = guest.get("/users/login", headers={"Referer": "http://testserver/works/12?view_adult=true"})
    assert 'name="next" value="/works/12?view_adult=true"' in page.content.decode()

    answer = send(guest, cast.rey, next="/fandoms")

    assert (answer.status_code, answer.headers["Location"]) == (302, "/fandoms")
    assert 'href="/users/logout' in guest.get("/").content.decode()


@pytest.mark.parametrize("next_", ["https://evil.example/", "//evil.example", "javascript:alert(1)"])
def test_nobody_is_sent_elsewhere_after_signing_in(cast, guest, next_):
    assert send(guest, cast.rey, next=next_).headers["Location"] == "/"


def test_a_foreign_page_that_led_here_is_not_offered(db, guest):
    page = guest.get("/users/login", headers={"Referer": "https://evil.example/x"})

    assert "evil.example" not in page.content.decode()


def test_a_wrong_password_and_an_unknown_name_get_the_same_words(cast, guest):
    wrong = send(guest, cast.rey, "not it at all").content.decode()
    unknown = guest.post("/users/login", {"user[login]": "nobody", "user[password]": "x"}).content.decode()

    for page in (wrong, unknown):
        assert 'class="errorlist nonfield"' in page
    assert wrong.count("errorlist") == unknown.count("errorlist") == 1


def test_guessing_is_slowed_down(cast, guest):
    for _ in range(12):
        send(guest, cast.rey, "a guess")

    assert 'href="/users/logout' not in send(guest, cast.rey).content.decode()
    assert 'href="/users/logout' not in guest.get("/").content.decode()


def test_a_closed_account_is_told_so_only_with_its_password(cast, guest):
    right = send(guest, cast.sam)

    assert right.status_code == 302
    assert "cannot be used at present" in guest.get(right.headers["Location"]).content.decode()
    assert "suspended" not in send(guest, cast.sam, "wrong one").content.decode()


def test_staying_signed_in_is_a_choice(cast, browser):
    short, long = browser(None), browser(None)
    send(short, cast.rey)
    send(long, cast.rey, **{"user[remember_me]": "1"})

    assert short.session.get_expire_at_browser_close()
    assert not long.session.get_expire_at_browser_close()


def test_a_tool_signs_in_with_the_token_it_was_dispensed(cast):
    tool = Client(enforce_csrf_checks=True)
    token = tool.get("/token_dispenser.json").json()["token"]
    form = {
        "user[login]": cast.rey.username,
        "user[password]": PASSWORD,
        "user[remember_me]": "1",
        "authenticity_token": token,
        "commit": "Log In",
    }

    tool.post("/users/login", form)

    assert 'href="/users/logout' in tool.get("/").content.decode()


def test_signing_out_asks_first(cast, browser):
    client = browser(cast.rey)

    assert "Sign out?" in client.get("/users/logout").content.decode()
    assert 'href="/users/logout' in client.get("/").content.decode()
    assert client.post("/users/logout").status_code == 302
    assert 'href="/users/logout' not in client.get("/").content.decode()


@pytest.mark.parametrize(("role", "told"), [("member", False), ("wrangler", True)])
def test_who_came_to_her_role_with_a_short_password_is_told(cast, guest, role, told):
    cast.rey.role = role
    cast.rey.set_password("eight chr")
    cast.rey.save()

    send(guest, cast.rey, "eight chr")

    assert ("fewer than the 12 characters" in guest.get("/").content.decode()) is told


def test_every_field_has_its_label(db, guest):
    page = guest.get("/users/login").content.decode()

    for name in ("user[login]", "user[password]", "user[remember_me]"):
        assert f'name="{name}"' in page
    assert page.count("<label for=") == 3
