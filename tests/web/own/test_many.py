"""Changing many works at once: what will change is shown first, each leaves a version, refusals are told by work."""

from __future__ import annotations

import lxml.html
import pytest

from tests.cast import viewer
from tests.makers import make_work
from tests.web.writing.forms import said, written
from undying.library import many, writing
from undying.library.many import Changes
from undying.library.models import Work, WorkLink
from undying.manuscript import Answer, Audience, Leave, State, Tagging, TagKind, Wishes
from undying.web import links

PATH = "/users/ada/works/edit"


@pytest.fixture
def ada(cast, browser):
    return browser(cast.ada)


@pytest.fixture
def works(ada) -> list[Work]:
    """Two that are posted, and a draft."""
    return [
        written(ada, title="One"),
        written(ada, title="Two", audience="members"),
        written(ada, title="Three", act="draft"),
    ]


def sent(works: list[Work], act: str = "change", **changes: object) -> dict[str, object]:
    return {"work": [str(each.pk) for each in works], "act": act, **changes}


def fresh(works: list[Work]) -> list[Work]:
    return [Work.objects.get(pk=each.pk) for each in works]


def under(answer, heading: str) -> list[str]:
    """The works that stand under a heading of the page that asks."""
    page = lxml.html.fromstring(answer.content.decode())
    found = [each for each in page.cssselect("section.own-part") if each.cssselect("h3")[0].text_content() == heading]
    return [" ".join(line.text_content().split()) for each in found for line in each.cssselect("li")]


def test_she_sees_what_will_change_before_anything_does(ada, works):
    answer = ada.post(
        PATH, sent(works, "look", audience="members", search="no", add_additional="Rain\nSlow, slow burn")
    )

    told = said(answer)
    assert "In 3 works:" in told
    assert "Who may read it: <b>Members of this archive only</b>" in told
    assert "May search engines list it?: <b>No</b>" in told
    assert "Add additional tags: <b>Rain, Slow, slow burn</b>" in told
    assert under(answer, "These change") == ["Three", "Two", "One"]
    assert [each.audience for each in fresh(works)] == ["everyone", "members", "everyone"]
    assert [each.revisions.count() for each in works] == [1, 1, 1]
    page = lxml.html.fromstring(answer.content.decode())
    form = dict.fromkeys(each.name for each in page.cssselect("main form input[type=hidden]"))
    assert {"work", "audience", "search", "add_additional"} <= set(form)


def test_what_she_confirmed_is_done_and_leaves_a_version_of_each(ada, works):
    changes = {
        "audience": "members",
        "language": "de",
        "podfic": "ask",
        "words": "Ask me.",
        "add_character": "Mina Harker",
    }
    answer = ada.post(PATH, sent(works, **changes))

    assert (answer.status_code, answer["Location"]) == (302, PATH)
    assert "3 works changed." in said(ada.get(PATH))
    for each in fresh(works):
        assert (each.audience, each.language) == (Audience.MEMBERS, "de")
        assert each.wishes == Wishes(podfic=Answer.ASK, words="Ask me.")
        assert writing.fields_of(each).tags(TagKind.CHARACTER) == ["Mina Harker"]
        assert each.revisions.latest("number").what == "Changed what is said of the work"
        assert each.revisions.count() == 2
    assert [each.state for each in fresh(works)] == [State.POSTED, State.POSTED, State.DRAFT]


def test_what_she_does_not_say_stays(ada, works):
    before = [writing.fields_of(each) for each in works]

    ada.post(PATH, sent(works, mining="yes"))

    for each, had in zip(fresh(works), before, strict=True):
        now = writing.fields_of(each)
        assert now.wishes == Wishes(mining=Leave.YES)
        assert (now.title, now.taggings, now.summary, now.audience) == (
            had.title,
            had.taggings,
            had.summary,
            had.audience,
        )
        assert each.chapters.get().body


def test_something_said_can_become_unsaid(ada, works):
    ada.post(PATH, sent(works, mining="yes", art="no"))
    ada.post(PATH, sent(works, mining="unsaid"))

    assert [each.wishes for each in fresh(works)] == [Wishes(art=Answer.NO)] * 3


def test_what_is_so_already_leaves_no_version(ada, works):
    answer = ada.post(PATH, sent(works, "look", audience="members"))
    assert under(answer, "These are so already") == ["Two"]

    ada.post(PATH, sent(works, audience="members"))

    assert [each.revisions.count() for each in works] == [2, 1, 2]


def test_what_cannot_be_changed_says_why_and_the_others_change(ada, works):
    ada.post(PATH, sent([works[0]], add_fandom="Carmilla"))

    answer = ada.post(PATH, sent(works, "look", remove="dracula"))
    assert under(answer, "These cannot be changed so") == ["Two: Name at least one fandom; “Original Work” is one."]
    assert under(answer, "These change") == ["Three", "One"]
    told = said(ada.post(PATH, sent(works, remove="dracula"), follow=True))

    assert "2 works changed." in told
    assert "“Two” was not changed: Name at least one fandom" in told
    tags = [writing.fields_of(each).tags(TagKind.FANDOM) for each in fresh(works)]
    assert tags == [["Carmilla"], ["Dracula"], []]


def test_a_pen_name_takes_the_place_of_her_others(ada, cast, works):
    other = cast.ada.pseuds.create(name="quiet_tide").pk
    assert "Under the pen name" in said(ada.get(PATH))

    ada.post(PATH, sent(works, pseud=str(other)))

    assert [[each.pseud_id for each in work.byline] for work in fresh(works)] == [[other]] * 3


def test_works_for_whoever_has_the_link_get_one(ada, works):
    ada.post(PATH, sent(works, audience="link"))

    assert WorkLink.objects.count() == 3


def test_works_of_others_and_deleted_ones_are_left_out(ada, cast, works):
    others = make_work("Not hers", owner=cast.rey)
    writing.delete_work(viewer(cast.ada), works[2])

    answer = ada.post(PATH, sent([*works, others], "look", language="de"))
    assert under(answer, "These change") == ["Two", "One"]
    ada.post(PATH, sent([*works, others], language="de", pseud=str(cast.rey.pseuds.get().pk)))

    assert [each.language for each in fresh([*works, others])] == ["de", "de", "en", "en"]
    assert "Not hers" not in said(ada.get(PATH))


def test_without_works_or_changes_nothing_is_asked_and_what_was_typed_comes_back(ada, works):
    nothing = ada.post(PATH, sent([], "look", language="de"))
    assert "Tick the works first" in said(nothing)
    assert '<option value="de" selected>' in said(nothing)
    answer = ada.post(PATH, sent(works[:1], "change", audience="nobody", pseud="77", search="perhaps"))
    assert "Say below what shall change." in said(answer)
    assert [each.revisions.count() for each in works] == [1, 1, 1]


def test_going_back_keeps_ticks_and_changes(ada, works):
    page = lxml.html.fromstring(ada.post(PATH, sent(works[:2], "back", audience="link")).content.decode())

    ticked = {each.get("value") for each in page.cssselect("input[name=work][checked]")}
    assert ticked == {str(each.pk) for each in works[:2]}
    assert page.cssselect("select[name=audience]")[0].value == "link"


def test_all_of_a_page_can_be_ticked_without_a_script(ada, works):
    page = lxml.html.fromstring(ada.get(f"{PATH}?page=1&tick=all").content.decode())

    assert len(page.cssselect("input[name=work][checked]")) == 3
    assert not lxml.html.fromstring(ada.get(PATH).content.decode()).cssselect("input[name=work][checked]")


def test_numbers_that_are_none_are_passed_over(ada, works):
    odd = ["x", "٣", "9" * 19, "0" * 5000, "-1", ""]

    answer = ada.post(PATH, {**sent(works[:1], "look", language="de"), "work": [*odd, str(works[0].pk)]})

    assert under(answer, "These change") == ["One"]


def test_one_that_is_refused_only_when_it_is_saved_is_told_too(cast, works, monkeypatch):
    save, failed = writing.save_work, works[1].pk

    def failing(who, work, fields):
        save(who, work, fields)
        if work.pk == failed:
            raise writing.Unfinished({"work": "No."})

    monkeypatch.setattr(many.writing, "save_work", failing)
    outcomes = many.change(viewer(cast.ada), [each.pk for each in works], Changes(language="de"))

    assert {each.work.title: each.refused for each in outcomes} == {"One": "", "Two": "No.", "Three": ""}
    assert [each.language for each in fresh([works[0], works[2]])] == ["de", "de"]


def test_a_tag_that_is_there_is_not_added_twice():
    had = writing.WorkFields(title="One", taggings=(Tagging(kind=TagKind.CHARACTER, name="Mina"),))
    wanted = Changes(add=(Tagging(kind=TagKind.CHARACTER, name="mina"), Tagging(kind=TagKind.FANDOM, name="Mina")))

    assert [each.name for each in wanted.made_to(had).taggings] == ["Mina", "Mina"]
    assert not Changes()


def test_her_page_leads_there_and_others_find_nothing(ada, browser, cast, works):
    assert f'href="{links.many("ada")}"' in ada.get("/users/ada").content.decode()
    for who in (None, cast.rey, cast.ari):
        assert browser(who).get(PATH).status_code == 404
        assert browser(who).post(PATH, sent(works, language="de")).status_code == 404
    assert [each.language for each in fresh(works)] == ["en"] * 3
