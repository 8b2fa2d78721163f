"""The editor's tools, what is pasted into it, who can use it, and how much text it bears."""

from __future__ import annotations

import pytest

from tests.e2e.browsing import AXE, DESK, PHONE, needs_chromium, until
from tests.e2e.test_editor import EDITOR, GOLDEN, TEXTS, enter, settle, value
from undying.manuscript.clean import RawHtml, clean

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("home"),
    pytest.mark.urls("tests.e2e.editor_page"),
    needs_chromium,
]


# What is pasted

PASTED = GOLDEN.parent / "paste"
PASTE = """([kind, text]) => {
  const data = new DataTransfer();
  data.setData(kind, text);
  document.querySelector(".editor-paper [role=textbox]").dispatchEvent(
    new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
}"""


def paste(page, text, kind="text/html"):
    enter(page)
    page.evaluate(PASTE, [kind, text])


@pytest.mark.parametrize("program", sorted(folder.name for folder in PASTED.iterdir()))
def test_a_text_from_a_word_processor_keeps_emphasis_breaks_and_alignment_alone(opened, program):
    page = opened()
    paste(page, (PASTED / program / "in.html").read_text())

    assert clean(RawHtml(value(page))) == (PASTED / program / "out.html").read_text().rstrip("\n")


def test_a_picture_that_is_pasted_is_left_out_in_words(opened):
    page = opened()
    paste(page, '<p>Rain <img src="https://example.org/x.png" alt="on roofs"></p>')

    assert value(page) == "<p>Rain on roofs</p>"
    assert "A picture was left out" in page.locator(".editor-said").text_content()


def test_plain_text_is_pasted_by_its_blank_lines(opened):
    page = opened()
    paste(page, "One\ntwo\n\nThree <b>", "text/plain")

    assert value(page) == "<p>One<br>two</p>\n<p>Three &lt;b&gt;</p>"


# What the tools do


def press(page, *names):
    """Click these tools, one after the other."""
    for name in names:
        page.locator(f'[data-tool="{name}"]').click()
        settle(page)


def test_the_tools_make_what_the_archive_keeps(opened):
    page = opened("<p>Rain.</p>")
    enter(page)
    page.keyboard.press("Control+a")
    press(page, "center", "bold", "quote")
    assert value(page) == '<blockquote><p class="align-center"><strong>Rain.</strong></p></blockquote>'
    press(page, "quote", "bold", "left", "ul")
    assert value(page) == "<ul><li><p>Rain.</p></li></ul>"
    press(page, "ol")
    assert value(page) == "<ol><li><p>Rain.</p></li></ol>"
    press(page, "ol")
    page.wait_for_timeout(600)  # what is done within half a second is undone together
    press(page, "letter")
    assert value(page) == '<div class="letter"><p>Rain.</p></div>'
    press(page, "undo", "spoiler")
    assert value(page) == '<p><span class="spoiler">Rain.</span></p>'
    page.locator(".editor-kind").select_option("h3")
    assert value(page) == '<h3><span class="spoiler">Rain.</span></h3>'


def test_what_is_put_in_is_clean_already(opened):
    page = opened("<p>Rain</p>")
    enter(page)
    page.keyboard.press("Control+End")
    press(page, "footnote")
    page.keyboard.type("A note.")
    page.keyboard.press("Control+Home")
    press(page, "scene")
    page.keyboard.type("Later")
    press(page, "fold")
    made = value(page)

    assert made == (
        '<p>Rain<sup><a href="#user-fn1" rel="nofollow noopener" id="user-ref1">1</a></sup></p>\n'
        '<p class="scene-break">* * *</p>\n<p>Later</p>\n'
        "<details><summary>Spoiler</summary><p><br></p></details>\n<p><br></p>\n"
        '<p id="user-fn1">1. A note. <a href="#user-ref1" rel="nofollow noopener">back</a></p>'
    )
    assert clean(RawHtml(made)).removed == ()


def test_a_picture_wants_words_and_a_link_an_address(opened):
    page = opened("<p>Rain</p>")
    enter(page)
    page.keyboard.press("Control+End")
    press(page, "image")
    page.get_by_label("Address of the picture").fill("https://example.org/x.png")
    page.keyboard.press("Enter")
    assert "what the picture shows" in page.locator("dialog .errorlist").nth(1).text_content()
    page.get_by_label("What there is to see").fill("A roof")
    drawing = {"body": "<svg xmlns='http://www.w3.org/2000/svg'/>", "content_type": "image/svg+xml"}
    page.route("https://example.org/*", lambda route: route.fulfill(**drawing))
    with page.expect_response("https://example.org/*"):  # a page closed before asks the real example.org
        page.keyboard.press("Enter")
    page.wait_for_function("document.querySelector('.editor img').complete")
    page.keyboard.press("Control+a")
    page.keyboard.press("Control+k")
    page.get_by_label("Where it leads").fill("example")
    page.keyboard.press("Enter")
    assert "whole address" in page.locator("dialog .errorlist").first.text_content()
    page.keyboard.press("Escape")
    page.locator("dialog").wait_for(state="detached")

    assert value(page) == '<p>Rain<img src="https://example.org/x.png" alt="A roof"></p>'


def test_the_keyboard_reaches_everything_and_gets_out_again(opened):
    page = opened("<p>Rain</p>")
    enter(page)
    page.keyboard.press("Alt+F10")
    focused = "document.activeElement.dataset.tool || document.activeElement.className"
    assert page.evaluate(focused) == "undo"
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    assert page.evaluate(focused) == "bold"
    page.keyboard.press("End")
    assert page.evaluate(focused) == "full"
    assert page.locator('.editor-tools [tabindex="0"]').count() == 1
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.getAttribute('role')") == "textbox"
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Show the source"


def test_words_are_found_and_replaced_with_their_emphasis(opened):
    page = opened("<p>Lucy and <em>Lucy</em></p>\n<ul><li>lucy</li></ul>\n<p>Lucya</p>")
    enter(page)
    page.keyboard.press("Control+f")
    page.keyboard.type("lucy")
    until(page, "document.querySelector('.editor-found').textContent === '1 of 4'")
    page.get_by_label("Whole words").check()
    page.keyboard.press("Tab")
    until(page, "document.querySelector('.editor-found').textContent.endsWith('of 3')")
    page.get_by_label("Replace with").fill("Mina")
    page.get_by_role("button", name="Replace all").click()
    page.keyboard.press("Escape")

    assert value(page) == "<p>Mina and <em>Mina</em></p>\n<ul><li>Mina</li></ul>\n<p>Lucya</p>"
    page.keyboard.press("Control+z")
    assert "lucy" in value(page)


def test_the_source_and_back(opened):
    page = opened("<p>Rain</p>")
    page.get_by_role("button", name="Show the source").click()
    page.locator("#body").fill("<center>Rain</center><p>Wind</p>")
    page.get_by_role("button", name="Write with the editor").click()
    assert page.locator(f"{EDITOR} .align-center").text_content() == "Rain"
    page.get_by_role("button", name="Show the source").click()
    assert value(page) == "<center>Rain</center><p>Wind</p>"


def test_markdown_stays_in_the_source(opened):
    page = opened("*Rain* fell.")

    assert page.locator("#body").is_visible()
    assert not page.locator(EDITOR).is_visible()


def test_a_draft_that_is_put_back_into_the_field_is_shown(opened):
    page = opened("<p>Rain</p>")
    page.evaluate("""() => {
      const field = document.querySelector("#body");
      field.value = "<p>Snow</p>";
      field.dispatchEvent(new Event("change", { bubbles: true }));
    }""")

    assert page.locator(EDITOR).inner_text().strip() == "Snow"


def test_without_scripts_the_field_is_a_field(opened):
    page = opened("<p>Rain</p>", java_script_enabled=False)

    assert page.locator("#body").input_value() == "<p>Rain</p>"


SMALL = """
[...document.querySelectorAll(".editor :is(button, select, input[type=text])")]
  .filter((each) => each.checkVisibility() && each.getBoundingClientRect().height < 44).map((each) => each.outerHTML)
"""
RULES = "axe.run().then(({violations}) => violations.map(({id, nodes}) => [id, nodes[0].html]))"


@pytest.mark.parametrize(("size", "scheme"), [(DESK, "light"), (PHONE, "dark")])
def test_nobody_is_shut_out(opened, size, scheme):
    page = opened(TEXTS["ruby"] + TEXTS["colours"] + TEXTS["ao3-footnotes"], size=size, scheme=scheme, bypass_csp=True)
    page.add_script_tag(path=str(AXE))
    enter(page)
    for _ in range(2):
        assert page.evaluate(RULES) == []
        assert page.evaluate(SMALL) == []
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        page.keyboard.press("Control+f")
    page.keyboard.press("Escape")
    page.keyboard.press("Control+Shift+f")
    assert page.locator(".editor.is-full").bounding_box() == {"x": 0, "y": 0, **size}
    page.keyboard.press("Escape")
    assert page.locator(".editor.is-full").count() == 0


MOST_MS_TO_OPEN, MOST_MS_A_KEY = 8_000, 400


def test_two_megabytes_can_be_written_in(opened):
    sentence = "It was a dark and stormy night; the rain fell in torrents, except at <em>occasional</em> intervals. "
    text = "\n".join(f"<p>{number} {(sentence * 5).strip()}</p>" for number in range(2_000_000 // 510))
    page = opened("<p>x</p>")
    took = page.evaluate(
        """(text) => {
          const field = document.querySelector("#body");
          const began = performance.now();
          field.value = text;
          field.dispatchEvent(new Event("change"));
          document.body.offsetHeight;
          return performance.now() - began;
        }""",
        text,
    )
    page.locator(EDITOR).click(position={"x": 50, "y": 10})
    began = page.evaluate("performance.now()")
    keys = 20
    page.keyboard.type("x" * keys)
    page.evaluate("new Promise((done) => requestAnimationFrame(() => setTimeout(done)))")
    each = (page.evaluate("performance.now()") - began) / keys
    print(f"{len(text):,} characters: {took:.0f} ms to open, {each:.0f} ms a key")

    assert took < MOST_MS_TO_OPEN
    assert each < MOST_MS_A_KEY
    assert "x" * keys in value(page)
