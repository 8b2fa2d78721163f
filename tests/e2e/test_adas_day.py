"""An author's whole time here in a real browser: she joins, drafts, schedules, revises, writes with another, lets go,
takes home, leaves.
"""

from __future__ import annotations

import io
import zipfile
from datetime import timedelta

import pytest

from tests.cast import PASSWORD
from tests.e2e.browsing import PHONE, needs_chromium, until
from tests.e2e.test_joining import link, sign_in, sign_out, with_authenticator
from tests.e2e.test_writing import fill, until_kept, write
from undying.kernel import chosen, clock
from undying.library import scheduling
from undying.library.models import Work
from undying.manuscript import State
from undying.people.models import User

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("home"),
    needs_chromium,
]


def join(page) -> None:
    page.goto("/join")
    page.get_by_label("Your e-mail address").fill("ada@mail.example")
    page.keyboard.press("Enter")
    page.locator(".flash").wait_for()
    page.goto(link())
    page.get_by_label("Your name here").fill("ada_l")
    page.get_by_label("A password").fill(PASSWORD)
    page.get_by_label("I am at least 13").check()
    page.locator("main").get_by_role("button", name="Join").click()
    page.locator(".flash").wait_for()


def make_passkey(page) -> None:
    page.goto("/users/ada_l/account/second-factor/passkey")
    page.get_by_label("What shall it be called?").fill("My phone")
    page.get_by_role("button", name="Make it").click()
    page.wait_for_url("**/codes")
    sign_out(page)
    page.goto("/users/login")
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.get_by_role("link", name="Sign out").wait_for()


def draft_on_the_phone(page):
    """She is called away in the middle, and comes back to what she had typed."""
    page.goto("/works/new")
    page.get_by_label("Title of the work").fill("Nights")
    write(page, "Rain came in")
    until_kept(page, "Rain came in")
    context = page.context
    page.close()
    page = context.new_page()
    page.goto("/users/ada_l/works/drafts")
    page.get_by_role("link", name="Take it").click()
    until(page, "document.querySelector('#at-body .ProseMirror')?.textContent === 'Rain came in'")
    fill(page)
    write(page, " from the sea.")
    page.get_by_role("button", name="Save as a draft").click()
    page.locator(".flash").wait_for()
    return page


def schedule(page, work, monkeypatch) -> None:
    """For tomorrow; and tomorrow comes."""
    tomorrow = clock.now() + timedelta(days=1)
    page.goto(f"/works/{work.pk}/schedule")
    page.get_by_label("Day").fill(f"{tomorrow:%Y-%m-%d}")
    page.get_by_label("Time").fill("08:30")
    page.get_by_role("button", name="Post it then").click()
    page.locator(".flash").wait_for()
    assert scheduling.post_due() == []
    with monkeypatch.context() as later:
        later.setattr(scheduling, "now", lambda: tomorrow + timedelta(days=1))
        assert len(scheduling.post_due()) == 1
    work.refresh_from_db()
    assert work.state == State.POSTED


def revise(page, work) -> None:
    """She changes a word, sees which, and thinks better of it."""
    page.goto(f"/works/{work.pk}/edit")
    write(page, "Cold. ")
    page.get_by_role("button", name="Save", exact=True).click()
    page.locator(".flash").wait_for()
    page.get_by_role("link", name="Versions").click()
    page.locator("main a[href*='/revisions/']").first.click()
    assert "Cold." in page.locator("ins").all_text_contents()[0]
    page.goto(f"/works/{work.pk}/revisions/1")
    page.get_by_role("button", name="Restore version 1").click()
    page.locator(".flash").wait_for()


def write_together(page, other, work) -> None:
    """She asks Rey, who accepts in a browser of her own."""
    page.goto(f"/works/{work.pk}/creators")
    page.get_by_label("Her pen name").press_sequentially("rey")
    page.get_by_role("button", name="Invite").click()
    page.locator(".flash").wait_for()
    sign_in(other, "rey")
    other.get_by_role("link", name="Sign out").wait_for()
    other.goto("/users/rey/asked")
    other.get_by_role("button", name="Accept").click()
    other.locator(".flash").wait_for()
    other.goto(f"/works/{work.pk}")
    assert {"ada_l", "rey"} <= set(other.locator("h3.byline a, .byline a").all_text_contents())


def test_an_authors_whole_time_here(newcomer, cast, monkeypatch):
    assert cast.rey
    chosen.change({"joining": "open"}, by="ari")
    page = newcomer(PHONE)
    with_authenticator(page)
    join(page)
    make_passkey(page)
    page = draft_on_the_phone(page)
    work = Work.objects.get()
    schedule(page, work, monkeypatch)
    revise(page, work)
    write_together(page, newcomer(), work)
    reader = newcomer()
    reader.goto(f"/works/{work.pk}")
    assert "ada_l" in reader.locator("main").text_content()
    assert "rey" in reader.locator("main").text_content()
    assert "Cold." not in reader.locator("#chapters").text_content()

    page.goto("/users/ada_l/leaving")
    with page.expect_download() as download:
        page.get_by_role("link", name="Download everything").click()
    with zipfile.ZipFile(io.BytesIO(download.value.path().read_bytes())) as home:
        assert {name.rpartition(".")[2] for name in home.namelist() if name.startswith("works/")} == {
            "epub",
            "html",
            "md",
        }
    page.goto(f"/works/{work.pk}/let-go")
    page.get_by_label("Take my name off").check()
    page.get_by_role("button", name="Let go").click()
    page.locator(".flash").wait_for()
    reader.reload()
    assert "ada_l" not in reader.locator("body").text_content()
    assert reader.locator("#chapters").text_content().strip()

    page.goto("/users/ada_l/leaving")
    page.locator("[name=works]").first.check()
    page.get_by_label("Your password").fill(PASSWORD)
    page.get_by_role("button", name="Leave for good").click()
    page.get_by_role("link", name="Sign in").first.wait_for()
    assert not User.objects.filter(username="ada_l").exists()
    reader.goto("/users/ada_l")
    assert "Not on these shelves" in reader.title()
