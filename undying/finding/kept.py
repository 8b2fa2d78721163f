"""Answers that are kept while the index stands as it is."""

from __future__ import annotations

from collections import OrderedDict
from threading import Lock
from typing import TYPE_CHECKING, TypeVar, cast

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

MOST = 500
"""Answers; each has some kilobytes at most."""
Answer = TypeVar("Answer")


class Kept:
    """The answers of one generation, the oldest unused ones forgotten. What an answer depends on is in its key: for
    whom it was found, above all.
    """

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._generation = ""
        self._answers: OrderedDict[Hashable, object] = OrderedDict()
        self._lock = Lock()

    def of(
        self, generation: str, key: Hashable, make: Callable[[], Answer], is_worth: Callable[[Answer], bool]
    ) -> Answer:
        """The answer that is kept, or a new one, which is kept when it is worth it."""
        with self._lock:
            if generation != self._generation:
                self._answers.clear()
                self._generation = generation
            if key in self._answers:
                self._answers.move_to_end(key)
                return cast("Answer", self._answers[key])
        answer = make()
        if is_worth(answer):
            self._put(generation, key, answer)
        return answer

    def _put(self, generation: str, key: Hashable, answer: object) -> None:
        with self._lock:
            if generation == self._generation:
                self._answers[key] = answer
                while len(self._answers) > self._most:
                    self._answers.popitem(last=False)
