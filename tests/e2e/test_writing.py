"""An author's day in a real browser: with scripts, without, in both schemes and sizes."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tests.e2e.browsing import AXE, DESK, PHONE, needs_chromium, until
from tests.e2e.test_editor import settle
from tests.web.own.test_icons import picture
from tests.web.writing.forms import WHOLE
from undying.library.models import Draft, DraftKind, Work

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("home"),
    needs_chromium,
]
SMALL = """
[...document.querySelectorAll("main :is(.written, .desk-acts, .tickbox) :is(button, select, summary, .tickbox)")]
  .filter((each) => !each.closest(".editor"))
  .filter((each) => each.checkVisibility() && each.getBoundingClientRect().height < 44).map((each) => each.outerHTML)
"""


@pytest.fixture
def window(chromium, live_server, cast, client):
    """A function `window(size, scheme)`: Ada's browser, signed in."""
    client.force_login(cast.ada, backend="allauth.account.auth_backends.AuthenticationBackend")
    cookie = {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}
    made = []

    def open_(size=DESK, scheme="light", **options):
        context = chromium.new_context(
            viewport=size, color_scheme=scheme, base_url=live_server.url, bypass_csp=True, **options
        )
        context.add_cookies([cookie])
        made.append(context)
        return context.new_page()

    yield open_
    for context in made:
        context.close()


def fill(page) -> None:
    """All but the text."""
    page.get_by_label("Rating").select_option("Teen And Up Audiences")
    page.get_by_label("No Archive Warnings Apply").check()
    page.get_by_label("Fandoms").fill("Dracula")
    page.get_by_label("Title of the work").fill("The Keeper's Daughter")
    page.get_by_label("Language").select_option("en")


def test_a_story_is_posted_from_the_editor_on_a_phone(window):
    page = window(PHONE)
    page.goto("/")
    page.get_by_role("link", name="Post", exact=True).click()
    page.get_by_role("button", name="Post", exact=True).click()
    page.get_by_role("link", name="Name at least one fandom").click()
    assert page.url.endswith("#at-fandom")
    fill(page)
    page.locator("#at-body .ProseMirror").click()
    settle(page)
    page.keyboard.type("Rain came in ")
    page.keyboard.press("Control+i")
    page.keyboard.type("from the sea.")
    page.get_by_role("button", name="Post", exact=True).click()
    page.locator("#chapters").wait_for()
    assert "<em>from the sea.</em>" in page.locator("#chapters .userstuff").inner_html()


def test_all_of_it_works_without_scripts(window):
    page = window(PHONE, java_script_enabled=False)
    page.goto("/works/new")
    fill(page)
    page.locator("#field-body").fill("Rain came in from the sea.\n\nIt stayed.")
    page.get_by_role("button", name="Preview").click()
    assert page.locator("#chapters p").all_text_contents() == ["Rain came in from the sea.", "It stayed."]
    page.get_by_role("button", name="Go on editing").click()
    assert page.locator("#field-body").input_value() == "Rain came in from the sea.\n\nIt stayed."
    page.get_by_role("button", name="Save as a draft").click()
    assert "only its creators see it" in page.locator(".flash").text_content()
    page.get_by_role("link", name="Add a chapter").click()
    page.get_by_label("Title of the chapter").fill("Two")
    page.locator("#field-body").fill("*Snow.*")
    page.get_by_role("button", name="Save", exact=True).click()
    page.get_by_role("link", name="Chapters", exact=True).click()
    page.get_by_label("Place of Two").fill("1")
    page.get_by_role("button", name="Save this order").click()
    assert page.locator(".chapter-name a").first.text_content() == "Two"
    page.get_by_role("link", name="Edit", exact=True).click()
    page.get_by_role("button", name="Post", exact=True).click()
    assert "It is posted." in page.locator(".flash").text_content()


def write(page, words: str) -> None:
    """Some words into the editor of the text."""
    page.bring_to_front()
    page.locator("#at-body .ProseMirror").click()
    settle(page)
    page.keyboard.type(words)


def status(page) -> str:
    return page.locator("[data-autosave-status]").text_content()


def until_kept(page, words: str) -> None:
    """Until the archive has a text with these words, and the page says so."""
    for _ in range(200):
        if any(words in str(each.fields.get("body")) for each in Draft.objects.all()):
            break
        page.wait_for_timeout(50)
    else:
        pytest.fail(f"never kept: {words}")
    until(page, "document.querySelector('[data-autosave-status]').textContent.includes('on the archive')")


def test_what_is_typed_keeps_itself_and_waits(window):
    page = window()
    page.goto("/works/new")
    page.get_by_label("Title of the work").fill("Nights")
    write(page, "Rain came in")
    until_kept(page, "Rain came in")
    assert "not posted" in status(page)
    page.close()
    page = window()
    page.goto("/works/new")
    assert "Nights" in page.locator(".unsaved").text_content()
    page.get_by_role("link", name="Take it").click()
    until(page, "document.querySelector('#at-body .ProseMirror')?.textContent === 'Rain came in'")
    write(page, " from the sea.")
    until_kept(page, "from the sea.")
    assert Draft.objects.count() == 1
    assert not Work.objects.exists()


def test_what_is_typed_without_the_archive_stays_in_the_browser_until_it_is_there_again(window):
    page = window()
    page.goto("/works/new")
    page.locator("#at-body .ProseMirror").wait_for()
    context = page.context
    context.set_offline(True)
    write(page, "Fog on the sea.")
    until(page, "Object.values(localStorage).some((text) => text.includes('Fog on the sea.'))")
    until(page, "document.querySelector('[data-autosave-status]').textContent.includes('in this browser')")
    page.close()
    context.set_offline(False)
    page = context.new_page()
    page.goto("/works/new")
    page.get_by_text("This browser kept what you typed").wait_for()
    page.get_by_role("button", name="Take it").click()
    until(page, "document.querySelector('#at-body .ProseMirror')?.textContent.includes('Fog on the sea.')")
    until_kept(page, "Fog on the sea.")
    until(page, "!Object.keys(localStorage).some((key) => key.startsWith('undying-text'))")


def test_two_windows_say_that_they_disagree(window, client):
    client.post("/works/new", WHOLE)
    address = f"/works/{Work.objects.get().pk}/edit"
    one = window()
    other = one.context.new_page()
    for page in (one, other):
        page.goto(address)
    write(one, "Fog. ")
    until_kept(one, "Fog.")
    write(other, "Snow. ")
    until_kept(other, "Snow.")
    other.locator("[data-autosave-others] a").wait_for()
    assert "Both texts are kept" in other.locator("[data-autosave-others]").text_content()
    with other.context.expect_page() as opened:
        other.get_by_role("link", name="See them side by side").click()
    assert "Fog" in opened.value.locator(".apart del").first.text_content()
    assert "Snow" in opened.value.locator(".apart ins").first.text_content()


SENT = {"name": "map.png", "mimeType": "image/png", "buffer": picture()}
PASTED = """([bytes]) => {
  const data = new DataTransfer();
  data.items.add(new File([new Uint8Array(bytes)], "map.png", { type: "image/png" }));
  const paste = new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true });
  document.querySelector("#at-body .ProseMirror").dispatchEvent(paste);
}"""


def test_a_picture_comes_from_this_device_with_the_tool_or_by_pasting_it(window):
    page = window()
    page.goto("/works/new")
    fill(page)
    write(page, "Rain ")
    page.locator("#at-body").get_by_role("button", name="Picture").click()
    page.get_by_label("From this device").set_input_files({**SENT, "buffer": b"no picture"})
    page.get_by_label("What there is to see").fill("A map")
    page.keyboard.press("Enter")
    until(page, "document.querySelector('dialog .errorlist').textContent.includes('no picture')")
    page.get_by_label("From this device").set_input_files(SENT)
    page.get_by_role("button", name="Add", exact=True).click()
    page.locator("dialog").wait_for(state="detached")
    until(page, "document.querySelector('#at-body .ProseMirror img').naturalWidth === 640")

    page.evaluate(PASTED, [list(picture(size=(64, 48)))])
    until(page, "document.querySelector('dialog [type=file]').files.length === 1")
    page.get_by_label("What there is to see").fill("A smaller map")
    page.keyboard.press("Enter")
    page.locator("dialog").wait_for(state="detached")
    until(page, "document.querySelectorAll('#at-body .ProseMirror img[src]').length === 2")
    page.get_by_role("button", name="Post", exact=True).click()
    page.locator("#chapters").wait_for()
    shown = page.locator("#chapters .userstuff img")
    until(page, "[...document.querySelectorAll('#chapters img')].every((each) => each.naturalWidth > 0)")
    assert sorted(each.get_attribute("alt") for each in shown.all()) == ["A map", "A smaller map"]


@pytest.mark.skipif(not AXE.exists(), reason="axe-core is not installed: npm ci")
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_nothing_overflows_everything_can_be_touched_and_axe_finds_nothing(window, client, scheme, size):
    client.post("/works/new", {**WHOLE, "title": "A title that is as long as titles are on some days of the year"})
    work = Work.objects.get()
    client.post(f"/works/{work.pk}/chapters/new", {"chapter_title": "Two", "body": "Two.", "act": "draft"})
    one = work.chapters.get(position=1)
    typed = {"title": ["Snow"], "body": ["Snow came in."]}
    draft = Draft.objects.create(owner=work.creatorships.get().pseud.user, kind=DraftKind.WORK, work=work, fields=typed)
    client.post("/works/pictures", {"picture": SimpleUploadedFile("map.png", picture())})
    page = window(size, scheme)
    for where in (
        f"/users/ada/works/drafts/{draft.pk}",
        "/works/new",
        "/works/new/file",
        "/works/pictures",
        f"/works/{work.pk}/edit",
        f"/works/{work.pk}/delete",
        f"/works/{work.pk}/revisions",
        f"/works/{work.pk}/revisions/2",
        f"/works/{work.pk}/revisions/1",
        f"/works/{work.pk}/chapters/new",
        f"/works/{work.pk}/chapters/manage",
        f"/works/{work.pk}/chapters/{one.pk}/edit",
        f"/works/{work.pk}/chapters/{one.pk}/split",
        f"/works/{work.pk}/chapters/{one.pk}/delete",
        "/users/ada/works/drafts",
    ):
        page.goto(where)
        look_at(page, where)
    page.goto("/works/new")
    page.get_by_role("button", name="Post", exact=True).click()
    page.locator("#problems").wait_for()
    look_at(page, "a form with troubles")
    page.get_by_role("button", name="Preview").click()
    page.locator(".preview").wait_for()
    look_at(page, "a preview")


def look_at(page, where) -> None:
    """Nothing sticks out, nothing is too small for a finger, and axe is content."""
    page.evaluate("document.querySelectorAll('details').forEach((each) => (each.open = true))")
    page.add_script_tag(path=str(AXE))
    found = page.evaluate("axe.run().then(({violations}) => violations.map(({id, nodes}) => [id, nodes[0].html]))")
    assert found == [], where
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), where
    assert page.evaluate(SMALL) == [], where
