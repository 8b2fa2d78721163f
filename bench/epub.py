"""What an EPUB costs: 100,000 words in 40 chapters, Undying's writer against calibre's `ebook-convert`.

    python bench/epub.py [repeats]

CPU seconds are medians; wall time on a busy machine says little. calibre takes part when `ebook-convert` is on the
PATH; it is given the same story as Undying's own HTML download, as AO3 gives it one.
"""

from __future__ import annotations

import os
import random
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from undying.formats.cover import draw_cover
from undying.formats.epub import EpubWriter
from undying.formats.html_write import HtmlWriter
from undying.manuscript import Chapter, Credit, Manuscript, Prose, RawHtml, Tagging, TagKind
from undying.manuscript.clean import clean

CHAPTERS, WORDS = 40, 100_000
VOWELS, CONSONANTS = "aeiou", "bcdfghklmnprstvw"


def story() -> Manuscript:
    """A novel of 100,000 words from a seeded vocabulary, so that it compresses like prose and not like one sentence."""
    dice = random.Random(1897)
    syllables = [c + v for c in CONSONANTS for v in VOWELS]
    vocabulary = ["".join(dice.choices(syllables, k=dice.choice((1, 2, 2, 3)))) for _ in range(6000)]
    weights = [1 / rank for rank in range(1, len(vocabulary) + 1)]
    return Manuscript(
        title="The Slow Train to Bistritz",
        credits=(Credit(name="Mina M."),),
        language="en",
        taggings=(Tagging(kind=TagKind.FANDOM, name="Dracula - Bram Stoker"),),
        chapters=tuple(
            Chapter(title=f"Stop {number}", body=chapter(dice.choices(vocabulary, weights, k=WORDS // CHAPTERS)))
            for number in range(1, CHAPTERS + 1)
        ),
    )


def chapter(words: list[str]) -> Prose:
    """Paragraphs of fifty words, each with one in italics, and a scene break."""
    paragraphs = []
    for start in range(0, len(words), 50):
        first, second, *rest = words[start : start + 50]
        paragraphs.append(f"<p>“{first.title()} <em>{second}</em>,” {' '.join(rest)}.</p>")
    paragraphs.insert(len(paragraphs) // 2, "<hr>")
    return clean(RawHtml("".join(paragraphs)))


def own_cost(novel: Manuscript, repeats: int) -> tuple[float, int]:
    """Median CPU seconds and size in bytes of the writer in a warm process."""
    times, data = [], b""
    for _ in range(repeats):
        start = time.process_time()
        data = EpubWriter().write(novel)
        times.append(time.process_time() - start)
    return statistics.median(times), len(data)


def calibre_cost(novel: Manuscript, repeats: int, program: str) -> tuple[float, int]:
    """Median CPU seconds and peak memory in KiB of `ebook-convert`."""
    times = []
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder, "story.html")
        source.write_bytes(HtmlWriter().write(novel))
        environment = {**os.environ, "QTWEBENGINE_CHROMIUM_FLAGS": "--no-sandbox"}
        for _ in range(repeats):
            before = resource.getrusage(resource.RUSAGE_CHILDREN)
            command = [program, str(source), str(Path(folder, "story.epub")), "--no-default-epub-cover"]
            subprocess.run(command, check=True, capture_output=True, env=environment)
            after = resource.getrusage(resource.RUSAGE_CHILDREN)
            times.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    return statistics.median(times), resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss


def main() -> None:
    """Measure and print."""
    repeats = int(sys.argv[1]) if len(sys.argv) > 1 else 9
    novel = story()
    own_cost(novel, 2)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    own, size = own_cost(novel, repeats)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    start = time.process_time()
    for _ in range(repeats):
        draw_cover(novel.title, ("Mina M.",), "Dracula - Bram Stoker")
    cover = (time.process_time() - start) / repeats
    words = sum(len(chapter.body.split()) for chapter in novel.chapters)
    print(f"{words:,} words, {len(novel.chapters)} chapters, {size / 1024:,.0f} KiB, {repeats} runs")
    print(f"undying        {own:.3f} s CPU (of which the cover {cover:.3f} s), peak memory {peak / 1024:.0f} MiB"
          f" with the story ({(peak - before) / 1024:+.1f} MiB while measuring)")  # fmt: skip
    program = shutil.which("ebook-convert")
    if program is None:
        print("ebook-convert  not on the PATH: install calibre to compare")
        return
    other, memory = calibre_cost(novel, max(3, repeats // 3), program)
    print(f"ebook-convert  {other:.3f} s CPU, peak memory {memory / 1024:.0f} MiB")
    print(f"ratio          {other / own:.1f}")


if __name__ == "__main__":
    main()
