"""Who is asked to do what with a work shows to nobody but who asks and who is asked."""

from __future__ import annotations

import pytest
from django.db import transaction

from tests.cast import viewer
from tests.makers import make_work
from tests.web.privacy.archive import stand_still
from tests.web.privacy.surfaces import PLAIN, crawl
from tests.web.privacy.test_non_interference import differences, first_difference
from undying.finding import engine
from undying.library import co_authors
from undying.manuscript import Source, State
from undying.web import links


def seen(client, cast, monkeypatch, *, is_asked: bool):
    """All that there is to be asked, where rey is invited to a work and a draft, or not."""
    engine._backend.cache_clear()
    stand_still(monkeypatch)
    point = transaction.savepoint()
    works = [
        make_work("By day", owner=cast.ada, chapters=2, source=Source(site="open.example", key="1")),
        make_work("By night", owner=cast.ada, state=State.DRAFT, source=Source(site="open.example", key="2")),
    ]
    if is_asked:
        invite(cast, works)
    addresses = [
        address
        for work in works
        for address in (links.of(work), links.creators(work), links.navigate(work), links.download(work, "epub"))
    ]
    addresses += [links.asked("rey"), "/search/people?q=rey", "/works/search?work_search%5Bquery%5D=by%3Arey"]
    found = crawl(client, (), [*PLAIN, *addresses, "/users/rey/pseuds/rey"])
    transaction.savepoint_rollback(point)
    return found


def invite(cast, works) -> None:
    [pseud] = cast.rey.pseuds.all()
    for work in works:
        co_authors.invite(viewer(cast.ada), work, pseud.pk)
    co_authors.invite(viewer(cast.ada), works[0], pseud.pk, works[0].chapters.in_order()[1])


@pytest.mark.slow
@pytest.mark.parametrize("who", ["guest", "mo", "ari"])
def test_an_invitation_changes_no_byte_of_any_page_for_others(cast, browser, home, monkeypatch, who):
    assert [cast.ada, cast.rey, cast.mo, cast.ari]
    client = browser(None if who == "guest" else getattr(cast, who))
    with_it, without = (seen(client, cast, monkeypatch, is_asked=each) for each in (True, False))

    differ = differences(with_it, without)
    assert not differ, first_difference(differ[0], with_it, without)


@pytest.mark.slow
def test_who_is_asked_sees_it_on_her_own_pages_alone(cast, browser, home, monkeypatch):
    assert [cast.ada, cast.rey, cast.mo, cast.ari]
    client = browser(cast.rey)
    with_it, without = (seen(client, cast, monkeypatch, is_asked=each) for each in (True, False))

    own = {"/users/rey", "/users/rey/asked", "/users/rey/pseuds/rey", "/users/rey/works"}
    differ = set(differences(with_it, without))
    assert {"/users/rey", "/users/rey/asked"} <= differ <= own | {"/users/rey/pseuds/rey/works"}
    assert "By night" in with_it["/users/rey/asked"][0].text
