"""Whatever stands in the way, the text comes back; and long texts go where they may, and nowhere else."""

from __future__ import annotations

import html
import re

import pytest
from django.conf import settings
from django.test import Client

from tests.web.writing.forms import WHOLE, said, written
from undying.library.models import Work

pytestmark = pytest.mark.django_db
TEXT = "An hour of work.\n\nAnd another."


@pytest.fixture
def ada(cast, browser):
    return browser(cast.ada)


def strict(user) -> Client:
    client = Client(enforce_csrf_checks=True)
    if user:
        client.force_login(user, backend=settings.AUTHENTICATION_BACKENDS[0])
    return client


def fields_in(answer) -> dict[str, str]:
    """What the form in a page would send again."""
    page = answer.content.decode()
    found = dict(re.findall(r'<input type="hidden"\s+name="([\w_]+)"\s+value="([^"]*)"', page))
    found.update(re.findall(r'<textarea[^>]*name="(\w+)"[^>]*>\n([^<]*)</textarea>', page))
    return {name: html.unescape(value) for name, value in found.items() if name != "csrfmiddlewaretoken"}


def token_of(answer) -> str:
    """Django's own token in a page."""
    return re.findall(r'name="csrfmiddlewaretoken" value="(\w+)"', answer.content.decode())[0]


def test_an_expired_form_gives_the_text_back_and_can_be_sent_again(cast):
    client = strict(cast.ada)
    answer = client.post("/works/new", {**WHOLE, "body": TEXT})
    assert answer.status_code == 403
    assert "too old" in said(answer)
    again = {**fields_in(answer), "csrfmiddlewaretoken": token_of(answer)}
    assert again["body"] == TEXT
    assert client.post("/works/new", again).status_code == 302
    assert "An hour of work." in Work.objects.get().chapters.get().body


def test_a_form_from_elsewhere_is_not_given_back(cast):
    answer = strict(cast.ada).post("/works/new", {**WHOLE, "body": TEXT}, headers={"Origin": "https://evil.example"})

    assert answer.status_code == 403
    assert "An hour of work." not in said(answer)


def test_an_expired_session_gives_the_text_back_and_it_can_be_sent_after_signing_in(cast, guest):
    answer = guest.post("/works/new", {**WHOLE, "body": TEXT})
    assert answer.status_code == 404
    assert "not signed in" in said(answer)
    assert 'target="_blank"' in said(answer)
    assert not Work.objects.exists()
    guest.force_login(cast.ada, backend=settings.AUTHENTICATION_BACKENDS[0])
    assert guest.post("/works/new", fields_in(answer)).status_code == 302


def test_a_work_that_is_gone_leaves_the_text(ada):
    work = written(ada)
    address = f"/works/{work.pk}/edit"
    Work.objects.all().delete()
    answer = ada.post(address, {**WHOLE, "body": TEXT})

    assert answer.status_code == 404
    assert fields_in(answer)["body"] == TEXT


def test_a_suspended_account_posts_nothing_and_loses_nothing(cast, ada):
    cast.ada.is_active = False
    cast.ada.save()
    answer = ada.post("/works/new", {**WHOLE, "body": TEXT})

    assert not Work.objects.exists()
    assert fields_in(answer)["body"] == TEXT


def test_two_megabytes_are_taken(ada):
    work = written(ada, body="<p>" + "Rain again. " * 180_000 + "</p>")

    assert work.words == 360_000


def test_a_text_that_is_too_long_for_the_archive_comes_back_with_the_limit(ada):
    answer = ada.post("/works/new", {**WHOLE, "body": "<p>" + "x " * 2_100_000 + "</p>"})

    assert "of 4,000,000 at most" in said(answer)
    assert answer.content.count(b"x x") > 1000


def test_twenty_megabytes_are_refused_with_the_limit(ada):
    answer = ada.post("/works/new", {**WHOLE, "body": "x" * 20 * 1024 * 1024})

    assert answer.status_code == 413
    assert "What you sent has 20.0 MB, and 16 MB are the most that fit." in said(answer)


@pytest.mark.parametrize("address", ["/users/login", "/desk/settings", "/nowhere", "/works/1/chapters/2/split"])
def test_every_other_form_takes_two_megabytes_at_most(ada, address):
    answer = ada.post(address, {"body": "x" * 3 * 1024 * 1024})

    assert answer.status_code == 413
    assert "2 MB are the most" in said(answer)
