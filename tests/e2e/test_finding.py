"""Finding a story in a real browser: by keyboard, on a phone, without scripts."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from tests.e2e.browsing import AXE, DESK, PHONE, needs_chromium
from tests.makers import make_work
from undying.manuscript import Status, TagKind

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.slow,
    pytest.mark.enable_socket,
    pytest.mark.django_db(transaction=True),
    needs_chromium,
]
SEARCH = "/works/search?work_search%5Bquery%5D=%22lamp&work_search%5Bwords_from%5D=many"


@pytest.fixture
def window(chromium, live_server, shelves):
    """A function that opens a window; errors of its scripts are failures."""
    contexts, faults = [], []

    def open_window(viewport=DESK, **options):
        context = chromium.new_context(viewport=viewport, base_url=live_server.url, **options)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(8000)
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("console", lambda message: faults.append(message.text) if is_fault(message) else None)
        return page

    yield open_window
    for context in contexts:
        context.close()
    assert faults == []


def is_fault(message) -> bool:
    """What scripts did wrong; a request that a test cut is none of it."""
    return message.type == "error" and not message.text.startswith(("Failed to load resource", "htmx:"))


@pytest.fixture
def shelves(home):
    """Thirty works; a third are Carmilla's, half are complete, two have a lamp in them."""
    for number in range(30):
        make_work(
            f"Night {number}",
            text="The lamp burned." if number < 2 else "Rain came in from the sea.",
            tags={
                TagKind.FANDOM: ["Carmilla" if number % 3 == 0 else "Dracula"],
                TagKind.RELATIONSHIP: ["Mina Harker & Lucy Westenra" if number % 2 else "Carmilla/Laura"],
            },
            status=Status.COMPLETE if number % 2 == 0 else Status.IN_PROGRESS,
            published=datetime(2020, 1, number + 1, tzinfo=UTC),
        )


def heading(page) -> str:
    return " ".join(page.locator("#results-heading").inner_text().split())


def waits_for(page, text: str) -> None:
    page.locator("#results-heading", has_text=text).wait_for()


def tab_to(page, wanted: str) -> None:
    """Press Tab until the element with this id has the focus."""
    for _ in range(80):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.id") == wanted:
            return
    pytest.fail(f"Tab never came to {wanted}")


def box(page, label: str):
    return page.get_by_role("checkbox", name=label, exact=True)


def test_the_whole_filter_journey_by_keyboard(window):
    page = window()
    page.goto("/works")
    assert heading(page) == "30 works"

    carmilla = box(page, "Only with Carmilla").get_attribute("id")
    tab_to(page, "work_search_query")
    for _ in range(2):
        page.keyboard.press("Tab")
    assert page.locator(":focus").inner_text() == "Go to the filters"
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.id") == "work_search_sort_column"
    tab_to(page, carmilla.replace("include", "exclude"))
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    waits_for(page, "10 works in Carmilla")
    assert page.evaluate("document.activeElement.id") == carmilla
    assert "in Carmilla" in page.locator("[data-announce]").text_content()
    assert "include_work_search%5Bfandom_ids%5D%5B%5D=" in page.url
    assert "commit" not in page.url
    assert page.title().startswith("10 works in Carmilla | ")

    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Space")
    waits_for(page, "20 works without Carmilla")
    assert not page.locator(f"#{carmilla}").is_checked()
    page.keyboard.press("Space")
    waits_for(page, "30 works")

    page.locator("#work_search_complete_1").focus()
    page.keyboard.press("ArrowDown")
    waits_for(page, "15 works, complete")
    assert page.evaluate("document.activeElement.id") == "work_search_complete_2"

    page.locator("#work_search_query").focus()
    page.keyboard.type("lamp")
    page.keyboard.press("Enter")
    waits_for(page, "1 work matching lamp, complete")
    assert page.locator(".passage mark").inner_text() == "lamp"

    page.locator(".chip", has_text="complete").focus()
    page.keyboard.press("Enter")
    waits_for(page, "2 works matching lamp")
    assert page.evaluate("document.activeElement.id") == "results-heading"

    page.go_back()
    waits_for(page, "1 work matching lamp, complete")
    page.go_back()
    waits_for(page, "15 works, complete")
    assert page.locator("#work_search_complete_2").is_checked()


def test_arrows_go_from_tag_to_tag_and_groups_stay_as_they_were(window):
    page = window()
    page.goto("/works")
    page.locator("#facet-additional, #facet-placement").first.locator("summary").click()
    box(page, "Only with Dracula").focus()
    page.keyboard.press("ArrowDown")
    assert page.evaluate("document.activeElement.id") == box(page, "Only with Carmilla").get_attribute("id")
    page.keyboard.press("Space")
    waits_for(page, "works in")
    assert page.locator("#facet-placement").get_attribute("open") is not None


def test_a_phone_has_the_filters_in_a_drawer_that_stays_while_they_work(window):
    page = window(PHONE)
    page.goto("/works")
    assert not page.locator("#work-filters").is_visible()
    bar = page.locator("[data-drawer]")
    assert "30 works" in bar.inner_text()

    bar.click()
    assert page.locator("#work-filters").is_visible()
    assert page.evaluate("document.querySelector('.found').inert")
    page.get_by_title("Only with Dracula", exact=True).click()
    button = page.locator(".rail-foot button", has_text="Show 20 works")
    button.wait_for()
    assert page.locator("#work-filters").is_visible()
    button.click()
    page.locator("#work-filters").wait_for(state="hidden")
    assert heading(page) == "20 works in Dracula"
    assert "20 works" in bar.inner_text()

    bar.click()
    page.keyboard.press("Escape")
    assert not page.locator("#work-filters").is_visible()
    assert page.evaluate("document.activeElement.matches('[data-drawer]')")
    assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]


@pytest.mark.parametrize("viewport", [PHONE, DESK], ids=["a phone", "a desk"])
def test_everything_works_without_scripts(window, viewport):
    page = window(viewport, java_script_enabled=False)
    page.goto("/works")
    if viewport == PHONE:
        assert not page.locator("#work-filters").is_visible()
        page.locator("[data-drawer]").click()
    page.get_by_title("Only with Dracula", exact=True).click()
    page.get_by_title("Without Carmilla/Laura", exact=True).click()
    page.locator("#work_search_complete_3").check()
    page.locator(".rail-foot button").click()
    waits_for(page, "10 works in Dracula, not complete, without Carmilla/Laura")
    assert page.locator("#work-filters").is_visible() == (viewport == DESK)
    page.locator(".chip", has_text="not complete").click()
    waits_for(page, "10 works in Dracula, without Carmilla/Laura")


def test_what_is_wrong_stands_beside_its_field_after_a_swap_too(window):
    page = window()
    page.goto("/works")
    page.locator("#work_search_words_from").fill("many")
    page.locator("#work_search_words_to").focus()
    page.locator("#work_search_words_from_trouble").wait_for()
    assert page.locator("#work_search_words_from").input_value() == "many"
    assert page.evaluate("document.activeElement.id") == "work_search_words_to"


def test_when_the_way_is_cut_the_browser_asks_as_it_always_did(window):
    page = window()
    page.goto("/works")
    page.route(
        "**/works?**", lambda route: route.abort() if "hx-request" in route.request.headers else route.continue_()
    )
    page.locator("#work_search_complete_2").evaluate("box => box.click()")
    waits_for(page, "15 works, complete")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("viewport", [PHONE, DESK], ids=["a phone", "a desk"])
def test_axe_finds_nothing(window, viewport, scheme):
    page = window(viewport, color_scheme=scheme, bypass_csp=True)
    for address in ("/works", "/tags/Carmilla/works?work_search%5Bcomplete%5D=T", SEARCH):
        page.goto(address)
        for is_open in (False, True):
            if is_open and viewport == PHONE:
                page.locator("[data-drawer]").click()
            page.add_script_tag(path=AXE)
            found = page.evaluate("axe.run()")["violations"]
            assert [(each["id"], [node["html"] for node in each["nodes"]]) for each in found] == [], address
