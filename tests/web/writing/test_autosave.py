"""A form keeps itself while somebody types; what is unsaved waits for her; windows that disagree are shown."""

from __future__ import annotations

import re

import pytest

from tests.web.writing.forms import WHOLE, said, token_in, written
from tests.web.writing.test_kept import fields_in
from undying.library.models import Draft, Revision, Work
from undying.web.devices import device
from undying.web.written import FORM

pytestmark = pytest.mark.django_db
AGENT = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"


@pytest.fixture
def ada(cast, browser):
    return browser(cast.ada)


def form(client, address: str) -> tuple[dict[str, str], str]:
    """The hidden fields of a form, and where it saves itself."""
    page = client.get(address)
    found = re.search(r'data-autosave="([^"]+)"', page.content.decode())
    assert found
    return hidden_in(page), found[1].replace("&amp;", "&")


def hidden_in(page) -> dict[str, str]:
    """What a form carries beside what is typed."""
    return {name: value for name, value in fields_in(page).items() if name in FORM}


def keep(client, address: str, **typed: str) -> dict:
    answer = client.post(address, typed, headers={"User-Agent": AGENT})
    assert answer.status_code == 200
    return answer.json()


def test_a_new_work_keeps_itself_and_waits_until_it_is_taken(ada):
    hidden, address = form(ada, "/works/new")
    first = keep(ada, address, **{**hidden, "body": "Rain *came"})
    keep(ada, address, **{**hidden, "body": "Rain *came*", "title": "Night", "version": str(first["version"])})
    assert first["device"] == "Firefox on Linux"
    assert Draft.objects.count() == 1
    assert not Work.objects.exists()
    assert not Revision.objects.exists()

    for page in ("/works/new", "/users/ada/works/drafts"):
        assert "Unsaved: <strong>Night</strong>" in said(ada.get(page))
        assert "in Firefox on Linux" in said(ada.get(page))
    taken = ada.get(f"/works/new?draft={first['token']}")
    assert "Rain *came*</textarea>" in said(taken)
    assert token_in(taken.content.decode()) == first["token"]
    assert "Unsaved:" not in said(taken)
    ada.post("/works/new", {**WHOLE, **hidden_in(taken), "body": "Rain.", "act": "post"})
    assert Work.objects.count() == 1
    assert not Draft.objects.exists()


def test_what_is_unsaved_is_shown_beside_what_is_saved_and_may_be_dropped(ada):
    work = written(ada)
    hidden, address = form(ada, f"/works/{work.pk}/edit")
    kept = keep(ada, address, **{**hidden, "body": "<p>Snow came in from the sea.</p>", "title": work.title})
    page = said(ada.get(kept["look"]))
    assert "<del>Rain </del>came in from the sea" in page
    assert "<ins>Snow </ins>came in from the sea" in page
    assert "Title of the work" not in page
    answer = ada.post(kept["look"], {"next": f"/works/{work.pk}/edit"}, follow=True)
    assert "thrown away" in said(answer)
    assert "Unsaved:" not in said(answer)
    assert not Draft.objects.exists()


def test_what_says_no_more_than_what_is_saved_is_not_told(ada):
    work = written(ada)
    address = f"/works/{work.pk}/chapters/{work.chapters.get().pk}/edit"
    hidden, there = form(ada, address)
    keep(ada, there, **{**hidden, "body": work.chapters.get().body})

    assert "Unsaved:" not in said(ada.get(address))


def test_a_box_that_she_unticked_stays_so(ada):
    work = written(ada)
    address = f"/works/{work.pk}/edit"
    hidden, there = form(ada, address)
    chapter = work.chapters.get()
    same = {**WHOLE, **hidden, "summary": work.summary, "body": chapter.body, "published": f"{work.published:%Y-%m-%d}"}
    first = keep(ada, there, **same)
    assert "Unsaved:" not in said(ada.get(address))
    keep(ada, there, **{name: value for name, value in same.items() if name != "warning"} | {"version": "1"})
    assert "Unsaved:" in said(ada.get(address))
    assert 'value="No Archive Warnings Apply" checked' not in said(ada.get(f"{address}?draft={first['token']}"))


def test_two_windows_disagree_and_both_texts_stand_side_by_side(ada):
    hidden, address = form(ada, "/works/new")
    first = keep(ada, address, **{**hidden, "body": "Rain"})
    taken = hidden_in(ada.get(f"/works/new?draft={first['token']}"))
    keep(ada, address, **{**taken, "body": "Rain and wind"})
    other = keep(ada, address, **{**hidden, "version": str(first["version"]), "body": "Snow"})

    assert [each["device"] for each in other["others"]] == ["Firefox on Linux"]
    page = said(ada.get(other["look"]))
    assert "Both are kept" in page
    assert "<del>Rain and wind</del>" in page
    assert "<ins>Snow</ins>" in page


def test_a_window_that_is_behind_shows_both_texts_and_saves_only_when_told_again(ada):
    work = written(ada)
    edit = f"/works/{work.pk}/edit"
    behind, address = form(ada, edit)
    ada.post(edit, {**WHOLE, **form(ada, edit)[0], "body": "Fog came in from the sea.", "act": "save"})
    assert keep(ada, address, **{**behind, "body": "Snow"})["behind"]

    typed = {**WHOLE, **behind, "body": "Snow came in from the sea.", "act": "save"}
    page = ada.post(edit, typed)
    assert "This was saved from another window" in said(page)
    assert "<del>Fog </del>" in said(page)
    assert "<ins>Snow </ins>" in said(page)
    assert "Fog" in work.chapters.get().body
    again = {**typed, **hidden_in(page)}
    assert ada.post(edit, again).status_code == 302
    assert "Snow" in work.chapters.get().body


def test_a_second_click_on_saving_is_no_conflict(ada):
    work = written(ada)
    chapter = work.chapters.get()
    for address in (f"/works/{work.pk}/edit", f"/works/{work.pk}/chapters/{chapter.pk}/edit"):
        typed = {**WHOLE, **form(ada, address)[0], "body": f"Snow, {address}", "act": "save"}
        assert [ada.post(address, typed).status_code for _ in range(2)] == [302, 302]


def test_a_chapter_that_is_behind_is_shown_beside_the_other(ada):
    work = written(ada)
    address = f"/works/{work.pk}/chapters/{work.chapters.get().pk}/edit"
    behind, _ = form(ada, address)
    ada.post(address, {"body": "Fog.", "act": "save"})
    page = said(ada.post(address, {**behind, "body": "Snow.", "act": "save"}))

    assert "<del>Fog" in page
    assert "<ins>Snow" in page


def test_what_was_saved_elsewhere_is_not_kept_again_by_itself(ada):
    hidden, address = form(ada, "/works/new")
    ada.post("/works/new", {**WHOLE, **hidden})
    late = keep(ada, address, **{**hidden, "body": "Rain"})

    assert late["gone"]
    assert late["token"] != hidden["token"]
    assert not Draft.objects.exists()


@pytest.mark.parametrize("query", ["", "?kind=rain", "?kind=work", "?kind=work&work=x", "?kind=chapter&work=1"])
def test_a_form_that_there_is_not_is_not_kept(ada, query):
    assert ada.post(f"/works/autosave{query}", {"body": "Rain"}).status_code == 404
    assert not Draft.objects.exists()


@pytest.mark.parametrize(
    ("name", "value"), [("opened", "x"), ("opened", "2020-01-01"), ("version", "9" * 99), ("token", "-1")]
)
def test_odd_numbers_in_a_form_are_none(ada, name, value):
    hidden, address = form(ada, "/works/new")

    assert ada.post(address, {**hidden, name: value, "body": "Rain\0"}).status_code == 200


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        (AGENT, "Firefox on Linux"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Mobile Safari/604.1", "Safari on iPhone"),
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/140.0 Safari/537.36 Edg/140.0", "Edge on Windows"),
        ("Mozilla/5.0 (Linux; Android 15) Chrome/140.0 Mobile Safari/537.36", "Chrome on Android"),
        ("", "another browser"),
    ],
)
def test_a_device_is_told_in_words(agent, words):
    assert device(agent) == words
