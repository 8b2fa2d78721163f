"""Passwords of an old site as a proof, once, that somebody is who she says: for authors whose addresses are dead.

Nothing of them is kept unless the archivist asked for it (`--with-passwords`), and never of the old site's staff. What
the site kept, an MD5 that anybody can undo, is hashed again before it is written down. It opens no account: whoever
proves to know it gets the page that a letter would have led to, and chooses a new password there.

Refused
└── NotProven      the name and the password do not go together: nobody can tell which of them was wrong
"""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta
from typing import TYPE_CHECKING

from django.contrib.auth.hashers import check_password
from django.db import transaction
from django.db.models import Q

from undying.exchange import claims, contacts
from undying.exchange.private import Contact, Invitation, Proof
from undying.kernel.clock import now
from undying.kernel.errors import Refused

if TYPE_CHECKING:
    from collections.abc import Iterator

GOES_FOR = timedelta(hours=1)
"""How long the page can be used that a proven password leads to."""
MOST_TRIES, IN = 5, timedelta(hours=1)
"""Tries for one name, whoever makes them, and those of everybody together: twenty times as many."""
_EVERYBODY = 20
_MOST_NAMESAKES = 10


class NotProven(Refused):
    """The name and the password do not go together, or it was tried too often."""


def are_kept() -> bool:
    """Whether any are: the page that asks for one is there only then."""
    return Contact.objects.exclude(password="").exists()


def prove(name: str, password: str) -> str:
    """The token of a page of her own for whoever knows the old password to this pen name. Raises NotProven.

    Every try is counted before it is looked at, so that nobody can go through many. A wrong name takes as long as a
    wrong password.
    """
    name = name.replace("\0", "")
    _count(name)
    old = hashlib.md5(password.encode(), usedforsecurity=False).hexdigest()
    found = [each for each in _named(name) if check_password(old, each.password)]
    if not found:
        raise NotProven("That pen name and that password of the old site do not go together.")
    token = secrets.token_urlsafe(32)
    with transaction.atomic():
        invitation = Invitation.objects.create(digest=claims.digest_of(token), sent=now(), until=now() + GOES_FOR)
        invitation.contacts.set(found)
    return token


def _named(name: str) -> Iterator[Contact]:
    """Those of this name who have a password; a stand-in where nobody has, so that looking takes the same time."""
    wanted = contacts.folded(name)
    likely = Contact.objects.filter(Q(name__iexact=name.strip()) | Q(account__iexact=name.strip())).exclude(password="")
    people = [each for each in likely[:_MOST_NAMESAKES] if wanted in map(contacts.folded, (each.name, each.account))]
    yield from people or [Contact(password=_STAND_IN)]


_STAND_IN = "scrypt$16384$nobody$8$5$" + "A" * 86 + "=="


def _count(name: str) -> None:
    digest = hashlib.sha256(contacts.folded(name).encode()).hexdigest()
    Proof.objects.filter(tried__lt=now() - IN).delete()
    tries = Proof.objects.all()
    if tries.filter(name=digest).count() >= MOST_TRIES or tries.count() >= MOST_TRIES * _EVERYBODY:
        raise NotProven("That was tried too often. Wait an hour and try again, or write to the archivist.")
    Proof.objects.create(name=digest)
