"""The letters that the archive sent, and what stands in them."""

from __future__ import annotations

import re

from django.core import mail

from undying.kernel.tasks import run_due

BASE = "https://lamp.example"


def know_own_address(settings) -> None:
    """The archive knows its address, as it must to send links."""
    settings.UNDYING = type(settings.UNDYING)(settings.UNDYING.home, {**settings.UNDYING.values, "base_url": BASE})


def letters() -> list:
    """Those that were sent since the last look."""
    run_due()
    sent, mail.outbox[:] = list(mail.outbox), []
    return sent


def link_in(letter) -> str:
    """The path of the first link in a letter."""
    found = re.search(rf"{BASE}(/\S+)", letter.body)
    assert found, letter.body
    return found[1]


def said(answer) -> bytes:
    """An answer without the token of its form, which differs each time."""
    return re.sub(rb'(csrfmiddlewaretoken" value=")\w+', rb"\1", answer.content)
