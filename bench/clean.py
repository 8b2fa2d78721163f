"""How long the cleaner takes for 100,000 words of ordinary HTML: `python -m bench.clean`."""

from __future__ import annotations

import statistics
import time
from typing import TYPE_CHECKING

import nh3

from undying.manuscript.clean import RawHtml, clean

if TYPE_CHECKING:
    from collections.abc import Callable

_SENTENCES = (
    "The carriage climbed towards the pass while the last light went from the snow. ",
    "“I never said so,” she answered, “and you <em>know</em> that I never did.” ",
    "Nobody spoke until the driver crossed himself and whipped the horses on. ",
    "He had written <i>do not open</i> on the cover, and under it a date. ",
    "It was the third of May, and the dogs had been howling since noon. ",
)
_RUNS = 5


def story(words: int) -> str:
    """Paragraphs of two to six sentences, one in twenty with a line break or an old tag."""
    paragraphs, count = [], 0
    while count < words:
        number = len(paragraphs)
        text = "".join(_SENTENCES[(number + place) % len(_SENTENCES)] for place in range(2 + number % 5)).strip()
        if number % 20 == 0:
            text = text.replace(". ", ".<br>", 1)
        if number % 20 == 10:
            text = f"<font color=red>{text}</font>"
        paragraphs.append(f"<p>{text}</p>\n")
        count += len(text.split())
    return "".join(paragraphs)


def _median_ms(work: Callable[[], object]) -> float:
    times = []
    for _ in range(_RUNS):
        start = time.process_time()
        work()
        times.append((time.process_time() - start) * 1000)
    return statistics.median(times)


def main() -> None:
    """Print CPU milliseconds, median of five, and the ratio to nh3 alone."""
    raw = story(100_000)
    ours = _median_ms(lambda: clean(RawHtml(raw)))
    bare = _median_ms(lambda: nh3.clean(raw))
    print(
        f"100,000 words, {len(raw):,} characters: clean {ours:.0f} ms, nh3 alone {bare:.0f} ms, ratio {ours / bare:.1f}"
    )


if __name__ == "__main__":
    main()
