"""Joining and the account's own pages, in a real browser."""

from __future__ import annotations

import re

import pytest
from django.core import mail

from tests.cast import PASSWORD
from tests.e2e.browsing import AXE, DESK, PHONE, needs_chromium
from undying.kernel import chosen
from undying.kernel.tasks import run_due
from undying.people import joining

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("home"),
    needs_chromium,
]
SMALL = """
[...document.querySelectorAll("main :is(button, input:not([type=hidden], [type=checkbox]), select, .button)")]
  .filter((each) => each.checkVisibility() && each.getBoundingClientRect().height < 44).map((each) => each.outerHTML)
"""
TERMS = (
    "Be kind.\n\nPost what is yours, and say whose it is when it is not.\n\n" + "The archive keeps what you post. " * 40
)


def link() -> str:
    """The link in the letter that was sent last."""
    run_due()
    return re.search(r"https?://\S+", mail.outbox[-1].body)[0]


def sign_in(page, name) -> None:
    page.goto("/users/login")
    page.get_by_label("User name").fill(name)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.locator("main").get_by_role("button", name="Sign in", exact=True).click()


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without"])
def test_somebody_joins_by_letter(newcomer, db, scripts):
    chosen.change({"joining": "open", "terms": TERMS}, by="ari")
    page = newcomer(PHONE, java_script_enabled=scripts)
    page.goto("/users/login")
    page.get_by_role("link", name="Join").click()
    page.get_by_label("Your e-mail address").fill("mina@mail.example")
    page.keyboard.press("Enter")
    page.locator(".flash").wait_for()
    page.goto(link())
    page.get_by_label("Your name here").fill("mina_h")
    page.get_by_label("A password").fill(PASSWORD)
    page.get_by_label("I accept the terms").check()
    page.get_by_label("I am at least 13").check()
    page.locator("main").get_by_role("button", name="Join").click()
    assert "Welcome, mina_h." in page.locator(".flash").text_content()
    page.get_by_role("link", name="Your account").click()
    assert "mina@mail.example" in page.locator("main").text_content()


def with_authenticator(page):
    """A phone or computer that keeps passkeys and knows its owner."""
    talk = page.context.new_cdp_session(page)
    talk.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    talk.send("WebAuthn.addVirtualAuthenticator", {"options": options})


def test_somebody_joins_makes_a_passkey_and_signs_in_with_it_alone_and_as_her_second_step(newcomer, db):
    chosen.change({"joining": "open", "minimum_age": "0"}, by="ari")
    page = newcomer(PHONE)
    with_authenticator(page)
    page.goto("/join")
    page.get_by_label("Your e-mail address").fill("mina@mail.example")
    page.get_by_role("button", name="Send the letter").click()
    page.locator(".flash").wait_for()
    page.goto(link())
    page.get_by_label("Your name here").fill("mina_h")
    page.get_by_label("A password").fill(PASSWORD)
    page.locator("main").get_by_role("button", name="Join").click()
    page.locator(".flash").wait_for()
    page.goto("/users/mina_h/account")
    page.get_by_role("link", name="Set one up").click()
    page.get_by_role("link", name="Make a passkey").click()
    page.get_by_label("What shall it be called?").fill("My phone")
    page.get_by_role("button", name="Make it").click()
    page.wait_for_url("**/codes")
    assert page.locator(".codes li").count() == 10
    page.get_by_role("link", name="I have kept them").click()
    assert "My phone" in page.locator(".kept").text_content()

    sign_out(page)
    page.goto("/users/login")
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.get_by_role("link", name="Sign out").wait_for()

    sign_out(page)
    sign_in(page, "mina_h")
    page.get_by_role("button", name="Use your passkey").click()
    page.get_by_role("link", name="Sign out").wait_for()
    page.goto("/users/mina_h/account/second-factor")
    assert "last used" in page.locator(".kept").text_content()


def sign_out(page) -> None:
    page.goto("/users/logout")
    page.locator("main").get_by_role("button", name="Sign out").click()
    page.get_by_role("link", name="Sign in").wait_for()


@pytest.mark.skipif(not AXE.exists(), reason="axe-core is not installed: npm ci")
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_nothing_overflows_everything_can_be_touched_and_axe_finds_nothing(newcomer, cast, scheme, size):
    chosen.change({"joining": "queue", "terms": TERMS}, by="ari")
    invite = joining.invite(note="For the translators of Whitby", most="3", days="30", by="ari")
    page = newcomer(size, scheme)
    page.goto("/join")
    page.get_by_label("Your e-mail address").fill("mina@mail.example")
    page.get_by_label("Your invitation").fill(invite.code)
    page.keyboard.press("Enter")
    page.locator(".flash").wait_for()
    for where in ("/join", link(), "/forgotten", "/terms", "/users/login"):
        page.goto(where)
        looked_over(page, where)
    assert cast.ari
    sign_in(page, "ari")
    looked_over(page, "terms")
    account = "/users/ari/account"
    factors = f"{account}/second-factor"
    for where in (
        account,
        f"{account}/password",
        f"{account}/email",
        f"{account}/sure",
        f"{account}/browsers",
        factors,
        f"{factors}/app",
        f"{factors}/passkey",
        "/desk/invitations",
        "/desk/members",
        "/desk/members/ari",
        "/imports",
    ):
        page.goto(where)
        looked_over(page, where)


def looked_over(page, where: str) -> None:
    """axe finds nothing, nothing overflows, everything can be touched."""
    page.add_script_tag(path=str(AXE))
    found = page.evaluate("axe.run().then(({violations}) => violations.map(({id, nodes}) => [id, nodes[0].html]))")
    assert found == [], where
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), where
    assert page.evaluate(SMALL) == [], where
