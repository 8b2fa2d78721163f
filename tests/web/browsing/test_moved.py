"""Links to a rescued site still lead to its stories."""

from __future__ import annotations

import pytest

from tests.makers import make_work, prose
from undying.community.models import Challenge, NewsItem, SitePage
from undying.exchange.models import Batch, BatchMeaning, BatchState
from undying.manuscript import Audience, Chapter, Credit, Source, TagKind
from undying.people.actions import pen_name
from undying.web import links

pytestmark = pytest.mark.django_db


def person(name):
    """A pen name of the old site."""
    return pen_name(Credit(name=name), site="old.example/fic")


@pytest.fixture
def work(home):
    chapters = tuple(
        Chapter(body=prose(str(each)), url=f"http://old.example/viewstory.php?sid=3&chapter={each}") for each in (1, 2)
    )
    return make_work(
        chapters=chapters, source=Source(site="old.example", key="3", url="http://old.example/viewstory.php?sid=3")
    )


def test_an_old_address_moves_for_ever_to_the_new_one(guest, work):
    for old, new in {
        "/viewstory.php?sid=3": links.of(work),
        "/viewstory.php?sid=3&chapter=2": links.of(work.chapters.get(position=2)),
        "/reviews.php?type=ST&item=3": links.reviews(work),
        "/browse.php?type=titles": "/works",
        "/index.php": "/",
        "/search.php": "/works/search",
    }.items():
        answer = guest.get(old)
        assert (answer.status_code, answer.headers["Location"]) == (301, new)
        assert "private" in answer.headers["Cache-Control"]


def test_what_is_not_for_her_and_what_never_was_look_the_same(guest, work):
    closed = make_work(
        audience=Audience.MEMBERS,
        source=Source(site="old.example", key="4", url="http://old.example/viewstory.php?sid=4"),
    )
    one, other = guest.get("/viewstory.php?sid=4"), guest.get("/viewstory.php?sid=5")
    assert (one.status_code, one.content) == (404, other.content)
    assert closed.audience == Audience.MEMBERS


def test_an_address_that_nobody_ever_had_is_a_plain_404(guest, home):
    assert guest.get("/wp-login.php").status_code == 404
    assert guest.get("/%00%ff").status_code == 404


def test_news_pages_challenges_and_categories_lead_to_theirs(guest, home):
    news = NewsItem.objects.create(
        site="old.example/fic", key="4", title="Open", author=person("Mina"), audience="everyone"
    )
    page = SitePage.objects.create(site="old.example/fic", key="rules", title="Rules", audience="everyone")
    challenge = Challenge.objects.create(
        site="old.example/fic", key="7", title="Lamps", challenger=person("Mina"), audience="everyone"
    )
    make_work(tags={TagKind.FANDOM: ["Dracula"]})
    batch = Batch.objects.create(digest="b" * 64, label="x", is_open=True)
    BatchMeaning.objects.create(
        batch=batch, table="fanfiction_categories", key="3", name="D", proposed=[["fandom", "Dracula"]]
    )
    for old, new in {
        "/fic/news.php?nid=4": links.of(news),
        "/fic/viewpage.php?page=rules": links.of(page),
        "/fic/modules/challenges/challenges.php?chalid=7": links.of(challenge),
        "/fic/browse.php?type=challenges&chalid=7": links.of(challenge),
        "/fic/browse.php?type=categories&catid=3": "/tags/Dracula/works",
        "/fic/browse.php?type=categories&catid=99": "/works",
        "/news.php": "/news",
    }.items():
        answer = guest.get(old)
        assert (answer.status_code, answer.headers["Location"]) == (301, new)
    for unseen in ({"is_open": False}, {"is_open": True, "state": BatchState.UNDONE}):
        Batch.objects.update(**unseen)
        assert guest.get("/fic/browse.php?type=categories&catid=3").headers["Location"] == "/works"
    NewsItem.objects.update(audience="members")
    assert guest.get("/fic/news.php?nid=4").headers["Location"] == "/news"


def test_a_slash_too_many_and_a_guess_lead_to_what_is_meant(guest):
    work = make_work(hidden=True)

    for typed, meant in {
        "/works/": "/works",
        "/fandoms//": "/fandoms",
        "/works/?with=tag:Fluff": "/works?with=tag:Fluff",
        f"{links.of(work)}/": links.of(work),
        "/search": "/works/search",
        "/search/?q=moon": "/works/search?q=moon",
        "/People": "/search/people",
        "/tags/": "/fandoms",
    }.items():
        answer = guest.get(typed)
        assert (answer.status_code, answer.headers["Location"]) == (301, meant)
    for nothing in ("/nowhere/", "/moon", "/users/", "/%2Felsewhere.example/", "/works/12/search"):
        assert guest.get(nothing).status_code == 404
