"""Taking a batch back whole."""

from __future__ import annotations

from django.db import transaction
from django.db.models import Q

from undying.community.actions import receive_reviews
from undying.exchange import keepsakes, optouts
from undying.exchange.contacts import forget_batch
from undying.exchange.declining import Sieve
from undying.exchange.desk import at_the_desk
from undying.exchange.keeping import Promises
from undying.exchange.models import Batch, BatchState, BatchWork
from undying.exchange.pairs import Decision, Duplicate
from undying.exchange.private import Asked
from undying.exchange.sameness import was_decided
from undying.kernel import store
from undying.kernel.errors import Refused
from undying.library.actions import Result, accession, withdraw
from undying.library.creators import is_in_its_authors_hands
from undying.library.models import Work
from undying.manuscript.codec import from_json


class Overtaken(Refused):
    """Something that was done since builds on this batch."""


class NoSuchBatch(Refused):
    """There is no batch with that number."""


def batch_numbered(number: int) -> Batch:
    """The batch, or NoSuchBatch."""
    batch = Batch.objects.filter(pk=number).first()
    if batch is None:
        raise NoSuchBatch(f"There is no batch {number}. `undying import list` shows all.")
    return batch


def undo(batch: Batch) -> int:
    """Take back all that a batch did: remove what it created, put back what it revised, forget its rows and bytes.

    What its author has claimed is hers and stays; what it revised stays so where a person decided about the work since,
    and who opted out since is not put back. Returns the number of works. All or nothing, and doing it twice
    changes nothing. Raises Overtaken, naming the later batches, when they revised the same works: those must be
    taken back first; Busy while an import is under way.
    """
    with at_the_desk():
        return _undo(batch)


def _undo(batch: Batch) -> int:
    promises = Promises(batch.pk)
    with transaction.atomic():
        works = list(batch.works.order_by("-pk"))
        refuse_if_overtaken(batch)
        originals = set(batch.entries.exclude(original="").values_list("original", flat=True))
        originals |= set(batch.counts.exclude(original="").values_list("original", flat=True))
        originals |= {each.before for each in works if each.before}
        originals |= set(batch.keepsakes.exclude(before="").values_list("before", flat=True))
        keepsakes.take_back(batch)
        for each in works:
            originals |= _take_back(each)
        forget_batch(batch)
        promises.add(originals)  # if this is killed after its commit, undoing again still finds them
        for rows in (
            batch.entries, batch.counts, batch.remarks, batch.works, batch.keepsakes, batch.repairs, batch.rereads,
        ):  # fmt: skip
            rows.all().delete()
        batch.meanings.filter(is_decided=False).delete()  # what the archivist said is hers, and good for the next time
        batch.flags.all().delete()
        batch.state, batch.is_open = BatchState.UNDONE, False
        batch.save(update_fields=["state", "is_open"])
    promises.settle()
    return len(works)


def refuse_if_overtaken(batch: Batch) -> None:
    """Raise Overtaken if later batches revised works or keepsakes of this one, or a moderator hid one of its works.

    OtherKey where works would be as before, and nobody can tell who asked since not to be named in them.
    """
    numbers = batch.works.values("work_number")
    later = BatchWork.objects.filter(work_number__in=numbers, batch__pk__gt=batch.pk)
    if found := sorted({*later.values_list("batch_id", flat=True), *keepsakes.overtaken_by(batch)}):
        names = ", ".join(str(number) for number in found)
        raise Overtaken(f"Later batches changed the same works: {names}. Take those back first.")
    merged = Duplicate.objects.filter(decision=Decision.MERGED).filter(Q(one__in=numbers) | Q(other__in=numbers))
    if names := ", ".join(str(number) for number in merged.order_by("pk").values_list("pk", flat=True)):
        raise Overtaken(f"Works of this batch were merged with others (pairs {names}). Take those merges back first.")
    # Importing again would make it anew, in sight: the decision is tied to the work that would be gone.
    hidden = Work.objects.filter(pk__in=numbers, is_hidden=True).order_by("pk").values_list("pk", flat=True)
    if names := ", ".join(str(number) for number in hidden):
        raise Overtaken(f"A moderator took works of this batch out of sight: {names}. Put them back or keep the batch.")
    if batch.works.exclude(before="").exists():
        optouts.refuse_unless_known(Asked.NOT_HERE)


def _take_back(each: BatchWork) -> set[str]:
    """Undo one work; the names of pictures that may be needed no more."""
    work = Work.objects.filter(pk=each.work_number).first()
    if work is None or is_in_its_authors_hands(work):
        return set()
    pictures = set(work.pictures.values_list("sha256", flat=True))
    if each.result == Result.CREATED:
        withdraw(work)
    elif not was_decided(work.pk):
        _put_back(each.before)
    return pictures


def _put_back(before: str) -> None:
    """A work as it was, but without who opted out since."""
    manuscript, _ = Sieve().without_them(from_json(store.fetch(before).decode()))
    if manuscript is not None:
        receive_reviews(accession(manuscript).work, manuscript.reviews)
