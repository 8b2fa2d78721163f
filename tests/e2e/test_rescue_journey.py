"""The main job, end to end and on real input: open, rescue, browse, filter, read, take away, open what was taken."""

from __future__ import annotations

import json
import re
import zipfile
from typing import TYPE_CHECKING

import pytest

from tests.cli.running import Archive
from tests.e2e.browsing import AXE, DESK, needs_chromium, until
from tests.samples import SAMPLES, needs_samples

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, Page

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.enable_socket,
    needs_chromium,
    needs_samples,
]
PASSWORD = "the moon over Whitby"


@pytest.fixture(scope="module")
def rescued(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, dict[str, object]]]:
    """A served archive into which the samples were brought while it was open, and the report of that."""
    folder = tmp_path_factory.mktemp("rescue")
    archive = Archive(folder / "home", folder)
    with archive.serving() as (_, address):
        brought = archive.run("import", str(SAMPLES), "--open", "--report", "report.json")
        assert brought.returncode == 0, brought.stdout + brought.stderr
        made = archive.run("user", "create", "keeper", "--role", "archivist", "--password-file", "-", given=PASSWORD)
        assert made.returncode == 0, made.stderr
        yield address, json.loads((folder / "report.json").read_text())


@pytest.fixture
def page(chromium: Browser, rescued: tuple[str, dict[str, object]]) -> Iterator[Page]:
    context = chromium.new_context(viewport=DESK, base_url=rescued[0], accept_downloads=True)
    window = context.new_page()
    faults: list[str] = []
    window.on("pageerror", lambda error: faults.append(str(error)))
    yield window
    context.close()
    assert faults == []


def total(page: Page) -> int:
    """The number in the sentence that says what is shown."""
    found = re.search(r"[\d,]+", page.locator("#results-heading").inner_text())
    assert found
    return int(found[0].replace(",", ""))


def test_every_row_and_file_of_the_samples_is_accounted_for(rescued: tuple[str, dict[str, object]]) -> None:
    _, report = rescued
    containers = report["containers"]
    assert isinstance(containers, list)
    assert (report["adds_up"], report["state"], report["created"]) == (True, "done", 20)
    assert all(row["adds_up"] for row in containers)
    files = sum(row["total"] for row in containers if row["container"].endswith("/"))
    assert files == sum(file.is_file() for file in SAMPLES.rglob("*"))


def test_a_reader_searches_the_text_and_sees_the_passage(page: Page) -> None:
    page.goto("/")
    page.get_by_role("searchbox").first.fill("bacon")
    page.keyboard.press("Enter")
    page.locator("li.work.blurb").first.wait_for()
    assert "Bacon ipsum" in page.locator("li.work.blurb").all_inner_texts()[0]
    assert page.locator("li.work.blurb mark").first.inner_text().lower() == "bacon"


def test_a_reader_filters_by_a_tag_for_and_against(page: Page) -> None:
    page.goto("/works")
    everything = total(page)
    assert everything == 20
    row = page.locator("li.facet-row").filter(has=page.locator('input[name="include_work_search[character_ids][]"]'))
    page.locator("details", has=row.first).locator("summary").first.click() if not row.first.is_visible() else None
    count = int(row.first.locator(".facet-count").inner_text())
    row.first.locator('input[name^="include"]').focus()
    page.keyboard.press("Space")
    until(page, f"document.querySelectorAll('li.work.blurb').length === {min(count, 20)}")
    assert total(page) == count
    include = page.url
    assert "with=character:" in include
    page.goto(include.replace("with=character:", "without=character:"))
    assert total(page) == everything - count


def test_a_reader_reads_and_takes_away_an_epub_that_opens(page: Page, chromium: Browser, tmp_path: Path) -> None:
    page.goto("/works/search?work_search[query]=title:%22Cupcake%20ipsum%22")
    page.locator("li.work.blurb h4.heading a").first.click()
    if page.get_by_role("link", name="Proceed").count():
        page.get_by_role("link", name="Proceed").click()
    assert page.locator("div.userstuff").first.inner_text().strip()
    page.locator("li.chapter.next a").first.click()
    page.wait_for_url("**/chapters/*")
    with page.expect_download() as taken:
        page.locator("li.download a", has_text="EPUB").first.click()
    book = tmp_path / "book.epub"
    taken.value.save_as(book)
    opened = tmp_path / "opened"
    with zipfile.ZipFile(book) as archive:
        assert archive.namelist()[0] == "mimetype"
        archive.extractall(opened)
    nav = next(opened.rglob("nav.xhtml"))
    reader = chromium.new_page()
    reader.goto(nav.as_uri())
    links = reader.locator('nav[role="doc-toc"] a')
    titles = links.all_inner_texts()
    assert len(titles) >= 3
    for number in range(len(titles)):
        reader.goto(nav.as_uri())
        links.nth(number).click()
        assert reader.locator("body").inner_text().strip()
    reader.close()


def test_everything_works_without_scripts(chromium: Browser, rescued: tuple[str, dict[str, object]]) -> None:
    context = chromium.new_context(
        java_script_enabled=False, base_url=rescued[0], viewport={"width": 390, "height": 844}
    )
    page = context.new_page()
    page.goto("/works?work_search[complete]=T")
    complete = total(page)
    assert 0 < complete < 20
    page.locator("li.work.blurb h4.heading a").first.click()
    if page.get_by_role("link", name="Proceed").count():
        page.get_by_role("link", name="Proceed").click()
    assert page.locator("div.userstuff").first.inner_text().strip()
    context.close()


def test_the_archivist_signs_in_and_reads_the_report(page: Page) -> None:
    page.goto("/imports")
    assert "Not on these shelves" in page.title()
    page.goto("/users/login")
    page.get_by_label("User name").fill("keeper")
    page.get_by_label("Password").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/")
    page.goto("/imports")
    page.get_by_role("link", name="samples").first.click()
    text = page.locator("main").inner_text()
    assert "fanfiction_reviews" in text
    assert "adds up" in text.lower()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_axe_finds_nothing_on_rescued_pages(
    chromium: Browser, rescued: tuple[str, dict[str, object]], scheme: str, width: int
) -> None:
    context = chromium.new_context(
        base_url=rescued[0],
        color_scheme=scheme,  # type: ignore[arg-type]  # one of two literals
        viewport={"width": width, "height": 900},
        bypass_csp=True,
    )
    page = context.new_page()
    page.goto("/works")
    addresses = page.locator("li.work.blurb h4.heading a").evaluate_all("all => all.map(a => a.getAttribute('href'))")
    for address in ["/", "/works", "/fandoms", *(f"{each.split('?')[0]}?view_adult=true" for each in addresses[:6])]:
        page.goto(address)
        page.add_script_tag(path=AXE)
        faults = page.evaluate(
            "axe.run().then(found => found.violations.map(each => each.id + ' ' + each.nodes[0].html))"
        )
        assert faults == [], address
    context.close()
