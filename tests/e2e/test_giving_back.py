"""A dying archive comes in with its authors' addresses; one of them gets her letter and takes her story back."""

from __future__ import annotations

import re
from email import message_from_bytes, policy
from typing import TYPE_CHECKING

import pytest

from tests.cli.running import Archive, free_port
from tests.e2e.browsing import AXE, DESK, PHONE, needs_chromium
from tests.formats.efiction_archive import small

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Browser, Page

pytestmark = [pytest.mark.e2e, needs_chromium]
PASSWORD = "the moon over Whitby"


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    """Mina's two stories, and an archivist."""
    archive = Archive(tmp_path / "home", tmp_path, {"UNDYING_BASE_URL": f"http://127.0.0.1:{free_port()}"})
    folder = tmp_path / "backup"
    folder.mkdir()
    small().story(1, title="The Churchyard").story(2, title="The Log of the Demeter").write(folder)
    archive.run("import", str(folder), "--site", "whitby.example")
    archive.run("user", "create", "ari", "--role", "archivist", "--password-file", "-", given=PASSWORD)
    return archive


def letter_in(archive: Archive) -> tuple[str, str]:
    """To whom the only letter went, and the path of its link."""
    assert "1 letters are queued" in archive.run("letters", "queue").stdout
    assert "1 letters are sent" in archive.run("letters", "send").stdout
    [file] = (archive.home / "mail").iterdir()
    letter = message_from_bytes(file.read_bytes().partition(b"\n---")[0], policy=policy.default)
    return letter["To"], re.findall(r"/claims/\S+", letter.get_content())[0]


def faults(page: Page) -> list[str]:
    """What axe finds wrong with the page."""
    page.evaluate(AXE.read_text(encoding="utf-8"))
    script = "axe.run().then(({violations}) => violations.map(({id, nodes}) => id + ' ' + nodes[0].html))"
    found: list[str] = page.evaluate(script)
    return found


def test_an_author_follows_her_link_and_has_her_story(archive: Archive, chromium: Browser) -> None:
    to, path = letter_in(archive)
    assert to == "mina@example.com"
    with archive.serving() as (_, address):
        context = chromium.new_context(viewport=PHONE, java_script_enabled=False)
        page = context.new_page()
        page.goto(address + path)
        page.get_by_label("The Churchyard").select_option("claim")
        page.get_by_label("The Log of the Demeter").select_option("orphan")
        page.get_by_label("User name").fill("mina_h")
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Do this").click()

        assert page.url == f"{address}/users/mina_h"
        assert "what you decided is carried out" in page.inner_text("body").lower()
        assert page.get_by_role("link", name="The Churchyard").count() == 1
        assert page.get_by_role("link", name="The Log of the Demeter").count() == 0
        answer = page.goto(address + path)
        assert answer is not None
        assert answer.status == 404
        context.close()


def test_the_pages_are_fit_for_everybody(archive: Archive, chromium: Browser) -> None:
    _, path = letter_in(archive)
    with archive.serving() as (_, address):
        context = chromium.new_context(viewport=DESK, bypass_csp=True)
        page = context.new_page()
        for public in (path, "/rescue"):
            page.goto(address + public)
            assert faults(page) == [], public
        page.goto(f"{address}/users/login")
        page.get_by_label("User name").fill("ari")
        page.get_by_label("Password").fill(PASSWORD)
        page.locator("#loginform button[type=submit]").click()
        for desk in ("", "/letters", "/1", "/sever"):
            page.goto(f"{address}/authors-to-find{desk}")
            assert faults(page) == [], desk
        for desk in ("/opt-outs", "/rescue/messages", "/imports/1/announce"):
            page.goto(address + desk)
            assert faults(page) == [], desk
        context.close()
