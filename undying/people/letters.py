"""Letters to the holders of addresses. A page asks for one and learns nothing; the worker looks whose address it is.

So no page can tell whether an address has an account, neither by its words nor by how long it takes.

Refused: NoSuchLetter.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.mail import EmailMessage
from django.utils.module_loading import import_string

from undying.kernel import chosen
from undying.kernel.chosen import Joining
from undying.kernel.clock import now
from undying.kernel.errors import Refused
from undying.kernel.tasks import later, task
from undying.people import line
from undying.people.models import Letter, LetterKind, User

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from django.db.models import QuerySet

    from undying.people.models import Invite

GOOD_FOR = {
    LetterKind.FORGOTTEN: timedelta(hours=4),
    LetterKind.JOIN: timedelta(days=7),
    LetterKind.LET_IN: timedelta(days=14),
    LetterKind.ADDRESS: timedelta(days=1),
}
"""How long the link in a letter works; the other letters have none."""
MOST_TRIES = 12
BETWEEN_TRIES = timedelta(minutes=5)
KEPT_FOR = timedelta(days=7)
JOINS = (LetterKind.JOIN, LetterKind.LET_IN)


class NoSuchLetter(Refused):
    """The link is unknown, used or out of date: nobody can tell which."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What a letter tells, for whoever words it (the setting ACCOUNT_LETTER_WRITER).

    `name` is the account's, `email` the address that it goes to, `token` that of the link, `until` when it
    runs out, `place` that in the line. `title`, `path`, `note`: a work of hers, its address, what was said of it.
    """

    kind: LetterKind
    base: str
    name: str = ""
    email: str = ""
    token: str = ""
    until: datetime | None = None
    place: int = 0
    title: str = ""
    path: str = ""
    note: str = ""


def tell_of_work(kind: LetterKind, user: User, *, base: str, title: str, path: str, note: str = "") -> None:
    """Have the worker tell a member what became of a work of hers; nothing where no letter can reach her."""
    if user.email:
        letter = Letter.objects.create(
            kind=kind, email=user.email, base=base, user=user, title=title, path=path, note=note
        )
        later(send_letter, letter.pk)


def ask(kind: LetterKind, email: str, *, base: str, user: User | None = None, invite: Invite | None = None) -> Letter:
    """Have the worker write this letter."""
    letter = Letter.objects.create(kind=kind, email=email, base=base, user=user, invite=invite)
    later(send_letter, letter.pk)
    return letter


def opened(token: str, *kinds: LetterKind) -> Letter:
    """The letter, of one of these kinds, whose link somebody followed. Raises NoSuchLetter."""
    good = Letter.objects.select_related("user").filter(kind__in=kinds, used=None, until__gt=now())
    letter = good.filter(digest=_digest(token)).first() if token else None
    if letter is None or (letter.user and not letter.user.is_active):
        raise NoSuchLetter("This link is not known here, was used already, or has run out.")
    return letter


def use(letter: Letter) -> Letter:
    """The same letter, used: its link works no more. In the transaction of what it is used for."""
    unused = Letter.objects.select_for_update(of=("self",)).select_related("user", "invite").filter(used=None)
    again = unused.filter(pk=letter.pk).first()
    if again is None:
        raise NoSuchLetter("This link was used already.")
    again.used = now()
    again.save(update_fields=["used"])
    return again


@task()
def send_letter(number: int) -> None:
    """Write and send it, and try again in a while when the mail cannot be sent."""
    letter = Letter.objects.select_related("user", "invite").filter(pk=number, sent=None).first()
    if letter is not None and not _send(letter) and letter.tries < MOST_TRIES:
        send_letter.using(run_after=now() + BETWEEN_TRIES).enqueue(number)


def _send(letter: Letter) -> bool:
    """Whether that is done with: sent, or let go because there is nobody to tell."""
    if not _is_for_somebody(letter):
        letter.delete()
        return True
    facts = _facts(letter)
    letter.digest, letter.until = _digest(facts.token) if facts.token else "", facts.until
    letter.sent, letter.tries = now(), letter.tries + 1
    letter.save()  # before it is sent: rather a letter that is lost than one that is sent twice
    write: Callable[[Facts], tuple[str, str]] = import_string(settings.ACCOUNT_LETTER_WRITER)
    subject, body = write(facts)
    try:
        EmailMessage(subject, body, to=[letter.email]).send()
    except OSError:  # what smtplib raises is one
        letter.sent, letter.digest = None, ""
        letter.save()
        return False
    return True


def _is_for_somebody(letter: Letter) -> bool:
    """Find whose address it is, which no page asks, and so what the letter has to say."""
    match letter.kind:
        case LetterKind.FORGOTTEN if letter.user is None:
            return _is_for_holders(letter)
        case LetterKind.JOIN | LetterKind.LET_IN | LetterKind.ADDRESS:
            return _is_for_newcomer(letter)
        case _:
            return letter.user is None or letter.user.is_active


def _is_for_holders(letter: Letter) -> bool:
    """Accounts that share an address get a letter each."""
    holders = list(holders_of(letter.email))
    for other in holders[1:]:
        ask(LetterKind(letter.kind), other.email, base=letter.base, user=other)
    letter.user = holders[0] if holders else None
    return letter.user is not None


def _is_for_newcomer(letter: Letter) -> bool:
    """Who has an account with that address is told of it; who has to wait for an invitation, of her place in line."""
    if letter.user and not letter.user.is_active:
        return False
    if holder := User.objects.filter(email__iexact=letter.email).order_by("pk").first():
        letter.kind, letter.user = LetterKind.HERE, holder
        return holder.is_active
    if letter.kind == LetterKind.JOIN and letter.invite is None and chosen.joining() is Joining.QUEUE:
        letter.kind = LetterKind.LINE if line.stand_in(letter.email, letter.base) else LetterKind.LET_IN
    return True


def holders_of(email: str) -> QuerySet[User]:
    """The accounts that have this address and can be used."""
    return User.objects.filter(email__iexact=email, is_active=True).order_by("pk")


def _facts(letter: Letter) -> Facts:
    kind = LetterKind(letter.kind)
    good_for = GOOD_FOR.get(kind)
    return Facts(
        kind=kind,
        base=letter.base,
        name=letter.user.username if letter.user else "",
        email=letter.email,
        token=secrets.token_urlsafe(32) if good_for else "",
        until=now() + good_for if good_for else None,
        place=line.place_of(letter.email) if kind is LetterKind.LINE else 0,
        title=letter.title,
        path=letter.path,
        note=letter.note,
    )


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


def forget_old() -> None:
    """Once a day: let go of letters that nothing comes of any more."""
    Letter.objects.filter(asked__lt=now() - KEPT_FOR).exclude(until__gt=now()).delete()
