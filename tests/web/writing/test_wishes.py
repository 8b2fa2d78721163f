"""What an author lets others do with her work: said in its form, kept with it, begun with what she prefers."""

from __future__ import annotations

import io
import zipfile

import lxml.html
import pytest

from tests.cast import viewer
from tests.makers import make_work
from tests.web.writing.forms import WHOLE, said, written
from undying.exchange import taking_home, uploads
from undying.exchange.imports import Wish, bring_in
from undying.formats.colophon import NOWHERE
from undying.library import access, manuscripts
from undying.library.actions import accession
from undying.library.models import Work
from undying.manuscript import Answer, Credit, Leave, Source, Wishes
from undying.manuscript.codec import fingerprint, from_json
from undying.people.viewer import Viewer
from undying.web import links

SAID = {"search": "no", "mining": "yes"}
ALLOWED = {"podfic": "yes", "translation": "ask", "remix": "yes", "binding": "no", "words": "Tell me of it: I <3 it."}
MAY = Wishes(
    podfic=Answer.YES,
    translation=Answer.ASK,
    remix=Answer.YES,
    binding=Answer.NO,
    words="Tell me of it: I <3 it.",
)


@pytest.fixture
def ada(cast, browser):
    return browser(cast.ada)


def chosen_in(answer, name: str) -> str:
    """What stands chosen in a field; what it was opened with, if nothing."""
    (field,) = lxml.html.fromstring(answer.content.decode()).cssselect(f"select[name={name}]")
    return str(field.value)


def test_what_she_says_is_kept_with_the_work_and_stands_in_its_form(ada):
    work = written(ada, **SAID)

    assert work.wishes == Wishes(search=Leave.NO, mining=Leave.YES)
    form = ada.get(links.edit(work))
    assert [chosen_in(form, name) for name in SAID] == ["no", "yes"]
    ada.post(links.edit(work), {**WHOLE, "search": "", "mining": "no", "act": "save"})
    work.refresh_from_db()
    assert work.wishes == Wishes(mining=Leave.NO)


def test_a_form_without_these_fields_changes_none_of_them(ada):
    work = written(ada, **SAID)

    ada.post(links.edit(work), {**WHOLE, "title": "Another", "act": "save"})

    work.refresh_from_db()
    assert work.title == "Another"
    assert work.wishes == Wishes(search=Leave.NO, mining=Leave.YES)


def test_what_nobody_can_choose_is_not_taken(ada):
    assert written(ada, search="perhaps", mining="ask").wishes == Wishes()


def test_new_works_begin_with_what_she_prefers_and_old_ones_stay(ada, cast):
    before = written(ada)
    ada.post("/users/ada/preferences", SAID)

    assert [chosen_in(ada.get("/users/ada/preferences"), name) for name in SAID] == ["no", "yes"]
    assert [chosen_in(ada.get("/works/new"), name) for name in SAID] == ["no", "yes"]
    before.refresh_from_db()
    assert before.wishes == Wishes()
    cast.ada.refresh_from_db()
    ada.post("/users/ada/preferences", {"search": "", "mining": ""})
    assert [chosen_in(ada.get("/works/new"), name) for name in SAID] == ["", ""]


def test_a_work_from_a_file_begins_with_them_too_unless_the_file_says_otherwise(ada, cast, home):
    ada.post("/users/ada/preferences", SAID)
    plain = uploads.bring(viewer(cast.ada), uploads.read("lamp.md", b"# Lamp\n\nRain."))
    front = b'+++\ntitle = "Lamp"\nwishes = {mining = "no"}\n+++\n\nRain.'
    telling = uploads.bring(viewer(cast.ada), uploads.read("lamp.md", front))

    assert plain.wishes == Wishes(search=Leave.NO, mining=Leave.YES)
    assert telling.wishes == Wishes(mining=Leave.NO)


def test_a_source_that_says_nothing_leaves_what_was_said_here(db, home):
    source = Source(site="tests.example", key="again")
    work = make_work(source=source)
    Work.objects.filter(pk=work.pk).update(wished={"search": "no"})

    make_work("Anew", source=source, credits=(Credit(name="quiet_tide"),))
    work.refresh_from_db()
    assert (work.title, work.wishes) == ("Anew", Wishes(search=Leave.NO))

    make_work("Once more", source=source, wishes=Wishes(search=Leave.YES))
    work.refresh_from_db()
    assert work.wishes == Wishes(search=Leave.YES)


def test_a_dump_from_before_there_were_wishes_is_read(db, home):
    story = from_json('{"format":"undying-manuscript","version":1,"title":"Old","chapters":[{"body":"<p>Rain.</p>"}]}')

    assert accession(story).work.wishes == Wishes()


def test_a_version_tells_that_it_changed_them(ada):
    work = written(ada)
    ada.post(links.edit(work), {**WHOLE, "search": "no", "act": "save"})

    assert "May search engines list it?" in said(ada.get(links.revision(work, 2)))


def meta(answer) -> str:
    """What the head of a work's page says of what others may do; empty where it says nothing."""
    found = lxml.html.fromstring(answer.content.decode()).cssselect("dd.may")
    return " ".join(found[0].text_content().split()) if found else ""


def test_what_others_may_do_stands_on_the_work_and_in_its_files(ada, guest):
    work = written(ada, **ALLOWED)

    assert work.wishes == MAY
    told = (
        "Podfic: Yes Translation: Ask first Remix or continuation: Yes Printing and binding: No Tell me of it: I <3 it."
    )
    assert meta(guest.get(links.of(work))) == told
    html = lxml.html.fromstring(guest.get(links.download(work, "html")).content.decode())
    assert " ".join(html.cssselect("#may dl")[0].text_content().split()).startswith(
        "Podfic: Yes Translation: Ask first"
    )
    assert html.cssselect("#may p")[1].text_content() == "Tell me of it: I <3 it."
    with zipfile.ZipFile(io.BytesIO(guest.get(links.download(work, "epub")).content)) as book:
        (page,) = [book.read(name).decode() for name in book.namelist() if name.endswith("colophon.xhtml")]
    assert "Ask first" in page
    assert "Tell me of it: I &lt;3 it." in page
    form = ada.get(links.edit(work))
    assert [chosen_in(form, name) for name in ("podfic", "translation", "art")] == ["yes", "ask", ""]


def test_where_she_says_nothing_nobody_answers_for_her(ada, guest):
    work = written(ada, notes_after="You may translate this, and record it too.")

    assert meta(guest.get(links.of(work))) == ""
    assert b'id="may"' not in guest.get(links.download(work, "html")).content
    assert work.wishes == Wishes()


def test_a_sentence_longer_than_there_is_room_for_is_told_and_comes_back(ada, cast):
    long = "Rain. " * 100
    answer = ada.post("/works/new", {**WHOLE, "words": long})

    assert "The sentence of your own has 599 characters, of 500 at most: shorten it by 99." in said(answer)
    assert long.strip() in said(answer)
    refused = ada.post("/users/ada/preferences", {"words": long, "adult": "yes", "podfic": "yes"})
    assert "shorten it by 99" in said(refused)
    cast.ada.refresh_from_db()
    assert (cast.ada.preferred, cast.ada.wished) == ({}, {})


def test_her_answers_begin_new_works_too(ada):
    ada.post("/users/ada/preferences", ALLOWED)

    form = ada.get("/works/new")
    assert [chosen_in(form, name) for name in ("podfic", "translation", "art")] == ["yes", "ask", ""]
    assert "Tell me of it: I <3 it." in said(form)


def test_what_she_takes_home_makes_an_equal_work_elsewhere(ada, cast, home, tmp_path):
    work = written(ada, **ALLOWED, **SAID)
    story = manuscripts.of(access.work_for(Viewer.operator(), work.pk), access.whole_text_for(Viewer.operator(), work))
    file = io.BytesIO()
    taking_home.pack(viewer(cast.ada), file, name="Here", day="2026-11-26", place=lambda _: NOWHERE)
    with zipfile.ZipFile(file) as zipped:
        line = zipped.read("archive.jsonl").decode().strip()
    assert fingerprint(from_json(line)) == fingerprint(story)
    assert from_json(line).wishes == work.wishes


def test_an_import_brings_the_answers(db, home, tmp_path):
    path = tmp_path / "lamp.md"
    path.write_text(
        '+++\ntitle = "Lamp"\nwishes = {podfic = "ask", art = "yes", words = "Ask me."}\n+++\n\nRain.', encoding="utf-8"
    )
    bring_in(Wish(paths=(path,), site="tests.example"))

    assert Work.objects.get().wishes == Wishes(podfic=Answer.ASK, art=Answer.YES, words="Ask me.")


def test_an_answer_that_there_is_none_of_is_refused_by_name(home, db):
    front = b'+++\ntitle = "Lamp"\nwishes = {podfic = "perhaps"}\n+++\n\nRain.'
    with pytest.raises(uploads.NoStory, match="perhaps"):
        uploads.read("lamp.md", front)
