"""What the archive's letters say. Plain text, from templates in `mail/`: the first line is the subject."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.conf import settings
from django.template.loader import render_to_string

from undying.web import links
from undying.web.page import site

if TYPE_CHECKING:
    from undying.exchange.letters import Letter


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
    subject, _, body = render_to_string("mail/invitation.txt", {"text": text, "site": site()}).lstrip().partition("\n")
    return " ".join(subject.split()), body.strip() + "\n"
