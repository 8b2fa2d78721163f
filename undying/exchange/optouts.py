"""Who asked not to be brought in, or not to be written to. Kept for good, and never beyond the fact.

A person is told by an e-mail address, by a pen name (of one site or of any), a work by its source. What is stored is a
digest under the archive's secret key: it can be recognised when it comes again, and read by nobody.

Refused
├── NobodyNamed     neither an address nor a pen name
└── NoSuchOptOut    there is none with that number
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction

from undying.exchange.contacts import folded
from undying.exchange.private import Asked, OptOut
from undying.kernel.clock import now
from undying.kernel.errors import Refused

if TYPE_CHECKING:
    from collections.abc import Iterable

    from undying.manuscript import Credit, Source


class NobodyNamed(Refused):
    """It has to be said of whom."""


class NoSuchOptOut(Refused):
    """There is no opt-out with that number."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Of whom something is asked: an e-mail address, or a pen name of one site ("" for any)."""

    email: str = ""
    name: str = ""
    site: str = ""

    def marks(self) -> list[str]:
        """The digests to keep of her. Raises NobodyNamed."""
        found = [digest("email", self.email)] if "@" in self.email else []
        if folded(self.name):
            found.append(digest("name", self.site, self.name))
        if not found:
            raise NobodyNamed("Give an e-mail address, or a pen name, or both.")
        return found


def digest(*words: str) -> str:
    """What is kept in place of the words."""
    key = hashlib.sha256(f"opt-outs/{settings.UNDYING.secret_key}".encode()).digest()
    return hmac.new(key, "\0".join(map(folded, words)).encode(), hashlib.sha256).hexdigest()


@transaction.atomic
def note(person: Person, asked: Asked) -> list[OptOut]:
    """Write down what she asked, and return it. Takes nothing out: that is the part of `departures`."""
    return [_note(mark, asked) for mark in person.marks()]


def note_work(source: Source) -> OptOut | None:
    """Write down that a work of this source is never to be brought in again; None for one that names no source."""
    return _note(digest("work", source.site, source.key), Asked.NOT_HERE) if source.site else None


def _note(mark: str, asked: Asked) -> OptOut:
    row, _ = OptOut.objects.get_or_create(asked=asked, digest=mark, defaults={"since": now().date()})
    return row


def holds(person: Person) -> list[OptOut]:
    """What this person asked, under any of her marks; a name also where it was said of any site."""
    marks = person.marks()
    if person.name and person.site:
        marks.append(digest("name", "", person.name))
    return list(OptOut.objects.filter(digest__in=marks))


def remove(number: int) -> None:
    """She changed her mind. Raises NoSuchOptOut."""
    if not OptOut.objects.filter(pk=number).delete()[0]:
        raise NoSuchOptOut(f"There is no opt-out {number}. `undying optout list` shows all.")


class Askers:
    """All who asked one thing, for one import or one run of letters: read once."""

    def __init__(self, asked: Asked) -> None:
        self._marks = frozenset(OptOut.objects.filter(asked=asked).values_list("digest", flat=True))

    def __bool__(self) -> bool:
        return bool(self._marks)

    def include(self, *, site: str, names: Iterable[str] = (), emails: Iterable[str] = ()) -> bool:
        """Whether somebody known by one of these asked it."""
        if not self._marks:
            return False
        marks = [digest("name", where, name) for name in names if name for where in {site, ""}]
        marks += [digest("email", email) for email in emails if "@" in email]
        return not self._marks.isdisjoint(marks)

    def include_credit(self, credit: Credit, site: str) -> bool:
        """Whether this creator asked it, as far as her names tell."""
        return self.include(site=site, names={credit.name, credit.account})

    def include_work(self, source: Source) -> bool:
        """Whether it was asked of this one work."""
        return bool(self._marks and source.site) and digest("work", source.site, source.key) in self._marks
