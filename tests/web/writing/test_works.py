"""The form of a work: what it makes, what it refuses, and that nothing typed is lost."""

from __future__ import annotations

import pytest

from tests.makers import make_work
from tests.web.writing.forms import WHOLE, said, token_in, written
from undying.library import access, manuscripts
from undying.library.actions import open_to_everyone
from undying.library.models import Work
from undying.manuscript import Audience, State, TagKind
from undying.people.viewer import Viewer
from undying.web import links

pytestmark = pytest.mark.django_db


@pytest.fixture
def ada(cast, browser):
    return browser(cast.ada)


def test_a_member_posts_a_work_and_everybody_reads_it(ada, guest):
    page = ada.get("/works/new")
    assert "no-store" not in page["Cache-Control"]  # with it, browsers forget what was typed when she goes back
    answer = ada.post("/works/new", {**WHOLE, "token": token_in(page.content.decode())}, follow=True)

    assert "It is posted." in said(answer)
    work = Work.objects.get()
    shown = said(guest.get(f"/works/{work.pk}"))
    assert "<p>Rain came in from the sea.</p> <p>It stayed.</p>" in shown
    assert "Rain, and <em>more</em> rain." in shown
    assert [each.name for each in work.tags(TagKind.RELATIONSHIP)] == [
        "Mina Harker/Jonathan Harker",
        "Lucy Westenra & Mina Harker",
    ]
    assert work.creatorships.get().pseud.name == "ada"


def test_a_draft_needs_nothing_and_is_hers_alone(ada, guest, browser, cast):
    work = written(ada, **{**dict.fromkeys(WHOLE, ""), "act": "draft"})
    assert (work.title, work.state) == ("Untitled", State.DRAFT)
    for other in (guest, browser(cast.rey), browser(cast.mo)):
        assert other.get(f"/works/{work.pk}").status_code == 404
    assert "Untitled" in said(ada.get("/users/ada/works/drafts"))
    assert browser(cast.rey).get("/users/ada/works/drafts").status_code == 404


def test_what_is_missing_is_said_beside_each_field_and_above_and_all_text_stays(ada):
    typed = {**WHOLE, "fandom": "", "language": "", "published": "the ides of March", "title": "x" * 300}
    page = said(ada.post("/works/new", typed))

    for name in ("fandom", "language", "published", "title"):
        assert f'href="#at-{name}"' in page
        assert f'id="at-{name}"' in page
        assert f'id="field-{name}-error"' in page
    assert "300 characters, of 255 at most: shorten it by 45" in page
    assert "“the ides of March” is no day" in page
    assert "x" * 300 in page
    assert "Rain came in from the sea. It stayed." in page
    assert not Work.objects.exists()


def test_a_form_sent_twice_posts_once_and_a_change_after_it_is_not_lost(ada):
    token = token_in(ada.get("/works/new").content.decode())
    first, second = (ada.post("/works/new", {**WHOLE, "token": token}) for _ in range(2))
    assert first["Location"] == second["Location"]

    changed = ada.post("/works/new", {**WHOLE, "token": token, "body": "Snow instead."})
    work = Work.objects.get()
    assert changed.status_code == 200
    assert "This form was sent before" in said(changed)
    assert "Snow instead." in said(changed)
    assert f'action="/works/{work.pk}/edit"' in said(changed)
    assert work.revisions.count() == 1


def test_what_the_cleaner_left_out_is_told(ada):
    answer = ada.post("/works/new", {**WHOLE, "body": "<p>Rain.</p><script>1</script>"}, follow=True)

    assert "Left out of what you typed, as no page here shows it: 1 script." in said(answer)


def test_editing_shows_what_is_there_saves_it_and_keeps_what_no_form_asks(ada):
    work = written(ada, chapter_title="One", published="2020-01-02", series="", new_series="Nights\nDays")
    page = said(ada.get(f"/works/{work.pk}/edit"))
    for value in ("The Keeper's Daughter", "Nights", "2020-01-02", "<p>Rain came in from the sea.</p>", "One"):
        assert value in page
    changed = {**WHOLE, "title": "Two", "series": ["Days"], "published": "2020-01-02", "act": "save"}
    ada.post(f"/works/{work.pk}/edit", changed)

    work = Work.objects.get()
    assert (work.title, work.state, work.published.day) == ("Two", State.POSTED, 2)
    assert [each.series.title for each in work.series_entries.all()] == ["Days"]
    ada.post(f"/works/{work.pk}/edit", {**changed, "act": "take-back"})
    assert Work.objects.get().state == State.DRAFT
    ada.post(f"/works/{work.pk}/edit", {**changed, "act": "post"})
    assert Work.objects.get().state == State.POSTED


def test_an_imported_work_keeps_its_own_words_and_tags_with_commas(ada, cast):
    tags = {
        TagKind.RATING: ["PG-13"],
        TagKind.WARNING: ["Angst"],
        TagKind.FANDOM: ["Dracula"],
        TagKind.CHARACTER: ["Westenra, Lucy", "Mina"],
    }
    work = make_work(owner=cast.ada, tags=tags, language="xx-old", chapters=2)
    page = said(ada.get(f"/works/{work.pk}/edit"))
    assert "Westenra, Lucy Mina</textarea>" in page
    assert 'name="body"' not in page
    typed = {
        "rating": "PG-13",
        "warning": "Angst",
        "fandom": "Dracula",
        "character": "Westenra, Lucy\r\nMina, Van Helsing",
        "title": work.title,
        "language": "xx-old",
        "status": "complete",
        "act": "save",
    }
    assert ada.post(f"/works/{work.pk}/edit", typed).status_code == 302
    work = Work.objects.get()
    assert [each.name for each in work.tags(TagKind.CHARACTER)] == ["Westenra, Lucy", "Mina", "Van Helsing"]
    assert work.chapters.count() == 2


def test_a_text_from_before_the_work_had_several_chapters_is_not_lost(ada):
    work = written(ada)
    ada.post(f"/works/{work.pk}/chapters/new", {"body": "More.", "act": "post"})
    page = said(ada.post(f"/works/{work.pk}/edit", {**WHOLE, "body": "An hour of work", "act": "save"}))

    assert "The work has several chapters by now" in page
    assert "An hour of work" in page


def test_creators_are_not_asked_whether_they_are_willing(ada, guest):
    work = written(ada, rating="Not Rated")

    assert "Rain came in" in said(ada.get(f"/works/{work.pk}"))
    assert "Rain came in" in said(ada.get(f"/downloads/{work.pk}/x.html"))
    assert "Before you read" in said(guest.get(f"/works/{work.pk}"))


def test_the_ways_to_write_are_on_her_own_pages_alone(ada, guest, browser, cast):
    work = written(ada)
    for address in ("/", f"/works/{work.pk}", "/users/ada"):
        assert "/works/new" in said(ada.get(address))
        assert "/works/new" not in said(guest.get(address))
    assert f"/works/{work.pk}/edit" in said(ada.get(f"/works/{work.pk}"))
    for other in (guest, browser(cast.rey), browser(cast.mo), browser(cast.ari)):
        assert f"/works/{work.pk}/edit" not in said(other.get(f"/works/{work.pk}"))


def test_pen_names_are_offered_where_there_are_several(ada, cast):
    assert 'name="pseud"' not in said(ada.get("/works/new"))
    other = cast.ada.pseuds.create(name="lamplighter")
    assert "lamplighter" in said(ada.get("/works/new"))
    work = written(ada, pseud=str(other.pk))
    assert work.creatorships.get().pseud == other


def test_a_work_for_members_is_for_members(ada, guest, browser, cast):
    work = written(ada, audience="members")

    assert guest.get(f"/works/{work.pk}").status_code == 404
    assert browser(cast.rey).get(f"/works/{work.pk}").status_code == 200


def told(work: Work) -> Audience:
    """For whom a dump says that it is."""
    whole = access.work_for(Viewer.operator(), work.pk)
    return manuscripts.of(whole, access.whole_text_for(Viewer.operator(), whole)).audience


def test_what_she_keeps_for_members_stays_so_wherever_it_is_taken_and_whatever_is_opened(ada, cast):
    work = written(ada, audience="members")
    brought = make_work(owner=cast.ada, tags={TagKind.RATING: ["Not Rated"]})
    Work.objects.filter(pk=brought.pk).update(audience=Audience.MEMBERS)  # as imports are, until they are opened
    ada.post(links.edit(brought), {**WHOLE, "audience": "members", "act": "save"})
    assert (told(work), told(brought)) == (Audience.MEMBERS, Audience.EVERYONE)
    assert open_to_everyone([work.pk, brought.pk]) == 1

    ada.post(links.edit(brought), {**WHOLE, "audience": "members", "act": "save"})
    assert told(brought) == Audience.MEMBERS
    assert open_to_everyone([work.pk, brought.pk]) == 0


@pytest.mark.parametrize("token", ["", "x", "-1", "9" * 40, "１２"])
def test_odd_numbers_of_forms_are_none(ada, token):
    assert written(ada, token=token).pk


@pytest.mark.parametrize("name", ["planned", "published", "status", "audience", "pseud", "series", "language"])
@pytest.mark.parametrize("value", ["\0", "-3", "9" * 400, "\ud800".encode("utf-8", "surrogatepass"), "<b>"])
def test_odd_values_are_refused_in_words_or_taken(ada, name, value):
    answer = ada.post("/works/new", {**WHOLE, name: value})

    assert answer.status_code in {200, 302}


def test_the_form_tells_scripts_how_much_fits_and_what_posting_needs(ada):
    page = said(ada.get("/works/new"))
    for name, most in (("title", 255), ("chapter_title", 255), ("summary", 10_000), ("notes_before", 50_000)):
        assert f'data-counted="{most}"' in page.split(f'id="at-{name}"')[1].split(">")[0]
    assert "data-counted" not in page.split('id="at-body"')[1].split(">")[0]
    needed = ("Rating", "Archive warnings", "Fandoms", "Title of the work", "Language", "Text")
    assert [f'data-needed="{each}"' in page for each in needed] == [True] * 6
    assert page.count("data-needed=") == 6
    work = written(ada)
    chapter = said(ada.get(f"/works/{work.pk}/chapters/new"))
    assert 'data-needed="Text"' in chapter
    assert chapter.count("data-needed=") == 1
