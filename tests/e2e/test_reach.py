"""What an author decides about who and what reaches her works, in a real browser: with scripts and without."""

from __future__ import annotations

import pytest
from django.utils import timezone

from tests.cast import viewer
from tests.e2e.browsing import AXE, DESK, PHONE, needs_chromium
from tests.e2e.test_joining import looked_over, sign_in
from tests.makers import prose
from undying.library import writing
from undying.library.models import Scheduled, Work
from undying.library.writing import ChapterFields, WorkFields
from undying.manuscript import Answer, Audience, State, Tagging, TagKind, Wishes
from undying.web import links

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("home"),
    needs_chromium,
]
SAID = (
    Tagging(kind=TagKind.RATING, name="General Audiences"),
    Tagging(kind=TagKind.WARNING, name="No Archive Warnings Apply"),
    Tagging(kind=TagKind.FANDOM, name="Dracula"),
)
LONG = "Minutes of the Choral Society, with Corrections in Another Hand"
YEAR = timezone.now().year + 1


@pytest.fixture
def works(cast) -> list[Work]:
    """A draft, and a work for whoever has its link."""
    ada = viewer(cast.ada)
    wishes = Wishes(podfic=Answer.YES, translation=Answer.ASK, binding=Answer.NO, words="Tell me of it.")
    draft = WorkFields(title=LONG, taggings=SAID, language="en", wishes=wishes)
    shared = WorkFields(title="The Lamp", taggings=SAID, language="en", audience=Audience.LINK)
    text = ChapterFields(body=prose("Rain came in from the sea."))
    return [
        writing.start(ada, draft, text, state=State.DRAFT),
        writing.start(ada, shared, text, state=State.POSTED),
    ]


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without"])
def test_she_puts_a_draft_on_the_clock_and_changes_two_works_at_once(newcomer, works, scripts):
    page = newcomer(PHONE, java_script_enabled=scripts)
    sign_in(page, "ada")
    page.goto(links.of(works[0]))
    page.get_by_role("link", name="Post later").click()
    page.get_by_label("Day").fill(f"{YEAR}-07-09")
    page.get_by_label("Time").fill("18:30")
    page.get_by_role("button", name="Post it then").click()
    assert f"Goes up on 9 July {YEAR} at 18:30 UTC." in page.locator(".work-head").text_content()
    assert Scheduled.objects.get().work == works[0]

    page.goto("/users/ada")
    page.get_by_role("link", name="Change many works").click()
    page.get_by_role("link", name="Tick all on this page").click()
    page.get_by_label("Who may read it").select_option("members")
    page.get_by_role("button", name="See what will change").click()
    assert "In 2 works:" in page.locator("main").text_content()
    page.get_by_role("button", name="Change 2 works").click()
    assert "2 works changed." in page.locator(".flash").text_content()
    assert {each.audience for each in Work.objects.all()} == {Audience.MEMBERS}


def test_a_reader_comes_in_by_the_link_and_turns_its_pages(newcomer, cast, works):
    writing.add_chapter(viewer(cast.ada), works[1], ChapterFields(body=prose("More rain.")), state=State.POSTED)
    before = f"/by-link/{works[1].link.token}"
    page = newcomer(DESK)
    page.goto(before + links.of(works[1]))
    page.get_by_role("link", name="Entire work").click()
    assert "More rain." in page.locator("#chapters").text_content()
    assert page.url.endswith(f"{before}{links.work(works[1], whole=True)}")
    page.goto(links.of(works[1]))
    assert "The Lamp" not in page.locator("main").text_content()


@pytest.mark.skipif(not AXE.exists(), reason="axe-core is not installed: npm ci")
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_nothing_overflows_everything_can_be_touched_and_axe_finds_nothing(newcomer, works, scheme, size):
    page = newcomer(size, scheme)
    sign_in(page, "ada")
    page.get_by_role("link", name="Sign out").wait_for()
    for where in (
        links.of(works[0]),
        links.schedule(works[0]),
        links.work_link(works[0]),
        links.work_link(works[1]),
        links.many("ada"),
        f"{links.many('ada')}?tick=all",
        links.preferences("ada"),
        links.drafts("ada"),
    ):
        page.goto(where)
        looked_over(page, where)
    page.goto(f"{links.many('ada')}?tick=all")
    page.evaluate("document.querySelectorAll('main details').forEach((each) => { each.open = true; })")
    page.get_by_label("Who may read it").select_option("members")
    looked_over(page, "many, with all open")
    page.get_by_role("button", name="See what will change").click()
    looked_over(page, "what will change")
