"""Joining: the page, the letters, and the page behind the link."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.cast import PASSWORD as HERS
from tests.web.joining.post import BASE, know_own_address, letters, link_in, said
from undying.kernel import chosen
from undying.kernel.clock import now
from undying.people import joining, line
from undying.people.actions import BadName, EmailTaken, create_user
from undying.people.models import RESERVED, Invite, Letter, User, Waiting
from undying.people.viewer import Role
from undying.web.urls import urlpatterns

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("home")]
EMAIL = "Mina@mail.example"
PASSWORD = "seven ropes in the rigging"
TERMS = "Be kind.\n\nPost what is yours."


@pytest.fixture(autouse=True)
def _ready(home, settings):
    know_own_address(settings)
    cache.clear()
    yield
    cache.clear()


def choose(**what) -> None:
    chosen.change({name: str(value) for name, value in what.items()}, by="ari")


def ask(client, email=EMAIL, **more):
    return client.post("/join", {"email": email, **more})


def begin(client, link, **changes):
    form = {"name": "mina_h", "password": PASSWORD, "age": "yes", **changes}
    return client.post(link, {name: value for name, value in form.items() if value is not None})


def test_a_letter_comes_first_and_its_link_begins_the_account(db, guest):
    choose(joining="open", terms=TERMS, terms_version=3)
    assert ask(guest).headers["Location"] == "/join"
    assert "A letter is on its way to that address." in guest.get("/join").content.decode()
    assert not User.objects.exists()
    [letter] = letters()
    assert (letter.to, letter.subject) == ([EMAIL], "Join Undying")

    page = guest.get(link_in(letter)).content.decode()
    assert "<p>Post what is yours.</p>" in page
    assert "I am at least 13 years old" in page
    answer = begin(guest, link_in(letter), terms="3")

    assert answer.headers["Location"] == "/users/mina_h"
    assert "Welcome, mina_h." in guest.get("/users/mina_h").content.decode()
    user = User.objects.get()
    assert (user.email, user.role, user.said_age, user.terms_version) == (EMAIL, Role.MEMBER, 13, 3)
    assert user.check_password(PASSWORD)
    assert user.email_confirmed
    assert user.terms_accepted
    assert guest.get(link_in(letter)).status_code == 404


def test_no_answer_tells_whether_an_address_has_an_account(cast, browser):
    cast.rey.email = "rey@mail.example"
    cast.rey.save()
    for mode in ("open", "queue"):
        choose(joining=mode)
        ask(browser(None), "somebody@mail.example")
        told, costs = [], []
        for email in ("REY@mail.example", "nobody@mail.example"):
            client = browser(None)
            with CaptureQueriesContext(connection) as queries:
                answer = ask(client, email)
            costs.append([each["sql"].split()[0] for each in queries])
            told.append(
                (answer.status_code, answer.headers["Location"], set(client.cookies), said(client.get("/join")))
            )
        assert told[0] == told[1]
        assert costs[0] == costs[1]
    subjects = [each.subject for each in letters() if each.to == ["REY@mail.example"]]
    assert subjects == ["You have an account in Undying"] * 2


def test_who_has_an_account_is_told_its_name_in_her_letter_alone(cast, guest):
    choose(joining="open")
    cast.rey.email = EMAIL
    cast.rey.save()
    ask(guest, EMAIL.lower())
    [letter] = letters()
    assert "\n  rey\n" in letter.body
    assert f"{BASE}/users/login" in letter.body
    assert f"{BASE}/forgotten" in letter.body
    assert not Letter.objects.exclude(digest="").exists()


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"name": "a"}, "A user name has 3 to 40 letters"),
        ({"name": "REY"}, "There is an account named REY already."),
        ({"name": "Login"}, "The name Login is kept for the archive itself"),
        ({"name": "x" * 300}, "at most 40 characters"),
        ({"password": "short"}, "at least 8 characters; this has 5"),
        ({"password": "mina_harker", "name": "mina_harker"}, "too similar to the username"),
        ({"age": None}, "Members are at least 13 years old."),
        ({"terms": None}, "Members accept the terms."),
        ({"terms": "1"}, "Members accept the terms."),
        ({"terms": "²"}, "Members accept the terms."),
    ],
)
def test_what_will_not_do_is_told_and_the_link_still_works(cast, guest, changes, told):
    assert cast.rey
    choose(joining="open", terms=TERMS, terms_version=2)
    ask(guest)
    [letter] = letters()
    page = begin(guest, link_in(letter), **{"terms": "2", **changes}).content.decode()

    assert told in page
    assert PASSWORD not in page
    assert User.objects.count() == 1
    assert begin(guest, link_in(letter), terms="2").status_code == 302


def test_of_two_links_one_begins_an_account(db, browser, guest):
    choose(joining="open", minimum_age=0)
    ask(guest)
    ask(guest)
    first, second = letters()
    assert "years old" not in guest.get(link_in(first)).content.decode()
    begin(guest, link_in(first), age=None)
    assert User.objects.get().said_age is None
    assert begin(browser(None), link_in(second), name="other").status_code == 404


def test_nobody_joins_a_closed_archive_not_even_by_an_earlier_letter(db, guest):
    choose(joining="open")
    ask(guest)
    [letter] = letters()
    choose(joining="closed")
    page = guest.get("/join").content.decode()
    assert "Nobody can join at present" in page
    assert 'name="email"' not in page
    assert ask(guest).status_code == 200
    assert letters() == []
    assert "Nobody can join at present" in begin(guest, link_in(letter)).content.decode()
    assert "make the accounts" in guest.get("/users/login").content.decode()
    choose(joining="open")
    assert 'href="/join"' in guest.get("/users/login").content.decode()


def test_by_invitation_somebody_needs_a_code_and_one_code_serves_as_many_as_it_says(cast, browser, guest):
    choose(joining="invitation")
    desk = browser(cast.ari)
    desk.post("/desk/invitations", {"note": "For <Lucy>", "most": "1", "days": "7"})
    code = Invite.objects.get().code
    assert f"http://testserver/join?invitation={code}" in desk.get("/desk/invitations").content.decode()
    assert "For &lt;Lucy&gt;" in desk.get("/desk/invitations").content.decode()

    assert "for those who are invited" in ask(guest).content.decode()
    assert "That is no invitation" in ask(guest, invitation="lamp").content.decode()
    assert f'value="{code}"' in guest.get(f"/join?invitation={code}").content.decode()
    ask(guest, invitation=code.upper())
    ask(guest, "lucy@mail.example", invitation=code)
    first, second = letters()
    begin(guest, link_in(first))
    user = User.objects.get(username="mina_h")
    assert user.invited_with == Invite.objects.get()
    assert "1 of 1" in desk.get("/desk/invitations").content.decode()
    assert "was used up" in begin(browser(None), link_in(second), name="lucy").content.decode()
    assert "That is no invitation" in ask(guest, "x@mail.example", invitation=code).content.decode()
    assert not User.objects.filter(username="lucy").exists()


def test_an_invitation_is_taken_back_with_the_letters_that_it_served(cast, browser, guest):
    choose(joining="invitation")
    invite = joining.invite(note="", most="5", days="", by="ari")
    ask(guest, invitation=invite.code)
    [letter] = letters()
    desk = browser(cast.ari)
    assert "taken back" in desk.post(f"/desk/invitations/{invite.pk}/take-back", follow=True).content.decode()
    assert "taken back" in begin(guest, link_in(letter)).content.decode()
    assert desk.post("/desk/invitations/999/take-back").status_code == 404
    assert desk.get(f"/desk/invitations/{invite.pk}/take-back").status_code == 405


def test_an_invitation_runs_out(db, guest):
    choose(joining="invitation")
    invite = joining.invite(note="", most="5", days="3", by="ari")
    Invite.objects.update(until=now() - timedelta(seconds=1))
    assert "That is no invitation" in ask(guest, invitation=invite.code).content.decode()


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"most": "0"}, "Write a whole number from 1 to 10000."),
        ({"most": "9" * 5000}, "Write a whole number from 1 to 10000."),
        ({"days": "²"}, "Write a whole number from 1 to 3650, or nothing."),
        ({"note": "x" * 201}, "At most 200 characters fit here; this has 201."),
    ],
)
def test_what_cannot_be_is_told_beside_its_field(cast, browser, given, told):
    page = browser(cast.ari).post("/desk/invitations", {"note": "Hi", "most": "1", "days": "", **given})
    assert told in page.content.decode()
    assert not Invite.objects.exists()


def test_in_the_line_a_letter_tells_the_place_and_each_day_some_are_let_in(db, guest):
    choose(joining="queue", queue_per_day=2)
    for number in range(1, 5):
        ask(guest, f"m{number}@mail.example")
    ask(guest, "M1@mail.example")
    told = letters()
    assert [re_place(each) for each in told] == ["1", "2", "3", "4", "1"]
    assert line.length() == 4

    assert (joining.let_in(), joining.let_in()) == (2, 0)
    first, second = letters()
    assert [first.to, second.to] == [["m1@mail.example"], ["m2@mail.example"]]
    assert first.subject == "Your turn has come: join Undying"
    begin(guest, link_in(first))
    assert User.objects.get().email == "m1@mail.example"
    ask(guest, "m2@mail.example")
    assert letters()[0].subject == "Your turn has come: join Undying"
    Waiting.objects.exclude(let_in=None).update(let_in=now() - timedelta(days=1))
    assert joining.let_in() == 2
    Waiting.objects.update(let_in=now() - timedelta(days=20))
    joining.let_in()
    assert not Waiting.objects.exists()


def re_place(letter) -> str:
    return letter.body.partition("the line is ")[2].partition(".")[0]


def test_an_invitation_spares_the_line_and_opening_the_doors_lets_all_in(db, guest):
    choose(joining="queue", queue_per_day=1)
    invite = joining.invite(note="", most="1", days="", by="ari")
    ask(guest, invitation=invite.code)
    for number in range(3):
        ask(guest, f"m{number}@mail.example")
    assert letters()[0].subject == "Join Undying"
    choose(joining="closed")
    assert joining.let_in() == 0
    choose(joining="open")
    assert joining.let_in() == 3


def test_new_terms_are_asked_for_at_the_next_sign_in_and_nobody_has_to(cast, browser, guest):

    assert guest.get("/terms").status_code == 404
    choose(terms=TERMS)
    assert 'href="/terms"' in guest.get("/").content.decode()
    assert "<button>I accept them" not in guest.get("/terms").content.decode()
    form = {"user[login]": "rey", "user[password]": HERS, "next": "/works"}
    assert cast.rey
    answer = guest.post("/users/login", form)
    assert answer.headers["Location"] == "/terms?next=%2Fworks"
    page = guest.get(answer.headers["Location"]).content.decode()
    assert "<button>I accept them" in page
    assert guest.get("/works").status_code == 200
    assert "have just changed" in guest.post("/terms", {"version": "7"}).content.decode()
    assert "You have not accepted the terms yet." in guest.get("/users/rey/account").content.decode()

    answer = guest.post("/terms", {"version": "1", "next": "//evil.example"})

    assert answer.headers["Location"] == "/"
    cast.rey.refresh_from_db()
    assert cast.rey.terms_version == 1
    assert "as they are now" in guest.get("/users/rey/account").content.decode()
    assert browser(None).post("/users/login", form).headers["Location"] == "/works"
    choose(terms_version=2)
    assert browser(None).post("/users/login", form).headers["Location"] == "/terms?next=%2Fworks"
    assert "an earlier version" in guest.get("/users/rey/account").content.decode()


def test_a_guest_accepts_nothing(db, guest):
    choose(terms=TERMS)
    assert guest.post("/terms", {"version": "1"}).status_code == 200


def test_every_address_under_users_is_a_reserved_name():
    firsts = {str(each.pattern).split("/")[1] for each in urlpatterns if str(each.pattern).startswith("users/")}
    assert {first for first in firsts if not first.startswith("<")} <= RESERVED


@pytest.mark.parametrize("name", ["login", "LOGOUT", "Suspended", "admin", "new", "join"])
def test_a_reserved_name_is_refused_whoever_asks(db, name):
    with pytest.raises(BadName):
        create_user(name, password=PASSWORD, role=Role.ARCHIVIST)


def test_an_address_has_one_account(db):
    create_user("mina", password=PASSWORD, role=Role.MEMBER, email=EMAIL)
    with pytest.raises(EmailTaken):
        create_user("lucy", password=PASSWORD, role=Role.MEMBER, email=EMAIL.upper())


WHERE = "/users/rey/account/email"


def test_a_new_address_is_confirmed_there_and_the_old_one_is_told(cast, browser, guest):

    cast.rey.email = "old@mail.example"
    cast.rey.save()
    client = browser(cast.rey)
    assert "That is not your password." in client.post(WHERE, {"email": EMAIL, "password": "x"}).content.decode()
    assert client.post(WHERE, {"email": EMAIL, "password": HERS}).headers["Location"] == "/users/rey/account"
    [letter] = letters()
    assert letter.to == [EMAIL]
    guest.get(link_in(letter))
    cast.rey.refresh_from_db()
    assert cast.rey.email == "old@mail.example"

    guest.post(link_in(letter))

    cast.rey.refresh_from_db()
    assert (cast.rey.email, bool(cast.rey.email_confirmed)) == (EMAIL, True)
    [told] = letters()
    assert (told.to, told.subject) == (["old@mail.example"], "Your address in Undying was changed")
    assert EMAIL not in told.body
    assert guest.get(link_in(letter)).status_code == 404


def test_the_page_does_not_tell_that_an_address_is_anothers(cast, browser):

    cast.ada.email = "ada@mail.example"
    cast.ada.save()
    told = []
    for email in ("ada@mail.example", "nobody@mail.example"):
        client = browser(cast.rey)
        answer = client.post(WHERE, {"email": email, "password": HERS})
        told.append((answer.status_code, said(client.get(answer.headers["Location"]))))
    assert told[0] == told[1]
    assert sorted(each.subject for each in letters()) == [
        "Is this your address in Undying?",
        "You have an account in Undying",
    ]


def test_an_address_that_somebody_took_meanwhile_is_not_given_twice(cast, browser, guest):

    browser(cast.rey).post(WHERE, {"email": EMAIL, "password": HERS})
    [letter] = letters()
    cast.ada.email = EMAIL.lower()
    cast.ada.save()
    assert guest.post(link_in(letter)).status_code == 404
