"""A progress bar that shows the rate and the time left, on a terminal only and only for work that takes a while."""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from types import TracebackType
    from typing import Self, TextIO

    from undying.formats import Progress

WIDTH = 24
PATIENCE = 1.0
"""Seconds before the bar shows."""
EVERY = 0.2
"""Seconds between two drawings."""


class Bar:
    """Use it as a context manager and feed it."""

    def __init__(self, unit: str = "files", out: TextIO = sys.stderr) -> None:
        self.unit = unit
        self.out = out
        self.began = self.drawn = time.monotonic()
        self.is_shown = False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.is_shown:
            self.out.write("\r\x1b[K")
            self.out.flush()

    def tick(self, progress: Progress) -> None:
        """How far a reader is."""
        if progress.unit != self.unit:
            self.unit, self.began = progress.unit, time.monotonic()
        self.of(progress.done, progress.total)

    def of(self, done: int, total: int) -> None:
        """This many of that many."""
        moment = time.monotonic()
        if not self.out.isatty() or moment - self.drawn < (EVERY if self.is_shown else PATIENCE):
            return
        self.drawn, self.is_shown = moment, True
        self.out.write(f"\r\x1b[K{line(done, total, self.unit, moment - self.began)}")
        self.out.flush()


def line(done: int, total: int, unit: str, seconds: float) -> str:
    """One line: a bar, how much, how fast, how long still."""
    rate = done / seconds if seconds > 0 else 0.0
    speed = f"{unit}, {rate:,.0f} a second"
    if not total:
        return f"{done:,} {speed}"
    filled = min(WIDTH, WIDTH * done // total)
    left = (total - done) / rate if rate else 0.0
    minutes, rest = divmod(int(left), 60)
    return f"[{'█' * filled}{'·' * (WIDTH - filled)}] {done:,} of {total:,} {speed}, {minutes}:{rest:02d} left"
