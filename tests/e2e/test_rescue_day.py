"""A rescue as its guide tells it, in a browser: from a small site's backup to the reader who follows an old link."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.cli.running import Archive
from tests.e2e.browsing import AXE, DESK, PHONE, needs_chromium
from tests.old_site import SITE, backup

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Locator, Page

pytestmark = [pytest.mark.e2e, pytest.mark.enable_socket, needs_chromium]
PASSWORD = "the moon over Whitby"
DESKS = (
    "/imports",
    "/imports/1",
    "/imports/1/labels",
    "/imports/1/repairs",
    "/imports/1/again",
    "/imports/1/addresses",
    "/imports/1/flags",
    "/imports/1/announce",
    "/imports/1/undo",
    "/imports/1?container=fanfiction_reviews",
    "/imports/duplicates",
    "/imports/duplicates/1",
    "/authors-to-find",
    "/authors-to-find/letters",
    "/authors-to-find/sever",
    "/opt-outs",
    "/rescue/messages",
    "/rescue",
    "/news",
    "/pages",
    "/challenges",
)
FIRST_ROWS = ("/imports/1?container=fanfiction_authors#entries", "/authors-to-find", "/news", "/pages", "/challenges")
"""Lists of which the first entry is opened as well."""


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Archive, str]]:
    """An open archive, empty but for the archivist's account, with a backup beside it."""
    folder = tmp_path_factory.mktemp("rescue")
    backup(folder / "backup")
    made = Archive(
        folder / "home", folder, {"UNDYING_BASE_URL": "https://undying.example", "UNDYING_STAFF_SECOND_FACTOR": "never"}
    )
    with made.serving() as (_, address):
        keeper = made.run("user", "create", "keeper", "--role", "archivist", "--password-file", "-", given=PASSWORD)
        assert keeper.returncode == 0, keeper.stderr
        yield made, address


@pytest.fixture(scope="module")
def desk(chromium: Browser, archive: tuple[Archive, str]) -> Iterator[Page]:
    """The archivist's window; she signed in by keyboard alone."""
    context = chromium.new_context(viewport=DESK, base_url=archive[1])
    page = context.new_page()
    page.goto("/users/login")
    page.get_by_label("User name").focus()
    page.keyboard.type("keeper")
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/")
    yield page
    context.close()


def press(control: Locator) -> None:
    """As the keyboard does it."""
    control.focus()
    control.press("Enter")


def wait_for(page: Page, sign: Locator) -> None:
    """Look again until the worker has done it."""
    for _ in range(120):
        if sign.count():
            return
        page.wait_for_timeout(250)
        page.reload()
    pytest.fail(f"never came: {sign}\n{page.locator('main').inner_text()}")


def test_the_rehearsal_writes_nothing_and_the_import_adds_up(archive: tuple[Archive, str]) -> None:
    rehearsed = archive[0].run("import", "backup", "--dry-run")
    assert "Nothing was written." in rehearsed.stdout, rehearsed.stderr
    assert archive[0].run("import", "list").stdout.strip() in {"", "Nothing was imported yet."}
    done = archive[0].run("import", "backup")
    assert "Everything adds up." in done.stdout, done.stderr
    assert "stories/3/77.txt" in done.stdout
    assert "chapter 2 (number 42): its text is missing" in done.stdout


def test_until_opening_day_a_guest_finds_nothing(chromium: Browser, archive: tuple[Archive, str]) -> None:
    guest = chromium.new_page(base_url=archive[1])
    for path in ("/viewstory.php?sid=1&chapter=2", "/imports", "/imports/1/labels"):
        answer = guest.goto(path)
        assert answer
        assert answer.status == 404 or "log" in guest.url, path
    guest.close()


def test_the_report_is_one_key_away_from_the_list_of_imports(desk: Page) -> None:
    desk.goto("/imports")
    press(desk.get_by_role("link", name="backup"))
    desk.wait_for_url("**/imports/1")
    assert "Everything adds up" in desk.locator("main").inner_text()
    assert "its text is missing" in desk.locator(".remarks .grave").first.inner_text()


def test_labels_and_repairs_are_decided_and_come_true_when_the_import_is_read_again(desk: Page) -> None:
    desk.goto("/imports/1/labels")
    desk.get_by_label("Kind of “Carmilla”").first.select_option("fandom")
    press(desk.get_by_role("button", name="Save what was changed"))
    wait_for(desk, desk.get_by_text("1 you decided"))
    desk.goto("/imports/1/repairs")
    assert "Minar17;s" in desk.locator("#efiction-entities del").first.inner_text()
    press(desk.locator("#efiction-entities").get_by_role("button", name="Allow it"))
    wait_for(desk, desk.get_by_text("You allowed it."))
    desk.goto("/imports/1/again")
    press(desk.get_by_role("button", name="Compare"))
    accept = desk.get_by_role("button", name="Accept: change 3 works")
    wait_for(desk, accept)
    assert "Mina’s lamp" in desk.locator("ins").first.inner_text()
    press(accept)
    wait_for(desk, desk.get_by_text("What was changed on"))
    desk.goto("/viewstory.php?sid=1&chapter=1")
    assert "It was late when Mina’s lamp went out." in desk.locator("div.userstuff").all_inner_texts()[-1]
    desk.goto("/viewstory.php?sid=4")
    press(desk.get_by_role("link", name="Proceed"))
    assert desk.locator("dd.fandom").inner_text() == "Carmilla"


def test_a_row_stands_with_its_bytes_beside_what_it_became(desk: Page) -> None:
    desk.goto("/imports/1?container=stories%2F2%2F#entries")
    press(desk.locator("#entries tbody a", has_text="11.txt"))
    desk.wait_for_url("**/entries/*")
    assert "Minar17;s lamp" in desk.locator(".original").inner_text()
    assert "Mina’s lamp" in desk.locator(".became").last.inner_text()


def test_a_story_that_came_twice_is_merged_when_the_archivist_says_so(desk: Page) -> None:
    desk.goto("/imports/duplicates")
    press(desk.get_by_role("button", name="Look for duplicates"))
    found = desk.locator("table.desk th a", has_text="The Whitby Letters")
    wait_for(desk, found)
    press(found)
    desk.wait_for_url("**/duplicates/1")
    assert "Some day" in desk.locator(".passages").inner_text()
    is_left = desk.locator(".side-by-side thead a").first.inner_text() == "The Whitby Letters"
    press(desk.get_by_role("button", name=f"Merge into the {'left' if is_left else 'right'}"))
    wait_for(desk, desk.get_by_role("button", name="Take the merge back"))


def test_it_is_announced_and_an_author_is_left_out(desk: Page) -> None:
    desk.goto("/imports/1/announce")
    desk.get_by_label("The collection’s name").fill("The Lighthouse Log")
    desk.get_by_label("Notice").fill("Its keeper gave us a copy.")
    press(desk.get_by_role("button", name="Announce"))
    desk.goto("/rescue")
    assert "Its keeper gave us a copy." in desk.locator("main").inner_text()
    desk.goto("/opt-outs")
    desk.get_by_label("Pen name").fill("Westenra")
    desk.get_by_label("On this site only").fill(SITE)
    press(desk.get_by_role("button", name="Never bring her in"))
    wait_for(desk, desk.locator("table.desk th", has_text="ever"))
    desk.goto("/viewstory.php?sid=4")
    assert "Laura of Styria" in desk.locator(".byline").first.inner_text()
    assert "Westenra" not in desk.locator("main").inner_text()


def test_letters_are_rehearsed_and_none_is_sent(archive: tuple[Archive, str], desk: Page) -> None:
    desk.goto("/authors-to-find/letters")
    text = desk.locator("main").inner_text()
    assert "3 letters would be written" in text
    assert "https://undying.example/claims/…" in text
    assert "@mail.example" not in text
    assert not (archive[0].home / "mail").exists()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desktop"])
def test_axe_finds_nothing_on_any_desk(
    chromium: Browser, archive: tuple[Archive, str], desk: Page, scheme: str, size: dict[str, int]
) -> None:
    context = chromium.new_context(
        base_url=archive[1],
        storage_state=desk.context.storage_state(),
        color_scheme=scheme,  # type: ignore[arg-type]  # one of two literals
        viewport=size,  # type: ignore[arg-type]  # its two keys
        bypass_csp=True,
    )
    page = context.new_page()
    for path in (*DESKS, *map("first of {}".format, FIRST_ROWS)):
        page.goto(path.removeprefix("first of "))
        if path.startswith("first of "):
            page.goto(page.locator("main :is(tbody, ul) a").first.get_attribute("href") or "")
        page.add_script_tag(path=AXE)
        faults = page.evaluate("axe.run().then(all => all.violations.map(each => each.id + ' ' + each.nodes[0].html))")
        assert faults == [], path
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), f"{path} is wider than the screen"
    context.close()


def test_once_it_is_open_an_old_link_leads_to_its_chapter(
    chromium: Browser, archive: tuple[Archive, str], desk: Page
) -> None:
    desk.goto("/imports/1/announce")
    desk.get_by_label("To open it before that: why").fill("All its authors said yes.")
    press(desk.get_by_role("button", name="Open to everyone now"))
    wait_for(desk, desk.get_by_text("for everyone"))
    guest = chromium.new_page(base_url=archive[1])
    guest.goto("/viewstory.php?sid=1&chapter=2")
    assert "/chapters/" in guest.url
    assert "Klausenburg" in guest.locator("h3.title").inner_text()
    work = guest.url.split("/chapters/")[0]
    guest.goto("/viewstory.php?sid=2&chapter=2")
    assert guest.url.startswith(work)
    for hidden in (4, 5):  # its author asked that it be not copied; it waited for validation
        answer = guest.goto(f"/viewstory.php?sid={hidden}")
        assert answer
        assert answer.status == 404 or "login" in guest.url
    guest.close()
