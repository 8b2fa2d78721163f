"""The archivist's settings in the browser."""

from __future__ import annotations

import pytest

from undying.kernel import chosen
from undying.kernel.models import Chosen, ChosenChange

WHERE = "/desk/settings"


def send(client, **given):
    return client.post(WHERE, given, follow=True).content.decode()


def test_the_page_is_the_archivists(cast, browser, guest):
    for client in (guest, browser(cast.ada), browser(cast.mo)):
        for answer in (client.get(WHERE), client.post(WHERE, {"site_name": "Mine"})):
            assert (answer.status_code, answer.content) == (404, client.get("/nowhere").content)
    assert browser(cast.ari).get(WHERE).status_code == 200
    assert not ChosenChange.objects.exists()


def test_what_is_chosen_holds_at_once_and_is_noted(cast, browser, guest):
    before = chosen.text("site_name")
    told = send(browser(cast.ari), site_name="The Lamp", banner="Closed <on> Monday.", joining="open")

    assert "Saved." in told
    page = guest.get("/").content.decode()
    assert "<title>" in page
    assert "The Lamp" in page
    assert "Closed &lt;on&gt; Monday." in page
    assert chosen.joining() is chosen.Joining.OPEN
    row = ChosenChange.objects.get(name="site_name")
    assert (row.before, row.after, row.by) == (before, "The Lamp", "ari")
    assert "whoever has an invitation" not in told.partition("What was changed")[2]
    assert "nobody: the archivist makes accounts" in told.partition("What was changed")[2]


def test_the_operators_setting_holds_until_something_is_chosen(home, db, settings):
    settings.UNDYING = type(settings.UNDYING)(home, {**settings.UNDYING.values, "site_name": "Harbour"})

    assert chosen.text("site_name") == "Harbour"
    chosen.change({"site_name": "Lamp"}, by="ari")
    assert chosen.text("site_name") == "Lamp"


def test_what_is_as_before_is_not_noted(cast, browser):
    assert "Nothing was changed." in send(browser(cast.ari), joining="closed", minimum_age="13")
    assert not Chosen.objects.exists()


@pytest.mark.parametrize(
    ("name", "typed", "told"),
    [
        ("site_name", "x" * 101, "At most 100 characters fit here; this has 101."),
        ("joining", "everyone", "Choose one of these."),
        ("minimum_age", "old", "Write a whole number from 0 to 99."),
        ("minimum_age", "-1", "Write a whole number from 0 to 99."),
        ("queue_per_day", "9" * 5000, "Write a whole number from 0 to 10000."),
        ("terms_version", "²", "Write a whole number from 1 to 1000000."),
    ],
)
def test_what_cannot_be_is_told_beside_its_field_and_nothing_changes(cast, browser, name, typed, told):
    page = send(browser(cast.ari), **{"banner": "Hello there.", name: typed})

    assert told in page
    assert "Hello there." in page
    assert not Chosen.objects.exists()


def test_another_process_knows_within_seconds(db, monkeypatch):
    chosen.forget()
    assert chosen.text("banner") == ""
    Chosen.objects.create(name="banner", value="Elsewhere")
    assert chosen.text("banner") == ""
    monkeypatch.setattr(chosen, "KEPT_FOR", 0.0)
    assert chosen.text("banner") == "Elsewhere"
