"""Addresses for machines, and pages for when something breaks."""

from __future__ import annotations

import pytest
from django.test import Client

from undying.kernel.errors import Refused, StorageFull
from undying.web import home


def test_the_health_check_says_ok(guest):
    assert guest.get("/healthz").content == b"ok\n"


def test_the_archive_sets_its_own_accent_and_what_reads_on_it(guest, settings):
    values = {**settings.UNDYING.values, "accent": "#004400", "accent_dark": "#ffee88"}
    settings.UNDYING = type(settings.UNDYING)(settings.UNDYING.home, values)

    theme = guest.get("/theme.css").content.decode()

    assert "--accent-light: #004400; --on-accent-light: #ffffff" in theme
    assert "--accent-dark: #ffee88; --on-accent-dark: #1b0f10" in theme
    assert '<link rel="stylesheet" href="/theme.css">' in guest.get("/").content.decode()


def test_without_an_accent_no_page_asks_for_a_theme(guest):
    assert "theme.css" not in guest.get("/").content.decode()


@pytest.mark.parametrize(("refusal", "code"), [(Refused("The lamp is out."), 400), (StorageFull("/data"), 507)])
def test_a_refusal_is_a_page_with_its_sentence(guest, monkeypatch, refusal, code):
    def refuse():
        raise refusal

    monkeypatch.setattr(home, "site", refuse)
    answer = guest.get("/")

    assert answer.status_code == code
    assert str(refusal) in answer.content.decode()


def test_a_fault_is_a_page_that_tells_nothing_of_the_inside(db, monkeypatch, home):
    from undying.web import home as module  # noqa: PLC0415 - the fixture has the name

    def fail():
        raise RuntimeError("secret inside")

    monkeypatch.setattr(module, "site", fail)
    answer = Client(raise_request_exception=False).get("/")

    assert answer.status_code == 500
    assert "That is our fault" in answer.content.decode()
    assert "secret inside" not in answer.content.decode()


def test_a_foreign_host_gets_a_worded_page(db, settings, home):
    settings.ALLOWED_HOSTS = ["archive.example"]

    assert "does not understand" in Client().get("/", headers={"Host": "evil.example"}).content.decode()


def test_every_answer_forbids_foreign_code(guest):
    for path in ("/", "/nowhere", "/robots.txt"):
        assert "script-src 'self'" in guest.get(path).headers["Content-Security-Policy"]
