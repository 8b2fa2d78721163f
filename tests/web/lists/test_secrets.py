"""Lists tell nobody of what she may not read: not by a title, a tag, a count, a page number or a word."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import partial

import pytest

from tests.makers import make_work, prose
from tests.web.lists.pages import address, facets, read, search, sentence, texts, titles
from undying.finding import indexer
from undying.kernel import ledger
from undying.kernel.ids import SMALLEST
from undying.library.models import Chapter, Placement, Tag
from undying.manuscript import Audience, State, TagKind

OPEN = {TagKind.FANDOM: ["Dracula"], TagKind.CHARACTER: ["Mina Harker"]}
SECRET = {TagKind.FANDOM: ["Dracula"], TagKind.CHARACTER: ["Mina Harker"], TagKind.ADDITIONAL: ["Secret Tag"]}
WHEN = datetime(2020, 1, 2, tzinfo=UTC)
secret = partial(make_work, "The Locked Room", text="A lamp nobody sees.", tags=SECRET, published=WHEN, language="fr")
ADDRESSES = [
    "/",
    "/fandoms",
    "/tags/Dracula",
    "/tags/Dracula/works",
    "/works",
    "/works?page=2",
    "/works/search",
    "/works/search?work_search%5Bquery%5D=lamp",
    "/works/search?work_search%5Bquery%5D=nobody",
    "/works?work_search%5Blanguage_id%5D=fr",
    "/works?work_search%5Bother_tag_names%5D=Secret+Tag",
    "/works?work_search%5Bexcluded_tag_names%5D=Secret+Tag",
    "/works?work_search%5Bsort_column%5D=word_count",
    "/works?work_search%5Bplacement_part%5D=7&work_search%5Bplacement_unit%5D=book",
    "/tags/Secret%20Tag/works",
    "/tags/Secret%20Tag",
    "/works?tag_id=Secret+Tag",
]


@pytest.mark.parametrize(
    "hide",
    [
        lambda cast: secret(state=State.DRAFT, owner=cast.ada),
        lambda _: secret(hidden=True),
        lambda _: secret(audience=Audience.MEMBERS),
    ],
    ids=["a draft", "a hidden work", "a members' work"],
)
def test_a_guests_pages_are_the_same_bytes_whether_or_not_there_is_a_secret(guest, cast, hide):
    for number in range(22):
        make_work(f"Open {number}", text="A lamp.", tags=OPEN, published=WHEN)
    before = {where: guest.get(where).content for where in ADDRESSES}
    hide(cast)

    for where in ADDRESSES:
        assert guest.get(where).content == before[where], where


def test_a_draft_chapter_adds_nothing_to_any_list(guest):
    work = make_work("Open", text="A lamp.", tags=OPEN, published=WHEN)
    before = {where: guest.get(where).content for where in ADDRESSES}
    draft = Chapter.objects.create(work=work, position=2, title="Secret", body=prose("nobody"), state=State.DRAFT)
    Placement.objects.create(work=work, chapter=draft, position=9, relation="within", unit="book", part="7")
    ledger.mark("work", [work.pk])
    indexer.drain_if_free()

    for where in ADDRESSES:
        assert guest.get(where).content == before[where], where


@pytest.mark.parametrize("side", ["include", "exclude"])
def test_the_number_of_a_secret_tag_is_as_good_as_none(guest, side):
    make_work("Open", tags=OPEN)
    number = Tag.objects.create(pk=SMALLEST + 123_456, kind=TagKind.ADDITIONAL, name="Secret Tag").pk
    secret(audience=Audience.MEMBERS)
    pages = [
        guest.get(f"/works?{side}_work_search%5Bfandom_ids%5D%5B%5D={each}").content.replace(b"%d" % each, b"N")
        for each in (number, SMALLEST + 987_654)
    ]

    assert pages[0] == pages[1]
    assert b"Secret" not in pages[0]


def test_an_unknown_tag_is_a_filter_that_can_be_lifted_and_is_not_lost(guest):
    make_work("Open", tags=OPEN)
    page = read(guest, f"/works?include_work_search%5Bfreeform_ids%5D%5B%5D={SMALLEST}")

    assert (sentence(page), titles(page)) == ("No works with a tag that is not here", [])
    assert page.cssselect(f'#work-filters input[type=hidden][value="{SMALLEST}"]')
    assert titles(read(guest, page.cssselect("a.chip")[0].get("href"))) == ["Open"]


def test_each_viewer_sees_counts_of_her_own(browser, cast):
    make_work("Open", tags=OPEN)
    make_work("Members", tags=SECRET, audience=Audience.MEMBERS)
    make_work("Hidden", tags=OPEN, hidden=True)
    make_work("Draft", tags=SECRET, state=State.DRAFT, owner=cast.ada)
    told = {
        name: (sentence(page), facets(page).get("Dracula"), facets(page).get("Secret Tag"))
        for name, user in {
            "guest": None,
            "member": cast.rey,
            "author": cast.ada,
            "moderator": cast.mo,
            "archivist": cast.ari,
        }.items()
        for page in [search(browser(user))]
    }

    assert told == {
        "guest": ("1 work", "1", None),
        "member": ("2 works", "2", "1"),
        "author": ("3 works", "3", "2"),
        "moderator": ("3 works", "3", "1"),
        "archivist": ("4 works", "4", "2"),
    }


def test_words_of_a_members_work_are_quoted_to_members_only(browser, cast):
    secret(audience=Audience.MEMBERS)

    assert texts(search(browser(cast.rey), query="nobody"), ".passage mark") == ["nobody"]
    assert not search(browser(None), query="nobody").cssselect(".passage")


def test_a_work_that_changed_stays_out_until_the_index_has_seen_it(guest):
    work = make_work("Moving", tags=OPEN)
    make_work("Still", tags=OPEN)
    ledger.mark("work", [work.pk])

    page = search(guest)
    assert (sentence(page), titles(page), facets(page)["Dracula"]) == ("1 work", ["Still"], "1")
    indexer.drain_if_free()
    assert sentence(search(guest)) == "2 works"


def test_a_stale_index_shows_no_work_that_was_closed(guest):
    work = make_work("Closed", tags=SECRET)
    work.audience = Audience.MEMBERS
    work.save()  # without a mark: as if the index had missed it

    page = search(guest)
    assert titles(page) == []
    assert "Secret Tag" not in facets(page)
    assert b"Closed" not in guest.get(address()).content
