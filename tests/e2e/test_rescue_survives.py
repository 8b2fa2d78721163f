"""The real command, killed and starved: whatever happens to it, the next run ends where an undisturbed one does."""

from __future__ import annotations

import json
import shutil
import subprocess
import time
from typing import TYPE_CHECKING

import pytest

from tests.cli.running import Archive
from tests.samples import SAMPLES, needs_samples

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = [pytest.mark.e2e, needs_samples]

KILLS = 8
SITE = SAMPLES / "efiction"


@pytest.fixture(scope="module")
def ready(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with tables, to copy."""
    home = tmp_path_factory.mktemp("ready") / "home"
    assert Archive(home, home.parent).run("import", "list").returncode == 0
    return home


@pytest.fixture
def archive(tmp_path: Path, ready: Path) -> Archive:
    """An empty archive."""
    shutil.copytree(ready, tmp_path / "home")
    return Archive(tmp_path / "home", tmp_path)


def dumped(archive: Archive) -> str:
    """The dump, which must come out whole."""
    file = archive.folder / "dump.jsonl"
    told = archive.run("dump", str(file))
    assert told.returncode == 0, told.stderr
    return file.read_text(encoding="utf-8")


def brought_in(archive: Archive, what: Path = SITE) -> dict[str, object]:
    """What the report says after an import that must succeed, without what names the run."""
    file = archive.folder / "report.json"
    told = archive.run("import", str(what), "--report", str(file))
    assert told.returncode == 0, told.stdout + told.stderr
    report: dict[str, object] = json.loads(file.read_text(encoding="utf-8"))
    assert report["adds_up"] is True
    return report


def killed_after(archive: Archive, seconds: float, *words: str) -> None:
    """Start the command and kill it, unless it is done before."""
    process = subprocess.Popen(
        archive.command(*words),
        env=archive.environment,
        cwd=archive.folder,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def litter(archive: Archive) -> list[str]:
    """What lies in the data folder and belongs to no run that is alive."""
    places = ("scratch", "promises", "originals/.part")
    return [str(path) for place in places for path in (archive.home / place).glob("*")]


def originals(archive: Archive) -> set[str]:
    return {path.name for path in (archive.home / "originals").rglob("*.gz")}


def test_an_import_that_is_killed_again_and_again_ends_as_an_undisturbed_one(archive: Archive, ready: Path) -> None:
    quiet = Archive(archive.folder / "quiet" / "home", archive.folder / "quiet")
    quiet.folder.mkdir()
    shutil.copytree(ready, quiet.home)
    start = time.monotonic()
    expected, length = brought_in(quiet, SAMPLES), time.monotonic() - start
    for number in range(KILLS):
        killed_after(archive, length * (0.35 + 0.6 * number / KILLS), "import", str(SAMPLES))
    assert brought_in(archive, SAMPLES) == expected
    assert (dumped(archive), originals(archive)) == (dumped(quiet), originals(quiet))
    assert not litter(archive)
    start = time.monotonic()
    quiet.run("import", "undo", "1")
    length = time.monotonic() - start
    for share in (0.5, 0.7, 0.9):
        killed_after(archive, length * share, "import", "undo", "1")
    assert archive.run("import", "undo", "1").returncode == 0
    assert (dumped(archive), originals(archive), litter(archive)) == ("", set(), [])


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of its own with little room."""
    place = tmp_path / "small"
    place.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", str(place)], capture_output=True, text=True, check=False
    )
    if mounted.returncode:
        pytest.skip(f"a small disk cannot be mounted here: {mounted.stderr.strip()}")
    yield place
    subprocess.run(["umount", "-l", str(place)], check=True)


def resized(place: Path, size: str) -> None:
    subprocess.run(["mount", "-o", f"remount,size={size}", str(place)], check=True)


def test_a_full_disk_stops_cleanly_and_the_import_goes_on_when_there_is_room(
    small_disk: Path, archive: Archive, tmp_path: Path
) -> None:
    expected = brought_in(archive)
    starved = Archive(small_disk / "home", tmp_path)
    resized(small_disk, "64m")
    assert starved.run("import", "list").returncode == 0
    said = []
    for room in (200, 400, 800, 1600):
        used = sum(path.stat().st_blocks for path in small_disk.rglob("*")) // 2
        resized(small_disk, f"{used + room}k")
        told = starved.run("import", str(SITE))
        assert "Traceback" not in told.stderr
        if told.returncode == 0:
            break
        assert "disk is full" in (told.stdout + told.stderr).lower(), told.stdout + told.stderr
        said.append(told.returncode)
    assert said, "the disk was never full"
    resized(small_disk, "64m")
    assert brought_in(starved) == expected
    assert dumped(starved) == dumped(archive)
    assert not litter(starved)


def test_two_imports_at_once_do_not_mix_and_one_beside_the_server_is_no_trouble(archive: Archive) -> None:
    with archive.serving():
        both = [
            subprocess.Popen(
                archive.command("import", str(SITE)),
                env=archive.environment,
                cwd=archive.folder,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
            )
            for _ in range(2)
        ]
        told = [process.communicate(timeout=120)[0] for process in both]
    assert sorted(process.returncode for process in both) in ([0, 0], [0, 1]), told
    assert not any("Traceback" in each for each in told), told
    for process, text in zip(both, told, strict=True):
        assert process.returncode == 0 or "under way" in text
    assert brought_in(archive)["created"] == dumped(archive).count('"format":"undying-manuscript"')


def test_a_dump_that_is_killed_never_appears(archive: Archive) -> None:
    brought_in(archive)
    whole = dumped(archive)
    target = archive.folder / "copy.jsonl"
    for seconds in (0.5, 0.7, 0.9):
        killed_after(archive, seconds, "dump", str(target))
        assert not target.exists() or target.read_text(encoding="utf-8") == whole
