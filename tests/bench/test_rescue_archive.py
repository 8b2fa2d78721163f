"""The archive that the rescue is measured with has the size, the shape and the faults that are claimed for it."""

from __future__ import annotations

import hashlib
from statistics import mean, median
from typing import TYPE_CHECKING

import pytest

from bench.rescue.archive import SIZES, Archive, Size
from undying.exchange.imports import Wish, bring_in

if TYPE_CHECKING:
    from pathlib import Path

SHAPE = Size(1000, 4000, 1200, 300, 12_000, 100, 440, 10_000, words=12, longest_chapter=300, most_chapters=200)


def digest(folder: Path) -> str:
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    told = (f"{path.relative_to(folder)} {hashlib.sha256(path.read_bytes()).hexdigest()}" for path in files)
    return hashlib.sha256("\n".join(told).encode()).hexdigest()


def test_the_same_seed_makes_the_same_archive_and_another_seed_another(tmp_path: Path) -> None:
    made = []
    for name, seed in (("one", 5), ("two", 5), ("three", 6)):
        Archive(tmp_path / name, SIZES["tiny"], seed).write()
        made.append(digest(tmp_path / name))
    assert made[0] == made[1] != made[2]


def test_it_has_the_numbers_and_the_heavy_tails(tmp_path: Path) -> None:
    archive = Archive(tmp_path / "archive", SHAPE, 1897)
    rows = archive.write().rows
    assert (rows["stories"], rows["chapters"], rows["reviews"]) == (1000, 4000, 12_000)
    assert (rows["authors"], rows["series"], rows["inseries"], rows["favorites"]) == (1200, 100, 440, 10_000)
    assert (median(archive.chapters_of), mean(archive.chapters_of), max(archive.chapters_of)) == (1, 4, 200)
    assert len(set(archive.owner_of)) == SHAPE.authors
    assert max(archive.reviews_of) > 100 * max(1, median(archive.reviews_of))


def test_it_has_the_faults_in_the_stated_shares(tmp_path: Path) -> None:
    facts = Archive(tmp_path / "archive", SHAPE, 1897).write()
    assert facts.missing / SHAPE.chapters == pytest.approx(0.005, rel=0.5)
    assert facts.orphans / SHAPE.chapters == pytest.approx(0.02)
    assert facts.legacy / SHAPE.chapters == pytest.approx(0.10, rel=0.2)
    assert 0.01 <= facts.orphan_reviews / SHAPE.reviews <= 0.02
    assert facts.crossposted / SHAPE.stories == pytest.approx(0.03, rel=0.5)
    assert facts.same_names / SHAPE.members == pytest.approx(0.01, rel=0.6)
    assert facts.filtered / SHAPE.chapters == pytest.approx(0.03, rel=0.3)
    assert facts.double_places > 0


@pytest.mark.parametrize("size", ["small", "mid", "large"])
def test_the_sizes_are_those_that_were_asked_for(size: str) -> None:
    wanted = {
        "small": (1000, 3500, 600, 250, 8000, 100, 450, 5000),
        "mid": (5000, 20_000, 6000, 1500, 60_000, 500, 2200, 50_000),
        "large": (30_000, 120_000, 20_000, 6000, 500_000, 3000, 14_000, 600_000),
    }[size]
    told = SIZES[size]
    assert wanted == (
        *(told.stories, told.chapters, told.members, told.authors, told.reviews, told.series),
        *(told.memberships, told.favourites),
    )
    assert told.words * told.chapters * 5.8 == pytest.approx(
        {"small": 52e6, "mid": 320e6, "large": 1.9e9}[size], rel=0.06
    )


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("home")
def test_it_comes_in_whole_and_its_faults_are_found(tmp_path: Path) -> None:
    facts = Archive(tmp_path / "archive", SIZES["tiny"], 1897).write()
    report = bring_in(Wish(paths=[tmp_path / "archive"]))
    containers = {each.container: each for each in report.containers}
    assert report.adds_up
    assert report.state == "done"
    assert 0 <= facts.rows["stories"] - report.created <= facts.missing
    for name in ("stories", "chapters", "reviews", "favorites", "authors"):
        assert containers[f"fanfiction_{name}"].total == facts.rows[name]
    files = [each for name, each in containers.items() if name.endswith("/") and name != "./"]
    assert sum(each.total for each in files) == facts.files
    assert sum(each.imported for each in files) == facts.files - facts.orphans
    missing = [text for text, grave in report.remarks if grave and "its text is missing" in text]
    assert len(missing) == facts.missing
