"""Where the archivist has chosen so, the first work of a new author waits for her, a draft in everybody's eyes."""

from __future__ import annotations

import pytest

from tests.web.joining.post import BASE, know_own_address, letters
from tests.web.writing.forms import WHOLE, said, written
from undying.kernel import chosen
from undying.library.models import HandedIn, Work
from undying.manuscript import State
from undying.moderation.models import Decision
from undying.people.models import User
from undying.web import links

WHERE = "/desk/first-works"
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("home")]
HANDED_IN = "It is handed in"


@pytest.fixture
def ada(cast, browser, settings):
    """Ada, who has never posted here, in an archive where new authors wait."""
    know_own_address(settings)
    chosen.change({"first_works": "wait"}, by="ari")
    cast.ada.email = "ada@example.org"
    cast.ada.save()
    return browser(cast.ada)


@pytest.fixture
def ari(cast, browser):
    return browser(cast.ari)


def decide(client, work, act, **more) -> str:
    return said(client.post(WHERE, {"work": str(work.pk), "act": act, **more}, follow=True))


def state(work) -> str:
    return Work.objects.get(pk=work.pk).state


def test_it_stays_a_draft_until_she_has_let_it_in_and_then_its_author_posts_without_waiting(
    ada, ari, guest, browser, cast
):
    answer = ada.post("/works/new", WHOLE, follow=True)
    assert HANDED_IN in said(answer)
    work = Work.objects.get()
    assert work.state == State.DRAFT
    for other in (guest, browser(cast.rey), browser(cast.mo)):
        assert other.get(links.of(work)).status_code == 404
        assert work.title not in said(other.get("/works"))
    assert "waits for the archivist since" in said(ada.get(links.drafts("ada")))
    assert "First works (1)" in said(ari.get("/imports"))
    assert ari.get(links.of(work)).status_code == 200
    assert f'<a href="{links.of(work)}">' in said(ari.get(WHERE))

    assert "is posted. ada posts without waiting from now on." in decide(ari, work, "let-in-all")

    assert guest.get(links.of(work)).status_code == 200
    (letter,) = letters()
    assert letter.to == ["ada@example.org"]
    assert letter.subject == "The Keeper's Daughter is posted"
    assert f"{BASE}{links.of(work)}" in letter.body
    assert not HandedIn.objects.exists()
    assert [(row.verdict, row.by) for row in Decision.objects.all()] == [("admit", "ari")]
    assert [row.what for row in work.revisions.order_by("number")] == ["Handed in", "Posted"]
    assert [row.by_id for row in work.revisions.order_by("number")] == [cast.ada.pk, cast.ada.pk]
    assert written(ada, title="A second").state == State.POSTED


def test_one_alone_can_be_let_in(ada, ari):
    work = written(ada)
    decide(ari, work, "let-in")
    assert state(work) == State.POSTED
    assert written(ada, title="A second").state == State.DRAFT


def test_it_is_sent_back_with_what_is_wanted_and_handed_in_again(ada, ari):
    work = written(ada)
    assert "Say what you want changed" in decide(ari, work, "back", reason=" ")
    assert "Sent back to ada." in decide(ari, work, "back", reason="Please rate it.\nThank you.")
    (letter,) = letters()
    assert (letter.subject, state(work)) == ("About The Keeper's Daughter", State.DRAFT)
    assert "Please rate it.\nThank you." in letter.body
    assert f"{BASE}{links.edit(work)}" in letter.body
    assert "Please rate it. Thank you." in said(ada.get(links.drafts("ada")))
    assert "Nobody waits." in said(ari.get(WHERE))

    assert HANDED_IN in said(ada.post(links.edit(work), {**WHOLE, "act": "post"}, follow=True))
    assert "Please rate it." not in said(ada.get(links.drafts("ada")))
    decide(ari, work, "let-in")
    assert state(work) == State.POSTED


def test_who_saves_the_draft_or_deletes_it_wants_nothing_posted(ada, ari):
    saved, deleted = written(ada), written(ada, title="Another")
    ada.post(links.edit(saved), {**WHOLE, "act": "save"})
    ada.post(links.delete_work(deleted), {"act": "delete"})
    assert "Nobody waits." in said(ari.get(WHERE))
    assert "does not wait any more" in decide(ari, saved, "let-in")
    assert state(saved) == State.DRAFT
    assert "does not wait any more" in said(ari.post(WHERE, {"work": "9" * 30, "act": "back", "reason": "x"}))


def test_nobody_is_asked_twice_and_nobody_who_posted_before(cast, browser):
    ada = browser(cast.ada)
    assert written(ada).state == State.POSTED
    chosen.change({"first_works": "wait"}, by="ari")
    assert User.objects.get(username="ada").is_known
    assert written(ada, title="Another").state == State.POSTED
    assert written(browser(cast.ari), title="Hers").state == State.POSTED


def test_a_work_waits_no_more_than_once_for_a_second_click(ada):
    fields = {**WHOLE, "token": "12345678901"}
    assert [ada.post("/works/new", fields).status_code for _ in range(2)] == [302, 302]
    assert (Work.objects.count(), HandedIn.objects.count()) == (1, 1)


def test_where_no_letter_can_go_it_stands_beside_the_draft(ada, ari, cast):
    User.objects.filter(pk=cast.ada.pk).update(email="")
    work = written(ada)
    assert "No letter can reach her" in said(ari.get(WHERE))
    decide(ari, work, "back", reason="Please rate it.")
    assert letters() == []
    assert "Please rate it." in said(ada.get(links.drafts("ada")))


def test_the_page_is_the_archivists(ada, guest, browser, cast):
    work = written(ada)
    for client in (guest, browser(cast.ada), browser(cast.rey), browser(cast.mo)):
        for answer in (client.get(WHERE), client.post(WHERE, {"work": str(work.pk), "act": "let-in"})):
            assert (answer.status_code, answer.content) == (404, client.get("/nowhere").content)
    assert state(work) == State.DRAFT
