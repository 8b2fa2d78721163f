"""How authors can be reached: kept until their works are given back, and no longer."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.db.models import Q

from undying.exchange.models import BatchState
from undying.exchange.private import LONGEST_ADDRESS, Address, Contact
from undying.kernel.ids import identity
from undying.kernel.portions import in_portions
from undying.people.models import Pseud

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from django.db.models import QuerySet

    from undying import formats
    from undying.exchange.models import Batch
    from undying.manuscript import Credit

    Who = tuple[str, str]

MOST_ADDRESSES = 4
_MD5 = re.compile(r"[0-9a-f]{32}", re.IGNORECASE)


def folded(text: str) -> str:
    """A name or address as it is compared: whatever its letters' case and width, and the spaces in it."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def identity_of(person: Credit | Pseud | Contact) -> str:
    """By what one person of a site is known: the site's own id, else her account there, else her name."""
    if person.key:
        return identity(f"key:{person.key}")
    return identity(f"account:{person.account}" if person.account else f"name:{person.name}")


def wrapped(old: str) -> str:
    """What the old site kept of a password, hashed again; empty for what is no MD5 and so can prove nothing."""
    return make_password(old.lower()) if _MD5.fullmatch(old) else ""


def usable(emails: Iterable[str]) -> list[str]:
    """Those that can be addresses, each once."""
    found = {folded(each): each.strip() for each in emails if "@" in each.strip(" @") and "\0" not in each}
    return [each for each in found.values() if len(each) <= LONGEST_ADDRESS][:MOST_ADDRESSES]


def receive(told: Sequence[formats.Contact], batch: Batch) -> None:
    """Write these people down, once each however often they are told of. Seven queries, and one for each password."""
    people = {(each.site, identity_of(each.credit)): each for each in told}
    hashed = {who: wrapped(each.password) for who, each in people.items()}  # slow: nobody should wait for it to write
    with transaction.atomic():
        _receive(people, hashed, batch)


def _receive(people: Mapping[Who, formats.Contact], hashed: Mapping[Who, str], batch: Batch) -> None:
    Contact.objects.bulk_create(
        (
            Contact(
                site=site,
                identity=known_by,
                name=each.credit.name,
                account=each.credit.account,
                key=each.credit.key,
            )
            for (site, known_by), each in people.items()
        ),
        ignore_conflicts=True,
    )
    sites, names = {site for site, _ in people}, {known_by for _, known_by in people}
    found = Contact.objects.filter(site__in=sites, identity__in=names)
    here = [(row, people[row.site, row.identity]) for row in found if (row.site, row.identity) in people]
    Address.objects.bulk_create(
        (
            Address(contact=row, email=email, folded=folded(email))
            for row, each in here
            for email in usable(each.emails)
        ),
        ignore_conflicts=True,
    )
    for row, _each in here:
        if not row.password and (again := hashed[row.site, row.identity]):
            row.password = again
            row.save(update_fields=["password"])
    through = Contact.batches.through
    through.objects.bulk_create(
        (through(contact_id=row.pk, batch_id=batch.pk) for row, _ in here), ignore_conflicts=True
    )


@transaction.atomic
def settle(batch: Batch) -> int:
    """Forget whom this batch told of and who has no work here that she could claim; how many."""
    told = Contact.objects.filter(batches=batch)
    claimable: set[tuple[str, str]] = set()
    for site in set(told.values_list("site", flat=True)):
        pseuds = Pseud.objects.filter(site=site, user=None, creatorships__isnull=False).distinct()
        claimable |= {(site, identity_of(each)) for each in pseuds}
    idle = [each.pk for each in told if (each.site, each.identity) not in claimable]
    return forget(idle)


def forget(numbers: Sequence[int]) -> int:
    """Forget these contacts, addresses and all; how many there were."""
    for some in in_portions(numbers):
        Contact.objects.filter(pk__in=some).delete()
    return len(numbers)


@transaction.atomic
def forget_batch(batch: Batch) -> None:
    """The batch is taken back: forget whom it alone told of."""
    told = list(Contact.objects.filter(batches=batch).values_list("pk", flat=True))
    batch.contacts.clear()
    forget(list(Contact.objects.filter(pk__in=told, batches=None).values_list("pk", flat=True)))


def pen_names_of(contact: Contact) -> QuerySet[Pseud]:
    """The unclaimed pen names under which her works stand."""
    named = Pseud.objects.filter(user=None, site=contact.site)
    if contact.key:
        return named.filter(key=contact.key)
    if contact.account:
        return named.filter(key="", account=contact.account)
    return named.filter(key="", account="", name=contact.name)


def contact_of(pseud: Pseud) -> Contact | None:
    """How the author behind an unclaimed pen name can be reached."""
    return Contact.objects.filter(site=pseud.site, identity=identity_of(pseud)).first()


def drop_without_works() -> int:
    """Forget every contact whose works were claimed, deleted or taken back; how many. Unfinished imports wait."""
    claimable: set[tuple[str, str]] = set()
    for each in Pseud.objects.filter(~Q(site=""), user=None, creatorships__isnull=False).distinct():
        claimable.add((each.site, identity_of(each)))
    waiting = Contact.objects.filter(batches__state__in=(BatchState.RUNNING, BatchState.STOPPED)).values("pk")
    idle = Contact.objects.exclude(pk__in=waiting)
    return forget([each.pk for each in idle if (each.site, each.identity) not in claimable])


def masked(email: str) -> str:
    """An address as the archivist's page shows it at first: enough to tell two apart, too little to write to."""
    name, _, host = email.rpartition("@")
    return f"{name[:1]}…@{host[:1]}…{host[host.rfind('.') :] if '.' in host else ''}"
