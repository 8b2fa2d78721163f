"""The whole benchmark of finding, tried out on a few works: every part answers, and the report tells it."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests.meta.source import ROOT

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.slow
def test_every_part_is_measured_and_told(tmp_path: Path) -> None:
    environment = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    done = subprocess.run(
        [sys.executable, "-m", "bench.finding", "tiny", "--keep", str(tmp_path)],
        capture_output=True, text=True, cwd=ROOT, env={**environment, "PYTHONPATH": str(ROOT)}, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    assert re.search(r"^index from nothing +[\d,]+ works/s CPU", done.stdout, re.MULTILINE)
    for way in ("nothing remembered", "one client", "the same again", "after a cold start", "four clients",
                "one, and a writer", "four, and a writer"):  # fmt: skip
        assert re.search(rf"^{way}( +[\d.]+){{4}}$", done.stdout, re.MULTILINE), way
    assert "the same totals in 36 of 36, pages in 32 of 32, counts in 36 of 36" in done.stdout
    assert re.search(r"^with works, passages( +[\d.]+){4}$", done.stdout, re.MULTILINE)
    assert re.search(r"^a huge fandom( +[\d.]+){5}$", done.stdout, re.MULTILINE)
    assert str(tmp_path) not in done.stdout
