"""`undying serve`: one tree of processes that opens quickly, mends its worker and leaves nobody behind."""

from __future__ import annotations

import os
import signal
import subprocess
import time
import urllib.request
from pathlib import Path

import pytest

from tests.cli.running import answers, free_port

pytestmark = pytest.mark.slow


def processes_below(parent: int) -> dict[int, str]:
    """The children and grandchildren of a process, with their command lines."""
    below: dict[int, str] = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            mother = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
            words = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode()
        except (OSError, ValueError):
            continue
        if mother == parent:
            number = int(folder.name)
            below |= {number: words, **processes_below(number)}
    return below


def workers(parent: int) -> set[int]:
    """The background workers below a process."""
    return {number for number, words in processes_below(parent).items() if " worker " in words}


def gone(numbers: dict[int, str], within: float = 15) -> bool:
    """Whether all of these end in that time."""
    end = time.monotonic() + within
    while time.monotonic() < end:
        if not any(is_alive(number) for number in numbers):
            return True
        time.sleep(0.05)
    return False


def is_alive(number: int) -> bool:
    """Whether a process runs; one that only waits to be buried does not."""
    try:
        return Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def test_it_opens_answers_and_closes_at_ctrl_c_with_all_its_children(archive):
    with archive.serving() as (process, address):
        children = processes_below(process.pid)
        assert len(children) >= 3
        assert answers(address)
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=20) == 0
        assert gone(children)
    assert not answers(f"{address}/healthz")


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_no_child_outlives_a_parent_that_is_ended(archive, number):
    with archive.serving() as (process, _):
        children = processes_below(process.pid)
        process.send_signal(number)
        process.wait(timeout=20)
        assert gone(children)


def test_it_ends_with_the_make_that_started_it(archive):
    port = free_port()
    shell = subprocess.Popen(
        ["bash", "-c", f"{' '.join(archive.command('serve', '--port', str(port)))} --parent $$; true"],
        env=archive.environment,
        cwd=archive.folder,
    )
    end = time.monotonic() + 60
    while not answers(f"http://127.0.0.1:{port}/healthz"):
        assert time.monotonic() < end
        time.sleep(0.1)
    below = processes_below(shell.pid)
    assert len(below) >= 4
    shell.kill()
    shell.wait()
    assert gone(below)


def test_a_worker_that_dies_is_started_again(archive):
    with archive.serving() as (process, address):
        (worker,) = workers(process.pid)
        os.kill(worker, signal.SIGKILL)
        end = time.monotonic() + 20
        while not (
            new := [n for n, words in processes_below(process.pid).items() if " worker " in words and n != worker]
        ):
            assert time.monotonic() < end
            time.sleep(0.1)
        assert new
        assert answers(f"{address}/healthz")


def test_a_taken_port_is_one_line(archive):
    with archive.serving() as (_, address):
        port = address.rpartition(":")[2]
        ended = archive.run("serve", "--port", port)
    assert ended.returncode == 1
    assert ended.stderr == (
        f"undying: Cannot listen on {address}: Address already in use. Another --port or --host may be free.\n"
    )


def test_a_new_story_is_found_soon_and_after_a_second_start(archive, stories):
    def front_shows_it(address):
        with urllib.request.urlopen(f"{address}/", timeout=10) as front:
            return b"Log of the Demeter" in front.read()

    with archive.serving() as (_, address):
        archive.run("import", str(stories), "--open")
        assert front_shows_it(address)
    with archive.serving() as (_, address):
        assert front_shows_it(address)


def test_every_stylesheet_and_script_of_the_front_page_is_there(archive):
    with archive.serving("--demo") as (_, address):
        with urllib.request.urlopen(f"{address}/", timeout=10) as front:
            markup = front.read().decode()
        parts = {part.split('"')[0] for mark in ('href="/static/', 'src="/static/') for part in markup.split(mark)[1:]}
        assert len(parts) >= 2
        for part in parts:
            assert answers(f"{address}/static/{part}"), part
