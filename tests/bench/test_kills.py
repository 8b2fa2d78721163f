"""An import that is killed anywhere, and goes on, ends as if nothing had been; so does taking it back."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import Any

import pytest

from tests.meta.source import ROOT


def trials(*words: str) -> list[dict[str, Any]]:
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-m", "bench.rescue.kills", *words],
        capture_output=True, text=True, cwd=ROOT, env=environment, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


@pytest.mark.parametrize(("kills", "words"), [(40, ["--trials", "5"]), (10, ["--trials", "2", "--apart"])])
def test_killed_at_random_points_it_ends_the_same(kills: int, words: list[str]) -> None:
    each = kills // int(words[1])
    told = trials(*words, "--kills", str(each), "--seed", str(kills))
    assert sum(sum(trial["kills"].values()) for trial in told) == kills
    assert all(trial["left"] == [] and trial["works"] for trial in told)
