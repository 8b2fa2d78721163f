"""What a member keeps for herself, in a real browser: with scripts, without, in both schemes and sizes."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.cast import viewer
from tests.e2e.browsing import AXE, DESK, PHONE, needs_chromium, until
from tests.library.test_writing import TEXT, WHOLE
from tests.makers import make_work
from undying.community import excluding, saving, statistics
from undying.exchange import leaving
from undying.library import blocks, co_authors, counters, writing
from undying.library.counters import Counter
from undying.library.models import Tag
from undying.manuscript import State, TagKind
from undying.web import links

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("home"),
    needs_chromium,
]
TAGS = {TagKind.FANDOM: ["Carmilla"], TagKind.RATING: ["Mature"], TagKind.ADDITIONAL: ["Slow Burn"]}
SMALL = """
[...document.querySelectorAll("main :is(.own-part, .searches, .choice) :is(button, select, summary, [type=search])")]
  .filter((each) => each.checkVisibility() && each.getBoundingClientRect().height < 44).map((each) => each.outerHTML)
"""


@pytest.fixture
def window(chromium, live_server, cast, client):
    """A function `window(size, scheme)`: Rey's browser, signed in."""
    client.force_login(cast.rey, backend="allauth.account.auth_backends.AuthenticationBackend")
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


def test_a_tag_is_found_while_it_is_typed_and_left_out_by_the_keyboard(window, live_server):
    make_work("Sad", tags=TAGS)
    make_work("Mild")
    page = window()
    page.goto("/users/rey/exclusions")
    page.locator("#find").press_sequentially("slow b")
    until(page, "document.querySelectorAll('#offers button').length === 1")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.locator(".kept li").wait_for()
    assert "Slow Burn" in page.locator(".flash").text_content()
    page.goto("/works")
    assert page.locator("li.work").count() == 1
    page.get_by_text("Show anyway").click()
    page.wait_for_url("**/works?anyway=yes")
    assert page.locator("li.work").count() == 2


def test_all_of_it_works_without_scripts(window, live_server):
    make_work("Sad", tags=TAGS)
    page = window(PHONE, java_script_enabled=False)
    page.goto("/works")
    page.get_by_text("Keep this search").click()
    page.locator("#name").fill("Everything")
    page.get_by_text("Keep it").click()
    assert page.locator(".searches h3").all_text_contents() == ["Everything"]
    page.goto("/works")
    page.locator(".hide a").click()
    page.get_by_role("button", name="Slow Burn").click()
    assert page.url.endswith("/works")
    assert page.locator("li.work").count() == 0
    page.get_by_text("exclusions").click()
    page.get_by_role("button", name="Take back").click()
    page.goto("/works")
    assert page.locator("li.work").count() == 1


@pytest.mark.skipif(not AXE.exists(), reason="axe-core is not installed: npm ci")
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_nothing_overflows_everything_can_be_touched_and_axe_finds_nothing(window, cast, scheme, size):
    sad = make_work("Sad", tags=TAGS, language="de", author="Lord Ruthven, of a very long and winding pen name indeed")
    make_work("Mild", language="en")
    hers = make_work("The Very Long Title of a Work of Hers, in Several Parts", owner=cast.rey)
    counters.bump(Counter.HITS, {hers.pk: 1234})
    statistics.keep([hers.pk])
    leaving.orphan(cast.rey, make_work("Let go of", owner=cast.rey))
    me = viewer(cast.rey)
    excluding.exclude_tag(me, Tag.objects.get(name="Mature").pk)
    for name in ("Letters", "Long stories of castles, finished, in any language at all"):
        saving.open_feed(saving.keep(me, name, "q=rain"))
    adas = writing.start(viewer(cast.ada), replace(WHOLE, gifts=("rey",)), TEXT, TEXT, state=State.POSTED)
    co_authors.invite(viewer(cast.ada), adas, cast.rey.pseuds.get().pk)
    for each in (cast.mo, cast.ari):
        co_authors.invite(me, hers, each.pseuds.get().pk)
    blocks.block(me, cast.mo.pseuds.get().pk, hides=True)
    page = window(size, scheme)
    for where in (
        "/users/rey/asked",
        "/users/rey/gifts",
        "/users/rey/blocks?find=ada",
        f"{links.creators(hers)}?find=ada",
        "/users/ada",
        "/users/rey/exclusions?find=s",
        "/users/rey/stats",
        f"/users/rey/stats/{hers.pk}?period=year",
        f"/users/rey/exclusions/works/{sad.pk}",
        "/users/rey/searches",
        "/users/rey/searches/new?q=rain",
        "/users/rey/leaving",
        f"/works/{hers.pk}/let-go",
        "/users/rey",
        "/tags/Slow%20Burn",
        "/works?anyway=yes",
        "/",
    ):
        page.goto(where)
        page.evaluate("document.querySelectorAll('.searches details').forEach((each) => (each.open = true))")
        page.add_script_tag(path=str(AXE))
        found = page.evaluate("axe.run().then(({violations}) => violations.map(({id, nodes}) => [id, nodes[0].html]))")
        assert found == [], where
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), where
        assert page.evaluate(SMALL) == [], where
