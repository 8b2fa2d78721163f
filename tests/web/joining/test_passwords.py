"""New passwords: with the old one, and by letter."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core import mail
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.cast import PASSWORD
from tests.web.joining.post import BASE, know_own_address, letters, link_in, said
from undying.kernel import limits
from undying.kernel.clock import now
from undying.kernel.models import Tally
from undying.people.letters import forget_old, send_letter
from undying.people.models import Letter, User
from undying.people.passwords import WrongPassword, change
from undying.site import settings as real
from undying.web.by_letter import LETTERS_FROM_A_NETWORK, LETTERS_TO_AN_ADDRESS

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("home")]
NEW = "seven ropes in the rigging"
WHERE = "/users/rey/account/password"


@pytest.fixture(autouse=True)
def _ready(home, settings):
    know_own_address(settings)
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def rey(cast) -> User:
    cast.rey.email = "Rey@mail.example"
    cast.rey.save()
    return cast.rey


def is_in(client) -> bool:
    return 'href="/users/logout' in client.get("/").content.decode()


def sign_in(name: str, password: str) -> Client:
    client = Client()
    client.post("/users/login", {"user[login]": name, "user[password]": password})
    return client


def forget(client, email):
    return client.post("/forgotten", {"email": email})


def test_a_letter_leads_to_a_new_password_once_and_ends_every_session(rey, browser, guest):
    elsewhere = browser(rey)
    assert forget(guest, "rey@MAIL.example").headers["Location"] == "/forgotten"
    [letter] = letters()
    assert letter.to == ["rey@MAIL.example"]
    assert letter.subject == "A new password for rey in Undying"
    page = guest.get(link_in(letter))
    assert page.headers["Cache-Control"] == "no-store"
    assert page.headers["Referrer-Policy"] == "same-origin"

    assert guest.post(link_in(letter), {"new": NEW}).headers["Location"] == "/users/login"

    assert not is_in(elsewhere)
    assert not is_in(guest)
    assert is_in(sign_in("rey", NEW))
    assert not is_in(sign_in("rey", PASSWORD))
    assert said(guest.get(link_in(letter))) == said(guest.get("/nowhere"))
    [told] = letters()
    assert told.subject == "Your password in Undying was changed"
    assert f"{BASE}/forgotten" in told.body


def test_no_answer_tells_whether_an_address_has_an_account(rey, browser):
    told, costs = [], []
    forget(browser(None), "somebody@mail.example")  # so that both find this network's count begun
    for email in ("rey@mail.example", "nobody@mail.example"):
        client = browser(None)
        with CaptureQueriesContext(connection) as queries:
            answer = forget(client, email)
        costs.append([each["sql"].split()[0] for each in queries])
        cookies = {name: one["max-age"] for name, one in client.cookies.items()}
        told.append((answer.status_code, answer.headers["Location"], cookies, said(client.get("/forgotten"))))
    assert told[0] == told[1]
    assert costs[0] == costs[1]
    assert [each.to for each in letters()] == [["rey@mail.example"]]


def test_a_closed_account_gets_no_letter_and_its_link_dies(cast, rey, guest):
    forget(guest, rey.email)
    [letter] = letters()
    rey.is_active = False
    rey.save()
    assert guest.get(link_in(letter)).status_code == 404
    forget(guest, rey.email)
    assert letters() == []


def test_links_run_out_and_are_forgotten(rey, guest):
    forget(guest, rey.email)
    [letter] = letters()
    Letter.objects.update(until=now() - timedelta(seconds=1))
    assert guest.get(link_in(letter)).status_code == 404
    forget_old()
    assert Letter.objects.exists()
    Letter.objects.update(asked=now() - timedelta(days=8))
    forget_old()
    assert not Letter.objects.exists()


def test_the_other_links_that_were_asked_for_die_with_the_one_that_was_used(rey, guest):
    forget(guest, rey.email)
    forget(guest, rey.email)
    first, second = letters()
    guest.post(link_in(first), {"new": NEW})
    assert guest.get(link_in(second)).status_code == 404


def test_accounts_that_share_an_address_get_a_letter_each(rey, cast, guest):
    cast.ada.email = rey.email
    cast.ada.save()
    forget(guest, rey.email)
    assert sorted(each.subject for each in letters()) == [
        "A new password for ada in Undying",
        "A new password for rey in Undying",
    ]


def test_a_bad_password_is_told_and_the_link_still_works(rey, guest):
    forget(guest, rey.email)
    [letter] = letters()
    for bad, why in (("short", "at least 8"), ("password123", "too common"), ("x" * 1001, "at most 1,000"), ("", "at")):
        assert why in guest.post(link_in(letter), {"new": bad}).content.decode()
    assert guest.post(link_in(letter), {"new": NEW}).status_code == 302


@pytest.mark.parametrize(
    "email", ["", "rey", "a b@mail.example", "x@y\nBcc: z@mail.example", "x" * 300 + "@mail.example"]
)
def test_what_is_no_address_is_told_and_kept(db, guest, email):
    page = forget(guest, email).content.decode()
    assert "errorlist" in page
    assert "x" * 300 not in email or "at most 254 characters; this has 313." in page
    assert email.strip().partition("\n")[0] in page
    assert not Letter.objects.exists()


def test_letters_are_limited_by_address_and_by_network(rey, guest):
    for _ in range(LETTERS_TO_AN_ADDRESS):
        assert forget(guest, rey.email).status_code == 302
    assert forget(guest, rey.email.upper()).status_code == 429
    for number in range(LETTERS_FROM_A_NETWORK - LETTERS_TO_AN_ADDRESS - 1):
        assert forget(guest, f"x{number}@mail.example").status_code == 302
    assert forget(guest, "other@mail.example").status_code == 429
    assert "rey" not in repr(list(Tally.objects.values_list()))
    Tally.objects.update(until=now() - timedelta(seconds=1))
    assert forget(guest, rey.email).status_code == 302
    Tally.objects.update(until=now() - timedelta(seconds=1))
    limits.forget_old()
    assert not Tally.objects.exists()


def test_an_archive_that_answers_to_any_name_sends_no_links(rey, guest, settings):
    settings.UNDYING = type(settings.UNDYING)(settings.UNDYING.home, {**settings.UNDYING.values, "base_url": ""})
    assert "has to set base_url first" in forget(guest, rey.email).content.decode()
    settings.ALLOWED_HOSTS = ["testserver"]
    forget(guest, rey.email)
    assert "http://testserver/forgotten/" in letters()[0].body


def test_mail_that_cannot_be_sent_is_tried_again(rey, guest, monkeypatch):
    def down(*_args, **_named):
        raise ConnectionRefusedError

    forget(guest, rey.email)
    with monkeypatch.context() as patch:
        patch.setattr(mail.EmailMessage, "send", down)
        assert letters() == []
    send_letter.func(Letter.objects.get().pk)
    [letter] = letters()
    assert guest.get(link_in(letter)).status_code == 200


def test_a_member_changes_her_password_and_stays_in_where_she_is(rey, browser):
    here, there = browser(rey), browser(rey)
    answer = here.post(WHERE, {"old": PASSWORD, "new": NEW})

    assert answer.headers["Location"] == "/users/rey/account"
    assert "Every other browser was signed out." in here.get("/users/rey/account").content.decode()
    assert is_in(here)
    assert not is_in(there)
    assert [each.subject for each in letters()] == ["Your password in Undying was changed"]


def test_the_old_password_is_asked_and_guessing_is_slowed_down(rey, browser):
    client = browser(rey)
    page = client.post(WHERE, {"old": "a guess", "new": NEW}).content.decode()
    assert "That is not your password now." in page
    assert NEW not in page
    for _ in range(9):
        client.post(WHERE, {"old": "a guess", "new": NEW})
    assert client.post(WHERE, {"old": PASSWORD, "new": NEW}).status_code == 429
    assert rey.check_password(PASSWORD)


def test_who_may_change_what_is_not_her_own_needs_a_longer_one(cast, browser):
    page = browser(cast.mo).post("/users/moderator_mo/account/password", {"old": PASSWORD, "new": "eleven chrs"})
    assert "at least 12 characters; this has 11" in page.content.decode()


def test_nobody_sees_anothers_account(cast, browser, guest):
    for client in (guest, browser(cast.ada), browser(cast.ari)):
        for where in ("/users/rey/account", WHERE):
            assert (cast.rey and client.get(where).status_code) == 404
            assert client.post(WHERE, {"old": PASSWORD, "new": NEW}).status_code == 404
    page = browser(cast.rey).get("/users/rey/account")
    assert page.headers["Cache-Control"] == "no-store"
    assert "no address of yours" in page.content.decode()


def test_an_old_hash_is_made_anew_when_she_signs_in(cast, settings):
    settings.PASSWORD_HASHERS = real.PASSWORD_HASHERS[1:]
    cast.rey.set_password(PASSWORD)
    cast.rey.save()
    assert cast.rey.password.startswith("scrypt$")
    settings.PASSWORD_HASHERS = real.PASSWORD_HASHERS

    assert is_in(sign_in("rey", PASSWORD))

    cast.rey.refresh_from_db()
    assert cast.rey.password.startswith("argon2$argon2id$v=19$m=47104,t=2,p=1$")
    with pytest.raises(WrongPassword):
        change(cast.rey, "not it", NEW, base="")
