"""The page of a work's creators, and the page of what a member is asked."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from tests.web.joining.post import BASE, know_own_address
from tests.web.writing.forms import WHOLE, said, written
from undying.kernel.tasks import run_due
from undying.library.models import CreatorInvitation, Work
from undying.web import links

if TYPE_CHECKING:
    from undying.people.models import Pseud


@pytest.fixture
def ada(cast, browser):
    return browser(cast.ada)


@pytest.fixture
def work(ada, cast) -> Work:
    assert cast.rey
    return written(ada, act="draft")


@pytest.fixture
def known_address(settings):
    know_own_address(settings)


def invite(client, work, pseud: Pseud, **more):
    return client.post(links.creators(work), {"act": "invite", "pen_name": str(pseud.pk), **more})


def test_she_finds_a_name_invites_it_and_sees_it_wait(ada, cast, work):
    told = said(ada.get(links.creators(work), {"find": "RE"}))
    assert "Invite <bdi>rey</bdi>" in told
    part = ada.get(
        links.creators(work), {"find": "RE"}, headers={"HX-Request": "true", "HX-Target": "offers"}
    ).content.decode()
    assert part.strip().startswith('<div id="offers"')
    invite(ada, work, cast.rey.pseuds.get())
    told = said(ada.get(links.creators(work)))
    assert "rey is invited" in told
    assert "asked on" in told
    row = CreatorInvitation.objects.get()
    ada.post(links.creators(work), {"act": "withdraw", "invitation": str(row.pk)})
    assert "Invited" not in said(ada.get(links.creators(work)))


def test_she_is_asked_sees_title_summary_and_who_and_not_the_text(ada, cast, browser, work):
    rey = browser(cast.rey)
    invite(ada, work, cast.rey.pseuds.get())
    assert "Asked of you (1)" in said(rey.get("/users/rey"))
    told = said(rey.get(links.asked("rey")))
    assert work.title in told
    assert "and <em>more</em> rain" in told
    assert 'href="/users/ada/pseuds/ada"' in told
    assert "It stayed." not in told
    assert rey.get(links.of(work)).status_code == 404

    row = CreatorInvitation.objects.get()
    answer = rey.post(links.asked("rey"), {"act": "accept", "invitation": row.pk, "pen_name": cast.rey.pseuds.get().pk})
    assert answer["Location"] == links.of(work)
    assert "It stayed." in said(rey.get(links.of(work)))
    changed = {**WHOLE, "title": "Ours", "act": "save"}
    assert rey.post(links.edit(work), {**changed, "token": _token(rey, work)}).status_code == 302
    work.refresh_from_db()
    assert work.title == "Ours"
    assert [each.pseud.name for each in work.byline] == ["ada", "rey"]


def _token(client, work) -> str:
    found = re.search(r'name="token"\s+value="(\d+)"', client.get(links.edit(work)).content.decode())
    assert found
    return found[1]


def test_saying_no_is_told_to_who_asked_and_to_nobody_else(ada, cast, browser, work):
    rey = browser(cast.rey)
    invite(ada, work, cast.rey.pseuds.get())
    row = CreatorInvitation.objects.get()
    rey.post(links.asked("rey"), {"act": "refuse", "invitation": row.pk})
    assert "Nothing now." in said(rey.get(links.asked("rey")))
    assert "said no on" in said(ada.get(links.creators(work)))
    invite(ada, work, cast.rey.pseuds.get())
    assert "rey has said no to this." in said(ada.get(links.creators(work)))


def test_a_preference_keeps_all_invitations_away(ada, cast, browser, work):
    browser(cast.rey).post("/users/rey/preferences", {"no_invitations": "yes"})
    invite(ada, work, cast.rey.pseuds.get())
    assert "rey takes no invitations." in said(ada.get(links.creators(work)))
    assert not CreatorInvitation.objects.exists()


@pytest.mark.django_db(transaction=True)  # the worker's connection is not the test's
@pytest.mark.usefixtures("known_address")
def test_a_letter_tells_her(ada, cast, work, mailoutbox):
    cast.rey.email = "rey@mail.example"
    cast.rey.save()
    invite(ada, work, cast.rey.pseuds.get())
    run_due()
    [letter] = mailoutbox
    assert letter.subject == "ada asks you to write together"
    assert work.title in letter.body
    assert f"{BASE}/users/rey/asked" in letter.body


def test_a_chapters_creator_finds_its_form_and_no_other(ada, cast, browser):
    work = written(ada)
    ada.post(links.new_chapter(work), {"chapter_title": "Two", "body": "More.", "act": "post"})
    second = work.chapters.get(position=2)
    assert "Chapter 2 alone" in said(ada.get(links.creators(work)))
    rey = browser(cast.rey)
    invite(ada, work, cast.rey.pseuds.get(), chapter=str(second.pk))
    row = CreatorInvitation.objects.get()
    assert "of chapter 2" in said(rey.get(links.asked("rey")))
    rey.post(links.asked("rey"), {"act": "accept", "invitation": row.pk, "pen_name": cast.rey.pseuds.get().pk})
    page = said(rey.get(links.of(second)))
    assert "Edit this chapter" in page
    assert ">Versions<" not in page
    form = rey.get(links.chapter_act(second, "edit"))
    assert ">Versions<" not in said(form)
    answer = rey.post(links.chapter_act(second, "edit"), {"chapter_title": "Ours", "body": "More.", "act": "save"})
    assert answer.status_code == 302
    second.refresh_from_db()
    assert second.title == "Ours"
    for address in (links.edit(work), links.creators(work), links.chapter_act(work.chapters.get(position=1), "edit")):
        assert rey.get(address).status_code == 404
    assert "Edit this chapter" not in said(rey.get(links.of(work.chapters.get(position=1))))


@pytest.mark.parametrize("who", ["guest", "rey", "mo", "ari"])
def test_for_all_but_its_creators_there_is_no_such_page(ada, cast, browser, work, who):
    client = browser(None if who == "guest" else getattr(cast, who))
    assert client.get(links.creators(work)).status_code == 404
    assert invite(client, work, cast.mo.pseuds.get()).status_code == 404
    assert client.get(links.asked("ada")).status_code == 404
    assert not CreatorInvitation.objects.exists()


def test_numbers_that_are_none_are_not_there(ada, cast, browser, work):
    for number in ("", "x", "9" * 30, "12345"):
        assert ada.post(links.creators(work), {"act": "invite", "pen_name": number}).status_code == 404
        assert browser(cast.rey).post(links.asked("rey"), {"act": "accept", "invitation": number}).status_code == 404
    assert invite(ada, work, cast.rey.pseuds.get(), chapter="12345").status_code == 404
