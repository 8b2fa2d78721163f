"""A reader's journeys in a real browser."""

from __future__ import annotations

import pytest

from tests.e2e.browsing import AXE, DESK, PHONE, needs_chromium, until
from tests.makers import make_work
from tests.manuscripts import prose
from undying.manuscript import Chapter, Status, Tagging, TagKind
from undying.web import links

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.enable_socket,
    pytest.mark.django_db(transaction=True),
    needs_chromium,
]
LONG = "".join(
    f"<p>Night {n}. The abbey stood over the harbour, and the rain came in from the sea.</p>" for n in range(60)
)


@pytest.fixture
def page(chromium, live_server, home):
    """A fresh window on a desk, with errors of scripts as failures."""
    context = chromium.new_context(viewport=DESK, base_url=live_server.url)
    window = context.new_page()
    faults: list[str] = []
    window.on("pageerror", lambda error: faults.append(str(error)))
    window.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
    yield window
    context.close()
    assert faults == []


@pytest.fixture
def serial(home):
    """Three long chapters."""
    chapters = tuple(Chapter(title=f"Night {n}", body=prose(LONG)) for n in (1, 2, 3))
    fandom = (Tagging(kind=TagKind.FANDOM, name="Dracula"),)
    return make_work("Bloofer", chapters=chapters, taggings=fandom, status=Status.COMPLETE)


def test_a_reader_comes_back_to_where_she_stopped(page, serial):
    page.goto(links.of(serial.chapters.get(position=2)))
    page.locator(".hairline").wait_for(state="attached")
    page.evaluate("scrollTo(0, document.documentElement.scrollHeight / 2)")
    until(page, "localStorage.getItem('undying:places') !== null")

    page.goto("/")
    page.get_by_role("link", name="Bloofer").first.wait_for()
    assert "chapter 2 of 3" in page.locator(".middle li").inner_text()
    page.locator(".middle li a").click()
    until(page, "scrollY > 500")

    page.goto(links.of(serial))
    page.get_by_text("You stopped in chapter 2").wait_for()
    page.get_by_role("link", name="Go on there").click()
    page.wait_for_url("**#resume")
    until(page, "scrollY > 500")


def test_the_hairline_follows_and_the_chrome_steps_back(page, serial):
    page.goto(links.of(serial))
    page.locator(".hairline").wait_for(state="attached")
    page.evaluate("scrollTo(0, 1500)")
    until(page, "document.documentElement.classList.contains('is-back')")
    assert page.evaluate("Number(document.querySelector('.hairline').style.getPropertyValue('--read'))") > 0

    page.evaluate("scrollTo(0, 1200)")
    until(page, "!document.documentElement.classList.contains('is-back')")


def test_a_reader_sets_size_and_light_and_finds_them_on_the_next_page(page, serial):
    page.goto(links.of(serial))
    usual = page.evaluate("getComputedStyle(document.querySelector('#chapters p')).fontSize")
    page.get_by_text("Text and light").click()
    page.get_by_label("largest").check()
    page.get_by_label("dark").check()
    page.keyboard.press("Escape")
    assert not page.get_by_label("largest").is_visible()

    page.goto(links.of(serial.chapters.get(position=2)))

    assert page.evaluate("getComputedStyle(document.querySelector('#chapters p')).fontSize") == "26.4px"
    assert usual == "20px"
    assert page.evaluate("getComputedStyle(document.documentElement).backgroundColor") == "rgb(21, 18, 16)"


def test_arrow_keys_turn_chapters(page, serial):
    page.goto(links.of(serial))
    page.locator(".hairline").wait_for(state="attached")
    page.keyboard.press("ArrowRight")
    page.get_by_role("heading", name="Night 2").wait_for()
    page.locator(".hairline").wait_for(state="attached")
    page.keyboard.press("ArrowLeft")
    page.get_by_role("heading", name="Night 1").wait_for()


def test_everything_is_there_without_scripts(chromium, live_server, serial):
    context = chromium.new_context(java_script_enabled=False, base_url=live_server.url, viewport=PHONE)
    page = context.new_page()
    page.goto("/")
    page.get_by_role("link", name="Bloofer").first.click()
    page.get_by_text("About this story").click()
    assert page.locator("dl.work.meta dd.fandom").is_visible()
    page.get_by_role("link", name="Next chapter").click()
    assert "Night 2" in page.locator("h3.title").inner_text()
    context.close()


def test_the_keyboard_alone_reaches_the_text_and_sees_where_it_is(page, serial):
    page.goto("/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the text"
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    for _ in range(12):
        page.keyboard.press("Tab")
        ring = page.evaluate(
            "(() => { const s = getComputedStyle(document.activeElement); return s.outlineStyle + s.outlineWidth })()"
        )
        assert ring == "solid3px"
        if page.evaluate("document.activeElement.textContent") == "Bloofer":
            break
    page.keyboard.press("Enter")
    page.wait_for_url("**/works/*")


@pytest.mark.skipif(not AXE.exists(), reason="axe-core is not installed: npm ci")
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_nothing_shifts_nothing_overflows_and_axe_finds_nothing(chromium, live_server, serial, scheme, size):
    adult = make_work("Laudanum", tags={TagKind.RATING: ["Explicit"]}, language="he")
    context = chromium.new_context(viewport=size, color_scheme=scheme, base_url=live_server.url, bypass_csp=True)
    context.add_init_script(
        "window.shifted = 0; new PerformanceObserver((list) => { for (const e of list.getEntries())"
        " if (!e.hadRecentInput) window.shifted += e.value }).observe({type: 'layout-shift', buffered: true})"
    )
    page = context.new_page()
    addresses = (
        "/",
        "/fandoms",
        "/users/login",
        "/nowhere",
        links.of(serial),
        links.work(serial, whole=True),
        links.navigate(serial),
        links.of(adult),
        links.of(serial.byline[0].pseud),
    )
    for address in addresses:
        page.goto(address)
        page.evaluate("document.fonts.ready")
        page.evaluate(AXE.read_text())
        found = page.evaluate("axe.run().then(({violations}) => violations.map(({id, nodes}) => [id, nodes[0].html]))")
        assert found == [], address
        assert page.evaluate("window.shifted") < 0.01, address
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), address
        page.set_viewport_size({"width": 320, "height": 640})
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), f"{address} at 320 px"
        page.set_viewport_size(size)
    context.close()


def test_turning_the_page_asks_nothing(page, serial):
    page.goto(links.of(serial))
    page.locator(".hairline").wait_for(state="attached")
    page.evaluate("scrollTo(0, document.documentElement.scrollHeight)")
    until(page, "localStorage.getItem('undying:places') !== null")
    page.locator("li.chapter.next a").first.click()
    page.wait_for_url("**/chapters/*")
    page.locator(".hairline").wait_for(state="attached")
    assert page.locator(".resume").count() == 0

    page.goto("/")
    page.goto(links.of(serial.chapters.get(position=3)))
    page.locator(".resume").wait_for()
