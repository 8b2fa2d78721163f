"""What an author lets others do with her work: said in its form, kept with it, begun with what she prefers."""

from __future__ import annotations

import lxml.html
import pytest

from tests.cast import viewer
from tests.makers import make_work
from tests.web.writing.forms import WHOLE, said, written
from undying.exchange import uploads
from undying.library.actions import accession
from undying.library.models import Work
from undying.manuscript import Credit, Leave, Source, Wishes
from undying.manuscript.codec import from_json
from undying.web import links

SAID = {"search": "no", "mining": "yes"}


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
