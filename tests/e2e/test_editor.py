"""The editor in a real browser, under the archive's own content policy."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.e2e.browsing import needs_chromium, until
from undying.manuscript import _schema
from undying.manuscript.clean import RawHtml, clean
from undying.manuscript.measure import words

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("home"),
    pytest.mark.urls("tests.e2e.editor_page"),
    needs_chromium,
]
GOLDEN = Path(__file__).resolve().parents[1] / "golden" / "clean"
TEXTS = {folder.name: (folder / "out.html").read_text().rstrip("\n") for folder in sorted(GOLDEN.iterdir())}
EDITOR = ".editor-paper [role=textbox]"


def settle(page) -> None:
    """ProseMirror looks at the selection again 20 ms after it got the focus: nobody types before that."""
    page.evaluate("new Promise((done) => setTimeout(done, 40))")


def enter(page) -> None:
    """Click into the text."""
    page.locator(EDITOR).click()
    settle(page)


def value(page) -> str:
    """What the form would send now."""
    return page.evaluate("new FormData(document.querySelector('#form')).get('body')").replace("\r\n", "\n")


MODULES = "Promise.all(['schema', 'markup', 'words', 'paste'].map((name) => import(`/static/js/editor/${name}.js`)))"


def test_the_schema_is_what_the_cleaner_keeps(opened):
    held = opened().evaluate(f"{MODULES}.then(([schema]) => schema.allowed())")

    kept = {tag: sorted(_schema._COMMON | _schema._OWN.get(tag, set())) for tag in _schema.KEPT}
    assert held["elements"] == kept
    assert set(held["classes"]) == _schema.CLASSES


@pytest.mark.parametrize("anew", [False, True], ids=["as read", "written anew"])
def test_a_clean_text_goes_through_the_editor_unchanged(opened, anew):
    write = "writeAnew" if anew else "write"
    through = opened().evaluate(
        f"(texts) => {MODULES}.then(([, {{ read, {write} }}]) => texts.map((text) => {write}(read(text))))",
        list(TEXTS.values()),
    )

    assert {name: clean(RawHtml(text)) for name, text in zip(TEXTS, through, strict=True)} == TEXTS


def test_words_are_counted_as_the_archive_counts_them(opened):
    odd = [
        "It's a well-known -- or is it? -- fact_s",
        "吾輩は猫である。名前 is cat",
        "สวัสดี",
        "नमस्ते दुनिया",
        "안녕 세상",
        "½ x² ٣ é é",
    ]
    texts = [*TEXTS.values(), *(f"<p>{text}</p>" for text in odd)]
    counts = opened().evaluate(
        f"(texts) => {MODULES}.then(([, {{ read }}, {{ count }}]) => texts.map((text) => count(read(text))))", texts
    )

    assert counts == [words(clean(RawHtml(text))) for text in texts]


def test_what_is_typed_is_in_the_field_and_saving_hears_of_it(opened):
    page = opened("<p>Rain.</p>")
    page.evaluate("""() => {
      window.heard = [];
      document.querySelector("#form").addEventListener("input", ({ target }) => heard.push(target.id));
    }""")
    enter(page)
    page.keyboard.press("Control+End")
    page.keyboard.type(" It ")
    page.keyboard.press("Control+b")
    page.keyboard.type("fell")
    until(page, "window.heard.length > 0")

    assert value(page) == "<p>Rain. It <strong>fell</strong></p>"
    assert set(page.evaluate("heard")) == {"body"}
    assert page.locator(".editor-count").text_content() == "3 words"
