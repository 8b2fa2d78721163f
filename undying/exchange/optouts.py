"""Who asked not to be brought in, or not to be written to. Kept for good, and never beyond the fact.

A person is told by an e-mail address, by a pen name (of one site or of any), a work by its source. What is stored is a
digest under the archive's secret key: it can be recognised when it comes again, and read by nobody. Under another key
nobody is recognised; so each remembers which key it was made with, and whatever relies on it refuses under another.

Refused
├── NobodyNamed     neither an address nor a pen name
├── NoSuchOptOut    there is none with that number
└── OtherKey        some were noted under another secret key than the present one
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction

from undying.exchange.contacts import folded
from undying.exchange.private import LONGEST_MARK, Asked, OptOut
from undying.kernel.clock import now
from undying.kernel.errors import Refused

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.db.models import QuerySet

    from undying.manuscript import Credit, Source


class NobodyNamed(Refused):
    """It has to be said of whom."""


class NoSuchOptOut(Refused):
    """There is no opt-out with that number."""


class OtherKey(Refused):
    """Who is on the list would not be known again: it was noted under another key."""

    def __init__(self, total: int) -> None:
        were = "1 opt-out was" if total == 1 else f"{total:,} opt-outs were"
        super().__init__(
            f"{were} noted under another secret key, so that nobody would be known again: put the old key back (the "
            f"file secret_key of the data folder that you kept, into {settings.UNDYING.home}, or the setting "
            "secret_key), or take them off the list knowingly (on the page of opt-outs, or with `undying optout "
            "forget`) and note anew whom you remember."
        )
        self.total = total


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
    return _keyed("\0".join(map(folded, words)))


def key_mark() -> str:
    """What tells the present secret key from others, and nothing about it."""
    return _keyed("which key is this?")[:LONGEST_MARK]


def _keyed(text: str) -> str:
    key = hashlib.sha256(f"opt-outs/{settings.UNDYING.secret_key}".encode()).digest()
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()


@transaction.atomic
def note(person: Person, asked: Asked) -> list[OptOut]:
    """Write down what she asked, and return it. Takes nothing out: that is the part of `departures`."""
    return [_note(mark, asked) for mark in person.marks()]


def note_work(source: Source) -> OptOut | None:
    """Write down that a work of this source is never to be brought in again; None for one that names no source."""
    return _note(digest("work", source.site, source.key), Asked.NOT_HERE) if source.site else None


def _note(mark: str, asked: Asked) -> OptOut:
    row, _ = OptOut.objects.get_or_create(asked=asked, digest=mark, defaults={"since": now().date(), "key": key_mark()})
    return row


def unknown() -> QuerySet[OptOut]:
    """Those that were noted under another secret key."""
    return OptOut.objects.exclude(key=key_mark())


def refuse_unless_known(*asked: Asked) -> None:
    """Raise OtherKey where some asked this under another key: what follows would treat them as if they had not."""
    if total := unknown().filter(asked__in=asked).count():
        raise OtherKey(total)


def holds(person: Person) -> list[OptOut]:
    """What this person asked, under any of her marks; a name also where it was said of any site.

    Raises OtherKey when nothing is found and nobody can tell.
    """
    marks = person.marks()
    if person.name and person.site:
        marks.append(digest("name", "", person.name))
    found = list(OptOut.objects.filter(digest__in=marks))
    if not found:
        refuse_unless_known(*Asked)
    return found


def remove(number: int) -> None:
    """She changed her mind. Raises NoSuchOptOut."""
    if not OptOut.objects.filter(pk=number).delete()[0]:
        raise NoSuchOptOut(f"There is no opt-out {number}. `undying optout list` shows all.")


def remove_unknown() -> int:
    """Take off the list whoever was noted under another key; how many. From then on nothing keeps them out."""
    return unknown().delete()[0]


class Askers:
    """All who asked one thing, for one import or one run of letters: read once.

    Raises OtherKey; `as_far_as_known` is for what only lets go of things, and may miss some.
    """

    def __init__(self, asked: Asked, *, as_far_as_known: bool = False) -> None:
        if not as_far_as_known:
            refuse_unless_known(asked)
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
