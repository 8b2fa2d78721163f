"""The pages of what an archive holds beside its stories, in a real browser."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.e2e.browsing import AXE, DESK, PHONE, needs_chromium
from tests.keepsakes import CHALLENGE, FAVOURITES, LUCY, MINA, NEWS, PAGE, PROFILE, SERIES, SITE, source
from tests.makers import make_work
from tests.manuscripts import prose
from undying.community.models import Challenge, NewsItem, SitePage
from undying.exchange import keepsakes
from undying.exchange.models import Batch
from undying.library.models import Series
from undying.manuscript import Review, SeriesPlace, Source, Status, Tagging, TagKind
from undying.people.models import Pseud
from undying.web import links

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.enable_socket,
    pytest.mark.django_db(transaction=True),
    needs_chromium,
]
LONG = "<p>I came to Whitby in the summer, and the harbour was full of herring boats. There is a seat under the abbey "
LONG += "where I read all your stories, twice, with my feet on a gravestone.</p><p>Be kind to the sexton.</p>"
WORD = "Hundertfünfundsiebzigtausendschrittewandererzählung" * 2


@pytest.fixture
def addresses(home) -> dict[str, str]:
    """An archive with everything of everything; its pages by name."""
    thread = tuple(
        Review(name=f"Reader {n}", body=prose(LONG), key=f"{n}", answers=f"{n - 1}" if n % 7 else "") for n in range(12)
    )
    for key in ("334", "335", "336"):
        make_work(
            f"The Page {key}",
            credits=(MINA,),
            source=Source(site=SITE, key=key),
            summary=prose(LONG),
            status=Status.COMPLETE,
            taggings=(Tagging(kind=TagKind.FANDOM, name="Dracula - Bram Stoker"),),
            series=(SeriesPlace(title="Shorthand", position=int(key) - 333, key="4"),),
            reviews=thread,
        )
    batch = Batch.objects.create(digest="e" * 64, label="everything", is_open=True)
    news = [replace(NEWS, source=source(f"n{n}"), title=f"Storm number {n} {WORD[: n * 20]}") for n in range(4)]
    for each in (
        replace(PROFILE, bio=prose(LONG), fields=(*PROFILE.fields, ("Motto", WORD))),
        *(replace(each, note=prose(LONG)) for each in FAVOURITES),
        *news,
        replace(NEWS, body=prose(LONG * 3), comments=thread),
        PAGE,
        replace(PAGE, source=source("help"), title=WORD),
        replace(CHALLENGE, summary=prose(LONG)),
        replace(SERIES, reviews=thread, within="", summary=prose(LONG)),
        replace(SERIES, source=source("5"), title="Inside it", within="4"),
    ):
        keepsakes.receive(keepsakes.prepared(each), batch)
    series, lucy = Series.objects.get(key="4"), Pseud.objects.get(key=LUCY.key)
    work = series.entries.order_by("position")[0].work
    return {
        "front": "/",
        "member": links.of(lucy),
        "favourites": links.favourites(links.of(lucy)),
        "news": "/news",
        "news-item": links.of(NewsItem.objects.get(key="3")),
        "pages": "/pages",
        "page": links.of(SitePage.objects.get(key="rules")),
        "challenges": "/challenges",
        "challenge": links.of(Challenge.objects.get()),
        "series": links.of(series),
        "series-reviews": links.series_reviews(series),
        "reviews": links.reviews(work),
    }


@pytest.mark.skipif(not AXE.exists(), reason="axe-core is not installed: npm ci")
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_nothing_overflows_and_axe_finds_nothing(chromium, live_server, addresses, scheme, size):
    context = chromium.new_context(viewport=size, color_scheme=scheme, base_url=live_server.url, bypass_csp=True)
    page = context.new_page()
    for name, address in addresses.items():
        page.goto(address)
        page.evaluate("document.fonts.ready")
        page.evaluate(AXE.read_text())
        found = page.evaluate("axe.run().then(({violations}) => violations.map(({id, nodes}) => [id, nodes[0].html]))")
        assert found == [], name
        page.set_viewport_size({"width": 320, "height": 640})
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), f"{name} at 320 px"
        page.set_viewport_size(size)
    context.close()
