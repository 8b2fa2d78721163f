"""Accounts and pen names."""

from __future__ import annotations

import pytest

from undying.manuscript import Credit
from undying.people.actions import BadName, NameTaken, create_user, pen_name
from undying.people.models import Pseud
from undying.people.passwords import BadPassword
from undying.people.viewer import Role, Viewer

pytestmark = pytest.mark.django_db

GOOD = "the moon over Whitby"


def test_an_account_has_a_pseud_of_its_name_and_a_hashed_password() -> None:
    user = create_user("ada_b", password=GOOD, role=Role.ARCHIVIST)
    assert [pseud.name for pseud in user.pseuds.all()] == ["ada_b"]
    assert user.check_password(GOOD)
    assert GOOD not in user.password


@pytest.mark.parametrize("name", ["ab", "a" * 41, "_ada", "ada_", "a da", "unclaimed-12", "ädä", "ada\n"])
def test_a_bad_user_name_is_refused(name: str) -> None:
    with pytest.raises(BadName):
        create_user(name, password=GOOD, role=Role.MEMBER)
    assert not Pseud.objects.exists()


@pytest.mark.parametrize("password", ["short", "password123", "ada_lovelace"])
def test_a_bad_password_is_refused(password: str) -> None:
    with pytest.raises(BadPassword):
        create_user("ada_lovelace", password=password, role=Role.MEMBER)


def test_a_name_is_taken_whatever_the_case_of_its_letters() -> None:
    create_user("Ada", password=GOOD, role=Role.MEMBER)
    with pytest.raises(NameTaken):
        create_user("aDA", password=GOOD, role=Role.MEMBER)


def test_the_same_person_of_one_site_is_one_pen_name_and_others_are_others() -> None:
    luna = pen_name(Credit(name="Luna", key="5"), site="old.example")
    assert pen_name(Credit(name="Luna", key="5"), site="old.example") == luna
    others = {
        pen_name(Credit(name="Luna", key="6"), site="old.example"),
        pen_name(Credit(name="Luna", key="5"), site="other.example"),
        pen_name(Credit(name="Luna", account="moon"), site="old.example"),
        pen_name(Credit(name="Luna"), site="old.example"),
    }
    assert len(others | {luna}) == 5


@pytest.mark.parametrize(
    ("viewer", "member", "moderates", "sees_all"),
    [
        (Viewer.anyone(), False, False, False),
        (Viewer(user_id=1, role=Role.MEMBER), True, False, False),
        (Viewer(user_id=1, role=Role.WRANGLER), True, False, False),
        (Viewer(user_id=1, role=Role.MODERATOR), True, True, False),
        (Viewer(user_id=1, role=Role.ARCHIVIST), True, True, True),
        (Viewer.operator(), True, True, True),
    ],
)
def test_what_each_role_may(viewer: Viewer, member: bool, moderates: bool, sees_all: bool) -> None:
    assert (viewer.is_member, viewer.moderates, viewer.sees_all) == (member, moderates, sees_all)
