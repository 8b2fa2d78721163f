"""One at a time, across processes: a lock on a file, which the system lets go of however its holder ends."""

from __future__ import annotations

import contextlib
import fcntl
from typing import TYPE_CHECKING

from django.conf import settings

from undying.kernel.errors import Refused

if TYPE_CHECKING:
    from collections.abc import Iterator


class Busy(Refused):
    """Another process of this archive is at it."""


@contextlib.contextmanager
def turn(name: str, refusal: str) -> Iterator[None]:
    """Hold the turn of that name in this data folder. Raises Busy with the refusal while another holds it.

    Waiting is refused: what another has just done changes what there is to do, so people should look first.
    """
    settings.UNDYING.home.mkdir(parents=True, exist_ok=True)
    with (settings.UNDYING.home / f"{name}.lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Busy(refusal) from None
        yield
