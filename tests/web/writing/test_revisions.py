"""The versions of a work: what each changed, and the way back."""

from __future__ import annotations

import pytest

from tests.web.writing.forms import WHOLE, said, written
from undying.library.models import Chapter, Work
from undying.manuscript import State

pytestmark = pytest.mark.django_db


@pytest.fixture
def ada(cast, browser):
    return browser(cast.ada)


@pytest.fixture
def work(ada):
    made = written(ada, chapter_title="One")
    ada.post(f"/works/{made.pk}/chapters/new", {"chapter_title": "Two", "body": "Fog on the sea.", "act": "post"})
    two = made.chapters.get(title="Two")
    ada.post(f"/works/{made.pk}/chapters/{two.pk}/edit", {"chapter_title": "Two", "body": "Snow on the sea."})
    ada.post(f"/works/{made.pk}/edit", {**WHOLE, "title": "Nights", "fandom": "Dracula, Carmilla"} | {"body": ""})
    return made


def test_every_saving_is_listed_and_shows_the_words_that_it_changed(ada, work):
    answer = said(ada.get(f"/works/{work.pk}/revisions"))
    assert [f"Version {number}" in answer for number in (1, 2, 3, 4)] == [True, True, True, False]
    assert "Changed chapter 2" in answer
    third = said(ada.get(f"/works/{work.pk}/revisions/3"))
    assert "<del>Fog </del><ins>Snow </ins>on the sea." in third
    assert "Rain came in" not in third
    assert "Restore version" not in third
    assert "<ins>Two Fog on the sea.</ins>" in said(ada.get(f"/works/{work.pk}/revisions/2"))
    assert "This is the first version." in said(ada.get(f"/works/{work.pk}/revisions/1"))
    assert ada.get(f"/works/{work.pk}/revisions/99").status_code == 404


def test_an_older_version_comes_back_as_a_new_one(ada, work, guest):
    one, two = work.chapters.in_order()
    ada.post(f"/works/{work.pk}/chapters/{one.pk}/edit", {"chapter_title": "One", "body": "Hail."})
    ada.post(f"/works/{work.pk}/revisions/2")

    assert [each.pk for each in work.chapters.in_order()] == [one.pk, two.pk]
    assert "Fog on the sea." in Chapter.objects.get(pk=two.pk).body
    assert "Rain came in" in Chapter.objects.get(pk=one.pk).body
    assert work.revisions.order_by("number").last().what == "Restored version 2"
    assert "Fog on the sea." in said(guest.get(f"/works/{work.pk}/chapters/{two.pk}"))


def test_chapters_that_came_later_stay_as_drafts_and_those_that_went_come_back(ada, work):
    one, two = work.chapters.in_order()
    ada.post(f"/works/{work.pk}/revisions/1")
    assert list(work.chapters.in_order().values_list("title", "state")) == [("One", State.POSTED), ("Two", State.DRAFT)]
    assert Work.objects.get().chapter_count == 1
    ada.post(f"/works/{work.pk}/revisions/3")
    ada.post(f"/works/{work.pk}/chapters/{two.pk}/delete")
    ada.post(f"/works/{work.pk}/revisions/3")
    assert list(work.chapters.in_order().values_list("title", flat=True)) == ["One", "Two"]
    assert work.chapters.in_order()[0].pk == one.pk


def test_restoring_opens_nothing(ada, work):
    ada.post(f"/works/{work.pk}/edit", {**{k: v for k, v in WHOLE.items() if k != "body"}, "act": "take-back"})
    ada.post(f"/works/{work.pk}/revisions/1")

    assert Work.objects.get().state == State.DRAFT
