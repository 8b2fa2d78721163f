"""A deleted work is out of everybody's sight but its creators', comes back for thirty days, and then goes for good."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.cast import viewer
from tests.makers import make_work
from tests.web.writing.forms import WHOLE, said, written
from undying.exchange import departures, leaving, tasks
from undying.exchange.private import Record
from undying.finding import engine, indexer
from undying.finding.criteria import Criteria
from undying.kernel.clock import now
from undying.library.models import Deletion, Withdrawn, Work
from undying.manuscript import State
from undying.people.viewer import Viewer

pytestmark = pytest.mark.django_db


@pytest.fixture
def ada(cast, browser):
    return browser(cast.ada)


@pytest.fixture
def deleted(ada, home):
    work = written(ada)
    indexer.drain_if_free()
    answer = ada.post(f"/works/{work.pk}/delete", {"act": "delete"}, follow=True)
    assert "You can bring it back for 30 days" in said(answer)
    indexer.drain_if_free()
    return work


def age(work, days: int) -> None:
    Deletion.objects.filter(work=work).update(at=now() - timedelta(days=days))


def test_deleting_asks_first(ada):
    work = written(ada)
    assert "8 words" in said(ada.get(f"/works/{work.pk}/delete"))
    assert Work.objects.get().state == State.POSTED


def test_a_deleted_work_is_absent_for_everybody_but_its_creators(cast, deleted, ada, guest, browser):
    for other in (guest, browser(cast.rey), browser(cast.mo)):
        assert other.get(f"/works/{deleted.pk}").status_code == 404
        assert other.get(f"/works/{deleted.pk}/delete").status_code == 404
    for each in (Viewer.anyone(), viewer(cast.rey), viewer(cast.mo)):
        assert engine.find(Criteria(), each).total == 0
    assert f'<a href="/works/{deleted.pk}/delete">The Keeper\'s Daughter</a> goes for good on' in said(
        ada.get("/users/ada/works/drafts")
    )
    page = said(ada.get(f"/works/{deleted.pk}"))
    assert "This work is deleted, and goes for good on" in page
    assert f'href="/works/{deleted.pk}/delete">Bring it back' in page


def test_it_comes_back_as_it_was_with_what_readers_said(ada, deleted, guest):
    assert "Bring it back" in said(ada.get(f"/works/{deleted.pk}/delete"))
    ada.post(f"/works/{deleted.pk}/delete", {"act": "back"})
    indexer.drain_if_free()

    assert "Rain came in" in said(guest.get(f"/works/{deleted.pk}"))
    assert engine.find(Criteria(), Viewer.anyone()).total == 1
    assert not Deletion.objects.exists()
    age(deleted, 40)
    assert leaving.finish_deletions() == 0


def test_a_draft_comes_back_as_a_draft_and_posting_brings_back_too(ada):
    draft = written(ada, act="draft")
    ada.post(f"/works/{draft.pk}/delete")
    ada.post(f"/works/{draft.pk}/delete", {"act": "back"})
    assert Work.objects.get().state == State.DRAFT
    ada.post(f"/works/{draft.pk}/delete")
    ada.post(f"/works/{draft.pk}/edit", {**WHOLE, "act": "post"})
    assert Work.objects.get().state == State.POSTED
    assert not Deletion.objects.exists()


def test_after_thirty_days_it_goes_for_good(deleted):
    age(deleted, 29)
    tasks.upkeep()
    assert Deletion.objects.exists()
    age(deleted, 31)
    tasks.upkeep()
    assert not Deletion.objects.exists()
    departures.carry_out()

    assert not Work.objects.exists()
    assert Withdrawn.objects.get().work_number == deleted.pk
    assert Record.objects.get().work_number == deleted.pk


def test_what_others_made_too_is_not_deleted(cast, ada):
    work = make_work(owner=cast.ada)
    work.creatorships.create(pseud=cast.rey.pseuds.get(), position=1)

    assert "Others made this work with you" in said(ada.post(f"/works/{work.pk}/delete"))
    assert Work.objects.get().state == State.POSTED
