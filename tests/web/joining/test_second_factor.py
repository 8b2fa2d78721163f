"""The second factor: setting it up, signing in with it, losing it. Passkeys themselves: tests/e2e/test_joining.py."""

from __future__ import annotations

import json
import re

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from click.testing import CliRunner
from django.core.cache import cache
from django.test import Client

from tests.cast import PASSWORD
from tests.web.joining.post import know_own_address, letters
from undying.cli.commands import undying

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("home")]


@pytest.fixture(autouse=True)
def _ready(home):
    cache.clear()
    yield
    cache.clear()


def sign_in(user, **more):
    client = Client()
    answer = client.post("/users/login", {"user[login]": user.username, "user[password]": PASSWORD, **more})
    return client, answer


def is_in(client) -> bool:
    return 'href="/users/logout' in client.get("/").content.decode()


def where(user, part="") -> str:
    return f"/users/{user.username}/account/second-factor{part}"


def code_for(secret: str) -> str:
    cache.clear()  # a code is good once: this is the next minute's
    return totp.format_hotp_value(totp.hotp_value(secret, next(totp.yield_hotp_counters_from_time())))


def set_up(user, client=None) -> tuple[str, list[str]]:
    """The secret of her app, and her recovery codes."""
    client = client or sign_in(user)[0]
    page = client.get(where(user, "/app")).content.decode()
    secret = re.search(r"<code>([A-Z2-7 ]+)</code>", page)[1].replace(" ", "")
    answer = client.post(where(user, "/app"), {"code": code_for(secret)})
    assert answer.headers["Location"] == where(user, "/codes")
    return secret, re.findall(r"<code>(\d{8})</code>", client.get(where(user, "/codes")).content.decode())


def test_with_an_app_signing_in_asks_for_its_code(cast):
    secret, codes = set_up(cast.rey)
    assert len(codes) == 10

    client, answer = sign_in(cast.rey, next="/fandoms")
    assert answer.headers["Location"].startswith("/users/login/second")
    assert not is_in(client)
    assert "Write the code that your app shows" in client.get("/users/login/second").content.decode()
    assert "Incorrect code" in client.post("/users/login/second", {"code": "000000"}).content.decode()
    assert not is_in(client)

    assert client.post("/users/login/second", {"code": code_for(secret)}).headers["Location"] == "/fandoms"

    assert is_in(client)


def test_a_code_is_good_once_and_so_is_a_recovery_code(cast):
    secret, codes = set_up(cast.rey)
    code = code_for(secret)
    for given in (code, codes[0]):
        first, second = sign_in(cast.rey)[0], sign_in(cast.rey)[0]
        first.post("/users/login/second", {"code": given})
        second.post("/users/login/second", {"code": given})
        assert (is_in(first), is_in(second)) == (True, False)
    assert "9 codes are left" in first.get(where(cast.rey)).content.decode()


def test_a_wrong_code_is_told_and_sets_up_nothing(cast):
    client, _ = sign_in(cast.rey)
    client.get(where(cast.rey, "/app"))
    page = client.post(where(cast.rey, "/app"), {"code": "x" * 5000}).content.decode()
    assert "That is not the code of this minute." in page
    assert not Authenticator.objects.exists()


def test_what_is_taken_off_takes_its_recovery_codes_along(cast, settings):
    know_own_address(settings)
    cast.rey.email = "rey@mail.example"
    cast.rey.save()
    client, _ = sign_in(cast.rey)
    set_up(cast.rey, client)
    client.post(where(cast.rey), {"remove": "0"})
    assert not Authenticator.objects.exists()
    assert [each.subject for each in letters()] == ["How you sign in to Undying was changed"] * 2
    assert is_in(sign_in(cast.rey)[0])


def test_nobody_takes_off_anothers(cast):
    set_up(cast.ada)
    client, _ = sign_in(cast.rey)
    client.post(where(cast.rey), {"remove": str(Authenticator.objects.order_by("pk")[0].pk)})
    assert Authenticator.objects.filter(user=cast.ada).count() == 2


def test_new_recovery_codes_end_the_earlier_ones(cast):
    client, _ = sign_in(cast.rey)
    _, codes = set_up(cast.rey, client)
    page = client.post(where(cast.rey, "/codes")).content.decode()
    assert not any(code in page for code in codes)


def test_who_signed_in_long_ago_shows_first_that_it_is_she(cast, browser):
    client = browser(cast.rey)
    answer = client.get(where(cast.rey, "/app"))
    assert answer.headers["Location"] == f"/users/rey/account/sure?next={where(cast.rey, '/app').replace('/', '%2F')}"
    asked = answer.headers["Location"]
    assert "That is not your password." in client.post(asked, {"password": "a guess"}).content.decode()
    assert client.get(where(cast.rey, "/app")).status_code == 302
    assert client.post(asked, {"password": PASSWORD}).headers["Location"] == where(cast.rey, "/app")
    assert client.get(where(cast.rey, "/app")).status_code == 200
    assert (
        client.post("/users/rey/account/sure", {"password": PASSWORD, "next": "//evil.example"}).headers["Location"]
        == "/users/rey/account"
    )


NO_KEY = {"userHandle": "MQ", "clientDataJSON": "eyJ9", "authenticatorData": "AAAA", "attestationObject": "oWE"}


@pytest.mark.parametrize(
    "nonsense",
    ["", "{", "[]", '"x"', "{}", '{"response": []}', '{"response": {}}', '{"response": {"userHandle": "%%%"}}',
     json.dumps({"id": "a", "rawId": "a", "type": "public-key", "response": {**NO_KEY, "signature": "AA"}}),
     "9" * 30_000, "[" * 19_000],
)  # fmt: skip
def test_what_no_browser_answers_is_no_passkey(cast, guest, nonsense):
    guest.get("/users/login/passkey")
    answer = guest.post("/users/login/passkey", {"credential": nonsense})
    assert answer.headers["Location"] == "/users/login"
    assert "not known here" in guest.get("/users/login").content.decode()
    client, _ = sign_in(cast.rey)
    client.get(where(cast.rey, "/passkey"))
    page = client.post(where(cast.rey, "/passkey"), {"credential": nonsense, "name": "<me>"}).content.decode()
    assert "did not make a passkey" in page
    assert "&lt;me&gt;" in page
    assert not Authenticator.objects.exists()


def test_an_archivist_whom_others_can_reach_sets_one_up_before_the_desk_opens(cast, settings):
    client, _ = sign_in(cast.ari)
    wish(settings, "public")
    assert client.get("/imports").status_code == 200
    know_own_address(settings)
    assert client.get("/imports").headers["Location"] == where(cast.ari)
    assert client.post("/desk/settings", {"banner": "Hi"}).headers["Location"] == where(cast.ari)
    assert "the desk opens once" in client.get(where(cast.ari)).content.decode()
    set_up(cast.ari, client)
    assert client.get("/imports").status_code == 200


def wish(settings, when: str, **others) -> None:
    values = {**settings.UNDYING.values, "staff_second_factor": when, **others}
    settings.UNDYING = type(settings.UNDYING)(settings.UNDYING.home, values)


@pytest.mark.parametrize(
    ("when", "others", "status"),
    [
        ("always", {}, 302),
        ("never", {"base_url": "https://lamp.example"}, 200),
        ("public", {}, 200),
        ("public", {"host": "::1"}, 200),
        ("public", {"host": "0.0.0.0"}, 302),
        ("public", {"allowed_hosts": ("lamp.example",)}, 302),
    ],
)
def test_the_operator_decides_when_one_is_needed(cast, settings, when, others, status):
    wish(settings, when, **others)
    assert sign_in(cast.ari)[0].get("/imports").status_code == status


def test_the_operator_takes_off_what_somebody_lost(cast):
    set_up(cast.rey)
    run = CliRunner().invoke(undying, ["user", "forget-second-factor", "REY"])
    assert run.output == "rey signs in with the password alone.\n"
    assert is_in(sign_in(cast.rey)[0])
    assert "had none" in CliRunner().invoke(undying, ["user", "forget-second-factor", "rey"]).output
    assert CliRunner().invoke(undying, ["user", "forget-second-factor", "zed"]).exit_code == 1


def test_nobody_is_at_the_second_step_before_the_first(db, guest):
    assert guest.get("/users/login/second").headers["Location"] == "/users/login"
    assert guest.post("/users/login/second", {"code": "1"}).headers["Location"] == "/users/login"
