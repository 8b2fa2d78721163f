"""Pages are measured beside a command only as long as it runs, and count only if it ended well."""

from __future__ import annotations

import os
import sys
import time

import pytest

from bench.rescue.serving import going_on


def beside(program: str) -> int:
    """How often one could look while the program ran."""
    looks = 0
    with going_on([sys.executable, "-c", program], dict(os.environ)) as goes_on:
        while goes_on():
            looks += 1
            time.sleep(0.01)
    return looks


def test_figures_are_taken_as_long_as_the_command_runs() -> None:
    assert beside("import time; time.sleep(0.1)") > 1


@pytest.mark.parametrize(
    ("end", "code"), [("sys.exit('no room')", 1), ("sys.exit(2)", 2), ("os.kill(os.getpid(), 9)", -9)]
)
def test_a_command_that_does_not_end_well_ends_the_measurement(end: str, code: int) -> None:
    with pytest.raises(SystemExit, match=f"ended with {code}:") as stopped:
        beside(f"import os, sys; {end}")
    assert ("no room" in str(stopped.value)) == ("no room" in end)


def test_what_goes_wrong_beside_the_command_does_not_wait_for_it() -> None:
    began = time.monotonic()
    with (
        pytest.raises(OSError, match="the server is gone"),
        going_on([sys.executable, "-c", "import time; time.sleep(60)"], dict(os.environ)),
    ):
        raise OSError("the server is gone")
    assert time.monotonic() - began < 30
