"""What a member keeps for herself shows nowhere else, and tells her nothing of what she may not read."""

from __future__ import annotations

import re
from functools import partial

import pytest

from tests.cast import viewer
from tests.makers import make_work
from tests.web.own.everything import a_work_in_every_list
from undying.community import excluding, saving
from undying.community.models import SavedSearch
from undying.exchange import exports
from undying.library.models import Tag
from undying.manuscript import Audience, State, TagKind
from undying.web import links

SECRET = {TagKind.FANDOM: ["Carmilla"], TagKind.ADDITIONAL: ["Secret Tag"], TagKind.RATING: ["Secret Rating"]}
secret = partial(make_work, "The Locked Room", text="A lamp nobody sees.", tags=SECRET, author="nobody", language="cy")
HERS = (
    "/users/rey/exclusions",
    "/users/rey/exclusions?find=secret",
    "/users/rey/exclusions?find=nobody",
    "/users/rey/searches",
    "/users/rey/searches/new?q=lamp",
    "/users/rey/searches/new?with=Secret+Tag",
    "/users/rey/searches/new?by=nobody",
    "/works/feed.atom",
    "/works/feed.atom?q=lamp",
    "/tags/Carmilla/works/feed.atom",
    "/tags/Secret%20Tag/works/feed.atom",
)


def body(client, address):
    """What the page says, but for the token of its forms, which is another each time."""
    return re.sub(rb'(csrfmiddlewaretoken" value=")\w+', rb"\1", client.get(address).content)


@pytest.mark.parametrize("who", ["guest", "ada", "mo", "ari"])
def test_nobody_sees_that_she_keeps_anything(browser, cast, who):
    wanted, unwanted, addresses = a_work_in_every_list()
    addresses += [*HERS, "/users/rey", "/users/ada", links.of(unwanted), "/search/people?q=lucy", "/search/tags?q=car"]
    author, client = cast.ada, browser(None if who == "guest" else getattr(cast, who))
    me = viewer(cast.rey)
    before = {address: body(client, address) for address in addresses}
    excluding.exclude_work(me, unwanted.pk)
    excluding.exclude_tag(me, Tag.objects.get(name="Carmilla").pk)
    excluding.exclude_pen_name(me, wanted.byline[0].pseud_id)
    excluding.exclude_account(me, author.username)
    saving.open_feed(saving.keep(me, "Lamps", "q=lamp"))

    for address in addresses:
        assert body(client, address) == before[address], address


@pytest.mark.parametrize("who", ["guest", "ada", "mo", "ari"])
def test_the_pages_of_another_are_as_absent_as_pages_that_never_were(browser, cast, who):
    work = make_work("Lanterns")
    me = viewer(cast.rey)
    excluding.exclude_work(me, work.pk)
    kept = saving.keep(me, "Lamps", "q=lamp")
    client = browser(None if who == "guest" else getattr(cast, who))
    nowhere = body(client, "/nowhere")
    for address in (
        links.exclusions("rey"),
        links.exclusions("REY"),
        links.exclude("rey", work),
        links.searches("rey"),
        links.new_search("rey", "q=lamp"),
        links.saved_search("rey", kept.pk),
        links.exclusions("nobody-of-that-name"),
    ):
        answer = client.get(address)
        assert (answer.status_code, body(client, address)) == (404, nowhere), address
    for address, fields in (
        (links.exclusions("rey"), {"remove": str(excluding.kept_by(me)[0].pk)}),
        (links.exclusions("rey"), {"work": str(work.pk)}),
        (links.searches("rey"), {"name": "A", "query": ""}),
        (links.saved_search("rey", kept.pk), {"act": "remove"}),
    ):
        assert client.post(address, fields).status_code == 404
    own = client.post(links.exclusions(who), {"remove": str(excluding.kept_by(me)[0].pk)})
    assert own.status_code == 404
    assert client.post(links.saved_search(who, kept.pk), {"act": "remove"}).status_code == 404
    assert (len(excluding.kept_by(me)), SavedSearch.objects.count()) == (1, 1)


@pytest.mark.parametrize(
    "hide",
    [
        lambda cast: secret(state=State.DRAFT, owner=cast.ada),
        lambda _: secret(hidden=True),
        lambda _: secret(state="draft"),
    ],
    ids=["a draft of an account", "a hidden work", "a draft of nobody"],
)
def test_her_own_pages_and_feeds_are_the_same_whether_or_not_there_is_a_secret(browser, guest, cast, hide):
    make_work(
        "Lanterns", text="A lamp.", tags={TagKind.FANDOM: ["Carmilla"], TagKind.RATING: ["Mature"]}, language="en"
    )
    client, me = browser(cast.rey), viewer(cast.rey)
    search = saving.keep(me, "Lamps", "q=lamp")
    saving.open_feed(search)
    excluding.exclude_language(me, "en")
    feed = links.own_feed(search.token)
    addresses = [*HERS, "/", "/works", "/works?anyway=yes", "/fandoms"]
    before = {address: body(client, address) for address in addresses}
    mine, everybodys = body(guest, feed), {address: body(guest, address) for address in HERS}
    hide(cast)

    for address in addresses:
        assert body(client, address) == before[address], address
    assert body(guest, feed) == mine
    assert {address: body(guest, address) for address in HERS} == everybodys


def test_an_account_cannot_be_told_by_its_exclusions_to_be_there(browser, cast):
    client, closed = browser(cast.rey), cast.sam.username

    told = [client.post(links.exclusions("rey"), {"account": name}) for name in (closed, "nobody")]
    assert [each.status_code for each in told] == [404, 404]
    assert told[0].content == told[1].content


def test_a_dump_carries_none_of_it(cast, home, tmp_path):
    work = make_work("Lanterns")
    exports.dump(tmp_path / "before.jsonl")
    me = viewer(cast.rey)
    excluding.exclude_work(me, work.pk)
    saving.open_feed(saving.keep(me, "Lamps", "q=lamp"))
    exports.dump(tmp_path / "after.jsonl")

    assert (tmp_path / "before.jsonl").read_bytes() == (tmp_path / "after.jsonl").read_bytes()


def test_pages_of_hers_stay_in_no_cache(browser, cast):
    client = browser(cast.rey)
    for address in HERS[:5]:
        assert client.get(address).headers["Cache-Control"] == "no-store"
    members = make_work("Members", audience=Audience.MEMBERS)
    assert client.get(links.exclude("rey", members)).headers["Cache-Control"] == "no-store"
