"""Old passwords: kept only when asked, hashed again, and a proof that works a few times an hour."""

from __future__ import annotations

import hashlib

import pytest
from django.contrib.auth.hashers import check_password

from tests.formats.efiction_archive import small
from undying.exchange import claims, exports, old_passwords
from undying.exchange.imports import Wish, bring_in
from undying.exchange.private import Contact, Proof

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("home")]
OLD = hashlib.md5(b"the moon", usedforsecurity=False).hexdigest()


def brought_in(folder, *, asked: bool) -> Contact:
    """The contact of Mina, who was no staff; Admin was."""
    archive = small()
    archive.columns["authorprefs"] = "uid newreviews validated level"
    archive.rows["authors"] = [
        {"uid": 1, "penname": "Admin", "email": "a@x.example", "password": OLD},
        {"uid": 2, "penname": "Mina", "email": "mina@x.example", "password": OLD},
    ]
    archive.add("authorprefs", uid=1, level=1).add("authorprefs", uid=2, level=0)
    archive.story(1, uid=2).story(2, uid=1)
    folder.mkdir()
    bring_in(Wish(paths=[archive.write(folder)], site="old.example", with_passwords=asked))
    return Contact.objects.get(name="Mina")


def test_nothing_of_a_password_is_kept_unless_asked(tmp_path, client):
    assert brought_in(tmp_path / "a", asked=False).password == ""
    assert not old_passwords.are_kept()
    assert client.get("/claims").status_code == 404


def test_what_is_kept_is_hashed_again_and_never_the_staffs(tmp_path):
    mina = brought_in(tmp_path / "a", asked=True)
    assert OLD not in mina.password
    assert check_password(OLD, mina.password)
    assert Contact.objects.get(name="Admin").password == ""
    exports.dump(tmp_path / "all.jsonl")
    assert mina.password not in (tmp_path / "all.jsonl").read_text()


def test_asking_later_for_the_same_files_keeps_them_then(tmp_path):
    brought_in(tmp_path / "a", asked=False)
    bring_in(Wish(paths=[tmp_path / "a" / "dump.sql"], site="old.example", with_passwords=True))
    assert Contact.objects.get(name="Mina").password


def test_the_old_password_leads_to_the_page_of_a_letter(tmp_path, client):
    brought_in(tmp_path / "a", asked=True)
    assert client.get("/claims").status_code == 200
    answer = client.post("/claims", {"name": "mina", "password": "the moon"})
    assert answer.status_code == 302
    page = client.get(answer.headers["Location"])
    assert "Mina" in page.content.decode()
    token = answer.headers["Location"].rpartition("/")[2]
    assert [each.name for each in claims.invitation_for(token).contacts.all()] == ["Mina"]


@pytest.mark.parametrize(("name", "password"), [("Mina", "the sun"), ("Nobody", "the moon"), ("", ""), ("Mina\0", "x")])
def test_a_wrong_name_and_a_wrong_password_are_told_alike(tmp_path, client, name, password):
    brought_in(tmp_path / "a", asked=True)
    answer = client.post("/claims", {"name": name, "password": password})
    assert answer.status_code == 200
    assert "do not go together" in answer.content.decode()


def test_nobody_tries_many_passwords(tmp_path):
    brought_in(tmp_path / "a", asked=True)
    for _ in range(old_passwords.MOST_TRIES):
        with pytest.raises(old_passwords.NotProven, match="go together"):
            old_passwords.prove("Mina", "wrong")
    with pytest.raises(old_passwords.NotProven, match="too often"):
        old_passwords.prove("mina ", "the moon")
    assert "Mina" not in str(list(Proof.objects.values_list()))
