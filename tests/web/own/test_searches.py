"""Searches that a member keeps: how they come, where they stand, and what is new in them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from tests.cast import viewer
from tests.makers import make_work
from tests.web.lists.pages import read, sentence, texts, titles
from undying.community import excluding, saving
from undying.community.models import SavedSearch
from undying.finding import indexer
from undying.kernel import ledger
from undying.kernel.clock import now
from undying.library.models import Tag, Work
from undying.manuscript import Audience, TagKind
from undying.web import links

DRACULA = {TagKind.FANDOM: ["Dracula"], TagKind.CHARACTER: ["Mina Harker"]}
PAGE = "/users/rey/searches"


@pytest.fixture
def rey(browser, cast):
    return browser(cast.rey)


def keep(client, where, name):
    """Follow the link over a list and give the search a name."""
    (link,) = [each.get("href") for each in read(client, where).cssselect(".list-acts a") if "Keep" in each.text]
    form = read(client, link).cssselect("form[method=post]")[0]
    fields = {each.get("name"): each.get("value") for each in form.cssselect("input[name]")}
    answer = client.post(form.get("action"), {**fields, "name": name})
    assert answer.headers["Location"] == PAGE


def changed(work, days):
    """The work changed so many days from now."""
    Work.objects.filter(pk=work.pk).update(revised=now() + timedelta(days=days))
    ledger.mark("work", [work.pk])
    indexer.drain_if_free()


def test_any_list_can_be_kept_and_come_back_to(rey, db):
    make_work("Yes", text="A lamp.", tags=DRACULA)
    make_work("No", tags=DRACULA)
    make_work("Elsewhere", text="A lamp.")
    keep(rey, "/tags/Dracula/works?q=lamp&sort=title", "Lamps")
    page = read(rey, PAGE)

    assert texts(page, ".searches h3") == ["Lamps"]
    assert texts(page, ".search-head p") == ["1 work in Dracula, matching lamp"]
    answer = rey.get(page.cssselect(".searches h3 a")[0].get("href"))
    assert answer.headers["Location"] == "/works/search?q=lamp&with=fandom:Dracula&sort=title"
    assert titles(read(rey, answer.headers["Location"])) == ["Yes"]


def test_what_changed_since_she_last_looked_is_counted_on_her_front_page(rey, db):
    work = make_work("One", tags=DRACULA)
    make_work("Other")
    keep(rey, "/tags/Dracula/works", "Castle")
    where = f"{PAGE}/{SavedSearch.objects.get().pk}"

    def told():
        return texts(read(rey, "/"), ".saved li"), texts(read(rey, PAGE), ".searches .new")

    assert told() == (["Castle"], [])
    changed(work, 1)
    assert told() == (["Castle 1 new"], ["1 new"])
    rey.head(where)
    rey.get(where, headers={"Sec-Purpose": "prefetch"})
    assert told() == (["Castle 1 new"], ["1 new"])
    SavedSearch.objects.update(seen=now() - timedelta(days=9))
    assert rey.get(where).status_code == 302
    assert SavedSearch.objects.get().seen > now() - timedelta(minutes=1)


def test_what_she_excluded_is_not_new_to_her(rey, cast):
    work = make_work("One", tags=DRACULA)
    me = viewer(cast.rey)
    saving.keep(me, "Castle", f"with={Tag.objects.get(name='Dracula').pk}")
    changed(work, 1)
    assert texts(read(rey, "/"), ".saved .new") == ["1 new"]
    excluding.exclude_work(me, work.pk)
    assert texts(read(rey, "/"), ".saved li") == ["Castle"]


def test_searches_are_renamed_moved_and_removed_by_buttons(rey, db):
    for name in "ABC":
        rey.post(PAGE, {"name": name, "query": "q=lamp"})
    third = f"{PAGE}/{SavedSearch.objects.get(name='C').pk}"
    rey.post(third, {"act": "up"})
    rey.post(third, {"act": "rename", "name": "Cc"})
    assert texts(read(rey, PAGE), ".searches h3") == ["A", "Cc", "B"]
    rey.post(third, {"act": "rename", "name": " "})
    assert texts(read(rey, PAGE), ".flash") == ["Give the search a name, so that you know it again."]
    rey.post(third, {"act": "remove"})
    assert texts(read(rey, PAGE), ".searches h3") == ["A", "B"]
    assert rey.post(third, {"act": "remove"}).status_code == 404
    assert rey.post(f"{PAGE}/{SavedSearch.objects.get(name='A').pk}", {"act": "nonsense"}).status_code == 404


def test_a_search_without_a_name_is_asked_again_and_nothing_is_lost(rey, db):
    answer = rey.post(PAGE, {"name": "  ", "query": "q=lamp"})

    assert answer.status_code == 200
    assert not SavedSearch.objects.exists()
    assert b'value="q=lamp"' in answer.content
    assert b"Give the search a name" in answer.content


@pytest.mark.parametrize("query", ["", "with=5", "words=nonsense", "with=" + "9" * 300, "q=%00(((", "&&&=;%zz"])
def test_a_strange_search_is_kept_and_shown_without_harm(rey, db, query):
    make_work("One")
    assert rey.post(PAGE, {"name": "Odd", "query": query}).status_code == 302

    assert texts(read(rey, PAGE), ".searches h3") == ["Odd"]
    assert rey.get(f"{PAGE}/{SavedSearch.objects.get().pk}").status_code == 302
    assert rey.get("/").status_code == 200


def feed_of(rey):
    keep(rey, "/tags/Dracula/works", "Castle")
    press_act(rey, "feed")
    return read(rey, PAGE).cssselect(".own-feed a")[0].get("href").removeprefix("http://testserver")


def press_act(rey, act):
    assert rey.post(f"{PAGE}/{SavedSearch.objects.get().pk}", {"act": act}).headers["Location"] == PAGE


def test_a_feed_of_her_own_shows_what_any_member_may_see_without_what_she_excluded(rey, guest, cast):
    make_work("For all", tags=DRACULA)
    make_work("For members", tags=DRACULA, audience=Audience.MEMBERS)
    unwanted = make_work("Unwanted", tags=DRACULA)
    make_work("Hidden", tags=DRACULA, hidden=True)
    make_work("Her draft", tags=DRACULA, state="draft", owner=cast.rey)
    make_work("Her hidden one", tags=DRACULA, hidden=True, owner=cast.rey)
    excluding.exclude_work(viewer(cast.rey), unwanted.pk)
    where = feed_of(rey)
    for client in (guest, rey):
        told = client.get(where).content.decode()
        assert [word in told for word in ("For all", "For members")] == [True, True]
        assert not any(word in told for word in ("Unwanted", "Hidden", "draft", "hidden one"))
    answer = guest.get(where)
    assert answer.headers["X-Robots-Tag"] == "noindex"
    assert "private" in answer.headers["Cache-Control"]


def test_a_moderators_and_an_archivists_feeds_show_no_more(browser, guest, cast):
    make_work("Hidden", tags=DRACULA, hidden=True)
    make_work("Draft", tags=DRACULA, state="draft")
    make_work("For all", tags=DRACULA)
    for user in (cast.mo, cast.ari):
        search = saving.keep(viewer(user), "All", "")
        saving.open_feed(search)
        told = guest.get(links.own_feed(search.token)).content.decode()
        assert ("For all" in told, "Hidden" in told, "Draft" in told) == (True, False, False)


def test_a_feeds_address_ends_when_it_is_closed_or_changed_or_its_member_is_gone(rey, guest, cast):
    make_work("For all", tags=DRACULA)
    first = feed_of(rey)
    press_act(rey, "feed")
    second = links.own_feed(SavedSearch.objects.get().token)
    assert [guest.get(each).status_code for each in (first, second)] == [404, 200]
    cast.rey.is_active = False
    cast.rey.save()
    gone = guest.get(second)
    assert gone.content == guest.get(links.own_feed("nonsense")).content
    cast.rey.is_active = True
    cast.rey.save()
    press_act(rey, "no-feed")
    assert guest.get(second).status_code == 404
    assert guest.get("/feeds/.atom").status_code == 404


def test_sentences_name_people_and_series(rey, db):
    work = make_work("One", author="mina")
    pseud = work.byline[0].pseud
    keep(rey, f"/works?by={pseud.pk}", "Hers")

    assert texts(read(rey, PAGE), ".search-head p") == ["1 work by mina"]
    where = rey.get(f"{PAGE}/{SavedSearch.objects.get().pk}").headers["Location"]
    assert sentence(read(rey, where)) == "1 work by mina"


def test_seconds_are_counted_from_the_next(rey, db):
    moment = datetime(2026, 1, 2, 3, 4, 5, 999999, tzinfo=UTC)
    work = make_work("One", tags=DRACULA)
    Work.objects.filter(pk=work.pk).update(revised=moment)
    ledger.mark("work", [work.pk])
    indexer.drain_if_free()
    rey.post(PAGE, {"name": "All", "query": ""})
    SavedSearch.objects.update(seen=moment)
    assert texts(read(rey, "/"), ".saved .new") == []
    SavedSearch.objects.update(seen=moment - timedelta(seconds=1))
    assert texts(read(rey, "/"), ".saved .new") == ["1 new"]
