"""The page on which she says when a draft goes up, and where she is told of it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from tests.web.writing.forms import WHOLE, said, written
from undying.kernel.clock import now
from undying.library import scheduling
from undying.library.models import Scheduled
from undying.manuscript import State
from undying.web import links

YEAR = now().year + 1
DAY = {"day": f"{YEAR}-07-09", "clock": "18:30", "act": "go-up"}


@pytest.fixture
def ada(cast, browser):
    return browser(cast.ada)


@pytest.fixture
def draft(ada):
    return written(ada, act="draft")


def test_she_says_when_and_is_told_everywhere(ada, cast, draft):
    cast.ada.preferred = {"time_zone": "Europe/Berlin"}
    cast.ada.save()
    address = links.schedule(draft)
    assert f'href="{address}"' in ada.get(links.of(draft)).content.decode()
    assert "By the clocks of Europe/Berlin." in said(ada.get(address))

    answer = ada.post(address, DAY)

    assert (answer.status_code, answer["Location"]) == (302, links.of(draft))
    assert Scheduled.objects.get().at == datetime(YEAR, 7, 9, 16, 30, tzinfo=UTC)
    told = f"Goes up on 9 July {YEAR} at 18:30 CEST."
    assert told in said(ada.get(links.of(draft)))
    assert told in said(ada.get(links.drafts("ada")))
    form = ada.get(address).content.decode()
    assert f'value="{YEAR}-07-09"' in form
    assert 'value="18:30"' in form


def test_she_changes_it_and_calls_it_off(ada, draft):
    ada.post(links.schedule(draft), DAY)
    ada.post(links.schedule(draft), {**DAY, "clock": "19:00"})
    assert Scheduled.objects.get().at == datetime(YEAR, 7, 9, 19, 0, tzinfo=UTC)

    ada.post(links.schedule(draft), {"act": "call-off"})

    assert not Scheduled.objects.exists()
    ada.get("/")  # takes along what was told of it
    assert "Goes up" not in said(ada.get(links.of(draft)))


def test_what_will_not_do_is_said_and_what_was_typed_comes_back(ada, draft):
    answer = ada.post(links.schedule(draft), {**DAY, "day": "2001-01-01"})

    assert answer.status_code == 200
    assert "That is more than five years away" in said(answer)
    assert 'value="2001-01-01"' in answer.content.decode()
    yesterday = f"{now() - timedelta(days=1):%Y-%m-%d}"
    assert "That time is past" in said(ada.post(links.schedule(draft), {**DAY, "day": yesterday}))
    assert not Scheduled.objects.exists()


def test_a_draft_that_lacks_something_is_told_what(ada):
    bare = written(ada, act="draft", language="")

    assert "Choose the language" in said(ada.post(links.schedule(bare), DAY))


def test_why_it_could_not_go_up_stands_among_her_drafts(ada, draft, monkeypatch):
    ada.post(links.schedule(draft), DAY)
    draft.worktags.all().delete()
    later = datetime(YEAR, 8, 1, tzinfo=UTC)
    monkeypatch.setattr(scheduling, "now", lambda: later)

    assert len(scheduling.post_due()) == 1

    told = said(ada.get(links.drafts("ada")))
    assert f"It was to go up on 9 July {YEAR} at 18:30 UTC, and could not: Choose a rating" in told
    assert "At its time it could not be posted: Choose a rating" in said(ada.get(links.schedule(draft)))


def test_a_draft_chapter_has_such_a_page(ada):
    work = written(ada)
    ada.post(links.new_chapter(work), {"body": "More rain.", "act": "draft"})
    chapter = work.chapters.get(state=State.DRAFT)
    address = links.schedule(work, chapter)
    assert address in ada.get(links.chapters(work)).content.decode()
    assert address in ada.get(links.of(chapter)).content.decode()

    ada.post(address, DAY)

    assert Scheduled.objects.get().chapter == chapter
    assert "Goes up on 9 July" in said(ada.get(links.of(chapter)))
    assert "Goes up on" not in said(ada.get(links.of(work)))


def test_what_is_posted_has_no_such_page(ada):
    work = written(ada)

    for answer in (ada.get(links.schedule(work)), ada.post(links.schedule(work), DAY)):
        assert (answer.status_code, answer["Location"]) == (302, links.of(work))
    assert "Post later" not in said(ada.get(links.of(work)))
    assert not Scheduled.objects.exists()


def test_posting_by_hand_lets_go_of_the_time(ada, cast, draft):
    ada.post(links.schedule(draft), DAY)

    ada.post(links.edit(draft), WHOLE)

    draft.refresh_from_db()
    assert draft.state == State.POSTED
    assert not Scheduled.objects.exists()
