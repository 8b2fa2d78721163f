"""The pages on which a member takes home what is hers, lets go of a work, and leaves."""

from __future__ import annotations

import io
import zipfile

import pytest
from lxml import html

from tests.cast import PASSWORD
from tests.makers import make_work
from tests.web.lists.pages import read, texts
from undying.kernel.clock import now
from undying.library.models import Creatorship, Work
from undying.people.models import User
from undying.web import links

pytestmark = pytest.mark.django_db

PAGE = "/users/ada/leaving"


@pytest.fixture
def ada(browser, cast):
    return browser(cast.ada)


@pytest.fixture
def work(cast) -> Work:
    return make_work("Lanterns", owner=cast.ada)


def test_her_page_leads_to_it_and_it_to_the_zip(ada, work):
    assert PAGE in [each.get("href") for each in read(ada, "/users/ada").cssselect(".page-head a")]
    (button,) = read(ada, PAGE).cssselect("a[download]")
    answer = ada.get(button.get("href"))

    assert answer.headers["Content-Type"] == "application/zip"
    assert answer.headers["Cache-Control"] == "no-store"
    assert f'filename="ada {now():%Y-%m-%d}.zip"' in answer.headers["Content-Disposition"]
    names = zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content))).namelist()
    assert f"works/Lanterns ({work.pk}).epub" in names


@pytest.mark.parametrize("who", ["guest", "rey", "mo", "ari"])
def test_for_everybody_else_there_is_no_such_page(browser, cast, work, who):
    client = browser(None if who == "guest" else getattr(cast, who))
    for address in (PAGE, links.everything("ada"), links.let_go(work)):
        assert client.get(address).content == client.get("/nowhere").content
    for address in (PAGE, links.let_go(work)):
        assert client.post(address, {"how": "orphan", "works": "delete", "password": PASSWORD}).status_code == 404
    assert work.creatorships.get().pseud.user == cast.ada
    assert User.objects.filter(username="ada").exists()


def test_she_lets_go_of_a_work_and_takes_it_back(ada, work):
    (link,) = [each for each in read(ada, PAGE).cssselect("main a") if each.text_content() == "Lanterns"]
    first, second = texts(read(ada, link.get("href")), "main label")
    assert first.startswith("Take my name off: “Orphaned” stands there instead")
    assert second.startswith("Leave the name there, but nobody's")
    assert ada.post(link.get("href"), {"how": "orphan"}).headers["Location"] == PAGE
    assert work.creatorships.get().pseud.name == "Orphaned"
    assert ada.get(link.get("href")).status_code == 404

    (button,) = read(ada, PAGE).cssselect("button[name=put_back]")
    ada.post(PAGE, {"put_back": button.get("value")})
    assert work.creatorships.get().pseud.name == "ada"
    assert ada.post(PAGE, {"put_back": button.get("value")}).status_code == 404


def test_from_a_work_of_several_she_may_step_down(ada, cast, work):
    Creatorship.objects.create(work=work, pseud=cast.rey.pseuds.get(), position=1)
    assert "Step down" in read(ada, links.let_go(work)).text_content()
    ada.post(links.let_go(work), {"how": "step-down"})
    assert work.creatorships.get().pseud.name == "rey"


def test_she_says_how_or_nothing_happens(ada, work):
    assert ada.post(links.let_go(work), {}).headers["Location"] == links.let_go(work)
    assert work.creatorships.get().pseud.name == "ada"
    assert "Choose how" in read(ada, links.let_go(work)).text_content()


@pytest.mark.parametrize(
    ("fields", "trouble"),
    [
        ({"password": PASSWORD}, "Choose what becomes of your works."),
        ({"works": "keep", "password": "not it"}, "That is not your password"),
        ({"works": "everything", "password": PASSWORD}, "Choose what becomes of your works."),
    ],
)
def test_nobody_leaves_by_mistake(ada, work, fields, trouble):
    page = html.fromstring(ada.post(PAGE, fields).content)
    assert texts(page, "[role=alert]")[0].startswith(trouble)
    assert [each.get("value") for each in page.cssselect("input[checked]")] == [
        each for each in [fields.get("works")] if each == "keep"
    ]
    assert User.objects.filter(username="ada").exists()


def test_she_leaves_and_is_signed_out(ada, work):
    answer = ada.post(PAGE, {"works": "orphan", "password": PASSWORD}, follow=True)

    assert "Your account is gone." in answer.content.decode()
    assert "_auth_user_id" not in ada.session
    assert not User.objects.filter(username="ada").exists()
    assert work.creatorships.get().pseud.name == "Orphaned"
    assert "ada" not in texts(read(ada, links.of(work)), ".byline")
