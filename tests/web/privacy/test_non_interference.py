"""Two archives that differ only in a secret are, for whoever may not see it, one: byte for byte, whatever she asks.

The second half looks for markers: words that stand only in what is secret stand in no answer to her, and do stand in
the answers to those who may see it.
"""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING

import pytest
from django.db import transaction

from tests.cast import viewer
from tests.web.privacy.archive import (
    OPEN_PICTURE,
    STATES,
    Secrets,
    make_batch,
    make_draft_chapter,
    make_open,
    make_open_keepsakes,
    make_secret,
    make_secret_keepsakes,
    stand_still,
)
from tests.web.privacy.surfaces import FILTERS, PLAIN, crawl, route_of, routes, searches
from undying.finding import engine
from undying.library import blocks
from undying.web import links

pytestmark = pytest.mark.slow

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client

    from tests.cast import Cast
    from tests.web.privacy.surfaces import Answer

KINDS = (*STATES, "draft chapter first", "draft chapter between", "keepsakes", "import")
HIDDEN_FROM = {
    "guest": KINDS,
    "rey": tuple(kind for kind in KINDS if kind not in {"members", "keepsakes"}),
    "mo": ("draft", "by link", "draft chapter first", "draft chapter between", "import"),
}


def add(kind: str, cast: Cast, notes: Secrets, first) -> None:
    """Put one secret into the archive."""
    if kind == "import":
        make_batch(notes, first)
    elif kind == "keepsakes":
        make_secret_keepsakes(notes)
    elif kind.startswith("draft chapter"):
        make_draft_chapter(notes, first, 1 if kind.endswith("first") else 2)
    else:
        make_secret(cast, notes, kind, **STATES[kind])


@pytest.fixture
def archive(cast: Cast, home, monkeypatch, settings) -> Callable[..., dict[str, list[Answer]]]:
    """A function that makes an archive with these secrets, asks it everything, and takes it back."""
    everybody = [cast.ada, cast.rey, cast.mo, cast.ari]
    assert everybody

    def ask_it(client: Client, kinds: tuple[str, ...], notes: Secrets, *, every_way: bool = True):
        engine._backend.cache_clear()
        drawn = stand_still(monkeypatch)
        point = transaction.savepoint()
        first, second = make_open(cast, 1), make_open(cast, 2)
        kept = make_open_keepsakes()
        if kinds:
            with drawn.in_secret():
                for kind in kinds:
                    add(kind, cast, notes, second if kind.startswith("draft chapter") else first)
        third = make_open(cast, 3)
        closely = [*PLAIN, *notes.addresses[:9], *_addresses(second), *kept]
        once = [*FILTERS, *notes.addresses, *searches(notes.markers), *_addresses(first), *_addresses(third)]
        seen = crawl(client, closely if every_way else (), once if every_way else [*closely, *once])
        transaction.savepoint_rollback(point)
        return seen

    return ask_it


def _addresses(work) -> list[str]:
    chapters = list(work.chapters.filter(state="posted").order_by("position"))
    return [
        links.of(work),
        links.work(work, whole=True),
        *(links.of(chapter) for chapter in chapters),
        *(f"/chapters/{chapter.pk}" for chapter in chapters),
        links.navigate(work),
        links.reviews(work),
        links.cover(work, small=True),
        *([links.cover(work)] if work.title.endswith("1") else []),
        links.picture(work.pk, OPEN_PICTURE.sha256),
        links.download(work, "epub"),
        links.download(work, "html"),
        *(links.of(each.series) for each in work.series_entries.all()),
        *(links.of(each.pseud) for each in work.byline),
        links.account(work.byline[0].pseud.handle),
    ]


def differences(one: dict[str, list[Answer]], other: dict[str, list[Answer]]) -> list[str]:
    """Addresses whose answers differ, and those that only one archive leads to."""
    told = [address for address in one.keys() & other.keys() if one[address] != other[address]]
    return sorted({*told, *(one.keys() ^ other.keys())})


def first_difference(address: str, one: dict[str, list[Answer]], other: dict[str, list[Answer]]) -> str:
    """Where the answers from an address part, for whoever has to mend it."""
    if address not in one or address not in other:
        return f"{address}: only one archive leads there"
    for number, (this, that) in enumerate(zip(one[address], other[address], strict=True)):
        if this != that:
            lines = difflib.unified_diff(
                str(this.headers).split("), (") + this.text.splitlines(),
                str(that.headers).split("), (") + that.text.splitlines(),
                lineterm="",
                n=0,
            )
            return f"{address}, way {number}: {this.status} {that.status}\n" + "\n".join(list(lines)[:20])
    return address


@pytest.mark.parametrize("who", HIDDEN_FROM)
def test_an_archive_with_secrets_and_one_without_are_the_same_to_one_who_may_not_see_them(cast, browser, archive, who):
    client = browser(None if who == "guest" else getattr(cast, who))
    notes = Secrets()
    kinds = HIDDEN_FROM[who]

    every_way = who == "guest"  # to a member nothing is answered in another way
    with_them = archive(client, kinds, notes, every_way=every_way)
    without = archive(client, (), notes, every_way=every_way)

    differ = differences(with_them, without)
    assert not differ, first_difference(differ[0], with_them, without)
    assert [
        (address, label)
        for address, answers in with_them.items()
        for told in ["\0".join(answer.text for answer in answers).casefold()]
        for label, word in notes.markers.items()
        if word not in address.casefold() and word in told
    ] == []
    assert set(routes()) - set(map(route_of, with_them)) == set()


@pytest.mark.parametrize(("who", "kinds"), [("ari", KINDS), ("ada", tuple(k for k in KINDS if k != "import"))])
def test_every_marker_shows_to_those_who_may_see_it(cast, browser, archive, who, kinds):
    notes = Secrets()
    client = browser(getattr(cast, who))
    client.cookies["view_adult"] = "true"

    seen = archive(client, kinds, notes, every_way=False)

    told = "".join(answer.text for answers in seen.values() for answer in answers).casefold()
    assert [label for label, word in notes.markers.items() if word not in told] == []


def hide_from_rey(kind: str, cast: Cast, notes: Secrets, _first) -> None:
    """A work of mo's that she hides from rey, whom she blocks."""
    make_secret(cast, notes, kind, owner=cast.mo)
    blocks.block(viewer(cast.mo), cast.rey.pseuds.get().pk, hides=True)


def test_works_that_are_hidden_from_the_blocked_are_to_her_as_if_they_were_not(cast, browser, archive, monkeypatch):
    monkeypatch.setattr("tests.web.privacy.test_non_interference.add", hide_from_rey)
    client, notes = browser(cast.rey), Secrets()

    with_it = archive(client, ("blocked",), notes, every_way=False)
    without = archive(client, (), notes, every_way=False)

    # The archive's own feeds are everybody's: they ask nobody who she is.
    differ = [each for each in differences(with_it, without) if "/works/feed.atom" not in each]
    assert not differ, first_difference(differ[0], with_it, without)
    assert notes.markers
