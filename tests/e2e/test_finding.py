"""Finding a story in a real browser: by the filters alone, by the box alone, by keyboard, on a phone, by ear, without
scripts.
"""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from tests.e2e.browsing import AXE, DESK, PHONE, needs_chromium, until
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
                TagKind.ADDITIONAL: [f"Omen {letter}" for letter in "ABCDEFGHIJKL"[: 1 + number % 12]],
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
    tab_to(page, "to-filters")
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
    assert page.url.endswith("/works?with=fandom:Carmilla")
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
    page.locator("#facet-placement summary").click()
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


def top_of(page, selector: str) -> float:
    return page.locator(selector).first.bounding_box()["y"]


def test_a_story_is_found_by_the_filters_alone_and_nothing_jumps(window):
    page = window()
    page.goto("/works")
    page.locator("#work_search_revised_at").select_option("1y")
    waits_for(page, "No works updated in the last year")
    page.locator(".chip", has_text="updated").click()
    waits_for(page, "30 works")
    page.locator("#facet-additional summary").click()

    ticked = box(page, "Only with Omen C")
    selector = f"#{ticked.get_attribute('id')}"
    page.get_by_title("Only with Omen C", exact=True).scroll_into_view_if_needed()
    before = top_of(page, selector)
    page.get_by_title("Only with Omen C", exact=True).click()
    waits_for(page, "with Omen C")
    assert abs(top_of(page, selector) - before) < 2

    page.locator("#facet-additional .more-open").click()
    until(page, "document.activeElement.matches('[data-like]')")
    page.keyboard.type("L")
    page.get_by_title("Only with Omen L", exact=True).click()
    waits_for(page, "2 works with Omen C and Omen L")
    assert page.evaluate("document.activeElement.id.startsWith('include_')")
    page.locator("#enough_additional").check()
    waits_for(page, "24 works with Omen C or Omen L")
    assert page.url.endswith("/works?any=tag:Omen+C,tag:Omen+L")

    page.locator("#work_search_sort_direction").check()
    until(page, "location.search.includes('direction=asc')")
    page.reload()
    waits_for(page, "24 works with Omen C or Omen L")
    assert page.locator("#enough_additional").is_checked()
    assert page.locator("#work_search_sort_direction").is_checked()


def test_a_story_is_found_by_the_box_alone_and_the_form_shows_what_was_typed(window):
    page = window()
    page.goto("/works/search")
    page.locator("#work_search_query").fill("fandom:Carmilla complete:yes lamp")
    page.keyboard.press("Enter")
    waits_for(page, "1 work")
    assert page.locator("#work_search_complete_2").is_checked()
    assert box(page, "Only with Carmilla").is_checked()
    assert page.locator("#work_search_query").input_value() == "lamp"

    page.locator(".passage a").first.click()
    page.locator(".userstuff", has_text="The lamp burned.").first.wait_for()
    page.go_back()
    waits_for(page, "1 work")

    page.locator("#work_search_query").fill('lamp "burned')
    page.keyboard.press("Enter")
    page.locator("#work_search_query_trouble").wait_for()
    assert page.locator(".typed mark").inner_text() == '"burned'

    page.locator("#work_search_query").fill("omen")
    page.keyboard.press("Enter")
    page.locator(".tabs a", has_text="Tags 12").click()
    page.locator("ol.names a", has_text="Omen A").click()
    waits_for(page, "30 works with Omen A")


def test_by_ear_the_page_is_a_heading_a_search_a_list_and_a_form_with_words_to_every_control(window):
    page = window()
    page.goto("/works/search?with=fandom:Carmilla&q=lamp")
    tree = page.locator("#main").aria_snapshot()

    for told in (
        'heading "1 work in Carmilla, matching lamp" [level=2]',
        "searchbox",
        'navigation "Search for"',
        'list "Filters in force"',
        'link "Remove the filter: in Carmilla"',
        'complementary "Filters"',
        'combobox "Sort by"',
        'group "Completion"',
        'radio "All" [checked]',
        'checkbox "Only with Carmilla" [checked]',
        'checkbox "Without Carmilla"',
        'textbox "Words from"',
    ):
        assert told in tree, tree
    assert "checkbox\n" not in tree
    box(page, "Without Carmilla").focus()
    page.keyboard.press("Space")
    until(page, "document.querySelector('[data-announce]').textContent.includes('without Carmilla')")


def test_whoever_has_no_scripts_finds_any_other_tag_on_a_page_of_its_own(window):
    page = window(java_script_enabled=False)
    page.goto("/works?complete=no")
    page.locator("#facet-additional summary").click()
    page.locator("#facet-additional .more-open").click()
    page.locator("#like_additional").fill("l")
    page.keyboard.press("Enter")
    page.get_by_title("Only with Omen L", exact=True).click()
    page.get_by_role("button", name="Show the works").click()
    waits_for(page, "with Omen L, not complete")


OPEN_ALL = "() => document.querySelectorAll('#work-filters details').forEach((each) => (each.open = true))"
TOUCHED = (
    "button, select, input, summary, .chip, .tabs a, .pagination a, .tri label, .radio, .one-of label, .more-open, "
    ".rail-close"
)
SMALL = f"""
() => [...document.querySelectorAll("#main :is({TOUCHED})")]
  .filter((each) => each.offsetParent && !each.closest(".visually-hidden"))
  .filter((each) => !each.matches("input[type=checkbox], input[type=radio], .more"))
  .map((each) => [each.getBoundingClientRect().height, each.outerHTML.slice(0, 90)])
  .filter(([height]) => height < 43.5)
"""


def test_on_a_phone_whatever_is_touched_is_as_large_as_a_thumb(window):
    page = window(PHONE)
    page.goto("/works/search?q=lamp&complete=yes")
    assert page.evaluate(SMALL) == []
    page.locator("[data-drawer]").click()
    page.evaluate(OPEN_ALL)
    assert page.evaluate(SMALL) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("viewport", [PHONE, DESK], ids=["a phone", "a desk"])
def test_axe_finds_nothing(window, viewport, scheme):
    page = window(viewport, color_scheme=scheme, bypass_csp=True)
    lists = ("/works?sort=random", "/tags/Carmilla/works?work_search%5Bcomplete%5D=T", SEARCH, "/works?with=tag:Omen+A")
    names = ("/search/people?q=quiet", "/search/tags?q=omen", "/search/series?q=x", "/works/tags?of=additional&like=o")
    for address in (*lists, *names):
        page.goto(address)
        for is_open in (False, True) if address in lists else (False,):
            if is_open:
                if viewport == PHONE:
                    page.locator("[data-drawer]").click()
                page.evaluate(OPEN_ALL)
            page.add_script_tag(path=AXE)
            found = page.evaluate("axe.run()")["violations"]
            assert [(each["id"], [node["html"] for node in each["nodes"]]) for each in found] == [], address
