"""Feeds of lists: what is new, as everybody may see it."""

from __future__ import annotations

from datetime import UTC, datetime

import lxml.etree
import pytest

from tests.cast import viewer
from tests.makers import make_work, prose
from tests.web.lists.pages import read
from undying.community import excluding
from undying.finding import indexer
from undying.finding.backends import IndexGone
from undying.finding.backends.memory import MemoryBackend
from undying.library.models import Tag, Work
from undying.library.wrangling import make_synonym
from undying.manuscript import Audience, Credit, State, TagKind

ATOM = {"a": "http://www.w3.org/2005/Atom"}
DRACULA = {TagKind.FANDOM: ["Dracula"], TagKind.ADDITIONAL: ["Slow & Burn"]}
PARSER = lxml.etree.XMLParser(resolve_entities=False, no_network=True)


def feed(client, where):
    answer = client.get(where)
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "application/atom+xml; charset=utf-8"
    return lxml.etree.fromstring(answer.content, PARSER)


def told(tree, path):
    return tree.xpath(f"//a:{path}", namespaces=ATOM)


def test_an_entry_tells_what_a_card_tells(guest):
    make_work(
        "A <Lamp> & a Bell",
        tags=DRACULA,
        credits=(Credit(name="Mina"), Credit(name="Lucy")),
        summary=prose("Rain <em>& fog</em>."),
        published=datetime(2020, 1, 2, tzinfo=UTC),
    )
    number = Work.objects.get().pk
    tree = feed(guest, "/tags/Dracula/works/feed.atom")

    assert told(tree, "feed/a:title/text()") == ["1 work in Dracula | Undying"]
    assert told(tree, "entry/a:title/text()") == ["A <Lamp> & a Bell"]
    assert told(tree, "entry/a:id/text()") == [f"http://testserver/works/{number}"]
    assert told(tree, "entry/a:author/a:name/text()") == ["Mina, Lucy"]
    assert told(tree, "entry/a:summary[@type='html']/text()") == ["<p>Rain <em>&amp; fog</em>.</p>"]
    assert told(tree, "entry/a:updated/text()") == ["2020-01-02T00:00:00+00:00"]
    assert told(tree, "entry/a:category/@term") == ["Dracula", "Slow & Burn"]
    assert told(tree, "feed/a:link[@rel='alternate']/@href") == ["http://testserver/tags/Dracula/works"]


def test_every_list_names_its_feed_and_a_filtered_list_a_filtered_one(guest):
    make_work("Yes", text="A lamp.", tags=DRACULA)
    make_work("No", tags=DRACULA)
    for where, titles in (
        ("/works", {"Yes", "No"}),
        ("/works/search?q=lamp", {"Yes"}),
        ("/tags/Dracula/works?q=lamp&page=1", {"Yes"}),
        ("/tags/Dracula/works?kind=fandom", {"Yes", "No"}),
    ):
        page = read(guest, where)
        (head,) = page.cssselect('link[type="application/atom+xml"]')
        assert head.get("href") in {each.get("href") for each in page.cssselect(".list-acts a")}
        assert set(told(feed(guest, head.get("href")), "entry/a:title/text()")) == titles


def test_newest_first_whatever_the_list_is_sorted_by_and_thirty_at_most(guest):
    for number in range(33):
        make_work(f"{number:02}", published=datetime(2020, 1, 1, number % 24, number, tzinfo=UTC))
    titles = told(feed(guest, "/works/feed.atom?sort=title&page=2"), "entry/a:title/text()")

    assert len(titles) == 30
    assert titles == [each.title for each in Work.objects.order_by("-revised", "-pk")[:30]]


def test_a_reader_that_holds_it_is_sent_nothing_and_no_cookie(guest):
    make_work("One")
    first = guest.get("/works/feed.atom")
    again = guest.get("/works/feed.atom", headers={"If-None-Match": first.headers["ETag"]})

    assert (again.status_code, again.content) == (304, b"")
    assert not first.cookies
    assert not again.cookies
    make_work("Two")
    third = guest.get("/works/feed.atom", headers={"If-None-Match": first.headers["ETag"]})
    assert third.status_code == 200


def test_without_an_index_a_feed_is_sent_only_where_the_database_can_tell(guest, monkeypatch):
    def gone(*_args, **_options):
        raise IndexGone("no such folder")

    make_work("One", text="A lamp.", tags=DRACULA)
    make_work("Other", tags=DRACULA)
    monkeypatch.setattr(MemoryBackend, "find", gone)

    assert len(told(feed(guest, "/tags/Dracula/works/feed.atom"), "entry")) == 2
    answer = guest.get("/works/feed.atom?q=lamp")
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "900")


def test_an_empty_feed_is_the_same_each_time(guest):
    first, second = guest.get("/works/feed.atom?q=nothing"), guest.get("/works/feed.atom?q=nothing")

    assert first.content == second.content
    assert b"<entry" not in first.content


def test_a_lists_feed_is_a_guests_whoever_asks(browser, guest, cast):
    make_work("Open", tags=DRACULA)
    make_work("Members", tags=DRACULA, audience=Audience.MEMBERS)
    make_work("Draft", tags=DRACULA, state=State.DRAFT, owner=cast.rey)
    unwanted = make_work("Unwanted", tags=DRACULA)
    excluding.exclude_work(viewer(cast.rey), unwanted.pk)
    for where in ("/works/feed.atom", "/tags/Dracula/works/feed.atom"):
        same = {browser(user).get(where).content for user in (None, cast.rey, cast.mo, cast.ari)}
        assert len(same) == 1
        assert set(told(feed(guest, where), "entry/a:title/text()")) == {"Open", "Unwanted"}


def test_a_tag_that_only_secret_works_carry_has_no_feed(guest, browser, cast):
    make_work("Members", tags=DRACULA, audience=Audience.MEMBERS)

    for client in (guest, browser(cast.rey)):
        assert client.get("/tags/Dracula/works/feed.atom").status_code == 404


@pytest.mark.parametrize("title", ["Bell \x07 and \x1b candle", "\ufffe\uffff", "😀 𐍈"])
def test_what_xml_cannot_hold_is_left_out(guest, title):
    work = make_work("One")
    Work.objects.filter(pk=work.pk).update(title=title)

    assert len(told(feed(guest, "/works/feed.atom"), "entry/a:title")) == 1


def test_the_feed_of_a_synonym_is_that_of_the_tag_it_means(guest):
    make_work("One", tags={TagKind.FANDOM: ["Drac"]})
    make_work("Two", tags={TagKind.FANDOM: ["Dracula"]})
    make_synonym(Tag.objects.get(name="Drac"), of=Tag.objects.get(name="Dracula"))
    indexer.drain_if_free()
    tree = feed(guest, "/tags/Drac/works/feed.atom")

    assert set(told(tree, "entry/a:title/text()")) == {"One", "Two"}
    assert told(tree, "feed/a:link[@rel='alternate']/@href") == ["http://testserver/tags/Dracula/works"]
