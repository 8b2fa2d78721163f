"""Blocking: who is blocked can do her nothing, learns nothing, and sees no works where she says so."""

from __future__ import annotations

import pytest

from tests.cast import viewer
from tests.makers import make_work
from tests.web.own.test_secrets import body
from tests.web.writing.forms import WHOLE, said, written
from undying.finding import engine, indexer
from undying.finding.criteria import Criteria
from undying.kernel import ledger
from undying.library import access, blocks, co_authors
from undying.library.models import CreatorInvitation, Creatorship, Work
from undying.people.blocking import keeps_away
from undying.people.models import Block, Pseud
from undying.web import links

PATH = "/users/ada/blocks"


@pytest.fixture
def ada(cast, browser):
    assert cast.rey
    return browser(cast.ada)


def block(client, pseud: Pseud, **more):
    return client.post(PATH, {"pen_name": str(pseud.pk), **more})


def test_she_finds_blocks_hides_shows_and_unblocks(ada, cast):
    pseud = cast.rey.pseuds.get(name="rey")
    assert links.blocks("ada", pseud) in ada.get("/users/rey").content.decode().replace("&amp;", "&")
    assert "Block <bdi>rey</bdi>" in said(ada.get(links.blocks("ada", pseud)))
    assert "Block <bdi>rey</bdi>" in said(ada.get(PATH, {"find": "RE"}))
    block(ada, pseud)
    assert "rey is blocked. Nobody is told." in said(ada.get(PATH))
    assert "sees your works" in said(ada.get(PATH))
    block(ada, pseud, hides="yes")
    assert "does not see your works" in said(ada.get(PATH))
    row = Block.objects.get()
    assert keeps_away(cast.ada.pk, cast.rey.pk)
    assert not keeps_away(cast.rey.pk, cast.ada.pk)
    ada.post(PATH, {"unblock": str(row.pk)})
    assert not Block.objects.exists()
    assert "Nobody." in said(ada.get(PATH))


def test_what_cannot_be_blocked_is_said(ada, cast, monkeypatch):
    block(ada, cast.ada.pseuds.get())
    assert "That is you." in said(ada.get(PATH))
    monkeypatch.setattr(blocks, "MOST", 1)
    block(ada, cast.rey.pseuds.get(name="rey"))
    block(ada, cast.mo.pseuds.get())
    assert "There is room for 1" in said(ada.get(PATH))
    for number in ("", "x", "12345", "9" * 30):
        assert ada.post(PATH, {"pen_name": number}).status_code == 404
        assert ada.post(PATH, {"unblock": number}).status_code == 404
    assert block(ada, cast.sam.pseuds.get()).status_code == 404


def test_who_is_blocked_can_neither_invite_nor_give_under_any_of_her_names(ada, cast, browser):
    rey = browser(cast.rey)
    moth = Pseud.objects.create(user=cast.rey, name="Moth")
    asked = written(rey, pseud=[str(moth.pk)])
    co_authors.invite(viewer(cast.rey), asked, cast.ada.pseuds.get().pk)
    block(ada, cast.rey.pseuds.get(name="rey"))
    assert CreatorInvitation.objects.get().refused

    work = written(rey, pseud=[str(moth.pk)])
    told = {"act": "invite", "pen_name": str(cast.ada.pseuds.get().pk)}
    rey.post(links.creators(work), told)
    assert "ada takes no invitations." in said(rey.get(links.creators(work)))
    assert CreatorInvitation.objects.count() == 1
    assert "ada takes no gifts" in said(rey.post("/works/new", {**WHOLE, "gifts": "ada"}))
    ada.post(PATH, {"unblock": str(Block.objects.get().pk)})
    rey.post(links.creators(work), told)
    assert CreatorInvitation.objects.count() == 2


def test_who_has_her_blocked_is_told_no_more_than_of_a_preference(ada, cast, browser):
    rey = browser(cast.rey)
    work = written(rey)
    rey.get(links.of(work))  # reads what was said after posting
    told = {"act": "invite", "pen_name": str(cast.ada.pseuds.get().pk)}

    def answers() -> list[bytes]:
        rey.post(links.creators(work), told)
        return [body(rey, links.creators(work)), body(rey, "/users/ada"), body(rey, "/users/rey")]

    block(ada, cast.rey.pseuds.get(name="rey"))
    blocked = answers()
    ada.post(PATH, {"unblock": str(Block.objects.get().pk)})
    ada.post("/users/ada/preferences", {"no_invitations": "yes", "no_gifts": "yes"})
    assert answers() == blocked


def test_one_blocked_name_tells_of_no_other(ada, cast):
    moth = Pseud.objects.create(user=cast.rey, name="Moth")
    block(ada, moth)
    told = said(ada.get(PATH))
    assert "Moth" in told
    assert "rey" not in told
    assert body(ada, links.blocks("ada", cast.rey.pseuds.get(name="rey"))).count(b"Block <bdi>rey</bdi>") == 1
    block(ada, cast.rey.pseuds.get(name="rey"))
    assert Block.objects.count() == 2


def test_hidden_works_are_those_under_linked_names_and_hidden_while_she_is_signed_in(ada, cast, browser, guest):
    rey, work = browser(cast.rey), make_work("By day", owner=cast.ada)
    night, both = make_work("By night"), make_work("By both", owner=cast.ada)
    Creatorship.objects.filter(work=night).update(pseud=Pseud.objects.create(user=cast.ada, name="Moth"))
    Creatorship.objects.create(work=both, pseud=cast.rey.pseuds.get(name="rey"), position=1)
    ledger.mark("work", list(Work.objects.values_list("pk", flat=True)))
    indexer.drain_if_free()
    block(ada, cast.rey.pseuds.get(name="rey"), hides="yes")

    assert rey.get(links.of(work)).content == rey.get("/works/12345").content
    assert {each: rey.get(links.of(each)).status_code for each in (night, both)} == {night: 200, both: 200}
    listed = said(rey.get("/works"))
    assert "By day" not in listed
    assert "2 works" in listed
    assert "By day" not in said(rey.get("/users/ada"))
    assert "By day" in said(guest.get("/works"))
    ada.post(PATH, {"unblock": str(Block.objects.get().pk)})
    assert rey.get(links.of(work)).status_code == 200
    for who in (cast.mo, cast.ari):
        blocks.block(viewer(cast.ada), who.pseuds.get().pk, hides=True)
        assert browser(who).get(links.of(work)).status_code == 200
        assert "By day" in said(browser(who).get("/works"))


def test_the_index_and_the_database_agree_on_what_is_hidden(cast, home):
    work = make_work("By day", owner=cast.ada)
    make_work("Lanterns")
    rey = viewer(cast.rey)
    shut_out = type(rey)(user_id=rey.user_id, name="rey", role=rey.role, shut_out=frozenset({cast.ada.pk}))
    assert access.kept_from(shut_out) == [work.pk]
    assert access.kept_from(rey) == []
    for asked, total in ((rey, 2), (shut_out, 1)):
        assert engine.find(Criteria(), asked).total == total
        assert engine.count(Criteria(), asked) == total
        assert Work.objects.visible_to(asked).count() == total


@pytest.mark.parametrize("who", ["guest", "rey", "mo", "ari"])
def test_nobody_sees_that_she_blocks_anybody(ada, cast, browser, who):
    assert [cast.mo, cast.ari]
    client = browser(None if who == "guest" else getattr(cast, who))
    work = make_work("By day", owner=cast.ada)
    addresses = [PATH, "/", "/works", "/users/ada", "/users/rey", links.of(work), "/search/people?q=ada"]
    before = {address: body(client, address) for address in addresses}
    block(ada, cast.rey.pseuds.get(name="rey"))
    assert {address: body(client, address) for address in addresses} == before
    assert client.get(PATH).status_code == 404
    assert block(client, cast.mo.pseuds.get()).status_code == 404
    assert client.post(PATH, {"unblock": str(Block.objects.get().pk)}).status_code == 404
    assert Block.objects.count() == 1


def test_a_works_page_leads_to_where_it_is_left_out(ada, cast, browser, guest):
    work = make_work("By day", owner=cast.ada)
    assert f'href="{links.exclude("rey", work)}"' in said(browser(cast.rey).get(links.of(work)))
    for client in (ada, guest):
        assert "/exclusions/works/" not in said(client.get(links.of(work)))
