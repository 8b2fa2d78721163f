"""The archivist's page of members and roles."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.cast import PASSWORD, Cast
from undying.people import joining, staffing
from undying.people.actions import create_user
from undying.people.models import StaffChange, User
from undying.people.viewer import Role

WHERE = "/desk/members"


def text(answer) -> str:
    return answer.content.decode()


def change(client, name, **what):
    return client.post(f"{WHERE}/{name}", what, follow=True)


@pytest.fixture
def desk(cast, browser):
    """Ari's browser."""
    return browser(cast.ari)


def test_the_pages_are_the_archivists(cast, browser, guest):
    assert cast.rey
    for client in (guest, browser(cast.ada), browser(cast.mo)):
        for where in (WHERE, f"{WHERE}/rey"):
            assert (client.get(where).status_code, client.get(where).content) == (404, client.get("/nowhere").content)
        assert client.post(f"{WHERE}/rey", {"act": "role", "role": "archivist"}).status_code == 404
    assert not StaffChange.objects.exists()


def test_somebody_is_found_by_a_part_of_her_name_or_her_whole_address(cast, desk):
    cast.rey.email = "rey@mail.example"
    cast.rey.save()
    assert cast.ada
    assert "2 accounts" in text(desk.get(WHERE, {"role": "member"}))
    for find in ("RE", "REY@mail.example"):
        page = text(desk.get(WHERE, {"find": find}))
        assert 'href="/desk/members/rey"' in page
        assert 'href="/desk/members/ada"' not in page
        assert "rey@mail" not in page
    for find in ("rey@mail", "x" * 5000, "\0%_"):
        assert "Nobody here is called that" in text(desk.get(WHERE, {"find": find}))
    assert desk.get(f"{WHERE}/nobody").status_code == 404


def test_a_role_is_given_and_taken_and_noted(cast, desk, browser):
    assert cast.rey
    assert "rey is archivist now." in text(change(desk, "rey", act="role", role="archivist"))
    assert browser(cast.rey).get(WHERE).status_code == 200
    assert "Nothing was changed." in text(change(desk, "rey", act="role", role="archivist"))
    change(desk, "rey", act="role", role="member")
    assert browser(User.objects.get(username="rey")).get(WHERE).status_code == 404
    rows = list(StaffChange.objects.values_list("user__username", "what", "before", "after", "by"))
    assert rows == [("rey", "role", "archivist", "member", "ari"), ("rey", "role", "member", "archivist", "ari")]
    assert "archivist → member" in text(desk.get(WHERE))
    assert "Nothing was changed." in text(change(desk, "rey", act="role", role="queen"))
    assert "Nothing was changed." in text(change(desk, "rey", act="nonsense"))


def test_the_last_archivist_stays_one(cast, desk):
    assert "is the only archivist" in text(change(desk, "ari", act="role", role="member"))
    change(desk, cast.mo.username, act="role", role="archivist")
    assert "cannot close your own account" in text(change(desk, "ari", act="suspend", reason="Tired."))
    change(desk, cast.mo.username, act="suspend", reason="Gone.")
    assert "is the only archivist" in text(change(desk, "ari", act="role", role="member"))
    change(desk, cast.mo.username, act="restore", reason="Back.")
    answer = change(desk, "ari", act="role", role="member")
    assert answer.status_code == 404
    assert User.objects.get(username="ari").role == Role.MEMBER


def test_a_closed_account_is_signed_out_and_opened_again(cast, desk, browser):
    hers = browser(cast.rey)
    assert "Write the reason" in text(change(desk, "rey", act="suspend"))
    assert "at most 500 characters; this has 501" in text(change(desk, "rey", act="suspend", reason="x" * 501))
    assert "x" * 501 in text(change(desk, "rey", act="suspend", reason="x" * 501))
    change(desk, "rey", act="suspend", reason="She <asked>.")
    assert 'href="/users/logout' not in text(hers.get("/"))
    page = text(desk.get(f"{WHERE}/rey"))
    assert "The account is closed." in page
    assert "She &lt;asked&gt;." in page
    assert "Nothing was changed." in text(change(desk, "rey", act="suspend", reason="Twice."))
    change(desk, "rey", act="restore", reason="She asked again.")
    hers.post("/users/login", {"user[login]": "rey", "user[password]": PASSWORD})
    assert 'href="/users/logout' in text(hers.get("/"))


def test_without_a_second_factor_there_is_none_to_take_off(cast, desk):
    assert cast.rey
    assert "Nothing was changed." in text(change(desk, "rey", act="factor", reason="Lost."))
    assert not StaffChange.objects.exists()


def test_nobody_is_asked_about_twice_and_a_list_costs_what_it_costs(db, desk):
    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            desk.get(WHERE)
        return len(queries)

    invite = joining.invite(note="", most="30", days="", by="ari")

    def fill(numbers) -> None:
        for number in numbers:
            user = create_user(f"member{number}", password="a long walk home", role=Role.MEMBER)
            user.invited_with = invite
            user.save()
            staffing.suspend(user, by="ari", reason="A test.")

    fill(range(10))
    ten = cost()
    fill(range(10, 20))
    assert cost() == ten


def test_two_archivists_cannot_take_the_role_from_each_other(db):
    cast = Cast()
    staffing.give_role(cast.mo, Role.ARCHIVIST, by="ari")
    stale = User.objects.get(pk=cast.ari.pk)
    staffing.give_role(cast.ari, Role.MEMBER, by=cast.mo.username)
    with pytest.raises(staffing.LastArchivist):
        staffing.give_role(cast.mo, Role.MEMBER, by=stale.username)
