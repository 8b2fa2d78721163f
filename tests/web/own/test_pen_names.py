"""A member's pen names: she makes, describes, renames, links and takes away; nobody else learns of it."""

from __future__ import annotations

import pytest

from tests.cast import viewer
from tests.makers import make_work
from undying.finding import indexer
from undying.library import writing
from undying.library.models import Work
from undying.people.models import Pseud, User
from undying.web import links

PATH = "/users/ada/pen-names"


@pytest.fixture
def ada(cast, browser):
    return browser(cast.ada)


def text(answer) -> str:
    return answer.content.decode()


def one(ada, cast, **said) -> Pseud:
    ada.post(PATH, {"name": "Moth", **said})
    return cast.ada.pseuds.get(name="Moth")


def test_she_makes_one_that_stands_alone(ada, cast, guest):
    moth = one(ada, cast, description="I write at **night**.")
    assert not moth.is_linked
    told = text(ada.get(PATH))
    assert "stands alone" in told
    assert "Moth" in told
    page = text(guest.get(links.of(moth)))
    assert "I write at <strong>night</strong>." in page
    assert "ada" not in page
    assert "Moth" not in text(guest.get("/users/ada"))


def test_she_links_it_and_both_pages_say_so(ada, cast, guest):
    moth = one(ada, cast, is_linked="yes")
    assert links.of(moth) == "/users/ada/pseuds/Moth"
    assert "Moth" in text(guest.get("/users/ada"))
    ada.post(links.pen_name("ada", moth), {"act": "save", "name": "Moth"})
    assert guest.get("/users/ada/pseuds/Moth").status_code == 404


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("", "Give a name with a letter or a digit in it."),
        ("...", "Give a name with a letter or a digit in it."),
        ("x" * 41, "A pen name has 40 characters at most; this one has 41."),
        ("ADA", "You have a pen name ADA already."),
        ("Admin", "would speak for the archive"),
        ("a\u202eda", "There is a sign in it that nobody can see"),
    ],
)
def test_what_will_not_do_is_said_beside_the_field_and_nothing_is_lost(ada, cast, name, why):
    told = text(ada.post(PATH, {"name": name, "description": "All of this stays.", "is_linked": "yes"}))
    assert why in told
    assert "All of this stays." in told
    assert "checked" in told
    assert cast.ada.pseuds.count() == 1


def test_too_long_a_text_is_refused_with_the_limit_and_kept(ada, cast):
    told = text(ada.post(PATH, {"name": "Moth", "description": "night " * 1000}))
    assert "of 5,000 at most" in told
    assert told.count("night night") > 100


def test_names_of_others_scripts_and_of_other_accounts_will_do(ada, cast):
    for name in ("夜の蛾", "می‌نویسم", "rey"):
        ada.post(PATH, {"name": name})
    assert cast.ada.pseuds.count() == 4


def test_a_new_name_is_on_her_works_at_once_and_found(ada, cast, guest):
    make_work("By night", owner=cast.ada)
    hers = cast.ada.pseuds.get()
    ada.post(links.pen_name("ada", hers), {"act": "save", "name": "Ada Byron", "is_linked": "yes"})
    indexer.drain_if_free()
    hers.refresh_from_db()
    assert "Ada Byron" in text(guest.get("/works"))
    assert "By night" in text(guest.get("/works/search?work_search%5Bquery%5D=by%3A%22Ada+Byron%22"))
    assert guest.get("/users/ada/pseuds/Ada%20Byron").status_code == 200


def test_new_works_get_the_default_where_nothing_is_chosen(ada, cast):
    moth = one(ada, cast)
    me = viewer(cast.ada)
    assert writing.pseuds_of(me)[0].name == "ada"
    ada.post(links.pen_name("ada", moth), {"act": "default"})
    assert writing.pseuds_of(me)[0] == moth
    assert "New works get this name" in text(ada.get(links.pen_name("ada", moth)))


def test_one_that_nothing_stands_under_can_be_taken_away(ada, cast):
    moth = one(ada, cast)
    ada.post(links.pen_name("ada", moth), {"act": "delete"})
    assert not Pseud.objects.filter(name="Moth").exists()


def test_one_in_use_or_the_default_stays(ada, cast):
    work = make_work(owner=cast.ada)
    hers, moth = cast.ada.pseuds.get(), one(ada, cast)
    assert "choose another for them first" in text(
        ada.post(links.pen_name("ada", hers), {"act": "delete"}, follow=True)
    )
    ada.post(links.pen_name("ada", moth), {"act": "default"})
    told = text(ada.post(links.pen_name("ada", hers), {"act": "delete"}, follow=True))
    assert "Something of yours stands under this name" in told
    assert Work.objects.get(pk=work.pk).creatorships.get().pseud == hers


@pytest.mark.parametrize("who", ["guest", "rey", "mo", "ari"])
def test_the_pages_are_there_for_herself_alone(cast, browser, who):
    client = browser(None if who == "guest" else getattr(cast, who))
    hers = cast.ada.pseuds.get()
    before = list(Pseud.objects.values())
    for path in (PATH, links.pen_name("ada", hers)):
        assert client.get(path).status_code == 404
        assert client.post(path, {"name": "Mine now", "act": "delete"}).status_code == 404
    if who != "guest":
        own = client.get(
            links.pen_name(User.objects.get(username=who if who != "mo" else "moderator_mo").username, hers)
        )
        assert own.status_code == 404
    assert list(Pseud.objects.values()) == before


def test_numbers_that_are_none_are_404(ada):
    assert ada.get(f"{PATH}/{2**70}").status_code == 404
    assert ada.get(f"{PATH}/5").status_code == 404
