"""What the archive's letters say. Plain text, from templates in `mail/`: the first line is the subject."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.conf import settings
from django.template.loader import render_to_string

from undying.people.models import LetterKind
from undying.web import links
from undying.web.page import site

if TYPE_CHECKING:
    from undying.exchange.letters import Letter
    from undying.people.letters import Facts

_LEADS_TO = {
    LetterKind.FORGOTTEN: links.renew,
    LetterKind.JOIN: links.begin,
    LetterKind.LET_IN: links.begin,
    LetterKind.ADDRESS: links.confirm_address,
}
"""Where the links in letters to accounts lead."""


@dataclass(frozen=True, slots=True, kw_only=True)
class InvitationText:
    """In scope of the template as `letter`: the letter, the link to her page, and the page that tells of the rescue."""

    letter: Letter
    link: str
    rescue: str


def invitation(letter: Letter) -> tuple[str, str]:
    """Subject and text of the one letter to an author."""
    base = settings.UNDYING.text("base_url")
    text = InvitationText(letter=letter, link=base + links.claim(letter.token), rescue=base + links.RESCUE)
    return _worded("invitation", text)


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountText:
    """In scope of the template as `text`: what the letter tells, its link, and where one signs in or asks for a new
    password.
    """

    facts: Facts
    link: str
    sign_in: str
    forgotten: str


def to_account(facts: Facts) -> tuple[str, str]:
    """Subject and text of a letter to an account, or to who asked for one."""
    lead = _LEADS_TO.get(facts.kind)
    link = facts.base + (lead(facts.token) if lead else facts.path) if lead or (facts.base and facts.path) else ""
    text = AccountText(
        facts=facts, link=link, sign_in=facts.base + links.SIGN_IN, forgotten=facts.base + links.FORGOTTEN
    )
    return _worded(facts.kind.value, text)


def _worded(name: str, text: InvitationText | AccountText) -> tuple[str, str]:
    subject, _, body = render_to_string(f"mail/{name}.txt", {"text": text, "site": site()}).lstrip().partition("\n")
    return " ".join(subject.split()), body.strip() + "\n"
