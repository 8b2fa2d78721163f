"""The one desk at which imports are worked on: whoever sits there may tidy up after those who were killed at it."""

from __future__ import annotations

import contextlib
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings

from undying.exchange.keeping import settle_left_over
from undying.kernel import store
from undying.kernel.errors import StorageFull
from undying.kernel.turns import turn

if TYPE_CHECKING:
    from collections.abc import Iterator

TAKEN = "Another import, or the undoing of one, is under way in this archive. Wait until it is done and try again."


@contextlib.contextmanager
def at_the_desk() -> Iterator[Path]:
    """An empty folder in the data folder for what readers spool, gone afterwards. Raises Busy while the desk is taken.

    Raises StorageFull for every way in which a full disk shows itself.
    """
    with turn("import", TAKEN), _full_disks_told():
        home: Path = settings.UNDYING.home / "scratch"
        home.mkdir(parents=True, exist_ok=True)
        _tidy(home)
        folder = Path(tempfile.mkdtemp(dir=home))
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)


def _tidy(scratch: Path) -> None:
    """Nobody else is at the desk: what lies there was left by somebody who was killed."""
    store.sweep()
    settle_left_over()
    for folder in scratch.iterdir():
        shutil.rmtree(folder, ignore_errors=True)


@contextlib.contextmanager
def _full_disks_told() -> Iterator[None]:
    try:
        yield
    except StorageFull:
        raise
    except Exception as error:
        if store.is_full(error):
            raise StorageFull(str(settings.UNDYING.home)) from error
        raise
