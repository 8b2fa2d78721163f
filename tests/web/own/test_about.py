"""What a member tells of herself stands on the page of her account, and where a name stands alone it tells nothing."""

from __future__ import annotations

import re

import pytest

from undying.kernel import chosen
from undying.people.models import Pseud, User
from undying.web import links

PATH = "/users/ada/about"


@pytest.fixture
def ada(cast, browser):
    return browser(cast.ada)


def text(answer) -> str:
    return answer.content.decode()


def test_it_stands_on_the_page_of_her_account_and_on_no_name_that_stands_alone(ada, cast, guest):
    moth = Pseud.objects.create(user=cast.ada, name="Moth")
    assert ada.post(PATH, {"about": "I write by *lamplight*.<script>alert(1)</script>"}).status_code == 302
    told = text(guest.get("/users/ada"))
    assert "I write by *lamplight*." in told
    assert "alert(1)" not in told
    assert "lamplight" not in text(guest.get(links.of(moth)))
    assert "lamplight" in text(ada.get(PATH))


def test_markdown_is_taken_where_there_is_no_tag(ada, guest):
    ada.post(PATH, {"about": "I write by *lamplight*."})
    assert "I write by <em>lamplight</em>." in text(guest.get("/users/ada"))


def asked(client) -> dict[str, str]:
    """The names of the fields by what they ask."""
    found = re.findall(r'<label for="field-(answer-\w+)"[^>]*>\s*([^<]+?)\s*<', text(client.get(PATH)))
    return {question: name for name, question in found}


def test_she_answers_what_the_archive_asks_and_leaves_out_what_she_likes(ada, guest, cast):
    assert "Favourite ship" not in text(ada.get(PATH))
    chosen.change({"profile_questions": "Favourite ship\n\n Pronouns <3\nFavourite ship\n"}, by="ari")
    names = asked(ada)
    assert list(names) == ["Favourite ship", "Pronouns &lt;3"]
    ada.post(PATH, {"about": "Hello.", names["Favourite ship"]: "The <Demeter>; ada@mail.example"})
    told = text(guest.get("/users/ada"))
    assert "The &lt;Demeter&gt;" in told
    assert "mail.example" not in told
    assert "Pronouns" not in told
    moth = Pseud.objects.create(user=cast.ada, name="Moth")
    assert "Demeter" not in text(guest.get(links.of(moth)))

    chosen.change({"profile_questions": "Pronouns"}, by="ari")
    assert "Demeter" not in text(guest.get("/users/ada"))
    ada.post(PATH, {"about": "Hello.", asked(ada)["Pronouns"]: "she/her"})
    chosen.change({"profile_questions": "Favourite ship\nPronouns"}, by="ari")
    assert "Demeter" in text(guest.get("/users/ada"))
    assert "she/her" in text(guest.get("/users/ada"))
    ada.post(PATH, {"about": "Hello.", asked(ada)["Favourite ship"]: " "})
    assert User.objects.get(username="ada").answers == {}


def test_too_long_an_answer_is_refused_with_the_limit_and_kept(ada):
    chosen.change({"profile_questions": "Favourite ship"}, by="ari")
    told = text(ada.post(PATH, {"about": "Hello.", asked(ada)["Favourite ship"]: "lamp " * 300}))
    assert "An answer has 1,499 characters, of 500 at most." in told
    assert told.count("lamp lamp") > 100
    assert User.objects.get(username="ada").answers == {}


def test_too_long_a_text_is_refused_with_the_limit_and_kept(ada):
    told = text(ada.post(PATH, {"about": "lamp " * 5000}))
    assert "of 20,000 at most: shorten it by" in told
    assert told.count("lamp lamp") > 1000
    assert User.objects.get(username="ada").about == ""


@pytest.mark.parametrize("who", ["guest", "rey", "mo", "ari"])
def test_the_form_is_there_for_herself_alone(cast, browser, who):
    assert cast.ada
    client = browser(None if who == "guest" else getattr(cast, who))
    assert client.get(PATH).content == client.get("/nowhere").content
    assert client.post(PATH, {"about": "Mine now"}).status_code == 404
    assert User.objects.get(username="ada").about == ""
