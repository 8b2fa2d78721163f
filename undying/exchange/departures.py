"""Taking out what is here of somebody who asked it: out of sight at once, gone with its original bytes soon after.

What she made alone is withdrawn; from what others made as well her name is taken off. What an account has claimed is
that account's own and stays.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Q

from undying.community.models import Review
from undying.exchange import blanking, contacts, duplicates, keepsakes, optouts
from undying.exchange.declining import DECLINED
from undying.exchange.desk import at_the_desk
from undying.exchange.keeping import Promises
from undying.exchange.models import BatchWork, Entry
from undying.exchange.pairs import Duplicate
from undying.exchange.private import Address, Asked, Contact, Departure, Done, Record
from undying.exchange.telling import batches_of, on_site, rows_of_keepsakes, rows_of_reviews
from undying.formats import Outcome
from undying.kernel import ledger
from undying.kernel.portions import in_portions
from undying.library.actions import WORK, set_hidden, withdraw
from undying.library.counters import SAID
from undying.library.creators import others_made, strike
from undying.library.models import Work
from undying.people.models import Pseud

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence
    from pathlib import Path

    from django.db.models import QuerySet

    from undying.exchange.declining import Declining
    from undying.exchange.models import Batch
    from undying.exchange.optouts import Person

_MEMBERS = re.compile(r"(?:authors|authorprefs|authorinfo|authorfields|favorites|favstor|favauth|favseries)\Z")
NOBODY = "the list of opt-outs"


@dataclass(frozen=True, slots=True)
class Taken:
    """What an opt-out took out: works, works that stay without her name, reviews, and contacts."""

    works: int
    struck: int
    reviews: int
    contacts: int


@transaction.atomic
def opt_out(person: Person, asked: Asked, *, by: str) -> Taken:
    """Write it down, and take out of sight what is here of her; `carry_out` makes it gone. Raises NobodyNamed."""
    known = _contacts_of(person)
    optouts.note(person, asked)
    if asked == Asked.NO_MAIL:
        gone = Address.objects.filter(contact__in=known)
        total = len({each.contact_id for each in gone})
        gone.delete()
        return Taken(0, 0, 0, total)
    return take_out(_pseuds_of(person, known), known, by=by, reviewer=person)


def _contacts_of(person: Person) -> list[Contact]:
    found = Contact.objects.all()
    if person.site:
        found = found.filter(site=person.site)
    name, email = contacts.folded(person.name), contacts.folded(person.email)
    by_mail = set(found.filter(addresses__folded=email).values_list("pk", flat=True)) if "@" in email else set()
    return [each for each in found if each.pk in by_mail or (name and contacts.folded(each.name) == name)]


def _pseuds_of(person: Person, known: Iterable[Contact]) -> set[int]:
    """The unclaimed pen names that are hers, by her contacts and by the name itself."""
    numbers = {number for each in known for number in contacts.pen_names_of(each).values_list("pk", flat=True)}
    name = contacts.folded(person.name)
    if name:
        named = Pseud.objects.filter(user=None)
        if person.site:
            named = named.filter(site=person.site)
        numbers |= {each.pk for each in named if name in {contacts.folded(each.name), contacts.folded(each.account)}}
    return numbers


@transaction.atomic
def take_out(pseuds: Collection[int], known: Sequence[Contact], *, by: str, reviewer: Person | None = None) -> Taken:
    """Take what these unclaimed pen names made out of sight, and forget the contacts."""
    here = Work.objects.filter(creatorships__pseud__in=pseuds).distinct()
    alone = [work for work in here if not others_made(work, pseuds)]
    shared = [work for work in here if others_made(work, pseuds)]
    reviews = _drop_reviews(known, reviewer)
    _note_rows(known, pseuds)
    hers = {(each.site, contacts.identity_of(each)) for each in Pseud.objects.filter(pk__in=pseuds)}
    duplicates.make_final(hers | {(each.site, each.identity) for each in known})
    for work in alone:
        see_out(work)
        Record.objects.create(done=Done.OPTED_OUT, work_number=work.pk, by=by)
    for work in shared:
        strike(work, pseuds)
        Record.objects.create(done=Done.STRUCK, work_number=work.pk, by=by)
    drop_keepsakes(pseuds)
    contacts.forget([each.pk for each in known])
    return Taken(len(alone), len(shared), reviews, len(known))


def see_out(work: Work) -> None:
    """Take a work out of sight in the caller's transaction; `carry_out` makes it gone."""
    set_hidden(work, hidden=True)
    Departure.objects.get_or_create(work_number=work.pk)


def _drop_reviews(known: Iterable[Contact], reviewer: Person | None) -> int:
    """Delete what she said of others' works, series and news, known by her id there, or by her name."""
    hers = Q(pk__in=[])
    for each in known:
        if each.key:
            hers |= on_site(each.site) & Q(reviewer_key=each.key)
    name = contacts.folded(reviewer.name) if reviewer else ""
    found = set(Review.objects.filter(hers).values_list("pk", flat=True))
    if name and reviewer:
        named = Review.objects.filter(on_site(reviewer.site)) if reviewer.site else Review.objects.all()
        signed = named.values_list("pk", "name").iterator()
        found |= {number for number, written in signed if contacts.folded(written) == name}
    for some in in_portions(sorted(found)):
        _drop_review_rows(Review.objects.filter(pk__in=some))
    return len(found)


def _drop_review_rows(rows: QuerySet[Review]) -> None:
    works = set(rows.exclude(work=None).values_list("work_id", flat=True))
    Departure.objects.bulk_create(Departure(entry=each) for each in rows_of_reviews(rows))
    rows.delete()
    ledger.mark(WORK, works)
    ledger.mark(SAID, works)


@transaction.atomic
def drop_keepsakes(pseuds: Collection[int]) -> None:
    """Remove what else is these unclaimed pen names', with what was said of it; `carry_out` makes its bytes gone."""
    hers = list(keepsakes.owned_by(pseuds))
    Departure.objects.bulk_create(Departure(entry=each) for each in rows_of_keepsakes(hers))
    for some in in_portions([each.pk for each in hers]):
        _drop_review_rows(Review.objects.filter(Q(series__in=some) | Q(news__in=some)))
    Promises().let_go(keepsakes.take_out(pseuds))


def _note_rows(known: Iterable[Contact], pseuds: Collection[int]) -> None:
    """The rows of members that tell of her: they are blanked as well."""
    people = {(each.site, each.key) for each in known if each.key}
    people |= set(Pseud.objects.filter(pk__in=pseuds).exclude(key="").values_list("site", "key"))
    for site, key in people:
        rows = Entry.objects.filter(Q(key=key) | Q(key__startswith=f"{key}/"), batch__in=batches_of(site))
        for entry in rows:
            if _MEMBERS.search(entry.container):
                Departure.objects.get_or_create(entry=entry)


def take_out_declined(batch: Batch, declining: Declining, scratch: Path) -> None:
    """Take out of a batch what came before it was known to be of somebody who opted out, and blank all her rows.

    For whoever is at the desk.
    """
    known_by = declining.sieve.out
    if known_by:
        sites = {site for site, _ in known_by}
        pseuds = Pseud.objects.filter(user=None, site__in=sites)
        take_out({each.pk for each in pseuds if (each.site, contacts.identity_of(each)) in known_by}, [], by=NOBODY)
    carry_out_at(scratch)
    declined = batch.entries.filter(outcome=Outcome.REFUSED, detail=DECLINED)
    blanking.blank(declined.iterator(), scratch)


def carry_out() -> int:
    """Make all that is on its way out gone: rows, original files, and what rows of kept files say. How many works.

    Raises Busy while an import is under way. Goes on where it was cut off.
    """
    with at_the_desk() as scratch:
        return carry_out_at(scratch)


def carry_out_at(scratch: Path) -> int:
    """The same, for whoever is at the desk."""
    promises = Promises()
    promises.settle()
    works = Work.objects.filter(pk__in=Departure.objects.filter(entry=None).values("work_number"))
    total = 0
    for work in works:
        _withdraw(work, promises)
        total += 1
    leaving = list(Departure.objects.exclude(entry=None).select_related("entry"))
    blanking.blank((each.entry for each in leaving if each.entry is not None), scratch)
    with transaction.atomic():
        for some in in_portions(leaving):
            told = Entry.objects.filter(pk__in=[each.entry_id for each in some])
            told.update(outcome=Outcome.REFUSED, detail=DECLINED)
            Departure.objects.filter(pk__in=[each.pk for each in some]).delete()
        Departure.objects.filter(entry=None).exclude(work_number__in=Work.objects.values("pk")).delete()
    return total


def _withdraw(work: Work, promises: Promises) -> None:
    """Its rows go in one transaction; then the bytes that only it had. Its entries wait to be blanked."""
    needless = set(work.pictures.values_list("sha256", flat=True))
    entries = Entry.objects.filter(work=work)
    needless |= set(entries.exclude(original="").values_list("original", flat=True))
    mine = BatchWork.objects.filter(work_number=work.pk)
    needless |= set(mine.exclude(before="").values_list("before", flat=True))
    pairs = Duplicate.objects.filter(Q(one=work.pk) | Q(other=work.pk))
    needless |= {name for each in pairs for name in (each.before_kept, each.before_gone) if name}
    promises.add(needless)
    with transaction.atomic():
        Departure.objects.bulk_create(Departure(entry=each) for each in entries.exclude(at=None))
        entries.update(outcome=Outcome.REFUSED, detail=DECLINED, original="")
        mine.update(before="")
        pairs.delete()
        withdraw(work)
    promises.settle()
