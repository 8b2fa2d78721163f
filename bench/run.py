"""Every benchmark, one after the other; what they print becomes docs/benchmarks.md."""

from __future__ import annotations

import os
import platform
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DOCUMENT = ROOT / "docs" / "benchmarks.md"
LONGEST = 3600
HEAD = """# Benchmarks

`make bench` runs what lies in `bench/`, one after the other, and writes this page. Ratios are taken within one run on
one machine, so they say more than milliseconds do; CPU time says more than wall time on a machine that is shared.

Measured on {machine}.
"""
BENCHES = {
    "epub": (
        "An EPUB against calibre",
        "A novel of 100,000 words in 40 chapters, to EPUB with its cover: our writer; `ebook-convert` from our HTML.",
    ),
    "clean": (
        "The sanitiser against nh3",
        "100,000 words of old markup: `clean()`, and nh3 alone on the same bytes.",
    ),
    "pages": (
        "Pages against nginx",
        """`undying serve` with its settings, against nginx serving the same bytes as files. One connection, then four.
The last column is the ratio of wall times. nginx does not look up who may read, nor what changed.""",
    ),
    "efiction": ("Reading an eFiction archive", "A synthetic dump with its chapter files."),
    "finding": (
        "Finding in an archive of AO3's shape",
        """Works that never were (`bench/finding`), as many and of the shape that AO3's published figures tell, and 310
questions of nine kinds: each wants the total, twenty works and eight lists of counts. SQLite and PostgreSQL answer some
of the same questions in the same run. `make bench-finding SIZE=1m` (or `10m`) measures other sizes than 100k.""",
    ),
    "rescue": (
        "Rescuing a whole archive",
        """An archive that never was (`bench/rescue`), of the size and with the faults of a middling site: rehearsed,
imported until its stories can be read and found, imported again, taken back. MariaDB loads the same dump in the same
run, without the chapter files, which hold the text. Memory is that of all processes together. Then the same archive
comes in while somebody turns pages and somebody else wants to write.""",
    ),
}


def run(name: str) -> str:
    """What a benchmark prints."""
    words = [sys.executable, "-m", f"bench.{name}"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        words, env=environment, cwd=ROOT, capture_output=True, text=True, timeout=LONGEST, check=False
    )
    if done.returncode:
        raise SystemExit(f"bench/{name}.py ended with {done.returncode}:\n{done.stdout}{done.stderr}")
    return done.stdout.rstrip()


def main() -> None:
    """Run all, or those that are named, and write the page when all ran."""
    sections = []
    for name in sys.argv[1:] or BENCHES:
        title, about = BENCHES[name]
        print(f"{title} …", flush=True)
        told = run(name)
        print(told, flush=True)
        sections.append(f"\n## {title}\n\n{about}\n\n```\n{told}\n```\n")
    if not sys.argv[1:]:
        machine = f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}"
        DOCUMENT.write_text(HEAD.format(machine=machine) + "".join(sections), encoding="utf-8")


if __name__ == "__main__":
    main()
