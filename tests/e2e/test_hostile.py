"""A real browser as the judge: of thousands of hostile texts, none does anything once it is cleaned."""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass, field

import pytest
from playwright.sync_api import sync_playwright

from tests.hostile.corpus import samples
from undying.manuscript.clean import RawHtml, clean, scoped

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.slow,
    pytest.mark.enable_socket,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine"),
]

HOME = "http://archive.invalid/"
CASES_PER_PAGE = 400
HOOKS = """<!doctype html><meta charset=utf-8><script>
window.ran = [];
function canary(number) { window.ran.push(number); }
window.alert = window.confirm = window.prompt = (words) => { window.ran.push("dialogue: " + words); };
</script>"""
PROVOKE = """() => {
  for (const thing of document.querySelectorAll("[data-case] *")) {
    const local = (event) => event.preventDefault();
    thing.addEventListener("click", local);
    for (const kind of ["click", "mouseover", "focus", "pointerenter", "toggle"])
      thing.dispatchEvent(new Event(kind, {bubbles: true, cancelable: true}));
  }
}"""
INSERT = """(texts) => {
  for (const [number, markup] of texts) {
    const place = document.createElement("div");
    place.dataset.case = number;
    document.body.append(place);
    place.innerHTML = markup;
    place.innerHTML = place.innerHTML;  // what a mutation would need
  }
}"""


@dataclass
class Verdict:
    """What the browser saw."""

    ran: list[object] = field(default_factory=list)
    asked_for: list[str] = field(default_factory=list)
    left_for: list[str] = field(default_factory=list)
    forbidden: list[str] = field(default_factory=list)


@pytest.fixture(scope="module")
def browser():
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield chromium
        chromium.close()


def judge(browser, texts, *, direct):
    """Show the texts, poke at everything in them, and tell what happened."""
    page = browser.new_page()
    verdict = Verdict()
    body = "".join(f'<div data-case="{number}">{markup}</div>' for number, markup in texts) if direct else ""

    def answer(route):
        if route.request.url == HOME:
            route.fulfill(content_type="text/html", body=f"{HOOKS}<body>{body}".encode("utf-8", "replace"))
        else:
            verdict.asked_for.append(route.request.url)
            route.abort()

    page.route("**/*", answer)
    page.on("dialog", lambda dialog: (verdict.ran.append(dialog.message), dialog.dismiss()))
    page.on("framenavigated", lambda frame: verdict.left_for.append(frame.url))
    page.goto(HOME)
    if not direct:
        page.evaluate(INSERT, [[number, markup.encode("utf-8", "replace").decode()] for number, markup in texts])
    page.evaluate(PROVOKE)
    page.wait_for_timeout(150)
    verdict.ran += page.evaluate("window.ran")
    verdict.left_for = [url for url in verdict.left_for if url.split("#")[0] != HOME]
    verdict.forbidden = page.evaluate(
        """() => [...document.querySelectorAll("[data-case] *")].flatMap((thing) => [
          ...(/^(script|style|iframe|object|embed|form|svg|math|base|meta|link|template)$/i.test(thing.localName)
              ? [thing.localName] : []),
          ...[...thing.attributes].map((one) => one.name).filter((name) => /^on|^style$|^srcdoc$/i.test(name))])"""
    )
    page.close()
    return verdict


def pages(texts):
    return [texts[start : start + CASES_PER_PAGE] for start in range(0, len(texts), CASES_PER_PAGE)]


@pytest.fixture(scope="module")
def cleaned():
    return [(sample.number, scoped(clean(RawHtml(sample.markup)), f"c{sample.number}")) for sample in samples()]


@pytest.mark.parametrize("direct", [True, False], ids=["parsed", "inserted"])
def test_nothing_runs_asks_or_leaves(browser, cleaned, direct):
    assert len(cleaned) > 15_000
    for texts in pages(cleaned):
        verdict = judge(browser, texts, direct=direct)
        assert verdict.ran == []
        assert verdict.left_for == []
        assert verdict.forbidden == []
        assert verdict.asked_for == []


def test_the_judge_sees_what_runs_when_nothing_is_cleaned(browser):
    alone = [
        (sample.number, sample.markup) for sample in samples() if (sample.context, sample.disguise) == ("alone", "none")
    ]
    ran, asked = set(), []
    for text in alone[::3]:
        if any(word in text[1] for word in ("<frameset", "http-equiv", "<base", "<plaintext")):
            continue
        verdict = judge(browser, [text], direct=True)
        ran |= {number for number in verdict.ran if isinstance(number, int)}
        asked += verdict.asked_for
    assert len(ran) > 9, json.dumps(sorted(ran))
    assert any("hostile.invalid" in url for url in asked)


def test_the_judge_lets_a_harmless_image_be_asked_for(browser):
    picture = '<img src="http://example.invalid/mina.png">'
    verdict = judge(browser, [(1, clean(RawHtml(picture)))], direct=True)
    assert verdict.asked_for == ["http://example.invalid/mina.png"]
    assert verdict.ran == []
