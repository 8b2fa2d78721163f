"""A preview is the reader's own page, and nothing of it is saved."""

from __future__ import annotations

import pytest

from tests.web.privacy.test_writes import everything
from tests.web.writing.forms import WHOLE, said, token_in, written
from tests.web.writing.test_kept import fields_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def ada(cast, browser):
    return browser(cast.ada)


def test_a_new_work_is_seen_as_its_readers_will_and_nothing_is_saved(ada):
    before = everything()
    typed = {**WHOLE, "token": token_in(ada.get("/works/new").content.decode()), "act": "preview"}
    page = ada.post("/works/new", typed)

    assert "<p>Rain came in from the sea.</p> <p>It stayed.</p>" in said(page)
    assert "This is a preview" in said(page)
    assert "data-reading" not in said(page)
    assert everything() == before
    again = {**fields_in(page), "act": "post"}
    assert {**again, "act": "preview"} == typed
    assert ada.post("/works/new", again).status_code == 302


def test_going_on_editing_gives_every_field_back(ada):
    page = said(ada.post("/works/new", {**WHOLE, "warning": ["Underage Sex", "My own"], "act": "edit"}))

    assert 'value="Underage Sex" checked' in page
    assert 'value="My own" checked' in page
    assert "Rain came in from the sea." in page
    assert "Nothing was saved" not in page


def test_what_cannot_be_shown_is_said_in_the_form(ada):
    page = said(ada.post("/works/new", {**WHOLE, "title": "x" * 300, "act": "preview"}))

    assert "300 characters, of 255 at most" in page
    assert "This is a preview" not in page


def test_changes_of_works_and_chapters_are_previewed(ada):
    work = written(ada)
    chapter = work.chapters.get()
    before = everything()
    address = f"/works/{work.pk}"
    for where, typed in (
        (f"{address}/edit", {**WHOLE, "body": "Snow."}),
        (f"{address}/chapters/{chapter.pk}/edit", {"body": "Snow."}),
        (f"{address}/chapters/new", {"body": "Snow.", "position": "1"}),
    ):
        page = said(ada.post(where, {**typed, "act": "preview"}))
        assert "<p>Snow.</p>" in page
        assert f'action="{where}"' in page
        assert "Snow." in said(ada.post(where, {**typed, "act": "edit"}))
    assert everything() == before
