"""Which originals are needed, and which only a run that was cut off had in hand.

Bytes are on disk before the row that points to them. A run that is killed in between leaves bytes that no row knows, so
it promises each name in a file of its batch first; whoever finishes or takes back the batch looks the promises through.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings

from undying.exchange.models import BatchWork, Entry
from undying.kernel import store
from undying.library.models import WorkPicture

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from pathlib import Path

AT_A_TIME = 500


class Promises:
    """The names of the bytes that a batch is about to keep."""

    def __init__(self, batch: int) -> None:
        folder: Path = settings.UNDYING.home / "promises"
        self._path = folder / f"batch-{batch}.txt"

    def add(self, names: Collection[str]) -> None:
        """These are about to be kept. Not synced: a power cut leaves bytes too many, never too few."""
        if not names:
            return
        self._path.parent.mkdir(parents=True, exist_ok=True)
        with self._path.open("a") as file:
            file.writelines(f"{name}\n" for name in names)

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


_LENGTH = 64


def forget_unneeded(names: Collection[str]) -> None:
    """Delete those of these bytes that nothing points to any more."""
    for some in _portions(sorted(names)):
        needed = set(Entry.objects.filter(original__in=some).values_list("original", flat=True))
        needed |= set(BatchWork.objects.filter(before__in=some).values_list("before", flat=True))
        needed |= set(WorkPicture.objects.filter(sha256__in=some).values_list("sha256", flat=True))
        for name in some:
            if name not in needed:
                store.forget(name)


def _portions(names: list[str]) -> Iterator[list[str]]:
    return (names[at : at + AT_A_TIME] for at in range(0, len(names), AT_A_TIME))
