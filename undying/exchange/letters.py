"""The one letter to each author: planned, queued when the archivist says so, sent a few an hour.

Refused
├── NoAddressHere   letters need a link, and the archive does not know its own address
└── NoLetters       there is nobody to write to
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import timedelta
from operator import attrgetter
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.utils.module_loading import import_string

from undying.exchange import claims
from undying.exchange.optouts import Askers, refuse_unless_known
from undying.exchange.private import Asked, Contact, Done, Invitation, Record
from undying.kernel.clock import now
from undying.kernel.errors import Refused

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from undying.exchange.models import Batch
    from undying.library.models import Work

AN_HOUR = timedelta(hours=1)
LONGEST_TROUBLE = 200
_TOLD = attrgetter("pk")


class NoAddressHere(Refused):
    """The archive does not know its own address."""


class NoLetters(Refused):
    """There is nobody to write to."""


@dataclass(frozen=True, slots=True)
class Author:
    """One author, whatever sites knew her: the contacts that share an address."""

    contacts: tuple[Contact, ...]

    @property
    def emails(self) -> tuple[str, ...]:
        """Where she can be reached, each address once, as they were told; a database gives them in any order."""
        found: dict[str, str] = {}
        for each in sorted(self.contacts, key=_TOLD):
            for address in sorted(each.addresses.all(), key=_TOLD):
                found.setdefault(address.folded, address.email)
        return tuple(found.values())

    @property
    def names(self) -> tuple[str, ...]:
        """Her pen names."""
        return tuple(dict.fromkeys(each.name for each in self.contacts))

    def works(self) -> list[Work]:
        """What is here of hers."""
        return claims.works_of(claims.pen_names_of(self.contacts))


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """What the letter says, for whoever words it (the setting LETTER_WRITER): to whom, of what, until when."""

    names: tuple[str, ...]
    sites: tuple[str, ...]
    works: tuple[tuple[str, str], ...]
    token: str
    until: datetime


def authors(batch: Batch | None = None) -> list[Author]:
    """All who can be reached, each once; those of one batch when it is given."""
    told = Contact.objects.filter(addresses__isnull=False).distinct().prefetch_related("addresses").order_by("pk")
    groups: dict[str, list[Contact]] = {}
    for each in told:
        mine = [each]
        for address in each.addresses.all():
            if (others := groups.get(address.folded)) is not None and others is not mine:
                others += [one for one in mine if one not in others]
                mine = others
        for one in mine:
            groups.update(dict.fromkeys((address.folded for address in one.addresses.all()), mine))
    found = {id(group): Author(tuple(group)) for group in groups.values()}
    wanted = None if batch is None else set(batch.contacts.values_list("pk", flat=True))
    return [one for one in found.values() if wanted is None or any(each.pk in wanted for each in one.contacts)]


def to_write_to(batch: Batch | None = None) -> list[Author]:
    """Those of them who were never written to, and did not ask not to be. Raises OtherKey where nobody can tell."""
    written = set(Invitation.contacts.through.objects.values_list("contact_id", flat=True))
    asked = (Askers(Asked.NO_MAIL), Askers(Asked.NOT_HERE))
    return [
        each
        for each in authors(batch)
        if not any(contact.pk in written for contact in each.contacts) and not _asked(each, asked)
    ]


def _asked(author: Author, lists: Sequence[Askers]) -> bool:
    return any(
        askers.include(site=each.site, names=[each.name, each.account], emails=author.emails)
        for askers in lists
        for each in author.contacts
    )


@transaction.atomic
def queue(batch: Batch | None = None) -> int:
    """Put a letter for each of them into the queue; how many. Raises NoAddressHere, OtherKey and NoLetters."""
    _know_where_we_are()
    waiting = to_write_to(batch)
    if not waiting:
        raise NoLetters("There is nobody left to write to.")
    for each in waiting:
        Invitation.objects.create().contacts.set(each.contacts)
    return len(waiting)


def _know_where_we_are() -> None:
    if not settings.UNDYING.text("base_url"):
        raise NoAddressHere("Set base_url first: the letters hold links to this archive.")


def send_due() -> int:
    """Send what is queued, as many as this hour still allows; how many. Raises NoAddressHere and OtherKey."""
    _know_where_we_are()
    refuse_unless_known(*Asked)
    lately = Invitation.objects.filter(sent__gt=now() - AN_HOUR).count()
    room = max(0, settings.UNDYING.number("mails_per_hour") - lately)
    return sum(_send(each) for each in _queued()[:room])


def _queued() -> list[Invitation]:
    waiting = Invitation.objects.filter(sent=None, trouble="")
    return list(waiting.prefetch_related("contacts__addresses"))


def is_waiting() -> bool:
    """Whether letters wait in the queue."""
    return Invitation.objects.filter(sent=None, trouble="").exists()


def _send(invitation: Invitation) -> bool:
    """Send one, unless she asked meanwhile, or has nothing here any more. A failure is noted with it."""
    author = Author(tuple(sorted(invitation.contacts.all(), key=_TOLD)))
    if not author.emails or _asked(author, (Askers(Asked.NO_MAIL), Askers(Asked.NOT_HERE))) or not author.works():
        invitation.delete()
        return False
    token = secrets.token_urlsafe(32)
    letter = letter_to(author, token)
    invitation.digest, invitation.until, invitation.sent = claims.digest_of(token), letter.until, now()
    invitation.save()  # before it is sent: rather a letter that is lost than one that is sent twice
    try:
        message(letter, author.emails).send()
    except OSError as error:  # what smtplib raises is one
        invitation.sent, invitation.trouble = None, type(error).__name__[:LONGEST_TROUBLE]
        invitation.save()
        return False
    Record.objects.create(done=Done.WRITTEN_TO, by="letters", reason=f"invitation {invitation.pk}")
    return True


def letter_to(author: Author, token: str) -> Letter:
    """What she is told."""
    return Letter(
        names=author.names,
        sites=tuple(dict.fromkeys(each.site for each in author.contacts)),
        works=tuple((work.title, work.site) for work in author.works()),
        token=token,
        until=now() + timedelta(days=settings.UNDYING.number("invitation_days")),
    )


def message(letter: Letter, emails: Sequence[str]) -> EmailMessage:
    """The letter in words, to all her addresses and with none of them showing another."""
    write: Callable[[Letter], tuple[str, str]] = import_string(settings.LETTER_WRITER)
    subject, body = write(letter)
    return EmailMessage(subject, body, to=emails[:1], bcc=emails[1:])


def try_again() -> int:
    """Put those that could not be sent into the queue again; how many."""
    return Invitation.objects.exclude(trouble="").update(trouble="")
