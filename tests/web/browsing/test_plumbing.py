"""Addresses for machines, and pages for when something breaks."""

from __future__ import annotations

import errno

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


def test_a_refusal_is_a_page_with_its_sentence(guest, monkeypatch):
    def refuse():
        raise Refused("The lamp is out.")

    monkeypatch.setattr(home, "site", refuse)
    answer = guest.get("/")

    assert answer.status_code == 400
    assert "The lamp is out." in answer.content.decode()


FULL = OSError(errno.ENOSPC, "No space left on device", "/data/secret.place")


@pytest.mark.parametrize("error", [StorageFull("/data/secret.place"), FULL], ids=["told", "met"])
def test_a_full_disk_is_told_in_words_and_where_it_is_to_the_archivist_alone(guest, browser, cast, monkeypatch, error):
    def refuse():
        raise error

    monkeypatch.setattr(home, "site", refuse)
    answer = guest.get("/")
    assert answer.status_code == 507
    assert "The archive’s disk is full, so that was not done. Nothing is half saved." in answer.content.decode()
    assert "secret.place" not in answer.content.decode()
    assert "/data/secret.place could not be written." in browser(cast.ari).get("/").content.decode()


def test_a_full_disk_outside_of_every_view_is_told_as_well(cast, browser, monkeypatch):
    """As when there is no room for what was uploaded, or for a session."""

    def refuse(*_args, **_options):
        raise FULL

    member = browser(cast.rey)
    member.raise_request_exception = False
    monkeypatch.setattr("django.contrib.sessions.backends.base.SessionBase.get_expiry_age", refuse)
    monkeypatch.setattr("django.contrib.sessions.middleware.SessionMiddleware.process_response", refuse)
    answer = member.get("/")
    assert answer.status_code == 507
    assert "The archive’s disk is full" in answer.content.decode()


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
