"""Chapters: added, changed, put in order, split and deleted, in pages that work without scripts."""

from __future__ import annotations

import pytest

from tests.web.writing.forms import said, token_in, written
from undying.library.models import Chapter, Work
from undying.manuscript import State

pytestmark = pytest.mark.django_db


@pytest.fixture
def ada(cast, browser):
    return browser(cast.ada)


@pytest.fixture
def work(ada):
    made = written(ada, chapter_title="One")
    for title in ("Two", "Three"):
        ada.post(f"/works/{made.pk}/chapters/new", {"chapter_title": title, "body": f"{title}.", "act": "post"})
    return made


def titles(work) -> list[str]:
    return list(work.chapters.in_order().values_list("title", flat=True))


def chapter(work, title) -> Chapter:
    return work.chapters.get(title=title)


def test_chapters_are_added_at_the_end_or_between(ada, work, guest):
    ada.post(
        f"/works/{work.pk}/chapters/new",
        {"chapter_title": "Between", "position": "2", "body": "So.", "chapter_notes_after": "End.", "act": "post"},
    )

    assert titles(work) == ["One", "Between", "Two", "Three"]
    assert "End." in said(guest.get(f"/works/{work.pk}/chapters/{chapter(work, 'Between').pk}"))


def test_a_chapter_sent_twice_is_added_once(ada, work):
    address = f"/works/{work.pk}/chapters/new"
    typed = {
        "chapter_title": "Four",
        "body": "Four.",
        "act": "post",
        "token": token_in(ada.get(address).content.decode()),
    }
    assert ada.post(address, typed)["Location"] == ada.post(address, typed)["Location"]
    changed = said(ada.post(address, {**typed, "body": "Otherwise."}))

    assert titles(work) == ["One", "Two", "Three", "Four"]
    assert "Otherwise." in changed
    assert "/edit" in changed


def test_a_posted_chapter_has_text_and_a_draft_need_not(ada, work, guest):
    address = f"/works/{work.pk}/chapters/new"
    refused = said(ada.post(address, {"chapter_title": "Kept", "position": "x", "act": "post"}))
    assert "There is no text yet" in refused
    assert "“x” is no number" in refused
    assert "Kept" in refused
    ada.post(address, {"chapter_title": "Four", "act": "draft"})
    waiting = chapter(work, "Four")
    assert guest.get(f"/works/{work.pk}/chapters/{waiting.pk}").status_code == 404

    edit = f"/works/{work.pk}/chapters/{waiting.pk}/edit"
    assert "Post the chapter" in said(ada.get(edit))
    ada.post(edit, {"chapter_title": "Four", "body": "Now.", "act": "post"})
    assert guest.get(f"/works/{work.pk}/chapters/{waiting.pk}").status_code == 200


def test_the_only_posted_chapter_does_not_become_a_draft(ada):
    work = written(ada)
    only = work.chapters.get()
    refused = said(ada.post(f"/works/{work.pk}/chapters/{only.pk}/edit", {"body": "Hm.", "act": "draft"}))

    assert "this is the only one" in refused
    assert "Hm." in refused
    assert Chapter.objects.get().state == State.POSTED


@pytest.mark.parametrize(
    ("places", "order"),
    [
        ({"Three": "1"}, ["Three", "One", "Two"]),
        ({"One": "3"}, ["Two", "Three", "One"]),
        ({"One": "2"}, ["Two", "One", "Three"]),
        ({"Three": "2"}, ["One", "Three", "Two"]),
        ({"One": "99", "Three": "0"}, ["Three", "Two", "One"]),
        ({"One": "rain"}, ["One", "Two", "Three"]),
    ],
)
def test_chapters_go_where_their_numbers_say(ada, work, places, order):
    rows = {f"place-{each.pk}": places.get(each.title, str(each.position)) for each in work.chapters.all()}
    assert ada.post(f"/works/{work.pk}/chapters/manage", rows).status_code == 302

    assert titles(work) == order


@pytest.mark.parametrize(
    ("title", "way", "order"),
    [
        ("Two", "up", ["Two", "One", "Three"]),
        ("Two", "down", ["One", "Three", "Two"]),
        ("One", "up", ["One", "Two", "Three"]),
        ("One", "sideways", ["One", "Two", "Three"]),
    ],
)
def test_a_button_moves_a_chapter_by_one(ada, work, title, way, order):
    ada.post(f"/works/{work.pk}/chapters/manage", {"move": f"{chapter(work, title).pk}:{way}"})

    assert titles(work) == order


def test_deleting_asks_first_and_keeps_the_last(ada, work):
    address = f"/works/{work.pk}/chapters/{chapter(work, 'Two').pk}/delete"
    assert "Delete this chapter?" in said(ada.get(address))
    assert titles(work) == ["One", "Two", "Three"]
    ada.post(address)
    assert titles(work) == ["One", "Three"]
    ada.post(f"/works/{work.pk}/chapters/{chapter(work, 'One').pk}/delete")
    last = said(ada.post(f"/works/{work.pk}/chapters/{chapter(work, 'Three').pk}/delete"))
    assert "This is the only chapter" in last
    assert titles(work) == ["Three"]


def test_a_chapter_is_split_where_she_says(ada, guest):
    text = '<div class="letter"><p>Dear Lucy</p><p>It rains.</p></div><hr><p>The "next" day.</p><p>Rain.</p>'
    work = written(ada, body=text, notes_after="")
    only = work.chapters.get()
    address = f"/works/{work.pk}/chapters/{only.pk}/split"
    page = said(ada.get(address))
    assert [each in page for each in ('value="1"', 'value="2"', 'value="3"', 'value="0"')] == [True, True, True, False]
    assert "The “next” day." in page or 'The "next" day.' in page
    assert "one of the two halves" in said(ada.post(address, {})).casefold()
    ada.post(address, {"at": "2", "new_title": "After"})

    first, second = work.chapters.in_order()
    assert first.pk == only.pk
    assert "Dear Lucy" in first.body
    assert 'class="letter"' in first.body
    assert (second.title, second.body) == ("After", '<p>The "next" day.</p>\n<p>Rain.</p>')
    assert Work.objects.get().chapter_count == 2


def test_a_chapter_of_another_work_is_not_there(ada, work):
    other = written(ada, title="Other")
    for act in ("edit", "split", "delete"):
        assert ada.get(f"/works/{other.pk}/chapters/{chapter(work, 'Two').pk}/{act}").status_code == 404
