"""Which originals are needed, and which only a run that was cut off had in hand.

Bytes are on disk before the row that points to them. A run that is killed in between leaves bytes that no row knows, so
it promises each name in a file of its batch first; whoever finishes or takes back the batch looks the promises through,
or whoever is next at the desk, where it was killed before it could.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction

from undying.exchange.models import Batch, BatchKeepsake, BatchState, BatchWork, ContainerCount, Entry
from undying.exchange.pairs import Duplicate
from undying.kernel import store
from undying.kernel.portions import in_portions
from undying.library.models import BroughtPicture, WorkPicture

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path


OF_NO_BATCH = 0
"""The number under which is promised what belongs to no batch, such as what a merge of two works keeps."""
_LENGTH = 64


class Promises:
    """The names of bytes that are about to be kept, or to be needed no more: for a batch, or for none."""

    def __init__(self, batch: int = OF_NO_BATCH) -> None:
        self._path = _folder() / f"batch-{batch}.txt"

    def add(self, names: Collection[str]) -> None:
        """These are about to be kept. Not synced: a power cut leaves bytes too many, never too few."""
        if not names:
            return
        self._path.parent.mkdir(parents=True, exist_ok=True)
        with self._path.open("a") as file:
            file.writelines(f"{name}\n" for name in names)

    def keep(self, data: bytes) -> str:
        """Promise these bytes and keep them; their name."""
        self.add([store.name_of(data)])
        return store.keep(data)

    def let_go(self, names: Collection[str]) -> None:
        """What points to these goes in the caller's transaction, and they at the next settling after it.

        Noted before the commit, for the caller may be killed right after it; and once more then, for somebody else may
        have settled before it, when they were still needed.
        """
        self.add(names)
        transaction.on_commit(partial(self.add, names))

    def names(self) -> set[str]:
        """All that were promised. A name that was cut off in the middle was not kept yet."""
        try:
            return {name for name in self._path.read_text().split("\n") if len(name) == _LENGTH}
        except FileNotFoundError:
            return set()

    def settle(self) -> None:
        """Let go of what was promised and is not needed, and of the promises."""
        forget_unneeded(self.names())
        self._path.unlink(missing_ok=True)


def _folder() -> Path:
    home: Path = settings.UNDYING.home
    return home / "promises"


def settle_left_over() -> None:
    """Settle what was promised by those who were killed, but for batches that are to go on."""
    left = {int(path.stem.removeprefix("batch-")) for path in _folder().glob("batch-*.txt")}
    if left:
        ended = Batch.objects.filter(pk__in=left, state__in=(BatchState.DONE, BatchState.UNDONE))
        for number in sorted(left & {OF_NO_BATCH, *ended.values_list("pk", flat=True)}):
            Promises(number).settle()


def forget_unneeded(names: Collection[str]) -> None:
    """Delete those of these bytes that nothing points to any more."""
    for some in in_portions(sorted(names)):
        needed = set(Entry.objects.filter(original__in=some).values_list("original", flat=True))
        needed |= set(ContainerCount.objects.filter(original__in=some).values_list("original", flat=True))
        needed |= set(BatchWork.objects.filter(before__in=some).values_list("before", flat=True))
        needed |= set(BatchKeepsake.objects.filter(before__in=some).values_list("before", flat=True))
        needed |= set(WorkPicture.objects.filter(sha256__in=some).values_list("sha256", flat=True))
        needed |= set(BroughtPicture.objects.filter(sha256__in=some).values_list("sha256", flat=True))
        for field in ("before_kept", "before_gone"):
            needed |= set(Duplicate.objects.filter(**{f"{field}__in": some}).values_list(field, flat=True))
        for name in some:
            if name not in needed:
                store.forget(name)
