"""What a dump knows of tags, and of how often works were read: it has no rows of its own, and two archives add up.

What was decided about tags here stands, and numbers never sink. What a batch did is noted as it was before and after;
taking it back puts that back, unless somebody has decided otherwise since.
"""

from __future__ import annotations

import contextlib
from dataclasses import replace
from typing import TYPE_CHECKING

from django.db import connection
from django.db.models import Q
from django.db.models.functions import Collate

from undying.exchange.models import BatchKeepsake
from undying.exchange.sameness import told as work_told
from undying.kernel import store
from undying.library import counters, tag_accounts, wrangling
from undying.library.actions import Result
from undying.library.counters import Counter
from undying.library.models import AlsoKnown, Counters, Work
from undying.library.wrangling import Untrue
from undying.manuscript import Numbers, Source, State, TagAccount
from undying.manuscript.codec import fingerprint, keepsake_from_json, keepsake_to_json

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from undying.exchange.models import Batch
    from undying.manuscript import Keepsake

Known = TagAccount | Numbers
KINDS = frozenset((TagAccount.KIND, Numbers.KIND))


def title_of(known: Known) -> str:
    """What people call it."""
    if isinstance(known, TagAccount):
        return f"what is known of the tag “{known.tag.name}”"
    return f"the numbers of work {known.source.key} of {known.source.site or 'no site'}"


def here_already(known: Known) -> Keepsake | None:
    """What is known here of the same tag or work; None for nothing."""
    if isinstance(known, TagAccount):
        here = tag_accounts.accounts_of([known.tag])[known.tag]
        return None if here.says_nothing() else here
    work = _work(known.source)
    row = Counters.objects.filter(work=work).first() if work else None
    return None if row is None else Numbers(source=known.source, hits=row.hits, kudos=row.kudos)


def together(known: Known, here: Keepsake | None) -> Known:
    """What both know."""
    if isinstance(known, TagAccount):
        return tag_accounts.together(here if isinstance(here, TagAccount) else TagAccount(tag=known.tag), known)
    mine = here if isinstance(here, Numbers) else Numbers(source=known.source)
    return Numbers(source=known.source, hits=max(known.hits, mine.hits), kudos=max(known.kudos, mine.kudos))


def would_become(known: Known, here: Keepsake | None) -> Result:
    """What receiving it would do, beside what is here."""
    whole = together(known, here)
    if whole == (here or _nothing(known)):
        return Result.UNCHANGED
    return Result.CREATED if here is None else Result.REVISED


def _nothing(known: Known) -> Known:
    return TagAccount(tag=known.tag) if isinstance(known, TagAccount) else Numbers(source=known.source)


@contextlib.contextmanager
def learning() -> Iterator[None]:
    """What is received in here is followed to its end at once. Raises ValueError when it cannot all be so."""
    try:
        with wrangling.together():
            yield
    except Untrue as untrue:
        raise ValueError(str(untrue)) from untrue


def receive(known: Known, batch: Batch, *, keep: Callable[[bytes], str] = store.keep) -> Result:
    """Learn what it says beyond what is known here, in the caller's transaction; note it under the batch.

    Raises ValueError for what cannot be so beside that.
    """
    here = here_already(known)
    result, whole = would_become(known, here), together(known, here)
    if result is not Result.UNCHANGED:
        _put(whole)
        _note(batch, here or _nothing(known), whole, result, keep)
    return result


def _put(known: Known) -> None:
    if isinstance(known, TagAccount):
        try:
            tag_accounts.keep([known])
        except tag_accounts.Faulty as faulty:
            raise ValueError(str(faulty)) from faulty
        return
    work = _work(known.source)
    if work is None:
        raise ValueError(f"work {known.source.key} of {known.source.site or 'no site'} is not here")
    counters.put(Counter.HITS, {work: known.hits})
    counters.put(Counter.KUDOS, {work: known.kudos})


def _note(batch: Batch, before: Keepsake, after: Known, result: Result, keep: Callable[[bytes], str]) -> None:
    """A second telling in the same batch changes what is after, and nothing of what was before."""
    name = {"batch": batch, "kind": after.KIND, "site": after.source.site, "key": after.source.key}
    mine = BatchKeepsake.objects.filter(**name).first() or BatchKeepsake(**name, result=result)
    first = before if not mine.before else _noted(mine)[0]
    mine.before = keep(f"{keepsake_to_json(first)}\n{keepsake_to_json(after)}".encode())
    mine.save()


def _noted(mine: BatchKeepsake) -> tuple[Keepsake, Keepsake]:
    before, _, after = store.fetch(mine.before).decode().partition("\n")
    return keepsake_from_json(before), keepsake_from_json(after)


def take_back(batch: Batch) -> None:
    """Put back what was known before, in the caller's transaction. What somebody has changed since stays."""
    notes = batch.keepsakes.filter(kind__in=KINDS)
    for mine in notes.order_by("-pk").iterator():
        before, after = _noted(mine)
        if isinstance(before, Numbers) and isinstance(after, Numbers):
            _sink(before, after)
        elif isinstance(before, TagAccount) and isinstance(after, TagAccount):
            if tag_accounts.accounts_of([after.tag])[after.tag] == after:
                with contextlib.suppress(tag_accounts.Faulty):
                    tag_accounts.keep([before])
            tag_accounts.drop_unneeded(after)


def _sink(before: Numbers, after: Numbers) -> None:
    """What was added here since stays added."""
    if (work := _work(after.source)) is not None:
        counters.bump(Counter.HITS, {work: before.hits - after.hits})
        counters.bump(Counter.KUDOS, {work: before.kudos - after.kudos})


def _work(source: Source) -> int | None:
    """The work that is meant: by its source, or by that of a copy that it took in, or by its story."""
    if not source.site:
        return Work.objects.filter(site="", fingerprint=source.key).values_list("pk", flat=True).first()
    also = AlsoKnown.objects.filter(site=source.site, key=source.key).values("work")
    named = Q(site=source.site, key=source.key) | Q(pk__in=also)
    return Work.objects.filter(named).values_list("pk", flat=True).first()


def all_told() -> Iterator[Known]:
    """All that is known of tags, and of works that were read or thanked for more often than their source told."""
    yield from tag_accounts.told(tag_accounts.spoken_of())
    letters = "C" if connection.vendor == "postgresql" else "BINARY"
    order = (Collate("work__site", letters), Collate("work__key", letters), Collate("work__fingerprint", letters))
    rows = Counters.objects.filter(Q(hits__gt=0) | Q(kudos__gt=0)).select_related("work").order_by(*order)
    for row in rows.iterator(chunk_size=500):
        had = counters.told_by(row.work.extras)
        if (row.hits, row.kudos) != (had[Counter.HITS], had[Counter.KUDOS]):
            yield Numbers(source=_source(row.work), hits=row.hits, kudos=row.kudos)


def _source(work: Work) -> Source:
    if work.site:
        return Source(site=work.site, key=work.key)
    if not work.is_hidden:
        return Source(site="", key=work.fingerprint)
    return Source(site="", key=fingerprint(replace(work_told(work), state=State.DRAFT)))  # as the dump tells it
