"""How a member wants to read is what every page of hers does, and no page of anybody else's."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import lxml.html
import pytest
from django.utils import timezone

from tests.makers import make_work
from undying.library import counters
from undying.library.counters import Counter
from undying.library.models import Chapter, Work
from undying.manuscript import TagKind
from undying.people.models import User
from undying.web import links, wording

PATH = "/users/rey/preferences"
TAGS = {
    TagKind.FANDOM: ["Dracula"],
    TagKind.WARNING: ["Major Character Death"],
    TagKind.ADDITIONAL: ["Slow Burn"],
    TagKind.RATING: ["Teen And Up Audiences"],
}


@pytest.fixture
def rey(cast, browser):
    return browser(cast.rey)


def text(answer) -> str:
    return answer.content.decode()


def cards(answer) -> str:
    return "".join(each.text_content() for each in lxml.html.fromstring(text(answer)).cssselect("ol.work > li.work"))


def wants(client, **said) -> None:
    assert client.post(PATH, said).status_code == 302


def test_what_she_chose_is_ticked_when_she_comes_back(rey):
    wants(rey, adult="yes", hides_tags="yes", time_zone="Europe/Berlin")
    told = text(rey.get(PATH))
    assert told.count(" checked") == 2
    assert '<option value="Europe/Berlin"' in told
    assert User.objects.get(username="rey").preferred == {
        "adult": True,
        "hides_tags": True,
        "time_zone": "Europe/Berlin",
    }
    wants(rey)
    assert User.objects.get(username="rey").preferred == {}


def test_a_zone_that_there_is_none_of_is_said(rey):
    assert "There is no time zone" in text(rey.post(PATH, {"time_zone": "Moon/Tranquility", "adult": "yes"}))
    assert User.objects.get(username="rey").preferred == {}


def test_she_is_not_asked_before_adult_works_in_any_browser(cast, browser, rey):
    work = make_work(text="Rain came in.", tags={TagKind.RATING: ["Explicit"]})
    assert "Rain came in." not in text(rey.get(links.of(work)))
    wants(rey, adult="yes")
    assert "Rain came in." in text(browser(cast.rey).get(links.of(work)))
    assert browser(cast.rey).get(links.download(work, "epub")).headers["Content-Type"] == "application/epub+zip"
    assert "Rain came in." not in text(browser(cast.ada).get(links.of(work)))


def test_all_chapters_stand_on_one_page_unless_she_asks_for_one(rey, guest):
    work = make_work(chapters=3)
    wants(rey, whole_work="yes")
    page = text(rey.get(links.of(work)))
    assert page.count('id="chapter-') == 3
    assert text(guest.get(links.of(work))).count('id="chapter-') == 1
    assert text(rey.get(links.of(work.chapters.order_by("position")[1]))).count('id="chapter-') == 1
    assert text(rey.get(f"{links.of(work)}?view_full_work=false")).count('id="chapter-') == 1


@pytest.mark.parametrize(
    "wish",
    [
        ("hides_warnings", "Major Character Death", "Slow Burn"),
        ("hides_tags", "Slow Burn", "Major Character Death"),
    ],
)
def test_tags_that_she_wants_nowhere_are_in_no_page_until_she_asks(rey, guest, cast, wish):
    wish, gone, stays = wish
    work = make_work(tags=TAGS, owner=cast.ada)
    wants(rey, **{wish: "yes"})
    for page in ("/users/ada", "/tags/Dracula", links.of(work), links.navigate(work), links.reviews(work)):
        told = text(rey.get(page))
        assert gone not in told, page
        assert gone in text(guest.get(page)) or page in {links.navigate(work), links.reviews(work)}
    told = text(rey.get(links.of(work)))
    assert stays in told
    assert "Not shown, as you prefer" in told
    assert gone in text(rey.get(f"{links.of(work)}?tags=shown"))
    assert gone not in cards(rey.get("/works"))
    assert stays in cards(rey.get("/works"))


def test_on_her_own_works_she_sees_all(cast, browser):
    work = make_work(tags=TAGS, owner=cast.ada)
    ada = browser(cast.ada)
    ada.post("/users/ada/preferences", {"hides_warnings": "yes", "hides_tags": "yes"})
    for page in (links.of(work), "/users/ada"):
        assert "Slow Burn" in text(ada.get(page))
        assert "Major Character Death" in text(ada.get(page))


def test_a_work_without_such_tags_says_nothing_of_them(rey):
    work = make_work(tags={TagKind.FANDOM: ["Dracula"]})
    wants(rey, hides_warnings="yes", hides_tags="yes")
    assert "as you prefer" not in text(rey.get(links.of(work)))


def test_counters_are_hidden_from_herself_alone(rey, guest):
    work = make_work()
    counters.put(Counter.KUDOS, {work.pk: 77})
    assert "77" in cards(rey.get("/works"))
    wants(rey, hides_counts="yes")
    assert "77" not in cards(rey.get("/works"))
    assert "77" in cards(guest.get("/works"))


def test_days_begin_where_she_is_and_a_day_without_an_hour_is_the_same_everywhere(rey, guest):
    work = make_work(published=datetime(2020, 1, 2, 3, 4, tzinfo=UTC))
    Work.objects.update(published=datetime(2020, 1, 2, 3, 4, tzinfo=UTC))
    wants(rey, time_zone="America/New_York")
    assert "2020-01-01" in text(rey.get(links.of(work)))
    assert "2020-01-02" in text(guest.get(links.of(work)))
    Work.objects.update(published=datetime(2020, 1, 2, tzinfo=UTC))
    Chapter.objects.update(published=datetime(2020, 1, 2, tzinfo=UTC))
    assert "2020-01-02" in text(rey.get(links.of(work)))


def test_hours_are_told_by_her_clock_and_say_so():
    moment = datetime(2020, 7, 2, 3, 4, tzinfo=UTC)
    assert wording.hour(moment) == "03:04 UTC"
    with timezone.override(ZoneInfo("Europe/Berlin")):
        assert wording.hour(moment) == "05:04 CEST"


def test_what_another_version_wrote_down_stands_in_nobodys_way(rey):
    User.objects.filter(username="rey").update(preferred={"from_the_future": True, "time_zone": "Gone/Zone"})
    assert rey.get("/works").status_code == 200
    assert rey.get(PATH).status_code == 200


@pytest.mark.parametrize("who", ["guest", "ada", "mo", "ari"])
def test_the_page_is_there_for_herself_alone(cast, browser, who):
    assert cast.rey
    client = browser(None if who == "guest" else getattr(cast, who))
    assert client.get(PATH).content == client.get("/nowhere").content
    assert client.post(PATH, {"adult": "yes"}).status_code == 404
    assert User.objects.get(username="rey").preferred == {}
