"""Who gets which work, on every address that shows something of it."""

from __future__ import annotations

from functools import partial

import pytest
from django.test import Client

from tests.cast import PASSWORD
from tests.makers import make_work
from tests.manuscripts import make_picture
from undying.manuscript import Audience, Prose, Review, SeriesPlace, State, Tagging, TagKind
from undying.web import links

SECRET = "Whitbysecret"
PICTURE = make_picture(7)

make_secret = partial(
    make_work,
    f"{SECRET} Abbey",
    text=f"{SECRET} rain.",
    author=f"{SECRET} author",
    taggings=(Tagging(kind=TagKind.FANDOM, name=f"{SECRET} fandom"),),
    series=(SeriesPlace(title=f"{SECRET} series", position=1),),
    reviews=(Review(name=f"{SECRET} reader", body=Prose("<p>Yes.</p>")),),
    pictures=(PICTURE,),
    chapters=2,
)
STATES = {
    "draft": {"state": State.DRAFT},
    "hidden": {"hidden": True},
    "members only": {"audience": Audience.MEMBERS},
}
WHO_MAY = {
    "draft": {"ada", "ari"},
    "hidden": {"ada", "mo", "ari"},
    "members only": {"ada", "rey", "mo", "ari"},
}


def addresses(work) -> list[str]:
    """Every address that belongs to one work, its chapters and what only it stands in."""
    chapter = work.chapters.get(position=1)
    series = work.series_entries.get().series
    return [
        links.of(work),
        links.work(work, whole=True),
        links.of(chapter),
        f"/chapters/{chapter.pk}",
        links.navigate(work),
        links.reviews(work),
        links.download(work, "html"),
        links.cover(work, small=True),
        links.picture(work.pk, PICTURE.sha256),
        links.of(series),
        links.of(work.tags(TagKind.FANDOM)[0]),
    ]


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("who", ["guest", "ada", "rey", "mo", "ari"])
def test_each_address_of_a_work_opens_to_those_who_may_read_it(cast, browser, state, who):
    work = make_secret(owner=cast.ada, **STATES[state])
    client = browser(None if who == "guest" else getattr(cast, who))

    expected = 200 if who in WHO_MAY[state] else 404

    assert {path: client.get(path).status_code for path in addresses(work)} == dict.fromkeys(addresses(work), expected)


@pytest.mark.parametrize("state", STATES)
def test_a_forbidden_work_and_an_absent_one_look_the_same_byte_for_byte(cast, guest, state):
    work = make_secret(owner=cast.ada, **STATES[state])
    paths = [*addresses(work), links.download(work, "epub")]

    forbidden = [guest.get(path).content for path in paths]
    work.delete()
    absent = [guest.get(path).content for path in paths]

    assert forbidden == absent
    assert not any(SECRET.encode() in answer for answer in forbidden)


@pytest.mark.parametrize("state", STATES)
def test_lists_keep_quiet_about_a_work_that_the_reader_may_not_read(cast, guest, state):
    make_secret(owner=cast.ada, **STATES[state])

    for path in ("/", "/fandoms", "/users/ada", "/users/ada/pseuds/ada"):
        answer = guest.get(path)
        assert answer.status_code == 200
        assert SECRET not in answer.content.decode()


def test_an_imported_author_without_a_readable_work_is_a_secret(guest):
    work = make_secret(state=State.DRAFT)
    author = work.byline[0].pseud

    assert guest.get(links.of(author)).status_code == 404
    assert guest.get(links.account(author.handle)).status_code == 404


def test_a_closed_account_cannot_sign_in_and_reads_as_a_guest(cast, browser):
    work = make_secret(audience=Audience.MEMBERS)
    client = browser(None)

    client.post("/users/login", {"user[login]": cast.sam.username, "user[password]": PASSWORD})

    assert client.get(links.of(work)).status_code == 404


def test_a_draft_chapter_shows_only_to_its_creators(cast, browser, guest):
    work = make_secret(owner=cast.ada)
    draft = work.chapters.get(position=2)
    type(draft).objects.filter(pk=draft.pk).update(state=State.DRAFT)

    assert guest.get(links.of(draft)).status_code == 404
    assert f"{SECRET} rain. 2" not in guest.get(links.work(work, whole=True)).content.decode()
    assert b"Draft" in browser(cast.ada).get(links.of(draft)).content
    assert f"{SECRET} rain. 2" not in guest.get(links.download(work, "html")).content.decode()
    assert f"{SECRET} rain. 2" in browser(cast.ada).get(links.download(work, "html")).content.decode()


def test_a_chapter_opens_under_its_own_work_alone(guest):
    one, other = make_work(), make_work()
    chapter = one.chapters.get()

    assert guest.get(f"/works/{one.pk}/chapters/{chapter.pk}").status_code == 200
    assert guest.get(f"/works/{other.pk}/chapters/{chapter.pk}").status_code == 404


def test_a_missing_work_is_said_in_the_words_that_tools_look_for(guest):
    answer = guest.get("/works/123")

    assert answer.status_code == 404
    assert "Sorry, we couldn&#x27;t find the work you were looking for." in answer.content.decode()


@pytest.mark.parametrize("path", ["/works/99999999999999999999999", "/chapters/99999999999999999999", "/nowhere"])
def test_an_impossible_address_is_a_worded_404(guest, path):
    answer = guest.get(path)

    assert answer.status_code == 404
    assert "you were looking for" in answer.content.decode()


def test_a_form_without_its_token_gets_a_worded_page(db):
    answer = Client(enforce_csrf_checks=True).post("/users/login", {"user[login]": "ada"})

    assert answer.status_code == 403
    assert "too old" in answer.content.decode()
