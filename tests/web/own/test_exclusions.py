"""What a member has excluded: her page, the forms elsewhere, and every list."""

from __future__ import annotations

import lxml.html
import pytest

from tests.cast import viewer
from tests.makers import make_work
from tests.web.lists.pages import read, search, sentence, texts, titles
from tests.web.own.everything import a_work_in_every_list
from undying.community import excluding
from undying.community.models import Exclusion
from undying.library.models import Tag, Work
from undying.manuscript import Audience, State, TagKind
from undying.people.models import User
from undying.web import links

DRACULA = {TagKind.FANDOM: ["Dracula"]}
DEATH = {TagKind.FANDOM: ["Dracula"], TagKind.RATING: ["Mature"], TagKind.WARNING: ["Major Character Death"]}
PAGE = "/users/rey/exclusions"


@pytest.fixture
def rey(browser, cast):
    return browser(cast.rey)


def press(client, page, text, **headers):
    """Send the form whose button says this; where the answer leads."""
    for form in page.cssselect("form[method=post]"):
        for button in form.cssselect("button[name]"):
            if text in " ".join(button.text_content().split()):
                fields = {each.get("name"): each.get("value") for each in form.cssselect("input[name]")}
                answer = client.post(form.get("action"), {**fields, button.get("name"): button.get("value")}, **headers)
                assert answer.status_code == 302
                return answer.headers["Location"]
    raise AssertionError(text)


def test_a_tag_is_left_out_by_typing_and_taken_back(rey, db):
    make_work("Sad", tags=DEATH)
    make_work("Mild", tags=DRACULA)
    found = read(rey, f"{PAGE}?find=char+dea")
    assert texts(found, "#offers button") == ["Major Character Death archive warning"]
    assert press(rey, found, "Major Character Death") == PAGE

    page = read(rey, PAGE)
    assert texts(page, ".flash") == ["Works with “Major Character Death” are left out now."]
    assert texts(page, ".kept li span > a") == ["Major Character Death"]
    assert (sentence(search(rey)), titles(search(rey))) == ("1 work", ["Mild"])
    press(rey, page, "Take back")
    assert sentence(search(rey)) == "2 works"


def test_an_author_is_found_by_any_word_of_the_name_and_the_reader_herself_is_not(rey, cast):
    make_work("Theirs", author="Lucy of Whitby")
    make_work("Hers", owner=cast.rey)

    assert texts(read(rey, f"{PAGE}?find=whit"), "#offers button") == ["Lucy of Whitby author, at tests.example"]
    assert press(rey, read(rey, f"{PAGE}?find=lucy+whit"), "Lucy") == PAGE
    assert titles(search(rey)) == ["Hers"]
    assert texts(read(rey, f"{PAGE}?find=lucy"), "#offers button") == []
    assert texts(read(rey, f"{PAGE}?find=rey"), "#offers button") == []


def test_htmx_gets_the_offers_alone(rey, db):
    make_work("Sad", tags=DEATH)
    part = read(rey, f"{PAGE}?find=mature", part=True)

    assert (part.get("id"), texts(part, "button")) == ("offers", ["Mature rating"])
    assert "id=" in rey.get(f"{PAGE}?find=nonsense", headers={"HX-Request": "true"}).content.decode()


def test_a_rating_and_a_language_are_one_press_each(rey, db):
    make_work("Sad", tags=DEATH, language="en-GB")
    make_work("German", tags=DRACULA, language="de")
    press(rey, read(rey, PAGE), "Mature")
    assert titles(search(rey)) == ["German"]
    assert read(rey, PAGE).cssselect("select[name=language] option")[0].get("value") in {"en", "de"}
    rey.post(PAGE, {"language": "de"})
    assert (titles(search(rey)), sentence(search(rey))) == ([], "No works")


def test_a_card_leads_to_what_of_it_can_be_left_out(rey, db):
    work = make_work("Sad", tags=DEATH, author="mina")
    page = read(rey, "/works")
    (where,) = [each.get("href") for each in page.cssselect("li.work .hide a")]
    assert where == f"{PAGE}/works/{work.pk}"
    choices = read(rey, where)
    assert texts(choices, "ul.offers button") == ["Sad", "mina", "Dracula", "Major Character Death", "Mature"]

    press(rey, choices, "mina")
    assert titles(search(rey)) == []


def test_after_a_card_the_reader_is_where_she_was(rey, db):
    make_work("Sad", tags=DEATH)
    where = read(rey, "/works").cssselect("li.work .hide a")[0].get("href")
    answer = rey.get(where, headers={"Referer": "http://testserver/works?page=1"})
    assert press(rey, lxml.html.fromstring(answer.content), "Sad") == "/works?page=1"
    bad = rey.post(PAGE, {"work": Work.objects.get().pk, "next": "https://elsewhere.example/"})
    assert bad.headers["Location"] == PAGE


def test_the_pages_of_tags_and_authors_have_the_button_and_then_its_opposite(rey, db):
    work = make_work("Sad", tags=DEATH, author="mina")
    pseud = work.byline[0].pseud
    for where, text in (("/tags/Dracula", "this tag"), (links.of(pseud), "by mina")):
        assert press(rey, read(rey, where), f"works {'with' if 'tag' in text else ''}".strip()) == where
        page = read(rey, where)
        assert titles(page) == []
        assert texts(page, ".left-out") == ["Your exclusions hide 1 work here. Show anyway"]
        assert titles(read(rey, page.cssselect(".left-out a")[1].get("href"))) == ["Sad"]
        press(rey, page, "again")
        assert titles(read(rey, where)) == ["Sad"]


def test_an_account_is_left_out_with_all_its_pen_names(rey, cast):
    make_work("Ada's", owner=cast.ada)
    press(rey, read(rey, "/users/ada"), "Leave out works by ada")

    assert Exclusion.objects.get().account == cast.ada
    assert titles(search(rey)) == []
    assert texts(read(rey, PAGE), ".kept span.quiet") == ["all pen names"]
    assert not read(rey, "/users/rey").cssselect("form.choice")
    assert {"Your searches", "Your exclusions"} <= set(texts(read(rey, "/users/rey"), ".page-head a"))


def test_lists_say_how_many_are_left_out_and_show_them_once(rey, db):
    for number in range(25):
        make_work(f"Sad {number}", tags=DEATH)
        make_work(f"Mild {number}", tags=DRACULA)
    excluding.exclude_tag(viewer(User.objects.get(username="rey")), Tag.objects.get(name="Major Character Death").pk)
    page = search(rey, "/tags/Dracula/works")

    assert (sentence(page), len(titles(page))) == ("25 works in Dracula", 20)
    assert texts(page, ".left-out") == ["Your exclusions hide 25 works here. Show anyway"]
    anyway = read(rey, page.cssselect(".left-out a")[1].get("href"))
    assert sentence(anyway) == "50 works in Dracula"
    assert texts(anyway, ".left-out") == [
        "Your exclusions are lifted here: they hide 25 of these works. Hide them again"
    ]
    assert "anyway=yes" in anyway.cssselect("a[rel=next]")[0].get("href")
    again = anyway.cssselect(".left-out a")[1].get("href")
    assert sentence(read(rey, again)) == "25 works in Dracula"
    assert sentence(search(rey, "/tags/Dracula/works")) == "25 works in Dracula"


def test_an_address_of_an_excluded_work_still_opens(rey, db):
    work = make_work("Sad", tags=DEATH)
    excluding.exclude_work(viewer(User.objects.get(username="rey")), work.pk)

    assert titles(search(rey)) == []
    assert rey.get(links.of(work)).status_code == 200
    assert read(rey, PAGE).cssselect(f'.kept a[href="{links.of(work)}"]')


def test_every_list_leaves_them_out(rey, cast):
    wanted, unwanted, addresses = a_work_in_every_list()
    for address in addresses:
        assert unwanted.title in rey.get(address).content.decode(), address
    excluding.exclude_work(viewer(cast.rey), unwanted.pk)

    for address in addresses:
        told = rey.get(address).content.decode()
        assert unwanted.title not in told, address
        assert wanted.title in told, address


def test_counts_beside_fandoms_leave_them_out(rey, db):
    make_work("Sad", tags=DEATH)
    make_work("Mild", tags=DRACULA)
    excluding.exclude_tag(viewer(User.objects.get(username="rey")), Tag.objects.get(name="Major Character Death").pk)

    for where in ("/", "/fandoms"):
        (line,) = {each for each in texts(read(rey, where), "li") if each.startswith("Dracula")}
        assert line.split()[1] == "1"


def test_what_went_out_of_sight_has_no_name_on_the_page(rey, cast):
    work = make_work("Moon over Whitby", tags={TagKind.ADDITIONAL: ["Werewolves"]}, author="mina")
    me = viewer(cast.rey)
    excluding.exclude_work(me, work.pk)
    excluding.exclude_tag(me, Tag.objects.get(name="Werewolves").pk)
    excluding.exclude_pen_name(me, work.byline[0].pseud_id)
    Work.objects.update(state=State.DRAFT)
    told = rey.get(PAGE).content.decode()

    assert not any(word in told for word in ("Moon over Whitby", "Werewolves", "mina"))
    assert texts(read(rey, PAGE), ".kept li > span") == [
        "a tag that is not here now",
        "an author that is not here now",
        "a work that is not here now",
    ]


@pytest.mark.parametrize("field", ["tag", "work", "pen_name", "account", "language", "remove", "nonsense"])
@pytest.mark.parametrize("value", ["5", "nobody", "-1", "9" * 30, "\0", "١٢"])
def test_what_is_not_there_cannot_be_excluded(rey, db, field, value):
    make_work("Members", audience=Audience.MEMBERS)
    assert rey.post(PAGE, {field: value}).status_code == 404
    assert not Exclusion.objects.exists()


def test_too_many_are_refused_in_words(rey, db, monkeypatch):
    monkeypatch.setattr(excluding, "MOST", 0)
    work = make_work("Sad")
    assert rey.post(PAGE, {"work": work.pk}).status_code == 302
    assert texts(read(rey, PAGE), ".flash") == [
        "There is room for 0 exclusions, and you have as many. Take one back first."
    ]


def test_a_guest_has_no_links_to_what_is_a_members_alone(guest):
    make_work("Sad", tags=DEATH)
    for where in ("/", "/works", "/tags/Dracula"):
        page = read(guest, where)
        assert not page.cssselect(".hide, form.choice, .left-out, [href*=exclusions], [href*=searches]")


@pytest.mark.parametrize("name", ["account", "language", "tag", "pen_name", "work", "remove"])
def test_what_is_longer_than_any_name_is_not_there(browser, cast, name):
    make_work("One", language="cy")
    assert browser(cast.rey).post(links.exclusions("rey"), {name: "x" * 100_000}).status_code == 404
