"""Stories that stand here more than once: finding the pairs, and doing with each what the archivist says.

Nothing is merged by itself. (One story of one source never comes in twice: see `undying.exchange.sameness`.)

Refused
└── Overtaken      the pair is not as it was when the question was asked
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import F, Q

from undying.community.actions import receive_reviews
from undying.exchange import likeness
from undying.exchange.contacts import folded
from undying.exchange.declining import Sieve
from undying.exchange.desk import at_the_desk
from undying.exchange.keeping import Promises
from undying.exchange.models import Batch, Entry
from undying.exchange.optouts import Askers
from undying.exchange.pairs import Decision, Duplicate, Kind, Signature
from undying.exchange.private import Asked
from undying.exchange.sameness import told, was_decided, with_reviews_of
from undying.exchange.undo import Overtaken
from undying.kernel import store
from undying.kernel.clock import now
from undying.kernel.portions import in_portions
from undying.library import actions, counters, versions
from undying.library.counters import Counter
from undying.library.creators import is_in_its_authors_hands
from undying.library.models import Chapter, SeriesEntry, Work
from undying.manuscript import Audience
from undying.manuscript.codec import from_json, to_json

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from django.db.models import QuerySet

    from undying.manuscript import Manuscript, Source

NEAR, PART = 50, 80
"""Per cent from which two texts are nearly the same, and one is nearly all in the other."""
FEWEST = 40
"""Shingles of a text that is worth comparing: shorter ones are alike by chance, or are only a link."""
NOBODY_LEFT = (
    "Everybody who made the work that would come back asked since not to be named here. The merge stands for good."
)


def look(*, tick: Callable[[int, int], None] = lambda _done, _total: None) -> int:
    """Compare all works with each other and write down the pairs that nobody has judged; how many are new.

    Works that have not changed since the last time are not read again but to compare them. Pairs of works that are gone
    are forgotten. Raises Busy while an import is under way.
    """
    with at_the_desk():
        _sketch_all(tick)
        known = Signature.objects.filter(shingles__gte=FEWEST)
        minima = {number: bytes(packed) for number, packed in known.values_list("work_id", "minima").iterator()}
        pairs = likeness.candidates(minima) | _namesakes(set(minima))
        _forget_lost()
        return _judge(sorted(pairs - set(Duplicate.objects.values_list("one", "other"))))


def open_pairs(batch: Batch | None = None) -> QuerySet[Duplicate]:
    """The pairs that wait for a decision, the most alike first; of a batch, those with a work of it."""
    waiting = Duplicate.objects.filter(decision=Decision.OPEN)
    if batch is None:
        return waiting
    numbers = batch.works.values("work_number")
    return waiting.filter(Q(one__in=numbers) | Q(other__in=numbers))


def _sketch_all(tick: Callable[[int, int], None]) -> None:
    fresh = Signature.objects.filter(made_of=F("work__fingerprint")).values("work")
    numbers = list(Work.objects.exclude(pk__in=fresh).order_by("pk").values_list("pk", flat=True))
    done = 0
    for some in in_portions(numbers):
        prints = dict(Work.objects.filter(pk__in=some).values_list("pk", "fingerprint"))
        rows = [_signature(number, prints[number]) for number in some if number in prints]
        with transaction.atomic():
            Signature.objects.filter(work__in=some).delete()
            Signature.objects.bulk_create(rows)
        done += len(some)
        tick(done, len(numbers))


def _signature(number: int, made_of: str) -> Signature:
    short = likeness.sketch(_text(number))
    return Signature(work_id=number, made_of=made_of, shingles=short.shingles, text=short.text, minima=short.minima)


def _text(number: int) -> Iterator[str]:
    return Chapter.objects.filter(work=number).in_order().values_list("body", flat=True).iterator()


def _namesakes(numbers: set[int]) -> set[tuple[int, int]]:
    """Works of one title and one first author: an unfinished copy is too short to be alike, and all in the other."""
    named: dict[tuple[str, str], list[int]] = {}
    first = Work.objects.filter(creatorships__chapter=None, creatorships__position=0)
    for number, title, name in first.values_list("pk", "title", "creatorships__pseud__name").iterator():
        if number in numbers:
            named.setdefault((title.casefold().strip(), name.casefold().strip()), []).append(number)
    groups = (sorted(group) for group in named.values() if 1 < len(group) <= likeness.MOST_IN_A_BAND)
    return {(one, other) for group in groups for at, one in enumerate(group) for other in group[at + 1 :]}


def _forget_lost() -> None:
    here = Work.objects.values("pk")
    Duplicate.objects.exclude(decision=Decision.MERGED).exclude(one__in=here, other__in=here).delete()


def _judge(pairs: list[tuple[int, int]]) -> int:
    """Compare each pair in full. Pairs are in order, so the first text of one is mostly that of the next."""
    texts = dict(Signature.objects.values_list("work_id", "text"))
    found: list[Duplicate] = []
    at, mine = 0, set[str]()
    for one, other in pairs:
        if one != at:
            at, mine = one, likeness.shingles(_text(one))
        alike, overlap = likeness.compared(mine, likeness.shingles(_text(other)))
        kind = Kind.SAME if texts[one] == texts[other] else Kind.NEAR if alike >= NEAR else Kind.PART
        if kind != Kind.PART or overlap >= PART:
            found.append(Duplicate(one=one, other=other, kind=kind, likeness=alike, overlap=overlap))
    Duplicate.objects.bulk_create(found, ignore_conflicts=True)
    return len(found)


@transaction.atomic
def keep_both(pair: Duplicate, *, by: str) -> None:
    """They are two stories. Raises Overtaken when the pair was decided otherwise meanwhile."""
    _decide(pair, Decision.KEPT, by)


@transaction.atomic
def link(pair: Duplicate, *, by: str) -> None:
    """They are versions of one story: each names the other to whoever may see it. Raises Overtaken."""
    one, other = _both(pair)
    _decide(pair, Decision.LINKED, by)
    versions.link(one, other)


@transaction.atomic
def reopen(pair: Duplicate) -> None:
    """Ask again about a pair that was kept or linked. Raises Overtaken for a merged one: that is taken back."""
    if pair.decision == Decision.LINKED:
        versions.unlink(*_both(pair))
    elif pair.decision != Decision.KEPT:
        raise Overtaken("Only pairs that are kept or linked can be asked about again.")
    Duplicate.objects.filter(pk=pair.pk).update(decision=Decision.OPEN, decided=None, decided_by="")


def merge(pair: Duplicate, *, keep: int, by: str) -> None:
    """Make one work of the two: the one numbered `keep` stays and takes in the other's reviews, addresses and numbers.

    The other is gone, and is known as this one from now on: bringing it in again changes nothing. Both are kept as they
    were, so that `take_back` can undo it. Raises Overtaken, and Busy while an import is under way.
    """
    with at_the_desk():
        promises = Promises()
        with transaction.atomic():
            _merge(pair, keep, by, promises)
        promises.settle()


def _merge(pair: Duplicate, keep: int, by: str, promises: Promises) -> None:
    one, other = _both(pair)
    kept, gone = (one, other) if keep == one.pk else (other, one)
    _refuse_unfit(kept, gone)
    mine, theirs = told(kept), told(gone)
    _decide(pair, Decision.MERGED, by)
    Duplicate.objects.filter(pk=pair.pk).update(**_state_before(kept, gone, mine, theirs, promises))
    for entry in gone.series_entries.exclude(series__in=kept.series_entries.values("series")):
        SeriesEntry.objects.create(series=entry.series, work=kept, position=entry.position, order=entry.order)
    Entry.objects.filter(work=gone).update(work=kept)
    for counter, number in counters.added_up(gone).items():
        counters.bump(counter, {kept.pk: number})
    actions.withdraw(gone)
    actions.also_known(kept, _sources(theirs))
    receive_reviews(kept, with_reviews_of(mine, theirs).reviews)


def _refuse_unfit(kept: Work, gone: Work) -> None:
    if kept.is_hidden or gone.is_hidden:
        raise Overtaken("A moderator took one of the two out of sight. Settle that first.")
    if gone.creatorships.filter(pseud__user__isnull=False).exists():
        raise Overtaken("The work that would go belongs to an account: that is its author's to decide. Keep that one.")


def _state_before(kept: Work, gone: Work, mine: Manuscript, theirs: Manuscript, promises: Promises) -> dict[str, Any]:
    """All that taking it back needs."""
    return {
        "gone": gone.pk,
        "audience": gone.audience,
        "before_kept": promises.keep(to_json(mine).encode()),
        "before_gone": promises.keep(to_json(theirs).encode()),
        "chapters": list(gone.chapters.order_by("position").values_list("pk", flat=True)),
        "entries": list(Entry.objects.filter(work=gone).values_list("pk", flat=True)),
        "series": list(kept.series_entries.values_list("series_id", flat=True)),
        **{counter.value: number for counter, number in counters.added_up(gone).items()},
    }


def _sources(manuscript: Manuscript) -> list[Source]:
    return [source for source in (manuscript.source, *manuscript.also) if source.site]


def take_back(pair: Duplicate) -> None:
    """Undo a merge: both works stand as they were, at their addresses, but without who asked since not to be named.

    Raises Overtaken when the kept one is gone. When nobody is left who made the other, the merge stands for good: what
    taking it back needs is let go of, and Overtaken raised.
    """
    with at_the_desk():
        promises = Promises()
        promises.add([pair.before_kept, pair.before_gone])
        with transaction.atomic():
            is_back = _take_back(pair)
        promises.settle()
    if not is_back:
        raise Overtaken(NOBODY_LEFT)


def _take_back(pair: Duplicate) -> bool:
    kept = Work.objects.filter(pk=pair.kept).first()
    if pair.decision != Decision.MERGED or pair.gone is None or kept is None:
        raise Overtaken("This pair is not merged, or the work that was kept is gone.")
    mine, was = _before(pair.before_kept), _before(pair.before_gone)
    sieve = Sieve(names=_taken_off(kept, mine))
    theirs, _ = sieve.without_them(was)
    if theirs is None:
        Duplicate.objects.filter(pk=pair.pk).delete()
        return False
    actions.known_no_more(kept, _sources(theirs))
    kept.series_entries.exclude(series__in=pair.series).delete()
    receive_reviews(kept, sieve.reviews(mine.reviews, mine.source.site)[0])
    numbers = actions.Numbers(pair.gone, tuple(pair.chapters))
    gone = actions.accession(theirs, audience=Audience(pair.audience), numbers=numbers).work
    receive_reviews(gone, theirs.reviews)
    for counter, number in ((Counter.HITS, pair.hits), (Counter.KUDOS, pair.kudos)):
        counters.bump(counter, {kept.pk: -number})
        counters.put(counter, {gone.pk: number})
    Entry.objects.filter(pk__in=pair.entries).update(work=gone)
    Duplicate.objects.filter(pk=pair.pk).update(
        decision=Decision.OPEN,
        decided=None,
        decided_by="",
        gone=None,
        before_kept="",
        before_gone="",
        hits=0,
        kudos=0,
    )
    return True


def _before(name: str) -> Manuscript:
    return from_json(store.fetch(name).decode())


def _taken_off(kept: Work, before: Manuscript) -> set[str]:
    """The names that a person took off the work since it was merged."""
    if not (was_decided(kept.pk) or is_in_its_authors_hands(kept)):
        return set()
    return _names(before) - _names(told(kept))


def _names(manuscript: Manuscript) -> set[str]:
    return {folded(each.name) for each in manuscript.credits}


def make_final(people: set[tuple[str, str]]) -> None:
    """Let go of the works that merges took in and these people made alone, known by site and identity.

    The merges stand. Whoever is at the desk next makes the bytes gone.
    """
    sieve = Sieve(Askers(Asked.NOT_HERE, as_far_as_known=True), people)
    merged = Duplicate.objects.filter(decision=Decision.MERGED)
    theirs = [each for each in merged.iterator() if sieve.without_them(_before(each.before_gone))[0] is None]
    needless = {name for each in theirs for name in (each.before_kept, each.before_gone)}
    Promises().let_go(needless)
    merged.filter(pk__in=[each.pk for each in theirs]).delete()


def _both(pair: Duplicate) -> tuple[Work, Work]:
    works = Work.objects.in_bulk([pair.one, pair.other])
    if not {pair.one, pair.other} <= works.keys():
        raise Overtaken("One of the two works is gone. Look for duplicates again.")
    return works[pair.one], works[pair.other]


def _decide(pair: Duplicate, decision: Decision, by: str) -> None:
    """Write it down, if nobody was quicker."""
    waiting = Duplicate.objects.filter(pk=pair.pk, decision=Decision.OPEN)
    if not waiting.update(decision=decision, decided=now(), decided_by=by):
        raise Overtaken("Somebody has decided about this pair already. Reload the page to see it.")
